"""Indicators: what is measured, in which unit, for whom, by whom and how it may be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, cast, get_args

from clsm_map.domain.errors import SourceError
from clsm_map.domain.territories import LEVEL_LABELS, Level

Theme = Literal[
    "revenus_pauvrete",
    "emploi_prestations",
    "logement",
    "demographie",
    "acces_soins",
    "sante_mentale",
    "defavorisation",
    "poids_qpv",
    "dispositifs",
]
Direction = Literal["plus_defavorable", "plus_favorable", "neutre"]
Aggregation = Literal["somme", "rapport", "aucune"]
ValueStatus = Literal["disponible", "a_confirmer", "secret", "manquant", "sans_objet"]

THEMES: Final[dict[Theme, str]] = {
    "revenus_pauvrete": "Revenus et pauvreté",
    "emploi_prestations": "Emploi et prestations",
    "logement": "Logement",
    "demographie": "Population et démographie",
    "acces_soins": "Accès aux soins",
    "sante_mentale": "Santé mentale",
    "defavorisation": "Défavorisation sociale",
    "poids_qpv": "Poids des quartiers prioritaires",
    "dispositifs": "Présence des dispositifs",
}
"""Themes in the order in which they are offered."""

VALUE_STATUSES: Final[dict[ValueStatus, str]] = {
    "disponible": "disponible",
    "a_confirmer": "à confirmer",
    "secret": "secret statistique",
    "manquant": "non disponible",
    "sans_objet": "sans objet",
}
"""What a value is; zero is a value, the last three are none."""

GIVEN: Final = frozenset({"disponible", "a_confirmer"})
"""Statuses of what has a value. One *à confirmer* is so far from France's (see
`clsm_map.build.indicators.FAR`) that its producer may have missed records: it is shown and ranked,
marked wherever it shows, and never called favourable."""


def marked(text: str, status: object) -> str:
    """Write a value with the mark of one that is to be confirmed.

    >>> marked("0,09 ‰", "a_confirmer").replace(chr(160), " ")
    '0,09 ‰ (à confirmer)'
    """
    return f"{text} ({VALUE_STATUSES['a_confirmer']})" if status == "a_confirmer" else text


CENSUS_LAG: Final = 3
"""Years between an allocation of the State's grants and the census that it rests on."""


@dataclass(frozen=True, slots=True)
class Break:
    """A change in what is counted: values on its two sides are never compared.

    ``annee`` is the first of the new series; ``departements`` are where, everywhere when empty.
    """

    annee: int
    raison: str
    departements: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The break in a French sentence."""
        return (
            f"Rupture de série en {self.annee} ({self.raison})\u202f: les valeurs d’avant et "
            "d’après ne se comparent pas."
        )


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator and all that must be said with it.

    Attributes
    ----------
    id : str
        Identifier in the snapshot and in links.
    libelle, libelle_court : str
        Full title, and the one of a legend or a column.
    unite : str
        Unit as written after a number; empty for an index.
    decimales : int
        Digits shown after the comma.
    sens : Direction
        Whether a higher value is worse, better, or neither.
    niveaux : tuple of Level
        Levels at which the snapshot holds it.
    annees : tuple of int
        Years, in order; empty when the producer does not state the year.
    source : str
        Identifier in the catalogue.
    geographie : str
        Vintage of the territories that the producer used.
    denominateur : str
        What the value is divided by, in French; empty when nothing is.
    definition : str
        One French sentence.
    prudence : str
        Caution to show with it, possibly empty.
    agregation : Aggregation
        How communes make larger territories: ``somme``, ``rapport`` (sum of numerators over sum of
        denominators) or ``aucune``.
    sources : tuple of (str, str)
        Level or year, and the identifier of its own source where it is not `source`.
    ruptures : tuple of Break
        Changes in what is counted, by year.
    moment : str
        How a year is said where it is not the year that the value describes: ``{annee}``, and
        ``{recensement}``, three years before (see `when`).
    interne : bool
        Whether it only weighs others: it is neither offered nor shown.
    """

    id: str
    libelle: str
    libelle_court: str
    theme: Theme
    unite: str
    decimales: int
    sens: Direction
    niveaux: tuple[Level, ...]
    annees: tuple[int, ...]
    source: str
    geographie: str
    denominateur: str
    definition: str
    prudence: str
    agregation: Aggregation
    sources: tuple[tuple[str, str], ...] = ()
    ruptures: tuple[Break, ...] = ()
    moment: str = "{annee}"
    interne: bool = False

    def source_of(self, level: str = "", year: int | None = None) -> str:
        """Give the identifier of the source at a level, in a year."""
        own = dict(self.sources)
        return own.get(level) or own.get(str(year)) or self.source

    def breaks(self, departement: str, first: int, last: int) -> tuple[Break, ...]:
        """List the breaks crossed between two years.

        ``departement`` is empty for a territory that holds several.
        """
        return tuple(
            b
            for b in self.ruptures
            if first < b.annee <= last and (not b.departements or departement in b.departements)
        )

    def when(self, year: int | None) -> str:
        """Say of when a value is: ``2021``, ``répartition 2022 (RP 2019)``, or not stated."""
        if year is None:
            return "année non précisée"
        return self.moment.format(annee=year, recensement=year - CENSUS_LAG)

    def between(self, first: int, last: int) -> str:
        """Say a span of years: ``de 2015 à 2019``, ``RP 2020 à RP 2023``."""
        if self.moment == "{annee}":
            return f"de {first} à {last}"
        return f"{self.when(first)} à {self.when(last)}"

    @property
    def derniere_annee(self) -> int | None:
        """Latest year, or ``None`` when the year is not stated."""
        return max(self.annees, default=None)


_CHOICES: Final[dict[str, frozenset[str]]] = {
    "theme": frozenset(THEMES),
    "sens": frozenset(get_args(Direction)),
    "agregation": frozenset(get_args(Aggregation)),
}
_DEFAULTS: Final = {
    "prudence": "",
    "denominateur": "",
    "annees": (),
    "sources": {},
    "ruptures": (),
    "moment": "{annee}",
    "interne": False,
}


def parse_indicators(content: Mapping[str, Any]) -> dict[str, Indicator]:
    """Read the content of ``data/indicateurs.toml``, one table per indicator, in its order.

    Raises `SourceError`: a key is missing or unknown, or a value is not one of those allowed.
    """
    return {identifier: _parse(identifier, dict(table)) for identifier, table in content.items()}


def _parse(identifier: str, table: dict[str, Any]) -> Indicator:
    """Read one indicator."""
    values: dict[str, Any] = {**_DEFAULTS, **table, "id": identifier}
    odd = {field.name for field in fields(Indicator)}.symmetric_difference(values)
    wrong = [key for key, allowed in _CHOICES.items() if values.get(key) not in allowed]
    if not set(values.get("niveaux", ())) <= set(LEVEL_LABELS):
        wrong.append("niveaux")
    if odd or wrong:
        names = ", ".join(sorted({*odd, *wrong}))
        raise SourceError(f"L'indicateur {identifier} est mal défini : {names}.")
    values["niveaux"] = cast("tuple[Level, ...]", tuple(values["niveaux"]))
    values["annees"] = tuple(sorted(values["annees"]))
    values["sources"] = tuple(sorted(values["sources"].items()))
    values["ruptures"] = tuple(
        Break(b["annee"], b["raison"], tuple(b.get("departements", ())))
        for b in sorted(values["ruptures"], key=lambda b: b["annee"])
    )
    return Indicator(**values)
