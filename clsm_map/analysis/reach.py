"""The reach of a programme, by year and by territory, against what could be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clsm_map.analysis.activity import ACTIVE
from clsm_map.analysis.centre import devices_covering
from clsm_map.analysis.programme import Flags, Sessions, rows_in, touched_qpv
from clsm_map.analysis.scope import level_codes, qpv_of, units_in
from clsm_map.domain.territories import FRANCE, Territory

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage

COUNTED: Final = ("seances", "participants", "structures")


@dataclass(frozen=True, slots=True)
class Reach:
    """What rows reached in a territory, beside what could be reached there.

    ``lignes``: rows counted in the territory.
    ``seances, participants, structures``: sums of what rows say; ``nan`` when none says it. The
      same structure in two rows counts twice.
    ``sans_seances, sans_participants, sans_structures``: rows that do not say it.
    ``communes``: communes of today reached.
    ``qpv_atteints, qpv_possibles``: QPV reached for certain; those only in a commune or an EPCI
      named without its QPV.
    ``habitants_atteints, atteints_sans_population``: known inhabitants (RP 2020) of the QPV
      reached; those whose population is not known.
    ``clsm_touches``: active CLSM recorded that hold, in whole or in part, a QPV reached.
    ``clsm_nommes``: different CLSM that rows name.
    ``qpv, habitants_qpv, qpv_sans_population``: QPV of the territory, their known inhabitants,
      those without.
    ``clsm_couvrants``: active CLSM recorded that hold a QPV of the territory.
    """

    lignes: int
    seances: float
    participants: float
    structures: float
    sans_seances: int
    sans_participants: int
    sans_structures: int
    communes: int
    qpv_atteints: int
    qpv_possibles: int
    habitants_atteints: int
    atteints_sans_population: int
    clsm_touches: int
    clsm_nommes: int
    qpv: int
    habitants_qpv: int
    qpv_sans_population: int
    clsm_couvrants: int

    @property
    def part_qpv(self) -> float:
        """``100 × qpv_atteints / qpv``; ``nan`` without a QPV."""
        return _share(self.qpv_atteints, self.qpv)

    @property
    def part_habitants(self) -> float:
        """``100 × habitants_atteints / habitants_qpv``, known inhabitants on both sides."""
        return _share(self.habitants_atteints, self.habitants_qpv)

    @property
    def part_clsm(self) -> float:
        """``100 × clsm_touches / clsm_couvrants``; ``nan`` without such a CLSM."""
        return _share(self.clsm_touches, self.clsm_couvrants)


def reach_of(
    sessions: Sessions,
    coverage: Coverage,
    territory: Territory = FRANCE,
    *,
    rows: pd.Series | None = None,
) -> Reach:
    """Compute the reach in a territory.

    ``rows``: rows kept (those of a year), on the index of the rows; every row by default.

    Gives figures count the rows of the territory; QPV and communes are those of the territory that
    any kept row reaches, wherever that row is counted.
    """
    kept = pd.Series(data=True, index=sessions.rows.index) if rows is None else rows
    here = qpv_of(sessions.ground, territory).to_numpy(np.bool_)
    communes = _communes_in(sessions, territory)
    return _figures(sessions, coverage, kept, rows_in(sessions, territory), here, communes)


def reach_by_year(
    sessions: Sessions, coverage: Coverage, territory: Territory = FRANCE
) -> pd.DataFrame:
    """Compute the reach of each year, from the first that the table names to the last.

    Gives ``annee`` (int), the fields of `Reach`, ``part_qpv, part_habitants``, ``nouveaux`` (QPV
    reached that no earlier year reached) and ``cumul`` (QPV reached since the first year). A year
    without a row in the territory is there, with 0 row and unknown sums.
    """
    years = sessions.rows["annee"].astype("int64")
    here = qpv_of(sessions.ground, territory).to_numpy(np.bool_)
    seen = np.zeros(len(here), dtype=np.bool_)
    out = []
    for year in range(int(years.min()), int(years.max()) + 1) if len(years) else ():
        of_year = years == year
        found = reach_of(sessions, coverage, territory, rows=of_year)
        reached = touched_qpv(sessions, of_year)[0] & here
        new = int((reached & ~seen).sum())
        seen |= reached
        shares = {"part_qpv": found.part_qpv, "part_habitants": found.part_habitants}
        out.append(
            {"annee": year, **_fields(found), **shares, "nouveaux": new, "cumul": int(seen.sum())}
        )
    columns = ["annee", *Reach.__dataclass_fields__, "part_qpv", "part_habitants", "nouveaux"]
    return pd.DataFrame(out, columns=[*columns, "cumul"])


def reach_by_part(
    sessions: Sessions, coverage: Coverage, territory: Territory, level: str
) -> pd.DataFrame:
    """Compute the reach of each part of a territory.

    ``level``: ``region``, ``departement`` or ``epci``; see `clsm_map.analysis.scope.level_codes`.

    Gives ``code``, the fields of `Reach`, ``part_qpv, part_habitants``; one row per part that holds
    a QPV of the territory or a row of the table, most QPV reached first.
    """
    ground, rows = sessions.ground, sessions.rows
    inside = rows_in(sessions, territory)
    here = qpv_of(ground, territory)
    qpv_codes, row_codes = level_codes(ground.qpv, level), level_codes(rows, level)
    communes = _communes_in(sessions, territory)
    commune_codes = _commune_codes(sessions, communes, level)
    every = pd.Series(data=True, index=rows.index)
    out = []
    for code in sorted({*qpv_codes[here].dropna(), *row_codes[inside].dropna()}):
        found = _figures(
            sessions,
            coverage,
            every,
            inside & (row_codes == code).fillna(value=False),
            (here & (qpv_codes == code).fillna(value=False)).to_numpy(np.bool_),
            communes.loc[(commune_codes == code).fillna(value=False)],
        )
        shares = {"part_qpv": found.part_qpv, "part_habitants": found.part_habitants}
        out.append({"code": code, **_fields(found), **shares})
    columns = ["code", *Reach.__dataclass_fields__, "part_qpv", "part_habitants"]
    frame = pd.DataFrame(out, columns=columns)
    order = ["qpv_atteints", "lignes", "qpv"]
    return frame.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def _figures(
    sessions: Sessions,
    coverage: Coverage,
    kept: pd.Series,
    inside: pd.Series,
    here: Flags,
    communes: pd.DataFrame,
) -> Reach:
    """Count rows ``kept & inside``, and the QPV (``here``) and communes that kept rows reach."""
    counted = kept & inside
    rows = sessions.rows.loc[counted]
    sums = rows[list(COUNTED)].sum(min_count=1)
    unsaid = rows[list(COUNTED)].isna().sum()
    sure, touched = touched_qpv(sessions, kept)
    qpv = sessions.ground.qpv
    people = qpv["population"].to_numpy("float64")
    reached = sure & here
    of_kept = communes.loc[kept.to_numpy(np.bool_)[communes["ligne"]], "commune"]
    return Reach(
        lignes=len(rows),
        seances=float(sums["seances"]),
        participants=float(sums["participants"]),
        structures=float(sums["structures"]),
        sans_seances=int(unsaid["seances"]),
        sans_participants=int(unsaid["participants"]),
        sans_structures=int(unsaid["structures"]),
        communes=int(of_kept.nunique()),
        qpv_atteints=int(reached.sum()),
        qpv_possibles=int((touched & ~sure & here).sum()),
        habitants_atteints=int(np.nansum(people[reached])),
        atteints_sans_population=int(np.isnan(people[reached]).sum()),
        clsm_touches=_holding(coverage, qpv.loc[reached, "code"]),
        clsm_nommes=int(sessions.clsm_keys[counted].nunique()),
        qpv=int(here.sum()),
        habitants_qpv=int(np.nansum(people[here])),
        qpv_sans_population=int(np.isnan(people[here]).sum()),
        clsm_couvrants=_holding(coverage, qpv.loc[here, "code"]),
    )


def _holding(coverage: Coverage, qpv: pd.Series) -> int:
    devices = coverage.devices
    active = devices.loc[devices["role"] == ACTIVE, "id"]
    return devices_covering(coverage.ground.links, active, qpv)


def _communes_in(sessions: Sessions, territory: Territory) -> pd.DataFrame:
    """Pairs of a row and a commune that lies in a territory."""
    if territory.level == "france":
        return sessions.communes
    ground = sessions.ground
    units = ground.units.loc[units_in(ground.units, territory), "commune"]
    outside = ground.outside.loc[
        ground.outside["qpv"].isin(ground.qpv.loc[qpv_of(ground, territory), "code"]), "commune"
    ]
    held = sessions.communes["commune"].isin([*units.unique(), *outside.unique()])
    return sessions.communes.loc[held]


def _commune_codes(sessions: Sessions, communes: pd.DataFrame, level: str) -> pd.Series:
    """Part of the territory that holds each commune reached."""
    known = sessions.ground.hierarchy.communes.set_index("code")
    where = known.reindex(communes["commune"])[["intercommunalite", "departement", "region"]]
    where = where.set_axis(communes.index)
    alone = where["departement"].isna()
    where.loc[alone, "departement"] = communes.loc[alone, "commune"].str[:3]
    return level_codes(where, level)


def _fields(reach: Reach) -> dict[str, float]:
    return {name: getattr(reach, name) for name in Reach.__dataclass_fields__}


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else float("nan")
