"""The territories of a level on one indicator: ranked, spread out, and région by région."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from clsm_map.analysis.comparison.profile import TO_CONFIRM
from clsm_map.analysis.comparison.values import level_refusal, year_for
from clsm_map.analysis.comparison.within import place_text, ranking
from clsm_map.analysis.distribution import Histogram, boxes, histogram
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, Indicator, marked
from clsm_map.domain.territories import (
    LEVEL_LABELS,
    MAYOTTE_CENSUS,
    OVERSEAS,
    Level,
    Territory,
    census,
    one_each,
)
from clsm_map.formats import NBSP, NNBSP, count, number, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import frame_of

LEVELS_BY_PREFERENCE: Final[tuple[Level, ...]] = (
    "departement", "epci", "commune", "region", "qpv", "arrondissement",
)  # fmt: skip
MAX_ROWS: Final = 2_000
"""Rows of a ranking sent to the browser."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """Territories of a level on one indicator.

    Attributes
    ----------
    inside : Territory
        Where they are taken.
    territory : Territory
        The one that is looked at; it is among them or it is not.
    year : int or None
        ``None`` when the producer does not state it.
    frame : pandas.DataFrame
        See `clsm_map.analysis.comparison.within.ranking`.
    regions : pandas.Series
        Name of the région by code of territory.
    """

    indicator: Indicator
    level: Level
    inside: Territory
    territory: Territory
    year: int | None
    frame: pd.DataFrame
    regions: pd.Series

    @property
    def title(self) -> str:
        """What, where and when."""
        return f"{self.indicator.libelle}, {LEVEL_LABELS[self.level][1]} ({self.inside.nom})"

    @property
    def year_text(self) -> str:
        """The year, or the fact that its producer does not state it."""
        return self.indicator.when(self.year)

    @cached_property
    def known(self) -> pd.Series:
        """Values by code, missing where secret or not known."""
        values = self.frame["valeur"].where(self.frame["statut"].isin(GIVEN))
        return values.set_axis(pd.Index(self.frame["code"])).astype(float)

    @property
    def own_value(self) -> float:
        """Value of the territory looked at, missing when it is not among them."""
        return float(self.known.get(self.territory.code, float("nan")))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Rows of the ranking that have a value, the highest first."""
        return self.frame.loc[self.known.notna().to_numpy()]

    @cached_property
    def histogram(self) -> Histogram:
        """Counts of territories by interval of value."""
        return histogram(self.known)

    @cached_property
    def boxes(self) -> pd.DataFrame:
        """Summary of the values by région; see `clsm_map.analysis.distribution.boxes`."""
        return boxes(self.known, self.regions)

    @property
    def has_regions(self) -> bool:
        """Whether the territories are of several régions."""
        here = self.regions.reindex(self.known.index).dropna()
        return self.level != "region" and len(set(here)) > 1

    def text(self, value: float) -> str:
        """Write a value with its unit."""
        return with_unit(value, self.indicator.unite, self.indicator.decimales)

    def told(self, row: pd.Series) -> str:
        """Write the value of a row of the ranking, marked where it is to be confirmed."""
        return marked(self.text(float(row["valeur"])), row["statut"])

    @property
    def finding(self) -> str:
        """State the spread, and the place of the territory, in one sentence with its figures."""
        known = self.rows
        if known.empty:
            return "Aucune valeur n’est connue ici pour cet indicateur."
        low, high = known.iloc[-1], known.iloc[0]
        said = (
            f"{count(len(known), *LEVEL_LABELS[self.level]).capitalize()} avec une valeur, de "
            f"{self.told(low)} ({low['nom']}) à "
            f"{self.told(high)} ({high['nom']}){NNBSP}; médiane, "
            f"{one_each(self.level)}{NBSP}: {self.text(float(known['valeur'].median()))}."
        )
        own = known.loc[known["code"] == self.territory.code]
        if own.empty or self.territory.level != self.level:
            return said
        row = own.iloc[0]
        return (
            f"{said} {self.territory.nom}{NBSP}: {self.told(row)}, "
            f"{place_text({**row.to_dict(), 'n_pairs': len(known)}, LEVEL_LABELS[self.level][1])}."
        )

    @property
    def cautions(self) -> list[str]:
        """List what must be known before quoting."""
        said = [self.indicator.prudence] if self.indicator.prudence else []
        missing = int(self.known.isna().sum())
        if missing:
            statuses = self.frame.loc[self.known.isna().to_numpy(), "statut"].value_counts()
            parts = [
                f"{number(n)} {VALUE_STATUSES[s]}"
                for s, n in statuses.items()
                if s in VALUE_STATUSES
            ]
            said.append(
                f"Sans valeur, et donc ni classés ni comptés dans la médiane{NBSP}: "
                f"{', '.join(parts)}."
            )
        doubtful = self.frame.loc[self.frame["statut"] == "a_confirmer", "nom"]
        if len(doubtful):
            said.append(f"{TO_CONFIRM} ({', '.join(doubtful)}).")
        where = (
            self.frame["nom"] if self.level == "region" else self.frame["code"].map(self.regions)
        )
        if where.eq("Mayotte").any():
            said.append(MAYOTTE_CENSUS)
        small = int(self.frame["effectif_faible"].sum())
        if small:
            said.append(
                f"Moins de 1 000 habitants pour {count(small, 'territoire')}{NBSP}: quelques "
                "ménages y déplacent un taux."
            )
        return said

    def table(self, minimum: int = 0, *, known_only: bool = False) -> pd.DataFrame:
        """Give the ranking as a table in French, filtered.

        Parameters
        ----------
        minimum : int, optional
            Least number of inhabitants; above zero it drops those whose population is unknown.
        known_only : bool, optional
            Whether territories without a value are left out.

        Returns
        -------
        pandas.DataFrame
            ``Rang, Ex aequo, Code, Territoire, Région, Valeur`` (named with the unit)``,
            Centile, Habitants, Donnée, À savoir``.
        """
        kept = self.frame
        if minimum > 0:
            kept = kept.loc[kept["population"] >= minimum]
        if known_only:
            kept = kept.loc[kept["statut"].isin(GIVEN)]
        unit = f" ({self.indicator.unite})" if self.indicator.unite else ""
        table = pd.DataFrame(
            {
                "Rang": kept["rang"],
                "Ex aequo": kept["ex_aequo"].where(kept["ex_aequo"] > 1),
                "Territoire": kept["nom"],
                "Code": kept["code"],
                "Région": kept["code"].map(self.regions),
                f"Valeur{unit}": kept["valeur"].round(self.indicator.decimales),
                "Centile": kept["percentile"].round(),
                f"Habitants ({census(self.level)})": kept["population"],
                "Donnée": kept["statut"].map(VALUE_STATUSES),
                "À savoir": kept["effectif_faible"].map({True: "petit effectif", False: ""}),
            }
        )
        return table.drop(columns="Région") if self.level == "region" else table

    def histogram_table(self) -> pd.DataFrame:
        """Give the bars as a table: bounds of each interval, number of territories."""
        bins = self.histogram.bins
        return pd.DataFrame(
            {
                "De": [self.text(v) for v in bins["debut"]],
                "À": [self.text(v) for v in bins["fin"]],
                LEVEL_LABELS[self.level][1].capitalize(): bins["effectif"],
            }
        )

    def box_table(self) -> pd.DataFrame:
        """Give the boxes as a table, one row per région."""
        rows = self.boxes
        names = {
            "minimum": "Minimum", "q1": "1er quartile", "mediane": "Médiane",
            "q3": "3e quartile", "maximum": "Maximum",
        }  # fmt: skip
        table = pd.DataFrame({"Région": rows["groupe"], "Avec une valeur": rows["n"]})
        for column, name in names.items():
            table[name] = rows[column].astype(float).round(self.indicator.decimales)
        return table.assign(**{"Sans valeur": rows["manquants"]})

    @property
    def box_finding(self) -> str:
        """State which régions have the lowest and the highest median."""
        rows = self.boxes.dropna(subset=["mediane"])
        if len(rows) < 2:
            return self.finding
        low, high = rows.iloc[0], rows.iloc[-1]
        plural = LEVEL_LABELS[self.level][1]
        return (
            f"Médiane des {plural} de la région, {one_each(self.level)}{NBSP}: de "
            f"{self.text(float(low['mediane']))} ({low['groupe']}) à "
            f"{self.text(float(high['mediane']))} ({high['groupe']})."
        )


def suitable_level(indicator: Indicator, territory: Territory, asked: str) -> tuple[Level, str]:
    """Choose the level to rank: the one asked for, that of the territory, or the usual one.

    Parameters
    ----------
    asked : str
        Level of the link, or empty.

    Returns
    -------
    notice : str
        Why another level than the one wanted is shown, else empty.
    """
    wanted = asked or (territory.level if territory.level != "france" else "")
    offered = [level for level in LEVELS_BY_PREFERENCE if level in indicator.niveaux]
    for level in offered:
        if level == wanted:
            return level, ""
    notice = level_refusal(indicator, wanted) if wanted else ""
    return offered[0], notice


def ranked(
    snapshot: Snapshot, indicator: str, level: Level, territory: Territory, inside: Territory
) -> Ranked:
    """Rank the territories of a level.

    Parameters
    ----------
    territory : Territory
        The one that is looked at.
    inside : Territory
        Where they are taken.

    Raises
    ------
    InvalidInputError
        The indicator is not given at that level, or the place holds no territory of it.
    """
    definition = snapshot.indicators[indicator]
    frame = ranking(snapshot, indicator, level, inside=inside)
    if frame.empty:
        raise InvalidInputError(
            f"{inside.nom} ne contient aucun territoire de cet échelon ({LEVEL_LABELS[level][1]})."
        )
    year = year_for(snapshot, definition, level, None)
    return Ranked(definition, level, inside, territory, year, frame, regions_of(snapshot, level))


def regions_of(snapshot: Snapshot, level: Level) -> pd.Series:
    """Give the name of the région of each territory of a level, by code.

    Parameters
    ----------
    level : Level
        Not ``france``.

    Returns
    -------
    pandas.Series of str
        Overseas collectivités, which lie in no région, give their own name.
    """
    table = frame_of(snapshot, level)
    names = snapshot.regions.set_index("code")["nom"]
    codes = table["code"] if level == "region" else table["region"]
    found = codes.map(names)
    if level == "qpv":
        found = found.fillna(table["departement"].map(OVERSEAS))
    return found.set_axis(pd.Index(table["code"]))
