"""Programme : la portée publiée, un tableau détaillé pour soi, le kit étape par étape."""

from clsm_map.ui import programme
from clsm_map.ui.furniture import notices
from clsm_map.ui.state import current_selection, pop_notices, update_selection

selection = current_selection()
notices(pop_notices())
selection, kit = programme.draw(selection)
update_selection(selection, kit=kit)
