"""The programme « La santé mentale dans mon quartier »: what was held, where and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import pandas as pd

from clsm_map.domain.programme import EVERY_QPV, FIRST_PROGRAMME_YEAR
from clsm_map.register.fields import SCORE_PREFIX
from clsm_map.register.gazetteer import FRANCE, Group, Place
from clsm_map.register.lines import Choices, Line, lines_of
from clsm_map.register.members import (
    TERRITORY_FIELDS,
    departement_of_line,
    members_of,
    named_parts,
    place_by_code,
)
from clsm_map.register.resolution import Resolver, looks_like_codes, split_codes
from clsm_map.register.table import Cell, Findings, Proposition, Table
from clsm_map.register.values import (
    RefusedValueError,
    count_of,
    date_of,
    has_come,
    number_of,
    value_of,
)
from clsm_map.register.wording import listing, name_key, plain

PROGRAMME_COLUMNS: Final = (
    "niveau", "code", "nom", "date", "annee", "seances", "participants", "structures", "clsm",
    "portee", "note",
)  # fmt: skip
"""Columns before those of the evaluation scores (``score_…``)."""

_COUNTS: Final = ("seances", "participants", "structures")
_GROUPS: Final[tuple[Group, ...]] = ("region", "departement", "epci", "commune", "qpv")
_LEVELS: Final = {"ancienne": "commune"}
_WIDE: Final = frozenset({"france", "region", "departement"})
_EVERY: Final = frozenset(
    {"tous", "tous quartiers", "tous qpv", "tous les quartiers", "tous les qpv"}
)


def read_programme(
    table: Table,
    columns: Mapping[str, str],
    resolver: Resolver,
    choices: Choices,
    findings: Findings,
) -> pd.DataFrame:
    """Read the programme: a territory or QPV, a date and what was held there.

    Returns `PROGRAMME_COLUMNS` (``niveau, code, nom`` of one territory; ``date`` as precise as it
    is written and ``annee``; figures as floats, missing where the list says nothing; ``portee`` is
    `EVERY_QPV` when the row documents that it reached every QPV of its territory), then the
    scores, floats in the unit of the list. Refused: a date before the programme began or still to
    come; the same territory, date and CLSM twice; participants without a session; a ``portee``
    given to something else than a commune, an arrondissement or an EPCI.
    """
    scores = [f for f in columns if f.startswith(SCORE_PREFIX)]
    rows = []
    first_lines: dict[tuple[str, ...], int] = {}
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
        date = line.take("date", _held_on, "")
        if not date and not line.refused:
            line.refuse("date", "", "La date manque : le jour, le mois ou l'année de la séance.")
        figures = {name: line.take(name, count_of, None) for name in _COUNTS}
        figures |= {name: line.take(name, number_of, None) for name in scores}
        texts = {name: line.text(name) or None for name in ("clsm", "note")}
        every = line.take("portee", _portee, None)
        if figures["seances"] == 0 and figures["participants"]:
            line.refuse(
                "participants",
                "",
                "Cette ligne compte des participants sans aucune séance : corrigez.",
            )
        if line.refused or not places:
            continue
        place = places[0]
        niveau = _LEVELS.get(place.nature, place.nature)
        if every and niveau in {*_WIDE, "qpv"}:
            line.refuse(
                "portee",
                "",
                "« tous » ne se dit que d'une commune, d'un arrondissement ou d'une "
                "intercommunalité : pour un quartier, laissez la case vide ; au-delà, donnez une "
                "ligne par commune.",
            )
            continue
        key = (niveau, place.code, date, name_key(texts["clsm"] or ""))
        if key in first_lines:
            line.refuse(
                "date",
                date,
                f"Doublon de la ligne {first_lines[key]} : même territoire, même date, même CLSM. "
                "Réunissez les deux lignes en une, ou précisez le jour de chacune.",
            )
            continue
        first_lines[key] = line.ligne
        if niveau in _WIDE:
            findings.inform(
                "Ligne d'un département, d'une région ou de la France : ses chiffres s'ajoutent "
                "aux autres, sans quartier ni commune atteints ; retirez-la si c'est leur total",
                line.ligne,
            )
        rows.append(
            {
                "niveau": niveau,
                "code": place.code,
                "nom": place.nom,
                "date": date,
                "annee": date[:4],
                **figures,
                **texts,
                "portee": every,
            }
        )
    _inform_of_overlaps(first_lines, findings)
    frame = pd.DataFrame(rows, columns=[*PROGRAMME_COLUMNS, *scores])
    numeric = [*_COUNTS, *scores]
    frame[numeric] = frame[numeric].astype("float64")
    others = [c for c in PROGRAMME_COLUMNS if c not in numeric]
    return frame.astype(dict.fromkeys(others, "str"))


def _held_on(cell: Cell) -> str:
    """Read the date of a session: neither before the programme began nor after today."""
    date = date_of(cell)
    if not date:
        return date
    if int(date[:4]) < FIRST_PROGRAMME_YEAR:
        raise RefusedValueError(
            f"Le programme a commencé en {FIRST_PROGRAMME_YEAR} : cette date est antérieure.",
            value_of(cell),
        )
    if not has_come(date):
        raise RefusedValueError(
            "Cette date est à venir : le tableau compte les séances qui ont eu lieu.",
            value_of(cell),
        )
    return date


def _portee(cell: Cell) -> str | None:
    """Read whether the row documents that every QPV of its territory was reached."""
    text = value_of(cell)
    if not text:
        return None
    if plain(text) in _EVERY:
        return EVERY_QPV
    raise RefusedValueError(
        "La portée n'est pas reconnue : « tous » si tous les quartiers du territoire ont été "
        "touchés, vide sinon.",
        text,
        (Proposition(EVERY_QPV, "les quartiers"),),
    )


def _inform_of_overlaps(first_lines: Mapping[tuple[str, ...], int], findings: Findings) -> None:
    """Note a year or month beside a date within it, for one place: perhaps the same sessions."""
    dates: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for (niveau, code, date, clsm), ligne in first_lines.items():
        dates[niveau, code, clsm][date] = ligne
    for found in dates.values():
        for date, ligne in found.items():
            if any(other != date and other.startswith(f"{date}-") for other in found):
                findings.inform(
                    "Une année (ou un mois) est donnée à côté d'une date de cette même période, "
                    "pour le même territoire : vérifiez que les mêmes séances ne sont pas comptées "
                    "deux fois",
                    ligne,
                )


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
        return [place_by_code(line, resolver, "territoire", code) for code in split_codes(text)]
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
    return [
        resolver.name(part.group, part.text, part.departement, line.ligne)
        for part in named_parts("commune", text, departement, resolver.gazetteer)
        if part.group != "code"
    ]
