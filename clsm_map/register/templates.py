"""Templates to fill, and registers written in the same format, so that they can be read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import pandas as pd

from clsm_map.register.devices import DEVICE_COLUMNS
from clsm_map.register.fields import Kind
from clsm_map.register.words import LISTS, neutralise, typeset
from clsm_map.settings import ROOT
from clsm_map.store.register import COMPLETENESS_COLUMNS, Register

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
        frame = _list_of(devices.loc[list(_EXAMPLES)], members)
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

    Returns `LIST_COLUMNS`; one row per device, or per device and nature of place for a perimeter
    that mixes communes, EPCI and QPV (beside one another they would be read as a reminder).
    """
    return _list_of(register.dispositifs, register.perimetres)


def _list_of(dispositifs: pd.DataFrame, perimetres: pd.DataFrame) -> pd.DataFrame:
    held = perimetres.groupby(["dispositif_id", "nature"], sort=False)["code"]
    codes = held.agg(";".join).reset_index()
    merged = dispositifs.reset_index(drop=True).merge(
        codes, left_on="id", right_on="dispositif_id", how="left"
    )
    for nature in ("commune", "epci", "qpv"):
        merged[f"code_{nature}"] = merged["code"].where(merged["nature"] == nature)
    return merged[list(LIST_COLUMNS)]


def to_csv(frame: pd.DataFrame) -> bytes:
    """Write a table of texts as CSV for French Excel; a text never becomes a formula."""
    texts = frame.astype("object").fillna("").map(neutralise)
    return texts.to_csv(sep=";", index=False, lineterminator="\r\n").encode("utf-8-sig")
