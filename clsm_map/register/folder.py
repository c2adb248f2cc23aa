"""The facts that a server's owner keeps in a folder of their own, checked by the same code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from clsm_map.domain.errors import ClsmMapError, RegisterError
from clsm_map.register.devices import PERIMETER_COLUMNS
from clsm_map.register.fields import Kind, header_key
from clsm_map.register.gazetteer import Group, Reference, gazetteer_of
from clsm_map.register.merging import REPLACED
from clsm_map.register.resolution import Resolver
from clsm_map.register.table import Findings, LineError, Row, Table, refusal
from clsm_map.register.validation import Validation, read_table, validate
from clsm_map.register.values import RefusedValueError, value_of
from clsm_map.register.wording import typeset
from clsm_map.store.register import Register

DEVICES_FILE: Final = "dispositifs.csv"
PERIMETERS_FILE: Final = "perimetres.csv"
COMPLETENESS_FILE: Final = "completude.csv"
PROGRAMME_FILE: Final = "programme.csv"
_SHOWN: Final = 20
_NATURES: Final[tuple[Group, ...]] = ("commune", "epci", "qpv")


def load_facts_folder(
    folder: Path, fallback: Register, reference: Reference
) -> tuple[Register, list[str]]:
    """Read the register of a folder; a bad file is refused and what was in use stays.

    ``dispositifs.csv`` with ``perimetres.csv`` (or with perimeters in its own columns) stand or
    fall together; ``completude.csv`` by itself. An absent file changes nothing.

    Returns ``register``: what was accepted over what was in use. ``refusals``: french sentences,
    one per refused file and one per refused line; empty when all is well.
    """
    if not folder.is_dir():
        sentence = typeset(
            f"Le dossier « {folder} » (CLSM_MAP_FACTS) n'existe pas : le registre embarqué reste "
            "en service."
        )
        return fallback, [sentence]
    refusals: list[str] = []
    register = fallback
    if (folder / DEVICES_FILE).is_file():
        read = _accepted(folder / DEVICES_FILE, "dispositifs", reference, refusals)
        members = _members(folder / PERIMETERS_FILE, read, reference, refusals) if read else None
        if read is not None and members is not None:
            register = Register(read.register.dispositifs, members, register.completude, REPLACED)
    elif (folder / PERIMETERS_FILE).is_file():
        refusals.append(
            f"{PERIMETERS_FILE} est refusé : {DEVICES_FILE}, qui dit à qui sont ces périmètres, "
            "n'est pas dans le dossier."
        )
    if (folder / COMPLETENESS_FILE).is_file():
        declared = _accepted(folder / COMPLETENESS_FILE, "completude", reference, refusals)
        if declared is not None:
            register = Register(
                register.dispositifs,
                register.perimetres,
                declared.register.completude,
                register.origine,
            )
    return register, [typeset(r) for r in refusals]


def load_programme(folder: Path, reference: Reference) -> tuple[pd.DataFrame | None, list[str]]:
    """Read the programme of a folder, where it gives one row per territory and date.

    Returns ``programme``: see `read_programme`; None when the folder has no such file, or a
    refused one. ``refusals``: french sentences.
    """
    path = folder / PROGRAMME_FILE
    refusals: list[str] = []
    if not path.is_file():
        return None, refusals
    read = _accepted(path, "programme", reference, refusals)
    return (None if read is None else read.programme), [typeset(r) for r in refusals]


def _accepted(
    path: Path, kind: Kind, reference: Reference, refusals: list[str]
) -> Validation | None:
    """Give a file whose lines are all accepted; otherwise say why not."""
    if kind == "completude" and _header_only(path):
        return validate(_EMPTY_COMPLETENESS, reference, kind=kind)
    try:
        read = validate(path, reference, kind=kind)
    except ClsmMapError as error:
        refusals.append(f"{path.name} est refusé : {error.message_fr}")
        return None
    if read.erreurs:
        _refuse(path.name, read.erreurs, refusals)
        return None
    return read


_EMPTY_COMPLETENESS: Final = Table(
    COMPLETENESS_FILE, ("type", "niveau", "code", "auteur", "date", "note"), ()
)


def _header_only(path: Path) -> bool:
    """Tell a file without any declaration, which is how the embedded one begins."""
    lines = path.read_bytes().decode("utf-8-sig", "replace").split("\n")
    known = {header_key(h) for h in _EMPTY_COMPLETENESS.headers}
    titles = {header_key(h) for h in lines[0].replace(";", ",").split(",")}
    return known <= titles and not "".join(lines[1:]).strip(" ,;\r\t")


def _members(
    path: Path, devices: Validation, reference: Reference, refusals: list[str]
) -> pd.DataFrame | None:
    """Read ``dispositif_id, nature, code``; what dispositifs.csv itself says comes first."""
    own = devices.register.perimetres
    if not path.is_file():
        return own
    try:
        table = read_table(path)
        rows, errors = _read_members(table, devices, reference)
    except RegisterError as error:
        refusals.append(f"{path.name} est refusé : {error.message_fr}")
        return None
    if errors:
        _refuse(path.name, errors, refusals)
        return None
    listed = pd.DataFrame(rows, columns=list(PERIMETER_COLUMNS), dtype="str")
    seats = own.loc[~own["dispositif_id"].isin(listed["dispositif_id"])]
    return pd.concat([seats, listed], ignore_index=True).drop_duplicates(ignore_index=True)


def _read_members(
    table: Table, devices: Validation, reference: Reference
) -> tuple[list[tuple[str, str, str]], list[LineError]]:
    position = {header_key(h): i for i, h in enumerate(table.headers)}
    missing = [c for c in PERIMETER_COLUMNS if header_key(c) not in position]
    if missing:
        raise refusal(f"il manque {', '.join(missing)} parmi les colonnes de « {table.nom} ».")
    known = set(devices.register.dispositifs["id"])
    resolver = Resolver(gazetteer_of(reference), Findings())
    rows = []
    errors = list(table.erreurs)
    for row in table.rows:
        owner, nature, code = (_at(row, position[header_key(c)]) for c in PERIMETER_COLUMNS)
        if owner not in known:
            sentence = f"Aucun dispositif de {DEVICES_FILE} n'a cet identifiant."
            errors.append(LineError(row.ligne, "dispositif_id", owner, sentence))
            continue
        group = next((g for g in _NATURES if g == nature), None)
        if group is None:
            sentence = "La nature doit être commune, epci ou qpv."
            errors.append(LineError(row.ligne, "nature", nature, sentence))
            continue
        try:
            place = resolver.code(code, row.ligne)
        except RefusedValueError as refused:
            errors.append(LineError(row.ligne, "code", code, refused.message_fr))
            continue
        if place.code not in resolver.gazetteer.by_code[group]:
            sentence = (
                f"Ce code est celui de {place.nom}, qui n'est pas de cette nature ({nature})."
            )
            errors.append(LineError(row.ligne, "code", code, sentence))
            continue
        rows.append((owner, nature, code))
    return rows, errors


def _at(row: Row, position: int) -> str:
    return value_of(row.cells[position])


def _refuse(name: str, errors: Sequence[LineError], refusals: list[str]) -> None:
    lines = sorted({e.ligne for e in errors})
    refusals.append(
        f"{name} est refusé : {len(lines)} ligne{'s' if len(lines) > 1 else ''} à corriger. Les "
        "faits précédents restent en service."
    )
    refusals += [
        f"{name}, ligne {e.ligne}, {e.champ} « {e.valeur} » : {e.message}" for e in errors[:_SHOWN]
    ]
    if len(errors) > _SHOWN:
        refusals.append(f"{name} : {len(errors) - _SHOWN} autres refus ne sont pas détaillés ici.")
