"""The map on the page: the one module that speaks to folium and streamlit-folium.

streamlit-folium keeps its frame as long as the script of the base map is the same, and evaluates
the script of a feature group each time it changes. The base map is therefore always the same; all
that changes is in the payload that a feature group hands to our runtime (`assets/js`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import folium
from folium.template import Template
from streamlit_folium import st_folium

from clsm_map.maps.escape import script_json
from clsm_map.maps.geometry import StaticAssets, static_assets
from clsm_map.maps.model import Click, MapView

_RETURNED: Final = "last_active_drawing"


class BaseMap(folium.Map):  # type: ignore[misc]
    """A map with no content, drawn by our runtime, that loads nothing from other hosts."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}{% endmacro %}
        {% macro html(this, kwargs) %}{% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = clsmMap.create({{ this.get_name()|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, assets: StaticAssets) -> None:
        super().__init__(tiles=None)
        self.default_js = [(f"clsm_js_{i}", url) for i, url in enumerate(assets.scripts)]
        self.default_css = [(f"clsm_css_{i}", url) for i, url in enumerate(assets.styles)]


class Painting(folium.FeatureGroup):  # type: ignore[misc]
    """The content of the map, as a feature group that holds no layer: the runtime draws."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.featureGroup();
            clsmMap.paint({{ this._parent.get_name() }}, {{ this.get_name() }}, {{ this.payload }});
        {% endmacro %}
        """
    )

    def __init__(self, payload: str) -> None:
        super().__init__()
        self.payload = payload

    def render(self, **_kwargs: object) -> None:
        """Add nothing to the page: data must never become part of a server-side template."""


def payload_script(view: MapView) -> str:
    """Write a view as the script literal that the runtime paints, its digest included.

    The digest appears as ``data-painted`` on the frame's root element once the map is drawn.
    """
    content = view.payload()
    digest = hashlib.blake2b(script_json(content).encode(), digest_size=8).hexdigest()
    return script_json({"digest": digest, **content})


def read_click(value: Mapping[str, Any] | None) -> Click | None:
    """Read the click in what the component gives back; ``None`` when there was none."""
    click = (value or {}).get(_RETURNED)
    if not click:
        return None
    return Click(
        kind=str(click["kind"]),
        code=str(click["id"]),
        latitude=float(click["lat"]),
        longitude=float(click["lon"]),
        serial=int(click["serial"]),
    )


def render_map(
    view: MapView,
    key: str,
    height: int = 620,
    on_click: Callable[[], None] | None = None,
) -> Click | None:
    """Show a map on the page.

    Gives the last click on this map, given again at every run: compare `Click.serial`.
    """
    value = st_folium(
        BaseMap(static_assets()),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[_RETURNED],
        feature_group_to_add=Painting(payload_script(view)),
        on_change=on_click,
    )
    return read_click(value)
