"""Furniture of a page: its look, titles, key figures, legends, sources, cautions, cards, errors.

Every text goes through `html_text`: names come from data and are never trusted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import streamlit as st

from clsm_map.domain.errors import ClsmMapError
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import split_key
from clsm_map.formats import spaced, typeset
from clsm_map.maps.escape import html_text, markdown_text
from clsm_map.maps.legend import LegendEntry, swatch_image
from clsm_map.ui.quirks import ASSETS
from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.subject import SHEET_LEVELS
from clsm_map.views.view import Claim

_LOG: Final = logging.getLogger("clsm_map")
_SHEET_OF: Final[dict[str, str]] = {
    "qpv": "du quartier",
    "commune": "de la commune",
    "arrondissement": "de l’arrondissement",
    "epci": "de l’intercommunalité",
    "departement": "du département",
    "region": "de la région",
    DEVICE: "du dispositif",
}


def apply_theme() -> None:
    """Load the style sheet shared by every page."""
    st.html(ASSETS / "theme.css")


KeyFigure = Claim


def page_title(title: str, lead: str = "", *, visible: bool = True) -> None:
    """Write the only ``h1`` of the page and its lead sentence.

    Parameters
    ----------
    visible : bool, optional
        ``False`` leaves it to screen readers, on a page where the map comes first.
    """
    body = f"<h1>{_words(title)}</h1>" + (f"<p>{_words(lead)}</p>" if lead else "")
    st.html(f'<div class="titre{"" if visible else " hors-vue"}">{body}</div>')


def _words(text: str) -> str:
    return html_text(spaced(text))


def view_title(title: str, subtitle: str = "") -> None:
    """Write the title that states what is shown, where and when."""
    body = f"<h2>{_words(title)}</h2>" + (f"<p>{_words(subtitle)}</p>" if subtitle else "")
    st.html(f'<div class="vue">{body}</div>')


def key_figures(figures: Iterable[Claim], *, tight: bool = False) -> None:
    """Lay out key figures as a definition list, readable by a screen reader in order."""
    items = "".join(
        f"<div><dt>{_words(f.label)}"
        + (f'<span class="origine">{_words(f.origin)}</span>' if f.origin else "")
        + f'</dt><dd class="valeur">{html_text(f.text)}</dd></div>'
        for f in figures
    )
    st.html(f'<dl class="chiffres{" serre" if tight else ""}">{items}</dl>')


def legend(title: str, entries: Sequence[LegendEntry], note: str = "") -> None:
    """Draw a legend in the page: swatch, label and count of each class, the missing ones too."""
    items = "".join(
        f'<li><img src="{swatch_image(e)}" alt=""><span>{_words(e.label)}</span>'
        f'<span class="n">{html_text(e.count_text)}</span></li>'
        for e in entries
    )
    footer = f"<p>{_words(note)}</p>" if note else ""
    st.html(
        f'<section class="legende" aria-label="Légende : {_words(title)}">'
        f"<h3>{_words(title)}</h3><ul>{items}</ul>{footer}</section>"
    )


def source_line(text: str) -> None:
    """Write the source, vintage and geography vintage under what they support."""
    st.html(f'<p class="source">{html_text(typeset(text))}</p>')


def sources(*lines: str, title: str = "Sources") -> None:
    """Fold the sources of a view, with the way to the rules."""
    with st.expander(title):
        for line in lines:
            source_line(line)
        rules_link()


def rules_link() -> None:
    """Draw the link to the page of rules."""
    st.page_link("pages/methode.py", label="Toutes les règles, avec leurs formules")


def finding(sentence: str) -> None:
    """Write the sentence that states what a figure shows."""
    st.html(f'<p class="constat">{html_text(sentence)}</p>')


def caution(sentences: Iterable[str]) -> None:
    """Write what must be known before quoting; nothing when there is nothing to say."""
    body = "".join(f"<p>{html_text(typeset(s))}</p>" for s in sentences)
    if body:
        st.html(f'<div class="prudence" role="note">{body}</div>')


def card(title: str, where: str, rows: Sequence[tuple[str, str]]) -> None:
    """Draw the card of what was clicked: a name, a place, pairs of label and value."""
    pairs = "".join(f"<dt>{_words(k)}</dt><dd>{_words(v)}</dd>" for k, v in rows)
    st.html(
        f'<section class="fiche" aria-label="{_words(title)}"><h3>{_words(title)}</h3>'
        f'<p class="ou">{_words(where)}</p><dl>{pairs}</dl></section>'
    )


def notices(sentences: Iterable[str]) -> None:
    """Tell what was ignored or could not be done, without stopping the page."""
    for sentence in sentences:
        notice(sentence)


def notice(sentence: str) -> None:
    """Tell one thing that is good to know."""
    st.info(markdown_text(typeset(sentence)))


def warning(sentence: str) -> None:
    """Tell what changes how the page is to be read."""
    st.warning(markdown_text(typeset(sentence)))


def refusal(sentence: str) -> None:
    """Tell that what was asked is refused, and why."""
    st.error(markdown_text(typeset(sentence)))


def sheet_link(selection: Selection, key: str) -> None:
    """Draw the link to the sheet of a territory or a device; nothing for what has none.

    Parameters
    ----------
    selection : Selection
        Kept by the link.
    key : str
        ``level:code`` or ``dispositif:id``.
    """
    level, _ = split_key(key)
    if level in {*SHEET_LEVELS, DEVICE}:
        st.page_link(
            "pages/fiche.py",
            label=f"Lire la fiche {_SHEET_OF[level]}",
            query_params=selection.to_query() | {"sujet": key},
        )


@contextmanager
def explained() -> Iterator[None]:
    """Turn an error of the page into French sentences; the detail goes to the log.

    An error raised on purpose says its own sentence. Any other is a fault of ours: the page says
    so, that nothing is lost, and what to try; without this, Streamlit would speak English and
    offer to send the error to outside hosts.
    """
    try:
        yield
    except ClsmMapError as error:
        _LOG.warning("%s %s", error.message_fr, error.detail)
        refusal(error.message_fr)
    except Exception:
        _LOG.exception("page interrupted")
        st.error(
            "Cette vue n’a pas pu être affichée jusqu’au bout, par une faute de l’application. "
            "Rien n’est perdu et les autres pages fonctionnent : choisissez un autre territoire "
            "ou un autre indicateur, ou revenez à l’accueil. Le détail est dans le journal du "
            "serveur, à transmettre à la personne qui le tient."
        )
