"""The angle *Besoin et couverture*: a map of both, nine classes."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.domain.devices import DEVICE_TYPES
from clsm_map.domain.selection import MapLevel, Selection
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.maps.carte import bivariate_view
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import html_text
from clsm_map.maps.palettes import BIVARIATE
from clsm_map.store.territories import bounds
from clsm_map.ui import data
from clsm_map.ui.furniture import caution, view_title
from clsm_map.ui.inegalites_parts import finding, show_table, sources
from clsm_map.ui.state import widget_key
from clsm_map.views import captions, questions
from clsm_map.views.inequality.bivariate import (
    COVERAGE_LABELS,
    INDEX_NAME,
    NEED_LABELS,
    NeedCoverage,
    map_levels,
    need_coverage,
    need_indicators,
)
from clsm_map.views.inequality.index import NOT_OFFICIAL


def draw(selection: Selection) -> Selection:
    """Draw the map; give the selection that its controls make."""
    selection, level = _controls(selection)
    territory = data.desk().territory(selection)
    coverage = data.desk().coverage(selection.type, selection.date)
    study = selection.etude
    need = study.besoin or questions.index_of_study(data.desk(), study, "qpv")
    found = need_coverage(data.snapshot(), coverage, territory, level, need)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        view_title(found.title, captions.on_date(coverage.on, data.desk().today))
        finding(found.finding)
        drawn, listed = st.tabs(["Carte", "Tableau"], key="bivariee_vue", on_change="rerun")
        if listed.open:
            with listed:
                show_table(found.table(), found.finding, height=560)
        else:
            with drawn:
                _map(found)
    with right:
        _legend(found)
        announced = data.published_total(selection.type)
        caution([register_caution(coverage, announced), *_of_the_need(found)])
        shown = [(found.indicator, found.year)] if found.indicator else []
        sources(shown, captions.qpv_source(), captions.device_source(coverage))
    return selection


def _controls(selection: Selection) -> tuple[Selection, MapLevel]:
    territory, snapshot = data.desk().territory(selection), data.snapshot()
    first, second, third = st.columns([3, 2, 2], vertical_alignment="bottom")
    with second:
        levels = map_levels(snapshot, territory)
        key = widget_key("echelon")
        if st.session_state.get(key) not in levels:
            st.session_state[key] = levels[0]
        level: MapLevel = st.selectbox(
            "Échelon", levels, format_func=lambda v: LEVEL_LABELS[v][1].capitalize(), key=key
        )
    with first:
        offered = ["", *need_indicators(snapshot, level)]
        key = widget_key("besoin")
        if st.session_state.get(key) not in offered:
            st.session_state[key] = ""
        need = st.selectbox(
            "Besoin mesuré par",
            offered,
            format_func=lambda i: snapshot.indicators[i].libelle_court if i else INDEX_NAME,
            key=key,
            help="L’indice est celui de l’onglet « Indice de besoin », avec vos poids.",
        )
    with third:
        device = st.segmented_control(
            "Couverture par un", DEVICE_TYPES, key=widget_key("type"), required=True
        )
    study = replace(selection.etude, echelon=level, besoin=need)
    return replace(selection, etude=study, type=device or selection.type), level


def _map(found: NeedCoverage) -> None:
    extent = None
    if found.territory.level != "france":
        extent = bounds(data.snapshot(), found.territory)
    chosen = st.session_state.get("bivariee_choisi", "")
    click = render_map(
        bivariate_view(data.library(), found, extent, chosen), key="bivariee", height=560
    )
    if click is not None and click.serial != st.session_state.get("bivariee_clic", 0):
        st.session_state["bivariee_clic"] = click.serial
        st.session_state["bivariee_choisi"] = click.code
        st.rerun()
    if chosen and found.row_text(chosen):
        finding(found.row_text(chosen))


def _legend(found: NeedCoverage) -> None:
    """Draw the nine colours as a table, need upwards and coverage to the right."""
    head = "".join(f'<th scope="col">{html_text(label)}</th>' for label in COVERAGE_LABELS)
    rows = "".join(
        f'<tr><th scope="row">{html_text(NEED_LABELS[i])}</th>'
        + "".join(
            f'<td style="background:{BIVARIATE[i][j]};color:{_ink(i, j)}">{found.counts[i][j]}</td>'
            for j in range(3)
        )
        + "</tr>"
        for i in (2, 1, 0)
    )
    unclassed = f"En blanc, sans classe (sans QPV, ou besoin inconnu) : {found.unclassed}."
    st.html(
        '<section class="legende bivariee" aria-label="Légende : besoin et couverture">'
        f"<h3>{html_text(found.classes_title)}</h3>"
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table><p>{html_text(found.edges_text)}</p>"
        f"<p>{html_text(unclassed)}</p>"
        "</section>"
    )


def _ink(i: int, j: int) -> str:
    return "#23262b" if (i, j) in {(0, 0), (0, 1), (1, 0), (1, 1)} else "#ffffff"


def _of_the_need(found: NeedCoverage) -> list[str]:
    if found.indicator is None:
        return [NOT_OFFICIAL, found.unknown] if found.unknown else [NOT_OFFICIAL]
    said = (
        "Le besoin est celui de tout le territoire, la couverture celle de ses seuls quartiers "
        "prioritaires."
    )
    return [said, found.indicator.prudence] if found.indicator.prudence else [said]
