"""Commands run as people type them."""

import pytest

from clsm_map.__main__ import main


@pytest.fixture
def typed(monkeypatch, capfd):
    """Run a command; give its exit code, what it said and what it complained of."""

    def execute(*words):
        monkeypatch.setattr("sys.argv", ["clsm_map", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capfd.readouterr()
        return stop.value.code, out, err

    return execute
