"""The arrows of the house: data flows one way, and only the last room knows Streamlit."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "clsm_map"
MAY_IMPORT = {
    "domain": set(),
    "build": {"domain"},
    "store": {"domain"},
    "register": {"domain", "store"},
    "analysis": {"domain", "store"},
    "views": {"domain", "store", "analysis"},
    "charts": {"domain", "analysis", "views"},
    "maps": {"domain", "store", "analysis", "views"},
    "exports": {"domain", "store", "analysis", "views", "charts", "maps"},
    "ui": {"domain", "store", "register", "analysis", "views", "charts", "maps", "exports"},
    "cli": {
        "domain",
        "build",
        "store",
        "register",
        "analysis",
        "views",
        "charts",
        "maps",
        "exports",
    },
}


def imported(path):
    """Names imported by a module, type-checking blocks included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def modules(folder):
    return sorted((PACKAGE / folder).rglob("*.py"))


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_before_it(room):
    allowed = MAY_IMPORT[room] | {room}
    for path in modules(room):
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "clsm_map" and len(parts) > 1 and parts[1] in MAY_IMPORT:
                assert parts[1] in allowed, f"{path.relative_to(ROOT)} importe {name}"


def test_only_ui_and_the_pages_import_streamlit():
    for path in PACKAGE.rglob("*.py"):
        if PACKAGE / "ui" not in path.parents:
            roots = {name.split(".")[0] for name in imported(path)}
            assert "streamlit" not in roots, path.relative_to(ROOT)


def test_only_maps_imports_folium():
    for path in [*PACKAGE.rglob("*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]:
        if PACKAGE / "maps" not in path.parents:
            roots = {name.split(".")[0] for name in imported(path)}
            assert not roots & {"folium", "streamlit_folium", "branca"}, path.relative_to(ROOT)


def test_pages_stay_a_page_of_code():
    for path in ROOT.glob("pages/*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 80, path.name
        assert path.name.isascii()


MESSAGES = {"info", "warning", "error", "success", "toast"}


def raw_messages(path):
    """Lines where a text that is computed reaches Streamlit's Markdown as it is."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in MESSAGES or ast.unparse(node.func.value) == "_LOG":
            continue
        text = node.args[0]
        escaped = isinstance(text, ast.Call) and ast.unparse(text.func) == "markdown_text"
        if not isinstance(text, ast.Constant) and not escaped:
            yield f"{path.name}:{node.lineno}"


def test_a_computed_message_goes_through_the_escape_for_markdown(tmp_path):
    found = [m for p in (*modules("ui"), *ROOT.glob("pages/*.py")) for m in raw_messages(p)]
    assert found == []
    bad = tmp_path / "bad.py"
    bad.write_text('left.warning(f"« {name} »")\nst.info("fixe")\n', encoding="utf-8")
    assert list(raw_messages(bad)) == ["bad.py:1"]
