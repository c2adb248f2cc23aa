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

_PAST_STATES: Final = ("en sommeil", "arrêté")


def register_day(dispositifs: pd.DataFrame, today: dt.date) -> dt.date:
    """Give the day that the register describes: its latest dated page.

    Parameters
    ----------
    dispositifs : DataFrame
        Column ``source_date``: ``2026-03-11``, ``2026-03``, ``2026`` or missing.
    today : date
        The answer when no page is dated, and its upper limit.

    Returns
    -------
    date
        From this day on, a device whose first year is unknown counts as active.
    """
    latest = _first_day(dispositifs["source_date"]).max()
    return today if pd.isna(latest) else min(latest.date(), today)


def devices_on(
    dispositifs: pd.DataFrame,
    type_: str,
    on: dt.date,
    *,
    today: dt.date,
) -> pd.DataFrame:
    """Say what each device of a type is on a date.

    Years are the finest that pages give: a first year counts from its 1 January and a last year
    until its 31 December. With ``Y`` the year of ``on``, ``a`` and ``z`` the first and last year
    where known, and *the day of the register* that of `register_day`:

    - a device is *outside its years* when ``a > Y`` or ``z < Y``: it is nothing on that date
      (no end is ever deduced from the usual length of a contract);
    - state ``actif`` is **active** within its years when ``a`` is known; when ``a`` is unknown it
      is active from the day of the register on, and before that day its state on the date is not
      known: **to be checked**, with ``debut_inconnu`` true. It is never back-dated;
    - states ``en sommeil`` and ``arrêté`` were active within their years when both are known;
      otherwise they are *to be checked* before the day of the register and nothing from it on;
    - state ``en projet`` is a **project** from the date of its page on (an imprecise date counts
      from its first day, a missing one from the day of the register) until the end of ``z``; a
      first year that has come does not make it active, since no page says so;
    - state ``inconnu`` (or any other) is **to be checked** within its years.

    Parameters
    ----------
    dispositifs : DataFrame
        Columns ``id, type, nom, statut, annee_debut, annee_fin, perimetre_origine, source_date``.
    type_ : str
        ``CLSM``, ``ASV`` or ``CLS``.
    on : date
        The date.
    today : date
        Today; it only bounds the day of the register.

    Returns
    -------
    DataFrame
        One row per device of the type: ``id, nom, statut`` (state in the register), ``role``
        (``actif``, ``projet``, ``a_verifier`` or ``aucun``), ``debut_inconnu`` (no first year),
        ``a_preciser`` (only the seat is known), ``annee_debut`` (float).
    """
    rows = dispositifs.loc[dispositifs["type"] == type_]
    described = pd.Timestamp(register_day(dispositifs, today))
    day = pd.Timestamp(on)
    first = pd.to_numeric(rows["annee_debut"], errors="coerce").astype("float64")
    last = pd.to_numeric(rows["annee_fin"], errors="coerce").astype("float64")
    state = rows["statut"].fillna("inconnu")
    described_now = day >= described

    started = first <= on.year
    ended = last < on.year
    begun_or_unknown = started | first.isna()
    seen = _first_day(rows["source_date"]).fillna(described)

    is_active = state == "actif"
    is_past = state.isin(_PAST_STATES)
    is_project = state == "en projet"
    is_other = ~(is_active | is_past | is_project)
    both_years = first.notna() & last.notna()

    active = (is_active & (started | (first.isna() & described_now))) | (
        is_past & both_years & started
    )
    project = is_project & (seen <= day)
    to_check = begun_or_unknown & (
        is_other
        | (is_active & first.isna() & (not described_now))
        | (is_past & ~both_years & (not described_now))
    )
    role = np.select(
        [ended, active, project, to_check], [NONE, ACTIVE, PROJECT, TO_CHECK], default=NONE
    )
    return pd.DataFrame(
        {
            "id": rows["id"],
            "nom": rows["nom"],
            "statut": state,
            "role": role,
            "debut_inconnu": first.isna(),
            "a_preciser": (rows["perimetre_origine"] == SEAT_ONLY).fillna(value=False),
            "annee_debut": first,
        }
    ).reset_index(drop=True)


def roles(devices: pd.DataFrame) -> Mapping[str, int]:
    """Count devices by role.

    Parameters
    ----------
    devices : DataFrame
        As `devices_on` gives them.

    Returns
    -------
    mapping
        ``actif``, ``projet``, ``a_verifier`` and ``aucun``, zero included.
    """
    counts = devices["role"].value_counts()
    return {name: int(counts.get(name, 0)) for name in (ACTIVE, PROJECT, TO_CHECK, NONE)}


def _first_day(dates: pd.Series) -> pd.Series:
    """Read ``2026-03-11``, ``2026-03`` and ``2026`` as the first day they can mean."""
    return pd.to_datetime(dates, format="ISO8601", errors="coerce")
