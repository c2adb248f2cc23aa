"""The map of need and coverage: nine colours, and one for what has no class."""

from __future__ import annotations

from dataclasses import replace

from clsm_map.domain.territories import FRANCE, OVERSEAS
from clsm_map.maps import layers
from clsm_map.maps.library import GeometryLibrary
from clsm_map.maps.model import Bounds, MapView, Style, Target
from clsm_map.maps.palettes import BIVARIATE
from clsm_map.maps.places import HEXAGONE, default_places
from clsm_map.views.inequality.bivariate import COVERAGE_LABELS, NEED_LABELS, NeedCoverage


def bivariate_view(
    library: GeometryLibrary, found: NeedCoverage, bounds: Bounds | None, selected: str = ""
) -> MapView:
    """Compose the map of need and coverage.

    Parameters
    ----------
    library : GeometryLibrary
        Where contours are published.
    bounds : Bounds or None
        Extent of the territory; ``None`` for mainland France.
    selected : str, optional
        Code outlined.
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
