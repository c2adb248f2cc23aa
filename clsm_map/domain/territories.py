"""Territories: their levels, their names and the metric projection that suits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["france", "region", "departement", "epci", "commune", "arrondissement", "qpv"]

LEVEL_LABELS: Final[dict[Level, tuple[str, str]]] = {
    "france": ("France", "France"),
    "region": ("région", "régions"),
    "departement": ("département", "départements"),
    "epci": ("intercommunalité", "intercommunalités"),
    "commune": ("commune", "communes"),
    "arrondissement": ("arrondissement", "arrondissements"),
    "qpv": ("quartier prioritaire", "quartiers prioritaires"),
}
"""Singular and plural of each level, as people read them."""

_FEMININE: Final = frozenset({"france", "region", "epci", "commune"})


def one_each(level: Level) -> str:
    """Say that each territory of a level counts for one, whatever its size."""
    return "chacune pour une" if level in _FEMININE else "chacun pour un"


RP_TODAY: Final = "RP 2023"
"""Census of the populations of territories as they are today (2017 at Mayotte)."""

MAYOTTE_CENSUS: Final = "Mayotte : habitants au recensement de 2017 (RP 2017)."
"""Said under every table that sets its populations beside those of 2023."""

RP_QPV: Final = "RP 2020"
"""Census of the populations of QPV, and of what is set beside them."""


def census(level: str) -> str:
    """Name the census that the populations of a level are of."""
    return RP_QPV if level == "qpv" else RP_TODAY


MGP: Final = "200054781"
"""SIREN of the Métropole du Grand Paris, where people work by EPT or by Paris."""

PLM: Final[dict[str, str]] = {"75056": "Paris", "69123": "Lyon", "13055": "Marseille"}
"""The three communes that have municipal arrondissements."""

OVERSEAS: Final[dict[str, str]] = {
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "976": "Mayotte",
    "978": "Saint-Martin",
    "987": "Polynésie française",
}
"""Overseas territories that hold at least one QPV, by département or collectivité code."""

OVERSEAS_COLLECTIVITIES: Final = frozenset({"975", "977", "978", "986", "987", "988"})
"""Collectivités d'outre-mer: outside the 101 départements and the 18 régions."""

_METRIC_CRS: Final[dict[str, int]] = {
    "971": 5490,
    "972": 5490,
    "973": 2972,
    "974": 2975,
    "976": 4471,
    "977": 5490,
    "978": 5490,
    "987": 3297,
}


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory that can be named.

    ``code`` is that of Insee for communes, départements and régions, SIREN for EPCI and EPT
    ("75056" for Paris at level ``epci``), ANCT for QPV, ``FR`` for France.
    """

    level: Level
    code: str
    nom: str

    @property
    def key(self) -> str:
        """``level:code``, the form used in links and commands."""
        return f"{self.level}:{self.code}"


FRANCE: Final = Territory("france", "FR", "France")


def split_key(key: str) -> tuple[str, str]:
    """Split ``level:code``; two empty strings when there is nothing."""
    level, _, code = key.partition(":")
    return level, code


_NATURES: Final = (
    ("Communauté d'agglomération", "CA"),
    ("Communauté d’agglomération", "CA"),
    ("Communauté de communes", "CC"),
    ("Communauté de Communes", "CC"),
    ("Communauté urbaine", "CU"),
)


def short_name(nom: str) -> str:
    """Shorten the name of an intercommunalité.

    >>> short_name("Communauté d'agglomération de La Rochelle")
    'CA de La Rochelle'
    """
    for long, short in _NATURES:
        nom = nom.replace(long, short)
    return nom


def departement_of(code_commune: str) -> str:
    """Give the département of an Insee commune code: two characters, three overseas."""
    return code_commune[:3] if code_commune[:2] in {"97", "98"} else code_commune[:2]


def metric_crs(departement: str) -> int:
    """Give the EPSG code in which distances and areas of a département are measured.

    RGF93 / Lambert-93 (2154) in mainland France and Corsica; the official local projection
    overseas. Source: IGN, systèmes de référence légaux en France.
    """
    return _METRIC_CRS.get(departement, 2154)
