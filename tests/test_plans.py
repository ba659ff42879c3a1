"""Workshop plans: composed from parts that are written once, complete for every audience, and ready to edit."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from check.twins import swap
from safekeeping import plans
from safekeeping.author.new import new_plan
from safekeeping.author.plans import SCRIPT, check_plan, told
from safekeeping.faults import ContentError, WrongCall
from safekeeping.library import Course, Library, course
from safekeeping.plans import Plan
from safekeeping.records import texts
from safekeeping.tomltext import as_toml

HERE = course()
CONTENT = Library()
AUDIENCES = (
    "general", "educators", "health", "child-welfare", "youth-shelter", "foster-kinship", "hospitality", "faith-sport",
)  # fmt: skip
FORMS = {"60": 60, "90": 90, "180": 180, "3x90": 270, "6x60": 360, "trainers": 360}


@pytest.fixture(scope="module")
def every() -> list[Plan]:
    """Every plan that can be composed."""
    return [plans.plan(CONTENT, HERE, name) for name in plans.names(HERE)]


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A course whose plans a test may change."""
    shutil.copytree(HERE.facilitator / "plans", tmp_path / "facilitator" / "plans")
    shutil.copytree(HERE.notebooks, tmp_path / "notebooks")
    return Course(tmp_path)


def test_each_audience_has_each_length(every: list[Plan]) -> None:
    """Eight audiences, six lengths, no gap."""
    assert {plan.id for plan in every} == {f"{audience}-{form}" for audience in AUDIENCES for form in FORMS}
    assert all(plan.minutes == FORMS[plan.form] for plan in every)


def test_every_plan_passes_its_rules(every: list[Plan]) -> None:
    """Minutes, load, kept steps, slides, stories, words: as `safekeeping check` applies them."""
    assert [fault for plan in every for fault in check_plan(CONTENT, HERE, plan.id)] == []


def test_no_slot_and_no_borrowed_step_is_left(every: list[Plan]) -> None:
    """What a facilitator reads holds no braces."""
    for plan in every:
        assert [text for _, text in texts(plan) if "{" in text or "}" in text] == []
        assert [slide for step in plan.steps() for slide in step.slides if "{" in slide] == []


def test_plans_of_one_length_differ_by_their_audience_alone(every: list[Plan]) -> None:
    """Same steps and minutes; other stories, scenes and colleagues."""
    for form in FORMS:
        same = [plan for plan in every if plan.form == form]
        assert len({tuple((s.id, s.least, s.planned, s.most, s.load, s.keep) for s in p.steps()) for p in same}) == 1
        assert len({text for plan in same for key, text in texts(plan) if key == "title"}) == len(same)
    hotel, school = (next(p for p in every if p.id == name) for name in ("hospitality-90", "educators-90"))
    assert set(hotel.stories()).isdisjoint(school.stories())


def test_the_short_form_claims_knowledge_alone(every: list[Plan]) -> None:
    """There is no practice in an hour."""
    assert {plan.may_claim for plan in every if plan.form == "60"} == {("knowledge",)}
    assert all("first-words" not in {step.id for step in plan.steps()} for plan in every if plan.form == "60")


def test_the_duty_to_report_is_said_before_anything_else(every: list[Plan]) -> None:
    """At minute 0 of each day; and the private way comes first in what is said."""
    for plan in every:
        for session in plan.sessions:
            first = session.steps[0]
            if first.keep == "exits":
                assert "pass" in " ".join(first.say) and "before we d" in " ".join(first.say)


def test_every_step_has_its_whole_script(every: list[Plan]) -> None:
    """No step leaves a facilitator alone with a heading."""
    for step in (step for plan in every for step in plan.steps() if step.kind == "step"):
        assert [key for key in SCRIPT if not getattr(step, key)] == [], step.id


def test_the_last_eight_minutes_are_light_and_end_with_resources(every: list[Plan]) -> None:
    """So nobody leaves in the middle of something heavy."""
    for plan in every:
        for session in plan.sessions:
            after = 0
            for step in reversed(session.steps):
                assert step.load == "light" or after >= max(8, session.minutes / 10), (plan.id, step.id)
                after += step.planned
        assert plan.sessions[-1].steps[-1].keep == "closing"
        assert "m1/turn-to" in plan.sessions[-1].steps[-1].slides


def test_the_clock_of_a_session_starts_at_zero(every: list[Plan]) -> None:
    """Each step starts where the one before it ends."""
    for session in (session for plan in every for session in plan.sessions):
        starts = [start for start, _ in session.timed()]
        assert starts == [sum(s.planned for s in session.steps[:i]) for i in range(len(session.steps))]


# --- what can go wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "near"),
    [("educaters-90", "educators-90"), ("educators", "educators-"), ("hospitality-75", "hospitality-")],
)
def test_an_unknown_plan_names_a_near_one(name: str, near: str) -> None:
    """With what there is."""
    with pytest.raises(WrongCall, match=f'no plan "{name}".*Did you mean "{near}') as told:
        plans.plan(CONTENT, HERE, name)
    assert "child-welfare" in str(told.value)


def test_a_plan_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    """Never a traceback."""
    with pytest.raises(WrongCall, match="no plan file"):
        plans.plan(CONTENT, HERE, str(tmp_path / "mine.toml"))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('title = "One hour for {audience}"', 'title = "One hour for {audiense}"', "unknown-slot"),
        ('use = "welcome"', 'use = "welcom"', "unknown-step"),
        ("planned = 11", 'planned = "11"', "wrong-type"),
        ("minutes = 60\n", "minutes = 60\ncolour = 1\n", "unknown-key"),
        ("least = 5\n", "", "missing-key"),
    ],
)
def test_a_plan_that_cannot_be_read_says_where_and_what_is_near(own: Course, old: str, new: str, rule: str) -> None:
    """Place, what came, what is allowed, what to do."""
    swap("facilitator/plans/60.toml", old, new)(own.root)
    with pytest.raises(ContentError) as error:
        plans.plan(CONTENT, own, "educators-60")
    (fault,) = error.value.faults
    assert fault.rule == rule
    assert fault.file == "facilitator/plans/60.toml"
    assert fault.at or rule == "unknown-key"
    assert fault.allowed and fault.remedy


def test_changed_parts_show_at_once(own: Course) -> None:
    """A step that is edited while a kernel runs is read anew."""
    before = plans.plan(CONTENT, own, "educators-60").sessions[0].steps[0].title
    path = own.facilitator / "plans" / "steps.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, "Hello, all"), encoding="utf-8")
    assert plans.plan(CONTENT, own, "educators-60").sessions[0].steps[0].title == "Hello, all"


# --- a plan of one's own ---------------------------------------------------------------------------------------------


def test_a_starter_is_the_composed_plan_and_passes(tmp_path: Path) -> None:
    """Complete: nothing borrowed, and nothing lost on the way through the file."""
    path = new_plan(CONTENT, HERE, "spring-talk", "health", "180", tmp_path)
    written = plans.plan(CONTENT, HERE, str(path))
    composed = plans.plan(CONTENT, HERE, "health-180")
    assert written.id == "spring-talk"
    assert [*written.steps()] == [*composed.steps()]
    assert (written.slides, written.materials, written.roles) == (composed.slides, composed.materials, composed.roles)
    assert "use =" not in path.read_text(encoding="utf-8")
    assert check_plan(CONTENT, HERE, str(path)) == ()


def test_a_starter_never_overwrites(tmp_path: Path) -> None:
    """The first file stays."""
    new_plan(CONTENT, HERE, "mine", "general", "60", tmp_path)
    with pytest.raises(WrongCall, match="stays as it is"):
        new_plan(CONTENT, HERE, "mine", "general", "90", tmp_path)
    with pytest.raises(WrongCall, match="is no id"):
        new_plan(CONTENT, HERE, "../mine", "general", "90", tmp_path)


def test_all_faults_of_a_plan_file_come_in_one_run_with_their_lines(tmp_path: Path) -> None:
    """One edit after the other, and none hides another."""
    path = new_plan(CONTENT, HERE, "mine", "educators", "60", tmp_path)
    text = path.read_text(encoding="utf-8")
    text = text.replace("planned = 11\n", "planned = 12\n", 1)  # minutes no longer add up
    text = text.replace('"m1/hook"', '"m1/hock"').replace('"own/closing"', '"own/clsing"')  # missing slides
    text = text.replace('"sc10-school-clinic"', '"sc05-front-desk"')  # exists, and does not fit
    text = text.replace('may_claim = ["knowledge"]', 'may_claim = ["knowledge", "skills practice"]')
    path.write_text(text, encoding="utf-8")
    faults = check_plan(CONTENT, HERE, str(path))
    assert {fault.rule for fault in faults} == {"plan-minutes", "plan-slides", "plan-stories", "plan-forms"}
    assert [fault.remedy for fault in faults if "hock" in fault.came] == ['Did you mean "hook"?']
    assert "Take 1 minute out." in [fault.remedy for fault in faults]
    assert all(fault.line > 0 and fault.allowed and fault.remedy for fault in faults)
    assert told(faults, "mine.toml").endswith(f'{len(faults)} faults in "mine.toml".')


@pytest.mark.parametrize("text", ["", "format = 1\nid = ", "format = 9\n", "format = 1\n", "\ufeffx", "a" * 3_000_000])
def test_a_hostile_or_broken_plan_file_is_one_calm_error(tmp_path: Path, text: str) -> None:
    """No traceback, whatever stands there."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    faults = check_plan(CONTENT, HERE, str(path))
    assert faults and all(fault.came and fault.allowed and fault.remedy for fault in faults)


text = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)
leaf = text | st.integers(-(10**9), 10**9) | st.booleans()
keys = st.text("abcdefghij_", min_size=1, max_size=6)
tables = st.dictionaries(keys, leaf | st.lists(text, min_size=1, max_size=4), max_size=5)


@given(st.dictionaries(keys, leaf | st.lists(tables, min_size=1, max_size=3), max_size=5))
def test_toml_is_read_back_as_it_was(data: dict[str, object]) -> None:
    """Quotes, line ends and marks in a text change nothing."""
    assert tomllib.loads(as_toml(data)) == data
