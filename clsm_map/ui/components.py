"""The components of the application: the search field of places, and the list of QPV."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from clsm_map.domain.devices import STATUSES
from clsm_map.maps.legend import status_entries, swatch_image
from clsm_map.ui import data
from clsm_map.ui.quirks import ASSETS
from clsm_map.views.gap_lists import ListTable

_field = st.components.v2.component(
    "clsm_map.territoire",
    css=(ASSETS / "picker.css").read_text(encoding="utf-8"),
    js=(ASSETS / "picker.js").read_text(encoding="utf-8"),
)
_table = st.components.v2.component(
    "clsm_map.liste",
    css=(ASSETS / "list.css").read_text(encoding="utf-8"),
    js=(ASSETS / "list.js").read_text(encoding="utf-8"),
)
_MARKS = {str(i): swatch_image(status_entries({i: 1})[0]) for i in STATUSES}


def pick_place(
    label: str, current: str, levels: Sequence[str], *, key: str, placeholder: str = ""
) -> str | None:
    """Draw the field, a combobox that knows all of France, and give what was just chosen.

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
            "url": data.territory_index(),
            "label": label,
            "current": current,
            "levels": list(levels),
            "placeholder": placeholder,
        },
        on_choix_change=lambda: None,
    )
    choice: str | None = answer.choix
    return choice


def choose_from(
    table: ListTable,
    selected: str,
    *,
    key: str,
    height: int,
    order: str = "",
    on_choice: Callable[[str], None],
    on_order: Callable[[str], None] | None = None,
) -> None:
    """Draw a list of QPV, from which a row is chosen.

    Parameters
    ----------
    selected : str
        Code of the QPV whose row is marked, or empty.
    key : str
        Widget key.
    height : int
        Most pixels, beyond which the list scrolls.
    order : str, optional
        What the rows are sorted by, among the orders of the columns.
    on_choice, on_order : callable
        Called with the code of a row, or the order of a header, before the page runs again.
    """

    def answered(name: str, act: Callable[[str], None] | None) -> Callable[[], None]:
        def handle() -> None:
            value = st.session_state[key].get(name)
            if value and act:
                act(value)

        return handle

    _table(
        key=key,
        data={
            "caption": table.caption,
            "columns": [
                {"label": c.label, "numeric": c.numeric, "order": c.order, "width": c.width}
                for c in table.columns
            ],
            "rows": [
                [code, *([c.text, c.detail, c.status] for c in cells)] for code, cells in table.rows
            ],
            "marks": _MARKS,
            "selected": selected,
            "order": order,
            "height": height,
        },
        on_choix_change=answered("choix", on_choice),
        on_tri_change=answered("tri", on_order),
    )
