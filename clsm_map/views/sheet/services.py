"""Who serves the subject of a sheet, since when, and how it stands towards each type."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import pandas as pd

from clsm_map.analysis.activity import ACTIVE, NONE, PROJECT, TO_CHECK, UNKNOWN_STATE
from clsm_map.analysis.centre import devices_of
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.ground import Ground
from clsm_map.domain.devices import DEVICE_TYPES, STATUSES, WITHOUT_RECORDED, DeviceType, StatusId
from clsm_map.domain.evidence import SEAT_ONLY_WORDS, page_words, state_by_page, status_words
from clsm_map.formats import NBSP, count, number, percent
from clsm_map.views.around import DEVICE
from clsm_map.views.quartiers import part_words
from clsm_map.views.sheet.model import Service, TypeStatus
from clsm_map.views.sheet.subject import Subject, inhabitants_of, units_of

STATES: Final[Mapping[str, str]] = {
    ACTIVE: "actif",
    PROJECT: "en projet",
    TO_CHECK: "à vérifier",
    NONE: "passé",
}
_RANK: Final = {ACTIVE: 0, PROJECT: 1, TO_CHECK: 2, NONE: 3}
_OWN: Final[dict[str, StatusId]] = {
    ACTIVE: "couvert",
    PROJECT: "en_projet",
    TO_CHECK: "a_verifier",
    NONE: "sans_dispositif_recense",
}
_MANY: Final = 400
"""From this many communes on, a share of them says nothing."""
_SMALL_LEVELS: Final = frozenset({"commune", "arrondissement"})


def serving(coverage: Coverage, subject: Subject) -> pd.DataFrame:
    """List the devices of a type that are something on the date and serve the subject.

    Returns
    -------
    pandas.DataFrame
        ``id, nom, role, annee_debut, a_preciser, page, motif, unites`` (units of the subject
        that it holds), active ones first, then by name. The subject itself, if a device, is
        left out.
    """
    ground = coverage.ground
    held = {
        i: len(common) for i, p in perimeters_of(ground).items() if (common := p & subject.units)
    }
    ids = set(held)
    ids |= set(ground.named.loc[ground.named["qpv"].isin(subject.qpv), "dispositif_id"])
    if subject.level not in {"qpv", DEVICE}:
        ids |= devices_of(ground, subject.territory)
    devices = coverage.devices
    kept = devices[devices["id"].isin(ids - {subject.code}) & (devices["role"] != NONE)]
    kept = kept.assign(unites=[held.get(i, 0) for i in kept["id"]])
    kept = kept.assign(rang=kept["role"].map(_RANK)).sort_values(["rang", "nom"])
    columns = ["id", "nom", "role", "annee_debut", "a_preciser", "page", "motif", "unites"]
    return kept[columns].reset_index(drop=True)


def type_status(coverage: Coverage, subject: Subject) -> TypeStatus:
    """Say how the subject stands towards the type of a coverage.

    Returns
    -------
    TypeStatus
        For a QPV, its coverage status. For a territory, ``couvert`` when all its communes are in
        perimeters of active devices, ``couvert_en_partie`` when some are (or an active device
        names one of its QPV), then projects, then devices to be checked. For a device, its own
        state towards its own type.
    """
    kind = next(t for t in DEVICE_TYPES if t == coverage.type)
    devices = serving(coverage, subject)
    services = tuple(_service(coverage, subject, row) for _, row in devices.iterrows())
    if subject.level == "qpv":
        row = coverage.status[coverage.status["qpv"] == subject.code].iloc[0]
        status: StatusId = row["statut"]
        codes = coverage.ground.qpv.set_index("code").loc[subject.code, "communes"]
        part = part_words(row.to_dict(), str(codes))
        detail = f"{part} (contours généralisés)" if part else ""
        said = status_words(STATUSES[status].label, seat_only=bool(row["a_preciser"]))
        return TypeStatus(kind, status, f"{kind}\u00a0: {said}", detail, services)
    own = coverage.devices.loc[coverage.devices["id"] == subject.code, "role"]
    if len(own):
        role = str(own.iloc[0])
        known = coverage.devices[coverage.devices["id"] == subject.code].iloc[0]
        label = status_words(
            f"{kind} {state_by_page(_state(known), str(known['page']))}",
            seat_only=bool(known["a_preciser"]),
        )
        return TypeStatus(kind, _OWN[role], label, _qpv_detail(coverage, subject), services)
    status = _status_of(coverage, subject, devices)
    active = devices.loc[devices["role"] == ACTIVE, "a_preciser"]
    label = status_words(
        _label(kind, status, subject), seat_only=bool(len(active)) and bool(active.all())
    )
    return TypeStatus(kind, status, label, _detail(coverage, subject, status), services)


def since(year: float) -> str:
    """Say since when a device exists, or that its first year is not known."""
    return "année non connue" if pd.isna(year) else f"depuis {int(year)}"


def active_units(coverage: Coverage, subject: Subject) -> frozenset[str]:
    """List the units of the subject that are in the perimeter of an active device."""
    perimeters = perimeters_of(coverage.ground)
    active = coverage.devices.loc[coverage.devices["role"] == ACTIVE, "id"]
    held = frozenset().union(*(perimeters.get(i, frozenset()) for i in active))
    return held & subject.units


def _status_of(coverage: Coverage, subject: Subject, devices: pd.DataFrame) -> StatusId:
    covered = active_units(coverage, subject)
    if subject.units and covered == subject.units:
        return "couvert"
    roles = set(devices["role"])
    if covered or ACTIVE in roles:
        return "couvert_en_partie"
    if PROJECT in roles:
        return "en_projet"
    return "a_verifier" if TO_CHECK in roles else "sans_dispositif_recense"


def _label(kind: DeviceType, status: StatusId, subject: Subject) -> str:
    of = "d’ASV" if kind == "ASV" else f"de {kind}"
    small = subject.level in _SMALL_LEVELS
    words: dict[StatusId, str] = {
        "couvert": f"Dans le périmètre d’un {kind} actif"
        if small
        else f"Tout le territoire dans un périmètre {of} actif",
        "couvert_en_partie": f"Une partie du territoire dans un périmètre {of} actif",
        "en_projet": f"{kind} en projet",
        "a_verifier": f"{kind} à vérifier",
    }
    return words.get(status, f"Aucun {kind} recensé")


def _detail(coverage: Coverage, subject: Subject, status: StatusId) -> str:
    parts = []
    covered = active_units(coverage, subject)
    if len(subject.units) > 1 and status in {"couvert", "couvert_en_partie"}:
        share = 100 * inhabitants_of(coverage.ground, covered) / subject.inhabitants
        held = _counted(coverage, subject, covered)
        people = "" if math.isnan(share) else f", {percent(share, 0)} des habitants"
        parts.append(held + people)
    parts.append(_qpv_detail(coverage, subject))
    return " ; ".join(p for p in parts if p)


def _qpv_detail(coverage: Coverage, subject: Subject) -> str:
    """Count the QPV of the subject that are covered, and the inhabitants of those without."""
    if not subject.qpv:
        return ""
    whole, some, bare, people = qpv_counts(coverage, subject)
    text = f"{number(whole)} QPV couvert{'s' if whole > 1 else ''} sur {number(len(subject.qpv))}"
    text += f", {number(some)}\u00a0en\u00a0partie" if some else ""
    if not bare:
        return text
    return f"{text}, {number(bare)}\u00a0sans ({number(people)}\u00a0hab.)"


@lru_cache(maxsize=4)
def perimeters_of(ground: Ground) -> Mapping[str, frozenset[str]]:
    """Give the units that each device holds, former communes included."""
    grouped = ground.perimeters.groupby("dispositif_id")["commune"]
    return {str(i): frozenset(codes) for i, codes in grouped}


@lru_cache(maxsize=4)
def _pages(ground: Ground) -> Mapping[str, str]:
    """Give the address of the page that names each device."""
    rows = ground.dispositifs.dropna(subset="source_url")
    return dict(zip(rows["id"], rows["source_url"], strict=True))


def _state(device: pd.Series) -> str:
    """Say the state of a device on the date, and why it is to be checked."""
    state = STATES[device["role"]]
    told = str(device["motif"])
    return state if told in {"", UNKNOWN_STATE} else f"{state}{NBSP}: {told}"


def _service(coverage: Coverage, subject: Subject, row: pd.Series) -> Service:
    extent = _extent(coverage, subject, row)
    return Service(
        id=str(row["id"]),
        nom=str(row["nom"]),
        etat=_state(row),
        page=page_words(row["page"]),
        preuve=state_by_page(_state(row), row["page"]),
        depuis=since(row["annee_debut"]),
        perimetre=f"{extent}, {SEAT_ONLY_WORDS}".removeprefix(", ")
        if row["a_preciser"]
        else extent,
        source=_pages(coverage.ground).get(row["id"], ""),
    )


def _extent(coverage: Coverage, subject: Subject, row: pd.Series) -> str:
    ground = coverage.ground
    if row["id"] not in ground.located:
        return "périmètre non connu"
    held, whole = int(row["unites"]), len(subject.units)
    perimeter = perimeters_of(ground).get(row["id"], frozenset())
    if whole <= 1:
        size = len({c for c in perimeter if c in units_of(ground)})
        return f"périmètre de {count(size, 'commune')}" if size > 1 else ""
    if not held:
        return "cite le quartier" if subject.level == "qpv" else "cite des quartiers"
    if held == whole:
        return "tout le territoire"
    return _counted(coverage, subject, subject.units & perimeter)


def _counted(coverage: Coverage, subject: Subject, held: frozenset[str]) -> str:
    """Count the communes held, a city with arrondissements once; inside it, its arrondissements."""
    if subject.level in _SMALL_LEVELS:
        noun, some, every = "arrondissement", len(held), len(subject.units)
    else:
        known = units_of(coverage.ground)
        noun, some = "commune", len({known[c].commune for c in held if c in known})
        every = len({known[c].commune for c in subject.units if c in known})
    return count(some, noun) + (f" sur {number(every)}" if every < _MANY else "")


def qpv_counts(coverage: Coverage, subject: Subject) -> tuple[int, int, int, float]:
    """Count the QPV of the subject by coverage.

    Returns
    -------
    whole, some, without : int
        Covered, covered in part, and those that no device, project or doubt concerns.
    people : float
        Known inhabitants of the last.
    """
    rows = coverage.status[coverage.status["qpv"].isin(subject.qpv)]
    bare = rows[WITHOUT_RECORDED.mask(rows["statut"])]
    people = coverage.ground.qpv.set_index("code")["population"]
    return (
        int((rows["statut"] == "couvert").sum()),
        int((rows["statut"] == "couvert_en_partie").sum()),
        len(bare),
        float(people.reindex(bare["qpv"]).sum()),
    )
