"""What the reading of a list says: accepted lines, rejected lines and why, what was understood."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from clsm_map.sources.register.wording import lines_phrase, typeset

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Proposition:
    """A value that could be meant; nothing is taken until a person confirms it.

    Attributes
    ----------
    code : str
        What to write in place of the refused value.
    nom : str
        The same in words, such as ``Bourg-en-Bresse (01)``.
    """

    code: str
    nom: str = ""

    def __str__(self) -> str:
        """Write code and words: ``01053 Bourg-en-Bresse (01)``."""
        return f"{self.code} {self.nom}".strip()


@dataclass(frozen=True, slots=True)
class LineError:
    """Why a line is rejected.

    Attributes
    ----------
    ligne : int
        Number of the line as a spreadsheet shows it (the header is line 1); for GeoJSON and
        GeoPackage, rank of the feature, from 1.
    champ : str
        Header of the column as it is written in the file (canonical name when absent).
    valeur : str
        The refused value.
    message : str
        A French sentence.
    propositions : tuple of Proposition
        What could be meant, best first: three at most, but all the likely communes of a postal
        code.
    correction : str
        The only value that can be meant (a code that lost its zero), empty otherwise.
    """

    ligne: int
    champ: str
    valeur: str
    message: str
    propositions: tuple[Proposition, ...] = ()
    correction: str = ""

    def __post_init__(self) -> None:
        """Typeset the sentence; cut what would fill a page."""
        if len(self.valeur) > _LONGEST:
            object.__setattr__(self, "valeur", f"{self.valeur[:_LONGEST]}…")
        object.__setattr__(self, "message", typeset(self.message))

    def to_json(self) -> dict[str, Any]:
        """Give ``ligne, champ, valeur, message`` and, where any, ``propositions, correction``."""
        out: dict[str, Any] = {
            "ligne": self.ligne,
            "champ": self.champ,
            "valeur": self.valeur,
            "message": self.message,
        }
        if self.propositions:
            out["propositions"] = [{"code": p.code, "nom": p.nom} for p in self.propositions]
        if self.correction:
            out["correction"] = self.correction
        return out


@dataclass(slots=True)
class Findings:
    """What is noted while the lines of a list are read."""

    errors: list[LineError] = field(default_factory=list)
    _notes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, error: LineError) -> None:
        """Note why a line is rejected."""
        self.errors.append(error)

    def inform(self, sentence: str, ligne: int | None = None) -> None:
        """Note what a person should know; the same sentence on several lines is said once."""
        lines = self._notes[sentence]
        if ligne is not None and ligne not in lines[-1:]:
            lines.append(ligne)

    @property
    def rejected(self) -> set[int]:
        """Numbers of the rejected lines."""
        return {e.ligne for e in self.errors}

    def informations(self) -> tuple[str, ...]:
        """Give the notes as sentences that name their lines."""
        return tuple(
            typeset(f"{sentence} ({lines_phrase(lines)})." if lines else f"{sentence}.")
            for sentence, lines in self._notes.items()
        )
