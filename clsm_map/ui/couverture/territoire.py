"""*Territoire* and *Évolution*: the coverage of a territory, today and at each 1 January."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.domain.devices import NOT_WHOLE, STATUSES
from clsm_map.domain.selection import GAP_ORDERS, MEASURES, Measure, QpvFilter, Selection
from clsm_map.formats import count, date_fr
from clsm_map.maps.carte import status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.drawing import draw as draw_map
from clsm_map.maps.escape import markdown_text
from clsm_map.ui import couverture as parts
from clsm_map.ui import data, filters
from clsm_map.ui.furniture import (
    caution,
    choose_from,
    legend,
    notice,
    sheet_link,
    source_line,
    view_title,
)
from clsm_map.ui.state import change, fresh_key
from clsm_map.ui.view import draw_chart, draw_head, draw_table
from clsm_map.views import captions, questions
from clsm_map.views.coverage import TerritoryCoverage
from clsm_map.views.gap_lists import gap_rows
from clsm_map.views.view import Map, View, view_of

MAP: Final = "couverture_carte_territoire"
MEASURE_LABELS: Final[dict[Measure, str]] = {"habitants": "Habitants", "quartiers": "Quartiers"}
GAPS: Final = tuple(str(i) for i in STATUSES if i != "couvert")


def _asked(name: str, selection: Selection) -> View:
    """Ask a View of the page, which has no filter of QPV."""
    return view_of(data.desk(), name, replace(selection, filtre=QpvFilter()))


def draw(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    place, device = st.columns([1, 1], gap="medium", vertical_alignment="bottom")
    with place:
        where, wider = parts.wide_field(selection)
    with device:
        selection = filters.device_controls(selection)
    if wider:
        notice(f"La couverture se lit ici à partir de l’intercommunalité : voici {where.nom}.")
    with st.spinner("Calcul de la couverture…"):
        view = _asked("couverture.territoire", selection)
    found: TerritoryCoverage = view.data
    draw_head(view)
    if not found.figures.qpv:
        notice(f"Aucun quartier prioritaire dans ce territoire : {where.nom}.")
        return selection
    left, right = st.columns([7, 5], gap="medium")
    with left:
        chart, table, gaps = st.tabs(["Graphique", "Tableau", "Quartiers à rejoindre"])
        with chart:
            measure = filters.one_of("Compter", MEASURES, "mesure", MEASURE_LABELS, hidden=True)
            if measure != selection.mesure:
                selection = replace(selection, mesure=measure)
                view = _asked("couverture.territoire", selection)
            st.markdown(markdown_text(found.summary(measure)))
            for drawn in view.charts:
                draw_chart(drawn, key="couverture_barres")
        with table:
            st.caption(view.tables[0].note)
            draw_table(view.tables[0])
        with gaps:
            _list(selection, found)
    with right:
        _map(selection, view)
    return selection


def _list(selection: Selection, found: TerritoryCoverage) -> None:
    title = f"Quartiers à rejoindre : {found.territory.nom}"
    table = gap_rows(found.ordered(selection.tri), selection.type, title)
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
        on_choice=partial(parts.choose_row, MAP),
        on_order=_sort,
    )
    kept = replace(selection, lieu="", territoire=found.territory.key)
    parts.take_away(kept, "quartiers-a-rejoindre", GAPS)
    sheet_link(selection, found.territory.key)


def _sort(order: str) -> None:
    if order in GAP_ORDERS:
        change(tri=order)


def _map(selection: Selection, view: View) -> None:
    """Draw the map, the card of what is chosen, the legends, the cautions and the sources."""
    found: TerritoryCoverage = view.data
    where, asked = found.territory, _titled(view, view.title)
    parts.draw_map(
        selection,
        asked,
        parts.focus_of(selection, MAP, where.key),
        key=MAP,
        height=480,
        scale="national" if where.level in {"france", "region"} else "local",
    )
    parts.chosen_card(
        selection, where, found.coverage, found.gaps, key="couverture_territoire_fiche"
    )
    parts.draw_legends(asked, f"Quartiers prioritaires et {selection.type} recensés")
    caution(view.cautions)
    parts.draw_sources(view)


def _titled(view: View, title: str) -> Map:
    assert view.map is not None
    return replace(view.map, title=title)


YEARS_MAP: Final = "couverture_carte_evolution"


def draw_years(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    place, device, when = st.columns([5, 3, 6], gap="medium", vertical_alignment="bottom")
    with place:
        where, _ = parts.wide_field(selection)
    with device:
        selection = filters.type_field(selection)
    with st.spinner("Calcul de chaque année…"):
        years = questions.history_of(data.desk(), where, selection.type).years
    with when:
        selection, year = _year_field(selection, years)
    view = _asked("couverture.evolution", selection)
    draw_head(replace(view, claims=()))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        curves, computed_tab, published_tab = st.tabs(["Courbes", "Calculé ici", "Publié ailleurs"])
        with curves:
            for curve in view.charts:
                draw_chart(curve, key=f"couverture_courbe_{curve.data[1]}")
        computed, *published = view.tables
        with computed_tab:
            st.caption(computed.note)
            draw_table(computed, height=520)
        with published_tab:
            for table in published:
                st.caption(table.note)
                draw_table(table, height=520)
            if not published:
                st.caption(
                    f"Aucune série publiée de {selection.type} pour ce territoire n’est embarquée."
                )
    with right:
        _year_map(selection, view, date_fr(dt.date(year, 1, 1)))
    return selection


def _year_field(selection: Selection, years: tuple[int, int]) -> tuple[Selection, int]:
    first, last = years
    asked = selection.janvier or last
    if asked > last:
        notice(f"Le registre ne va pas au-delà de {last} : c’est l’année affichée.")
        asked = last
    key = fresh_key("janvier")
    st.session_state.setdefault(key, asked)
    year = st.slider("Au 1er janvier", first, last, format="%d", key=key)
    return replace(selection, janvier=None if year == last else year), year


def _year_map(selection: Selection, view: View, day: str) -> None:
    kind, where = selection.type, view.data.territory
    asked = _titled(view, f"Quartiers prioritaires et {kind} recensés au {day} : {where.nom}")
    view_title(f"Au {day}", f"Quartiers de la géographie 2024, {kind} recensés")
    render_map(draw_map(data.desk(), asked, tiles=selection.fond), key=YEARS_MAP, height=460)
    kept = questions.quartiers_kept(data.desk(), asked.selection)
    legend(f"Couverture par un {kind} recensé", status_legend(kept))
    caution(view.cautions)
    with st.expander("Sources"):
        source_line(view.sources[1])
        source_line(captions.device_source(data.desk().covered(asked.selection)))
        source_line("Chiffres publiés : chacun avec sa source, dans « Publié ailleurs ».")
