"""Legends drawn in the page: entries with their counts, and the swatch of each as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

import pandas as pd

from clsm_map.domain.devices import STATUSES, DeviceType, Mark
from clsm_map.domain.evidence import EVIDENCE, SEAT_ONLY_WORDS, EvidenceId
from clsm_map.formats import number
from clsm_map.maps.layers import (
    AGED,
    COVERED,
    DEVICE_COLOURS,
    DEVICE_SHAPES,
    SEAT_DASH,
    STATE_DASHES,
    aged,
    status_styles,
)
from clsm_map.maps.model import Shape
from clsm_map.views.choropleth import HATCHED, RESERVES

_INK: Final = "#23262b"
_VALUE_STATUSES: Final[tuple[tuple[str, Mark], ...]] = (
    ("Donnée manquante", "absent"),
    ("Secret statistique", "secret"),
    ("Sans objet", "contour"),
)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend.

    ``label``: French label.
    ``colour``: hexadecimal fill.
    ``mark``: sign that doubles the colour.
    ``count``: territories, QPV or devices of this class on the map; ``None`` writes no count.
    ``round``: drawn as a circle (QPV) rather than as a patch (territories).
    ``seat``: drawn as the seat and the outline of the perimeter of a device.
    ``dash``: dashes of that outline.
    ``evidence``: set on a line whose QPV a status above counts already.
    """

    label: str
    colour: str
    mark: Mark
    count: int | None
    round: bool = False
    seat: Shape | None = None
    dash: tuple[float, ...] = ()
    evidence: EvidenceId | None = None

    @property
    def count_text(self) -> str:
        """The count, the French way; empty when there is none to write."""
        return "" if self.count is None else number(self.count)


def class_entries(
    labels: Sequence[str],
    colours: Sequence[str],
    counts: Sequence[int],
    without_value: Sequence[int],
) -> tuple[LegendEntry, ...]:
    """Make the legend of a choropleth.

    ``without_value``: territories whose value is missing, secret, not applicable; a line is made
      only for those that occur.
    """
    entries = [
        LegendEntry(label, colour, "plein", n)
        for label, colour, n in zip(labels, colours, counts, strict=True)
    ]
    entries += [
        LegendEntry(label, "#efefef", mark, int(n))
        for (label, mark), n in zip(_VALUE_STATUSES, without_value, strict=True)
        if n
    ]
    return tuple(entries)


def status_entries(counts: Mapping[str, int]) -> tuple[LegendEntry, ...]:
    """Make the legend of coverage; the statuses that nothing has are left out."""
    return tuple(
        LegendEntry(s.label.capitalize(), s.colour, s.mark, int(counts[i]), round=True)
        for i, s in STATUSES.items()
        if counts.get(i)
    )


def reserve_entries(found: pd.Series) -> tuple[LegendEntry, ...]:
    """Make the lines of the classes that are hatched; they are counted by class too."""
    return tuple(
        LegendEntry(f"Hachuré : {RESERVES[key]}", "#ffffff", "reserve", n)
        for key in HATCHED
        if (n := int((found == key).sum()))
    )


HOLLOW: Final = "Habitants inconnus : cercle creux"
"""Line of the circles whose size says nothing; they are counted by status too."""


def aged_entries(
    statuses: Mapping[str, str], evidence: Mapping[str, str]
) -> tuple[LegendEntry, ...]:
    """Make the lines of the QPV covered that rest on no recent page; they are counted above too."""
    counts = Counter(evidence.get(c, "") for c, status in statuses.items() if status in COVERED)
    plain = status_styles(spots=True)[0]
    return tuple(
        LegendEntry(
            f"Dont couverts d’après une {EVIDENCE[e].label}",
            plain.fill,
            aged(plain, e).mark,
            counts[e],
            round=True,
            dash=aged(plain, e).dash,
            evidence=e,
        )
        for e in AGED
        if counts[e]
    )


def hollow_entries(unknown: int) -> tuple[LegendEntry, ...]:
    """Make the line of the circles of QPV whose inhabitants are not known; none without any."""
    if not unknown:
        return ()
    return (LegendEntry(HOLLOW, "#ffffff", "contour", unknown, round=True, dash=(2.0, 1.6)),)


def device_entries(
    states: Mapping[DeviceType, Mapping[str, str]],
    seat_only: Collection[str] = (),
    *,
    counted: bool = True,
) -> tuple[LegendEntry, ...]:
    """Make the legend of devices: one line for each type and state that is drawn.

    Active devices of which only the seat is known are counted twice: a second line says so.

    Examples
    --------
    >>> [(e.label, e.count) for e in device_entries({"CLS": {"a": "actif", "b": "actif"}})]
    [('CLS actif', 2)]
    """
    return tuple(
        replace(entry, count=entry.count if counted else None)
        for device, known in states.items()
        for entry in _lines(device, known, {i for i in seat_only if known.get(i) == "actif"})
        if entry.count
    )


def _lines(
    device: DeviceType, known: Mapping[str, str], rough: Collection[str]
) -> Iterator[LegendEntry]:
    colour, seat = DEVICE_COLOURS[device], DEVICE_SHAPES[device]
    held = Counter(known.values())
    for state, dash in STATE_DASHES.items():
        label = f"{device}, état inconnu" if state == "inconnu" else f"{device} {state}"
        mark: Mark = "plein" if state == "actif" else "contour"
        yield LegendEntry(label, colour, mark, held[state], seat=seat, dash=dash)
        if state == "actif":
            only = f"Dont {SEAT_ONLY_WORDS} : la commune du siège"
            yield LegendEntry(only, colour, mark, len(rough), seat=seat, dash=SEAT_DASH)


def swatch_image(entry: LegendEntry) -> str:
    """Draw the swatch of an entry, colour and mark, as the address of an SVG image.

    An image, because Streamlit takes inline SVG out of the HTML it is given.
    """
    if entry.seat:
        return _image(_device_swatch(entry))
    shape = (
        f'<circle cx="11" cy="7" r="6" fill="{entry.colour}" {_outline(entry)}/>'
        if entry.round
        else f'<rect x="0.5" y="0.5" width="21" height="13" rx="1.5" fill="{entry.colour}" '
        f"{_outline(entry)}/>"
    )
    return _image(f"{shape}{_sign(entry.mark)}")


def _image(drawing: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 14">{drawing}</svg>'
    return "data:image/svg+xml," + quote(svg.replace('"', "'"), safe="/:,.=' ")


def _device_swatch(entry: LegendEntry) -> str:
    seats: dict[Shape, str] = {
        "carre": "M8 4h6v6H8z",
        "triangle": "M11 3l4 7.5H7z",
        "losange": "M11 2.5l4 4.5-4 4.5-4-4.5z",
        "rond": "M7.5 7a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
    }
    dashes = " ".join(f"{d * 0.6:g}" for d in entry.dash)
    fill = entry.colour if entry.mark == "plein" else "#fff"
    return (
        '<rect x="0.8" y="0.8" width="20.4" height="12.4" rx="2" fill="none" '
        f'stroke="{entry.colour}" stroke-width="1.3" stroke-dasharray="{dashes}"/>'
        f'<path d="{seats[entry.seat or "rond"]}" fill="{fill}" stroke="{entry.colour}"/>'
    )


def _outline(entry: LegendEntry) -> str:
    dark = entry.mark in {"contour", "anneau"} and entry.round
    colour = _INK if dark else "#b9b4aa"
    dashed = entry.dash or (entry.mark == "contour" and not entry.round)
    dash = ' stroke-dasharray="2 1.5"' if dashed else ""
    return f'stroke="{colour}" stroke-width="{1.2 if dark else 0.6}"{dash}'


def _sign(mark: Mark) -> str:
    signs: dict[Mark, str] = {
        "hachures": '<path d="M7 10L12 4M10 12L16 5" stroke="#fff" stroke-width="1.4"/>',
        "points": '<g fill="#fff"><circle cx="9" cy="5.5" r="1.1"/>'
        '<circle cx="13" cy="5.5" r="1.1"/><circle cx="11" cy="9" r="1.1"/></g>',
        "anneau": '<circle cx="11" cy="7" r="2.6" fill="none" stroke="#fff" stroke-width="1.6"/>',
        "croix": '<path d="M8.5 4.5L13.5 9.5M13.5 4.5L8.5 9.5" stroke="#fff" stroke-width="1.5"/>',
        "reserve": '<path d="M3 1L11 13M9 1L17 13M15 1L21 10" stroke="#23262b" '
        'stroke-width="0.9"/>',
        "date": '<circle cx="11" cy="7" r="1.6" fill="#fff"/>',
        "sans_date": '<path d="M8 7h6" stroke="#fff" stroke-width="1.6"/>',
        "secret": '<path d="M3 13L11 1M9 13L17 1M15 13L21 4" stroke="#8d8d8d" stroke-width="0.9"/>',
    }
    return signs.get(mark, "")
