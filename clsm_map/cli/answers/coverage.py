"""The answer of ``coverage``: who is served, by status, with inhabitants and devices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from clsm_map.analysis.cautions import cautions
from clsm_map.analysis.centre import CentreFigures, centre_figures
from clsm_map.analysis.coverage import Coverage, coverage_on, covered_by_evidence, status_counts
from clsm_map.analysis.ground import qpv_of
from clsm_map.analysis.history import announced_total
from clsm_map.analysis.listing import qpv_list, records
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.output import (
    Output,
    console,
    joined,
    optional_number,
    table,
    territory_content,
    write_csv,
    write_json,
    write_notes,
)
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.evidence import EVIDENCE, EvidenceId, split_words, status_words
from clsm_map.formats import bounds, count, date_fr, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from clsm_map.domain.territories import Territory

Rows = list[dict[str, object]]

EVIDENCE_LABELS = {str(i): e.label for i, e in EVIDENCE.items()} | {"": ""}
LABELS = {str(statut): status.label for statut, status in STATUSES.items()}
COUNTS = ("qpv", "habitants")
_PEOPLE = "Habitants (RP 2020)"


def answer(
    type_: str,
    on: str | None,
    places: arguments.Places,
    output: Output,
    *,
    listed: bool,
) -> None:
    """Compute the coverage of a territory and write it.

    Raises
    ------
    InvalidInputError
        The type, the date or the territory is refused, or the territory holds no QPV.
    """
    wanted, today = arguments.device_type(type_), arguments.today()
    base = open_base()
    day = arguments.date(on, base.ground.dispositifs, today)
    place = arguments.territory(base.snapshot, places)
    qpv = base.ground.qpv.loc[qpv_of(base.ground, place)]
    if qpv.empty:
        raise InvalidInputError(f"Aucun quartier prioritaire dans « {place.nom} » ({place.code}).")

    found = coverage_on(base.ground, wanted, day, today=today)
    counts: Rows = status_counts(found.status, qpv).to_dict("records")  # type: ignore[assignment]
    figures = centre_figures(found, place)
    split = covered_by_evidence(found, place)
    notes = cautions(found, place, announced_total(base.snapshot.chiffres, wanted))
    items = (
        records(qpv_list(found, qpv["code"], base.snapshot.intercommunalites)) if listed else None
    )
    if output is Output.JSON:
        content = _content(found, place, counts, figures, split) | {"avertissements": notes}
        write_json(content if items is None else content | {"items": items})
    elif output is Output.CSV:
        rows = counts if items is None else items
        columns = ["statut", *COUNTS] if items is None else list(items[0])
        write_csv(columns, [in_words(row) for row in rows])
    else:
        _show(found, place, counts, figures, items)
        _show_evidence(split)
        write_notes(notes)


def in_words(row: dict[str, object]) -> dict[str, object]:
    """Write the status of a row, and the age of what it rests on if it says so, in French."""
    said = {"statut": LABELS[str(row["statut"])]}
    if "preuve" in row:
        said["preuve"] = EVIDENCE_LABELS[str(row["preuve"])]
    return row | said


def status_cell(row: dict[str, object]) -> str:
    """Write the status of a QPV and the age of what it rests on."""
    label = status_words(LABELS[str(row["statut"])], seat_only=bool(row["a_preciser"]))
    return ", ".join(part for part in (label, EVIDENCE_LABELS[str(row["preuve"])]) if part)


def _content(
    found: Coverage,
    place: Territory,
    counts: Rows,
    figures: CentreFigures,
    split: Mapping[EvidenceId, int],
) -> dict[str, object]:
    return {
        "type": found.type,
        "on": found.on.isoformat(),
        "territoire": territory_content(place),
        "qpv": figures.qpv,
        "habitants": figures.habitants_qpv,
        "habitants_couverts": {
            "en_entier": figures.habitants_qpv_couverts,
            "avec_partiels": figures.habitants_qpv_couverts_avec_partiels,
            "estimes": figures.habitants_qpv_couverts_estimes,
        },
        "statuts": {str(row["statut"]): {key: row[key] for key in COUNTS} for row in counts},
        "qpv_couverts_par_age_de_la_page": dict(split),
        "dispositifs": {
            "actifs": figures.actifs,
            "projets": figures.projets,
            "couvrant_un_qpv": figures.couvrant_un_qpv,
            "a_verifier": figures.a_verifier,
            "debut_inconnu": figures.debut_inconnu,
            "perimetre_a_preciser": figures.a_preciser,
            "perimetre_inconnu": figures.sans_perimetre,
            "habitants": figures.habitants,
        },
    }


def _show(
    found: Coverage,
    place: Territory,
    counts: Rows,
    figures: CentreFigures,
    items: Rows | None,
) -> None:
    screen = console()
    complete = bool(found.ground.completude["type"].eq(found.type).any())
    rows = [
        _row(LABELS[str(row["statut"])], int(str(row["qpv"])), int(str(row["habitants"])), figures)
        for row in counts
        if row["statut"] != "sans_dispositif" or complete
    ]
    screen.print(
        table(
            f"Couverture par les {found.type} recensés : {place.nom}, {date_fr(found.on)}",
            [("Statut", False), ("QPV", True), ("%", True), (_PEOPLE, True), ("%", True)],
            [*rows, _row("ensemble", figures.qpv, figures.habitants_qpv, figures)],
        )
    )
    screen.print(
        f"{found.type} recensés : {count(figures.actifs, 'actif')}, "
        f"{count(figures.projets, 'projet')} ; couvrant au moins un QPV, en tout ou partie : "
        f"{number(figures.couvrant_un_qpv)} ; dans leurs périmètres : "
        f"{count(figures.habitants, 'habitant')} (RP 2023).",
        markup=False,
    )
    if figures.habitants_qpv:
        screen.print(_covered(figures), markup=False)
    if items is not None:
        screen.print(_listing(items))


def _covered(figures: CentreFigures) -> str:
    """Give the inhabitants and the QPV covered by their bounds."""
    strict, most = figures.habitants_qpv_couverts, figures.habitants_qpv_couverts_avec_partiels
    qpv, some = figures.qpv_couverts, figures.qpv_couverts_avec_partiels
    return (
        f"Habitants de QPV couverts : {bounds(strict, most, figures.habitants_qpv)} "
        f"({number(strict)} sans les QPV couverts en partie, {number(most)} avec, environ "
        f"{number(figures.habitants_qpv_couverts_estimes)} selon la surface) ; QPV couverts : "
        f"{bounds(qpv, some, figures.qpv)} ({number(qpv)} sans, {number(some)} avec)."
    )


def _show_evidence(split: Mapping[EvidenceId, int]) -> None:
    if any(split.values()):
        console().print(f"QPV couverts, en tout ou partie : {split_words(split)}.", markup=False)


def _row(label: str, qpv: int, inhabitants: int, figures: CentreFigures) -> tuple[str, ...]:
    share = 100 * inhabitants / figures.habitants_qpv if figures.habitants_qpv else math.nan
    return (
        label,
        number(qpv),
        percent(100 * qpv / figures.qpv, 0),
        number(inhabitants),
        percent(share, 0),
    )


def _listing(items: Rows) -> Table:
    headers = ("Code", "Quartier", "Communes", "Intercommunalité", _PEOPLE, "Statut", "Par")
    return table(
        "Quartiers prioritaires",
        [(header, header == _PEOPLE) for header in headers],
        (
            (
                str(row["code_qpv"]),
                str(row["nom_qpv"]),
                joined(row["noms_communes"]),
                joined(row["nom_epci"]),
                optional_number(row["habitants"]),
                status_cell(row),
                joined(row["nom_dispositifs"]),
            )
            for row in items
        ),
    )
