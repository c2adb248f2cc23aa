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


def pages() -> list[st.Page]:
    """List the pages in the order of the menu."""
    return [
        st.Page("pages/accueil.py", title="Accueil", url_path="accueil", default=True),
        st.Page("pages/carte.py", title="Carte", url_path="carte"),
        st.Page("pages/couverture.py", title="Couverture", url_path="couverture"),
        st.Page("pages/inegalites.py", title="Inégalités", url_path="inegalites"),
        st.Page("pages/planifier.py", title="Planifier", url_path="planifier"),
        st.Page("pages/programme.py", title="Programme", url_path="programme"),
        st.Page("pages/fiche.py", title="Fiche", url_path="fiche"),
        st.Page("pages/presentation.py", title="Présentation", url_path="presentation"),
        st.Page("pages/donnees.py", title="Données", url_path="donnees"),
        st.Page("pages/methode.py", title="Méthode", url_path="methode"),
    ]
