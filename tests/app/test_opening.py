"""The server opens modules and data beside itself, and a failure there stops nobody."""

import ast
import gc
import os
import subprocess
import sys

from jinja2 import Environment
from streamlit.web.server.app_discovery import discover_asgi_app

from clsm_map.settings import ROOT
from clsm_map.ui.server import load_first_needed, static_folder

OPEN = "from clsm_map.ui.server import load_first_needed; load_first_needed()"


def test_streamlit_run_finds_the_server_in_app_py():
    found = discover_asgi_app(ROOT / "app.py")
    assert found.is_asgi_app
    assert found.import_string == "app:app"


def test_the_interpreter_is_left_as_it_was():
    compile_at_once = Environment.from_string
    load_first_needed()
    assert gc.isenabled()
    assert Environment.from_string is compile_at_once
    gc.unfreeze()


def test_data_that_cannot_open_are_said_in_the_log_and_the_server_goes_on(tmp_path):
    away = os.environ | {"CLSM_MAP_SNAPSHOT": str(tmp_path / "absent")}
    done = subprocess.run(
        [sys.executable, "-c", OPEN],
        cwd=ROOT,
        env=away,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "L’ouverture n’a pas abouti" in done.stderr
    assert "data build" in done.stderr


def test_components_are_declared_by_a_visitors_run_only():
    loaded = f"{OPEN}; import sys; print([m for m in sys.modules if m in {{'streamlit_folium', "
    loaded += "'clsm_map.ui.furniture', 'clsm_map.ui.presentation'}])"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(done.stdout) == []


def test_the_static_folder_stands_before_the_first_visit(tmp_path):
    static_folder(str(tmp_path / "app.py"))
    assert (tmp_path / "static").is_dir()
    static_folder(str(tmp_path / "nowhere" / "app.py"))
    assert not (tmp_path / "nowhere").exists()
