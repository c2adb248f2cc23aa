"""Taking a list in: beside the register, or in its place."""

from __future__ import annotations

from typing import Final

import pandas as pd

from clsm_map.register.devices import device_key
from clsm_map.register.validation import IMPORTED
from clsm_map.store.register import Register

ADDED: Final = "embarqué + importé"


def add_to(register: Register, imported: Register) -> Register:
    """Add the devices and declarations of a list to a register.

    An imported device takes the place of the one with the same id or, failing that, with the same
    type, département and name (the words of the type aside, see `device_key`): its line, its
    perimeter and its id then replace the former ones. A declaration of completeness replaces the
    one of the same type and territory.
    """
    replaced = replaced_devices(register, imported)
    kept = ~register.dispositifs["id"].isin(replaced)
    members = ~register.perimetres["dispositif_id"].isin(replaced)
    declared = pd.concat([register.completude, imported.completude], ignore_index=True)
    return Register(
        _stack(register.dispositifs[kept], imported.dispositifs),
        _stack(register.perimetres[members], imported.perimetres),
        declared.drop_duplicates(["type", "niveau", "code"], keep="last", ignore_index=True),
        ADDED,
    )


def replace(register: Register, imported: Register) -> Register:
    """Put a list in the place of a register.

    What the list is silent about stays: a list of devices keeps the declarations of completeness,
    declarations keep the devices.
    """
    devices = register if imported.dispositifs.empty else imported
    declared = register if imported.completude.empty else imported
    return Register(devices.dispositifs, devices.perimetres, declared.completude, IMPORTED)


def replaced_devices(register: Register, imported: Register) -> frozenset[str]:
    """Give the ids of the devices of a register that an imported list replaces (see `add_to`)."""
    ids = set(imported.dispositifs["id"])
    named = set(_keys(imported.dispositifs))
    held = zip(register.dispositifs["id"], _keys(register.dispositifs), strict=True)
    return frozenset(own for own, key in held if own in ids or key in named)


def shared_perimeters(register: Register, imported: Register) -> pd.DataFrame:
    """List the pairs of devices of one type, one held and one imported, that share a place.

    They may be one device under two names; a person can tell, this cannot.

    Returns ``id, nom`` (held), ``id_importe, nom_importe, type, lieux_communs`` (count), most
    first.
    """
    gone = replaced_devices(register, imported)
    held = register.dispositifs.loc[~register.dispositifs["id"].isin(gone)]
    own, brought = (
        frame[["id", "nom", "type"]].merge(members, left_on="id", right_on="dispositif_id")
        for frame, members in (
            (held, register.perimetres),
            (imported.dispositifs, imported.perimetres),
        )
    )
    pairs = own.merge(brought, on=["type", "nature", "code"], suffixes=("", "_importe"))
    columns = ["id", "nom", "id_importe", "nom_importe", "type"]
    counted = pairs.groupby(columns, as_index=False).size()
    counted = counted.rename(columns={"size": "lieux_communs"})
    return counted.sort_values(["lieux_communs", "id"], ascending=[False, True], ignore_index=True)


def _keys(dispositifs: pd.DataFrame) -> list[tuple[str, str, str]]:
    texts = (dispositifs[c].fillna("").tolist() for c in ("type", "departement", "nom"))
    return [(t, d, device_key(n)) for t, d, n in zip(*texts, strict=True)]


def _stack(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other[one.columns]], ignore_index=True)
