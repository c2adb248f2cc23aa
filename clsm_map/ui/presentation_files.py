"""The bar of *Présentation*: where it starts from, its title, its file, its link, its exports."""

from __future__ import annotations

from functools import partial
from typing import Final, Literal
from urllib.parse import urlencode, urlsplit

import streamlit as st

from clsm_map.domain.deck import MAX_FILE, MAX_TITLE, Deck, deck_link, rename
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.deck.folder import deck_folder
from clsm_map.exports.deck.handout import deck_pdf
from clsm_map.formats import lower_ascii
from clsm_map.ui import data
from clsm_map.ui.deck_state import Desktop, attempt, change_deck, mark_saved, open_deck
from clsm_map.ui.presentation import open_region

_REGION_KEY: Final = "presentation_region"
_FILE_KEY: Final = "presentation_fichier"


def bar(now: Desktop) -> None:
    """Draw the bar."""
    region, title, opening, saving = st.columns([4, 7, 2, 3], vertical_alignment="bottom")
    with region:
        _region_field(now)
    with title:
        _title_field(now)
    with opening, st.popover("Ouvrir", width="stretch"):
        _open_field(now)
    with saving, st.popover("Enregistrer, emporter", width="stretch"):
        _save_fields(now)


def status(now: Desktop) -> None:
    """Say whether closing the page loses something."""
    if not now.unsaved or not now.deck.scenes:
        return
    st.html(
        '<p class="source" role="status">Modifications non enregistrées : cette présentation ne '
        "vit que le temps de cette visite. « Enregistrer, emporter » en fait un fichier.</p>"
    )


def _region_field(now: Desktop) -> None:
    regions = data.snapshot().regions
    names = dict(zip(regions["code"], regions["nom"], strict=True))
    codes = sorted(names, key=names.__getitem__)
    given = now.origin.removeprefix("region:")
    st.session_state[_REGION_KEY] = given if given in names else None

    def chosen() -> None:
        code = st.session_state[_REGION_KEY]
        if code:
            attempt(lambda: open_region(code))

    st.selectbox(
        "Huit scènes pour une région",
        codes,
        format_func=names.__getitem__,
        key=_REGION_KEY,
        placeholder="Choisir une région",
        on_change=chosen,
    )


def _title_field(now: Desktop) -> None:
    key = f"presentation_nom_{now.turn}"

    def named() -> None:
        text = st.session_state[key].strip()
        attempt(lambda: change_deck(rename(now.deck, text), refill=False))

    st.text_input(
        "Titre de la présentation", now.deck.titre, max_chars=MAX_TITLE, key=key, on_change=named
    )


def _open_field(now: Desktop) -> None:
    key = f"{_FILE_KEY}_{now.turn}"

    def opened() -> None:
        file = st.session_state[key]
        if file is not None:
            attempt(lambda: open_deck(read_file(file.getvalue()), "fichier"))

    st.file_uploader("Fichier de présentation (.json)", type=["json"], key=key, on_change=opened)
    st.caption("Le fichier n’est lu que pour cette visite ; rien n’est gardé sur le serveur.")


def read_file(content: bytes) -> Deck:
    """Read a presentation from the bytes of a file.

    Raises
    ------
    InvalidInputError
        The file is too large, is not text, or is not a presentation.
    """
    if len(content) > 4 * MAX_FILE:
        raise InvalidInputError("Ce fichier est trop lourd pour être une présentation.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "Ce fichier n’est pas une présentation : son texte ne se lit pas.", str(error)
        ) from error
    return Deck.from_json(text)


def file_stem(deck: Deck) -> str:
    """Name the files of a presentation after its title.

    >>> file_stem(Deck("CLSM : Île-de-France"))
    'presentation-clsm-ile-de-france'
    """
    words = "".join(c if c.isalnum() else " " for c in lower_ascii(deck.titre)).split()
    return "-".join(["presentation", *words])[:80]


def _save_fields(now: Desktop) -> None:
    stem = file_stem(now.deck)
    empty = not now.deck.scenes
    st.download_button(
        "Enregistrer le fichier",
        now.deck.to_json().encode(),
        f"{stem}.json",
        "application/json",
        key="presentation_enregistrer",
        disabled=empty,
        on_click=mark_saved,
    )
    desk = data.desk()
    with st.container(horizontal=True, gap="small"):
        for label, name, media, write in (
            ("Document PDF", f"{stem}.pdf", "application/pdf", deck_pdf),
            ("Dossier hors ligne", f"{stem}.zip", "application/zip", deck_folder),
        ):
            st.download_button(
                label,
                partial(write, desk, now.deck),
                name,
                media,
                key=f"presentation_{media.partition('/')[2]}",
                disabled=empty,
                on_click="ignore",
            )
    st.caption(
        "Le dossier se décompresse et s’ouvre sans réseau ; le PDF se prépare au clic, en "
        "quelques secondes."
    )
    st.markdown("**Le lien de la présentation**")
    links = addresses(now)
    if links is None:
        st.caption("Trop longue pour tenir dans un lien : envoyez le fichier.")
        return
    st.code(links[0], language=None, wrap_lines=True, height=_tall(links[0]))
    st.markdown("**Le lien de la scène affichée**")
    st.code(links[1], language=None, wrap_lines=True, height=_tall(links[1]))


def _tall(link: str) -> Literal["content"] | int:
    """Let a short link take what it needs, and a long one scroll."""
    return "content" if len(link) < 200 else 110


def addresses(now: Desktop) -> tuple[str, str] | None:
    """Write the addresses that open the presentation, and its scene that shows.

    Returns
    -------
    tuple of (str, str) or None
        ``None`` when the presentation is too long for a link.
    """
    here = urlsplit(st.context.url or "")
    root = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    page = f"{root}{here.path}"
    query: dict[str, str]
    if not now.unsaved and now.origin.startswith("region:"):
        query = {"territoire": now.origin}
    else:
        text = deck_link(now.deck)
        if text is None:
            return None
        query = {"diapo": text}
    scene = query | {"scene": str(now.index + 1)}
    return f"{page}?{urlencode(query, safe=':')}", f"{page}?{urlencode(scene, safe=':')}"
