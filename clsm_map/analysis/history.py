"""Devices and QPV covered at each 1 January: what is computed here, and what was published.

The two are never merged: the first counts the devices recorded, the second comes from pages that
counted all of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.analysis.activity import ACTIVE, UNKNOWN_START, devices_on
from clsm_map.analysis.centre import devices_of
from clsm_map.analysis.coverage import statuses
from clsm_map.analysis.ground import qpv_of
from clsm_map.domain.evidence import UNDATED
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.formats import date_fr, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clsm_map.analysis.ground import Ground

SERIES: Final[dict[str, str]] = {
    "dispositifs": "dispositifs actifs",
    "projets": "dispositifs en projet",
    "qpv_couverts": "QPV couverts",
    "couvrant_un_qpv": "dispositifs couvrant au moins un QPV",
    "habitants": "habitants couverts",
}
"""Published series, by id, with their French label."""

_LABELS: Final[dict[str, str]] = {
    "dispositifs": (
        r"nombre (?:de |d')(?:CLSM|CLS|ASV)"
        r"(?: actifs| en fonctionnement| fonctionnels| en place| signés)?"
    ),
    "projets": r"nombre (?:de |d')(?:CLSM|CLS|ASV) en projet",
    "qpv_couverts": r"QPV couverts par (?:un CLSM|les CLSM actifs)",
    "couvrant_un_qpv": r"CLSM(?: actifs)? couvrant (?:au moins un|un ou plusieurs) QPV",
    "habitants": r"population couverte par un CLSM",
}
"""Series of each label of the published figures; other labels (shares, means, surveys) are not
counts that a curve of devices or QPV can stand beside."""

_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def computed_history(
    ground: Ground,
    type_: str,
    years: Iterable[int],
    *,
    today: dt.date,
    territory: Territory = FRANCE,
) -> pd.DataFrame:
    """Count the devices recorded and the QPV they cover at each 1 January.

    A device counts in ``dispositifs`` when it is active on that day with a known first year, before
    that year or by a page of that day (see `clsm_map.analysis.activity.devices_on`). One recorded
    as active whose first year is unknown, unless something else makes it doubtful (its last year
    has passed, its last sign is too old), is counted apart, at every date alike: nobody knows
    whether it existed then. QPV are those of the 2024 geography at every date.


    Gives ``annee, date, dispositifs, debut_inconnu`` (devices apart), ``qpv_couverts,
    qpv_couverts_en_partie`` (by the former), ``qpv_couverts_debut_inconnu`` (QPV wholly covered
    only if the devices apart already existed).
    """
    here = devices_of(ground, territory)
    wanted = qpv_of(ground, territory).to_numpy()
    rows = []
    for year in years:
        day = dt.date(year, 1, 1)
        devices = devices_on(ground.dispositifs, type_, day, today=today)
        dated = (devices["role"] == ACTIVE) & ~devices["debut_inconnu"]
        apart = (
            devices["debut_inconnu"]
            & (devices["statut"] == "actif")
            & ((devices["role"] == ACTIVE) | (devices["motif"] == UNKNOWN_START))
        )
        local = devices["id"].isin(here)
        known, possible = (
            statuses(ground.links, devices.loc[kept].assign(role=ACTIVE))[wanted]
            for kept in (dated, dated | apart)
        )
        rows.append(
            {
                "annee": year,
                "date": day,
                "dispositifs": int((dated & local).sum()),
                "debut_inconnu": int((apart & local).sum()),
                "qpv_couverts": int((known == "couvert").sum()),
                "qpv_couverts_en_partie": int((known == "couvert_en_partie").sum()),
                "qpv_couverts_debut_inconnu": int(
                    ((possible == "couvert") & (known != "couvert")).sum()
                ),
            }
        )
    return pd.DataFrame(rows)


def published_series(
    chiffres: pd.DataFrame, type_: str, territoire: str = "France"
) -> pd.DataFrame:
    """Select the published figures that stand beside the computed ones.

    A figure belongs to a series by its label, its qualifier in brackets apart:

    - ``dispositifs``: "nombre de CLSM", "… actifs", "… en fonctionnement", "… fonctionnels",
      "… en place", "… signés" (the same with ASV and CLS);
    - ``projets``: "nombre de CLSM en projet";
    - ``qpv_couverts``: "QPV couverts par un CLSM", "… par les CLSM actifs";
    - ``couvrant_un_qpv``: "CLSM couvrant au moins un QPV", "CLSM actifs couvrant au moins un
      QPV", "CLSM couvrant un ou plusieurs QPV";
    - ``habitants``: "population couverte par un CLSM".

    ``chiffres``: ``annee, territoire, theme, indicateur, valeur, unite, source, note``.
    ``type_``: ``CLSM``, ``ASV`` or ``CLS``; themes ``CLSM`` and ``CLSM et QPV`` for the first.

    Gives ``serie`` (id of `SERIES`), ``annee`` (nullable: the page may be undated), ``date`` (where
    the point stands in time: the 1 January or 31 December that the label says, the first day of its
    month, else 1 July; missing without a year), ``moment`` (what the label says, may be empty),
    ``valeur, unite, indicateur, source, note``; by series and date.
    """
    rows = chiffres.loc[
        (chiffres["territoire"] == territoire) & chiffres["theme"].isin([type_, f"{type_} et QPV"])
    ]
    parts = []
    for serie, label in _LABELS.items():
        read = rows["indicateur"].str.extract(rf"^(?P<label>{label})(?: \((?P<moment>[^)]+)\))?$")
        part = rows.assign(serie=serie, moment=read["moment"].fillna(""))
        parts.append(part.loc[read["label"].notna()])
    found = pd.concat(parts)
    found["valeur"] = pd.to_numeric(found["valeur"], errors="coerce").astype("float64")
    found = found.dropna(subset="valeur")
    found["annee"] = pd.to_numeric(found["annee"], errors="coerce").astype("Int64")
    moments = zip(found["annee"], found["moment"], strict=True)
    days = [None if pd.isna(year) else _moment(int(year), text) for year, text in moments]
    found["date"] = pd.to_datetime(pd.Series(days, index=found.index, dtype="object"))
    found["rang"] = found["serie"].map(list(SERIES).index)
    columns = [
        "serie", "annee", "date", "moment", "valeur", "unite", "indicateur", "source", "note",
    ]  # fmt: skip
    return found.sort_values(["rang", "date", "valeur"], ignore_index=True)[columns]


@dataclass(frozen=True, slots=True)
class Announced:
    """The numbers of active devices published for France, each with its date.

    ``latest``: the most recent of those that are dated.
    ``when``: its date in words: "mai 2025", "31 mars 2009", "2017".
    ``undated``: the highest of those whose page is not dated, when it differs.
    """

    latest: int | None
    when: str
    undated: int | None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers, lowest first."""
        return tuple(sorted(v for v in (self.latest, self.undated) if v is not None))

    @property
    def words(self) -> str:
        """The numbers, each with its date: "280 (mai 2025) à 298 (page non datée)"."""
        dated = [(self.latest, self.when), (self.undated, f"page {UNDATED}")]
        known = sorted((value, when) for value, when in dated if value is not None)
        return " à ".join(f"{number(value)} ({when})" for value, when in known)

    def share(self, n: int) -> str:
        """Say what share of them a number of devices is: "41 à 43 %"."""
        shares = sorted({round(100 * n / value) for value in self.numbers})
        return " à ".join([*(number(s) for s in shares[:-1]), percent(shares[-1], 0)])


def announced_total(chiffres: pd.DataFrame, type_: str) -> Announced | None:
    """Give the numbers of active devices published for France: the latest, and an undated one.

    The latest and not the highest, since a number of devices goes down too.


    Gives ``None`` when no national figure is published.
    """
    return announced_in(published_series(chiffres, type_))


def announced_in(published: pd.DataFrame) -> Announced | None:
    """Give the same from the series of a territory: see `published_series`."""
    rows = published.loc[published["serie"] == "dispositifs"]
    dated = rows.dropna(subset="date").sort_values("date", kind="stable")
    undated = rows.loc[rows["date"].isna(), "valeur"]
    if rows.empty:
        return None
    latest, when = None, ""
    if len(dated):
        last = dated.iloc[-1]
        latest, when = int(last["valeur"]), _when(last)
    highest = None if undated.empty else int(undated.max())
    return Announced(latest, when, None if highest == latest else highest)


def _when(row: pd.Series) -> str:
    """Write the date of a published figure as precisely as its label gives it."""
    moment = str(row["moment"])
    if any(sign.isdigit() for sign in moment):
        return date_fr(row["date"].date())
    return f"{moment} {row['annee']}".strip()


def _moment(year: int, text: str) -> dt.date:
    """Read "31/12", "1er janvier", "novembre" or "début d'année" within a year."""
    day, _, month = text.partition("/")
    if month.isdigit() and day.isdigit():
        return dt.date(year, int(month), int(day))
    if text.startswith("début"):
        return dt.date(year, 1, 1)
    month = text.removeprefix("1er ")
    return dt.date(year, 1 + _MONTHS.index(month) if month in _MONTHS else 7, 1)
