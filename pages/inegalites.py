"""Inégalités : mesurer et comparer, territoire par territoire, sans induire en erreur."""

from clsm_map.ui import inegalites
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.state import current_selection, pop_notices, update_selection
from clsm_map.ui.takeaway import INEGALITES, take_away

selection = current_selection()
page_title("Inégalités", visible=False)
notices(pop_notices())
selection = inegalites.draw(selection)
take_away(selection, INEGALITES)
update_selection(selection)
