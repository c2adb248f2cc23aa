"""A line being read: its cells by field, and the refusals that fall on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeVar

from shapely.geometry.base import BaseGeometry

from clsm_map.register.csv_file import MOJIBAKE
from clsm_map.register.table import Cell, Findings, LineError, Row, Table
from clsm_map.register.values import RefusedValueError, text_of, value_of
from clsm_map.register.wording import FORMULA_STARTS

T = TypeVar("T")
_NOTHING: Final[Mapping[tuple[int, str], str]] = MappingProxyType({})
_LONGEST: Final = 5_000
_SHEET_ERRORS: Final = frozenset(
    {"#REF!", "#N/A", "#NOM?", "#NAME?", "#VALEUR!", "#VALUE!", "#DIV/0!", "#NOMBRE!", "#NUM!"}
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided about a list.

    ``accept_corrections``: read the codes that lost their zero with it. ``confirmations``: (line,
    header) → the code, or value, to read in place of the refused one; several refused values of
    one cell take several codes separated by ``;``, in order. ``defaults``: field → value of the
    empty cells of that field (``{"type": "CLSM"}``).
    """

    accept_corrections: bool = False
    confirmations: Mapping[tuple[int, str], str] = field(default_factory=lambda: _NOTHING)
    defaults: Mapping[str, str] = field(default_factory=dict)


class Line:
    """A line and what is refused of it."""

    __slots__ = ("_choices", "_columns", "_row", "_values", "findings", "refused")

    def __init__(
        self,
        row: Row,
        columns: Mapping[str, tuple[int, str]],
        choices: Choices,
        findings: Findings,
    ) -> None:
        self._row = row
        self._columns = columns
        self._choices = choices
        self._values: dict[str, str] = {}
        self.findings = findings
        self.refused = False

    @property
    def ligne(self) -> int:
        """Number of the line."""
        return self._row.ligne

    @property
    def geometry(self) -> BaseGeometry | None:
        """Contour of the line, in WGS 84."""
        return self._row.geometry

    def cell(self, name: str) -> Cell:
        """Give the cell of a field, or the default of that field when it is empty or absent."""
        place = self._columns.get(name)
        value = None if place is None else self._row.cells[place[0]]
        if value is None or (isinstance(value, str) and not value.strip()):
            return self._choices.defaults.get(name)
        return value

    def header(self, name: str) -> str:
        """Give the header of a field as it is written in the file, its own name when absent."""
        place = self._columns.get(name)
        return name if place is None else place[1]

    def value(self, name: str) -> str:
        """Give a field as text, empty when it says that there is nothing."""
        if name not in self._values:
            self._values[name] = value_of(self.cell(name))
        return self._values[name]

    def text(self, name: str) -> str:
        """Give a field meant for people: kept as it is, refused when it is damaged or endless."""
        cell = self.cell(name)
        if cell is None:
            return ""
        text = text_of(cell)
        if text in _SHEET_ERRORS:
            self.refuse(name, text, "La cellule contient une erreur de calcul du tableur.")
        elif len(text) > _LONGEST:
            self.refuse(name, f"{text[:60]}…", f"Le texte dépasse {_LONGEST} caractères.")
        elif not text.isascii() and MOJIBAKE.search(text):
            self.refuse(
                name,
                text,
                "Les accents de ce texte sont abîmés : il a été enregistré avec un autre encodage "
                "que le sien.",
            )
        elif text != "-" and text.startswith(FORMULA_STARTS) and isinstance(cell, str):
            self.findings.inform(
                "Un texte commence par =, +, - ou @ : il est gardé comme texte, jamais comme "
                "formule",
                self.ligne,
            )
        return "" if text == "-" else text

    def take(self, name: str, read: Callable[[Cell], T], otherwise: T) -> T:
        """Read a field; a refusal is noted unless a person has confirmed another value."""
        try:
            return read(self.cell(name))
        except RefusedValueError as refused:
            confirmed = self._choices.confirmations.get((self.ligne, self.header(name)))
            if confirmed is None:
                self.refuse_with(name, refused)
                return otherwise
        try:
            return read(confirmed)
        except RefusedValueError as again:
            self.refuse_with(name, again)
            return otherwise

    def confirmed(self, name: str) -> Iterator[str]:
        """Give, one after the other, the values a person confirmed for a field."""
        given = self._choices.confirmations.get((self.ligne, self.header(name)), "")
        return (v.strip() for v in given.split(";") if v.strip())

    def refuse(self, name: str, value: str, sentence: str) -> None:
        """Reject the line."""
        self.refuse_with(name, RefusedValueError(sentence, value))

    def refuse_with(self, name: str, refused: RefusedValueError) -> None:
        """Reject the line for what a reader raised."""
        self.refused = True
        self.findings.refuse(
            LineError(
                self.ligne,
                self.header(name),
                refused.value or self.value(name),
                refused.message_fr,
                refused.propositions,
                refused.correction,
            )
        )


def lines_of(
    table: Table, columns: Mapping[str, str], choices: Choices, findings: Findings
) -> Iterator[Line]:
    """Give the lines of a list that could be read, one after the other."""
    position = {header: i for i, header in enumerate(table.headers)}
    placed = {f: (position[h], h) for f, h in columns.items()}
    unreadable = {e.ligne for e in table.erreurs}
    for row in table.rows:
        if row.ligne not in unreadable:
            yield Line(row, placed, choices, findings)
