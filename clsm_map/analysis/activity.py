"""What a device is on a date: active, in project, to be checked, or none of these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

EARLIEST: Final = dt.date(2000, 1, 1)
"""First date that can be asked: the first ateliers santé ville date from 2000."""

SEAT_ONLY: Final = "siège seul"
"""Origin of a perimeter of which only the seat is known."""

ACTIVE: Final = "actif"
PROJECT: Final = "projet"
TO_CHECK: Final = "a_verifier"
NONE: Final = "aucun"

SCENARIO: Final = "scénario"
"""Origin of the perimeter of a device that a scenario creates: it rests on no page."""

MOST_YEARS_UNSEEN: Final = 5
"""A CLS is signed for three to five years: one without a last year is to be checked when its last
sign of life is older."""

UNKNOWN_STATE: Final = "état inconnu"
UNKNOWN_START: Final = "première année inconnue"
PAST_END: Final = "échéance passée, suite inconnue"
UNSEEN: Final = f"aucun signe depuis plus de {MOST_YEARS_UNSEEN} ans"
"""Why a device is to be checked, among others."""


def register_day(dispositifs: pd.DataFrame, today: dt.date) -> dt.date:
    """Give the day that the register describes: its latest dated page.

    ``dispositifs``: column ``source_date``: ``2026-03-11``, ``2026-03``, ``2026`` or missing.

    From this day on, a device whose first year is unknown counts as active.
    """
    latest = _first_day(dispositifs["source_date"]).max()
    return today if pd.isna(latest) else min(latest.date(), today)


def devices_on(
    dispositifs: pd.DataFrame, type_: str, on: dt.date, *, today: dt.date
) -> pd.DataFrame:
    """Say what each device of a type is on a date.

    Years are the finest that pages give. With ``Y`` the year of ``on``, ``a`` and ``z`` the first
    and last year where known, and *the day of the register* that of `register_day`, the first that
    applies:

    1. ``a > Y``, or ``a = Y`` on a 1 January without a page of that day that names the device:
       **nothing**, it has not begun (a project apart);
    2. state ``arrêté``, the only one that ends a device: nothing after ``z`` and from the day of
       the register on; before, **active** within its years when both are known, else *to be
       checked*;
    3. ``z < Y``: **to be checked**, since no page says what followed;
    4. state ``en projet``: a **project** from the date of its page on (an imprecise date counts
       from its first day, a missing one from the day of the register), nothing before; a first
       year that has come does not make it active, since no page says so;
    5. state ``inconnu`` (or any other): **to be checked**; ``en sommeil`` too, but it was active
       within its years before the day of the register when both are known;
    6. state ``actif`` of a CLS without ``z`` whose last sign of life, ``max(a, year of its
       page)``, is older than `MOST_YEARS_UNSEEN` years, counted in years: **to be checked**;
    7. state ``actif`` without ``a``: **active** from the day of the register on, **to be checked**
       before. It is never back-dated;
    8. state ``actif`` with ``a = Y``: **active** from its page of that year on (an imprecise date
       counts from its last day) or from the day of the register, **to be checked** before;
    9. state ``actif``: **active**.

    ``dispositifs``: columns ``id, type, nom, statut, annee_debut, annee_fin, perimetre_origine,
      source_date``.

    Gives one row per device of the type: ``id, nom, statut`` (state in the register), ``role``
    (``actif``, ``projet``, ``a_verifier`` or ``aucun``), ``debut_inconnu`` (no first year),
    ``a_preciser`` (only the seat is known), ``annee_debut`` (float), ``motif`` (French words for
    why it is to be checked, else empty).
    """
    rows = dispositifs.loc[dispositifs["type"] == type_]
    described = pd.Timestamp(register_day(dispositifs, today))
    day = pd.Timestamp(on)
    first, last = (
        pd.to_numeric(rows[name], errors="coerce").astype("float64")
        for name in ("annee_debut", "annee_fin")
    )
    page = _first_day(rows["source_date"])
    state = rows["statut"].fillna("inconnu")
    from_register = day >= described
    both_years = first.notna() & last.notna()

    seen_by_then = (_last_day(rows["source_date"]) <= day) & (page.dt.year == on.year)
    imagined = rows["perimetre_origine"].eq(SCENARIO)
    in_first = (first == on.year) & ~seen_by_then & ~imagined
    sign = pd.concat([first, page.dt.year.astype("float64")], axis=1).max(axis=1)
    unseen = last.isna() & (rows["type"] == "CLS") & (on.year - sign > MOST_YEARS_UNSEEN)
    is_january = (on.month, on.day) == (1, 1)
    active, stopped, project = (state == name for name in ("actif", "arrêté", "en projet"))
    rules: list[tuple[pd.Series, str, str]] = [
        (~project & ((first > on.year) | (in_first & is_january)), NONE, ""),
        (stopped & (from_register | (last < on.year)), NONE, ""),
        (stopped & both_years, ACTIVE, ""),
        (stopped, TO_CHECK, "arrêté, à une date inconnue"),
        (last < on.year, TO_CHECK, PAST_END),
        (project & (page.fillna(described) <= day), PROJECT, ""),
        (project, NONE, ""),
        ((state == "en sommeil") & both_years & (not from_register), ACTIVE, ""),
        (state == "en sommeil", TO_CHECK, "en sommeil"),
        (~active, TO_CHECK, UNKNOWN_STATE),
        (unseen, TO_CHECK, UNSEEN),
        (first.isna() & (not from_register), TO_CHECK, UNKNOWN_START),
        (in_first & (not from_register), TO_CHECK, "créé dans l’année, jour inconnu"),
    ]
    where = [rule for rule, _, _ in rules]
    role = np.select(where, [role for _, role, _ in rules], default=ACTIVE)
    reason = np.select(where, [reason for _, _, reason in rules], default="")
    return pd.DataFrame(
        {
            "id": rows["id"],
            "nom": rows["nom"],
            "statut": state,
            "role": role,
            "debut_inconnu": first.isna(),
            "a_preciser": rows["perimetre_origine"].eq(SEAT_ONLY),
            "annee_debut": first,
            "motif": reason,
        }
    ).reset_index(drop=True)


def roles(devices: pd.DataFrame) -> Mapping[str, int]:
    """Count devices by role.

    Gives ``actif``, ``projet``, ``a_verifier`` and ``aucun``, zero included.
    """
    return {
        role: int((devices["role"] == role).sum()) for role in (ACTIVE, PROJECT, TO_CHECK, NONE)
    }


def _first_day(dates: pd.Series) -> pd.Series:
    """Read ``2026-03-11``, ``2026-03`` and ``2026`` as the first day they can mean."""
    return pd.to_datetime(dates, format="ISO8601", errors="coerce")


def _last_day(dates: pd.Series) -> pd.Series:
    """Read ``2026-03-11``, ``2026-03`` and ``2026`` as the last day they can mean."""
    day = _first_day(dates)
    size = dates.str.len()
    by_month = day.where(size != 7, day + pd.offsets.MonthEnd(0))
    return by_month.where(size != 4, day + pd.offsets.YearEnd(0))
