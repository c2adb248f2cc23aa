"""Sources: where each figure comes from, and what may be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from clsm_map.domain.errors import SourceError

Entry = TypeVar("Entry", "Artefact", "Source")


@dataclass(frozen=True, slots=True)
class Artefact:
    """A pinned package from which figures are read; it is never a run-time dependency.

    Attributes
    ----------
    id : str
        Identifier, the name of the package.
    version : str
        Exact version.
    fichier : str
        Name of the downloaded file.
    forme : str
        ``wheel`` or ``sdist``.
    sha256 : str
        Digest that the downloaded file must have.
    """

    id: str
    version: str
    fichier: str
    forme: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """An official or sourced file of the snapshot.

    Attributes
    ----------
    id : str
        Identifier used by indicators and tables.
    titre, producteur, adresse, licence : str
        What people are shown; `adresse` is a web address.
    millesime : str
        Period that the figures describe.
    geographie : str
        Vintage of the territories that the figures are given for.
    recupere_le : str
        ISO date of retrieval.
    fichier : str
        Path under ``data/``, or member of the artefact.
    artefact : str
        Identifier of the `Artefact` that holds it; empty for a file of ``data/facts``.
    sha256 : str
        Digest of the file as read.
    lignes : int
        Data rows of the file.
    prudence : str
        Caution shown with the figures, possibly empty.
    """

    id: str
    titre: str
    producteur: str
    adresse: str
    licence: str
    millesime: str
    geographie: str
    recupere_le: str
    fichier: str
    artefact: str
    sha256: str
    lignes: int
    prudence: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every artefact and every source, by identifier, in the order of the file."""

    artefacts: Mapping[str, Artefact]
    sources: Mapping[str, Source]


def parse_catalogue(content: Mapping[str, Any]) -> Catalogue:
    """Read the content of ``data/catalogue.toml``.

    Parameters
    ----------
    content : mapping
        Arrays ``artefact`` and ``source``, one table each per entry.

    Raises
    ------
    SourceError
        A key is missing or unknown, an identifier is repeated, an artefact is not described.
    """
    artefacts = _entries(content.get("artefact", ()), Artefact, {})
    sources = _entries(content.get("source", ()), Source, {"artefact": "", "prudence": ""})
    for source in sources.values():
        if source.artefact and source.artefact not in artefacts:
            raise SourceError(
                f"Le catalogue cite un paquet qu'il ne décrit pas : {source.artefact}.", source.id
            )
    return Catalogue(artefacts, sources)


def _entries(tables: Any, kind: type[Entry], defaults: Mapping[str, str]) -> dict[str, Entry]:
    """Build the entries of one array of tables."""
    known = {field.name for field in fields(kind)}
    entries: dict[str, Entry] = {}
    for table in tables:
        values = {**defaults, **table}
        odd = known.symmetric_difference(values)
        if odd:
            raise SourceError(
                f"Une entrée du catalogue est mal remplie : {', '.join(sorted(odd))}.",
                str(table.get("id", table)),
            )
        if values["id"] in entries:
            raise SourceError(f"Le catalogue répète l'identifiant {values['id']}.")
        entries[values["id"]] = kind(**values)
    return entries
