"""A list of devices: its lines, the devices that they make and their perimeters."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pandas as pd

from clsm_map.register.contours import Drawing, is_area
from clsm_map.register.lines import Line
from clsm_map.register.members import members_of, place_of
from clsm_map.register.table import Findings
from clsm_map.register.values import (
    RefusedValueError,
    date_of,
    has_come,
    is_web_address,
    state_of,
    type_in,
    type_of,
    year_of,
)
from clsm_map.register.vocabulary import implied_type, meanings
from clsm_map.store.gazetteer import Place
from clsm_map.store.search import name_key, plain
from clsm_map.store.snapshot import Snapshot

DEVICE_COLUMNS: Final = (
    "id", "type", "nom", "territoire", "statut", "annee_debut", "annee_fin", "commune_siege",
    "departement", "perimetre", "perimetre_origine", "source_url", "source_date", "note",
)  # fmt: skip
PERIMETER_COLUMNS: Final = ("dispositif_id", "nature", "code")

_SCALES: Final = meanings("echelles")
_ORIGINS: Final = meanings("origines")
_ID: Final = re.compile(r"(?=.{1,80}$)[\w.:\-]+(?:[ /][\w.:\-]+)*")
_TYPE_PHRASE: Final = re.compile(
    r"\b(clsm|cosm|cism|clism|asv|cls|conseils? (locaux|local)?( de| en)? ?sante mentale|"
    r"conseil intercommunal de sante mentale|conseil d orientation en sante mentale|"
    r"ateliers? sante( et)? villes?|contrats? loca(l|ux) de sante)\b"
)
_LINKS: Final = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "sur", "a"})
_STARTED: Final = frozenset({"actif", "en sommeil", "arrêté"})
"""States of a device that has started."""
_MUST_AGREE: Final = {
    "type": "le type",
    "nom": "le nom",
    "statut": "l'état",
    "annee_debut": "l'année de début",
    "annee_fin": "l'année de fin",
    "commune_siege": "la commune siège",
}


@lru_cache(maxsize=16_384)
def device_key(nom: str) -> str:
    """Give what tells two devices of one type and département apart: the name without the type.

    ``CLSM de Lille`` and ``Conseil local de santé mentale de Lille`` are both *lille*.
    """
    words = _TYPE_PHRASE.sub(" ", plain(nom)).split()
    while words and words[0] in _LINKS:
        words.pop(0)
    return name_key(" ".join(words)) or plain(nom)


@dataclass(slots=True)
class DeviceLine:
    """What one line says of a device, to be used only if the line was not refused.

    ``said``: columns of ``dispositifs.csv``; empty where the line says nothing. ``drawn``: whether
    the members come from a contour. ``start``: date of the start, as precise as it is written.
    """

    line: Line
    said: dict[str, str]
    start: str
    members: list[Place]
    seat: Place | None = None
    drawn: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What the lines of one device share: its id, else type, name and département."""
        if self.said["id"]:
            return (self.said["id"],)
        return self.said["type"], device_key(self.said["nom"]), self.said["departement"]


def _read_line(line: Line, drawing: Drawing, implied: str) -> DeviceLine:
    """Read a line; ``implied``: type that the headers name (``Nom_CLS``), or empty."""
    departement = line.departement()
    nom = line.text("nom")
    start = line.take("annee_debut", date_of, "")
    own = line.value("id")
    if own and not _ID.fullmatch(own):
        line.refuse("id", own[:100], "identifiant")
    named = type_in(nom) or implied
    said = {
        "id": own,
        "nom": nom,
        "type": line.take("type", type_of, "") if line.value("type") else named,
        "statut": line.take("statut", state_of, "") if line.value("statut") else "",
        "annee_debut": start[:4],
        "annee_fin": line.take("annee_fin", year_of, ""),
        "departement": departement or "",
        "territoire": line.text("territoire"),
        "source_date": line.take("source_date", date_of, ""),
        "note": line.text("note"),
    }
    _scale_said(line, said)
    _source(line, said)
    seat = place_of(line, "commune_siege", departement)
    seat_code = {"commune_siege": seat.code if seat else ""}
    read = DeviceLine(line, said | seat_code, start, members_of(line, departement), seat)
    _draw(read, drawing)
    if not (said["nom"] or said["id"]):
        line.refuse("nom", "", "nom_manque")
    return read


def _scale_said(line: Line, said: dict[str, str]) -> None:
    """Sort the column ``perimetre``: a scale, or the words of a territory."""
    text = line.text("perimetre")
    said["perimetre"] = _SCALES.get(plain(text), "")
    if text and not said["perimetre"]:
        if said["territoire"]:
            _annotate(said, f"périmètre : {text}")
        else:
            said["territoire"] = text
    origin = line.text("perimetre_origine")
    said["perimetre_origine"] = _ORIGINS.get(plain(origin), "")
    if origin and not said["perimetre_origine"]:
        origines = ", ".join(dict.fromkeys(_ORIGINS.values()))
        line.refuse("perimetre_origine", origin, "origine", origines=origines)


def _source(line: Line, said: dict[str, str]) -> None:
    """Keep a source that is not an address as a note, so that nothing is lost."""
    text = line.text("source_url")
    web = line.take("source_url", lambda _: is_web_address(text), otherwise=True)
    said["source_url"] = text if web else ""
    if text and not web:
        _annotate(said, f"source : {text}")


def _annotate(said: dict[str, str], text: str) -> None:
    said["note"] = "; ".join(t for t in (said["note"], text) if t)


def _draw(read: DeviceLine, drawing: Drawing) -> None:
    """Take the communes of a contour as the perimeter, unless the line names its places."""
    line = read.line
    if line.geometry is None or line.refused:
        return
    if read.members:
        line.inform("contour_inutile")
        return
    if not is_area(line.geometry):
        line.inform("contour_sans_surface")
        return
    if not line.geometry.is_valid:
        line.inform("contour_repare")
    try:
        codes = drawing.communes(line.geometry)
    except RefusedValueError as refused:
        line.refuse_with("géométrie", refused)
        return
    communes = line.resolver.gazetteer.by_code["commune"]
    read.drawn, read.members = True, [communes[code] for code in codes]


def read_devices(
    lines: Iterable[Line], columns: Mapping[str, str], snapshot: Snapshot, findings: Findings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a list of devices, one line per device or per device and commune.

    Lines are those of one device when they share its id or, without id, its type, its name (less
    the words of the type) and its département. They must agree on type, name, state, years and
    seat; the first that says something is believed, a later one that contradicts it is rejected.

    Gives `DEVICE_COLUMNS`, texts, missing where the list says nothing, and `PERIMETER_COLUMNS`,
    without duplicates.
    """
    implied = implied_type(columns)
    drawing = Drawing(snapshot)
    groups: dict[tuple[str, ...], list[DeviceLine]] = defaultdict(list)
    refused: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for line in lines:
        read = _read_line(line, drawing, implied)
        if line.refused:
            refused[read.key].append(line.ligne)
        else:
            groups[read.key].append(read)

    devices: list[dict[str, str]] = []
    members: list[tuple[str, str, str]] = []
    taken = {key[0] for key in groups if len(key) == 1}
    for key, parts in groups.items():
        _check_agreement(parts)
        kept = [p for p in parts if not p.line.refused]
        if not kept:
            continue
        device, places = _assemble(kept, taken)
        taken.add(device["id"])
        devices.append(device)
        members += [(device["id"], *place.member) for place in places]
        for ligne in sorted(refused[key] + [p.line.ligne for p in parts if p.line.refused]):
            findings.inform("incomplet", ligne, nom=device["nom"])
    _inform(devices, members, columns, findings)
    perimetres = pd.DataFrame(members, columns=list(PERIMETER_COLUMNS), dtype="str")
    return devices_frame(devices), perimetres.drop_duplicates(ignore_index=True)


def devices_frame(rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Make the table of devices from its rows; what is empty is missing."""
    filled = [{c: row.get(c, "") or None for c in DEVICE_COLUMNS} for row in rows]
    return pd.DataFrame(filled, columns=list(DEVICE_COLUMNS), dtype="str")


def _check_agreement(parts: list[DeviceLine]) -> None:
    """Reject the lines that cannot belong to the device that they name."""
    said: dict[str, str] = {}
    for name, words in _MUST_AGREE.items():
        first = next((p for p in parts if p.said[name]), parts[0])
        said[name] = first.said[name]
        for part in parts:
            value = part.said[name]
            if value and not _same(name, said[name], value):
                about = {"ligne": first.line.ligne, "quoi": words}
                about |= {"premier": said[name], "autre": value}
                part.line.refuse(name, value, "contredit", **about)
    for name in ("nom", "type"):
        if not said[name]:
            _refuse_all(parts, name, "manque", quoi=_MUST_AGREE[name].capitalize())
    start, end, state = said["annee_debut"], said["annee_fin"], said["statut"]
    if start and end and end < start:
        _refuse_all(parts, "annee_fin", "fin_avant_debut", fin=end, debut=start)
    later = next((p.start for p in parts if p.start and not has_come(p.start)), "")
    if later and state in _STARTED:
        _refuse_all(parts, "annee_debut", "debut_a_venir", debut=later, etat=state)
    if len(parts) > 1 and not parts[0].said["id"] and not parts[0].said["departement"]:
        regions = parts[0].line.resolver.gazetteer.regions_of(m for p in parts for m in p.members)
        if len(regions) > 1:
            _refuse_all(parts, "departement", "homonymes_eloignes")


def _same(name: str, one: str, other: str) -> bool:
    return device_key(one) == device_key(other) if name == "nom" else one == other


def _refuse_all(parts: list[DeviceLine], name: str, sentence: str, /, **words: object) -> None:
    for part in parts:
        if not part.line.refused:
            part.line.refuse(name, part.line.value(name), sentence, **words)


def _assemble(parts: list[DeviceLine], taken: set[str]) -> tuple[dict[str, str], list[Place]]:
    device = {c: next((v for p in parts if (v := p.said[c])), "") for c in DEVICE_COLUMNS}
    seat = next((p.seat for p in parts if p.seat), None)
    places = list(dict.fromkeys(m for p in parts for m in p.members))
    device["statut"] = device["statut"] or "inconnu"
    device["departement"] = device["departement"] or _departement([seat] if seat else places)
    device["note"] = " ; ".join(dict.fromkeys(n for p in parts if (n := p.said["note"])))
    said = device["perimetre_origine"]
    if not places and seat and device["perimetre"] in {"", "commune", "arrondissement"}:
        if said in {"", "siège seul"}:
            places = [seat]
            device["perimetre_origine"] = "siège seul"
    elif places and said != "siège seul":
        drawn = any(p.drawn for p in parts)
        device["perimetre_origine"] = said or ("polygone" if drawn else "source")
        device["perimetre"] = device["perimetre"] or _scale(places)
    if not device["id"]:
        stem = plain(f"{device['type']} {device['departement']} {device_key(device['nom'])}")
        device["id"] = _free(stem.replace(" ", "-"), taken)
    return device, places


def _departement(places: list[Place]) -> str:
    counts = Counter(p.departement for p in places if p.departement)
    return min(counts, key=lambda d: (-counts[d], d)) if counts else ""


def _scale(places: list[Place]) -> str:
    natures = {p.nature for p in places}
    if natures == {"qpv"}:
        return "autre"
    if natures == {"arrondissement"}:
        return "arrondissement"
    return "intercommunal" if "epci" in natures or len(places) > 1 else "commune"


def _free(wanted: str, taken: set[str]) -> str:
    free, n = wanted, 1
    while free in taken:
        n += 1
        free = f"{wanted}-{n}"
    return free


def _inform(
    devices: list[dict[str, str]],
    members: list[tuple[str, str, str]],
    columns: Mapping[str, str],
    findings: Findings,
) -> None:
    held = {dispositif for dispositif, _, _ in members}
    without = sum(d["id"] not in held for d in devices)
    if without:
        who = "1 dispositif est" if without == 1 else f"{without} dispositifs sont"
        findings.inform("sans_perimetre", qui=who)
    if devices and "statut" not in columns and all(d["statut"] == "inconnu" for d in devices):
        findings.inform("etats_tus")
