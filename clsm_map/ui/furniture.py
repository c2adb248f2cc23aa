"""Furniture of a page: look, titles, figures, fields, lists, tables, legends, files, notes, errors.

Every text goes through `html_text`: names come from data and are never trusted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import ClsmMapError
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import split_key
from clsm_map.exports.tables import french_csv
from clsm_map.formats import spaced, typeset
from clsm_map.maps.escape import html_text, markdown_text
from clsm_map.maps.legend import LegendEntry, status_entries, swatch_image
from clsm_map.ui import data
from clsm_map.ui.quirks import ASSETS
from clsm_map.views.gap_lists import ListTable
from clsm_map.views.view import Claim

_LOG: Final = logging.getLogger("clsm_map")
_SHEET_OF: Final = {
    "qpv": "du quartier",
    "commune": "de la commune",
    "arrondissement": "de l’arrondissement",
    "epci": "de l’intercommunalité",
    "departement": "du département",
    "region": "de la région",
    "dispositif": "du dispositif",
}
_MEDIA: Final = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "html": "text/html",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
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
LOCALIZED: Final = st.column_config.NumberColumn(format="localized")


def apply_theme() -> None:
    """Load the style sheet shared by every page."""
    st.html(ASSETS / "theme.css")


@dataclass(frozen=True, slots=True)
class File:
    """A file to take away: words of its button, name, and what writes it, in another thread."""

    label: str
    name: str
    write: Callable[[], bytes]


def page_title(title: str, lead: str = "", *, visible: bool = True) -> None:
    """Write the only ``h1`` of the page; for screen readers alone where the map comes first."""
    body = f"<h1>{_words(title)}</h1>" + (f"<p>{_words(lead)}</p>" if lead else "")
    st.html(f'<div class="titre{"" if visible else " hors-vue"}">{body}</div>')


def _words(text: str) -> str:
    return html_text(spaced(text))


def view_title(title: str, subtitle: str = "") -> None:
    """Write the title that states what is shown, where and when."""
    body = f"<h2>{_words(title)}</h2>" + (f"<p>{_words(subtitle)}</p>" if subtitle else "")
    st.html(f'<div class="vue">{body}</div>')


def key_figures(figures: Iterable[Claim | tuple[str, str, str]], *, tight: bool = False) -> None:
    """Lay out key figures as a definition list, readable by a screen reader in order."""
    items = "".join(
        f"<div><dt>{_words(f.label)}"
        + (f'<span class="origine">{_words(f.origin)}</span>' if f.origin else "")
        + f'</dt><dd class="valeur">{html_text(f.text)}</dd></div>'
        for f in (Claim(*f) if isinstance(f, tuple) else f for f in figures)
    )
    st.html(f'<dl class="chiffres{" serre" if tight else ""}">{items}</dl>')


def table(
    rows: pd.DataFrame,
    alt: str,
    columns: Mapping[str, Any] | None = None,
    *,
    most: int = 0,
    height: int | Literal["auto", "content"] = "auto",
    missing: str = "–",
    **options: Any,
) -> None:
    """Draw a table, its numbers the French way; ``most`` pixels, no taller than its rows."""
    numbers = dict.fromkeys(map(str, rows.select_dtypes("number").columns), LOCALIZED)
    st.dataframe(
        rows,
        hide_index=True,
        height=min(most, 38 + 35 * max(len(rows), 1)) if most else height,
        alt=alt,
        placeholder=missing,
        column_config=numbers | dict(columns or {}),
        **options,
    )


def legend(title: str, entries: Sequence[LegendEntry], note: str = "") -> None:
    """Draw a legend in the page: swatch, label and count of each class, the missing ones too."""
    counted = [(swatch_image(e), spaced(e.label), e.count_text) for e in entries]
    legend_of(f"Légende : {spaced(title)}", spaced(title), counted, spaced(note))


def legend_of(name: str, title: str, entries: Iterable[tuple[str, str, str]], note: str) -> None:
    """Draw a legend from the image, the label and the counts of each of its classes."""
    items = "".join(
        f'<li><img src="{image}" alt=""><span>{html_text(label)}</span>'
        f'<span class="n">{html_text(counts)}</span></li>'
        for image, label, counts in entries
    )
    footer = f"<p>{html_text(note)}</p>" if note else ""
    st.html(
        f'<section class="legende" aria-label="{html_text(name)}">'
        f"<h3>{html_text(title)}</h3><ul>{items}</ul>{footer}</section>"
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


def notes(cautions: Iterable[str], *lines: str) -> None:
    """Write what must be known before quoting a view, then its sources."""
    caution(cautions)
    for line in lines:
        source_line(line)


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


def alert(sentence: str) -> None:
    """Tell what changes how the page is to be read."""
    st.warning(markdown_text(typeset(sentence)))


def refusal(sentence: str) -> None:
    """Tell that what was asked is refused, and why."""
    st.error(markdown_text(typeset(sentence)))


def sheet_link(selection: Selection, key: str) -> None:
    """Draw the link to the sheet of ``level:code`` or ``dispositif:id``, for what has one."""
    level, _ = split_key(key)
    if level in _SHEET_OF:
        st.page_link(
            "pages/fiche.py",
            label=f"Lire la fiche {_SHEET_OF[level]}",
            query_params=selection.to_query() | {"sujet": key},
        )


def download(
    label: str, name: str, write: Callable[[], bytes] | bytes, *, key: str, **look: Any
) -> None:
    """Draw the button of a file, whose kind its name tells; clicking runs nothing of the page."""
    media = _MEDIA[name.rpartition(".")[2]]
    st.download_button(label, write, name, media, **{"on_click": "ignore", **look}, key=key)


def downloads(files: Iterable[File], key: str, **look: Any) -> None:
    """Draw the buttons of files, in a row."""
    with st.container(horizontal=True, gap="small"):
        for rank, file in enumerate(files):
            download(file.label, file.name, file.write, key=f"{key}_{rank}", **look)


def csv_of(rows: pd.DataFrame) -> bytes:
    """Write a table as CSV for French Excel."""
    whole = rows.astype(object).where(rows.notna(), None)
    names = list(map(str, rows.columns))
    lines = whole.itertuples(index=False, name=None)
    return french_csv(names, (dict(zip(names, line, strict=True)) for line in lines))


def csv_button(label: str, rows: pd.DataFrame, name: str) -> None:
    """Offer a table as CSV for French Excel."""
    download(label, f"{name}.csv", csv_of(rows), key=f"csv_{name}")


def pick_place(
    label: str, current: str, levels: Sequence[str], *, key: str, placeholder: str = ""
) -> str | None:
    """Draw a combobox that knows all of France, ``current`` its name at rest.

    Gives ``level:code`` on the run that follows a choice, ``None`` otherwise; ``levels`` are those
    offered, ``dispositif`` for devices.
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
    rows: ListTable,
    selected: str,
    *,
    key: str,
    height: int,
    order: str = "",
    on_choice: Callable[[str], None],
    on_order: Callable[[str], None] | None = None,
) -> None:
    """Draw a list of QPV that scrolls beyond a height, the row of ``selected`` marked.

    ``on_choice`` gets the code of a row and ``on_order`` the order of a header, before the page
    runs again.
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
            "caption": rows.caption,
            "columns": [
                {"label": c.label, "numeric": c.numeric, "order": c.order, "width": c.width}
                for c in rows.columns
            ],
            "rows": [
                [code, *([c.text, c.detail, c.status] for c in cells)] for code, cells in rows.rows
            ],
            "marks": _MARKS,
            "selected": selected,
            "order": order,
            "height": height,
        },
        on_choix_change=answered("choix", on_choice),
        on_tri_change=answered("tri", on_order),
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
