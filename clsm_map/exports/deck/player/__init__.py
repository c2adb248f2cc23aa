"""What plays a presentation in a browser: one script, one style, the same in the app and offline.

The script gives ``clsmPlayer.start(element, payload, options)``. It stands on Leaflet and on the
runtime of maps, which load before it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

PARTS: Final = ("words.js", "screen.js", "maps.js", "scene.js", "notes.js", "player.js")
"""Parts of the script, in the order in which they are joined."""

_HERE: Final = Path(__file__).parent


def player_script() -> str:
    """Join the parts of the player in one script that keeps its names to itself."""
    parts = [(_HERE / name).read_text(encoding="utf-8") for name in PARTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def player_style() -> str:
    """Read the style sheet of the player."""
    return (_HERE / "player.css").read_text(encoding="utf-8")
