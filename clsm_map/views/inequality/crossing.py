"""Two indicators over the territories of a level, and what their correlation may be taken for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from clsm_map.analysis.comparison.references import members
from clsm_map.analysis.comparison.values import is_count, year_for
from clsm_map.analysis.distribution import Correlation, correlate
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, Indicator, marked
from clsm_map.domain.territories import LEVEL_LABELS, Level, Territory, census
from clsm_map.formats import NBSP, NNBSP, count, number, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.captions import indicator_cautions


@dataclass(frozen=True, eq=False)
class Crossing:
    """Two indicators over the same territories.

    Attributes
    ----------
    years : tuple of (int or None)
        Year of each.
    inside, territory : Territory
        Where the territories are taken; the one looked at.
    frame : pandas.DataFrame
        ``code, nom, population, x, y``: those where both are known; ``x_statut, y_statut``.
    """

    x: Indicator
    y: Indicator
    years: tuple[int | None, int | None]
    level: Level
    inside: Territory
    territory: Territory
    frame: pd.DataFrame
    correlation: Correlation

    @property
    def title(self) -> str:
        """What and where."""
        plural = LEVEL_LABELS[self.level][1]
        return f"{self.x.libelle_court} et {self.y.libelle_court}, {plural} ({self.inside.nom})"

    @property
    def finding(self) -> str:
        """State the correlation, and where the territory looked at stands."""
        own = self.frame.loc[self.frame["code"] == self.territory.code]
        phrase = self.correlation.phrase
        names = f"{self.x.libelle_court} et {self.y.libelle_court}"
        said = f"{names}{NBSP}: {phrase[0].lower()}{phrase[1:]}"
        if own.empty or self.territory.level != self.level:
            return said
        row = own.iloc[0]
        first, second = (self.told(name, row) for name in ("x", "y"))
        return f"{said} {self.territory.nom}{NBSP}: {first} et {second}."

    @property
    def cautions(self) -> list[str]:
        """List what must be said with the figure."""
        said = [*self.correlation.prudence, *indicator_cautions((self.x, self.y))]
        first, second = self.years
        if first != second:
            names = [
                f"{i.libelle_court} ({i.when(y)})"
                for i, y in zip((self.x, self.y), self.years, strict=True)
            ]
            said.append(
                f"Les deux indicateurs ne sont pas de la même année{NBSP}: {', '.join(names)}."
            )
        if self.x.geographie != self.y.geographie:
            said.append(
                f"Leurs géographies diffèrent{NBSP}: {self.x.geographie}{NNBSP}; "
                f"{self.y.geographie}."
            )
        missing = self.correlation.manquants
        if missing:
            said.append(f"Sans l’une des deux valeurs{NBSP}: {count(missing, 'territoire')}.")
        return said

    def told(self, name: str, row: Mapping[Hashable, object] | pd.Series) -> str:
        """Write a value of a dot, ``x`` or ``y``, with its unit; marked if to be confirmed."""
        indicator = self.x if name == "x" else self.y
        value = with_unit(float(str(row[name])), indicator.unite, indicator.decimales)
        return marked(value, row[f"{name}_statut"])

    def table(self) -> pd.DataFrame:
        """Give the dots as a table: ``Territoire, Code``, both values, ``Habitants``."""
        frame = self.frame
        return pd.DataFrame(
            {
                "Territoire": frame["nom"],
                "Code": frame["code"],
                _heading(self.x): frame["x"].round(self.x.decimales),
                _heading(self.y): frame["y"].round(self.y.decimales),
                f"Habitants ({census(self.level)})": frame["population"],
                "À savoir": [
                    VALUE_STATUSES["a_confirmer"] if "a_confirmer" in pair else ""
                    for pair in zip(frame["x_statut"], frame["y_statut"], strict=True)
                ],
            }
        )


def common_levels(x: Indicator, y: Indicator) -> list[Level]:
    """List the levels at which two indicators are both given, France apart.

    Raises
    ------
    InvalidInputError
        There is none, with the levels of each.
    """
    both: list[Level] = [level for level in x.niveaux if level in y.niveaux and level != "france"]
    if not both:
        given = " ; ".join(
            f"{i.libelle_court}{NBSP}: {', '.join(LEVEL_LABELS[n][1] for n in i.niveaux)}"
            for i in (x, y)
        )
        raise InvalidInputError(
            f"Ces deux indicateurs ne sont donnés à aucun échelon commun ({given}){NNBSP}: les "
            "croiser n’aurait pas de sens."
        )
    return both


def crossing(
    snapshot: Snapshot, x: str, y: str, level: Level, territory: Territory, inside: Territory
) -> Crossing:
    """Cross two indicators over the territories of a level.

    Parameters
    ----------
    x, y : str
        Indicators.
    territory : Territory
        The one looked at.
    inside : Territory
        Where they are taken.

    Raises
    ------
    InvalidInputError
        The same indicator twice, a number of things, all the communes of France at once, or fewer
        than three territories where both are known.
    """
    first, second = snapshot.indicators[x], snapshot.indicators[y]
    if x == y:
        raise InvalidInputError("Choisissez deux indicateurs différents.")
    if is_count(first) or is_count(second):
        raise InvalidInputError(
            "Un nombre dépend de la taille du territoire\u202f: croisez deux taux, deux parts ou "
            "deux indices."
        )
    if level == "commune" and inside.level == "france":
        raise InvalidInputError(
            f"{number(len(snapshot.communes_all))} points ne se lisent pas\u202f: choisissez un "
            "territoire, puis sa région ou son département dans « Pris dans »."
        )
    frame = members(snapshot, level, inside)
    years = []
    for name, indicator in (("x", first), ("y", second)):
        year = year_for(snapshot, indicator, level, None)
        years.append(year)
        rows = snapshot.indicator(indicator.id, level, year)
        known = rows["valeur"].where(rows["statut"].isin(GIVEN))
        frame[name] = frame["code"].map(known.set_axis(pd.Index(rows["code"]))).astype(float)
        statuses = rows["statut"].set_axis(pd.Index(rows["code"]))
        frame[f"{name}_statut"] = frame["code"].map(statuses)
    by_code = frame.set_index("code")
    found = correlate(
        by_code["x"], by_code["y"], by_code["population"], noun=LEVEL_LABELS[level][1]
    )
    both = frame.dropna(subset=["x", "y"]).reset_index(drop=True)
    return Crossing(first, second, (years[0], years[1]), level, inside, territory, both, found)


def _heading(indicator: Indicator) -> str:
    return indicator.libelle_court + (f" ({indicator.unite})" if indicator.unite else "")
