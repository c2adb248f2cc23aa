"""The QPV that a programme table reaches, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.analysis.scope import qpv_of
from clsm_map.domain.territories import FRANCE, Territory

if TYPE_CHECKING:
    from clsm_map.analysis.programme import Sessions
    from clsm_map.domain.programme import ReachId

Flags = npt.NDArray[np.bool_]


def touched_qpv(sessions: Sessions, kept: pd.Series) -> tuple[Flags, Flags]:
    """Flag the QPV that rows reach.

    Parameters
    ----------
    kept : Series of bool
        Rows that count, on the index of the rows.

    Returns
    -------
    sure, touched : arrays of bool
        Reached for certain, and at all, in the order of ``sessions.ground.qpv``.
    """
    of_kept = sessions.reached.loc[kept.to_numpy(np.bool_)[sessions.reached["ligne"]]]
    sure, touched = (np.zeros(len(sessions.ground.qpv), dtype=np.bool_) for _ in range(2))
    touched[of_kept["place"]] = True
    sure[of_kept.loc[of_kept["certain"], "place"]] = True
    return sure, touched


def qpv_reach(sessions: Sessions, territory: Territory = FRANCE) -> pd.DataFrame:
    """Give the state of each QPV of a territory.

    Returns
    -------
    DataFrame
        ``code, etat`` (see `clsm_map.domain.programme.REACH_STATES`), ``lignes`` (that reach it
        for certain), ``seances, participants`` (of the rows that name it; those of a commune are
        not shared out) and ``derniere`` (its last date, as written; empty when never reached).
    """
    ground, rows = sessions.ground, sessions.rows
    here = qpv_of(ground, territory).to_numpy(np.bool_)
    codes = pd.Index(ground.qpv.loc[here, "code"])
    sure, touched = touched_qpv(sessions, pd.Series(data=True, index=rows.index))
    certain = sessions.reached.loc[sessions.reached["certain"]]
    dates = certain.assign(date=rows["date"].to_numpy()[certain["ligne"]])
    by_qpv = dates.groupby("qpv").agg(lignes=("ligne", "size"), derniere=("date", "max"))
    by_qpv = by_qpv.reindex(codes)
    named = rows.loc[rows["niveau"] == "qpv"].groupby("code")[["seances", "participants"]]
    sums = named.sum(min_count=1).reindex(codes)
    states: tuple[ReachId, ...] = ("hors_tableau", "possible", "atteint")
    return pd.DataFrame(
        {
            "code": codes,
            "etat": np.array(states)[np.where(sure, 2, touched)[here]],
            "lignes": by_qpv["lignes"].fillna(0).astype("int64").to_numpy(),
            "seances": sums["seances"].to_numpy(),
            "participants": sums["participants"].to_numpy(),
            "derniere": by_qpv["derniere"].fillna("").to_numpy(),
        }
    )
