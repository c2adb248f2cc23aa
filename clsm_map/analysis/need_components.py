"""What the need index is made of by default, and how its values are brought to QPV or communes."""

from __future__ import annotations

import csv
import io
import tomllib
from typing import TYPE_CHECKING, Final

import pandas as pd

from clsm_map.analysis.need_index import Component, NeedIndex, need_index
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.indicators import GIVEN
from clsm_map.domain.study import IndexLevel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clsm_map.analysis.comparison_references import IndicatorTables
    from clsm_map.analysis.need_index import Mean
    from clsm_map.domain.indicators import Direction, Indicator

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

_DIRECTIONS: Final[dict[str, Direction]] = {
    "plus_defavorable": "plus_defavorable",
    "plus_favorable": "plus_favorable",
}
MAX_FILE: Final = 100_000
"""Characters of a file of weights."""


def need_of(
    tables: IndicatorTables,
    level: IndexLevel = "qpv",
    components: Sequence[Component] | None = None,
    moyenne: Mean = "arithmetique",
) -> NeedIndex:
    """Compute the need index of all the QPV, or of all the communes, of France.

    Parameters
    ----------
    components : sequence of Component, optional
        `DEFAULTS` of the level by default.

    Returns
    -------
    NeedIndex
        Ranks are among all those of France that have a score.

    Raises
    ------
    InvalidInputError
        See `component_values` and `clsm_map.analysis.need_index.need_index`.
    """
    chosen = DEFAULTS[level] if components is None else tuple(components)
    values = component_values(tables, level, [c.indicateur for c in chosen])
    return need_index(values, chosen, moyenne=moyenne)


def component_values(
    tables: IndicatorTables, level: IndexLevel, indicateurs: Sequence[str]
) -> pd.DataFrame:
    """Bring indicators to the QPV or to the communes.

    An indicator given at the level is taken there. For a QPV, one that is given for communes is
    that of its commune; its own former commune comes first where communes merged since the
    register of QPV (Saint-Denis and Pierrefitte-sur-Seine). Over several communes, it is their
    mean weighted by share of area (in Paris, Lyon and Marseille, by arrondissement), plain where
    it is not known, and missing as soon as one of them has none. One that is given for
    départements only is that of the département. The latest year is taken; secret and missing
    values stay missing.

    Returns
    -------
    DataFrame
        Indexed by code, a column per indicator.

    Raises
    ------
    InvalidInputError
        An indicator does not exist or cannot be brought to that level.
    """
    frame = pd.DataFrame(tables.qpv if level == "qpv" else tables.communes_all)
    index = pd.Index(frame["code"], name="code")
    columns = {}
    for name in dict.fromkeys(indicateurs):
        if name not in tables.indicators:
            raise InvalidInputError(f"Indicateur inconnu : {name}.")
        columns[name] = _values(tables, tables.indicators[name], level, frame).reindex(index)
    return pd.DataFrame(columns, index=index)


def read_weights(
    text: str, indicators: Mapping[str, Indicator], level: IndexLevel = "qpv"
) -> tuple[tuple[Component, ...], Mean]:
    """Read a file of weights.

    Parameters
    ----------
    text : str
        Either CSV (``;`` or ``,``) with columns ``indicateur, poids`` and maybe ``sens``, or TOML:
        a table ``[poids]`` of numbers by indicator, maybe a table ``[sens]`` and a key ``moyenne``
        (``arithmetique`` or ``geometrique``). ``sens`` is needed only for indicators that are
        neither favourable nor unfavourable, unless the default index uses them.
    level : {"qpv", "commune"}, optional
        Level whose default directions complete the file.

    Returns
    -------
    moyenne : Mean
        ``arithmetique`` unless said.

    Raises
    ------
    InvalidInputError
        The text is neither, or names an unknown indicator, weight or direction.
    """
    if len(text) > MAX_FILE:
        raise InvalidInputError("Ce fichier de poids est trop long.")
    weights, directions, moyenne = (_read_toml if "[" in text else _read_csv)(text)
    if not weights:
        raise InvalidInputError("Le fichier de poids ne contient aucun indicateur.")
    known = {c.indicateur: c.sens for c in DEFAULTS[level]}
    components = []
    for name, weight in weights.items():
        if name not in indicators:
            raise InvalidInputError(f"Indicateur inconnu dans le fichier de poids : {name}.")
        said = directions.get(name, "")
        if said and said not in _DIRECTIONS:
            raise InvalidInputError(
                f"Le sens de « {name} » est « plus_defavorable » ou « plus_favorable »."
            )
        own = indicators[name].sens
        sens = _DIRECTIONS.get(said) or (known.get(name, own) if own == "neutre" else own)
        components.append(Component(name, _number(name, weight), sens))
    return tuple(components), moyenne


def _values(
    tables: IndicatorTables, indicator: Indicator, level: IndexLevel, frame: pd.DataFrame
) -> pd.Series:
    if level in indicator.niveaux:
        return _known(tables, indicator, level)
    if level == "qpv" and "commune" in indicator.niveaux:
        return _of_communes(tables, indicator)
    if "departement" in indicator.niveaux:
        above = frame["departement"].map(_known(tables, indicator, "departement"))
        return above.set_axis(pd.Index(frame["code"]))
    raise InvalidInputError(
        f"« {indicator.libelle} » n’est donné ni à ce niveau ni à un niveau qui le contient."
    )


def _known(tables: IndicatorTables, indicator: Indicator, level: str) -> pd.Series:
    rows = tables.indicator(indicator.id, level)
    values = rows["valeur"].where(rows["statut"].isin(GIVEN))
    return values.astype(float).set_axis(pd.Index(rows["code"]))


def _of_communes(tables: IndicatorTables, indicator: Indicator) -> pd.Series:
    known = _known(tables, indicator, "commune")
    if "arrondissement" in indicator.niveaux:
        known = pd.concat([known, _known(tables, indicator, "arrondissement")])
    pairs = tables.qpv_communes
    parents = tables.anciennes_communes.drop_duplicates("code").set_index("code")["commune"]
    merged = pairs["commune"].map(parents)
    today = pairs["commune"].where(pairs["commune"].isin(known.index), merged)
    city = tables.arrondissements.set_index("code")["commune"]
    former = tables.indicateurs_anciennes_communes
    former = former.loc[former["indicateur"] == indicator.id]
    own = pairs["commune"].map(dict(zip(former["code"], former["valeur"], strict=True)))
    values = own.astype(float).fillna(today.map(known))
    values = values.fillna(pairs["commune"].map(city).map(known))
    weights = pairs["part_surface"].fillna(1.0)
    sums = pd.DataFrame({"qpv": pairs["qpv"], "x": values * weights, "w": weights})
    grouped = sums.groupby("qpv")
    whole = values.notna().groupby(pairs["qpv"]).all()
    return (grouped["x"].sum() / grouped["w"].sum()).where(whole)


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
    moyenne = content.get("moyenne", "arithmetique")
    if not isinstance(weights, dict) or not isinstance(directions, dict):
        raise InvalidInputError("Le fichier de poids doit avoir une table [poids].")
    if moyenne == "geometrique":
        return weights, directions, "geometrique"
    if moyenne != "arithmetique":
        raise InvalidInputError("La moyenne est « arithmetique » ou « geometrique ».")
    return weights, directions, "arithmetique"


def _number(name: str, weight: object) -> float:
    try:
        return float(str(weight))
    except ValueError as error:
        raise InvalidInputError(f"Le poids de « {name} » n’est pas un nombre.") from error
