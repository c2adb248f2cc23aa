"""Pictures of maps: what they draw, where, in which projection, and what they say."""

import io
import math
import re
from dataclasses import replace
from functools import partial
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import shapely
from fontTools.ttLib import TTFont
from PIL import Image
from pyproj import Geod

from clsm_map.domain.devices import STATUSES
from clsm_map.domain.errors import InvalidInputError, UnknownTerritoryError
from clsm_map.domain.selection import Selection
from clsm_map.exports.contents.carte import carte_content
from clsm_map.exports.export import export
from clsm_map.exports.fonts import FAMILIES, font_files, use_fonts
from clsm_map.exports.picture import canvas
from clsm_map.exports.picture.frames import Rectangle, frame_of, hexagone, overseas
from clsm_map.exports.picture.layout import round_length
from clsm_map.exports.picture.outlines import outlines_of, read_outlines, ring_path, visible_rings
from clsm_map.exports.plate import plate_of
from clsm_map.formats import NBSP, NNBSP
from clsm_map.maps.geometry import publish
from clsm_map.settings import ROOT
from clsm_map.views import questions
from clsm_map.views.questions import devices_on
from clsm_map.views.view import view_of

PAGE = Rectangle(0, 0, 400, 400)
SVG = "{http://www.w3.org/2000/svg}"
RHONE = Selection(territoire="departement:69", niveau="commune", indicateur="taux_pauvrete")


def colours(content):
    """Colours of a PNG and the pixels of each."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    counted = image.getcolors(image.width * image.height)
    return {f"#{r:02x}{g:02x}{b:02x}": n for n, (r, g, b) in counted}


def test_sizes_of_screen_and_print(desk):
    screen = Image.open(io.BytesIO(export(desk, "carte", "png", RHONE)))
    paper = Image.open(io.BytesIO(export(desk, "carte", "png", RHONE, 300)))
    assert screen.size == (1683, 1190)
    assert paper.size == (3507, 2480)
    assert paper.info["dpi"][0] == pytest.approx(300, abs=0.5)
    assert screen.info["Title"] == f"Taux de pauvreté (seuil à 60{NBSP}%), Rhône (communes)"


def test_pictures_are_the_same_for_the_same_view(desk):
    assert export(desk, "carte", "png", RHONE) == export(desk, "carte", "png", RHONE)
    assert export(desk, "carte", "svg", RHONE) == export(desk, "carte", "svg", RHONE)


def test_the_colours_of_the_page_are_in_the_picture(desk):
    selection = replace(RHONE, couches=())
    drawn = colours(export(desk, "carte", "png", selection))
    plate = plate_of(desk, view_of(desk, "carte", selection))
    classes = [s.style.fill for s in plate.blocks[0].samples if s.style.mark == "plein"]
    assert len(classes) == 5
    assert all(drawn.get(colour, 0) > 500 for colour in classes)
    bare = replace(selection, type="ASV", date=None, couches=("qpv",))
    with_qpv = colours(export(desk, "couverture", "png", replace(bare, type="CLSM")))
    assert with_qpv.get(STATUSES["sans_dispositif_recense"].colour, 0) > 50


def test_the_legend_counts_what_the_table_counts(desk):
    plate = plate_of(desk, view_of(desk, "carte", RHONE))
    territories, quartiers, devices = plate.blocks
    frame = questions.quartiers_kept(desk, RHONE).frame
    assert sum(s.count for s in territories.samples) == len(questions.coloured(desk, RHONE).frame)
    # "Dont couverts d'après…" are among those counted above.
    once = [s for s in quartiers.samples if not s.label.startswith("Dont")]
    assert sum(s.count or 0 for s in once) == len(frame) == 48
    again = [s.count for s in quartiers.samples if s.label.startswith("Dont")]
    covered = frame[frame["statut"].str.startswith("couvert")]
    assert sum(again) == (covered["preuve"] != "recente").sum() > 0
    assert "Secret statistique" in {s.label for s in territories.samples}
    assert territories.note.startswith(f"266{NBSP}communes. Quantiles")
    assert "Quantiles" in territories.note
    assert devices.title == f"CLSM recensés{NBSP}: périmètres"


def test_the_legend_says_how_many_devices_are_not_drawn(desk):
    devices = plate_of(desk, view_of(desk, "carte", Selection())).blocks[-1]
    # The seats alone are counted among the active ones.
    drawn = sum(s.count or 0 for s in devices.samples if not s.label.startswith("Dont"))
    shown = devices_on(desk, "CLSM", desk.today).states
    assert f"{len(shown) - drawn}{NBSP}autres, sans périmètre connu" in devices.note


def test_a_plate_says_source_vintage_date_and_caution(desk):
    plate = plate_of(desk, view_of(desk, "carte", RHONE))
    said = " ".join([plate.subtitle, *plate.sources, *plate.cautions, plate.credit])
    for words in ("2021", "Filosofi", "dénominateur", "22\u00a0novembre 2026", "extrait sourcé"):
        assert words in said
    assert " ;" not in said.replace(NNBSP, "").replace(NBSP, "")
    other = plate_of(
        desk, view_of(desk, "couverture.carte", Selection(territoire="departement:93"))
    )
    assert other.blocks[0].title == "Quartiers prioritaires et CLSM"
    assert "Couverture au 22" in other.subtitle


def test_a_density_has_no_year_of_its_own(desk):
    plate = plate_of(
        desk, view_of(desk, "carte", Selection(indicateur="densite_clsm", niveau="departement"))
    )
    assert plate.subtitle.startswith("Situation au 22")
    assert "année non précisée" not in plate.blocks[0].title


def test_the_svg_is_named_described_and_small(desk):
    content = export(desk, "carte", "svg", Selection())
    root = ET.fromstring(content)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text.startswith("Revenu imposable par habitant, France")
    assert "DGCL" in root.find(f"{SVG}desc").text
    assert len(content) < 4_000_000
    assert not re.search(rb'href="http|url\(http', content)


def test_what_has_no_picture_says_so(desk):
    with pytest.raises(InvalidInputError, match="carte ou couverture"):
        export(desk, "epci", "png", RHONE)


def test_seven_insets_in_their_own_projection():
    frames = overseas([Rectangle(0, 0, 80, 60)] * 7)
    assert [f.label for f in frames] == [
        "Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte", "Saint-Martin",
        "Tahiti et Moorea",
    ]  # fmt: skip
    assert [f.epsg for f in frames] == [5490, 5490, 2972, 2975, 4471, 5490, 3297]
    assert hexagone(PAGE).epsg == 2154
    assert frame_of(PAGE, ((41.3, 8.5), (43.1, 9.6))).epsg == 2154


def test_a_frame_holds_its_box_at_its_scale():
    frame = frame_of(PAGE, ((45.4, 4.2), (46.3, 5.2)), margin=0.0)
    corners = np.array([[4.2, 45.4], [5.2, 45.4], [5.2, 46.3], [4.2, 46.3]])
    on_page = frame.to_page(corners)
    assert on_page.min() >= -0.01
    assert on_page.max() <= 400.01
    ends = np.array([[4.5, 45.8], [4.9, 45.8]])
    points = math.dist(*frame.to_page(ends))
    _, _, metres = Geod(ellps="GRS80").inv(4.5, 45.8, 4.9, 45.8)
    assert points * frame.metres_per_point == pytest.approx(metres, rel=0.001)


@pytest.mark.parametrize(
    ("bounds", "low", "high"),
    [(((48.2, -5.1), (48.8, -3.0)), 4, 6), (((48.2, 7.2), (48.9, 8.0)), -5, -2)],
)
def test_the_north_leans_as_lambert_93_does(bounds, low, high):
    """Convergence is 0 on 3° east and some 0.73° for each degree of longitude."""
    assert low < frame_of(PAGE, bounds).north() < high


@pytest.mark.parametrize(
    ("length", "expected"), [(137_000, 100_000), (99, 50), (2_500, 2_000), (1, 1)]
)
def test_scale_bars_are_round(length, expected):
    assert round_length(length) == expected


def test_published_outlines_are_read_back(desk, tmp_path):
    qpv = desk.snapshot.qpv.head(40)
    frame = qpv.assign(nom=qpv["nom"])[["code", "nom", "geometry"]]
    geometry = publish(frame, "essai", tmp_path, 4)
    read = read_outlines(geometry, tmp_path)
    direct = outlines_of(qpv.geometry.to_numpy())
    assert read.points == pytest.approx(direct.points, abs=1e-9)
    assert (read.ring_features == direct.ring_features).all()
    rings = np.split(read.points, read.ring_starts[1:-1])
    area = sum(shapely.Polygon(ring).exterior.is_ccw for ring in rings)
    assert area == len(rings) - len(qpv.geometry.explode())


def test_a_hole_stays_open():
    """Outer ring and hole turn opposite ways, so the non-zero rule leaves the hole empty."""
    shape = shapely.box(3, 46, 4, 47) - shapely.box(3.4, 46.4, 3.6, 46.6)
    outlines = outlines_of(np.array([shape]))
    frame = frame_of(PAGE, ((46, 3), (47, 4)))
    path = ring_path(outlines, visible_rings(outlines, frame), frame)
    middle = frame.to_page(np.array([[3.5, 46.5]]))[0]
    edge = frame.to_page(np.array([[3.2, 46.5]]))[0]
    signed = [shapely.Polygon(p).exterior.is_ccw for p in path.to_polygons()]
    assert sorted(signed) == [False, True]
    assert shapely.Polygon(path.to_polygons()[0]).contains(shapely.Point(*edge))
    assert shapely.Polygon(path.to_polygons()[1]).contains(shapely.Point(*middle))


def test_rings_out_of_sight_are_left_out():
    far = outlines_of(np.array([shapely.box(3, 46, 4, 47), shapely.box(55, -21, 56, -20)]))
    assert visible_rings(far, hexagone(PAGE)).tolist() == [True, False]


def test_lines_break_where_the_font_says():
    use_fonts()
    face = canvas.Face(10)
    words = "Un texte assez long pour occuper plusieurs lignes d’une colonne étroite"
    lines = canvas.wrapped(words, 90, face)
    assert " ".join(lines) == words
    assert all(canvas.width_of(line, 10, 400) <= 90 for line in lines)
    assert len(canvas.wrapped(f"12{NNBSP}345{NBSP}habitants", 10, face)) == 1


def test_the_typeface_has_its_weights_and_french_spaces():
    for weight in (400, 600):
        western, extended, signs = (TTFont(path) for path in font_files(weight))
        assert western["OS/2"].usWeightClass == extended["OS/2"].usWeightClass == weight
        assert {0x202F, 0xA0, ord("œ"), ord("É"), ord("’")} <= set(western.getBestCmap())
        narrow = western["hmtx"][western.getBestCmap()[0x202F]][0]
        assert 0 < narrow < western["hmtx"][western.getBestCmap()[0xA0]][0]
        assert ord("‰") in signs.getBestCmap()
        names = (font["name"].getBestFamilyName() for font in (western, extended, signs))
        assert tuple(names) == FAMILIES


def test_glyphs_keep_their_scale_in_a_shortened_svg():
    content = (
        b'<svg x="1"><title>t</title><g transform="scale(0.082031 -0.082031)"/><path d="'
        b"M 1.23456 2.0 \nL 3.98765 4.12345 \nL 5.0 6.0 \nQ 1.0 1.0 2.0 2.0 \nL 7.0 8.0 \nz"
        b'"/></svg>'
    )
    short = canvas.finished_svg(content, "d")
    assert b"scale(0.082031 -0.082031)" in short
    assert b"M 1.23 2.0 \nL 3.98 4.12  5.0 6.0 \nQ 1.0 1.0 2.0 2.0 \nL 7.0 8.0 \nz" in short


def test_a_reader_of_outlines_is_cached(desk):
    geometry = plate_of(desk, view_of(desk, "carte", RHONE)).view.layers[0].geometry
    read = partial(read_outlines, static=desk.static)
    assert read(geometry) is read(geometry)


def test_what_lies_around_a_place_is_drawn_with_its_radius(desk):
    selection = Selection(lieu="dispositif:clsm-chateau-thierry", rayon=50.0)
    plate = plate_of(desk, view_of(desk, "couverture.autour", selection))
    assert plate.title.startswith("Quartiers qu’aucun CLSM actif recensé ne couvre en entier")
    assert f"50{NBSP}km" in plate.subtitle
    shown = plate.blocks[0].samples
    counted = sum(s.count or 0 for s in shown if not s.label.startswith("Dont"))
    assert counted == len(questions.quartiers_around(desk, selection).frame) > 0
    (south, west), (north, east) = plate.view.bounds
    _, _, metres = Geod(ellps="GRS80").inv(west, (south + north) / 2, east, (south + north) / 2)
    assert metres > 2 * 50_000
    content = export(desk, "couverture", "svg", selection)
    assert ET.fromstring(content).find(f"{SVG}title").text == plate.title
    assert content != export(desk, "couverture", "svg", replace(selection, lieu=""))


def test_an_unknown_place_has_no_picture(desk):
    with pytest.raises(UnknownTerritoryError):
        export(desk, "couverture", "png", Selection(lieu="dispositif:nulle-part"))


def test_circles_of_unknown_population_are_hollow_and_in_the_legend(desk):
    """Facts, ``qpv_2024.csv``: 108 rows without ``population_2020`` (987, 978, Mayotte)."""
    plate = plate_of(desk, view_of(desk, "couverture.carte", Selection()))
    (layer,) = (one for one in plate.view.layers if one.kind == "qpv")
    drawn = dict(zip([s.label for s in layer.styles], layer.counts(), strict=True))
    hollow = {s.label: s for s in layer.styles if s.label.endswith("habitants inconnus")}
    assert sum(drawn[label] for label in hollow) == 108
    assert sum(drawn.values()) == 1_584
    assert {s.fill for s in hollow.values()} == {"#ffffff"}
    (block,) = (b for b in plate.blocks if b.title.startswith("Quartiers"))
    (line,) = (s for s in block.samples if s.label.startswith("Habitants inconnus"))
    assert (line.count, line.style.fill) == (108, "#ffffff")
    assert block.note.startswith("1\u202f584\u00a0quartiers affichés")


def test_small_communes_are_hatched_and_said_on_the_map_its_legend_and_its_table(desk):
    """Haute-Marne, single-parent families. The counts are those of the raw facts: communes
    of 52 that have a value, by their ``population_2023``."""
    selection = Selection(
        territoire="departement:52", niveau="commune", indicateur="part_familles_monoparentales"
    )
    facts = pd.read_csv(ROOT / "data/facts/communes_2026.csv", dtype=str)
    rates = pd.read_csv(ROOT / "data/facts/indicateurs_communes.csv", dtype=str)
    known = rates.loc[rates["part_familles_monoparentales_2022"].notna(), "code_commune"]
    here = facts[facts["code"].str.startswith("52") & facts["code"].isin(known)]
    people = here["population_2023"].astype(float)
    under_200, under_1000 = int((people < 200).sum()), int((people < 1000).sum())
    assert under_200 > 100
    plate = plate_of(desk, view_of(desk, "carte", selection))
    (layer,) = (one for one in plate.view.layers if one.kind == "commune")
    hatched = [s.mark == "reserve" for s in layer.styles]
    drawn = sum(n for n, mark in zip(layer.counts(), hatched, strict=True) if mark)
    assert drawn == under_200
    (line,) = (s for s in plate.blocks[0].samples if s.label.startswith("Hachuré"))
    assert (line.count, line.style.mark) == (under_200, "reserve")
    table = carte_content(desk, selection).tables[0].frame
    small = table["a_savoir"].str.startswith("Petit effectif")
    assert int(small.sum()) == under_1000


def test_a_diverging_palette_says_its_midpoint(desk):
    """DGCL, 2022: 15.8 % of social housing in France, the limit of two classes."""
    plate = plate_of(
        desk, view_of(desk, "carte", Selection(indicateur="part_logements_sociaux", palette="vik"))
    )
    assert "Palette de part et d’autre de 15,8\u00a0% (France)" in plate.blocks[0].note
    labels = [s.label for s in plate.blocks[0].samples]
    assert labels[1].endswith("à 15,8\u00a0%")
    assert labels[2].startswith("plus de 15,8 à")
