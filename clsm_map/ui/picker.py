"""The search field for a territory or a device: a combobox that knows all of France."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from clsm_map.ui.data import territory_index
from clsm_map.ui.theme import ASSETS

_field = st.components.v2.component(
    "clsm_map.territoire",
    css=(ASSETS / "picker.css").read_text(encoding="utf-8"),
    js=(ASSETS / "picker.js").read_text(encoding="utf-8"),
)


def pick_place(
    label: str, current: str, levels: Sequence[str], *, key: str, placeholder: str = ""
) -> str | None:
    """Draw the field and give what was just chosen.

    Parameters
    ----------
    label : str
        Label of the field.
    current : str
        Name shown at rest.
    levels : sequence of str
        Levels offered (``dispositif`` for devices).
    key : str
        Widget key.
    placeholder : str, optional
        Shown when nothing is chosen.

    Returns
    -------
    str or None
        ``level:code`` on the run that follows a choice, ``None`` otherwise.
    """
    answer = _field(
        key=key,
        data={
            "url": territory_index(),
            "label": label,
            "current": current,
            "levels": list(levels),
            "placeholder": placeholder,
        },
        on_choix_change=lambda: None,
    )
    choice: str | None = answer.choix
    return choice
