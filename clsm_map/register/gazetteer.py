"""Places of the official lists, looked up by code or by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, Literal, Protocol
from weakref import WeakKeyDictionary

import geopandas as gpd
import pandas as pd
from rapidfuzz import fuzz, process

from clsm_map.domain.territories import OVERSEAS, PLM, departement_of
from clsm_map.register.wording import name_key
from clsm_map.store.territories import postal_pairs

Nature = Literal[
    "commune", "arrondissement", "ancienne", "epci", "qpv", "departement", "region", "france"
]
Group = Literal["commune", "epci", "qpv", "departement", "region", "france"]


class Reference(Protocol):
    """The tables of the snapshot that lists are checked against."""

    @property
    def communes_all(self) -> pd.DataFrame:
        """Communes: ``code, nom, departement, epci, intercommunalite, population``."""

    @property
    def arrondissements(self) -> pd.DataFrame:
        """Arrondissements: ``code, nom, commune, departement``."""

    @property
    def anciennes_communes(self) -> pd.DataFrame:
        """Former communes: ``code, nom, commune`` (today's)."""

    @property
    def codes_postaux(self) -> pd.DataFrame:
        """Postal codes: ``code_postal, commune`` (or arrondissement)."""

    @property
    def anciens_codes(self) -> pd.DataFrame:
        """Codes that no commune has any more: ``ancien, commune`` (today's)."""

    @property
    def epci(self) -> pd.DataFrame:
        """EPCI: ``code, nom, nature, departement``."""

    @property
    def ept(self) -> pd.DataFrame:
        """Établissements publics territoriaux, and Paris: ``code, nom, departement``."""

    @property
    def departements(self) -> pd.DataFrame:
        """Départements: ``code, nom, region``."""

    @property
    def regions(self) -> pd.DataFrame:
        """Régions: ``code, nom``."""

    @property
    def qpv(self) -> gpd.GeoDataFrame:
        """QPV: ``code, nom, communes, noms_communes, departement``."""

    def contours(
        self, niveau: str, scale: Literal["national", "local"] = "national"
    ) -> gpd.GeoDataFrame:
        """Contours of a level: ``code, geometry`` in EPSG:4326."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the official lists.

    ``nature``: ``commune``, ``arrondissement``, ``ancienne`` (a former commune), ``epci``,
    ``qpv``, ``departement``, ``region`` or ``france``. ``code, nom``: official code and name.
    ``departement``: code of the département or overseas collectivité; empty for régions and
    France. ``parent``: today's commune of a former commune, city of an arrondissement; empty
    otherwise.
    """

    nature: Nature
    code: str
    nom: str
    departement: str = ""
    parent: str = ""

    @property
    def member(self) -> tuple[str, str]:
        """Nature (``commune``, ``epci``, ``qpv``) and code, as in the table of perimeters."""
        commune = self.nature in {"arrondissement", "ancienne"}
        return ("commune" if commune else self.nature), self.code


FRANCE: Final = Place("france", "FR", "France")

_EPCI_NATURES: Final = (
    "communaute de communes", "communaute d agglomeration", "communaute d agglo",
    "communaute urbaine", "metropole", "etablissement public territorial", "eurometropole",
    "communaute", "cc", "ca", "cu", "ept",
)  # fmt: skip
_EPCI_ENDS: Final = ("agglomeration", "agglo", *_EPCI_NATURES)
_EPCI_START: Final = re.compile(
    r"(?:la |l )?(?:communaute|cc|ca|cu|ept|metropole|eurometropole|agglo|agglomeration|"
    r"etablissement public territorial)\b"
)
_EPCI_ENDINGS: Final = (" metropole", " agglomeration", " agglo", " communaute")
_EPCI_INITIALS: Final = re.compile(r"\s*\([A-Z0-9 ]{2,}\)\s*$")
_LINKS: Final = frozenset({"de", "du", "des", "d", "la", "le", "les", "l"})
_SHORTENED: Final = _LINKS | {"sur", "sous", "en", "lez", "aux", "au", "et"}


def epci_key(text: str) -> str:
    """Give the name of an EPCI without its nature nor initials.

    ``CA du Pays de Grasse`` is *pays de grasse*, ``Communauté d'agglomération Cœur d'Essonne
    Agglomération`` is *coeur d essonne*.
    """
    key = name_key(_EPCI_INITIALS.sub("", text))
    for nature in _EPCI_NATURES:
        if key.startswith(f"{nature} "):
            key = key[len(nature) + 1 :]
            break
    for end in _EPCI_ENDS:
        if key.endswith(f" {end}"):
            key = key[: -len(end) - 1]
            break
    words = key.split()
    while len(words) > 1 and words[0] in _LINKS:
        words.pop(0)
    return " ".join(words)


def says_epci(text: str) -> bool:
    """Tell whether a name begins or ends as that of an EPCI: ``CA …``, ``… Métropole``."""
    key = name_key(text)
    return _EPCI_START.match(key) is not None or key.endswith(_EPCI_ENDINGS)


_LONGEST_NAME: Final = 100


class Gazetteer:
    """Dictionaries of the official lists; built once for a snapshot (see `gazetteer_of`)."""

    def __init__(self, reference: Reference) -> None:
        self.by_code: dict[Group, dict[str, Place]] = {
            "commune": {},
            "epci": {p.code: p for p in _epci(reference)},
            "qpv": {p.code: p for p in _qpv(reference.qpv)},
            "departement": {p.code: p for p in _departements(reference)},
            "region": {p.code: p for p in _regions(reference)},
            "france": {"FR": FRANCE, "france": FRANCE},
        }
        for place in _communes(reference):
            self.by_code["commune"].setdefault(place.code, place)
        communes = self.by_code["commune"]
        self.postal = _postal(reference, communes)
        self.former_codes = {
            former: communes[today]
            for former, today in _rows(reference.anciens_codes, "ancien", "commune")
        }
        self._communes_of_epci = _communes_of_epci(reference)
        self._communes_of_qpv = {
            code: frozenset(c.strip() for c in codes.split(";"))
            for code, codes in _rows(reference.qpv, "code", "communes")
        }
        self._departements_of_epci = {
            code: frozenset(departement_of(c) for c in held)
            for code, held in self._communes_of_epci.items()
        }
        pairs = (reference.departements["code"], reference.departements["region"])
        self._region_of: dict[str, str] = dict(zip(*pairs, strict=True))
        self._names: dict[Group, dict[str, list[Place]]] = {}
        self._choices: dict[Group, dict[str, dict[str, str]]] = {}
        for group, places in self.by_code.items():
            self._index(group, list(dict.fromkeys(places.values())))
        for key, today in _chief_names(reference, self.by_code["commune"]):
            held = self._names["commune"].setdefault(key, [])
            if all(p.departement != today.departement for p in held):
                held.append(today)

    def _index(self, group: Group, places: list[Place]) -> None:
        """Index the names of a group, and the names to propose by département."""
        names: dict[str, list[Place]] = defaultdict(list)
        choices: dict[str, dict[str, str]] = defaultdict(dict)
        for place in places:
            key = name_key(place.nom)
            if not key:
                continue
            names[key].append(place)
            if group == "epci":
                short = epci_key(place.nom)
                if short != key:
                    names[short].append(place)
                key = short
            for departement in ("", *self._departements(place)):
                choices[departement][place.code] = key
        self._names[group] = dict(names)
        self._choices[group] = dict(choices)

    def _departements(self, place: Place) -> frozenset[str]:
        """Give the départements in which a place has something."""
        own = frozenset({place.departement} - {""})
        return self._departements_of_epci.get(place.code, own) if place.nature == "epci" else own

    def named(self, group: Group, text: str, departement: str = "") -> tuple[Place, ...]:
        """Give the places of exactly that name (see `name_key`).

        Returns today's communes hide the former communes of the same name and département.
        """
        names = self._names[group]
        found = names.get(name_key(text)) or (
            names.get(epci_key(text), []) if group == "epci" else []
        )
        if departement:
            found = [p for p in found if self.lies_in(p, departement)]
        if group == "commune" and len(found) > 1:
            today = {(name_key(p.nom), p.departement) for p in found if p.nature != "ancienne"}
            found = [
                p
                for p in found
                if p.nature != "ancienne" or (name_key(p.nom), p.departement) not in today
            ]
        return tuple(found)

    def shortened(self, text: str, departement: str) -> tuple[Place, ...]:
        """Give the communes of a département whose name goes on after a text.

        ``Pierrefitte`` is *Pierrefitte-sur-Seine* in Seine-Saint-Denis.

        Returns empty unless the only one goes on with a link word (``sur``, ``en``, ``lès``…).
        """
        key = name_key(text)
        longer = [
            self.by_code["commune"][code]
            for code, name in self._choices["commune"].get(departement, {}).items()
            if key and name.startswith(f"{key} ")
        ]
        if len(longer) == 1 and name_key(longer[0].nom)[len(key) :].split()[0] in _SHORTENED:
            return tuple(longer)
        return ()

    def is_epci_only(self, text: str) -> bool:
        """Tell whether a text is the whole name of an EPCI and of no commune."""
        key = name_key(text)
        return not self.named("commune", text) and any(
            name_key(place.nom) == key for place in self.named("epci", text)
        )

    def communes_of(self, place: Place) -> frozenset[str]:
        """Give the communes (of today) of an EPCI or of a QPV; none for another place."""
        held = {"epci": self._communes_of_epci, "qpv": self._communes_of_qpv}.get(place.nature, {})
        return held.get(place.code, frozenset())

    def regions_of(self, places: Iterable[Place]) -> frozenset[str]:
        """Give the régions of places (the territory itself outside the 101 départements)."""
        held = {d for p in places if (d := p.departement)}
        return frozenset(self._region_of.get(d, d) for d in held)

    def lies_in(self, place: Place, departement: str) -> bool:
        """Tell whether a place has something in a département."""
        return departement in self._departements(place)

    def near(self, group: Group, text: str, departement: str = "", n: int = 3) -> list[Place]:
        """Give the names closest to a text: proposals for a person, never an answer.

        Returns best first, by rapidfuzz's weighted ratio, 80 at least; among all the communes of
        the country by its plain ratio, ten times faster.
        """
        key = epci_key(text) if group == "epci" else name_key(text)
        if not key or len(key) > _LONGEST_NAME:
            return []
        choices = self._choices[group].get(departement, {})
        scorer = fuzz.ratio if group == "commune" and not departement else fuzz.WRatio
        found = process.extract(key, choices, scorer=scorer, limit=n, score_cutoff=80)
        return [self.by_code[group][code] for _, _, code in found]


def _communes(reference: Reference) -> Iterator[Place]:
    """List communes, arrondissements, then the former communes and those known by a QPV only."""
    communes = reference.communes_all
    for code, nom, departement in _rows(communes, "code", "nom", "departement"):
        yield Place("commune", code, nom, departement)
    arrondissements = reference.arrondissements
    for code, nom, departement, parent in _rows(
        arrondissements, "code", "nom", "departement", "commune"
    ):
        yield Place("arrondissement", code, nom, departement, parent)
    for code, nom, parent in _rows(reference.anciennes_communes, "code", "nom", "commune"):
        yield Place("ancienne", code, nom, departement_of(code), parent)
    for codes, noms in _rows(reference.qpv, "communes", "noms_communes"):
        for code, nom in zip_longest(codes.split(";"), noms.split(";"), fillvalue=""):
            yield Place("commune", code.strip(), nom.strip(), departement_of(code.strip()))


def _postal(reference: Reference, communes: dict[str, Place]) -> dict[str, tuple[Place, ...]]:
    """Give the communes of each postal code, the most populated first, and cities by part."""
    found: dict[str, list[Place]] = defaultdict(list)
    for postal, code in _rows(postal_pairs(reference), "code_postal", "code"):
        if code not in PLM:
            found[postal].append(communes[code])
    return {postal: tuple(places) for postal, places in found.items()}


def _chief_names(reference: Reference, communes: dict[str, Place]) -> Iterator[tuple[str, Place]]:
    """List the former names that share their code with a commune of today, which they now mean."""
    for code, nom, parent in _rows(reference.anciennes_communes, "code", "nom", "commune"):
        if code == parent and name_key(nom) != name_key(communes[code].nom):
            yield name_key(nom), communes[code]


def _epci(reference: Reference) -> Iterator[Place]:
    for frame in (reference.epci, reference.ept):
        for code, nom, departement in _rows(frame, "code", "nom", "departement"):
            yield Place("epci", code, nom, departement)


def _qpv(frame: pd.DataFrame) -> Iterator[Place]:
    for code, nom, departement in _rows(frame, "code", "nom", "departement"):
        yield Place("qpv", code, nom, departement)


def _departements(reference: Reference) -> Iterator[Place]:
    for code, nom in _rows(reference.departements, "code", "nom"):
        yield Place("departement", code, nom, code)
    for code, nom in OVERSEAS.items():
        if code not in set(reference.departements["code"]):
            yield Place("departement", code, nom, code)


def _regions(reference: Reference) -> Iterator[Place]:
    for code, nom in _rows(reference.regions, "code", "nom"):
        yield Place("region", code, nom)


def _rows(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[str, ...]]:
    texts = (frame[c].astype("object").where(frame[c].notna(), "").tolist() for c in columns)
    return zip(*texts, strict=True)


def _communes_of_epci(reference: Reference) -> dict[str, frozenset[str]]:
    """Give the communes of each EPCI, of each EPT and of the Métropole du Grand Paris."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, epci, inter in _rows(reference.communes_all, "code", "epci", "intercommunalite"):
        found[epci].add(code)
        found[inter].add(code)
    return {code: frozenset(held) for code, held in found.items() if code}


_BUILT: WeakKeyDictionary[Reference, Gazetteer] = WeakKeyDictionary()


def gazetteer_of(reference: Reference) -> Gazetteer:
    """Give the gazetteer of a snapshot, built the first time it is asked for."""
    built = _BUILT.get(reference)
    if built is None:
        built = _BUILT[reference] = Gazetteer(reference)
    return built
