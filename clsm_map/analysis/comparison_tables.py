"""Tables and sentences made of profiles: side by side, ranking, one finding in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map import formats
from clsm_map.analysis.comparison import SMALL_POPULATION
from clsm_map.analysis.comparison_references import members
from clsm_map.analysis.comparison_values import is_count, level_refusal
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN, marked
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Level, Territory, one_each

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from clsm_map.analysis.comparison import Profile
    from clsm_map.analysis.comparison_references import IndicatorTables

MAX_SIDE_BY_SIDE: Final = 4


def side_by_side(profiles: Sequence[Profile]) -> pd.DataFrame:
    """Put the values of two to four territories side by side.

    Returns
    -------
    DataFrame
        ``indicateur, libelle, unite, decimales, sens, annee, moment``, then a column of values by
        subject, its key as the name; indicators that all of them can have. ``mise_en_garde`` is
        the caution of the indicator, and says when years differ: ``annee`` is then missing and
        ``moment`` empty.

    Raises
    ------
    InvalidInputError
        Fewer than two profiles, more than four, or the same subject twice.
    """
    keys = [p.sujet.key for p in profiles]
    if not 2 <= len(profiles) <= MAX_SIDE_BY_SIDE or len(set(keys)) < len(keys):
        raise InvalidInputError("On compare de deux à quatre territoires différents.")
    head = ["indicateur", "libelle", "unite", "decimales", "sens"]
    table = profiles[0].indicateurs[[*head, "moment"]]
    years = []
    for key, one in zip(keys, profiles, strict=True):
        values = one.indicateurs.set_index("indicateur")
        table = table.loc[table["indicateur"].isin(values.index)]
        table = table.assign(**{key: table["indicateur"].map(values["valeur"])})
        years.append(values["annee"])
    aligned = pd.concat(years, axis=1).reindex(table["indicateur"]).astype(float)
    first = aligned.iloc[:, 0]
    same = (aligned.eq(first, axis=0) | (aligned.isna() & first.isna().to_numpy()[:, None])).all(
        axis=1
    )
    first = first.where(same).astype("Int64")
    note = pd.Series("", index=same.index).mask(~same, "Les années ne sont pas les mêmes. ")
    cautions = profiles[0].indicateurs.set_index("indicateur")["prudence"]
    note = note.str.cat(cautions.reindex(note.index)).str.strip()
    added = table.assign(annee=first.array, mise_en_garde=note.to_numpy())
    added["moment"] = added["moment"].where(same.to_numpy(), "")
    return added[[*head, "annee", "moment", *keys, "mise_en_garde"]].reset_index(drop=True)


def ranking(
    tables: IndicatorTables,
    indicateur: str,
    level: Level,
    *,
    inside: Territory = FRANCE,
    annee: int | None = None,
) -> pd.DataFrame:
    """Rank the territories of a level on an indicator.

    Parameters
    ----------
    inside : Territory, optional
        Where they are taken.
    annee : int or None, optional
        The latest by default.

    Returns
    -------
    DataFrame
        ``rang`` (1 is the highest value, equal values share it), ``ex_aequo`` (how many share it),
        ``code, nom, population, valeur, statut, percentile, effectif_faible``; ranked ones first,
        then the others by code.

    Raises
    ------
    InvalidInputError
        The indicator does not exist or is not given at that level, with the reason.
    """
    if indicateur not in tables.indicators:
        raise InvalidInputError(f"Indicateur inconnu : {indicateur}.")
    indicator = tables.indicators[indicateur]
    if level not in indicator.niveaux:
        raise InvalidInputError(level_refusal(indicator, level))
    values = tables.indicator(indicateur, level, annee)
    rows = members(tables, level, inside).merge(values, on="code", how="left")
    rows["statut"] = rows["statut"].fillna("manquant")
    known = rows["valeur"].where(rows["statut"].isin(GIVEN))
    rows["rang"] = known.rank(ascending=False, method="min").astype("Int64")
    rows["ex_aequo"] = known.groupby(known).transform("size").astype("Int64")
    rows["percentile"] = 100 * (known.rank() - 0.5) / max(int(known.notna().sum()), 1)
    rows["effectif_faible"] = (rows["population"] < SMALL_POPULATION) & (not is_count(indicator))
    columns = ["rang", "ex_aequo", "code", "nom", "population", "valeur", "statut", "percentile"]
    return rows.sort_values(["rang", "code"], ignore_index=True)[[*columns, "effectif_faible"]]


def sentence(found: Profile, indicateur: str) -> str:
    """State one finding of a profile in a French sentence with its figures.

    Parameters
    ----------
    indicateur : str
        One of its indicators.

    Raises
    ------
    InvalidInputError
        The profile does not have this indicator.
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

    Parameters
    ----------
    row : mapping
        ``rang, ex_aequo, n_pairs`` of a row of a profile.
    peers : str
        Who they are, in the plural: ``départements (France)``.
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
