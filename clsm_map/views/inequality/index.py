"""The need index as people argue with it: ranking, rank intervals, what makes each score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from clsm_map.analysis.comparison.references import members
from clsm_map.analysis.comparison.values import is_count
from clsm_map.analysis.need import DEFAULTS, NeedIndex
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.selection import IndexLevel
from clsm_map.domain.territories import Territory, census
from clsm_map.formats import NBSP, NNBSP, count, number
from clsm_map.store.snapshot import Snapshot

NOT_OFFICIAL: Final = (
    "Cet indice n’est pas un score officiel\u202f: il ordonne des territoires pour en discuter, "
    "selon des composantes et des poids que chacun peut changer."
)
TOP_TENTH: Final = 0.1
NOUNS: Final[Mapping[IndexLevel, tuple[str, str]]] = {
    "qpv": ("quartier", "quartiers"),
    "commune": ("commune", "communes"),
}
"""What is ranked, one and several."""
_WHOLE: Final[Mapping[IndexLevel, str]] = {
    "qpv": "quartiers prioritaires",
    "commune": "communes",
}
_MEANS: Final = {"arithmetique": "arithmétique", "geometrique": "géométrique"}


def has_overseas(codes: pd.Series) -> bool:
    """Tell whether one of the QPV, communes or départements is of the overseas."""
    return bool(codes.str.removeprefix("QN").str[:2].isin(["97", "98"]).any())


def absent_overseas_text(labels: tuple[str, ...]) -> str:
    """Say which components no QPV, or no commune, of the overseas has; empty when none is."""
    if not labels:
        return ""
    return f"Outre-mer, aucune valeur n’est publiée pour{NBSP}: {', '.join(labels)}."


@dataclass(frozen=True, eq=False)
class IndexView:
    """The QPV, or the communes, of a territory by the need index.

    Attributes
    ----------
    index : NeedIndex
        Of all those of France.
    frame : pandas.DataFrame
        Those of the territory: ``code, nom, population, lieu`` (communes of a QPV, département of
        a commune) and the scores of the index, greatest need first, those without a score last.
    labels : mapping of str to str
        Short label of each component.
    inherited : frozenset of str
        Components whose values are those of a territory above.
    level : IndexLevel
        What is ranked.
    """

    index: NeedIndex
    territory: Territory
    frame: pd.DataFrame
    labels: Mapping[str, str]
    inherited: frozenset[str] = frozenset()
    level: IndexLevel = "qpv"

    @property
    def nouns(self) -> tuple[str, str]:
        """What is ranked, one and several."""
        return NOUNS[self.level]

    @property
    def title(self) -> str:
        """What and where."""
        return f"Indice de besoin des {_WHOLE[self.level]}, {self.territory.nom}"

    @property
    def recipe(self) -> str:
        """Say the components, their share of the weights and the mean, in one sentence."""
        total = sum(c.poids for c in self.index.components)
        parts = [
            f"{self.labels[c.indicateur]} {number(100 * c.poids / total)}{NBSP}%"
            for c in self.index.components
        ]
        return f"Moyenne {_MEANS[self.index.moyenne]} de{NBSP}: {', '.join(parts)}."

    @cached_property
    def scored(self) -> pd.DataFrame:
        """QPV of the territory that have a score."""
        return self.frame.loc[self.frame["score"].notna()]

    @property
    def finding(self) -> str:
        """State who is first, between which ranks, in one sentence with its figures."""
        n, (one, several) = self.index.n, self.nouns
        none = "aucune" if self.level == "commune" else "aucun"
        if self.scored.empty:
            return (
                f"{self.territory.nom}{NBSP}: {none} {one} n’a assez de composantes connues pour "
                "un score."
            )
        first = self.scored.iloc[0]
        top = int((self.scored["rang"] <= TOP_TENTH * n).sum())
        interval = self._interval(first)
        if len(self.scored) == 1:
            return (
                f"{first['nom']}{NBSP}: score {number(float(first['score']), 1)} sur 100, rang "
                f"{number(int(first['rang']))} sur {number(n)} {several} de France ({interval})."
            )
        return (
            f"{self.territory.nom}{NBSP}: {count(len(self.scored), one, several)} avec un score, "
            f"dont {number(top) if top else none} dans le dixième de France au besoin le plus "
            f"grand{NNBSP}; en tête, {first['nom']}, rang {number(int(first['rang']))} sur "
            f"{number(n)} ({interval})."
        )

    @property
    def cautions(self) -> list[str]:
        """List what must be known before quoting."""
        said = [NOT_OFFICIAL]
        without = len(self.frame) - len(self.scored)
        if without:
            said.append(
                f"Sans score, faute d’au moins la moitié des poids connus{NBSP}: "
                f"{count(without, *self.nouns)}."
            )
            absent = tuple(self.labels[i] for i in self.index.absent_overseas)
            if absent and has_overseas(self.frame.loc[self.frame["score"].isna(), "code"]):
                said.append(absent_overseas_text(absent))
        partial = int(self.scored["incomplet"].astype(bool).sum())
        if partial:
            said.append(
                f"Score incomplet (une composante au moins n’est pas connue{NNBSP}; les poids des "
                f"autres sont ramenés à 100 %){NBSP}: {count(partial, *self.nouns)}."
            )
        above = [
            self.labels[c.indicateur]
            for c in self.index.components
            if c.indicateur in self.inherited
        ]
        if above:
            whose = (
                "de la commune ou du département, la même pour tous ses quartiers"
                if self.level == "qpv"
                else "du département, la même pour toutes ses communes"
            )
            said.append(f"Valeur {whose}{NBSP}: {', '.join(above)}.")
        return said

    def table(self) -> pd.DataFrame:
        """Give the ranking as a table, a column of contribution per component."""
        rows = self.frame
        table = pd.DataFrame(
            {
                "Rang": rows["rang"],
                self.nouns[0].capitalize(): rows["nom"],
                "Communes" if self.level == "qpv" else "Département": rows["lieu"],
                "Score": rows["score"].round(1),
                "Sensibilité aux poids, de": rows["rang_min"],
                "Sensibilité aux poids, à": rows["rang_max"],
                f"Habitants ({census(self.level)})": rows["population"],
                "Score incomplet": rows["incomplet"].map({True: "oui", False: ""}),
            }
        )
        points = self.index.contributions.reindex(rows["code"])
        for name in points.columns:
            table[f"{self.labels[name]} (points)"] = points[name].round(1).to_numpy()
        return table.assign(Code=rows["code"])

    def contribution_rows(self, code: str) -> pd.DataFrame:
        """Give what makes a score, the heaviest first.

        Returns
        -------
        pandas.DataFrame
            ``composante, poids`` (%)``, percentile, points``; missing where the component is.
        """
        total = sum(c.poids for c in self.index.components)
        rows = pd.DataFrame(
            {
                "composante": [self.labels[c.indicateur] for c in self.index.components],
                "poids": [100 * c.poids / total for c in self.index.components],
                "percentile": self.index.percentiles.loc[code].to_numpy(dtype=float),
                "points": self.index.contributions.loc[code].to_numpy(dtype=float),
            }
        )
        order = rows["points"].abs().sort_values(ascending=False, na_position="last").index
        return rows.loc[order].reset_index(drop=True)

    def contribution_table(self, code: str) -> pd.DataFrame:
        """Give what makes a score as a table in French."""
        rows = self.contribution_rows(code)
        return pd.DataFrame(
            {
                "Composante": rows["composante"],
                "Poids (%)": rows["poids"].round(),
                "Centile de besoin": rows["percentile"].round(),
                "Points autour de 50": rows["points"].round(1),
            }
        )

    def contribution_finding(self, code: str) -> str:
        """State which component weighs most in a score."""
        row = self.frame.loc[self.frame["code"] == code].iloc[0]
        rows = self.contribution_rows(code).dropna(subset=["points"])
        if rows.empty:
            return f"{row['nom']}{NBSP}: pas de score, trop peu de composantes connues."
        first = rows.iloc[0]
        sign = "+" if float(first["points"]) > 0 else "−"
        return (
            f"{row['nom']}{NBSP}: score {number(float(row['score']), 1)}, rang "
            f"{number(int(row['rang']))} sur {number(self.index.n)} ({self._interval(row)})"
            f"{NNBSP}; ce qui pèse le plus{NBSP}: {first['composante']}, {sign}"
            f"{number(abs(float(first['points'])), 1)} points autour de 50."
        )

    def names(self) -> dict[str, str]:
        """Name those that have a score, by code, greatest need first."""
        rows = self.scored
        return {
            str(code): f"{nom} ({place})"
            for code, nom, place in zip(rows["code"], rows["nom"], rows["lieu"], strict=True)
        }

    @staticmethod
    def _interval(row: pd.Series) -> str:
        low, high = int(row["rang_min"]), int(row["rang_max"])
        if low == high:
            return "le même quand un poids varie de moitié"
        return f"entre {number(low)} et {number(high)} quand un poids varie de moitié"


def index_view(
    snapshot: Snapshot, index: NeedIndex, territory: Territory, level: IndexLevel = "qpv"
) -> IndexView:
    """Show the need index of the QPV, or of the communes, of a territory.

    Parameters
    ----------
    level : IndexLevel, optional
        That of the index.

    Raises
    ------
    InvalidInputError
        The territory holds none of them.
    """
    inside = _members(snapshot, territory, level)
    if inside.empty:
        raise InvalidInputError(
            f"{territory.nom} n’a pas de quartier prioritaire."
            if level == "qpv"
            else f"{territory.nom} n’est pas fait de communes : choisissez un territoire qui en a."
        )
    names = _places(snapshot, level)
    scores = index.scores.rename_axis("code").reset_index()
    frame = inside.merge(names[["code", "lieu"]], on="code").merge(scores, on="code", how="left")
    frame = frame.sort_values(["rang", "code"], na_position="last", ignore_index=True)
    own = [c.indicateur for c in index.components]
    return IndexView(
        index,
        territory,
        frame,
        {i: snapshot.indicators[i].libelle_court for i in own},
        frozenset(i for i in own if level not in snapshot.indicators[i].niveaux),
        level,
    )


def _members(snapshot: Snapshot, territory: Territory, level: IndexLevel) -> pd.DataFrame:
    if level == "commune" and territory.level in {"qpv", "arrondissement"}:
        return members(snapshot, level).iloc[:0]
    if territory.level == level:
        everywhere = members(snapshot, level)
        return everywhere.loc[everywhere["code"] == territory.code]
    return members(snapshot, level, territory)


def _places(snapshot: Snapshot, level: IndexLevel) -> pd.DataFrame:
    """Say where each is: ``code, lieu``."""
    if level == "qpv":
        rows = pd.DataFrame(snapshot.qpv)[["code", "noms_communes"]]
        return rows.assign(lieu=rows["noms_communes"].str.replace(";", ", ", regex=False))
    names = snapshot.departements.set_index("code")["nom"]
    rows = snapshot.communes_all[["code", "departement"]]
    return rows.assign(lieu=rows["departement"].map(names).fillna(rows["departement"]))


def component_indicators(
    indicators: Mapping[str, Indicator], level: IndexLevel = "qpv"
) -> list[str]:
    """List the indicators that may enter the index of the QPV, or of the communes.

    Rates and indices with a direction, given for them or for what holds them, and those of the
    default index, which reads as a need one that has no direction by itself.
    """
    usual = {c.indicateur for c in DEFAULTS[level]}
    reachable = {"qpv", "commune", "departement"} if level == "qpv" else {"commune", "departement"}
    return [
        i
        for i, d in indicators.items()
        if i in usual or (d.sens != "neutre" and not is_count(d) and reachable & set(d.niveaux))
    ]
