"""The answer of ``index``: scores, ranks and what makes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, get_args

from clsm_map.analysis.comparison.references import members
from clsm_map.analysis.listing import records
from clsm_map.analysis.need import (
    DEFAULTS,
    MAX_FILE,
    Mean,
    NeedIndex,
    need_of,
    read_weights,
)
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.output import (
    console,
    optional_number,
    table,
    territory_content,
    write_json,
    write_notes,
)
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import IndexLevel
from clsm_map.formats import number
from clsm_map.store.snapshot import open_snapshot
from clsm_map.views.inequality.index import absent_overseas_text, has_overseas

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clsm_map.analysis.need import Component
    from clsm_map.domain.indicators import Indicator
    from clsm_map.domain.territories import Territory

Rows = list[dict[str, object]]

CAUTION = (
    "Cet indice n’est pas un score officiel : il ordonne des territoires pour en discuter, selon "
    "des poids que chacun peut changer."
)


_MEANS: Final[dict[Mean, str]] = {"arithmetique": "arithmétique", "geometrique": "géométrique"}


def answer(
    weights: Path | None,
    level: str,
    mean: str | None,
    places: arguments.Places,
    top: int,
    *,
    as_json: bool,
) -> None:
    """Compute the index over France and write the territories asked for.

    Raises
    ------
    InvalidInputError
        The level, the mean, the file or the territory is refused.
    """
    wanted = _level(level)
    snapshot = open_snapshot()
    components: tuple[Component, ...] = DEFAULTS[wanted]
    moyenne: Mean = "arithmetique"
    if weights is not None:
        components, moyenne = read_weights(_read(weights), snapshot.indicators, wanted)
    if mean is not None:
        moyenne = _mean(mean)
    place = arguments.territory(snapshot, places)
    found = need_of(snapshot, wanted, components, moyenne)
    inside = members(snapshot, wanted, place)
    if inside.empty:
        raise InvalidInputError(f"Aucun territoire de ce niveau dans « {place.nom} ».")
    scores = found.scores.reset_index()
    rows = inside.merge(scores, on="code").sort_values(["rang", "code"], ignore_index=True)
    items = records(rows, ())
    notes = [CAUTION, *_notes(found, rows["score"].isna().sum())]
    absent = tuple(snapshot.indicators[i].libelle_court for i in found.absent_overseas)
    if absent and has_overseas(rows.loc[rows["score"].isna(), "code"]):
        notes.append(absent_overseas_text(absent))
    if as_json:
        content = _content(found, wanted, place, items, snapshot.indicators)
        write_json(content | {"avertissements": notes})
    else:
        _show(found, wanted, place, items[:top], snapshot.indicators)
        write_notes(notes)


def _level(text: str) -> IndexLevel:
    for level in get_args(IndexLevel):
        if text == level:
            return level  # type: ignore[no-any-return]
    raise InvalidInputError("L’indice se calcule pour « qpv » ou « commune ».")


def _mean(text: str) -> Mean:
    for mean in get_args(Mean):
        if text == mean:
            return mean  # type: ignore[no-any-return]
    raise InvalidInputError("La moyenne est « arithmetique » ou « geometrique ».")


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > 4 * MAX_FILE:
            raise InvalidInputError(f"Le fichier « {path} » est trop long pour des poids.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"Le fichier « {path} » ne peut pas être lu : un texte en UTF-8 est attendu.",
            str(error),
        ) from error


def _notes(found: NeedIndex, without: int) -> list[str]:
    ranks = (
        "Rang 1 : besoin le plus grand ; rangs parmi les "
        f"{number(found.n)} territoires de France qui ont un score. Sensibilité aux poids : rangs "
        "extrêmes quand chaque poids, un à la fois, varie de moitié en plus ou en moins."
    )
    notes = [ranks]
    if without:
        notes.append(
            f"Sans score, faute d’au moins la moitié des poids connus : {number(int(without))}."
        )
    return notes


def _content(
    found: NeedIndex,
    level: str,
    place: Territory,
    items: Rows,
    indicators: Mapping[str, Indicator],
) -> dict[str, object]:
    percentiles = found.percentiles.to_dict("index")
    contributions = found.contributions.to_dict("index")
    return {
        "niveau": level,
        "territoire": territory_content(place),
        "moyenne": found.moyenne,
        "composantes": [
            {
                "indicateur": c.indicateur,
                "libelle": indicators[c.indicateur].libelle,
                "poids": c.poids,
                "sens": c.sens,
            }
            for c in found.components
        ],
        "n": found.n,
        "items": [
            row
            | {
                "percentiles": percentiles[str(row["code"])],
                "contributions": contributions[str(row["code"])],
            }
            for row in items
        ],
    }


def _show(
    found: NeedIndex,
    level: str,
    place: Territory,
    items: Rows,
    indicators: Mapping[str, Indicator],
) -> None:
    names = {c.indicateur: indicators[c.indicateur].libelle_court for c in found.components}
    headers = [("Rang", True), ("Sensibilité aux poids", True), ("Code", False), ("Nom", False)]
    headers += [("Habitants", True), ("Score", True), ("Ce qui pèse le plus", False)]
    what = "quartiers prioritaires" if level == "qpv" else "communes"
    screen = console()
    screen.print(
        table(
            f"Indice de besoin des {what} : {place.nom}",
            headers,
            [_cells(row, found, names) for row in items],
        )
    )
    total = sum(c.poids for c in found.components)
    parts = [f"{names[c.indicateur]} {number(100 * c.poids / total)} %" for c in found.components]
    screen.print(f"Poids : {', '.join(parts)} ; moyenne {_MEANS[found.moyenne]}.", markup=False)


def _cells(row: dict[str, object], found: NeedIndex, names: dict[str, str]) -> tuple[str, ...]:
    points = found.contributions.loc[[str(row["code"])]].to_numpy(dtype=float)[0]
    pairs = zip(points, names.values(), strict=True)
    known = [(gap, label) for gap, label in pairs if not math.isnan(gap)]
    strongest = sorted(known, key=lambda pair: -abs(pair[0]))[:2]
    weighing = ", ".join(
        f"{label} {'+' if gap >= 0 else '−'}{number(abs(gap), 1)}" for gap, label in strongest
    )
    score = optional_number(row["score"], 1)
    return (
        optional_number(row["rang"]),
        f"{optional_number(row['rang_min'])} à {optional_number(row['rang_max'])}",
        str(row["code"]),
        str(row["nom"]),
        optional_number(row["population"]),
        f"{score} (incomplet)" if row["incomplet"] else score,
        weighing,
    )
