"""Devices that coverage does not count although they may serve, or will serve, somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.analysis.activity import NONE, PROJECT, TO_CHECK

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage

UNKNOWN: Final = "périmètre inconnu"
SEAT_ONLY: Final = "périmètre à préciser"
STATE: Final = "état à vérifier"
COMING: Final = "en projet"


def uncertain_devices(coverage: Coverage) -> pd.DataFrame:
    """List the devices whose reach is not established, commune by commune.

    Returns
    -------
    DataFrame
        ``dispositif_id, nom, motif, commune``: the seat of a device whose perimeter is unknown
        (*périmètre inconnu*) or known by its seat only (*périmètre à préciser*), and the communes
        of one whose state is not known (*état à vérifier*) or that is a project (*en projet*). A
        device that is nothing on the date is left out, so is one of which neither perimeter nor
        seat is known.
    """
    devices = coverage.devices.loc[coverage.devices["role"] != NONE]
    members = coverage.ground.hierarchy.members
    seats = (
        coverage.ground.dispositifs[["id", "commune_siege"]]
        .set_axis(["id", "code"], axis=1)
        .merge(members.loc[members["nature"] == "commune", ["code", "commune"]], on="code")
    )
    located = devices["perimetre_connu"]
    by_seat = pd.concat(
        [
            devices.loc[~located].assign(motif=UNKNOWN),
            devices.loc[located & devices["a_preciser"]].assign(motif=SEAT_ONLY),
        ]
    ).merge(seats, on="id")
    by_role = pd.concat(
        [
            devices.loc[devices["role"] == TO_CHECK].assign(motif=STATE),
            devices.loc[devices["role"] == PROJECT].assign(motif=COMING),
        ]
    ).merge(coverage.ground.perimeters.rename(columns={"dispositif_id": "id"}), on="id")
    columns = ["id", "nom", "motif", "commune"]
    rows = pd.concat([by_seat[columns], by_role[columns]], ignore_index=True)
    return rows.rename(columns={"id": "dispositif_id"})
