"""A map ready to leave the application: the view, its legends, its sources, its table twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clsm_map.analysis.cautions import register_caution
from clsm_map.analysis.centre import devices_of
from clsm_map.analysis.coverage import Coverage
from clsm_map.analysis.harvest import harvest_title
from clsm_map.analysis.history import announced_total
from clsm_map.desk import Desk
from clsm_map.domain.evidence import SEAT_ONLY_WORDS
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import LEVEL_LABELS, Territory
from clsm_map.exports.contents.carte import coloured_map
from clsm_map.exports.contents.columns import DEVICE_STATES, year_words
from clsm_map.formats import count, date_fr, number, typeset
from clsm_map.maps.carte import carte_view, coverage_view, legends, status_legend
from clsm_map.maps.geometry import main_towns
from clsm_map.maps.layers import (
    DEVICE_COLOURS,
    DEVICE_SHAPES,
    SEAT_DASH,
    STATE_DASHES,
    aged,
    hollow,
    status_styles,
)
from clsm_map.maps.legend import HOLLOW, LegendEntry
from clsm_map.maps.library import published
from clsm_map.maps.model import Layer, MapView, Style
from clsm_map.store.territories import bounds
from clsm_map.views import captions
from clsm_map.views.carte import DeviceLayer
from clsm_map.views.choropleth import Choropleth
from clsm_map.views.quartiers import Quartiers, quartiers
from clsm_map.views.questions import devices_on, devices_shown


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of a legend.

    Attributes
    ----------
    style : Style
        How it is drawn on the map.
    form : str
        ``aire``, ``point`` or ``ligne``.
    count : int or None
        Features of this class.
    radius : float
        Radius of a point, in pixels.
    to_scale : bool
        Whether the radius tells a size, and follows that of the map.
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
    """All that a picture or an offline page of a map holds.

    Attributes
    ----------
    view : MapView
        What is drawn.
    territory : Territory
        Where.
    title, subtitle : str
        What and where; when.
    sources, cautions : tuple of str
        French sentences.
    credit : str
        When and by what it was made.
    quartiers : Quartiers
        QPV drawn.
    choropleth : Choropleth or None
        Territories coloured; ``None`` when none are.
    listed : str
        Title of the table of the QPV drawn; by default, those of the territory.
    """

    view: MapView
    territory: Territory
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    sources: tuple[str, ...]
    cautions: tuple[str, ...]
    credit: str
    selection: Selection
    coverage: Coverage
    quartiers: Quartiers
    choropleth: Choropleth | None = None
    listed: str = ""


def carte_plate(desk: Desk, selection: Selection) -> Plate:
    """Compose the map of *Carte*."""
    territory, coverage = desk.territory(selection), desk.covered(selection)
    coloured = coloured_map(desk, selection)
    kept = quartiers(desk.snapshot, coverage, territory, selection.filtre)
    devices = devices_shown(desk, selection)
    towns = main_towns(desk.snapshot, territory) if "villes" in selection.couches else ()
    view = carte_view(
        published(desk),
        selection,
        coloured,
        kept,
        devices,
        None if territory.level == "france" else bounds(desk.snapshot, territory),
        towns,
    )
    keys = legends(selection, coloured, kept)
    plural = LEVEL_LABELS[coloured.scope.level][1]
    blocks = [
        Block(
            coloured.indicator.libelle_court + year_words(coloured.indicator, coloured.year),
            _samples(keys.choropleth, "aire"),
            f"{count(len(coloured.frame), LEVEL_LABELS[coloured.scope.level][0], plural)}. "
            f"{coloured.method}",
        )
    ]
    if "qpv" in selection.couches:
        blocks.append(qpv_block(selection.type, keys.qpv, view.layers))
    blocks += device_blocks(desk, selection, territory, devices)
    indicator = coloured.indicator
    return typeset_plate(
        Plate(
            view=view,
            territory=territory,
            title=coloured.title,
            subtitle=_when(desk, selection, _before(coloured)),
            blocks=tuple(blocks),
            sources=(
                captions.indicator_source(
                    desk.snapshot, indicator, coloured.year, coloured.scope.level
                ),
                *_sources(desk, selection),
            ),
            cautions=(
                *((coloured.scope.notice,) if coloured.scope.notice else ()),
                *_cautions(desk, selection),
                *((indicator.prudence,) if indicator.prudence else ()),
            ),
            credit=credit(desk),
            selection=selection,
            coverage=coverage,
            quartiers=kept,
            choropleth=coloured,
        )
    )


def typeset_plate(plate: Plate) -> Plate:
    """Give every sentence its French typography."""
    return replace(
        plate,
        title=typeset(plate.title),
        subtitle=typeset(plate.subtitle),
        blocks=tuple(
            replace(
                b,
                title=typeset(b.title),
                samples=tuple(replace(s, label=typeset(s.label)) for s in b.samples),
                note=typeset(b.note),
            )
            for b in plate.blocks
        ),
        sources=tuple(typeset(s) for s in plate.sources),
        cautions=tuple(typeset(c) for c in plate.cautions),
        credit=typeset(plate.credit),
        listed=typeset(plate.listed),
    )


def coverage_plate(desk: Desk, selection: Selection) -> Plate:
    """Compose the map of coverage alone: QPV by status, perimeters, nothing coloured below."""
    territory, coverage = desk.territory(selection), desk.covered(selection)
    kept = quartiers(desk.snapshot, coverage, territory, selection.filtre)
    devices = (devices_on(desk, selection.type, desk.day(selection)),)
    title = harvest_title(
        f"Quartiers prioritaires et {selection.type}, {territory.nom}", coverage, territory
    )
    view = coverage_view(
        published(desk),
        kept,
        selection.type,
        devices,
        title=title,
        bounds=None if territory.level == "france" else bounds(desk.snapshot, territory),
    )
    return typeset_plate(
        Plate(
            view=view,
            territory=territory,
            title=title,
            subtitle=_when(desk, selection, "Couverture "),
            blocks=(
                qpv_block(selection.type, status_legend(kept), view.layers),
                *device_blocks(desk, selection, territory, devices),
            ),
            sources=_sources(desk, selection),
            cautions=_cautions(desk, selection),
            credit=credit(desk),
            selection=selection,
            coverage=coverage,
            quartiers=kept,
        )
    )


def _before(coloured: Choropleth) -> str:
    year = year_words(coloured.indicator, coloured.year).removeprefix(", ")
    return f"{year[0].upper()}{year[1:]} · couverture " if year else "Situation "


def _when(desk: Desk, selection: Selection, before: str) -> str:
    return before + captions.on_date(desk.day(selection), desk.today)


def credit(desk: Desk) -> str:
    """Say when and by what a map was made."""
    return f"Carte établie le {date_fr(desk.today)} par clsm-map. Contours : IGN, Insee, ANCT."


def _sources(desk: Desk, selection: Selection) -> tuple[str, ...]:
    return (captions.qpv_source(), captions.device_source(desk.covered(selection)))


def _cautions(desk: Desk, selection: Selection) -> tuple[str, ...]:
    announced = announced_total(desk.snapshot.chiffres, selection.type)
    return (register_caution(desk.covered(selection), announced),)


def _samples(entries: Sequence[LegendEntry], form: str) -> tuple[Sample, ...]:
    return tuple(
        Sample(e.label, Style(e.label, e.colour, e.mark, "#b9b4aa", 0.6), form, e.count)
        for e in entries
    )


def qpv_block(kind: str, entries: Sequence[LegendEntry], drawn: Sequence[Layer]) -> Block:
    """Make the legend of the QPV drawn, with two circles when they are circles."""
    spots = [la for la in drawn if la.kind == "qpv" and la.geometry.form == "points"]
    styles = {s.label: s for s in status_styles(spots=bool(spots))}
    form = "point" if spots else "aire"
    empty = hollow(Style("", fill="#5b6470"))
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
        grey = Style("", fill="#ffffff", stroke="#5b6470", width=0.8)
        samples += [
            Sample(
                f"{number(n)} hab. (RP 2020)", grey, "point", None, size.radius(n), to_scale=True
            )
            for n in (2_000, 10_000)
        ]
    return Block(f"Quartiers prioritaires et {kind}", tuple(samples), note)


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
