"""From what a cell says to a place of the official lists: exact, or proposed, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from rapidfuzz import fuzz

from clsm_map.register.gazetteer import Gazetteer, Group, Place
from clsm_map.register.table import Findings, Proposition
from clsm_map.register.values import RefusedValueError
from clsm_map.register.wording import listing, name_key

Reading = Literal["postal", "unsure"]
"""What a column of codes holds when it is not Insee codes for sure."""

_NO_POST: Final[Mapping[str, Reading]] = MappingProxyType({})

_BETWEEN: Final = re.compile(r"[;,|/\n\t]+")
_SPACED: Final = re.compile(r"\d{3} \d{3} \d{3}|\d{2} \d{3}|Q[NP] ?\w{3} ?\w{3}", re.IGNORECASE)
_CODE: Final = re.compile(r"(\d|2[AB]\d|Q[NP]\d)[\dA-Z.]*", re.IGNORECASE)
_SCIENTIFIC: Final = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_DEPARTEMENT_CODE: Final = re.compile(r"\(?(2[AB]|\d{1,3})\b\)?", re.IGNORECASE)
_SEARCHES: Final = 1_000
"""Searches of near names over a whole list; one over the country counts for ten, as it costs."""

_RENUMBERED: Final = {"20": ("2A", "2B"), "985": ("976",)}
"""Codes that départements had: Corsica until 1976, Mayotte until 2011."""

_NOUNS: Final[dict[Group, str]] = {
    "commune": "commune",
    "epci": "intercommunalité",
    "qpv": "quartier prioritaire",
    "departement": "département",
    "region": "région",
    "france": "pays",
}


def split_codes(text: str) -> list[str]:
    """Split a cell of codes: ``01053;01004``, ``01053, 01004``, ``01053 01004``, ``200 071 751``.

    Returns without empty parts, in upper case.
    """
    out: list[str] = []
    whole = _SCIENTIFIC.fullmatch(text.strip())
    for part in [text] if whole else _BETWEEN.split(text):
        trimmed = part.strip()
        if _SPACED.fullmatch(trimmed):
            out.append(trimmed.replace(" ", "").upper())
        else:
            out += trimmed.upper().split()
    return out


def looks_like_codes(text: str) -> bool:
    """Tell codes from names: every part of the cell begins as a code does."""
    parts = split_codes(text)
    return bool(parts) and all(_CODE.fullmatch(p) or _SCIENTIFIC.fullmatch(p) for p in parts)


class Resolver:
    """Finds the places that a list names."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        findings: Findings,
        *,
        accept_corrections: bool = False,
        postal: Mapping[str, Reading] = _NO_POST,
    ) -> None:
        self.gazetteer = gazetteer
        self.postal = postal
        self._findings = findings
        self._accept = accept_corrections
        self._searches = 0
        self._codes: dict[str, Place | RefusedValueError] = {}
        self._names: dict[tuple[Group, str, str], Place | RefusedValueError] = {}

    def code(self, token: str, ligne: int) -> Place:
        """Find a commune, arrondissement, former commune, EPCI, EPT or QPV by its code.

        Returns A former commune stays itself, and this is noted.
        """
        found = self._codes.get(token)
        if found is None:
            try:
                found = self._find_code(token)
            except RefusedValueError as refused:
                found = refused
            self._codes[token] = found
        if isinstance(found, RefusedValueError):
            if not (self._accept and found.correction):
                raise found
            place = self._find_code(found.correction)
            self._findings.inform(f"{token} a été lu {place.code} ({place.nom})", ligne)
            found = place
        self._note_former(found, ligne)
        return found

    def name(self, group: Group, text: str, departement: str, ligne: int) -> Place:
        """Find a place by its name, exactly (accents, case and hyphens aside).

        Returns the only place of that name, in that département when one is given.
        """
        asked = (group, name_key(text), departement)
        found = self._names.get(asked)
        if found is None:
            try:
                found = self._find_name(group, text, departement)
            except RefusedValueError as refused:
                found = refused
            self._names[asked] = found
        if isinstance(found, RefusedValueError):
            raise RefusedValueError(found.message_fr, text, found.propositions)
        self._note_former(found, ligne)
        own = name_key(found.nom)
        if group == "commune" and own.startswith(f"{asked[1]} "):
            self._findings.inform(
                f"« {text} » est lu {found.nom} ({found.code}), la seule commune du département "
                f"{found.departement} dont le nom commence ainsi",
                ligne,
            )
        elif found.nature == "commune" and own != asked[1]:
            self._findings.inform(
                f"« {text} » est un ancien nom : il est lu {found.nom} ({found.code}), la commune "
                "d'aujourd'hui tout entière",
                ligne,
            )
        return found

    def departement(self, text: str, ligne: int) -> str:
        """Read a département: ``01``, ``2A``, ``Ain``, ``01 - Ain``, ``Ain (01)``."""
        if not text:
            return ""
        match = _DEPARTEMENT_CODE.match(text) or re.search(r"\((2[AB]|\d{1,3})\)$", text)
        if match and (code := self._padded("departement", match[1].upper(), ligne)):
            return code
        known = self.gazetteer.by_code["departement"]
        today = [known[code] for code in _RENUMBERED.get(text, ())]
        if today:
            names = tuple(proposition(place) for place in today)
            raise RefusedValueError(
                f"Ce code de département est ancien : est-ce "
                f"{listing((str(n) for n in names), link='ou')} ?",
                text,
                names,
            )
        return self.name("departement", text, "", ligne).code

    def region(self, text: str, ligne: int) -> str:
        """Read a région by its code or its name, as `departement` does."""
        code = self._padded("region", text, ligne) if text.isdigit() else ""
        return code or self.name("region", text, "", ligne).code

    def _padded(self, group: Group, code: str, ligne: int) -> str:
        """Give a known code, with the zero it may have lost; empty when there is none."""
        known = self.gazetteer.by_code[group]
        if code in known:
            return code
        place = known.get(code.zfill(2))
        if place is None:
            return ""
        if not self._accept:
            raise _lost_zero(code, place)
        self._findings.inform(f"{code} a été lu {place.code} ({place.nom})", ligne)
        return place.code

    def _note_former(self, place: Place, ligne: int) -> None:
        if place.nature == "ancienne":
            today = self.gazetteer.by_code["commune"].get(place.parent)
            self._findings.inform(
                f"{place.code} est une ancienne commune, {place.nom}, aujourd'hui dans "
                f"{today.nom if today else ''} ({place.parent}) : le périmètre désigne cette "
                "ancienne commune seule",
                ligne,
            )

    def _find_code(self, token: str) -> Place:
        code = re.sub(r"\.0$", "", token)
        known = self.gazetteer.by_code
        groups: tuple[Group, ...] = ("commune", "epci", "qpv")
        for group in groups:
            if code in known[group]:
                return known[group][code]
        if _SCIENTIFIC.fullmatch(code):
            raise RefusedValueError(
                "Le tableur a remplacé ce code par un nombre arrondi. Mettez la colonne au format "
                "Texte et saisissez le code de nouveau.",
                token,
            )
        if code.startswith("QP") and len(code) == 8:
            raise RefusedValueError(
                "C'est un code de la géographie prioritaire de 2015. Les quartiers de 2024 ont "
                "d'autres codes (QN…) et souvent un autre périmètre : donnez ceux de 2024.",
                token,
            )
        if code.startswith("QN"):
            raise RefusedValueError("Aucun quartier prioritaire de 2024 n'a ce code.", token)
        if code.isdigit() and len(code) == 4 and code.zfill(5) in known["commune"]:
            raise _lost_zero(code, known["commune"][code.zfill(5)])
        raise self._unknown(code, token)

    def _unknown(self, code: str, token: str) -> RefusedValueError:
        """Say what an unknown number may be, since people paste many kinds of codes."""
        known = self.gazetteer.by_code
        candidates: list[Place | None] = []
        if len(code) == 14 and code[:9] in known["epci"]:
            candidates = [known["epci"][code[:9]]]
            sentence = "C'est un SIRET (14 chiffres) : donnez le SIREN (9 chiffres)."
        elif len(code) == 9 and code.startswith("21"):
            sentence = "C'est le SIREN d'une commune : donnez son code Insee (5 caractères)."
        elif len(code) == 9:
            sentence = (
                "Aucune intercommunalité (EPCI ou établissement public territorial) n'a ce SIREN "
                "dans la liste embarquée. Si elle a changé, donnez son SIREN d'aujourd'hui ou la "
                "liste de ses communes."
            )
        else:
            former = self.gazetteer.former_codes.get(code)
            served = self.gazetteer.postal.get(code, ())
            candidates = [former, *served[:3]]
            sentence = _code_of_yesterday(former) + _postal_code(served, first=not former)
            if not sentence:
                sentence = (
                    "Ce code n'est celui d'aucune commune, d'aujourd'hui ou ancienne, d'aucun "
                    "arrondissement, d'aucune intercommunalité ni d'aucun quartier. Un code postal "
                    "ne convient pas. "
                )
            sentence += "Donnez le code Insee d'aujourd'hui."
        return RefusedValueError(sentence, token, tuple(proposition(p) for p in candidates if p))

    def _find_name(self, group: Group, text: str, departement: str) -> Place:
        found = self.gazetteer.named(group, text, departement)
        if not found and group == "commune" and departement:
            found = self.gazetteer.shortened(text, departement)
        if len(found) == 1:
            return found[0]
        noun = _NOUNS[group]
        if found:
            raise RefusedValueError(
                f"{len(found)} territoires portent ce nom : "
                f"{listing(str(proposition(p)) for p in found)}. Donnez le code"
                f"{'' if departement else ', ou le département'}.",
                text,
                tuple(proposition(p) for p in found),
            )
        near: list[Place] = []
        if self._searches < _SEARCHES:
            self._searches += 1 if departement else 10
            near = self.gazetteer.near(group, text, departement)
        where = f" dans le département {departement}" if departement else ""
        elsewhere = sorted({p.departement for p in self.gazetteer.named(group, text)} - {""})
        proposals = tuple(proposition(p) for p in dict.fromkeys(near))[:3]
        choices = listing((str(p) for p in proposals), link="ou")
        hint = f" Est-ce {choices} ?" if proposals else ""
        if departement and elsewhere:
            hint += (
                f" Ce nom existe ailleurs ({listing(elsewhere)}) : le département est-il juste ?"
            )
        raise RefusedValueError(
            f"Aucun territoire ({noun}) ne porte ce nom{where}.{hint}", text, proposals
        )


def _code_of_yesterday(today: Place | None) -> str:
    if today is None:
        return ""
    return (
        f"Ce code Insee est ancien : sa commune est aujourd'hui {today.nom} ({today.code}), ou y a "
        "été réunie. "
    )


def _postal_code(served: Sequence[Place], *, first: bool) -> str:
    if not served:
        return ""
    whose = listing(f"{place.nom} ({place.code})" for place in served)
    return f"C'est {'' if first else 'aussi '}le code postal de {whose}. "


def same_place(place: Place, text: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a name can be that of a place found by its code.

    The name may be the commune's, that of the city of an arrondissement, that of a former commune
    merged into it or of the commune it merged into, hold one of these among other words, or have
    a slip of the pen: the code has said which place it is.
    """
    key = name_key(text)
    if not key:
        return True
    accepted = {name_key(place.nom)}
    parent = gazetteer.by_code["commune"].get(place.parent)
    if parent:
        accepted.add(name_key(parent.nom))
    for own in accepted:
        if f" {own} " in f" {key} " or f" {key} " in f" {own} " or fuzz.ratio(own, key) >= 85:
            return True
    return any(place.code in {p.code, p.parent} for p in gazetteer.named("commune", text))


def _lost_zero(code: str, place: Place) -> RefusedValueError:
    return RefusedValueError(
        f"Le code a perdu son zéro : {code} est sans doute {place.code}, {place.nom}. Confirmez, "
        "ou mettez la colonne au format Texte.",
        code,
        (proposition(place),),
        place.code,
    )


def proposition(place: Place) -> Proposition:
    """Propose a place by its code, with its name and département in words."""
    where = f" ({place.departement})" if place.departement else ""
    former = ", ancienne commune" if place.nature == "ancienne" else ""
    return Proposition(place.code, f"{place.nom}{where}{former}")
