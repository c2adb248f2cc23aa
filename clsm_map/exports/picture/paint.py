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
from clsm_map.exports.picture.frames import PIXEL, Floats, Frame
from clsm_map.exports.picture.outlines import (
    CROSS,
    DASH,
    DOT,
    DOTS,
    SHAPES,
    STRIPES,
    Outlines,
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
_HOLLOW: Final = 0.22
"""Share of its opacity that the fill of a ring keeps."""


def paint(axes: Axes, view: MapView, frame: Frame, read: Reader, ratio: float = 1.0) -> None:
    """Draw a map in a frame; spots keep a share (``ratio``) of their radius."""
    clip = frame.box()
    for layer in view.layers:
        outlines = read(layer.geometry)
        if outlines.form == "points":
            _paint_spots(axes, layer, outlines, frame, clip, ratio)
        else:
            _paint_areas(axes, layer, outlines, frame, clip)
    if view.selected is not None:
        _paint_selected(axes, view.layers, view.selected, frame, read)


def _paint_areas(axes: Axes, layer: Layer, outlines: Outlines, frame: Frame, clip: Box) -> None:
    classes = np.array(layer.classes)[outlines.ring_features]
    seen = visible_rings(outlines, frame)
    paths = (ring_path(outlines, seen & (classes == r), frame) for r in range(len(layer.styles)))
    shown = [(s, p) for s, p in zip(layer.styles, paths, strict=True) if p is not None]
    for style, path in shown:
        if style.casing:
            _add(axes, clip, path, edge=(1, 1, 1, 0.75), width=style.width + 2 * style.casing)
    alike = len({(s.stroke, s.width, s.dash) for s, _ in shown}) == 1
    for style, path in shown:
        if style.fill:
            drawn = alike and bool(style.stroke)
            face = to_rgba(style.fill, style.opacity * (_HOLLOW if style.mark == "anneau" else 1))
            edge, width = (style.stroke, style.width) if drawn else ("none", 0.0)
            patch = _add(axes, clip, path, face=face, edge=edge, width=width, dash=style.dash)
            hatch(patch, style.mark)
    for style, path in shown:
        if style.stroke and style.width > 0 and not (style.fill and alike):
            _add(axes, clip, path, edge=to_rgba(style.stroke), width=style.width, dash=style.dash)


def _add(
    axes: Axes,
    clip: Box,
    path: Outline,
    *,
    edge: Any,
    width: float,
    face: Any = "none",
    dash: Sequence[float] = (),
) -> PathPatch:
    patch = PathPatch(
        path,
        facecolor=face,
        edgecolor=edge,
        linewidth=width * PIXEL,
        linestyle=line_style(dash),
        joinstyle="round",
    )
    axes.add_artist(patch)
    clip.set_transform(axes.transData)
    patch.set_clip_path(clip)
    return patch


def line_style(dash: Sequence[float]) -> Any:
    """Give dashes in matplotlib's words."""
    return (0, [d * PIXEL for d in dash]) if dash else "-"


def hatch(patch: Any, mark: Mark) -> None:
    """Lay the pattern of a mark over a patch."""
    if mark in HATCHES:
        pattern, colour, width = HATCHES[mark]
        patch.set_hatch(pattern)
        patch.set_hatchcolor(colour)
        patch.set_hatch_linewidth(width)


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
    for group in np.array_split(order, min(_BINS, len(order))):
        styles = [layer.styles[c] for c in classes[group]]
        spots(axes, styles, frame.to_page(outlines.points[group]), radii[group], clip)


def spots(
    axes: Axes, styles: Sequence[Style], page: Floats, radii: Floats, clip: Box | None = None
) -> None:
    """Draw spots with their marks: a style, a centre and a radius (points) each."""
    looks = [_look(style, radius) for style, radius in zip(styles, radii, strict=True)]
    for shape in dict.fromkeys(s.shape for s in styles):
        which = [i for i, style in enumerate(styles) if style.shape == shape]
        columns = zip(*(looks[i] for i in which), strict=True)
        inner, *look = (list(column) for column in columns)
        names = ("facecolors", "edgecolors", "linewidths", "linestyles")
        given = dict(zip(names, look, strict=True))
        _add_spots(axes, clip, SHAPES[shape], page[which], np.array(inner), **given)
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


def _look(style: Style, radius: float) -> tuple[float, Any, Any, float, Any]:
    """Give the radius, the colours and the outline of a spot; a ring is hollow."""
    dash = line_style(style.dash)
    if style.mark == "anneau":
        face, edge = to_rgba("#ffffff", style.opacity), to_rgba(style.fill)
        return max(radius - PIXEL, PIXEL), face, edge, max(2 * PIXEL, radius * 0.36), dash
    face, edge = to_rgba(style.fill, style.opacity), to_rgba(style.stroke)
    return max(radius, PIXEL), face, edge, style.width * PIXEL, dash


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
    clip = frame.box()
    for layer in layers:
        if layer.kind != target.kind or target.code not in layer.geometry.codes:
            continue
        index = layer.geometry.codes.index(target.code)
        outlines = read(layer.geometry)
        if outlines.form == "points":
            value = layer.values[index] if layer.values else math.nan
            radius = (layer.size.radius(value) + 2) * PIXEL
            ring = Style("", fill="#ffffff", opacity=0.0, stroke=INK, width=2.4)
            middle = frame.to_page(outlines.points[index : index + 1])
            spots(axes, [ring], middle, np.array([radius]), clip)
            return
        path = ring_path(outlines, outlines.ring_features == index, frame)
        if path is not None:
            _add(axes, clip, path, edge=(1, 1, 1, 1), width=4.8)
            _add(axes, clip, path, edge=to_rgba(INK), width=2.4)
        return
