"""A presentation as a folder that a browser opens by itself, the network cut."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from clsm_map.desk import Desk
from clsm_map.domain.deck import Deck
from clsm_map.exports.deck.payload import Progress, payload_of, show_all
from clsm_map.exports.deck.player import player_script, player_style
from clsm_map.exports.files import stable_zip
from clsm_map.exports.offline import FONT, carry, font_face, leaflet, map_style
from clsm_map.formats import count, date_fr, typeset
from clsm_map.maps.escape import html_text, script_json
from clsm_map.maps.geometry import runtime_script

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
        "index.html": _page(deck, list(styles), list(scripts)).encode(),
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


def _page(deck: Deck, styles: list[str], scripts: list[str]) -> str:
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
