"""The parts of *Carte*: its bar, its map, its tables, its reading panel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.coverage import Coverage
from clsm_map.desk import Desk, answer
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import LEVEL_LABELS, Territory, split_key
from clsm_map.formats import count, number
from clsm_map.maps.carte import Legends, carte_view, legends
from clsm_map.maps.component import render_map
from clsm_map.maps.geometry import main_towns
from clsm_map.maps.legend import device_entries
from clsm_map.maps.model import Bounds, MapView, Town
from clsm_map.store.territories import bounds, find_territory
from clsm_map.ui import data, filters
from clsm_map.ui.components import pick_place
from clsm_map.ui.furniture import (
    KeyFigure,
    card,
    caution,
    key_figures,
    legend,
    sheet_link,
    source_line,
    view_title,
)
from clsm_map.ui.state import select
from clsm_map.views import captions, questions
from clsm_map.views.carte import Card, DeviceLayer, qpv_card, qpv_rows, territory_card, value_rows
from clsm_map.views.choropleth import Choropleth, choropleth, density_type, indicators_of
from clsm_map.views.quartiers import Quartiers, quartiers

PLACES = ("france", "region", "departement", "epci", "commune", "arrondissement", "qpv")


@dataclass(frozen=True, slots=True)
class Carte:
    """All that the page shows for one selection."""

    selection: Selection
    territory: Territory
    coverage: Coverage
    choropleth: Choropleth
    quartiers: Quartiers
    devices: tuple[DeviceLayer, ...]
    legends: Legends
    bounds: Bounds | None

    @property
    def notices(self) -> tuple[str, ...]:
        """What could not be shown as asked."""
        return tuple(n for n in (self.choropleth.scope.notice,) if n)


def bar(selection: Selection) -> Selection:
    """Draw the slim bar: territory, indicator, device and date, settings, filters."""
    place, indicator, device, folds = st.columns([5, 7, 9, 6], vertical_alignment="bottom")
    with place:
        selection = territory_field(selection)
    with indicator:
        selection = filters.indicator_field(selection, indicators_of(data.snapshot()))
    with device:
        selection = filters.device_controls(selection)
    with folds:
        settings, qpv = st.columns(2)
        with settings, st.popover("Réglages", width="stretch"):
            selection = filters.level_controls(selection, indicators_of(data.snapshot()))
            selection = filters.classing_controls(selection)
            selection = filters.layer_controls(selection)
        with qpv, st.popover(filters.filter_label(selection), width="stretch"):
            selection = filters.qpv_filter_controls(
                selection,
                complete=bool(data.desk().ground.completude["type"].eq(selection.type).any()),
            )
    return selection


def territory_field(selection: Selection) -> Selection:
    """Draw the search field; choosing a territory resets what was clicked."""
    level, code = split_key(selection.territoire)
    now = find_territory(data.snapshot(), code, level)
    choice = pick_place("Territoire", now.nom, PLACES, key="territoire_cherche")
    if not choice or choice == selection.territoire:
        return selection
    chosen_level, _ = split_key(choice)
    select(replace(selection, territoire=choice, choisi=choice if chosen_level == "qpv" else ""))
    return selection


def build(selection: Selection) -> Carte:
    """Compute what the page shows."""
    snapshot = data.snapshot()
    level, code = split_key(selection.territoire)
    territory = find_territory(snapshot, code, level)
    coverage = data.desk().coverage(selection.type, selection.date)
    counted = density_type(selection.indicateur) or selection.type
    coloured = choropleth(
        snapshot, data.desk().coverage(counted, selection.date), selection, territory
    )
    kept = quartiers(snapshot, coverage, territory, selection.filtre)
    national = territory.level in {"france", "region"}
    shown = tuple(
        questions.devices_on(data.desk(), kind, coverage.on, "national" if national else "local")
        for kind in ("CLSM", "ASV", "CLS")
        if kind.lower() in selection.couches
    )
    return Carte(
        selection,
        territory,
        coverage,
        coloured,
        kept,
        shown,
        legends(selection, coloured, kept),
        None if territory.level == "france" else bounds(snapshot, territory),
    )


def compose(view: Carte) -> MapView:
    """Compose the map of what the page shows."""
    return carte_view(
        data.library(),
        view.selection,
        view.choropleth,
        view.quartiers,
        view.devices,
        view.bounds,
        _towns(data.desk(), view.territory) if "villes" in view.selection.couches else (),
    )


@answer
def _towns(desk: Desk, territory: Territory) -> tuple[Town, ...]:
    return main_towns(desk.snapshot, territory)


def draw_map(view: Carte) -> Selection:
    """Draw the map; a click on a territory or a QPV selects it."""
    click = render_map(compose(view), key="carte")
    serial = st.session_state.get("carte_clic", 0)
    if click is None or click.serial == serial:
        return view.selection
    st.session_state["carte_clic"] = click.serial
    chosen = f"{click.kind}:{click.code}" if click.kind in PLACES else ""
    select(replace(view.selection, choisi=chosen))
    return view.selection


def reading_panel(view: Carte) -> None:
    """Draw the panel: title, legends, counts that agree with the map, card, sources."""
    coloured, kept = view.choropleth, view.quartiers
    when = captions.on_date(view.coverage.on, data.desk().today)
    view_title(coloured.title, f"{coloured.year_text} · couverture {when}")
    chosen = _card(view)
    if chosen is not None:
        card(chosen.title, chosen.where, chosen.rows)
        if st.button("Désélectionner", type="tertiary"):
            select(replace(view.selection, choisi=""))
    sheet_link(view.selection, view.selection.choisi if chosen else view.territory.key)
    indicator = coloured.indicator
    legend(indicator.libelle_court, view.legends.choropleth, coloured.method)
    if "qpv" in view.selection.couches:
        legend(f"Quartiers prioritaires et {view.selection.type}", view.legends.qpv)
    everywhere = view.territory.level == "france"
    seat_only = frozenset().union(*(d.seat_only for d in view.devices))
    devices = device_entries(
        {d.type: d.states for d in view.devices}, seat_only, counted=everywhere
    )
    if devices:
        legend("Sièges et périmètres", devices)
    key_figures(qpv_figures(kept), tight=True)
    cautions = [register_caution(view.coverage, data.published_total(view.selection.type))]
    caution([*cautions, *((indicator.prudence,) if indicator.prudence else ())])
    with st.expander("Sources et méthode"):
        source_line(
            captions.indicator_source(
                data.snapshot(), indicator, coloured.year, coloured.scope.level
            )
        )
        source_line(captions.qpv_source())
        source_line(captions.device_source(view.coverage))
        st.page_link("pages/methode.py", label="Toutes les règles, avec leurs formules")


def qpv_figures(kept: Quartiers) -> list[KeyFigure]:
    """Count the QPV shown and their inhabitants, and say what is not counted."""
    shown = len(kept.frame)
    filtered = f"sur {number(kept.total)} dans le territoire" if shown != kept.total else ""
    hidden = "RP 2020"
    if kept.without_population:
        hidden += f" ; non publiés pour {count(kept.without_population, 'quartier')}"
    plural = "s" if shown > 1 else ""
    return [
        KeyFigure(number(shown), f"quartier{plural} affiché{plural}", filtered),
        KeyFigure(number(kept.inhabitants), "habitants de ces quartiers", hidden),
    ]


def territories_table(view: Carte) -> None:
    """Draw the table twin of the colours: the same territories, the same values and classes."""
    indicator = view.choropleth.indicator
    shown = value_rows(view.choropleth, [e.label for e in view.legends.choropleth])
    level = LEVEL_LABELS[view.choropleth.scope.level]
    st.caption(
        f"{count(len(shown), *level)} · {view.choropleth.year_text} · mêmes lignes que la carte"
    )
    st.dataframe(
        shown,
        hide_index=True,
        height=560,
        alt=view.choropleth.title,
        column_config={
            indicator.libelle_court: st.column_config.NumberColumn(
                format="localized", help=indicator.definition
            )
        },
    )


def qpv_table(view: Carte) -> None:
    """Draw the table twin of the QPV: the same rows as on the map."""
    rows = qpv_rows(view.quartiers, view.coverage)
    st.caption(f"{count(len(rows), 'quartier')} · mêmes lignes que la carte")
    st.dataframe(rows, hide_index=True, height=560, alt="Quartiers prioritaires affichés")


def _card(view: Carte) -> Card | None:
    level, code = split_key(view.selection.choisi)
    if level == "qpv":
        return qpv_card(view.quartiers, view.coverage, code)
    if level == view.choropleth.scope.level:
        return territory_card(view.choropleth, view.quartiers, code)
    return None
