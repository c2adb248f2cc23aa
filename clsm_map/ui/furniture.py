"""Furniture of a page: titles, key figures, legends, sources, cautions, cards.

Every text goes through `html_text`: names come from data and are never trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from clsm_map.formats import spaced, typeset
from clsm_map.maps.escape import html_text, markdown_text
from clsm_map.maps.legend import LegendEntry, swatch_image


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure with what it means and where it comes from.

    Attributes
    ----------
    value : str
        Already formatted, with its unit.
    label : str
        What is counted.
    origin : str
        Date, denominator and source, in one short line.
    """

    value: str
    label: str
    origin: str = ""


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


def key_figures(figures: Iterable[KeyFigure], *, tight: bool = False) -> None:
    """Lay out key figures as a definition list, readable by a screen reader in order."""
    items = "".join(
        f"<div><dt>{_words(f.label)}"
        + (f'<span class="origine">{_words(f.origin)}</span>' if f.origin else "")
        + f'</dt><dd class="valeur">{html_text(f.value)}</dd></div>'
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
