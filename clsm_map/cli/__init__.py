"""The commands: a module a family, loaded when one of its commands is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Final = {
    "show": (
        "show",
        "Ce que dit une vue de l'application : constat, chiffres, tableaux, prudences, sources.",
    ),
    "compare": (
        "comparison",
        "Compare des territoires à une référence, et chacun à ses pairs, sur tous les indicateurs.",
    ),
    "coverage": (
        "coverage",
        "Couverture des quartiers prioritaires par un type de dispositif, à une date.",
    ),
    "gaps": (
        "coverage",
        "Quartiers prioritaires non couverts autour d'un lieu, du plus proche au plus lointain.",
    ),
    "history": (
        "coverage",
        "Dispositifs et quartiers couverts à chaque 1er janvier, et les chiffres publiés à côté.",
    ),
    "deck": (
        "files",
        "Écrit une présentation : huit scènes sur une région, ou celle d'un fichier.",
    ),
    "export": (
        "files",
        "Écrit un tableau, une couche géographique ou une image : les mêmes que ceux des pages.",
    ),
    "index": (
        "comparison",
        "Classer les territoires selon un indice de besoin, qui n'est pas un score officiel.",
    ),
    "plan": (
        "planning",
        "Où les prochains dispositifs atteindraient le plus d'habitants de quartiers non couverts.",
    ),
    "whatif": (
        "planning",
        "Ce que changeraient des créations et des extensions : quartiers, habitants, besoin.",
    ),
    "programme": ("programme", "Portée du programme « La santé mentale dans mon quartier »."),
    "sheet": (
        "files",
        "Écrit la fiche d'un territoire ou d'un dispositif, ou toutes celles d'un département.",
    ),
    "data": ("data", "Données embarquées : télécharger, construire, vérifier."),
    "register": ("register", "Vérifier sa propre liste de dispositifs."),
}
"""Name of each command to its module, or group of commands, and what it does."""


class _Later(TyperCommand):
    """A command known by its name and its words, whose module loads when it is typed."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        name = str(self.name)
        app: typer.Typer = import_module(f"{__name__}.{COMMANDS[name][0]}").app
        group = typer.main.get_group(app)
        command = group.commands.get(name, group)
        command.help = self.help
        return command.make_context(info_name, args, parent, **extra)


class Commands(TyperGroup):
    """Every command of `COMMANDS`."""

    def __init__(self, **attributes: Any) -> None:
        attributes["commands"] = {
            name: _Later(name=name, callback=None, help=words)
            for name, (_, words) in COMMANDS.items()
        }
        super().__init__(**attributes)
