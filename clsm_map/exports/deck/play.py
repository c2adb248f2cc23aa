"""A presentation as the player plays it: plain values in the application, a folder without network.

The player is one script and one style, the same in both. The script gives
``clsmPlayer.start(element, payload, options)``; it stands on Leaflet and on the runtime of maps,
which load before it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import plotly.graph_objects as go

from clsm_map.desk import Desk
from clsm_map.domain.deck import Deck, Scene
from clsm_map.domain.errors import InvalidInputError
from clsm_map.exports.chart import chart_picture
from clsm_map.exports.deck.scene import ShownScene, show_scene
from clsm_map.exports.deck.stage import Drawing
from clsm_map.exports.files import stable_zip
from clsm_map.exports.offline import FONT, carry, font_face, leaflet, legend_html, map_style
from clsm_map.exports.plate import Block
from clsm_map.formats import count, date_fr, typeset
from clsm_map.maps.escape import html_text, script_json
from clsm_map.maps.geometry import runtime_script
from clsm_map.views.scenes.words import shortened

PARTS: Final = ("words.js", "screen.js", "maps.js", "scene.js", "notes.js", "player.js")
"""Parts of the script, in the order in which they are joined."""

_PLAYER: Final = Path(__file__).parent / "player"
_PERIMETER: Final = "Périmètre "
_TITLES: Final = {
    "Quartiers prioritaires": "Quartiers",
    "Besoin, et part des habitants de QPV couverts": "Besoin, habitants couverts",
}
_SHORTER: Final = {
    re.compile(r"Dont couverts d’après une page (?:plus )?"): "dont page ",
    re.compile(r"\s: cercle creux"): "",
    re.compile(r"Dont siège seul connu\s: la commune du siège"): "dont siège seul",
}
"""Spaces before a colon may be no-break already."""
_PAIR: Final = re.compile(r"^Besoin (\w+), (aucun|une partie|tous)\b.*$")

Progress = Callable[[str, int, int], None]
"""Called before each scene with its title or page, its rank from 0, and how many there are."""

FIGURE_SIZE: Final = (310.0, 196.0)
"""Size of a figure in points: drawn 716 by 452 pixels of the stage, its smallest letters are 20 of
these high, 29 on a screen of 1920 × 1080."""

POLICY: Final = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
    "img-src 'self' file: data:; font-src 'self' file:"
)
"""What a browser may load: the files beside the page, and nothing from anywhere else."""

FILES: Final = "fichiers"
_FONT_NAME: Final = "public-sans.woff2"
_START: Final = (
    'document.addEventListener("DOMContentLoaded", () => {\n'
    '  clsmPlayer.start(document.getElementById("presentation"), window.clsmScenes, '
    "{ horsLigne: true });\n"
    "});\n"
)
_READ_ME: Final = """{title}

{scenes}, présentation établie le {day} par clsm-map.

Décompressez le dossier, puis ouvrez index.html d’un double clic, dans un navigateur à jour.
Aucune connexion n’est nécessaire : rien n’est demandé au réseau.

Flèches, Page suivante et Page précédente : changer de scène. F : plein écran.
N : notes et chronomètre dans une autre fenêtre. B : écran noir. S : sources et prudences.

presentation.json se rouvre dans l’application, page Présentation, pour la modifier.

Contours : IGN, Insee, ANCT.
"""
_PAGE_STYLE: Final = "html,body{margin:0;height:100%}#presentation{height:100vh}"


def player_script() -> str:
    """Join the parts of the player in one script that keeps its names to itself."""
    parts = [(_PLAYER / name).read_text(encoding="utf-8") for name in PARTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def player_style() -> str:
    """Read the style sheet of the player."""
    return (_PLAYER / "player.css").read_text(encoding="utf-8")


def stage_block(block: Block) -> Block:
    """Shorten the words of a legend for large type: same samples, same counts.

    « Périmètre actif » is « Actif », QPV are « Quartiers »; of a pair of classes, « Besoin élevé,
    aucun habitant couvert » is « Élevé, aucun ».
    """
    starts = (short for long, short in _TITLES.items() if block.title.startswith(long))
    samples = tuple(replace(s, label=_short(s.label)) for s in block.samples)
    return replace(block, title=next(starts, block.title), samples=samples)


def _short(label: str) -> str:
    text = _PAIR.sub(r"\1, \2", label).removeprefix(_PERIMETER)
    for long, short in _SHORTER.items():
        text = long.sub(short, text)
    return text[:1].upper() + text[1:]


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


def deck_folder(desk: Desk, deck: Deck, progress: Progress | None = None) -> bytes:
    """Pack a presentation that plays by itself: the same bytes for the same deck, data and day.

    Returns
    -------
    bytes
        A zip: ``index.html`` to open with a double click, ``LISEZMOI.txt``, ``presentation.json``
        to open it again in the application, and a folder of scripts, contours and type. Nothing
        is fetched from anywhere else.

    Raises
    ------
    InvalidInputError
        The presentation has no scene.
    """
    scenes = [payload_of(scene) for scene in show_all(desk, deck, progress)]
    payload, geometries = carried_deck({"titre": deck.titre, "scenes": scenes}, desk.static)
    script, style = leaflet()
    scripts = {
        "leaflet.js": script,
        "carte.js": runtime_script().decode(),
        "lecteur.js": player_script(),
        "contours.js": f"window.clsmGeometry = {script_json(geometries)};\n",
        "scenes.js": f"window.clsmScenes = {script_json(payload)};\n",
        "demarrer.js": _START,
    }
    face = font_face(f"'{_FONT_NAME}'", "font-display:block;")
    styles = {
        "leaflet.css": style,
        "carte.css": face + map_style(),
        "lecteur.css": player_style(),
    }
    beside = {**scripts, **styles}
    files = {
        "index.html": _html(deck, list(styles), list(scripts)).encode(),
        "LISEZMOI.txt": _read_me(desk, deck).encode("utf-8-sig"),
        "presentation.json": deck.to_json().encode(),
        **{f"{FILES}/{name}": text.encode() for name, text in beside.items()},
        f"{FILES}/{_FONT_NAME}": FONT.read_bytes(),
    }
    return stable_zip(files)


def carried_deck(
    payload: Mapping[str, Any], static: Path
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Part a presentation from the contours of its maps.

    Returns
    -------
    payload : dict
        The same; contours that travelled in an address are under one of their own, the links to
        the application are left out, no tiles are asked for.
    geometries : dict
        Contours by address, each once for all the maps.
    """
    geometries: dict[str, dict[str, Any]] = {}

    def apart(card: Mapping[str, Any]) -> dict[str, Any]:
        view, found = carry(card["vue"], static)
        names = {url: url if url in published else _name(found[url]) for url in found}
        geometries.update({names[url]: columns for url, columns in found.items()})
        layers = [{**layer, "url": names[layer["url"]]} for layer in view["layers"]]
        return {**card, "vue": {**view, "layers": layers, "tiles": "aucun"}}

    published = {
        layer["url"]
        for scene in payload["scenes"]
        for card in scene["cartes"]
        for layer in card["vue"]["layers"]
    }
    scenes = [
        {**scene, "cartes": [apart(card) for card in scene["cartes"]], "lien": ""}
        for scene in payload["scenes"]
    ]
    return {**payload, "scenes": scenes}, geometries


def _name(columns: Mapping[str, Any]) -> str:
    return f"page:{hashlib.blake2b(script_json(columns).encode(), digest_size=8).hexdigest()}"


def _html(deck: Deck, styles: list[str], scripts: list[str]) -> str:
    title = html_text(deck.titre or "Présentation")
    links = "".join(f'<link rel="stylesheet" href="{FILES}/{name}">\n' for name in styles)
    tags = "".join(f'<script src="{FILES}/{name}"></script>\n' for name in scripts)
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n{links}<style>{_PAGE_STYLE}</style>\n</head>\n<body>\n"
        f'<div id="presentation"></div>\n{tags}</body>\n</html>\n'
    )


def _read_me(desk: Desk, deck: Deck) -> str:
    text = _READ_ME.format(
        title=deck.titre or "Présentation",
        scenes=count(len(deck.scenes), "scène"),
        day=date_fr(desk.today),
    )
    return "\r\n".join(typeset(line) for line in text.splitlines()) + "\r\n"
