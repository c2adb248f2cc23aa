"""The headline figures: what is recorded today, with date, denominator and source."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from clsm_map.analysis.centre import centre_figures
from clsm_map.analysis.coverage import Coverage, covered_by_evidence
from clsm_map.analysis.history import Announced
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, DeviceType
from clsm_map.domain.evidence import split_words
from clsm_map.formats import bounds, count, date_fr, number
from clsm_map.store.snapshot import Snapshot

_QUOTED: Final = re.compile("« ([^»]+) »")


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure, what it counts, and where it comes from."""

    value: str
    label: str
    origin: str


def headlines(
    coverages: Mapping[DeviceType, Coverage], announced: Announced | None
) -> list[Headline]:
    """Compute the headline figures of France.

    Parameters
    ----------
    coverages : mapping of DeviceType to Coverage
        Coverage by each type today.
    announced : Announced or None
        Active CLSM published for France.

    Returns
    -------
    list of Headline
        QPV, inhabitants, devices recorded by type, QPV in the perimeter of an active CLSM.
    """
    clsm = coverages["CLSM"]
    figures = centre_figures(clsm)
    day = date_fr(clsm.on)
    within = figures.qpv_couverts_avec_partiels
    recorded = {t: centre_figures(c) for t, c in coverages.items()}
    against = f", sur {announced.words} annoncés par le centre national" if announced else ""
    return [
        Headline(
            number(figures.qpv), "quartiers prioritaires", "ANCT, géographie 2024, version 01/2026"
        ),
        Headline(
            number(figures.habitants_qpv),
            "habitants de ces quartiers",
            f"RP 2020 ; non publiés pour {count(figures.qpv_sans_population, 'quartier')}",
        ),
        Headline(
            number(within),
            "quartiers dans le périmètre d’un CLSM actif recensé",
            f"{bounds(figures.qpv_couverts, within, figures.qpv)} des quartiers, dont "
            f"{number(within - figures.qpv_couverts)} en partie ; "
            f"{split_words(covered_by_evidence(clsm))} ; au {day}",
        ),
        *(
            Headline(
                number(recorded[t].actifs),
                f"{t} actifs recensés",
                f"{DEVICE_NAMES[t]} ; {number(recorded[t].projets)} en projet, "
                f"{number(recorded[t].a_verifier)} à vérifier" + (against if t == "CLSM" else ""),
            )
            for t in DEVICE_TYPES
        ),
    ]


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
