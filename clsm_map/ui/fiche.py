"""*Fiche territoire*: two pages about a territory or a device, on screen and to take away.

What a sheet says on screen is the words of its PDF, as HTML that a screen reader follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE, split_key
from clsm_map.exports import sheet as sheets
from clsm_map.formats import count, date_fr, number
from clsm_map.maps.around import sheet_map
from clsm_map.maps.component import render_map
from clsm_map.maps.escape import html_text
from clsm_map.maps.legend import status_entries, swatch_image
from clsm_map.store.territories import find_territory
from clsm_map.ui import data, filters
from clsm_map.ui import furniture as page
from clsm_map.ui.quirks import ASSETS
from clsm_map.ui.state import select
from clsm_map.ui.takeaway import Kit, link_of, take_away
from clsm_map.views import questions
from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.model import Grid, KeyFigure, Service, Sheet, TypeStatus
from clsm_map.views.sheet.subject import SHEET_LEVELS, Subject

_PLACES: Final = (DEVICE, *SHEET_LEVELS)
_EXAMPLES: Final = (
    ("departement:93", "Un département\u00a0: la Seine-Saint-Denis"),
    ("commune:69259", "Une commune\u00a0: Vénissieux"),
    ("qpv:QN06909M", "Un quartier\u00a0: Terraillon – Chenier, à Bron et Vaulx-en-Velin"),
    ("dispositif:clsm-grenoble", "Un dispositif\u00a0: le CLSM de Grenoble"),
)
_FORMATS: Final[dict[sheets.SheetFormat, str]] = {"pdf": "PDF", "docx": "Word"}
_MADE: Final = "fiche_zip"
_NAMED: Final = 3
"""Devices of a type named on the first page, as on paper."""


def draw(selection: Selection) -> Selection:
    """Draw the page; give the selection that its controls make."""
    st.html(ASSETS / "fiche.css")
    found = _asked(selection)
    selection = _bar(selection, found)
    if found is None:
        _start()
        take_away(selection, Kit("fiche"))
        return selection
    subject, sheet = found
    page.page_title(
        sheet.titre, " · ".join(t for t in (sheets.place_in_words(sheet), sheet.lieu) if t)
    )
    st.html(f'<p class="constat encadre">{html_text(sheet.constat)}</p>')
    left, right = st.columns([7, 5], gap="large")
    with left:
        _map(subject, sheet)
    with right:
        _serving(sheet)
    _figures(sheet)
    st.divider()
    _indicators(sheet)
    if subject.level in {"departement", "region"}:
        _grid(sheet.dispositifs)
        _grid(sheet.voisins)
    else:
        left, right = st.columns(2, gap="large")
        with left:
            _grid(sheet.voisins)
        with right:
            _grid(sheet.dispositifs)
    _cautions_and_sources(sheet)
    files = _files(selection, sheet)
    take_away(selection, Kit("fiche", others=files, others_title="La fiche, deux pages"))
    return selection


def _asked(selection: Selection) -> tuple[Subject, Sheet] | None:
    """Build the sheet of what was asked for, else of what the visitor selected.

    What cannot be is said, and nothing is shown.
    """
    wide = "" if selection.territoire == FRANCE.key else selection.territoire
    asked = selection.sujet or selection.choisi or wide or selection.lieu
    desk = data.desk()
    try:
        with st.spinner("Composition de la fiche…"):
            if not asked:
                return None
            return sheets.sheet_asked(
                desk, asked, selection.type, desk.day(selection), _site_address()
            )
    except (InvalidInputError, UnknownTerritoryError) as error:
        page.notice(error.message_fr)
        return None


def _site_address() -> str:
    """Give the address of the application, for the link that a sheet carries."""
    return link_of(Selection(), "fiche").removesuffix("/fiche")


def _bar(selection: Selection, found: tuple[Subject, Sheet] | None) -> Selection:
    """Draw the slim bar: subject, type and date, files."""
    place, device, files = st.columns([6, 8, 6], vertical_alignment="bottom")
    with place:
        choice = page.pick_place(
            "Territoire ou dispositif",
            found[0].nom if found else "",
            _PLACES,
            key="fiche_sujet",
            placeholder="Quartier, commune, département, CLSM…",
        )
        if choice and choice != selection.sujet:
            select(replace(selection, sujet=choice))
    with device:
        selection = filters.device_controls(selection)
    if found is not None:
        row = st.container(horizontal=True, gap="small", horizontal_alignment="right")
        with files, row:
            for file in _files(selection, found[1]):
                page.download(file.label, file.name, file.write, key=f"fiche_{file.label}")
            level, code = split_key(found[1].key)
            if level == "departement":
                with st.popover("Toutes les fiches"):
                    _every(selection, code)
    return selection


def _files(selection: Selection, sheet: Sheet) -> tuple[page.File, ...]:
    """List the two files of a sheet."""
    write = partial(
        sheets.export_sheet,
        data.desk(),
        sheet.key,
        kind=selection.type,
        day=sheet.date,
        address=_site_address(),
    )
    return tuple(
        page.File(label, sheets.file_name(sheet, fmt), partial(write, fmt))
        for fmt, label in _FORMATS.items()
    )


def _every(selection: Selection, code: str) -> None:
    """Draw what makes the zip of a département, with its progress."""
    territory = find_territory(data.snapshot(), code, "departement")
    st.markdown(
        f"**Toutes les fiches du département (zip)**  \n{territory.nom}, ses intercommunalités, "
        "ses communes, ses quartiers et ses dispositifs, avec leur liste."
    )
    fmt: sheets.SheetFormat = st.segmented_control(
        "Format",
        list(_FORMATS),
        default="pdf",
        format_func=_FORMATS.__getitem__,
        key="fiche_zip_format",
        required=True,
    )
    every = st.checkbox(
        "Aussi les communes sans quartier ni dispositif", key="fiche_zip_toutes_communes"
    )
    desk = data.desk()
    day = desk.day(selection)
    total = len(sheets.keys_of(desk, territory, every_commune=every))
    asked = (code, selection.type, day, fmt, every)
    if st.button(f"Préparer {count(total, 'fiche')}", key="fiche_zip_preparer"):
        bar = st.progress(0.0, "Préparation…")

        def step(key: str, rank: int, total: int) -> None:
            bar.progress(rank / total, f"{number(rank + 1)} sur {number(total)} : {key}")

        content = sheets.export_sheets(
            desk,
            code,
            fmt,
            kind=selection.type,
            day=day,
            address=_site_address(),
            every_commune=every,
            progress=step,
        )
        bar.empty()
        st.session_state[_MADE] = asked, content
    made, content = st.session_state.get(_MADE, (None, b""))
    if made == asked:
        label = f"Enregistrer le zip ({number(len(content) / 1_000_000, 1)}\u00a0Mo)"
        name, key = f"fiches-{code}.zip", "fiche_zip_enregistrer"
        page.download(label, name, content, key=key, type="primary")


def _start() -> None:
    """Say what the page gives, with examples."""
    page.page_title(
        "Fiche territoire",
        "Deux pages pour un élu\u00a0: qui dessert le territoire et depuis quand, ses habitants, "
        "cinq chiffres avec leur référence, puis tous les indicateurs, les voisins et les sources.",
    )
    st.markdown("Tapez un nom ci-dessus, ou ouvrez un exemple\u00a0:")
    for key, label in _EXAMPLES:
        st.page_link("pages/fiche.py", label=label, query_params={"sujet": key})


def _map(subject: Subject, sheet: Sheet) -> None:
    far = subject.level in {"region", "departement"}
    desk, kind = data.desk(), sheet.type
    coverage = desk.coverage(kind, sheet.date)
    devices = questions.devices_on(desk, kind, coverage.on, "national" if far else "local")
    view, entries = sheet_map(data.library(), data.snapshot(), coverage, subject, devices)
    render_map(view, key="fiche_carte", height=520)
    page.legend(f"Quartiers prioritaires visibles et {kind} recensés", entries)


def _serving(sheet: Sheet) -> None:
    """Write who serves the subject and since when, type by type, then its inhabitants."""
    st.html(
        '<section class="desserte"><h2>Qui le dessert</h2>'
        + "".join(map(_status, sheet.statuts))
        + f'</section><section class="desserte"><h2>Habitants</h2>'
        f'<p class="grand">{html_text(sheet.habitants)}</p>'
        f'<p class="detail">{html_text(sheet.habitants_note)}</p></section>'
    )


def _status(status: TypeStatus) -> str:
    entry = status_entries({status.statut: 1})[0]
    detail = f'<p class="detail">{html_text(status.detail)}</p>' if status.detail else ""
    services = "".join(map(_service, status.services[:_NAMED]))
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


def _figures(sheet: Sheet) -> None:
    """Write the figures that matter, each with its reference and its gap."""
    if sheet.chiffres:
        st.html(
            f'<section class="reperes"><h2>{html_text(sheets.figures_title(sheet))}</h2>'
            f'<dl class="chiffres serre">{"".join(map(_figure, sheet.chiffres))}</dl></section>'
        )
        page.source_line(" ".join(sheet.prudences_chiffres))


def _figure(figure: KeyFigure) -> str:
    adverse = ' class="defavorable"' if figure.defavorable else ""
    said = [figure.unite, f"contre {figure.reference}" if figure.reference else ""]
    origin = "".join(f'<span class="origine">{html_text(s)}</span>' for s in said if s)
    gap = f'<span class="ecart">{html_text(figure.ecart)}</span>' if figure.ecart else ""
    return (
        f"<div{adverse}><dt>{html_text(figure.libelle)}{origin}{gap}</dt>"
        f'<dd class="valeur">{html_text(figure.valeur)}</dd></div>'
    )


def _indicators(sheet: Sheet) -> None:
    """Write all the indicators against the reference, theme by theme."""
    headers = ["Indicateur", "Année", "Valeur", sheets.short_reference(sheet), "Écart"]
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
    _table(sheets.lines_title(sheet), headers, [False, *[True] * (len(headers) - 1)], rows)
    page.source_line(sheets.lines_note(sheet))
    page.source_line(" ".join(sheet.prudences_lignes))


def _grid(content: Grid) -> None:
    """Write a small table: neighbours, devices."""
    if not content.lignes:
        st.html(
            f'<section class="grille"><h2>{html_text(content.titre)}</h2>'
            f'<p class="detail">{html_text(content.vide)}</p></section>'
        )
        return
    marks = [' class="n"' if numeric else "" for numeric in content.numerique]
    rows = [
        "<tr>"
        + "".join(f"<td{m}>{html_text(t)}</td>" for t, m in zip(line, marks, strict=True))
        + "</tr>"
        for line in content.lignes
    ]
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


def _cautions_and_sources(sheet: Sheet) -> None:
    """Write what must be known before quoting, then where everything comes from."""
    st.html("<section class=grille><h2>À savoir avant de citer</h2></section>")
    page.caution(sheet.prudences)
    st.html("<section class=grille><h2>Sources</h2></section>")
    for sentence in sheet.sources:
        page.source_line(sentence)
    page.source_line(
        f"Fiche établie le {date_fr(sheet.etabli_le)} par clsm-map, situation au "
        f"{date_fr(sheet.date)}."
    )
