"""A presentation as the player reads it: one JSON object, its maps by addresses of contours."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any, Final

import plotly.graph_objects as go

from clsm_map.desk import Desk
from clsm_map.domain.deck import Deck, Scene
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.chart import chart_picture
from clsm_map.exports.deck.player import stage_block
from clsm_map.exports.deck.scene import ShownScene, show_scene
from clsm_map.exports.deck.stage import Drawing
from clsm_map.exports.offline import legend_html
from clsm_map.maps.escape import script_json
from clsm_map.views.scenes.words import shortened

Progress = Callable[[str, int, int], None]
"""Called before each scene with its title or page, its rank from 0, and how many there are."""

FIGURE_SIZE: Final = (310.0, 196.0)
"""Size of a figure in points: drawn 716 by 452 pixels of the stage, its smallest letters are 20 of
these high, 29 on a screen of 1920 × 1080."""


def deck_payload(desk: Desk, deck: Deck, progress: Progress | None = None) -> dict[str, Any]:
    """Give a presentation as plain values: ``titre``, ``scenes`` (see `scene_payload`)."""
    scenes = [payload_of(scene) for scene in _composed(desk, deck, progress)]
    return {"titre": deck.titre, "scenes": scenes}


def show_all(desk: Desk, deck: Deck, progress: Progress | None = None) -> list[ShownScene]:
    """Compose every scene of a presentation that is to leave the application.

    Raises
    ------
    InvalidInputError
        The presentation has no scene.
    """
    if not deck.scenes:
        raise InvalidInputError("Cette présentation est vide : ajoutez-y une scène.")
    return _composed(desk, deck, progress)


def _composed(desk: Desk, deck: Deck, progress: Progress | None) -> list[ShownScene]:
    shown = []
    for rank, scene in enumerate(deck.scenes):
        if progress is not None:
            progress(scene.titre or scene.page, rank, len(deck.scenes))
        shown.append(show_scene(desk, scene))
    return shown


def scene_payload(desk: Desk, scene: Scene) -> dict[str, Any]:
    """Give a scene as plain values.

    Returns
    -------
    dict
        ``titre, phrase, notes, disposition, cartes`` (``etiquette, vue``), ``legende`` (escaped
        HTML), ``chiffres`` (``valeur, libelle, origine``), ``figure`` (``image, texte, note``) or
        ``None``, ``sources, prudences, vedette`` (``kind, id, nom``) or ``None``, ``lien``.
    """
    return payload_of(show_scene(desk, scene))


def payload_of(shown: ShownScene) -> dict[str, Any]:
    """Give a composed scene as plain values; see `scene_payload`."""
    star = shown.vedette
    blocks = shown.maps[-1][1].blocks if shown.maps else ()
    return {
        "titre": shown.titre,
        "phrase": shown.phrase,
        "notes": shown.scene.notes,
        "disposition": shown.disposition,
        "cartes": [{"etiquette": label, "vue": _view(drawing)} for label, drawing in shown.maps],
        "legende": "".join(legend_html(stage_block(block)) for block in blocks),
        "chiffres": [
            {"valeur": c.text, "libelle": c.label, "origine": c.origin} for c in shown.chiffres
        ],
        "figure": _figure(shown),
        "sources": list(shown.sources),
        "prudences": list(shown.prudences),
        "vedette": {"kind": star.kind, "id": star.code, "nom": star.nom} if star else None,
        "lien": shown.lien,
    }


def figure_svg(
    figure: go.Figure, shown: ShownScene, size: tuple[float, float] = FIGURE_SIZE
) -> bytes:
    """Draw the figure of a scene as SVG, at the scale of the stage by default."""
    return chart_picture(figure, "svg", title=shown.titre, size=size, heading=False)


def figure_text(shown: ShownScene) -> str:
    """Describe the figure of a scene to those who do not see it."""
    return f"{shortened(shown.titre, 160)}. {shown.phrase}"


def _figure(shown: ShownScene) -> dict[str, str] | None:
    if shown.figure is None:
        return None
    image = base64.b64encode(figure_svg(shown.figure, shown)).decode()
    return {
        "image": f"data:image/svg+xml;base64,{image}",
        "texte": figure_text(shown),
        "note": shown.rows_shown,
    }


def _view(drawing: Drawing) -> dict[str, Any]:
    payload = drawing.view.payload()
    digest = hashlib.blake2b(script_json(payload).encode(), digest_size=8).hexdigest()
    return {"digest": digest, **payload}
