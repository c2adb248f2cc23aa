"""Templates that folium declares, compiled when one is first drawn rather than all at import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from jinja2 import Environment


class TemplateOnDemand:
    """Stands for a template: it is compiled at the first use of any of its attributes.

    Parameters
    ----------
    compiled : callable
        ``() -> jinja2.Template``.
    """

    def __init__(self, compiled: Callable[[], Any]) -> None:
        self._compiled = compiled
        self._template: Any = None

    def __getattr__(self, name: str) -> Any:
        """Give an attribute of the compiled template."""
        if self._template is None:
            self._template = self._compiled()
        return getattr(self._template, name)


@contextmanager
def templates_on_demand() -> Iterator[None]:
    """Put off, while modules are imported, the compilation of the templates that they declare.

    folium and its plugins declare 84 templates as attributes of classes, of which our map uses
    three; jinja2 takes 0.3 to 0.4 s to compile them, which is most of the import.
    """
    at_once = Environment.from_string

    def on_demand(environment: Environment, *args: Any, **options: Any) -> TemplateOnDemand:
        return TemplateOnDemand(lambda: at_once(environment, *args, **options))

    setattr(Environment, "from_string", on_demand)  # noqa: B010  (mypy refuses an assignment)
    try:
        yield
    finally:
        setattr(Environment, "from_string", at_once)  # noqa: B010
