"""From what a cell says to a place of the official lists: exact, or proposed, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Final, Literal

from rapidfuzz import fuzz

from clsm_map.register.table import Findings, Proposition
from clsm_map.register.values import RefusedValueError
from clsm_map.register.vocabulary import listing
from clsm_map.store.gazetteer import Gazetteer, Group, Place
from clsm_map.store.search import name_key

Reading = Literal["postal", "unsure"]
"""What a column of codes holds when it is not Insee codes for sure."""

_BETWEEN: Final = re.compile(r"[;,|/\n\t]+")
_SPACED: Final = re.compile(r"\d{3} \d{3} \d{3}|\d{2} \d{3}|Q[NP] ?\w{3} ?\w{3}", re.IGNORECASE)
_CODE: Final = re.compile(r"(\d|2[AB]\d|Q[NP]\d)[\dA-Z.]*", re.IGNORECASE)
_SCIENTIFIC: Final = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_DEPARTEMENT: Final = re.compile(r"^\(?(2[AB]|\d{1,3})\b|\((2[AB]|\d{1,3})\)$", re.IGNORECASE)
_SEARCHES: Final = 1_000
"""Searches of near names over a whole list; one over the country counts for ten, as it costs."""

_RENUMBERED: Final = {"20": ("2A", "2B"), "985": ("976",)}
"""Codes that départements had: Corsica until 1976, Mayotte until 2011."""

_UNKNOWN: Final = {
    (True, True): "code_ancien_et_postal",
    (True, False): "code_ancien",
    (False, True): "code_postal",
    (False, False): "code_inconnu",
}
"""What is said of an unknown code: that of a commune of yesterday, a postal code, both, or none."""

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

    Without empty parts, in upper case.
    """
    out: list[str] = []
    whole = _SCIENTIFIC.fullmatch(text.strip())
    for part in [text] if whole else _BETWEEN.split(text):
        trimmed = part.strip().upper()
        out += [trimmed.replace(" ", "")] if _SPACED.fullmatch(trimmed) else trimmed.split()
    return out


def looks_like_codes(text: str) -> bool:
    """Tell codes from names: every part of the cell begins as a code does."""
    parts = split_codes(text)
    return bool(parts) and all(_CODE.fullmatch(p) or _SCIENTIFIC.fullmatch(p) for p in parts)


class Resolver:
    """Finds the places that a list names; each question is asked once.

    ``accept_corrections``: whether a code that lost its zero is read with it. ``postal``: fields
    that hold postal codes (see `clsm_map.register.members`).
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        findings: Findings,
        *,
        accept_corrections: bool = False,
        postal: Mapping[str, Reading] | None = None,
    ) -> None:
        self.gazetteer = gazetteer
        self.postal = postal or {}
        self.findings = findings
        self._accept = accept_corrections
        self._searches = 0
        self._found: dict[Hashable, Place | RefusedValueError] = {}

    def _once(self, asked: Hashable, find: Callable[[], Place]) -> Place | RefusedValueError:
        if asked not in self._found:
            try:
                self._found[asked] = find()
            except RefusedValueError as refused:
                self._found[asked] = refused
        return self._found[asked]

    def code(self, token: str, ligne: int) -> Place:
        """Find a commune, arrondissement, former commune, EPCI, EPT or QPV by its code.

        A former commune stays itself, and this is noted; a code that lost its zero is refused with
        its correction. ``token``: as `split_codes` gives it.
        """
        found = self._once(token, lambda: self._find_code(token))
        if isinstance(found, RefusedValueError):
            if not (self._accept and found.correction):
                raise found.with_traceback(None)
            found = self._lost(token, self._find_code(found.correction), ligne)
        self._note_former(found, ligne)
        return found

    def name(self, group: Group, text: str, departement: str, ligne: int) -> Place:
        """Find a place by its name, exactly (accents, case and hyphens aside).

        ``departement``: code, empty when the list does not say. No such name is refused with the
        nearest ones, several with each of them.
        """
        asked = (group, name_key(text), departement)
        found = self._once(asked, lambda: self._find_name(group, text, departement))
        if isinstance(found, RefusedValueError):
            found.value = text
            raise found.with_traceback(None)
        self._note_former(found, ligne)
        own = name_key(found.nom)
        if group == "commune" and own.startswith(f"{asked[1]} "):
            self.findings.inform("nom_complete", ligne, texte=text, lieu=found)
        elif found.nature == "commune" and own != asked[1]:
            self.findings.inform("nom_ancien", ligne, texte=text, lieu=found)
        return found

    def departement(self, text: str, ligne: int) -> str:
        """Read a département: ``01``, ``2A``, ``Ain``, ``01 - Ain``, ``Ain (01)``.

        ``1`` is refused with its correction, ``01``.
        """
        if not text:
            return ""
        if match := _DEPARTEMENT.search(text):
            code = self._padded("departement", (match[1] or match[2]).upper(), ligne)
            if code:
                return code
        known = self.gazetteer.by_code["departement"]
        today = tuple(proposition(known[code]) for code in _RENUMBERED.get(text, ()))
        if today:
            raise RefusedValueError(
                "departement_ancien", text, today, choix=listing(today, link="ou")
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
        return self._lost(code, place, ligne).code

    def _lost(self, token: str, place: Place, ligne: int) -> Place:
        self.findings.inform("code_lu", ligne, lu=token, lieu=place)
        return place

    def _note_former(self, place: Place, ligne: int) -> None:
        if place.nature == "ancienne":
            today = self.gazetteer.by_code["commune"].get(place.parent)
            commune = f"{today.nom if today else ''} ({place.parent})"
            self.findings.inform("ancienne_commune", ligne, lieu=place, commune=commune)

    def _find_code(self, token: str) -> Place:
        code = token.removesuffix(".0")
        known = self.gazetteer.by_code
        groups: tuple[Group, ...] = ("commune", "epci", "qpv")
        for group in groups:
            if code in known[group]:
                return known[group][code]
        if _SCIENTIFIC.fullmatch(code):
            raise RefusedValueError("tableur_arrondi", token)
        if code.startswith("QP") and len(code) == 8:
            raise RefusedValueError("qpv_2015", token)
        if code.startswith("QN"):
            raise RefusedValueError("qpv_inconnu", token)
        if code != padded(code) and padded(code) in known["commune"]:
            raise _lost_zero(code, known["commune"][padded(code)])
        if len(code) == 14 and code[:9] in known["epci"]:
            raise RefusedValueError("siret", token, (proposition(known["epci"][code[:9]]),))
        if len(code) == 9:
            commune = code.startswith("21")
            raise RefusedValueError("siren_commune" if commune else "siren_inconnu", token)
        former = self.gazetteer.former_codes.get(code)
        served = self.gazetteer.postal.get(code, ())
        places = tuple(proposition(p) for p in (former, *served[:3]) if p)
        words = {"commune": _named(former) if former else "", "communes": _listed(served)}
        raise RefusedValueError(_UNKNOWN[bool(former), bool(served)], token, places, **words)

    def _find_name(self, group: Group, text: str, departement: str) -> Place:
        found = self.gazetteer.named(group, text, departement)
        if not found and group == "commune" and departement:
            found = self.gazetteer.shortened(text, departement)
        if len(found) == 1:
            return found[0]
        if found:
            several = tuple(proposition(p) for p in found)
            ou = "" if departement else ", ou le département"
            words = {"n": len(found), "choix": listing(several), "ou": ou}
            raise RefusedValueError("homonymes", text, several, **words)
        near: list[Place] = []
        if self._searches < _SEARCHES:
            self._searches += 1 if departement else 10
            near = self.gazetteer.near(group, text, departement)
        proposals = tuple(proposition(p) for p in near)
        hint = f" Est-ce {listing(proposals, link='ou')} ?" if proposals else ""
        elsewhere = sorted({p.departement for p in self.gazetteer.named(group, text)} - {""})
        if departement and elsewhere:
            hint += (
                f" Ce nom existe ailleurs ({listing(elsewhere)}) : le département est-il juste ?"
            )
        where = f" dans le département {departement}" if departement else ""
        words = {"sorte": _NOUNS[group], "dans": where, "est_ce": hint}
        raise RefusedValueError("nom_inconnu", text, proposals, **words)


def padded(code: str) -> str:
    """Give a code of four digits the zero that a spreadsheet took."""
    return code.zfill(5) if code.isdigit() and len(code) == 4 else code


def refuse_postal(token: str, gazetteer: Gazetteer) -> RefusedValueError:
    """Refuse a postal code, with its communes, then the one whose Insee code it would be."""
    code = padded(token)
    served = gazetteer.postal.get(code, ())
    own = gazetteer.by_code["commune"].get(code)
    if not served:
        return RefusedValueError("postal_inconnu", token)
    other = [own] if own and own not in served else []
    proposed = tuple(proposition(p) for p in [*served[:_MOST], *other])
    words = {
        "code": code,
        "communes": _listed(served),
        "aussi": f" ; c'est aussi le code Insee de {other[0].nom}" if other else "",
        "laquelle": "une de ces communes" if len(served) > 1 else "cette commune",
    }
    return RefusedValueError("postal", token, proposed, **words)


_MOST: Final = 10
"""Communes proposed for a postal code, the most populated first."""


def _named(place: Place) -> str:
    return f"{place.nom} ({place.code})"


def _listed(places: Iterable[Place]) -> str:
    return listing(_named(place) for place in places)


def same_place(place: Place, text: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a name can be that of a place found by its code.

    The name may be the commune's, that of the city of an arrondissement, that of a former commune
    merged into it or of the commune it merged into, hold one of these among other words, or have
    a slip of the pen: the code has said which place it is.
    """
    key = name_key(text)
    if not key:
        return True
    parent = gazetteer.by_code["commune"].get(place.parent)
    for own in {name_key(p.nom) for p in (place, parent) if p}:
        if f" {own} " in f" {key} " or f" {key} " in f" {own} " or fuzz.ratio(own, key) >= 85:
            return True
    return any(place.code in {p.code, p.parent} for p in gazetteer.named("commune", text))


def _lost_zero(code: str, place: Place) -> RefusedValueError:
    near = (proposition(place),)
    return RefusedValueError("zero_perdu", code, near, place.code, code=code, lieu=place)


def proposition(place: Place) -> Proposition:
    """Propose a place by its code, with its name and département in words."""
    where = f" ({place.departement})" if place.departement else ""
    former = ", ancienne commune" if place.nature == "ancienne" else ""
    return Proposition(place.code, f"{place.nom}{where}{former}")
