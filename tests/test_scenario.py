"""Scenarios: compiled to tables that need no rule, walked, replayed and compared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safekeeping import scenario
from safekeeping.faults import ContentError, Fault, WrongCall
from safekeeping.library import Library
from safekeeping.records import Scenario, read, texts
from safekeeping.scenario import compare, compile, follow, on_scale, paths, random_points, replay, span

Table = dict[str, Any]
REAL = [one.id for one in Library().every("scenario")]


def story(nodes: list[dict[str, Any]], authors: list[str], **more: Any) -> Scenario:
    """A scenario of these nodes, with as few words as a record allows."""
    words = ("settle", "facts", "choices", "principle", "action")
    raw: dict[str, Any] = {
        "id": "s", "module": "m", "title": "S", "kind": "negative", "setting": "x", "role": "x", "minutes": 1,
        "objectives": [], "principles": ["safety", "dignity"], "basis": [], "authors_path": authors, "fictional": True,
        "content_note": {"text": "x", "summary": "x"}, "debrief": dict.fromkeys(words, "x"), "node": nodes,
    }  # fmt: skip
    faults: list[Fault] = []
    one = read(Scenario, raw | more, "scenarios/s.toml", "", faults)
    assert one is not None, faults
    return one


def node(id: str, *options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A node with options, or an ending."""
    ending = {} if options else {"ending": True}
    return {"id": id, "title": id, "text": f"At {id}.", "option": list(options)} | ending | more


def option(id: str, go_to: str, **more: Any) -> dict[str, Any]:
    """An option that leads somewhere."""
    base = {"stance": "hold", "text": id, "consequence": id, "feedback": id, "points": {"safety": 1}}
    return base | {"id": id, "go_to": go_to} | more


def fault_of(one: Scenario) -> Fault:
    """The one fault for which a scenario is not compiled."""
    with pytest.raises(ContentError) as caught:
        compile(one)
    (fault,) = caught.value.faults
    assert fault.file == "scenarios/s.toml"
    return fault


@pytest.fixture
def dry_bed(toy: Library) -> Scenario:
    """The scenario of the toy course: flags, an extra, a repair, a way round, two endings."""
    one: Scenario = toy.get("scenario", "dry-bed")
    return one


# --- compile ---------------------------------------------------------------------------------------------------------


def test_states_unfold_only_where_flags_still_matter(dry_bed: Scenario) -> None:
    """Paths meet again once a flag is no longer asked about: "told" is set and never asked."""
    table = compile(dry_bed)
    assert set(table["states"]) == {"saturday", "soil|looked", "evening", "evening|looked", "end-list", "end-quiet"}
    assert table["start"] == "saturday"


def options_of(table: Table, state: str) -> dict[str, str]:
    """Where each option of a state leads."""
    return {one["id"]: one["to"] for one in table["states"][state]["options"]}


def test_flags_show_hide_and_turn_options(dry_bed: Scenario) -> None:
    """`needs`, `unless` and `go_if` are all decided in the table."""
    table = compile(dry_bed)
    assert options_of(table, "evening") == {"tell": "end-quiet", "again": "saturday", "go-home": "end-quiet"}
    assert options_of(table, "evening|looked") == {"tell": "end-list", "write": "end-quiet", "go-home": "end-quiet"}


def test_a_flag_set_by_an_option_counts_from_the_next_scene_on(dry_bed: Scenario) -> None:
    """An option that sets a flag does not turn itself."""
    one = story(
        [
            node("a", option("x", "b", set=["f"], go_if=[{"flag": "f", "go_to": "c"}]), start=True),
            node("b", option("y", "c", go_if=[{"flag": "f", "go_to": "d"}])),
            node("c"),
            node("d"),
        ],
        ["a.x", "b.y"],
    )
    table = compile(one)
    assert options_of(table, "a") == {"x": "b|f"}
    assert options_of(table, "b|f") == {"y": "d"}


def test_marks_of_a_scene_are_in_its_state(dry_bed: Scenario) -> None:
    """Repair, thinking aloud, an ending and its invitation to try again."""
    states = compile(dry_bed)["states"]
    assert states["evening"]["repair"]
    assert not states["saturday"].get("repair")
    assert states["saturday"]["aloud"]
    assert not states["soil|looked"].get("aloud")
    assert states["end-quiet"]["ending"] and states["end-quiet"]["replay"] == "saturday"
    assert "replay" not in states["end-list"]
    assert (states["saturday"]["known"], states["saturday"]["unknown"]) == (2, 1)
    assert "extras" not in states["evening"] and states["evening|looked"]["extras"] == [0]


@pytest.mark.parametrize("id", ["dry-bed", *REAL])
def test_every_text_that_a_state_stands_for_exists(id: str, toy: Library) -> None:
    """The front end makes text ids from the ids of node and option: each must be there, and none be left over."""
    one = toy.get("scenario", id) if id == "dry-bed" else Library().get("scenario", id)
    have = {key for key, _ in texts(one)}
    wanted: set[str] = set()
    for state in compile(one)["states"].values():
        own = state["node"]
        wanted |= {f"{own}.title", f"{own}.text"} | {f"{own}.extras.{i}.text" for i in state.get("extras", ())}
        wanted |= {f"{own}.{part}.{i}" for part in ("known", "unknown") for i in range(state.get(part, 0))}
        wanted |= {
            f"{own}.{part}" for part, needed in (("question", "options"), ("aloud", "aloud")) if state.get(needed)
        }
        for row in state.get("options", []):
            wanted |= {f"{own}.{row['id']}.{part}" for part in ("text", "consequence", "feedback")}
    assert wanted <= have
    in_nodes = {key for key in have if key.partition(".")[0] in {one_node.id for one_node in one.nodes}}
    assert in_nodes <= wanted, "written, but never shown"


def test_points_are_added_and_the_weightiest_principles_are_named(dry_bed: Scenario) -> None:
    """Two principles at most; where no option has points, the first is still named."""
    look = next(row for row in compile(dry_bed)["states"]["saturday"]["options"] if row["id"] == "look")
    assert look["points"] == 3
    assert look["principles"] == ["safety", "documentation"]
    pour = next(row for row in compile(dry_bed)["states"]["soil|looked"]["options"] if row["id"] == "pour-more")
    assert (pour["points"], pour["principles"]) == (0, ["safety"])


def test_the_authors_path_is_given_as_states(dry_bed: Scenario) -> None:
    """So that a front end can mark it without a rule."""
    assert compile(dry_bed)["authors"] == [["saturday", "look"], ["soil|looked", "ask"]]


def test_the_map_begins_at_the_start_and_stops_at_the_endings(dry_bed: Scenario) -> None:
    """Read from left to right, also where a story can go round: the way back moves nothing."""
    columns = compile(dry_bed)["map"]["columns"]
    assert columns[0] == ["saturday"]
    assert set(columns[-1]) == {"end-list", "end-quiet"}
    assert columns[1:-1] == [["soil"], ["evening"]]


@pytest.mark.parametrize("id", ["dry-bed", *REAL])
def test_the_map_holds_every_node_once_and_every_edge(id: str, toy: Library) -> None:
    """The debrief draws it; the list under it says the same."""
    one = toy.get("scenario", id) if id == "dry-bed" else Library().get("scenario", id)
    table = compile(one)
    drawn = [name for column in table["map"]["columns"] for name in column]
    assert sorted(drawn) == sorted({state["node"] for state in table["states"].values()})
    edges = {
        (state["node"], row["id"], table["states"][row["to"]]["node"])
        for state in table["states"].values()
        for row in state.get("options", [])
    }
    assert sorted(map(tuple, table["map"]["edges"])) == sorted(edges)


def test_a_target_that_is_no_node_is_refused_with_the_nearest_one() -> None:
    """A story that leads nowhere is not played."""
    fault = fault_of(story([node("monday", option("x", "tuesdai"), start=True), node("tuesday")], ["monday.x"]))
    assert (fault.rule, fault.at) == ("unknown-node", "node[monday].option[x].go_to")
    assert fault.remedy == 'Did you mean "tuesday"?'


def test_an_invitation_to_a_node_that_does_not_exist_is_refused() -> None:
    """An ending that invites a new try must lead somewhere as well."""
    fault = fault_of(story([node("a", option("x", "b"), start=True), node("b", invite_replay="aa")], ["a.x"]))
    assert fault.rule == "unknown-node"
    assert fault.at == "node[b].invite_replay"


@pytest.mark.parametrize("starts", [0, 2])
def test_exactly_one_start_is_asked_for(starts: int) -> None:
    """None or two are refused with the count."""
    nodes = [node(name, option("x", "end"), start=name in "ab"[:starts]) for name in "ab"]
    fault = fault_of(story([*nodes, node("end")], ["a.x"]))
    assert (fault.rule, fault.came) == ("start", f"{starts} nodes with start = true")


@pytest.mark.parametrize(
    ("authors", "came"),
    [([], 'it stops at "a"'), (["a.z"], '"a.z"'), (["b.x"], '"b.x"'), (["a.x", "a.x"], '"a.x"'), (["a"], '"a"')],
)
def test_an_authors_path_that_is_no_path_is_refused(authors: list[str], came: str) -> None:
    """From the start to an ending, step by step."""
    one = story([node("a", option("x", "end"), start=True), node("end")], authors)
    assert fault_of(one).came == came


def test_more_states_than_the_limit_are_refused() -> None:
    """Flags multiply; a table must stay small."""
    flags = [f"f{i}" for i in range(11)]
    rows = []
    for i, flag in enumerate(flags):
        after = f"n{i + 1}" if i < 10 else "last"
        rows.append(node(f"n{i}", option("set", after, set=[flag]), option("not", after), start=i == 0))
    rows.append(
        node("last", *[option(f"o{i}", "end", needs=[flag]) for i, flag in enumerate(flags)], option("go", "end"))
    )
    fault = fault_of(story([*rows, node("end")], []))
    assert fault.rule == "too-many-states"
    assert "Use fewer flags" in fault.remedy


def test_the_table_is_plain_data_of_a_known_version(dry_bed: Scenario) -> None:
    """It travels as JSON, in pages and in widgets."""
    import json

    table = compile(dry_bed)
    assert json.loads(json.dumps(table)) == table
    assert (table["v"], table["kind"], table["id"]) == (scenario.TABLE, "scenario", "dry-bed")


@pytest.mark.slow
def test_the_same_story_compiles_to_the_same_table_in_every_run() -> None:
    """Byte by byte, also the order of the map: an export that is made again must not change."""
    code = """
import hashlib, json, pathlib
from safekeeping.library import Library
from safekeeping.records import Scenario, read
from safekeeping.scenario import compile
files = [json.loads(path.read_text()) for path in sorted(pathlib.Path("VECTORS").glob("*.json"))]
small = [read(Scenario, one["input"], "", "", []) for one in files if one["kind"] == "scenario"]
tables = json.dumps([compile(one) for one in [*Library().every("scenario"), *small]])
print(hashlib.sha256(tables.encode()).hexdigest())
"""
    code = code.replace("VECTORS", str(Path(__file__).parent / "vectors"))
    environments = [os.environ | {"PYTHONHASHSEED": str(seed)} for seed in range(8)]
    made = [
        subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True) for env in environments
    ]
    assert len({one.stdout for one in made}) == 1


# --- walking ---------------------------------------------------------------------------------------------------------


def test_every_way_to_an_ending_is_found_once(dry_bed: Scenario) -> None:
    """Counted by hand: twice 2 without a look, 1 and twice 3 with one; going round makes no new way."""
    found = list(paths(compile(dry_bed)))
    assert len(found) == len({path.steps for path in found}) == 11
    assert {path.end for path in found} == {"end-list", "end-quiet"}


def test_too_many_ways_are_refused(dry_bed: Scenario) -> None:
    """A walk over everything must come to an end."""
    with pytest.raises(WrongCall, match="more than 3 paths"):
        list(paths(compile(dry_bed), most=3))


def test_a_way_of_choosing_is_followed_to_its_ending(dry_bed: Scenario) -> None:
    """Always the first option: leave, then tell."""
    path = follow(compile(dry_bed), lambda state: state["options"][0])
    assert path.steps == (("saturday", "leave"), ("evening", "tell"))
    assert (path.end, path.points) == ("end-quiet", 2)


def test_a_way_of_choosing_that_goes_round_for_ever_is_refused(dry_bed: Scenario) -> None:
    """No walk may hang."""
    round_and_round = {"leave": 1, "again": 1}
    with pytest.raises(WrongCall, match="never comes to an ending"):
        follow(compile(dry_bed), lambda state: next(row for row in state["options"] if row["id"] in round_and_round))


def test_the_scale_runs_from_the_lowest_path_to_the_authors_path(dry_bed: Scenario) -> None:
    """Lowest: pour, then call everyone together (-3). Authors: 3 and 3."""
    table = compile(dry_bed)
    assert span(table) == (-3, 6)
    assert on_scale(table, 6) == 100.0
    assert on_scale(table, -3) == 0.0
    assert on_scale(table, 1.5) == 50.0


def test_a_scenario_with_one_way_stands_at_the_top_of_the_scale() -> None:
    """Nothing is divided by nothing."""
    table = compile(story([node("a", option("x", "b"), start=True), node("b")], ["a.x"]))
    assert on_scale(table, 1) == 100.0


def test_chance_is_the_mean_over_equally_likely_options() -> None:
    """Worked by hand: (1 + mean(2, -1) + -2) / 2 = -0.25."""
    one = story(
        [
            node("a", option("x", "b"), option("y", "end", points={"safety": -2}), start=True),
            node("b", option("z", "end", points={"safety": 2}), option("w", "end", points={"dignity": -1})),
            node("end"),
        ],
        ["a.x", "b.z"],
    )
    assert random_points(compile(one)) == pytest.approx(-0.25)


# --- traces ----------------------------------------------------------------------------------------------------------


def choose(state: str, option_id: str) -> dict[str, str]:
    """The event of a choice."""
    return {"do": "choose", "state": state, "option": option_id}


def test_a_trace_leaves_the_choices_that_were_not_taken_back(dry_bed: Scenario) -> None:
    """A change of mind is no mistake: only what stands in the end is compared."""
    trace = [
        {"do": "start"},
        choose("saturday", "leave"),
        {"do": "back", "state": "saturday"},
        choose("saturday", "look"),
        choose("soil|looked", "wait"),
        {"do": "replay", "state": "soil|looked"},
        choose("soil|looked", "ask"),
        {"do": "end", "state": "end-list"},
    ]
    assert replay(compile(dry_bed), trace) == [("saturday", "look"), ("soil|looked", "ask")]


def test_going_back_in_a_story_that_goes_round_undoes_only_the_last_choice(dry_bed: Scenario) -> None:
    """ "back" takes back one choice; the same scene may stand earlier on the way as well."""
    once = [choose("saturday", "leave"), choose("evening", "again"), choose("saturday", "pour")]
    left = replay(compile(dry_bed), [*once, {"do": "back", "state": "saturday"}])
    assert left == [("saturday", "leave"), ("evening", "again")]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (choose("evening", "tell"), 'chooses "tell" in "evening", but the story stands at "saturday"'),
        (choose("saturday", "ask"), 'chooses "ask" in "saturday"'),
        (choose("nowhere", "x"), "Event 1 chooses"),
        ({"do": "choose"}, "Event 1 chooses"),
        ({"do": "choose", "state": "saturday", "option": ["look"]}, "Event 1 chooses"),
        ({"do": "back", "state": "evening"}, 'goes back to "evening", which is not on the way so far'),
        ({"do": "replay"}, "which is not on the way so far"),
    ],
)
def test_an_event_that_does_not_fit_is_refused(dry_bed: Scenario, event: dict[str, Any], words: str) -> None:
    """A file edited by hand gets a sentence."""
    with pytest.raises(WrongCall, match=words):
        replay(compile(dry_bed), [event])


def test_other_events_change_nothing(dry_bed: Scenario) -> None:
    """Content notes, pauses and what a later version may report."""
    events = [{"do": "start"}, {"do": "summary"}, {"do": "skip"}, {"do": "pause"}, {}, {"do": "end", "state": "x"}]
    assert replay(compile(dry_bed), events) == []


@pytest.mark.parametrize("id", ["dry-bed", *REAL])
def test_an_invitation_to_replay_always_fits_the_way_that_led_to_it(id: str, toy: Library) -> None:
    """An ending invites to try again from a scene; Python must be able to read the trace that follows."""
    one = toy.get("scenario", id) if id == "dry-bed" else Library().get("scenario", id)
    table = compile(one)
    states = table["states"]
    for path in paths(table):
        target = states[path.end].get("replay")
        if target is None:
            continue
        # As the front end does: the state on this way that stands for the scene, else the first of that scene.
        on_way = [state for state, _ in path.steps if states[state]["node"] == target]
        state = (on_way or [key for key in states if states[key]["node"] == target])[0]
        trace = [choose(*step) for step in path.steps] + [{"do": "end", "state": path.end}]
        again = [*trace, {"do": "replay", "state": state}, choose(state, states[state]["options"][0]["id"])]
        assert replay(table, again)[-1][0] == state


def test_a_comparison_names_what_is_the_same_and_adds_no_total(dry_bed: Scenario) -> None:
    """Principle by principle, beside the authors'."""
    table = compile(dry_bed)
    made = compare(dry_bed, table, [choose("saturday", "look"), choose("soil|looked", "wait")])
    assert made.same == (("saturday", "look"),)
    assert made.other == (("soil|looked", "wait"),)
    assert made.principles == {"safety": 2, "dignity": 0, "documentation": 2}
    assert made.authors_principles == {"safety": 2, "dignity": 1, "documentation": 3}
    assert not made.ended
    assert compare(dry_bed, table, [choose(*step) for step in table["authors"]]).ended
    assert not compare(dry_bed, table, []).ended


# --- properties ------------------------------------------------------------------------------------------------------

FLAGS = st.lists(st.sampled_from(["f", "g"]), unique=True, max_size=2)


@st.composite
def stories(draw: st.DrawFn) -> Scenario:
    """Any correct story: each scene has an open option forwards, others may ask flags, turn, and lead back."""
    count = draw(st.integers(1, 5))
    names = [f"n{i}" for i in range(count)]
    endings = [f"e{i}" for i in range(draw(st.integers(1, 2)))]
    rows, authors = [], []
    here = 0
    forward = [draw(st.integers(i + 1, count)) for i in range(count)]
    ends = [draw(st.sampled_from(endings)) for _ in range(count)]
    for i, name in enumerate(names):
        onwards = names[forward[i]] if forward[i] < count else ends[i]
        own = [option("on", onwards, set=draw(FLAGS))]
        for j in range(draw(st.integers(0, 2))):
            turns = draw(st.lists(st.sampled_from(["f", "g"]), max_size=2))
            own.append(
                option(
                    f"o{j}",
                    draw(st.sampled_from([*names, *endings])),
                    set=draw(FLAGS),
                    needs=draw(FLAGS),
                    unless=draw(FLAGS),
                    go_if=[{"flag": flag, "go_to": draw(st.sampled_from([*names, *endings]))} for flag in turns],
                    points={"safety": draw(st.integers(-2, 2))},
                )
            )
        extras = [{"when": flag, "text": "x"} for flag in draw(FLAGS)]
        rows.append(node(name, *own, start=i == 0, extra=extras))
    while here < count:
        authors.append(f"{names[here]}.on")
        here = forward[here]
    return story([*rows, *[node(name) for name in endings]], authors)


slowly = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)


@given(stories())
@slowly
def test_every_state_that_can_be_reached_goes_on_or_ends(one: Scenario) -> None:
    """No dead end, no target outside the table, and no state that nothing leads to."""
    table = compile(one)
    states = table["states"]
    reached = {table["start"]}
    for state in states.values():
        assert bool(state.get("ending")) != bool(state.get("options"))
        reached |= {row["to"] for row in state.get("options", [])}
    assert reached == set(states)


@given(stories())
@slowly
def test_every_path_comes_to_an_ending_and_its_points_add_up(one: Scenario) -> None:
    """Also from any state: the open option leads forwards."""
    table = compile(one)
    for path in list(paths(table))[:200]:
        here, points = table["start"], 0
        for state, chosen in path.steps:
            assert state == here
            row = next(row for row in table["states"][state]["options"] if row["id"] == chosen)
            here, points = row["to"], points + row["points"]
        assert (here, points) == (path.end, path.points)
        assert table["states"][here]["ending"]
    for start in table["states"]:
        assert follow(table | {"start": start}, lambda state: state["options"][0]).end


@given(stories())
@slowly
def test_the_authors_path_is_a_way_through_the_table(one: Scenario) -> None:
    """What is compiled from it can be played."""
    table = compile(one)
    trace = [choose(*step) for step in table["authors"]]
    assert replay(table, trace) == [tuple(step) for step in table["authors"]]
    assert compare(one, table, trace).ended
    assert compare(one, table, trace).other == ()


@given(one=stories(), seed=st.integers(0, 2**32), length=st.integers(0, 25))
@slowly
def test_replaying_the_trace_of_any_walk_gives_the_walk(one: Scenario, seed: int, length: int) -> None:
    """With every kind of going back: "back" undoes the last choice, "replay" starts again at an earlier scene."""
    table, random = compile(one), Random(seed)
    way: list[tuple[str, str]] = []
    trace: list[Mapping[str, Any]] = [{"do": "start"}]
    here = table["start"]
    for _ in range(length):
        moves = (["choose"] * 3 if table["states"][here].get("options") else []) + (["back", "replay"] if way else [])
        move = random.choice(moves)
        if move == "choose":
            row = random.choice(table["states"][here]["options"])
            trace.append(choose(here, row["id"]))
            way.append((here, row["id"]))
            here = row["to"]
        elif move == "back":
            here = way.pop()[0]
            trace.append({"do": "back", "state": here})
        else:
            here = random.choice(way)[0]
            way = way[: [state for state, _ in way].index(here)]
            trace.append({"do": "replay", "state": here})
    assert replay(table, trace) == way


@given(one=stories(), data=st.data())
@slowly
def test_a_story_with_one_edge_into_nowhere_is_refused(one: Scenario, data: st.DataObject) -> None:
    """Wherever it stands, as long as somebody can come there."""
    reached = {state["node"] for state in compile(one)["states"].values()}
    index = data.draw(st.sampled_from([i for i, n in enumerate(one.nodes) if n.options and n.id in reached]))
    broken = one.nodes[index]
    options = (replace(broken.options[0], go_to="nowhere"), *broken.options[1:])
    nodes = (*one.nodes[:index], replace(broken, options=options), *one.nodes[index + 1 :])
    with pytest.raises(ContentError, match="unknown-node"):
        compile(replace(one, nodes=nodes))


ODD = st.one_of(
    st.none(), st.text(max_size=5), st.integers(), st.lists(st.text(max_size=3)), st.just("n0"), st.just("on")
)


@given(
    one=stories(),
    trace=st.lists(
        st.fixed_dictionaries({}, optional={"do": st.one_of(ODD, st.sampled_from(["choose", "back", "replay"])),
                                            "state": ODD, "option": ODD}),
        max_size=6,
    ),
)  # fmt: skip
@slowly
def test_no_trace_raises_anything_but_a_wrong_call(one: Scenario, trace: list[dict[str, Any]]) -> None:
    """A progress file edited by hand ends in a sentence."""
    with suppress(WrongCall):
        replay(compile(one), trace)


# --- the real scenarios ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", REAL)
def test_the_authors_path_scores_highest_and_chance_far_below(id: str) -> None:
    """The rule that FORMAT.md states for every scenario."""
    table = compile(Library().get("scenario", id))
    low, high = span(table)
    assert max(path.points for path in paths(table)) == high > low
    assert on_scale(table, random_points(table)) < 75


@pytest.mark.parametrize("id", REAL)
def test_every_real_scenario_can_be_mended_and_ended(id: str) -> None:
    """A repair step exists and every state comes to an ending in few steps."""
    one = Library().get("scenario", id)
    table = compile(one)
    assert one.size == "micro" or any(state.get("repair") for state in table["states"].values())
    assert all(2 <= len(path.steps) <= 12 for path in paths(table))
