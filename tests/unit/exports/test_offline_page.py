"""The one-file page of a map: complete, safe with hostile names, and asking nothing of anyone."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from clsm_map.domain.selection import Selection
from clsm_map.exports.export import export
from clsm_map.exports.offline import POLICY, offline_page
from clsm_map.exports.plate import plate_of
from clsm_map.formats import NBSP
from clsm_map.table import Table
from clsm_map.views import questions
from clsm_map.views.view import view_of

AIN = Selection(territoire="departement:01", niveau="commune")
HOSTILE = "</script><img src=x onerror=alert(1)>${alert(2)}{{ 3 }}`'\""


class Reader(HTMLParser):
    """Tags met, attributes by tag, and text outside scripts and styles."""

    def __init__(self):
        super().__init__()
        self.tags, self.addresses, self.text, self.inside = [], [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v for k, v in attrs if k in {"src", "href"}]
        self.inside = tag

    def handle_endtag(self, tag):
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data):
        if self.inside not in {"script", "style"}:
            self.text.append(data)


def read(content):
    reader = Reader()
    reader.feed(content.decode())
    return reader


@pytest.fixture(scope="module")
def plate(desk):
    return plate_of(desk, view_of(desk, "carte", AIN))


def test_everything_is_inside(desk, plate):
    content = export(desk, "carte", "html", AIN).decode()
    page = read(content.encode())
    assert POLICY in content
    assert all(a.startswith("data:") for a in page.addresses)
    style = re.search(r"<style>(.*)</style>", content, re.DOTALL)[1]
    assert "font/woff2" in style
    assert not re.search(r"url\((?!data:)|@import", style)
    carried = json.loads(re.search(r"window\.clsmGeometry = (\{.*?\});\n?</script>", content)[1])
    assert set(carried) == {layer.geometry.url for layer in plate.view.layers}
    communes = next(la.geometry for la in plate.view.layers if la.kind == "commune")
    assert len(carried[communes.url]["c"]) == len(communes.codes)


def test_the_table_has_the_rows_of_the_map(desk, plate):
    page = read(export(desk, "carte", "html", AIN))
    rows = page.tags.count("tr") - page.tags.count("table")
    assert rows == len(questions.coloured(desk, AIN).frame) + len(
        questions.quartiers_kept(desk, AIN).frame
    )
    assert page.tags.count("h1") == 1
    assert page.tags.count("caption") == page.tags.count("table") == 2
    words = " ".join(page.text)
    assert "Bourg-en-Bresse" in words
    assert "extrait sourcé" in words
    assert f"établie le 22{NBSP}novembre 2026" in words


def test_numbers_are_written_the_french_way(desk):
    content = export(desk, "couverture", "html", Selection(territoire="departement:69")).decode()
    (head,) = re.findall(r"<thead>(.*?)</thead>", content)
    place = re.findall(r">([^<]+)</th>", head).index("Habitants (RP 2020)")
    rows = [re.findall(r"<td([^>]*)>([^<]*)</td>", row) for row in content.split("<tr>")[2:]]
    assert len(rows) == 48
    people = {cells[0][1]: cells[place] for cells in rows}
    assert people["QN06909M"] == (' class="n"', "7\u202f333")


def test_hostile_names_stay_names(desk, plate):
    view = replace(plate.view, title=HOSTILE)
    blocks = tuple(replace(b, title=HOSTILE, note=HOSTILE) for b in plate.blocks)
    hostile = replace(
        plate, view=view, title=HOSTILE, subtitle=HOSTILE, blocks=blocks, cautions=(HOSTILE,)
    )
    table = Table.of(HOSTILE, HOSTILE, pd.DataFrame({HOSTILE: [HOSTILE]}))
    safe = read(offline_page(plate, (), desk.static))
    page = read(offline_page(hostile, (table,), desk.static))
    assert "onerror" not in " ".join(page.addresses)
    assert page.tags.count("img") == safe.tags.count("img")
    assert page.tags.count("script") == safe.tags.count("script") == 4
    assert "".join(page.text).count(HOSTILE) >= 8


def test_the_page_is_the_same_for_the_same_view(desk):
    assert export(desk, "carte", "html", AIN) == export(desk, "carte", "html", AIN)


def test_what_belongs_to_one_visitor_is_carried_too(desk):
    """The line at the radius travels in its address, which the page's policy would refuse."""
    selection = Selection(lieu="commune:93066", rayon=7.0)
    content = export(desk, "couverture", "html", selection).decode()
    carried = json.loads(re.search(r"window\.clsmGeometry = (\{.*?\});\n?</script>", content)[1])
    assert not any(url.startswith("data:") for url in carried)
    (line,) = (columns for columns in carried.values() if columns["c"] == ["rayon", "lieu"])
    assert len(line["r"]) == 2
    page = read(content.encode())
    kept = questions.quartiers_around(desk, selection).frame
    assert page.tags.count("tr") - page.tags.count("table") == len(kept) > 10
    assert f"Quartiers à moins de 7{NBSP}km de{NBSP}: Saint-Denis (93)" in " ".join(page.text)
