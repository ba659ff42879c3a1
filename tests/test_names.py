"""Names for certificates: a plain list of the facilitator's own; what cannot be a name is told, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from safekeeping.publish.inputs import LARGEST_NAMED, _bytes
from safekeeping.publish.names import LARGEST, LONGEST, MOST, Name, NamesError, read_names


def listed(tmp_path: Path, text: str | bytes) -> Path:
    """A list as a file."""
    path = tmp_path / "names.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_names_come_in_the_order_of_their_lines_with_single_spaces(tmp_path: Path) -> None:
    """Whatever ends a line; empty ones are passed over; two people may have one name; a file may begin with a mark."""
    text = "\ufeffAda  Lovelace\r\n\r\n\tJos\u00e9\u00a0Mar\u00eda \rAda Lovelace\nO\u2019Neill-Smith, Jr."
    found = read_names(listed(tmp_path, text))
    assert [one.text for one in found] == ["Ada Lovelace", "José María", "Ada Lovelace", "O’Neill-Smith, Jr."]
    assert [one.line for one in found] == [1, 3, 4, 5]


@pytest.mark.parametrize("name", ["X", "#panic()", "<b>Bo</b>", "محمد", "王小明", "نیلوفر\u200cخانم", "a" * LONGEST])
def test_many_kinds_of_names_are_names(name: str, tmp_path: Path) -> None:
    """Short, long, in any writing, with joiners, and such as look like a command."""
    assert read_names(listed(tmp_path, name)) == (Name(name, 1),)


def test_all_lines_that_are_no_names_are_told_at_once(tmp_path: Path) -> None:
    """With the line, what stands there, and what to do; nothing in the message commands a terminal."""
    lines = ["Ada", "b" * (LONGEST + 1), "12", "Eve\x1b[31m", "Bo\u202eb", "Ida"]
    with pytest.raises(NamesError) as told:
        read_names(listed(tmp_path, "\n".join(lines)))
    said = str(told.value)
    assert [f"line {number}:" in said for number in range(1, 7)] == [False, True, True, True, True, False]
    assert f"longer than {LONGEST}" in said and "no letter" in said and said.count("hidden sign") == 2
    assert "\x1b" not in said and "\u202e" not in said and "b" * 41 not in said


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "holds no name"), (" \n\t\n", "holds no name"), ("Jos\u00e9".encode("cp1252"), "UTF-8"),
        ("Ada".encode("utf-16"), "UTF-8"), ("Ada\n" * (MOST + 1), f"At most {MOST}"),
        ("a" * (LARGEST + 1), "too large"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_names_is_told_in_one_sentence(raw: str | bytes, reason: str, tmp_path: Path) -> None:
    """Empty, in another encoding, too long."""
    with pytest.raises(NamesError, match=reason):
        read_names(listed(tmp_path, raw))


def test_a_file_far_too_large_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A film given by mistake does not fill the memory before it is refused."""
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("the whole file was read"))
    with pytest.raises(NamesError, match="too large"):
        read_names(listed(tmp_path, "a" * (LARGEST + 1)))
    assert len(_bytes(listed(tmp_path, "a" * (LARGEST_NAMED + 1)))) == LARGEST_NAMED


def test_as_many_as_allowed_are_read(tmp_path: Path) -> None:
    """Five hundred."""
    assert len(read_names(listed(tmp_path, "Ada\n" * MOST))) == MOST


@pytest.mark.parametrize("path", ["nothing.txt", "."])
def test_a_file_that_is_not_there_is_told_in_one_sentence(path: str, tmp_path: Path) -> None:
    """Or that is a folder."""
    with pytest.raises(NamesError, match="cannot be read"):
        read_names(tmp_path / path)


@pytest.mark.parametrize(
    ("name", "right"), [("Ada", False), ("דוד (Dave)", True), ("(محمد)", True), ("Ada דוד", False), ("- 12", False)]
)
def test_the_first_letter_says_the_direction(name: str, right: bool) -> None:
    """As in a paragraph of text."""
    assert Name(name).right_to_left is right
