"""The parts of *Présentation*: what the link asks, the bar, the stage."""

from __future__ import annotations

import time
from typing import Any, Final

import pandas as pd
import streamlit as st

from clsm_map.desk import Desk, answer
from clsm_map.domain.deck import Deck, Scene, deck_from_link
from clsm_map.domain.errors import ClsmMapError
from clsm_map.domain.territories import FRANCE, split_key
from clsm_map.exports.deck.payload import scene_payload
from clsm_map.exports.deck.standard import USUAL_REGION, default_deck
from clsm_map.store.territories import find_territory, region_of
from clsm_map.ui import data
from clsm_map.ui.deck_frame import play, told
from clsm_map.ui.deck_state import Desktop, attempt, desktop, open_deck, say, show_scene
from clsm_map.ui.quirks import came_back
from clsm_map.ui.state import territory_in_hand

_FOLLOWED: Final = "presentation_liens"
_HEARD: Final = "presentation_entendu"
_OWN_SCENES: Final = "presentation_scenes"
_IN_HAND: Final = "presentation_territoire"
_PATIENCE_S: Final = 0.4
_REGION: Final = "region"


def arrive() -> Desktop:
    """Give the presentation to show: that of a new link, else that of the visit, else a given one.

    The one given is of the région in hand, and follows it from page to page until it is changed. A
    link is followed once in a visit, and on the way back: that never takes away what was made.
    """
    query = st.query_params.to_dict()
    asked = query.get("diapo") or query.get("territoire") or ""
    followed: set[str] = st.session_state.setdefault(_FOLLOWED, set())
    if asked and asked not in followed:
        followed.add(asked)
        attempt(lambda: _follow(query))
    elif came_back():
        _go_back(query, asked)
    _follow_territory(query)
    _hear()
    now = desktop()
    return now if now is not None else Desktop(Deck())


def region_in_hand() -> str:
    """Give the code of the région that holds the territory in hand; the usual one for France."""
    level, code = split_key(territory_in_hand())
    snapshot = data.snapshot()
    return region_of(snapshot, find_territory(snapshot, code, level)) or USUAL_REGION


def open_region(code: str) -> None:
    """Open the presentation given to start from, for a région."""
    open_deck(default_deck(data.desk(), code), f"{_REGION}:{code}")


def _go_back(query: dict[str, str], asked: str) -> None:
    """Show again the presentation and the scene of an address, unless something was made since."""
    now = desktop()
    if now is None:
        return
    if asked and asked != now.origin and not now.unsaved:
        attempt(lambda: _follow(query))
    _ask_scene({"scene": "1"} | query)


def _follow_territory(query: dict[str, str]) -> None:
    """Open the presentation of the région in hand when there is none, or when it has changed."""
    now, place = desktop(), territory_in_hand()
    moved = place != st.session_state.get(_IN_HAND, place)
    st.session_state[_IN_HAND] = place
    if now is None:
        open_region(region_in_hand())
        _ask_scene(query)
    elif moved and now.given and place != FRANCE.key:
        open_region(region_in_hand())


def _follow(query: dict[str, str]) -> None:
    if "diapo" in query:
        open_deck(deck_from_link(query["diapo"]), "lien")
    else:
        level, code = split_key(query["territoire"])
        if level != _REGION or code not in set(data.snapshot().regions["code"]):
            say(
                f"Le lien demande « territoire = {query['territoire'][:40]} », qui n’est pas une "
                "région : choisissez-en une dans la liste."
            )
            return
        open_region(code)
    _ask_scene(query)


def _ask_scene(query: dict[str, str]) -> None:
    """Show the scene that a link names, counted from 1."""
    text = query.get("scene", "")
    now = desktop()
    if not text or now is None:
        return
    if text.isdecimal() and 1 <= int(text[:4]) <= len(now.deck.scenes):
        show_scene(int(text[:4]) - 1)
    else:
        say(
            f"Le lien demande la scène « {text[:20]} », qui n’existe pas dans cette présentation : "
            "la première est affichée."
        )


def _hear() -> None:
    """Follow the presenter: the scene that shows is the one that is edited."""
    heard = told()
    if heard is not None and heard.serial != st.session_state.get(_HEARD):
        st.session_state[_HEARD] = heard.serial
        show_scene(heard.index, asked=False)


def write_link(now: Desktop) -> None:
    """Write in the address bar what opens this very presentation, when the link can."""
    query: dict[str, str] = {}
    if not now.unsaved and now.origin.startswith(f"{_REGION}:"):
        query["territoire"] = now.origin
    elif not now.unsaved and now.origin == "lien" and "diapo" in st.query_params:
        query["diapo"] = st.query_params["diapo"]
    if now.index and query:
        query["scene"] = str(now.index + 1)
    st.session_state[_FOLLOWED].update(query.values())
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)


def stage(now: Desktop) -> tuple[dict[str, Any], ...]:
    """Draw the stage; give its scenes as they are played."""
    waiting = st.empty()
    desk, start = data.desk(), time.monotonic()
    scenes = []
    for rank, scene in enumerate(now.deck.scenes, start=1):
        if time.monotonic() - start > _PATIENCE_S:
            of = len(now.deck.scenes)
            waiting.progress(rank / of, f"Scène {rank} sur {of}\u202f: lecture des données")
        scenes.append(_played(desk, scene))
    waiting.empty()
    play({"titre": now.deck.titre, "scenes": scenes}, now.index, now.ask)
    return tuple(scenes)


def _played(desk: Desk, scene: Scene) -> dict[str, Any]:
    table = desk.programme if scene.page == "programme" else None
    rows = 0 if table is None else int(pd.util.hash_pandas_object(table).sum())
    return _told(desk, Deck("", (scene,)).to_json(), rows)


@answer
def _told(desk: Desk, text: str, rows: int) -> dict[str, Any]:
    """Compose a scene once; ``rows`` tells the programmes that visitors bring apart."""
    del rows
    return _composed(desk, Deck.from_json(text).scenes[0])


def _composed(desk: Desk, scene: Scene) -> dict[str, Any]:
    """Compose a scene; one that cannot be says why in its place, and the others go on."""
    try:
        return scene_payload(desk, scene)
    except ClsmMapError as refusal:
        return {
            "titre": scene.titre or "Scène indisponible",
            "phrase": refusal.message_fr,
            "notes": scene.notes,
            "disposition": "chiffres",
            "cartes": [],
            "legende": "",
            "chiffres": [],
            "figure": None,
            "sources": [],
            "prudences": [],
            "vedette": None,
            "lien": scene.page,
        }
