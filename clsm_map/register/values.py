"""Values of a list: types, states, dates, figures and addresses, in the spellings people use."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, STATES, DeviceType, State
from clsm_map.domain.errors import InvalidInputError
from clsm_map.register.table import Cell, Proposition
from clsm_map.register.vocabulary import LISTS, meanings, say
from clsm_map.store.search import plain

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


class RefusedValueError(InvalidInputError):
    """A value is refused: why (a sentence of ``data/listes.toml``), and what could be meant.

    ``value``: the part of the cell that is refused. ``correction``: the only value that can be
    meant.
    """

    def __init__(
        self,
        sentence: str,
        value: str = "",
        propositions: tuple[Proposition, ...] = (),
        correction: str = "",
        /,
        **words: object,
    ) -> None:
        super().__init__(say(sentence, **words))
        self.value = value
        self.propositions = propositions
        self.correction = correction


_SPACES: Final = re.compile(r"[\x00-\x20\x7f-\xa0\s\u2007\u200b\ufeff]+")
_ODD: Final = re.compile(r"[\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\ufeff]|  ")
_QUOTED_CONSTANT: Final = re.compile(r'^="([^"]*)"$')
_MARKED: Final = re.compile(r"^'(?=[=+\-@\d])")
_NOTHING: Final = frozenset(LISTS["mots"]["rien"])


def text_of(cell: Cell) -> str:
    """Give a cell as trimmed text.

    Whole floats lose their ``.0``, dates are ISO; ``="01053"`` and ``'01053``, two ways of keeping
    a zero in a spreadsheet, are ``01053``; an apostrophe that neutralises a formula is taken off.
    """
    if isinstance(cell, str):
        text = cell.strip()
        if _ODD.search(text):
            text = _SPACES.sub(" ", text).strip()
        if text.startswith("="):
            constant = _QUOTED_CONSTANT.match(text)
            return constant[1].strip() if constant else text
        return text[1:] if _MARKED.match(text) else text
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)


def value_of(cell: Cell) -> str:
    """Give a cell as text, empty when it says that there is nothing (``-``, ``NC``, ``n/a``)."""
    text = text_of(cell)
    return "" if text.lower() in _NOTHING else text


_TYPES: Final[dict[DeviceType, re.Pattern[str]]] = {
    "CLSM": re.compile(
        r"\b(clsm|cosm|cism|clism|(conseil|contrat)s? .*(sante mentale|psychique)|"
        r"conseil d orientation en sante mentale)\b"
    ),
    "ASV": re.compile(r"\b(asv|ateliers? sante( et)? villes?)\b"),
    "CLS": re.compile(r"\b(cls|contrats? loca(l|ux) de sante(?! mentale)|contrats? de sante)\b"),
}


def type_of(cell: Cell) -> DeviceType:
    """Read a type of device: an acronym (CLSM, COSM, CISM, ASV, CLS) or its long name."""
    text = value_of(cell)
    found = type_in(text)
    if found is None:
        three = tuple(Proposition(t, DEVICE_NAMES[t]) for t in DEVICE_TYPES)
        raise RefusedValueError("type_inconnu" if text else "type_manque", text, three)
    return found


@lru_cache(maxsize=4_096)
def type_in(text: str) -> DeviceType | None:
    """Give the only type that a text names, such as *ASV* in ``Atelier santé ville de Sète``."""
    words = plain(text[:300])
    found = [t for t, pattern in _TYPES.items() if pattern.search(words)]
    return found[0] if len(found) == 1 else None


_STATES: Final[dict[str, State]] = meanings("etats")


def state_of(cell: Cell) -> State:
    """Read a state, in many spellings; *inconnu* for an empty cell.

    A word that means two of them (``en cours``) is refused with both.
    """
    text = value_of(cell)
    words = plain(text)
    if words in _STATES or not words:
        return _STATES.get(words, "inconnu")
    could = LISTS["etats_ambigus"].get(words)
    propositions = tuple(Proposition(s) for s in could or STATES)
    if could:
        raise RefusedValueError(
            "etat_double", text, propositions, texte=text, etats=" ou ".join(could)
        )
    raise RefusedValueError("etat_inconnu", text, propositions, etats=", ".join(STATES))


_MONTHS: Final = {
    name: i
    for i, names in enumerate(LISTS["mots"]["janvier_a_decembre"], start=1)
    for name in names
}
_ISO: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ][\d:.+Z]+)?")
_FRENCH: Final = re.compile(r"(?:(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ])(\d{4})(?: [\d:]+)?")
_IN_WORDS: Final = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]+) (\d{4})")
_SHORT_YEAR: Final = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.]|\d{1,2}[-/.])(\d{2})")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_SERIAL_ORIGIN: Final = dt.date(1899, 12, 30)
"""Day 0 of the dates of spreadsheets (1900 system, from March 1900 on)."""


@lru_cache(maxsize=4_096)
def date_of(cell: Cell) -> str:
    """Read a date, as precise as it is written: ``2024-10-31``, ``2024-10`` or ``2024``.

    ISO (``2024-10-31``), French (``31/10/2024``, ``10/2024``, ``1er octobre 2024``), a year, or a
    spreadsheet's day number (``45596``); empty for an empty cell.
    """
    text = value_of(cell)
    if not text:
        return ""
    parts = _date_parts(text)
    if parts is None:
        raise _not_a_date(text)
    year, month, day = parts
    if not _exists(parts):
        raise RefusedValueError("date_impossible", text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RefusedValueError("annee_hors", text, annee=year, debut=FIRST_YEAR, fin=LAST_YEAR)
    return "-".join([str(year), *(f"{n:02d}" for n in (month, day) if n)])


def _exists(parts: tuple[int, int, int]) -> bool:
    try:
        dt.date(parts[0], parts[1] or 1, parts[2] or 1)
    except ValueError:
        return False
    return True


def _not_a_date(text: str) -> RefusedValueError:
    """Refuse a date; one whose year is on two digits with that of this century when it exists."""
    short = _SHORT_YEAR.fullmatch(text)
    if not short:
        return RefusedValueError("date_inconnue", text)
    whole = f"{short[1]}20{short[2]}"
    parts = _date_parts(whole)
    if parts is None or not _exists(parts):
        return RefusedValueError("annee_courte", text)
    return RefusedValueError("annee_courte_proposee", text, (Proposition(whole),), date=whole)


def _date_parts(text: str) -> tuple[int, int, int] | None:
    """Give year, month and day, 0 for what is not said."""
    if iso := _ISO.fullmatch(text):
        return int(iso[1]), int(iso[2] or 0), int(iso[3] or 0)
    if french := _FRENCH.fullmatch(text):
        return int(french[3]), int(french[2]), int(french[1] or 0)
    words = _IN_WORDS.fullmatch(plain(text))
    if words and words[2] in _MONTHS:
        return int(words[3]), _MONTHS[words[2]], int(words[1] or 0)
    if serial := _SERIAL.fullmatch(text):
        day = _SERIAL_ORIGIN + dt.timedelta(days=int(serial[1]))
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day.year, day.month, day.day
    return None


def has_come(date: str) -> bool:
    """Tell whether a date has come in Paris; a month or a year has once it has begun."""
    today = dt.datetime.now(tz=ZoneInfo("Europe/Paris")).date().isoformat()
    return date <= today[: len(date)]


def year_of(cell: Cell) -> str:
    """Read the year of a date (see `date_of`), as four digits; empty for an empty cell."""
    return date_of(cell)[:4]


def number_of(cell: Cell) -> float | None:
    """Read a figure that is not negative: ``1 234``, ``1234``, ``4,5``; None for an empty cell."""
    text = value_of(cell)
    if not text:
        return None
    compact = text.replace(" ", "").replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,9})?", compact):
        raise RefusedValueError("nombre", text)
    return float(compact)


def count_of(cell: Cell) -> float | None:
    """Read a whole figure that is not negative; None for an empty cell."""
    number = number_of(cell)
    if number is not None and not number.is_integer():
        raise RefusedValueError("nombre_entier", text_of(cell))
    return number


_SCHEME: Final = re.compile(r"(javascript|data|file|vbscript|blob):", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Tell whether a text is an address that a browser may follow.

    One that asks for something else than a page (``javascript:``, ``file:``) is refused.
    """
    if _SCHEME.match(text):
        raise RefusedValueError("adresse", text)
    return re.match(r"https?://\S+$", text, re.IGNORECASE) is not None
