"""A presentation: an ordered list of scenes, each a saved view with a title and a sentence."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
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
    """Accept a text that a person wrote, ``what`` being its French name: « le titre ».

    Raises `InvalidInputError`: no text, longer than ``most``, or characters that cannot be seen.
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


FORMAT: Final = "clsm-map/presentation"
VERSION: Final = 1
MAX_LINK: Final = 6_000
"""Characters of a presentation in a link."""
_LINK: Final = re.compile(r"[0-9A-Za-z_-]{1,6000}")
_BROKEN_LINK: Final = (
    "Ce lien de présentation est incomplet ou abîmé : demandez le fichier à la personne qui "
    "vous l’a envoyé."
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene.

    Attributes
    ----------
    titre, phrase : str
        What is told; empty: computed from the data.
    notes : str
        Read by the presenter alone.
    disposition : Layout
        ``carte``, ``chiffres``, ``carte-chiffres`` or ``avant-apres``.
    page : ScenePage
        Page of which it is a view.
    requete : mapping of str to str
        Parameters of that view, as `Selection.to_query` prints them.
    avant : mapping of str to str or None
        Parameters of the view before, for ``avant-apres``.
    vedette : str
        ``level:code`` or ``dispositif:id`` of what is put forward; empty: nothing.

    Raises
    ------
    InvalidInputError
        A field is not of its kind, is too long, or ``avant-apres`` has nothing before.
    """

    titre: str = ""
    phrase: str = ""
    notes: str = ""
    disposition: Layout = "carte-chiffres"
    page: ScenePage = "carte"
    requete: Mapping[str, str] = field(default_factory=dict)
    avant: Mapping[str, str] | None = None
    vedette: str = ""

    def __post_init__(self) -> None:
        check_text(self.titre, "le titre d’une scène", MAX_TITLE)
        check_text(self.phrase, "la phrase d’une scène", MAX_SENTENCE)
        check_text(self.notes, "le texte des notes", MAX_NOTES, lines=True)
        check_choice(self.disposition, "la disposition d’une scène", LAYOUTS)
        check_choice(self.page, "la page d’une scène", SCENE_PAGES)
        check_star(self.vedette, "la vedette d’une scène")
        object.__setattr__(self, "requete", check_query(self.requete, "la vue d’une scène"))
        if self.avant is not None:
            object.__setattr__(self, "avant", check_query(self.avant, "la vue d’avant"))
        elif self.disposition == "avant-apres":
            raise InvalidInputError(
                "Dans la présentation, une scène « avant-apres » doit dire quelle vue vient avant."
            )


_DEFAULT_SCENE: Final = Scene()
_SCENE_FIELDS: Final = tuple(f.name for f in fields(Scene))


@dataclass(frozen=True, slots=True)
class Deck:
    """A presentation.

    Attributes
    ----------
    scenes : tuple of Scene
        At most 60.

    Raises
    ------
    InvalidInputError
        The title is too long, or there are too many scenes.
    """

    titre: str = ""
    scenes: tuple[Scene, ...] = ()

    def __post_init__(self) -> None:
        check_text(self.titre, "le titre", MAX_TITLE)
        _check_count(len(self.scenes))

    def to_json(self) -> str:
        """Write the presentation as the text of a file.

        `Deck.from_json` reads it back to an equal presentation.
        """
        return json.dumps(
            {"format": FORMAT, "version": VERSION, **_plain(self)}, ensure_ascii=False, indent=1
        )

    @staticmethod
    def from_json(text: str) -> Deck:
        """Read a presentation from a file that anyone may have written.

        Raises
        ------
        InvalidInputError
            It is not one, or something in it is malformed, hostile or too long.
        """
        found = read_json(text)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise InvalidInputError(NOT_A_DECK)
        if found.get("version") != VERSION:
            raise InvalidInputError(
                "Cette présentation a été enregistrée par une autre version de l’outil : "
                "elle ne peut pas être lue ici."
            )
        return _deck({k: v for k, v in found.items() if k not in {"format", "version"}})


def deck_link(deck: Deck) -> str | None:
    """Write a presentation so that it fits in a link.

    Letters, digits, ``-`` and ``_``; ``None`` when it is longer than `MAX_LINK`.
    """
    plain = json.dumps(_plain(deck), ensure_ascii=False, separators=(",", ":")).encode()
    text = base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode().rstrip("=")
    return text if len(text) <= MAX_LINK else None


def deck_from_link(text: str) -> Deck:
    """Read a presentation that came in a link.

    Raises
    ------
    InvalidInputError
        It is cut, altered, malformed, or holds more than a file may.
    """
    if not _LINK.fullmatch(text):
        raise InvalidInputError(_BROKEN_LINK)
    reader = zlib.decompressobj()
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = reader.decompress(packed, MAX_FILE).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise InvalidInputError(_BROKEN_LINK, str(error)) from error
    if not reader.eof:  # cut short, or swollen beyond what a file may hold
        raise InvalidInputError(_BROKEN_LINK)
    return _deck(read_json(plain))


def add(deck: Deck, scene: Scene, at: int | None = None) -> Deck:
    """Add a scene, at the end unless a position is given."""
    scenes = list(deck.scenes)
    scenes.insert(len(scenes) if at is None else at, scene)
    return replace(deck, scenes=tuple(scenes))


def remove(deck: Deck, position: int) -> Deck:
    """Take a scene out; `InvalidInputError` when there is none there."""
    _check_position(deck, position)
    return replace(deck, scenes=deck.scenes[:position] + deck.scenes[position + 1 :])


def move(deck: Deck, position: int, by: int) -> Deck:
    """Move a scene earlier (``by`` negative) or later, no further than the ends."""
    _check_position(deck, position)
    target = min(max(position + by, 0), len(deck.scenes) - 1)
    return add(remove(deck, position), deck.scenes[position], target)


def rename(deck: Deck, titre: str) -> Deck:
    """Give the presentation another title."""
    return replace(deck, titre=titre)


def replace_scene(deck: Deck, position: int, scene: Scene) -> Deck:
    """Put a scene in the place of another; `InvalidInputError` when there is none there."""
    _check_position(deck, position)
    return replace(deck, scenes=(*deck.scenes[:position], scene, *deck.scenes[position + 1 :]))


def _check_count(scenes: int) -> None:
    if scenes > MAX_SCENES:
        raise InvalidInputError(
            f"Une présentation compte {MAX_SCENES} scènes au plus : celle-ci en a {scenes}."
        )


def _check_position(deck: Deck, position: int) -> None:
    if not 0 <= position < len(deck.scenes):
        raise InvalidInputError("Cette scène n’est plus dans la présentation.")


def _plain(deck: Deck) -> dict[str, Any]:
    scenes = [
        {
            name: getattr(scene, name)
            for name in _SCENE_FIELDS
            if name in {"page", "disposition"}
            or getattr(scene, name) != getattr(_DEFAULT_SCENE, name)
        }
        for scene in deck.scenes
    ]
    return {"titre": deck.titre, "scenes": scenes}


def _deck(found: object) -> Deck:
    parts = check_fields(found, "la présentation", {"titre", "scenes"}, {"titre", "scenes"})
    if not isinstance(parts["scenes"], list):
        raise InvalidInputError("Dans la présentation, « scenes » doit être une liste.")
    _check_count(len(parts["scenes"]))
    known = set(_SCENE_FIELDS)
    scenes = (
        Scene(**check_fields(scene, f"la scène {n}", {"page", "disposition"}, known))
        for n, scene in enumerate(parts["scenes"], start=1)
    )
    return Deck(parts["titre"], tuple(scenes))
