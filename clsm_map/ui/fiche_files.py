"""The files of a sheet: PDF, Word, and all the sheets of a département in a zip."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.domain.devices import DeviceType
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import split_key
from clsm_map.exports.sheet import (
    SHEET_MEDIA_TYPES,
    SheetFormat,
    export_sheet,
    export_sheets,
    file_name,
    keys_of,
)
from clsm_map.formats import count, number
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.ui.takeaway import File
from clsm_map.views.sheet.model import Sheet

_LABELS: Final[tuple[tuple[SheetFormat, str], ...]] = (("pdf", "PDF"), ("docx", "Word"))
_MADE: Final = "fiche_zip"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip that was made, and what it answers."""

    asked: tuple[str, DeviceType, dt.date, SheetFormat, bool]
    content: bytes


def files_of(selection: Selection, sheet: Sheet, address: str) -> tuple[File, ...]:
    """List the two files of a sheet."""
    desk = data.desk()
    return tuple(
        File(
            label,
            file_name(sheet, fmt),
            SHEET_MEDIA_TYPES[fmt],
            partial(
                export_sheet,
                desk,
                sheet.key,
                fmt,
                kind=selection.type,
                day=sheet.date,
                address=address,
            ),
        )
        for fmt, label in _LABELS
    )


def buttons(selection: Selection, sheet: Sheet, address: str) -> None:
    """Draw the buttons of the bar."""
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        for file in files_of(selection, sheet, address):
            st.download_button(
                file.label,
                data=file.write,
                file_name=file.name,
                mime=file.media_type,
                on_click="ignore",
                key=f"fiche_{file.label}",
            )
        level, code = split_key(sheet.key)
        if level == "departement":
            with st.popover("Toutes les fiches"):
                _every(selection, code, address)


def _every(selection: Selection, code: str, address: str) -> None:
    """Draw what makes the zip of a département, with its progress."""
    territory = find_territory(data.snapshot(), code, "departement")
    st.markdown(
        f"**Toutes les fiches du département (zip)**  \n{territory.nom}, ses intercommunalités, "
        "ses communes, ses quartiers et ses dispositifs, avec leur liste."
    )
    fmt: SheetFormat = st.segmented_control(
        "Format",
        [f for f, _ in _LABELS],
        default="pdf",
        format_func=dict(_LABELS).__getitem__,
        key="fiche_zip_format",
        required=True,
    )
    every = st.checkbox(
        "Aussi les communes sans quartier ni dispositif", key="fiche_zip_toutes_communes"
    )
    desk, day = data.desk(), selection.date or data.desk().today
    asked = (code, selection.type, day, fmt, every)
    total = len(keys_of(desk, territory, every_commune=every))
    if st.button(f"Préparer {count(total, 'fiche')}", key="fiche_zip_preparer"):
        bar = st.progress(0.0, "Préparation…")

        def step(key: str, rank: int, total: int) -> None:
            bar.progress(rank / total, f"{number(rank + 1)} sur {number(total)} : {key}")

        content = export_sheets(
            desk,
            code,
            fmt,
            kind=selection.type,
            day=day,
            address=address,
            every_commune=every,
            progress=step,
        )
        bar.empty()
        st.session_state[_MADE] = Archive(asked, content)
    made: Archive | None = st.session_state.get(_MADE)
    if made is not None and made.asked == asked:
        size = number(len(made.content) / 1_000_000, 1)
        st.download_button(
            f"Enregistrer le zip ({size}\u00a0Mo)",
            data=made.content,
            file_name=f"fiches-{code}.zip",
            mime="application/zip",
            type="primary",
            on_click="ignore",
            key="fiche_zip_enregistrer",
        )
