"""What is said of a figure: title, finding, source, vintage, geography, denominator, cautions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from clsm_map.analysis.coverage import Coverage, pages_of
from clsm_map.analysis.harvest import main_sources
from clsm_map.domain.indicators import Indicator
from clsm_map.formats import count, date_fr
from clsm_map.store.register import producers
from clsm_map.store.snapshot import Snapshot

QPV_GEOGRAPHY = "géographie 2024, version de janvier 2026"


def indicator_source(
    snapshot: Snapshot, indicator: Indicator, year: int | None, level: str = ""
) -> str:
    """Give producer, title, vintage, geography and denominator of an indicator, in one line."""
    source = snapshot.sources[indicator.source_of(level, year)]
    parts = [
        f"Source : {source.producteur}, {source.titre}, {indicator.when(year)}",
        f"géographie : {indicator.geographie}",
    ]
    if indicator.denominateur:
        parts.append(f"dénominateur : {indicator.denominateur}")
    return " ; ".join(parts) + "."


def year_words(indicator: Indicator, year: int | None) -> str:
    """Write the year after a label; a density counts devices on the date of the situation."""
    if indicator.theme == "dispositifs":
        return ""
    return f", {indicator.when(year)}"


def qpv_source() -> str:
    """Give the source of QPV contours and populations, in one line."""
    return (
        f"Quartiers : ANCT, {QPV_GEOGRAPHY} (contours généralisés à 20 m) ; "
        "habitants : RP 2020, non publiés en Polynésie française, à Saint-Martin et à Mayotte."
    )


def poverty_source(snapshot: Snapshot) -> str:
    """Give the source of the poverty rate of QPV, in one line."""
    indicator = snapshot.indicators["taux_pauvrete"]
    return indicator_source(snapshot, indicator, indicator.derniere_annee, "qpv")


def device_source(coverage: Coverage) -> str:
    """Give the source of the devices of a type, and the date they describe."""
    recorded = count(len(coverage.devices), f"{coverage.type} recensé", f"{coverage.type} recensés")
    pages = origin_words(coverage)
    return (
        f"{recorded}, chacun d’après une page citée"
        + (f" ({pages})" if pages else "")
        + f" ; {coverage.ground.collected} ; situation au {date_fr(coverage.on)}."
    )


def origin_words(coverage: Coverage) -> str:
    """Say of the devices of a type how old their pages are, and who publishes many of them."""
    pages = pages_of(coverage.ground.dispositifs, coverage.type).words
    return " ; ".join(part for part in (pages, main_sources(coverage, producers())) if part)


def on_date(day: dt.date, today: dt.date) -> str:
    """Write the date of a situation: "aujourd’hui" is never left without its date."""
    return f"au {date_fr(day)}" + (" (aujourd’hui)" if day == today else "")


MOST_ROWS: Final = 8
"""Rows of a chart that a stage shows in letters large enough."""


def shown_rows(of: int, which: str, most: int = MOST_ROWS) -> str:
    """Say that a figure shows some of its rows; nothing when it shows them all.

    >>> shown_rows(18, "régions les plus peuplées")
    'La figure montre les 8 régions les plus peuplées, sur 18.'
    >>> shown_rows(8, "régions les plus peuplées")
    ''
    """
    return f"La figure montre les {most} {which}, sur {of}." if of > most else ""


_APART: Final = 2
"""Indicators beyond which sources are gathered."""


@dataclass(frozen=True, slots=True)
class Told:
    """What goes with a figure wherever it goes.

    Attributes
    ----------
    title : str
        What, where and when.
    finding : str
        One sentence with its figures, read in place of the figure by those who do not see it.
    notes : tuple of str
        Sources, denominators, cautions: a paragraph each.
    """

    title: str
    finding: str
    notes: tuple[str, ...] = ()


def indicator_cautions(indicators: Iterable[Indicator], *, first: bool = False) -> tuple[str, ...]:
    """Give the caution of each indicator shown, those that share one gathered under it.

    Parameters
    ----------
    first : bool, optional
        Only the first sentence of each, where room is short.

    Returns
    -------
    tuple of str
        "Hospitalisations, Tentatives de suicide : Taux brut, non standardisé.", in the order of the
        indicators.
    """
    said: dict[str, list[str]] = {}
    for indicator in indicators:
        text = indicator.prudence
        if first and ". " in text:
            text = f"{text.partition('. ')[0]}."
        if text:
            said.setdefault(text, []).append(indicator.libelle_court)
    return tuple(f"{', '.join(dict.fromkeys(names))} : {text}" for text, names in said.items())


def source_notes(
    snapshot: Snapshot,
    pairs: Iterable[tuple[Indicator, int | None]],
    *others: str,
    level: str = "",
) -> tuple[str, ...]:
    """Give the sources and the cautions of a figure: one line by indicator, or gathered when many.

    Parameters
    ----------
    pairs : iterable of (Indicator, int or None)
        Indicators shown and their years.
    *others : str
        Lines added as they are.
    level : str, optional
        Level shown, where sources differ by level.
    """
    shown = list(pairs)
    if len(shown) <= _APART:
        lines = [
            f"{i.libelle}. {indicator_source(snapshot, i, year, level)} {i.prudence}"
            for i, year in shown
        ]
        return (*(line.strip() for line in lines), *others)
    used: dict[str, int] = {}
    for indicator, year in shown:
        source = snapshot.sources[indicator.source_of(level, year)]
        named = f"{source.producteur}, {source.titre}, {source.millesime}"
        used[named] = used.get(named, 0) + 1
    listed = " ; ".join(f"{named} ({count(n, 'indicateur')})" for named, n in used.items())
    return (f"Sources : {listed}.", *others, *indicator_cautions(i for i, _ in shown))
