"""From a file to what can be taken in, line by line: the door of every list that people bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

import pandas as pd

from clsm_map.formats import number
from clsm_map.register.completeness import COMPLETENESS_COLUMNS, read_completeness
from clsm_map.register.csv_file import read_csv
from clsm_map.register.devices import PERIMETER_COLUMNS, devices_frame, read_devices
from clsm_map.register.fields import Kind, apply_mapping, kind_of, recognise_columns, score_columns
from clsm_map.register.gazetteer import Reference, gazetteer_of
from clsm_map.register.geo_file import read_geojson, read_geopackage
from clsm_map.register.lines import Choices
from clsm_map.register.members import postal_columns
from clsm_map.register.programme import PROGRAMME_COLUMNS, read_programme
from clsm_map.register.resolution import Resolver
from clsm_map.register.table import MAX_BYTES, Findings, LineError, Table, refusal
from clsm_map.register.wording import listing
from clsm_map.store.register import Register


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

_ELSEWHERE: Final = {
    ".xls": "un classeur de l'ancien format : enregistrez-le en .xlsx",
    ".xlsm": "un classeur à macros : enregistrez-le en .xlsx",
    ".xlsb": "un classeur binaire : enregistrez-le en .xlsx",
    ".ods": "un classeur LibreOffice : enregistrez-le en .xlsx",
    ".shp": "une partie de Shapefile : exportez la couche en GeoPackage",
    ".zip": "une archive : décompressez-la et donnez la liste qu'elle contient",
    ".pdf": "un document PDF : recopiez la liste dans le modèle",
    ".docx": "un document Word : recopiez la liste dans le modèle",
    ".parquet": "un fichier Parquet : exportez-le en CSV",
}


def read_table(source: Path | str | bytes, name: str = "") -> Table:
    """Read a list: CSV, XLSX, GeoJSON or GeoPackage.

    Returns headers and numbered lines.
    """
    nom = PurePath(name).name if name or isinstance(source, bytes) else PurePath(source).name
    nom = nom or "liste"
    extension = PurePath(nom).suffix.lower()
    if extension not in _READERS:
        what = _ELSEWHERE.get(extension, "d'un format qui n'est pas lu")
        raise refusal(f"« {nom} » est {what}. Formats lus : CSV, XLSX, GeoJSON et GeoPackage.")
    content = source if isinstance(source, bytes) else _content(Path(source), nom)
    _refuse_too_large(len(content), nom)
    if not content:
        raise refusal(f"« {nom} » est vide : il n'y a rien à lire.")
    if _READERS[extension] is read_csv and content.startswith(b"PK\x03\x04"):
        raise refusal(f"« {nom} » est un classeur ou une archive, pas un texte : nommez-le .xlsx.")
    return _READERS[extension](content, nom)


def _content(path: Path, nom: str) -> bytes:
    if not path.is_file():
        raise refusal(f"Le fichier « {path} » n'existe pas ou n'est pas un fichier.")
    try:
        _refuse_too_large(path.stat().st_size, nom)
        return path.read_bytes()
    except OSError as error:
        raise refusal(f"« {nom} » n'a pas pu être ouvert.", str(error)) from error


def _refuse_too_large(size: int, nom: str) -> None:
    if size > MAX_BYTES:
        raise refusal(
            f"« {nom} » pèse {number(size / 1e6)} Mo ; {number(MAX_BYTES / 1e6)} Mo au plus sont "
            "lus. Une liste de dispositifs en pèse rarement plus d'un."
        )


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


@dataclass(frozen=True, eq=False)
class Validation:
    """What a list holds once it is read and checked.

    ``kind``: what the list describes. ``nom``: name of the file. ``lignes, acceptees, rejetees``:
    lines that hold something; those taken; those refused. The first is the sum of the others.
    ``erreurs``: why lines are refused, by line; one line may have several. ``informations``: what
    a person should know before taking the list in, in French sentences. ``colonnes``: field →
    header that serves it. ``ignorees``: headers that serve no field. ``register``: devices,
    perimeters or completeness of the accepted lines; ``origine`` is *importé*. ``programme``:
    accepted lines of a programme (see `read_programme`); empty for the other kinds.
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
    reference: Reference,
    *,
    name: str = "",
    kind: Kind | None = None,
    mapping: Mapping[str, str] | None = None,
    accept_corrections: bool = False,
    confirmations: Mapping[tuple[int, str], str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Validation:
    """Read a person's own list and check every line of it.

    Returns accepted and rejected lines.
    """
    table = source if isinstance(source, Table) else read_table(source, name)
    kind = kind or kind_of(table.headers)
    columns = _columns(table, kind, mapping or {}, defaults or {})
    findings = Findings(errors=list(table.erreurs))
    for sentence in table.informations:
        findings.inform(sentence)
    ignored = tuple(h for h in table.headers if h and h not in columns.values())
    if ignored:
        findings.inform(f"Colonnes qui ne servent à aucun champ : {listing(ignored, 8)}")
    choices = Choices(accept_corrections, confirmations or {}, defaults or {})
    gazetteer = gazetteer_of(reference)
    postal = postal_columns(table, columns, gazetteer)
    for field in (f for f, reading in postal.items() if reading == "postal"):
        findings.inform(
            f"La colonne « {columns[field]} » contient des codes postaux : aucun n'est lu comme un "
            "code Insee, même quand un tel code existe"
        )
    resolver = Resolver(gazetteer, findings, accept_corrections=accept_corrections, postal=postal)

    dispositifs, perimetres = devices_frame([]), _empty(PERIMETER_COLUMNS)
    completude, programme = _empty(COMPLETENESS_COLUMNS), _empty(PROGRAMME_COLUMNS)
    if kind == "dispositifs":
        dispositifs, perimetres = read_devices(
            table, columns, resolver, reference, choices, findings
        )
    elif kind == "completude":
        completude = read_completeness(table, columns, resolver, choices, findings)
    else:
        programme = read_programme(table, columns, resolver, choices, findings)
    rejected = len(findings.rejected)
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
        free = [h for h in table.headers if h not in recognised.values()]
        recognised |= score_columns(free)
    columns = apply_mapping(table.headers, recognised, mapping, kind)
    for either in _NEEDED[kind]:
        if not any(f in columns or f in defaults for f in either):
            raise refusal(
                f"Dans « {table.nom} », aucune colonne n'est reconnue pour "
                f"{' ou '.join(f'« {f} »' for f in either[:3])}. Colonnes du fichier : "
                f"{listing((h for h in table.headers if h), 20)}. Renommez-la, ou dites laquelle "
                "c'est ; un modèle à remplir est proposé."
            )
    return columns


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype="str")
