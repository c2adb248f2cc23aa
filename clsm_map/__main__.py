"""The command line: ``clsm-map``, or ``python -m clsm_map``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import typer

from clsm_map import cli
from clsm_map.domain.errors import ClsmMapError


def build_app() -> typer.Typer:
    """Assemble the commands of every module of `clsm_map.cli`."""
    app = typer.Typer(
        name="clsm-map",
        help="Quartiers prioritaires et dispositifs locaux de santé mentale.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for module in sorted(m.name for m in pkgutil.iter_modules(cli.__path__)):
        register = getattr(importlib.import_module(f"clsm_map.cli.{module}"), "register", None)
        if register is not None:
            register(app)
    return app


def main() -> None:
    """Run the command line; a refused input ends with a French sentence and exit code 2."""
    try:
        build_app()()
    except ClsmMapError as error:
        from rich.console import Console  # noqa: PLC0415 - slow to load, and only for a refusal

        Console(stderr=True, soft_wrap=True, highlight=False).print(error.message_fr, markup=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
