"""Commands ``coverage``, ``gaps`` and ``history``."""

from __future__ import annotations

import math
from typing import Annotated, Any

import pandas as pd
import typer

from clsm_map.analysis.cautions import cautions, gaps_cautions, history_cautions
from clsm_map.analysis.centre import CentreFigures, centre_figures
from clsm_map.analysis.coverage import Coverage, covered_by_evidence, pages_of, status_counts
from clsm_map.analysis.gaps import gaps_near
from clsm_map.analysis.ground import qpv_of
from clsm_map.analysis.history import SERIES, announced_total, computed_history, published_series
from clsm_map.analysis.listing import gap_list, qpv_list, records
from clsm_map.cli.answering import (
    Output,
    Rows,
    chosen,
    columns_of,
    territory_content,
    write,
)
from clsm_map.cli.asking import (
    ANY_LEVEL,
    Csv,
    Departement,
    Epci,
    Json,
    On,
    Region,
    Type,
    open_base,
    read_day,
    read_place,
    read_radius,
    read_years,
)
from clsm_map.desk import Desk
from clsm_map.domain.devices import NOT_WHOLE, STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.evidence import EVIDENCE, page_words, split_words, status_words
from clsm_map.domain.territories import Territory
from clsm_map.formats import bounds, count, date_fr, number, percent
from clsm_map.table import Column, Table
from clsm_map.views import around
from clsm_map.views.register import harvest_by_region

# ruff: noqa: PLR0917 - the options of a command

app = typer.Typer()

PAGES = {str(i): e.label for i, e in EVIDENCE.items()} | {"": ""}
LABELS = {str(statut): status.label for statut, status in STATUSES.items()}
_PEOPLE = "Habitants (RP 2020)"
_COUNTS = (
    Column("statut", "Statut"), Column("qpv", "QPV", "entier"),
    Column("part_qpv", "QPV (%)", "nombre"), Column("habitants", _PEOPLE, "entier"),
    Column("part_habitants", "Habitants (%)", "nombre"),
)  # fmt: skip
_QPV = (
    Column("code_qpv", "Code"), Column("nom_qpv", "Quartier"),
    Column("noms_communes", "Communes"), Column("nom_epci", "Intercommunalité"),
    Column("habitants", _PEOPLE, "entier"), Column("statut", "Statut"),
)  # fmt: skip
_GAPS = (
    *_QPV[:2], Column("distance_km", "km", "nombre", 1), *_QPV[2:5],
    Column("taux_pauvrete", "Pauvreté %", "nombre", 1), _QPV[5],
    Column("plus_proche", "Dispositif actif le plus proche"),
    Column("distance_dispositif_km", "à km", "nombre", 1),
)  # fmt: skip
_HISTORY = (
    Column("annee", "Année"), Column("dispositifs", "Dispositifs actifs", "entier"),
    Column("debut_inconnu", "À part : début inconnu", "entier"),
    Column("qpv_couverts", "QPV couverts", "entier"),
    Column("qpv_couverts_en_partie", "QPV couverts en partie", "entier"),
    Column("qpv_couverts_debut_inconnu", "À part : QPV si déjà là", "entier"),
)  # fmt: skip
_PUBLISHED = (
    Column("serie", "Série"), Column("annee", "Année"), Column("valeur", "Valeur", "nombre"),
    Column("source", "Source"),
)  # fmt: skip


@app.command()
def coverage(
    type_: Type = "CLSM",
    on: On = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    list_: Annotated[bool, typer.Option("--list", help="Donne aussi la liste des QPV.")] = False,
    harvest: Annotated[
        bool,
        typer.Option(
            help="Donne, à la place, ce que le registre tient région par région : recensés, "
            "publiés, part d'une même source, complétude."
        ),
    ] = False,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Couverture des quartiers prioritaires par un type de dispositif, à une date."""
    output = chosen(as_json=as_json, as_csv=as_csv)
    if harvest and (list_ or any((region, departement, epci))):
        raise InvalidInputError(
            "--harvest donne toutes les régions : sans territoire, et sans --list."
        )
    desk = open_base()
    found = desk.coverage(type_, read_day(desk, on))
    if harvest:
        _write_harvest(desk, found, output)
        return
    place = read_place(desk.snapshot, region, departement, epci)
    qpv = desk.ground.qpv.loc[qpv_of(desk.ground, place)]
    if qpv.empty:
        raise InvalidInputError(f"Aucun quartier prioritaire dans « {place.nom} » ({place.code}).")
    counts = status_counts(found.status, qpv)[["statut", "qpv", "habitants"]]
    figures, split = centre_figures(found, place), covered_by_evidence(found, place)
    notes = cautions(found, place, announced_total(desk.snapshot.chiffres, type_))
    content = _coverage_content(found, place, counts, figures)
    content |= {"qpv_couverts_par_age_de_la_page": dict(split)} | _devices(figures)
    content |= {"avertissements": notes}
    shown = _coverage_shown(found, place, counts, figures)
    rows: Rows = counts.to_dict("records")  # type: ignore[assignment]
    if list_:
        rows = records(qpv_list(found, qpv["code"], desk.snapshot.intercommunalites))
        content["items"] = rows
        columns = (*_QPV, Column("nom_dispositifs", "Par"))
        shown.append(Table("qpv", "Quartiers prioritaires", columns, _with_status(rows)))
    if any(split.values()):
        shown.append(f"QPV couverts, en tout ou partie : {split_words(split)}.")
    write(output, content, shown, notes, [_in_words(row) for row in rows])


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    """Write the status of a row, and the age of what it rests on if it says so, in French."""
    said = {"statut": LABELS[row["statut"]]}
    return row | said | ({"preuve": PAGES[row["preuve"]]} if "preuve" in row else {})


def _with_status(rows: Rows) -> pd.DataFrame:
    """Write in one cell the status of each QPV and the age of what it rests on."""
    said = [status_words(LABELS[r["statut"]], seat_only=bool(r["a_preciser"])) for r in rows]
    pages = [PAGES[row["preuve"]] for row in rows]
    cells = [", ".join(part for part in both if part) for both in zip(said, pages, strict=True)]
    return pd.DataFrame(rows).assign(statut=cells)


def _coverage_content(
    found: Coverage, place: Territory, counts: pd.DataFrame, figures: CentreFigures
) -> dict[str, Any]:
    return {
        "type": found.type,
        "on": found.on.isoformat(),
        "territoire": territory_content(place),
        "qpv": figures.qpv,
        "habitants": figures.habitants_qpv,
        "habitants_couverts": {
            "en_entier": figures.habitants_qpv_couverts,
            "avec_partiels": figures.habitants_qpv_couverts_avec_partiels,
            "estimes": figures.habitants_qpv_couverts_estimes,
        },
        "statuts": counts.set_index("statut").to_dict("index"),
    }


def _devices(figures: CentreFigures) -> dict[str, Any]:
    return {
        "dispositifs": {
            "actifs": figures.actifs,
            "projets": figures.projets,
            "couvrant_un_qpv": figures.couvrant_un_qpv,
            "a_verifier": figures.a_verifier,
            "debut_inconnu": figures.debut_inconnu,
            "perimetre_a_preciser": figures.a_preciser,
            "perimetre_inconnu": figures.sans_perimetre,
            "habitants": figures.habitants,
        }
    }


def _coverage_shown(
    found: Coverage, place: Territory, counts: pd.DataFrame, figures: CentreFigures
) -> list[Table | str]:
    complete = bool(found.ground.completude["type"].eq(found.type).any())
    rows = counts[(counts["statut"] != "sans_dispositif") | complete].replace({"statut": LABELS})
    whole = {"statut": "ensemble", "qpv": figures.qpv, "habitants": figures.habitants_qpv}
    rows = pd.concat([rows, pd.DataFrame([whole])], ignore_index=True)
    people = figures.habitants_qpv or math.nan
    rows["part_qpv"] = [percent(100 * n / figures.qpv, 0) for n in rows["qpv"]]
    rows["part_habitants"] = [percent(100 * n / people, 0) for n in rows["habitants"]]
    title = f"Couverture par les {found.type} recensés : {place.nom}, {date_fr(found.on)}"
    shown: list[Table | str] = [
        Table("couverture", title, _COUNTS, rows),
        (
            f"{found.type} recensés : {count(figures.actifs, 'actif')}, "
            f"{count(figures.projets, 'projet')} ; couvrant au moins un QPV, en tout ou partie : "
            f"{number(figures.couvrant_un_qpv)} ; dans leurs périmètres : "
            f"{count(figures.habitants, 'habitant')} (RP 2023)."
        ),
    ]
    if figures.habitants_qpv:
        shown.append(_covered(figures))
    return shown


def _covered(figures: CentreFigures) -> str:
    """Give the inhabitants and the QPV covered by their bounds."""
    strict, most = figures.habitants_qpv_couverts, figures.habitants_qpv_couverts_avec_partiels
    qpv, some = figures.qpv_couverts, figures.qpv_couverts_avec_partiels
    return (
        f"Habitants de QPV couverts : {bounds(strict, most, figures.habitants_qpv)} "
        f"({number(strict)} sans les QPV couverts en partie, {number(most)} avec, environ "
        f"{number(figures.habitants_qpv_couverts_estimes)} selon la surface) ; QPV couverts : "
        f"{bounds(qpv, some, figures.qpv)} ({number(qpv)} sans, {number(some)} avec)."
    )


def _write_harvest(desk: Desk, found: Coverage, output: Output) -> None:
    """Write what the register holds of a type, région by région."""
    harvest = harvest_by_region(desk.snapshot, found)
    content = {
        "type": harvest.type,
        "on": found.on.isoformat(),
        "titre": harvest.title,
        "constat": harvest.finding,
        "recenses": harvest.recorded,
        "regions": harvest.rows.to_dict("records"),
        "avertissements": [harvest.note],
    }
    rows = harvest.table()
    title = f"{harvest.title}, {date_fr(found.on)}"
    table = Table("recolte", title, columns_of(rows.iloc[:, :8]), rows)
    write(output, content, [table, harvest.finding], [harvest.note], rows)


@app.command()
def gaps(
    near: Annotated[
        str,
        typer.Option(
            help="Identifiant d'un dispositif, « niveau:code », code (commune, EPCI, QPV) ou "
            "« lon,lat »."
        ),
    ],
    radius_km: Annotated[str, typer.Option(help="Rayon, en km.")] = "15",
    type_: Type = "CLSM",
    on: On = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Quartiers prioritaires non couverts autour d'un lieu, du plus proche au plus lointain."""
    output, radius = chosen(as_json=as_json, as_csv=as_csv), read_radius(radius_km)
    desk = open_base()
    snapshot, contours = desk.snapshot, desk.contours()
    found = desk.coverage(type_, read_day(desk, on))
    place = around.read_place(near, snapshot, desk.ground, contours)
    near_by = gaps_near(found, contours, place, radius)
    if near_by.empty:
        raise InvalidInputError(
            f"Aucun QPV {NOT_WHOLE.words(type_)} à moins de {number(radius)} km de "
            f"« {place.nom} » : élargissez le rayon avec --radius-km."
        )
    poverty = snapshot.indicator("taux_pauvrete", "qpv")
    items: Rows = records(gap_list(found, near_by, snapshot.intercommunalites, poverty))
    notes = gaps_cautions(found, place, announced_total(snapshot.chiffres, type_))
    content = {
        "type": found.type,
        "on": found.on.isoformat(),
        "lieu": {"nature": place.kind, "code": place.code, "nom": place.nom},
        "rayon_km": radius,
        "qpv": len(items),
        "habitants": sum(row["habitants"] or 0 for row in items),
        "items": items,
        "avertissements": notes,
    }
    nearest = [
        name and f"{name} ({page_words(row['page_dispositif_plus_proche'])})"
        for row in items
        for name in (row["nom_dispositif_plus_proche"],)
    ]
    title = (
        f"QPV {NOT_WHOLE.words(type_)}, à moins de "
        f"{number(radius, 0 if radius.is_integer() else 1)} km de : {place.nom}"
    )
    table = Table("autour", title, _GAPS, _with_status(items).assign(plus_proche=nearest))
    write(output, content, [table], notes, [_in_words(row) for row in items])


@app.command()
def history(
    territoire: Annotated[str | None, typer.Argument(help=ANY_LEVEL)] = None,
    type_: Type = "CLSM",
    first: Annotated[str, typer.Option("--from", help="Première année.")] = "2005",
    last: Annotated[str | None, typer.Option("--to", help="Dernière année.")] = None,
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Dispositifs et quartiers couverts à chaque 1er janvier, et les chiffres publiés à côté."""
    output, desk = chosen(as_json=as_json, as_csv=as_csv), open_base()
    years = read_years(first, last, desk.today.year)
    place = read_place(desk.snapshot, region, departement, epci, territoire)
    computed = computed_history(desk.ground, type_, years, today=desk.today, territory=place)
    computed["date"] = computed["date"].astype(str)
    published = published_series(desk.snapshot.chiffres, type_, place.nom)
    published = published[published["annee"].isna() | published["annee"].isin(list(years))]
    published = published.assign(date=published["date"].dt.strftime("%Y-%m-%d"))
    rows = records(published, ())
    pages = pages_of(desk.ground.dispositifs, type_)
    notes = history_cautions(type_, pages, territory_published=bool(rows))
    content = {
        "type": type_,
        "de": years.start,
        "a": years.stop - 1,
        "territoire": territory_content(place),
        "calcule": computed.to_dict("records"),
        "publie": rows,
        "avertissements": notes,
    }
    title = f"{type_} recensés et QPV couverts au 1er janvier : {place.nom} (calculé ici)"
    shown = [Table("historique", title, _HISTORY, computed)]
    if rows:
        told = pd.DataFrame(rows).replace({"serie": SERIES})
        years_said = [
            f"{'–' if row['annee'] is None else row['annee']}"
            + (f" ({row['moment']})" if row["moment"] else "")
            for row in rows
        ]
        told = told.assign(annee=years_said)
        shown.append(Table("publie", "Chiffres publiés, à part", _PUBLISHED, told))
    series = [c.name for c in _HISTORY[1:]]
    long = computed.melt(["annee", "date"], series, var_name="serie", value_name="valeur")
    cells = pd.concat([long.assign(origine="calculé"), published.assign(origine="publié")])
    order = ["origine", "serie", "annee", "date", "valeur", "unite", "source", "note"]
    write(output, content, shown, notes, cells.reindex(columns=order))
