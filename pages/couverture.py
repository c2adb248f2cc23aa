"""Couverture : autour de moi, par territoire, au fil des ans, et ce que l'on sait du registre."""

from dataclasses import replace

from clsm_map.domain.selection import COVERAGE_VIEWS
from clsm_map.ui.couverture import autour, registre, territoire
from clsm_map.ui.filters import one_of
from clsm_map.ui.furniture import notices, page_title
from clsm_map.ui.state import current_selection, pop_notices, update_selection
from clsm_map.ui.takeaway import coverage_kit, take_away

LABELS = {
    "autour": "Autour de moi",
    "territoire": "Territoire",
    "evolution": "Évolution",
    "registre": "Ce que l’on sait",
}
VIEWS = {
    "autour": autour.draw,
    "territoire": territoire.draw,
    "evolution": territoire.draw_years,
    "registre": registre.draw,
}

selection = current_selection()
page_title("Couverture", visible=False)
notices(pop_notices())
view = one_of("Vue", COVERAGE_VIEWS, "vue", LABELS, hidden=True)
selection = VIEWS[view](replace(selection, vue=view))
take_away(selection, coverage_kit(selection))
update_selection(selection)
