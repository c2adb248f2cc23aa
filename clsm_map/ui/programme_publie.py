"""*Programme*, as published: each figure against what could be reached, or why it is not."""

from __future__ import annotations

import math

import streamlit as st

from clsm_map.domain.programme import CENTRE
from clsm_map.formats import percent, typeset
from clsm_map.maps.escape import html_text
from clsm_map.ui import data
from clsm_map.ui.furniture import source_line, view_title
from clsm_map.ui.planifier_parts import csv_button
from clsm_map.views import captions
from clsm_map.views.programme_published import (
    Against,
    Published,
    PublishedReach,
    programme_since,
    published_reach,
)


def published() -> PublishedReach:
    """Give the published totals against what could be reached."""
    return published_reach(data.snapshot(), data.desk().coverage("CLSM"))


def draw(found: PublishedReach, *, beside_example: bool = False) -> None:
    """Draw every published figure, with its date, its source and what it is set against."""
    real = " : chiffres réels, sans rapport avec l’exemple" if beside_example else ""
    view_title(
        f"Ce que le centre national publie{real}",
        "Totaux nationaux, tels que publiés. Une part n’est calculée qu’entre choses "
        "comparables ; les hachures marquent un ordre de grandeur.",
    )
    items = "".join(_figure(f) for f in found.figures)
    st.html(f'<ul class="portee">{items}</ul>')
    source_line(programme_since(data.snapshot()))
    source_line(
        f"Source : {CENTRE}, résultats de la première année ; séries publiées de CLSM : chaque "
        "dénominateur porte sa date et son site."
    )
    source_line(captions.qpv_source())
    st.markdown(f"[Lire la page du centre national]({found.link}) (elle s’ouvre sur Internet)")
    with st.expander("Le tableau de ces rapports"):
        table = found.table()
        st.dataframe(
            table,
            hide_index=True,
            alt="Chiffres publiés et ce à quoi ils sont rapportés",
            placeholder="",
            column_config={"Part (%)": st.column_config.NumberColumn(format="localized")},
        )
        csv_button("CSV pour Excel", table, "programme_publie")


def what_detail_adds() -> None:
    """Say in plain words what a detailed table would tell that totals cannot."""
    view_title(
        "Ce qu’un tableau détaillé ajouterait",
        "Aucune page publique ne nomme les territoires : avec une ligne par quartier (ou commune) "
        "et par date, cette page montrerait :",
    )
    st.markdown(
        "- **où** : la carte des quartiers atteints et de ceux qui ne l’ont pas été, de la France "
        "à l’intercommunalité ;\n"
        "- **qui** : la part des quartiers, de leurs habitants et des CLSM qui couvrent un "
        "quartier ;\n"
        "- **quand** : séances, participants et quartiers, année par année ;\n"
        "- **avec quel effet** : les scores avant et après, moyennes pondérées par les "
        "participants, effectifs dits."
    )


def _figure(figure: Published) -> str:
    rows = "".join(_against(a) for a in figure.against)
    return (
        f'<li><p class="tete"><b>{html_text(figure.value)}</b>'
        f"<span>{html_text(figure.label)}</span>"
        f"<small>{html_text(f'{figure.when}, {figure.source}')}</small></p><ul>{rows}</ul></li>"
    )


def _against(against: Against) -> str:
    why = typeset(against.why)
    told = f' <span class="lecture-part">{html_text(why)}</span>' if why else ""
    if math.isnan(against.share):
        return (
            f'<li class="refus"><b>sans part</b><span>Pas rapporté à : '
            f"{html_text(against.whole)}.{told}</span></li>"
        )
    about = "env. " if against.verdict == "ordre" else ""
    width = min(100.0, max(0.5, against.share))
    return (
        f'<li class="{against.verdict}"><b>{about}{html_text(percent(against.share))}</b>'
        f"<span>des {html_text(against.whole)}.{told}</span>"
        f'<span class="jauge" aria-hidden="true"><i style="width:{width:.1f}%"></i></span></li>'
    )
