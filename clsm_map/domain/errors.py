"""Errors: each carries a French sentence for the user and a technical detail for the log."""

from __future__ import annotations

from collections.abc import Sequence


class ClsmMapError(Exception):
    """Base of every error the project raises on purpose.

    ``message_fr`` is a whole French sentence: what happened, and what to do; ``detail`` goes to
    the log and is never shown first.
    """

    def __init__(self, message_fr: str, detail: str = "") -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr
        self.detail = detail


class InvalidInputError(ClsmMapError):
    """A value given by a person (code, date, option) cannot be used."""


class UnknownTerritoryError(InvalidInputError):
    """No territory answers; ``suggestions`` are near misses, best first ("93066 Saint-Denis")."""

    def __init__(self, message_fr: str, detail: str = "", suggestions: Sequence[str] = ()) -> None:
        if suggestions:
            *first, last = suggestions
            choices = f"{', '.join(first)} ou {last}" if first else last
            message_fr = f"{message_fr} Vouliez-vous dire : {choices} ?"
        super().__init__(message_fr, detail)
        self.suggestions = tuple(suggestions)


class AmbiguousTerritoryError(UnknownTerritoryError):
    """A bare code, or a name, means several territories: none is chosen in silence.

    ``choices`` are readings as they can be typed, then in words, the likeliest first
    ("departement:93 Seine-Saint-Denis"); ``rest`` counts those left out.
    """

    def __init__(self, text: str, choices: Sequence[str], rest: int = 0) -> None:
        others = f" ; et {rest} autre{'s' if rest > 1 else ''}" if rest else ""
        super().__init__(
            f"Plusieurs territoires répondent à « {text} » : {' ; '.join(choices)}{others}. "
            f"Écrivez celui que vous voulez, comme {choices[0].split()[0]}."
        )
        self.suggestions = tuple(choices)


class SourceError(ClsmMapError):
    """A source is absent, incomplete, or is not the one that was pinned."""


class SnapshotError(ClsmMapError):
    """The snapshot is absent or breaks its contract: one line per failing row or rule."""

    def __init__(self, message_fr: str, detail: str = "", failures: Sequence[str] = ()) -> None:
        super().__init__(message_fr, detail)
        self.failures = tuple(failures)


class RegisterError(ClsmMapError):
    """A register of devices cannot be read or is refused."""
