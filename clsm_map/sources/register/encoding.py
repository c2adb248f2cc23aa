"""From bytes to text: encodings that French spreadsheets write, and texts that were damaged."""

from __future__ import annotations

import codecs
import re
from typing import Final

from clsm_map.sources.register.table import refusal

MOJIBAKE: Final = re.compile("Ã[\u0080-\u00bf\u0152-\u0178\u2010-\u2122]|Â[«»°\u00a0]|�|â€™")
"""Accents read with the wrong encoding before the file was saved: ``Ã©`` for ``é``."""

_EXPECTED: Final = frozenset(
    "àâäáãåçéèêëíîïìñóôöòõúùûüÿýœæÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÙÛÜŸÝŒÆ«»’‘“”„–—…•€°ºª·²³½¼¾§©®™\u00a0\u00ad´¨ß×"
)


def decode(content: bytes, nom: str) -> tuple[str, str]:
    """Decode a text file.

    Parameters
    ----------
    content : bytes
        The file.
    nom : str
        Its name, for the messages.

    Returns
    -------
    text, encoding : str
        The text, and the encoding in words.

    Raises
    ------
    RegisterError
        The file is not text, or no encoding gives French.
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
    """Refuse a file most of whose accents were lost before it came here.

    Parameters
    ----------
    lines : list of (int, str)
        Number and text of the lines that hold a character outside ASCII.
    nom : str
        Name of the file.

    Raises
    ------
    RegisterError
        More than half of these lines, or the header, show ``Ã©`` for ``é`` or the like.
    """
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
