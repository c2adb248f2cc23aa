"""Legends drawn in the page: entries with their counts, and the swatch of each as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from clsm_map.domain.devices import STATUSES
from clsm_map.formats import number
from clsm_map.maps.model import Mark

_INK: Final = "#23262b"
_VALUE_STATUSES: Final[tuple[tuple[str, Mark], ...]] = (
    ("Donnée manquante", "absent"),
    ("Secret statistique", "secret"),
    ("Sans objet", "contour"),
)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend.

    Attributes
    ----------
    label : str
        French label.
    colour : str
        Hexadecimal fill.
    mark : Mark
        Sign that doubles the colour.
    count : int
        Territories or QPV of this class on the map.
    round : bool
        Drawn as a circle (QPV) rather than as a patch (territories).
    """

    label: str
    colour: str
    mark: Mark
    count: int
    round: bool = False

    @property
    def count_text(self) -> str:
        """The count, the French way."""
        return number(self.count)


def class_entries(
    labels: Sequence[str],
    colours: Sequence[str],
    counts: Sequence[int],
    without_value: Sequence[int],
) -> tuple[LegendEntry, ...]:
    """Make the legend of a choropleth.

    Parameters
    ----------
    labels, colours, counts : sequences of the same length
        Classes of values, lowest first.
    without_value : sequence of 3 int
        Territories whose value is missing, secret, not applicable; a line is made only for those
        that occur.

    Returns
    -------
    tuple of LegendEntry
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
    """Make the legend of coverage; the statuses that nothing has are left out.

    Parameters
    ----------
    counts : mapping of str to int
        QPV drawn, by status id.

    Returns
    -------
    tuple of LegendEntry
    """
    return tuple(
        LegendEntry(s.label.capitalize(), s.colour, _mark(s.mark), int(counts[i]), round=True)
        for i, s in STATUSES.items()
        if counts.get(i)
    )


def swatch_image(entry: LegendEntry) -> str:
    """Draw the swatch of an entry, colour and mark, as the address of an SVG image.

    An image, because Streamlit takes inline SVG out of the HTML it is given.
    """
    shape = (
        f'<circle cx="11" cy="7" r="6" fill="{entry.colour}" {_outline(entry)}/>'
        if entry.round
        else f'<rect x="0.5" y="0.5" width="21" height="13" rx="1.5" fill="{entry.colour}" '
        f"{_outline(entry)}/>"
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 14">'
        f"{shape}{_sign(entry.mark)}</svg>"
    )
    return f"data:image/svg+xml,{quote(svg)}"


def _outline(entry: LegendEntry) -> str:
    dark = entry.mark in {"contour", "anneau"} and entry.round
    colour = _INK if dark else "#b9b4aa"
    dash = ' stroke-dasharray="2 1.5"' if entry.mark == "contour" and not entry.round else ""
    return f'stroke="{colour}" stroke-width="{1.2 if dark else 0.6}"{dash}'


def _sign(mark: Mark) -> str:
    signs: dict[Mark, str] = {
        "hachures": '<path d="M7 10L12 4M10 12L16 5" stroke="#fff" stroke-width="1.4"/>',
        "points": '<g fill="#fff"><circle cx="9" cy="5.5" r="1.1"/>'
        '<circle cx="13" cy="5.5" r="1.1"/><circle cx="11" cy="9" r="1.1"/></g>',
        "anneau": '<circle cx="11" cy="7" r="2.6" fill="none" stroke="#fff" stroke-width="1.6"/>',
        "croix": '<path d="M8.5 4.5L13.5 9.5M13.5 4.5L8.5 9.5" stroke="#fff" stroke-width="1.5"/>',
        "secret": '<path d="M3 13L11 1M9 13L17 1M15 13L21 4" stroke="#8d8d8d" stroke-width="0.9"/>',
    }
    return signs.get(mark, "")


def _mark(name: str) -> Mark:
    marks: tuple[Mark, ...] = ("plein", "hachures", "points", "anneau", "croix", "contour")
    return next(m for m in marks if m == name)
