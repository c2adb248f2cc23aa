"""Command ``show``: what any view of the application says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from clsm_map.analysis.listing import records
from clsm_map.cli.answering import chosen, territory_content, write, write_file
from clsm_map.cli.asking import (
    ANY_LEVEL,
    Csv,
    Departement,
    Epci,
    Json,
    On,
    Region,
    Type,
    one_of,
    open_base,
    read_day,
    read_place,
    read_selection,
    with_options,
)
from clsm_map.desk import Desk
from clsm_map.domain.selection import OPTIONS, Selection
from clsm_map.formats import NBSP, count
from clsm_map.table import Table
from clsm_map.views.view import VIEWS, View, view_of

app = typer.Typer()

_OWN: Final = frozenset({"territoire", "type", "date"})
_MOST_ROWS: Final = 40
"""Rows of a table on a screen; JSON, CSV and XLSX have them all."""


@app.command()
@with_options(name for name in OPTIONS if name not in _OWN)
def show(
    view: Annotated[str, typer.Argument(metavar="VUE", help=f"{', '.join(VIEWS)}.")],
    *,
    territoire: Annotated[str | None, typer.Option(help=ANY_LEVEL)] = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    type_: Type = "CLSM",
    on: On = None,
    as_json: Json = False,
    as_csv: Csv = False,
    xlsx: Annotated[Path | None, typer.Option(help="Écrit les tableaux dans un classeur.")] = None,
    **options: str | None,
) -> None:
    """Ce que dit une vue de l'application : constat, chiffres, tableaux, prudences, sources."""
    known = ", ".join(VIEWS)
    name = one_of(view, VIEWS, f"La vue «{NBSP}{view}{NBSP}» n’existe pas ; les vues sont {known}.")
    output, desk = chosen(as_json=as_json, as_csv=as_csv), open_base()
    place = read_place(desk.snapshot, region, departement, epci, territoire)
    day = None if on is None else read_day(desk, on).isoformat()
    options |= {"type": type_, "date": day}
    selection = read_selection(desk.snapshot, place, options)
    found = view_of(desk, name, selection)
    if xlsx:
        write_file(xlsx, _workbook(desk, selection, found), aside=True)
    content = {
        "vue": name,
        "territoire": territory_content(place),
        "on": desk.day(selection).isoformat(),
        "selection": selection.to_query(),
        **_content(found),
    }
    rows = found.tables[0].labelled() if found.tables else None
    write(output, content, _shown(found), found.cautions, rows)


def _content(found: View) -> dict[str, object]:
    return {
        "titre": found.title,
        "chapeau": found.lead,
        "constat": found.finding or found.headline,
        "chiffres": [
            {
                "nom": claim.name,
                "texte": claim.text,
                "libelle": claim.label,
                "origine": claim.origin,
                "valeur": claim.value,
                "sur": claim.of,
            }
            for claim in found.claims
        ],
        "tableaux": [_table_content(table) for table in found.tables],
        "avertissements": list(found.cautions),
        "sources": list(found.sources),
    }


def _table_content(table: Table) -> Mapping[str, Any]:
    return {
        "nom": table.name,
        "titre": table.title,
        "note": table.note,
        "colonnes": {column.name: column.label for column in table.columns},
        "lignes": records(table.values(), ()),
    }


def _shown(found: View) -> list[Table | str]:
    said: list[Table | str] = [
        text for text in (found.title, found.lead, found.finding or found.headline) if text
    ]
    said += [
        f"{claim.text} {claim.label}" + (f" ({claim.origin})" if claim.origin else "")
        for claim in found.claims
    ]
    for table in found.tables:
        rest = len(table.frame) - _MOST_ROWS
        said.append(replace(table, frame=table.frame.head(_MOST_ROWS), shapes=None))
        if rest > 0:
            others = count(rest, "autre ligne", "autres lignes")
            said.append(f"… et {others}{NBSP}: --json les donne toutes.")
        if table.note:
            said.append(table.note)
    return [*said, *found.sources]


def _workbook(desk: Desk, selection: Selection, found: View) -> bytes:
    from clsm_map.exports.table import Content, Mentions  # noqa: PLC0415 - slow, rare
    from clsm_map.exports.tables import xlsx_bytes  # noqa: PLC0415 - same

    mentions = Mentions(
        titre=found.title,
        situation=desk.day(selection),
        etabli_le=desk.today,
        sources=(),
        prudences=(*found.cautions, *found.sources),
        vue=tuple(selection.to_query().items()),
    )
    return xlsx_bytes(Content(found.tables, mentions))
