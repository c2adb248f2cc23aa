"""The answer of ``sheet``: one file, or a zip with its progress."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.export import write_file
from clsm_map.cli.answers.progress import progress_bar
from clsm_map.domain.devices import DeviceType
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.sheets.export import (
    SHEET_FORMATS,
    SheetFormat,
    export_sheet,
    export_sheets,
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, as typed."""

    code: str
    out: Path
    fmt: str | None
    type: str
    on: str | None
    address: str


def answer(request: Request, *, every: bool, every_commune: bool) -> None:
    """Write the file that is asked for.

    Parameters
    ----------
    every : bool
        All the sheets of a département.
    every_commune : bool
        Its communes without QPV nor device too.

    Raises
    ------
    InvalidInputError
        An option is refused, nothing answers it, or the file cannot be written.
    """
    suffix = request.out.suffix.lower()
    many = every or suffix == ".zip"
    if many and suffix != ".zip":
        raise InvalidInputError(
            "Toutes les fiches d’un département s’écrivent dans un fichier .zip."
        )
    if every_commune and not many:
        raise InvalidInputError("--toutes-les-communes demande un fichier .zip.")
    fmt = read_format(request.fmt or ("pdf" if many else suffix.removeprefix(".")))
    kind = cast("DeviceType", arguments.device_type(request.type))
    desk = open_base()
    day = arguments.date(request.on, desk.ground.dispositifs, arguments.today())
    if not many:
        made = export_sheet(desk, request.code, fmt, kind=kind, day=day, address=request.address)
        write_file(request.out, made)
        return
    with progress_bar("Fiches") as step:
        made = export_sheets(
            desk,
            request.code,
            fmt,
            kind=kind,
            day=day,
            address=request.address,
            every_commune=every_commune,
            progress=step,
        )
    write_file(request.out, made)


def read_format(text: str) -> SheetFormat:
    """Read the format of a sheet.

    Raises
    ------
    InvalidInputError
    """
    for fmt in SHEET_FORMATS:
        if text.strip().lower() == fmt:
            return fmt
    raise InvalidInputError(
        f"Une fiche s’écrit en {' ou en '.join(SHEET_FORMATS)}, pas en « {text} »."
    )
