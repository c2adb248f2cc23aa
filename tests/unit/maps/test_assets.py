"""The static files: from packages and from here, named after their content, whole at all times."""

import re
import threading

from clsm_map.maps.geometry import STATIC_URL, prepare_static, runtime_script, write_once

OUTSIDE = re.compile(rb"https?://(?!www\.w3\.org/)([a-z0-9.-]+)")


def files_of(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_every_address_is_a_file_that_is_served(tmp_path):
    assets = prepare_static(tmp_path)
    for url in (*assets.scripts, *assets.styles):
        assert url.startswith(f"{STATIC_URL}/")
        assert (tmp_path / url.removeprefix(f"{STATIC_URL}/")).is_file()
    assert [u.rsplit("/", 1)[1].split("-")[0] for u in assets.scripts] == ["leaflet", "carte"]


def test_nothing_else_than_leaflet_is_loaded(tmp_path):
    names = " ".join(str(p) for p in files_of(prepare_all(tmp_path)))
    assert not re.search("jquery|bootstrap|d3|awesome", names)


def prepare_all(folder):
    prepare_static(folder)
    return folder


def test_preparing_twice_changes_nothing(tmp_path):
    first = prepare_static(tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    assert prepare_static(tmp_path) == first
    after = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    assert after == before


def test_two_at_once_leave_whole_files_and_no_temporary_one(tmp_path):
    threads = [threading.Thread(target=prepare_static, args=(tmp_path,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = files_of(prepare_all(tmp_path.parent / f"{tmp_path.name}-seul"))
    assert files_of(tmp_path) == alone


def test_a_file_cut_short_is_written_again(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"cou")
    write_once(path, b"coupe")
    assert path.read_bytes() == b"coupe"


def test_the_runtime_names_no_host_but_those_of_optional_tiles():
    hosts = {m.decode() for m in OUTSIDE.findall(runtime_script())}
    assert hosts == {"data.geopf.fr", "tile.openstreetmap.org"}


def test_the_style_names_no_host_and_the_fonts_are_there(tmp_path):
    assets = prepare_static(tmp_path)
    style = (tmp_path / assets.styles[1].removeprefix(f"{STATIC_URL}/")).read_bytes()
    assert OUTSIDE.findall(style) == []
    fonts = re.findall(rb"\.\./fonts/([^']+)", style)
    assert fonts
    assert all((tmp_path / "fonts" / f.decode()).is_file() for f in fonts)


def test_data_never_goes_through_inner_html():
    assert b"innerHTML" not in runtime_script().replace(b"never innerHTML", b"")
