"""The university pack: its data fits together, its documents are filled in, and `check` finds what is wrong."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from check.twins import Edit, swap
from safekeeping import cli, documents, library, university
from safekeeping.author.check import Report, check
from safekeeping.faults import ContentError, WrongCall
from safekeeping.publish.filled import Filler

TODAY = date(2026, 11, 22)
PACK = "facilitator/university"
RUBRIC = """format = 1
[[level]]
id = "good"
title = "Good"
share = 100
[[level]]
id = "poor"
title = "Poor"
share = 50
[[criterion]]
id = "care"
title = "Care"
weight = 60
[[criterion.anchor]]
level = "good"
text = "It listens."
[[criterion.anchor]]
level = "poor"
text = "It talks."
[[criterion]]
id = "order"
title = "Order"
weight = 40
[[criterion.anchor]]
level = "good"
text = "It is short."
[[criterion.anchor]]
level = "poor"
text = "It is long."
"""
OTHERS = {
    "readings.toml": """format = 1
[[reading]]
id = "a-source"
free = true
questions = ["Who says so?", "Who else could know?"]
""",
    "grading.toml": """format = 1
[[grading]]
id = "evening"
[[grading.share]]
title = "A note"
weight = 100
""",
    "competencies.toml": """format = 1
[[competency]]
id = "C7"
[[area]]
id = "notice"
label = "Notice"
objectives = ["OBJECTIVE"]
""",
    "marks.toml": """format = 1
[[mark]]
id = "one"
comment = "Go on."
[[mark.score]]
criterion = "care"
level = "good"
reason = "It listens."
[[mark.score]]
criterion = "order"
level = "poor"
reason = "It is long."
""",
}
NO_SOURCE = '[[reading]]\nid = "no-such"\nfree = true\nquestions = ["Who?", "How?"]\n'
FRONT = """+++
format = 1
id = "{id}"
title = "{title}"
purpose = "To teach an evening."
audience = "Whoever teaches"
minutes = 1
version = "1.0"
date = "2026-11-20"
licence = "CC BY 4.0"
claims = []
+++

# {title}

"""
SYLLABUS = """## First week

{{objectives: OBJECTIVE}}

{{readings: SOURCE}}

{{grading: evening}}

See [the paper](exemplars/one.md).
"""


@pytest.fixture(scope="session")
def pattern(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course with a tiny pack, written once."""
    root = Path(shutil.copytree(pattern, tmp_path_factory.mktemp("university") / "course"))
    content = library.Library(root / "content")
    names = {
        "OBJECTIVE": next(one.id for module in content.every("module") for one in module.objectives),
        "SOURCE": next(content.every("source")).id,
    }
    cswe = sorted({c for module in content.every("module") for one in module.objectives for c in one.cswe})
    names["a-source"] = names["SOURCE"]
    names['[[competency]]\nid = "C7"'] = "\n".join(f'[[competency]]\nid = "{c}"' for c in cswe)

    def put(path: str, text: str) -> None:
        for old, new in names.items():
            text = text.replace(old, new)
        target = root / PACK / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    for name, text in {"rubric.toml": RUBRIC, **OTHERS}.items():
        put(name, text)
    put("syllabus.md", FRONT.format(id="U01", title="An evening") + SYLLABUS)
    put("exemplars/one.md", FRONT.format(id="U02", title="A paper") + "It listens, and it is long.\n")
    return root


@pytest.fixture
def broken(root: Path) -> Callable[[Edit], Report]:
    """What `check` says after one edit."""

    def run(edit: Edit) -> Report:
        edit(root)
        return check(root / "content", library.Course(root), today=TODAY)

    return run


def test_the_tiny_pack_is_without_fault(broken: Callable[[Edit], Report]) -> None:
    """The twin that must pass: otherwise the broken ones would prove nothing."""
    assert broken(lambda _: None).faults == ()


@pytest.mark.parametrize(
    ("rule", "file", "old", "new", "says"),
    [
        ("university-data", "rubric.toml", "weight = 60", "weight = 61", "add up to 101"),
        ("university-data", "rubric.toml", "share = 50", "share = 100", "falling"),
        ("university-data", "rubric.toml", 'level = "poor"\ntext = "It talks."', 'level = "bad"\ntext = "It."', "poor"),
        ("university-data", "grading.toml", "weight = 100", "weight = 90", "add up to 90"),
        ("university-data", "readings.toml", '"Who says so?", ', "", "1 questions"),
        ("university-data", "readings.toml", "Who says so?", "Say who says so.", "1 questions"),
        ("university-data", "readings.toml", "format = 1", "format = 1\n" + NO_SOURCE, "the id of a source"),
        ("university-data", "marks.toml", 'level = "poor"', 'level = "pour"', "pour"),
        ("university-data", "marks.toml", 'criterion = "order"', 'criterion = "care"', "order"),
        ("university-data", "marks.toml", 'id = "one"', 'id = "two"', "an exemplar's file"),
        ("university-data", "competencies.toml", 'objectives = ["', 'objectives = ["9', "ids of objectives"),
        ("university-filled", "syllabus.md", "{{grading: evening}}", "{{grading: morning}}", "morning"),
        ("university-filled", "syllabus.md", "{{grading: evening}}", "{{marking: evening}}", "marking"),
        ("university-filled", "syllabus.md", "{{objectives: ", "{{objectives: 9", "objective"),
        ("document-links", "syllabus.md", "exemplars/one.md", "exemplars/two.md", "two.md"),
        ("document-front", "syllabus.md", 'id = "U01"', 'id = "U02"', "U02"),
        ("avoid-term", "marks.toml", "Go on.", "Go on, problem kid.", "problem kid"),
        ("digits", "syllabus.md", "See [the", "See 12 times [the", "12"),
    ],
)  # fmt: skip
def test_a_fault_is_found_where_it_stands(
    rule: str, file: str, old: str, new: str, says: str, broken: Callable[[Edit], Report]
) -> None:
    """One edit, one rule, named with its file, its line and what came."""
    faults = broken(swap(f"{PACK}/{file}", old, new)).faults
    assert {one.rule for one in faults} == {rule}
    assert any(says in str(one) for one in faults)
    assert all(one.line > 0 for one in faults)


def test_four_core_readings_a_week_are_too_many(broken: Callable[[Edit], Report], root: Path) -> None:
    """Three pass, four do not, also when they stand on two lines."""
    source = next(library.Library(root / "content").every("source")).id
    line = f"{{{{readings: {source}}}}}"
    three = f"{{{{readings: {source}, {source}, {source}}}}}"
    path = f"{PACK}/syllabus.md"
    assert broken(swap(path, line, three)).faults == ()
    (fault,) = broken(swap(path, three, f"{line}\n\n{three}")).faults
    assert (fault.rule, fault.came) == ("university-filled", "4 core readings")


def test_only_the_university_pack_is_filled_in(broken: Callable[[Edit], Report]) -> None:
    """A handbook is printed as it stands; a line in braces would reach the paper."""
    edit = swap("facilitator/handbook.md", "Good evening.", "Good evening. |\n\n{{rubric: all}}\n\n|")
    (fault,) = broken(edit).faults
    assert fault.rule == "university-filled"


def test_points_are_weights_times_shares(root: Path) -> None:
    """Care is good (60 of 60), order is poor (20 of 40)."""
    data = university.read(library.Course(root))
    assert data.points(data.mark["one"]) == 80.0


def test_data_that_does_not_fit_is_refused_with_every_fault(root: Path) -> None:
    """Whoever makes a page reads all faults at once."""
    for name, old, new in (("rubric.toml", "weight = 40", "weight = 4"), ("grading.toml", "100", "10")):
        swap(f"{PACK}/{name}", old, new)(root)
    with pytest.raises(ContentError) as caught:
        university.read(library.Course(root))
    assert [one.rule for one in caught.value.faults] == ["rubric-weights", "grading-weights"]


@pytest.fixture(scope="module")
def filled() -> dict[str, str]:
    """Every document of the real pack, filled in, by its id."""
    course, content = library.course(), library.built_in()
    filler = Filler(content, university.read(course), content.words("university"))
    every = (documents.read(path, path.name) for path in university.paths(course))
    return {one.front.id: filler.fill(one) for one in every}


def test_nothing_in_braces_is_left(filled: dict[str, str]) -> None:
    """Every line that stands for something has become it."""
    assert [id for id, text in filled.items() if "{{" in text or "}}" in text] == []


def test_the_map_holds_every_objective_under_each_of_its_competencies(filled: dict[str, str]) -> None:
    """It is made from the modules, and no other label than a confirmed one stands in it."""
    parts = dict(zip(*[iter(re.split(r"^\*\*(C\d): ", filled["U21"], flags=re.M)[1:])] * 2, strict=True))
    for module in library.built_in().every("module"):
        for one in module.objectives:
            holding = {id for id, text in parts.items() if f"- **{one.id}** {one.text}" in text}
            assert holding == set(one.cswe)
    unlabelled = {id for id, text in parts.items() if text.startswith("label not confirmed")}
    assert unlabelled == {"C4", "C5", "C6", "C7", "C8", "C9"}


def test_the_marks_tell_good_work_from_weak(filled: dict[str, str]) -> None:
    """For A2 and for A4: one strong, one middling, one weak, each criterion with its reason."""
    data = university.read(library.course())
    for task in ("a2", "a4"):
        points = sorted(data.points(one) for id, one in data.mark.items() if id.startswith(task))
        assert len(points) == 3
        assert points[0] < 60 < points[1] < 85 < points[2]


def test_the_minutes_of_every_meeting_add_up(filled: dict[str, str]) -> None:
    """A lecturer can follow the table with a clock."""
    for id, lengths in {"U03": [150, 150, 150], "U04": [180], "U05": [90], "U06": [60]}.items():
        tables = re.findall(r"^\| minutes \|.*\n\|.*\n((?:\|.*\n)+)", filled[id], re.MULTILINE)
        assert [sum(map(int, re.findall(r"^\| (\d+)\sminutes", one, re.MULTILINE))) for one in tables] == lengths


def test_the_exemplars_do_not_tell_how_good_they_are(filled: dict[str, str]) -> None:
    """Markers in training mark blind: the marks stand in the key alone."""
    for id in ("U14", "U15", "U16", "U17", "U18", "U19"):
        head = filled[id].partition("## ")[0].lower()
        assert not re.search(r"strong|weak|adequate|developing|points", head)
        assert "fictional" in head


def test_one_document_is_a_page_without_the_marking_key(tmp_path: Path) -> None:
    """What a student receives holds the case, the outcomes and help lines, and not one mark."""
    target = tmp_path / "a4.html"
    assert cli.main(["page", "u10", "-o", str(target)]) == 0
    text = target.read_text(encoding="utf-8")
    assert "Aaron" in text
    assert 'id="help-lines"' in text
    for mark in university.read(library.course()).mark.values():
        assert mark.comment not in text


def test_the_whole_pack_is_a_page_whose_links_lead_somewhere(tmp_path: Path) -> None:
    """Each document has its place; no link leads to a file that is not there."""
    target = tmp_path / "all.html"
    assert cli.main(["page", "university", "-o", str(target)]) == 0
    text = target.read_text(encoding="utf-8")
    ids = set(re.findall(r'id="([^"]+)"', text))
    assert {f"u{n:02d}" for n in range(1, 27)} <= ids
    assert set(re.findall(r'href="#([^"]+)"', text)) <= ids
    assert not re.search(r'href="[^"#]*\.md', text)
    assert "Not yet externally reviewed" in text


def test_a_document_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong id ends with 2 and one sentence, and nothing is written."""
    assert cli.main(["page", "U99", "-o", str(tmp_path / "x.html")]) == 2
    assert "U99" in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()


def test_a_course_without_the_pack_says_so(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty page would look like a finished one."""
    shutil.rmtree(root / PACK)
    assert cli.main(["page", "university", "--course", str(root), "-o", str(tmp_path / "x.html")]) == 2
    assert "no university pack" in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()


def test_an_unknown_word_before_a_colon_is_named() -> None:
    """With a near one."""
    content = library.built_in()
    filler = Filler(content, university.read(library.course()), content.words("university"))
    with pytest.raises(WrongCall, match="objectives"):
        filler.made("objectvies", ["5.1"])


def test_angle_brackets_and_bars_in_data_stay_text(root: Path) -> None:
    """What an adapter writes into the rubric can neither end a table's cell nor become an element."""
    swap(f"{PACK}/rubric.toml", "It listens.", "It | <b>listens</b>.")(root)
    content = library.Library(root / "content")
    labels = library.built_in().words("university")
    made = Filler(content, university.read(library.Course(root)), labels).made("rubric", ["care"])
    assert "It \\| <b>listens</b>." in made
