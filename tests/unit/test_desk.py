"""One memo for all: a question is computed once, a register never answers for another."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from clsm_map.desk import Memo, answer, open_desk, register_id, weight_of
from clsm_map.store.register import embedded_register

TODAY = dt.date(2026, 11, 28)
asked = []


@answer
def noted(desk, kind, day=None):
    """A question that notes each time it is computed."""
    asked.append((desk.register_id, kind, day))
    return [kind]


@answer
def refused(desk, kind):
    asked.append((desk.register_id, kind, "refusé"))
    raise ValueError(kind)


@pytest.fixture(autouse=True)
def _nothing_asked():
    asked.clear()


@pytest.fixture(scope="module")
def desk():
    return open_desk(today=TODAY)


@pytest.fixture
def fresh(desk):
    return replace(desk, memo=Memo())


def test_a_thousand_visitors_of_one_link_cost_one_computation(fresh):
    gate = threading.Barrier(20)

    def visit(rank):
        if rank < 20:
            gate.wait()
        return noted(fresh, "CLSM", TODAY)

    with ThreadPoolExecutor(20) as visitors:
        given = list(visitors.map(visit, range(1000)))
    assert len(asked) == fresh.memo.computed == 1
    assert fresh.memo.found == 999
    assert all(one is given[0] for one in given)


def test_the_coverage_of_the_embedded_register_is_computed_once(fresh):
    first = fresh.coverage("CLSM")
    assert fresh.coverage("CLSM", TODAY) is first
    assert fresh.coverage("CLS") is not first
    assert fresh.memo.computed == 2


def test_two_registers_never_share_an_answer(desk):
    embedded = embedded_register(desk.snapshot)
    kept = embedded.dispositifs["id"] != "clsm-bourg-en-bresse"
    shorter = replace(embedded, dispositifs=embedded.dispositifs[kept])
    own = open_desk(desk.snapshot, shorter, today=TODAY, memo=desk.memo)
    assert own.register_id != desk.register_id
    noted(desk, "CLSM")
    noted(own, "CLSM")
    assert len(asked) == 2
    here, there = (d.coverage("CLSM").devices for d in (desk, own))
    assert len(here) - len(there) == 1


def test_a_register_is_named_by_its_content(desk):
    register = embedded_register(desk.snapshot)
    name = register_id(desk.snapshot, register)
    assert name == register_id(desk.snapshot, embedded_register(desk.snapshot))
    changed = register.dispositifs.copy()
    changed.loc[0, "statut"] = "arrêté"
    assert name != register_id(desk.snapshot, replace(register, dispositifs=changed))
    assert name != register_id(desk.snapshot, replace(register, origine="liste importée"))


def test_a_computation_that_fails_is_not_kept(fresh):
    for _ in range(2):
        with pytest.raises(ValueError, match="CLSM"):
            refused(fresh, "CLSM")
    assert len(asked) == 2
    assert len(fresh.memo) == 0


def test_tomorrow_is_another_question(fresh):
    noted(fresh, "CLSM")
    noted(replace(fresh, today=dt.date(2026, 11, 29)), "CLSM")
    assert len(asked) == 2


def test_the_memo_is_bounded_in_number_and_the_latest_asked_for_stay():
    memo = Memo(entries=3)
    for name in "abc":
        memo.give(name, lambda: 1)
    memo.give("a", lambda: 2)
    memo.give("d", lambda: 1)
    assert len(memo) == 3
    assert [memo.give(name, lambda: 2) for name in "acd"] == [1, 1, 1]
    assert memo.give("b", lambda: 2) == 2


def test_the_memo_is_bounded_in_bytes_and_an_answer_too_heavy_is_given_but_not_kept():
    memo = Memo(size=3_000)
    for rank in range(5):
        memo.give(rank, lambda: np.zeros(100))
    assert memo.bytes <= 3_000
    assert 0 < len(memo) < 5
    held = len(memo)
    assert len(memo.give("lourd", lambda: np.zeros(10_000))) == 10_000
    assert len(memo) == held


def test_forgetting_a_register_leaves_the_others(fresh):
    noted(fresh, "CLSM")
    noted(replace(fresh, register_id="autre"), "CLSM")
    fresh.memo.forget("autre")
    assert len(fresh.memo) == 1
    noted(fresh, "CLSM")
    assert len(asked) == 2
    fresh.memo.forget(fresh.register_id)
    assert (len(fresh.memo), fresh.memo.bytes) == (0, 0)


def test_an_answer_weighs_its_frames_and_shapes_once(desk):
    square = shapely.box(0, 0, 1, 1)
    frame = pd.DataFrame({"code": ["a"], "geometry": np.array([square], dtype=object)})
    assert weight_of(frame) > 5 * 16
    assert weight_of([frame, frame]) < 2 * weight_of(frame)
    assert weight_of([desk.ground]) < 200
