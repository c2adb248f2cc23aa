"""What a map shows, as values: geometries, styles, layers, a view, and the click it sends back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal

from clsm_map.domain.devices import Mark
from clsm_map.domain.errors import InvalidInputError

Bounds = tuple[tuple[float, float], tuple[float, float]]
"""((south, west), (north, east)) in degrees, WGS 84."""

Shape = Literal["rond", "carre", "losange", "triangle"]
Form = Literal["aires", "points"]

HIDDEN: Final = -1
"""Class of a feature that is not drawn."""

MAX_STYLES: Final = 36
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry file that browsers fetch once.

    ``url``: address of the content-named file, relative to the map's frame.
    ``form``: ``aires`` (polygons) or ``points``.
    ``codes``: codes of the features, in the order of the file.
    ``bounds``: extent of all of them.
    ``valued``: whether the file holds a value for each feature, which a layer then need not send.
    """

    url: str
    form: Form
    codes: tuple[str, ...]
    bounds: Bounds
    valued: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How the features of one class are drawn.

    ``label``: French name of the class, the same in the legend and in the tooltip.
    ``fill``: hexadecimal colour; empty for none.
    ``mark``: sign that doubles the colour.
    ``stroke``: colour of the outline; empty for none.
    ``width``: width of the outline, in pixels.
    ``dash``: dashes and gaps of the outline, in pixels.
    ``opacity``: opacity of the fill, 0 to 1.
    ``shape``: shape of a point.
    ``casing``: pixels of white on each side of the outline, so that it reads over any colour.
    ``note``: written after the value in the tooltip.
    """

    label: str
    fill: str = ""
    mark: Mark = "plein"
    stroke: str = "#ffffff"
    width: float = 0.5
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    shape: Shape = "rond"
    casing: float = 0.0
    note: str = ""

    def payload(self) -> dict[str, Any]:
        """Give what differs from the default, which the browser knows; the label always."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        default = {f.name: f.default for f in fields(self)}
        return {k: v for k, v in values.items() if v != default[k] or k == "label"}


@dataclass(frozen=True, slots=True)
class CircleScale:
    """Radius of a circle whose area is proportional to a value.

    ``per``: pixels per square root of a unit.
    ``minimum``: least radius, in pixels, also that of an unknown value.
    ``fixed``: when above zero, the radius of every point, whatever its value.
    """

    per: float = 0.0
    minimum: float = 2.5
    fixed: float = 0.0

    @classmethod
    def reaching(cls, radius: float, value: float, minimum: float = 2.5) -> CircleScale:
        """Make the scale that gives ``radius`` pixels to ``value``.

        >>> CircleScale.reaching(10, 10_000).radius(2_500)
        5.0
        """
        return cls(radius / math.sqrt(value), minimum)

    def radius(self, value: float) -> float:
        """Give the radius of a value, in pixels."""
        if self.fixed:
            return self.fixed
        return max(self.minimum, self.per * math.sqrt(value)) if value > 0 else self.minimum


@dataclass(frozen=True, slots=True)
class Layer:
    """Features of one geometry file, each given a class.

    ``kind``: what a feature is (``epci``, ``qpv``, ``dispositif``…): comes back in `Click`.
    ``geometry``: where the shapes are.
    ``styles``: one per class, at most 36.
    ``classes``: one per feature, in the order of ``geometry.codes``; `HIDDEN` draws nothing.
    ``values``: one per feature, for the tooltip and the size of circles; ``nan`` when unknown.
      ``None`` leaves those of the geometry file, if it holds some.
    ``label, unit, decimals``: how a value is written in the tooltip; an empty label writes none.
    ``class_label``: when set, the tooltip also writes the label of the class after it.
    ``size``: radius of points.
    ``interactive``: whether its features can be pointed at and clicked.
    ``mention``: whether the tooltip of what lies above also names its features (perimeters).
    ``ground``: whether it is the ground, left out when tiles are shown.
    """

    kind: str
    geometry: Geometry
    styles: tuple[Style, ...]
    classes: tuple[int, ...]
    values: tuple[float, ...] | None = None
    label: str = ""
    unit: str = ""
    decimals: int = 0
    class_label: str = ""
    size: CircleScale = field(default_factory=CircleScale)
    interactive: bool = True
    mention: bool = False
    ground: bool = False

    def __post_init__(self) -> None:
        if len(self.styles) > MAX_STYLES:
            raise InvalidInputError(f"Une couche ne peut avoir plus de {MAX_STYLES} classes.")
        if len(self.classes) != len(self.geometry.codes):
            raise InvalidInputError(
                "La carte ne peut pas être dessinée : une classe par contour est attendue.",
                f"{self.kind}: {len(self.classes)} classes, {len(self.geometry.codes)} features",
            )
        if any(not HIDDEN <= c < len(self.styles) for c in self.classes):
            raise InvalidInputError(
                "La carte ne peut pas être dessinée : une classe n'a pas de style.", self.kind
            )

    def payload(self) -> dict[str, Any]:
        """Give what the browser needs to draw the layer."""
        out: dict[str, Any] = {
            "kind": self.kind,
            "url": self.geometry.url,
            "classes": "".join("." if c == HIDDEN else _DIGITS[c] for c in self.classes),
            "styles": [s.payload() for s in self.styles],
            "label": self.label,
            "unit": self.unit,
            "decimals": self.decimals,
            "classLabel": self.class_label,
            "interactive": self.interactive,
            "mention": self.mention,
            "ground": self.ground,
        }
        if self.geometry.form == "points":
            out["size"] = {
                "per": self.size.per,
                "min": self.size.minimum,
                "fixed": self.size.fixed,
            }
        if self.values is not None:
            out["values"] = pack_values(self.values, self.decimals)
        return out

    def counts(self) -> tuple[int, ...]:
        """Count the features of each class, in the order of ``styles``."""
        return tuple(self.classes.count(i) for i in range(len(self.styles)))


def pack_values(values: Sequence[float], decimals: int) -> dict[str, Any]:
    """Write numbers in base 36, all of the same width, as their distance to the least of them.

    ``values``: ``nan`` when unknown.

    Gives ``from``, the least value times ten to the decimals; ``width``, characters of each number;
    ``text``, the numbers end to end, dots for what is unknown.
    """
    known = [round(v * 10**decimals) for v in values if math.isfinite(v)]
    least = min(known, default=0)
    width = len(_base_36(max(known, default=0) - least))
    text = "".join(
        _base_36(round(v * 10**decimals) - least).rjust(width, "0")
        if math.isfinite(v)
        else "." * width
        for v in values
    )
    return {"from": least, "width": width, "text": text}


def _base_36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def classes_in_order(
    geometry: Geometry, classes: Mapping[str, int], default: int = HIDDEN
) -> tuple[int, ...]:
    """Order classes given by code as the features of a geometry file."""
    return tuple(classes.get(code, default) for code in geometry.codes)


def values_in_order(geometry: Geometry, values: Mapping[str, float]) -> tuple[float, ...]:
    """Order values given by code as the features of a geometry file; ``nan`` when absent."""
    return tuple(values.get(code, math.nan) for code in geometry.codes)


@dataclass(frozen=True, slots=True)
class Town:
    """A town whose name is written on the map; rank 1 is written larger."""

    nom: str
    latitude: float
    longitude: float
    rank: int = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A place that one click in the map goes to, without running the page again."""

    nom: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Target:
    """A feature of a layer: its kind and its code."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked.

    ``kind, code``: kind of the layer and code of the feature; both empty when the click fell on
      nothing while something was selected.
    ``latitude, longitude``: where, WGS 84.
    ``serial``: different for each click: the component keeps giving its last click at every run, so
      a page compares it with the last one it has dealt with.
    """

    kind: str
    code: str
    latitude: float
    longitude: float
    serial: int


@dataclass(frozen=True, slots=True)
class MapView:
    """A whole map.

    ``title``: what, where, when: read by screen readers as the name of the map.
    ``bounds``: view fitted when it differs from the one before; otherwise the reader's own view
      stays.
    ``layers``: from the bottom to the top.
    ``towns``: most important first: a name that would overlap an earlier one is not written.
    ``places``: buttons inside the map.
    ``selected``: feature outlined.
    ``sources``: short credit written in the corner.
    ``tiles``: ``aucun``, ``ign`` or ``osm``.
    """

    title: str
    bounds: Bounds
    layers: tuple[Layer, ...]
    towns: tuple[Town, ...] = ()
    places: tuple[Place, ...] = ()
    selected: Target | None = None
    sources: str = ""
    tiles: str = "aucun"

    def payload(self) -> dict[str, Any]:
        """Give what the browser needs to draw the map, without its digest."""
        return {
            "title": self.title,
            "bounds": self.bounds,
            "layers": [layer.payload() for layer in self.layers],
            "towns": [
                {
                    "n": t.nom,
                    "lat": round(t.latitude, 4),
                    "lon": round(t.longitude, 4),
                    "rank": t.rank,
                }
                for t in self.towns
            ],
            "places": [{"n": p.nom, "bounds": p.bounds} for p in self.places],
            "selected": (
                {"kind": self.selected.kind, "id": self.selected.code} if self.selected else None
            ),
            "sources": self.sources,
            "tiles": self.tiles,
        }


def union_bounds(bounds: Sequence[Bounds]) -> Bounds:
    """Give the extent that holds several extents.

    >>> union_bounds([((1, 2), (3, 4)), ((0, 3), (2, 9))])
    ((0, 2), (3, 9))
    """
    return (
        (min(b[0][0] for b in bounds), min(b[0][1] for b in bounds)),
        (max(b[1][0] for b in bounds), max(b[1][1] for b in bounds)),
    )
