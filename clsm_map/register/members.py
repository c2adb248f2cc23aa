"""The places that a line names: communes, EPCI and QPV, by code or by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from clsm_map.register.lines import Line
from clsm_map.register.resolution import (
    Reading,
    looks_like_codes,
    padded,
    refuse_postal,
    same_place,
    split_codes,
)
from clsm_map.register.table import Proposition, Table
from clsm_map.register.values import RefusedValueError, value_of
from clsm_map.store.gazetteer import Gazetteer, Group, Place, says_epci
from clsm_map.store.search import plain

_BETWEEN: Final = re.compile(r"[;|\n\t]+|, ?")
_AND: Final = re.compile(r"\s+(?:et|&|\+)\s+", re.IGNORECASE)
_DEPARTEMENT: Final = re.compile(r"\s*\((2[AB]|\d{2,3})\)\s*$", re.IGNORECASE)
_ALL_OF: Final = re.compile(
    r"^(?:toutes les|l[’']ensemble des|les \d+|les|ensemble des)\s+communes\s+"
    r"(?:membres\s+)?(?:de\s+la\s+|de\s+l[’']|du\s+|de\s+|d[’']|des\s+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A name, or code, of a cell: what it names, and the département to look in, empty if none."""

    group: Group | Literal["code"]
    text: str
    departement: str = ""


def named_parts(group: Group, text: str, departement: str, gazetteer: Gazetteer) -> list[NamedPart]:
    """Split a cell of names.

    ``;``, ``|``, commas, line ends, *et*, ``&`` and ``+`` separate, but not within a name
    (``Nivigne et Suran``); ``(93)`` after a name is its département, and that of the names beside
    it which say none when the line does not; in a column of communes, *CA …*, *… Métropole*,
    *toutes les communes de …* and the whole name of an EPCI that is no commune's name an EPCI.
    """
    if gazetteer.named(group, text, departement):
        return [NamedPart(group, text, departement)]
    parts = [
        part
        for words in _BETWEEN.split(text)
        for part in _separate(group, words.strip(), departement, gazetteer)
    ]
    said = {part.departement for part in parts} - {""}
    if departement or len(said) != 1:
        return parts
    (beside,) = said
    return [
        part if part.departement or part.group != group else replace(part, departement=beside)
        for part in parts
    ]


def _separate(
    group: Group, text: str, departement: str, gazetteer: Gazetteer
) -> Iterator[NamedPart]:
    """Split at *et*, keeping together the longest names that hold one."""
    words = _AND.split(text)
    while words:
        for end in range(len(words), 0, -1):
            name = " et ".join(words[:end]).strip()
            part = _part(group, name, departement, gazetteer)
            known = part.group != "code" and gazetteer.named(
                part.group, part.text, part.departement
            )
            if known or end == 1:
                if name:
                    yield part
                words = words[end:]
                break


def _part(group: Group, text: str, departement: str, gazetteer: Gazetteer) -> NamedPart:
    said = _DEPARTEMENT.search(text)
    own = said[1].upper() if said else ""
    if said and own in gazetteer.by_code["departement"]:
        text, departement = text[: said.start()], own
    every = _ALL_OF.match(text)
    name = text[every.end() :] if every else text
    if group == "commune" and (every or says_epci(name) or gazetteer.is_epci_only(name)):
        return NamedPart("epci", name, departement)
    return NamedPart(group, text, departement)


_SHARE: Final = 0.8
"""Part of a column of postal codes that must be some: others may be slips of the pen."""
_CODED: Final = ("code_commune", "nom_commune", "code", "commune_siege", "territoire")
_SAYS_POSTAL: Final = frozenset({"postal", "postaux", "cp"})
_SAYS_INSEE: Final = frozenset({"insee", "cog", "codgeo", "depcom"})


def postal_columns(
    table: Table, columns: Mapping[str, str], gazetteer: Gazetteer
) -> dict[str, Reading]:
    """Find the columns (field → header) that hold postal codes.

    *postal*: more of its codes are postal codes than Insee codes, and nearly all are; or the header
    says so and the codes do not say otherwise. *unsure*: every code is both, and neither the header
    nor another column says which.
    """
    found: dict[str, Reading] = {}
    insee_elsewhere = False
    for field in (f for f in _CODED if f in columns):
        position = table.headers.index(columns[field])
        cells = {value_of(row.cells[position]) for row in table.rows}
        codes = {
            padded(code) for cell in cells if looks_like_codes(cell) for code in split_codes(cell)
        }
        codes = {code for code in codes if len(code) == 5}
        reading = _reading(codes, set(plain(columns[field]).split()), gazetteer)
        if reading:
            found[field] = reading
        insee_elsewhere |= bool(codes) and reading is None
    return {f: r for f, r in found.items() if r == "postal" or not insee_elsewhere}


def _reading(codes: set[str], words: set[str], gazetteer: Gazetteer) -> Reading | None:
    postal = codes & gazetteer.postal.keys()
    insee = codes & gazetteer.by_code["commune"].keys()
    if not postal:
        return None
    mostly = len(postal) > len(insee) and len(postal) >= _SHARE * len(codes)
    if mostly or (words & _SAYS_POSTAL and len(postal) >= len(insee)):
        return "postal"
    if codes == postal == insee and not words & _SAYS_INSEE:
        own = all({place.code for place in gazetteer.postal[code]} == {code} for code in codes)
        return None if own else "unsure"
    return None


_GROUPS: Final[dict[str, Group]] = {
    "code_commune": "commune",
    "nom_commune": "commune",
    "code_epci": "epci",
    "nom_epci": "epci",
    "code_qpv": "qpv",
    "code": "commune",
}
TERRITORY_FIELDS: Final = tuple(_GROUPS)
"""Fields that can name places, in the order in which they are read."""


def members_of(line: Line, departement: str | None) -> list[Place]:
    """Find the places that a line names, the narrowest when it names one inside another.

    A code says which place it is, whatever its column; a name beside a code is only compared with
    it, but a postal code beside a name only says the département. When a line gives communes and
    the EPCI that holds them, or QPV and their communes, only the communes, or the QPV, are kept,
    and this is noted: a list of communes often recalls their EPCI, and a perimeter must not grow
    from a reminder. ``departement``: code, or empty; None when it was refused: names are not
    looked up without it.
    """
    if line.value("code_commune") and not _post_beside_a_name(line):
        communes = _field(line, "code_commune", departement)
        _compare_names(line, communes)
    else:
        where = _of_postal_code(line) if departement == "" else departement
        communes = _field(line, "nom_commune", where)
    epci_field = "code_epci" if line.value("code_epci") else "nom_epci"
    others = (
        place
        for name in (epci_field, "code_qpv", "code")
        for place in _field(line, name, departement)
    )
    return _narrowest(line, list(dict.fromkeys([*communes, *others])))


def place_of(line: Line, name: str, departement: str | None) -> Place | None:
    """Find the only place of a field such as the seat; None when empty or refused."""
    places = _field(line, name, departement)
    if len(places) > 1 or any(p.nature in {"epci", "qpv"} for p in places):
        line.refuse(name, line.value(name), "une_commune")
        return None
    return places[0] if places else None


def _field(line: Line, name: str, departement: str | None) -> list[Place]:
    text = line.value(name)
    codes = bool(text) and looks_like_codes(text)
    if not text or (departement is None and not codes):
        return []
    resolver, group = line.resolver, _GROUPS.get(name, "commune")
    named = (
        [NamedPart("code", code) for code in split_codes(text)]
        if codes
        else named_parts(group, text, departement or "", resolver.gazetteer)
    )
    confirmed = line.confirmed(name)
    places = []
    for part in named:
        try:
            places.append(_place(line, name, part))
        except RefusedValueError as refused:
            chosen = next(confirmed, "")
            if not chosen:
                line.refuse_with(name, refused)
                continue
            try:
                places.append(resolver.code(chosen.upper(), line.ligne))
            except RefusedValueError as again:
                line.refuse_with(name, again)
    return places


def _place(line: Line, name: str, part: NamedPart) -> Place:
    if part.group == "code":
        return place_by_code(line, name, part.text)
    return line.resolver.name(part.group, part.text, part.departement, line.ligne)


def place_by_code(line: Line, name: str, token: str) -> Place:
    """Find a place by a code of a field, unless its column holds postal codes."""
    reading = line.resolver.postal.get(name)
    sure = reading is None or (
        reading == "unsure" and name == "code_commune" and line.value("nom_commune")
    )
    if sure or not re.fullmatch(r"\d{4,5}", token):
        return line.resolver.code(token, line.ligne)
    raise refuse_postal(token, line.resolver.gazetteer)


def _post_beside_a_name(line: Line) -> bool:
    return line.resolver.postal.get("code_commune") == "postal" and bool(line.value("nom_commune"))


def _of_postal_code(line: Line) -> str:
    """Give the département of the postal code beside a name, empty when there is none."""
    if not _post_beside_a_name(line):
        return ""
    postal = line.resolver.gazetteer.postal
    codes = split_codes(line.value("code_commune"))
    served = [p for code in codes for p in postal.get(padded(code), ())]
    departements = {p.departement for p in served}
    return departements.pop() if len(departements) == 1 else ""


def _compare_names(line: Line, communes: list[Place]) -> None:
    """Refuse a line whose code and name are clearly those of two different communes."""
    text = line.value("nom_commune")
    if not text or len(communes) != 1 or looks_like_codes(text):
        return
    place, gazetteer = communes[0], line.resolver.gazetteer
    if same_place(place, text, gazetteer) or next(line.confirmed("code_commune"), ""):
        return
    named = gazetteer.named("commune", text, place.departement) or gazetteer.named("commune", text)
    candidates = tuple(
        Proposition(p.code, f"{p.nom} ({p.departement})") for p in (place, *named[:2])
    )
    words = {"code": place.code, "lieu": candidates[0].nom, "texte": text[:80]}
    refused = RefusedValueError(
        "code_et_nom", place.code, candidates, titre=line.header("nom_commune"), **words
    )
    line.refuse_with("code_commune", refused)


def _narrowest(line: Line, places: list[Place]) -> list[Place]:
    if not {p.nature for p in places} - {"commune", "ancienne"}:
        return places
    gazetteer = line.resolver.gazetteer
    cities = {p.parent for p in places if p.nature == "arrondissement"}
    in_qpv = {c for p in places if p.nature == "qpv" for c in gazetteer.communes_of(p)}
    inner = in_qpv | {_commune_of(p) for p in places if p.nature not in {"epci", "qpv"}}
    kept = []
    for place in places:
        if place.nature == "epci":
            wider = bool(inner & gazetteer.communes_of(place))
        else:
            wider = place.code in cities or (place.nature != "qpv" and _commune_of(place) in in_qpv)
        if not wider:
            kept.append(place)
    if len(kept) < len(places):
        line.inform("partie_retenue")
    return kept


def _commune_of(place: Place) -> str:
    return place.parent or place.code
