"""The answer of ``compare``: profiles against a reference and among peers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from clsm_map.analysis.comparison.profile import Profile, profile
from clsm_map.analysis.comparison.references import (
    HEXAGON,
    Group,
    Operand,
    ancestors,
    default_reference,
)
from clsm_map.analysis.comparison.within import MAX_SIDE_BY_SIDE, side_by_side
from clsm_map.analysis.listing import records
from clsm_map.cli.answers.output import (
    console,
    table,
    territory_content,
    write_json,
    write_notes,
)
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import marked
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Territory
from clsm_map.formats import number, percent, rank, with_unit
from clsm_map.store.snapshot import open_snapshot
from clsm_map.store.territories import find_territory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clsm_map.store.snapshot import Snapshot

Row = dict[str, object]

_GROUP: Final = "qpv@"
_SHORT: Final = 3
"""Longest unit that is repeated after the reference and the gap."""


def answer(
    territoires: Sequence[str],
    reference: str | None,
    peers: str | None,
    indicateurs: Sequence[str] | None,
    *,
    as_json: bool,
) -> None:
    """Compute the profiles and write them.

    Raises
    ------
    InvalidInputError
        More than four territories, one twice, or an unknown indicator.
    UnknownTerritoryError
        A territory or the reference is unknown.
    """
    snapshot = open_snapshot()
    operands = [_operand(snapshot, text) for text in territoires]
    if len(operands) > MAX_SIDE_BY_SIDE or len({o.key for o in operands}) < len(operands):
        raise InvalidInputError(
            f"On compare au plus {MAX_SIDE_BY_SIDE} territoires, tous différents."
        )
    inside = FRANCE if peers is None else find_territory(snapshot, peers)
    found = [
        profile(
            snapshot,
            operand,
            _reference(snapshot, operand, reference),
            inside=inside,
            indicateurs=indicateurs,
        )
        for operand in operands
    ]
    if as_json:
        write_json({"territoires": [_content(one) for one in found]})
    elif len(found) == 1:
        _show_one(found[0])
    else:
        _show_many(found)


def _operand(snapshot: Snapshot, text: str) -> Operand:
    if text.startswith(_GROUP):
        return Group("qpv", find_territory(snapshot, text.removeprefix(_GROUP)))
    return HEXAGON if text == "hexagone" else find_territory(snapshot, text)


def _reference(snapshot: Snapshot, operand: Operand, text: str | None) -> Operand:
    own = operand.territory if isinstance(operand, Group) else operand
    if text is None:
        return default_reference(snapshot, own)
    name = text.removeprefix(_GROUP)
    if name not in LEVEL_LABELS:
        return _operand(snapshot, text)
    holders = {level: t for level, t in ancestors(snapshot, own).items() if level == name}
    if own.level == name:
        holders[own.level] = own
    if not holders:
        raise InvalidInputError(
            f"« {own.nom} » n’est pas dans un territoire unique de ce niveau ({name}) : "
            "donnez le code de la référence."
        )
    holder = next(iter(holders.values()))
    return Group("qpv", holder) if text.startswith(_GROUP) else holder


def _content(found: Profile) -> Row:
    return {
        "territoire": _operand_content(found.sujet),
        "reference": _operand_content(found.reference),
        "pairs": found.pairs,
        "indicateurs": records(found.indicateurs, ()),
        "refus": records(found.refus, ()),
        "mises_en_garde": list(found.mises_en_garde),
    }


def _operand_content(operand: Operand) -> dict[str, str]:
    if isinstance(operand, Territory):
        return territory_content(operand)
    return {"niveau": operand.kind, "code": operand.key, "nom": operand.nom}


def _show_one(found: Profile) -> None:
    rows = records(found.indicateurs, ())
    notes: dict[str, int] = {}
    for row in rows:
        if row["mise_en_garde"]:
            notes.setdefault(str(row["mise_en_garde"]), len(notes) + 1)
    headers = [("Indicateur", False), ("Valeur", True), ("Référence", True), ("Écart", True)]
    headers += [("Rapport", True), ("Lecture", False), ("Rang", True), ("Centile", True)]
    screen = console()
    screen.print(
        table(
            f"{found.sujet.nom}, comparé à : {found.reference.nom}",
            [*headers, ("Note", True)],
            [_row(row, notes) for row in rows],
        )
    )
    if found.pairs:
        screen.print(
            f"Rang et centile parmi les {found.pairs} dont la valeur est connue ; rang 1 : valeur "
            "la plus élevée.",
            markup=False,
        )
    write_notes(found.mises_en_garde)
    write_notes(f"({n}) {note}" for note, n in notes.items())
    if len(found.refus):
        screen.print(f"Non donnés à ce niveau : {', '.join(found.refus['libelle'])}.", markup=False)


def _row(row: Row, notes: dict[str, int]) -> tuple[str, ...]:
    note = notes.get(str(row["mise_en_garde"]))
    place = "–"
    if row["rang"] is not None:
        place = rank(int(str(row["rang"])), int(str(row["ex_aequo"])))
        place += f" / {number(_float(row['n_pairs']))}"
    short = str(row["unite"]) if len(str(row["unite"])) <= _SHORT else ""
    small = " (petit effectif)" if row["effectif_faible"] else ""
    return (
        _title(row),
        _value(row, row["valeur"], str(row["statut"])),
        _value(row | {"unite": short}, row["reference"], str(row["reference_statut"])),
        _gap(row | {"unite": short}),
        number(_float(row["rapport"]), 2) if row["rapport"] is not None else "–",
        f"{row['position'] or '–'}{small}",
        place,
        percent(_float(row["percentile"]), 0) if row["percentile"] is not None else "–",
        "" if note is None else f"({note})",
    )


def _show_many(found: Sequence[Profile]) -> None:
    both = side_by_side(found)
    rows = records(both, ())
    headers = [("Indicateur", False), *((p.sujet.nom, True) for p in found)]
    columns = [_column(p, "valeur") for p in found]
    statuses = [_column(p, "statut") for p in found]
    shared = len({p.reference.key for p in found}) == 1
    if shared:
        headers.append((f"Référence : {found[0].reference.nom}", True))
        columns.append(_column(found[0], "reference"))
        statuses.append(_column(found[0], "reference_statut"))
    screen = console()
    cells = [
        (
            _title(row),
            *(
                _value(row, values[name], str(known[name]))
                for values, known in zip(columns, statuses, strict=True)
            ),
        )
        for row in rows
        for name in (str(row["indicateur"]),)
    ]
    screen.print(table("Côte à côte", headers, cells))
    if len({getattr(p.sujet, "level", "") for p in found}) > 1:
        screen.print("- Ces territoires ne sont pas du même niveau.", markup=False)
    write_notes(dict.fromkeys(note for p in found for note in p.mises_en_garde))
    write_notes(f"{_title(row)} : {row['mise_en_garde']}" for row in rows if row["mise_en_garde"])


def _column(found: Profile, name: str) -> dict[str, object]:
    return {str(row["indicateur"]): row[name] for row in records(found.indicateurs, ())}


def _title(row: Row) -> str:
    return f"{row['libelle']}" + (f" ({row['moment']})" if row["annee"] is not None else "")


def _value(row: Row, value: object, status: str = "disponible") -> str:
    if status == "secret":
        return "secret"
    if value is None:
        return "–"
    return marked(with_unit(_float(value), str(row["unite"]), int(str(row["decimales"]))), status)


def _gap(row: Row) -> str:
    """Write a gap with its sign; between percentages it is in points."""
    if row["ecart"] is None:
        return "–"
    unit = "points" if row["unite"] == "%" else str(row["unite"])
    gap = _float(row["ecart"])
    return ("+" if gap > 0 else "") + with_unit(gap, unit, int(str(row["decimales"])))


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
