"""Layers ready to be put in a map: ground, lines, choropleth, QPV, perimeters and seats."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from clsm_map.domain.devices import STATUSES, DeviceType, Mark, State, StatusId
from clsm_map.domain.evidence import EVIDENCE, SEAT_ONLY_WORDS, EvidenceId
from clsm_map.maps.model import (
    HIDDEN,
    CircleScale,
    Geometry,
    Layer,
    Shape,
    Style,
    classes_in_order,
    values_in_order,
)
from clsm_map.views.choropleth import HATCHED, RESERVES

LAND: Final = "#f7f5f1"
LINE: Final = "#c9c4bb"
NEAR_LINE: Final = "#e3ded4"
"""Lines of the ground around a territory: fainter than those of the territory."""
AGED_LINE: Final = "#a9cfcb"
AGED: Final[tuple[EvidenceId, ...]] = ("ancienne", "non_datee")
"""What a status may rest on that is not recent, in the order of the legend."""
COVERED: Final[tuple[StatusId, ...]] = ("couvert", "couvert_en_partie")
INK: Final = "#23262b"
MISSING: Final = Style("donnée manquante", fill="#efefef", stroke="#d5d3ce", width=0.4)
SECRET: Final = Style("secret statistique", fill="#efefef", mark="secret", stroke="#d5d3ce")
NOT_APPLICABLE: Final = Style("sans objet", fill="#ffffff", mark="absent", stroke="#d5d3ce")
DEVICE_COLOURS: Final[dict[DeviceType, str]] = {
    "CLSM": "#0b4f6c",
    "ASV": "#6b4a8e",
    "CLS": "#7a5a2b",
}
DEVICE_SHAPES: Final[dict[DeviceType, Shape]] = {
    "CLSM": "carre",
    "ASV": "triangle",
    "CLS": "losange",
}
STATE_DASHES: Final[dict[State, tuple[float, ...]]] = {
    "actif": (),
    "en projet": (6.0, 4.0),
    "inconnu": (1.5, 3.0),
    "en sommeil": (8.0, 3.0, 1.5, 3.0),
    "arrêté": (1.0, 5.0),
}


SEAT_DASH: Final = (9.0, 2.5, 2.0, 2.5)
"""Outline of the commune of a seat, drawn for a perimeter that is not known."""


def ground(departements: Geometry) -> Layer:
    """Give the land, under everything else."""
    style = Style("terre", fill=LAND, stroke=NEAR_LINE, width=0.6)
    return Layer(
        "sol",
        departements,
        (style,),
        (0,) * len(departements.codes),
        interactive=False,
        ground=True,
    )


def lines(departements: Geometry, regions: Geometry, colour: str = LINE) -> tuple[Layer, Layer]:
    """Give the lines of départements and régions, above a choropleth."""
    thin = Style("département", stroke=colour, width=0.6)
    thick = Style("région", stroke=colour, width=1.2)
    return (
        Layer("lignes", departements, (thin,), (0,) * len(departements.codes), interactive=False),
        Layer("lignes", regions, (thick,), (0,) * len(regions.codes), interactive=False),
    )


def choropleth(  # noqa: PLR0913  (a layer is what it shows)
    kind: str,
    geometry: Geometry,
    classes: Mapping[str, int],
    styles: Sequence[Style],
    *,
    values: Mapping[str, float],
    label: str,
    unit: str = "",
    decimals: int = 0,
    default: int = HIDDEN,
) -> Layer:
    """Colour territories by class.

    ``classes``: index in ``styles`` by code; the other codes take ``default``.
    ``styles``: classes of values first, then what is missing, secret or not applicable
      (`class_styles`).
    ``default``: class of the codes that are not in ``classes``.
    """
    return Layer(
        kind,
        geometry,
        tuple(styles),
        classes_in_order(geometry, classes, default),
        values=values_in_order(geometry, values),
        label=label,
        unit=unit,
        decimals=decimals,
    )


def class_styles(labels: Sequence[str], colours: Sequence[str]) -> tuple[Style, ...]:
    """Give the styles of a choropleth: its classes, then missing, secret and not applicable.

    The last three are always there, at indices ``len(labels)``, ``+ 1`` and ``+ 2``.
    """
    classes = tuple(Style(la, fill=co) for la, co in zip(labels, colours, strict=True))
    return (*classes, MISSING, SECRET, NOT_APPLICABLE)


def with_reserve(style: Style, key: str) -> Style:
    """Draw a class whose value must be read with care: a note, and a hatch where it is needed."""
    mark: Mark = "reserve" if key in HATCHED else style.mark
    return replace(style, mark=mark, note=RESERVES[key])


def status_styles(*, spots: bool) -> tuple[Style, ...]:
    """Give one style per coverage status, in the order of `STATUSES`."""
    styles = []
    for status in STATUSES.values():
        dark = status.mark in {"contour", "anneau"}
        stroke = (INK if status.mark == "contour" else status.colour) if dark else "#ffffff"
        width = (1.1 if dark else 0.8) if spots else (1.6 if status.mark != "contour" else 1.2)
        if not spots and not dark:
            stroke = status.colour
        styles.append(
            Style(
                status.label,
                fill=status.colour,
                mark=status.mark,
                stroke=stroke,
                width=width,
                opacity=0.92,
            )
        )
    return tuple(styles)


def aged(style: Style, evidence: EvidenceId) -> Style:
    """Draw a status that rests on no recent page: a lighter outline, and a sign where it is plain.

    An old page is a dot, a page without date a dash and a dashed outline.
    """
    signs: dict[EvidenceId, Mark] = {"ancienne": "date", "non_datee": "sans_date"}
    return replace(
        style,
        label=f"{style.label}, {EVIDENCE[evidence].label}",
        mark=signs[evidence] if style.mark == "plein" else style.mark,
        stroke=AGED_LINE,
        width=max(style.width, 1.2),
        dash=(2.0, 1.6) if evidence == "non_datee" else (),
    )


def hollow(style: Style) -> Style:
    """Draw the circle of an unknown number of inhabitants: its size says nothing."""
    colour = INK if style.mark == "contour" else style.fill
    return replace(
        style,
        label=f"{style.label}, habitants inconnus",
        fill="#ffffff",
        mark="plein",
        stroke=colour,
        width=1.4,
        dash=(2.0, 1.6),
        opacity=0.9,
    )


def qpv(
    geometry: Geometry,
    statuses: Mapping[str, StatusId],
    population: Mapping[str, float],
    device: str,
    size: CircleScale | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Layer:
    """Draw QPV as circles (area in proportion to inhabitants) or contours, by coverage status.

    The circle of a QPV whose inhabitants are not known is hollow.
    """
    index = {status: i for i, status in enumerate(STATUSES)}
    classes = {code: index[s] for code, s in statuses.items()}
    styles = status_styles(spots=geometry.form == "points")
    if evidence:
        variants = [(s, e) for s in COVERED for e in AGED]
        rank = {(str(s), str(e)): len(styles) + i for i, (s, e) in enumerate(variants)}
        styles = (*styles, *(aged(styles[index[s]], e) for s, e in variants))
        classes = {c: rank.get((statuses[c], evidence.get(c, "")), n) for c, n in classes.items()}
    if geometry.form == "points":
        unknown = [code for code in classes if not population.get(code, math.nan) > 0]
        classes |= {code: classes[code] + len(styles) for code in unknown}
        styles = (*styles, *(hollow(style) for style in styles)) if unknown else styles
    return Layer(
        "qpv",
        geometry,
        styles,
        classes_in_order(geometry, classes),
        values=None if geometry.valued else values_in_order(geometry, population),
        label="Habitants (RP 2020)",
        class_label=f"Couverture {device}",
        size=size or QPV_NATIONAL,
    )


QPV_NATIONAL: Final = CircleScale.reaching(9.0, 20_000, minimum=1.8)
"""Circles of a view of the whole country: 9 px for 20 000 inhabitants."""
QPV_REGIONAL: Final = CircleScale.reaching(15.0, 20_000, minimum=3.0)
"""Circles of a view of a région: 15 px for 20 000 inhabitants."""


def _drawn(states: Mapping[str, State]) -> list[State]:
    """List the states that occur, in their order."""
    occurring = set(states.values())
    return [state for state in STATE_DASHES if state in occurring]


def perimeters(
    geometry: Geometry,
    device: DeviceType,
    states: Mapping[str, State],
    seat_only: Collection[str] = (),
    *,
    tinted: bool = True,
) -> Layer:
    """Draw perimeters of devices of one type: solid when active, dashed when planned.

    Those of which only the seat is known have dashes of their own.
    """
    colour = DEVICE_COLOURS[device]
    fill = colour if tinted else ""
    styles = tuple(
        Style(
            state,
            fill=fill,
            stroke=colour,
            width=1.7,
            dash=STATE_DASHES[state],
            opacity=0.1,
            casing=1.6,
        )
        for state in _drawn(states)
    )
    index = {style.label: i for i, style in enumerate(styles)}
    classes = {code: index[s] for code, s in states.items()}
    rough = [code for code in classes if code in seat_only]
    if rough:
        plain = styles[classes[rough[0]]]
        classes |= dict.fromkeys(rough, len(styles))
        styles = (
            *styles,
            replace(plain, label=f"{plain.label}, {SEAT_ONLY_WORDS}", dash=SEAT_DASH),
        )
    return Layer(
        "perimetre",
        geometry,
        styles,
        classes_in_order(geometry, classes),
        interactive=False,
        mention=True,
    )


def seats(geometry: Geometry, device: DeviceType, states: Mapping[str, State]) -> Layer:
    """Draw seats of devices of one type: full when active, hollow otherwise."""
    colour = DEVICE_COLOURS[device]
    styles = tuple(
        Style(
            state,
            fill=colour if state == "actif" else "#ffffff",
            stroke="#ffffff" if state == "actif" else colour,
            width=1.0 if state == "actif" else 1.4,
            dash=(2.0, 1.5) if state == "en projet" else (),
            shape=DEVICE_SHAPES[device],
        )
        for state in _drawn(states)
    )
    index = {style.label: i for i, style in enumerate(styles)}
    return Layer(
        "dispositif",
        geometry,
        styles,
        classes_in_order(geometry, {code: index[s] for code, s in states.items()}),
        class_label=f"{device}, état",
        size=CircleScale(fixed=4.6),
    )
