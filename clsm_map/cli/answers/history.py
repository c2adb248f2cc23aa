"""The answer of ``history``: what is computed at each 1 January, and what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from clsm_map.analysis.cautions import history_cautions
from clsm_map.analysis.coverage import pages_of
from clsm_map.analysis.history import SERIES, computed_history, published_series
from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.output import (
    Output,
    console,
    joined,
    optional_number,
    table,
    territory_content,
    write_csv,
    write_json,
    write_notes,
)
from clsm_map.formats import number

if TYPE_CHECKING:
    from clsm_map.domain.territories import Territory

Rows = list[dict[str, object]]

COMPUTED = {
    "dispositifs": "Dispositifs actifs",
    "debut_inconnu": "À part : début inconnu",
    "qpv_couverts": "QPV couverts",
    "qpv_couverts_en_partie": "QPV couverts en partie",
    "qpv_couverts_debut_inconnu": "À part : QPV si déjà là",
}
CSV_COLUMNS = ["origine", "serie", "annee", "date", "valeur", "unite", "source", "note"]


def answer(
    type_: str, first: str, last: str | None, places: arguments.Places, output: Output
) -> None:
    """Compute the history of a territory and write it beside the published series.

    Raises
    ------
    InvalidInputError
        The type, the years or the territory is refused.
    """
    wanted, today = arguments.device_type(type_), arguments.today()
    years = arguments.years(first, last, today)
    base = open_base()
    place = arguments.territory(base.snapshot, places)
    frame = computed_history(base.ground, wanted, years, today=today, territory=place)
    computed: Rows = frame.to_dict("records")  # type: ignore[assignment]
    for row in computed:
        row["date"] = str(row["date"])
    published = _published(base.snapshot.chiffres, wanted, place, years)
    pages = pages_of(base.ground.dispositifs, wanted)
    notes = history_cautions(wanted, pages, territory_published=bool(published))

    if output is Output.JSON:
        write_json(
            {
                "type": wanted,
                "de": years.start,
                "a": years.stop - 1,
                "territoire": territory_content(place),
                "calcule": computed,
                "publie": published,
                "avertissements": notes,
            }
        )
    elif output is Output.CSV:
        write_csv(CSV_COLUMNS, [*_computed_rows(computed), *_published_rows(published)])
    else:
        _show(wanted, place, computed, published)
        write_notes(notes)


def _published(chiffres: pd.DataFrame, type_: str, place: Territory, years: range) -> Rows:
    frame = published_series(chiffres, type_, place.nom)
    frame = frame.loc[frame["annee"].isna() | frame["annee"].isin(list(years))]
    frame = frame.assign(date=frame["date"].dt.strftime("%Y-%m-%d"))
    plain = frame.astype(object).where(frame.notna(), None)
    rows: Rows = plain.to_dict("records")  # type: ignore[assignment]
    return rows


def _computed_rows(computed: Rows) -> Rows:
    return [
        {"origine": "calculé", "serie": serie, "valeur": row[serie]}
        | {key: row[key] for key in ("annee", "date")}
        for serie in COMPUTED
        for row in computed
    ]


def _published_rows(published: Rows) -> Rows:
    return [row | {"origine": "publié"} for row in published]


def _show(type_: str, place: Territory, computed: Rows, published: Rows) -> None:
    screen = console()
    screen.print(
        table(
            f"{type_} recensés et QPV couverts au 1er janvier : {place.nom} (calculé ici)",
            [("Année", False), *((label, True) for label in COMPUTED.values())],
            (
                (str(row["annee"]), *(optional_number(row[serie]) for serie in COMPUTED))
                for row in computed
            ),
        )
    )
    if published:
        screen.print(
            table(
                "Chiffres publiés, à part",
                [("Série", False), ("Année", False), ("Valeur", True), ("Source", False)],
                (
                    (
                        SERIES[str(row["serie"])],
                        joined(row["annee"]) + (f" ({row['moment']})" if row["moment"] else ""),
                        number(float(str(row["valeur"]))),
                        str(row["source"]),
                    )
                    for row in published
                ),
            )
        )
