import io
import time
import zipfile

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from clsm_map.domain.errors import ClsmMapError
from clsm_map.register import Validation, template, validate

CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NAMES = ["liste.csv", "liste.txt", "liste.xlsx", "liste.geojson", "liste.json", "liste.gpkg"]
STARTS = [b"", b"PK\x03\x04", b"SQLite format 3\x00", b"\xef\xbb\xbf", b"\xff\xfe", b'{"type":']


def refused_or_read(content, name, snapshot):
    try:
        read = validate(content, snapshot, name=name)
    except ClsmMapError as error:
        refusal = error.message_fr
        read = None
    if read is None:
        assert refusal.endswith((".", "!", "?"))
        return
    assert isinstance(read, Validation)
    assert read.lignes == read.acceptees + read.rejetees
    assert read.rejetees == len({e.ligne for e in read.erreurs})


@CALM
@given(st.sampled_from(NAMES), st.sampled_from(STARTS), st.binary(max_size=400))
def test_any_octets_are_read_or_refused_in_french(snapshot, name, start, content):
    refused_or_read(start + content, name, snapshot)


@CALM
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(snapshot, text):
    refused_or_read(text.encode("utf-8", "surrogatepass"), "liste.csv", snapshot)


@CALM
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=12)] * 6),
        min_size=1,
        max_size=8,
    )
)
def test_any_cells_under_true_titles_are_accepted_or_rejected(snapshot, rows):
    lines = ["nom\ttype\tstatut\tcode_insee\tepci\tannee_debut"]
    clean = str.maketrans(dict.fromkeys('\t\r\n"\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029', " "))
    lines += ["\t".join(cell.translate(clean) for cell in row) for row in rows]
    refused_or_read("\n".join(lines).encode(), "liste.csv", snapshot)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Give sound files to spoil; the workbook also with its parts uncompressed."""
    path = tmp_path_factory.mktemp("sound") / "liste.gpkg"
    frame = gpd.GeoDataFrame(
        {"nom": ["CLSM A"], "type": ["CLSM"]}, geometry=[box(5.1, 46.1, 5.3, 46.3)], crs=4326
    )
    frame.to_file(path, driver="GPKG")
    packed = zipfile.ZipFile(io.BytesIO(template("dispositifs", "xlsx")))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in packed.namelist():
            archive.writestr(name, packed.read(name))
    return {
        "liste.csv": template("dispositifs", "csv"),
        "liste.xlsx": buffer.getvalue(),
        "liste.geojson": frame.to_json().encode(),
        "liste.gpkg": path.read_bytes(),
    }


@CALM
@given(data=st.data())
def test_a_sound_file_with_a_wound_is_read_or_refused(snapshot, sound, data):
    name = data.draw(st.sampled_from(sorted(sound)))
    content = bytearray(sound[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    refused_or_read(bytes(content), name, snapshot)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_at_all_is_refused(snapshot, name):
    with pytest.raises(ClsmMapError, match="vide"):
        validate(b"", snapshot, name=name)


def test_an_absent_file_is_refused(snapshot, tmp_path):
    with pytest.raises(ClsmMapError, match="n'existe pas"):
        validate(tmp_path / "absente.csv", snapshot)
    with pytest.raises(ClsmMapError, match="n'existe pas"):
        validate(tmp_path / "..", snapshot, name="dossier.csv")


def test_a_file_too_large_is_not_opened(snapshot, tmp_path):
    path = tmp_path / "liste.csv"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    with pytest.raises(ClsmMapError, match=r"60\sMo"):
        validate(path, snapshot)


def test_endless_cells_do_not_stop_the_reading(snapshot):
    long = "conseil " * 15_000
    content = f"nom;type;commune;statut\n{long};{long};{long};{long}\n".encode()
    started = time.perf_counter()
    read = validate(content, snapshot, name="liste.csv")
    assert time.perf_counter() - started < 5
    assert read.rejetees == 1
    assert max(len(e.valeur) for e in read.erreurs) < 300


def test_a_hostile_text_goes_through_unchanged_for_the_page_to_escape(snapshot):
    hostile = "<img src=x onerror=alert(1)> ${alert(1)} `x`"
    content = f"nom;type;code\n{hostile};CLSM;01053\n".encode()
    read = validate(content, snapshot, name="liste.csv")
    assert read.register.dispositifs["nom"].tolist() == [hostile]
    assert read.register.dispositifs["id"].str.fullmatch(r"[a-z0-9-]+").all()
