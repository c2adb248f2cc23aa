"""The places that a line names: communes, EPCI and QPV, by code or by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from clsm_map.sources.register.names import NamedPart, named_parts
from clsm_map.sources.register.postal import padded, refuse_postal
from clsm_map.sources.register.report import Proposition
from clsm_map.sources.register.resolution import (
    Resolver,
    looks_like_codes,
    same_place,
    split_codes,
)
from clsm_map.sources.register.values import RefusedValueError, value_of

if TYPE_CHECKING:
    from clsm_map.sources.register.gazetteer import Gazetteer, Group, Place
    from clsm_map.sources.register.lines import Line
    from clsm_map.sources.register.table import Cell

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

    Parameters
    ----------
    line : Line
        The line; refused places are noted on it.
    resolver : Resolver
        Finds the places.
    departement : str or None
        Code, or empty; None when it was refused: names are not looked up without it.

    Returns
    -------
    list of Place
        Without duplicates, in the order of the line.
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
    """Find a place by a code, unless its column holds postal codes.

    Parameters
    ----------
    line : Line
        The line.
    resolver : Resolver
        Finds the places.
    name : str
        Field.
    token : str
        As `split_codes` gives it.

    Raises
    ------
    RefusedValueError
        A postal code, or an unknown code.
    """
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
