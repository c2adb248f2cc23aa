"""*Territoire* and *Évolution*: the coverage of a territory, today and at each 1 January."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.analysis.cautions import JANUARY, cautions, history_cautions
from clsm_map.charts.coverage import coverage_bars, history_figure
from clsm_map.domain.devices import NOT_WHOLE, STATUSES
from clsm_map.domain.selection import GAP_ORDERS, MEASURES, Measure, Selection
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import NBSP, count, date_fr
from clsm_map.maps.around import with_outline
from clsm_map.maps.carte import coverage_view, status_legend
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import markdown_text
from clsm_map.maps.legend import device_entries
from clsm_map.store.snapshot import Scale
from clsm_map.ui import couverture as parts
from clsm_map.ui import data, filters
from clsm_map.ui.components import choose_from
from clsm_map.ui.figure import draw_figure
from clsm_map.ui.furniture import (
    KeyFigure,
    caution,
    key_figures,
    legend,
    notice,
    sheet_link,
    source_line,
    view_title,
)
from clsm_map.ui.state import change, fresh_key
from clsm_map.views import captions, questions
from clsm_map.views.captions import Told
from clsm_map.views.coverage import CoverageHistory, Curve, TerritoryCoverage, figure_lines
from clsm_map.views.gap_lists import territory_list

MAP: Final = "couverture_carte_territoire"
MEASURE_LABELS: Final[dict[Measure, str]] = {"habitants": "Habitants", "quartiers": "Quartiers"}
GAPS: Final = tuple(str(i) for i in STATUSES if i != "couvert")


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
        found = questions.coverage_in(
            data.desk(), where, selection.type, data.desk().day(selection)
        )
    when = captions.on_date(found.coverage.on, data.desk().today)
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
    measure = filters.one_of("Compter", MEASURES, "mesure", MEASURE_LABELS, hidden=True)
    selection = replace(selection, mesure=measure)
    summary = found.summary(selection.mesure)
    st.markdown(markdown_text(summary))
    if found.total(selection.mesure):
        coverage = found.coverage
        told = Told(
            f"{found.title}, {captions.on_date(coverage.on, data.desk().today)}",
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
        on_choice=partial(parts.choose_row, MAP),
        on_order=_sort,
    )
    kept = replace(selection, lieu="", territoire=found.territory.key)
    parts.take_away(kept, "quartiers-a-rejoindre", GAPS)
    sheet_link(selection, found.territory.key)


def _sort(order: str) -> None:
    if order in GAP_ORDERS:
        change(tri=order)


def _map(selection: Selection, found: TerritoryCoverage) -> None:
    where = found.territory
    focus = parts.focus_of(selection, MAP, where.key)
    extent = parts.extent_around(focus) if focus else data.extent(where)
    scale: Scale = "national" if where.level in {"france", "region"} else "local"
    view = coverage_view(
        data.library(),
        questions.quartiers_in(data.desk(), where, selection.type, data.desk().day(selection)),
        selection.type,
        (questions.devices_on(data.desk(), selection.type, data.desk().day(selection), scale),),
        title=found.title,
        bounds=extent,
        selected=parts.target(parts.chosen_qpv(selection)),
        tiles=selection.fond,
    )
    parts.draw_map(with_outline(view, data.snapshot(), where), focus, key=MAP, height=480)


def _reading(selection: Selection, found: TerritoryCoverage) -> None:
    coverage, where = found.coverage, found.territory
    kept = questions.quartiers_in(data.desk(), where, selection.type, coverage.on)
    parts.chosen_card(selection, where, coverage, found.gaps, key="couverture_territoire_fiche")
    legend(f"Quartiers prioritaires et {selection.type} recensés", status_legend(kept))
    devices = questions.devices_on(data.desk(), selection.type, coverage.on)
    drawn = device_entries({devices.type: devices.states}, devices.seat_only)
    legend("Sièges et périmètres dessinés", drawn)
    total = data.published_total(selection.type)
    caution(cautions(coverage, found.territory, total))
    parts.draw_sources(coverage)


YEARS_MAP: Final = "couverture_carte_evolution"
CURVES: Final[tuple[Curve, ...]] = ("dispositifs", "qpv_couverts")


def draw_years(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    place, device, when = st.columns([5, 3, 6], gap="medium", vertical_alignment="bottom")
    with place:
        where, _ = parts.wide_field(selection)
    with device:
        selection = filters.type_field(selection)
    with st.spinner("Calcul de chaque année…"):
        found = questions.history_of(data.desk(), where, selection.type)
    with when:
        selection, year = _year_field(selection, found)
    day = date_fr(dt.date(year, 1, 1))
    view_title(
        f"{selection.type} recensés et quartiers dans leur périmètre depuis "
        f"{found.years[0]} : {where.nom}",
        found.sentence(year),
    )
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _curves(found, year)
    with right:
        _year_map(selection, found, year, day)
    return selection


def _year_field(selection: Selection, found: CoverageHistory) -> tuple[Selection, int]:
    first, last = found.years
    asked = selection.janvier or last
    if asked > last:
        notice(f"Le registre ne va pas au-delà de {last} : c’est l’année affichée.")
        asked = last
    key = fresh_key("janvier")
    st.session_state.setdefault(key, asked)
    year = st.slider("Au 1er janvier", first, last, format="%d", key=key)
    return replace(selection, janvier=None if year == last else year), year


def _curves(found: CoverageHistory, year: int) -> None:
    """Draw both curves, and their table twins: what is computed, what was published."""
    curves, computed_tab, published_tab = st.tabs(["Courbes", "Calculé ici", "Publié ailleurs"])
    with curves:
        first, last = found.years
        origin = (
            f"Source : chaque {found.type} d’après une page publique citée ; les chiffres publiés, "
            "chacun d’après la sienne (onglet Publié ailleurs)."
        )
        notes = (origin, *_year_cautions(found))
        for curve in CURVES:
            st.markdown(f"**{_heading(found, curve)}**")
            title = f"{_heading(found, curve)}, {found.territory.nom}, de {first} à {last}"
            told = Told(title, found.sentence(year), notes)
            key = f"couverture_courbe_{curve}"
            draw_figure(history_figure(found, curve, year), told, key=key)
            if found.undated(curve):
                source_line(found.undated(curve))
    with computed_tab:
        st.caption(
            f"Calculé ici sur les dispositifs recensés ; quartiers de la géographie 2024. {JANUARY}"
        )
        st.dataframe(found.computed_table(), hide_index=True, height=520, alt="Calculé ici")
    with published_tab:
        _published(found)


def _heading(found: CoverageHistory, curve: Curve) -> str:
    if curve == "dispositifs":
        return f"{found.type} actifs"
    return f"Quartiers prioritaires dans le périmètre d’un {found.type} actif"


def _year_cautions(found: CoverageHistory) -> list[str]:
    published = not found.published_table().empty
    return history_cautions(found.type, found.pages, territory_published=published)


def _published(found: CoverageHistory) -> None:
    table = found.published_table()
    if table.empty:
        st.caption(f"Aucune série publiée de {found.type} pour ce territoire n’est embarquée.")
        return
    st.caption(
        "Tels que publiés, jamais mêlés au calcul : ils comptent tous les dispositifs, et avant "
        "2024 les quartiers de la géographie 2015."
    )
    st.dataframe(
        table,
        hide_index=True,
        height=520,
        alt=f"Chiffres publiés de {found.type}",
        placeholder="",
        column_config={
            "Valeur": st.column_config.NumberColumn(format="localized"),
            "Série": st.column_config.TextColumn(width=150),
            "Date": st.column_config.TextColumn(width=140),
            "Source": st.column_config.TextColumn(width=190),
            "Lien": st.column_config.LinkColumn(display_text="Lire", width=60),
        },
    )


def _year_map(selection: Selection, found: CoverageHistory, year: int, day: str) -> None:
    on = min(dt.date(year, 1, 1), data.desk().today)
    kept = questions.quartiers_in(data.desk(), found.territory, selection.type, on)
    where = found.territory
    title = f"Quartiers prioritaires et {selection.type} recensés au {day} : {where.nom}"
    view = coverage_view(
        data.library(),
        kept,
        selection.type,
        (questions.devices_on(data.desk(), selection.type, on),),
        title=title,
        bounds=data.extent(where),
        tiles=selection.fond,
    )
    view_title(f"Au {day}", f"Quartiers de la géographie 2024, {selection.type} recensés")
    view = with_outline(view, data.snapshot(), where)
    render_map(view, key=YEARS_MAP, height=460)
    legend(f"Couverture par un {selection.type} recensé", status_legend(kept))
    caution(_year_cautions(found))
    with st.expander("Sources"):
        source_line(captions.qpv_source())
        source_line(captions.device_source(data.desk().coverage(selection.type, on)))
        source_line(f"Chiffres publiés{NBSP}: chacun avec sa source, dans « Publié ailleurs ».")
