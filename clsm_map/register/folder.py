"""The facts that a server's owner keeps in a folder of their own, checked by the same code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import pandas as pd

from clsm_map.domain.errors import ClsmMapError
from clsm_map.register.devices import PERIMETER_COLUMNS
from clsm_map.register.resolution import Resolver
from clsm_map.register.table import Findings, LineError, Table
from clsm_map.register.validation import IMPORTED, Validation, read_table, validate
from clsm_map.register.values import RefusedValueError, value_of
from clsm_map.register.vocabulary import Kind, header_key, refusal, say
from clsm_map.store.gazetteer import Group, gazetteer_of
from clsm_map.store.register import COMPLETENESS_COLUMNS, Register
from clsm_map.store.snapshot import Snapshot

T = TypeVar("T")
_DEVICES: Final = "dispositifs.csv"
_PERIMETERS: Final = "perimetres.csv"
_COMPLETENESS: Final = "completude.csv"
_PROGRAMME: Final = "programme.csv"
_NATURES: Final[tuple[Group, ...]] = ("commune", "epci", "qpv")
_SHOWN: Final = 20
_NO_DECLARATION: Final = Table(_COMPLETENESS, COMPLETENESS_COLUMNS, ())


def load_facts_folder(
    folder: Path, fallback: Register, snapshot: Snapshot
) -> tuple[Register, list[str]]:
    """Read the register of a folder (``CLSM_MAP_FACTS``); a bad file is refused, what was stays.

    ``dispositifs.csv`` with ``perimetres.csv`` (or with perimeters in its own columns) stand or
    fall together; ``completude.csv`` by itself. An absent file changes nothing. Gives also the
    refusals in French, one per refused file and one per refused line.
    """
    if not folder.is_dir():
        return fallback, [say("dossier_absent", dossier=folder)]
    refusals: list[str] = []
    register = fallback
    if (folder / _DEVICES).is_file():
        read = _accepted(folder / _DEVICES, "dispositifs", snapshot, refusals)
        members = _members(folder / _PERIMETERS, read, snapshot, refusals) if read else None
        if read is not None and members is not None:
            register = Register(read.register.dispositifs, members, register.completude, IMPORTED)
    elif (folder / _PERIMETERS).is_file():
        refusals.append(say("perimetres_seuls"))
    if (folder / _COMPLETENESS).is_file():
        declared = _accepted(folder / _COMPLETENESS, "completude", snapshot, refusals)
        if declared is not None:
            register = replace(register, completude=declared.register.completude)
    return register, refusals


def load_programme(folder: Path, snapshot: Snapshot) -> tuple[pd.DataFrame | None, list[str]]:
    """Read the programme of a folder, where it gives one row per territory and date.

    None when the folder has no such file, or a refused one, with the refusals in French.
    """
    path = folder / _PROGRAMME
    refusals: list[str] = []
    read = _accepted(path, "programme", snapshot, refusals) if path.is_file() else None
    return (None if read is None else read.programme), refusals


def _accepted(path: Path, kind: Kind, snapshot: Snapshot, refusals: list[str]) -> Validation | None:
    """Give a file whose lines are all accepted; otherwise say why not."""
    if kind == "completude" and _header_only(path):
        return validate(_NO_DECLARATION, snapshot, kind=kind)

    def read() -> tuple[Validation, Sequence[LineError]]:
        found = validate(path, snapshot, kind=kind)
        return found, found.erreurs

    return _sound(path.name, read, refusals)


def _sound(
    name: str, read: Callable[[], tuple[T, Sequence[LineError]]], refusals: list[str]
) -> T | None:
    """Give what a file holds when no line of it is refused; otherwise say why not."""
    try:
        found, errors = read()
    except ClsmMapError as error:
        refusals.append(say("fichier_refuse", fichier=name, raison=error.message_fr))
        return None
    if not errors:
        return found
    lines = len({e.ligne for e in errors})
    refusals.append(say("lignes_a_corriger", fichier=name, n=lines, s="s" if lines > 1 else ""))
    refusals += [say("ligne_refusee", fichier=name, refus=error) for error in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        refusals.append(say("autres_refus", fichier=name, n=len(errors) - _SHOWN))
    return None


def _header_only(path: Path) -> bool:
    """Tell a file without any declaration, which is how the embedded one begins."""
    lines = path.read_bytes().decode("utf-8-sig", "replace").split("\n")
    titles = {header_key(h) for h in lines[0].replace(";", ",").split(",")}
    known = {header_key(h) for h in COMPLETENESS_COLUMNS}
    return known <= titles and not "".join(lines[1:]).strip(" ,;\r\t")


def _members(
    path: Path, devices: Validation, snapshot: Snapshot, refusals: list[str]
) -> pd.DataFrame | None:
    """Read ``dispositif_id, nature, code``; what dispositifs.csv itself says comes first."""
    own = devices.register.perimetres
    if not path.is_file():
        return own
    known = frozenset(devices.register.dispositifs["id"])
    rows = _sound(path.name, lambda: _read_members(read_table(path), known, snapshot), refusals)
    if rows is None:
        return None
    listed = pd.DataFrame(rows, columns=list(PERIMETER_COLUMNS), dtype="str")
    seats = own.loc[~own["dispositif_id"].isin(listed["dispositif_id"])]
    return pd.concat([seats, listed], ignore_index=True).drop_duplicates(ignore_index=True)


def _read_members(
    table: Table, known: frozenset[str], snapshot: Snapshot
) -> tuple[list[tuple[str, ...]], list[LineError]]:
    position = {header_key(h): i for i, h in enumerate(table.headers)}
    missing = [c for c in PERIMETER_COLUMNS if header_key(c) not in position]
    if missing:
        raise refusal("colonnes_manquent", colonnes=", ".join(missing), nom=table.nom)
    resolver = Resolver(gazetteer_of(snapshot), Findings())
    rows = []
    errors = list(table.erreurs)
    for row in table.rows:
        said = {c: value_of(row.cells[position[header_key(c)]]) for c in PERIMETER_COLUMNS}
        fault = _fault(said, row.ligne, known, resolver)
        if fault:
            errors.append(LineError(row.ligne, fault[0], said[fault[0]], fault[1]))
        else:
            rows.append(tuple(said.values()))
    return rows, errors


def _fault(
    said: dict[str, str], ligne: int, known: frozenset[str], resolver: Resolver
) -> tuple[str, str] | None:
    """Give the field of a perimeter that cannot be, and why."""
    if said["dispositif_id"] not in known:
        return "dispositif_id", say("proprietaire_inconnu")
    nature = next((g for g in _NATURES if g == said["nature"]), None)
    if nature is None:
        return "nature", say("nature_inconnue")
    try:
        place = resolver.code(said["code"], ligne)
    except RefusedValueError as refused:
        return "code", refused.message_fr
    if place.code not in resolver.gazetteer.by_code[nature]:
        return "code", say("autre_nature", nom=place.nom, nature=nature)
    return None
