"""Local copies of the scripts that folium loads from other hosts, so that it works with none."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Route

from bench.driving import ROOT

FOLDER: Final = ROOT / "build" / "bench"
PACKAGES: Final = (
    "leaflet@1.9.3",
    "jquery@3.7.1",
    "bootstrap@5.2.2",
    "d3@3.5.5",
    "d3@4.13.0",
)
FILES: Final = {
    "leaflet@1.9.3/dist/leaflet.js": "leaflet-1.9.3/dist/leaflet.js",
    "leaflet@1.9.3/dist/leaflet.css": "leaflet-1.9.3/dist/leaflet.css",
    "jquery-3.7.1.min.js": "jquery-3.7.1/dist/jquery.min.js",
    "bootstrap.bundle.min.js": "bootstrap-5.2.2/dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap-5.2.2/dist/css/bootstrap.min.css",
    "d3/3.5.5/d3.min.js": "d3-3.5.5/d3.min.js",
    "d3.v4.min.js": "d3-4.13.0/build/d3.min.js",
}
"""End of the address asked for, to the copy that answers it."""


def prepare() -> None:
    """Fetch with npm the packages that are not in ``build/bench`` yet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        folder = FOLDER / package.replace("@", "-")
        if folder.is_dir():
            continue
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(f"npm est nécessaire pour obtenir {package}, une seule fois.")
        subprocess.run([npm, "pack", "--silent", package], cwd=FOLDER, check=True)
        archive = FOLDER / f"{folder.name}.tgz"
        with tarfile.open(archive) as content:
            content.extractall(FOLDER / "extrait", filter="data")
        (FOLDER / "extrait" / "package").rename(folder)
        archive.unlink()


def answer(route: Route) -> bool:
    """Serve a copy; the decorative styles and markers that the map does not use come empty.

    Empty ones are to the advantage of folium.
    """
    url = route.request.url
    copy = next((path for end, path in FILES.items() if url.endswith(end)), None)
    kind = "text/css" if url.endswith(".css") else "text/javascript"
    body = _read(FOLDER / copy) if copy else b""
    route.fulfill(status=200, content_type=kind, body=body)
    return True


def _read(path: Path) -> bytes:
    return path.read_bytes()
