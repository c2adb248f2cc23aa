import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

from clsm_map.__main__ import main
from clsm_map.settings import ROOT

GOOD = "nom;type;statut;code_insee\nCLSM de Sète;CLSM;actif;34301\n"
HALF = GOOD + "CLSM A;CLSM;actif;1053\n"


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command as the shell would, in this process."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["clsm_map", "register", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Done(int(ended.value.code or 0), told.out, told.err)

    return command


@pytest.fixture
def liste(tmp_path):
    def write(content, name="liste.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_a_sound_list_ends_with_0(run, liste):
    done = run("validate", liste(GOOD), "--json")
    assert done.returncode == 0
    content = json.loads(done.stdout)
    assert content.pop("informations")
    assert content == {"lignes": 1, "acceptees": 1, "rejetees": 0, "erreurs": []}


def test_rejected_lines_end_with_1_and_are_told(run, liste):
    path = liste(HALF)
    done = run("validate", path, "--json")
    assert done.returncode == 1
    content = json.loads(done.stdout)
    assert (content["lignes"], content["acceptees"], content["rejetees"]) == (2, 1, 1)
    (error,) = content["erreurs"]
    assert (error["ligne"], error["champ"], error["valeur"]) == (3, "code_insee", "1053")
    assert "zéro" in error["message"]
    shown = run("validate", path)
    assert shown.returncode == 1
    assert "1053" in shown.stdout
    assert "1 ligne acceptée" in " ".join(shown.stdout.split())


def test_options_reach_the_reading(run, liste):
    assert run("validate", liste(HALF), "--accept-corrections").returncode == 0
    path = liste("Appellation;zone\nSète;34301\n")
    mapped = run(
        "validate", path, "--mapping", "nom=Appellation", "--mapping", "code_commune=zone",
        "--default", "type=CLSM", "--json",
    )  # fmt: skip
    assert mapped.returncode == 0, mapped.stderr


@pytest.mark.parametrize(
    ("content", "name", "options"),
    [
        ("", "vide.csv", ()),
        (b"PK\x03\x04rien", "faux.xlsx", ()),
        ("{", "faux.geojson", ()),
        ("x", "liste.exe", ()),
        (GOOD, "liste.csv", ("--mapping", "nom")),
        (GOOD, "liste.csv", ("--mapping", "nom=Absente")),
        (GOOD, "liste.csv", ("--kind", "communes")),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_a_french_sentence(run, liste, content, name, options):
    done = run("validate", liste(content, name), "--json", *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip().endswith(".")
    assert "Traceback" not in done.stderr


def shell(*arguments):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_command_answers_from_a_shell(liste):
    done = shell("-m", "clsm_map", "register", "validate", liste(HALF), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["rejetees"] == 1


def test_an_absent_file_ends_with_2(run, tmp_path):
    done = run("validate", tmp_path / "absente.csv")
    assert done.returncode == 2
    assert "n'existe pas" in done.stderr


def test_a_template_is_written_and_accepted(run, tmp_path):
    path = tmp_path / "modele.xlsx"
    assert run("template", path).returncode == 0
    assert run("validate", path).returncode == 0
    assert run("template", tmp_path / "modele.odt").returncode == 2
