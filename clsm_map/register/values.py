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
from clsm_map.register.wording import plain

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


class RefusedValueError(InvalidInputError):
    """A value is refused; the sentence says why."""

    def __init__(
        self,
        message_fr: str,
        value: str = "",
        propositions: tuple[Proposition, ...] = (),
        correction: str = "",
    ) -> None:
        super().__init__(message_fr)
        self.value = value
        self.propositions = propositions
        self.correction = correction


_SPACES: Final = re.compile(r"[\x00-\x20\x7f-\xa0\s\u2007\u200b\ufeff]+")
_ODD: Final = re.compile(r"[\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\ufeff]|  ")
_QUOTED_CONSTANT: Final = re.compile(r'^="([^"]*)"$')
_MARKED: Final = re.compile(r"^'(?=[=+\-@\d])")
_NOTHING_WORDS: Final = "- – — / . nc n.c. nd n.d. n/a na nr néant neant null none nan"
_NOTHING: Final = frozenset(re.split(" ", _NOTHING_WORDS))


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
        raise RefusedValueError(
            "Le type n'est pas reconnu : CLSM, ASV ou CLS est attendu."
            if text
            else "Le type manque : CLSM, ASV ou CLS.",
            text,
            tuple(Proposition(t, DEVICE_NAMES[t]) for t in DEVICE_TYPES),
        )
    return found


@lru_cache(maxsize=4_096)
def type_in(text: str) -> DeviceType | None:
    """Give the only type that a text names, such as *ASV* in ``Atelier santé ville de Sète``."""
    words = plain(text[:300])
    found = [t for t, pattern in _TYPES.items() if pattern.search(words)]
    return found[0] if len(found) == 1 else None


_STATE_WORDS: Final[dict[State, str]] = {
    "actif": "actif,active,activite,en activite,en fonctionnement,fonctionnel,operationnel,"
    "operationnelle,en place,mis en place,installe,en vigueur,en cours de validite,signe,signee,"
    "cls signe,contrat signe,renouvele,effectif,existant,cree,mis en oeuvre,en oeuvre",
    "en projet": "en projet,projet,en preparation,en cours de preparation,en creation,"
    "en cours de creation,en cours de constitution,en elaboration,en cours d elaboration,"
    "en construction,en cours de construction,prefiguration,en prefiguration,"
    "en cours de prefiguration,prevu,envisage,a venir,emergent,en emergence,en reflexion,"
    "en cours de reflexion,en cours de signature,en cours de mise en place,en cours d installation,"
    "futur,en devenir",
    "en sommeil": "en sommeil,sommeil,mis en sommeil,en veille,veille,suspendu,en suspens,en pause",
    "arrêté": "arrete,arretee,a l arret,termine,terminee,clos,close,cloture,dissous,dissoute,fini,"
    "ferme,echu,echue,expire,abandonne,abandonnee,a pris fin,resilie,supprime",
    "inconnu": "inconnu,inconnue,non renseigne,nsp,ne sait pas,a verifier,indetermine,non connu,"
    "non precise,non communique",
}
_STATES: Final[dict[str, State]] = {
    word: state for state, words in _STATE_WORDS.items() for word in words.split(",")
}
_AMBIGUOUS: Final[dict[str, tuple[State, ...]]] = {
    "en cours": ("actif", "en projet"),
    "en renouvellement": ("actif", "en projet"),
    "en cours de renouvellement": ("actif", "en projet"),
    "inactif": ("en sommeil", "arrêté"),
    "inactive": ("en sommeil", "arrêté"),
    "non actif": ("en sommeil", "arrêté"),
}


def state_of(cell: Cell) -> State:
    """Read a state: en projet, actif, en sommeil, arrêté or inconnu, in many spellings.

    Returns *inconnu* for an empty cell.
    """
    text = value_of(cell)
    words = plain(text)
    if words in _STATES or not words:
        return _STATES.get(words, "inconnu")
    could = _AMBIGUOUS.get(words, STATES)
    sentence = (
        f"« {text} » peut vouloir dire {' ou '.join(could)} : précisez."
        if words in _AMBIGUOUS
        else f"L'état n'est pas reconnu : {', '.join(STATES)} sont attendus."
    )
    raise RefusedValueError(sentence, text, tuple(Proposition(s) for s in could))


_MONTHS: Final = {
    name: i
    for i, names in enumerate(
        (
            "janvier janv jan", "fevrier fevr fev", "mars mar", "avril avr", "mai", "juin",
            "juillet juil", "aout", "septembre sept sep", "octobre oct", "novembre nov",
            "decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ][\d:.+Z]+)?")
_FRENCH: Final = re.compile(r"(?:(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ])(\d{4})(?: [\d:]+)?")
_IN_WORDS: Final = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]+) (\d{4})")
_SHORT_YEAR: Final = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.]|\d{1,2}[-/.])(\d{2})")
_SERIALS: Final = (dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31))
_SERIAL_ORIGIN: Final = dt.date(1899, 12, 30)
"""Day 0 of the dates of spreadsheets (1900 system, from March 1900 on)."""


def date_of(cell: Cell) -> str:
    """Read a date, as precise as it is written.

    ISO (``2024-10-31``), French (``31/10/2024``, ``10/2024``, ``1er octobre 2024``), a year, or a
    spreadsheet's day number (``45596``).

    Returns ``2024-10-31``, ``2024-10`` or ``2024``; empty for an empty cell.
    """
    return _date(value_of(cell))


@lru_cache(maxsize=4_096)
def _date(text: str) -> str:
    if not text:
        return ""
    parts = _date_parts(text)
    if parts is None:
        short = _SHORT_YEAR.fullmatch(text)
        if short:
            raise _two_digits(text, f"{short[1]}20{short[2]}")
        raise RefusedValueError(
            "La date n'est pas reconnue : une année (2019), ou 31/12/2019, ou 2019-12-31.", text
        )
    year, month, day = parts
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError as error:
        raise RefusedValueError("Cette date n'existe pas au calendrier.", text) from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RefusedValueError(
            f"L'année {year} est hors des années attendues, {FIRST_YEAR} à {LAST_YEAR}.", text
        )
    return "-".join([str(year), *(f"{n:02d}" for n in (month, day) if n)])


def _two_digits(text: str, whole: str) -> RefusedValueError:
    """Refuse a year on two digits, with the date of this century when it exists."""
    parts = _date_parts(whole)
    try:
        day = dt.date(parts[0], parts[1] or 1, parts[2] or 1) if parts else None
    except ValueError:
        day = None
    if day is None:
        return RefusedValueError("L'année est sur deux chiffres : écrivez-la sur quatre.", text)
    return RefusedValueError(
        f"L'année est sur deux chiffres : est-ce {whole} ? Confirmez, ou écrivez-la sur quatre.",
        text,
        (Proposition(whole),),
    )


def _date_parts(text: str) -> tuple[int, int, int] | None:
    iso = _ISO.fullmatch(text)
    if iso:
        return int(iso[1]), int(iso[2] or 0), int(iso[3] or 0)
    french = _FRENCH.fullmatch(text)
    if french:
        return int(french[3]), int(french[2]), int(french[1] or 0)
    words = _IN_WORDS.fullmatch(plain(text))
    if words and words[2] in _MONTHS:
        return int(words[3]), _MONTHS[words[2]], int(words[1] or 0)
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        day = _SERIAL_ORIGIN + dt.timedelta(days=int(float(text)))
        if _SERIALS[0] <= day <= _SERIALS[1]:
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
        raise RefusedValueError("Un nombre positif ou nul est attendu.", text)
    return float(compact)


def count_of(cell: Cell) -> float | None:
    """Read a whole figure that is not negative; None for an empty cell."""
    number = number_of(cell)
    if number is not None and not number.is_integer():
        raise RefusedValueError("Un nombre entier est attendu.", text_of(cell))
    return number


_SCHEME: Final = re.compile(r"^([a-z][a-z0-9+.\-]{1,20}):", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Tell whether a text is an address that a browser may follow."""
    if re.match(r"https?://\S+$", text, re.IGNORECASE):
        return True
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() in {"javascript", "data", "file", "vbscript", "blob"}:
        raise RefusedValueError("L'adresse doit commencer par https:// ou http://.", text)
    return False
