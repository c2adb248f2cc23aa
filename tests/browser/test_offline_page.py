"""A map exported as one file, opened from the disk with the network cut."""

import datetime as dt
import re

import pytest

from clsm_map.desk import open_desk
from clsm_map.domain.selection import Selection
from clsm_map.exports.export import export

SELECTION = Selection(territoire="region:53", niveau="epci", couches=("qpv", "clsm"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return open_desk(today=dt.date(2026, 11, 22), static=tmp_path_factory.mktemp("static"))


def test_it_draws_and_answers_without_any_request(browser, desk, tmp_path):
    path = tmp_path / "carte.html"
    path.write_bytes(export(desk, "carte", "html", SELECTION))
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_function("document.documentElement.dataset.painted === 'hors-ligne'")
    drawn = page.evaluate("clsmMap.state().layers.map(l => [l.kind, l.classes])")
    counts = {kind: sum(c["count"] for c in classes) for kind, classes in drawn}
    communes = desk.snapshot.communes_all
    here = communes.loc[communes["region"] == "53", "intercommunalite"].dropna()
    assert counts["epci"] == here.nunique()
    assert counts["qpv"] == (desk.snapshot.qpv["region"] == "53").sum()
    assert page.title().startswith("Revenu imposable par habitant, Bretagne")
    box = page.locator("#carte").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    bubble = page.locator(".clsm-bulle")
    bubble.wait_for(state="visible")
    assert re.search(r"Revenu par habitant|Habitants", bubble.inner_text())
    page.locator("summary").first.click()
    assert page.locator("details[open] tbody tr").count() == counts["epci"]
    context.close()
    assert asked == [path.as_uri()]
    assert wrong == []
