"""What a presentation may hold, checked field by field: lengths, characters, kinds of values."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

from clsm_map.domain.errors import InvalidInputError

Layout = Literal["carte", "chiffres", "carte-chiffres", "avant-apres"]
ScenePage = Literal["carte", "couverture", "inegalites", "planifier", "programme"]

LAYOUTS: Final[tuple[Layout, ...]] = get_args(Layout)
SCENE_PAGES: Final[tuple[ScenePage, ...]] = get_args(ScenePage)
MAX_SCENES: Final = 60
MAX_TITLE: Final = 160
MAX_SENTENCE: Final = 600
MAX_NOTES: Final = 6_000
MAX_PARAMETERS: Final = 60
MAX_VALUE: Final = 6_000
MAX_FILE: Final = 1_000_000
"""Characters of a file of presentation."""

NOT_A_DECK: Final = (
    "Ce fichier n’est pas une présentation : choisissez un fichier enregistré depuis la page "
    "Présentation."
)

_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")
_STAR: Final = re.compile(r"(?:[a-z]{1,20}:[0-9A-Za-z._-]{1,80})?")
_REVERSING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_text(text: object, what: str, most: int, *, lines: bool = False) -> str:
    """Accept a text that a person wrote.

    Parameters
    ----------
    what : str
        Its French name, with its article: « le titre de la scène 2 ».
    most : int
        Characters accepted.
    lines : bool
        Whether it may have several lines.

    Returns
    -------
    str
        The same.

    Raises
    ------
    InvalidInputError
        It is not a text, is too long, or holds characters that cannot be seen.
    """
    if not isinstance(text, str):
        raise InvalidInputError(f"Dans la présentation, {what} doit être un texte.")
    if len(text) > most:
        raise InvalidInputError(
            f"Dans la présentation, {what} compte {len(text)} caractères : {most} au plus."
        )
    kept = text.replace("\n", "").replace("\t", "") if lines else text
    if any(c in _REVERSING or unicodedata.category(c) in {"Cc", "Cs"} for c in kept):
        raise InvalidInputError(
            f"Dans la présentation, {what} contient des caractères invisibles : retapez-le."
        )
    return text


def check_choice(value: object, what: str, allowed: tuple[str, ...]) -> str:
    """Accept one of the words allowed; see `check_text` for ``what`` and what is raised."""
    if not isinstance(value, str) or value not in allowed:
        raise InvalidInputError(
            f"Dans la présentation, {what} n’est pas reconnue ; sont possibles : "
            f"{', '.join(allowed)}."
        )
    return value


def check_star(value: object, what: str) -> str:
    """Accept ``level:code``, ``dispositif:id`` or nothing; see `check_text` for what is raised."""
    if not isinstance(value, str) or not _STAR.fullmatch(value):
        raise InvalidInputError(
            f"Dans la présentation, {what} doit s’écrire « échelon:code », par exemple "
            "« qpv:QN09301M »."
        )
    return value


def check_query(query: object, what: str) -> dict[str, str]:
    """Accept the parameters of a view, and copy them; see `check_text` for what is raised."""
    if not isinstance(query, Mapping) or len(query) > MAX_PARAMETERS:
        raise InvalidInputError(
            f"Dans la présentation, {what} doit être une liste d’au plus {MAX_PARAMETERS} "
            "réglages nommés."
        )
    for name, value in query.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidInputError(f"Dans la présentation, {what} contient un réglage inconnu.")
        check_text(value, f"le réglage « {name} » de {what}", MAX_VALUE)
    return dict(query)


def read_json(text: str) -> Any:
    """Read JSON that anyone may have written.

    Raises
    ------
    InvalidInputError
        It is too long, is not JSON, or is nested beyond reason.
    """
    if len(text) > MAX_FILE:
        raise InvalidInputError(
            "Ce fichier de présentation est trop long : une présentation tient en 1 Mo."
        )
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(NOT_A_DECK, str(error)) from error


def check_fields(found: object, what: str, required: set[str], known: set[str]) -> dict[str, Any]:
    """Accept an object with the fields expected and no other; see `check_text`."""
    if not isinstance(found, dict):
        raise InvalidInputError(f"Dans la présentation, {what} doit être un objet avec des champs.")
    missing, unknown = sorted(required - found.keys()), sorted(found.keys() - known)
    if missing or unknown:
        problem = f"il manque « {missing[0]} »" if missing else f"« {unknown[0][:40]} » est inconnu"
        raise InvalidInputError(f"Dans la présentation, {what} est mal formée : {problem}.")
    return found
