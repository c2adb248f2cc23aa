"""Cells of names: the places that one cell mixes, each with what it is the name of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from clsm_map.sources.register.gazetteer import says_epci

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clsm_map.sources.register.gazetteer import Gazetteer, Group

_BETWEEN: Final = re.compile(r"[;|\n\t]+|, ?")
_AND: Final = re.compile(r"\s+(?:et|&|\+)\s+", re.IGNORECASE)
_DEPARTEMENT: Final = re.compile(r"\s*\((2[AB]|\d{2,3})\)\s*$", re.IGNORECASE)
_ALL_OF: Final = re.compile(
    r"^(?:toutes les|l[’']ensemble des|les \d+|les|ensemble des)\s+communes\s+"
    r"(?:membres\s+)?(?:de\s+la\s+|de\s+l[’']|du\s+|de\s+|d[’']|des\s+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A name, or code, among those of a cell.

    Attributes
    ----------
    group : str
        What it is the name of, or ``code``.
    text : str
        The name, without the département that followed it.
    departement : str
        Code of the département to look in, empty for anywhere.
    """

    group: Group | Literal["code"]
    text: str
    departement: str = ""


def named_parts(group: Group, text: str, departement: str, gazetteer: Gazetteer) -> list[NamedPart]:
    """Split a cell of names.

    ``;``, ``|``, commas, line ends, *et*, ``&`` and ``+`` separate, but not within a name
    (``Nivigne et Suran``); ``(93)`` after a name is its département, and that of the names beside
    it which say none when the line does not; in a column of communes, *CA …*, *… Métropole*,
    *toutes les communes de …* and the whole name of an EPCI that is no commune's name an EPCI.

    Parameters
    ----------
    group : str
        What the column names.
    text : str
        The cell.
    departement : str
        Code of the département of the line, empty when it does not say.
    gazetteer : Gazetteer
        The official lists.
    """
    if gazetteer.named(group, text, departement):
        return [NamedPart(group, text, departement)]
    parts = [
        _part(group, name, departement, gazetteer)
        for words in _BETWEEN.split(text)
        for name in _separate(group, words.strip(), departement, gazetteer)
    ]
    said = {part.departement for part in parts} - {""}
    if departement or len(said) != 1:
        return parts
    (beside,) = said
    return [
        part if part.departement or part.group != group else replace(part, departement=beside)
        for part in parts
    ]


def _separate(group: Group, text: str, departement: str, gazetteer: Gazetteer) -> Iterator[str]:
    """Split at *et*, keeping together the longest names that hold one."""
    words = _AND.split(text)
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            name = " et ".join(words[start:end]).strip()
            alone = end == start + 1
            if alone or _known(group, name, departement, gazetteer):
                if name:
                    yield name
                start = end
                break


def _known(group: Group, name: str, departement: str, gazetteer: Gazetteer) -> bool:
    part = _part(group, name, departement, gazetteer)
    if part.group == "code":
        return False
    return bool(gazetteer.named(part.group, part.text, part.departement))


def _part(group: Group, text: str, departement: str, gazetteer: Gazetteer) -> NamedPart:
    said = _DEPARTEMENT.search(text)
    own = said[1].upper() if said else ""
    if said and own in gazetteer.by_code["departement"]:
        text, departement = text[: said.start()], own
    every = _ALL_OF.match(text)
    name = text[every.end() :] if every else text
    if group == "commune" and (every or says_epci(name) or gazetteer.is_epci_only(name)):
        return NamedPart("epci", name, departement)
    return NamedPart(group, text, departement)
