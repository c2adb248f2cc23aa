"""A View whose map leaves the application as a picture or an offline page; its legends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clsm_map.analysis.centre import devices_of
from clsm_map.desk import Desk
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.evidence import SEAT_ONLY_WORDS
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.exports.contents.columns import DEVICE_STATES
from clsm_map.exports.files import rewritten
from clsm_map.formats import NBSP, count, date_fr, number, typeset, with_unit
from clsm_map.maps.carte import bivariate_styles, legends, status_legend
from clsm_map.maps.drawing import chosen_of, draw
from clsm_map.maps.layers import (
    DEVICE_COLOURS,
    DEVICE_SHAPES,
    INK,
    SEAT_DASH,
    STATE_DASHES,
    aged,
    hollow,
    status_styles,
)
from clsm_map.maps.legend import HOLLOW, LegendEntry
from clsm_map.maps.model import Layer, MapView, Style
from clsm_map.maps.planifier import chosen_entries
from clsm_map.views import questions
from clsm_map.views.besoin import needed
from clsm_map.views.captions import year_words
from clsm_map.views.devices import DeviceLayer
from clsm_map.views.inequality.bivariate import NeedCoverage
from clsm_map.views.planifier import plan_map
from clsm_map.views.quartiers import Quartiers
from clsm_map.views.view import Map, View


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of a legend, of the form ``aire``, ``point`` or ``ligne``.

    ``count`` is the number of features of this class; ``radius`` that of a point, in pixels;
    ``to_scale`` says that it tells a size, and follows that of the map.
    """

    label: str
    style: Style
    form: str
    count: int | None = None
    radius: float = 6.0
    to_scale: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A legend: a title, samples and what must be said of them."""

    title: str
    samples: tuple[Sample, ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class Plate:
    """All that a picture or an offline page holds of a View; ``credit``: when, and by what."""

    view: MapView
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    sources: tuple[str, ...]
    cautions: tuple[str, ...]
    credit: str


_GREY: Final = "#5b6470"
_PLACE: Final = Style("lieu", stroke=INK, width=2.2)
_RADIUS: Final = Style("rayon", stroke=INK, width=1.2, dash=(2.0, 4.0))


def plate_of(desk: Desk, view: View) -> Plate:
    """Compose what a picture or an offline page shows of a View that has a map."""
    if view.map is None:
        raise InvalidInputError("Cette vue n’a pas de carte.", view.title)
    drawn = draw(desk, view.map, outlined=False)
    made = f"Carte établie le {date_fr(desk.today)} par clsm-map. Contours : IGN, Insee, ANCT."
    return Plate(
        drawn,
        typeset(view.title),
        typeset(view.lead[:1].upper() + view.lead[1:]).replace(" km", f"{NBSP}km"),
        blocks_of(desk, view.map, drawn),
        rewritten(view.sources, typeset),
        rewritten((*view.notices, *view.cautions), typeset),
        typeset(made),
    )


def shown_on(desk: Desk, asked: Map) -> Quartiers:
    """Give the QPV that a map draws."""
    if asked.kind == "autour":
        return questions.quartiers_around(desk, asked.selection)
    return questions.quartiers_kept(desk, asked.selection)


def blocks_of(desk: Desk, asked: Map, drawn: MapView) -> tuple[Block, ...]:
    """Make the legends of a map, typeset."""
    if asked.kind == "besoin":
        return (_need_block(needed(desk, asked.selection)),)
    if asked.kind == "plan":
        return _plan_blocks(desk, asked.selection, drawn)
    return rewritten(_blocks(desk, asked, drawn), typeset)


def _plan_blocks(desk: Desk, selection: Selection, drawn: MapView) -> tuple[Block, ...]:
    shown = plan_map(desk, selection)
    chosen = chosen_of(desk, shown)
    outlines = tuple(
        Sample(e.label, Style("", fill=e.colour, stroke=INK, width=2.0), "aire", e.count)
        for e in chosen_entries(chosen)
    )
    layer = questions.devices_on(desk, selection.type, desk.day(selection))
    return (
        qpv_block(selection.type, status_legend(shown.quartiers), drawn.layers),
        *((Block("Territoires choisis, dans l’ordre", outlines),) if len(chosen) else ()),
        *device_blocks(desk, selection, shown.territory, (layer,)),
    )


def _need_block(found: NeedCoverage) -> Block:
    sizes = [n for row in found.counts for n in row] + [found.unclassed]
    pairs = list(zip(bivariate_styles(), sizes, strict=True))
    ordered = [*(pairs[i] for row in (6, 3, 0) for i in range(row, row + 3)), pairs[9]]
    samples = tuple(
        Sample(style.label[:1].upper() + style.label[1:], style, "aire", n)
        for style, n in ordered
        if n
    )
    note = f"{count(sum(sizes), 'territoire')}. {found.edges_text}"
    return Block(found.classes_title, samples, note)


def _blocks(desk: Desk, asked: Map, drawn: MapView) -> tuple[Block, ...]:
    selection, kept = asked.selection, shown_on(desk, asked)
    quartiers = qpv_block(selection.type, status_legend(kept), drawn.layers)
    if asked.kind == "autour":
        return quartiers, _place_block(desk, selection)
    if asked.kind == "couverture":
        layers = (questions.devices_on(desk, selection.type, desk.day(selection)),)
        return quartiers, *device_blocks(desk, selection, kept.territory, layers)
    coloured = questions.coloured(desk, selection)
    level = LEVEL_LABELS[coloured.scope.level]
    classes = Block(
        coloured.indicator.libelle_court + year_words(coloured.indicator, coloured.year),
        tuple(sample_of(e, counted=True) for e in legends(selection, coloured, kept).choropleth),
        f"{count(len(coloured.frame), *level)}. {coloured.method}",
    )
    devices = questions.devices_shown(desk, selection)
    return (
        classes,
        *((quartiers,) if "qpv" in selection.couches else ()),
        *device_blocks(desk, selection, kept.territory, devices),
    )


def _place_block(desk: Desk, selection: Selection) -> Block:
    found = questions.around_of(desk, selection)
    active = Style("", stroke=DEVICE_COLOURS[selection.type], width=1.7)
    lines = (
        Sample(found.place.nom, _PLACE, "ligne"),
        Sample(f"À {with_unit(found.radius_km, 'km')} de son contour", _RADIUS, "ligne"),
        Sample(f"Périmètre de {selection.type} actif recensé", active, "ligne"),
    )
    return Block("Lieu et périmètres", lines)


def sample_of(entry: LegendEntry, *, counted: bool = False, edge: str = "#b9b4aa") -> Sample:
    """Draw an entry of the legend of a page."""
    style = Style(entry.label, entry.colour, entry.mark, edge, 0.6)
    n = entry.count if counted else None
    return Sample(entry.label, style, "point" if entry.round else "aire", n, radius=5.0)


def qpv_block(kind: str, entries: Sequence[LegendEntry], drawn: Sequence[Layer]) -> Block:
    """Make the legend of the QPV drawn, with two circles when they are circles."""
    spots = [la for la in drawn if la.kind == "qpv" and la.geometry.form == "points"]
    styles = {s.label: s for s in status_styles(spots=bool(spots))}
    form = "point" if spots else "aire"
    empty = hollow(Style("", fill=_GREY))
    samples = [
        Sample(
            e.label,
            empty
            if e.label == HOLLOW
            else aged(styles["couvert"], e.evidence)
            if e.evidence
            else styles[e.label[0].lower() + e.label[1:]],
            form,
            e.count,
        )
        for e in entries
    ]
    total = sum(e.count or 0 for e in entries if e.label != HOLLOW and not e.evidence)
    note = f"{count(total, 'quartier affiché', 'quartiers affichés')}."
    if spots:
        size = spots[0].size
        note += " Surface du cercle proportionnelle au nombre d’habitants (RP 2020)."
        samples += [size_sample(n, size.radius(n)) for n in (2_000, 10_000)]
    return Block(f"Quartiers prioritaires et {kind}", tuple(samples), note)


def size_sample(inhabitants: int, radius: float) -> Sample:
    """Show the circle of a number of inhabitants."""
    style = Style("", fill="#ffffff", stroke=_GREY, width=0.8)
    label = f"{number(inhabitants)} hab. (RP 2020)"
    return Sample(label, style, "point", None, radius, to_scale=True)


def device_blocks(
    desk: Desk, selection: Selection, territory: Territory, devices: Sequence[DeviceLayer]
) -> list[Block]:
    """Make the legend of the perimeters and seats drawn, one block by type."""
    blocks = []
    for layer in devices:
        coverage = desk.coverage(layer.type, desk.day(selection))
        here = devices_of(coverage.ground, territory)
        drawn = set(layer.perimeters["code"])
        states = [s for code, s in layer.states.items() if code in here and code in drawn]
        colour = DEVICE_COLOURS[layer.type]
        dashes: Mapping[str, tuple[float, ...]] = {str(k): v for k, v in STATE_DASHES.items()}
        samples = [
            Sample(
                f"Périmètre {label}",
                Style(label, stroke=colour, width=1.7, dash=dashes[state]),
                "ligne",
                states.count(state),
            )
            for state, label in DEVICE_STATES.items()
            if state in states
        ]
        if rough := len(layer.seat_only & here & drawn):
            style = Style("", stroke=colour, width=1.7, dash=SEAT_DASH)
            only = f"Dont {SEAT_ONLY_WORDS} : la commune du siège"
            samples.insert(1, Sample(only, style, "ligne", rough))
        if samples:
            seat = Style("", colour, stroke="#ffffff", width=1.0, shape=DEVICE_SHAPES[layer.type])
            samples.append(Sample("Siège (vide : pas encore actif)", seat, "point", None, 4.6))
            undrawn = sum(c in here and c not in drawn for c in layer.states)
            others = count(
                undrawn,
                "autre, sans périmètre connu, n’est pas tracé",
                "autres, sans périmètre connu, ne sont pas tracés",
            )
            note = f"{others}." if undrawn else ""
            blocks.append(Block(f"{layer.type} recensés : périmètres", tuple(samples), note))
    return blocks
