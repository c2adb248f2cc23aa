"""The views of *Planifier* as scenes: where next, what if, extend before creating."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from clsm_map.analysis.planning.scenario import Scenario, Simulation, make_move
from clsm_map.charts.coverage import marginal_curve
from clsm_map.desk import Desk
from clsm_map.domain.selection import Moment, QpvFilter, Selection
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.exports.deck.stage import (
    Drawing,
    Stage,
    coverage_caution,
    coverage_sources,
    territory_drawing,
    without_seats,
)
from clsm_map.exports.plate import Block, Sample, device_blocks, qpv_block
from clsm_map.maps.carte import status_legend
from clsm_map.maps.library import published
from clsm_map.maps.model import Style
from clsm_map.maps.planifier import chosen_bounds, chosen_contours, chosen_entries, plan_view
from clsm_map.store.snapshot import Scale
from clsm_map.store.territories import bounds
from clsm_map.views import captions, questions
from clsm_map.views.planning.plan import read_extensions, read_plan
from clsm_map.views.planning.question import PlanQuestion, question_of
from clsm_map.views.planning.scenario import codes_of, read_scenario
from clsm_map.views.quartiers import quartiers
from clsm_map.views.scenes.planning import extension_words, plan_words, scenario_words

_ADDITIONS: Final = 8
_MOMENTS: Final[dict[Moment, str]] = {"avant": "Avant", "apres": "Après"}


def planning_stage(desk: Desk, selection: Selection) -> Stage:
    """Set a view of *Planifier*.

    Raises
    ------
    InvalidInputError
        Nothing to reach, no candidate, contradictory constraints, or an unreadable scenario.
    """
    asked = question_of(selection, desk.territory(selection), desk.today)
    match selection.projet.plan:
        case "et-si":
            return _what_if(desk, selection, asked)
        case "etendre":
            return _extend(desk, selection, asked)
        case _:
            return _where_next(desk, selection, asked)


def _where_next(desk: Desk, selection: Selection, asked: PlanQuestion) -> Stage:
    coverage = desk.coverage(asked.type, asked.on)
    found = questions.planned(desk, asked)
    reading = read_plan(asked, found, captions.on_date(asked.on, desk.today))

    def drawing() -> Drawing:
        moves = (make_move("creer", list(reading.codes)),) if reading.codes else ()
        found_after = questions.simulated(
            desk, asked.type, asked.on, Scenario(moves), asked.partiels
        )
        return _plan_drawing(
            desk, selection, found_after, reading.codes, reading.uncertain, asked.territory
        )

    n = len(reading.codes)
    after = f"Après : {n} {asked.type} de plus" if n else "Après"
    return Stage(
        replace(
            plan_words(asked, found, reading),
            sources=coverage_sources(coverage),
            cautions=(*found.avertissements, reading.proof, coverage_caution(desk, coverage)),
        ),
        drawing=drawing,
        figure=(lambda: marginal_curve(found.plan.courbe, asked.unit)) if n else None,
        moment="Aujourd’hui" if selection.projet.moment == "avant" else after,
    )


def _what_if(desk: Desk, selection: Selection, asked: PlanQuestion) -> Stage:
    coverage = desk.coverage(asked.type, asked.on)
    scenario = Scenario.from_text(selection.projet.scenario)
    found = questions.simulated(desk, asked.type, asked.on, scenario, asked.partiels)
    names = questions.planning_names(desk)
    return Stage(
        replace(
            scenario_words(asked.type, read_scenario(found, names)),
            sources=coverage_sources(coverage),
            cautions=(*found.avertissements, coverage_caution(desk, coverage)),
        ),
        drawing=lambda: _plan_drawing(
            desk, selection, found, codes_of(scenario), frozenset(), FRANCE, follow=True
        ),
        moment=_MOMENTS[selection.projet.moment],
    )


def _extend(desk: Desk, selection: Selection, asked: PlanQuestion) -> Stage:
    coverage = desk.coverage(asked.type, asked.on)
    rows, counted = questions.additions(desk, asked)
    reading = read_extensions(rows, asked.type, asked.territory.nom, weighted=asked.pondere)
    return Stage(
        replace(
            extension_words(asked.type, asked.territory.nom, reading),
            sources=coverage_sources(coverage),
            cautions=(*counted, coverage_caution(desk, coverage)),
        ),
        drawing=lambda: territory_drawing(desk, selection),
    )


def _plan_drawing(
    desk: Desk,
    selection: Selection,
    found: Simulation,
    codes: tuple[str, ...],
    uncertain: frozenset[str],
    where: Territory,
    *,
    follow: bool = False,
) -> Drawing:
    """Draw the QPV before or after, and the territories chosen."""
    before = selection.projet.moment == "avant"
    shown = quartiers(desk.snapshot, found.avant if before else found.apres, where, QpvFilter())
    near = follow and bool(codes)
    scale: Scale = "local" if near or where.level != "france" else "national"
    names = questions.planning_names(desk)
    chosen = chosen_contours(desk.snapshot, names, codes, uncertain, scale)
    near = near and not chosen.empty
    whole = None if where.level == "france" else bounds(desk.snapshot, where)
    layer = questions.devices_on(desk, selection.type, desk.day(selection))
    view = plan_view(
        published(desk),
        shown,
        layer,
        chosen,
        title=f"Quartiers prioritaires et {selection.type}, {_MOMENTS[selection.projet.moment]}",
        bounds=chosen_bounds(chosen) if near else whole,
        near=near and where.level == "france",
    )
    blocks = [qpv_block(selection.type, status_legend(shown), view.layers)]
    if not chosen.empty:
        outlines = tuple(
            Sample(e.label, Style("", fill=e.colour, stroke="#23262b", width=2.0), "aire", e.count)
            for e in chosen_entries(chosen)
        )
        blocks.append(Block("Territoires choisis, dans l’ordre", outlines))
    blocks += device_blocks(desk, selection, where, (layer,))
    return without_seats(Drawing(view, tuple(blocks)))
