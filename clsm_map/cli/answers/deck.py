"""The answer of ``deck``: a presentation as a handout, an offline folder or a file."""

from __future__ import annotations

from pathlib import Path

from clsm_map.cli.answers.base import open_base
from clsm_map.cli.answers.export import write_file
from clsm_map.cli.answers.progress import progress_bar
from clsm_map.desk import Desk
from clsm_map.domain.deck import Deck
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.deck.folder import deck_folder
from clsm_map.exports.deck.pdf import deck_pdf
from clsm_map.exports.deck.standard import USUAL_REGION, default_deck
from clsm_map.store.territories import find_territory

SUFFIXES = (".pdf", ".zip", ".json")


def answer(region: str | None, source: Path | None, out: Path) -> None:
    """Write a presentation.

    Parameters
    ----------
    region : str or None
        Code or name of the région of the default presentation.
    source : Path or None
        A presentation saved from the page; excludes ``region``.
    out : Path
        ``.pdf`` for the handout, ``.zip`` for the offline folder, ``.json`` for the presentation.

    Raises
    ------
    InvalidInputError
        An option is refused, the presentation cannot be read, or the file cannot be written.
    """
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidInputError(
            "Une présentation s’écrit dans un fichier .pdf (à imprimer), .zip (à jouer sans "
            f"réseau) ou .json (à rouvrir), pas « {out.suffix or out.name} »."
        )
    if region is not None and source is not None:
        raise InvalidInputError(
            "--region choisit la présentation par défaut, --from une présentation enregistrée : "
            "gardez l’une des deux."
        )
    desk = open_base()
    deck = read_deck(source) if source else _default(desk, region or USUAL_REGION)
    if suffix == ".json":
        write_file(out, deck.to_json().encode())
        return
    make = deck_pdf if suffix == ".pdf" else deck_folder
    with progress_bar("Scènes") as step:
        made = make(desk, deck, step)
    write_file(out, made)


def read_deck(path: Path) -> Deck:
    """Read a presentation saved as a file.

    Raises
    ------
    InvalidInputError
        It cannot be opened, or is not one.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"Le fichier « {path} » n’a pas pu être lu : vérifiez son nom, et qu’il vient de la "
            "page Présentation.",
            str(error),
        ) from error
    return Deck.from_json(text)


def _default(desk: Desk, region: str) -> Deck:
    return default_deck(desk, find_territory(desk.snapshot, region, "region").code)
