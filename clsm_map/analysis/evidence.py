"""How old the pages are that devices, and the statuses they give to QPV, rest on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clsm_map.analysis.activity import SCENARIO
from clsm_map.analysis.scope import qpv_of
from clsm_map.analysis.status import status_of
from clsm_map.domain.evidence import EVIDENCE, EvidenceId, Pages, evidence_of, page_words
from clsm_map.domain.qpv_sets import TOUCHED
from clsm_map.domain.territories import FRANCE, Territory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.links import Links

_RESTING: Final = (*TOUCHED.statuses, "en_projet", "a_verifier")


def device_evidence(
    devices: pd.DataFrame, dispositifs: pd.DataFrame, on: dt.date
) -> tuple[list[str], list[str]]:
    """Give the date of the page of each device, and the class of its age.

    Parameters
    ----------
    devices : DataFrame
        ``id``.
    dispositifs : DataFrame
        ``id, source_date, perimetre_origine``.
    on : date
        Date of the situation.

    Returns
    -------
    pages : list of str
        As the register writes them; empty when the page is not dated.
    classes : list of str
        Ids of `clsm_map.domain.evidence.EVIDENCE`; empty for a device that a scenario creates.
    """
    known = dispositifs.set_index("id").reindex(devices["id"])
    pages = known["source_date"].fillna("").astype(str).tolist()
    imagined = (known["perimetre_origine"] == SCENARIO).tolist()
    classes = [
        "" if made else evidence_of(page, on) for page, made in zip(pages, imagined, strict=True)
    ]
    return pages, classes


def status_evidence(links: Links, devices: pd.DataFrame, status: pd.DataFrame) -> list[str]:
    """Say on what the status of each QPV rests.

    The strongest class of pages that gives the same status alone: ``recente`` when the devices of
    recent pages are enough, else ``ancienne`` when those of dated pages are, else ``non_datee``.
    A QPV that takes two perimeters to be covered rests on the weaker of the two.

    Parameters
    ----------
    links : Links
        QPV and the devices that hold them.
    devices : DataFrame
        ``id, role, a_preciser, preuve``.
    status : DataFrame
        ``statut``: see `clsm_map.analysis.status.status_of`, of the same links and devices.

    Returns
    -------
    list of str
        In the order of the QPV; empty where no device gives the status.
    """
    found = np.full(len(status), "non_datee", dtype=object)
    for name, kept in (("ancienne", ("", "recente", "ancienne")), ("recente", ("", "recente"))):
        alone = status_of(links, devices.loc[devices["preuve"].isin(kept)])
        found[(alone["statut"] == status["statut"]).to_numpy()] = name
    found[~status["statut"].isin(_RESTING).to_numpy()] = ""
    return [str(value) for value in found]


def covered_by_evidence(
    coverage: Coverage, territory: Territory = FRANCE
) -> Mapping[EvidenceId, int]:
    """Count the QPV covered, in whole or in part, by the age of what says so.

    Parameters
    ----------
    coverage : Coverage
        See `clsm_map.analysis.coverage.coverage_on`.

    Returns
    -------
    mapping
        The three classes, zero included; they add up to ``qpv_couverts_avec_partiels`` of
        `clsm_map.analysis.centre.centre_figures`.
    """
    here = coverage.ground.qpv.loc[qpv_of(coverage.ground, territory), "code"]
    status = coverage.status
    covered = status.loc[TOUCHED.mask(status["statut"]) & status["qpv"].isin(here), "preuve"]
    counts = covered.value_counts()
    return {i: int(counts.get(i, 0)) for i in EVIDENCE}


def names_with_pages(coverage: Coverage) -> dict[str, str]:
    """Name each device with its page: ``CLSM de Lille (page de 2024)``, by id."""
    devices = coverage.devices
    return {
        str(i): nom if not preuve else f"{nom} ({page_words(page)})"
        for i, nom, page, preuve in zip(
            devices["id"], devices["nom"], devices["page"], devices["preuve"], strict=True
        )
    }


def pages_of(dispositifs: pd.DataFrame, type_: str) -> Pages:
    """Describe the pages that the devices of a type come from, whatever their state.

    Parameters
    ----------
    dispositifs : DataFrame
        ``type, source_date``.
    type_ : str
        ``CLSM``, ``ASV`` or ``CLS``.
    """
    pages = dispositifs.loc[dispositifs["type"] == type_, "source_date"].fillna("").astype(str)
    dated = pages[pages != ""]
    return Pages(len(pages), str(dated.max()) if len(dated) else "", len(pages) - len(dated))
