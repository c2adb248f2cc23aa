import pytest

from clsm_map.register import validate
from clsm_map.store.gazetteer import gazetteer_of
from clsm_map.store.register import embedded_register
from clsm_map.store.snapshot import open_snapshot


@pytest.fixture(scope="session")
def snapshot():
    return open_snapshot()


@pytest.fixture(scope="session")
def gazetteer(snapshot):
    return gazetteer_of(snapshot)


@pytest.fixture(scope="session")
def embedded(snapshot):
    return embedded_register(snapshot)


@pytest.fixture
def check(snapshot, tmp_path):
    """Write a list in a real file and validate it."""

    def run(content, name="liste.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return validate(path, snapshot, **options)

    return run


@pytest.fixture
def members():
    """Give the perimeter of a validated list as {device name: {(nature, code)}}."""

    def of(validation):
        register = validation.register
        names = dict(zip(register.dispositifs["id"], register.dispositifs["nom"], strict=True))
        out = {name: set() for name in names.values()}
        for owner, nature, code in register.perimetres.itertuples(index=False):
            out[names[owner]].add((nature, code))
        return out

    return of
