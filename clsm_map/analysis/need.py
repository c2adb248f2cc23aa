"""A need index that can be argued with: percentiles, weights, contributions, rank intervals.

It orders territories for a discussion; it is not an official score, and every page says so.
"""

from __future__ import annotations

import csv
import io
import math
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from clsm_map.analysis.comparison.values import indicator_of
from clsm_map.analysis.inequality import Floats, given, mid_rank
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import Direction
from clsm_map.domain.selection import IndexLevel
from clsm_map.store.territories import frame_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clsm_map.domain.indicators import Indicator
    from clsm_map.store.snapshot import Snapshot

Mean = Literal["arithmetique", "geometrique"]

MIN_KNOWN: Final = 0.5
"""Share of the weights that must rest on known values for a score to be given."""
SHIFT: Final = 0.5
"""How far each weight moves, up and down, for the rank interval."""
MIDDLE: Final = 50.0
"""Score of a territory in the middle on every component."""


@dataclass(frozen=True, slots=True)
class Component:
    """One indicator of the index.

    ``indicateur``: indicator id, a column of the values.
    ``poids``: weight, above zero; only ratios between weights matter.
    ``sens``: ``plus_defavorable`` (a higher value is a greater need) or ``plus_favorable``.
    """

    indicateur: str
    poids: float
    sens: Direction


@dataclass(frozen=True, eq=False)
class NeedIndex:
    """Scores, and what makes them.

    ``scores``: indexed by territory code: ``score`` (0 to 100, missing when too little is known),
      ``rang`` (1 is the greatest need; equal scores share the better rank), ``rang_min``,
      ``rang_max`` (when each weight in turn moves by ±50 %), ``part_connue`` (share of the weights
      that rests on known values, 0 to 1), ``incomplet`` (a score with a component missing).
    ``percentiles``: same index, a column per component: percentile of need, 0 to 100.
    ``contributions``: same index, a column per component: points above or below 50; ``50 + Σ =
      score``. Missing where the component or the score is.
    ``n``: territories with a score, among which ranks are.
    """

    scores: pd.DataFrame
    percentiles: pd.DataFrame
    contributions: pd.DataFrame
    components: tuple[Component, ...]
    moyenne: Mean
    n: int

    @property
    def absent_overseas(self) -> tuple[str, ...]:
        """Components that no QPV, or no commune, of the overseas has a value for.

        Overseas are the codes of départements 971 to 989.
        """
        codes = self.percentiles.index.str.removeprefix("QN").str[:2]
        known = self.percentiles[codes.isin(["97", "98"])].notna().any()
        return tuple(c.indicateur for c in self.components if not known[c.indicateur])


def need_percentiles(values: pd.Series, sens: Direction) -> pd.Series:
    """Turn an indicator to percentiles of need among the territories where it is known.

    The share of territories in lesser need, half of the equal ones counted: see
    `clsm_map.analysis.inequality.mid_rank`.

    Raises `InvalidInputError`: the indicator is neither favourable nor unfavourable.
    """
    if sens == "neutre":
        raise InvalidInputError(
            f"L’indicateur « {values.name} » n’a pas de sens favorable ou défavorable : "
            "il ne peut pas entrer dans un indice de besoin."
        )
    return mid_rank(values, highest_last=sens == "plus_defavorable")


def need_index(
    values: pd.DataFrame,
    components: Sequence[Component],
    *,
    moyenne: Mean = "arithmetique",
    min_known: float = MIN_KNOWN,
    shift: float = SHIFT,
) -> NeedIndex:
    """Compose a need index.

    With ``p_i`` the percentile of need of component ``i``, ``w_i`` its weight, over the components
    known for the territory:

    - arithmetic mean: ``score = Σ w_i p_i / Σ w_i``: a low need on one component makes up for a
      high one on another;
    - geometric mean: ``score = exp(Σ w_i ln p_i / Σ w_i)``: it makes up less, all the needs at
      once count more.

    *Missing components*: the weights of those known are renormalised, and the score is flagged
    ``incomplet``; when less than half of the weight is known there is no score. A missing value is
    never replaced by a guess.

    *Contributions*, in points around 50: ``w_i (p_i − 50) / Σ w`` for the arithmetic mean; for the
    geometric mean ``L(score, 50) w_i ln(p_i / 50) / Σ w`` with ``L(a, b) = (a − b) / ln(a / b)``
    the logarithmic mean, which adds up exactly too (B. W. Ang, *LMDI*, 2005).

    *Rank interval*: ranks are computed again with each weight in turn times ``1 − shift`` and
    ``1 + shift``, the others unchanged, all renormalised; the interval runs from the best to the
    worst rank seen. The territories that have a score stay the same.

    ``values``: indexed by territory code; a column per component; missing where secret or not
      known.
    ``min_known``: least share of the weight that must be known, 0 to 1.

    Raises `InvalidInputError`: no component, a weight that is not above zero, a component twice,
    unknown or without direction, or an unknown mean.
    """
    _check(values, components, moyenne)
    names = [c.indicateur for c in components]
    percentiles = pd.DataFrame(
        {
            n: need_percentiles(values[n].astype(float), c.sens)
            for n, c in zip(names, components, strict=True)
        }
    )
    p = percentiles.to_numpy(dtype=float)
    known = ~np.isnan(p)
    weights = np.array([c.poids for c in components], dtype=float)
    share = known @ (weights / weights.sum())
    scored = share >= min_known - 1e-9
    one = np.eye(len(weights))
    factors = np.hstack([np.ones((len(weights), 1)), 1 - shift * one, 1 + shift * one])
    moved = weights[:, None] * factors
    every = np.where(scored[:, None], _score(p, known, moved, moyenne), np.nan)
    ranks = pd.DataFrame(every.round(9)).rank(ascending=False, method="min").to_numpy()
    score = every[:, 0]
    points = _contributions(p, known, weights, score, moyenne)
    index = percentiles.index
    scores = pd.DataFrame(
        {
            "score": score,
            "rang": ranks[:, 0],
            "rang_min": ranks.min(axis=1),
            "rang_max": ranks.max(axis=1),
            "part_connue": share,
            "incomplet": scored & ~known.all(axis=1),
        },
        index=index,
    ).astype({"rang": "Int64", "rang_min": "Int64", "rang_max": "Int64"})
    contributions = pd.DataFrame(points, index=index, columns=names)
    return NeedIndex(
        scores, percentiles, contributions, tuple(components), moyenne, int(scored.sum())
    )


def _check(values: pd.DataFrame, components: Sequence[Component], moyenne: str) -> None:
    names = [c.indicateur for c in components]
    if not names:
        raise InvalidInputError("Un indice de besoin demande au moins un indicateur.")
    _mean_of(moyenne)
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise InvalidInputError(f"Indicateur présent deux fois : {', '.join(twice)}.")
    unknown = [n for n in names if n not in values.columns]
    if unknown:
        raise InvalidInputError(f"Indicateur inconnu à ce niveau : {', '.join(unknown)}.")
    wrong = [c.indicateur for c in components if not 0 < c.poids < math.inf]
    if wrong:
        raise InvalidInputError(f"Le poids doit être plus grand que zéro : {', '.join(wrong)}.")


def _score(p: Floats, known: npt.NDArray[np.bool_], weights: Floats, moyenne: Mean) -> Floats:
    safe = np.where(known, p, MIDDLE)
    level = np.log(safe) if moyenne == "geometrique" else safe
    total = known.astype(float) @ weights
    mean = np.full(total.shape, np.nan)
    np.divide(np.where(known, level, 0.0) @ weights, total, out=mean, where=total > 0)
    return np.exp(mean) if moyenne == "geometrique" else mean


def _contributions(
    p: Floats, known: npt.NDArray[np.bool_], weights: Floats, score: Floats, moyenne: Mean
) -> Floats:
    total = (known.astype(float) @ weights)[:, None]
    share = np.divide(weights[None, :], total, out=np.full(p.shape, np.nan), where=total > 0)
    gap = share * (p - MIDDLE)
    if moyenne == "geometrique":
        gap = share * np.log(p / MIDDLE) * _logarithmic_mean(score)[:, None]
    return np.where(np.isnan(score)[:, None], np.nan, gap)


def _logarithmic_mean(score: Floats) -> Floats:
    ratio = score / MIDDLE
    near = np.isclose(ratio, 1.0, rtol=1e-9, atol=0)
    logs = np.log(np.where(near, np.e, ratio))
    return np.where(near, MIDDLE, (score - MIDDLE) / logs)


DEFAULT_QPV: Final[tuple[Component, ...]] = (
    Component("taux_pauvrete", 3, "plus_defavorable"),
    Component("taux_emploi", 2, "plus_favorable"),
    Component("part_allocataires_rsa", 1, "plus_defavorable"),
    Component("part_menages_1_personne", 1, "plus_defavorable"),
    Component("apl_generalistes", 1, "plus_favorable"),
    Component("psychiatres", 1, "plus_favorable"),
)
"""Default index of the QPV. Social determinants weigh 7 in 9, access to care 2 in 9:

- poverty (3): the criterion that defines QPV, and the determinant most steadily linked with
  psychological distress;
- employment (2): being out of work is the second such determinant, and is known for nine QPV in
  ten, overseas included;
- RSA among CAF households (1): lasting precarity; half redundant with poverty, hence a small
  weight, but known where poverty is not;
- people living alone (1): isolation. The indicator itself is neither good nor bad; it is read
  here as a need, and may be dropped;
- access to general practitioners (1, of the commune) and psychiatrists (1, of the département):
  where care is scarce a CLSM has more to do; coarse levels, hence small weights.

Indicators of use of psychiatric care are left out on purpose: a high use may be a greater need or
a nearer offer.
"""

DEFAULT_COMMUNE: Final[tuple[Component, ...]] = (
    Component("fedi", 3, "plus_defavorable"),
    Component("revenu_imposable_par_habitant", 2, "plus_favorable"),
    Component("beneficiaires_aides_logement", 1, "plus_defavorable"),
    Component("part_familles_monoparentales", 1, "plus_defavorable"),
    Component("apl_generalistes", 1, "plus_favorable"),
    Component("psychiatres", 1, "plus_favorable"),
)
"""Default index of the communes. The poverty rate is under statistical secrecy for most of them:
the F-EDI deprivation index (3) and taxable income (2) stand for it; housing benefit and one-parent
families (1 each) complete them; access to care as for the QPV. F-EDI is not known overseas."""

DEFAULTS: Final[dict[IndexLevel, tuple[Component, ...]]] = {
    "qpv": DEFAULT_QPV,
    "commune": DEFAULT_COMMUNE,
}

MAX_FILE: Final = 100_000
"""Characters of a file of weights."""


def need_of(
    tables: Snapshot,
    level: IndexLevel = "qpv",
    components: Sequence[Component] | None = None,
    moyenne: Mean = "arithmetique",
) -> NeedIndex:
    """Compute the need index of all the QPV, or of all the communes, of France.

    ``components``: `DEFAULTS` of the level by default.

    Raises `InvalidInputError`: see `component_values` and `clsm_map.analysis.need.need_index`.
    """
    chosen = DEFAULTS[level] if components is None else tuple(components)
    values = component_values(tables, level, [c.indicateur for c in chosen])
    return need_index(values, chosen, moyenne=moyenne)


def component_values(
    tables: Snapshot, level: IndexLevel, indicateurs: Sequence[str]
) -> pd.DataFrame:
    """Bring indicators to the QPV or to the communes.

    An indicator given at the level is taken there. For a QPV, one that is given for communes is
    that of its commune; its own former commune comes first where communes merged since the
    register of QPV (Saint-Denis and Pierrefitte-sur-Seine). Over several communes, it is their
    mean weighted by share of area (in Paris, Lyon and Marseille, by arrondissement), plain where
    it is not known, and missing as soon as one of them has none. One that is given for
    départements only is that of the département. The latest year is taken; secret and missing
    values stay missing.

    Raises `InvalidInputError`: an indicator does not exist or cannot be brought to that level.
    """
    frame = frame_of(tables, level)
    index = pd.Index(frame["code"], name="code")
    columns = {
        name: _values(tables, indicator_of(tables, name), level, frame).reindex(index)
        for name in dict.fromkeys(indicateurs)
    }
    return pd.DataFrame(columns, index=index)


def read_weights(
    text: str, indicators: Mapping[str, Indicator], level: IndexLevel = "qpv"
) -> tuple[tuple[Component, ...], Mean]:
    """Read a file of weights.

    ``text``: either CSV (``;`` or ``,``) with columns ``indicateur, poids`` and maybe ``sens``, or
      TOML: a table ``[poids]`` of numbers by indicator, maybe a table ``[sens]`` and a key
      ``moyenne`` (``arithmetique`` or ``geometrique``). ``sens`` is needed only for indicators that
      are neither favourable nor unfavourable, unless the default index uses them.
    ``level``: level whose default directions complete the file.

    Gives ``moyenne``: ``arithmetique`` unless said.

    Raises `InvalidInputError`: the text is neither, or names an unknown indicator, weight or
    direction.
    """
    if len(text) > MAX_FILE:
        raise InvalidInputError("Ce fichier de poids est trop long.")
    weights, directions, moyenne = (_read_toml if "[" in text else _read_csv)(text)
    if not weights:
        raise InvalidInputError("Le fichier de poids ne contient aucun indicateur.")
    usual = {c.indicateur: c.sens for c in DEFAULTS[level]}
    components = []
    for name, weight in weights.items():
        if name not in indicators:
            raise InvalidInputError(f"Indicateur inconnu dans le fichier de poids : {name}.")
        own, said = indicators[name].sens, directions.get(name, "")
        if said and said not in get_args(Direction)[:2]:
            raise InvalidInputError(
                f"Le sens de « {name} » est « plus_defavorable » ou « plus_favorable »."
            )
        sens = said or (usual.get(name, own) if own == "neutre" else own)
        components.append(Component(name, _number(name, weight), cast("Direction", sens)))
    return tuple(components), moyenne


def _values(
    tables: Snapshot, indicator: Indicator, level: IndexLevel, frame: pd.DataFrame
) -> pd.Series:
    if level in indicator.niveaux:
        return given(tables.indicator(indicator.id, level))
    if level == "qpv" and "commune" in indicator.niveaux:
        return _of_communes(tables, indicator)
    if "departement" in indicator.niveaux:
        above = frame["departement"].map(given(tables.indicator(indicator.id, "departement")))
        return above.set_axis(pd.Index(frame["code"]))
    raise InvalidInputError(
        f"« {indicator.libelle} » n’est donné ni à ce niveau ni à un niveau qui le contient."
    )


def _of_communes(tables: Snapshot, indicator: Indicator) -> pd.Series:
    levels = [level for level in ("commune", "arrondissement") if level in indicator.niveaux]
    known = pd.concat([given(tables.indicator(indicator.id, level)) for level in levels])
    parents = tables.anciennes_communes.drop_duplicates("code").set_index("code")["commune"]
    city = tables.arrondissements.set_index("code")["commune"]
    former = tables.indicateurs_anciennes_communes
    own = former.loc[former["indicateur"] == indicator.id].set_index("code")["valeur"]
    qpv, commune = tables.qpv_communes["qpv"], tables.qpv_communes["commune"]
    today = commune.where(commune.isin(known.index), commune.map(parents))
    values = commune.map(own).astype(float).fillna(today.map(known))
    values = values.fillna(commune.map(city).map(known))
    weights = tables.qpv_communes["part_surface"].fillna(1.0)
    sums = pd.DataFrame({"x": values * weights, "w": weights}).groupby(qpv).sum()
    return (sums["x"] / sums["w"]).where(values.notna().groupby(qpv).all())


def _read_csv(text: str) -> tuple[dict[str, object], dict[str, str], Mean]:
    lines = text.lstrip("\ufeff").splitlines()
    delimiter = ";" if lines and ";" in lines[0] else ","
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    if not {"indicateur", "poids"} <= set(reader.fieldnames or ()):
        raise InvalidInputError(
            "Le fichier de poids doit avoir les colonnes « indicateur » et « poids »."
        )
    weights: dict[str, object] = {}
    directions: dict[str, str] = {}
    for row in reader:
        name = (row["indicateur"] or "").strip()
        if name in weights:
            raise InvalidInputError(f"Indicateur présent deux fois : {name}.")
        if name:
            weights[name] = (row["poids"] or "").replace(",", ".")
            directions[name] = (row.get("sens") or "").strip()
    return weights, directions, "arithmetique"


def _read_toml(text: str) -> tuple[dict[str, object], dict[str, str], Mean]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError("Le fichier de poids est illisible.", str(error)) from error
    weights, directions = content.get("poids"), content.get("sens", {})
    if not isinstance(weights, dict) or not isinstance(directions, dict):
        raise InvalidInputError("Le fichier de poids doit avoir une table [poids].")
    return weights, directions, _mean_of(content.get("moyenne", "arithmetique"))


def _mean_of(said: str) -> Mean:
    if said not in get_args(Mean):
        raise InvalidInputError("La moyenne est « arithmetique » ou « geometrique ».")
    return cast("Mean", said)


def _number(name: str, weight: object) -> float:
    try:
        return float(str(weight))
    except ValueError as error:
        raise InvalidInputError(f"Le poids de « {name} » n’est pas un nombre.") from error
