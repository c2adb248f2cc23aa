"""Controls: the territory, the device and its date, what is coloured, which QPV are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final, TypeVar, cast

import streamlit as st

from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, STATUSES, WITHOUT_ACTIVE
from clsm_map.domain.evidence import EVIDENCE
from clsm_map.domain.indicators import THEMES, Indicator
from clsm_map.domain.selection import (
    BASEMAPS,
    EVOLUTIONS,
    FIRST_DATE,
    LAYERS,
    MAP_LEVELS,
    MAX_CLASSES,
    SCHEMES,
    Basemap,
    Peers,
    QpvFilter,
    Range,
    Scheme,
    Selection,
)
from clsm_map.domain.territories import LEVEL_LABELS, Level, Territory, split_key
from clsm_map.maps.palettes import PALETTES
from clsm_map.ui import data
from clsm_map.ui import furniture as page
from clsm_map.ui.state import fresh_key, kept_value, select, studied, widget_key

V = TypeVar("V")
L = TypeVar("L", bound=Level)

SCHEME_LABELS: Mapping[Scheme, str] = {
    "quantiles": "Quantiles (effectifs égaux)",
    "naturelles": "Seuils naturels",
    "egales": "Amplitudes égales",
    "ecart-type": "Écart-type",
    "seuils": "Mes seuils",
}
LAYER_LABELS = {
    "qpv": "Quartiers prioritaires",
    "clsm": "CLSM",
    "asv": "ASV",
    "cls": "CLS",
    "villes": "Villes",
}
BASEMAP_LABELS: Mapping[Basemap, str] = {
    "aucun": "Sans fond",
    "ign": "Plan IGN",
    "osm": "OpenStreetMap",
}
HABITANTS_MAX, RATE_MAX = 40_000.0, 100.0


def indicator_choice(
    label: str,
    name: str,
    offered: Iterable[str],
    usual: str,
    known: Mapping[str, Indicator] | None = None,
    **options: Any,
) -> str:
    """Draw the choice of an indicator for the field ``name``, grouped by theme."""
    indicators, themes = known or data.snapshot().indicators, list(THEMES)
    ids = sorted(offered, key=lambda i: themes.index(indicators[i].theme))

    def label_of(i: str) -> str:
        return f"{indicators[i].libelle_court} · {THEMES[indicators[i].theme]}"

    first = usual if usual in ids else ids[0]
    return one_among(label, ids, name, first, label_of, filter_mode="contains", **options)


def studied_indicator(
    selection: Selection, offered: Iterable[str], label: str = "Indicateur"
) -> str:
    """Draw the choice of the indicator studied, at first that of the map when it is one."""
    known = selection.indicateur in data.snapshot().indicators
    usual = selection.indicateur if known else "taux_pauvrete"
    return indicator_choice(label, "etudie", offered, usual)


def indicator_field(selection: Selection, indicators: Mapping[str, Indicator]) -> Selection:
    """Draw the choice of the indicator of the map; give the selection it makes."""
    now = selection.indicateur
    said = indicators[now].definition
    chosen = indicator_choice("Indicateur", "indicateur", indicators, now, indicators, help=said)
    return replace(selection, indicateur=chosen)


def peers_choice(selection: Selection, insides: Mapping[Peers, Territory], label: str) -> Selection:
    """Draw the choice of where the peers are taken; give the selection it makes."""
    peers = one_among(label, list(insides), "pairs", "france", lambda p: insides[p].nom)
    return studied(selection, pairs=peers)


def level_controls(selection: Selection, indicators: Mapping[str, Indicator]) -> Selection:
    """Draw the choice of level and year; give the selection they make."""
    indicator = indicators[selection.indicateur]
    levels = [level for level in MAP_LEVELS if level in indicator.niveaux]
    level = st.selectbox(
        "Échelon",
        levels,
        index=levels.index(selection.niveau) if selection.niveau in levels else 0,
        format_func=level_label,
        key=f"{fresh_key('niveau')}_{indicator.id}",
        help="Les communes se colorent dès qu’une région, un département ou une "
        "intercommunalité est choisi.",
    )
    latest = indicator.derniere_annee
    years: list[int | None] = [*sorted(indicator.annees, reverse=True)] or [None]
    shown = selection.annee if selection.annee in years else latest
    year = st.selectbox(
        "Année",
        years,
        index=years.index(shown),
        format_func=indicator.when,
        key=f"{fresh_key('annee')}_{indicator.id}",
        disabled=len(years) == 1,
    )
    year = None if year == latest else year
    return replace(selection, niveau=level, annee=year)


def filter_label(selection: Selection) -> str:
    """Name the filter button, with the number of filters in force."""
    in_force = sum(getattr(selection.filtre, f.name) != f.default for f in fields(QpvFilter))
    return f"Filtres ({in_force})" if in_force else "Filtres"


def classing_controls(selection: Selection) -> Selection:
    """Draw the choice of classes and palette; give the selection they make."""
    scheme = st.selectbox(
        "Classes",
        SCHEMES,
        index=SCHEMES.index(selection.classes),
        format_func=SCHEME_LABELS.__getitem__,
        key=fresh_key("classes"),
    )
    thresholds, n = selection.seuils, selection.n
    if scheme == "seuils":
        thresholds = _thresholds_field(selection)
    else:
        n = st.slider("Nombre de classes", 2, MAX_CLASSES, value=selection.n, key=fresh_key("n"))
    palettes = ["", *PALETTES]
    palette = st.selectbox(
        "Palette",
        palettes,
        index=palettes.index(selection.palette),
        format_func=lambda p: PALETTES[p].label if p else "Celle de l’indicateur",
        key=fresh_key("palette"),
        help="Toutes se distinguent avec un déficit de vision des couleurs.",
    )
    return replace(selection, classes=scheme, n=n, seuils=thresholds, palette=palette)


def layer_controls(selection: Selection) -> Selection:
    """Draw the choice of layers and of an optional background."""
    layers = st.pills(
        "Par-dessus",
        LAYERS,
        selection_mode="multi",
        default=selection.couches,
        format_func=LAYER_LABELS.__getitem__,
        key=fresh_key("couches"),
    )
    basemap = st.segmented_control(
        "Fond de plan",
        BASEMAPS,
        default=selection.fond,
        format_func=BASEMAP_LABELS.__getitem__,
        key=fresh_key("fond"),
        required=True,
        help="Facultatif, si votre réseau le permet : la carte est complète sans lui.",
    )
    return replace(
        selection, couches=tuple(c for c in LAYERS if c in layers), fond=basemap or "aucun"
    )


def territory_field(
    selection: Selection, levels: Sequence[str], *, key: str, shown: str = "", **changed: Any
) -> None:
    """Draw the search field of the territory; choosing one starts the page again with it.

    ``shown`` names the wider territory that a page shows; ``changed`` is set by the choice too.
    """
    now = shown or data.desk().territory(selection).nom
    choice = page.pick_place("Territoire", now, levels, key=key)
    if choice and choice != selection.territoire:
        chosen = choice if split_key(choice)[0] == "qpv" else ""
        select(replace(selection, territoire=choice, choisi=chosen, **changed))


def one_of(
    label: str,
    options: Sequence[V],
    name: str,
    labels: Mapping[V, str] | None = None,
    *,
    help_: str | None = None,
    hidden: bool = False,
) -> V:
    """Draw the choice of one value of the field ``name`` of the selection, all of them in sight."""
    key = widget_key(name)
    if st.session_state.get(key) is None:  # a browser that changes page may answer without it
        st.session_state[key] = kept_value(name)
    chosen = st.segmented_control(
        label,
        options,
        format_func=labels.__getitem__ if labels else str,
        key=key,
        required=True,
        help=help_,
        label_visibility="collapsed" if hidden else "visible",
    )
    return cast("V", kept_value(name) if chosen is None else chosen)


def one_among(
    label: str,
    offered: Sequence[V],
    name: str,
    usual: V,
    label_of: Callable[[V], str],
    **options: Any,
) -> V:
    """Draw the choice of a value of the field ``name``; ``usual`` when its own is not offered."""
    key = widget_key(name)
    if st.session_state.get(key) not in offered:
        st.session_state[key] = usual
    return cast("V", st.selectbox(label, offered, format_func=label_of, key=key, **options))


def level_label(level: Level) -> str:
    """Name a level, many of it, with a capital."""
    return LEVEL_LABELS[level][1].capitalize()


def level_field(levels: Sequence[L], usual: L, label: str = "Échelon", **options: Any) -> L:
    """Draw the choice of the level that *Inégalités* compares."""
    return one_among(label, levels, "echelon", usual, level_label, **options)


def type_field(selection: Selection) -> Selection:
    """Draw the choice of device type."""
    said = " · ".join(f"{k} : {v}" for k, v in DEVICE_NAMES.items())
    return replace(selection, type=one_of("Dispositif", DEVICE_TYPES, "type", help_=said))


def device_controls(selection: Selection) -> Selection:
    """Draw the choice of device type and date; today is kept as "no date" in the link."""
    today = data.desk().today
    left, right = st.columns([5, 4], vertical_alignment="bottom")
    with left:
        selection = type_field(selection)
    day = right.date_input(
        "À la date du",
        value=selection.date or today,
        key=fresh_key("date"),
        format="DD/MM/YYYY",
        min_value=FIRST_DATE,
        help="La couverture est celle de ce jour-là, d’après les années que les pages donnent.",
    )
    return replace(selection, date=None if day == today else day)


_NOT_COVERED: Final = "non_couverts"
"""Choice of the filter of statuses that stands for all those of `WITHOUT_ACTIVE`."""


def status_choices(asked: Collection[str], *, complete: bool) -> tuple[list[str], list[str]]:
    """List what the filter of statuses offers, "non couverts" first, and what is chosen in it.

    "Sans dispositif" means nothing unless the register is declared ``complete`` somewhere.
    """
    offered = [s for s in reversed(STATUSES) if complete or s != "sans_dispositif" or s in asked]
    whole = set(asked) >= set(WITHOUT_ACTIVE.statuses)
    apart = set(WITHOUT_ACTIVE.statuses) if whole else set()
    chosen = [s for s in offered if s in asked and s not in apart]
    return [_NOT_COVERED, *offered], [*([_NOT_COVERED] if whole else []), *chosen]


def qpv_filter_controls(selection: Selection, *, complete: bool) -> Selection:
    """Draw the filters on QPV; give the selection they make (see `status_choices`)."""
    asked = selection.filtre
    offered, chosen = status_choices(asked.statuts, complete=complete)
    labels = {str(i): s.label for i, s in STATUSES.items()}
    labels |= {_NOT_COVERED: f"non couverts ({WITHOUT_ACTIVE.words(selection.type)})"}
    picked = st.multiselect(
        f"Couverture par un {selection.type}",
        offered,
        default=chosen,
        format_func=lambda s: labels[s][:1].upper() + labels[s][1:],
        key=fresh_key("statuts"),
        placeholder="Toutes",
    )
    statuses = {*picked, *(WITHOUT_ACTIVE.statuses if _NOT_COVERED in picked else ())}
    evolutions = st.multiselect(
        "Périmètre depuis 2015",
        list(EVOLUTIONS),
        default=asked.evolutions,
        format_func=lambda e: EVOLUTIONS[e].capitalize(),
        key=fresh_key("evolutions"),
        placeholder="Tous",
    )
    evidence = st.multiselect(
        "Ce qui fonde le statut",
        list(EVIDENCE),
        default=asked.preuves,
        format_func=lambda e: EVIDENCE[e].label.capitalize(),
        key=fresh_key("preuves"),
        placeholder="Toutes les pages",
    )
    kept = QpvFilter(
        statuts=tuple(s for s in STATUSES if s in statuses),
        evolutions=tuple(e for e in EVOLUTIONS if e in evolutions),
        preuves=tuple(e for e in EVIDENCE if e in evidence),
        habitants=_range_field(
            "Habitants (RP 2020)", "habitants", asked.habitants, HABITANTS_MAX, 500.0
        ),
        pauvrete=_range_field("Taux de pauvreté (%)", "pauvrete", asked.pauvrete, RATE_MAX, 1.0),
        emploi=_range_field("Taux d’emploi (%)", "emploi", asked.emploi, RATE_MAX, 1.0),
    )
    return replace(selection, filtre=kept)


def _range_field(label: str, name: str, asked: Range, top: float, step: float) -> Range:
    """Draw a two-ended slider whose ends, left alone, filter nothing out."""
    low, high = asked
    start, end = st.slider(
        label,
        0.0,
        top,
        value=(min(low or 0.0, top), top if high is None else min(high, top)),
        step=step,
        key=fresh_key(name),
        format="localized",
    )
    return (start or None, None if end >= top else end)


def _thresholds_field(selection: Selection) -> tuple[float, ...]:
    text = st.text_input(
        "Seuils, séparés par un point-virgule",
        value=" ; ".join(f"{v:g}".replace(".", ",") for v in selection.seuils),
        key=fresh_key("seuils"),
        help="Quatre au plus : « 10 ; 15 ; 20 » donne quatre classes.",
    )
    try:
        values = {float(part.replace(",", ".")) for part in text.split(";") if part.strip()}
    except ValueError:
        st.warning("Un seuil n’est pas un nombre : écrivez par exemple 10 ; 12,5 ; 20.")
        return selection.seuils
    if len(values) >= MAX_CLASSES:
        page.alert(f"{MAX_CLASSES - 1} seuils au plus, pour {MAX_CLASSES} classes.")
        return selection.seuils
    return tuple(sorted(values))
