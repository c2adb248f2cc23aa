"""The files that Streamlit serves for the map: Leaflet, our runtime and style, and the fonts."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

from clsm_map.settings import get_settings

STATIC_URL: Final = "../../app/static"
"""Where the map's frame finds static files; relative, so that it also holds under a URL prefix."""

RUNTIME: Final = ("geometry.js", "marks.js", "scene.js", "controls.js", "carte.js", "stage.js")
"""Parts of the runtime, in the order in which they are joined."""

_HERE: Final = Path(__file__).parent / "assets"
_FONTS: Final = Path(__file__).parent.parent / "ui" / "assets" / "fonts"


@dataclass(frozen=True, slots=True)
class StaticAssets:
    """Addresses of the map's scripts and styles, in the order in which they load."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def write_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there with that size, whole or not at all.

    Two processes may do it at once: each writes its own temporary file, and the last rename wins
    with the same bytes.
    """
    if path.is_file() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def content_name(stem: str, suffix: str, content: bytes) -> str:
    """Name a file after its content: ``carte-0123456789ab.js``."""
    return f"{stem}-{hashlib.blake2b(content, digest_size=6).hexdigest()}{suffix}"


def runtime_script() -> bytes:
    """Join the parts of the runtime in one script that keeps its names to itself."""
    parts = [(_HERE / "js" / name).read_text(encoding="utf-8") for name in RUNTIME]
    return ('(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n").encode()


def _font_faces(fonts: list[Path]) -> str:
    """Declare the Latin faces of Public Sans for the frame, which has no access to the page's."""
    rules = [
        "@font-face{font-family:'Public Sans';font-weight:100 900;font-display:swap;"
        f"font-style:normal;src:url('../fonts/{font.name}') format('woff2')}}"
        for font in fonts
        if font.name.endswith("latin-wght-normal.woff2")
    ]
    return "\n".join(rules)


def prepare_static(static_dir: Path) -> StaticAssets:
    """Put the map's files where Streamlit serves them; does nothing when they are there.

    Parameters
    ----------
    static_dir : Path
        The ``static`` folder next to the script that Streamlit runs.

    Returns
    -------
    StaticAssets
        Addresses of the scripts and styles.
    """
    leaflet = resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    fonts = sorted(_FONTS.glob("*.woff2"))
    for font in fonts:
        write_once(static_dir / "fonts" / font.name, font.read_bytes())
    style = _font_faces(fonts) + "\n" + (_HERE / "carte.css").read_text(encoding="utf-8")
    files = {
        ("leaflet", ".js"): (leaflet / "leaflet.js").read_bytes(),
        ("carte", ".js"): runtime_script(),
        ("leaflet", ".css"): (leaflet / "leaflet.css").read_bytes(),
        ("carte", ".css"): style.encode(),
    }
    addresses: dict[str, list[str]] = {".js": [], ".css": []}
    for (stem, suffix), content in files.items():
        name = content_name(stem, suffix, content)
        write_once(static_dir / "carte" / name, content)
        addresses[suffix].append(f"{STATIC_URL}/carte/{name}")
    return StaticAssets(tuple(addresses[".js"]), tuple(addresses[".css"]))


@lru_cache(maxsize=1)
def static_assets() -> StaticAssets:
    """Prepare the files of `Settings.static` once per process."""
    return prepare_static(get_settings().static)
