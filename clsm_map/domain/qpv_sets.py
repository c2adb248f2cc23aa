"""The sets of QPV that sentences count: each a label with its mask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clsm_map.domain.devices import STATUSES, StatusId

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class QpvSet:
    """QPV that stand in one of some ways towards a type of device.

    Attributes
    ----------
    template : str
        French words that follow "quartiers"; ``{type}`` is the acronym of the device.
    statuses : tuple of StatusId
        The statuses of its QPV, in their order.
    """

    template: str
    statuses: tuple[StatusId, ...]

    def words(self, type_: str) -> str:
        """Name the set, after "quartiers".

        >>> WITHOUT_ACTIVE.words("CLS")
        'sans CLS actif recensé'
        """
        return self.template.format(type=type_)

    def mask(self, statuses: pd.Series) -> pd.Series:
        """Tell which statuses are of the set; aligned with ``statuses``."""
        return statuses.isin(self.statuses)


def _all_but(*left_out: StatusId) -> tuple[StatusId, ...]:
    return tuple(status for status in STATUSES if status not in left_out)


COVERED: Final = QpvSet("dans le périmètre d’un {type} actif recensé", ("couvert",))
TOUCHED: Final = QpvSet(
    "dans le périmètre d’un {type} actif recensé, en entier ou en partie",
    ("couvert", "couvert_en_partie"),
)
NOT_WHOLE: Final = QpvSet("qu’aucun {type} actif recensé ne couvre en entier", _all_but("couvert"))
WITHOUT_ACTIVE: Final = QpvSet("sans {type} actif recensé", _all_but(*TOUCHED.statuses))
"""Projects and devices to be checked are of it: what they hold, no active device holds."""
WITHOUT_RECORDED: Final = QpvSet(
    "sans {type} recensé", _all_but(*TOUCHED.statuses, "en_projet", "a_verifier")
)
"""No perimeter recorded holds them, be it active, in project or to be checked."""


def kept_words(statuses: Collection[str], type_: str) -> str:
    """Name what a filter keeps, after "quartiers": a set if it is one, else the statuses.

    >>> kept_words(WITHOUT_ACTIVE.statuses, "CLSM"), kept_words(["en_projet"], "CLSM")
    ('sans CLSM actif recensé', 'en projet')
    """
    for known in (WITHOUT_RECORDED, WITHOUT_ACTIVE, COVERED, TOUCHED, NOT_WHOLE):
        if set(statuses) == set(known.statuses):
            return known.words(type_)
    return " ou ".join(STATUSES[i].label for i in STATUSES if i in statuses)
