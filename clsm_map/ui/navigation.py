"""The pages and their addresses, which stay for good: people bookmark them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import streamlit as st


@dataclass(frozen=True, slots=True)
class Door:
    """A way in for one kind of visitor.

    Attributes
    ----------
    who, what, action : str
        Who it is for, what they find, and the label of the link.
    page : str
        Script of the page.
    query : mapping of str to str
        View that the link opens.
    """

    who: str
    what: str
    action: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)


DOORS: Final = (
    Door(
        "Je coordonne un CLSM",
        "Les quartiers autour de mon CLSM qu’aucun dispositif recensé ne couvre, du plus proche "
        "au plus loin.",
        "Voir les quartiers autour de moi",
        "pages/couverture.py",
        {"vue": "autour"},
    ),
    Door(
        "Je travaille à l’ARS",
        "Croiser les inégalités, les quartiers et les dispositifs, du national à la commune.",
        "Explorer la carte",
        "pages/carte.py",
    ),
    Door(
        "Je prépare une présentation",
        "Huit scènes pour votre région, à montrer en grand, même sans réseau, chacune avec sa "
        "source et sa date.",
        "Ouvrir la présentation",
        "pages/presentation.py",
    ),
)


_TITLES: Final = {
    "carte": "Carte",
    "couverture": "Couverture",
    "inegalites": "Inégalités",
    "planifier": "Planifier",
    "programme": "Programme",
    "fiche": "Fiche",
    "presentation": "Présentation",
    "donnees": "Données",
    "methode": "Méthode",
}
PATHS: Final = tuple(_TITLES)
"""Addresses of the pages, the home page apart."""


def pages() -> list[st.Page]:
    """List the pages in the order of the menu."""
    home = st.Page("pages/accueil.py", title="Accueil", url_path="accueil", default=True)
    return [
        home,
        *(st.Page(f"pages/{p}.py", title=title, url_path=p) for p, title in _TITLES.items()),
    ]
