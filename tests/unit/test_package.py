"""The package says what it needs and carries what it reads; its command, made by `make install`,
works from any folder.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from clsm_map.__main__ import main
from clsm_map.settings import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NO_FOLDER = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}


def test_dependencies_are_those_of_requirements():
    assert PROJECT["project"]["dynamic"] == ["dependencies"]
    found = PROJECT["tool"]["setuptools"]["dynamic"]["dependencies"]["file"]
    assert found == ["requirements.txt"]
    assert (ROOT / "requirements.txt").is_file()


def test_every_file_beside_the_modules_is_carried():
    suffixes = {
        path.suffix
        for path in (ROOT / "clsm_map").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    carried = PROJECT["tool"]["setuptools"]["package-data"]["clsm_map"]
    assert {f"**/*{suffix}" for suffix in suffixes} == set(carried)


def test_the_command_is_the_one_of_the_module():
    module, _, function = PROJECT["project"]["scripts"]["clsm-map"].partition(":")
    assert (module, function) == (main.__module__, main.__name__)


@pytest.mark.parametrize("how", ["module", "script"])
def test_it_answers_from_any_folder(tmp_path, how):
    """Its quartiers in Corse: ``grep -cE '^QN02[AB]' data/facts/qpv_2024.csv``."""
    script = Path(sys.executable).with_name("clsm-map")
    start = [str(script)] if how == "script" else [sys.executable, "-m", "clsm_map"]
    done = subprocess.run(
        [*start, "coverage", "--region", "94", "--json"],
        cwd=tmp_path,
        env=NO_FOLDER,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["qpv"] == 5
