"""French numbers, percentages, dates, plurals and typography."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

LOCALE = "fr_FR"
NBSP = "\u00a0"
NNBSP = "\u202f"


def number(value: float, decimals: int = 0) -> str:
    """Write a number the French way.

    Parameters
    ----------
    value : float
        ``nan`` is written "n. d.".
    decimals : int, optional
        Digits kept after the comma.

    Returns
    -------
    str
        Such as ``1 234 567,8`` (narrow no-break spaces).
    """
    if math.isnan(value):
        return f"n.{NBSP}d."
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(round(value, decimals) + 0.0, format=pattern, locale=LOCALE))


def percent(value: float, decimals: int = 1) -> str:
    """Write a percentage; ``value`` is already in per cent (12.3 gives ``12,3 %``)."""
    return with_unit(value, "%", decimals)


def bounds(low: float, high: float, whole: float) -> str:
    """Write a share known by its bounds, in whole percents; one figure when they round alike.

    >>> bounds(25, 32, 100).replace(NBSP, "_"), bounds(320, 321, 1000).replace(NBSP, "_")
    ('de 25 à 32_%', '32_%')
    """
    least, most = (percent(100 * part / whole, 0) for part in (low, high))
    if least == most:
        return least
    return f"de {number(100 * low / whole)} à {most}"


def with_unit(value: float, unit: str, decimals: int = 0) -> str:
    """Write a number followed by its unit after a no-break space; no unit when unknown."""
    text = number(value, decimals)
    return text if math.isnan(value) or not unit else f"{text}{NBSP}{unit}"


def kilometres(distance: float) -> str:
    """Write a distance in kilometres, without its unit: ``0``, ``< 0,1``, ``12,3``."""
    if distance == 0 or math.isnan(distance):
        return number(distance)
    return number(distance, 1) if distance >= 0.05 else "< 0,1"


def count(n: int, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun: ``0 quartier``, ``1 quartier``, ``2 quartiers``."""
    noun = singular if abs(n) < 2 else (plural or f"{singular}s")
    return f"{number(n)}{NBSP}{noun}"


def rank(place: int, ties: int = 1) -> str:
    """Write a rank, and how many share it: ``1er``, ``63e``, ``63e ex aequo (10)``."""
    text = f"{number(place)}{'er' if place == 1 else 'e'}"
    return text if ties < 2 else f"{text} ex aequo ({number(ties)})"


def gap(value: float, reference: float, decimals: int) -> float:
    """Subtract two figures as they are written, so that a reader finds the same gap."""
    return round(round(value, decimals) - round(reference, decimals), decimals)


def date_fr(day: dt.date) -> str:
    """Write a date in full: ``1er janvier 2020``, ``21 novembre 2026``."""
    if day.day == 1:
        return f"1er{NBSP}{format_date(day, 'MMMM yyyy', locale=LOCALE)}"
    return str(format_date(day, "d MMMM yyyy", locale=LOCALE)).replace(" ", NBSP, 1)


def lower_ascii(text: str) -> str:
    """Write a text in lower case, without accents nor any letter that ASCII has not.

    >>> lower_ascii("Île-de-France")
    'ile-de-france'
    """
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


_HIGH: Final = re.compile(r"[ \u00a0](?=[;?!])")
_WIDE: Final = re.compile(r" (?=[:»%€‰])")
_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=[\w«])")


def typeset(text: str) -> str:
    """Put the no-break spaces and the apostrophes that French typography wants.

    Parameters
    ----------
    text : str
        A sentence, not an address nor a code.

    Examples
    --------
    >>> typeset("l'essai : « oui » ; 12 %").replace(NBSP, "_").replace(NNBSP, "^")
    'l’essai_: «_oui_»^; 12_%'
    """
    return _APOSTROPHE.sub("’", spaced(text))


def spaced(text: str) -> str:
    """Put the no-break spaces only: names keep their letters as their source writes them.

    Parameters
    ----------
    text : str
        A title or a label.

    Examples
    --------
    >>> spaced("autour de : L'Haÿ-les-Roses").replace(NBSP, "_")
    "autour de_: L'Haÿ-les-Roses"
    """
    return _WIDE.sub(NBSP, _HIGH.sub(NNBSP, text)).replace("« ", f"«{NBSP}")
