"""Draws the layers of a map in a frame of the page, in the same order and with the same styles."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.patches import Rectangle as Box
from matplotlib.path import Path as Outline
from matplotlib.transforms import IdentityTransform

from clsm_map.domain.devices import Mark
from clsm_map.exports.picture.frames import PIXEL, Frame
from clsm_map.exports.picture.outlines import Floats, Outlines
from clsm_map.exports.picture.paths import (
    CROSS,
    DASH,
    DOT,
    DOTS,
    SHAPES,
    STRIPES,
    ring_path,
    visible_rings,
)
from clsm_map.maps.layers import INK
from clsm_map.maps.model import HIDDEN, Geometry, Layer, MapView, Style, Target

Reader = Callable[[Geometry], Outlines]

HATCHES: Final[dict[Mark, tuple[str, str, float]]] = {
    "hachures": ("/////", "#ffffff", 1.0),
    "points": ("....", "#ffffff", 0.6),
    "croix": ("xxxx", "#ffffff", 0.7),
    "date": ("..", "#ffffff", 0.4),
    "sans_date": ("--", "#ffffff", 0.7),
    "secret": ("/////", "#9a9a98", 0.6),
    "reserve": ("\\\\\\\\", "#23262b", 0.5),
    "absent": ("...", "#b9b5ac", 0.4),
}
"""matplotlib's pattern, its colour and the width of its lines (points), by mark."""

_SIGNS: Final[dict[Mark, tuple[Outline, float]]] = {
    "hachures": (STRIPES, 0.16),
    "points": (DOTS, 0.0),
    "croix": (CROSS, 0.22),
    "sans_date": (DASH, 0.22),
    "date": (DOT, 0.0),
}
"""Sign over a spot, and the width of its lines as a share of the radius."""

_BINS: Final = 10
"""Spots are drawn from the largest to the smallest, in groups: a sign never covers a smaller one
by much."""


def shrink(zoom: float) -> float:
    """Give the share of its radius that a spot keeps at a zoom, as on the page."""
    return max(0.55, min(1.0, 0.6 + (zoom - 4.5) * 0.32))


def paint(axes: Axes, view: MapView, frame: Frame, read: Reader, ratio: float = 1.0) -> None:
    """Draw a map in a frame.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The page, in points.
    read : callable
        Gives the outlines of a geometry of the view.
    ratio : float, optional
        Share of their radius that spots keep: see `shrink`.
    """
    clip = box(frame)
    for layer in view.layers:
        outlines = read(layer.geometry)
        if outlines.form == "points":
            _paint_spots(axes, layer, outlines, frame, clip, ratio)
        else:
            _paint_areas(axes, layer, outlines, frame, clip)
    if view.selected is not None:
        _paint_selected(axes, view.layers, view.selected, frame, read)


def box(frame: Frame, **look: Any) -> Box:
    """Give the rectangle of a frame, to clip or to outline."""
    rectangle = frame.rectangle
    return Box((rectangle.left, rectangle.bottom), rectangle.width, rectangle.height, **look)


def _paint_areas(axes: Axes, layer: Layer, outlines: Outlines, frame: Frame, clip: Box) -> None:
    classes = np.array(layer.classes)[outlines.ring_features]
    seen = visible_rings(outlines, frame)
    shown: list[tuple[Style, Outline]] = []
    for rank, style in enumerate(layer.styles):
        path = ring_path(outlines, seen & (classes == rank), frame)
        if path is not None:
            shown.append((style, path))
    for style, path in shown:
        if style.casing:
            width = style.width + 2 * style.casing
            _add(axes, clip, path, edge=(1, 1, 1, 0.75), width=width)
    outlines_alike = len({(s.stroke, s.width, s.dash) for s, _ in shown}) == 1
    for style, path in shown:
        if style.fill:
            _add_fill(axes, clip, path, style, outlined=outlines_alike)
    for style, path in shown:
        if style.stroke and style.width > 0 and not (style.fill and outlines_alike):
            _add(axes, clip, path, edge=to_rgba(style.stroke), width=style.width, dash=style.dash)


def _add(
    axes: Axes,
    clip: Box,
    path: Outline,
    *,
    edge: tuple[float, ...],
    width: float,
    dash: Sequence[float] = (),
) -> None:
    patch = PathPatch(
        path,
        facecolor="none",
        edgecolor=edge,
        linewidth=width * PIXEL,
        linestyle=_line(dash),
        joinstyle="round",
    )
    _place(axes, clip, patch)


def _add_fill(axes: Axes, clip: Box, path: Outline, style: Style, *, outlined: bool) -> None:
    """Fill a path; outline it too when neighbours of other classes have the same outline."""
    opacity = style.opacity * (0.22 if style.mark == "anneau" else 1.0)
    drawn = outlined and bool(style.stroke)
    patch = PathPatch(
        path,
        facecolor=to_rgba(style.fill, opacity),
        edgecolor=style.stroke if drawn else "none",
        linewidth=style.width * PIXEL if drawn else 0,
        linestyle=_line(style.dash),
        joinstyle="round",
    )
    hatch(patch, style.mark)
    _place(axes, clip, patch)


def _line(dash: Sequence[float]) -> Any:
    return (0, [d * PIXEL for d in dash]) if dash else "-"


def hatch(patch: Any, mark: Mark) -> None:
    """Lay the pattern of a mark over a patch."""
    if mark in HATCHES:
        pattern, colour, width = HATCHES[mark]
        patch.set_hatch(pattern)
        patch.set_hatchcolor(colour)
        patch.set_hatch_linewidth(width)


def _place(axes: Axes, clip: Box, patch: Any) -> None:
    axes.add_artist(patch)
    clip.set_transform(axes.transData)
    patch.set_clip_path(clip)


def _paint_spots(
    axes: Axes, layer: Layer, outlines: Outlines, frame: Frame, clip: Box, ratio: float
) -> None:
    classes = np.array(layer.classes)
    (south, west), (north, east) = frame.degrees
    x, y = outlines.points[:, 0], outlines.points[:, 1]
    seen = (classes != HIDDEN) & (x > west) & (x < east) & (y > south) & (y < north)
    values = layer.values or (math.nan,) * len(classes)
    radii = np.array([layer.size.radius(v) for v in values]) * PIXEL * ratio
    order = np.flatnonzero(seen)
    order = order[np.argsort(-radii[order], kind="stable")]
    if not len(order):
        return
    page = frame.to_page(outlines.points[order])
    groups = np.array_split(np.arange(len(order)), min(_BINS, len(order)))
    for group in groups:
        spots(
            axes,
            [layer.styles[c] for c in classes[order[group]]],
            page[group],
            radii[order[group]],
            clip,
        )


def spots(
    axes: Axes, styles: Sequence[Style], page: Floats, radii: Floats, clip: Box | None = None
) -> None:
    """Draw spots with their marks.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The page, in points.
    styles : sequence of Style
        One by spot.
    page : ndarray of float, shape (n, 2)
        Centres, in points.
    radii : ndarray of float
        In points.
    """
    ring = np.array([s.mark == "anneau" for s in styles])
    inner = np.maximum(np.where(ring, radii - PIXEL, radii), PIXEL)
    faces = [
        to_rgba("#ffffff" if r else s.fill, s.opacity) for s, r in zip(styles, ring, strict=True)
    ]
    edges = [to_rgba(s.fill if r else s.stroke) for s, r in zip(styles, ring, strict=True)]
    widths = [
        max(2 * PIXEL, radius * 0.36) if r else s.width * PIXEL
        for s, r, radius in zip(styles, ring, radii, strict=True)
    ]
    dashes = [_line(s.dash) for s in styles]
    for shape in dict.fromkeys(s.shape for s in styles):
        of_shape = np.array([s.shape == shape for s in styles])
        _add_spots(
            axes,
            clip,
            SHAPES[shape],
            page[of_shape],
            inner[of_shape],
            facecolors=[f for f, keep in zip(faces, of_shape, strict=True) if keep],
            edgecolors=[e for e, keep in zip(edges, of_shape, strict=True) if keep],
            linewidths=[w for w, keep in zip(widths, of_shape, strict=True) if keep],
            linestyles=[d for d, keep in zip(dashes, of_shape, strict=True) if keep],
        )
    for mark, (sign, share) in _SIGNS.items():
        signed = np.array([s.mark == mark for s in styles])
        if signed.any():
            _add_spots(
                axes,
                clip,
                sign,
                page[signed],
                radii[signed],
                facecolors="none" if share else "#ffffff",
                edgecolors="#ffffff" if share else "none",
                linewidths=np.maximum(0.5, radii[signed] * share),
            )


def _add_spots(
    axes: Axes, clip: Box | None, shape: Outline, page: Floats, radii: Floats, **look: Any
) -> None:
    made = PathCollection(
        [shape], sizes=radii**2, offsets=page, offset_transform=axes.transData, **look
    )
    made.set_transform(IdentityTransform())
    axes.add_collection(made, autolim=False)
    if clip is not None:
        clip.set_transform(axes.transData)
        made.set_clip_path(clip)


def _paint_selected(
    axes: Axes, layers: Sequence[Layer], target: Target, frame: Frame, read: Reader
) -> None:
    clip = box(frame)
    for layer in layers:
        if layer.kind != target.kind or target.code not in layer.geometry.codes:
            continue
        index = layer.geometry.codes.index(target.code)
        outlines = read(layer.geometry)
        if outlines.form == "points":
            path_page = frame.to_page(outlines.points[index : index + 1])
            value = layer.values[index] if layer.values else math.nan
            radius = (layer.size.radius(value) + 2) * PIXEL
            ring = Style("", fill="#ffffff", opacity=0.0, stroke=INK, width=2.4)
            spots(axes, [ring], path_page, np.array([radius]), clip)
            return
        path = ring_path(outlines, outlines.ring_features == index, frame)
        if path is not None:
            _add(axes, clip, path, edge=(1, 1, 1, 1), width=4.8)
            _add(axes, clip, path, edge=to_rgba(INK), width=2.4)
        return
