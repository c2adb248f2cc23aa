"""A line of a list of devices: its values, checked, and the places it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from clsm_map.sources.register.contours import Drawing, is_area
from clsm_map.sources.register.members import departement_of_line, members_of, place_of
from clsm_map.sources.register.values import (
    RefusedValueError,
    date_of,
    is_web_address,
    state_of,
    type_in,
    type_of,
    year_of,
)
from clsm_map.sources.register.wording import name_key, plain

if TYPE_CHECKING:
    from clsm_map.sources.register.gazetteer import Place
    from clsm_map.sources.register.lines import Line
    from clsm_map.sources.register.resolution import Resolver

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

    Attributes
    ----------
    line : Line
        The line, on which refusals are noted.
    said : dict of str to str
        Columns of ``dispositifs.csv``; empty where the line says nothing.
    members : list of Place
        Communes, EPCI and QPV of the perimeter.
    seat : Place or None
        Commune of the seat.
    drawn : bool
        Whether the members come from a contour.
    start : str
        Date of the start, as precise as it is written.
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

    Parameters
    ----------
    line : Line
        The line; what is refused is noted on it.
    resolver : Resolver
        Finds the places.
    drawing : Drawing
        Reads contours.
    implied : str
        Type that the headers name (``Nom_CLS``), or empty.

    Returns
    -------
    DeviceLine
        To be used only if the line was not refused.
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
    _scale(line, values)
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


def _scale(line: Line, values: dict[str, str]) -> None:
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
