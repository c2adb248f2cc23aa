"""What the handout prints of each scene: words, legend lines, pictures by name."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from clsm_map.domain.deck import Deck
from clsm_map.exports.deck.payload import figure_svg, figure_text
from clsm_map.exports.deck.scene import PAGE_NAMES, ShownScene
from clsm_map.exports.deck.stage import Drawing
from clsm_map.exports.fonts import writable
from clsm_map.exports.offline.page import swatch_html
from clsm_map.exports.picture.frames import PIXEL, Rectangle
from clsm_map.exports.picture.page import blank_page, draw_map, drawing, written
from clsm_map.exports.plate import Block, Sample
from clsm_map.formats import NBSP, number

PICTURE: Final = (522.0, 296.0)
"""Width and height of the picture of a scene, in points."""
_GAP: Final = 8.0
_SWATCH: Final = 17.0
_LINE: Final = 6.7
_LINE_LENGTH: Final = 96
_ROOM: Final = 9
"""Height of a line of cautions (points), its letters, and the lines that a whole picture leaves."""
_ADDRESS: Final = re.compile(r'src="data:image/svg\+xml,([^"]*)"')


@dataclass(frozen=True, slots=True)
class Handout:
    """Words as plain values, and pictures (SVG) by the names that they give."""

    content: dict[str, Any]
    pictures: dict[str, str]


def handout(deck: Deck, scenes: Sequence[ShownScene], static: Path, day: str) -> Handout:
    """Gather what is printed of a presentation.

    Parameters
    ----------
    scenes : sequence of ShownScene
        Its scenes, composed.
    static : Path
        Folder where the geometries of their views were published.
    day : str
        When, in words.
    """
    pictures: dict[str, str] = {}
    pages = [_page(rank, scene, static, pictures) for rank, scene in enumerate(scenes, start=1)]
    title = writable(deck.titre) or "Présentation"
    return Handout({"titre": title, "etabli_le": day, "scenes": pages}, pictures)


def _page(rank: int, shown: ShownScene, static: Path, pictures: dict[str, str]) -> dict[str, Any]:
    images, ratio = [], 1.0
    height = PICTURE[1] - _LINE * max(0, _lines(shown.prudences) - _ROOM)
    width = (PICTURE[0] - _GAP * (len(shown.maps) - 1)) / max(1, len(shown.maps))
    for place, (label, drawn) in enumerate(shown.maps):
        name = f"{rank}.{place}"
        svg, ratio = map_svg(drawn, (width, height), static)
        pictures[name] = svg.decode()
        images.append({"nom": name, "etiquette": writable(label), "texte": map_text(drawn, label)})
    if shown.figure is not None:
        name = f"{rank}.f"
        pictures[name] = figure_svg(shown.figure, shown, (PICTURE[0], height)).decode()
        label = writable(shown.rows_shown)
        images.append({"nom": name, "etiquette": label, "texte": writable(figure_text(shown))})
    blocks = shown.maps[-1][1].blocks if shown.maps else ()
    return {
        "titre": writable(shown.titre),
        "phrase": writable(shown.phrase),
        "notes": [writable(line) for line in shown.scene.notes.splitlines() if line.strip()],
        "images": images,
        "largeur": width,
        "blocs": [_block(b, ratio, f"{rank}.{i}", pictures) for i, b in enumerate(blocks)],
        "chiffres": [
            {
                "valeur": writable(c.text),
                "libelle": writable(c.label),
                "origine": writable(c.origin),
            }
            for c in shown.chiffres
        ],
        "sources": [writable(s) for s in shown.sources],
        "prudences": [writable(p) for p in shown.prudences],
        "page": PAGE_NAMES[shown.scene.page],
    }


def _lines(sentences: Sequence[str]) -> int:
    """Count the lines that cautions take under the picture, to leave them room on the page."""
    return sum(math.ceil(len(sentence) / _LINE_LENGTH) for sentence in sentences)


def map_svg(drawn: Drawing, size: tuple[float, float], static: Path) -> tuple[bytes, float]:
    """Draw a map alone, without title nor legend.

    Parameters
    ----------
    size : tuple of float
        Points.

    Returns
    -------
    ratio : float
        That its sizes follow.
    """
    with drawing():
        figure, axes = blank_page(*size)
        area = Rectangle(0.5, 0.5, size[0] - 1, size[1] - 1)
        ratio = draw_map(axes, drawn.view, area, static)
        title = drawn.view.title
        return written(figure, "svg", title=title, description=title, dpi=72), ratio


def map_text(drawing: Drawing, label: str) -> str:
    """Say in words what a map shows: its title, then its legend with the counts."""
    parts = [
        f"{block.title}{NBSP}: "
        + ", ".join(
            s.label + ("" if s.count is None else f" ({number(s.count)})") for s in block.samples
        )
        for block in drawing.blocks
    ]
    when = f" {label}." if label else ""
    return writable(f"Carte : {drawing.view.title}.{when} {'. '.join(parts)}.")


def _block(block: Block, ratio: float, name: str, pictures: dict[str, str]) -> dict[str, Any]:
    lines = []
    for rank, sample in enumerate(block.samples):
        image = f"{name}.{rank}"
        pictures[image] = swatch_svg(sample)
        lines.append(
            {
                "image": image,
                "largeur": _width(sample, ratio),
                "libelle": writable(sample.label),
                "n": "" if sample.count is None else number(sample.count),
            }
        )
    return {"titre": writable(block.title), "note": writable(block.note), "lignes": lines}


def swatch_svg(sample: Sample) -> str:
    """Draw one line of a legend as an SVG of its own."""
    drawn = swatch_html(sample)
    found = _ADDRESS.search(drawn)
    if found:
        return unquote(found[1])
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _width(sample: Sample, ratio: float) -> float:
    if sample.to_scale:
        return max(14.0, 2 * sample.radius + 2) * PIXEL * ratio
    return _SWATCH if sample.form != "point" else _SWATCH * 0.76
