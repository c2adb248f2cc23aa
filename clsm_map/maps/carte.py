"""From the views of *Carte* to the map: layers in order, legends, bounds and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clsm_map.domain.devices import STATUSES, DeviceType, State
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE, OVERSEAS, Territory, split_key
from clsm_map.maps import layers
from clsm_map.maps.geometry import HEXAGONE, default_places
from clsm_map.maps.legend import (
    LegendEntry,
    aged_entries,
    class_entries,
    hollow_entries,
    reserve_entries,
    status_entries,
)
from clsm_map.maps.library import QPV_DETAIL_LEVELS, GeometryLibrary
from clsm_map.maps.model import Bounds, Layer, MapView, Style, Target, Town
from clsm_map.maps.palettes import BIVARIATE, colours_for
from clsm_map.views.choropleth import Choropleth
from clsm_map.views.devices import DeviceLayer
from clsm_map.views.inequality.bivariate import COVERAGE_LABELS, NEED_LABELS, NeedCoverage
from clsm_map.views.inequality.trend import WITHOUT, YearMaps
from clsm_map.views.quartiers import Quartiers

_VALUE_STATUS_CLASSES = {"manquant": 0, "secret": 1, "sans_objet": 2}


@dataclass(frozen=True, slots=True)
class Legends:
    """Legends of a map, with the counts that the table has too."""

    choropleth: tuple[LegendEntry, ...]
    qpv: tuple[LegendEntry, ...]


def carte_view(
    library: GeometryLibrary,
    selection: Selection,
    choropleth: Choropleth,
    quartiers: Quartiers,
    devices: Sequence[DeviceLayer],
    bounds: Bounds | None,
    towns: Sequence[Town] = (),
) -> MapView:
    """Compose the map.

    ``bounds``: extent of the territory; ``None`` for mainland France.
    """
    land = library.territories("departement", FRANCE)
    drawn: list[Layer] = [
        layers.ground(land),
        _choropleth_layer(library, selection, choropleth),
        *_lines(library, choropleth.scope.parent),
        *(perimeter_layer(library, d, tinted=False) for d in devices if len(d.perimeters)),
    ]
    if "qpv" in selection.couches:
        drawn += _qpv_layers(library, quartiers, selection.type)
    drawn += [_seats(library, d) for d in devices if len(d.seats)]
    level, code = split_key(selection.choisi)
    return MapView(
        title=choropleth.title,
        bounds=bounds or HEXAGONE,
        layers=tuple(drawn),
        towns=tuple(towns),
        places=default_places(OVERSEAS) if quartiers.territory.level == "france" else (),
        selected=Target(level, code) if code else None,
        sources="Insee, IGN, ANCT",
        tiles=selection.fond,
    )


def coverage_view(
    library: GeometryLibrary,
    quartiers: Quartiers,
    kind: DeviceType,
    devices: Sequence[DeviceLayer],
    *,
    title: str,
    bounds: Bounds | None = None,
    selected: Target | None = None,
    tiles: str = "aucun",
) -> MapView:
    """Compose a map of coverage alone: the QPV by status and the perimeters, no colour below.

    ``bounds``: ``None`` for mainland France.
    """
    land = library.territories("departement", FRANCE)
    drawn: list[Layer] = [
        layers.ground(land),
        *layers.lines(land, library.territories("region", FRANCE)),
        *(perimeter_layer(library, d, tinted=True) for d in devices if len(d.perimeters)),
        *_qpv_layers(library, quartiers, kind),
        *(_seats(library, d) for d in devices if len(d.seats)),
    ]
    return MapView(
        title=title,
        bounds=bounds or HEXAGONE,
        layers=tuple(drawn),
        places=default_places(OVERSEAS) if bounds is None else (),
        selected=selected,
        sources="Insee, IGN, ANCT",
        tiles=tiles,
    )


def legends(selection: Selection, choropleth: Choropleth, quartiers: Quartiers) -> Legends:
    """Make the legends, each entry with its count."""
    statuses = [choropleth.frame["statut"].eq(s).sum() for s in _VALUE_STATUS_CLASSES]
    counts = choropleth.frame.loc[choropleth.frame["classe"] >= 0, "classe"].value_counts()
    labels, colours = class_look(selection, choropleth)
    return Legends(
        (
            *class_entries(
                labels, colours, [int(counts.get(i, 0)) for i in range(len(labels))], statuses
            ),
            *reserve_entries(choropleth.frame["reserve"]),
        ),
        status_legend(quartiers),
    )


def status_legend(quartiers: Quartiers) -> tuple[LegendEntry, ...]:
    """Make the legend of coverage statuses, each with the number of QPV drawn.

    Where QPV are circles, those whose inhabitants are not known are counted again at the end.
    """
    table = quartiers.by_status()
    circles = quartiers.territory.level not in QPV_DETAIL_LEVELS
    frame = quartiers.frame
    return (
        *status_entries(dict(zip(table["statut"], table["qpv"], strict=True))),
        *aged_entries(
            dict(zip(frame["code"], frame["statut"], strict=True)),
            dict(zip(frame["code"], frame["preuve"], strict=True)),
        ),
        *hollow_entries(quartiers.without_population if circles else 0),
    )


def class_look(selection: Selection, choropleth: Choropleth) -> tuple[list[str], list[str]]:
    """Give the labels and the colours of the classes, lowest first; empty when no value."""
    if choropleth.classes is None:
        return [], []
    labels, sens = choropleth.class_labels, choropleth.indicator.sens
    return list(labels), list(
        colours_for(selection.palette, sens, len(labels), choropleth.classes.below)
    )


def _lines(library: GeometryLibrary, parent: Territory) -> tuple[Layer, ...]:
    """Draw the lines of départements and régions; below France only those of the parent.

    The lines of the country are simplified: near, they would not follow the territories coloured.
    """
    departements = library.territories("departement", parent)
    regions = library.territories("region", parent)
    return layers.lines(departements, regions)


def _choropleth_layer(
    library: GeometryLibrary, selection: Selection, choropleth: Choropleth
) -> Layer:
    labels, colours = class_look(selection, choropleth)
    frame = choropleth.frame
    special = frame["statut"].map(_VALUE_STATUS_CLASSES).fillna(0) + len(labels)
    position = frame["classe"].where(frame["classe"] >= 0, special).astype(int)
    styles = list(layers.class_styles(labels, colours))
    kept = frame.loc[frame["reserve"].ne("") & frame["classe"].ge(0), ["classe", "reserve"]]
    for (rank, key), rows in kept.groupby(["classe", "reserve"]):
        position.loc[rows.index] = len(styles)
        styles.append(layers.with_reserve(styles[int(str(rank))], str(key)))
    return layers.choropleth(
        choropleth.scope.level,
        library.territories(choropleth.scope.level, choropleth.scope.parent),
        dict(zip(frame["code"], position, strict=True)),
        styles,
        values=dict(zip(frame["code"], frame["valeur"], strict=True)),
        label=choropleth.indicator.libelle_court,
        unit=choropleth.indicator.unite,
        decimals=choropleth.indicator.decimales,
    )


def _qpv_layers(library: GeometryLibrary, quartiers: Quartiers, device: DeviceType) -> list[Layer]:
    """Draw circles for a wide territory; contours, one layer by département, for a near one."""
    level = quartiers.territory.level
    frame = quartiers.frame
    statuses = {c: STATUSES[s].id for c, s in zip(frame["code"], frame["statut"], strict=True)}
    inhabitants = dict(zip(frame["code"], frame["habitants"], strict=True))
    geometries = library.quartiers(level, frame["departement"])
    size = layers.QPV_NATIONAL if level == "france" else layers.QPV_REGIONAL
    pages = dict(zip(frame["code"], frame["preuve"], strict=True))
    return [layers.qpv(g, statuses, inhabitants, device, size, pages) for g in geometries]


def perimeter_layer(
    library: GeometryLibrary, devices: DeviceLayer, *, tinted: bool = True
) -> Layer:
    """Draw the perimeters of the devices of a type; see `clsm_map.maps.layers.perimeters`."""
    geometry = library.devices(devices, "aires")
    return layers.perimeters(
        geometry, devices.type, _states(devices), devices.seat_only, tinted=tinted
    )


def _seats(library: GeometryLibrary, devices: DeviceLayer) -> Layer:
    geometry = library.devices(devices, "points")
    return layers.seats(geometry, devices.type, _states(devices))


def _states(devices: DeviceLayer) -> dict[str, State]:
    known: dict[str, State] = {"actif": "actif", "en projet": "en projet", "inconnu": "inconnu"}
    return {code: known[state] for code, state in devices.states.items()}


def bivariate_view(
    library: GeometryLibrary, found: NeedCoverage, bounds: Bounds | None, selected: str = ""
) -> MapView:
    """Compose the map of need and coverage.

    ``bounds``: extent of the territory; ``None`` for mainland France.
    """
    level, parent = found.scope.level, found.scope.parent
    frame = found.frame
    layer = layers.choropleth(
        level,
        library.territories(level, parent),
        {str(code): int(rank) for code, rank in found.position.items()},
        bivariate_styles(),
        values=dict(zip(frame["code"], frame["besoin"], strict=True)),
        label=found.need_name,
        unit=found.indicator.unite if found.indicator else "",
        decimals=found.indicator.decimales if found.indicator else 1,
    )
    lines = layers.lines(
        library.territories("departement", parent), library.territories("region", parent)
    )
    return MapView(
        title=found.title,
        bounds=bounds or HEXAGONE,
        layers=(
            layers.ground(library.territories("departement", FRANCE)),
            replace(layer, class_label=found.classes_title),
            *lines,
        ),
        places=default_places(OVERSEAS) if bounds is None else (),
        selected=Target(level, selected) if selected else None,
        sources="Insee, IGN, ANCT",
    )


def bivariate_styles() -> tuple[Style, ...]:
    """Give the ten styles: 3 × need + coverage, then what has no class."""
    nine = tuple(
        Style(f"{need}, {cover} couvert{'s' if cover.startswith('tous') else ''}",
              fill=BIVARIATE[i][j], stroke="#ffffff", width=0.4)
        for i, need in enumerate(NEED_LABELS)
        for j, cover in enumerate(COVERAGE_LABELS)
    )  # fmt: skip
    return (
        *nine,
        Style("sans QPV, ou besoin inconnu", fill="#ffffff", stroke="#e3ded4", width=0.4),
    )


def year_view(
    library: GeometryLibrary, found: YearMaps, year: int, bounds: Bounds | None
) -> MapView:
    """Compose the map of a year.

    ``bounds``: extent of the territory; ``None`` for mainland France.
    """
    scope, rows, labels = found.scope, found.of(year), found.labels
    apart = {status: len(labels) + rank for rank, status in enumerate(WITHOUT)}
    ranks = rows["classe"].where(rows["classe"] >= 0, rows["statut"].map(apart)).astype(int)
    indicator = found.indicator
    layer = layers.choropleth(
        scope.level,
        library.territories(scope.level, scope.parent),
        dict(zip(rows["code"], ranks, strict=True)),
        layers.class_styles(labels, colours_for("", indicator.sens, len(labels)) if labels else ()),
        values=dict(zip(rows["code"], rows["valeur"], strict=True)),
        label=f"{indicator.libelle_court}, {indicator.when(year)}",
        unit=indicator.unite,
        decimals=indicator.decimales,
    )
    own = found.territory
    return MapView(
        title=f"{indicator.libelle}, {scope.parent.nom} ({found.nouns[1]}), {indicator.when(year)}",
        bounds=bounds or HEXAGONE,
        layers=(
            layers.ground(library.territories("departement", FRANCE)),
            layer,
            *layers.lines(
                library.territories("departement", scope.parent),
                library.territories("region", scope.parent),
            ),
        ),
        places=default_places(OVERSEAS) if bounds is None else (),
        selected=Target(scope.level, own.code) if own.level == scope.level else None,
        sources="Insee, IGN, ANCT",
    )


def year_legend(found: YearMaps) -> tuple[LegendEntry, ...]:
    """Make the legend of all the years: their classes, and what has no value in any of them."""
    labels = found.labels
    totals = [sum(column) for column in zip(*(found.counts(y) for y in found.years), strict=True)]
    colours = colours_for("", found.indicator.sens, len(labels)) if labels else ()
    return class_entries(labels, colours, totals[: len(labels)], totals[len(labels) :])
