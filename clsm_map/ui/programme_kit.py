"""The kit as a checklist; what is ticked is kept in the link, so that it is sent and found again.

The link rather than a file: nothing to save, it works as every other view does, and whoever
receives it opens the same list. A list ticked also goes out as a table, for a meeting.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from clsm_map.domain.programme import CENTRE, CENTRE_SITE, KIT, kit_from_text, kit_to_text
from clsm_map.formats import number
from clsm_map.ui.furniture import view_title
from clsm_map.ui.planifier_parts import csv_button
from clsm_map.ui.state import asked_by_link, widget_key

_TICKED: Final = "kit_coche"
_CITY: Final = (
    "https://ressources-clsm.org/sante-mentale-et-politique-de-la-ville-enjeux-et-leviers-"
    "sante-mentale-dans-les-quartiers-quels-projets-dans-les-territoires"
)


def current_kit() -> frozenset[str]:
    """Give the parts ticked: those of a new link, else those of this visit."""
    asked = asked_by_link("kit")
    if asked is not None:
        _tick(kit_from_text(asked))
    ticked: frozenset[str] = st.session_state.setdefault(_TICKED, frozenset())
    return ticked


def kit_checklist(link: str) -> str:
    """Draw the checklist.

    Parameters
    ----------
    link : str
        Page of the national centre that tells the programme's results.

    Returns
    -------
    str
        What is ticked, as the link holds it.
    """
    ticked = current_kit()
    for part in KIT:
        st.session_state.setdefault(_key(part.id), part.id in ticked)
    ticked = frozenset(part.id for part in KIT if st.session_state[_key(part.id)])
    view_title(
        "Le kit, étape par étape",
        f"{number(len(ticked))} sur {number(len(KIT))} cochées. La liste cochée est dans l’adresse "
        "de la page : envoyez-la, ou gardez-la en favori.",
    )
    columns = (*st.columns(3), *st.columns(3))
    for rank, part in enumerate(KIT):
        with columns[rank], st.container(border=True, height="stretch", gap="small"):
            st.checkbox(f"{rank + 1}. {part.titre}", key=_key(part.id))
            st.markdown(part.geste)
            if part.page:
                st.page_link(part.page, label=part.appel)
    st.session_state[_TICKED] = ticked
    st.markdown(
        f"Les pièces du kit se demandent au {CENTRE} : [le site du centre]({CENTRE_SITE}), "
        f"[les résultats de la première année]({link}), [santé mentale et politique de la "
        f"ville]({_CITY}). Ces pages s’ouvrent sur Internet ; l’application n’en charge rien."
    )
    with st.container(horizontal=True, gap="small"):
        csv_button("Emporter la liste (CSV)", kit_table(ticked), "programme_kit")
        if ticked:
            st.button("Tout décocher", type="tertiary", on_click=_tick, args=(frozenset(),))
    return kit_to_text(ticked)


def kit_table(ticked: frozenset[str]) -> pd.DataFrame:
    """Give the checklist as a table."""
    return pd.DataFrame(
        {
            "Étape": [str(rank) for rank in range(1, len(KIT) + 1)],
            "Pièce du kit": [part.titre for part in KIT],
            "Ce qu’il y a à faire": [part.geste for part in KIT],
            "Fait": ["oui" if part.id in ticked else "" for part in KIT],
        }
    )


def _tick(ticked: frozenset[str]) -> None:
    st.session_state[_TICKED] = ticked
    for part in KIT:
        st.session_state[_key(part.id)] = part.id in ticked


def _key(part: str) -> str:
    return widget_key(f"kit_{part}")
