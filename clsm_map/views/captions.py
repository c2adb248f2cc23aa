"""What is said under a figure: source, vintage, geography, denominator, cautions."""

from __future__ import annotations

import datetime as dt

from clsm_map.analysis.coverage import Coverage, pages_of
from clsm_map.analysis.harvest import main_sources
from clsm_map.domain.indicators import Indicator
from clsm_map.formats import count, date_fr
from clsm_map.store.register import producers
from clsm_map.store.snapshot import Snapshot

QPV_GEOGRAPHY = "géographie 2024, version de janvier 2026"


def indicator_source(
    snapshot: Snapshot, indicator: Indicator, year: int | None, level: str = ""
) -> str:
    """Give producer, title, vintage, geography and denominator of an indicator, in one line."""
    source = snapshot.sources[indicator.source_of(level, year)]
    parts = [
        f"Source : {source.producteur}, {source.titre}, {indicator.when(year)}",
        f"géographie : {indicator.geographie}",
    ]
    if indicator.denominateur:
        parts.append(f"dénominateur : {indicator.denominateur}")
    return " ; ".join(parts) + "."


def qpv_source() -> str:
    """Give the source of QPV contours and populations, in one line."""
    return (
        f"Quartiers : ANCT, {QPV_GEOGRAPHY} (contours généralisés à 20 m) ; "
        "habitants : RP 2020, non publiés en Polynésie française, à Saint-Martin et à Mayotte."
    )


def poverty_source(snapshot: Snapshot) -> str:
    """Give the source of the poverty rate of QPV, in one line."""
    indicator = snapshot.indicators["taux_pauvrete"]
    return indicator_source(snapshot, indicator, indicator.derniere_annee, "qpv")


def device_source(coverage: Coverage) -> str:
    """Give the source of the devices of a type, and the date they describe."""
    recorded = count(len(coverage.devices), f"{coverage.type} recensé", f"{coverage.type} recensés")
    pages = origin_words(coverage)
    return (
        f"{recorded}, chacun d’après une page citée"
        + (f" ({pages})" if pages else "")
        + f" ; {coverage.ground.collected} ; situation au {date_fr(coverage.on)}."
    )


def origin_words(coverage: Coverage) -> str:
    """Say of the devices of a type how old their pages are, and who publishes many of them."""
    pages = pages_of(coverage.ground.dispositifs, coverage.type).words
    return " ; ".join(part for part in (pages, main_sources(coverage, producers())) if part)


def on_date(day: dt.date, today: dt.date) -> str:
    """Write the date of a situation: "aujourd’hui" is never left without its date."""
    return f"au {date_fr(day)}" + (" (aujourd’hui)" if day == today else "")
