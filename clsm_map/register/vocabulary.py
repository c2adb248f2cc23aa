"""The words of lists, from ``data/listes.toml``: the columns, and the sentences said of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from clsm_map.domain.errors import RegisterError
from clsm_map.formats import NBSP, number
from clsm_map.settings import ROOT
from clsm_map.store.search import plain

LISTS: Final[Mapping[str, Any]] = tomllib.loads(
    (ROOT / "data" / "listes.toml").read_text(encoding="utf-8")
)
"""Columns of lists, words they accept, help and sentences."""

SENTENCES: Final[Mapping[str, str]] = LISTS["phrases"]

_BEFORE: Final = re.compile(r" (?=[;:?!»%])")


def say(sentence: str, /, **words: object) -> str:
    """Give a sentence by its name, filled and typeset."""
    return typeset(SENTENCES[sentence].format(**words))


def refusal(sentence: str, detail: str = "", /, **words: object) -> RegisterError:
    """Make the error that refuses a whole file."""
    return RegisterError(say(sentence, **words), detail)


def typeset(sentence: str) -> str:
    """Put no-break spaces where French typography wants them; a person's words stay as written."""
    return _BEFORE.sub(NBSP, sentence).replace("« ", f"«{NBSP}")


def meanings(table: str) -> dict[str, Any]:
    """Give what each word of a table of ``data/listes.toml`` means."""
    return {word: meaning for meaning, words in LISTS[table].items() for word in words}


def listing(items: Iterable[object], limit: int = 5, link: str = "et") -> str:
    """Write a list in words: ``a, b et c``, or ``a, b et 3 autres`` beyond a limit.

    ``link`` is *ou* where one of them is to be chosen.
    """
    words = [str(item) for item in items]
    if len(words) > limit:
        rest = len(words) - limit
        words = [*words[:limit], f"{number(rest)} autre{'s' if rest > 1 else ''}"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {link} {words[-1]}"


def lines_phrase(lines: Sequence[int]) -> str:
    """Name lines: ``ligne 4``, or ``lignes 4, 7 et 12``."""
    return f"ligne {lines[0]}" if len(lines) == 1 else f"lignes {listing(lines, 8)}"


FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutralise(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula, by an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


Kind = Literal["dispositifs", "completude", "programme"]
KINDS: Final[tuple[Kind, ...]] = ("dispositifs", "completude", "programme")


def _fields(kind: Kind) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for field, spellings in LISTS["champs"][kind].items():
        own = LISTS["territoire"] if field == "@" else {field: spellings}
        found |= {name: tuple(spelled) for name, spelled in own.items()}
    return found


FIELDS: Final = {kind: _fields(kind) for kind in KINDS}
"""Canonical fields of each kind of list, with the spellings tried in this order."""

TITLE_SEARCH: Final = 10
"""Rows that hold something among which titles are looked for: a heading may stand above them."""

SCORE_PREFIX: Final = "score"
"""A programme column whose name begins so (or with ``satisfaction``) is an evaluation score."""

_CAMEL: Final = re.compile(r"(?<=[a-zé])(?=[A-Z])")
_LINKS: Final = frozenset(LISTS["mots"]["liens"])
_DEVICE_WORDS: Final = frozenset({"clsm", "cls", "asv", "dispositif", "contrat", "conseil"})


def header_key(header: str) -> str:
    """Give the form under which two headers are the same: no accent, case, space or plural."""
    return "".join(_words(header))


def _words(header: str) -> list[str]:
    words = plain(_CAMEL.sub(" ", header)).split()
    kept = [w for w in words if w not in _LINKS] or words
    return [w[:-1] if len(w) > 3 and w.endswith("s") else w for w in kept]


def _forms(header: str) -> tuple[str, ...]:
    """Give the keys a header answers to, most telling first."""
    words = _words(header)
    short = [w for w in words if w not in _DEVICE_WORDS]
    return ("".join(words), "".join(short)) if short and short != words else ("".join(words),)


_KEYS: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    kind: {f: tuple(header_key(s) for s in spellings) for f, spellings in fields.items()}
    for kind, fields in FIELDS.items()
}


def recognise_columns(headers: Sequence[str], kind: Kind = "dispositifs") -> dict[str, str]:
    """Recognise the columns of a list: canonical field → header, in the order of `FIELDS`.

    A header serves one field at most, and a field takes one header: the spelling that comes first
    in `FIELDS`.
    """
    found: dict[str, str] = {}
    forms = {h: _forms(h) for h in headers if h}
    for rank in (0, 1):
        by_key: dict[str, str] = {}
        for header, keys in forms.items():
            if header not in found.values() and len(keys) > rank:
                by_key.setdefault(keys[rank], header)
        for field, spellings in _KEYS[kind].items():
            if field not in found:
                free = (by_key[k] for k in spellings if k in by_key)
                header = next((h for h in free if h not in found.values()), "")
                found |= {field: header} if header else {}
    return {field: found[field] for field in _KEYS[kind] if field in found}


def known_columns(headers: Sequence[str]) -> int:
    """Count the headers that the kind of list they suit best recognises."""
    return max(len(recognise_columns(headers, kind)) for kind in KINDS)


def title_row(rows: Sequence[Sequence[str]]) -> int:
    """Give the rank of the first row in which two columns at least are recognised, else 0."""
    return next((i for i, row in enumerate(rows) if known_columns(row) >= 2), 0)


def score_columns(headers: Sequence[str]) -> dict[str, str]:
    """Find the evaluation scores of a programme: canonical name → header of the file."""
    out = {}
    for header in headers:
        words = plain(header).split()
        if words and words[0] in {SCORE_PREFIX, "satisfaction", "evaluation"}:
            tail = words[1:] if words[0] == SCORE_PREFIX else words
            out["_".join([SCORE_PREFIX, *tail])] = header
    return out


def kind_of(headers: Sequence[str]) -> Kind:
    """Tell what a list describes from its headers.

    A list with an author and a level is a declaration of completeness, one with sessions or
    participants the programme, any other one devices.
    """
    if {"niveau", "auteur"} <= recognise_columns(headers, "completude").keys():
        return "completude"
    if {"seances", "participants"} & recognise_columns(headers, "programme").keys():
        return "programme"
    return "dispositifs"


def implied_type(columns: Mapping[str, str]) -> str:
    """Give the type of device that headers such as ``Nom_CLS`` name, empty when none or several."""
    named = {
        word.upper()
        for field, header in columns.items()
        if field in {"nom", "id", "statut", "annee_debut"}
        for word in plain(header).split()
        if word in {"clsm", "cls", "asv"}
    }
    return named.pop() if len(named) == 1 else ""


def apply_mapping(
    headers: Sequence[str], recognised: Mapping[str, str], mapping: Mapping[str, str], kind: Kind
) -> dict[str, str]:
    """Let a person's own choice of columns (field → header) prevail over what was recognised.

    An empty header means that the field is not in the file. Raises `RegisterError` when a field or
    a header does not exist.
    """
    by_key = {header_key(h): h for h in headers if h}
    chosen = {}
    for field, wanted in mapping.items():
        if field not in FIELDS[kind] and not field.startswith(SCORE_PREFIX):
            champs = ", ".join(FIELDS[kind])
            raise refusal("champ_inconnu", champ=field, sorte=kind, champs=champs)
        header = wanted if wanted in headers else by_key.get(header_key(wanted), "")
        if wanted and not header:
            titres = listing((h for h in headers if h), 20)
            raise refusal("colonne_absente", titre=wanted, champ=field, titres=titres)
        chosen[field] = header
    kept = {f: h for f, h in recognised.items() if f not in chosen and h not in chosen.values()}
    return {**kept, **{f: h for f, h in chosen.items() if h}}
