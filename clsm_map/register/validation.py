"""From a file to what can be taken in, line by line: the door of every list that people bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

import pandas as pd

from clsm_map.formats import number
from clsm_map.register.completeness import read_completeness
from clsm_map.register.csv_file import read_csv
from clsm_map.register.devices import PERIMETER_COLUMNS, devices_frame, read_devices
from clsm_map.register.geo_file import read_geojson, read_geopackage
from clsm_map.register.lines import Choices, lines_of
from clsm_map.register.members import postal_columns
from clsm_map.register.programme import PROGRAMME_COLUMNS, read_programme
from clsm_map.register.resolution import Resolver
from clsm_map.register.table import MAX_BYTES, Findings, LineError, Table
from clsm_map.register.vocabulary import (
    LISTS,
    Kind,
    apply_mapping,
    kind_of,
    listing,
    recognise_columns,
    refusal,
    score_columns,
)
from clsm_map.store.gazetteer import gazetteer_of
from clsm_map.store.register import COMPLETENESS_COLUMNS, Register
from clsm_map.store.snapshot import Snapshot


def _read_xlsx(content: bytes, nom: str) -> Table:
    from clsm_map.register.workbook import read_xlsx  # noqa: PLC0415 - slow, and rare

    return read_xlsx(content, nom)


_READERS: Final = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsx": _read_xlsx,
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".gpkg": read_geopackage,
}
EXTENSIONS: Final = tuple(_READERS)
"""Extensions that are read."""


def read_table(source: Path | str | bytes, name: str = "") -> Table:
    """Read a list: CSV, XLSX, GeoJSON or GeoPackage, from its path or its content.

    ``name``: name of the file; needed with bytes, since its extension tells the format. Raises
    `RegisterError` when the file cannot be found, opened or understood.
    """
    nom = PurePath(name).name if name or isinstance(source, bytes) else PurePath(source).name
    nom = nom or "liste"
    extension = PurePath(nom).suffix.lower()
    if extension not in _READERS:
        what = LISTS["ailleurs"].get(extension.lstrip("."), "d'un format qui n'est pas lu")
        raise refusal("format_non_lu", nom=nom, quoi=what)
    content = source if isinstance(source, bytes) else _content(Path(source), nom)
    _refuse_too_large(len(content), nom)
    if not content:
        raise refusal("vide", nom=nom)
    if _READERS[extension] is read_csv and content.startswith(b"PK\x03\x04"):
        raise refusal("nommez_le_xlsx", nom=nom)
    return _READERS[extension](content, nom)


def _content(path: Path, nom: str) -> bytes:
    if not path.is_file():
        raise refusal("absent", chemin=path)
    try:
        _refuse_too_large(path.stat().st_size, nom)
        return path.read_bytes()
    except OSError as error:
        raise refusal("pas_ouvert", str(error), nom=nom) from error


def _refuse_too_large(size: int, nom: str) -> None:
    if size > MAX_BYTES:
        raise refusal("trop_lourd", nom=nom, mo=number(size / 1e6), plus=number(MAX_BYTES / 1e6))


IMPORTED: Final = "importé"
"""``Register.origine`` of a list that a person brought."""

_NEEDED: Final[dict[Kind, tuple[tuple[str, ...], ...]]] = {
    "dispositifs": (("nom", "id"),),
    "completude": (("type",), ("niveau",), ("auteur",), ("date",)),
    "programme": (
        ("code_qpv", "code_commune", "nom_commune", "code_epci", "nom_epci", "code", "territoire"),
        ("date",),
    ),
}
"""Fields of which one, in each group, must be in the list."""


@dataclass(frozen=True, eq=False)
class Validation:
    """What a list holds once it is read and checked.

    ``lignes``: lines that hold something, taken or refused. ``erreurs``: why lines are refused, by
    line; one line may have several. ``informations``: what a person should know before taking the
    list in, in French sentences. ``colonnes``: field → header that serves it. ``ignorees``: headers
    that serve no field. ``register``: devices, perimeters or completeness of the accepted lines.
    ``programme``: accepted lines of a programme (see `read_programme`); empty for the other kinds.
    """

    kind: Kind
    nom: str
    lignes: int
    acceptees: int
    rejetees: int
    erreurs: tuple[LineError, ...]
    informations: tuple[str, ...]
    colonnes: dict[str, str]
    ignorees: tuple[str, ...]
    register: Register
    programme: pd.DataFrame

    def to_json(self) -> dict[str, Any]:
        """Give ``lignes, acceptees, rejetees, erreurs`` and ``informations``, ready for JSON."""
        return {
            "lignes": self.lignes,
            "acceptees": self.acceptees,
            "rejetees": self.rejetees,
            "erreurs": [e.to_json() for e in self.erreurs],
            "informations": list(self.informations),
        }


def validate(
    source: Path | str | bytes | Table,
    snapshot: Snapshot,
    *,
    name: str = "",
    kind: Kind | None = None,
    mapping: Mapping[str, str] | None = None,
    accept_corrections: bool = False,
    confirmations: Mapping[tuple[int, str], str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Validation:
    """Read a person's own list (see `read_table`) and check every line of it.

    ``kind``: found out from the headers by default. ``mapping``: field → header, where a person
    corrects what was recognised; an empty header leaves the field out. The other options are those
    of `Choices`. Raises `RegisterError` when the file itself cannot be read, or lacks a column that
    nothing can replace.
    """
    table = source if isinstance(source, Table) else read_table(source, name)
    kind = kind or kind_of(table.headers)
    choices = Choices(accept_corrections, confirmations or {}, defaults or {})
    columns = _columns(table, kind, mapping or {}, choices.defaults)
    findings = Findings(errors=list(table.erreurs))
    for sentence in table.informations:
        findings.note(sentence)
    ignored = tuple(h for h in table.headers if h and h not in columns.values())
    if ignored:
        findings.inform("colonnes_inutiles", titres=listing(ignored, 8))
    gazetteer = gazetteer_of(snapshot)
    postal = postal_columns(table, columns, gazetteer)
    for field in (f for f, reading in postal.items() if reading == "postal"):
        findings.inform("colonne_postale", titre=columns[field])
    resolver = Resolver(gazetteer, findings, accept_corrections=accept_corrections, postal=postal)

    dispositifs, perimetres = devices_frame([]), _empty(PERIMETER_COLUMNS)
    completude, programme = _empty(COMPLETENESS_COLUMNS), _empty(PROGRAMME_COLUMNS)
    lines = lines_of(table, columns, choices, resolver)
    if kind == "dispositifs":
        dispositifs, perimetres = read_devices(lines, columns, snapshot, findings)
    elif kind == "completude":
        completude = read_completeness(lines)
    else:
        programme = read_programme(lines, columns, findings)
    rejected = len({e.ligne for e in findings.errors})
    return Validation(
        kind=kind,
        nom=table.nom,
        lignes=len(table.rows),
        acceptees=len(table.rows) - rejected,
        rejetees=rejected,
        erreurs=tuple(sorted(findings.errors, key=lambda e: e.ligne)),
        informations=findings.informations(),
        colonnes=columns,
        ignorees=ignored,
        register=Register(dispositifs, perimetres, completude, IMPORTED),
        programme=programme,
    )


def _columns(
    table: Table, kind: Kind, mapping: Mapping[str, str], defaults: Mapping[str, str]
) -> dict[str, str]:
    recognised = recognise_columns(table.headers, kind)
    if kind == "programme":
        recognised |= score_columns([h for h in table.headers if h not in recognised.values()])
    columns = apply_mapping(table.headers, recognised, mapping, kind)
    for either in _NEEDED[kind]:
        if not any(f in columns or f in defaults for f in either):
            champs = " ou ".join(f"« {f} »" for f in either[:3])
            titres = listing((h for h in table.headers if h), 20)
            raise refusal("colonne_manque", nom=table.nom, champs=champs, titres=titres)
    return columns


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype="str")
