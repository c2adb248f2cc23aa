"""*Programme*: the reach of « La santé mentale dans mon quartier », and its kit to follow.

What is ticked of the kit is kept in the link: nothing to save, and whoever receives it opens the
same list. A list ticked also goes out as a table, for a meeting.
"""

from __future__ import annotations

import math
from typing import Final

import pandas as pd
import streamlit as st

from clsm_map.analysis.programme import is_made_up
from clsm_map.domain.programme import (
    CENTRE,
    CENTRE_SITE,
    EXAMPLE,
    KIT,
    kit_from_text,
    kit_to_text,
)
from clsm_map.domain.selection import Selection
from clsm_map.formats import count, number, percent, typeset
from clsm_map.maps.escape import html_text
from clsm_map.register import Validation, read_table, template, validate
from clsm_map.register.exchange import TemplateFormat
from clsm_map.settings import ROOT
from clsm_map.ui import data, donnees
from clsm_map.ui import furniture as page
from clsm_map.ui.programme import tableau
from clsm_map.ui.quirks import ASSETS
from clsm_map.ui.state import asked_by_link, widget_key
from clsm_map.ui.takeaway import Kit, take_away
from clsm_map.views import captions
from clsm_map.views.programme_published import (
    Against,
    Published,
    PublishedReach,
    programme_since,
    published_reach,
)

_SAMPLE: Final = ROOT / "data" / "exemples" / "programme-exemple.csv"
_TEMPLATES: Final[dict[TemplateFormat, str]] = {"csv": "CSV", "xlsx": "Excel"}
_TICKED: Final = "kit_coche"
_CITY: Final = (
    "https://ressources-clsm.org/sante-mentale-et-politique-de-la-ville-enjeux-et-leviers-"
    "sante-mentale-dans-les-quartiers-quels-projets-dans-les-territoires"
)


def draw(selection: Selection) -> tuple[Selection, str]:
    """Draw the page; give the selection it makes, and what is ticked as the link holds it."""
    st.html(ASSETS / "programme.css")
    published = published_reach(data.snapshot(), data.desk().coverage("CLSM"))
    page.page_title("Programme « La santé mentale dans mon quartier »", published.finding)
    page.notices(data.server_programme().refusals)
    loaded, view = data.programme_table(), None
    banner()
    if loaded is not None:
        selection, view = tableau.draw(selection, loaded)
        st.divider()
    _published(published, beside_example=view is not None and view.example)
    st.divider()
    if loaded is None:
        told, tried = st.columns([3, 2], gap="large")
        with told:
            _what_detail_adds()
        with tried:
            label = "Essayer avec un exemple (données fictives)"
            st.button(label, on_click=_load_sample, key="programme_essayer")
            _import_field()
    else:
        _import_field()
    st.divider()
    ticked = _kit_checklist(published.link)
    rows = published.table()
    totals = page.File("Chiffres publiés (CSV)", "programme_publie.csv", lambda: page.csv_of(rows))
    detail = tableau.files_of(view) if view is not None else []
    take_away(selection, Kit("programme", others=(totals, *detail), own={"kit": ticked}))
    return selection, ticked


def _published(found: PublishedReach, *, beside_example: bool) -> None:
    """Draw every published figure against what could be reached, or why it is not."""
    real = " : chiffres réels, sans rapport avec l’exemple" if beside_example else ""
    page.view_title(
        f"Ce que le centre national publie{real}",
        "Totaux nationaux, tels que publiés. Une part n’est calculée qu’entre choses "
        "comparables ; les hachures marquent un ordre de grandeur.",
    )
    st.html(f'<ul class="portee">{"".join(map(_figure, found.figures))}</ul>')
    page.source_line(programme_since(data.snapshot()))
    page.source_line(
        f"Source : {CENTRE}, résultats de la première année ; séries publiées de CLSM : chaque "
        "dénominateur porte sa date et son site."
    )
    page.source_line(captions.qpv_source())
    st.markdown(f"[Lire la page du centre national]({found.link}) (elle s’ouvre sur Internet)")
    with st.expander("Le tableau de ces rapports"):
        rows, said = found.table(), "Chiffres publiés et ce à quoi ils sont rapportés"
        page.table(rows, said, missing="")
        page.csv_button("CSV pour Excel", rows, "programme_publie")


def _figure(figure: Published) -> str:
    rows = "".join(map(_against, figure.against))
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


def _what_detail_adds() -> None:
    """Say in plain words what a detailed table would tell that totals cannot."""
    page.view_title(
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


def banner() -> None:
    """Say which table is in use, in a way that cannot be missed when it is made up."""
    loaded = data.programme_table()
    if loaded is None:
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    lines = count(len(loaded.frame), "ligne")
    with left:
        if is_made_up(loaded.frame):
            st.html(
                f'<div class="fictif" role="note"><b>{html_text(EXAMPLE.upper())}</b><p>Le tableau '
                f"« {html_text(loaded.file)} » ({lines}) est inventé pour essayer la page : ni les "
                "séances, ni les participants, ni les scores n’ont existé. Rien de ce qui en vient "
                "ne se cite.</p></div>"
            )
        elif loaded.private:
            page.notice(
                f"Tableau en usage : « {loaded.file} » ({lines}), pour vous seulement, en "
                "mémoire, jusqu’à la fermeture de la page."
            )
        else:
            page.notice(f"Tableau en usage : {lines} apportées par le propriétaire de ce serveur.")
    if loaded.private:
        right.button("Retirer ce tableau", on_click=data.drop_programme, width="stretch")


def _load_sample() -> None:
    """Read the sample by the same door as any file, and use it for this visitor."""
    read = validate(read_table(_SAMPLE), data.snapshot(), kind="programme")
    data.use_programme(read.programme, read.nom)


def _import_field() -> None:
    """Draw the field of a programme table: template, file, check line by line, use."""
    with st.expander("Importer un tableau détaillé (pour vous seulement, en mémoire)"):
        with st.container(horizontal=True, gap="small"):
            for form, name in _TEMPLATES.items():
                made = template("programme", form)
                file = f"modele_programme.{form}"
                page.download(
                    f"Modèle à remplir ({name})", file, made, key=f"programme_modele_{form}"
                )
            file = "EXEMPLE_DONNEES_FICTIVES_programme.csv"
            sample, key = _SAMPLE.read_bytes(), "programme_exemple"
            page.download("L’exemple (données fictives)", file, sample, key=key)
        read = donnees.upload("Une ligne par territoire (ou quartier) et par date.")
        if read is not None:
            validation = donnees.reported(read, "programme")
            if validation is not None and validation.acceptees:
                use_button(validation)


def use_button(validation: Validation) -> None:
    """Offer to use the accepted lines, for this visitor only."""
    accepted = count(validation.acceptees, "ligne acceptée", "lignes acceptées")
    if st.button(f"Utiliser ce tableau ({accepted})", type="primary", key="utiliser_programme"):
        data.use_programme(validation.programme, validation.nom)
        st.switch_page("pages/programme.py")


def _kit_checklist(link: str) -> str:
    """Draw the checklist; give what is ticked, as the link holds it.

    ``link`` is the page of the national centre that tells the programme's results.
    """
    asked = asked_by_link("kit")
    if asked is not None:
        _tick(kit_from_text(asked))
    kept: frozenset[str] = st.session_state.setdefault(_TICKED, frozenset())
    for part in KIT:
        st.session_state.setdefault(_key(part.id), part.id in kept)
    ticked = frozenset(part.id for part in KIT if st.session_state[_key(part.id)])
    page.view_title(
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
    rows = pd.DataFrame(
        {
            "Étape": [str(rank) for rank in range(1, len(KIT) + 1)],
            "Pièce du kit": [part.titre for part in KIT],
            "Ce qu’il y a à faire": [part.geste for part in KIT],
            "Fait": ["oui" if part.id in ticked else "" for part in KIT],
        }
    )
    with st.container(horizontal=True, gap="small"):
        page.csv_button("Emporter la liste (CSV)", rows, "programme_kit")
        if ticked:
            st.button("Tout décocher", type="tertiary", on_click=_tick, args=(frozenset(),))
    return kit_to_text(ticked)


def _tick(ticked: frozenset[str]) -> None:
    st.session_state[_TICKED] = ticked
    for part in KIT:
        st.session_state[_key(part.id)] = part.id in ticked


def _key(part: str) -> str:
    return widget_key(f"kit_{part}")
