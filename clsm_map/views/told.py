"""What is said of a figure: its title, its finding, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from clsm_map.domain.indicators import Indicator
from clsm_map.formats import count
from clsm_map.store.snapshot import Snapshot
from clsm_map.views import captions

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
            f"{i.libelle}. {captions.indicator_source(snapshot, i, year, level)} {i.prudence}"
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
