"""The answer of ``gaps``: QPV that nothing covers around a place, nearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.cautions import gaps_cautions
from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.gaps import gaps_near
from clsm_map.analysis.history import announced_total
from clsm_map.analysis.listing import gap_list, records
from clsm_map.analysis.zones import Contours
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.coverage import in_words, status_cell
from clsm_map.cli.answers.output import (
    Output,
    console,
    joined,
    optional_number,
    table,
    write_csv,
    write_json,
    write_notes,
)
from clsm_map.desk import Desk
from clsm_map.domain.devices import NOT_WHOLE
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.evidence import page_words
from clsm_map.formats import number
from clsm_map.views.around import read_place

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.gaps import Place

Rows = list[dict[str, object]]

POVERTY = "taux_pauvrete"


def answer(near: str, radius_km: str, type_: str, on: str | None, output: Output) -> None:
    """Look around a place and write what no active device covers.

    Raises
    ------
    InvalidInputError
        The place, the radius, the type or the date is refused, or nothing is found.
    """
    wanted, radius = arguments.device_type(type_), arguments.radius(radius_km)
    today = arguments.today()
    base = open_base()
    day = arguments.date(on, base.ground.dispositifs, today)
    contours = Contours.of(base.ground, base.snapshot.qpv, _communes(base))
    place = read_place(near, base.snapshot, base.ground, contours)
    found = coverage_on(base.ground, wanted, day, today=today)
    near_by = gaps_near(found, contours, place, radius)
    if near_by.empty:
        raise InvalidInputError(
            f"Aucun QPV {NOT_WHOLE.words(wanted)} à moins de {number(radius)} km de "
            f"« {place.nom} » : élargissez le rayon avec --radius-km."
        )
    poverty = base.snapshot.indicator(POVERTY, "qpv")
    items = records(gap_list(found, near_by, base.snapshot.intercommunalites, poverty))
    notes = gaps_cautions(found, place, announced_total(base.snapshot.chiffres, wanted))
    if output is Output.JSON:
        write_json(_content(found, place, radius, items, notes))
    elif output is Output.CSV:
        write_csv(list(items[0]), [in_words(row) for row in items])
    else:
        _show(found, place, radius, items)
        write_notes(notes)


def _communes(base: Desk) -> pd.DataFrame:
    levels = ("commune", "arrondissement")
    frames = [base.snapshot.contours(level, "local") for level in levels]
    communes: pd.DataFrame = pd.concat(frames, ignore_index=True)
    return communes


def _content(
    found: Coverage, place: Place, radius: float, items: Rows, notes: list[str]
) -> dict[str, object]:
    return {
        "type": found.type,
        "on": found.on.isoformat(),
        "lieu": {"nature": place.kind, "code": place.code, "nom": place.nom},
        "rayon_km": radius,
        "qpv": len(items),
        "habitants": sum(int(str(row["habitants"])) for row in items if row["habitants"]),
        "items": items,
        "avertissements": notes,
    }


def _nearest(row: dict[str, object]) -> str:
    name, page = row["nom_dispositif_plus_proche"], row["page_dispositif_plus_proche"]
    return joined(name if name is None else f"{name} ({page_words(str(page))})")


def _show(found: Coverage, place: Place, radius: float, items: Rows) -> None:
    headers = (
        "Code", "Quartier", "km", "Communes", "Intercommunalité", "Habitants (RP 2020)",
        "Pauvreté %", "Statut", "Dispositif actif le plus proche", "à km",
    )  # fmt: skip
    numeric = {"km", "Habitants (RP 2020)", "Pauvreté %", "à km"}
    console().print(
        table(
            f"QPV {NOT_WHOLE.words(found.type)}, à moins de "
            f"{number(radius, 0 if radius.is_integer() else 1)} km de : {place.nom}",
            [(header, header in numeric) for header in headers],
            (
                (
                    str(row["code_qpv"]),
                    str(row["nom_qpv"]),
                    optional_number(row["distance_km"], 1),
                    joined(row["noms_communes"]),
                    joined(row["nom_epci"]),
                    optional_number(row["habitants"]),
                    optional_number(row["taux_pauvrete"], 1),
                    status_cell(row),
                    _nearest(row),
                    optional_number(row["distance_dispositif_km"], 1),
                )
                for row in items
            ),
        )
    )
