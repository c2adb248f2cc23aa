"""The contours that a page carries with it, so that it fetches nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from clsm_map.maps.geometry import STATIC_URL

_INLINE: Final = "data:"


def columns_at(url: str, static: Path) -> dict[str, Any]:
    """Read a published geometry: its file, or what travels in its address.

    Parameters
    ----------
    url : str
        Address that a layer names.
    static : Path
        Folder of published geometries.

    Returns
    -------
    dict of str to Any
        Columns written by `clsm_map.maps.geometry.publish`.
    """
    content = (
        base64.b64decode(url.partition(",")[2])
        if url.startswith(_INLINE)
        else (static / url.removeprefix(f"{STATIC_URL}/")).read_bytes()
    )
    columns: dict[str, Any] = json.loads(content)
    return columns


def carry(
    payload: Mapping[str, Any], static: Path
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Part a view from its contours.

    Parameters
    ----------
    payload : mapping
        See `clsm_map.maps.model.MapView.payload`.

    Returns
    -------
    payload : dict
        The same, contours that travelled in an address now under a short one.
    geometries : dict
        Contours by address: the ``window.clsmGeometry`` that our runtime reads.
    """
    layers: list[dict[str, Any]] = []
    geometries: dict[str, dict[str, Any]] = {}
    for layer in payload["layers"]:
        url = layer["url"]
        columns = columns_at(url, static)
        if url.startswith(_INLINE):
            url = f"page:{len(geometries)}"
        geometries[url] = columns
        layers.append({**layer, "url": url})
    return {**payload, "layers": layers}, geometries
