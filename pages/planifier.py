"""Planifier : où créer ensuite, ce qu'un scénario changerait, étendre avant de créer."""

from clsm_map.ui import planifier
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.planifier.ou import where_next
from clsm_map.ui.planifier.scenario import extend_first, what_if
from clsm_map.ui.state import current_selection, pop_notices, update_selection
from clsm_map.ui.takeaway import PLANIFIER, take_away

selection = current_selection()
page_title("Planifier", visible=False)
notices(pop_notices())
selection = planifier.bar(selection)
views = (where_next, what_if, extend_first)
for tab, view in zip(planifier.tabs(selection), views, strict=True):
    if tab.open:
        with tab:
            selection = view(selection)
selection = planifier.opened(selection)
take_away(selection, PLANIFIER)
update_selection(selection)
