"""``make weight``: how heavy the house is, room by room.

A line of code holds a token that is neither a comment nor part of a docstring; a line that only
continues a string of several lines is one too. Imports are counted apart, among the code.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
HOUSE: Final = ROOT / "clsm_map"
CODE, LINES, FILES, LONGEST = 22_000, 30_000, 150, 450
_NOT_CODE: Final = frozenset(
    {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


@dataclass(frozen=True, slots=True)
class Weight:
    """Lines of a file or of a room; imports are lines of code too."""

    code: int = 0
    docstrings: int = 0
    comments: int = 0
    blanks: int = 0
    imports: int = 0
    files: int = 0
    longest: tuple[int, str] = (0, "")

    @property
    def lines(self) -> int:
        """All of them."""
        return self.code + self.docstrings + self.comments + self.blanks

    def __add__(self, other: Weight) -> Weight:
        return Weight(
            self.code + other.code,
            self.docstrings + other.docstrings,
            self.comments + other.comments,
            self.blanks + other.blanks,
            self.imports + other.imports,
            self.files + other.files,
            max(self.longest, other.longest),
        )


def weigh(text: str, name: str = "") -> Weight:
    """Count the lines of a Python file, each once.

    >>> found = weigh('\"\"\"Doc.\"\"\"\\n\\nimport os  # why\\n\\n\\n# alone\\nx = 1\\n')
    >>> found.code, found.docstrings, found.comments, found.blanks, found.imports, found.lines
    (2, 1, 1, 3, 1, 7)
    """
    total = len(text.splitlines())
    tree = ast.parse(text)
    docstrings = _docstrings(tree)
    code: set[int] = set()
    comments: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        lines = set(range(token.start[0], token.end[0] + 1))
        if token.type == tokenize.COMMENT:
            comments |= lines
        elif token.type not in _NOT_CODE and not lines <= docstrings:
            code |= lines
    comments -= code | docstrings
    imports = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    blanks = total - len(code) - len(docstrings - code) - len(comments)
    counted = (len(code), len(docstrings - code), len(comments), blanks, len(imports))
    return Weight(*counted, 1, (total, name))


def _docstrings(tree: ast.Module) -> set[int]:
    """Lines of docstrings, those under an attribute or a constant included."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def rooms(house: Path = HOUSE) -> dict[str, Weight]:
    """Weigh each folder of the house, and each module that stands alone in it."""
    found: dict[str, Weight] = {}
    for path in sorted(house.rglob("*.py")):
        inside = path.relative_to(house)
        room = f"{inside.parts[0]}/" if len(inside.parts) > 1 else inside.name
        found[room] = found.get(room, Weight()) + weigh(
            path.read_text(encoding="utf-8"), inside.as_posix()
        )
    return found


def table(weights: Iterable[tuple[str, Weight]]) -> list[str]:
    """Write weights as a table of Markdown."""
    numbers = ("code", "imports", "docstrings", "commentaires", "blancs", "en tout", "fichiers")
    lines = [
        f"| pièce | {' | '.join(numbers)} | le plus long |",
        f"| --- | {' | '.join('---:' for _ in numbers)} | --- |",
    ]
    for room, w in weights:
        counts = (w.code, w.imports, w.docstrings, w.comments, w.blanks, w.lines, w.files)
        shown = " | ".join(f"{n:,}".replace(",", "\u202f") for n in counts)
        lines.append(f"| {room} | {shown} | {w.longest[1]} {w.longest[0]} |")
    return lines


def over(total: Weight) -> list[str]:
    """Say which ceilings are passed."""
    limits = (
        ("lignes de code", total.code, CODE),
        ("lignes", total.lines, LINES),
        ("fichiers", total.files, FILES),
        (f"lignes dans {total.longest[1]}", total.longest[0], LONGEST),
    )
    return [f"{n} {what}, pour {most} au plus" for what, n, most in limits if n > most]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.weight", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="code de retour 1 au-delà des plafonds"
    )
    asked = parser.parse_args()
    found = rooms()
    total = sum(found.values(), Weight())
    print("\n".join(table([*found.items(), ("**la maison**", total)])))
    others = [
        (
            suffix,
            sum(
                len(p.read_text(encoding="utf-8").splitlines()) for p in HOUSE.rglob(f"*.{suffix}")
            ),
        )
        for suffix in ("js", "css", "typ", "md")
    ]
    print("\nÀ côté : " + ", ".join(f"{suffix} {n}" for suffix, n in others) + " lignes.")
    passed = over(total)
    for line in passed:
        print(f"Au-delà : {line}")
    if asked.check and passed:
        sys.exit(1)


if __name__ == "__main__":
    main()
