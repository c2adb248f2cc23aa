"""The stage of *Présentation*: what the link asks, the player, the bar with its files and links."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, Final, Literal
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

from clsm_map.desk import Desk, answer
from clsm_map.domain import deck as decks
from clsm_map.domain.errors import ClsmMapError, InvalidInputError
from clsm_map.domain.territories import FRANCE, split_key
from clsm_map.exports.deck.handout import deck_pdf
from clsm_map.exports.deck.play import deck_folder, player_script, player_style, scene_payload
from clsm_map.formats import lower_ascii
from clsm_map.maps.geometry import STATIC_URL, content_name, static_assets, write_once
from clsm_map.settings import get_settings
from clsm_map.ui import data
from clsm_map.ui import presentation as visit
from clsm_map.ui.furniture import download
from clsm_map.ui.quirks import ASSETS, came_back
from clsm_map.ui.state import territory_in_hand

_frame = st.components.v1.declare_component("clsm_presentation", path=str(ASSETS / "deck"))
_PLAYER: Final = "presentation_lecteur"
_FOLLOWED: Final = "presentation_liens"
_HEARD: Final = "presentation_entendu"
_IN_HAND: Final = "presentation_territoire"
_REGION: Final = "presentation_region"
_PATIENCE_S: Final = 0.4


def arrive() -> visit.Desktop:
    """Give the presentation to show: that of a new link, else that of the visit, else a given one.

    The one given is of the région in hand, and follows it from page to page until it is changed. A
    link is followed once in a visit, and on the way back: that never takes away what was made.
    """
    query = st.query_params.to_dict()
    asked = query.get("diapo") or query.get("territoire") or ""
    followed: set[str] = st.session_state.setdefault(_FOLLOWED, set())
    now = visit.desktop()
    if asked and asked not in followed:
        followed.add(asked)
        visit.attempt(lambda: _follow(query))
    elif came_back() and now is not None:
        if asked and asked != now.origin and not now.unsaved:
            visit.attempt(lambda: _follow(query))
        _ask_scene({"scene": "1"} | query)
    _follow_territory(query)
    _hear()
    return visit.desktop() or visit.Desktop(decks.Deck())


def _follow_territory(query: Mapping[str, str]) -> None:
    """Open the presentation of the région in hand when there is none, or when it has changed."""
    now, place = visit.desktop(), territory_in_hand()
    moved = place != st.session_state.get(_IN_HAND, place)
    st.session_state[_IN_HAND] = place
    if now is None:
        visit.open_region(visit.region_in_hand().code)
        _ask_scene(query)
    elif moved and now.given and place != FRANCE.key:
        visit.open_region(visit.region_in_hand().code)


def _follow(query: Mapping[str, str]) -> None:
    if "diapo" in query:
        visit.open_deck(decks.deck_from_link(query["diapo"]), "lien")
    else:
        level, code = split_key(query["territoire"])
        if level != "region" or code not in set(data.snapshot().regions["code"]):
            visit.say(
                f"Le lien demande « territoire = {query['territoire'][:40]} », qui n’est pas une "
                "région : choisissez-en une dans la liste."
            )
            return
        visit.open_region(code)
    _ask_scene(query)


def _ask_scene(query: Mapping[str, str]) -> None:
    """Show the scene that a link names, counted from 1."""
    text, now = query.get("scene", ""), visit.desktop()
    if not text or now is None:
        return
    if text.isdecimal() and 1 <= int(text[:4]) <= len(now.deck.scenes):
        visit.show_scene(int(text[:4]) - 1)
    else:
        visit.say(
            f"Le lien demande la scène « {text[:20]} », qui n’existe pas dans cette présentation : "
            "la première est affichée."
        )


def _hear() -> None:
    """Follow the presenter: the scene that shows is the one that is edited."""
    heard = st.session_state.get(_PLAYER)
    if isinstance(heard, Mapping) and int(heard["serial"]) != st.session_state.get(_HEARD):
        st.session_state[_HEARD] = int(heard["serial"])
        visit.show_scene(int(heard["scene"]), asked=False)


def write_link(now: visit.Desktop) -> None:
    """Write in the address bar what opens this very presentation, when the link can."""
    query: dict[str, str] = {}
    if not now.unsaved and now.origin.startswith("region:"):
        query["territoire"] = now.origin
    elif not now.unsaved and now.origin == "lien" and "diapo" in st.query_params:
        query["diapo"] = st.query_params["diapo"]
    if now.index and query:
        query["scene"] = str(now.index + 1)
    st.session_state[_FOLLOWED].update(query.values())
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)


def stage(now: visit.Desktop) -> tuple[dict[str, Any], ...]:
    """Draw the stage; give its scenes as they are played."""
    waiting, desk, start = st.empty(), data.desk(), time.monotonic()
    scenes = []
    for rank, scene in enumerate(now.deck.scenes, start=1):
        if time.monotonic() - start > _PATIENCE_S:
            of = len(now.deck.scenes)
            waiting.progress(rank / of, f"Scène {rank} sur {of}\u202f: lecture des données")
        table = desk.programme if scene.page == "programme" else None
        rows = 0 if table is None else int(pd.util.hash_pandas_object(table).sum())
        scenes.append(_played(desk, decks.Deck("", (scene,)).to_json(), rows))
    waiting.empty()
    assets = static_assets()
    script, style = _player_files()
    _frame(
        payload={"titre": now.deck.titre, "scenes": scenes},
        index=now.index,
        ask=now.ask,
        scripts=[*assets.scripts, script],
        styles=[*assets.styles, style],
        key=_PLAYER,
        default=None,
    )
    return tuple(scenes)


@lru_cache(maxsize=1)
def _player_files() -> tuple[str, str]:
    """Put the player where Streamlit serves it, once per process; give both addresses."""
    folder = get_settings().static / "carte"

    def served(suffix: str, text: str) -> str:
        name = content_name("presentation", suffix, text.encode())
        write_once(folder / name, text.encode())
        return f"{STATIC_URL}/carte/{name}"

    return served(".js", player_script()), served(".css", player_style())


@answer
def _played(desk: Desk, text: str, rows: int) -> dict[str, Any]:
    """Compose a scene once; ``rows`` tells the programmes that visitors bring apart.

    One that cannot be composed says why in its place, and the others go on.
    """
    del rows
    scene: decks.Scene = decks.Deck.from_json(text).scenes[0]
    try:
        return scene_payload(desk, scene)
    except ClsmMapError as refusal:
        empty: dict[str, Any] = {
            name: [] for name in ("cartes", "chiffres", "sources", "prudences")
        }
        return empty | {
            "titre": scene.titre or "Scène indisponible",
            "phrase": refusal.message_fr,
            "notes": scene.notes,
            "disposition": "chiffres",
            "legende": "",
            "figure": None,
            "vedette": None,
            "lien": scene.page,
        }


def bar(now: visit.Desktop) -> None:
    """Draw the bar: where it starts from, its title, its file, its link, its exports."""
    region, title, opening, saving = st.columns([4, 7, 2, 3], vertical_alignment="bottom")
    with region:
        _region_field(now)
    name_key, file_key = f"presentation_nom_{now.turn}", f"presentation_fichier_{now.turn}"

    def named() -> None:
        text = st.session_state[name_key].strip()
        visit.attempt(lambda: visit.change_deck(decks.rename(now.deck, text), refill=False))

    def opened() -> None:
        file = st.session_state[file_key]
        if file is not None:
            visit.attempt(lambda: visit.open_deck(read_file(file.getvalue()), "fichier"))

    said = "Titre de la présentation"
    title.text_input(said, now.deck.titre, max_chars=decks.MAX_TITLE, key=name_key, on_change=named)
    with opening, st.popover("Ouvrir", width="stretch"):
        said = "Fichier de présentation (.json)"
        st.file_uploader(said, type=["json"], key=file_key, on_change=opened)
        st.caption("Le fichier n’est lu que pour cette visite ; rien n’est gardé sur le serveur.")
    with saving, st.popover("Enregistrer, emporter", width="stretch"):
        _save_fields(now)


def status(now: visit.Desktop) -> None:
    """Say whether closing the page loses something."""
    if now.unsaved and now.deck.scenes:
        st.html(
            '<p class="source" role="status">Modifications non enregistrées : cette présentation '
            "ne vit que le temps de cette visite. « Enregistrer, emporter » en fait un fichier.</p>"
        )


def _region_field(now: visit.Desktop) -> None:
    regions = data.snapshot().regions
    names = dict(zip(regions["code"], regions["nom"], strict=True))
    given = now.origin.removeprefix("region:")
    st.session_state[_REGION] = given if given in names else None

    def chosen() -> None:
        code = st.session_state[_REGION]
        if code:
            visit.attempt(lambda: visit.open_region(code))

    st.selectbox(
        "Huit scènes pour une région",
        sorted(names, key=names.__getitem__),
        format_func=names.__getitem__,
        key=_REGION,
        placeholder="Choisir une région",
        on_change=chosen,
    )


def read_file(content: bytes) -> decks.Deck:
    """Read a presentation from the bytes of a file; one too large or not text is refused."""
    if len(content) > 4 * decks.MAX_FILE:
        raise InvalidInputError("Ce fichier est trop lourd pour être une présentation.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "Ce fichier n’est pas une présentation : son texte ne se lit pas.", str(error)
        ) from error
    return decks.Deck.from_json(text)


def file_stem(deck: decks.Deck) -> str:
    """Name the files of a presentation after its title.

    >>> file_stem(decks.Deck("CLSM : Île-de-France"))
    'presentation-clsm-ile-de-france'
    """
    words = "".join(c if c.isalnum() else " " for c in lower_ascii(deck.titre)).split()
    return "-".join(["presentation", *words])[:80]


def _save_fields(now: visit.Desktop) -> None:
    stem, desk, off = file_stem(now.deck), data.desk(), not now.deck.scenes
    save, key = now.deck.to_json().encode(), "presentation_enregistrer"
    download("Enregistrer le fichier", f"{stem}.json", save, key=key, disabled=off,
             on_click=visit.mark_saved)  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        pdf, folder = partial(deck_pdf, desk, now.deck), partial(deck_folder, desk, now.deck)
        download("Document PDF", f"{stem}.pdf", pdf, key="presentation_pdf", disabled=off)
        download("Dossier hors ligne", f"{stem}.zip", folder, key="presentation_zip", disabled=off)
    st.caption(
        "Le dossier se décompresse et s’ouvre sans réseau ; le PDF se prépare au clic, en "
        "quelques secondes."
    )
    titles = ("**Le lien de la présentation**", "**Le lien de la scène affichée**")
    for title, link in zip(titles, _addresses(now), strict=False):
        st.markdown(title)
        if not link:
            st.caption("Trop longue pour tenir dans un lien : envoyez le fichier.")
            return
        tall: Literal["content"] | int = "content" if len(link) < 200 else 110
        st.code(link, language=None, wrap_lines=True, height=tall)


def _addresses(now: visit.Desktop) -> tuple[str, str]:
    """Write what opens the presentation, and its scene that shows; empty when it is too long."""
    here = urlsplit(st.context.url or "")
    page = f"{here.scheme}://{here.netloc}{here.path}" if here.netloc else here.path
    if not now.unsaved and now.origin.startswith("region:"):
        query = {"territoire": now.origin}
    else:
        query = {"diapo": decks.deck_link(now.deck) or ""}
        if not query["diapo"]:
            return "", ""
    scene = query | {"scene": str(now.index + 1)}
    return f"{page}?{urlencode(query, safe=':')}", f"{page}?{urlencode(scene, safe=':')}"
