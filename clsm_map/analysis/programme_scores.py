"""Evaluation scores of a programme: means weighted by participants, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.analysis.programme import rows_in
from clsm_map.domain.programme import AFTER, BEFORE, SCORE_PREFIX
from clsm_map.domain.territories import FRANCE, Territory

if TYPE_CHECKING:
    from clsm_map.analysis.programme import Sessions

FEW_PARTICIPANTS: Final = 30
FEW_ROWS: Final = 5
"""Under either, a mean is flagged: it may rest on a handful of people or of sessions."""

SCORE_COLUMNS: Final = (
    "mesure", "lignes", "participants", "avant", "apres", "ecart", "sans_score",
    "sans_participants", "faible",
)  # fmt: skip


def score_means(
    sessions: Sessions, territory: Territory = FRANCE, *, year: int | None = None
) -> pd.DataFrame:
    """Compute the weighted means of the scores in a territory.

    ``mean = Σ participants × score / Σ participants`` over the rows that give the participants
    (more than 0) and the score; for a score given before and after (``score_x_avant`` and
    ``score_x_apres``), over the rows that give both, so that the two means speak of the same
    sessions: ``ecart = apres - avant``.

    Parameters
    ----------
    year : int, optional
        Rows of this year only.

    Returns
    -------
    DataFrame
        `SCORE_COLUMNS`: the name of the score (empty for ``score_avant`` and ``score_apres``
        alone); rows and participants that the means rest on; means in the unit of the table
        (``avant`` and ``ecart`` are missing for a score given once); rows set aside because a
        score is missing, or only the participants; whether the mean rests on fewer than `FEW_ROWS`
        rows or `FEW_PARTICIPANTS` participants. A score that no row gives is left out.
    """
    kept = rows_in(sessions, territory)
    if year is not None:
        kept &= sessions.rows["annee"] == str(year)
    rows = sessions.rows.loc[kept]
    found = [_mean(rows, name, columns) for name, columns in _measures(sessions).items()]
    return pd.DataFrame([f for f in found if f["lignes"]], columns=list(SCORE_COLUMNS))


def _measures(sessions: Sessions) -> dict[str, tuple[str, ...]]:
    """Pair the columns given before and after; the others stand alone."""
    columns = set(sessions.scores)
    out: dict[str, tuple[str, ...]] = {}
    for column in sessions.scores:
        stem, _, moment = column.rpartition("_")
        pair = (f"{stem}_{BEFORE}", f"{stem}_{AFTER}")
        if moment in {BEFORE, AFTER} and columns.issuperset(pair):
            out[_name(stem)] = pair
        else:
            out[_name(column)] = (column,)
    return out


def _name(column: str) -> str:
    return column.removeprefix(SCORE_PREFIX.rstrip("_")).replace("_", " ").strip()


def _mean(rows: pd.DataFrame, name: str, columns: tuple[str, ...]) -> dict[str, object]:
    scored = rows[list(columns)].notna().all(axis=1)
    weighted = rows["participants"] > 0
    used = rows.loc[scored & weighted]
    weights = used["participants"]
    total = float(weights.sum())
    means = [float((used[c] * weights).sum() / total) if total else float("nan") for c in columns]
    before = means[0] if len(columns) > 1 else float("nan")
    return {
        "mesure": name,
        "lignes": len(used),
        "participants": int(total),
        "avant": before,
        "apres": means[-1],
        "ecart": means[-1] - before,
        "sans_score": int((~scored).sum()),
        "sans_participants": int((scored & ~weighted).sum()),
        "faible": len(used) < FEW_ROWS or total < FEW_PARTICIPANTS,
    }
