"""A View: all that one view says, as plain data that every renderer lays out.

A page, a picture, an offline page, a scene, a file and a command take the same View; none of them
computes or words a figure. It knows neither Streamlit, folium, matplotlib nor plotly: a map and a
chart are named, with what they are drawn from, and `clsm_map.maps` and `clsm_map.charts` draw them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import Any, Final, Literal

from clsm_map.desk import Desk
from clsm_map.domain.selection import Selection
from clsm_map.formats import typeset
from clsm_map.table import Table

MapKind = Literal["couverture", "autour", "carte", "besoin", "plan"]
ChartKind = Literal[
    "couverture",
    "annees",
    "profil",
    "cote",
    "distribution",
    "regions",
    "croisement",
    "evolution",
    "interieur",
    "indice",
    "apport",
]
MOST_LARGE: Final = 4
"""Claims in large type on a stage."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure, what it counts, and its denominator, its date or its source in one short line.

    Attributes
    ----------
    text : str
        As it is written, with its unit.
    name : str
        By which a program finds it; two claims of a View that share a name have the same value.
    value, of : float or None
        The number itself, and what it is a part of.
    """

    text: str
    label: str
    origin: str = ""
    name: str = ""
    value: float | None = None
    of: float | None = None


@dataclass(frozen=True, slots=True)
class Map:
    """A map to draw: of which kind, and the selection that answers it.

    Attributes
    ----------
    title : str
        What and where; when, if no line says it beside.
    """

    kind: MapKind
    selection: Selection
    title: str


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart to draw, with the words that go wherever it goes.

    Attributes
    ----------
    data : tuple
        Arguments of the function of `clsm_map.charts` that draws this kind.
    finding : str
        One sentence with its figures, read in place of the chart by those who do not see it.
    notes : tuple of str
        Sources, denominators, cautions: a paragraph each.
    heading : str
        Short title where the View's own stands above.
    below : str
        What the chart cannot show.
    large : tuple
        ``data`` with fewer rows, for a stage; empty when all of them are large enough.
    cut : str
        Which rows those are.
    """

    kind: ChartKind
    data: tuple[Any, ...]
    title: str
    finding: str
    notes: tuple[str, ...] = ()
    heading: str = ""
    below: str = ""
    large: tuple[Any, ...] = ()
    cut: str = ""


@dataclass(frozen=True, eq=False)
class View:
    """What a view says.

    Attributes
    ----------
    title, lead : str
        What and where; the line under it: when, and what a page finds.
    headline, finding : str
        The finding as a title read from afar, and as one sentence with its figures.
    claims : tuple of Claim
        Key figures.
    large : tuple of Claim
        Those of a stage, where they are not the first ones of ``claims``.
    rows : callable
        Writes the tables, the main one first; they are not all read each time.
    notices : tuple of str
        What could not be shown as asked.
    cautions, sources : tuple of str
        What to know before quoting, the most general first; where the figures come from.
    apart : tuple of str
        Cautions that a page says beside a chart or a source, and a stage with the others.
    moment : str
        What tells its map from another of the same view: a date, "Avant"…
    data : object
        What the View was made from, for the controls of its page.
    """

    title: str = ""
    lead: str = ""
    headline: str = ""
    finding: str = ""
    claims: tuple[Claim, ...] = ()
    large: tuple[Claim, ...] = ()
    rows: Callable[[], tuple[Table, ...]] = tuple
    map: Map | None = None
    charts: tuple[Chart, ...] = ()
    notices: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    moment: str = ""
    data: Any = None

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables, the main one first."""
        return self.rows()

    def __post_init__(self) -> None:
        said: dict[str, float | None] = {}
        for claim in (*self.claims, *self.large):
            if claim.name and said.setdefault(claim.name, claim.value) != claim.value:
                raise ValueError(f"{self.title}: two values of {claim.name}")

    def on_stage(self) -> View:
        """Give the words of a stage: typeset, few figures, each source and caution once."""
        large = (self.large or self.claims)[:MOST_LARGE]
        return replace(
            self,
            headline=typeset(self.headline),
            finding=typeset(self.finding),
            claims=tuple(
                replace(c, text=typeset(c.text), label=typeset(c.label), origin=typeset(c.origin))
                for c in large
            ),
            large=(),
            sources=tuple(dict.fromkeys(typeset(s) for s in self.sources if s)),
            notices=(),
            cautions=tuple(
                dict.fromkeys(typeset(p) for p in (*self.notices, *self.cautions, *self.apart) if p)
            ),
            apart=(),
        )


VIEWS: Final = {
    "couverture.autour": "couverture:autour",
    "couverture.territoire": "couverture:territoire",
    "couverture.evolution": "couverture:evolution",
    "couverture.registre": "couverture:registre",
    "couverture.carte": "couverture:carte",
    "carte": "carte:carte",
    **{
        f"inegalites.{angle}": f"inegalites:{angle}"
        for angle in (
            "profil",
            "cote",
            "classement",
            "croisement",
            "evolution",
            "interieur",
            "indice",
        )
    },
    "inegalites.carte": "besoin:carte",
    "planifier.ou-ensuite": "planifier:ou",
    "planifier.et-si": "planifier:et_si",
    "planifier.etendre": "planifier:etendre",
}
"""Name of each View to the function of `clsm_map.views` that answers it, loaded when asked."""


def view_of(desk: Desk, name: str, selection: Selection) -> View:
    """Answer a View by its name.

    Raises
    ------
    KeyError
        There is no such View.
    InvalidInputError
        The selection asks what cannot be answered; the sentence says why.
    """
    module, _, function = VIEWS[name].partition(":")
    answer: Callable[[Desk, Selection], View] = getattr(
        import_module(f"clsm_map.views.{module}"), function
    )
    return answer(desk, selection)
