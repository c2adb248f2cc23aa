"""Lists in CSV, as French and English spreadsheets write them, in the encodings they write."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from clsm_map.register.table import LineError, Row, Table, bounded, check_headers
from clsm_map.register.vocabulary import TITLE_SEARCH, known_columns, refusal, say, title_row

MOJIBAKE: Final = re.compile("Ã[\u0080-\u00bf\u0152-\u0178\u2010-\u2122]|Â[«»°\u00a0]|�|â€™")
"""Accents read with the wrong encoding before the file was saved: ``Ã©`` for ``é``."""

_EXPECTED: Final = frozenset(
    "àâäáãåçéèêëíîïìñóôöòõúùûüÿýœæÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÙÛÜŸÝŒÆ«»’‘“”„–—…•€°ºª·²³½¼¾§©®™\u00a0\u00ad´¨ß×"
)
SEPARATORS: Final = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre"}


def decode(content: bytes, nom: str) -> tuple[str, str]:
    """Give the text of a file, and its encoding in words: UTF-8, UTF-16 or Windows.

    Raises `RegisterError` when the file is not text, is empty, or no encoding gives French.
    """
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not wide and b"\0" in content:
        raise refusal("octets_nuls", nom=nom)
    detail = ""
    tried = {"utf-16": "UTF-16"} if wide else {"utf-8-sig": "UTF-8", "cp1252": "Windows (cp1252)"}
    for codec, encoding in tried.items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError as error:
            detail = f"{detail} {error}"
            continue
        foreign = [c for c in text if ord(c) > 127]
        odd = sum(c not in _EXPECTED for c in foreign)
        if "\0" in text or (codec == "cp1252" and odd > len(foreign) / 10):
            break
        if not text.strip():
            raise refusal("vide", nom=nom)
        return text, encoding
    raise refusal("encodage", detail, nom=nom)


def read_csv(content: bytes, nom: str) -> Table:
    """Read a CSV file, every cell as text.

    Encoding (UTF-8, UTF-16, Windows) and separator (``;``, ``,``, tab, ``|``) are found out; a
    first line ``sep=;`` is obeyed. Lines are numbered as a spreadsheet does: a cell on several
    physical lines is one line.
    """
    text, encoding = decode(content, nom)
    text, separator = _obey_sep(text)
    separator = separator or _separator(text)
    records = _records(text, separator, nom)
    first = list(islice((r for r in records if any(c.strip() for c in r[1])), TITLE_SEARCH))
    rank = title_row([_titles(r) for _, r in first])
    start, head = first[rank] if first else (1, [])
    headers = check_headers(_titles(head))
    errors: list[LineError] = []
    foreign = [] if "".join(headers).isascii() else [(1, " ".join(headers))]

    def rows() -> Iterator[Row]:
        for ligne, record in chain(first[rank + 1 :], records):
            line = " ".join(record)
            if not line.isascii():
                foreign.append((ligne, line))
            extra = [c for c in record[len(headers) :] if c.strip()]
            if extra:
                told = say("cellules_en_trop", n=len(headers), separateur=SEPARATORS[separator])
                errors.append(LineError(ligne, "", extra[0], told))
            padded = record[: len(headers)] + [""] * (len(headers) - len(record))
            yield Row(ligne, tuple(padded))

    kept = bounded(rows(), nom)
    _refuse_if_damaged(foreign, nom)
    informations = [say("csv_lu", encodage=encoding, separateur=SEPARATORS[separator])]
    if start > 1:
        informations.append(say("titres_trouves", ligne=start))
    return Table(nom, headers, kept, tuple(errors), tuple(informations))


def _refuse_if_damaged(lines: list[tuple[int, str]], nom: str) -> None:
    """Refuse a file whose header, or most accented lines, show ``Ã©`` for ``é`` or the like."""
    damaged = [(n, m[0]) for n, text in lines if (m := MOJIBAKE.search(text))]
    if damaged and (damaged[0][0] == 1 or len(damaged) > len(lines) / 2):
        raise refusal("accents_abimes", nom=nom, signe=damaged[0][1], ligne=damaged[0][0])


def _obey_sep(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    directive = first.strip("\r").strip('" ')
    if directive[:4].lower() == "sep=" and directive[4:] in SEPARATORS:
        return rest, directive[4:]
    return text, ""


def _separator(text: str) -> str:
    """Choose the separator that gives the most known columns, then the most columns."""
    head = text.lstrip("\r\n")[:20_000]
    scores = {}
    for separator in SEPARATORS:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
        try:
            rows = [_titles(r) for r in islice(reader, TITLE_SEARCH)]
        except csv.Error:
            rows = []
        known = max((known_columns(r) for r in rows if len(r) > 1), default=0)
        scores[separator] = (known, max((len(r) for r in rows), default=0))
    return max(scores, key=lambda s: scores[s])


def _titles(record: list[str]) -> list[str]:
    return [" ".join(h.split()) for h in record]


def _records(text: str, separator: str, nom: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    ligne = 0
    try:
        for ligne, record in enumerate(reader, start=1):
            yield ligne, record
    except csv.Error as error:
        raise refusal("guillemets", str(error), nom=nom, ligne=ligne + 1) from error
