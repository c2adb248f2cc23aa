"""The scenes of *Présentation*: their list, their order, their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import streamlit as st

from clsm_map.domain import deck as decks
from clsm_map.domain.territories import Level, split_key
from clsm_map.maps.escape import markdown_text
from clsm_map.maps.palettes import vocabulary
from clsm_map.store.territories import find_territory
from clsm_map.ui import data
from clsm_map.ui import presentation as visit
from clsm_map.ui.furniture import pick_place

LAYOUT_LABELS: Final[Mapping[decks.Layout, str]] = {
    "carte": "Carte",
    "chiffres": "Chiffres",
    "carte-chiffres": "Carte et chiffres",
    "avant-apres": "Avant / après",
}
_DATED: Final = frozenset({"carte", "couverture"})
_CHOICE: Final = "presentation_scene"
_STARS: Final[tuple[Level, ...]] = ("qpv", "commune", "epci", "departement")


def scene_list(now: visit.Desktop, shown: Sequence[Mapping[str, Any]]) -> None:
    """Draw the list of scenes and what can be done with the one that shows."""
    back = ("Annuler", visit.undo, not now.past, "annuler")
    if not shown:
        st.html(
            '<p class="constat">Aucune scène. Choisissez une région, ouvrez un fichier, ou ajoutez '
            "une vue depuis Carte, Couverture, Inégalités, Planifier ou Programme, par "
            "« Emporter ».</p>"
        )
        _row(back)
        return
    st.session_state[_CHOICE] = now.index
    st.radio(
        f"Scènes ({len(shown)})",
        range(len(shown)),
        format_func=lambda i: f"{i + 1}. {markdown_text(shown[i]['titre'])}",
        key=_CHOICE,
        on_change=lambda: visit.show_scene(st.session_state[_CHOICE]),
    )
    last = len(shown) - 1
    _row(
        ("Monter", partial(_shift, -1), now.index == 0, "monter"),
        ("Descendre", partial(_shift, 1), now.index == last, "descendre"),
        ("Dupliquer", _duplicate, False, "dupliquer"),
        ("Retirer", partial(_on_deck, decks.remove), False, "retirer"),
        back,
    )


def _shift(by: int) -> None:
    _on_deck(lambda deck, index: decks.move(deck, index, by), by)


def _duplicate() -> None:
    _on_deck(lambda deck, index: decks.add(deck, deck.scenes[index], index + 1), 1)


def _row(*buttons: tuple[str, Callable[[], None], bool, str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for label, act, off, key in buttons:
            click = partial(visit.attempt, act)
            st.button(label, key=f"presentation_{key}", disabled=off, on_click=click)


def _on_deck(change: Callable[[decks.Deck, int], decks.Deck], follow: int = 0) -> None:
    now = visit.desktop()
    if now is not None:
        visit.change_deck(change(now.deck, now.index), now.index + follow)


def scene_fields(now: visit.Desktop, shown: Sequence[Mapping[str, Any]]) -> None:
    """Draw the fields of the scene that shows; empty words are computed from the data."""
    scene = now.scene
    if scene is None:
        return
    played = shown[now.index]

    def field(label: str, name: str, most: int, computed: str, height: int = 0) -> None:
        key = f"presentation_{name}_{now.turn}"

        def edited() -> None:
            visit.attempt(
                lambda: visit.edit_scene(now.index, **{name: st.session_state[key].strip()})
            )

        draw: Callable[..., Any] = partial(st.text_area, height=height) if height else st.text_input
        draw(label, getattr(scene, name), max_chars=most, key=key, placeholder=computed,
             on_change=edited)  # fmt: skip

    words, choices = st.columns([3, 2], gap="medium")
    with words:
        field("Titre de la scène", "titre", decks.MAX_TITLE, played["titre"])
        field("Phrase", "phrase", decks.MAX_SENTENCE, played["phrase"], 92)
        field("Notes pour qui présente", "notes", decks.MAX_NOTES, "", 92)
    with choices:
        _layout_field(now, scene)
        _star_field(now, scene)
        st.page_link(
            f"pages/{scene.page}.py",
            label="Ouvrir la vue de cette scène",
            query_params=dict(scene.requete),
        )
        st.caption("Un titre ou une phrase laissés vides sont calculés sur les données.")


def _layout_field(now: visit.Desktop, scene: decks.Scene) -> None:
    two = scene.avant is not None or scene.page in _DATED or scene.page == "planifier"
    key = f"presentation_disposition_{now.turn}"
    offered = [layout for layout in decks.LAYOUTS if two or layout != "avant-apres"]

    def chosen() -> None:
        layout, before = st.session_state[key], scene.avant
        if layout == "avant-apres" and before is None:
            before = _before(scene)
        visit.attempt(lambda: visit.edit_scene(now.index, disposition=layout, avant=before))

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


def _before(scene: decks.Scene) -> dict[str, str]:
    if scene.page == "planifier":
        return {**scene.requete, "moment": "avant"}
    start = data.desk().today.replace(year=data.desk().today.year - 10, month=1, day=1)
    return {**scene.requete, "date": start.isoformat()}


def _date_field(now: visit.Desktop, before: Mapping[str, str]) -> None:
    key, today = f"presentation_avant_{now.turn}", data.desk().today

    def chosen() -> None:
        day: dt.date | None = st.session_state[key]
        if day is not None:
            earlier = {**before, "date": day.isoformat()}
            visit.attempt(lambda: visit.edit_scene(now.index, avant=earlier))

    try:
        start = dt.date.fromisoformat(before.get("date", ""))
    except ValueError:
        start = today
    st.date_input(
        "Date de la carte d’avant",
        start,
        min_value=dt.date(2000, 1, 1),
        max_value=today,
        format="DD/MM/YYYY",
        key=key,
        on_change=chosen,
    )


def _star_field(now: visit.Desktop, scene: decks.Scene) -> None:
    """Draw the territory put forward in a scene, or none."""
    level, code = split_key(scene.vedette) if scene.vedette else ("", "")
    known = code and vocabulary(data.snapshot()).is_territory(level, code)
    name = find_territory(data.snapshot(), code, level).nom if known else ""
    key = f"presentation_vedette_{now.turn}"
    choice = pick_place("Territoire mis en avant", name, _STARS, key=key, placeholder="Aucun")

    def star(put: str) -> None:
        visit.attempt(lambda: visit.edit_scene(now.index, refill=True, vedette=put))

    if choice and choice != scene.vedette:
        star(choice)
        st.rerun()
    if scene.vedette:
        none = "presentation_sans_vedette"
        said = "Ne rien mettre en avant"
        st.button(said, type="tertiary", key=none, on_click=star, args=("",))
