"""*Autour de moi* before a place is chosen: what it will show, and a map to choose from."""

from __future__ import annotations

from typing import Final

import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.harvest import harvest_title
from clsm_map.domain.devices import DEVICE_NAMES
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.maps.carte import coverage_view, status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.legend import device_entries
from clsm_map.ui import couverture_parts as parts
from clsm_map.ui import data
from clsm_map.ui.furniture import caution, legend, source_line, view_title
from clsm_map.ui.state import change
from clsm_map.views import captions, questions
from clsm_map.views.around import DEVICE

MAP: Final = "couverture_depart"


def draw(selection: Selection) -> None:
    """Say what to do, with a map of France on which a seat or a QPV can be chosen."""
    kind = selection.type
    coverage = data.coverage(kind, selection.date)
    every = questions.quartiers_in(data.desk(), FRANCE, kind, data.day(selection.date))
    title = harvest_title(f"Quartiers prioritaires et {kind} recensés, France", coverage)
    left, right = st.columns([5, 8], gap="medium")
    with left:
        view_title(
            f"Autour de vous, quels quartiers sont hors du périmètre d’un {kind} actif recensé ?",
            f"{kind} : {DEVICE_NAMES[kind]} · {captions.on_date(coverage.on, data.today())}",
        )
        st.markdown(
            "Tapez ci-dessus votre CLSM, votre commune ou votre intercommunalité, ou cliquez un "
            "siège ou un quartier sur la carte : la liste vient aussitôt, du quartier le plus "
            "proche au plus loin."
        )
        legend("Un quartier, un cercle selon ses habitants", status_legend(every))
        layer = data.device_layer(kind, selection.date)
        legend("Sièges et périmètres", device_entries({kind: layer.states}, layer.seat_only))
        caution([register_caution(coverage, data.published_total(kind))])
        source_line(captions.qpv_source())
        source_line(captions.device_source(coverage))
    with right:
        view = coverage_view(data.library(), every, kind, (layer,), title=title)
        render_map(view, key=MAP, height=600, on_click=parts.on_map_click(MAP, _choose))


def _choose(kind: str, code: str) -> None:
    if kind in {DEVICE, "qpv"}:
        change(lieu=f"{kind}:{code}", choisi="")
