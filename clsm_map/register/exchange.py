"""Lists in and out: taken in beside the register or in its place, and templates to fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import pandas as pd

from clsm_map.register.devices import DEVICE_COLUMNS, device_key
from clsm_map.register.validation import IMPORTED
from clsm_map.register.vocabulary import LISTS, Kind, neutralise, typeset
from clsm_map.settings import ROOT
from clsm_map.store.register import COMPLETENESS_COLUMNS, Register

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


def _keys(dispositifs: pd.DataFrame) -> list[tuple[str, str, str]]:
    texts = (dispositifs[c].fillna("").tolist() for c in ("type", "departement", "nom"))
    return [(t, d, device_key(n)) for t, d, n in zip(*texts, strict=True)]


def _stack(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other[one.columns]], ignore_index=True)


TemplateFormat = Literal["csv", "xlsx"]

LIST_COLUMNS: Final = (
    *DEVICE_COLUMNS[:9], "code_commune", "code_epci", "code_qpv", *DEVICE_COLUMNS[9:],
)  # fmt: skip
"""Columns of a list of devices: those of the register, with the perimeter in three of them."""

_EXAMPLES: Final = ("clsm-saint-brieuc", "clsm-bourg-en-bresse", "clsm-aunis-atlantique")
"""Devices of one commune, of several, of an EPCI."""

_COMPLETENESS_PLACES: Final = (("departement", "01"), ("epci", "200071751"), ("commune", "93066"))
"""Territories of the three lines to sign: Ain, Grand Bourg Agglomération, Saint-Denis."""

_PROGRAMME_COLUMNS: Final = (
    "code_qpv", "code_commune", "territoire", "date", "seances", "participants", "structures",
    "clsm", "portee", "score_avant", "score_apres", "score_satisfaction", "note",
)  # fmt: skip

_FACTS: Final = ROOT / "data" / "facts"

HELP: Final[Mapping[str, str]] = LISTS["aides"]
"""What to write in each column."""


def template(kind: Kind, format_: TemplateFormat) -> bytes:
    """Make a file to fill.

    The one of devices holds three true lines of the embedded register (one commune, several, an
    EPCI). The one of completeness names three territories and leaves author and date empty: only
    who signs them can declare a register complete, and unsigned lines are refused. The one of the
    programme holds no line, since no page publishes a session by territory.
    """
    if kind == "dispositifs":
        devices = pd.read_csv(_FACTS / "dispositifs.csv", dtype="str").set_index("id", drop=False)
        members = pd.read_csv(_FACTS / "perimetres.csv", dtype="str")
        none = pd.DataFrame(columns=list(COMPLETENESS_COLUMNS))
        frame = register_list(Register(devices.loc[list(_EXAMPLES)], members, none, ""))
    elif kind == "completude":
        rows = [{"type": "CLSM", "niveau": n, "code": c} for n, c in _COMPLETENESS_PLACES]
        frame = pd.DataFrame(rows, columns=list(COMPLETENESS_COLUMNS))
    else:
        frame = pd.DataFrame(columns=list(_PROGRAMME_COLUMNS))
    if format_ == "csv":
        return to_csv(frame)
    from clsm_map.register.workbook import template_workbook  # noqa: PLC0415 - slow, rare

    notes = [("colonne", "ce qu'on y écrit"), *((c, typeset(HELP[c])) for c in frame.columns)]
    lines = frame.astype("object").fillna("").itertuples(index=False, name=None)
    return template_workbook(kind, [tuple(frame.columns), *lines], notes)


def register_list(register: Register) -> pd.DataFrame:
    """Write a register as one list that `validate` reads back to the same devices and perimeters.

    `LIST_COLUMNS`; one row per device, or per device and nature of place for a perimeter that mixes
    communes, EPCI and QPV (beside one another they would be read as a reminder).
    """
    held = register.perimetres.groupby(["dispositif_id", "nature"], sort=False)["code"]
    codes = held.agg(";".join).reset_index()
    devices = register.dispositifs.reset_index(drop=True)
    merged = devices.merge(codes, left_on="id", right_on="dispositif_id", how="left")
    for nature in ("commune", "epci", "qpv"):
        merged[f"code_{nature}"] = merged["code"].where(merged["nature"] == nature)
    return merged[list(LIST_COLUMNS)]


def to_csv(frame: pd.DataFrame) -> bytes:
    """Write a table of texts as CSV for French Excel; a text never becomes a formula."""
    texts = frame.astype("object").fillna("").map(neutralise)
    return texts.to_csv(sep=";", index=False, lineterminator="\r\n").encode("utf-8-sig")
