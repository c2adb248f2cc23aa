"""The answer of ``gaps``: QPV that nothing covers around a place, nearest first."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.cautions import gaps_cautions
from clsm_map.analysis.contours import Contours
from clsm_map.analysis.coverage import coverage_on
from clsm_map.analysis.gaps import gaps_near
from clsm_map.analysis.history import announced_total
from clsm_map.analysis.listing import gap_list, records
from clsm_map.analysis.places import Place, place_of_device, place_of_point, place_of_territory
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import Base, open_base
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
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.domain.territories import Territory
from clsm_map.formats import number
from clsm_map.store.territories import find_territory

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage, Ground

Rows = list[dict[str, object]]

LABELS = {str(statut): status.label for statut, status in STATUSES.items()}
POVERTY = "taux_pauvrete"
_POINT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*$")


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
    place = read_place(near, base, contours)
    found = coverage_on(base.ground, wanted, day, today=today)
    near_by = gaps_near(found, contours, place, radius)
    if near_by.empty:
        raise InvalidInputError(
            f"Aucun QPV non couvert par un {wanted} recensé à moins de {number(radius)} km de "
            f"« {place.nom} » : élargissez le rayon avec --radius-km."
        )
    poverty = base.snapshot.indicator(POVERTY, "qpv")
    items = records(gap_list(found, near_by, base.snapshot.intercommunalites, poverty))
    notes = gaps_cautions(found, place, announced_total(base.snapshot.chiffres, wanted))
    if output is Output.JSON:
        write_json(_content(found, place, radius, items, notes))
    elif output is Output.CSV:
        write_csv(list(items[0]), [row | {"statut": LABELS[str(row["statut"])]} for row in items])
    else:
        _show(found, place, radius, items)
        write_notes(notes)


def read_place(text: str, base: Base, contours: Contours) -> Place:
    """Read a place: a device id, a code or a whole name, or ``lon,lat``.

    Raises
    ------
    UnknownTerritoryError
        Nothing answers; near misses are suggested, devices first.
    InvalidInputError
        What answers has no known contour.
    """
    wanted = text.strip()
    point = _POINT.match(wanted)
    if point:
        return place_of_point(float(point[1]), float(point[2]))
    ids = base.ground.dispositifs["id"]
    if (ids == wanted).any():
        return place_of_device(wanted, base.ground, contours)
    apart = _apart(wanted, base.ground)
    if apart is not None:
        return place_of_territory(apart, base.ground, contours)
    try:
        found = find_territory(base.snapshot, wanted)
    except UnknownTerritoryError as error:
        written = wanted.lower()
        near = [id_ for id_ in ids if written in id_][:3]
        near = near or difflib.get_close_matches(written, list(ids), 3, 0.7)
        raise UnknownTerritoryError(
            f"Aucun dispositif ni territoire ne répond à « {wanted} ».",
            error.detail,
            [*near, *error.suggestions][:5],
        ) from error
    return place_of_territory(found, base.ground, contours)


def _apart(code: str, ground: Ground) -> Territory | None:
    """Give a former commune or one outside the communes, which the store carries or lacks."""
    units = ground.units
    former = units.loc[(units["code"] == code) & (units["nature"] == "ancienne"), "nom"]
    if len(former):
        return Territory("commune", code, str(former.iloc[0]))
    if (ground.outside["commune"] == code).any():
        return Territory("commune", code, f"commune {code}")
    return None


def _communes(base: Base) -> pd.DataFrame:
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


def _show(found: Coverage, place: Place, radius: float, items: Rows) -> None:
    headers = (
        "Code", "Quartier", "km", "Communes", "Intercommunalité", "Habitants", "Pauvreté %",
        "Statut", "Dispositif actif le plus proche", "à km",
    )  # fmt: skip
    numeric = {"km", "Habitants", "Pauvreté %", "à km"}
    console().print(
        table(
            f"QPV non couverts par un {found.type} recensé à moins de "
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
                    LABELS[str(row["statut"])],
                    joined(row["nom_dispositif_plus_proche"]),
                    optional_number(row["distance_dispositif_km"], 1),
                )
                for row in items
            ),
        )
    )
