"""On what a device rests: the page that names it, and how old that page is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

from clsm_map.domain.errors import SourceError
from clsm_map.formats import NBSP, count, date_fr, number

EvidenceId = Literal["recente", "ancienne", "non_datee"]

RECENT_YEARS: Final = 3
UNDATED: Final = "non datée"
SEAT_ONLY_WORDS: Final = "siège seul connu"
"""Added to a status that rests on perimeters of which only the seat is known."""

_WWW: Final = "www."
_YEAR: Final = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A class of age of the page that a statement rests on, and the sentence that defines it."""

    id: EvidenceId
    label: str
    meaning: str


EVIDENCE: Final[dict[EvidenceId, Evidence]] = {
    e.id: e
    for e in (
        Evidence(
            "recente",
            f"page de moins de {RECENT_YEARS} ans",
            f"La page citée a moins de {RECENT_YEARS} ans à la date de la situation.",
        ),
        Evidence(
            "ancienne",
            "page plus ancienne",
            f"La page citée a {RECENT_YEARS} ans ou plus à la date de la situation : elle dit "
            "l’état d’alors.",
        ),
        Evidence(
            "non_datee",
            "page non datée",
            "La page citée ne porte pas de date : on ne sait pas de quand est ce qu’elle dit.",
        ),
    )
}
"""The three classes, the strongest first."""


def evidence_of(page: str, on: dt.date) -> EvidenceId:
    """Class the page of a device by its age on a date; one written after it is recent.

    An imprecise date (``2024-10``, ``2024``) counts from its first day, the oldest it can mean.

    >>> day = dt.date(2026, 11, 28)
    >>> [evidence_of(page, day) for page in ("2023-11-29", "2023-11-28", "2023", "")]
    ['recente', 'ancienne', 'ancienne', 'non_datee']
    """
    if not _YEAR.match(page):
        return "non_datee"
    year, month, day = (int(part) for part in f"{page}-01-01".split("-")[:3])
    return (
        "recente" if (year + RECENT_YEARS, month, day) > (on.year, on.month, on.day) else "ancienne"
    )


def page_words(page: str) -> str:
    """Name a page by its year.

    >>> page_words("2014-05"), page_words("")
    ('page de 2014', 'page non datée')
    """
    year = page_year(page)
    return f"page {year}" if year == UNDATED else f"page de {year}"


def page_year(page: str) -> str:
    """Give the year of a page, or say that it is not dated."""
    year = _YEAR.match(page)
    return year[0] if year else UNDATED


def page_date(page: str) -> str:
    """Write the date of a page as precisely as it is known.

    >>> page_date("2025-11"), page_date("2025")
    ('novembre 2025', '2025')
    """
    parts = [int(part) for part in page.split("-")]
    if len(parts) == 1:
        return page
    day = date_fr(dt.date(parts[0], parts[1], parts[2] if len(parts) > 2 else 2))
    return day if len(parts) > 2 else day.split(NBSP, 1)[1]


def state_by_page(state: str, page: str) -> str:
    """Say a state and on what it rests.

    >>> state_by_page("actif", "2014"), state_by_page("à vérifier", "")
    ('actif d’après une page de 2014', 'à vérifier (page non datée)')
    """
    if state in {"actif", "en projet"}:
        return f"{state} d’après une {page_words(page)}"
    return f"{state} ({page_words(page)})"


def status_words(label: str, *, seat_only: bool) -> str:
    """Mark a status that rests only on perimeters of which the seat alone is known.

    >>> status_words("couvert", seat_only=True)
    'couvert (siège seul connu)'
    """
    return f"{label} ({SEAT_ONLY_WORDS})" if seat_only else label


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the devices of a type, one each; ``latest`` is empty when none is dated."""

    recorded: int
    latest: str
    undated: int

    @property
    def words(self) -> str:
        """The most recent page, and how many have no date."""
        latest = f"page la plus récente : {page_date(self.latest)}" if self.latest else ""
        undated = (
            count(self.undated, f"page {UNDATED}", f"pages {UNDATED}s") if self.undated else ""
        )
        return " ; ".join(part for part in (latest, undated) if part)


def split_words(counts: Mapping[EvidenceId, int]) -> str:
    """Say how a count splits by the age of the pages; the classes that nothing has are left out.

    >>> split_words({"recente": 82, "ancienne": 114, "non_datee": 163})
    '82 d’après une page de moins de 3 ans, 114 une page plus ancienne, 163 une page non datée'
    """
    parts = [f"{number(counts[i])} {{}}une {e.label}" for i, e in EVIDENCE.items() if counts.get(i)]
    return ", ".join(part.format("" if rank else "d’après ") for rank, part in enumerate(parts))


@dataclass(frozen=True, slots=True)
class Producers:
    """Who publishes the pages that the register cites.

    ``noms`` gives the producer by address: a host without ``www.``, or with the start of a path;
    on the hosts of ``depots`` anybody leaves a document: each page is a source of its own.
    """

    noms: Mapping[str, str]
    depots: frozenset[str]

    def source_of(self, page: str) -> tuple[str, str]:
        """Give the key of the source that a page belongs to, and its name.

        The longest address of `noms` that begins it, and its producer; else its host, twice; in a
        repository of documents, the page and its host; both empty without a web page.

        >>> known = Producers({"ors.fr": "ORS"}, frozenset({"depot.fr"}))
        >>> known.source_of("https://www.ors.fr/cls"), known.source_of("https://mairie.fr/a")
        (('ors.fr', 'ORS'), ('mairie.fr', 'mairie.fr'))
        >>> known.source_of("http://depot.fr/doc/1")
        ('depot.fr/doc/1', 'document déposé sur depot.fr')
        """
        split = urlsplit(page)
        host = split.netloc.lower().removeprefix(_WWW)
        if split.scheme not in {"http", "https"} or not host:
            return "", ""
        whole = host + split.path
        named = [a for a in self.noms if whole == a or whole.startswith(f"{a}/")]
        if named:
            key = max(named, key=len)
            return key, self.noms[key]
        if host in self.depots:
            return whole, f"document déposé sur {host}"
        return host, host


Entry = TypeVar("Entry", "Artefact", "Source")


@dataclass(frozen=True, slots=True)
class Artefact:
    """A pinned package from which figures are read; it is never a run-time dependency.

    ``forme`` is ``wheel`` or ``sdist``; the file must have the digest.
    """

    id: str
    version: str
    fichier: str
    forme: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """An official or sourced file of the snapshot.

    ``millesime`` is the period described, ``geographie`` the vintage of its territories,
    ``fichier`` a path under ``data/`` or a member of ``artefact`` (empty for ``data/facts``).
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
