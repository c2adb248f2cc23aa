"""One door to the sheet of a scenario: PDF or Word."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from clsm_map.analysis.history import announced_total
from clsm_map.analysis.planning.scenario import Simulation
from clsm_map.desk import Desk
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.fonts import writable
from clsm_map.exports.picture.page import PictureFormat
from clsm_map.exports.plain import plain, rewritten
from clsm_map.exports.scenario.picture import describe, scenario_picture
from clsm_map.exports.sheets.export import SheetFormat
from clsm_map.formats import date_fr
from clsm_map.maps.planifier import chosen_contours
from clsm_map.views.planning.question import territory_names
from clsm_map.views.planning.scenario import ScenarioSheet, codes_of, scenario_sheet

_TEMPLATE: Final = Path(__file__).parent / "scenario.typ"


def export_scenario(desk: Desk, found: Simulation, fmt: SheetFormat, link: str) -> bytes:
    """Write the sheet of a scenario: what the page gives and what the command writes.

    Parameters
    ----------
    found : Simulation
        With the need index of the QPV.
    link : str
        Address, or path with its query, of the same scenario on screen.

    Returns
    -------
    bytes
        A PDF/UA-1 file or a Word file, the same for the same scenario and days.

    Raises
    ------
    InvalidInputError
        The scenario decides nothing.
    """
    if not found.scenario.moves:
        raise InvalidInputError("Ce scénario ne décide rien : il n’a pas de fiche.")
    names = territory_names(desk.snapshot, found.avant.ground)
    kind: DeviceType = next(t for t in DEVICE_TYPES if t == found.avant.type)
    sheet = scenario_sheet(
        desk.snapshot,
        found,
        names,
        today=desk.today,
        announced=announced_total(desk.snapshot.chiffres, kind),
        link=link,
    )
    codes = codes_of(found.scenario)
    chosen = chosen_contours(desk.snapshot, names, codes, frozenset(), "local")
    drawn: PictureFormat = "svg" if fmt == "pdf" else "png"
    picture = b"" if chosen.empty else scenario_picture(desk, found, kind, chosen, sheet, drawn)
    return _pdf(sheet, picture) if fmt == "pdf" else _docx(sheet, picture)


def _pdf(sheet: ScenarioSheet, svg: bytes) -> bytes:
    from clsm_map.exports.typesetting import typeset_pdf  # noqa: PLC0415 - slow to load

    sheet = rewritten(sheet, writable)
    day = sheet.etabli_le
    content = asdict(sheet) | {
        "jour": [day.year, day.month, day.day],
        "date": date_fr(sheet.date),
        "etabli_le": date_fr(day),
        "carte": describe(sheet) if svg else "",
    }
    inputs = {"fiche": json.dumps(content, ensure_ascii=False), "carte": svg.decode()}
    return typeset_pdf(_TEMPLATE, inputs, day)


def _docx(sheet: ScenarioSheet, png: bytes) -> bytes:
    from clsm_map.exports.sheets import word_parts as word  # noqa: PLC0415 - slow to load

    sheet = rewritten(sheet, plain)
    when = f"situation au {date_fr(sheet.date)}"
    document = word.open_document(
        sheet.titre, sheet.constat, f"{sheet.titre}, {when}", sheet.etabli_le
    )
    document.add_paragraph(sheet.titre, style="Title")
    word.grey(document.add_paragraph(), when[:1].upper() + when[1:])
    word.add(document.add_paragraph(), sheet.constat, size=12)
    figures = document.add_paragraph()
    for value, label, apart in sheet.chiffres:
        word.add(figures, f"{value} ", size=12, bold=True)
        word.add(figures, label)
        word.add(figures, f" ({apart}). ", grey=True)
    if png:
        word.picture(document, png, 17.4, "Cartes avant et après", describe(sheet))
    for content in (sheet.decisions, sheet.statuts):
        word.grid(document, content)
    document.add_page_break()
    word.grid(document, sheet.qpv)
    document.add_heading("À savoir avant de citer", level=1)
    for sentence in sheet.prudences:
        word.add(document.add_paragraph(), sentence)
    document.add_heading("Sources", level=1)
    made = f"Fiche établie le {date_fr(sheet.etabli_le)} par clsm-map. Le scénario à l’écran : "
    for sentence in (*sheet.sources, made + sheet.lien):
        word.grey(document.add_paragraph(), sentence)
    return word.saved(document)
