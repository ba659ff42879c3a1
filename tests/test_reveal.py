"""The slide library: read as data, checked against recorded sums, with its notice in every copy."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from safekeeping.publish import reveal


@pytest.fixture
def carrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that carries reveal.js; gives the folder of its files."""
    source = reveal.distribution(reveal.PACKAGE).locate_file("pyreveal/revealjs")
    for name in reveal.SUMS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(str(source)) / name, tmp_path / name)

    class Fake:
        """A package installed elsewhere."""

        def locate_file(self, _path: str) -> Path:
            """Our copy."""
            return tmp_path

    monkeypatch.setattr(reveal, "distribution", lambda _name: Fake())
    return tmp_path


def test_the_slide_library_is_the_one_that_was_checked(carrier: Path) -> None:
    """Read as data, with its notice in every copy."""
    assert set(reveal.files()) == set(reveal.SUMS)
    assert "Copyright" in reveal.script()[:400] and reveal.VERSION in reveal.script()[:60]
    assert not re.search(r"@import|@font-face|url\((?!data:)|https?:", reveal.style())


@pytest.mark.parametrize("name", sorted(reveal.SUMS))
def test_a_changed_file_of_the_slide_library_is_refused(carrier: Path, name: str) -> None:
    """Each of them, for one letter."""
    with (carrier / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(reveal.RevealError, match=f"holds another {name} than the one checked"):
        reveal.files()


def test_a_missing_file_or_package_says_what_to_install(carrier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with the command."""
    (carrier / "LICENSE").unlink()
    with pytest.raises(reveal.RevealError, match="pip install pyreveal"):
        reveal.files()
    monkeypatch.setattr(reveal, "PACKAGE", "pyreveal-of-nowhere")
    monkeypatch.undo()
    monkeypatch.setattr(reveal, "PACKAGE", "pyreveal-of-nowhere")
    with pytest.raises(reveal.RevealError, match=r"safekeeping\[publish\]"):
        reveal.files()
