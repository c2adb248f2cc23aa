"""What is read, piece by piece."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

Kind = Literal[
    "titre",  # states what is shown
    "phrase",  # a sentence of its own: a finding, a caution, a source
    "chiffre",  # a figure with what it counts
    "légende",  # an entry of a legend
    "tableau",  # a row; the whole table comes along
    "figure",  # what a drawing holds
    "carte",  # what a map holds
    "réglage",  # a field, its choices and its value
    "action",  # a button, a link, a file
]
SENTENCES: Final = frozenset({"titre", "phrase"})
"""Kinds whose numbers must be found beside them, in the others."""
WHOLE: Final = 40
"""Rows of a table that are written one by one; of a longer one, the ends, sums and a digest."""
_END: Final = 12
_NUMBER: Final = re.compile(r"([−-]?\d+(?:[\u00a0\u202f]\d{3})*(?:,\d+)?)(?:\u00a0\S{1,3})?")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One thing that is read: what it is, its words, its rows when it is a table."""

    kind: Kind
    text: str
    table: pd.DataFrame | None = None


def as_text(parts: Iterable[Part]) -> str:
    """Write parts for people to compare: one line each, the rows of tables under them."""
    lines: list[str] = []
    for part in parts:
        lines.append(f"{part.kind:<8} {one_line(part.text)}".rstrip())
        if part.table is not None:
            lines += [f"         {line}" for line in table_lines(part.table)]
    return "\n".join(lines) + "\n"


def one_line(text: str) -> str:
    """Keep a text on its line; no-break spaces stay.

    >>> one_line("deux\\n  mots\\u00a0: oui")
    'deux mots\\xa0: oui'
    """
    return " ".join(part for part in text.replace("\t", " ").replace("\n", " ").split(" ") if part)


def cell(value: object) -> str:
    """Write a value as French people read it, nothing for what is missing.

    >>> cell(0.1 + 0.2), cell(3.0), cell(math.nan), cell(None), cell("a;b")
    ('0,3', '3', '', '', 'a;b')
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.10g}".replace(".", ",")
    if isinstance(value, bytes):
        return f"{len(value)} octets {digest(value)}"
    return one_line(str(value))


def number(value: object) -> float:
    """Read a number, French texts included; ``nan`` for what is not one.

    >>> number(3), number("1\u202f234,5\u00a0%"), number("01053"), number("QN05980M")
    (3.0, 1234.5, nan, nan)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = _NUMBER.fullmatch(str(value))
    if not found or (len(found[1]) > 1 and found[1].startswith("0") and "," not in found[1]):
        return math.nan
    return float(re.sub("[\u00a0\u202f]", "", found[1]).replace("−", "-").replace(",", "."))


def table_lines(table: pd.DataFrame) -> list[str]:
    """Write a table: its columns, then its rows."""
    rows = [" | ".join(cell(v) for v in row) for row in table.itertuples(index=False, name=None)]
    head = [" | ".join(map(str, table.columns)), f"({len(table)} × {len(table.columns)})"]
    if len(rows) <= WHOLE:
        return [*head, *rows]
    sums = [
        f"{name} : somme {cell(round(float(known.sum()), 6))}, {len(known)} connus"
        for name, values in table.items()
        if not str(name).lower().startswith("code")
        for known in [values.map(number).dropna()]
        if len(known) > len(values) / 2
    ]
    texts = [
        f"{name} : {', '.join(f'{value} {n}' for value, n in counts.items())}"
        for name, values in table.items()
        for counts in [values.map(cell).value_counts().sort_index()]
        if 1 < len(counts) <= 8
    ]
    return [
        *head, *rows[:_END], f"… {digest(rows)}", *rows[-_END:], *sums, *texts,
    ]  # fmt: skip


def digest(content: object) -> str:
    """Give twelve characters that change with the content.

    >>> digest("a") == digest("a") != digest("b")
    True
    """
    if not isinstance(content, bytes):
        content = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()
    return hashlib.sha256(content).hexdigest()[:12]


def nested_lines(value: object, name: str = "") -> list[str]:
    """Write nested lists and mappings, one leaf a line, by its path.

    >>> nested_lines({"a": [1, {"b": "c"}], "d": None})
    ['a.0 : 1', 'a.1.b : c', 'd :']
    """
    items: Sequence[tuple[Any, object]]
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list | tuple):
        if all(isinstance(v, str | int | float | None) for v in value):
            short = " ; ".join(cell(v) for v in value)
            if value and len(short) <= 160:
                return [f"{name} : {short}"]
        items = list(enumerate(value))
    else:
        return [f"{name} : {cell(value)}".rstrip()]
    return [
        line
        for key, item in items
        for line in nested_lines(item, f"{name}.{key}" if name else str(key))
    ] or [f"{name} : (vide)"]  # fmt: skip
