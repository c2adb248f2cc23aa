"""Couverture : autour de moi, par territoire, au fil des ans, et ce que l'on sait du registre."""

from clsm_map.ui import couverture
from clsm_map.ui import takeaway_kits as kits
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.state import current_selection, pop_notices, update_selection
from clsm_map.ui.takeaway import take_away

selection = current_selection()
page_title("Couverture", visible=False)
notices(pop_notices())
selection = couverture.switch(selection)
selection = couverture.draw(selection)
take_away(selection, kits.coverage(selection))
update_selection(selection)
