"""The command line: ``clsm-map``, or ``python -m clsm_map``."""

from __future__ import annotations

import sys

import typer

from clsm_map.cli import Commands
from clsm_map.domain.errors import ClsmMapError


def build_app() -> typer.Typer:
    """Assemble the commands of `clsm_map.cli`."""
    app = typer.Typer(
        cls=Commands,
        help="Quartiers prioritaires et dispositifs locaux de santé mentale.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(lambda: None)
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
