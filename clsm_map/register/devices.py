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
from clsm_map.register.fields import implied_type
from clsm_map.register.gazetteer import Place, Reference
from clsm_map.register.lines import Choices, Line, lines_of
from clsm_map.register.members import departement_of_line, members_of, place_of
from clsm_map.register.resolution import Resolver
from clsm_map.register.table import Findings, Table
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
from clsm_map.register.wording import name_key, plain, slug

SCALES: Final = {
    "commune": "commune", "communal": "commune", "communale": "commune",
    "intercommunal": "intercommunal", "intercommunale": "intercommunal",
    "intercommunalite": "intercommunal", "epci": "intercommunal",
    "arrondissement": "arrondissement", "autre": "autre",
}  # fmt: skip
"""Spellings of the column ``perimetre``; any other text says which territory is meant."""

ORIGINS: Final = {
    "source": "source", "nom": "nom", "polygone": "polygone", "siege seul": "siège seul",
}  # fmt: skip
"""Spellings of the column ``perimetre_origine``."""

_ID: Final = re.compile(r"[\w.:\-]+(?:[ /][\w.:\-]+)*")
_TYPE_PHRASE: Final = re.compile(
    r"\b(clsm|cosm|cism|clism|asv|cls|conseils? (locaux|local)?( de| en)? ?sante mentale|"
    r"conseil intercommunal de sante mentale|conseil d orientation en sante mentale|"
    r"ateliers? sante( et)? villes?|contrats? loca(l|ux) de sante)\b"
)
_LINKS: Final = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "sur", "a"})


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
    """What one line says of a device.

    ``line``: the line, on which refusals are noted. ``said``: columns of ``dispositifs.csv``;
    empty where the line says nothing. ``members``: communes, EPCI and QPV of the perimeter.
    ``seat``: commune of the seat. ``drawn``: whether the members come from a contour. ``start``:
    date of the start, as precise as it is written.
    """

    line: Line
    said: dict[str, str]
    members: list[Place]
    seat: Place | None = None
    drawn: bool = False
    start: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What the lines of one device share: its id, else type, name and département."""
        if self.said["id"]:
            return (self.said["id"],)
        departement = self.said["departement"]
        return self.said["type"], device_key(self.said["nom"]), departement


def read_device_line(line: Line, resolver: Resolver, drawing: Drawing, implied: str) -> DeviceLine:
    """Read a line of a list of devices.

    Returns to be used only if the line was not refused.
    """
    departement = departement_of_line(line, resolver)
    nom = line.text("nom")
    start = line.take("annee_debut", date_of, "")
    values = {
        "id": _id(line),
        "nom": nom,
        "type": _type(line, nom, implied),
        "statut": line.take("statut", state_of, "") if line.value("statut") else "",
        "annee_debut": start[:4],
        "annee_fin": line.take("annee_fin", year_of, ""),
        "departement": departement or "",
        "territoire": line.text("territoire"),
        "source_date": line.take("source_date", date_of, ""),
        "note": line.text("note"),
    }
    _scale_said(line, values)
    _source(line, values)
    seat = place_of(line, resolver, "commune_siege", departement)
    members = members_of(line, resolver, departement)
    read = DeviceLine(line, values, members, seat, start=start)
    if line.geometry is not None:
        _draw(read, resolver, drawing)
    if not (values["nom"] or values["id"]):
        line.refuse("nom", "", "Le nom du dispositif manque.")
    return read


def _id(line: Line) -> str:
    own = line.value("id")
    if own and (len(own) > 80 or not _ID.fullmatch(own)):
        line.refuse(
            "id",
            own[:100],
            "L'identifiant ne peut porter que des lettres, des chiffres, des tirets et des points "
            "(80 caractères au plus).",
        )
    return own


def _type(line: Line, nom: str, implied: str) -> str:
    if line.value("type"):
        return line.take("type", lambda cell: str(type_of(cell)), "")
    return type_in(nom) or implied


def _scale_said(line: Line, values: dict[str, str]) -> None:
    """Sort the column ``perimetre``: a scale, or the words of a territory."""
    text = line.text("perimetre")
    values["perimetre"] = SCALES.get(plain(text), "")
    if text and not values["perimetre"]:
        if values["territoire"]:
            values["note"] = "; ".join(t for t in (values["note"], f"périmètre : {text}") if t)
        else:
            values["territoire"] = text
    origin = line.text("perimetre_origine")
    values["perimetre_origine"] = ORIGINS.get(plain(origin), "")
    if origin and not values["perimetre_origine"]:
        line.refuse(
            "perimetre_origine",
            origin,
            f"L'origine du périmètre n'est pas reconnue : {', '.join(ORIGINS.values())}, ou rien.",
        )


def _source(line: Line, values: dict[str, str]) -> None:
    """Keep a source that is not an address as a note, so that nothing is lost."""
    text = line.text("source_url")
    web = line.take("source_url", lambda _: bool(text) and is_web_address(text), otherwise=True)
    values["source_url"] = text if web else ""
    if text and not web:
        values["note"] = "; ".join(t for t in (values["note"], f"source : {text}") if t)


def _draw(read: DeviceLine, resolver: Resolver, drawing: Drawing) -> None:
    """Take the communes of a contour as the perimeter, unless the line names its places."""
    line = read.line
    if line.geometry is None or line.refused:
        return
    if read.members:
        line.findings.inform(
            "Les codes de l'entité disent son périmètre : son contour n'est pas utilisé", line.ligne
        )
        return
    if not is_area(line.geometry):
        line.findings.inform(
            "Le contour n'est pas un polygone (un point ou une ligne n'est pas un périmètre) : il "
            "n'est pas utilisé",
            line.ligne,
        )
        return
    if not line.geometry.is_valid:
        line.findings.inform(
            "Le contour se croise lui-même : il a été réparé avant d'y chercher les communes ; "
            "vérifiez le périmètre retenu",
            line.ligne,
        )
    try:
        codes = drawing.communes(line.geometry)
    except RefusedValueError as refused:
        line.refuse_with("géométrie", refused)
        return
    read.drawn = True
    communes = resolver.gazetteer.by_code["commune"]
    read.members = [communes[code] for code in codes]


DEVICE_COLUMNS: Final = (
    "id", "type", "nom", "territoire", "statut", "annee_debut", "annee_fin", "commune_siege",
    "departement", "perimetre", "perimetre_origine", "source_url", "source_date", "note",
)  # fmt: skip
PERIMETER_COLUMNS: Final = ("dispositif_id", "nature", "code")

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


def read_devices(
    table: Table,
    columns: Mapping[str, str],
    resolver: Resolver,
    reference: Reference,
    choices: Choices,
    findings: Findings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a list of devices, one line per device or per device and commune.

    Lines are those of one device when they share its id or, without id, its type, its name (less
    the words of the type) and its département. They must agree on type, name, state, years and
    seat; the first that says something is believed, a later one that contradicts it is rejected.

    Returns ``dispositifs``: `DEVICE_COLUMNS`, texts, missing where the list says nothing.
    ``perimetres``: `PERIMETER_COLUMNS`, without duplicates.
    """
    implied = implied_type(columns)
    drawing = Drawing(reference)
    groups: dict[tuple[str, ...], list[DeviceLine]] = defaultdict(list)
    refused: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for line in lines_of(table, columns, choices, findings):
        read = read_device_line(line, resolver, drawing, implied)
        if line.refused:
            refused[read.key].append(line.ligne)
        else:
            groups[read.key].append(read)

    devices: list[dict[str, str]] = []
    members: list[tuple[str, str, str]] = []
    taken = {key[0] for key in groups if len(key) == 1}
    for key, parts in groups.items():
        kept = _agreeing(parts, resolver)
        if not kept:
            continue
        device, places = _assemble(kept, taken)
        taken.add(device["id"])
        devices.append(device)
        members += [(device["id"], *place.member) for place in places]
        if len(kept) < len(parts) or key in refused:
            lost = refused[key] + [p.line.ligne for p in parts if p not in kept]
            for ligne in sorted(lost):
                findings.inform(
                    f"Le périmètre de « {device['nom']} » est incomplet : une partie de ses lignes "
                    "est rejetée",
                    ligne,
                )
    _inform(devices, members, columns, findings)
    perimetres = pd.DataFrame(members, columns=list(PERIMETER_COLUMNS), dtype="str")
    return devices_frame(devices), perimetres.drop_duplicates(ignore_index=True)


def devices_frame(rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Make the table of devices from its rows; what is empty is missing."""
    filled = [{c: row.get(c, "") or None for c in DEVICE_COLUMNS} for row in rows]
    return pd.DataFrame(filled, columns=list(DEVICE_COLUMNS), dtype="str")


def _agreeing(parts: list[DeviceLine], resolver: Resolver) -> list[DeviceLine]:
    """Reject the lines of a device that cannot belong to it; give the others."""
    said: dict[str, tuple[str, int]] = {}
    for part in parts:
        values = part.said | {"commune_siege": part.seat.code if part.seat else ""}
        for name, words in _MUST_AGREE.items():
            value = values[name]
            first, ligne = said.setdefault(name, (value, part.line.ligne))
            if not first:
                said[name] = (value, part.line.ligne)
            elif value and not _same(name, first, value):
                part.line.refuse(
                    name,
                    value,
                    f"La ligne {ligne} donne à ce dispositif {words} « {first} », celle-ci "
                    f"« {value} » : laquelle est juste ? S'il s'agit de deux dispositifs, donnez "
                    "un identifiant à chacun.",
                )
    for name in ("nom", "type"):
        if not said[name][0]:
            _refuse_all(parts, name, f"{_MUST_AGREE[name].capitalize()} du dispositif manque.")
    _check_dates(parts, {name: value for name, (value, _) in said.items()})
    unsure = len(parts) > 1 and not parts[0].said["id"] and not parts[0].said["departement"]
    if unsure:
        regions = resolver.gazetteer.regions_of(m for p in parts for m in p.members)
        if len(regions) > 1:
            _refuse_all(
                parts,
                "departement",
                "Ces lignes portent le même nom mais des communes de régions différentes : donnez "
                "un identifiant ou un département, pour savoir s'il s'agit d'un seul dispositif.",
            )
    return [p for p in parts if not p.line.refused]


def _check_dates(parts: list[DeviceLine], said: Mapping[str, str]) -> None:
    """Reject an end before the start, and a start to come of what is said to have started."""
    start, end, state = said["annee_debut"], said["annee_fin"], said["statut"]
    if start and end and end < start:
        _refuse_all(parts, "annee_fin", f"L'année de fin ({end}) précède celle de début ({start}).")
    later = next((p.start for p in parts if p.start and not has_come(p.start)), "")
    if later and state in _STARTED:
        _refuse_all(
            parts,
            "annee_debut",
            f"Le début ({later}) est à venir, et l'état est « {state} » : est-il « en projet », ou "
            "la date est-elle fausse ?",
        )


def _same(name: str, one: str, other: str) -> bool:
    return device_key(one) == device_key(other) if name == "nom" else one == other


def _refuse_all(parts: list[DeviceLine], name: str, sentence: str) -> None:
    for part in parts:
        if not part.line.refused:
            part.line.refuse(name, part.line.value(name), sentence)


def _assemble(parts: list[DeviceLine], taken: set[str]) -> tuple[dict[str, str], list[Place]]:
    device = {c: next((v for p in parts if (v := p.said.get(c, ""))), "") for c in DEVICE_COLUMNS}
    seat = next((p.seat for p in parts if p.seat), None)
    places = list(dict.fromkeys(m for p in parts for m in p.members))
    device["statut"] = device["statut"] or "inconnu"
    device["commune_siege"] = seat.code if seat else ""
    device["departement"] = device["departement"] or _departement(seat, places)
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
        stem = [device["type"].lower(), device["departement"].lower(), device_key(device["nom"])]
        device["id"] = _free(slug(" ".join(stem)), taken)
    return device, places


def _departement(seat: Place | None, places: list[Place]) -> str:
    if seat:
        return seat.departement
    counts = Counter(p.departement for p in places if p.departement)
    return min(counts, key=lambda d: (-counts[d], d)) if counts else ""


def _scale(places: list[Place]) -> str:
    natures = {p.nature for p in places}
    if natures == {"qpv"}:
        return "autre"
    if natures == {"arrondissement"}:
        return "arrondissement"
    if "epci" in natures or len(places) > 1:
        return "intercommunal"
    return "commune"


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
        findings.inform(f"{who} sans périmètre : le registre en parle, aucun quartier n'en dépend")
    if devices and "statut" not in columns and all(d["statut"] == "inconnu" for d in devices):
        findings.inform(
            "Aucune colonne ne dit l'état des dispositifs : il est « inconnu », et les quartiers "
            "de leur périmètre seront « à vérifier »"
        )
