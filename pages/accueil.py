"""Accueil : les chiffres d'ensemble, la carte de France, trois portes d'entrée."""

from clsm_map.ui import accueil
from clsm_map.ui.furniture import page_title

page_title(
    "Quartiers prioritaires et santé mentale",
    "Quels quartiers sont dans le périmètre d’un conseil local de santé mentale (CLSM), d’un "
    "atelier santé ville (ASV) ou d’un contrat local de santé (CLS), et où agir d’abord.",
)
accueil.unknown_address()
accueil.doors()
accueil.figures()
accueil.national_map()
accueil.programme()
