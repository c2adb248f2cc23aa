"""The selections whose masters are kept: every page, command, format, sheet and scene.

The house is read by its two doors only, the pages and the command line, so that these readings
stand whatever is rebuilt behind them. They are chosen at the border cases of the domain: quartiers
over several communes, Paris and Lyon, overseas, a territory without quartiers, a device in project
or of unknown perimeter, secret values, a past date, a code that two territories share.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import patch

import time_machine

from tests.reading.files import read_file, read_scenes
from tests.reading.pages import ROOT, open_page, read_page, through_the_entry
from tests.reading.parts import as_text

MOMENT: Final = dt.datetime(2026, 11, 28, 10, tzinfo=dt.UTC)
"""When every master is read: what is dated today is dated then."""
MASTERS: Final = Path(__file__).parent / "masters"
SAMPLES: Final = "tests/golden/samples"
_PROGRAM: Final = re.compile(r"Usage: .*?clsm_map")
_DIGEST: Final = re.compile(r"\b[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class Golden:
    """One selection: the name of its master, what is asked, and how it is read."""

    name: str
    asked: str
    read: Callable[[], str]


@contextmanager
def as_on_the_day() -> Iterator[None]:
    """Read on the day of the masters, from the root, in a plain terminal of a hundred columns."""
    terminal = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb"}
    day = time_machine.travel(MOMENT)
    with patch.dict(os.environ, terminal), day, through_the_entry(), chdir(ROOT):
        yield


def read(golden: Golden) -> str:
    """Read a selection."""
    with as_on_the_day():
        return f"{golden.asked}\n\n{golden.read()}"


def _page(name: str, page: str, **query: str) -> Golden:
    asked = f"page {page} {' '.join(f'{k}={v}' for k, v in query.items())}".strip()
    return Golden(f"page-{name}", asked, lambda: as_text(read_page(open_page(page, **query))))


def type_command(*words: str) -> tuple[object, bytes, bytes]:
    """Type a command; give its exit code, what it said and what it complained of."""
    from clsm_map.__main__ import main  # noqa: PLC0415 - heavy, and only when a command is read

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code: object = None
    with (
        patch.object(sys, "argv", ["clsm_map", *words]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code
    for stream in (out, err):
        stream.flush()
    return code, out.buffer.getvalue(), err.buffer.getvalue()  # type: ignore[attr-defined]


def _command(name: str, *words: str) -> Golden:
    def answer() -> str:
        code, out, err = type_command(*words)
        said = out.decode("utf-8-sig").replace("\r\n", "\n")
        complained = "".join(f"! {line}\n" for line in err.decode().splitlines())
        said = _DIGEST.sub("…", _PROGRAM.sub("Usage: clsm_map", said))
        return f"code {code or 0}\n{complained}{_without_ends(said)}"

    return Golden(f"commande-{name}", f"clsm_map {' '.join(words)}", answer)


def _without_ends(text: str) -> str:
    return "".join(f"{line.rstrip(' ')}\n" for line in text.splitlines())


def _written(name: str, out: str, *words: str) -> Golden:
    """Read the file that a command writes."""

    def answer() -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / out
            code, said, err = type_command(*words, "--out", str(path))
            assert not code, err.decode()
            finished = "avancement jusqu’à « Terminé »\n" if "Terminé" in err.decode() else ""
            told = said.decode().replace(f"{folder}{os.sep}", "")
            return f"{told}{finished}\n{as_text(read_file(out, path.read_bytes()))}"

    return Golden(f"fichier-{name}", f"clsm_map {' '.join(words)} --out {out}", answer)


def _scenes(name: str, *scenes: dict[str, object]) -> Golden:
    """Read scenes where they leave the application: in the folder that plays by itself."""

    def answer() -> str:
        told = [{"page": "carte", "disposition": "carte-chiffres", **scene} for scene in scenes]
        deck = {
            "format": "clsm-map/presentation", "version": 1, "titre": name, "scenes": told,
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            source, path = Path(folder) / "scenes.json", Path(folder) / "scenes.zip"
            source.write_text(json.dumps(deck), encoding="utf-8")
            code, _, err = type_command("deck", "--from", str(source), "--out", str(path))
            assert not code, err.decode()
            return as_text(read_scenes(path.read_bytes()))

    asked = "\n".join(json.dumps(scene, ensure_ascii=False) for scene in scenes)
    return Golden(f"scenes-{name}", asked, answer)


AIN, RHONE, SEINE = "departement:01", "departement:69", "departement:93"
HAUTS_DE_FRANCE, LILLE, ROUBAIX = "region:32", "200093201", "59512"
_HERE: Final = {"territoire": HAUTS_DE_FRANCE}

SELECTIONS: Final[tuple[Golden, ...]] = (
    _page("accueil", "accueil"),
    _page("methode", "methode"),
    _page("donnees", "donnees"),
    _page("carte-france", "carte"),
    _page("carte-communes-statuts", "carte", territoire=SEINE, niveau="commune",
          statuts="sans_dispositif_recense", choisi="commune:93066"),
    _page("carte-secret", "carte", territoire="region:04", niveau="commune",
          indicateur="taux_pauvrete"),
    _page("carte-couches", "carte", territoire="region:84", type="CLS", date="2020-01-01",
          couches="qpv,clsm,asv,cls,villes", niveau="departement", classes="naturelles", n="4",
          choisi="qpv:QN06909M"),
    _page("carte-filtre", "carte", couches="qpv", pauvrete="45-", habitants="2000-",
          evolutions="N,M", indicateur="apl_generalistes", niveau="commune",
          territoire="departement:59"),
    _page("couverture-autour-dispositif", "couverture", vue="autour",
          lieu="dispositif:clsm-chateau-thierry", rayon="20"),
    _page("couverture-autour-commune", "couverture", vue="autour", lieu="commune:59350",
          rayon="10"),
    _page("couverture-autour-qpv", "couverture", vue="autour", lieu="QN06909M", type="ASV"),
    _page("couverture-autour-outre-mer", "couverture", vue="autour", lieu="commune:97411",
          rayon="30"),
    _page("couverture-france", "couverture", vue="territoire"),
    _page("couverture-seine", "couverture", vue="territoire", territoire=SEINE, tri="pauvrete",
          statuts="couvert_en_partie"),
    _page("couverture-epci-2019", "couverture", vue="territoire", territoire="epci:200057867",
          date="2019-01-01", mesure="qpv"),
    _page("couverture-paris", "couverture", vue="territoire", territoire="departement:75"),
    _page("couverture-lozere", "couverture", vue="territoire", territoire="departement:48"),
    _page("couverture-evolution", "couverture", vue="evolution"),
    _page("couverture-evolution-2018", "couverture", vue="evolution", janvier="2018", **_HERE),
    _page("couverture-registre", "couverture", vue="registre"),
    _page("inegalites-profil", "inegalites", territoire=SEINE),
    _page("inegalites-profil-qpv", "inegalites", territoire="qpv:QN00101M", reference="commune"),
    _page("inegalites-cote", "inegalites", territoire=SEINE, angle="cote",
          avec="departement:59,departement:974"),
    _page("inegalites-classement", "inegalites", angle="classement", territoire="region:84"),
    _page("inegalites-croisement", "inegalites", angle="croisement", etudie="taux_pauvrete",
          croise="psychiatres", territoire="region:11"),
    _page("inegalites-evolution", "inegalites", angle="evolution", territoire=SEINE),
    _page("inegalites-interieur", "inegalites", angle="interieur", territoire="region:11"),
    _page("inegalites-carte", "inegalites", angle="carte", territoire="region:84"),
    _page("inegalites-indice", "inegalites", angle="indice", territoire=SEINE,
          composantes="taux_pauvrete:3,taux_emploi:1"),
    _page("planifier-ou", "planifier", k="3", **_HERE),
    _page("planifier-contraintes", "planifier", k="4", candidats="commune", pondere="oui",
          par_departement="1", imposes=ROUBAIX, exclus="departement:80", **_HERE),
    _page("planifier-et-si", "planifier", plan="et-si",
          scenario=f"c.{LILLE}~e.clsm-armentieres.{ROUBAIX}"),
    _page("planifier-etendre", "planifier", plan="etendre", **_HERE),
    _page("programme", "programme"),
    _page("fiche-commune", "fiche", sujet="commune:69259"),
    _page("fiche-departement", "fiche", sujet="departement:976"),
    _page("fiche-dispositif", "fiche", sujet="dispositif:asv-grand-nancy"),
    _page("fiche-arrondissement", "fiche", sujet="arrondissement:75119", type="CLS"),
    _page("presentation", "presentation", territoire="region:53"),
    _command("aide", "--help"),
    _command("coverage", "coverage", "--region", "84"),
    _command("coverage-liste-csv", "coverage", "--departement", "69", "--list", "--csv"),
    _command("coverage-json", "coverage", "--type", "ASV", "--on", "2020-01-01", "--json"),
    _command("gaps", "gaps", "--near", "clsm-chateau-thierry", "--radius-km", "20"),
    _command("gaps-json", "gaps", "--near", "commune:97411", "--radius-km", "30", "--json"),
    _command("history", "history", "region:32", "--from", "2012"),
    _command("show", "show", "couverture.territoire", "--region", "53"),
    _command("compare", "compare", "departement:93", "departement:59", "--with", "france"),
    _command("compare-qpv-json", "compare", "qpv@departement:93", "--with", "qpv@region", "--json"),
    _command("index", "index", "--departement", "93", "--top", "10"),
    _command("plan", "plan", "--k", "3", "--region", "32", "--json"),
    _command("whatif", "whatif", "--create", LILLE, "--extend", f"clsm-armentieres:{ROUBAIX}"),
    _command("programme", "programme"),
    _command("programme-liste", "programme", "data/exemples/programme-exemple.csv",
             "--departement", "93"),
    _command("register-validate", "register", "validate", f"{SAMPLES}/liste.csv"),
    _command("data-check", "data", "check"),
    _command("refus-code", "history", "75"),
    _command("refus-homonyme", "coverage", "--epci", "Saint-Denis"),
    _written("carte-png", "carte.png", "export", "carte", "--departement", "35", "--niveau",
             "commune", "--n", "4"),
    _written("carte-svg", "carte.svg", "export", "carte", "--territoire", "region:94",
             "--indicateur", "taux_pauvrete", "--niveau", "commune", "--classes", "egales"),
    _written("carte-html", "carte.html", "export", "carte", "--territoire", "region:84"),
    _written("couverture-svg", "couverture.svg", "export", "couverture", "--departement", "93"),
    _written("couverture-xlsx", "couverture.xlsx", "export", "couverture", "--lieu",
             "commune:93066", "--rayon", "7"),
    _written("qpv-csv", "qpv.csv", "export", "qpv", "--region", "53", "--pauvrete", "45-"),
    _written("communes-xlsx", "communes.xlsx", "export", "communes", "--territoire", RHONE,
             "--niveau", "commune", "--indicateur", "taux_pauvrete"),
    _written("epci-geojson", "epci.geojson", "export", "epci", "--territoire", AIN),
    _written("departements-parquet", "departements.parquet", "export", "departements"),
    _written("dispositifs-gpkg", "dispositifs.gpkg", "export", "dispositifs", "--region", "32"),
    _written("indicateurs-csv", "indicateurs.csv", "export", "indicateurs"),
    _written("fiche-commune-pdf", "fiche.pdf", "sheet", "69259", "--address", "https://exemple.fr"),
    _written("fiche-qpv-docx", "fiche.docx", "sheet", "QN06909M", "--on", "2024-06-30"),
    _written("fiches-zip", "fiches.zip", "sheet", "05", "--all", "--format", "docx"),
    _written("presentation-pdf", "presentation.pdf", "deck", "--region", "94"),
    _written("presentation-zip", "presentation.zip", "deck", "--region", "06"),
    _written("scenario-pdf", "scenario.pdf", "whatif", "--create", LILLE),
    _scenes("carte",
            {"requete": {"territoire": SEINE, "niveau": "commune"}},
            {"requete": {"type": "ASV", "couches": "qpv,asv"}, "disposition": "chiffres"}),
    _scenes("couverture",
            {"page": "couverture",
             "requete": {"vue": "autour", "lieu": "commune:59350", "rayon": "10"}},
            {"page": "couverture", "requete": {"vue": "evolution", **_HERE}},
            {"page": "couverture", "requete": {"vue": "territoire", "territoire": SEINE},
             "avant": {"vue": "territoire", "territoire": SEINE, "date": "2015-01-01"},
             "disposition": "avant-apres"}),
    _scenes("inegalites",
            *({"page": "inegalites", "requete": {"territoire": SEINE, "angle": angle}}
              for angle in ("profil", "classement", "carte", "indice", "interieur"))),
    _scenes("planifier",
            {"page": "planifier", "requete": {**_HERE, "k": "3"}},
            {"page": "planifier", "requete": {"plan": "et-si", "scenario": f"c.{LILLE}"}},
            {"page": "programme", "requete": {}, "disposition": "chiffres"}),
)  # fmt: skip
