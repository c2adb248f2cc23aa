"""Words that the PDF and the Word file of a sheet share."""

from __future__ import annotations

from typing import Final

from clsm_map.views.around import DEVICE
from clsm_map.views.sheet.model import Sheet

_COUNTS: Final = {1: "Un chiffre", 2: "Deux chiffres", 3: "Trois chiffres", 4: "Quatre chiffres"}


def place_in_words(sheet: Sheet) -> str:
    """Say what the sheet is about: its nature and, for a territory, its code."""
    if sheet.key.startswith(DEVICE):
        return sheet.nature
    return f"{sheet.nature} {sheet.code}"


def figures_title(sheet: Sheet) -> str:
    """Give the title of the figures of the first page."""
    counted = _COUNTS.get(len(sheet.chiffres), "Cinq chiffres")
    return f"{counted} qui compte{'nt' if len(sheet.chiffres) > 1 else ''}"


def lines_title(sheet: Sheet) -> str:
    """Give the title of the table of indicators."""
    if sheet.key.startswith(DEVICE):
        return f"Les quartiers du dispositif, comparés à ceux du département : {sheet.reference}"
    return f"Tous les indicateurs, comparés à la référence : {sheet.reference}"


def short_reference(sheet: Sheet) -> str:
    """Give the header of the column of references."""
    name = sheet.reference
    return name if len(name) <= 18 else "Référence"


def lines_note(sheet: Sheet) -> str:
    """Explain the columns of the table of indicators."""
    parts = ["Écart en gras et en rouge : défavorable"]
    if sheet.pairs:
        parts.append(
            f"médiane et rang parmi les {sheet.pairs} dont la valeur est publiée, chaque "
            "territoire pour un ; 1er : la plus haute"
        )
    parts.append("n.\u00a0p. : année non précisée par le diffuseur")
    if any(line.annee.startswith("rép.") for line in sheet.lignes):
        parts.append("rép. : année de répartition des dotations")
    if sheet.key.startswith("qpv:"):
        parts.append(
            "quand l’indicateur n’existe pas pour le territoire de référence, ses quartiers pris "
            "ensemble le remplacent"
        )
    return f"{' ; '.join(parts)}."
