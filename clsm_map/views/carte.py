"""What *Carte* lays over its colours: devices; the card of what was clicked, the same as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from clsm_map.analysis.cautions import IMPORTED
from clsm_map.analysis.coverage import Coverage, names_with_pages
from clsm_map.analysis.ground import Ground
from clsm_map.analysis.listing import device_names
from clsm_map.domain.devices import STATUSES, DeviceType
from clsm_map.domain.evidence import state_by_page, status_words
from clsm_map.domain.indicators import GIVEN, VALUE_STATUSES, marked
from clsm_map.domain.selection import EVOLUTIONS
from clsm_map.domain.territories import LEVEL_LABELS
from clsm_map.formats import number, percent, with_unit
from clsm_map.store.snapshot import Scale, Snapshot
from clsm_map.views.choropleth import RESERVES, Choropleth
from clsm_map.views.quartiers import Quartiers, part_words

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


@dataclass(frozen=True, slots=True)
class Card:
    """A name, a place and pairs of label and value, all ready to be read."""

    title: str
    where: str
    rows: tuple[tuple[str, str], ...]


def qpv_card(quartiers: Quartiers, coverage: Coverage, code: str) -> Card | None:
    """Make the card of a QPV; ``None`` when the filter has put it aside."""
    found = quartiers.frame[quartiers.frame["code"] == code]
    if found.empty:
        return None
    row = found.iloc[0]
    names = names_with_pages(coverage)
    devices = [names[i] for i in str(row["dispositifs"]).split(";") if i]
    part = part_words(row.to_dict(), str(row["communes"]))
    rows = [
        (
            f"Couverture {coverage.type}",
            status_words(STATUSES[row["statut"]].label, seat_only=row["a_preciser"]),
        ),
        *((("Part couverte", f"{part} (contours généralisés)"),) if part else ()),
        *((("D’après", ", ".join(devices)),) if devices else ()),
        ("Habitants (RP 2020)", number(row["habitants"])),
        ("Taux de pauvreté (2021)", percent(row["pauvrete"], 0)),
        ("Taux d’emploi (année non précisée)", percent(row["emploi"], 0)),
        ("Surface", with_unit(row["surface_ha"], "ha", 1)),
        ("Périmètre", EVOLUTIONS[row["evolution"]]),
    ]
    where = str(row["noms_communes"]).replace(";", ", ")
    return Card(str(row["nom"]), f"Quartier prioritaire {code} · {where}", tuple(rows))


def territory_card(choropleth: Choropleth, quartiers: Quartiers, code: str) -> Card | None:
    """Make the card of a coloured territory; ``None`` when it is not on the map."""
    found = choropleth.frame[choropleth.frame["code"] == code]
    if found.empty:
        return None
    row, indicator = found.iloc[0], choropleth.indicator
    known = row["statut"] in GIVEN
    value = (
        marked(with_unit(row["valeur"], indicator.unite, indicator.decimales), row["statut"])
        if known
        else VALUE_STATUSES[row["statut"]]
    )
    if row["reserve"] in {"petit", "tres_petit"}:
        value = f"{value} ({RESERVES[row['reserve']]})"
    inside = quartiers.inside(choropleth.scope.level, code)
    by_status = inside["statut"].value_counts()
    rows = [
        (f"{indicator.libelle_court} ({choropleth.year_text})", value),
        ("Quartiers prioritaires affichés", number(len(inside))),
        ("Leurs habitants (RP 2020)", number(inside["habitants"].sum())),
        *(
            (s.label.capitalize(), number(by_status[i]))
            for i, s in STATUSES.items()
            if by_status[i]
        ),
    ]
    level = LEVEL_LABELS[choropleth.scope.level][0]
    return Card(str(row["nom"]), f"{level.capitalize()} {code}", tuple(rows))


def value_rows(coloured: Choropleth, classes: Sequence[str]) -> pd.DataFrame:
    """Give the territories coloured, one row each.

    Parameters
    ----------
    classes : sequence of str
        Labels of the classes, as the legend writes them.

    Returns
    -------
    pandas.DataFrame
        Columns ``Code, Territoire``, the indicator with the decimals it is published with,
        ``Classe, Donnée, À savoir``.
    """
    frame, indicator = coloured.frame, coloured.indicator
    return pd.DataFrame(
        {
            "Code": frame["code"],
            "Territoire": frame["nom"],
            indicator.libelle_court: frame["valeur"].astype(float).round(indicator.decimales),
            "Classe": [classes[c] if c >= 0 else "" for c in frame["classe"]],
            "Donnée": frame["statut"].map(VALUE_STATUSES),
            "À savoir": frame["reserve"].map(RESERVES).fillna(""),
        }
    )


def qpv_rows(quartiers: Quartiers, coverage: Coverage) -> pd.DataFrame:
    """Give the QPV kept, one row each.

    Returns
    -------
    pandas.DataFrame
        Columns ``Code, Quartier, Communes, Département, Couverture <type>, Dispositifs, Habitants
        (RP 2020), Pauvreté 2021 (%), Emploi (%), Périmètre``.
    """
    frame = quartiers.frame
    return pd.DataFrame(
        {
            "Code": frame["code"],
            "Quartier": frame["nom"],
            "Communes": frame["noms_communes"].str.replace(";", ", ", regex=False),
            "Département": frame["departement"],
            f"Couverture {coverage.type}": frame["statut"].map(
                {i: s.label for i, s in STATUSES.items()}
            ),
            "Dispositifs": [
                names.replace(";", ", ") for names in device_names(coverage, frame["dispositifs"])
            ],
            "Habitants (RP 2020)": frame["habitants"],
            "Pauvreté 2021 (%)": frame["pauvrete"].round(),
            "Emploi (%)": frame["emploi"],
            "Périmètre": frame["evolution"].map(EVOLUTIONS),
        }
    )
