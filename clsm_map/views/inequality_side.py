"""Two to four territories side by side, as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from clsm_map.analysis.comparison.profile import Profile
from clsm_map.analysis.comparison.within import side_by_side
from clsm_map.domain.indicators import Indicator, marked
from clsm_map.formats import NBSP, with_unit
from clsm_map.views.inequality_profile import operand_label, percentile_rows


def side_rows(profiles: Sequence[Profile], indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Stack the places of several territories, for the indicators that two of them have.

    Parameters
    ----------
    indicators : mapping of str to Indicator
        Definitions.

    Returns
    -------
    pandas.DataFrame
        `clsm_map.views.inequality_profile.percentile_rows`, with ``cle``.
    """
    parts = [percentile_rows(p, indicators).assign(cle=p.sujet.key) for p in profiles]
    rows = pd.concat(parts, ignore_index=True)
    shared = rows.groupby("indicateur")["cle"].transform("nunique") > 1
    themes = {theme: i for i, theme in enumerate(dict.fromkeys(rows["theme"]))}
    kept = rows.loc[shared]
    return kept.sort_values("theme", key=lambda s: s.map(themes), kind="stable", ignore_index=True)


def side_table(profiles: Sequence[Profile]) -> pd.DataFrame:
    """Give the values side by side, for the indicators that all of them can have.

    Parameters
    ----------
    profiles : sequence of Profile
        Two to four.

    Returns
    -------
    pandas.DataFrame
        ``Indicateur, Année``, a column for each territory, ``À savoir``.
    """
    both = side_by_side(profiles)
    table = pd.DataFrame(
        {
            "Indicateur": both["libelle"],
            "Année": both["moment"].replace("", "–"),
        }
    )
    for profile in profiles:
        statuses = profile.indicateurs.set_index("indicateur")["statut"]
        table[operand_label(profile.sujet)] = [
            "–"
            if pd.isna(value)
            else marked(with_unit(float(value), unit, int(digits)), statuses[name])
            for name, value, unit, digits in zip(
                both["indicateur"],
                both[profile.sujet.key],
                both["unite"],
                both["decimales"],
                strict=True,
            )
        ]
    table["À savoir"] = both["mise_en_garde"]
    return table


def side_finding(rows: pd.DataFrame, profiles: Sequence[Profile]) -> str:
    """State where the first two territories stand furthest apart, in one sentence.

    Parameters
    ----------
    rows : pandas.DataFrame
        See `side_rows`.
    """
    first, second = profiles[0].sujet, profiles[1].sujet
    left = rows.loc[rows["cle"] == first.key].set_index("indicateur")
    right = rows.loc[rows["cle"] == second.key].set_index("indicateur")
    apart = (left["percentile"] - right["percentile"]).abs().dropna()
    if apart.empty:
        return (
            f"Aucun indicateur n’est connu à la fois pour {first.nom} et pour {second.nom} avec "
            "leur place parmi leurs pairs."
        )
    where = str(apart.index[int(apart.argmax())])
    one, two = (side.to_dict("index")[where] for side in (left, right))
    return (
        f"Le plus grand écart de place{NBSP}: {one['libelle']} ({one['annee']}), "
        f"{one['valeur']} pour {first.nom} ({one['place']}), {two['valeur']} pour {second.nom} "
        f"({two['place']})."
    )


def side_cautions(profiles: Sequence[Profile]) -> list[str]:
    """List what must be said when these territories stand side by side."""
    said = []
    levels = {getattr(p.sujet, "level", p.sujet.key) for p in profiles}
    if len(levels) > 1:
        said.append(
            "Ces territoires ne sont pas du même échelon\u202f: chaque place est donnée parmi les "
            "pairs du sien, et les géographies diffèrent."
        )
    if any((p.indicateurs["effectif_faible"]).any() for p in profiles):
        said.append(
            "Un de ces territoires a moins de 1 000 habitants\u202f: ses taux varient vite."
        )
    return said
