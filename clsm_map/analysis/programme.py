"""Where the rows of a programme table are, and which QPV and communes they reach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.analysis.scope import qpv_of
from clsm_map.domain.programme import AFTER, BEFORE, EVERY_QPV, EXAMPLE, SCORE_PREFIX
from clsm_map.domain.territories import FRANCE, Territory, departement_of

if TYPE_CHECKING:
    from clsm_map.analysis.ground import Ground
    from clsm_map.domain.programme import ReachId

ANCESTORS: Final = ["epci", "intercommunalite", "departement", "region"]
_COMMUNAL: Final = ("commune", "arrondissement")


@dataclass(frozen=True, eq=False)
class Sessions:
    """A programme table laid over the territories.

    ``rows``: the table (``niveau, code, nom, date, annee, seances, participants, structures, clsm,
      portee, note`` and scores) on an index from 0, with the ``epci, intercommunalite, departement,
      region`` that each row is counted in (missing where it is wider).
    ``reached``: ``ligne`` (index in ``rows``), ``qpv``, ``certain``: see `sessions_of`; ``place``,
      position of the QPV in ``ground.qpv``.
    ``communes``: ``ligne, commune`` (a commune of today).
    ``ground``: territories.
    """

    rows: pd.DataFrame
    reached: pd.DataFrame
    communes: pd.DataFrame
    ground: Ground

    @cached_property
    def scores(self) -> tuple[str, ...]:
        """Columns of the evaluation scores."""
        return tuple(str(c) for c in self.rows.columns if str(c).startswith("score"))

    @cached_property
    def clsm_keys(self) -> pd.Series:
        """The CLSM that each row names, case and spaces apart; missing when it names none."""
        spaced = self.rows["clsm"].str.replace(r"\s+", " ", regex=True)
        return spaced.str.strip().str.casefold()

    @cached_property
    def example(self) -> bool:
        """Whether the table holds made-up rows: see `is_made_up`."""
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
    places = rows[["niveau", "code"]].merge(_places(ground), on=["niveau", "code"], how="left")
    rows = rows.assign(**{c: places[c].to_numpy() for c in ANCESTORS})
    held = rows.loc[rows["seances"].fillna(1) > 0, ["niveau", "code", "portee"]]
    held = held.rename_axis("ligne").reset_index()
    held["certain"] = (held["niveau"] == "qpv") | (held["portee"] == EVERY_QPV).fillna(value=False)
    reached = _reached(held, ground)
    return Sessions(rows, reached, _communes(held, reached, ground), ground)


def rows_in(sessions: Sessions, territory: Territory) -> pd.Series:
    """Tell which rows are counted in a territory.

    ``territory``: France (every row), a région, a département or an EPCI. An EPCI over several
      départements is counted in the one where most of its inhabitants live, so that sums stay
      whole.
    """
    rows, code = sessions.rows, territory.code
    if territory.level == "france":
        return pd.Series(data=True, index=rows.index)
    if territory.level == "epci":
        return ((rows["epci"] == code) | (rows["intercommunalite"] == code)).fillna(value=False)
    return (rows[territory.level] == code).fillna(value=False)


def _places(ground: Ground) -> pd.DataFrame:
    """List every place that a row may name: ``niveau, code`` and the territories it lies in."""
    communes, units = ground.hierarchy.communes, ground.units
    parts = [
        ground.qpv[["code", *ANCESTORS]].assign(niveau="qpv"),
        communes[["code", *ANCESTORS]].assign(niveau="commune"),
        units.loc[units["nature"] == "ancienne", ["code", *ANCESTORS]].assign(niveau="commune"),
        units.loc[units["nature"] == "arrondissement", ["code", *ANCESTORS]].assign(
            niveau="arrondissement"
        ),
        _outside(ground),
        *(_epci(communes, column) for column in ("epci", "intercommunalite")),
    ]
    departements = communes[["departement", "region"]].drop_duplicates("departement")
    parts.append(departements.assign(niveau="departement", code=departements["departement"]))
    collectivites = ground.qpv.loc[ground.qpv["region"].isna(), "departement"].drop_duplicates()
    parts.append(
        pd.DataFrame({"niveau": "departement", "code": collectivites, "departement": collectivites})
    )
    regions = communes["region"].drop_duplicates()
    parts.append(pd.DataFrame({"niveau": "region", "code": regions, "region": regions}))
    listed = pd.concat(parts, ignore_index=True)[["niveau", "code", *ANCESTORS]]
    return listed.drop_duplicates(["niveau", "code"])


def _outside(ground: Ground) -> pd.DataFrame:
    """Communes that only QPV make known: Polynésie française and Saint-Martin."""
    codes = ground.outside["commune"].drop_duplicates()
    return pd.DataFrame(
        {"niveau": "commune", "code": codes, "departement": codes.map(departement_of)}
    )


def _epci(communes: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give each EPCI (or EPT) the département where most of its inhabitants live."""
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
    holders = [
        ground.qpv[["code", column]].set_axis(["qpv", "code"], axis=1).dropna()
        for column in ("epci", "intercommunalite")
    ]
    by_epci = held.loc[held["niveau"] == "epci"].merge(
        pd.concat(holders).drop_duplicates(), on="code"
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


Flags = npt.NDArray[np.bool_]


def touched_qpv(sessions: Sessions, kept: pd.Series) -> tuple[Flags, Flags]:
    """Flag the QPV that rows reach.

    Gives ``sure, touched``: reached for certain, and at all, in the order of
    ``sessions.ground.qpv``.
    """
    of_kept = sessions.reached.loc[kept.to_numpy(np.bool_)[sessions.reached["ligne"]]]
    sure, touched = (np.zeros(len(sessions.ground.qpv), dtype=np.bool_) for _ in range(2))
    touched[of_kept["place"]] = True
    sure[of_kept.loc[of_kept["certain"], "place"]] = True
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

    Gives `SCORE_COLUMNS`: the name of the score (empty for ``score_avant`` and ``score_apres``
    alone); rows and participants that the means rest on; means in the unit of the table (``avant``
    and ``ecart`` are missing for a score given once); rows set aside because a score is missing, or
    only the participants; whether the mean rests on fewer than `FEW_ROWS` rows or
    `FEW_PARTICIPANTS` participants. A score that no row gives is left out.
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
