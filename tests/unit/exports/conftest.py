"""One desk on the embedded snapshot; contours are published in a folder of the tests."""

import datetime as dt

import pytest

from clsm_map.desk import open_desk

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    return open_desk(today=TODAY, static=tmp_path_factory.mktemp("static"))
