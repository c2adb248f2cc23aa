"""The programme's reach as published, against what could be reached, or why it is not compared."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from clsm_map.analysis.centre import centre_figures
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.history import published_series
from clsm_map.formats import NBSP, count, number, percent, typeset
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.coverage import site_of
from clsm_map.views.register import Headline

Verdict = Literal["part", "ordre", "refus"]

YEAR: Final = "2022"
SINCE: Final = "2021-2022"
_QPV_2015: Final = "nombre de QPV (géographie 2015)"
_QUOTED: Final = re.compile("« ([^»]+) »")
_OTHER_YEAR: Final = (
    "Le dénominateur est d’une autre année, et la page ne dit pas que chacun des CLSM engagés "
    "couvre un quartier."
)
VERDICTS: Final[dict[Verdict, str]] = {
    "part": "part",
    "ordre": "ordre de grandeur",
    "refus": "pas de part calculée",
}


@dataclass(frozen=True, slots=True)
class Against:
    """A published figure against something that could be reached.

    Attributes
    ----------
    whole : str
        What could be reached, with its number, its date and its source.
    share : float
        Per cent; ``nan`` when refused.
    verdict : Verdict
        ``part``: the same thing at the same time; ``ordre``: the same thing at another time or on
        another geography; ``refus``: not comparable.
    why : str
        What makes it an order of magnitude, or forbids it; may be empty.
    """

    whole: str
    share: float
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure.

    Attributes
    ----------
    value : str
        Formatted, as published.
    label : str
        What is counted.
    when : str
        Period.
    source : str
        Site or title.
    """

    value: str
    label: str
    when: str
    source: str
    against: tuple[Against, ...]


@dataclass(frozen=True, slots=True)
class PublishedReach:
    """What is published, and the sentence that sums it up.

    Attributes
    ----------
    link : str
        Page of the national centre.
    """

    finding: str
    figures: tuple[Published, ...]
    link: str

    def table(self) -> pd.DataFrame:
        """Give one row by comparison, as people read them.

        Returns
        -------
        pandas.DataFrame
            Columns ``Chiffre publié, Valeur, Période, Source, Rapporté à, Part (%), Nature,
            Lecture``.
        """
        rows = [
            {
                "Chiffre publié": f.label,
                "Valeur": f.value,
                "Période": f.when,
                "Source": f.source,
                "Rapporté à": a.whole,
                "Part (%)": None if math.isnan(a.share) else round(a.share, 1),
                "Nature": VERDICTS[a.verdict],
                "Lecture": typeset(a.why),
            }
            for f in self.figures
            for a in f.against
        ]
        return pd.DataFrame(rows)


def published_reach(snapshot: Snapshot, coverage: Coverage) -> PublishedReach:
    """Set the published totals against what could be reached.

    Parameters
    ----------
    snapshot : Snapshot
        Its ``programme`` and ``chiffres``.
    coverage : Coverage
        Coverage by CLSM today.
    """
    year, since = programme_row(snapshot, YEAR), programme_row(snapshot, SINCE)
    source = site_of(str(year["source"]))
    qpv_then = _qpv_2015(snapshot)
    sessions, people = float(year["seances"]), float(year["participants"])
    qpv, clsm = float(year["qpv"]), float(year["clsm"])
    figures = (
        Published(number(qpv), "quartiers touchés", YEAR, source, _qpv(qpv, qpv_then, snapshot)),
        Published(
            number(float(since["qpv"])),
            "quartiers touchés depuis 2021",
            "2021-2022",
            source,
            _qpv(float(since["qpv"]), qpv_then, snapshot),
        ),
        Published(number(clsm), "CLSM engagés", YEAR, source, _clsm(clsm, snapshot, coverage)),
        Published(
            number(people),
            "questionnaires remplis",
            YEAR,
            source,
            (
                _refused(
                    "habitants des quartiers",
                    "Les participants ne sont pas dits habitants des quartiers, et seuls ceux qui "
                    "ont rempli le questionnaire sont comptés. Les quartiers touchés ne sont "
                    "nommés par aucune page : leurs habitants ne peuvent pas être additionnés.",
                ),
            ),
        ),
        Published(
            number(sessions),
            "séances de trois heures",
            YEAR,
            source,
            (
                _refused(
                    "quartiers ou habitants",
                    "Rien ne fixe combien de séances étaient possibles. Par séance : "
                    f"{number(people / sessions, 1)} questionnaires remplis en moyenne "
                    f"({number(people)} pour {number(sessions)} séances).",
                ),
            ),
        ),
        Published(
            number(float(year["communes"])),
            "communes",
            YEAR,
            source,
            (
                _refused(
                    "quartiers prioritaires",
                    "Des communes ne se divisent pas par des quartiers : une commune en compte "
                    "de 0 à plusieurs dizaines, et aucune page ne nomme celles-ci.",
                ),
            ),
        ),
        Published(
            number(float(since["structures"])),
            "structures et services depuis 2021",
            "2021-2022",
            source,
            (_refused("structures existantes", "Aucun total des structures n’est publié."),),
        ),
    )
    finding = (
        f"En 2022, {number(sessions)} séances ont touché {number(qpv)} quartiers prioritaires, "
        f"soit {percent(100 * qpv / qpv_then)} de ceux d’alors (Centre{NBSP}national)."
    )
    return PublishedReach(finding, figures, str(year["source"]))


def _qpv_2015(snapshot: Snapshot) -> int:
    rows = snapshot.chiffres
    found = rows.loc[(rows["indicateur"] == _QPV_2015) & (rows["territoire"] == "France"), "valeur"]
    return int(found.iloc[0])


def _qpv(reached: float, then: int, snapshot: Snapshot) -> tuple[Against, ...]:
    now = len(snapshot.qpv)
    return (
        Against(
            (
                f"{number(then)} quartiers de la géographie 2015, en vigueur alors (nombre publié, "
                "ressources-clsm.org)"
            ),
            100 * reached / then,
            "part",
        ),
        Against(
            f"{number(now)} quartiers d’aujourd’hui (ANCT, géographie 2024, version 01/2026)",
            100 * reached / now,
            "ordre",
            "D’une géographie à l’autre, des quartiers sont entrés, sortis, ou ont changé de "
            "tracé.",
        ),
        _refused(
            "habitants des quartiers",
            "Aucune page ne nomme les quartiers touchés : leurs habitants sont inconnus.",
        ),
    )


def _clsm(engaged: float, snapshot: Snapshot, coverage: Coverage) -> tuple[Against, ...]:
    series = published_series(snapshot.chiffres, "CLSM")
    that_year = series[(series["serie"] == "dispositifs") & (series["annee"] == int(YEAR))]
    covering = series[(series["serie"] == "couvrant_un_qpv") & series["date"].notna()]
    before = covering[covering["annee"] <= int(YEAR)].tail(1)
    after = covering[covering["annee"] > int(YEAR)].head(1)
    out = [
        Against(_all_clsm(row), 100 * engaged / float(row["valeur"]), "part")
        for row in that_year.to_dict("records")
    ]
    out += [
        Against(
            _covering_clsm(row),
            100 * engaged / float(row["valeur"]),
            "ordre",
            _OTHER_YEAR if rank == 0 else "Même réserve.",
        )
        for rank, row in enumerate(pd.concat([before, after]).to_dict("records"))
    ]
    recorded = centre_figures(coverage)
    out.append(
        _refused(
            f"{number(recorded.couvrant_un_qpv)} CLSM actifs recensés ici qui couvrent un quartier",
            "Le registre est un extrait "
            f"({count(recorded.actifs, 'CLSM actif recensé', 'CLSM actifs recensés')}) : rien ne "
            "dit que les CLSM engagés y figurent.",
        )
    )
    return tuple(out)


def _all_clsm(row: Mapping[Hashable, Any]) -> str:
    when = f"{row['moment']} {row['annee']}".strip()
    return f"{number(float(row['valeur']))} CLSM publiés ({when}, {site_of(str(row['source']))})"


def _covering_clsm(row: Mapping[Hashable, Any]) -> str:
    when = f"{row['moment']} {row['annee']}".strip()
    return (
        f"{number(float(row['valeur']))} CLSM qui couvrent un quartier, publiés "
        f"({when}, {site_of(str(row['source']))})"
    )


def _refused(whole: str, why: str) -> Against:
    return Against(whole, float("nan"), "refus", why)


def programme_headlines(snapshot: Snapshot) -> list[Headline]:
    """Give the programme's reach in its first year, as published.

    Returns
    -------
    list of Headline
        Sessions, questionnaires filled, CLSM, QPV and communes of 2022.
    """
    year = programme_row(snapshot, "2022")
    names = {
        "seances": "séances",
        "participants": "questionnaires remplis",
        "clsm": "CLSM engagés",
        "qpv": "quartiers touchés",
        "communes": "communes",
    }
    return [
        Headline(number(float(year[k])), label, "en 2022, première année (Centre national)")
        for k, label in names.items()
    ]


def programme_since(snapshot: Snapshot) -> str:
    """Give the reach since 2021 in the words of the page, such as "plus de 50 territoires"."""
    said = published_words(programme_row(snapshot, "2021-2022"))
    listed = ", ".join(said[:-1]) + f" et {said[-1]}"
    return (
        f"De 2021 à 2022, le centre national annonce {listed}. « Plus de » est une valeur plancher."
    )


def published_words(row: dict[Hashable, Any]) -> list[str]:
    """List what the page of a row of the programme announces, word for word."""
    return [f"« {words} »" for words in _QUOTED.findall(str(row["note"]))]


def programme_row(snapshot: Snapshot, years: str) -> dict[Hashable, Any]:
    """Give the programme's totals of some years, as published: ``2022`` or ``2021-2022``."""
    rows = snapshot.programme.to_dict("records")
    return next(r for r in rows if str(r["annees"]) == years)
