"""Styles that travel with geographic files: QML for QGIS, SLD for the others."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from clsm_map.domain.devices import Mark
from clsm_map.table import Category, Look

_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_MM_PER_PIXEL: Final = 25.4 / 96
_BRUSHES: Final[dict[Mark, tuple[str, str]]] = {
    "hachures": ("f_diagonal", "#ffffff"),
    "points": ("dense5", "#ffffff"),
    "croix": ("diagonal_x", "#ffffff"),
    "date": ("dense6", "#ffffff"),
    "sans_date": ("horizontal", "#ffffff"),
    "secret": ("b_diagonal", "#9a9a98"),
    "absent": ("dense6", "#b9b5ac"),
}
"""Brush of QGIS and its colour, laid over the fill, for each mark that has one."""

_SLD: Final = "http://www.opengis.net/sld"
_OGC: Final = "http://www.opengis.net/ogc"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def qml(look: Look, *, points: bool = False) -> str:
    """Write the style of a layer for QGIS 3: one category by value.

    Parameters
    ----------
    points : bool, optional
        Whether the layer holds points.

    Returns
    -------
    str
        A QML document.
    """
    root = ET.Element("qgis", version="3.28.0", styleCategories="Symbology")
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        type="categorizedSymbol",
        attr=look.column,
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for i, category in enumerate(look.categories):
        ET.SubElement(
            categories,
            "category",
            value=category.value,
            label=category.value,
            symbol=str(i),
            render="true",
            type="string",
        )
        kind = "marker" if points else "fill"
        symbol = ET.SubElement(symbols, "symbol", type=kind, name=str(i), alpha="1")
        if points:
            _symbol_layer(symbol, "SimpleMarker", _marker(category))
        else:
            _symbol_layer(symbol, "SimpleFill", _fill(category))
            if category.mark in _BRUSHES:
                _symbol_layer(symbol, "SimpleFill", _brush(category.mark))
    ET.SubElement(root, "layerGeometryType").text = "0" if points else "2"
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _symbol_layer(symbol: ET.Element, kind: str, properties: dict[str, str]) -> None:
    layer = ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    )
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in properties.items():
        ET.SubElement(options, "Option", type="QString", name=name, value=value)
    for name, value in properties.items():
        ET.SubElement(layer, "prop", k=name, v=value)  # read by QGIS before 3.26


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _pen(dash: tuple[float, ...]) -> str:
    return "solid" if not dash else "dash" if dash[0] >= 3 else "dot"


def _outline(category: Category) -> dict[str, str]:
    return {
        "outline_color": _rgba(category.stroke),
        "outline_style": _pen(category.dash),
        "outline_width": f"{category.width * _MM_PER_PIXEL:.2f}",
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }


def _fill(category: Category) -> dict[str, str]:
    hollow = category.mark == "anneau"
    colour = _rgba(category.fill, category.opacity * (0.22 if hollow else 1.0))
    return {"color": colour, "style": "solid", **_outline(category)}


def _brush(mark: Mark) -> dict[str, str]:
    style, colour = _BRUSHES[mark]
    return {"color": _rgba(colour, 0.9), "style": style, "outline_style": "no"}


def _marker(category: Category) -> dict[str, str]:
    return {
        "name": "square",
        "size": "2.4",
        "size_unit": "MM",
        "color": _rgba(category.fill if category.value == "actif" else "#ffffff"),
        **_outline(category),
    }


def sld(look: Look, name: str, *, points: bool = False) -> str:
    """Write the style of a layer as an OGC Styled Layer Descriptor 1.0.

    Parameters
    ----------
    name : str
        Name of the layer.
    points : bool, optional
        Whether the layer holds points.

    Returns
    -------
    str
        An SLD document: fills and outlines, without the marks, which SLD cannot say portably.
    """
    for prefix, uri in (("", _SLD), ("ogc", _OGC), ("xsi", _XSI)):
        ET.register_namespace(prefix, uri)
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.0.0")
    layer = _child(root, "NamedLayer")
    _child(layer, "Name", name)
    style = _child(_child(layer, "UserStyle"), "FeatureTypeStyle")
    for category in look.categories:
        rule = _child(style, "Rule")
        _child(rule, "Name", category.value)
        _child(rule, "Title", category.value)
        equal = ET.SubElement(
            ET.SubElement(rule, f"{{{_OGC}}}Filter"), f"{{{_OGC}}}PropertyIsEqualTo"
        )
        ET.SubElement(equal, f"{{{_OGC}}}PropertyName").text = look.column
        ET.SubElement(equal, f"{{{_OGC}}}Literal").text = category.value
        if points:
            graphic = _child(_child(rule, "PointSymbolizer"), "Graphic")
            mark = _child(graphic, "Mark")
            _child(mark, "WellKnownName", "square")
            _paint(mark, category)
            _child(graphic, "Size", "9")
        else:
            _paint(_child(rule, "PolygonSymbolizer"), category)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _paint(parent: ET.Element, category: Category) -> None:
    fill = _child(parent, "Fill")
    _parameter(fill, "fill", category.fill)
    _parameter(fill, "fill-opacity", f"{category.opacity:g}")
    stroke = _child(parent, "Stroke")
    _parameter(stroke, "stroke", category.stroke)
    _parameter(stroke, "stroke-width", f"{category.width:g}")
    if category.dash:
        _parameter(stroke, "stroke-dasharray", " ".join(f"{d:g}" for d in category.dash))


def _parameter(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, f"{{{_SLD}}}CssParameter", name=name).text = value


def _child(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_SLD}}}{name}")
    child.text = text
    return child
