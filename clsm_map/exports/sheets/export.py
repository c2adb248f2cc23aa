"""One door to sheets: one as PDF or Word, or all those of a département in a zip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final, Literal, get_args

from clsm_map.analysis.centre import devices_of
from clsm_map.desk import Desk, answer
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.territories import Territory
from clsm_map.exports.archive import stable_zip
from clsm_map.exports.french_csv import french_csv
from clsm_map.store.search import normalise
from clsm_map.store.territories import communes_of, find_territory, qpv_by_commune, qpv_of
from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.build import build_sheet
from clsm_map.views.sheet.model import Sheet
from clsm_map.views.sheet.subject import Subject, find_subject

SheetFormat = Literal["pdf", "docx"]
SHEET_FORMATS: Final[tuple[SheetFormat, ...]] = get_args(SheetFormat)
SHEET_MEDIA_TYPES: Final[dict[SheetFormat, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

Progress = Callable[[str, int, int], None]


@answer
def sheet_asked(
    desk: Desk, about: str, kind: DeviceType, day: dt.date, address: str
) -> tuple[Subject, Sheet]:
    """Build a sheet once for all who ask for it; see `sheet_of`."""
    return sheet_of(desk, about, kind=kind, day=day, address=address)


def sheet_of(
    desk: Desk,
    about: str,
    *,
    kind: DeviceType = "CLSM",
    day: dt.date | None = None,
    address: str = "",
) -> tuple[Subject, Sheet]:
    """Build a sheet.

    Parameters
    ----------
    about : str
        A code, ``level:code``, a whole name or a device id.
    kind : DeviceType, optional
        Type that the finding, the map and the neighbours are about.
    day : datetime.date, optional
        Date of the situation; that of the desk by default.
    address : str, optional
        Address of the application, for the link back.

    Raises
    ------
    InvalidInputError
        Nothing answers, or it has no sheet.
    """
    on = day or desk.today
    coverages = {t: desk.coverage(t, on) for t in DEVICE_TYPES}
    subject = find_subject(desk.snapshot, coverages[kind].ground, about)
    sheet = build_sheet(
        desk.snapshot,
        coverages,
        desk.contours(),
        subject,
        kind=kind,
        today=desk.today,
        address=address,
    )
    return subject, sheet


def export_sheet(
    desk: Desk,
    about: str,
    fmt: SheetFormat,
    *,
    kind: DeviceType = "CLSM",
    day: dt.date | None = None,
    address: str = "",
) -> bytes:
    """Write a sheet: what the page gives and what the command writes.

    Parameters
    ----------
    desk, about, kind, day, address
        See `sheet_of`.

    Returns
    -------
    bytes
        A PDF/UA-1 file or a Word file, the same for the same data and days.
    """
    subject, sheet = sheet_of(desk, about, kind=kind, day=day, address=address)
    return written(desk, subject, sheet, fmt)


def written(desk: Desk, subject: Subject, sheet: Sheet, fmt: SheetFormat) -> bytes:
    """Write a sheet that is built."""
    from clsm_map.exports.sheets.picture import sheet_png, sheet_svg  # noqa: PLC0415 - as below

    coverage = desk.coverage(sheet.type, sheet.date)
    if fmt == "docx":
        from clsm_map.exports.sheets.word import sheet_docx  # noqa: PLC0415 - slow to load

        return sheet_docx(sheet, sheet_png(desk, coverage, subject, sheet))
    from clsm_map.exports.sheets.pdf import sheet_pdf  # noqa: PLC0415 - slow to load

    return sheet_pdf(sheet, sheet_svg(desk, coverage, subject, sheet))


def keys_of(desk: Desk, departement: Territory, *, every_commune: bool = False) -> tuple[str, ...]:
    """List the sheets of a département.

    Parameters
    ----------
    every_commune : bool, optional
        Also the communes that hold no QPV and that no device serves.

    Returns
    -------
    tuple of str
        ``level:code``: itself, its intercommunalités, its communes, its QPV, its devices.
    """
    snapshot = desk.snapshot
    ground = desk.coverage("CLSM", desk.today).ground
    codes = communes_of(snapshot, departement)
    communes = snapshot.communes_all[snapshot.communes_all["code"].isin(codes)]
    drawn = set(snapshot.contours("commune")["code"])
    served = set(ground.perimeters["commune"]) | set(qpv_by_commune(snapshot))
    kept = [c for c in codes if c in drawn and (every_commune or c in served)]
    devices = sorted(devices_of(ground, departement))
    return (
        departement.key,
        *(f"epci:{c}" for c in sorted(communes["intercommunalite"].dropna().unique())),
        *(f"commune:{c}" for c in kept),
        *(f"qpv:{c}" for c in qpv_of(snapshot, departement)),
        *(f"{DEVICE}:{i}" for i in devices),
    )


def export_sheets(
    desk: Desk,
    departement: str,
    fmt: SheetFormat,
    *,
    kind: DeviceType = "CLSM",
    day: dt.date | None = None,
    address: str = "",
    every_commune: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """Write all the sheets of a département in a zip.

    Parameters
    ----------
    desk, kind, day, address
        See `sheet_of`.
    departement : str
        Code or name.
    every_commune : bool, optional
        See `keys_of`.
    progress : callable, optional
        Called before each sheet with its key, its rank from 0 and their number.

    Returns
    -------
    bytes
        One file by sheet, and ``liste.csv``. A device whose perimeter and seat are both unknown
        has no sheet: the list says so.

    Raises
    ------
    UnknownTerritoryError
        The département does not exist.
    """
    territory = find_territory(desk.snapshot, departement, "departement")
    keys = keys_of(desk, territory, every_commune=every_commune)
    folder = f"fiches-{territory.code}"
    files: dict[str, bytes] = {}
    rows: list[dict[str, object]] = []
    for rank, key in enumerate(keys):
        if progress is not None:
            progress(key, rank, len(keys))
        row, made = _one(desk, key, fmt, kind=kind, day=day, address=address)
        rows.append(row)
        if made:
            files[f"{folder}/{row['Fichier']}"] = made
    columns = ("Fichier", "Nature", "Code", "Nom", "Constat")
    return stable_zip({f"{folder}/liste.csv": french_csv(columns, rows), **files})


def _one(
    desk: Desk, key: str, fmt: SheetFormat, *, kind: DeviceType, day: dt.date | None, address: str
) -> tuple[dict[str, object], bytes]:
    """Write one sheet of many and its row of the list."""
    try:
        subject, sheet = sheet_of(desk, key, kind=kind, day=day, address=address)
    except InvalidInputError as error:
        return {"Code": key.partition(":")[2], "Constat": error.message_fr}, b""
    row: dict[str, object] = {
        "Fichier": file_name(sheet, fmt),
        "Nature": sheet.nature,
        "Code": sheet.code,
        "Nom": sheet.titre,
        "Constat": sheet.constat,
    }
    return row, written(desk, subject, sheet, fmt)


def file_name(sheet: Sheet, fmt: SheetFormat) -> str:
    """Name the file of a sheet: ``commune-69259-venissieux.pdf``."""
    level, _, code = sheet.key.partition(":")
    parts: Iterable[str] = (level, code) if level == DEVICE else (level, code, sheet.titre)
    return "-".join(normalise(p).replace(" ", "-") if p != code else p for p in parts) + f".{fmt}"
