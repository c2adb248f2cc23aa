"""Commands ``plan`` and ``whatif``: where next, and what if."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import pandas as pd
import typer
from typer.core import TyperCommand

from clsm_map.analysis.coverage import Coverage, status_counts
from clsm_map.analysis.listing import records
from clsm_map.analysis.need import need_of
from clsm_map.analysis.planning.choice import CAUTION
from clsm_map.analysis.planning.problem import (
    Aim,
    Candidates,
    Constraints,
    listed_candidates,
    offered_candidates,
)
from clsm_map.analysis.planning.question import Answer, ask_plan
from clsm_map.analysis.planning.scenario import Move, Scenario, Simulation, make_move, simulate
from clsm_map.cli.answering import Rows, chosen, territory_content, write, write_file
from clsm_map.cli.asking import (
    Address,
    Departement,
    Epci,
    Json,
    On,
    Partial,
    Region,
    Type,
    one_of,
    open_base,
    read_candidates,
    read_day,
    read_place,
)
from clsm_map.desk import Desk
from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import CandidateChoice
from clsm_map.domain.territories import Territory
from clsm_map.formats import count, number, percent
from clsm_map.store.territories import find_territory, read_bare_code
from clsm_map.table import Column, Table
from clsm_map.views.planning.plan import ORDER

# ruff: noqa: PLR0917 - the options of a command

app = typer.Typer()

MAX_K: Final = 200
_OFFERED: Final[tuple[CandidateChoice, ...]] = ("epci", "commune")
_PLM_LEVELS: Final = frozenset({"epci", "commune", "arrondissement"})
_CODE: Final = r"(?:(?:epci|commune|arrondissement):)?[^:,]+"
_EXTENSION: Final = re.compile(rf"(.+?):({_CODE}(?:,{_CODE})*)")
_REPEATED: Final = frozenset({"--create", "--extend", "--exclude", "--force", "--among"})
_LABELS: Final = {str(id_): status.label for id_, status in STATUSES.items()}
_CHOICE: Final = (
    Column("rang", "Rang", "entier"), Column("code", "Code"), Column("nom", "Territoire"),
    Column("departement", "Dép."),
    Column("habitants_seul", "Habitants, seul (RP 2020)", "entier"),
    Column("qpv_ajoutes", "QPV ajoutés", "entier"),
    Column("habitants_ajoutes", "Habitants ajoutés (RP 2020)", "entier"),
    Column("poids_ajoute", "Pondérés par le besoin", "entier"),
    Column("incertain", "À vérifier"),
)  # fmt: skip
_MOVES: Final = (
    Column("rang", "", "entier"), Column("decision", "Décision"),
    Column("qpv_gagnes", "QPV gagnés", "entier"),
    Column("habitants_gagnes", "Habitants gagnés (RP 2020)", "entier"),
    Column("besoin_gagne", "Habitants pondérés par le besoin", "entier"),
)  # fmt: skip
_STATUSES: Final = (
    Column("statut", "Statut"), Column("qpv_avant", "QPV avant", "entier"),
    Column("qpv_apres", "QPV après", "entier"),
    Column("habitants_avant", "Habitants avant (RP 2020)", "entier"),
    Column("habitants_apres", "Habitants après (RP 2020)", "entier"),
)  # fmt: skip
_CHANGES: Final = (
    Column("qpv", "Code"), Column("nom", "Quartier"),
    Column("habitants", "Habitants (RP 2020)", "entier"),
    Column("statut_avant", "Avant"), Column("statut_apres", "Après"),
)  # fmt: skip


class ManyValues(TyperCommand):
    """A command whose list options take several values after one name: ``--create A B``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Repeat the name of the option before each of its values."""
        return super().parse_args(ctx, _repeat_names(args))


def _repeat_names(args: list[str]) -> list[str]:
    spelt: list[str] = []
    name, values = "", 0
    for arg in args:
        if arg.startswith("--"):
            name, values = (arg, 0) if arg in _REPEATED else ("", 0)
        elif name:
            values += 1
            if values > 1:
                spelt.append(name)
        spelt.append(arg)
    return spelt


@app.command(cls=ManyValues)
def plan(
    k: Annotated[int, typer.Option(help="Nombre de dispositifs à créer.")],
    candidates: Annotated[
        str, typer.Option(help="epci (EPT et Paris dans le Grand Paris) ou commune.")
    ] = "epci",
    region: Region = None,
    departement: Departement = None,
    epci: Epci = None,
    weighted: Annotated[
        bool, typer.Option("--weighted", help="Pondère les habitants par l'indice de besoin.")
    ] = False,
    among: Annotated[
        list[str] | None, typer.Option(help="Sa propre liste de candidats : codes.")
    ] = None,
    max_per_departement: Annotated[
        int | None, typer.Option(help="Dispositifs créés par département, au plus.")
    ] = None,
    max_inhabitants: Annotated[
        float | None, typer.Option(help="Habitants de tous les périmètres créés, au plus.")
    ] = None,
    max_inhabitants_each: Annotated[
        float | None, typer.Option(help="Habitants de chaque périmètre créé, au plus.")
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(help="Exclut un code, « departement:93 » ou « region:84 »."),
    ] = None,
    force: Annotated[list[str] | None, typer.Option(help="Impose un candidat.")] = None,
    skip_projects: Annotated[
        bool, typer.Option("--skip-projects", help="Ne compte pas les quartiers en projet.")
    ] = False,
    partial: Partial = "surface",
    greedy: Annotated[
        bool, typer.Option("--greedy", help="Choix glouton au lieu du choix exact.")
    ] = False,
    type_: Type = "CLSM",
    on: On = None,
    as_json: Json = False,
) -> None:
    """Où les prochains dispositifs atteindraient le plus d'habitants de quartiers non couverts."""
    if k > MAX_K:
        raise InvalidInputError(f"On planifie au plus {MAX_K} dispositifs à la fois.")
    desk = open_base()
    snapshot, day = desk.snapshot, read_day(desk, on)
    place = read_place(snapshot, region, departement, epci)
    offered = _candidates(desk, candidates, among or [])
    constraints = Constraints(
        k,
        max_per_departement,
        frozenset(read_candidates(snapshot, exclude or ())),
        frozenset(read_candidates(snapshot, force or ())),
        max_inhabitants,
        max_inhabitants_each,
    )
    with _native_output_to_stderr():
        found = ask_plan(
            desk.coverage(type_, day),
            offered,
            constraints,
            place,
            need=need_of(snapshot).scores["score"] if weighted else None,
            aim=Aim(skip_projects, partial),
            method="glouton" if greedy else "milp",
        )
    content = {
        "type": type_,
        "on": day.isoformat(),
        "territoire": territory_content(place),
        "k": k,
        "candidats": "liste" if among else candidates,
    }
    choice = _choice(found)
    content |= _plan_content(found, choice)
    shown = _plan_shown(found, choice, type_, place)
    write(chosen(as_json=as_json), content, shown, found.avertissements)


@contextmanager
def _native_output_to_stderr() -> Iterator[None]:
    """Send to the standard error what compiled code writes to the standard output.

    HiGHS 1.12 prints a trace line now and then, log or no log; it would break ``--json``.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _candidates(desk: Desk, level: str, among: list[str]) -> Candidates:
    offered, hierarchy = desk.snapshot.intercommunalites, desk.ground.hierarchy
    if among:
        return listed_candidates(read_candidates(desk.snapshot, among), offered, hierarchy)
    wanted = one_of(level, _OFFERED, "Les candidats sont « epci » ou « commune ».")
    return offered_candidates("epci" if wanted == "epci" else "commune", offered, hierarchy)


def _choice(found: Answer) -> Rows:
    """Give the territories of a plan, each with the devices that are to be checked first."""
    rows = found.incertains
    marks = (rows["nom"] + " (" + rows["motif"] + ")").groupby(rows["candidat"]).agg(list)
    return [
        row | {"incertain": marks.get(row["code"], [])}
        for row in records(found.plan.choix, ("qpv",))
    ]


def _plan_content(found: Answer, choice: Rows) -> dict[str, object]:
    plan = found.plan
    return {
        "pondere": plan.pondere,
        "partiels": found.demand.aim.partiels,
        "choix": choice,
        "partages": records(plan.partages, ("codes", "noms", "qpv")),
        "qpv_gagnes": plan.qpv_gagnes,
        "habitants_gagnes": plan.habitants_gagnes,
        "optimal": plan.optimal,
        "ecart": plan.ecart,
        "methode": plan.methode,
        "garantie": plan.garantie,
        "courbe": records(plan.courbe, ()),
        "reste": asdict(plan.reste),
        "avertissements": list(found.avertissements),
    }


def _plan_shown(found: Answer, choice: Rows, type_: str, place: Territory) -> list[Table | str]:
    plan, left = found.plan, found.plan.reste
    columns = tuple(c for c in _CHOICE if plan.pondere or c.name != "poids_ajoute")
    cells = pd.DataFrame(choice, columns=[c.name for c in columns])
    cells["incertain"] = cells["incertain"].map(", ".join)
    what = "habitants pondérés par le besoin" if plan.pondere else "habitants"
    title = f"Où créer un {type_} pour les quartiers {found.demand.aim.words(type_)}"
    shared: Rows = records(plan.partages, ())
    gap = "" if plan.optimal else f" Écart au mieux possible : {percent(100 * plan.ecart)} au plus."
    curve = zip(plan.courbe["k"], plan.courbe["poids"], plan.courbe["gain"], strict=True)
    totals = [f"{k} : {number(round(all_))} (+{number(round(gain))})" for k, all_, gain in curve]
    return [
        Table("plan", f"{title} : {place.nom} ({what})", columns, cells),
        ORDER,
        *(
            f"À plusieurs seulement ({row['noms'].replace(';', ', ')}) : "
            f"{count(row['qpv_gagnes'], 'quartier')}, "
            f"{count(row['habitants_gagnes'], 'habitant')} (RP 2020)."
            for row in shared
        ),
        (
            f"Gagnés : {count(plan.qpv_gagnes, 'quartier')}, "
            f"{count(plan.habitants_gagnes, 'habitant')} (RP 2020). {plan.garantie}{gap}"
        ),
        (
            f"Reste : {count(left.qpv, 'quartier')}, {count(left.habitants, 'habitant')} "
            f"(RP 2020 ; {number(left.qpv_population_inconnue)} sans population connue) ; "
            f"{number(left.qpv_hors_d_un_seul)} qu’aucun candidat n’atteint à lui seul, dont "
            f"{number(left.qpv_sans_candidat)} hors de tous."
        ),
        (
            f"Meilleur total selon le nombre de dispositifs ({what}"
            f"{'' if plan.pondere else ', RP 2020'}) : {' ; '.join(totals)}."
        ),
    ]


@app.command(cls=ManyValues)
def whatif(
    create: Annotated[
        list[str] | None,
        typer.Option(
            help="Crée un dispositif sur un code ; « A,B » pour un seul dispositif sur plusieurs."
        ),
    ] = None,
    extend: Annotated[
        list[str] | None,
        typer.Option(help="Étend un dispositif : IDENTIFIANT:CODE ou IDENTIFIANT:A,B."),
    ] = None,
    scenario: Annotated[
        str, typer.Option(help="Scénario d'un lien ; les options s'y ajoutent.")
    ] = "",
    partial: Partial = "surface",
    type_: Type = "CLSM",
    on: On = None,
    out: Annotated[Path | None, typer.Option(help="Écrit aussi la fiche : .pdf ou .docx.")] = None,
    address: Address = "",
    as_json: Json = False,
) -> None:
    """Ce que changeraient des créations et des extensions : quartiers, habitants, besoin."""
    if out:
        from clsm_map.cli.files import read_sheet_format  # noqa: PLC0415 - slow to load
        from clsm_map.exports.scenario import export_scenario  # noqa: PLC0415 - same

        fmt = read_sheet_format(out.suffix.removeprefix("."))
    desk = open_base()
    coverage = desk.coverage(type_, read_day(desk, on))
    asked = Scenario.from_text(scenario)
    for text in create or []:
        asked = asked.then(make_move("creer", _codes(desk, text)))
    for text in extend or []:
        asked = asked.then(_extension(desk, text))
    if not asked.moves:
        raise InvalidInputError(
            "Rien à simuler : donnez au moins --create CODE ou --extend DISPOSITIF:CODE."
        )
    found = simulate(coverage, asked, need_of(desk.snapshot).scores["score"], partiels=partial)
    if out:
        query = {
            "type": type_,
            "date": coverage.on.isoformat(),
            "plan": "et-si",
            "partiels": found.partiels,
            "scenario": found.scenario.to_text(),
        }
        link = f"{address.rstrip('/')}/planifier?{urlencode(query)}"
        write_file(out, export_scenario(desk, found, fmt, link), aside=True)
    notes = [CAUTION.format(type=type_), *found.avertissements]
    content = _scenario_content(found, notes)
    write(chosen(as_json=as_json), content, _scenario_shown(desk, found), notes)


def _extension(desk: Desk, text: str) -> Move:
    read = _EXTENSION.fullmatch(text)
    if read is None:
        raise InvalidInputError(
            f"« {text} » n’est pas une extension : écrivez DISPOSITIF:CODE, comme "
            "clsm-bourg-en-bresse:01451."
        )
    return make_move("etendre", _codes(desk, read[2]), read[1])


def _codes(desk: Desk, text: str) -> list[str]:
    """Read codes, or whole names, separated by commas; a former commune stays itself."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    known = {*desk.ground.hierarchy.members["code"], *desk.ground.qpv_communes["commune"]}
    for part in parts:
        read_bare_code(desk.snapshot, part)
    return [part if part in known else _code(desk, part) for part in parts]


def _code(desk: Desk, text: str) -> str:
    found = find_territory(desk.snapshot, text)
    if found.level not in _PLM_LEVELS:
        raise InvalidInputError(
            f"« {found.nom} » n’est ni une commune ni une intercommunalité : un dispositif se "
            "crée ou s’étend sur l’une d’elles."
        )
    return found.code


def _counts(coverage: Coverage) -> pd.DataFrame:
    counts = status_counts(coverage.status, coverage.ground.qpv)
    return counts.set_index("statut")[["qpv", "habitants"]]


def _scenario_content(found: Simulation, notes: list[str]) -> dict[str, object]:
    return {
        "type": found.avant.type,
        "on": found.avant.on.isoformat(),
        "scenario": found.scenario.to_text(),
        "partiels": found.partiels,
        "decisions": records(found.decisions, ("codes",)),
        "qpv_gagnes": found.qpv_gagnes,
        "habitants_gagnes": found.habitants_gagnes,
        "qpv_population_inconnue": found.qpv_population_inconnue,
        "qpv_couverts_en_partie": found.qpv_en_partie,
        "besoin_gagne": found.besoin_gagne,
        "avant": _counts(found.avant).to_dict("index"),
        "apres": _counts(found.apres).to_dict("index"),
        "items": records(found.qpv.rename(columns={"qpv": "code_qpv", "nom": "nom_qpv"}), ()),
        "avertissements": notes,
    }


def _scenario_shown(desk: Desk, found: Simulation) -> list[Table | str]:
    moves = found.decisions.assign(decision=_decisions(desk, found))
    before, after = _counts(found.avant), _counts(found.apres)
    both = before.add_suffix("_avant").join(after.add_suffix("_apres"))
    statuses = both.rename(index=_LABELS).rename_axis("statut").reset_index()
    changes = found.qpv.replace({"statut_avant": _LABELS, "statut_apres": _LABELS})
    unknown = found.qpv_population_inconnue
    apart = f" (dont {number(unknown)} de population inconnue)" if unknown else ""
    return [
        Table("decisions", "Scénario : ce que chaque décision ajoute", _MOVES, moves),
        Table("statuts", "Statuts des quartiers, avant et après (France)", _STATUSES, statuses),
        Table("quartiers", "Quartiers dont le statut change", _CHANGES, changes),
        (
            f"Gagnés : {count(found.qpv_gagnes, 'quartier')}{apart}, "
            f"{count(found.habitants_gagnes, 'habitant')} ; couverts en partie : "
            f"{number(found.qpv_en_partie)}. Lien : {found.scenario.to_text()}"
        ),
    ]


def _decisions(desk: Desk, found: Simulation) -> list[str]:
    snapshot = desk.snapshot
    frames = (desk.ground.units, snapshot.communes_all, snapshot.epci, snapshot.intercommunalites)
    names = {k: v for frame in frames for k, v in zip(frame["code"], frame["nom"], strict=True)}
    said = []
    for row in records(found.decisions, ("codes",)):
        codes: Any = row["codes"]
        where = ", ".join(names.get(code, code) for code in codes)
        created = f"créer un {found.avant.type} sur {where}"
        said.append(created if row["kind"] == "creer" else f"étendre {row['dispositif']} à {where}")
    return said
