"""What the filter of statuses offers: no choice that can only give nothing."""

import pytest

from clsm_map.domain.devices import WITHOUT_ACTIVE
from clsm_map.ui.filters import status_choices


def test_not_covered_comes_first_and_nothing_is_offered_that_no_declaration_allows():
    offered, chosen = status_choices((), complete=False)
    assert offered[0] == "non_couverts"
    assert "sans_dispositif" not in offered
    assert chosen == []
    assert "sans_dispositif" in status_choices((), complete=True)[0]


def test_a_link_that_asks_for_it_is_still_shown():
    offered, chosen = status_choices(("sans_dispositif", "couvert"), complete=False)
    assert set(chosen) == {"sans_dispositif", "couvert"} <= set(offered)


def test_all_that_is_not_covered_is_one_choice():
    asked = (*WITHOUT_ACTIVE.statuses, "couvert_en_partie")
    assert status_choices(asked, complete=False)[1] == ["non_couverts", "couvert_en_partie"]


@pytest.mark.parametrize("page", ["couverture", "planifier"])
def test_a_choice_that_comes_back_empty_is_that_of_the_view(open_page, page):
    app = open_page(page, type="ASV")
    app.session_state["champ_type"] = None
    app.run()
    assert not app.error
    assert app.session_state["champ_type"] == "ASV"
