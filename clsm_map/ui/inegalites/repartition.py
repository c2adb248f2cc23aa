"""*Classement*, *Deux indicateurs*, *À l'intérieur*: how an indicator spreads over territories."""

from __future__ import annotations

import streamlit as st

from clsm_map.analysis.comparison.values import is_count
from clsm_map.charts import distribution
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import LEVEL_LABELS, Level, Territory
from clsm_map.formats import number
from clsm_map.ui import data, filters, view
from clsm_map.ui import furniture as page
from clsm_map.ui.state import studied, widget_key
from clsm_map.views import captions, questions
from clsm_map.views.inequality import ranking as rankings
from clsm_map.views.inequality.crossing import common_levels
from clsm_map.views.inequality.profile import territory_insides
from clsm_map.views.inequality.within import within_indicators

_COLUMNS = {
    "Rang": st.column_config.NumberColumn(help="Rang 1 : la valeur la plus élevée.", width="small"),
    "Ex aequo": st.column_config.NumberColumn(
        help="Combien de territoires partagent ce rang.", width="small"
    ),
    "Territoire": st.column_config.TextColumn(pinned=True),
    "Centile": st.column_config.NumberColumn(
        format="localized",
        help="Part des territoires classés dont la valeur est plus basse, la moitié des ex aequo "
        "comprise, en %.",
    ),
}


def ranking(selection: Selection, territory: Territory) -> Selection:
    """Draw the territories of a level on one indicator, ranked and spread out."""
    indicators = data.snapshot().indicators
    offered = [i for i, d in indicators.items() if d.niveaux != ("france",)]
    first, second, third = st.columns([4, 2, 2], vertical_alignment="bottom")
    with first:
        chosen = filters.studied_indicator(selection, offered)
    with second:
        level, moved = _level_field(indicators[chosen], territory)
    selection = studied(selection, etudie=chosen, echelon=level)
    with third:
        selection, inside = _inside_field(selection, territory, level)
    page.notices(n for n in (moved,) if n)
    found = questions.ranking_of(data.desk(), chosen, level, territory, inside)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(found.title, found.year_text)
        page.finding(found.finding)
        labels = ["Classement", "Distribution", *(["Par région"] if found.has_regions else [])]
        tabs = st.tabs(labels, key=f"classement_{len(labels)}", on_change="rerun")
        for tab, part in zip(tabs, (_ranks, _distribution, _regions), strict=False):
            if tab.open:
                with tab:
                    part(found)
    with right:
        page.caution(found.cautions)
        page.source_line(found.indicator.definition)
        view.indicator_sources([(found.indicator, found.year)], level=level)
    return selection


def _level_field(indicator: Indicator, territory: Territory) -> tuple[Level, str]:
    """Draw the choice of level; give the one shown and why it is not the one asked for."""
    offered = [level for level in rankings.LEVELS_BY_PREFERENCE if level in indicator.niveaux]
    asked, moved = st.session_state.get(widget_key("echelon")), ""
    usual = offered[0]
    if asked not in offered:
        usual, moved = rankings.suitable_level(indicator, territory, str(asked or ""))
    said = "Seuls les échelons où l’indicateur est donné."
    return filters.one_among(
        "Échelon", offered, "echelon", usual, filters.level_label, help=said
    ), moved


def _inside_field(
    selection: Selection, territory: Territory, level: Level
) -> tuple[Selection, Territory]:
    """Draw the choice of where territories of a level are taken; give it with the selection."""
    insides = territory_insides(data.snapshot(), territory)
    insides = {k: t for k, t in insides.items() if k != level}
    selection = filters.peers_choice(selection, insides, "Pris dans")
    return selection, insides[selection.etude.pairs]


def _ranks(found: rankings.Ranked) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    minimum = left.number_input(
        "Au moins… habitants", min_value=0, value=0, step=1000, key="classement_habitants"
    )
    known = right.checkbox("Seulement ceux qui ont une valeur", key="classement_connus")
    rows = found.table(int(minimum), known_only=known)
    if len(rows) > rankings.MAX_ROWS:
        most = number(rankings.MAX_ROWS)
        page.source_line(
            f"Les {most} premières lignes sur {number(len(rows))} : choisissez une "
            "région ou un département pour voir toutes les autres."
        )
    else:
        level = LEVEL_LABELS[found.level][1]
        page.source_line(f"{number(len(rows))} {level} · un clic sur un titre de colonne trie")
    page.table(rows.head(rankings.MAX_ROWS), found.finding, _COLUMNS, most=480)


def _distribution(found: rankings.Ranked) -> None:
    shown = [(found.indicator, found.year)]
    title = f"{found.title}, {found.year_text}"
    told = view.told_of(title, found.finding, shown, level=found.level)
    view.chart_and_table(
        "distribution", lambda: distribution.histogram_bars(found), found.histogram_table, told
    )


def _regions(found: rankings.Ranked) -> None:
    page.finding(found.box_finding)
    shown = [(found.indicator, found.year)]
    title = f"{found.title}, par région, {found.year_text}"
    told = view.told_of(title, found.box_finding, shown, level=found.level)
    view.chart_and_table("regions", lambda: distribution.region_boxes(found), found.box_table, told)
    page.source_line(
        "Boîte : la moitié centrale des territoires de la région, trait à la médiane ; les "
        "moustaches vont au plus à 1,5 fois la hauteur de la boîte. Chaque territoire compte pour "
        "un."
    )


def crossing(selection: Selection, territory: Territory) -> Selection:
    """Draw a cloud of dots, a correlation, and what it does not say."""
    indicators = data.snapshot().indicators
    rates = [i for i, d in indicators.items() if not is_count(d) and d.niveaux != ("france",)]
    first, second, third, fourth = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    with first:
        x = filters.studied_indicator(selection, rates, "En abscisse")
    with second:
        usual = "taux_pauvrete" if x != "taux_pauvrete" else "revenu_imposable_par_habitant"
        y = filters.indicator_choice("En ordonnée", "croise", [i for i in rates if i != x], usual)
    levels = common_levels(indicators[x], indicators[y])
    with third:
        often: Level = "departement" if "departement" in levels else levels[0]
        own = territory.level if territory.level in levels else often
        level = filters.level_field(levels, own)
    selection = studied(selection, etudie=x, croise=y, echelon=level)
    with fourth:
        selection, inside = _inside_field(selection, territory, level)
    found = questions.crossing_of(data.desk(), x, y, level, territory, inside)
    shown = list(zip((found.x, found.y), found.years, strict=True))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(found.title)
        page.finding(found.finding)
        told = view.told_of(found.title, found.finding, shown, level=level)
        view.chart_and_table(
            "croisement", lambda: distribution.crossing_dots(found), found.table, told
        )
    with right:
        page.caution(found.cautions)
        page.source_line(
            "r va de −1 à 1 ; 0 : aucun lien linéaire. Chaque territoire compte pour un ; le rang "
            "(Spearman) ne dépend pas des valeurs extrêmes."
        )
        view.indicator_sources(shown, level=level)
    return selection


def within(selection: Selection, territory: Territory) -> Selection:
    """Draw how far the communes of a territory differ, and its QPV."""
    field, _ = st.columns([2, 3])
    with field:
        chosen = filters.studied_indicator(selection, within_indicators(data.snapshot()))
    found = questions.spread_in(data.desk(), territory, chosen)
    if not found.figures.n:
        raise InvalidInputError(found.finding)
    quartiles = (found.figures.q1, found.figures.mediane, found.figures.q3)
    shown = [(found.indicator, found.year)]
    left, right = st.columns([2, 1], gap="medium")
    with left:
        page.view_title(found.title)
        page.finding(found.finding)
        unit = f" ({found.indicator.unite})" if found.indicator.unite else ""
        named = f"{found.indicator.libelle_court}{unit}"
        view.chart_and_table(
            "interieur",
            lambda: distribution.inhabitants_bars(found.bins, quartiles, named),
            lambda: questions.spreads_in(data.desk(), territory),
            view.told_of(found.title, found.finding, shown, level="commune"),
        )
    with right:
        page.key_figures(found.headlines(), tight=True)
        page.caution(found.cautions)
        page.source_line("Le tableau donne la même mesure pour tous les indicateurs des communes.")
        view.indicator_sources(shown, captions.qpv_source())
    return studied(selection, etudie=chosen)
