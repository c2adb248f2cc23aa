"""The programme « La santé mentale dans mon quartier »: what was held, where and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from clsm_map.domain.programme import EVERY_QPV, FIRST_PROGRAMME_YEAR
from clsm_map.register.lines import Line
from clsm_map.register.members import (
    TERRITORY_FIELDS,
    members_of,
    named_parts,
    place_by_code,
)
from clsm_map.register.resolution import looks_like_codes, split_codes
from clsm_map.register.table import Cell, Findings, Proposition
from clsm_map.register.values import (
    RefusedValueError,
    count_of,
    date_of,
    has_come,
    number_of,
    value_of,
)
from clsm_map.register.vocabulary import LISTS, SCORE_PREFIX, listing
from clsm_map.store.gazetteer import Group, Place
from clsm_map.store.search import name_key, plain

PROGRAMME_COLUMNS: Final = (
    "niveau", "code", "nom", "date", "annee", "seances", "participants", "structures", "clsm",
    "portee", "note",
)  # fmt: skip
"""Columns before those of the evaluation scores (``score_…``)."""

_COUNTS: Final = ("seances", "participants", "structures")
_GROUPS: Final[tuple[Group, ...]] = ("region", "departement", "epci", "commune", "qpv")
_WIDE: Final = frozenset({"france", "region", "departement"})
_EVERY: Final = frozenset(LISTS["mots"]["tous_les_quartiers"])


def read_programme(
    lines: Iterable[Line], columns: Iterable[str], findings: Findings
) -> pd.DataFrame:
    """Read the programme: a territory or QPV, a date and what was held there.

    Gives `PROGRAMME_COLUMNS` (``niveau, code, nom`` of one territory; ``date`` as precise as it is
    written and ``annee``; figures as floats, missing where the list says nothing; ``portee`` is
    `EVERY_QPV` when the row documents that it reached every QPV of its territory), then the scores,
    floats in the unit of the list.

    Refused: a date before the programme began or still to come; the same territory, date and CLSM
    twice; participants without a session; a ``portee`` given to something else than a commune, an
    arrondissement or an EPCI.
    """
    scores = [f for f in columns if f.startswith(SCORE_PREFIX)]
    rows = []
    first_lines: dict[tuple[str, ...], int] = {}
    for line in lines:
        row = _row(line, scores)
        if line.refused:
            continue
        key = (row["niveau"], row["code"], row["date"], name_key(row["clsm"] or ""))
        if row["portee"] and row["niveau"] in {*_WIDE, "qpv"}:
            line.refuse("portee", "", "portee_trop_large")
        elif key in first_lines:
            line.refuse("date", row["date"], "doublon", ligne=first_lines[key])
        else:
            first_lines[key] = line.ligne
            rows.append(row)
            if row["niveau"] in _WIDE:
                line.inform("total_possible")
    _inform_of_overlaps(first_lines, findings)
    frame = pd.DataFrame(rows, columns=[*PROGRAMME_COLUMNS, *scores])
    figures = dict.fromkeys([*_COUNTS, *scores], "float64")
    return frame.astype({**dict.fromkeys(PROGRAMME_COLUMNS, "str"), **figures})


def _row(line: Line, scores: list[str]) -> dict[str, Any]:
    places = _places(line)
    if len(places) > 1:
        line.refuse("territoire", " ; ".join(p.nom for p in places), "plusieurs_lieux")
    elif not places and not line.refused:
        line.refuse("territoire", "", "seance_sans_lieu")
    date = line.take("date", _held_on, "")
    if not date and not line.refused:
        line.refuse("date", "", "seance_sans_date")
    figures = {name: line.take(name, count_of, None) for name in _COUNTS}
    figures |= {name: line.take(name, number_of, None) for name in scores}
    texts = {name: line.text(name) or None for name in ("clsm", "note")}
    every = line.take("portee", _portee, None)
    if figures["seances"] == 0 and figures["participants"]:
        line.refuse("participants", "", "participants_sans_seance")
    found = {"date": date, "annee": date[:4], **figures, **texts, "portee": every}
    for place in places:
        niveau = "commune" if place.nature == "ancienne" else place.nature
        found |= {"niveau": niveau, "code": place.code, "nom": place.nom}
    return found


def _held_on(cell: Cell) -> str:
    """Read the date of a session: neither before the programme began nor after today."""
    date = date_of(cell)
    if date and int(date[:4]) < FIRST_PROGRAMME_YEAR:
        raise RefusedValueError("avant_le_programme", value_of(cell), annee=FIRST_PROGRAMME_YEAR)
    if date and not has_come(date):
        raise RefusedValueError("seance_a_venir", value_of(cell))
    return date


def _portee(cell: Cell) -> str | None:
    """Read whether the row documents that every QPV of its territory was reached."""
    text = value_of(cell)
    if text and plain(text) not in _EVERY:
        raise RefusedValueError("portee", text, (Proposition(EVERY_QPV, "les quartiers"),))
    return EVERY_QPV if text else None


def _inform_of_overlaps(first_lines: Mapping[tuple[str, ...], int], findings: Findings) -> None:
    """Note a year or month beside a date within it, for one place: perhaps the same sessions."""
    dates: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for (niveau, code, date, clsm), ligne in first_lines.items():
        dates[niveau, code, clsm][date] = ligne
    for found in dates.values():
        for date, ligne in found.items():
            if any(other != date and other.startswith(f"{date}-") for other in found):
                findings.inform("dates_emboitees", ligne)


def _places(line: Line) -> list[Place]:
    departement = line.departement()
    if any(line.value(f) for f in TERRITORY_FIELDS):
        return members_of(line, departement)
    if not line.value("territoire"):
        return []
    return line.take(
        "territoire", lambda cell: _anywhere(value_of(cell), line, departement or ""), []
    )


def _anywhere(text: str, line: Line, departement: str) -> list[Place]:
    """Find a territory of any level: by its code, by ``region:53``, or by a name it bears alone."""
    gazetteer = line.resolver.gazetteer
    known = gazetteer.by_code
    if name_key(text) == "france":
        return [known["france"]["FR"]]
    level, _, code = text.partition(":")
    for group in _GROUPS:
        if group == level and code in known[group]:
            return [known[group][code]]
    if looks_like_codes(text):
        return [place_by_code(line, "territoire", code) for code in split_codes(text)]
    found = [(g, p) for g in _GROUPS for p in gazetteer.named(g, text, departement)]
    if len(found) == 1:
        return [found[0][1]]
    if found:
        candidates = tuple(Proposition(f"{g}:{p.code}", p.nom) for g, p in found[:3])
        raise RefusedValueError("plusieurs_niveaux", text, candidates, choix=listing(candidates))
    return [
        line.resolver.name(part.group, part.text, part.departement, line.ligne)
        for part in named_parts("commune", text, departement, gazetteer)
        if part.group != "code"
    ]
