"""A template as a workbook: a sheet to fill, a sheet that says what to write."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from clsm_map.sources.register.table import NOTICE_SHEET


def template_workbook(
    title: str, rows: Sequence[Sequence[str]], notes: Sequence[Sequence[str]]
) -> bytes:
    """Write a template.

    Parameters
    ----------
    title : str
        Name of the sheet to fill.
    rows, notes : sequence of sequence of str
        Cells of the sheet to fill and of the one that explains it, headers first.

    Returns
    -------
    bytes
        An XLSX workbook whose cells are all texts.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    _fill(sheet, rows)
    explained = workbook.create_sheet(NOTICE_SHEET)
    _fill(explained, notes)
    explained.column_dimensions["B"].width = 90
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    """Write texts as texts: a code keeps its zero, an equals sign starts no formula."""
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row, start=1):
            cell = sheet.cell(row=i, column=j)
            assert isinstance(cell, Cell)
            cell.value = value or None
            cell.data_type = "s" if value else cell.data_type
            cell.number_format = "@"
            if i == 1:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", start_color="E4F0EF")
                cell.alignment = Alignment(vertical="top")
    for j in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(j)].width = 22
    sheet.freeze_panes = "A2"
