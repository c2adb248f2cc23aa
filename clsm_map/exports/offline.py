"""A map in one HTML file that fetches nothing: map, legends, table twins, sources."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pandas as pd

from clsm_map.exports.plate import Block, Plate, Sample
from clsm_map.formats import count, number, typeset
from clsm_map.maps.escape import html_text, script_json
from clsm_map.maps.geometry import STATIC_URL, runtime_script
from clsm_map.maps.legend import LegendEntry, swatch_image
from clsm_map.settings import ROOT
from clsm_map.table import Column, Table

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:"
)
"""What a browser may load for the page: nothing from anywhere."""

FONT: Final = ROOT / "clsm_map" / "ui" / "assets" / "fonts" / "public-sans-latin-wght-normal.woff2"
_MAP_STYLE: Final = ROOT / "clsm_map" / "maps" / "assets" / "carte.css"
_PAGE_STYLE: Final = Path(__file__).parent / "assets" / "offline.css"
_IMAGE: Final = re.compile(r"url\([^)]*\)")
_INLINE: Final = "data:"


def columns_at(url: str, static: Path) -> dict[str, Any]:
    """Read a geometry written by `clsm_map.maps.geometry.publish`.

    Parameters
    ----------
    url : str
        Address that a layer names: a file of the folder ``static``, or the geometry itself.
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
    """Part a view (see `clsm_map.maps.model.MapView.payload`) from its contours.

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


def leaflet() -> tuple[str, str]:
    """Read the script and the style of Leaflet, which asks for no image."""
    folder = resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    style = (folder / "leaflet.css").read_text(encoding="utf-8")
    return (folder / "leaflet.js").read_text(encoding="utf-8"), _IMAGE.sub("none", style)


def map_style() -> str:
    """Read the style of our maps."""
    return _MAP_STYLE.read_text(encoding="utf-8")


def font_face(source: str, display: str = "") -> str:
    """Say where the typeface of the page is."""
    return (
        f"@font-face{{font-family:'Public Sans';font-weight:100 900;{display}"
        f"src:url({source}) format('woff2')}}\n"
    )


def offline_page(plate: Plate, tables: Sequence[Table], static: Path) -> bytes:
    """Write a map as one HTML file.

    Leaflet, our runtime, the font and the contours (published in the folder ``static``) are
    inside; the page's own policy forbids any request.
    """
    script, style = leaflet()
    payload, geometries = carry(plate.view.payload(), static)
    payload |= {"tiles": "aucun", "digest": "hors-ligne"}
    scripts = (
        script,
        f"window.clsmGeometry = {script_json(geometries)};",
        runtime_script().decode(),
        f'clsmMap.paint(clsmMap.create("carte"), null, {script_json(payload)});',
    )
    font = f"data:font/woff2;base64,{base64.b64encode(FONT.read_bytes()).decode()}"
    title, when = html_text(plate.title), html_text(plate.subtitle)
    parts = [
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{font_face(font)}{style}",
        map_style(),
        _PAGE_STYLE.read_text(encoding="utf-8"),
        f'</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p class="quand">{when}</p>',
        '<div class="zones">\n<div id="carte"></div>\n<aside aria-label="Légende">',
        *(legend_html(block) for block in plate.blocks),
        "</aside>\n</div>",
        _notes("prudence", plate.cautions),
        "<h2>Les mêmes données en tableau</h2>",
        *(_table(table) for table in tables),
        "<h2>Sources</h2>",
        _notes("sources", (*plate.sources, plate.credit)),
        "</main>",
        *(f"<script>{script}</script>" for script in scripts),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts).encode()


def legend_html(block: Block) -> str:
    """Write a legend as HTML, every text escaped."""
    items = "".join(
        f"<li>{swatch_html(s)}<span>{html_text(s.label)}</span>"
        f'<span class="n">{"" if s.count is None else html_text(number(s.count))}</span></li>'
        for s in block.samples
    )
    note = f"<p>{html_text(block.note)}</p>" if block.note else ""
    title = html_text(block.title)
    return f'<section class="legende"><h3>{title}</h3><ul>{items}</ul>{note}</section>'


def swatch_html(sample: Sample) -> str:
    """Draw one line of a legend as an image or inline SVG."""
    style = sample.style
    if sample.form == "ligne":
        dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in style.dash)}"' if style.dash else ""
        inner = f'<path d="M0 7H26" stroke="{style.stroke}" stroke-width="{style.width}"{dash}/>'
        return f'<svg width="26" height="14" aria-hidden="true">{inner}</svg>'
    if sample.form == "point" and (sample.to_scale or style.shape != "rond"):
        return _spot(sample)
    entry = LegendEntry(sample.label, style.fill, style.mark, 0, round=sample.form == "point")
    return f'<img src="{swatch_image(entry)}" alt="" width="22" height="14">'


def _spot(sample: Sample) -> str:
    style, r = sample.style, sample.radius
    side = max(14.0, 2 * r + 2)
    c = side / 2
    shapes = {
        "rond": f'<circle cx="{c}" cy="{c}" r="{r}"',
        "carre": f'<rect x="{c - 0.9 * r}" y="{c - 0.9 * r}" width="{1.8 * r}" height="{1.8 * r}"',
        "losange": f'<path d="M{c} {c - 1.25 * r}l{1.25 * r} {1.25 * r}l{-1.25 * r} {1.25 * r}'
        f'l{-1.25 * r} {-1.25 * r}z"',
        "triangle": f'<path d="M{c} {c - 1.2 * r}l{1.15 * r} {2.05 * r}h{-2.3 * r}z"',
    }
    look = f'fill="{style.fill}" stroke="{style.stroke}" stroke-width="{style.width}"'
    return (
        f'<svg width="{side}" height="{side}" viewBox="0 0 {side} {side}" aria-hidden="true">'
        f"{shapes[style.shape]} {look}/></svg>"
    )


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{html_text(c.label)}</th>' for c in table.columns)
    values = table.values()
    written = [[_cell(value, column) for value in values[column.name]] for column in table.columns]
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*written, strict=True))
    title, rows = html_text(typeset(table.title)), html_text(count(len(table.frame), "ligne"))
    return (
        f"<details><summary>{title} ({rows})</summary>"
        f'<div class="defile" tabindex="0" role="region" aria-label="{title}"><table>'
        f"<caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        "</div></details>"
    )


def _cell(value: Any, column: Column) -> str:
    if column.kind not in {"entier", "nombre"}:
        return f"<td>{'' if pd.isna(value) else html_text(str(value))}</td>"
    figure = float("nan" if pd.isna(value) else str(value))
    written = (
        "" if math.isnan(figure) else number(figure, max(column.decimals, 1) if figure % 1 else 0)
    )
    return f'<td class="n">{html_text(written)}</td>'


def _notes(name: str, sentences: tuple[str, ...]) -> str:
    body = "".join(f"<p>{html_text(s)}</p>" for s in sentences)
    return f'<div class="{name}">{body}</div>' if body else ""
