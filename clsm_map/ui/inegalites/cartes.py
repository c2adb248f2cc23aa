"""*Évolution* and *Besoin et couverture*: a curve and a map a year, a map of nine classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.charts.distribution import trend_curves
from clsm_map.domain.devices import DEVICE_TYPES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import MapLevel, Selection
from clsm_map.domain.territories import Territory
from clsm_map.exports.picture.canvas import PictureFormat
from clsm_map.exports.picture.layout import years_picture
from clsm_map.formats import number
from clsm_map.maps.carte import bivariate_view, year_legend, year_view
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import html_text
from clsm_map.maps.legend import swatch_image
from clsm_map.maps.palettes import BIVARIATE
from clsm_map.settings import get_settings
from clsm_map.ui import data, filters, view
from clsm_map.ui import furniture as page
from clsm_map.ui.state import studied
from clsm_map.views import captions, questions
from clsm_map.views.captions import Told
from clsm_map.views.inequality import bivariate
from clsm_map.views.inequality import trend as trends
from clsm_map.views.inequality.index import NOT_OFFICIAL


def trend(selection: Selection, territory: Territory) -> Selection:
    """Draw an indicator over its years, where several exist, then one map a year."""
    offered = trends.trend_indicators(data.snapshot(), territory)
    if not offered:
        raise InvalidInputError(trends.refusal_of_trend(territory))
    field, _ = st.columns([2, 3])
    with field:
        chosen = filters.studied_indicator(selection, offered)
    found = questions.trend_in(data.desk(), chosen, territory)
    shown = [(found.indicator, found.indicator.derniere_annee)]
    told = view.told_of(found.title, found.finding, shown, level=territory.level)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(found.title)
        page.finding(found.finding)
        view.chart_and_table("evolution", lambda: trend_curves(found), found.table, told)
    with right:
        page.caution(found.cautions)
        page.source_line(
            "Seuls les indicateurs dont la définition n’a pas changé entre ces années sont offerts."
        )
        view.indicator_sources(shown, level=territory.level)
    selection = studied(selection, etudie=chosen)
    levels = trends.year_levels(data.snapshot(), found.indicator, territory)
    if not levels:
        return selection
    return _years(selection, territory, levels, (*told.notes, *found.cautions))


def _years(
    selection: Selection, territory: Territory, levels: list[MapLevel], notes: tuple[str, ...]
) -> Selection:
    """Draw the maps by year, the same classes and scale for all; their picture has the notes."""
    heading, field = st.columns([3, 1], vertical_alignment="bottom")
    with field:
        level = filters.one_among(
            "Échelon des cartes", levels, "echelon", levels[0], filters.level_label
        )
    found = questions.years_in(data.desk(), selection.etude.etudie, level, territory)
    with heading:
        page.view_title(f"{found.title} : une carte par année")
        page.finding(found.finding)
    draw = partial(_year_maps, found, territory, notes)
    view.drawn_or_listed("annees", "Cartes", draw, found.table, found.finding)
    return studied(selection, echelon=level)


def _year_maps(found: trends.YearMaps, territory: Territory, notes: tuple[str, ...]) -> None:
    # an intercommunalité is shown by itself when its communes are coloured, else what holds it
    inside = territory.level == "epci" and found.scope.level == "commune"
    extent = data.extent(territory if inside else found.scope.parent)
    if found.scope.parent.level == "france":
        extent = None
    views = [year_view(data.library(), found, year, extent) for year in found.years]
    for column, year, drawn in zip(st.columns(len(views)), found.years, views, strict=True):
        with column:
            page.view_title(found.indicator.when(year))
            render_map(drawn, key=f"annees_{year}", height=340)
    below, _ = st.columns([3, 2])
    with below:
        _year_legend(found)

    def picture(fmt: PictureFormat, notes: Sequence[str]) -> bytes:
        return years_picture(found, views, get_settings().static, fmt, notes=notes)

    view.picture_buttons(picture, Told(found.title, found.finding, notes), key="annees")


def _year_legend(found: trends.YearMaps) -> None:
    """Draw the common legend: each class, and how many territories it has each year."""
    counts = [found.counts(year) for year in found.years]
    classes = len(found.labels)
    shown = [r for r in range(len(counts[0])) if r < classes or any(c[r] for c in counts)]
    entries = [
        (swatch_image(entry), entry.label, " · ".join(number(c[rank]) for c in counts))
        for rank, entry in zip(shown, year_legend(found), strict=True)
    ]
    heading = f"Nombre de {found.nouns[1]} par classe : {' · '.join(map(str, found.years))}"
    page.legend_of("Légende commune aux cartes", heading, entries, found.note)


def need_and_coverage(selection: Selection, territory: Territory) -> Selection:
    """Draw a map of need and coverage, in nine classes."""
    snapshot = data.snapshot()
    first, second, third = st.columns([3, 2, 2], vertical_alignment="bottom")
    with second:
        levels = bivariate.map_levels(snapshot, territory)
        level = filters.level_field(levels, levels[0])
    with first:
        need = filters.one_among(
            "Besoin mesuré par",
            ["", *bivariate.need_indicators(snapshot, level)],
            "besoin",
            "",
            lambda i: snapshot.indicators[i].libelle_court if i else bivariate.INDEX_NAME,
            help="L’indice est celui de l’onglet « Indice de besoin », avec vos poids.",
        )
    with third:
        kind = filters.one_of("Couverture par un", DEVICE_TYPES, "type")
    selection = replace(studied(selection, echelon=level, besoin=need), type=kind)
    coverage = data.desk().coverage(kind, selection.date)
    index = need or questions.index_of_study(data.desk(), selection.etude, "qpv")
    found = bivariate.need_coverage(snapshot, coverage, territory, level, index)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(found.title, captions.on_date(coverage.on, data.desk().today))
        page.finding(found.finding)
        draw = partial(_need_map, found)
        view.drawn_or_listed("bivariee", "Carte", draw, found.table, found.finding)
    with right:
        _need_legend(found)
        known = register_caution(coverage, data.published_total(kind))
        page.caution([known, *_of_the_need(found)])
        shown = [(found.indicator, found.year)] if found.indicator else []
        view.indicator_sources(shown, captions.qpv_source(), captions.device_source(coverage))
    return selection


def _need_map(found: bivariate.NeedCoverage) -> None:
    chosen = st.session_state.get("bivariee_choisi", "")
    view = bivariate_view(data.library(), found, data.extent(found.territory), chosen)
    click = render_map(view, key="bivariee", height=560)
    if click is not None and click.serial != st.session_state.get("bivariee_clic", 0):
        st.session_state["bivariee_clic"] = click.serial
        st.session_state["bivariee_choisi"] = click.code
        st.rerun()
    if chosen and found.row_text(chosen):
        page.finding(found.row_text(chosen))


def _need_legend(found: bivariate.NeedCoverage) -> None:
    """Draw the nine colours as a table, need upwards and coverage to the right."""
    dark, light = "#23262b", "#ffffff"
    head = "".join(
        f'<th scope="col">{html_text(label)}</th>' for label in bivariate.COVERAGE_LABELS
    )
    rows = "".join(
        f'<tr><th scope="row">{html_text(bivariate.NEED_LABELS[i])}</th>'
        + "".join(
            f'<td style="background:{BIVARIATE[i][j]};color:{dark if max(i, j) < 2 else light}">'
            f"{found.counts[i][j]}</td>"
            for j in range(3)
        )
        + "</tr>"
        for i in (2, 1, 0)
    )
    unclassed = f"En blanc, sans classe (sans QPV, ou besoin inconnu) : {found.unclassed}."
    st.html(
        '<section class="legende bivariee" aria-label="Légende : besoin et couverture">'
        f"<h3>{html_text(found.classes_title)}</h3>"
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p>{html_text(found.edges_text)}</p><p>{html_text(unclassed)}</p></section>"
    )


def _of_the_need(found: bivariate.NeedCoverage) -> list[str]:
    if found.indicator is None:
        said = [NOT_OFFICIAL, found.unknown]
    else:
        bound = (
            "Le besoin est celui de tout le territoire, la couverture celle de ses seuls quartiers "
            "prioritaires."
        )
        said = [bound, found.indicator.prudence]
    return [sentence for sentence in said if sentence]
