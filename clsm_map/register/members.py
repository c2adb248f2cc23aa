"""The places that a line names: communes, EPCI and QPV, by code or by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from clsm_map.register.gazetteer import Gazetteer, Group, Place, says_epci
from clsm_map.register.lines import Line
from clsm_map.register.resolution import (
    Reading,
    Resolver,
    looks_like_codes,
    proposition,
    same_place,
    split_codes,
)
from clsm_map.register.table import Cell, Proposition, Table
from clsm_map.register.values import RefusedValueError, value_of
from clsm_map.register.wording import listing, plain

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
    """A name, or code, among those of a cell.

    ``group``: what it is the name of, or ``code``. ``text``: the name, without the département
    that followed it. ``departement``: code of the département to look in, empty for anywhere.
    """

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
        _part(group, name, departement, gazetteer)
        for words in _BETWEEN.split(text)
        for name in _separate(group, words.strip(), departement, gazetteer)
    ]
    said = {part.departement for part in parts} - {""}
    if departement or len(said) != 1:
        return parts
    (beside,) = said
    return [
        part if part.departement or part.group != group else replace(part, departement=beside)
        for part in parts
    ]


def _separate(group: Group, text: str, departement: str, gazetteer: Gazetteer) -> Iterator[str]:
    """Split at *et*, keeping together the longest names that hold one."""
    words = _AND.split(text)
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            name = " et ".join(words[start:end]).strip()
            alone = end == start + 1
            if alone or _known(group, name, departement, gazetteer):
                if name:
                    yield name
                start = end
                break


def _known(group: Group, name: str, departement: str, gazetteer: Gazetteer) -> bool:
    part = _part(group, name, departement, gazetteer)
    if part.group == "code":
        return False
    return bool(gazetteer.named(part.group, part.text, part.departement))


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


_MOST: Final = 10
"""Communes proposed for a postal code, the most populated first."""
_SHARE: Final = 0.8
"""Part of a column of postal codes that must be some: others may be slips of the pen."""
_FIELDS: Final = (
    "code_commune", "nom_commune", "code", "commune_siege", "territoire",
)  # fmt: skip
_SAYS_POSTAL: Final = frozenset({"postal", "postaux", "cp"})
_SAYS_INSEE: Final = frozenset({"insee", "cog", "codgeo", "depcom"})


def postal_columns(
    table: Table, columns: Mapping[str, str], gazetteer: Gazetteer
) -> dict[str, Reading]:
    """Find the columns that hold postal codes.

    Returns by field. *postal*: more of its codes are postal codes than Insee codes, and nearly all
    are; or the header says so and the codes do not say otherwise. *unsure*: every code is both,
    and neither the header nor another column says which.
    """
    position = {header: i for i, header in enumerate(table.headers)}
    found: dict[str, Reading] = {}
    insee_elsewhere = False
    for field in _FIELDS:
        if field not in columns:
            continue
        header = columns[field]
        cells = {value_of(row.cells[position[header]]) for row in table.rows}
        codes = {
            padded(code) for cell in cells if looks_like_codes(cell) for code in split_codes(cell)
        }
        codes = {code for code in codes if len(code) == 5}
        reading = _reading(codes, set(plain(header).split()), gazetteer)
        if reading:
            found[field] = reading
        insee_elsewhere |= bool(codes) and reading is None
    if insee_elsewhere:
        return {field: reading for field, reading in found.items() if reading == "postal"}
    return found


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


def padded(code: str) -> str:
    """Give a code of four digits the zero that a spreadsheet took."""
    return code.zfill(5) if code.isdigit() and len(code) == 4 else code


def refuse_postal(token: str, gazetteer: Gazetteer) -> RefusedValueError:
    """Refuse a postal code, with its communes.

    Returns with the communes of the postal code, then the one whose Insee code it would be.
    """
    code = padded(token)
    served = gazetteer.postal.get(code, ())
    own = gazetteer.by_code["commune"].get(code)
    if not served:
        return RefusedValueError(
            "Cette colonne contient des codes postaux, et celui-ci n'est connu d'aucune commune : "
            "donnez le code Insee.",
            token,
        )
    whose = listing(f"{place.nom} ({place.code})" for place in served)
    also = f" ; c'est aussi le code Insee de {own.nom}" if own and own not in served else ""
    several = "une de ces communes" if len(served) > 1 else "cette commune"
    proposed: tuple[Proposition, ...] = tuple(proposition(p) for p in served[:_MOST])
    if own and own not in served:
        proposed += (proposition(own),)
    return RefusedValueError(
        f"{code} est le code postal de {whose}{also}. Un code postal ne dit pas un périmètre : "
        f"est-ce {several} ? Confirmez, ou donnez le code Insee.",
        token,
        proposed,
    )


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


def departement_of_line(line: Line, resolver: Resolver) -> str | None:
    """Find the département of a line: its code, empty when not said, None when refused."""

    def read(cell: Cell) -> str | None:
        return resolver.departement(value_of(cell), line.ligne)

    return line.take("departement", read, None)


def members_of(line: Line, resolver: Resolver, departement: str | None) -> list[Place]:
    """Find the places that a line names, the narrowest when it names one inside another.

    A code says which place it is, whatever its column; a name beside a code is only compared with
    it, but a postal code beside a name only says the département. When a line gives communes and
    the EPCI that holds them, or QPV and their communes, only the communes, or the QPV, are kept,
    and this is noted: a list of communes often recalls their EPCI, and a perimeter must not grow
    from a reminder.

    Returns without duplicates, in the order of the line.
    """
    if line.value("code_commune") and not _post_beside_a_name(line, resolver):
        communes = _field(line, resolver, "code_commune", departement)
        _compare_names(line, resolver.gazetteer, communes)
    else:
        where = _of_postal_code(line, resolver) if departement == "" else departement
        communes = _field(line, resolver, "nom_commune", where)
    epci_field = "code_epci" if line.value("code_epci") else "nom_epci"
    epci = _field(line, resolver, epci_field, departement)
    qpv = _field(line, resolver, "code_qpv", departement)
    others = _field(line, resolver, "code", departement)
    places = list(dict.fromkeys([*communes, *epci, *qpv, *others]))
    return _narrowest(line, places, resolver.gazetteer)


def place_of(line: Line, resolver: Resolver, name: str, departement: str | None) -> Place | None:
    """Find the only place of a field such as the seat; None when empty or refused."""
    places = _field(line, resolver, name, departement)
    if len(places) > 1 or any(p.nature in {"epci", "qpv"} for p in places):
        line.refuse(name, line.value(name), "Une seule commune est attendue.")
        return None
    return places[0] if places else None


def _field(line: Line, resolver: Resolver, name: str, departement: str | None) -> list[Place]:
    text = line.value(name)
    if not text:
        return []
    group = _GROUPS.get(name, "commune")
    if looks_like_codes(text):
        named = [NamedPart("code", code) for code in split_codes(text)]
    elif departement is None:
        return []
    else:
        named = named_parts(group, text, departement, resolver.gazetteer)
    confirmed = line.confirmed(name)
    places = []
    for part in named:
        try:
            if part.group == "code":
                places.append(place_by_code(line, resolver, name, part.text))
            else:
                places.append(resolver.name(part.group, part.text, part.departement, line.ligne))
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


def place_by_code(line: Line, resolver: Resolver, name: str, token: str) -> Place:
    """Find a place by a code, unless its column holds postal codes."""
    reading = resolver.postal.get(name)
    sure = reading is None or (
        reading == "unsure" and name == "code_commune" and line.value("nom_commune")
    )
    if sure or not re.fullmatch(r"\d{4,5}", token):
        return resolver.code(token, line.ligne)
    raise refuse_postal(token, resolver.gazetteer)


def _post_beside_a_name(line: Line, resolver: Resolver) -> bool:
    return resolver.postal.get("code_commune") == "postal" and bool(line.value("nom_commune"))


def _of_postal_code(line: Line, resolver: Resolver) -> str:
    """Give the département of the postal code beside a name, empty when there is none."""
    if not _post_beside_a_name(line, resolver):
        return ""
    codes = split_codes(line.value("code_commune"))
    served = [p for code in codes for p in resolver.gazetteer.postal.get(padded(code), ())]
    departements = {p.departement for p in served}
    return departements.pop() if len(departements) == 1 else ""


def _compare_names(line: Line, gazetteer: Gazetteer, communes: list[Place]) -> None:
    """Refuse a line whose code and name are clearly those of two different communes."""
    text = line.value("nom_commune")
    if not text or len(communes) != 1 or looks_like_codes(text):
        return
    place = communes[0]
    if same_place(place, text, gazetteer) or next(line.confirmed("code_commune"), ""):
        return
    named = gazetteer.named("commune", text, place.departement) or gazetteer.named("commune", text)
    candidates = tuple(
        Proposition(p.code, f"{p.nom} ({p.departement})") for p in (place, *named[:2])
    )
    sentence = (
        f"Le code {place.code} est celui de {place.nom} ({place.departement}), mais la colonne "
        f"« {line.header('nom_commune')} » dit « {text[:80]} » : lequel est juste ? Un code postal "
        "n'est pas un code Insee."
    )
    line.refuse_with("code_commune", RefusedValueError(sentence, place.code, candidates))


def _narrowest(line: Line, places: list[Place], gazetteer: Gazetteer) -> list[Place]:
    natures = {p.nature for p in places}
    if len(natures) < 2 or not natures - {"commune", "ancienne"}:
        return places
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
        line.findings.inform(
            "Un territoire et une partie de ce territoire sont donnés ensemble (une "
            "intercommunalité et ses communes, une commune et ses quartiers) : seule la partie est "
            "retenue comme périmètre ; pour retenir le tout, videz l'autre colonne",
            line.ligne,
        )
    return kept


def _commune_of(place: Place) -> str:
    return place.parent or place.code
