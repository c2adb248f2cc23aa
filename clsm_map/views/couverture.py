"""The Views of *Couverture*: around a place, a territory, year by year, what is known; its map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from clsm_map.analysis.cautions import (
    JANUARY,
    cautions,
    gaps_cautions,
    history_cautions,
    register_caution,
)
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.harvest import harvest_title
from clsm_map.desk import Desk
from clsm_map.domain.devices import DEVICE_NAMES, DEVICE_TYPES, WITHOUT_ACTIVE
from clsm_map.domain.selection import MEASURES, Measure, QpvFilter, Selection
from clsm_map.domain.territories import FRANCE, LEVEL_LABELS, Territory
from clsm_map.formats import count, date_fr, number, with_unit
from clsm_map.table import Table
from clsm_map.views import captions, questions
from clsm_map.views.around import Around
from clsm_map.views.carte import qpv_shown
from clsm_map.views.coverage import CoverageHistory, Curve, TerritoryCoverage, wide_enough
from clsm_map.views.gap_lists import gap_table
from clsm_map.views.register import completeness_rows
from clsm_map.views.scenes.coverage import (
    around_words,
    gap_words,
    history_words,
    quartier_words,
    register_words,
    territory_words,
)
from clsm_map.views.view import Chart, Claim, Map, View

_LARGEST: Final[dict[Measure, tuple[str, str]]] = {
    "habitants": ("habitants", "d’habitants des quartiers"),
    "quartiers": ("qpv", "de quartiers"),
}
_CURVES: Final[tuple[Curve, ...]] = ("dispositifs", "qpv_couverts")
_LINKED: Final[Mapping[str, Mapping[str, Any]]] = {"Source": {"kind": "lien", "width": 60}}


def carte(desk: Desk, selection: Selection) -> View:
    """Map the coverage of any territory: QPV by status, perimeters, seats."""
    coverage, where = desk.covered(selection), desk.territory(selection)
    return View(
        title=_map_title(coverage, where),
        lead=f"Couverture {_on(desk, coverage)}",
        rows=lambda: (
            qpv_shown(
                questions.quartiers_kept(desk, selection),
                coverage,
                f"Quartiers prioritaires, {where.nom}",
            ),
        ),
        map=coverage_map(desk, selection, where),
        cautions=(_register(desk, coverage),),
        sources=_sources(coverage),
        moment=_moment(desk, coverage.on),
    )


def territoire(desk: Desk, selection: Selection) -> View:
    """Tell the coverage of a territory, or of what holds it; of the QPV without, when asked."""
    where = wide_enough(desk.snapshot, desk.territory(selection))
    found = questions.coverage_in(desk, where, selection.type, desk.day(selection))
    coverage, statuses = found.coverage, frozenset(selection.filtre.statuts)
    if statuses and statuses <= set(WITHOUT_ACTIVE.statuses):
        kept = questions.quartiers_in(desk, where, selection.type, coverage.on, selection.filtre)
        words = gap_words(found, kept, statuses)
    else:
        words = territory_words(found)
    if where.level != "epci":
        words = replace(words, headline=harvest_title(words.headline, coverage, where))
    return replace(
        words,
        title=found.title,
        lead=f"Couverture {_on(desk, coverage)}, quartiers de la géographie 2024",
        rows=lambda: (
            _parts(found, selection.mesure),
            _gaps(found, selection),
            *(_parts(found, other) for other in MEASURES if other != selection.mesure),
        ),
        map=coverage_map(desk, selection, where),
        charts=_bars(desk, found, selection.mesure),
        cautions=tuple(cautions(coverage, where, questions.announced(desk, selection.type))),
        sources=_list_sources(desk, coverage),
        moment=_moment(desk, coverage.on),
        data=found,
    )


def _parts(found: TerritoryCoverage, measure: Measure) -> Table:
    frame = found.table(measure)
    parts = count(len(frame), *LEVEL_LABELS[found.part_level])
    return Table.of(
        f"territoires_{measure}",
        found.summary(measure),
        frame,
        note=f"{parts} · {measure} par statut · mêmes chiffres que le graphique",
    )


def _gaps(found: TerritoryCoverage, selection: Selection) -> Table:
    title = f"Quartiers à rejoindre : {found.territory.nom}"
    return gap_table(found.ordered(selection.tri), found.coverage.type, title)


def _bars(desk: Desk, found: TerritoryCoverage, measure: Measure) -> tuple[Chart, ...]:
    if not found.total(measure):
        return ()
    column, most = _LARGEST[measure]
    totals = found.parts.groupby("code")[column].sum()
    largest = found.parts[found.parts["code"].isin(totals.nlargest(captions.MOST_ROWS).index)]
    return (
        Chart(
            "couverture",
            (found.parts, measure),
            f"{found.title}, {_on(desk, found.coverage)}",
            found.summary(measure),
            _sources(found.coverage),
            large=(largest, measure),
            cut=captions.shown_rows(len(totals), f"territoires qui comptent le plus {most}"),
        ),
    )


def autour(desk: Desk, selection: Selection) -> View:
    """Tell what lies around a place; what could be chosen, when no place is.

    Raises
    ------
    InvalidInputError
        The place is unknown, or its contour is.
    """
    if not selection.lieu:
        return _start(desk, selection)
    found = questions.around_of(desk, selection)
    coverage = found.coverage
    words = quartier_words(found) or around_words(found)
    reach = with_unit(found.radius_km, "km")
    return replace(
        words,
        title=found.title,
        lead=f"À moins de {number(found.radius_km)} km, {_on(desk, coverage)}. {found.finding}",
        claims=_around_claims(found),
        large=words.claims,
        rows=lambda: (
            gap_table(found.gaps, coverage.type, f"{found.title}, du plus proche au plus loin"),
            qpv_shown(
                questions.quartiers_around(desk, selection),
                coverage,
                f"Quartiers à moins de {reach} de : {found.place.nom}",
            ),
        ),
        map=Map("autour", selection, found.title),
        cautions=tuple(
            gaps_cautions(coverage, found.place, questions.announced(desk, selection.type))
        ),
        sources=_list_sources(desk, coverage),
        moment=_moment(desk, coverage.on),
        data=found,
    )


def _around_claims(found: Around) -> tuple[Claim, ...]:
    hidden = found.without_population
    unknown = f"non publiés pour {count(hidden, 'quartier')}" if hidden else ""
    n, covered, people = len(found.gaps), len(found.covered), found.inhabitants
    project = found.with_project
    return (
        Claim(number(n), "quartiers à rejoindre", "", "quartiers", n),
        Claim(number(people), "habitants (RP 2020)", unknown, "habitants", people),
        Claim(number(project), "avec un projet recensé", "", "projets", project),
        Claim(
            number(covered), "autres, dans un périmètre actif", "hors liste", "couverts", covered
        ),
    )


def _start(desk: Desk, selection: Selection) -> View:
    kind, coverage = selection.type, desk.covered(selection)
    return View(
        title=f"Autour de vous, quels quartiers sont hors du périmètre d’un {kind} actif recensé ?",
        lead=f"{kind} : {DEVICE_NAMES[kind]} · {_on(desk, coverage)}",
        map=replace(
            coverage_map(desk, replace(selection, filtre=QpvFilter()), FRANCE),
            title=harvest_title(f"Quartiers prioritaires et {kind} recensés, France", coverage),
        ),
        cautions=(_register(desk, coverage),),
        sources=_sources(coverage),
    )


def evolution(desk: Desk, selection: Selection) -> View:
    """Follow the coverage of a territory at each 1 January, beside what was published."""
    kind, now = selection.type, desk.coverage(selection.type, desk.today)
    where = wide_enough(desk.snapshot, desk.territory(selection))
    found = questions.history_of(desk, where, kind)
    first, last = found.years
    year = min(selection.janvier or last, last)
    day = min(dt.date(year, 1, 1), desk.today)
    said = history_cautions(kind, found.pages, territory_published=not found.published.empty)
    return replace(
        history_words(found, year),
        title=f"{kind} recensés et quartiers dans leur périmètre depuis {first} : {where.nom}",
        lead=found.sentence(year),
        rows=lambda: (_computed(found), *(() if found.published.empty else (_published(found),))),
        map=coverage_map(desk, replace(selection, date=day), where),
        charts=tuple(_curve(found, curve, year, said) for curve in _CURVES),
        cautions=tuple(said),
        apart=(_register(desk, now),),
        sources=(
            *reversed(_sources(now)),
            "Chiffres publiés : chacun avec sa source, page Couverture, « Publié ailleurs ».",
        ),
        moment=_moment(desk, day),
        data=found,
    )


def _curve(found: CoverageHistory, curve: Curve, year: int, said: list[str]) -> Chart:
    heading = (
        f"{found.type} actifs"
        if curve == "dispositifs"
        else f"Quartiers prioritaires dans le périmètre d’un {found.type} actif"
    )
    first, last = found.years
    origin = (
        f"Source : chaque {found.type} d’après une page publique citée ; les chiffres publiés, "
        "chacun d’après la sienne (onglet Publié ailleurs)."
    )
    return Chart(
        "annees",
        (found, curve, year),
        f"{heading}, {found.territory.nom}, de {first} à {last}",
        found.sentence(year),
        (origin, *said),
        heading=heading,
        below=found.undated(curve),
    )


def _computed(found: CoverageHistory) -> Table:
    return Table.of(
        "calcule",
        "Calculé ici",
        found.computed_table(),
        note="Calculé ici sur les dispositifs recensés ; quartiers de la géographie 2024. "
        f"{JANUARY}",
    )


def _published(found: CoverageHistory) -> Table:
    return Table.of(
        "publie",
        f"Chiffres publiés de {found.type}",
        found.published_table(),
        {
            "Série": {"width": 150},
            "Date": {"width": 140},
            "Source": {"width": 190},
            "Lien": {"kind": "lien", "width": 60},
        },
        "Tels que publiés, jamais mêlés au calcul : ils comptent tous les dispositifs, et avant "
        "2024 les quartiers de la géographie 2015.",
    )


def registre(desk: Desk, selection: Selection) -> View:
    """Tell how much the register records, what is uncertain, what is complete."""
    kind, coverage = selection.type, desk.coverage(selection.type, desk.today)
    known, found = questions.knowledge_of(desk, kind), questions.harvest_of(desk, kind)
    words = register_words(known)
    uncertain = f"{kind} dont le périmètre ou l’état n’est pas sûr"
    return replace(
        words,
        title="Sur quoi repose le mot « couvert »",
        lead=f"Registre des dispositifs {desk.ground.origine}.",
        claims=_recorded(desk),
        large=words.claims,
        rows=lambda: (
            Table.of(
                "incertains",
                f"{count(len(known.uncertain), uncertain, uncertain)}",
                known.uncertain,
                {"Dispositif": {"width": 225}, "Incertitude": {"width": 185}, "Dép.": {"width": 55},
                 "Page consultée": {"width": 115}, **_LINKED},
                f"Sur {number(known.recorded)} recensés ; chacun avec la page d’où il vient.",
            ),
            Table.of(
                "origines", f"Comment les périmètres des {kind} sont connus", known.origins
            ),
            Table.of(
                "completude", "Où le registre est déclaré complet",
                completeness_rows(desk.ground.completude),
            ),
            Table.of(
                "recolte", found.title, found.table(),
                {"Page du nombre publié": {"kind": "lien"}}, found.finding,
            ),
        ),
        map=coverage_map(desk, replace(selection, date=None), FRANCE),
        cautions=(_register(desk, coverage),),
        sources=tuple(reversed(_sources(coverage))),
        moment=_moment(desk, coverage.on),
        data=found,
    )  # fmt: skip


def _recorded(desk: Desk) -> tuple[Claim, ...]:
    def claim(kind: Any) -> Claim:
        known = questions.knowledge_of(desk, kind)
        others = f"{number(known.projects)} en projet, {number(known.to_check)} à vérifier"
        return Claim(
            number(known.active),
            f"{kind} actifs recensés, {known.share}",
            f"{DEVICE_NAMES[kind]} ; {others}",
            f"{kind.lower()}_actifs",
            known.active,
        )

    return tuple(claim(kind) for kind in DEVICE_TYPES)


def coverage_map(desk: Desk, selection: Selection, where: Territory) -> Map:
    """Map the coverage of a territory."""
    shown = replace(selection, territoire=where.key)
    return Map("couverture", shown, _map_title(desk.covered(shown), where))


def _map_title(coverage: Coverage, where: Territory) -> str:
    title = f"Quartiers prioritaires et {coverage.type}, {where.nom}"
    return harvest_title(title, coverage, where)


def _on(desk: Desk, coverage: Coverage) -> str:
    return captions.on_date(coverage.on, desk.today)


def _moment(desk: Desk, day: dt.date) -> str:
    return "Aujourd’hui, " + date_fr(day) if day == desk.today else f"Au {date_fr(day)}"


def _register(desk: Desk, coverage: Coverage) -> str:
    return register_caution(coverage, questions.announced(desk, coverage.type))


def _sources(coverage: Coverage) -> tuple[str, str]:
    return (captions.qpv_source(), captions.device_source(coverage))


def _list_sources(desk: Desk, coverage: Coverage) -> tuple[str, ...]:
    return (*_sources(coverage), captions.poverty_source(desk.snapshot))


def coverage_name(selection: Selection) -> str:
    """Name the View of *Couverture* that a scene tells: the territory, where no place is chosen."""
    shown = selection.vue
    return f"couverture.{'territoire' if shown == 'autour' and not selection.lieu else shown}"
