"""The answer of ``whatif``: statuses before and after a scenario."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from clsm_map.analysis.coverage import coverage_on, status_counts
from clsm_map.analysis.listing import records
from clsm_map.analysis.need import need_of
from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.analysis.planning.scenario import Move, Scenario, Simulation, make_move, simulate
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.output import console, optional_number, table, write_json, write_notes
from clsm_map.desk import Desk
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.formats import count, number
from clsm_map.store.territories import find_territory, read_bare_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from clsm_map.analysis.coverage import Coverage
    from clsm_map.exports.sheets.export import SheetFormat

Row = dict[str, object]

_CODE: Final = r"(?:(?:epci|commune|arrondissement):)?[^:,]+"
_EXTENSION: Final = re.compile(rf"(.+?):({_CODE}(?:,{_CODE})*)")

_LABELS = {str(id_): status.label for id_, status in STATUSES.items()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file to write beside the answer.

    Attributes
    ----------
    out : Path
        Its suffix gives the format.
    address : str
        Address of the application, for the link back.
    """

    out: Path
    address: str


def answer(
    create: Sequence[str],
    extend: Sequence[str],
    scenario: str,
    type_: str,
    on: str | None,
    sheet: Sheet | None = None,
    *,
    partial: str,
    as_json: bool,
) -> None:
    """Simulate and write what changes, and the sheet when one is asked for.

    Raises
    ------
    InvalidInputError
        Nothing to simulate, or a move, the type, the date or the format is refused.
    """
    fmt = _format(sheet.out) if sheet else None
    wanted, today = arguments.device_type(type_), arguments.today()
    desk = open_base()
    day = arguments.date(on, desk.ground.dispositifs, today)
    asked = Scenario.from_text(scenario)
    for text in create:
        asked = asked.then(make_move("creer", _codes(desk, text)))
    for text in extend:
        asked = asked.then(_extension(desk, text))
    if not asked.moves:
        raise InvalidInputError(
            "Rien à simuler : donnez au moins --create CODE ou --extend DISPOSITIF:CODE."
        )
    coverage = coverage_on(desk.ground, wanted, day, today=today)
    need = need_of(desk.snapshot).scores["score"]
    found = simulate(coverage, asked, need, partiels=arguments.partial(partial))
    if sheet and fmt:
        _write_sheet(desk, found, sheet, fmt)
    notes = [CAUTION.format(type=wanted), *found.avertissements]
    if as_json:
        write_json(_content(found, notes))
    else:
        _show(found, desk)
        write_notes(notes)


def _format(out: Path) -> SheetFormat:
    from clsm_map.cli.answers.sheet import read_format  # noqa: PLC0415 - slow to load

    return read_format(out.suffix.removeprefix("."))


def _write_sheet(desk: Desk, found: Simulation, sheet: Sheet, fmt: SheetFormat) -> None:
    from clsm_map.cli.answers.export import write_file  # noqa: PLC0415 - slow to load
    from clsm_map.exports.scenario.files import export_scenario  # noqa: PLC0415 - same

    query = {
        "type": found.avant.type,
        "date": found.avant.on.isoformat(),
        "plan": "et-si",
        "partiels": found.partiels,
        "scenario": found.scenario.to_text(),
    }
    link = f"{sheet.address.rstrip('/')}/planifier?{urlencode(query)}"
    write_file(sheet.out, export_scenario(desk, found, fmt, link), aside=True)


def _extension(desk: Desk, text: str) -> Move:
    read = _EXTENSION.fullmatch(text)
    if read is None:
        raise InvalidInputError(
            f"« {text} » n’est pas une extension : écrivez DISPOSITIF:CODE, comme "
            "clsm-bourg-en-bresse:01451."
        )
    return make_move("etendre", _codes(desk, read[2]), read[1])


def _codes(desk: Desk, text: str) -> list[str]:
    """Read codes, or whole names, separated by commas; a former commune stays itself."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    known = {*desk.ground.hierarchy.members["code"], *desk.ground.qpv_communes["commune"]}
    for part in parts:
        read_bare_code(desk.snapshot, part)
    return [part if part in known else _code(desk, part) for part in parts]


def _code(desk: Desk, text: str) -> str:
    found = find_territory(desk.snapshot, text)
    if found.level not in {"epci", "commune", "arrondissement"}:
        raise InvalidInputError(
            f"« {found.nom} » n’est ni une commune ni une intercommunalité : un dispositif se "
            "crée ou s’étend sur l’une d’elles."
        )
    return found.code


def _content(found: Simulation, notes: list[str]) -> Row:
    columns = {"qpv": "code_qpv", "nom": "nom_qpv"}
    return {
        "type": found.avant.type,
        "on": found.avant.on.isoformat(),
        "scenario": found.scenario.to_text(),
        "partiels": found.partiels,
        "decisions": records(found.decisions, ("codes",)),
        "qpv_gagnes": found.qpv_gagnes,
        "habitants_gagnes": found.habitants_gagnes,
        "qpv_population_inconnue": found.qpv_population_inconnue,
        "qpv_couverts_en_partie": found.qpv_en_partie,
        "besoin_gagne": found.besoin_gagne,
        "avant": _counts(found.avant),
        "apres": _counts(found.apres),
        "items": records(found.qpv.rename(columns=columns), ()),
        "avertissements": notes,
    }


def _counts(coverage: Coverage) -> dict[str, dict[str, int]]:
    counts = status_counts(coverage.status, coverage.ground.qpv)
    return {
        str(row["statut"]): {"qpv": int(row["qpv"]), "habitants": int(row["habitants"])}
        for row in counts.to_dict("records")
    }


def _show(found: Simulation, desk: Desk) -> None:
    screen = console()
    names = _names(desk)
    moves = [
        (
            str(row["rang"]),
            _label(row, names, found.avant.type),
            number(int(str(row["qpv_gagnes"]))),
            number(int(str(row["habitants_gagnes"]))),
            optional_number(row["besoin_gagne"]),
        )
        for row in records(found.decisions, ())
    ]
    headers = [("", True), ("Décision", False), ("QPV gagnés", True)]
    headers += [("Habitants gagnés (RP 2020)", True), ("Habitants pondérés par le besoin", True)]
    screen.print(table("Scénario : ce que chaque décision ajoute", headers, moves))
    screen.print(_statuses(found))
    screen.print(_changes(found))
    unknown = found.qpv_population_inconnue
    apart = f" (dont {number(unknown)} de population inconnue)" if unknown else ""
    screen.print(
        f"Gagnés : {count(found.qpv_gagnes, 'quartier')}{apart}, "
        f"{count(found.habitants_gagnes, 'habitant')} ; couverts en partie : "
        f"{number(found.qpv_en_partie)}. Lien : {found.scenario.to_text()}",
        markup=False,
    )


def _statuses(found: Simulation) -> Table:
    before, after = _counts(found.avant), _counts(found.apres)
    headers = [("Statut", False), ("QPV avant", True), ("QPV après", True)]
    headers += [("Habitants avant (RP 2020)", True)]
    headers += [("Habitants après (RP 2020)", True)]
    rows = [
        (
            label,
            *(number(counts[id_]["qpv"]) for counts in (before, after)),
            *(number(counts[id_]["habitants"]) for counts in (before, after)),
        )
        for id_, label in _LABELS.items()
    ]
    return table("Statuts des quartiers, avant et après (France)", headers, rows)


def _changes(found: Simulation) -> Table:
    headers = [
        ("Code", False),
        ("Quartier", False),
        ("Habitants (RP 2020)", True),
        ("Avant", False),
    ]
    rows = [
        (
            str(row["qpv"]),
            str(row["nom"]),
            optional_number(row["habitants"]),
            _LABELS[str(row["statut_avant"])],
            _LABELS[str(row["statut_apres"])],
        )
        for row in records(found.qpv, ())
    ]
    return table("Quartiers dont le statut change", [*headers, ("Après", False)], rows)


def _names(desk: Desk) -> dict[str, str]:
    snapshot = desk.snapshot
    frames = (desk.ground.units, snapshot.communes_all, snapshot.epci, snapshot.intercommunalites)
    return {
        code: name
        for frame in frames
        for code, name in zip(frame["code"], frame["nom"], strict=True)
    }


def _label(row: Row, names: dict[str, str], type_: str) -> str:
    where = ", ".join(names.get(code, code) for code in str(row["codes"]).split(";"))
    if row["kind"] == "creer":
        return f"créer un {type_} sur {where}"
    return f"étendre {row['dispositif']} à {where}"
