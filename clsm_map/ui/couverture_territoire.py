"""*Territoire*: the coverage of France, a région, a département or an intercommunalité."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from clsm_map.analysis.cautions import cautions
from clsm_map.charts.coverage_bars import coverage_bars
from clsm_map.domain.devices import NOT_WHOLE, STATUSES
from clsm_map.domain.selection import Selection
from clsm_map.domain.terms import GAP_ORDERS, MEASURES, Measure
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS
from clsm_map.formats import count
from clsm_map.maps.around import with_outline
from clsm_map.maps.carte import coverage_view, status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import markdown_text
from clsm_map.maps.legend import device_entries
from clsm_map.store.snapshot import Scale
from clsm_map.store.territories import bounds
from clsm_map.ui import couverture_parts as parts
from clsm_map.ui import data, filters
from clsm_map.ui.fiche_link import sheet_link
from clsm_map.ui.figure import draw_figure
from clsm_map.ui.furniture import (
    KeyFigure,
    caution,
    key_figures,
    legend,
    notice,
    source_line,
    view_title,
)
from clsm_map.ui.listing import choose_from
from clsm_map.ui.state import change, widget_key
from clsm_map.views import captions, questions
from clsm_map.views.cards import qpv_card
from clsm_map.views.gap_lists import card_lines, territory_list
from clsm_map.views.territory_coverage import TerritoryCoverage, figure_lines, wide_enough
from clsm_map.views.told import Told

MAP: Final = "couverture_carte_territoire"
MEASURE_LABELS: Final[dict[Measure, str]] = {"habitants": "Habitants", "quartiers": "Quartiers"}
GAPS: Final = tuple(str(i) for i in STATUSES if i != "couvert")
_FOCUS: Final = "couverture_cible_territoire"
_SEEN: Final = "couverture_territoire_vu"


def draw(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    asked = parts.territory_of(selection)
    where = wide_enough(data.snapshot(), asked)
    place, device = st.columns([1, 1], gap="medium", vertical_alignment="bottom")
    with place:
        selection = parts.territory_field(selection, where.nom)
    with device:
        selection = filters.device_controls(selection, data.today())
    if where != asked:
        notice(f"La couverture se lit ici à partir de l’intercommunalité : voici {where.nom}.")
    with st.spinner("Calcul de la couverture…"):
        found = questions.coverage_in(data.desk(), where, selection.type, data.day(selection.date))
    when = captions.on_date(found.coverage.on, data.today())
    view_title(found.title, f"Couverture {when}, quartiers de la géographie 2024")
    if not found.figures.qpv:
        notice(f"Aucun quartier prioritaire dans ce territoire : {where.nom}.")
        return selection
    key_figures(KeyFigure(*line) for line in figure_lines(found))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        chart, table, gaps = st.tabs(["Graphique", "Tableau", "Quartiers à rejoindre"])
        with chart:
            selection = _bars(selection, found)
        with table:
            _table(selection, found)
        with gaps:
            _list(selection, found)
    with right:
        _map(selection, found)
        _reading(selection, found)
    return selection


def _bars(selection: Selection, found: TerritoryCoverage) -> Selection:
    measure = st.segmented_control(
        "Compter",
        MEASURES,
        format_func=MEASURE_LABELS.__getitem__,
        key=widget_key("mesure"),
        required=True,
        label_visibility="collapsed",
    )
    selection = replace(selection, mesure=measure or selection.mesure)
    summary = found.summary(selection.mesure)
    st.markdown(markdown_text(summary))
    if found.total(selection.mesure):
        coverage = found.coverage
        told = Told(
            f"{found.title}, {captions.on_date(coverage.on, data.today())}",
            summary,
            (captions.qpv_source(), captions.device_source(coverage)),
        )
        draw_figure(coverage_bars(found.parts, selection.mesure), told, key="couverture_barres")
    return selection


def _table(selection: Selection, found: TerritoryCoverage) -> None:
    table = found.table(selection.mesure)
    noun = MEASURE_LABELS[selection.mesure].lower()
    parts_named = count(len(table), *LEVEL_LABELS[found.part_level])
    st.caption(f"{parts_named} · {noun} par statut · mêmes chiffres que le graphique")
    localized = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        alt=found.summary(selection.mesure),
        column_config=dict.fromkeys(table.columns[1:], localized),
    )


def _list(selection: Selection, found: TerritoryCoverage) -> None:
    table = territory_list(
        found.ordered(selection.tri),
        found.coverage,
        f"Quartiers à rejoindre : {found.territory.nom}",
    )
    shown = "" if len(table.rows) == table.total else f", les {len(table.rows)} premiers affichés"
    st.caption(
        f"{count(table.total, 'quartier')} {NOT_WHOLE.words(selection.type)}{shown} · "
        " cliquez un en-tête souligné pour trier"
    )
    choose_from(
        table,
        parts.chosen_qpv(selection),
        key="couverture_territoire_liste",
        height=520,
        order=selection.tri,
        on_choice=_choose_row,
        on_order=_sort,
    )
    kept = replace(selection, lieu="", territoire=found.territory.key)
    parts.take_away(kept, "quartiers-a-rejoindre", GAPS)
    sheet_link(selection, found.territory.key)


def _choose_row(code: str) -> None:
    st.session_state[_FOCUS] = code
    change(choisi=f"qpv:{code}")


def _sort(order: str) -> None:
    if order in GAP_ORDERS:
        change(tri=order)


def _map(selection: Selection, found: TerritoryCoverage) -> None:
    where = found.territory
    if st.session_state.get(_SEEN) != where.key or not selection.choisi:
        st.session_state[_SEEN] = where.key
        st.session_state.pop(_FOCUS, None)
    focus = st.session_state.get(_FOCUS, "")
    extent = None if where == FRANCE else bounds(data.snapshot(), where)
    if focus:
        extent = parts.extent_of(focus)
    scale: Scale = "national" if where.level in {"france", "region"} else "local"
    view = coverage_view(
        data.library(),
        questions.quartiers_in(data.desk(), where, selection.type, data.day(selection.date)),
        selection.type,
        (data.device_layer(selection.type, selection.date, scale),),
        title=found.title,
        bounds=extent,
        selected=parts.target(parts.chosen_qpv(selection)),
        tiles=selection.fond,
    )
    view = parts.gone_to(with_outline(view, data.snapshot(), where), focus)
    render_map(view, key=MAP, height=480, on_click=parts.on_map_click(MAP, parts.choose_qpv))


def _reading(selection: Selection, found: TerritoryCoverage) -> None:
    coverage, code = found.coverage, parts.chosen_qpv(selection)
    kept = questions.quartiers_in(
        data.desk(), found.territory, selection.type, data.day(selection.date)
    )
    if code:
        lines = card_lines(found.gaps, code, selection.type)
        parts.chosen_card(
            selection, qpv_card(kept, coverage, code), lines, key="couverture_territoire_fiche"
        )
    legend(f"Quartiers prioritaires et {selection.type} recensés", status_legend(kept))
    devices = data.device_layer(selection.type, selection.date)
    drawn = device_entries({devices.type: devices.states}, devices.seat_only)
    legend("Sièges et périmètres dessinés", drawn)
    total = data.published_total(selection.type)
    caution(cautions(coverage, found.territory, total))
    with st.expander("Sources"):
        source_line(captions.qpv_source())
        source_line(captions.poverty_source(data.snapshot()))
        source_line(captions.device_source(coverage))
        st.page_link("pages/methode.py", label="Toutes les règles, avec leurs formules")
