"""The frame that plays a presentation on the page: the component, and the files it loads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import streamlit as st

from clsm_map.exports.deck.player import player_script, player_style
from clsm_map.maps.geometry import STATIC_URL, content_name, static_assets, write_once
from clsm_map.settings import get_settings
from clsm_map.ui.quirks import ASSETS

_frame = st.components.v1.declare_component("clsm_presentation", path=str(ASSETS / "deck"))
_KEY: Final = "presentation_lecteur"


@dataclass(frozen=True, slots=True)
class Told:
    """What the frame says of itself: the scene that shows, and when it was said."""

    index: int
    serial: int


def play(payload: Mapping[str, Any], index: int, ask: int) -> None:
    """Draw the stage.

    Parameters
    ----------
    payload : mapping
        See `clsm_map.exports.deck.payload.deck_payload`.
    index : int
        Rank of the scene to show, from 0, heeded when ``ask`` differs from the last one.
    ask : int
        Changes each time the page, rather than the presenter, chooses the scene.
    """
    assets = static_assets()
    script, style = _player_files()
    _frame(
        payload=dict(payload),
        index=index,
        ask=ask,
        scripts=[*assets.scripts, script],
        styles=[*assets.styles, style],
        key=_KEY,
        default=None,
    )


def told() -> Told | None:
    """Give the scene that the frame showed last; ``None`` as long as it has not moved."""
    value = st.session_state.get(_KEY)
    if not isinstance(value, Mapping):
        return None
    return Told(int(value["scene"]), int(value["serial"]))


@lru_cache(maxsize=1)
def _player_files() -> tuple[str, str]:
    """Put the player where Streamlit serves it, once per process; give both addresses."""
    folder = get_settings().static / "carte"
    addresses = []
    for suffix, text in ((".js", player_script()), (".css", player_style())):
        name = content_name("presentation", suffix, text.encode())
        write_once(folder / name, text.encode())
        addresses.append(f"{STATIC_URL}/carte/{name}")
    return addresses[0], addresses[1]
