"""The handout of a presentation: a tagged PDF, one scene by page: its words, pictures, legend."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from clsm_map.desk import Desk
from clsm_map.domain.deck import Deck
from clsm_map.exports import document as d
from clsm_map.exports.deck.play import Progress, figure_svg, figure_text, show_all
from clsm_map.exports.deck.scene import PAGE_NAMES, ShownScene
from clsm_map.exports.deck.stage import Drawing
from clsm_map.exports.offline import swatch_html
from clsm_map.exports.pdf import pdf_bytes
from clsm_map.exports.picture.frames import PIXEL
from clsm_map.exports.picture.layout import map_alone
from clsm_map.exports.plate import Block, Sample
from clsm_map.formats import NBSP, date_fr, number
from clsm_map.views.sheet.model import KeyFigure

_WIDE, _TALL = 522.0, 296.0
"""Width and height of the picture of a scene, in points."""
_GAP: Final = 8.0
_SWATCH: Final = 17.0
_LINE: Final = 6.7
_LINE_LENGTH: Final = 96
_ROOM: Final = 9
"""Height of a line of cautions (points), its letters, and the lines that a whole picture leaves."""
_ADDRESS: Final = re.compile(r'src="data:image/svg\+xml,([^"]*)"')


def deck_pdf(desk: Desk, deck: Deck, progress: Progress | None = None) -> bytes:
    """Typeset a presentation as a handout: the same bytes for the same deck, data and day.

    Raises
    ------
    InvalidInputError
        The presentation has no scene.
    """
    scenes = show_all(desk, deck, progress)
    title = deck.titre or "Présentation"
    made = f"établi le {date_fr(desk.today)} par clsm-map"
    heads = (f"{title} · scène {rank} sur {len(scenes)}" for rank in range(1, len(scenes) + 1))
    pages = (_page(head, scene, desk.static) for head, scene in zip(heads, scenes, strict=True))
    return pdf_bytes(d.Document("seance", title, "", (title, made), desk.today, tuple(pages)))


def _page(head: str, shown: ShownScene, static: Path) -> d.Page:
    notes = tuple(line for line in shown.scene.notes.splitlines() if line.strip())
    spoken = (d.Notes(notes, "orateur"),) if notes else ()
    said = d.Columns(
        ((d.Notes(shown.prudences, "savoir"),), (d.Notes(shown.sources, "source"),)),
        (1.25, 1),
        16,
        above=7,
        size=6.4,
    )
    pictures, ratio = _pictures(shown, static)
    figures = tuple(
        KeyFigure(c.label, c.text, "", c.origin, "", defavorable=False) for c in shown.chiffres
    )
    body: tuple[d.Block, ...] = (d.Figures(figures, "grands"), *spoken, said)
    if pictures:
        width = pictures[0].width
        row = d.Columns(tuple((p,) for p in pictures), (width,) * len(pictures), _GAP)
        legends = shown.maps[-1][1].blocks if shown.maps else ()
        beside = (d.Figures(figures), *(b for block in legends for b in _legend(block, ratio)))
        body = (d.Columns(((row, *spoken, said), beside), (_WIDE, 1), 18),)
    return d.Page(
        (
            d.Text((d.Run(f"{head} · {PAGE_NAMES[shown.scene.page]}"),), "repere"),
            d.Heading(shown.titre, level=1),
            d.Text((d.Run(shown.phrase),), "constat"),
            *body,
        )
    )


def _pictures(shown: ShownScene, static: Path) -> tuple[list[d.Picture], float]:
    """Draw the maps of a scene, or its figure, and give the ratio that sizes follow."""
    lines = sum(math.ceil(len(sentence) / _LINE_LENGTH) for sentence in shown.prudences)
    height = _TALL - _LINE * max(0, lines - _ROOM)
    if shown.figure is not None:
        svg = figure_svg(shown.figure, shown, (_WIDE, height))
        return [d.Picture(svg, figure_text(shown), label=shown.rows_shown, width=_WIDE)], 1.0
    width = (_WIDE - _GAP * (len(shown.maps) - 1)) / max(1, len(shown.maps))
    pictures, ratio = [], 1.0
    for label, drawn in shown.maps:
        svg, ratio = map_alone(drawn.view, (width, height), static)
        pictures.append(d.Picture(svg, _map_text(drawn, label), label=label, width=width))
    return pictures, ratio


def _map_text(drawing: Drawing, label: str) -> str:
    """Say in words what a map shows: its title, then its legend with the counts."""
    parts = [
        f"{block.title}{NBSP}: "
        + ", ".join(
            s.label + ("" if s.count is None else f" ({number(s.count)})") for s in block.samples
        )
        for block in drawing.blocks
    ]
    when = f" {label}." if label else ""
    return f"Carte : {drawing.view.title}.{when} {'. '.join(parts)}."


def _legend(block: Block, ratio: float) -> Sequence[d.Block]:
    lines = tuple(
        d.Line(swatch_svg(s), _width(s, ratio), s.label, "" if s.count is None else number(s.count))
        for s in block.samples
    )
    return d.Heading(block.title), d.Legend(lines, block.note)


def swatch_svg(sample: Sample) -> bytes:
    """Draw one line of a legend as an SVG of its own."""
    drawn = swatch_html(sample)
    found = _ADDRESS.search(drawn)
    if found:
        return unquote(found[1]).encode()
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def _width(sample: Sample, ratio: float) -> float:
    if sample.to_scale:
        return max(14.0, 2 * sample.radius + 2) * PIXEL * ratio
    return _SWATCH if sample.form != "point" else _SWATCH * 0.76
