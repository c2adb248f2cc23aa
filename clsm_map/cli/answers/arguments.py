"""What people type on the command line, read once and refused in French."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from clsm_map.analysis.activity import EARLIEST, register_day
from clsm_map.domain.devices import DEVICE_TYPES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import PARTIAL_CHOICES, PartialChoice
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.formats import date_fr

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from clsm_map.store.snapshot import Snapshot

MAX_RADIUS_KM = 500.0
_WIDE: Final = frozenset({"departement", "region"})


@dataclass(frozen=True, slots=True)
class Places:
    """The territory options of a command, as typed.

    Attributes
    ----------
    region, departement, epci : str or None
        Code or whole name at that level.
    any_level : str or None
        Code, ``level:code`` or whole name at any level.
    """

    region: str | None = None
    departement: str | None = None
    epci: str | None = None
    any_level: str | None = None

    def by_level(self) -> list[tuple[str | None, str | None]]:
        """Levels and what was typed for each."""
        return [
            ("region", self.region),
            ("departement", self.departement),
            ("epci", self.epci),
            (None, self.any_level),
        ]


def today() -> dt.date:
    """Today in Paris."""
    return dt.datetime.now(ZoneInfo("Europe/Paris")).date()


def device_type(text: str) -> str:
    """Read a type of device, in any case.

    Raises
    ------
    InvalidInputError
        It is none of CLSM, ASV and CLS.
    """
    written = text.strip().upper()
    for known in DEVICE_TYPES:
        if written == known:
            return known
    raise InvalidInputError(
        f"Le type « {text} » n'existe pas ; les types sont {', '.join(DEVICE_TYPES)}."
    )


def partial(text: str) -> PartialChoice:
    """Read how the QPV that are covered in part count.

    Raises
    ------
    InvalidInputError
        It is none of the choices.
    """
    for choice in PARTIAL_CHOICES:
        if text == choice:
            return choice
    raise InvalidInputError(
        "Les quartiers déjà couverts en partie comptent pour leur « surface » non couverte, pas du "
        "tout (« sans ») ou en entier (« entier »)."
    )


def date(text: str | None, dispositifs: pd.DataFrame, today: dt.date) -> dt.date:
    """Read a date; today when none is given.

    Raises
    ------
    InvalidInputError
        It is not a date, or the register says nothing of it.
    """
    if text is None:
        return max(today, register_day(dispositifs, today))
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInputError(
            f"« {text} » n'est pas une date : écrivez-la AAAA-MM-JJ, comme 2020-01-01.", str(error)
        ) from error
    last = dt.date(today.year, 12, 31)
    if not EARLIEST <= day <= last:
        raise InvalidInputError(
            f"La date {day.isoformat()} est hors de portée du registre : choisissez-la entre le "
            f"{date_fr(EARLIEST)} et le {date_fr(last)}."
        )
    return day


def years(first: str, last: str | None, today: dt.date) -> range:
    """Read the first and last year of a history; this year when no last one is given.

    Raises
    ------
    InvalidInputError
        They are not years, out of range or reversed.
    """
    try:
        start, end = int(first), today.year if last is None else int(last)
    except ValueError as error:
        raise InvalidInputError(
            f"« {first} » et « {last or ''} » doivent être des années, comme 2005 et 2026.",
            str(error),
        ) from error
    if not EARLIEST.year <= start <= end <= today.year:
        raise InvalidInputError(
            f"Les années {start} à {end} sont hors de portée du registre : choisissez-les entre "
            f"{EARLIEST.year} et {today.year}, la première d'abord."
        )
    return range(start, end + 1)


def radius(text: str) -> float:
    """Read a radius in kilometres; "15", "7.5" and "7,5" are all right.

    Raises
    ------
    InvalidInputError
        It is not a number between 0 and 500.
    """
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError as error:
        raise InvalidInputError(
            f"« {text} » n'est pas un rayon : donnez un nombre de kilomètres, comme 15.", str(error)
        ) from error
    if not math.isfinite(value) or not 0 <= value <= MAX_RADIUS_KM:
        raise InvalidInputError(
            f"Le rayon de {text} km est hors de portée : choisissez-le entre 0 et "
            f"{MAX_RADIUS_KM:.0f} km."
        )
    return value


def candidates(snapshot: Snapshot, texts: Iterable[str]) -> tuple[str, ...]:
    """Read the codes of candidates, bare or as ``level:code``.

    Parameters
    ----------
    snapshot : Snapshot
        Where codes are looked for.
    texts : iterable of str
        As typed.

    Returns
    -------
    tuple of str
        Codes, but ``departement:59`` and ``region:84`` for all the candidates of one.

    Raises
    ------
    UnknownTerritoryError
        A bare code means several territories, or is a postal code.
    """
    from clsm_map.store.territories import read_bare_code  # noqa: PLC0415 - not for France

    read = []
    for text in texts:
        level, _, code = text.strip().rpartition(":")
        found = None if level else read_bare_code(snapshot, code)
        wide = level or (found.level if found else "")
        read.append(f"{wide}:{code.upper()}" if wide in _WIDE else code.upper())
    return tuple(read)


def territory(snapshot: Snapshot, places: Places) -> Territory:
    """Read the territory of a command; France when none is given.

    Parameters
    ----------
    snapshot : Snapshot
        Where territories are looked for.
    places : Places
        What was typed.

    Raises
    ------
    InvalidInputError
        Several are given.
    UnknownTerritoryError
        None answers; near misses are suggested.
    """
    asked = [(level, text) for level, text in places.by_level() if text is not None]
    if not asked:
        return FRANCE
    if len(asked) > 1:
        raise InvalidInputError("Un seul territoire à la fois.")
    from clsm_map.store.territories import find_territory  # noqa: PLC0415 - not for France

    level, text = asked[0]
    return find_territory(snapshot, text, level)
