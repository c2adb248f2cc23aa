"""Protection against archives made to exhaust the machine, before anything is opened."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from clsm_map.formats import number
from clsm_map.sources.register.table import refusal

MAX_ENTRIES: Final = 1_000
MAX_UNCOMPRESSED: Final = 200_000_000
MAX_RATIO: Final = 100
"""Declared size over compressed size; spreadsheets stay under 40."""

_RATIO_FLOOR: Final = 1_000_000
"""Entries that open to less than this may compress as well as they like."""

_DOCTYPE: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def open_archive(content: bytes, nom: str) -> zipfile.ZipFile:
    """Open a zip once its declared sizes are known to be reasonable.

    Python reads no more of an entry than the size it declares, so that a declaration that lies
    gives an error and not a full disk.

    Parameters
    ----------
    content : bytes
        The file.
    nom : str
        Its name, for the messages.

    Returns
    -------
    ZipFile
        Open for reading.

    Raises
    ------
    RegisterError
        Not a zip, encrypted, too many entries, too large once opened, compressed beyond
        `MAX_RATIO`, or an XML part that declares entities.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError) as error:
        raise refusal(
            f"« {nom} » n'est pas un classeur lisible : le fichier est tronqué ou abîmé.",
            str(error),
        ) from error
    total = sum(e.file_size for e in entries)
    suspect = [
        e for e in entries if e.file_size > max(_RATIO_FLOOR, MAX_RATIO * max(e.compress_size, 1))
    ]
    whole = total > max(_RATIO_FLOOR, MAX_RATIO * len(content))
    if len(entries) > MAX_ENTRIES or total > MAX_UNCOMPRESSED or suspect or whole:
        raise refusal(
            f"« {nom} » n'a pas été ouvert : décompressé, il prendrait "
            f"{number(total / 1e6)} Mo en {number(len(entries))} fichiers pour "
            f"{number(len(content) / 1e6, 1)} Mo reçus, ce qu'aucune liste ne demande. "
            "Enregistrez la liste dans un classeur neuf, ou en CSV.",
            f"suspect entries: {[e.filename for e in suspect][:5]}",
        )
    if any(e.flag_bits & 0x1 for e in entries):
        raise refusal(_LOCKED.format(nom=nom))
    return archive


def refuse_entities(archive: zipfile.ZipFile, nom: str) -> None:
    """Refuse XML parts that declare entities, which no spreadsheet writes.

    Raises
    ------
    RegisterError
        A part begins with a document type, or cannot be decompressed.
    """
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(entry) as part:
                if _DOCTYPE.search(part.read(65_536)):
                    raise refusal(
                        f"« {nom} » n'a pas été ouvert : sa partie {entry.filename} déclare des "
                        "entités XML, ce qu'aucun tableur n'écrit. Enregistrez la liste dans un "
                        "classeur neuf, ou en CSV."
                    )


_LOCKED: Final = (
    "« {nom} » est protégé par un mot de passe. Enregistrez-le sans mot de passe, ou en CSV."
)


def refuse_not_a_workbook(content: bytes, nom: str) -> None:
    """Say what a file named .xlsx is when it is not one.

    Raises
    ------
    RegisterError
        A password-protected workbook, an old .xls, a web page, a text file, anything but a zip.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refusal(_LOCKED.format(nom=nom))
        raise refusal(
            f"« {nom} » est un classeur de l'ancien format .xls. Ouvrez-le et enregistrez-le en "
            ".xlsx, ou en « CSV UTF-8 »."
        )
    if not content.startswith(b"PK\x03\x04"):
        raise refusal(
            f"« {nom} » porte un nom de classeur Excel mais n'en est pas un. Si c'est un texte à "
            "séparateurs, nommez-le .csv ; sinon, enregistrez-le de nouveau en .xlsx."
        )
