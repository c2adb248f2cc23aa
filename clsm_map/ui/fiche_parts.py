"""What a sheet says on screen: the words of its PDF, as HTML that a screen reader follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st

from clsm_map.exports.sheet import (
    figures_title,
    lines_note,
    lines_title,
    short_reference,
)
from clsm_map.formats import count, date_fr
from clsm_map.maps.escape import html_text
from clsm_map.maps.legend import status_entries, swatch_image
from clsm_map.ui.furniture import caution, source_line
from clsm_map.ui.quirks import ASSETS
from clsm_map.views.sheet.model import Grid, KeyFigure, Service, Sheet, TypeStatus

_NAMED: Final = 3
"""Devices of a type named on the first page, as on paper."""


def style() -> None:
    """Load the style sheet of the page."""
    st.html(ASSETS / "fiche.css")


def finding(sheet: Sheet) -> None:
    """Write the sentence that states what the sheet shows."""
    st.html(f'<p class="constat encadre">{html_text(sheet.constat)}</p>')


def serving(sheet: Sheet) -> None:
    """Write who serves the subject and since when, type by type, then its inhabitants."""
    st.html(
        '<section class="desserte"><h2>Qui le dessert</h2>'
        + "".join(_status(s) for s in sheet.statuts)
        + f'</section><section class="desserte"><h2>Habitants</h2>'
        f'<p class="grand">{html_text(sheet.habitants)}</p>'
        f'<p class="detail">{html_text(sheet.habitants_note)}</p></section>'
    )


def _status(status: TypeStatus) -> str:
    entry = status_entries({status.statut: 1})[0]
    detail = f'<p class="detail">{html_text(status.detail)}</p>' if status.detail else ""
    services = "".join(_service(s) for s in status.services[:_NAMED])
    rest = len(status.services) - _NAMED
    more = f"<li>et {html_text(count(rest, 'autre'))}</li>" if rest > 0 else ""
    named = f"<ul>{services}{more}</ul>" if services else ""
    return (
        f'<div class="type"><img src="{swatch_image(entry)}" alt="">'
        f"<div><h3>{html_text(status.libelle)}</h3>{detail}{named}</div></div>"
    )


def _service(service: Service) -> str:
    name = html_text(service.nom)
    if service.source.startswith(("http://", "https://")):
        name = f'<a href="{html_text(service.source)}" target="_blank" rel="noopener">{name}</a>'
    said = [s for s in (service.preuve, service.depuis, service.perimetre) if s]
    return f'<li>{name}<span class="detail">, {html_text(", ".join(said))}</span></li>'


def figures(sheet: Sheet) -> None:
    """Write the figures that matter, each with its reference and its gap."""
    if not sheet.chiffres:
        return
    cells = "".join(_figure(f) for f in sheet.chiffres)
    title = html_text(figures_title(sheet))
    st.html(
        f'<section class="reperes"><h2>{title}</h2>'
        f'<dl class="chiffres serre">{cells}</dl></section>'
    )
    source_line(" ".join(sheet.prudences_chiffres))


def _figure(figure: KeyFigure) -> str:
    adverse = ' class="defavorable"' if figure.defavorable else ""
    said = [figure.unite, f"contre {figure.reference}" if figure.reference else ""]
    origin = "".join(f'<span class="origine">{html_text(s)}</span>' for s in said if s)
    gap = f'<span class="ecart">{html_text(figure.ecart)}</span>' if figure.ecart else ""
    return (
        f"<div{adverse}><dt>{html_text(figure.libelle)}{origin}{gap}</dt>"
        f'<dd class="valeur">{html_text(figure.valeur)}</dd></div>'
    )


def indicators(sheet: Sheet) -> None:
    """Write all the indicators against the reference, theme by theme."""
    headers = ["Indicateur", "Année", "Valeur", short_reference(sheet), "Écart"]
    if sheet.pairs:
        headers += ["Médiane", "Rang"]
    rows = []
    for i, line in enumerate(sheet.lignes):
        texts = (line.annee, line.valeur, line.reference, line.ecart, line.mediane, line.rang)
        cells = "".join(
            f'<td class="{"ecart" if line.defavorable and j == 3 else "n"}">{html_text(t)}</td>'
            for j, t in enumerate(texts[: len(headers) - 1])
        )
        last = i + 1 == len(sheet.lignes) or sheet.lignes[i + 1].theme != line.theme
        rows.append(
            f'<tr{" class=rupture" if last else ""}><th scope="row">{html_text(line.libelle)}</th>'
            f"{cells}</tr>"
        )
    _table(lines_title(sheet), headers, [False, *[True] * (len(headers) - 1)], rows)
    source_line(lines_note(sheet))
    source_line(" ".join(sheet.prudences_lignes))


def grid(content: Grid) -> None:
    """Write a small table: neighbours, devices."""
    rows = [
        "<tr>"
        + "".join(
            f'<td class="n">{html_text(t)}</td>' if numeric else f"<td>{html_text(t)}</td>"
            for t, numeric in zip(line, content.numerique, strict=True)
        )
        + "</tr>"
        for line in content.lignes
    ]
    if not rows:
        st.html(
            f'<section class="grille"><h2>{html_text(content.titre)}</h2>'
            f'<p class="detail">{html_text(content.vide)}</p></section>'
        )
        return
    _table(content.titre, content.colonnes, content.numerique, rows)


def _table(
    title: str, headers: Sequence[str], numeric: Sequence[bool], rows: Iterable[str]
) -> None:
    named = html_text(title)
    head = "".join(
        f'<th scope="col"{" class=n" if n else ""}>{html_text(h)}</th>'
        for h, n in zip(headers, numeric, strict=True)
    )
    st.html(
        f'<section class="grille"><h2>{named}</h2>'
        f'<div class="defile" tabindex="0" role="region" aria-label="{named}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def cautions_and_sources(sheet: Sheet) -> None:
    """Write what must be known before quoting, then where everything comes from."""
    st.html("<section class=grille><h2>À savoir avant de citer</h2></section>")
    caution(sheet.prudences)
    st.html("<section class=grille><h2>Sources</h2></section>")
    for sentence in sheet.sources:
        source_line(sentence)
    source_line(
        f"Fiche établie le {date_fr(sheet.etabli_le)} par clsm-map, situation au "
        f"{date_fr(sheet.date)}."
    )
