"""The answer of ``export``: options read into a selection, then one file written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from clsm_map.cli.answers import arguments
from clsm_map.cli.answers.base import open_base
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import MAP_LEVELS, Selection, Vocabulary
from clsm_map.exports.export import FORMATS, WHATS, Format, What, export
from clsm_map.formats import number
from clsm_map.maps.palettes import vocabulary

if TYPE_CHECKING:
    from clsm_map.store.snapshot import Snapshot

DPI: Final = (50, 600)
_OPTION_OF: Final = {"date": "on"}
_HINTS: Final = {
    "indicateur": "« python -m clsm_map export indicateurs » en donne la liste, feuille Colonnes",
    "habitants": "écrivez 2000- pour au moins, -5000 pour au plus, 2000-5000 pour entre les deux",
    "pauvrete": "écrivez 45- pour au moins, -20 pour au plus, 20-45 pour entre les deux",
    "emploi": "écrivez 40- pour au moins, -30 pour au plus, 30-40 pour entre les deux",
    "seuils": "de un à quatre nombres séparés par des virgules, point décimal",
    "rayon": "de 1 à 100 km",
    "n": "de 2 à 5",
    "date": "écrivez-la AAAA-MM-JJ",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is exported and where, as typed."""

    what: str
    fmt: str | None
    out: Path
    dpi: int


def answer(request: Request, places: arguments.Places, options: Mapping[str, str | None]) -> None:
    """Write the file that is asked for.

    Parameters
    ----------
    places : Places
        Territory options.
    options : mapping of str to str or None
        Other options, by name of query parameter.

    Raises
    ------
    InvalidInputError
        An option is refused, nothing answers it, or the file cannot be written.
    """
    what, fmt = read_what(request.what), read_format(request.fmt, request.out)
    if not DPI[0] <= request.dpi <= DPI[1]:
        raise InvalidInputError(f"--dpi doit être compris entre {DPI[0]} et {DPI[1]}.")
    desk = open_base()
    day = arguments.date(options.get("date"), desk.ground.dispositifs, arguments.today())
    selection = read_selection(desk.snapshot, places, {**options, "date": day.isoformat()})
    write_file(request.out, export(desk, what, fmt, selection, request.dpi))


def read_what(text: str) -> What:
    """Read what is exported.

    Raises
    ------
    InvalidInputError
    """
    for what in WHATS:
        if text.strip().lower() == what:
            return what
    raise InvalidInputError(f"« {text} » ne s’exporte pas ; s’exportent : {', '.join(WHATS)}.")


def read_format(text: str | None, out: Path) -> Format:
    """Read a format, or take the one that the name of the file says.

    Raises
    ------
    InvalidInputError
    """
    wanted = (text or out.suffix.removeprefix(".")).strip().lower()
    for fmt in FORMATS:
        if wanted == fmt:
            return fmt
    raise InvalidInputError(
        f"Le format « {wanted} » n’existe pas ; les formats sont {', '.join(FORMATS)}."
    )


def read_selection(
    snapshot: Snapshot, places: arguments.Places, options: Mapping[str, str | None]
) -> Selection:
    """Read options into a selection; unlike a link, a bad value is refused.

    Parameters
    ----------
    options : mapping of str to str or None
        By name of query parameter; those that are ``None`` keep their default.

    Raises
    ------
    InvalidInputError
    """
    words = vocabulary(snapshot)
    given = {name: text for name, text in options.items() if text is not None}
    for name, text in given.items():
        _check(name, text, words)
    given["territoire"] = arguments.territory(snapshot, places).key
    selection, notices = Selection.from_query(given, words)
    if notices:
        levels = words.indicators.get(selection.indicateur, frozenset())
        offered = ", ".join(level for level in MAP_LEVELS if level in levels)
        raise InvalidInputError(
            f"L’indicateur « {selection.indicateur} » n’est pas publié à cet échelon : choisissez "
            f"--niveau parmi {offered}."
        )
    return selection


def _check(name: str, text: str, words: Vocabulary) -> None:
    """Refuse an option whose value a link would have ignored."""
    if name == "niveau":
        words = Vocabulary({}, words.palettes, words.is_territory)
    _, notices = Selection.from_query({name: text}, words)
    if notices:
        hint = f" : {_HINTS[name]}" if name in _HINTS else ""
        option = _OPTION_OF.get(name, name)
        raise InvalidInputError(f"L’option --{option} n’accepte pas « {text} »{hint}.")


def write_file(path: Path, content: bytes, *, aside: bool = False) -> None:
    """Write a file and say so, on stderr (``aside``) when stdout holds an answer.

    Raises
    ------
    InvalidInputError
        It cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InvalidInputError(
            f"Le fichier « {path} » n’a pas pu être écrit : vérifiez que le dossier existe et "
            "qu’il accepte l’écriture.",
            str(error),
        ) from error
    size = len(content) / 1000
    typer.echo(f"{path} : {number(size, 0 if size >= 10 else 1)}\u00a0ko", err=aside)
