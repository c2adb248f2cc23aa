"""Places of the official lists, looked up by code or by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Final, Literal

import pandas as pd
from rapidfuzz import fuzz, process

from clsm_map.domain.territories import (
    FRANCE,
    OVERSEAS,
    OVERSEAS_COLLECTIVITIES,
    PLM,
    departement_of,
)
from clsm_map.store.search import name_key
from clsm_map.store.snapshot import Snapshot

Nature = Literal[
    "commune", "arrondissement", "ancienne", "epci", "qpv", "departement", "region", "france"
]
Group = Literal["commune", "epci", "qpv", "departement", "region", "france"]
_GROUPS: Final[tuple[Group, ...]] = ("commune", "epci", "qpv", "departement", "region", "france")

COLLECTIVITIES: Final = {
    code: name for code, name in OVERSEAS.items() if code in OVERSEAS_COLLECTIVITIES
}
"""Collectivités that hold QPV without being départements: taken as such in look-ups."""


@lru_cache(maxsize=4)
def every_place(snapshot: Snapshot) -> pd.DataFrame:
    """List every place of the official lists.

    Columns: nature, code, nom, departement (missing for régions and France), parent (today's
    commune of a former one, city of an arrondissement), population, and precision, which tells
    homonyms of a nature apart.
    """
    overseas = pd.DataFrame({"code": COLLECTIVITIES.keys(), "nom": COLLECTIVITIES.values()})
    departements = pd.concat([snapshot.departements, overseas])
    former = snapshot.anciennes_communes
    intercommunal = pd.concat([snapshot.epci, snapshot.ept])
    qpv = snapshot.qpv
    tables = {
        "commune": snapshot.communes_all.assign(precision=snapshot.communes_all["departement"]),
        "arrondissement": snapshot.arrondissements.assign(
            parent=snapshot.arrondissements["commune"]
        ),
        "ancienne": former.assign(
            departement=former["code"].map(departement_of), parent=former["commune"]
        ),
        "epci": intercommunal.assign(precision=intercommunal["departement"]),
        "qpv": pd.DataFrame(qpv.drop(columns="geometry")).assign(
            precision=qpv["noms_communes"].str.replace(";", ", ")
        ),
        "departement": departements.assign(departement=departements["code"]),
        "region": snapshot.regions,
        "france": pd.DataFrame([{"code": FRANCE.code, "nom": FRANCE.nom}]),
    }
    columns = ["code", "nom", "departement", "parent", "population", "precision"]
    parts = [frame.reindex(columns=columns).assign(nature=key) for key, frame in tables.items()]
    return pd.concat(parts, ignore_index=True)


def postal_pairs(snapshot: Snapshot) -> pd.DataFrame:
    """Pair postal codes with what they serve, in the order in which it is proposed.

    Columns: code_postal, level (``arrondissement`` first, then ``commune``), code; the most
    populated first within a level.
    """
    places = every_place(snapshot).rename(columns={"nature": "level"})
    places = places[places["level"].isin(["arrondissement", "commune"])]
    pairs = snapshot.codes_postaux.merge(
        places[["level", "code", "population"]], left_on="commune", right_on="code"
    )
    ordered = pairs.sort_values(["level", "population", "code"], ascending=[True, False, True])
    return ordered[["code_postal", "level", "code"]].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the official lists: see `every_place`; what is missing is empty."""

    nature: Nature
    code: str
    nom: str
    departement: str = ""
    parent: str = ""

    @property
    def group(self) -> Group:
        """The list that it is looked up in."""
        if self.nature in {"arrondissement", "ancienne"}:
            return "commune"
        return self.nature  # type: ignore[return-value]

    @property
    def member(self) -> tuple[str, str]:
        """Nature (``commune``, ``epci``, ``qpv``) and code, as in the table of perimeters."""
        return self.group, self.code


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
_LONGEST_NAME: Final = 100


def epci_key(text: str) -> str:
    """Give the name of an EPCI without its nature nor initials.

    ``CA du Pays de Grasse`` is *pays de grasse*, ``Communauté d'agglomération Cœur d'Essonne
    Agglomération`` is *coeur d essonne*.
    """
    key = name_key(_EPCI_INITIALS.sub("", text))
    nature = next((n for n in _EPCI_NATURES if key.startswith(f"{n} ")), "")
    key = key.removeprefix(f"{nature} ")
    end = next((e for e in _EPCI_ENDS if key.endswith(f" {e}")), "")
    words = key.removesuffix(f" {end}").split()
    while len(words) > 1 and words[0] in _LINKS:
        words.pop(0)
    return " ".join(words)


def says_epci(text: str) -> bool:
    """Tell whether a name begins or ends as that of an EPCI: ``CA …``, ``… Métropole``."""
    key = name_key(text)
    return _EPCI_START.match(key) is not None or key.endswith(_EPCI_ENDINGS)


class Gazetteer:
    """Dictionaries of the official lists; built once for a snapshot (see `gazetteer_of`)."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.by_code: dict[Group, dict[str, Place]] = {group: {} for group in _GROUPS}
        for place in _places(snapshot):
            self.by_code[place.group].setdefault(place.code, place)
        communes = self.by_code["commune"]
        served = postal_pairs(snapshot)
        served = served[~served["code"].isin(list(PLM))]  # cities are proposed by arrondissement
        self.postal = {
            str(postal): tuple(communes[code] for code in codes)
            for postal, codes in served.groupby("code_postal")["code"]
        }
        self.former_codes = {
            former: communes[today]
            for former, today in snapshot.anciens_codes.itertuples(index=False, name=None)
        }
        self._communes_of: dict[str, frozenset[str]] = {
            str(code): frozenset(held)
            for column in ("epci", "intercommunalite")
            for code, held in snapshot.communes_all.groupby(column)["code"]
        }
        self._departements_of = {
            code: frozenset(departement_of(c) for c in held)
            for code, held in self._communes_of.items()
        }
        pairs = snapshot.qpv[["code", "communes"]].itertuples(index=False, name=None)
        self._communes_of |= {
            code: frozenset(c.strip() for c in held.split(";")) for code, held in pairs
        }
        regions = snapshot.departements[["code", "region"]]
        self._region_of: dict[str, str] = dict(regions.itertuples(index=False, name=None))
        self._names: dict[Group, dict[str, list[Place]]] = {}
        self._choices: dict[Group, dict[str, dict[str, str]]] = {}
        for group, known in self.by_code.items():
            self._index(group, known.values())
        # A former name whose code was kept now means the commune of today.
        former = snapshot.anciennes_communes[["code", "nom", "commune"]]
        for code, nom, parent in former.itertuples(index=False, name=None):
            if code == parent and name_key(nom) != name_key(communes[code].nom):
                held = self._names["commune"].setdefault(name_key(nom), [])
                if all(p.departement != communes[code].departement for p in held):
                    held.append(communes[code])

    def _index(self, group: Group, places: Iterable[Place]) -> None:
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
        return self._departements_of.get(place.code, own) if place.nature == "epci" else own

    def named(self, group: Group, text: str, departement: str = "") -> tuple[Place, ...]:
        """Give the places of exactly that name (see `name_key`), in a département when it is given.

        Today's communes hide the former communes of the same name and département.
        """
        names = self._names[group]
        found = names.get(name_key(text)) or (
            names.get(epci_key(text), []) if group == "epci" else []
        )
        if departement:
            found = [p for p in found if departement in self._departements(p)]
        if group == "commune" and len(found) > 1:
            today = {(name_key(p.nom), p.departement) for p in found if p.nature != "ancienne"}
            found = [
                p
                for p in found
                if p.nature != "ancienne" or (name_key(p.nom), p.departement) not in today
            ]
        return tuple(found)

    def shortened(self, text: str, departement: str) -> tuple[Place, ...]:
        """Give the only commune of a département whose name goes on after a text with a link word.

        ``Pierrefitte`` is *Pierrefitte-sur-Seine* in Seine-Saint-Denis.
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
        inside = place.nature in {"epci", "qpv"}
        return self._communes_of.get(place.code, frozenset()) if inside else frozenset()

    def regions_of(self, places: Iterable[Place]) -> frozenset[str]:
        """Give the régions of places (the territory itself outside the 101 départements)."""
        held = {d for p in places if (d := p.departement)}
        return frozenset(self._region_of.get(d, d) for d in held)

    def near(self, group: Group, text: str, departement: str = "") -> list[Place]:
        """Give the three names closest to a text: proposals for a person, never an answer.

        Best first, by rapidfuzz's weighted ratio, 80 at least; among all the communes of the
        country by its plain ratio, ten times faster.
        """
        key = epci_key(text) if group == "epci" else name_key(text)
        if not key or len(key) > _LONGEST_NAME:
            return []
        choices = self._choices[group].get(departement, {})
        scorer = fuzz.ratio if group == "commune" and not departement else fuzz.WRatio
        found = process.extract(key, choices, scorer=scorer, limit=3, score_cutoff=80)
        return [self.by_code[group][code] for _, _, code in found]


def _places(snapshot: Snapshot) -> Iterator[Place]:
    """Give every place, then the communes that only a QPV names (Polynésie française)."""
    frame = every_place(snapshot)[["nature", "code", "nom", "departement", "parent"]].fillna("")
    yield from (Place(*row) for row in frame.itertuples(index=False, name=None))
    pairs = snapshot.qpv[["communes", "noms_communes"]].itertuples(index=False, name=None)
    for codes, noms in pairs:
        for code, nom in zip_longest(codes.split(";"), noms.split(";"), fillvalue=""):
            yield Place("commune", code.strip(), nom.strip(), departement_of(code.strip()))


@lru_cache(maxsize=4)
def gazetteer_of(snapshot: Snapshot) -> Gazetteer:
    """Give the gazetteer of a snapshot, built the first time it is asked for."""
    return Gazetteer(snapshot)
