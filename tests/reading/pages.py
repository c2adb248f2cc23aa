"""Pages as their visitor reads them, run by Streamlit's own harness, without a browser."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.reading.html import read_html
from tests.reading.parts import Part, cell, nested_lines

ROOT: Final = Path(__file__).resolve().parents[2]
_LAYOUT: Final = frozenset(
    {"main", "flex_container", "column", "tab_container", "empty", "divider"}
)
_TAGS: Final = re.compile(r"<[^>]*>")
_SVG_WORDS: Final = re.compile(
    r"<(text|title|desc)\b[^>]*>(.*?)</\1>|<!--(.*?)-->", flags=re.DOTALL
)
_HIDDEN: Final = "."


@contextmanager
def through_the_entry() -> Iterator[None]:
    """Run pages through app.py from the first run, as after the first visit of a process.

    The harness forgets at each run that the navigation was declared; the browser tests check the
    first visit itself.
    """
    original = PagesManager.__init__

    def entered(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    PagesManager.__init__ = entered  # type: ignore[method-assign]
    try:
        yield
    finally:
        PagesManager.__init__ = original  # type: ignore[method-assign]


def open_page(page: str = "accueil", **query: str) -> AppTest:
    """Run one page through app.py with query parameters; give the test harness."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params.update(query)
    app.switch_page(f"pages/{page}.py")
    return settled(app.run())


def settled(app: AppTest) -> AppTest:
    """Refuse a page that failed."""
    assert not app.exception, [e.message for e in app.exception]
    assert not app.error, [e.value for e in app.error]
    return app


def read_page(app: AppTest) -> list[Part]:
    """Read a page from top to bottom."""
    return [part for block in app.main for part in _read_block(block)]


def map_payload(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the runtime paints, from the arguments of the map component."""
    script = arguments["feature_group"]
    start = script.index("{", script.index("clsmMap.paint("))
    payload: dict[str, Any] = json.JSONDecoder().raw_decode(script[start:])[0]
    return payload


def _read_block(block: Any) -> list[Part]:
    kind = getattr(block, "type", "")
    read = _READERS.get(kind)
    if read is not None:
        return read(block)
    if kind in _LAYOUT:
        return []
    label = getattr(block, "label", "")
    if kind == "popover":
        label = block.proto.popover.label
    if hasattr(block, "value") and label is not None:
        return [_field(block)]
    if label:
        return [Part("titre", label)]
    raise AssertionError(f"No reader for a block of type {kind!r}: add one, nothing is skipped.")


def _field(block: Any) -> Part:
    """Read a field: its name, its value, its choices."""
    value = block.value
    shown = ", ".join(map(cell, value)) if isinstance(value, list | tuple) else cell(value)
    options = [cell(o) for o in getattr(block, "options", ()) or ()]
    bounds = [cell(getattr(block, name)) for name in ("min", "max") if hasattr(block, name)]
    choices = " / ".join(options if len(options) <= 60 else [*options[:20], f"… {len(options)}"])
    return Part("réglage", f"{block.label} = {shown}" + "".join(
        f" ({text})" for text in (choices, " à ".join(bounds)) if text
    ))  # fmt: skip


def _sentence(block: Any) -> list[Part]:
    return [Part("phrase", line) for line in str(block.value).splitlines() if line.strip()]


def _action(block: Any) -> list[Part]:
    disabled = " (inactif)" if getattr(block.proto, "disabled", False) else ""
    return [Part("action", f"{block.label}{disabled}")]


def _metric(block: Any) -> list[Part]:
    return [Part("chiffre", f"{block.label} | {block.value} | {block.delta}")]


def _frame(block: Any) -> list[Part]:
    return [Part("tableau", "", pd.DataFrame(block.value))]


def _bidi(block: Any) -> list[Part]:
    content = json.loads(block.proto.json)
    if "rows" not in content:
        address = {k: v for k, v in content.items() if k != "url"}
        return [Part("réglage", line) for line in nested_lines(address)]
    rows = [
        [code, *(" ".join(map(cell, c)).strip() for c in cells)] for code, *cells in content["rows"]
    ]
    labels = ["", *(column["label"] for column in content["columns"])]
    return [Part("tableau", content["caption"], pd.DataFrame(rows, columns=labels))]


def _component(block: Any) -> list[Part]:
    arguments = json.loads(block.proto.json_args)
    if "feature_group" in arguments:
        return read_map(map_payload(arguments))
    return read_deck(arguments)


def read_deck(content: object) -> list[Part]:
    """Read the scenes of a presentation wherever they stand in its values."""
    if isinstance(content, dict) and {"titre", "phrase", "cartes"} <= content.keys():
        return read_scene(content)
    if isinstance(content, dict) and "scenes" in content:
        return [
            part
            for n, scene in enumerate(content["scenes"], start=1)
            for part in (Part("titre", f"Scène {n}"), *read_deck(scene))
        ]
    if isinstance(content, dict):
        return [part for value in content.values() for part in read_deck(value)]
    return []


def read_scene(scene: Mapping[str, Any]) -> list[Part]:
    """Read a scene: title, sentence, figures, legend, maps, drawing, sources, cautions."""
    parts = [Part("titre", scene["titre"]), Part("phrase", scene["phrase"])]
    parts += [Part("réglage", f"{name} : {scene[name]}") for name in ("disposition", "lien")]
    parts += [
        Part("chiffre", f"{c['libelle']} | {c['origine']} | {c['valeur']}")
        for c in scene["chiffres"]
    ]
    parts += read_html(scene["legende"])
    for card in scene["cartes"]:
        parts += [Part("carte", card["etiquette"]), *read_map(card["vue"])]
    if scene["figure"]:
        image = base64.b64decode(scene["figure"]["image"].partition(",")[2]).decode()
        parts += [Part("figure", text) for text in svg_texts(image)]
        parts += [Part("phrase", scene["figure"][name]) for name in ("texte", "note")]
    parts += [Part("phrase", text) for name in ("sources", "prudences") for text in scene[name]]
    parts.append(Part("phrase", f"Notes : {scene['notes']}"))
    if scene["vedette"]:
        parts.append(Part("carte", " ".join(nested_lines(scene["vedette"], "vedette"))))
    return [part for part in parts if part.text]


def svg_texts(image: str) -> list[str]:
    """List the words of a drawing, in its order; matplotlib draws letters and says them aside.

    >>> svg_texts("<svg><desc>a</desc><!-- b c --><g/><text>d <tspan>e</tspan></text></svg>")
    ['a', 'b c', 'd e']
    """
    found = _SVG_WORDS.findall(image)
    return [text for _, words, aside in found if (text := _TAGS.sub("", words or aside).strip())]


def read_map(payload: Mapping[str, Any]) -> list[Part]:
    """Read a map: each layer with how many features of each class, its values, what is chosen."""
    parts = [Part("carte", f"{payload['title']} | {payload['bounds']} | fond {payload['tiles']}")]
    for layer in payload["layers"]:
        address = layer["url"]
        held = address.startswith(("data:", "page:"))
        name = "porté" if held else re.sub(r"-[0-9a-f]{16}", "", address.rpartition("/")[2])
        drawn = layer["classes"]
        told = " ".join(filter(None, (layer["kind"], layer["label"], layer["classLabel"])))
        parts.append(Part("carte", f"{told} [{name.removesuffix('.json')}] : {len(drawn)} formes"))
        for rank, style in enumerate(layer["styles"]):
            count = drawn.count("0123456789abcdefghijklmnopqrstuvwxyz"[rank])
            look = " ".join(f"{k}={v}" for k, v in style.items() if k in {"fill", "mark", "dash"})
            parts.append(Part("légende", f"{style['label']} | {count} | {look}"))
        if _HIDDEN in drawn:
            parts.append(Part("légende", f"(non dessinées) | {drawn.count(_HIDDEN)}"))
        if "values" in layer:
            known = unpack_values(layer["values"], layer["decimals"])
            parts.append(
                Part("carte", f"valeurs : {len(known)}, de {cell(min(known, default=0.0))} à "
                f"{cell(max(known, default=0.0))}, somme {cell(round(sum(known), 6))}")
            )  # fmt: skip
    parts += [
        Part("carte", f"{name} : {', '.join(t['n'] for t in payload[name])}")
        for name in ("towns", "places")
        if payload[name]
    ]
    if payload["selected"]:
        parts.append(Part("carte", " ".join(nested_lines(payload["selected"], "choisi"))))
    parts.append(Part("phrase", str(payload["sources"])))
    return parts


def unpack_values(packed: Mapping[str, Any], decimals: int) -> list[float]:
    """Read the numbers of a layer that are known; the inverse of `pack_values`.

    >>> unpack_values({"from": 130, "width": 2, "text": "04..001y"}, 1)
    [13.4, 13.0, 20.0]
    """
    width, text = packed["width"], packed["text"]
    slots = (text[i : i + width] for i in range(0, len(text), width))
    return [(packed["from"] + int(s, 36)) / 10**decimals for s in slots if "." not in s]


def _plotly(block: Any) -> list[Part]:
    spec = json.loads(block.proto.spec)
    layout = spec.get("layout", {})
    axes = {
        k: v["title"]["text"]
        for k, v in layout.items()
        if "axis" in k and v.get("title", {}).get("text")
    }
    parts = [Part("figure", f"{name} : {text}") for name, text in axes.items()]
    if layout.get("title", {}).get("text"):
        parts.append(Part("figure", layout["title"]["text"]))
    parts += [
        Part("figure", _TAGS.sub(" ", a["text"]))
        for a in layout.get("annotations", [])
        if a.get("text")
    ]
    for trace in spec["data"]:
        columns = {
            name: values
            for name in ("y", "x", "z", "labels", "values", "text", "hovertext", "customdata")
            if (values := _array(trace.get(name)))
        }
        named = f"{trace['type']} {trace.get('name') or ''}".rstrip()
        pattern = trace.get("marker", {}).get("pattern", {}).get("shape")
        look = f" hachures {pattern}" if pattern else ""
        size = max(map(len, columns.values()), default=0)
        filled = {name: v + [None] * (size - len(v)) for name, v in columns.items()}
        parts.append(Part("figure", f"{named}{look}", pd.DataFrame(filled)))
    return parts


def _array(value: object) -> list[object]:
    """Read an array of plotly: a list, or typed numbers in base 64."""
    if isinstance(value, dict) and "bdata" in value:
        numbers = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(value["dtype"]))
        return [float(v) for v in numbers]
    if isinstance(value, list):
        return [
            _TAGS.sub(" ", v) if isinstance(v, str) else str(v) if isinstance(v, list) else v
            for v in value
        ]
    return []


_READERS: Final[dict[str, Callable[[Any], list[Part]]]] = {
    "html": lambda block: read_html(str(block.proto.body)),
    **dict.fromkeys(("markdown", "caption", "info", "warning", "success", "error"), _sentence),
    **dict.fromkeys(("header", "subheader", "title"), lambda b: [Part("titre", str(b.value))]),
    **dict.fromkeys(("button", "download_button", "page_link", "link_button"), _action),
    **dict.fromkeys(("dataframe", "table"), _frame),
    "code": lambda block: [Part("action", str(block.value))],
    "metric": _metric,
    "plotly_chart": _plotly,
    "bidi_component": _bidi,
    "component_instance": _component,
}
