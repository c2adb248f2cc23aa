"""Builds the sheet of a territory or a device."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

import pandas as pd

from clsm_map.analysis.activity import SEAT_ONLY
from clsm_map.analysis.cautions import cautions as coverage_cautions
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.history import announced_total
from clsm_map.analysis.zones import Contours
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.territories import FRANCE, census
from clsm_map.formats import NBSP, count, number, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.views import captions
from clsm_map.views.places import DEVICE
from clsm_map.views.sheet import Sheet
from clsm_map.views.sheet_around import devices_around, neighbours
from clsm_map.views.sheet_figures import figures_of
from clsm_map.views.sheet_finding import finding
from clsm_map.views.sheet_services import type_status
from clsm_map.views.sheet_subject import Subject
from clsm_map.views.typography import typeset


def build_sheet(
    snapshot: Snapshot,
    coverages: Mapping[DeviceType, Coverage],
    contours: Contours,
    subject: Subject,
    *,
    kind: DeviceType = "CLSM",
    today: dt.date,
    address: str = "",
) -> Sheet:
    """Build the sheet of a subject.

    Parameters
    ----------
    coverages : mapping of DeviceType to Coverage
        The three types, on the same date.
    kind : DeviceType, optional
        Type that the finding, the map and the neighbours are about; that of a device is its own.
    address : str, optional
        Address of the application, for the link back.
    """
    if subject.level == DEVICE:
        dispositifs = coverages[kind].ground.dispositifs
        kind = dispositifs.set_index("id")["type"][subject.code]
    coverage = coverages[kind]
    statuses = tuple(type_status(coverages[t], subject) for t in DEVICE_TYPES)
    figures = figures_of(snapshot, subject)
    own = next(s for s in statuses if s.type == kind)
    sheet = Sheet(
        key=subject.key,
        code=subject.code,
        titre=subject.nom,
        nature=subject.nature,
        lieu=subject.lieu,
        date=coverage.on,
        etabli_le=today,
        type=kind,
        constat=finding(coverage, subject, own, figures.chiffres),
        habitants=_inhabitants(subject),
        habitants_note=_inhabitants_note(coverage, subject),
        statuts=statuses,
        chiffres=figures.chiffres,
        prudences_chiffres=figures.prudences_chiffres,
        reference=figures.reference,
        pairs=figures.pairs,
        lignes=figures.lignes,
        prudences_lignes=figures.prudences_lignes,
        voisins=neighbours(snapshot, coverage, contours, subject),
        dispositifs=devices_around(coverages, contours, subject, statuses),
        prudences=_cautions(snapshot, coverage, subject, figures.mises_en_garde),
        sources=_sources(snapshot, coverage, subject),
        lien=_link(address, subject, coverage, today),
    )
    return _typeset(sheet)


def _link(address: str, subject: Subject, coverage: Coverage, today: dt.date) -> str:
    """Write the link that shows the same sheet on screen."""
    query = {"sujet": subject.key}
    if coverage.type != "CLSM" and subject.level != DEVICE:
        query["type"] = coverage.type
    if coverage.on != today:
        query["date"] = coverage.on.isoformat()
    return f"{address.rstrip('/')}/fiche?{urlencode(query, safe=':')}"


def _typeset(sheet: Sheet) -> Sheet:
    """Give sentences and labels their French typography; names stay as their source writes them."""
    return replace(
        sheet,
        constat=typeset(sheet.constat),
        habitants_note=typeset(sheet.habitants_note),
        statuts=tuple(
            replace(s, libelle=typeset(s.libelle), detail=typeset(s.detail)) for s in sheet.statuts
        ),
        chiffres=tuple(replace(c, libelle=typeset(c.libelle)) for c in sheet.chiffres),
        lignes=tuple(replace(line, libelle=typeset(line.libelle)) for line in sheet.lignes),
        prudences_chiffres=tuple(typeset(p) for p in sheet.prudences_chiffres),
        prudences_lignes=tuple(typeset(p) for p in sheet.prudences_lignes),
        prudences=tuple(typeset(p) for p in sheet.prudences),
        sources=tuple(typeset(s) for s in sheet.sources),
    )


def _inhabitants(subject: Subject) -> str:
    if math.isnan(subject.inhabitants):
        return "non publié"
    mayotte = bool(subject.units) and all(code.startswith("976") for code in subject.units)
    year = "RP 2017" if mayotte and subject.level != "qpv" else census(subject.level)
    return f"{with_unit(subject.inhabitants, 'habitants')} ({year.replace(' ', NBSP)})"


def _inhabitants_note(coverage: Coverage, subject: Subject) -> str:
    if subject.level == "qpv":
        return "habitants du quartier"
    parts = ["dans son périmètre"] if subject.level == DEVICE else []
    if not math.isnan(subject.inhabitants):
        parts.append("population municipale")
    if subject.qpv:
        people = coverage.ground.qpv.set_index("code")["population"].reindex(list(subject.qpv))
        quartiers = count(len(subject.qpv), "quartier prioritaire", "quartiers prioritaires")
        unknown = int(people.isna().sum())
        if unknown == len(people):
            parts.append(f"{quartiers}, habitants non publiés")
        else:
            missing = f", non publiés pour {number(unknown)}" if unknown else ""
            parts.append(f"{number(float(people.sum()))} dans {quartiers} (RP 2020){missing}")
    return " ; ".join(parts)


def _cautions(
    snapshot: Snapshot, coverage: Coverage, subject: Subject, said: tuple[str, ...]
) -> tuple[str, ...]:
    announced = announced_total(snapshot.chiffres, coverage.type)
    about = FRANCE if subject.level in {"qpv", DEVICE} else subject.territory
    general = coverage_cautions(coverage, about, announced)
    kept = general[:1] if about is FRANCE else general[:3]
    if subject.level == DEVICE:
        kept += _device_cautions(coverage, subject)
    return (*kept, *said)


def _device_cautions(coverage: Coverage, subject: Subject) -> list[str]:
    """Say what is not known of the perimeter of a device."""
    ground = coverage.ground
    row = ground.dispositifs[ground.dispositifs["id"] == subject.code].iloc[0]
    if subject.code not in ground.located:
        shown = "la commune de son siège" if pd.notna(row["commune_siege"]) else "son département"
        return [f"Périmètre non connu : la carte montre {shown}."]
    if row["perimetre_origine"] == SEAT_ONLY:
        return ["Périmètre à préciser : seule la commune du siège est connue."]
    return []


def _sources(snapshot: Snapshot, coverage: Coverage, subject: Subject) -> tuple[str, ...]:
    """Name the producers of the figures, each once, then the register."""
    level = "qpv" if subject.level == DEVICE else subject.level
    used = {i.source_of(level) for i in snapshot.indicators.values() if level in i.niveaux}
    named = []
    for identifier, source in snapshot.sources.items():
        if identifier in used:
            named.append(f"{source.producteur}, {source.titre} ({source.millesime})")
    return (
        captions.device_source(coverage),
        captions.qpv_source(),
        f"Indicateurs : {' ; '.join(named)}.",
        "Contours : IGN, Insee, ANCT.",
    )
