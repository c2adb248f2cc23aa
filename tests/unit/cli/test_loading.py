"""What a command loads: its own module, and no more of the house than its answer needs."""

import json
import subprocess
import sys

import pytest

from clsm_map.__main__ import build_app
from clsm_map.cli import COMMANDS
from clsm_map.settings import ROOT

TYPED = """
import contextlib, io, json, sys
from clsm_map.__main__ import main
sys.argv = ["clsm_map", *sys.argv[1:]]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
DRAWING = {"matplotlib", "plotly", "folium", "typst", "docx", "streamlit"}
FILES = {"openpyxl", "xlsxwriter", "pandera", "fontTools"}


def loaded(*words):
    done = subprocess.run(
        [sys.executable, "-c", TYPED, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def test_help_loads_nothing_that_computes():
    assert not loaded("--help") & {"pandas", "geopandas", "numpy", "pydantic", "babel"}


@pytest.mark.parametrize(
    "words", [("coverage", "--region", "53"), ("gaps", "--near", "48095", "--radius-km", "90")]
)
def test_an_answer_in_words_loads_nothing_that_draws_or_writes_workbooks(words):
    found = loaded(*words)
    assert "geopandas" in found
    assert not found & (DRAWING | FILES | {"scipy"})


def test_each_command_stands_in_its_module_with_the_words_of_the_help(typed):
    for name, (_, words) in COMMANDS.items():
        code, out, _ = typed(name, "--help")
        assert not code
        assert " ".join(words.split())[:40] in " ".join(out.split())
    assert build_app().registered_commands == []
