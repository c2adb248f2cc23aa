"""HTML as a person reads it: lines, and what each line is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import pandas as pd

from tests.reading.parts import Kind, Part, one_line

_VOID: Final = frozenset(
    {"br", "img", "hr", "input", "path", "rect", "circle", "line", "polygon", "ellipse", "use"}
    | {"meta", "link", "wbr"}
)
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "br", "code", "em", "i", "img", "small", "span", "strong", "sub", "sup"}
    | {"tspan", "wbr"}
)
_SILENT: Final = frozenset({"script", "style", "defs"})
_BY_TAG: Final[dict[str, Kind]] = {
    "h1": "titre", "h2": "titre", "h3": "titre", "h4": "titre", "title": "titre",
    "dt": "chiffre", "dd": "chiffre", "td": "tableau", "th": "tableau", "svg": "figure",
}  # fmt: skip
_BY_CLASS: Final[dict[str, Kind]] = {
    "legende": "légende", "chiffres": "chiffre", "valeur": "chiffre", "n": "chiffre",
    "reperes": "chiffre", "portee": "chiffre", "desserte": "chiffre",
}  # fmt: skip


@dataclass
class _Reader(HTMLParser):
    parts: list[Part] = field(default_factory=list)
    _open: list[tuple[str, Kind | None]] = field(default_factory=list)
    _text: str = ""
    _kind: Kind = "phrase"
    _after_span: bool = False
    _rows: list[list[str]] = field(default_factory=list)
    _row: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def _in_table(self) -> bool:
        return any(tag == "table" for tag, _ in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        classes = (known.get("class") or "").split()
        if tag == "dd" or (tag == "span" and (classes or self._after_span)):
            self._text += " | " if self._text.strip() else ""
        elif tag not in _INLINE:
            self._flush()
        if tag == "img" and known.get("alt"):
            self._text += f"[{known['alt']}]"
        if tag == "br":
            self._text += " "
        if tag not in _VOID:
            kind = next((_BY_CLASS[c] for c in classes if c in _BY_CLASS), _BY_TAG.get(tag))
            self._open.append((tag, kind))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if tag in {"td", "th"} and self._in_table:
            self._row.append(one_line(self._text))
            self._text = ""
        elif tag == "tr" and self._row:
            self._rows.append(self._row)
            self._row = []
        elif tag == "table" and self._rows:
            self._table()
        elif tag == "span":
            self._after_span = True
        elif tag not in _INLINE and tag != "dt":
            self._flush()
        while self._open and self._open.pop()[0] != tag:
            pass

    def _table(self) -> None:
        rows, self._rows = self._rows, []
        width = max(map(len, rows))
        filled = [row + [""] * (width - len(row)) for row in rows]
        self.parts.append(Part("tableau", "", pd.DataFrame(filled[1:], columns=filled[0])))

    def handle_data(self, data: str) -> None:
        if any(tag in _SILENT for tag, _ in self._open):
            return
        self._after_span = False
        if data.strip() and not self._text.strip():
            self._kind = next((kind for _, kind in self._open if kind), "phrase")
        self._text += data.replace("\n", " ")

    def _flush(self) -> None:
        if self._in_table and self._open[-1][0] != "caption":
            self._text += " "
            return
        text = one_line(self._text).strip(" |")
        if text:
            self.parts.append(Part(self._kind, text))
        self._text = ""

    def finish(self) -> list[Part]:
        self.close()
        self._flush()
        return self.parts


def read_html(text: str) -> list[Part]:
    """Read HTML: legends, lists of figures and tables apart from sentences.

    >>> parts = read_html('<p>253 <b>quartiers</b></p><dl><div><dt>Couvert</dt><dd>43</dd></div>')
    >>> [(p.kind, p.text) for p in parts]
    [('phrase', '253 quartiers'), ('chiffre', 'Couvert | 43')]
    >>> (part,) = read_html('<li class="legende"><span>en projet</span><span>9</span></li>')
    >>> part.kind, part.text
    ('légende', 'en projet | 9')
    >>> (part,) = read_html("<table><tr><th>Code</th></tr><tr><td>01053</td></tr></table>")
    >>> part.table["Code"].tolist()
    ['01053']
    """
    reader = _Reader()
    reader.feed(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    return reader.finish()
