"""Declarations that the register is complete somewhere, for a type of device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from clsm_map.domain.devices import DEVICE_TYPES
from clsm_map.register.gazetteer import FRANCE, Group, Place
from clsm_map.register.lines import Choices, Line, lines_of
from clsm_map.register.members import departement_of_line
from clsm_map.register.resolution import Resolver, looks_like_codes, split_codes
from clsm_map.register.table import Cell, Findings, Proposition, Table
from clsm_map.register.values import RefusedValueError, date_of, type_of, value_of
from clsm_map.register.wording import plain

COMPLETENESS_COLUMNS: Final = ("type", "niveau", "code", "auteur", "date", "note")

_LEVELS: Final[dict[str, Group]] = {
    "france": "france", "national": "france", "pays": "france",
    "region": "region", "regional": "region",
    "departement": "departement", "departemental": "departement", "dep": "departement",
    "epci": "epci", "intercommunalite": "epci", "intercommunal": "epci", "ept": "epci",
    "commune": "commune", "communal": "commune", "ville": "commune", "arrondissement": "commune",
}  # fmt: skip
_NO_TYPE: Final[tuple[str, ...]] = ()
_ALL_TYPES: Final = frozenset({"tous", "toutes", "tous types", "tous les types", "tout"})


def read_completeness(
    table: Table,
    columns: Mapping[str, str],
    resolver: Resolver,
    choices: Choices,
    findings: Findings,
) -> pd.DataFrame:
    """Read declarations of completeness: a type, a territory, an author and a date each.

    Returns `COMPLETENESS_COLUMNS`, texts; one row per type, so that *tous* gives three.
    """
    rows: dict[tuple[str, str, str], dict[str, str | None]] = {}
    for line in lines_of(table, columns, choices, findings):
        types = line.take("type", _types, _NO_TYPE)
        level = line.take("niveau", _level, None)
        place = _place(line, resolver, level) if level else None
        auteur = line.text("auteur")
        if not auteur:
            line.refuse(
                "auteur", "", "L'auteur manque : qui déclare le registre complet doit le signer."
            )
        date = line.take("date", date_of, "")
        if not date and not line.refused:
            line.refuse("date", "", "La date de la déclaration manque.")
        note = line.text("note")
        if line.refused or place is None or level is None:
            continue
        for type_ in types:
            key = (type_, level, place.code)
            if key in rows:
                findings.inform(
                    f"{type_}, {place.nom} : déclaré plusieurs fois, la dernière ligne est gardée",
                    line.ligne,
                )
            rows[key] = {
                "type": type_,
                "niveau": level,
                "code": place.code,
                "auteur": auteur,
                "date": date,
                "note": note or None,
            }
    return pd.DataFrame(list(rows.values()), columns=list(COMPLETENESS_COLUMNS), dtype="str")


def _types(cell: Cell) -> tuple[str, ...]:
    return DEVICE_TYPES if plain(value_of(cell)) in _ALL_TYPES else (type_of(cell),)


def _level(cell: Cell) -> Group:
    text = value_of(cell)
    level = _LEVELS.get(plain(text))
    if level is None:
        raise RefusedValueError(
            "Le niveau n'est pas reconnu : commune, epci, departement, region ou france.",
            text,
            tuple(Proposition(g) for g in dict.fromkeys(_LEVELS.values())),
        )
    return level


def _place(line: Line, resolver: Resolver, level: Group) -> Place | None:
    """Find the territory of a declaration, by its code or its name, at the level it states."""
    if level == "france":
        return FRANCE
    name = "code" if line.value("code") else "territoire"
    if not line.value(name):
        line.refuse("code", "", "Le territoire manque : donnez son code ou son nom.")
        return None

    def find(cell: Cell) -> Place:
        return find_place(value_of(cell), level, resolver, line, departement or "")

    departement = departement_of_line(line, resolver)
    return line.take(name, find, None)


def find_place(text: str, level: Group, resolver: Resolver, line: Line, departement: str) -> Place:
    """Find one territory of a level by code or by name."""
    known = resolver.gazetteer.by_code[level]
    if level == "departement":
        return known[resolver.departement(text, line.ligne)]
    if level == "region":
        return known[resolver.region(text, line.ligne)]
    if text in known:
        return known[text]
    if not looks_like_codes(text):
        return resolver.name(level, text, departement, line.ligne)
    first, *rest = split_codes(text)
    if rest:
        raise RefusedValueError("Un seul territoire par ligne est attendu.", text)
    place = resolver.code(first, line.ligne)
    if place.code not in known:
        raise RefusedValueError(
            f"Ce code est celui de {place.nom}, qui n'est pas de ce niveau.", text
        )
    return place
