"""A programme table laid over the territories: what its rows reach, against what could be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from clsm_map.analysis.ground import ANCESTORS, Flags, holders, inside, level_codes, qpv_of
from clsm_map.analysis.inequality import weighted_mean
from clsm_map.domain.programme import AFTER, BEFORE, EVERY_QPV, EXAMPLE, SCORE_PREFIX
from clsm_map.domain.territories import FRANCE, Territory, departement_of

if TYPE_CHECKING:
    from clsm_map.analysis.coverage import Coverage
    from clsm_map.analysis.ground import Ground
    from clsm_map.domain.programme import ReachId

_COMMUNAL: Final = ("commune", "arrondissement")


@dataclass(frozen=True, eq=False)
class Sessions:
    """A programme table laid over the territories.

    ``rows``: the table (``niveau, code, nom, date, annee, seances, participants, structures, clsm,
      portee, note`` and scores) on an index from 0, with the ``epci, intercommunalite, departement,
      region`` that each row is counted in (missing where it is wider).
    ``reached``: ``ligne`` (index in ``rows``), ``qpv``, ``certain``: see `sessions_of`; ``place``,
      position of the QPV in ``ground.qpv``.
    ``communes``: ``ligne, commune`` (a commune of today), and what it lies in.
    """

    rows: pd.DataFrame
    reached: pd.DataFrame
    communes: pd.DataFrame
    ground: Ground

    @property
    def every(self) -> pd.Series:
        """All the rows kept."""
        return pd.Series(data=True, index=self.rows.index)

    @cached_property
    def clsm_keys(self) -> pd.Series:
        """The CLSM that each row names, case and spaces apart; missing when it names none."""
        spaced = self.rows["clsm"].str.replace(r"\s+", " ", regex=True)
        return spaced.str.strip().str.casefold()

    @cached_property
    def example(self) -> bool:
        """Whether the table holds made-up rows."""
        return is_made_up(self.rows)


def is_made_up(programme: pd.DataFrame) -> bool:
    """Tell whether a table holds made-up rows: the note of one is enough to mark them all."""
    return bool(programme["note"].str.contains(EXAMPLE, regex=False, na=False).any())


def sessions_of(programme: pd.DataFrame, ground: Ground) -> Sessions:
    """Lay a programme table over the territories.

    A row reaches:

    - the QPV that it names, for certain, and all the communes of that QPV;
    - the commune that it names (the city of an arrondissement, today's commune of a former one);
      the QPV of that commune for certain only when the row documents it (``portee`` is
      `EVERY_QPV`), else they are *possible*;
    - the QPV of the EPCI that it names, by the same rule, and when documented their communes;
    - nothing when it names a département, a région or France, or when it says 0 session.

    ``programme``: ``niveau, code, nom, date, annee, seances, participants, structures, clsm,
      portee, note`` and ``score_…``: what the import accepts.
    """
    rows = programme.reset_index(drop=True)
    places = _places(ground)
    rows = rows.merge(places, on=["niveau", "code"], how="left")
    held = rows.loc[rows["seances"].fillna(1) > 0, ["niveau", "code", "portee"]]
    held = held.rename_axis("ligne").reset_index()
    held["certain"] = (held["niveau"] == "qpv") | held["portee"].eq(EVERY_QPV)
    reached = _reached(held, ground)
    communes = _communes(held, reached, ground).merge(
        places.loc[places["niveau"] == "commune"], left_on="commune", right_on="code", how="left"
    )
    return Sessions(rows, reached, communes, ground)


def _places(ground: Ground) -> pd.DataFrame:
    """List every place that a row may name: ``niveau, code`` and the territories it lies in.

    An EPCI over several départements is counted in the one where most of its inhabitants live, so
    that sums stay whole; Polynésie française and Saint-Martin are known by their QPV only.
    """
    communes, units = ground.hierarchy.tables.communes_all, ground.units
    nature = units["nature"].replace("ancienne", "commune")
    outside = ground.outside[["commune"]].set_axis(["code"], axis=1)
    collectivites = ground.qpv.loc[ground.qpv["region"].isna(), ["departement"]]
    departements = pd.concat([communes[["departement", "region"]], collectivites])
    regions = communes[["region"]]
    listed = pd.concat(
        [
            ground.qpv[["code", *ANCESTORS]].assign(niveau="qpv"),
            communes[["code", *ANCESTORS]].assign(niveau="commune"),
            units[["code", *ANCESTORS]].assign(niveau=nature),
            outside.assign(niveau="commune", departement=outside["code"].map(departement_of)),
            *(_epci(communes, column) for column in ("epci", "intercommunalite")),
            departements.assign(niveau="departement", code=departements["departement"]),
            regions.assign(niveau="region", code=regions["region"]),
        ],
        ignore_index=True,
    )
    return listed[["niveau", "code", *ANCESTORS]].drop_duplicates(["niveau", "code"])


def _epci(communes: pd.DataFrame, column: str) -> pd.DataFrame:
    people = communes.assign(population=communes["population"].fillna(0))
    sums = people.groupby([column, "departement", "region"])["population"].sum().reset_index()
    most = sums.sort_values("population", kind="stable").drop_duplicates(column, keep="last")
    whole = dict(zip(people[column], people["epci"], strict=True))
    return most.assign(
        niveau="epci",
        code=most[column],
        epci=most[column].map(whole),
        intercommunalite=most[column] if column == "intercommunalite" else None,
    )


def _reached(held: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Pair rows and QPV; a pair is certain or possible."""
    columns = ["ligne", "qpv", "certain"]
    named = held.loc[held["niveau"] == "qpv"].rename(columns={"code": "qpv"})
    members = ground.hierarchy.members
    members = members.loc[members["nature"] == "commune", ["code", "commune"]]
    communal = held.loc[held["niveau"].isin(_COMMUNAL)]
    units = pd.concat(
        [communal.merge(members, on="code"), communal.assign(commune=communal["code"])]
    )
    by_commune = units.merge(ground.qpv_communes[["qpv", "commune"]], on="commune")
    by_epci = held.loc[held["niveau"] == "epci"].merge(
        holders(ground.qpv).set_axis(["code", "qpv"], axis=1), on="code"
    )
    pairs = pd.concat([part[columns] for part in (named, by_commune, by_epci)])
    pairs = pairs.drop_duplicates().sort_values(columns[:2], ignore_index=True)
    return pairs.assign(place=pd.Index(ground.qpv["code"]).get_indexer(pd.Index(pairs["qpv"])))


def _communes(held: pd.DataFrame, reached: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Pair rows and the communes of today that they reach."""
    communal = held.loc[held["niveau"].isin(_COMMUNAL), ["ligne", "code"]]
    by_name = communal.set_axis(["ligne", "commune"], axis=1)
    spread = held.loc[held["certain"] & ~held["niveau"].isin(_COMMUNAL), "ligne"]
    listed = ground.qpv[["code", "communes"]].set_axis(["qpv", "commune"], axis=1)
    listed = listed.assign(commune=listed["commune"].str.split(";")).explode("commune")
    by_qpv = reached.loc[reached["ligne"].isin(spread)].merge(listed, on="qpv")
    pairs = pd.concat([by_name, by_qpv[["ligne", "commune"]]])
    parents = ground.units.set_index("code")["commune"]
    today = pairs["commune"].map(parents).fillna(pairs["commune"])
    return pairs.assign(commune=today).drop_duplicates(ignore_index=True)


def _touched(sessions: Sessions, kept: pd.Series) -> tuple[Flags, Flags]:
    """Flag the QPV that rows reach for certain, and at all, in the order of the QPV."""
    pairs = sessions.reached.loc[kept.to_numpy(np.bool_)[sessions.reached["ligne"]]]
    sure, touched = (np.zeros(len(sessions.ground.qpv), dtype=np.bool_) for _ in range(2))
    touched[pairs["place"]] = True
    sure[pairs.loc[pairs["certain"], "place"]] = True
    return sure, touched


def qpv_reach(sessions: Sessions, territory: Territory = FRANCE) -> pd.DataFrame:
    """Give the state of each QPV of a territory.

    Gives ``code, etat`` (see `clsm_map.domain.programme.REACH_STATES`), ``lignes`` (that reach it
    for certain), ``seances, participants`` (of the rows that name it; those of a commune are not
    shared out) and ``derniere`` (its last date, as written; empty when never reached).
    """
    ground, rows = sessions.ground, sessions.rows
    here = qpv_of(ground, territory).to_numpy(np.bool_)
    codes = pd.Index(ground.qpv.loc[here, "code"])
    sure, touched = _touched(sessions, sessions.every)
    certain = sessions.reached.loc[sessions.reached["certain"]]
    dates = certain.assign(date=rows["date"].to_numpy()[certain["ligne"]])
    by_qpv = dates.groupby("qpv").agg(lignes=("ligne", "size"), derniere=("date", "max"))
    named = rows.loc[rows["niveau"] == "qpv"].groupby("code")[["seances", "participants"]]
    found = by_qpv.join(named.sum(min_count=1), how="outer").reindex(codes)
    states: tuple[ReachId, ...] = ("hors_tableau", "possible", "atteint")
    return pd.DataFrame(
        {
            "code": codes,
            "etat": np.array(states)[np.where(sure, 2, touched)[here]],
            "lignes": found["lignes"].fillna(0).astype("int64").to_numpy(),
            "seances": found["seances"].to_numpy(),
            "participants": found["participants"].to_numpy(),
            "derniere": found["derniere"].fillna("").to_numpy(),
        }
    )


COUNTED: Final = ("seances", "participants", "structures")
_SHARES: Final = ("part_qpv", "part_habitants")


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
        return _percent(self.qpv_atteints, self.qpv)

    @property
    def part_habitants(self) -> float:
        """``100 × habitants_atteints / habitants_qpv``, known inhabitants on both sides."""
        return _percent(self.habitants_atteints, self.habitants_qpv)

    @property
    def part_clsm(self) -> float:
        """``100 × clsm_touches / clsm_couvrants``; ``nan`` without such a CLSM."""
        return _percent(self.clsm_touches, self.clsm_couvrants)


def reach_of(sessions: Sessions, coverage: Coverage, territory: Territory = FRANCE) -> Reach:
    """Compute the reach in a territory.

    Figures count the rows of the territory; QPV and communes are those of the territory that any
    row reaches, wherever that row is counted.
    """
    return _reach(sessions, coverage, territory, sessions.every)


def _reach(sessions: Sessions, coverage: Coverage, territory: Territory, kept: pd.Series) -> Reach:
    here = qpv_of(sessions.ground, territory).to_numpy()
    mine = inside(sessions.rows, territory)
    return _figures(sessions, coverage, kept, mine, here, inside(sessions.communes, territory))


def reach_by_year(
    sessions: Sessions, coverage: Coverage, territory: Territory = FRANCE
) -> pd.DataFrame:
    """Compute the reach of each year, from the first that the table names to the last.

    Gives ``annee`` (int), the fields of `Reach`, ``part_qpv, part_habitants``, ``nouveaux`` (QPV
    reached that no earlier year reached) and ``cumul`` (QPV reached since the first year). A year
    without a row in the territory is there, with 0 row and unknown sums.
    """
    years = sessions.rows["annee"].astype("int64")
    here = qpv_of(sessions.ground, territory).to_numpy()
    seen, out = np.zeros(len(here), dtype=np.bool_), []
    for year in range(int(years.min()), int(years.max()) + 1) if len(years) else ():
        found = _reach(sessions, coverage, territory, years == year)
        so_far = _touched(sessions, years <= year)[0] & here
        new = int((so_far & ~seen).sum())
        out.append({"annee": year, **_row(found), "nouveaux": new, "cumul": int(so_far.sum())})
        seen = so_far
    columns = ["annee", *Reach.__dataclass_fields__, *_SHARES, "nouveaux", "cumul"]
    return pd.DataFrame(out, columns=columns)


def reach_by_part(
    sessions: Sessions, coverage: Coverage, territory: Territory, level: str
) -> pd.DataFrame:
    """Compute the reach of each part of a territory.

    ``level``: ``region``, ``departement`` or ``epci``; see `clsm_map.analysis.ground.level_codes`.

    Gives ``code``, the fields of `Reach`, ``part_qpv, part_habitants``; one row per part that holds
    a QPV of the territory or a row of the table, most QPV reached first.
    """
    ground, rows = sessions.ground, sessions.rows
    mine, here = inside(rows, territory), qpv_of(ground, territory)
    of_qpv, of_rows = level_codes(ground.qpv, level), level_codes(rows, level)
    of_communes, near = level_codes(sessions.communes, level), inside(sessions.communes, territory)
    out = []
    for code in sorted({*of_qpv[here].dropna(), *of_rows[mine].dropna()}):
        found = _figures(
            sessions,
            coverage,
            sessions.every,
            mine & (of_rows == code),
            (here & (of_qpv == code)).to_numpy(),
            near & (of_communes == code),
        )
        out.append({"code": code, **_row(found)})
    frame = pd.DataFrame(out, columns=["code", *Reach.__dataclass_fields__, *_SHARES])
    order = ["qpv_atteints", "lignes", "qpv"]
    return frame.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def _figures(
    sessions: Sessions,
    coverage: Coverage,
    kept: pd.Series,
    mine: pd.Series,
    here: Flags,
    near: pd.Series,
) -> Reach:
    """Count rows ``kept & mine``, QPV (``here``) and communes (``near``) that kept rows reach."""
    counted = kept & mine
    rows = sessions.rows.loc[counted]
    sums = rows[list(COUNTED)].sum(min_count=1)
    unsaid = rows[list(COUNTED)].isna().sum()
    sure, touched = _touched(sessions, kept)
    qpv, links = sessions.ground.qpv, coverage.ground.links
    people = qpv["population"].to_numpy("float64")
    reached = sure & here
    communes = sessions.communes.loc[near]
    return Reach(
        lignes=len(rows),
        seances=float(sums["seances"]),
        participants=float(sums["participants"]),
        structures=float(sums["structures"]),
        sans_seances=int(unsaid["seances"]),
        sans_participants=int(unsaid["participants"]),
        sans_structures=int(unsaid["structures"]),
        communes=communes.loc[communes["ligne"].map(kept), "commune"].nunique(),
        qpv_atteints=int(reached.sum()),
        qpv_possibles=int((touched & ~sure & here).sum()),
        habitants_atteints=int(np.nansum(people[reached])),
        atteints_sans_population=int(np.isnan(people[reached]).sum()),
        clsm_touches=links.count(coverage.active, qpv.loc[reached, "code"]),
        clsm_nommes=int(sessions.clsm_keys[counted].nunique()),
        qpv=int(here.sum()),
        habitants_qpv=int(np.nansum(people[here])),
        qpv_sans_population=int(np.isnan(people[here]).sum()),
        clsm_couvrants=links.count(coverage.active, qpv.loc[here, "code"]),
    )


def _row(reach: Reach) -> dict[str, float]:
    return asdict(reach) | {name: getattr(reach, name) for name in _SHARES}


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else float("nan")


FEW_PARTICIPANTS: Final = 30
FEW_ROWS: Final = 5
"""Under either, a mean is flagged: it may rest on a handful of people or of sessions."""

SCORE_COLUMNS: Final = [
    "mesure", "lignes", "participants", "avant", "apres", "ecart", "sans_score",
    "sans_participants", "faible",
]  # fmt: skip


def score_means(
    sessions: Sessions, territory: Territory = FRANCE, *, year: int | None = None
) -> pd.DataFrame:
    """Compute the weighted means of the scores in a territory.

    ``mean = Σ participants × score / Σ participants`` over the rows that give the participants
    (more than 0) and the score; for a score given before and after (``score_x_avant`` and
    ``score_x_apres``), over the rows that give both, so that the two means speak of the same
    sessions: ``ecart = apres - avant``.

    Gives `SCORE_COLUMNS`: the name of the score (empty for ``score_avant`` and ``score_apres``
    alone); rows and participants that the means rest on; means in the unit of the table (``avant``
    and ``ecart`` are missing for a score given once); rows set aside because a score is missing, or
    only the participants; whether the mean rests on fewer than `FEW_ROWS` rows or
    `FEW_PARTICIPANTS` participants. A score that no row gives is left out.
    """
    rows = sessions.rows.loc[inside(sessions.rows, territory)]
    if year is not None:
        rows = rows.loc[rows["annee"] == str(year)]
    found = [_mean(rows, name, columns) for name, columns in _measures(rows).items()]
    return pd.DataFrame([f for f in found if f["lignes"]], columns=SCORE_COLUMNS)


def _measures(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Columns of each score: two where it is given before and after."""
    columns = [str(c) for c in rows.columns if str(c).startswith("score")]
    out: dict[str, list[str]] = {}
    for column in columns:
        stem, _, moment = column.rpartition("_")
        pair = [f"{stem}_{BEFORE}", f"{stem}_{AFTER}"]
        paired = moment in {BEFORE, AFTER} and set(pair) <= set(columns)
        name = (stem if paired else column).removeprefix(SCORE_PREFIX.rstrip("_"))
        out[name.replace("_", " ").strip()] = pair if paired else [column]
    return out


def _mean(rows: pd.DataFrame, name: str, columns: list[str]) -> dict[str, object]:
    scored = rows[columns].notna().all(axis=1)
    weighted = rows["participants"] > 0
    used = rows.loc[scored & weighted]
    weights = used["participants"].to_numpy(float)
    means = [weighted_mean(used[c].to_numpy(float), weights) for c in columns]
    before = means[0] if len(columns) > 1 else float("nan")
    return {
        "mesure": name,
        "lignes": len(used),
        "participants": int(weights.sum()),
        "avant": before,
        "apres": means[-1],
        "ecart": means[-1] - before,
        "sans_score": int((~scored).sum()),
        "sans_participants": int((scored & ~weighted).sum()),
        "faible": len(used) < FEW_ROWS or weights.sum() < FEW_PARTICIPANTS,
    }
