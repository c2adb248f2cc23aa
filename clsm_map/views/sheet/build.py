"""Builds the sheet of a territory or a device, with what lies around it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import shapely

from clsm_map.analysis.activity import ACTIVE, SEAT_ONLY
from clsm_map.analysis.cautions import cautions as coverage_cautions
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.gaps import Contours
from clsm_map.analysis.ground import qpv_of
from clsm_map.analysis.history import announced_total
from clsm_map.domain.devices import DEVICE_TYPES, STATUSES, DeviceType
from clsm_map.domain.evidence import page_year, status_words
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, RP_QPV, RP_TODAY, Territory, census
from clsm_map.formats import NBSP, count, number, typeset, with_unit
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import frame_of
from clsm_map.views import captions
from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.figures import figures_of, finding
from clsm_map.views.sheet.model import Grid, Sheet, TypeStatus
from clsm_map.views.sheet.services import since, type_status
from clsm_map.views.sheet.subject import Subject

MOST: Final = 6
_NAMED: Final = 14
REACH_METRES: Final = 60_000.0
LARGE: Final = frozenset({"departement", "region"})
"""Levels whose devices are listed, rather than the nearest ones outside."""


def neighbours(
    snapshot: Snapshot, coverage: Coverage, contours: Contours, subject: Subject
) -> Grid:
    """List the neighbours of a subject.

    Parameters
    ----------
    coverage : Coverage
        Of the type that the sheet is about.

    Returns
    -------
    Grid
        For a QPV or a device, the nearest QPV outside it; for a territory, those of its level
        that touch it, the most populated first.
    """
    if subject.level in {"qpv", DEVICE}:
        return _nearest_qpv(snapshot, coverage, contours, subject)
    level = subject.territory.level
    plural = LEVEL_LABELS[level][1]
    frame = frame_of(snapshot, level)[["code", "nom", "population"]]
    shapes = snapshot.contours(level, "national")
    outline = shapes.loc[shapes["code"] == subject.code, "geometry"]
    touching = (
        shapes.iloc[shapes.sindex.query(outline.iloc[0], predicate="intersects")]["code"]
        if len(outline)
        else pd.Series([], dtype="str")
    )
    rows = frame[frame["code"].isin(touching) & (frame["code"] != subject.code)]
    rows = rows.sort_values("population", ascending=False).head(MOST)
    named = zip(rows["code"], rows["nom"], rows["population"], strict=True)
    lines = [
        _territory_line(coverage, Territory(level, str(code), str(name)), float(people))
        for code, name, people in named
    ]
    return Grid(
        f"{plural.capitalize()} limitrophes{', par population' if len(lines) == MOST else ''} "
        f"({RP_TODAY})",
        ("Territoire", "Habitants", "QPV", f"QPV couverts ({coverage.type})"),
        (False, True, True, True),
        tuple(lines),
        "Aucun territoire limitrophe.",
    )


def _territory_line(coverage: Coverage, territory: Territory, people: float) -> tuple[str, ...]:
    ground = coverage.ground
    codes = ground.qpv.loc[qpv_of(ground, territory), "code"]
    status = coverage.status[coverage.status["qpv"].isin(codes)]["statut"]
    covered = int((status == "couvert").sum())
    some = int((status == "couvert_en_partie").sum())
    text = number(covered) + (f", {number(some)} en partie" if some else "") if len(codes) else "–"
    return territory.nom, number(people), number(len(codes)), text


def _nearest_qpv(
    snapshot: Snapshot, coverage: Coverage, contours: Contours, subject: Subject
) -> Grid:
    own = set(subject.qpv) | {subject.code}
    others = contours.qpv[(contours.qpv["zone"] == subject.zone) & ~contours.qpv["code"].isin(own)]
    shapes = others["geometry"].to_numpy(dtype=object)
    outline = subject.metric
    within = shapely.dwithin(shapes, outline, REACH_METRES)
    near = others[within].assign(metres=shapely.distance(shapes[within], outline))
    near = near.sort_values(["metres", "code"]).head(MOST)
    qpv = snapshot.qpv.set_index("code")
    status = coverage.status.set_index("qpv")
    lines = tuple(
        (
            str(qpv["nom"][code]),
            _distance(metres),
            number(float(qpv["population"][code])),
            status_words(
                STATUSES[status["statut"][code]].label.capitalize(),
                seat_only=bool(status["a_preciser"][code]),
            ),
        )
        for code, metres in zip(near["code"], near["metres"], strict=True)
    )
    return Grid(
        f"Quartiers prioritaires les plus proches ({RP_QPV})",
        ("Quartier", "Distance", "Habitants", f"Couverture {coverage.type}"),
        (False, True, True, False),
        lines,
        "Aucun autre quartier prioritaire à moins de 60 km.",
    )


def _distance(metres: float) -> str:
    if metres < 1:
        return "contigu"
    return with_unit(metres / 1000, "km", 1)


def devices_around(
    coverages: Mapping[DeviceType, Coverage],
    contours: Contours,
    subject: Subject,
    statuses: tuple[TypeStatus, ...],
) -> Grid:
    """List the nearest active devices that do not serve the subject.

    Parameters
    ----------
    statuses : tuple of TypeStatus
        Whose services are left out.

    Returns
    -------
    Grid
        Three by type at most, nearest first; for a département or a région, the devices that
        serve it.
    """
    if subject.level in LARGE:
        return _own_devices(statuses)
    serving = {s.id for t in statuses for s in t.services} | {subject.code}
    rows: list[tuple[float, tuple[str, ...]]] = []
    for coverage in coverages.values():
        rows += _nearest_devices(coverage, contours, subject, serving)
    ordered = sorted(rows)
    return Grid(
        "Dispositifs actifs les plus proches",
        ("Dispositif", "Distance", "Depuis", "Page"),
        (False, True, False, False),
        tuple(line for _, line in ordered),
        "Aucun autre dispositif actif recensé à moins de 60 km.",
    )


def _nearest_devices(
    coverage: Coverage,
    contours: Contours,
    subject: Subject,
    serving: set[str],
) -> list[tuple[float, tuple[str, ...]]]:
    devices = coverage.devices
    wanted = devices[(devices["role"] == ACTIVE) & ~devices["id"].isin(serving)]
    perimeters = coverage.ground.perimeters
    light = _light_held(contours)
    held = light[light["zone"] == subject.zone]
    parts = held.merge(perimeters[perimeters["dispositif_id"].isin(wanted["id"])], on="commune")
    shapes = parts["geometry"].to_numpy(dtype=object)
    outline = subject.metric
    within = shapely.dwithin(shapes, outline, REACH_METRES) if len(parts) else np.zeros(0, bool)
    near = parts[within].assign(metres=shapely.distance(shapes[within], outline))
    nearest = near.groupby("dispositif_id")["metres"].min().sort_values().head(3)
    facts = wanted.set_index("id").loc[nearest.index]
    return [
        (metres, (name, _distance(metres), since(year), page_year(page)))
        for metres, name, year, page in zip(
            nearest, facts["nom"], facts["annee_debut"], facts["page"], strict=True
        )
    ]


@lru_cache(maxsize=2)
def _light_held(contours: Contours) -> pd.DataFrame:
    """Simplify the contours of perimeters to 50 m: distances are written to 100 m."""
    shapes = shapely.simplify(contours.held["geometry"].to_numpy(dtype=object), 50)
    return contours.held.assign(geometry=shapes)


def _own_devices(statuses: tuple[TypeStatus, ...]) -> Grid:
    return Grid(
        "Dispositifs du territoire",
        ("Type", "Recensés", "Noms"),
        (False, True, False),
        tuple(
            (status.type, number(len(status.services)), _names(status))
            for status in statuses
            if status.services
        ),
        "Aucun dispositif recensé dans ce territoire.",
    )


def _names(status: TypeStatus) -> str:
    """Name the devices of a type, with the page of each, its state and first year if they tell."""
    named = []
    for service in status.services[:_NAMED]:
        said = [service.etat] if service.etat != "actif" else []
        said += [service.depuis] if service.depuis.startswith("depuis") else []
        said.append(service.page)
        named.append(f"{service.nom} ({', '.join(said)})")
    rest = len(status.services) - len(named)
    return " ; ".join(named) + (f" ; et {count(rest, 'autre')}" if rest else "")


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
