"""The map of what lies around a place, ready to leave the application."""

from __future__ import annotations

from typing import Final

from clsm_map.analysis.cautions import gaps_cautions
from clsm_map.analysis.history import announced_total
from clsm_map.desk import Desk
from clsm_map.domain.selection import QpvFilter, Selection
from clsm_map.domain.territories import FRANCE
from clsm_map.exports.plate import Block, Plate, Sample, credit, qpv_block, typeset_plate
from clsm_map.formats import with_unit
from clsm_map.maps.around import around_bounds, around_view
from clsm_map.maps.carte import status_legend
from clsm_map.maps.geometry import towns_between
from clsm_map.maps.layers import DEVICE_COLOURS, INK
from clsm_map.maps.library import published
from clsm_map.maps.model import Style
from clsm_map.views import captions
from clsm_map.views.quartiers import Quartiers, quartiers
from clsm_map.views.questions import around_of, devices_on

_PLACE: Final = Style("lieu", stroke=INK, width=2.2)
_RADIUS: Final = Style("rayon", stroke=INK, width=1.2, dash=(2.0, 4.0))


def around_plate(desk: Desk, selection: Selection) -> Plate:
    """Compose the map of what lies around the place of a selection.

    Parameters
    ----------
    selection : Selection
        Place, radius, type and date.

    Raises
    ------
    InvalidInputError
        The place is unknown, or its contour is.
    """
    coverage = desk.covered(selection)
    found = around_of(desk, selection)
    every = quartiers(desk.snapshot, coverage, FRANCE, QpvFilter()).frame
    inside = every[every["code"].isin(list(found.statuses))].reset_index(drop=True)
    kept = Quartiers(FRANCE, inside, total=len(inside))
    extent = around_bounds(found)
    devices = devices_on(desk, selection.type, desk.day(selection))
    towns = towns_between(desk.snapshot, extent)
    view = around_view(published(desk), found, devices, bounds=extent, towns=towns)
    reach = with_unit(found.radius_km, "km")
    active = Style("", stroke=DEVICE_COLOURS[selection.type], width=1.7)
    lines = (
        Sample(found.place.nom, _PLACE, "ligne"),
        Sample(f"À {reach} de son contour", _RADIUS, "ligne"),
        Sample(f"Périmètre de {selection.type} actif recensé", active, "ligne"),
    )
    announced = announced_total(desk.snapshot.chiffres, selection.type)
    when = captions.on_date(coverage.on, desk.today)
    return typeset_plate(
        Plate(
            view=view,
            territory=FRANCE,
            title=found.title,
            subtitle=f"À moins de {reach}, {when}. {found.finding}",
            blocks=(
                qpv_block(selection.type, status_legend(kept), view.layers),
                Block("Lieu et périmètres", lines),
            ),
            sources=(captions.qpv_source(), captions.device_source(coverage)),
            cautions=tuple(gaps_cautions(coverage, found.place, announced)),
            credit=credit(desk),
            selection=selection,
            coverage=coverage,
            quartiers=kept,
            listed=f"Quartiers à moins de {reach} de : {found.place.nom}",
        )
    )
