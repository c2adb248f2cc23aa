"""The parts of *Accueil*: three doors, headline figures, the national map, the programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import streamlit as st

from clsm_map.domain.devices import DEVICE_TYPES
from clsm_map.domain.territories import FRANCE
from clsm_map.maps.carte import coverage_view, status_legend
from clsm_map.maps.component import render_map
from clsm_map.ui import data, view
from clsm_map.ui import furniture as page
from clsm_map.ui.server import UNKNOWN
from clsm_map.views import captions, questions
from clsm_map.views.programme_published import programme_headlines, programme_since
from clsm_map.views.register import headlines


class Door(NamedTuple):
    """A way in for one kind of visitor: what they find, and the view that its link opens."""

    who: str
    what: str
    action: str
    page: str
    query: Mapping[str, str] = {}


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


def unknown_address() -> None:
    """Tell a visitor led here that what they asked for is no page."""
    asked = st.query_params.get(UNKNOWN)
    if asked:
        page.notice(f"L’adresse « /{asked} » n’est celle d’aucune page : voici l’accueil.")


def doors() -> None:
    """Draw one door for each of the three people the application serves."""
    for column, door in zip(st.columns(len(DOORS), gap="medium"), DOORS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{door.who}**  \n{door.what}")
            st.page_link(door.page, label=door.action, query_params=door.query)


def figures() -> None:
    """Draw the headline figures of France."""
    today = {kind: data.desk().coverage(kind) for kind in DEVICE_TYPES}
    found = headlines(today, data.published_total("CLSM"))
    page.key_figures((h.value, h.label, h.origin) for h in found)


def national_map() -> None:
    """Draw the QPV of France by their coverage by a CLSM, with legend and sources."""
    coverage = data.desk().coverage("CLSM")
    kept = questions.quartiers_in(data.desk(), FRANCE, "CLSM", data.desk().today)
    title = "Quartiers prioritaires et conseils locaux de santé mentale recensés, France"
    drawn = coverage_view(
        data.library(),
        kept,
        "CLSM",
        (questions.devices_on(data.desk(), "CLSM", data.desk().today),),
        title=title,
    )
    left, right = st.columns([2, 1], gap="medium")
    with left:
        render_map(drawn, key="accueil", height=560)
    with right:
        page.view_title(title, captions.on_date(coverage.on, data.desk().today))
        page.legend("Un quartier, un cercle selon ses habitants", status_legend(kept))
        view.reserves(coverage)
        st.page_link("pages/carte.py", label="Ouvrir la carte et son tableau")


def programme() -> None:
    """Draw the reach of the programme as the national centre publishes it."""
    page.view_title(
        "Le programme « La santé mentale dans mon quartier »",
        "Résultats nationaux publiés par le Centre national de ressources et d’appui aux CLSM ; "
        "aucune page ne nomme les territoires.",
    )
    page.key_figures((h.value, h.label, h.origin) for h in programme_headlines(data.snapshot()))
    page.source_line(programme_since(data.snapshot()))
    st.page_link("pages/programme.py", label="Lire la portée du programme et suivre le kit")
