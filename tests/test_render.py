"""Reading: records as accessible HTML and as plain text, never a sign alone, never a figure without its caveat."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from html_reader import Element, parse
from safekeeping import render
from safekeeping.calls import make
from safekeeping.exercises import Exercise
from safekeeping.faults import ContentError, WrongCall
from safekeeping.library import SHELVES, Library, built_in
from safekeeping.render import contact_rows, plain, show, status

ATTACK = "</p></div></svg><script>alert(1)</script><img src=x onerror=alert(1)>\"'&<!--{n}"


def shown(toy: Library, *ids: str) -> Element:
    """What `show` draws, as elements."""
    return parse(show(toy, *ids))


# --- show ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "parts"),
    [
        ("soil-tells", ["Soil tells more than leaves.", "Seen in one garden only.", "read in the source", "1 source"]),
        ("water-share", ["4 of 9 beds (one garden, 2020)", "beds that stood wet", "A small count", "2 sources"]),
        ("rain-count", ["Do not use this figure."]),
        ("sign-1", ["Sign number 1", "take seriously", "It tells more if", "colour of this plant", "Ask the gardener"]),
        ("fire-bell", ["The fire bell", "000", "Not confirmed by us", "The board at the gate", "2020-01-01"]),
        ("garden-desk", ["Last confirmed 2020-02-02 by the keeper of the gate."]),
        ("toy-water-law", ["Everyone may water", "The pump has rules", "2030-01-01", "The Pump Leaflet"]),
        ("emergency-number", ["000", "Only in Toyland."]),
        ("bed", ["A piece of ground"]),
        ("fig-bed", ["A bed from above", "A rectangle with three circles in a row."]),
    ],
)
def test_a_record_is_shown_with_all_that_belongs_to_it(toy: Library, id: str, parts: list[str]) -> None:
    """A figure with population, year and caveat; a sign with context; a number with its confirmation."""
    text = shown(toy, id).text
    assert [part for part in parts if part not in text] == []


def test_several_records_come_in_the_order_asked_for(toy: Library) -> None:
    """One call, one after the other."""
    text = shown(toy, "bed", "soil-tells").text
    assert text.index("A piece of ground") < text.index("Soil tells more")


@pytest.mark.parametrize("id", ["soil-tels", "", "quite-another", "x\ny", '"'])
def test_what_cannot_be_shown_is_refused_in_one_sentence(toy: Library, id: str) -> None:
    """With a near name, or with what can be shown."""
    with pytest.raises(WrongCall, match=r"Did you mean|What can be shown") as caught:
        show(toy, id)
    assert ("Did you mean" in str(caught.value)) == (id == "soil-tels")


def test_a_claim_that_must_not_be_used_shows_no_figure(toy: Library) -> None:
    """The figure itself stays out of sight; the warning stands in its place."""
    one = replace(toy.get("claim", "water-share"), do_not_use=True)
    html = render.claim(toy, one)
    assert "Do not use this figure." in html
    assert "4 of 9" not in html


def test_a_figure_without_a_caveat_says_so(toy: Library) -> None:
    """A bare number is never left to speak alone."""
    html = render.claim(toy, replace(toy.get("claim", "water-share"), caveat=""))
    assert "No caveat is recorded" in html


def test_what_cannot_wait_stands_open_and_every_other_sign_is_a_line_that_opens() -> None:
    """On a phone a place's list is short, and yet never bare: another reason stands in each closed line."""
    content = Library()
    for setting in content.every("setting"):
        place = parse(show(content, setting.id))
        for sign in place.find(css="sk-sign"):
            open_now = sign.find(css="sk-strength")[0].text == "act today"
            assert sign.tag == ("div" if open_now else "details")
            if not open_now:
                line = sign.find("summary")[0].text
                assert any(f"Another reason: {one.innocent[0]}" in line for one in content.every("indicator"))
        assert not place.find("input")
        assert not re.search(r"\d+ of \d+|score|total", place.text.lower())
        assert "None of these is proof" in place.text


def test_many_closed_signs_stand_behind_one_line_and_a_few_do_not(toy: Library) -> None:
    """The list for any setting is long; four lines need no door of their own."""
    assert not shown(toy, "greenhouse").find("details", css="sk-fold")
    (fold,) = parse(show(Library(), "any-setting")).find("details", css="sk-fold")
    assert f"{len(fold.find(css='sk-sign'))} more in this setting" in fold.text


def test_a_sign_of_several_settings_is_told_once_and_pointed_to_elsewhere(toy: Library) -> None:
    """Under its first setting in full; the others name that setting."""
    assert "Sign number 5" in shown(toy, "meadow").text
    greenhouse = shown(toy, "greenhouse").text
    assert "Sign number 5" not in greenhouse
    assert "told under: In the meadow" in greenhouse


def test_no_sign_stands_without_context_explanation_and_next_step(toy: Library) -> None:
    """In every setting that the course has, each with all of its ordinary reasons."""
    for content in (toy, Library()):
        told = {one.text: one for one in content.every("indicator")}
        for setting in content.every("setting"):
            for sign in parse(show(content, setting.id)).find(css="sk-sign"):
                name = (sign.find("h4") or sign.find("b"))[0].text
                one = told[name]
                assert sign.find(css="sk-strength")[0].text == one.strength
                assert len(one.innocent) >= 2
                for words in (one.context, one.next_step, *one.innocent):
                    assert words in sign.text


def test_a_sign_that_still_lacks_its_ordinary_reasons_can_be_looked_at(toy_copy: Path) -> None:
    """`check` asks for them; whoever writes one may look at it before."""
    path = toy_copy / "content" / "indicators.toml"
    path.write_text(re.sub(r"innocent = \[[^]]*\]", "innocent = []", path.read_text("utf-8")), encoding="utf-8")
    own = Library(toy_copy / "content", place="toyland")
    assert not any(one.innocent for one in own.every("indicator"))
    assert all(render.setting(own, one) for one in own.every("setting"))


def test_everything_that_the_course_can_show_is_drawn(toy: Library) -> None:
    """Well-formed, with text to read, and no heading above level 3."""
    content = Library()
    for kind in render._DRAW:
        for one in content.every(kind):
            place = parse(show(content, one.id))
            assert place.text.strip(), one.id
            assert not [e for e in place.every() if e.tag in ("h1", "h2", "section", "script", "style")], one.id


# --- contacts --------------------------------------------------------------------------------------------------------


def test_a_contact_is_never_called_confirmed_unless_somebody_confirmed_it(toy: Library) -> None:
    """No date is filled in by a program."""
    assert status(toy, toy.get("contact", "fire-bell")) == (
        "Not confirmed by us. Seen on: The board at the gate (2020-01-01)."
    )
    unseen = toy.get("contact", "night-owl")
    assert status(toy, unseen) == "Not confirmed by us. No page is recorded on which we saw it."
    assert not [one for one in Library().every("contact") if one.checked_on and not one.checked_by]


def test_a_number_is_dialled_once_though_it_is_printed_in_letters_too() -> None:
    """Digits out of (833-591-KNOW), put behind the number itself, would ring nobody, or somebody else."""
    found = {one.id: parse(render.contact(Library(), one)).find("a") for one in Library().every("contact") if one.phone}
    every = {id: [a.has["href"] for a in links] for id, links in found.items()}
    dialled = {id: next(to for to in hrefs if to.startswith("tel:")) for id, hrefs in every.items()}
    assert "tel:18335915669" in dialled.values()
    assert {id: to for id, to in dialled.items() if len(to) > len("tel:18335915669")} == {}


def test_only_safe_addresses_become_links(toy: Library) -> None:
    """https and phone; a script address stays text."""
    desk = toy.get("contact", "garden-desk")
    hrefs = [one.has["href"] for one in parse(render.contact(toy, desk)).find("a")]
    assert hrefs == ["tel:+0001234", "https://example.invalid/desk"]
    hostile = replace(desk, url="javascript:alert(1)", phone='1"><script>x</script>')
    place = parse(render.contact(toy, hostile))
    assert "javascript:alert(1)" in place.text
    assert [one.has["href"] for one in place.find("a")] == ["tel:1"]
    assert not place.find("script")


def test_links_tell_nobody_where_they_were_followed(toy: Library) -> None:
    """No referrer, no handle on the opening window."""
    for link in parse(render.contact(toy, toy.get("contact", "garden-desk"))).find("a"):
        assert set(link.has["rel"].split()) >= {"noreferrer", "noopener"}


def test_the_danger_line_comes_first_and_no_contact_comes_twice(toy: Library) -> None:
    """On the page and in each exercise's help panel; who serves no situation is shown only by name."""
    rows = contact_rows(toy)
    assert [row["id"] for row in rows] == ["fire-bell", "garden-desk", "night-owl"]
    assert all(row["status"] for row in rows)
    made = make(toy, "turn_to")
    assert isinstance(made, Exercise)
    place = parse(made.form())
    assert [one.has["data-contact"] for one in place.find(css="sk-contact")] == [row["id"] for row in rows]
    headings = [one.text for one in place.find("h3")]
    assert headings[0] == "A child is in danger now"


def test_every_real_contact_that_serves_a_situation_is_listed_once() -> None:
    """None is hidden, none is repeated; each says whether anyone confirmed it."""
    content = Library()
    ids = [row["id"] for row in contact_rows(content)]
    uses = set(content.words("turn-to"))
    assert len(ids) == len(set(ids))
    assert set(ids) == {one.id for one in content.every("contact") if set(one.use) & uses}
    assert ids[0] == "emergency-911"
    made = make(content, "turn_to")
    assert isinstance(made, Exercise)
    assert [one.has["data-contact"] for one in parse(made.form()).find(css="sk-contact")] == ids


def test_a_place_without_contacts_still_has_its_page(toy_copy: Path) -> None:
    """Without a place pack the general words stand, and nothing is guessed."""
    made = make(Library(toy_copy / "content", place="nowhere"), "turn_to")
    assert isinstance(made, Exercise)
    assert "If a child is in danger now" in parse(made.form()).text


# --- sources, goals, key points --------------------------------------------------------------------------------------


def test_sources_come_once_in_the_order_of_people_and_years(toy: Library) -> None:
    """However many claims rest on them."""
    place = parse(render.sources(toy, ["water-share", "soil-tells", "ask-first"]))
    assert [one.text.partition(" (")[0] for one in place.find("li")] == ["Nobody, N.", "The Invented Garden Club"]
    assert [one.text for one in place.find("summary")] == ["2 sources"]  # a hundred would hide the end of a part


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "Nobody, N. (2020). A Small Garden Book. Invented Press."),
        ({"year": None}, "Nobody, N. (undated). A Small Garden Book. Invented Press."),
        ({"authors": (), "organisations": ("Club",)}, "Club (2020). A Small Garden Book. Invented Press."),
        ({"doi": "10.1/x"}, "Nobody, N. (2020). A Small Garden Book. Invented Press. doi 10.1/x."),
        ({"authors": ()}, "(2020). A Small Garden Book. Invented Press."),
        ({"date": "2020, May", "publisher": ""}, "Nobody, N. (2020, May). A Small Garden Book."),
    ],
)  # fmt: skip
def test_a_reference_reads_well_with_whatever_is_known(toy: Library, change: dict[str, object], told: str) -> None:
    """No empty brackets, no doubled stops."""
    one = replace(toy.get("source", "garden-book"), **change)
    assert parse(render.reference(one)).text == told


def test_estimated_minutes_are_never_less_than_those_of_the_short_route(toy: Library) -> None:
    """Both are estimates, and say so."""
    text = parse(render.objectives(toy, toy.module("t1"), 5)).text
    assert "20" in text and "estimate" in text
    assert "45" in parse(render.objectives(toy, toy.module("t1"), 45)).text
    assert "Tell a dry bed from a resting one." in text


def test_a_part_without_objectives_promises_none(toy: Library) -> None:
    """Only the minutes stand there."""
    assert not parse(render.objectives(toy, toy.module("t0"), 5)).find("ul")


# --- diagrams --------------------------------------------------------------------------------------------------------


def test_a_diagram_comes_with_its_text_alternative(toy: Library) -> None:
    """Caption and description in full, for who does not see it."""
    place = shown(toy, "fig-bed")
    (figure,) = place.find("figure")
    assert figure.find("svg")[0].has["role"] == "img"
    assert figure.find("figcaption")[0].text.startswith("A bed from above")
    assert "A rectangle with three circles" in figure.find("details")[0].text


@pytest.mark.parametrize(
    "svg",
    [
        "<svg><script>alert(1)</script></svg>",
        "<svg><SCRIPT>alert(1)</SCRIPT></svg>",
        "<svg><style>@import 'x'</style></svg>",
        '<svg><image href="x"/></svg>',
        '<svg><rect onclick="x"/></svg>',
        "<svg\nonload=x></svg>",
        "<svg/onload=alert(1)>",
        '<svg><rect style="fill:url(x)"/></svg>',
        '<svg><a href="http://example.invalid">x</a></svg>',
        '<svg><use xlink:href="#x"/></svg>',
        "<svg><foreignObject><p>x</p></foreignObject></svg>",
        "<svg><iframe/></svg>",
        "<svg><animate attributeName='x'/></svg><img src=x>",
        "<svg></svg><p onmouseover=x>",
        '<svg><rect fill="url(http://example.invalid/x)"/></svg>',
        "no drawing",
        "",
    ],
)
def test_anything_but_a_plain_drawing_is_refused(toy_copy: Path, svg: str) -> None:
    """Scripts, styles, events, links, pictures from elsewhere, other elements after the drawing."""
    (toy_copy / "content" / "figures" / "fig-bed.svg").write_text(svg, encoding="utf-8")
    with pytest.raises(ContentError, match=r"figures/fig-bed\.svg"):
        show(Library(toy_copy / "content"), "fig-bed")


@pytest.mark.parametrize("name", ["../course.toml", "none.svg", "/etc/hostname", "sub/fig.svg"])
def test_a_diagram_comes_from_its_own_folder_alone(toy_copy: Path, name: str) -> None:
    """A content file cannot show other files of the reader's computer."""
    path = toy_copy / "content" / "figures.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("fig-bed.svg", name), encoding="utf-8")
    with pytest.raises(ContentError, match="a file in figures/"):
        show(Library(toy_copy / "content"), "fig-bed")


def test_a_drawing_that_is_not_utf8_is_told_in_one_sentence(toy_copy: Path) -> None:
    """Some programs save drawings in other encodings."""
    (toy_copy / "content" / "figures" / "fig-bed.svg").write_bytes(b"<svg><title>\xff</title></svg>")
    with pytest.raises(ContentError):
        show(Library(toy_copy / "content"), "fig-bed")


def test_every_real_diagram_names_and_describes_itself() -> None:
    """For screen readers: a role, and a label or a title inside."""
    content = Library()
    for one in content.every("figure"):
        svg = parse(render.diagram(content, one)).find("svg")[0]
        assert svg.has.get("role") == "img"
        labels = svg.has.get("aria-labelledby", "").split()
        assert svg.has.get("aria-label") or {e.has.get("id") for e in svg.find("title") + svg.find("desc")} >= set(
            labels
        )
        assert labels or svg.has.get("aria-label")


# --- text alone ------------------------------------------------------------------------------------------------------


def test_reading_has_a_plain_text_form(toy: Library) -> None:
    """For terminals, for paper, for whoever reads without a browser."""
    text = plain(show(toy, "sign-1"))
    assert "<" not in text
    assert "- Sign 1 is the colour of this plant" in text.splitlines()
    assert "\n\n" not in text


def test_plain_text_leaves_drawings_and_codes_out_and_keeps_signs_as_written() -> None:
    """A sharp bracket in a text stays one."""
    assert plain("<p>a &lt;b&gt; &amp; c</p><svg><title>x</title></svg><p>d</p>") == "a <b> & c\nd"


# --- what is shown in full -------------------------------------------------------------------------------------------


def test_the_glossary_holds_every_term_once_from_a_to_z() -> None:
    """A learner can look up any word that the course explains, in one place."""
    library = built_in()
    names = [one.text for one in parse(show(library, "glossary")).find("dt")]
    assert names == sorted((one.term for one in library.every("entry")), key=str.casefold)
    assert len(names) == len(set(names))


def test_the_list_of_words_gives_the_better_ones_first(toy: Library) -> None:
    """Whoever reads only the beginnings learns what to say; the old word stands behind it with its reason."""
    place = shown(toy, "terminology")
    assert [one.text for one in place.find("dt")] == ["wild plant"]
    assert [one.text for one in place.find("dd")] == ["In place of: weed. Every plant grows somewhere on purpose."]


def test_advice_on_words_that_nobody_verified_says_so() -> None:
    """In the list of words a row says that it is not verified exactly if it is not."""
    library = built_in()
    mark = library.course()["grades"]["unverified"]
    marked = [mark in one.text for one in parse(show(library, "terminology")).find("dd")]
    assert marked == [one.grade == "unverified" for one in library.every("term")]
    assert any(marked) and not all(marked)


@pytest.mark.parametrize("name", sorted(render.WHOLE))
def test_what_is_shown_in_full_opens_on_demand_and_stays_text(toy_copy: Path, name: str) -> None:
    """A long list waits behind one line; hostile words in it stay words."""
    path = toy_copy / "content" / f"{name}.toml"
    hostile = r'\1 = "<script>alert(1)</script>"'
    said = re.sub(r"^(term|text|prefer|why) = .*$", hostile, path.read_text(encoding="utf-8"), flags=re.M)
    path.write_text(said, encoding="utf-8")
    place = parse(show(Library(toy_copy / "content"), name))
    assert len(place.find("details")) == len(place.find("summary")) == 1
    assert not place.find("script")
    assert "<script>alert(1)</script>" in place.text


# --- attacks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(render._DRAW))
def test_text_of_any_record_is_shown_as_text(toy: Library, kind: str) -> None:
    """Whatever a content file says, it is never run."""
    from safekeeping.records import texts, with_texts

    one = next(iter(toy.every(kind)))
    one = with_texts(one, {key: ATTACK for key, _ in texts(one)})
    if kind == "contact":
        one = replace(one, name=ATTACK, phone=ATTACK, url=ATTACK, page_date=ATTACK)
    place = parse(render._DRAW[kind](toy, one))
    assert not [found for found in place.every() if found.tag in ("script", "img")]
    assert "alert(1)" in place.text


def test_every_shelf_has_a_reader_or_is_no_reading() -> None:
    """A new kind of record is either shown or named here."""
    unseen = {"item", "language", "module", "scenario", "seed", "set", "source", "term", "instrument", "wave", "code"}
    unseen |= {"booster"}
    assert set(SHELVES) == set(render._DRAW) | unseen
