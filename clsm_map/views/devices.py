"""The devices of a type on a date, drawn: perimeters, seats, states; the QPV that they hold."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from clsm_map.analysis.cautions import IMPORTED
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.ground import Ground
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.evidence import state_by_page, status_words
from clsm_map.store.snapshot import Scale, Snapshot

_STATE_OF_ROLE = {"actif": "actif", "projet": "en projet", "a_verifier": "inconnu"}


@dataclass(frozen=True, slots=True, eq=False)
class DeviceLayer:
    """The devices of a type on a date.

    Attributes
    ----------
    perimeters, seats : geopandas.GeoDataFrame
        Columns ``code, nom, detail, geometry`` (EPSG:4326), sorted by code: union of the communes
        of each device, and a point inside the commune of its seat.
    states : dict of str to str
        State on the date (``actif``, ``en projet``, ``inconnu``) by device.
    seat_only : frozenset of str
        Active devices of which only the seat is known: what is drawn is the commune of the seat.
    private : bool
        Whether the register belongs to one visitor: nothing of it is then written to a file.
    """

    type: DeviceType
    perimeters: gpd.GeoDataFrame
    seats: gpd.GeoDataFrame
    states: dict[str, str]
    seat_only: frozenset[str]
    private: bool


def device_layer(
    snapshot: Snapshot, coverage: Coverage, kind: DeviceType, scale: Scale = "national"
) -> DeviceLayer:
    """Build the drawing of the devices of a type that are something on the date.

    Parameters
    ----------
    coverage : Coverage
        Coverage by this type on the date.
    scale : {"national", "local"}, optional
        Detail of the contours.
    """
    devices = coverage.devices[coverage.devices["role"].isin(_STATE_OF_ROLE)]
    states = {
        str(i): _STATE_OF_ROLE[r] for i, r in zip(devices["id"], devices["role"], strict=True)
    }
    rough = devices.loc[(devices["role"] == "actif") & devices["a_preciser"], "id"]
    named = devices[["id", "nom"]].rename(columns={"id": "code"})
    named["detail"] = [
        f"{kind} {status_words(state_by_page(states[code], page), seat_only=bool(rough))}"
        for code, page, rough in zip(
            named["code"], devices["page"], devices["a_preciser"], strict=True
        )
    ]
    perimeters = coverage.ground.perimeters
    perimeters = perimeters[perimeters["dispositif_id"].isin(coverage.devices["id"])]
    seats = coverage.ground.dispositifs.set_index("id")["commune_siege"].loc[named["code"]].dropna()
    shapes = snapshot.commune_shapes(pd.concat([perimeters["commune"].dropna(), seats]), scale)
    return DeviceLayer(
        kind,
        _frame(named, _united(perimeters, shapes)),
        _frame(named, _seat_points(seats, shapes)),
        states,
        frozenset(rough),
        IMPORTED in coverage.ground.origine,
    )


def _united(perimeters: pd.DataFrame, shapes: pd.Series) -> pd.Series:
    """Unite the communes of each device's perimeter, by device id.

    Contours are simplified together and a perimeter holds a commune or its arrondissements, never
    both: its parts share their edges and nothing else, so their union only drops these edges.
    """
    rows = perimeters.assign(geometry=perimeters["commune"].map(shapes)).dropna(subset="geometry")
    united = {
        i: shapely.coverage_union_all(parts.to_numpy())
        for i, parts in rows.groupby("dispositif_id")["geometry"]
    }
    return pd.Series(united, dtype=object)


def _seat_points(seats: pd.Series, shapes: pd.Series) -> pd.Series:
    found = seats.map(shapes).dropna()
    points = shapely.point_on_surface(found.to_numpy(dtype=object))
    return pd.Series(points, index=found.index, dtype=object)


def _frame(named: pd.DataFrame, shapes: pd.Series) -> gpd.GeoDataFrame:
    known = named[named["code"].isin(shapes.index)].sort_values("code", ignore_index=True)
    return gpd.GeoDataFrame(known, geometry=list(shapes.loc[known["code"]]), crs=4326)


def device_qpv(ground: Ground) -> pd.DataFrame:
    """Link every device to the QPV that its perimeter holds, in whole or in part.

    Returns
    -------
    pandas.DataFrame
        ``dispositif_id, qpv, habitants`` (RP 2020, NaN when not published), without duplicates,
        sorted.
    """
    by_commune = ground.perimeters.merge(ground.qpv_communes[["qpv", "commune"]], on="commune")
    pairs = pd.concat(
        [by_commune[["dispositif_id", "qpv"]], ground.named[["dispositif_id", "qpv"]]]
    )
    pairs = pairs.drop_duplicates().sort_values(["dispositif_id", "qpv"], ignore_index=True)
    people = ground.qpv.set_index("code")["population"]
    return pairs.assign(habitants=pairs["qpv"].map(people))
