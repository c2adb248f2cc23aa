"""What people type: the options that commands share, read once and refused in French."""

from __future__ import annotations

import datetime as dt
import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final, TypeVar

import typer

from clsm_map.analysis.activity import EARLIEST, register_day
from clsm_map.desk import Desk, open_desk
from clsm_map.domain.devices import DEVICE_TYPES, DeviceType
from clsm_map.domain.errors import InvalidInputError
from clsm_map.domain.selection import (
    MAP_LEVELS,
    OPTIONS,
    PARTIAL_CHOICES,
    PartialChoice,
    Selection,
    Vocabulary,
)
from clsm_map.domain.territories import FRANCE, Territory
from clsm_map.formats import date_fr
from clsm_map.maps.palettes import vocabulary
from clsm_map.settings import get_settings
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import Snapshot, open_snapshot
from clsm_map.store.territories import find_territory, read_bare_code

Word = TypeVar("Word", bound=str)

MAX_RADIUS_KM: Final = 500.0
_WIDE: Final = frozenset({"departement", "region"})
_HINTS: Final = {
    "indicateur": "« python -m clsm_map export indicateurs » en donne la liste, feuille Colonnes",
    "habitants": "écrivez 2000- pour au moins, -5000 pour au plus, 2000-5000 pour entre les deux",
    "pauvrete": "écrivez 45- pour au moins, -20 pour au plus, 20-45 pour entre les deux",
    "emploi": "écrivez 40- pour au moins, -30 pour au plus, 30-40 pour entre les deux",
    "seuils": "de un à quatre nombres séparés par des virgules, point décimal",
    "rayon": "de 1 à 100 km",
    "n": "de 2 à 5",
}
ANY_LEVEL: Final = (
    "« niveau:code » (departement:93), code qui n'en désigne qu'un, ou nom ; la France sinon."
)


def one_of(text: str, allowed: Iterable[Word], refusal: str) -> Word:
    """Read one of some words, in any case."""
    for known in allowed:
        if text.strip().lower() == known.lower():
            return known
    raise InvalidInputError(refusal)


def _device_type(text: str) -> DeviceType:
    known = ", ".join(DEVICE_TYPES)
    return one_of(text, DEVICE_TYPES, f"Le type « {text} » n'existe pas ; les types sont {known}.")


def _partial(text: str) -> PartialChoice:
    return one_of(
        text,
        PARTIAL_CHOICES,
        "Les quartiers déjà couverts en partie comptent pour leur « surface » non couverte, pas du "
        "tout (« sans ») ou en entier (« entier »).",
    )


Type = Annotated[
    DeviceType,
    typer.Option("--type", parser=_device_type, metavar="TYPE", help=OPTIONS["type"]),
]
On = Annotated[str | None, typer.Option("--on", help=OPTIONS["date"])]
Region = Annotated[str | None, typer.Option(help="Code ou nom d'une région.")]
Departement = Annotated[str | None, typer.Option(help="Code ou nom d'un département.")]
Epci = Annotated[str | None, typer.Option(help="SIREN ou nom d'un EPCI ou d'un EPT ; 75056.")]
Partial = Annotated[
    PartialChoice,
    typer.Option(parser=_partial, metavar="CHOIX", help=OPTIONS["partiels"]),
]
Address = Annotated[str, typer.Option(help="Adresse de l'application, pour le lien de la fiche.")]
Json = Annotated[bool, typer.Option("--json", help="Répond en JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Répond en CSV pour Excel.")]


def open_base() -> Desk:
    """Open a desk on the snapshot and its register.

    The facts of ``CLSM_MAP_FACTS``, where they are accepted, replace the embedded ones; what is
    refused is told on stderr and the embedded facts stay in use.
    """
    snapshot = open_snapshot()
    register, folder = embedded_register(snapshot), get_settings().facts
    if folder is not None:
        from clsm_map.register.folder import load_facts_folder  # noqa: PLC0415 - slow, rare

        register, refusals = load_facts_folder(folder, register, snapshot)
        for refusal in refusals:
            typer.echo(refusal, err=True)
    return open_desk(snapshot, register)


def read_day(desk: Desk, text: str | None) -> dt.date:
    """Read a date; today when none is given."""
    if text is None:
        return max(desk.today, register_day(desk.ground.dispositifs, desk.today))
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInputError(
            f"« {text} » n'est pas une date : écrivez-la AAAA-MM-JJ, comme 2020-01-01.", str(error)
        ) from error
    last = dt.date(desk.today.year, 12, 31)
    if not EARLIEST <= day <= last:
        raise InvalidInputError(
            f"La date {day.isoformat()} est hors de portée du registre : choisissez-la entre le "
            f"{date_fr(EARLIEST)} et le {date_fr(last)}."
        )
    return day


def read_years(first: str, last: str | None, this_year: int) -> range:
    """Read the first and last year of a history; this year when no last one is given."""
    try:
        start, end = int(first), this_year if last is None else int(last)
    except ValueError as error:
        raise InvalidInputError(
            f"« {first} » et « {last or ''} » doivent être des années, comme 2005 et 2026.",
            str(error),
        ) from error
    if not EARLIEST.year <= start <= end <= this_year:
        raise InvalidInputError(
            f"Les années {start} à {end} sont hors de portée du registre : choisissez-les entre "
            f"{EARLIEST.year} et {this_year}, la première d'abord."
        )
    return range(start, end + 1)


def read_radius(text: str) -> float:
    """Read a radius in kilometres; "15", "7.5" and "7,5" are all right."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError as error:
        raise InvalidInputError(
            f"« {text} » n'est pas un rayon : donnez un nombre de kilomètres, comme 15.", str(error)
        ) from error
    if not math.isfinite(value) or not 0 <= value <= MAX_RADIUS_KM:
        raise InvalidInputError(
            f"Le rayon de {text} km est hors de portée : choisissez-le entre 0 et "
            f"{MAX_RADIUS_KM:.0f} km."
        )
    return value


def read_candidates(snapshot: Snapshot, texts: Iterable[str]) -> tuple[str, ...]:
    """Read the codes of candidates; ``departement:59`` and ``region:84`` are all those of one."""
    read = []
    for text in texts:
        level, _, code = text.strip().rpartition(":")
        found = None if level else read_bare_code(snapshot, code)
        wide = level or (found.level if found else "")
        read.append(f"{wide}:{code.upper()}" if wide in _WIDE else code.upper())
    return tuple(read)


def read_place(
    snapshot: Snapshot,
    region: str | None = None,
    departement: str | None = None,
    epci: str | None = None,
    any_level: str | None = None,
) -> Territory:
    """Read the territory of a command, one at most; France when none is given."""
    typed = {"region": region, "departement": departement, "epci": epci, None: any_level}
    asked = [(level, text) for level, text in typed.items() if text is not None]
    if len(asked) > 1:
        raise InvalidInputError("Un seul territoire à la fois.")
    return find_territory(snapshot, asked[0][1], asked[0][0]) if asked else FRANCE


def read_selection(
    snapshot: Snapshot, place: Territory, options: Mapping[str, str | None]
) -> Selection:
    """Read options, by name of a link, into a selection; a bad value is refused."""
    words = vocabulary(snapshot)
    given = {name: text for name, text in options.items() if text is not None}
    for name, text in given.items():
        own = Vocabulary({}, words.palettes, words.is_territory) if name == "niveau" else words
        if Selection.from_query({name: text}, own)[1]:
            hint = f" : {_HINTS[name]}" if name in _HINTS else ""
            option = name.replace("_", "-")
            raise InvalidInputError(f"L’option --{option} n’accepte pas « {text} »{hint}.")
    selection, notices = Selection.from_query(given | {"territoire": place.key}, words)
    if notices:
        levels = words.indicators.get(selection.indicateur, frozenset())
        offered = ", ".join(level for level in MAP_LEVELS if level in levels)
        raise InvalidInputError(
            f"L’indicateur « {selection.indicateur} » n’est pas publié à cet échelon : choisissez "
            f"--niveau parmi {offered}."
        )
    return selection


def with_options(
    names: Iterable[str],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command that takes ``**options`` one option for each of these fields."""

    def made(command: Callable[..., Any]) -> Callable[..., Any]:
        own = inspect.signature(command, eval_str=True)
        fields = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[
                    str | None,
                    typer.Option(f"--{name.replace('_', '-')}", help=OPTIONS[name]),
                ],
            )
            for name in names
        ]
        kept = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        command.__signature__ = own.replace(parameters=[*kept, *fields])  # type: ignore[attr-defined]
        return command

    return made
