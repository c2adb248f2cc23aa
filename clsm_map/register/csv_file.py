"""Lists in CSV, as French and English spreadsheets write them, in the encodings they write."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from clsm_map.register.fields import TITLE_SEARCH, known_columns, title_row
from clsm_map.register.table import LineError, Row, Table, bounded, check_headers, refusal

MOJIBAKE: Final = re.compile("Ã[\u0080-\u00bf\u0152-\u0178\u2010-\u2122]|Â[«»°\u00a0]|�|â€™")
"""Accents read with the wrong encoding before the file was saved: ``Ã©`` for ``é``."""

_EXPECTED: Final = frozenset(
    "àâäáãåçéèêëíîïìñóôöòõúùûüÿýœæÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÙÛÜŸÝŒÆ«»’‘“”„–—…•€°ºª·²³½¼¾§©®™\u00a0\u00ad´¨ß×"
)


def decode(content: bytes, nom: str) -> tuple[str, str]:
    """Decode a text file.

    Returns the text, and the encoding in words.
    """
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            try:
                text = content.decode(codec)
            except UnicodeDecodeError as error:
                raise _unreadable(nom, str(error)) from error
            if "\0" in text:
                raise _unreadable(nom, "null characters once decoded as UTF-16")
            return text, "UTF-16"
    if b"\0" in content:
        raise refusal(
            f"« {nom} » n'est pas un fichier de texte (il contient des octets nuls). Enregistrez "
            "la liste en « CSV UTF-8 » ou en .xlsx."
        )
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        detail = str(error)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _unreadable(nom, f"{detail} ; {error}") from error
    foreign = [c for c in text if ord(c) > 127]
    odd = sum(c not in _EXPECTED for c in foreign)
    if odd > len(foreign) / 10:
        raise _unreadable(nom, f"{odd} of {len(foreign)} characters are not French in cp1252")
    return text, "Windows (cp1252)"


def refuse_if_damaged(lines: list[tuple[int, str]], nom: str) -> None:
    """Refuse a file most of whose accents were lost before it came here."""
    damaged = [(n, m) for n, text in lines if (m := MOJIBAKE.search(text))]
    if damaged and (damaged[0][0] == 1 or len(damaged) > len(lines) / 2):
        line, match = damaged[0]
        raise refusal(
            f"Les accents de « {nom} » sont abîmés (« {match[0]} » à la ligne {line}) : le fichier "
            "a été ouvert puis enregistré avec un autre encodage que le sien. Repartez de "
            "l'original et enregistrez-le en « CSV UTF-8 » ou en .xlsx."
        )


def _unreadable(nom: str, detail: str) -> Exception:
    return refusal(
        f"L'encodage de « {nom} » n'est pas reconnu : ni UTF-8, ni Windows (cp1252). Enregistrez "
        "la liste en « CSV UTF-8 » ou en .xlsx.",
        detail,
    )


SEPARATORS: Final = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre"}


def read_csv(content: bytes, nom: str) -> Table:
    """Read a CSV file.

    Encoding (UTF-8, UTF-16, Windows) and separator (``;``, ``,``, tab, ``|``) are found out; a
    first line ``sep=;`` is obeyed. Lines are numbered as a spreadsheet does: a cell on several
    physical lines is one line.

    Returns every cell is text.
    """
    text, encoding = decode(content, nom)
    if not text.strip():
        raise refusal(f"« {nom} » est vide : il n'y a rien à lire.")
    text, separator = _obey_sep(text)
    separator = separator or _separator(text)
    records = _records(text, separator, nom)
    first = list(islice((r for r in records if any(c.strip() for c in r[1])), TITLE_SEARCH))
    rank = title_row([_titles(r) for _, r in first])
    start, head = first[rank] if first else (1, [])
    headers = check_headers(_titles(head))
    errors: list[LineError] = []
    foreign: list[tuple[int, str]] = []
    if not text.isascii() and not "".join(headers).isascii():
        foreign.append((1, " ".join(headers)))

    def rows() -> Iterator[Row]:
        for ligne, record in chain(first[rank + 1 :], records):
            line = " ".join(record)
            if not line.isascii():
                foreign.append((ligne, line))
            extra = [c for c in record[len(headers) :] if c.strip()]
            if extra:
                errors.append(_too_many(ligne, extra[0], len(headers), separator))
            padded = record[: len(headers)] + [""] * (len(headers) - len(record))
            yield Row(ligne, tuple(padded))

    kept = bounded(rows(), nom)
    refuse_if_damaged(foreign, nom)
    informations = [f"Fichier lu en {encoding}, séparateur {SEPARATORS[separator]}"]
    if start > 1:
        informations.append(f"Les titres des colonnes ont été trouvés à la ligne {start}")
    return Table(nom, headers, kept, tuple(errors), tuple(informations))


def _obey_sep(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    directive = first.strip().strip('"')
    if directive[:4].lower() == "sep=" and directive[4:] in SEPARATORS:
        return rest, directive[4:]
    if first.strip("\r\n").lower() == "sep=\t":
        return rest, "\t"
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
        several = [r for r in rows if len(r) > 1]
        known = max((known_columns(r) for r in several), default=0)
        scores[separator] = (known, max((len(r) for r in rows), default=0))
    return max(scores, key=lambda s: scores[s])


def _titles(record: list[str]) -> list[str]:
    return [" ".join(h.split()) for h in record]


def _records(text: str, separator: str, nom: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    ligne = 0
    while True:
        ligne += 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise refusal(
                f"Les guillemets de « {nom} » sont mal fermés à partir de la ligne {ligne}. Un "
                "texte qui contient un guillemet ou le séparateur s'écrit entre guillemets, et un "
                "guillemet s'y double ; un tableur le fait de lui-même.",
                str(error),
            ) from error
        if record is None:
            return
        yield ligne, record


def _too_many(ligne: int, value: str, columns: int, separator: str) -> LineError:
    sentence = (
        f"La ligne a plus de {columns} cellules : un texte contient sans doute le séparateur "
        f"({SEPARATORS[separator]}) sans être entre guillemets."
    )
    return LineError(ligne, "", value, sentence)
