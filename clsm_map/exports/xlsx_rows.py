"""Rows of a worksheet written straight as XML: ten times quicker than cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from clsm_map.exports.plain import plain

_LONGEST: Final = 32_767
"""Letters that a cell may hold."""
_STYLES: Final = re.compile(rb' s="(\d+)"')


def with_rows(worksheet: bytes, first: int, columns: Sequence[Sequence[object]]) -> bytes:
    """Put rows in the place of a row that shows the styles of their cells.

    Parameters
    ----------
    worksheet : bytes
        XML whose row ``first`` is one blank cell by column, styled.
    first : int
        Number of that row, which is that of the first row put.
    columns : sequence of sequence
        Values, column by column: ``str``, numbers, ``None`` where there is nothing. A text is a
        text, whatever it begins with.
    """
    start = worksheet.index(b'<row r="%d"' % first)
    end = worksheet.index(b"</row>", start) + len(b"</row>")
    styles = [int(s) for s in _STYLES.findall(worksheet[start:end])]
    cells = [
        _cells(values, get_column_letter(i), style, first)
        for i, (values, style) in enumerate(zip(columns, styles, strict=True), start=1)
    ]
    rows = "".join(
        f'<row r="{number}">{"".join(row)}</row>'
        for number, row in enumerate(zip(*cells, strict=True), start=first)
    )
    return worksheet[:start] + rows.encode() + worksheet[end:]


def _cells(values: Sequence[object], letter: str, style: int, first: int) -> list[str]:
    texts = {v: _text(v) for v in set(values) if isinstance(v, str)}
    cells = []
    for number, value in enumerate(values, start=first):
        if value is None:
            cells.append("")
        elif isinstance(value, str):
            cells.append(f'<c r="{letter}{number}" s="{style}" t="inlineStr">{texts[value]}</c>')
        else:
            cells.append(f'<c r="{letter}{number}" s="{style}"><v>{value!r}</v></c>')
    return cells


def _text(value: str) -> str:
    text = escape(plain(value[:_LONGEST]))
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<is><t{space}>{text}</t></is>"
