"""Fiche territoire : deux pages sur un territoire ou un dispositif, à lire et à emporter."""

from clsm_map.ui import fiche
from clsm_map.ui.furniture import notices
from clsm_map.ui.state import current_selection, pop_notices, update_selection

selection = current_selection()
notices(pop_notices())
selection = fiche.draw(selection)
update_selection(selection)
