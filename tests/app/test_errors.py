"""A page that fails says so in French, keeps its menu, and sends nothing outside."""

import pytest
from streamlit.testing.v1 import AppTest

from clsm_map.domain.errors import InvalidInputError
from clsm_map.ui import carte
from tests.app.conftest import ROOT


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidInputError("Ce code n’existe pas."), "Ce code n’existe pas."),
        (ZeroDivisionError("secret interne"), "Rien n’est perdu et les autres pages fonctionnent"),
    ],
)
def test_a_failing_page_explains_itself(monkeypatch, error, said):
    def fail(_selection):
        raise error

    monkeypatch.setattr(carte, "bar", fail)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/carte.py").run()
    assert not app.exception
    assert len(app.error) == 1
    assert said in app.error[0].value
    assert "secret interne" not in app.error[0].value
