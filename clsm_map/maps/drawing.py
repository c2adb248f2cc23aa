"""The map that a View names, drawn: the same on a page, a picture, an offline page and a stage."""

from __future__ import annotations

import geopandas as gpd

from clsm_map.desk import Desk
from clsm_map.maps.around import around_bounds, around_view, with_outline, with_surroundings
from clsm_map.maps.carte import bivariate_view, carte_view, coverage_view
from clsm_map.maps.geometry import main_towns, towns_between
from clsm_map.maps.library import published
from clsm_map.maps.model import Bounds, MapView, Target
from clsm_map.maps.planifier import chosen_bounds, chosen_contours, plan_view
from clsm_map.store.snapshot import Scale
from clsm_map.store.territories import bounds
from clsm_map.views import questions
from clsm_map.views.besoin import needed
from clsm_map.views.planifier import PlanMap, plan_map
from clsm_map.views.quartiers import departement_of_qpv
from clsm_map.views.view import Map


def draw(
    desk: Desk,
    asked: Map,
    *,
    scale: Scale = "national",
    outlined: bool = True,
    extent: Bounds | None = None,
    near: str = "",
    selected: Target | None = None,
    tiles: str = "aucun",
) -> MapView:
    """Draw a map.

    Parameters
    ----------
    scale : {"national", "local"}, optional
        Detail of the perimeters.
    outlined : bool, optional
        Whether the contour of the territory is drawn.
    extent : Bounds, optional
        That of the place or of the territory by default.
    near : str, optional
        Code of the QPV that the extent is around: contours rather than circles, communes, towns.
    """
    selection, library = asked.selection, published(desk)
    where = desk.territory(selection)
    within = None if where.level == "france" else bounds(desk.snapshot, where)
    if asked.kind == "carte":
        return carte_view(
            library,
            selection,
            questions.coloured(desk, selection),
            questions.quartiers_kept(desk, selection),
            questions.devices_shown(desk, selection, scale),
            within,
            main_towns(desk.snapshot, where) if "villes" in selection.couches else (),
        )
    if asked.kind == "plan":
        return _draw_plan(desk, asked)
    if asked.kind == "besoin":
        return bivariate_view(library, needed(desk, selection), within)
    devices = questions.devices_on(desk, selection.type, desk.day(selection), scale)
    if asked.kind == "autour":
        found = questions.around_of(desk, selection)
        shown = extent or around_bounds(found)
        view = around_view(
            library,
            found,
            devices,
            bounds=shown,
            near=bool(near),
            selected=selected,
            towns=towns_between(desk.snapshot, shown),
            tiles=tiles,
        )
    else:
        view = coverage_view(
            library,
            questions.quartiers_kept(desk, selection),
            selection.type,
            (devices,),
            title=asked.title,
            bounds=extent or within,
            selected=selected,
            tiles=tiles,
        )
        view = with_outline(view, desk.snapshot, where) if outlined else view
    if not near:
        return view
    departement = departement_of_qpv(desk.snapshot, near)
    return with_surroundings(view, library, desk.snapshot, departement)


def _draw_plan(desk: Desk, asked: Map) -> MapView:
    """Draw the QPV before or after, and the territories chosen."""
    selection, shown = asked.selection, plan_map(desk, asked.selection)
    chosen, where = chosen_of(desk, shown), shown.territory
    near = shown.follow and not chosen.empty
    return plan_view(
        published(desk),
        shown.quartiers,
        questions.devices_on(desk, selection.type, desk.day(selection)),
        chosen,
        title=asked.title,
        bounds=chosen_bounds(chosen)
        if near
        else None
        if where.level == "france"
        else bounds(desk.snapshot, where),
        near=near and where.level == "france",
    )


def chosen_of(desk: Desk, shown: PlanMap) -> gpd.GeoDataFrame:
    """Give the contours of the territories that a plan chooses."""
    near = shown.follow and bool(shown.codes)
    scale: Scale = "local" if near or shown.territory.level != "france" else "national"
    names = questions.planning_names(desk)
    return chosen_contours(desk.snapshot, names, shown.codes, shown.uncertain, scale)
