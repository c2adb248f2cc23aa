"""A scene composed: what its author wrote, what the data says, what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from clsm_map.desk import Desk
from clsm_map.domain.deck import Layout, Scene, ScenePage
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import Selection
from clsm_map.domain.territories import split_key
from clsm_map.exports.deck.stage import Drawing, Stage, Stager, stage_of, territory_drawing
from clsm_map.exports.deck.stage_programme import programme_stage
from clsm_map.formats import date_fr, typeset
from clsm_map.maps.around import with_outline
from clsm_map.maps.palettes import vocabulary
from clsm_map.store.territories import find_territory
from clsm_map.views.around import DEVICE
from clsm_map.views.couverture import coverage_name
from clsm_map.views.view import Claim, View, view_of

if TYPE_CHECKING:
    import plotly.graph_objects as go

_STAGERS: Final[Mapping[ScenePage, Stager]] = {
    "carte": lambda desk, selection: stage_of(desk, view_of(desk, "carte", selection)),
    "couverture": lambda desk, selection: stage_of(
        desk, view_of(desk, coverage_name(selection), selection)
    ),
    "inegalites": lambda desk, selection: stage_of(
        desk, view_of(desk, f"inegalites.{selection.etude.angle}", selection)
    ),
    "planifier": lambda desk, selection: stage_of(
        desk, view_of(desk, f"planifier.{selection.projet.plan}", selection)
    ),
    "programme": programme_stage,
}
PAGE_NAMES: Final[Mapping[ScenePage, str]] = {
    "carte": "Carte",
    "couverture": "Couverture",
    "inegalites": "Inégalités",
    "planifier": "Planifier",
    "programme": "Programme",
}
_OUTLINE: Final = "territoire"


@dataclass(frozen=True, slots=True)
class Star:
    """What a scene puts forward: kind of its layer, code, name."""

    kind: str
    code: str
    nom: str


@dataclass(frozen=True, eq=False)
class ShownScene:
    """A scene ready to be played or printed.

    Attributes
    ----------
    scene : Scene
        As its author wrote it.
    selection : Selection
        Its view.
    titre, phrase : str
        Those of the author, or those computed.
    disposition : Layout
        The one asked for, or ``chiffres`` when the view has no map.
    maps : tuple of (str, Drawing)
        Label and map: none, one, or two for ``avant-apres``.
    figure : plotly.graph_objects.Figure or None
        Drawn where there is no map.
    rows_shown : str
        Which rows the figure keeps, when it leaves some out.
    lien : str
        Relative link that opens the same view in the application.
    """

    scene: Scene
    selection: Selection
    titre: str
    phrase: str
    disposition: Layout
    maps: tuple[tuple[str, Drawing], ...]
    figure: go.Figure | None
    rows_shown: str
    chiffres: tuple[Claim, ...]
    sources: tuple[str, ...]
    prudences: tuple[str, ...]
    vedette: Star | None
    lien: str


def show_scene(desk: Desk, scene: Scene) -> ShownScene:
    """Compose a scene.

    Returns
    -------
    ShownScene
        A view that cannot be computed is told with its reason, over the coverage of its territory;
        a parameter that means nothing here is ignored, and said.
    """
    selection, notices = Selection.from_query(scene.requete, vocabulary(desk.snapshot))
    stage = _staged(desk, scene.page, selection)
    words = replace(stage.words, notices=(*notices, *stage.words.notices)).on_stage()
    maps = _maps(desk, scene, selection, stage)
    figure = stage.figure() if stage.figure is not None and not maps else None
    disposition: Layout = scene.disposition if maps else "chiffres"
    vedette, maps = _starred(desk, scene, selection, maps)
    return ShownScene(
        scene=scene,
        selection=selection,
        titre=scene.titre or words.headline,
        phrase=scene.phrase or words.finding,
        disposition=disposition,
        maps=maps,
        figure=figure,
        rows_shown=typeset(stage.rows_shown) if figure is not None else "",
        chiffres=words.claims,
        sources=words.sources,
        prudences=words.cautions,
        vedette=vedette,
        lien=_link(scene.page, selection),
    )


def _staged(desk: Desk, page: ScenePage, selection: Selection) -> Stage:
    try:
        return _STAGERS[page](desk, selection)
    except InvalidInputError as refusal:
        where = desk.territory(selection).nom
        return Stage(
            View(headline=f"{PAGE_NAMES[page]} : {where}", finding=refusal.message_fr),
            drawing=lambda: territory_drawing(desk, selection),
        )


def _maps(
    desk: Desk, scene: Scene, selection: Selection, stage: Stage
) -> tuple[tuple[str, Drawing], ...]:
    if scene.disposition == "chiffres" or stage.drawing is None:
        return ()
    drawn = stage.drawing()
    if scene.disposition != "avant-apres" or scene.avant is None:
        return ((typeset(stage.moment), drawn),)
    earlier, _ = Selection.from_query(scene.avant, vocabulary(desk.snapshot))
    before = _staged(desk, scene.page, earlier)
    if before.drawing is None:
        return ((typeset(stage.moment), drawn),)
    was = before.drawing()
    was = replace(was, view=replace(was.view, bounds=drawn.view.bounds))
    labels = _labels(desk, (earlier, before), (selection, stage))
    return ((typeset(labels[0]), was), (typeset(labels[1]), drawn))


def _labels(
    desk: Desk, first: tuple[Selection, Stage], then: tuple[Selection, Stage]
) -> tuple[str, str]:
    """Tell two maps apart: by what their stages say, else by the dates of their coverage."""
    moments = first[1].moment, then[1].moment
    if all(moments) and moments[0] != moments[1]:
        return moments
    days = desk.day(first[0]), desk.day(then[0])
    if days[0] != days[1]:
        return f"Couverture au {date_fr(days[0])}", f"Couverture au {date_fr(days[1])}"
    return "Avant", "Après"


def _starred(
    desk: Desk, scene: Scene, selection: Selection, maps: tuple[tuple[str, Drawing], ...]
) -> tuple[Star | None, tuple[tuple[str, Drawing], ...]]:
    """Find what is put forward; a territory that no layer draws has its contour added."""
    level, code = split_key(scene.vedette or selection.choisi)
    if not code:
        return None, maps
    if level == DEVICE:
        known = desk.coverage(selection.type, desk.day(selection)).ground.dispositifs
        names = known.loc[known["id"] == code, "nom"]
        return (None if names.empty else Star(DEVICE, code, str(names.iloc[0]))), maps
    if not vocabulary(desk.snapshot).is_territory(level, code):
        return None, maps
    territory = find_territory(desk.snapshot, code, level)
    last = maps[-1][1].view if maps else None
    drawn = last is not None and any(
        layer.kind == level and code in layer.geometry.codes for layer in last.layers
    )
    if drawn or last is None or level in {"qpv", "france"}:
        return Star(level, code, territory.nom), maps
    outlined = tuple(
        (label, replace(drawing, view=with_outline(drawing.view, desk.snapshot, territory)))
        for label, drawing in maps
    )
    return Star(_OUTLINE, code, territory.nom), outlined


def _link(page: ScenePage, selection: Selection) -> str:
    query = urlencode(selection.to_query(), safe=":,")
    return f"{page}?{query}" if query else page
