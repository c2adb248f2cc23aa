"""Sources and cautions that go with what is exported."""

from __future__ import annotations

from collections.abc import Sequence

from clsm_map.analysis.cautions import IMPORTED, cautions
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.history import announced_total
from clsm_map.desk import Desk
from clsm_map.domain.indicators import Indicator
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import Territory
from clsm_map.exports.table import Mentions, SourceNote
from clsm_map.formats import date_fr
from clsm_map.store.snapshot import Snapshot
from clsm_map.views.captions import origin_words


def table_source(snapshot: Snapshot, identifier: str, figures: str) -> SourceNote:
    """Describe a source of the catalogue.

    Parameters
    ----------
    identifier : str
        Key of ``snapshot.sources``.
    figures : str
        What comes from it.
    """
    source = snapshot.sources[identifier]
    return SourceNote(
        figures=figures,
        producteur=source.producteur,
        titre=source.titre,
        millesime=source.millesime,
        geographie=source.geographie,
        licence=source.licence,
        adresse=source.adresse,
        prudence=source.prudence,
    )


def indicator_source(
    snapshot: Snapshot, indicator: Indicator, year: int | None, level: str = ""
) -> SourceNote:
    """Describe the source of an indicator, with its own year, denominator and caution."""
    source = snapshot.sources[indicator.source_of(level, year)]
    return SourceNote(
        figures=indicator.libelle,
        producteur=source.producteur,
        titre=source.titre,
        millesime=indicator.when(year),
        geographie=indicator.geographie,
        licence=source.licence,
        adresse=source.adresse,
        denominateur=indicator.denominateur,
        prudence=indicator.prudence,
    )


def device_source(snapshot: Snapshot, coverage: Coverage) -> SourceNote:
    """Describe the register of devices, embedded or brought, and the date of what it says."""
    source = snapshot.sources["dispositifs"]
    figures = f"Couverture et dispositifs ({coverage.type})"
    situation = f"situation au {date_fr(coverage.on)}"
    parts = (situation, coverage.ground.collected, origin_words(coverage))
    when = " ; ".join(part for part in parts if part)
    origin = coverage.ground.origine
    if IMPORTED in origin:
        return SourceNote(
            figures, "liste importée", f"Registre {origin}", when, source.geographie, "", ""
        )
    return SourceNote(
        figures=figures,
        producteur=source.producteur,
        titre=source.titre,
        millesime=when,
        geographie=source.geographie,
        licence=source.licence,
        adresse=source.adresse,
        prudence=source.prudence,
    )


def territory_sources(snapshot: Snapshot) -> tuple[SourceNote, ...]:
    """Describe the sources of the contours of territories and of their inhabitants."""
    return (
        table_source(snapshot, "communes", "Contours"),
        table_source(snapshot, "communes_2026", "Population municipale (RP 2023)"),
    )


def qpv_sources(snapshot: Snapshot) -> tuple[SourceNote, ...]:
    """Describe the source of the QPV and of their inhabitants."""
    return (table_source(snapshot, "qpv_2024", "Quartiers prioritaires, contours et habitants"),)


def mentions(
    desk: Desk,
    selection: Selection,
    territory: Territory,
    title: str,
    sources: Sequence[SourceNote],
) -> Mentions:
    """Gather what must be said: sources given, then the register and its cautions.

    ``territory`` is that of the selection; ``title`` says what, where and when.
    """
    coverage = desk.covered(selection)
    announced = announced_total(desk.snapshot.chiffres, coverage.type)
    return Mentions(
        titre=title,
        situation=coverage.on,
        etabli_le=desk.today,
        sources=(*sources, device_source(desk.snapshot, coverage)),
        prudences=tuple(cautions(coverage, territory, announced)),
        vue=tuple(selection.to_query().items()),
    )
