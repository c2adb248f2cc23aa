"""What every page, command, format, sheet and scene says is what its master keeps.

A difference is read by a person. Where it is meant: ``python -m tests.golden write``, then say in
CHANGELOG which published figures moved and why.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
import typer

from clsm_map.__main__ import build_app
from clsm_map.exports.export import FORMATS
from tests.golden.selections import MASTERS, SELECTIONS, Golden, read
from tests.reading.pages import ROOT

SHOWN = 80
ASKED = "\n".join(golden.asked for golden in SELECTIONS)


@pytest.mark.parametrize("golden", SELECTIONS, ids=lambda golden: golden.name)
def test_it_reads_as_its_master(golden: Golden) -> None:
    path = MASTERS / f"{golden.name}.txt"
    kept, found = path.read_text(encoding="utf-8"), read(golden)
    if found != kept:
        pytest.fail(told(path, kept, found), pytrace=False)


def told(path: Path, kept: str, found: str) -> str:
    """Show what differs, and how to keep it."""
    lines = list(
        difflib.unified_diff(
            kept.splitlines(),
            found.splitlines(),
            str(path.relative_to(ROOT)),
            "lu",
            n=1,
            lineterm="",
        )
    )
    rest = [f"… {len(lines) - SHOWN} more lines"] if len(lines) > SHOWN else []
    keep = f"If this is meant: python -m tests.golden write {path.stem}"
    return "\n".join([*lines[:SHOWN], *rest, keep])


def test_each_master_has_its_selection() -> None:
    names = [golden.name for golden in SELECTIONS]
    assert len(names) == len(set(names))
    assert {path.stem for path in MASTERS.glob("*.txt")} == set(names)


def test_no_page_command_or_format_is_left_out() -> None:
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert pages <= set(re.findall(r"^page (\w+)", ASKED, flags=re.MULTILINE))
    commands = set(typer.main.get_command(build_app()).commands)  # type: ignore[attr-defined]
    assert commands <= set(re.findall(r"^clsm_map (\w+)", ASKED, flags=re.MULTILINE))
    written = set(re.findall(r"--out \S+\.(\w+)", ASKED))
    assert {*FORMATS, "pdf", "docx", "zip"} <= written
