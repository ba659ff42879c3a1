"""`check` finds every fault in one run, says where and what to do, and lets what is in order pass."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from check.twins import BOOK, CLAIMS, ITEMS, MODULE, NEARLY, NOTICES, PLACE, STORY, TWINS, WORDS, add, cell, swap
from safekeeping import library, scenario
from safekeeping.author import ledger, locate, reading
from safekeeping.author.check import Report, check, read
from safekeeping.author.coverage import coverage
from safekeeping.author.graph import Story, stories
from safekeeping.author.new import new
from safekeeping.author.prose import parse
from safekeeping.author.rules import JUDGED, RULES
from safekeeping.faults import WrongCall

TODAY = date(2026, 11, 22)
APART = {"vanished-id", "new-id", "place-complete", "too-many-states"}  # these have tests of their own below


def run(root: Path, **options: object) -> Report:
    return check(root / "content", library.Course(root), **{"today": TODAY} | options)  # type: ignore[arg-type]


def test_the_tiny_course_passes_every_rule(root: Path) -> None:
    """The correct twin of every broken one: no fault, and no notice but the ids that no ledger knows yet."""
    report = run(root)
    assert report.faults == ()
    assert {fault.rule for fault in report.notices} == {"new-id"}
    assert report.exit_code == 0


def test_every_rule_has_a_broken_twin() -> None:
    """A rule without one could be asleep."""
    assert set(RULES) == set(TWINS) | APART


@pytest.mark.parametrize("rule", TWINS)
def test_a_broken_twin_raises_exactly_its_rule(rule: str, root: Path) -> None:
    """One edit, one rule; the fault names file and line and has all four parts."""
    TWINS[rule](root)
    report = run(root)
    found = [one for one in report.notices if one.rule == rule] if rule in NOTICES else list(report.faults)
    assert {one.rule for one in found} == {rule}
    assert rule not in NOTICES or report.faults == ()
    for one in found:
        assert one.file and one.came and one.allowed and one.remedy
        assert one.line > 0 or one.file.endswith("/")


@pytest.mark.parametrize("rule", NEARLY)
def test_what_only_looks_like_a_breach_passes(rule: str, root: Path) -> None:
    """A rule that cries wolf teaches people to switch it off."""
    NEARLY[rule](root)
    assert run(root).faults == ()


def test_every_rule_says_what_it_cannot_see() -> None:
    """A rule that knows its limits is not taken for a guarantee."""
    for name, rule in RULES.items():
        assert rule.__doc__ and "Cannot see:" in rule.__doc__, name
        assert rule.__doc__.partition("Cannot see:")[2].strip(), name


def test_all_faults_come_in_one_run_sorted_by_file_and_line(root: Path) -> None:
    """Nobody wants to run it nine times."""
    for rule in ("no-source", "glossary-length", "one-key", "repair", "unknown-tag"):
        TWINS[rule](root)
    report = run(root)
    assert {one.rule for one in report.faults} == {"no-source", "glossary-length", "one-key", "repair", "unknown-tag"}
    assert [(one.file, one.line) for one in report.faults] == sorted((one.file, one.line) for one in report.faults)


@pytest.mark.parametrize(
    ("file", "text", "rule"),
    [
        (CLAIMS, 'format = 1\n[[claim]]\nid = "open', "not-toml"),
        (STORY, "format = 1\nid = \n", "not-toml"),
        (WORDS, "format = 99\n", "newer-format"),
        (MODULE, "", "no-format"),
        (ITEMS, "format = 1\n[[item]\n", "not-toml"),
        (BOOK, '{"cells": [', "unreadable"),
        (BOOK, "[]", "unreadable"),
        (PLACE, 'format = 1\nx = """', "not-toml"),
        ("content/words.toml", "x", "not-toml"),
    ],
)
def test_an_unreadable_file_is_one_fault_and_the_run_goes_on(file: str, text: str, rule: str, root: Path) -> None:
    """What the lost file held is unknown, so nothing is said about what points at it; other faults are still found."""
    (root / file).write_text(text, encoding="utf-8")
    TWINS["seed-indicator"](root)
    report = run(root)
    name = file.removeprefix("content/")
    assert [one.rule for one in report.faults if one.file == name] == [rule]
    assert "seed-indicator" in {one.rule for one in report.faults}
    assert not {"unknown-id", "vanished-id"} & {one.rule for one in report.faults}


def test_bytes_that_are_no_text_are_one_fault(root: Path) -> None:
    """A file saved in another encoding."""
    (root / WORDS).write_bytes(b"format = 1\n# \xff\xfe\n")
    assert [one.rule for one in run(root).faults] == ["not-utf8"]


@pytest.mark.parametrize(
    ("edit", "line", "remedy"),
    [
        (swap(STORY, 'stance = "withdraw"', 'stanse = "withdraw"'), 'stanse = "withdraw"', 'Did you mean "stance"?'),
        (swap(ITEMS, 'use = "practice"', 'use = "practise"'), 'use = "practise"', 'Did you mean "practice"?'),
        (swap(WORDS, 'term = "pattern"', 'term = "pattern"\nclaim = ["x"]'), 'claim = ["x"]', 'Did you mean "claims"?'),
        (swap(PLACE, "[[law]]", "[[laws]]"), "[[laws]]", 'Did you mean "law"?'),
    ],
)  # fmt: skip
def test_a_misspelt_word_is_found_with_its_line_and_the_near_one(
    edit: object, line: str, remedy: str, root: Path
) -> None:
    """TOML forgets lines; the check does not."""
    edit(root)  # type: ignore[operator]
    fault = next(one for one in run(root).faults if remedy in one.remedy)
    text = (root / "content" / fault.file).read_text(encoding="utf-8").split("\n")
    assert text[fault.line - 1] == line


def test_an_unknown_id_in_a_cell_names_the_cell_and_a_near_id(root: Path) -> None:
    """`play("sc1-one")` would otherwise fail in front of a learner."""
    cell("story", source=['play("sc1-one")'])(root)
    (fault,) = run(root).faults
    assert (fault.rule, fault.at, fault.remedy) == ("unknown-id", "cell[story]", 'Did you mean "sc01-one"?')
    assert '"id": "story"' in (root / BOOK).read_text(encoding="utf-8").split("\n")[fault.line - 1]


def test_an_exemption_with_a_reason_is_listed_and_fails_nothing(root: Path) -> None:
    """`because` sets a rule aside for one item, where everybody can read why."""
    reason = "The question is about what to leave out."
    swap(ITEMS, "what would you do next?", "what would you not do next?")(root)
    swap(ITEMS, 'id = "m1-q0"\n', f'id = "m1-q0"\nbecause = {{ negative = "{reason}" }}\n')(root)
    report = run(root)
    assert report.faults == ()
    assert [(one.rule, one.reason) for one in report.exemptions] == [("negative", reason)]


def test_an_exemption_that_nothing_needs_is_told(root: Path) -> None:
    """Exemptions must not pile up."""
    swap(ITEMS, 'id = "m1-q0"\n', 'id = "m1-q0"\nbecause = { negative = "It was needed once." }\n')(root)
    report = run(root)
    assert report.faults == ()
    assert "because-unused" in {one.rule for one in report.notices}


def test_structure_cannot_be_set_aside() -> None:
    """Only rules that need judgement can; an unknown id stays unknown."""
    assert not JUDGED & {"unknown-id", "reused-id", "one-key", "dead-end", "authors-path", "vanished-id", "set-items"}


def test_a_release_turns_dates_into_faults(root: Path) -> None:
    """An expired confirmation is a notice on a working day, and stops a release."""
    TWINS["contact-confirmed"](root)
    assert run(root).faults == ()
    assert {one.rule for one in run(root, release=True).faults} == {"contact-confirmed"}


def test_the_day_of_a_date_rule_can_be_given(root: Path) -> None:
    """Ninety days hold, ninety-one do not."""
    told = [{one.rule for one in run(root, today=date(2027, 1, day)).notices} for day in (30, 31)]
    assert ["contact-confirmed" in rules for rules in told] == [False, True]
    assert "law-review" in {one.rule for one in run(root, today=date(2027, 5, 23)).notices}


def test_a_ledger_is_written_once_and_then_still(root: Path) -> None:
    """`--register` adds what is new, sorted, and changes nothing the second time."""
    assert run(root, register=True).notices == ()
    text = (root / "content" / "ids.toml").read_text(encoding="utf-8")
    kinds = tomllib.loads(text)
    assert kinds["cell"]["ids"] == sorted(kinds["cell"]["ids"])
    assert "sc01-one.corner.sit-near" in kinds["part"]["ids"]
    run(root, register=True)
    assert (root / "content" / "ids.toml").read_text(encoding="utf-8") == text


def test_an_id_that_went_away_is_a_fault_and_a_renamed_one_is_recognised(root: Path) -> None:
    """Progress and answers would point at nothing."""
    run(root, register=True)
    swap(CLAIMS, 'id = "advice-only"', 'id = "advice-alone"')(root)
    (fault,) = run(root).faults
    assert fault.rule == "vanished-id"
    assert 'Was it renamed to "advice-alone"?' in fault.remedy
    assert fault.line > 1


def test_a_retired_record_keeps_its_id(root: Path) -> None:
    """Retiring is how a record goes; what still names it is told."""
    run(root, register=True)
    swap(CLAIMS, 'id = "advice-only"', 'id = "advice-only"\nretired = true')(root)
    assert run(root).faults == ()
    swap(WORDS, '["change-matters"]', '["advice-only"]')(root)
    (fault,) = run(root).faults
    assert fault.came == '"advice-only", which is retired'


def test_a_cell_goes_by_way_of_the_ledger(root: Path) -> None:
    """A notebook has no place for retired cells, so the ledger remembers them, and they cannot come back."""
    run(root, register=True)
    TWINS["cell-id"](root)
    cell("Story_Before", id="before-story")(root)
    assert {one.rule for one in run(root).faults} == {"vanished-id"}
    path = root / "content" / "ids.toml"
    text = path.read_text(encoding="utf-8").replace('  "01-notice/story-before",\n', "", 1)
    text = text.replace("[cell]\n", '[cell]\ngone = ["01-notice/story-before"]\n')
    path.write_text(text, encoding="utf-8")
    assert run(root).faults == ()
    cell("before-story", id="story-before")(root)
    assert [one.rule for one in run(root).faults] == ["vanished-id"]


def test_a_place_pack_is_proved_complete(root: Path) -> None:
    """A replacement answers every situation and has every law and phrase."""
    other = root / "elsewhere.toml"
    shutil.copy(root / PLACE, other)
    assert run(root, place_file=other).faults == ()
    cell("change-figure", source=['show("us-duty")'])(root)
    text = other.read_text(encoding="utf-8").replace('use = ["danger-now"]', "use = []")
    other.write_text(text.replace('id = "us-duty"', 'id = "other-duty"'), encoding="utf-8")
    rules = {one.rule: one.came for one in run(root, place_file=other).faults if one.rule == "place-complete"}
    came = [one.came for one in run(root, place_file=other).faults if one.rule == "place-complete"]
    assert rules
    assert sorted(came) == ['no contact with use "danger-now"', 'no law "us-duty"']


def test_too_many_states_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags multiply; the limit is the engine's."""
    monkeypatch.setattr(scenario, "MOST_STATES", 4)
    assert {one.rule for one in run(root).faults} == {"too-many-states"}


def test_shares_are_faults_only_for_a_release_of_the_whole_set(root: Path) -> None:
    """Four stories are too few to fail for."""
    TWINS["shares"](root)
    assert run(root, release=True).faults == ()


def test_a_translation_in_step_passes_and_a_complete_one_must_be_whole(root: Path) -> None:
    """Fingerprints tie each text to the English that it follows."""
    english = "Several changes that belong together, seen over time."
    swap("content/languages.toml", '"not started"', '"in progress"')(root)
    of = library.fingerprint(english)
    add("content/es/glossary.toml", f'format = 1\n[[text]]\nid = "pattern.text"\nof = "{of}"\ntext = "Varios"\n')(root)
    assert run(root).faults == ()
    swap("content/languages.toml", '"in progress"', '"complete"')(root)
    report = run(root)
    assert {one.rule for one in report.faults} == {"translation"}
    assert "of 2 texts not translated" in next(one.came for one in report.faults if one.file == "es/glossary.toml")


def test_content_can_be_checked_without_a_course(root: Path) -> None:
    """A content folder of one's own has no notebooks yet."""
    report = check(root / "content", None, today=TODAY)
    assert report.faults == ()
    assert report.counts["notebook"] == 0


@pytest.mark.parametrize(("folder", "place"), [("nowhere", None), ("content", "nowhere.toml")])
def test_a_wrong_path_is_one_sentence(folder: str, place: str | None, root: Path) -> None:
    """Never a traceback for what a person typed."""
    with pytest.raises(WrongCall, match="There is no"):
        check(root / folder, None, place_file=root / place if place else None, today=TODAY)


def test_the_report_speaks_to_people_and_to_programs(root: Path) -> None:
    """Text with a last sentence that counts; a mapping that JSON can hold."""
    TWINS["rescue"](root)
    report = run(root)
    assert "[rescue]" in report.as_text()
    assert report.as_text().endswith(f"1 fault; {len(report.notices)} notices.")
    again = json.loads(json.dumps(report.as_dict()))
    assert again["faults"][0]["rule"] == "rescue"
    assert set(again) == {"faults", "notices", "counts", "exemptions", "reading", "scores"}
    assert again["scores"]["sc01-one"]["hold"] < 75


def test_coverage_says_where_each_point_is_taught_and_tested(root: Path) -> None:
    """A point is taught by a cell or an indicator that names it."""
    cover = coverage(root / "content", library.Course(root))
    rows = {row.id: row for row in cover.seeds}
    assert rows["S001"].taught == ("01-notice/change-text",)
    assert rows["S036"].taught == ("indicator sudden-change",)
    assert "m1-q0" in rows["S036"].items
    assert [(one.id, one.missing) for one in cover.objectives] == [("1.1", []), ("1.2", [])]
    assert cover.faults == ()
    assert "2 of 2 points are taught, 0 not yet." in cover.as_text()
    json.dumps(cover.as_dict())


def test_what_nothing_teaches_stops_a_release(root: Path) -> None:
    """Until then it is listed as not yet taught."""
    cell("change-text", safekeeping={"claims": ["change-matters"]})(root)
    swap(MODULE, 'cswe = ["C7"]\nscorable = true', "scorable = true")(root)
    course = library.Course(root)
    assert "not yet taught" in coverage(root / "content", course).as_text()
    assert coverage(root / "content", course).faults == ()
    faults = coverage(root / "content", course, release=True).faults
    assert [(one.rule, one.line > 0) for one in faults] == [("seed-taught", True), ("objective-covered", True)]


@pytest.mark.parametrize("kind", ["scenario", "item"])
def test_a_starter_file_passes_and_is_never_overwritten(kind: str, root: Path) -> None:
    """What a person starts from is in order as it stands."""
    path = new(kind, "m1-something-new", root / "content")
    assert run(root).faults == ()
    assert kind != "scenario" or 'status = "needs-review"' in path.read_text(encoding="utf-8")
    with pytest.raises(WrongCall, match="stays as it is"):
        new(kind, "m1-something-new", root / "content")


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("poem", "x", "Choose scenario or item"),
        ("scenario", "../out", "is no id"),
        ("scenario", "Sc 1", "is no id"),
        ("item", "m1-q0", "never used again"),
    ],
)
def test_a_starter_refuses_what_would_not_work(kind: str, name: str, says: str, root: Path) -> None:
    """One calm sentence each."""
    with pytest.raises(WrongCall, match=says):
        new(kind, name, root / "content")


def test_a_starter_never_takes_an_id_of_the_ledger(root: Path) -> None:
    """Also not one that went away long ago."""
    (root / "content" / "ids.toml").write_text('format = 1\n[scenario]\nids = ["sc99-old"]\n', encoding="utf-8")
    with pytest.raises(WrongCall, match="never used again"):
        new("scenario", "sc99-old", root / "content")


def test_lines_of_every_kind_of_value() -> None:
    """Tables, lists over several lines, entries by number and by id, text ids, and keys that are not there."""
    text = (
        'format = 1\n\n[[node]]\nid = "a" # first\ntext = "x [ y"\nlist = [\n  "one",\n  "two", # 2\n]\n'
        '[[node.option]]\nid = "o"\nset = ["p", "q"]\n[[node]]\nid = "b"\ntext = """\n[not a table]\nid = "c"\n"""\n'
        'inline = { id = "i" }\n[debrief]\nsettle = "s"\n'
    )
    marks = locate.marks(text)
    wanted = {
        "node[a].text": 5, "node[a].list[1]": 8, "node[a].option[o].set": 12, "node[a].option[o].set[1]": 12,
        "node[1].id": 14, "b.text": 15, "a.o.set": 12, "debrief.settle": 21, "inline": 1, "node[b].inline": 19,
        "node[a].missing": 3, "node[zzz]": 3, "": 1,
    }  # fmt: skip
    assert {at: locate.line_of(marks, at) for at in wanted} == wanted


@given(st.text(max_size=200))
def test_looking_for_lines_never_fails(text: str) -> None:
    """It is used on broken files."""
    assert locate.line_of(locate.marks(text), "node[a].option[1].text") >= 1


@given(st.text(max_size=200))
def test_any_markdown_can_be_read(text: str) -> None:
    """People type what they like."""
    assert parse(text).words >= 0


def test_a_heading_is_no_part_of_the_words_of_a_lead() -> None:
    """The limit is for what stands below it."""
    prose = parse("## Two words\n\nThree *more* words, [here](01-x.ipynb).\n\n1. one\n2. two\n")
    assert (prose.heading, prose.level, prose.words, prose.all_words) == ("Two words", 2, 6, 8)
    assert prose.blocks == ("heading", "paragraph", "list")
    assert prose.links == ("01-x.ipynb",)


@pytest.mark.parametrize("source", ["<i>x</i>", "![a](b.png)", "> said", "---", "```\nx\n```", "<div>\nx\n</div>"])
def test_markdown_that_no_export_draws_is_seen(source: str, root: Path) -> None:
    """Blocks are headings, paragraphs, lists and tables; nothing else."""
    cell("quiz-before", source=[f"{source}\n\nTry these questions."])(root)
    assert {one.rule for one in run(root).faults} == {"markdown-kind"}


@pytest.mark.parametrize("link", ["https://example.org", "99-none.ipynb", "../x.md", "mailto:a@b.c"])
def test_links_stay_inside_the_course(link: str, root: Path) -> None:
    """An address is a contact or a source, with its date."""
    cell("quiz-before", source=[f"See [there]({link})."])(root)
    assert {one.rule for one in run(root).faults} == {"markdown-kind"}


@pytest.mark.parametrize(
    "source", ["1 + 1", "import os", 'show("a") or 1', "show(id)", "show(*x)", "x = 1", "show(", ""]
)
def test_a_cell_holds_calls_and_nothing_else(source: str, root: Path) -> None:
    """A learner never meets code, and an export never runs any."""
    cell("objectives", source=[source])(root)
    assert {"code-cell"} <= {one.rule for one in run(root).faults} <= {"code-cell", "part-order"}


def test_grades_are_those_of_textstat() -> None:
    """The short cut through the dictionary changes nothing (textstat 0.7.8, to nine places)."""
    import textstat

    stock = read(library.CONTENT, library.course(), today=TODAY)
    texts = [text for _, _, text in reading.long_texts(stock) if text]
    texts += ["It's a dog's life, isn't it? Zyxqv safeguarding can't wait. No. Multi-agency working helps."]
    assert len(texts) > 5
    assert reading.flesch_kincaid(texts) == pytest.approx(
        [textstat.flesch_kincaid_grade(text) for text in texts], abs=1e-9
    )


def test_the_check_walks_a_story_as_the_engine_does() -> None:
    """Two programs, one meaning of nodes and flags: same states, same options, same paths and points."""
    every = stories(read(library.CONTENT, None, today=TODAY))
    assert every
    for story in every:
        mine, engine = story.table, scenario.compile(story.scenario)
        assert mine is not None
        assert {key: _edges(state) for key, state in mine["states"].items()} == {
            key: _edges(state) for key, state in engine["states"].items()
        }
        assert sorted(story.paths, key=str) == sorted(scenario.paths(engine), key=str)


def _edges(state: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
    return [(one["id"], one["to"], one["points"]) for one in state.get("options", [])]


def test_scores_run_from_the_lowest_path_to_the_authors(root: Path) -> None:
    """Worked by hand for the starter: authors 13 points, lowest -8; always hold gives 5 points, that is 13 of 21."""
    stock = read(root / "content", None, today=TODAY)
    story = Story(stock.held["scenario"][0])
    assert sum(choice["points"] for _, choice in story.authors or ()) == 13
    assert min(path.points for path in story.paths) == -8
    assert story.scores["hold"] == pytest.approx(100 * 13 / 21)


def test_the_ledger_names_parts_with_what_is_around_them(root: Path) -> None:
    """Two stories may both have an option "ask"."""
    found = ledger.ids(read(root / "content", library.Course(root), today=TODAY))
    assert {"sc01-one.corner", "sc01-one.corner.sit-near", "m1-q0.o1", "m1-order-1.s2"} <= found["part"]
    assert "01-notice/story" in found["cell"]


def test_the_built_in_content_has_no_fault() -> None:
    """What we ship keeps our own rules."""
    report = check(library.CONTENT, library.course(), today=TODAY)
    assert [str(fault) for fault in report.faults] == []
