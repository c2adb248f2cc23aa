"""A line being read: its cells by field, and the refusals that fall on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from shapely.geometry.base import BaseGeometry

from clsm_map.register.csv_file import MOJIBAKE
from clsm_map.register.resolution import Resolver
from clsm_map.register.table import Cell, LineError, Row, Table
from clsm_map.register.values import RefusedValueError, text_of, value_of
from clsm_map.register.vocabulary import FORMULA_STARTS, LISTS

T = TypeVar("T")
_LONGEST: Final = 5_000
_SHEET_ERRORS: Final = frozenset(LISTS["mots"]["erreurs_de_tableur"])


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided about a list.

    ``accept_corrections``: read the codes that lost their zero with it. ``confirmations``: (line,
    header) → the code, or value, to read in place of the refused one; several refused values of one
    cell take several codes separated by ``;``, in order. ``defaults``: field → value of the empty
    cells of that field (``{"type": "CLSM"}``).
    """

    accept_corrections: bool = False
    confirmations: Mapping[tuple[int, str], str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)


class Line:
    """A line and what is refused of it; ``columns``: field → (position, header)."""

    def __init__(
        self,
        row: Row,
        columns: Mapping[str, tuple[int, str]],
        choices: Choices,
        resolver: Resolver,
    ) -> None:
        self._row = row
        self._columns = columns
        self._choices = choices
        self._values: dict[str, str] = {}
        self.ligne = row.ligne
        self.geometry: BaseGeometry | None = row.geometry
        self.resolver = resolver
        self.refused = False

    def cell(self, name: str) -> Cell:
        """Give the cell of a field, or the default of that field when it is empty or absent."""
        place = self._columns.get(name)
        value = None if place is None else self._row.cells[place[0]]
        if value is None or (isinstance(value, str) and not value.strip()):
            return self._choices.defaults.get(name)
        return value

    def header(self, name: str) -> str:
        """Give the header of a field as it is written in the file, its own name when absent."""
        return self._columns.get(name, (0, name))[1]

    def value(self, name: str) -> str:
        """Give a field as text, empty when it says that there is nothing."""
        if name not in self._values:
            self._values[name] = value_of(self.cell(name))
        return self._values[name]

    def departement(self) -> str | None:
        """Give the code of the département, empty when it is not said, None when it is refused."""

        def read(cell: Cell) -> str | None:
            return self.resolver.departement(value_of(cell), self.ligne)

        return self.take("departement", read, None)

    def text(self, name: str) -> str:
        """Give a field meant for people: kept as it is, refused when it is damaged or endless."""
        cell = self.cell(name)
        text = text_of(cell)
        if not text:
            return ""
        if text in _SHEET_ERRORS:
            self.refuse(name, text, "calcul_faux")
        elif len(text) > _LONGEST:
            self.refuse(name, f"{text[:60]}…", "texte_long", n=_LONGEST)
        elif not text.isascii() and MOJIBAKE.search(text):
            self.refuse(name, text, "texte_abime")
        elif text != "-" and text.startswith(FORMULA_STARTS) and isinstance(cell, str):
            self.inform("texte_formule")
        return "" if text == "-" else text

    def take(self, name: str, read: Callable[[Cell], T], otherwise: T) -> T:
        """Read a field, or what a person confirmed in its place; a refusal is noted."""
        try:
            return read(self.cell(name))
        except RefusedValueError as error:
            refused = error
        confirmed = self._choices.confirmations.get((self.ligne, self.header(name)))
        if confirmed is not None:
            try:
                return read(confirmed)
            except RefusedValueError as error:
                refused = error
        self.refuse_with(name, refused)
        return otherwise

    def confirmed(self, name: str) -> Iterator[str]:
        """Give, one after the other, the values a person confirmed for a field."""
        given = self._choices.confirmations.get((self.ligne, self.header(name)), "")
        return (v.strip() for v in given.split(";") if v.strip())

    def inform(self, sentence: str, /, **words: object) -> None:
        """Note what a person should know of the line."""
        self.resolver.findings.inform(sentence, self.ligne, **words)

    def refuse(self, name: str, value: str, sentence: str, /, **words: object) -> None:
        """Reject the line."""
        self.refuse_with(name, RefusedValueError(sentence, value, **words))

    def refuse_with(self, name: str, refused: RefusedValueError) -> None:
        """Reject the line for what a reader raised."""
        self.refused = True
        self.resolver.findings.errors.append(
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
    table: Table, columns: Mapping[str, str], choices: Choices, resolver: Resolver
) -> Iterator[Line]:
    """Give the lines of a list that could be read; ``columns``: field → header."""
    placed = {f: (table.headers.index(h), h) for f, h in columns.items()}
    unreadable = {e.ligne for e in table.erreurs}
    for row in table.rows:
        if row.ligne not in unreadable:
            yield Line(row, placed, choices, resolver)
