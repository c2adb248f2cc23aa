"""Planifier : où créer ensuite, ce qu'un scénario changerait, étendre avant de créer."""

from clsm_map.ui import planifier_parts as parts
from clsm_map.ui import takeaway_kits as kits
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.planifier_et_si import what_if
from clsm_map.ui.planifier_etendre import extend_first
from clsm_map.ui.planifier_ou import where_next
from clsm_map.ui.state import current_selection, pop_notices, update_selection
from clsm_map.ui.takeaway import take_away

selection = current_selection()
page_title("Planifier", visible=False)
notices(pop_notices())
selection = parts.bar(selection)
views = (where_next, what_if, extend_first)
for tab, view in zip(parts.tabs(selection), views, strict=True):
    if tab.open:
        with tab:
            selection = view(selection)
selection = parts.opened(selection)
take_away(selection, kits.PLANIFIER)
update_selection(selection)
