"""Tables and sentences made of profiles: side by side, ranking, one finding in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map import formats
from clsm_map.analysis.comparison.profile import SMALL_POPULATION
from clsm_map.analysis.comparison.references import inhabitants_2020, members, qpv_codes
from clsm_map.analysis.comparison.values import indicator_of, is_count, value_of, year_for
from clsm_map.analysis.inequality import (
    Inequality,
    QpvGap,
    between_communes,
    given,
    mid_rank,
    qpv_against_rest,
    share_in_qpv,
)
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import marked
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Level, Territory, one_each
from clsm_map.store.territories import frame_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from clsm_map.analysis.comparison.profile import Profile
    from clsm_map.store.snapshot import Snapshot

MAX_SIDE_BY_SIDE: Final = 4


def side_by_side(profiles: Sequence[Profile]) -> pd.DataFrame:
    """Put the values of two to four territories side by side.

    Gives ``indicateur, libelle, unite, decimales, sens, annee, moment``, then a column of values by
    subject, its key as the name; indicators that all of them can have. ``mise_en_garde`` is the
    caution of the indicator, and says when years differ: ``annee`` is then missing and ``moment``
    empty.

    Raises `InvalidInputError`: fewer than two profiles, more than four, or the same subject twice.
    """
    keys = [p.sujet.key for p in profiles]
    if not 2 <= len(profiles) <= MAX_SIDE_BY_SIDE or len(set(keys)) < len(keys):
        raise InvalidInputError("On compare de deux à quatre territoires différents.")
    head = ["indicateur", "libelle", "unite", "decimales", "sens"]
    frames = [p.indicateurs.set_index("indicateur", drop=False) for p in profiles]
    shared = frames[0].index
    for frame in frames[1:]:
        shared = shared[shared.isin(frame.index)]
    table = frames[0].loc[shared]
    years = pd.concat([frame.loc[shared, "annee"] for frame in frames], axis=1)
    said = years.astype(float).fillna(-1)
    same = said.eq(said.iloc[:, 0], axis=0).all(axis=1)
    note = pd.Series("", index=shared).mask(~same, "Les années ne sont pas les mêmes. ")
    table = table.assign(
        **{key: frame.loc[shared, "valeur"] for key, frame in zip(keys, frames, strict=True)},
        annee=table["annee"].where(same),
        moment=table["moment"].where(same, ""),
        mise_en_garde=note.str.cat(table["prudence"]).str.strip(),
    )
    return table[[*head, "annee", "moment", *keys, "mise_en_garde"]].reset_index(drop=True)


def ranking(
    tables: Snapshot,
    indicateur: str,
    level: Level,
    *,
    inside: Territory = FRANCE,
    annee: int | None = None,
) -> pd.DataFrame:
    """Rank the territories of a level on an indicator.

    ``annee``: the latest by default.

    Gives ``rang`` (1 is the highest value, equal values share it), ``ex_aequo`` (how many share
    it), ``code, nom, population, valeur, statut, percentile, effectif_faible``; ranked ones first,
    then the others by code.

    Raises `InvalidInputError`: the indicator does not exist or is not given at that level, with the
    reason.
    """
    indicator = indicator_of(tables, indicateur, level)
    values = tables.indicator(indicateur, level, annee)
    rows = members(tables, level, inside).merge(values, on="code", how="left")
    rows["statut"] = rows["statut"].fillna("manquant")
    known = given(rows).set_axis(rows.index)
    rows["rang"] = known.rank(ascending=False, method="min").astype("Int64")
    rows["ex_aequo"] = known.groupby(known).transform("size").astype("Int64")
    rows["percentile"] = mid_rank(known)
    rows["effectif_faible"] = (rows["population"] < SMALL_POPULATION) & (not is_count(indicator))
    columns = ["rang", "ex_aequo", "code", "nom", "population", "valeur", "statut", "percentile"]
    return rows.sort_values(["rang", "code"], ignore_index=True)[[*columns, "effectif_faible"]]


def sentence(found: Profile, indicateur: str) -> str:
    """State one finding of a profile in a French sentence with its figures.

    Raises `InvalidInputError`: the profile does not have this indicator.
    """
    rows = found.indicateurs.loc[found.indicateurs["indicateur"] == indicateur]
    if rows.empty:
        raise InvalidInputError(f"Cet indicateur n’est pas dans le profil : {indicateur}.")
    row = rows.iloc[0]
    digits, unit = int(row["decimales"]), str(row["unite"])
    name = str(row["libelle"])
    if pd.notna(row["annee"]):
        name += f" ({row['moment']})"
    if math.isnan(row["valeur"]):
        return f"{name}{formats.NBSP}: valeur non connue pour {found.sujet.nom}."
    value = marked(formats.with_unit(row["valeur"], unit, digits), row["statut"])
    text = f"{name}{formats.NBSP}: {value}"
    text += f" ({found.sujet.nom})"
    if not math.isnan(row["reference"]):
        text += f", contre {formats.with_unit(row['reference'], unit, digits)}"
        text += f" ({row['reference_nom']})"
    if found.pairs and not math.isnan(row["percentile"]):
        text += f"{formats.NNBSP}; {place_text(row, found.pairs)}"
    return f"{text}."


def place_text(row: Mapping[Any, Any] | pd.Series, peers: str) -> str:
    """Write a place among peers: rank, ties, who the peers are, share of them strictly below.

    ``row``: ``rang, ex_aequo, n_pairs`` of a row of a profile.
    ``peers``: who they are, in the plural: ``départements (France)``.
    """
    place, ties, n = int(row["rang"]), int(row["ex_aequo"]), int(row["n_pairs"])
    below = formats.percent(100 * (n - place + 1 - ties) / n, 0)
    return (
        f"{formats.rank(place, ties)} sur {formats.number(n)} {peers} dont la valeur est connue, "
        f"plus haut que {below} des pairs"
    )


def median_name(level: Level, n: int) -> str:
    """Name a median for what it is: ``médiane de 34 798 communes, chacune pour une``."""
    return f"médiane de {formats.count(n, *LEVEL_LABELS[level])}, {one_each(level)}"


def inequality_of(
    tables: Snapshot, territory: Territory, indicateur: str, annee: int | None = None
) -> Inequality:
    """Measure how far the communes of a territory differ on an indicator.

    ``annee``: the latest by default.

    Gives communes weighted by their inhabitants.

    Raises `InvalidInputError`: the indicator does not exist, is a number of things, or is not given
    for communes.
    """
    indicator = indicator_of(tables, indicateur, "commune")
    if is_count(indicator):
        raise InvalidInputError(
            "Un nombre dépend de la taille de la commune : sa dispersion n’a pas de sens ici."
        )
    year = year_for(tables, indicator, "commune", annee)
    population = members(tables, "commune", territory).set_index("code")["population"]
    values = tables.indicator(indicateur, "commune", year).set_index("code")
    rows = values.reindex(population.index).fillna({"statut": "manquant"}).reset_index()
    return between_communes(rows, population.astype(float))


def qpv_share_of(tables: Snapshot, territory: Territory) -> float:
    """Give the share of a territory's inhabitants who live in a QPV of 2024, %.

    Inhabitants of the QPV and of the territory are those of the census of 2020.

    Gives missing when the population of a QPV, or of the territory, is not known.
    """
    mine = tables.qpv["code"].isin(qpv_codes(tables, territory))
    people: pd.Series = tables.qpv.loc[mine, "population"].astype(float)
    return share_in_qpv(people, inhabitants_2020(tables, territory))


def qpv_gap_of(tables: Snapshot, territory: Territory, indicateur: str = "taux_pauvrete") -> QpvGap:
    """Compare a rate in the QPV of a territory with the rest of it.

    Gives missing figures, with the reason, when a QPV lies partly outside or a value is unknown.

    Raises `InvalidInputError`: the indicator does not exist, is not a percentage, or is not given
    for QPV or at the level of the territory.
    """
    indicator = indicator_of(tables, indicateur, "qpv", territory.level)
    if indicator.unite != "%":
        raise InvalidInputError("Seul un pourcentage se compare ainsi.")
    whole = value_of(tables, indicator, territory)
    if year_for(tables, indicator, "qpv", whole.annee) != whole.annee:
        return QpvGap("Les quartiers et le territoire n’ont pas de valeur pour la même année.")
    codes = qpv_codes(tables, territory)
    if _straddles(tables, territory, codes):
        return QpvGap(
            "Un des quartiers s’étend hors du territoire : sa part à l’intérieur n’est pas connue."
        )
    values = given(tables.indicator(indicateur, "qpv", whole.annee))
    rows = pd.DataFrame(tables.qpv.loc[tables.qpv["code"].isin(codes), ["code", "population"]])
    rows = rows.assign(valeur=rows["code"].map(values))
    return qpv_against_rest(rows, whole.valeur, inhabitants_2020(tables, territory))


def years_of(tables: Snapshot, indicateur: str, level: Level) -> pd.DataFrame:
    """Stack the years of an indicator at a level, for `clsm_map.analysis.distribution.trend`.

    Gives ``code, annee, valeur, statut``.

    Raises `InvalidInputError`: the indicator does not exist, is not given at that level, or has
    fewer than two years.
    """
    indicator_of(tables, indicateur, level)
    years = tables.years(indicateur, level)
    if len(years) < 2:
        raise InvalidInputError("Cet indicateur n’est connu que pour une année : pas d’évolution.")
    parts = [tables.indicator(indicateur, level, year).assign(annee=year) for year in years]
    return pd.concat(parts, ignore_index=True)[["code", "annee", "valeur", "statut"]]


def departement_of(tables: Snapshot, level: Level) -> pd.Series:
    """Give the only département of each territory of a level, by code; empty when it has several.

    ``level``: an EPCI over several départements counts in that of most of its inhabitants.
    """
    if level == "france":
        return pd.Series("", index=pd.Index([FRANCE.code]))
    departements = tables.departements.set_index("code")
    if level == "departement":
        return pd.Series(departements.index, index=departements.index)
    if level == "region":
        codes = departements.index.to_series().groupby(departements["region"]).agg(list)
        return codes.map(lambda held: held[0] if len(held) == 1 else "")
    frame = frame_of(tables, level)
    return pd.Series(frame["departement"].to_numpy(), index=pd.Index(frame["code"]))


def _straddles(tables: Snapshot, territory: Territory, codes: pd.Series) -> bool:
    if territory.level == "france":
        return False
    own = {territory.code}
    if territory.level not in {"commune", "arrondissement"}:
        own = set(members(tables, "commune", territory)["code"])
    former = tables.anciennes_communes
    own |= set(former.loc[former["commune"].isin(own), "code"])
    communes = tables.qpv.loc[tables.qpv["code"].isin(codes), "communes"].str.split(";").explode()
    return not communes.isin(own).all()
