"""One map per year of an indicator, all with the same colours and the same extent."""

from __future__ import annotations

from clsm_map.domain.territories import FRANCE, OVERSEAS
from clsm_map.maps import layers
from clsm_map.maps.legend import LegendEntry, class_entries
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import Bounds, MapView, Target
from clsm_map.maps.palettes import colours_for
from clsm_map.maps.places import HEXAGONE, default_places
from clsm_map.views.inequality.trend import WITHOUT, YearMaps


def year_view(
    library: GeometryLibrary, found: YearMaps, year: int, bounds: Bounds | None
) -> MapView:
    """Compose the map of a year.

    Parameters
    ----------
    library : GeometryLibrary
        Where contours are published.
    bounds : Bounds or None
        Extent of the territory; ``None`` for mainland France.
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
    """Make the legend of all the years: their classes, and what has no value in any of them.

    Returns
    -------
    tuple of LegendEntry
        Counts are those of all the years together.
    """
    labels = found.labels
    totals = [sum(column) for column in zip(*(found.counts(y) for y in found.years), strict=True)]
    colours = colours_for("", found.indicator.sens, len(labels)) if labels else ()
    return class_entries(labels, colours, totals[: len(labels)], totals[len(labels) :])
