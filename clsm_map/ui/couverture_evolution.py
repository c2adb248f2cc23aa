"""*Évolution*: what is computed at each 1 January, beside what was published, never merged."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

import streamlit as st

from clsm_map.analysis.cautions import JANUARY, history_cautions
from clsm_map.charts.coverage import history_figure
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.formats import NBSP, date_fr
from clsm_map.maps.around import with_outline
from clsm_map.maps.carte import coverage_view, status_legend
from clsm_map.maps.component import render_map
from clsm_map.store.territories import bounds
from clsm_map.ui import couverture_parts as parts
from clsm_map.ui import data
from clsm_map.ui.figure import draw_figure
from clsm_map.ui.furniture import caution, legend, notice, source_line, view_title
from clsm_map.ui.state import fresh_key
from clsm_map.views import captions, questions
from clsm_map.views.captions import Told
from clsm_map.views.coverage import CoverageHistory, Curve, wide_enough

MAP: Final = "couverture_carte_evolution"
CURVES: Final[tuple[Curve, ...]] = ("dispositifs", "qpv_couverts")


def draw(selection: Selection) -> Selection:
    """Draw the view; give the selection that its controls make."""
    where = wide_enough(data.snapshot(), parts.territory_of(selection))
    place, device, when = st.columns([5, 3, 6], gap="medium", vertical_alignment="bottom")
    with place:
        selection = parts.territory_field(selection, where.nom)
    with device:
        selection = parts.type_field(selection)
    with st.spinner("Calcul de chaque année…"):
        found = questions.history_of(data.desk(), where, selection.type)
    with when:
        selection, year = _year_field(selection, found)
    day = date_fr(dt.date(year, 1, 1))
    view_title(
        f"{selection.type} recensés et quartiers dans leur périmètre depuis "
        f"{found.years[0]} : {where.nom}",
        found.sentence(year),
    )
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _curves(found, year)
    with right:
        _map(selection, found, year, day)
    return selection


def _year_field(selection: Selection, found: CoverageHistory) -> tuple[Selection, int]:
    first, last = found.years
    asked = selection.janvier or last
    if asked > last:
        notice(f"Le registre ne va pas au-delà de {last} : c’est l’année affichée.")
        asked = last
    key = fresh_key("janvier")
    st.session_state.setdefault(key, asked)
    year = st.slider("Au 1er janvier", first, last, format="%d", key=key)
    return replace(selection, janvier=None if year == last else year), year


def _curves(found: CoverageHistory, year: int) -> None:
    """Draw both curves, and their table twins: what is computed, what was published."""
    curves, computed_tab, published_tab = st.tabs(["Courbes", "Calculé ici", "Publié ailleurs"])
    with curves:
        first, last = found.years
        origin = (
            f"Source : chaque {found.type} d’après une page publique citée ; les chiffres publiés, "
            "chacun d’après la sienne (onglet Publié ailleurs)."
        )
        notes = (origin, *_cautions(found))
        for curve in CURVES:
            st.markdown(f"**{_heading(found, curve)}**")
            title = f"{_heading(found, curve)}, {found.territory.nom}, de {first} à {last}"
            told = Told(title, found.sentence(year), notes)
            key = f"couverture_courbe_{curve}"
            draw_figure(history_figure(found, curve, year), told, key=key)
            if found.undated(curve):
                source_line(found.undated(curve))
    with computed_tab:
        st.caption(
            f"Calculé ici sur les dispositifs recensés ; quartiers de la géographie 2024. {JANUARY}"
        )
        st.dataframe(found.computed_table(), hide_index=True, height=520, alt="Calculé ici")
    with published_tab:
        _published(found)


def _heading(found: CoverageHistory, curve: Curve) -> str:
    if curve == "dispositifs":
        return f"{found.type} actifs"
    return f"Quartiers prioritaires dans le périmètre d’un {found.type} actif"


def _cautions(found: CoverageHistory) -> list[str]:
    published = not found.published_table().empty
    return history_cautions(found.type, found.pages, territory_published=published)


def _published(found: CoverageHistory) -> None:
    table = found.published_table()
    if table.empty:
        st.caption(f"Aucune série publiée de {found.type} pour ce territoire n’est embarquée.")
        return
    st.caption(
        "Tels que publiés, jamais mêlés au calcul : ils comptent tous les dispositifs, et avant "
        "2024 les quartiers de la géographie 2015."
    )
    st.dataframe(
        table,
        hide_index=True,
        height=520,
        alt=f"Chiffres publiés de {found.type}",
        placeholder="",
        column_config={
            "Valeur": st.column_config.NumberColumn(format="localized"),
            "Série": st.column_config.TextColumn(width=150),
            "Date": st.column_config.TextColumn(width=140),
            "Source": st.column_config.TextColumn(width=190),
            "Lien": st.column_config.LinkColumn(display_text="Lire", width=60),
        },
    )


def _map(selection: Selection, found: CoverageHistory, year: int, day: str) -> None:
    on = min(dt.date(year, 1, 1), data.today())
    kept = questions.quartiers_in(data.desk(), found.territory, selection.type, data.day(on))
    where = found.territory
    title = f"Quartiers prioritaires et {selection.type} recensés au {day} : {where.nom}"
    view = coverage_view(
        data.library(),
        kept,
        selection.type,
        (data.device_layer(selection.type, on),),
        title=title,
        bounds=None if where == FRANCE else bounds(data.snapshot(), where),
        tiles=selection.fond,
    )
    view_title(f"Au {day}", f"Quartiers de la géographie 2024, {selection.type} recensés")
    view = with_outline(view, data.snapshot(), where)
    render_map(view, key=MAP, height=460)
    legend(f"Couverture par un {selection.type} recensé", status_legend(kept))
    caution(_cautions(found))
    with st.expander("Sources"):
        source_line(captions.qpv_source())
        source_line(captions.device_source(data.coverage(selection.type, on)))
        source_line(f"Chiffres publiés{NBSP}: chacun avec sa source, dans « Publié ailleurs ».")
