"""The list of territories and devices that the search field fetches once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd

from clsm_map.domain.devices import DEVICE_TYPES
from clsm_map.maps.geometry import write_once
from clsm_map.store.register import Register
from clsm_map.store.snapshot import Snapshot
from clsm_map.store.territories import commune_by_former_code

Row = tuple[str, ...]

FORMAT = 3
"""Raised when what `index_rows` lists changes, so that browsers fetch it again."""


def write_index(snapshot: Snapshot, register: Register, static: Path) -> Path:
    """Write ``static/index/<digest>.json`` unless it is already there.

    Parameters
    ----------
    static : Path
        Folder that Streamlit serves.

    Returns
    -------
    Path
        The file: a list of ``[level, code, label, detail]``, the larger territories first;
        communes and arrondissements that have postal codes end with them, joined by spaces, then
        with the codes of yesterday that now mean them.
    """
    devices = register.dispositifs[["type", "id", "nom", "departement"]].to_csv(index=False)
    digest = hashlib.sha256(f"{FORMAT} {snapshot.version} {devices}".encode()).hexdigest()[:16]
    path = static / "index" / f"{digest}.json"
    if not path.exists():
        rows = index_rows(snapshot, register)
        body = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        write_once(path, body.encode())
    return path


def index_rows(snapshot: Snapshot, register: Register) -> list[Row]:
    """List what can be searched: France, régions, départements, EPCI, communes, QPV, devices."""
    codes = snapshot.departements["code"].tolist()
    departements = dict(zip(codes, snapshot.departements["nom"].tolist(), strict=True))

    def place(code: str) -> str:
        return f"{code} {departements.get(code, '')}".rstrip()

    rows: list[Row] = [("france", "FR", "France entière", "")]
    rows += [("region", c, n, "") for c, n, _ in _by_population(snapshot.regions, "code")]
    rows += [("departement", c, n, c) for c, n, _ in _by_population(snapshot.departements, "code")]
    rows += [
        ("epci", code, nom, place(departement))
        for code, nom, departement in _by_population(snapshot.intercommunalites, "departement")
        if code != "75056"
    ]
    communes = pd.concat([snapshot.communes_all, snapshot.arrondissements])
    cities = frozenset(snapshot.arrondissements["code"])
    served = snapshot.codes_postaux.groupby("commune")["code_postal"].agg(" ".join).to_dict()
    former: dict[str, str] = {}
    for yesterday, commune in commune_by_former_code(snapshot).items():
        former[commune.code] = f"{former.get(commune.code, '')} {yesterday}".strip()

    rows += [
        (
            "arrondissement" if code in cities else "commune",
            code,
            nom,
            place(departement),
            *([served.get(code, "")] if code in served or code in former else []),
            *([former[code]] if code in former else []),
        )
        for code, nom, departement in _by_population(communes, "departement")
    ]
    rows += [
        ("qpv", code, nom, held.replace(";", ", "))
        for code, nom, held in _texts(snapshot.qpv, ["code", "nom", "noms_communes"])
    ]
    devices = register.dispositifs.sort_values(
        "type", key=lambda types: types.map(DEVICE_TYPES.index), kind="stable"
    )
    rows += [
        ("dispositif", code, nom, place(departement))
        for code, nom, departement in _texts(devices, ["id", "nom", "departement"])
    ]
    return rows


def _by_population(frame: pd.DataFrame, third: str) -> list[tuple[str, ...]]:
    return _texts(frame.sort_values("population", ascending=False), ["code", "nom", third])


def _texts(frame: pd.DataFrame, columns: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(frame[c].fillna("").astype(str).tolist() for c in columns), strict=True))
