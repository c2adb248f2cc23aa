"""Files as those who receive them read them: by what they hold, not by their bytes."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import docx
import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pypdf
from PIL import Image

from tests.reading.html import read_html
from tests.reading.pages import read_deck, svg_texts
from tests.reading.parts import Part, digest, nested_lines

_SCENES: Final = "scenes.js"
"""File of a presentation that plays by itself in which its scenes are."""


def read_file(name: str, content: bytes) -> list[Part]:
    """Read a file by its extension."""
    return _READERS[name.rpartition(".")[2].lower()](content)


def _csv(content: bytes) -> list[Part]:
    text = content.decode("utf-8-sig")
    mark = "avec" if content.startswith(b"\xef\xbb\xbf") else "sans"
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    return [Part("tableau", f"CSV {mark} BOM", pd.DataFrame(rows, columns=head))]


def _xlsx(content: bytes) -> list[Part]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    parts = [Part("réglage", f"titre : {book.properties.title} | {book.properties.language}")]
    for sheet in book.worksheets:
        head, *rows = ([c.value for c in row] for row in sheet.iter_rows())
        labels = ["" if v is None else str(v) for v in head]
        formats = (
            ", ".join(dict.fromkeys(c.number_format for c in (*sheet.iter_rows(2, 2),)[0]))
            if rows
            else ""
        )
        filtered = sheet.auto_filter.ref
        told = (
            f"feuille {sheet.title} | figée en {sheet.freeze_panes} | filtre {filtered} | {formats}"
        )
        parts.append(Part("tableau", told, pd.DataFrame(rows, columns=labels, dtype=object)))
    return parts


def _layer(name: str, frame: pd.DataFrame) -> Part:
    if not isinstance(frame, gpd.GeoDataFrame):
        return Part("tableau", f"couche {name} | sans géométrie", pd.DataFrame(frame))
    bounds = " ".join(f"{v:.4f}" for v in frame.total_bounds)
    kinds = ", ".join(f"{k} {n}" for k, n in frame.geom_type.value_counts().sort_index().items())
    shapes = digest(b"".join(frame.geometry.normalize().to_wkb(byte_order=1)))
    crs = frame.crs.to_string() if frame.crs else "sans CRS"
    told = f"couche {name} | {crs} | {kinds} | étendue {bounds} | contours {shapes}"
    return Part("tableau", told, pd.DataFrame(frame.drop(columns=frame.geometry.name)))


def _gpkg(content: bytes) -> list[Part]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fichier.gpkg"
        path.write_bytes(content)
        names = pyogrio.list_layers(path)[:, 0]
        return [_layer(name, pyogrio.read_dataframe(path, layer=name)) for name in names]


def _geojson(content: bytes) -> list[Part]:
    found = json.loads(content)
    rest = {k: v for k, v in found.items() if k not in {"features", "type"}}
    frame = gpd.GeoDataFrame.from_features(found["features"], crs="OGC:CRS84")
    ids = [f.get("id") for f in found["features"]]
    layer = _layer("geojson", frame.assign(id=ids) if any(ids) else frame)
    return [layer, *(Part("réglage", line) for line in nested_lines(rest))]


def _parquet(content: bytes) -> list[Part]:
    frame = gpd.read_parquet(io.BytesIO(content))
    held = pq.read_schema(io.BytesIO(content)).metadata
    names = ", ".join(sorted(k.decode() for k in held))
    return [_layer("parquet", frame), Part("réglage", f"métadonnées : {names}")]


def _png(content: bytes) -> list[Part]:
    image = Image.open(io.BytesIO(content))
    pixels = digest(image.convert("RGB").tobytes())
    dpi = round(image.info.get("dpi", (0,))[0])
    parts = [Part("carte", f"image {image.width} × {image.height}, {dpi} dpi, pixels {pixels}")]
    words = {k: v for k, v in image.info.items() if isinstance(v, str)}
    return [*parts, *(Part("phrase", line) for line in nested_lines(words))]


def _svg(content: bytes) -> list[Part]:
    image = content.decode()
    return [Part("figure", text) for text in svg_texts(image)] + [
        Part(
            "carte",
            f"{image.count('<path')} tracés, {image.count('<image')} images, {digest(content)}",
        )
    ]


def _html(content: bytes) -> list[Part]:
    return read_html(content.decode())


def _pdf(content: bytes) -> list[Part]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    title = reader.metadata.title if reader.metadata else ""
    ua = b"pdfuaid:part>1<" in content
    parts = [
        Part("titre", f"{title} | {len(reader.pages)} pages | PDF/UA-1 : {'oui' if ua else 'non'}")
    ]
    for number, page in enumerate(reader.pages, start=1):
        parts.append(Part("réglage", f"page {number}"))
        parts += [Part("phrase", line) for line in page.extract_text().splitlines() if line.strip()]
    return parts


def _docx(content: bytes) -> list[Part]:
    document = docx.Document(io.BytesIO(content))
    parts = [Part("titre", document.core_properties.title)]
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            head, *rows = ([c.text for c in row.cells] for row in block.rows)
            parts.append(Part("tableau", "", pd.DataFrame(rows, columns=head)))
        elif block.text.strip():
            style = str(block.style.name if block.style else "")
            kind = "titre" if style.startswith(("Heading", "Title")) else "phrase"
            parts.append(Part(kind, block.text))
    drawn = document.element.body.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
    )
    return [*parts, *(Part("carte", str(d.get("descr"))) for d in drawn)]


def _zip(content: bytes) -> list[Part]:
    """Read what is told in an archive; of its other files, the names, sizes and digests."""
    parts: list[Part] = []
    rows: list[tuple[str, int, str]] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            held = archive.read(name)
            suffix = name.rpartition(".")[2]
            if name.endswith(_SCENES):
                parts += _scenes(held)
            if suffix in {"csv", "txt", "html", "json"}:
                parts += [Part("titre", name), *_READERS[suffix](held)]
            # The files of sheets carry the day; their texts are read one by one elsewhere.
            rows.append((name, len(held), digest(held)))
    return [
        Part("tableau", "archive", pd.DataFrame(rows, columns=["nom", "octets", "contenu"])),
        *parts,
    ]


def read_scenes(content: bytes) -> list[Part]:
    """Read only the scenes of a presentation that plays by itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(_SCENES))
        return _scenes(archive.read(name))


def _scenes(script: bytes) -> list[Part]:
    text = script.decode()
    return read_deck(json.loads(text[text.index("{") : text.rindex("}") + 1]))


def _json(content: bytes) -> list[Part]:
    return [Part("réglage", line) for line in nested_lines(json.loads(content))]


def _txt(content: bytes) -> list[Part]:
    return [
        Part("phrase", line) for line in content.decode("utf-8-sig").splitlines() if line.strip()
    ]


_READERS: Final[dict[str, Callable[[Any], list[Part]]]] = {
    "csv": _csv, "xlsx": _xlsx, "gpkg": _gpkg, "geojson": _geojson, "parquet": _parquet,
    "png": _png, "svg": _svg, "html": _html, "pdf": _pdf, "docx": _docx, "zip": _zip,
    "json": _json, "txt": _txt,
}  # fmt: skip
