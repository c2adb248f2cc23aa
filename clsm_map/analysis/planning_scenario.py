"""What if: devices created and perimeters extended, as a value that prints to a link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, Self
from urllib.parse import quote, unquote

from clsm_map.domain.errors import InvalidInputError

MoveKind = Literal["creer", "etendre"]

MAX_MOVES: Final = 50
MAX_CODES: Final = 200
"""Codes of one move."""

_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}|[0-9]{9}")
_LETTERS: Final[dict[MoveKind, str]] = {"creer": "c", "etendre": "e"}


@dataclass(frozen=True, slots=True)
class Move:
    """One decision.

    Attributes
    ----------
    codes : tuple of str
        Communes, arrondissements, EPCI or EPT that the device is created on, or extended to.
    dispositif : str
        Device that is extended; empty for a creation.
    """

    kind: MoveKind
    codes: tuple[str, ...]
    dispositif: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Decisions that add up, in order."""

    moves: tuple[Move, ...] = ()

    def then(self, move: Move) -> Scenario:
        """Add a move."""
        return Scenario((*self.moves, move))

    def undone(self) -> Scenario:
        """Drop the last move."""
        return Scenario(self.moves[:-1])

    def to_text(self) -> str:
        """Print as a short text that a link can carry without escapes.

        Returns
        -------
        str
            Moves joined by ``~``, each ``c.CODE.CODE`` or ``e.DEVICE.CODE``; `from_text` reads it
            back to an equal scenario. Empty when there is no move.
        """
        return "~".join(_print_move(move) for move in self.moves)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` printed.

        Raises
        ------
        InvalidInputError
            The text is not such a scenario; nothing of it is kept.
        """
        parts = [part for part in text.split("~") if part]
        if len(parts) > MAX_MOVES:
            raise InvalidInputError(f"Un scénario compte au plus {MAX_MOVES} décisions.")
        return cls(tuple(_parse_move(part) for part in parts))


def _print_move(move: Move) -> str:
    parts = [_LETTERS[move.kind]]
    if move.kind == "etendre":
        parts.append(quote(move.dispositif, safe="").replace(".", "%2E").replace("~", "%7E"))
    return ".".join([*parts, *move.codes])


def _parse_move(text: str) -> Move:
    letter, *rest = text.split(".")
    kinds = {letter: kind for kind, letter in _LETTERS.items()}
    if letter not in kinds:
        raise InvalidInputError("Ce scénario est illisible : une décision n’a pas de sens connu.")
    kind = kinds[letter]
    device = unquote(rest.pop(0)) if kind == "etendre" and rest else ""
    return make_move(kind, rest, device)


def make_move(kind: MoveKind, codes: list[str], dispositif: str = "") -> Move:
    """Check the form of a move.

    Parameters
    ----------
    codes : list of str
        Insee codes of communes or arrondissements, SIREN of EPCI or EPT.
    dispositif : str, optional
        Device extended.

    Returns
    -------
    Move
        Its codes each once, in the order given.

    Raises
    ------
    InvalidInputError
        No code, too many, a code of neither form, or an extension without device.
    """
    kept = tuple(dict.fromkeys(codes))
    if not kept or len(kept) > MAX_CODES:
        raise InvalidInputError(
            f"Une décision porte sur 1 à {MAX_CODES} communes ou intercommunalités."
        )
    wrong = [code for code in kept if not _CODE.fullmatch(code)]
    if wrong:
        raise InvalidInputError(
            f"« {wrong[0][:40]} » n’a la forme ni d’un code de commune (5 caractères) ni d’un "
            "SIREN d’intercommunalité (9 chiffres)."
        )
    if (kind == "etendre") != bool(dispositif):
        raise InvalidInputError("Une extension nomme le dispositif qu’elle étend.")
    return Move(kind, kept, dispositif)
