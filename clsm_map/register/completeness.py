"""Declarations that the register is complete somewhere, for a type of device."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from clsm_map.domain.devices import DEVICE_TYPES
from clsm_map.register.lines import Line
from clsm_map.register.resolution import Resolver, looks_like_codes, split_codes
from clsm_map.register.table import Cell, Proposition
from clsm_map.register.values import RefusedValueError, date_of, type_of, value_of
from clsm_map.register.vocabulary import LISTS, meanings
from clsm_map.store.gazetteer import Group, Place
from clsm_map.store.register import COMPLETENESS_COLUMNS
from clsm_map.store.search import plain

_LEVELS: Final[dict[str, Group]] = meanings("niveaux")
_NO_TYPE: Final[tuple[str, ...]] = ()
_ALL_TYPES: Final = frozenset(LISTS["mots"]["tous_les_types"])


def read_completeness(lines: Iterable[Line]) -> pd.DataFrame:
    """Read declarations of completeness: a type, a territory, an author and a date each.

    Gives `COMPLETENESS_COLUMNS`, texts; one row per type, so that *tous* gives three.
    """
    rows: dict[tuple[str, str, str], tuple[str | None, ...]] = {}
    for line in lines:
        types = line.take("type", _types, _NO_TYPE)
        level = line.take("niveau", _level, None)
        place = _place(line, level) if level else None
        auteur = line.text("auteur")
        if not auteur:
            line.refuse("auteur", "", "auteur_manque")
        date = line.take("date", date_of, "")
        if not date and not line.refused:
            line.refuse("date", "", "declaration_sans_date")
        note = line.text("note")
        if line.refused or place is None or level is None:
            continue
        for type_ in types:
            key = (type_, level, place.code)
            if key in rows:
                line.inform("declare_plusieurs_fois", type=type_, nom=place.nom)
            rows[key] = (*key, auteur, date, note or None)
    return pd.DataFrame(list(rows.values()), columns=list(COMPLETENESS_COLUMNS), dtype="str")


def _types(cell: Cell) -> tuple[str, ...]:
    return DEVICE_TYPES if plain(value_of(cell)) in _ALL_TYPES else (type_of(cell),)


def _level(cell: Cell) -> Group:
    text = value_of(cell)
    level = _LEVELS.get(plain(text))
    if level is None:
        known = tuple(Proposition(g) for g in dict.fromkeys(_LEVELS.values()))
        raise RefusedValueError("niveau", text, known)
    return level


def _place(line: Line, level: Group) -> Place | None:
    """Find the territory of a declaration, by its code or its name, at the level it states."""
    if level == "france":
        return line.resolver.gazetteer.by_code["france"]["FR"]
    name = "code" if line.value("code") else "territoire"
    if not line.value(name):
        line.refuse("code", "", "lieu_manque")
        return None
    departement = line.departement() or ""

    def find(cell: Cell) -> Place:
        return _find(value_of(cell), level, line.resolver, line.ligne, departement)

    return line.take(name, find, None)


def _find(text: str, level: Group, resolver: Resolver, ligne: int, departement: str) -> Place:
    known = resolver.gazetteer.by_code[level]
    if level == "departement":
        return known[resolver.departement(text, ligne)]
    if level == "region":
        return known[resolver.region(text, ligne)]
    if text in known:
        return known[text]
    if not looks_like_codes(text):
        return resolver.name(level, text, departement, ligne)
    first, *rest = split_codes(text)
    if rest:
        raise RefusedValueError("un_territoire", text)
    place = resolver.code(first, ligne)
    if place.code not in known:
        raise RefusedValueError("autre_niveau", text, nom=place.nom)
    return place
