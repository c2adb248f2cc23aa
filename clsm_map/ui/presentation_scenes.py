"""The scenes of *Présentation*: their list, their order, their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from clsm_map.domain.deck import (
    LAYOUTS,
    MAX_NOTES,
    MAX_SENTENCE,
    MAX_TITLE,
    Deck,
    Layout,
    Scene,
    add,
    move,
    remove,
    replace_scene,
)
from clsm_map.domain.territories import Level, split_key
from clsm_map.maps.escape import markdown_text
from clsm_map.maps.palettes import vocabulary
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.ui.components import pick_place
from clsm_map.ui.deck_state import (
    Desktop,
    attempt,
    change_deck,
    desktop,
    edit_scene,
    show_scene,
    undo,
)

LAYOUT_LABELS: Final[Mapping[Layout, str]] = {
    "carte": "Carte",
    "chiffres": "Chiffres",
    "carte-chiffres": "Carte et chiffres",
    "avant-apres": "Avant / après",
}
_DATED: Final = frozenset({"carte", "couverture"})
_CHOICE: Final = "presentation_scene"
_STARS: Final[tuple[Level, ...]] = ("qpv", "commune", "epci", "departement")


def scene_list(now: Desktop, shown: Sequence[Mapping[str, Any]]) -> None:
    """Draw the list of scenes and what can be done with the one that shows."""
    if not shown:
        st.html(
            '<p class="constat">Aucune scène. Choisissez une région, ouvrez un fichier, ou ajoutez '
            "une vue depuis Carte, Couverture, Inégalités, Planifier ou Programme, par "
            "« Emporter ».</p>"
        )
        _row([("Annuler", undo, not now.past, "presentation_annuler")])
        return
    st.session_state[_CHOICE] = now.index
    st.radio(
        f"Scènes ({len(shown)})",
        range(len(shown)),
        format_func=lambda i: f"{i + 1}. {markdown_text(shown[i]['titre'])}",
        key=_CHOICE,
        on_change=lambda: show_scene(st.session_state[_CHOICE]),
    )
    last = len(shown) - 1
    _row(
        [
            ("Monter", lambda: _shift(-1), now.index == 0, "presentation_monter"),
            ("Descendre", lambda: _shift(1), now.index == last, "presentation_descendre"),
            ("Dupliquer", _duplicate, False, "presentation_dupliquer"),
            ("Retirer", _remove, False, "presentation_retirer"),
            ("Annuler", undo, not now.past, "presentation_annuler"),
        ]
    )


def scene_fields(now: Desktop, shown: Sequence[Mapping[str, Any]]) -> None:
    """Draw the fields of the scene that shows; empty words are computed from the data."""
    scene = now.scene
    if scene is None:
        return
    played = shown[now.index]
    words, choices = st.columns([3, 2], gap="medium")
    with words:
        _text("Titre de la scène", "titre", now, scene.titre, MAX_TITLE, played["titre"])
        _area("Phrase", "phrase", now, scene.phrase, MAX_SENTENCE, played["phrase"], 92)
        _area("Notes pour qui présente", "notes", now, scene.notes, MAX_NOTES, "", 92)
    with choices:
        _layout_field(now, scene)
        _star_field(now, scene)
        st.page_link(
            f"pages/{scene.page}.py",
            label="Ouvrir la vue de cette scène",
            query_params=dict(scene.requete),
        )
        st.caption("Un titre ou une phrase laissés vides sont calculés sur les données.")


def _row(buttons: Sequence[tuple[str, Callable[[], None], bool, str]]) -> None:
    with st.container(horizontal=True, gap="small"):
        for label, act, off, key in buttons:
            st.button(label, key=key, disabled=off, on_click=_attempted(act))


def _attempted(act: Callable[[], None]) -> Callable[[], None]:
    return lambda: attempt(act)


def _on_deck(change: Callable[[Deck, int], Deck], follow: int = 0) -> None:
    now = desktop()
    if now is not None:
        change_deck(change(now.deck, now.index), now.index + follow)


def _shift(by: int) -> None:
    _on_deck(lambda deck, index: move(deck, index, by), by)


def _duplicate() -> None:
    _on_deck(lambda deck, index: add(deck, deck.scenes[index], index + 1), 1)


def _remove() -> None:
    _on_deck(remove)


def _key(name: str, now: Desktop) -> str:
    return f"presentation_{name}_{now.turn}"


def _edited(name: str, index: int, key: str) -> Callable[[], None]:
    return lambda: attempt(lambda: edit_scene(index, **{name: st.session_state[key].strip()}))


def _text(label: str, name: str, now: Desktop, value: str, most: int, computed: str) -> None:
    key = _key(name, now)
    st.text_input(
        label,
        value,
        max_chars=most,
        key=key,
        placeholder=computed,
        on_change=_edited(name, now.index, key),
    )


def _area(
    label: str, name: str, now: Desktop, value: str, most: int, computed: str, height: int
) -> None:
    key = _key(name, now)
    st.text_area(
        label,
        value,
        max_chars=most,
        key=key,
        placeholder=computed,
        height=height,
        on_change=_edited(name, now.index, key),
    )


def _layout_field(now: Desktop, scene: Scene) -> None:
    two = scene.avant is not None or scene.page in _DATED or scene.page == "planifier"
    key = _key("disposition", now)
    offered = [layout for layout in LAYOUTS if two or layout != "avant-apres"]

    def chosen() -> None:
        layout = st.session_state[key]
        before = scene.avant
        if layout == "avant-apres" and before is None:
            before = _before(scene)
        attempt(lambda: edit_scene(now.index, disposition=layout, avant=before))

    st.selectbox(
        "Disposition",
        offered,
        offered.index(scene.disposition),
        format_func=LAYOUT_LABELS.__getitem__,
        key=key,
        on_change=chosen,
    )
    if scene.disposition == "avant-apres" and scene.avant is not None and scene.page in _DATED:
        _date_field(now, scene.avant)


def _before(scene: Scene) -> dict[str, str]:
    if scene.page == "planifier":
        return {**scene.requete, "moment": "avant"}
    start = data.desk().today.replace(year=data.desk().today.year - 10, month=1, day=1)
    return {**scene.requete, "date": start.isoformat()}


def _date_field(now: Desktop, before: Mapping[str, str]) -> None:
    key = _key("avant", now)

    def chosen() -> None:
        day: dt.date | None = st.session_state[key]
        if day is not None:
            earlier = {**before, "date": day.isoformat()}
            attempt(lambda: edit_scene(now.index, avant=earlier))

    try:
        start = dt.date.fromisoformat(before.get("date", ""))
    except ValueError:
        start = data.desk().today
    st.date_input(
        "Date de la carte d’avant",
        start,
        min_value=dt.date(2000, 1, 1),
        max_value=data.desk().today,
        format="DD/MM/YYYY",
        key=key,
        on_change=chosen,
    )


def _star_field(now: Desktop, scene: Scene) -> None:
    level, code = split_key(scene.vedette) if scene.vedette else ("", "")
    known = code and vocabulary(data.snapshot()).is_territory(level, code)
    name = find_territory(data.snapshot(), code, level).nom if known else ""
    choice = pick_place(
        "Territoire mis en avant",
        name,
        _STARS,
        key=f"presentation_vedette_{now.turn}",
        placeholder="Aucun",
    )
    if choice and choice != scene.vedette:
        attempt(lambda: change_star(now.index, choice))
        st.rerun()
    if scene.vedette:
        st.button(
            "Ne rien mettre en avant",
            type="tertiary",
            key="presentation_sans_vedette",
            on_click=lambda: attempt(lambda: change_star(now.index, "")),
        )


def change_star(index: int, star: str) -> None:
    """Put a territory forward in a scene, or none."""
    now = desktop()
    if now is not None and index < len(now.deck.scenes):
        starred = replace(now.deck.scenes[index], vedette=star)
        change_deck(replace_scene(now.deck, index, starred))
