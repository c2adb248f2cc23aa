"""The programme « La santé mentale dans mon quartier »: what was held, where and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.sources.register.fields import SCORE_PREFIX
from clsm_map.sources.register.gazetteer import FRANCE, Group, Place
from clsm_map.sources.register.lines import Choices, Line, lines_of
from clsm_map.sources.register.members import TERRITORY_FIELDS, departement_of_line, members_of
from clsm_map.sources.register.report import Proposition
from clsm_map.sources.register.resolution import Resolver, looks_like_codes, split_codes
from clsm_map.sources.register.values import (
    RefusedValueError,
    count_of,
    date_of,
    number_of,
    value_of,
)
from clsm_map.sources.register.wording import listing, name_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clsm_map.sources.register.report import Findings
    from clsm_map.sources.register.table import Table

PROGRAMME_COLUMNS: Final = (
    "niveau", "code", "nom", "date", "annee", "seances", "participants", "structures", "clsm",
    "note",
)  # fmt: skip
"""Columns before those of the evaluation scores (``score_…``)."""

_COUNTS: Final = ("seances", "participants", "structures")
_GROUPS: Final[tuple[Group, ...]] = ("region", "departement", "epci", "commune", "qpv")
_LEVELS: Final = {"ancienne": "commune"}


def read_programme(
    table: Table,
    columns: Mapping[str, str],
    resolver: Resolver,
    choices: Choices,
    findings: Findings,
) -> pd.DataFrame:
    """Read the programme: a territory or QPV, a date and what was held there.

    Parameters
    ----------
    table : Table
        The list.
    columns : mapping
        Field → header; evaluation scores under fields that begin with ``score``.
    resolver : Resolver
        Finds the places.
    choices : Choices
        What a person decided.
    findings : Findings
        Where refusals and informations are noted.

    Returns
    -------
    DataFrame
        `PROGRAMME_COLUMNS` (``niveau, code, nom`` of one territory; ``date`` as precise as it is
        written and ``annee``; figures as floats, missing where the list says nothing), then the
        scores, floats in the unit of the list.
    """
    scores = [f for f in columns if f.startswith(SCORE_PREFIX)]
    rows = []
    for line in lines_of(table, columns, choices, findings):
        places = _places(line, resolver)
        if len(places) > 1:
            line.refuse(
                "territoire",
                " ; ".join(p.nom for p in places),
                "Un seul territoire par ligne est attendu : répétez la ligne pour chacun, avec ses "
                "propres chiffres.",
            )
        elif not places and not line.refused:
            line.refuse(
                "territoire", "", "Le territoire manque : un quartier (code QN…) ou une commune."
            )
        date = line.take("date", date_of, "")
        if not date and not line.refused:
            line.refuse("date", "", "La date manque : le jour, le mois ou l'année de la séance.")
        figures = {name: line.take(name, count_of, None) for name in _COUNTS}
        figures |= {name: line.take(name, number_of, None) for name in scores}
        texts = {"clsm": line.text("clsm") or None, "note": line.text("note") or None}
        if line.refused or not places:
            continue
        place = places[0]
        rows.append(
            {
                "niveau": _LEVELS.get(place.nature, place.nature),
                "code": place.code,
                "nom": place.nom,
                "date": date,
                "annee": date[:4],
                **figures,
                **texts,
            }
        )
    frame = pd.DataFrame(rows, columns=[*PROGRAMME_COLUMNS, *scores])
    numeric = [*_COUNTS, *scores]
    frame[numeric] = frame[numeric].astype("float64")
    others = [c for c in PROGRAMME_COLUMNS if c not in numeric]
    return frame.astype(dict.fromkeys(others, "str"))


def _places(line: Line, resolver: Resolver) -> list[Place]:
    departement = departement_of_line(line, resolver)
    if any(line.value(f) for f in TERRITORY_FIELDS):
        return members_of(line, resolver, departement)
    text = line.value("territoire")
    if not text:
        return []
    return line.take(
        "territoire", lambda cell: _anywhere(value_of(cell), resolver, line, departement or ""), []
    )


def _anywhere(text: str, resolver: Resolver, line: Line, departement: str) -> list[Place]:
    """Find a territory of any level: by its code, by ``region:53``, or by a name it bears alone."""
    if name_key(text) == "france":
        return [FRANCE]
    level, _, code = text.partition(":")
    for group in _GROUPS:
        if group == level and code in resolver.gazetteer.by_code[group]:
            return [resolver.gazetteer.by_code[group][code]]
    if looks_like_codes(text):
        return [resolver.code(code, line.ligne) for code in split_codes(text)]
    found = [(g, p) for g in _GROUPS for p in resolver.gazetteer.named(g, text, departement)]
    if len(found) == 1:
        return [found[0][1]]
    if found:
        candidates = tuple(Proposition(f"{g}:{p.code}", p.nom) for g, p in found[:3])
        raise RefusedValueError(
            f"Plusieurs territoires portent ce nom : {listing(str(c) for c in candidates)}. Donnez "
            "le code.",
            text,
            candidates,
        )
    return [resolver.name("commune", text, departement, line.ligne)]
