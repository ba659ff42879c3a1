"""Text as blocks: whatever Markdown and our own HTML say, once, in order; anything else is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from html_reader import words
from safekeeping.calls import cells_of, make
from safekeeping.exercises import Exercise
from safekeeping.faults import ContentError
from safekeeping.library import Library, course
from safekeeping.publish.blocks import (
    Figure,
    Heading,
    Listing,
    Paragraph,
    Run,
    Table,
    as_data,
    as_html,
    from_html,
    from_markdown,
    plain,
    words_of,
)


def test_markdown_becomes_blocks() -> None:
    """Each kind once."""
    source = "# One *two*\n\nA **b** [c](#d).\n\n- x\n  - y\n\n1. z\n\n| h | i |\n|---|---|\n| j | *k* |\n"
    heading, paragraph, points, numbers, table = from_markdown(source)
    assert heading == Heading(1, (Run("One "), Run("two", emphasis=True)))
    assert paragraph == Paragraph((Run("A "), Run("b", strong=True), Run(" "), Run("c", link="#d"), Run(".")))
    assert isinstance(points, Listing) and isinstance(points.entries[0][1], Listing)
    assert isinstance(numbers, Listing) and numbers.marker == "1"
    assert isinstance(table, Table) and [[plain(c) for c in row] for row in table.rows] == [["h", "i"], ["j", "k"]]


def test_a_list_that_goes_on_after_a_paragraph_keeps_its_numbers() -> None:
    """A step three that is printed as one would send readers to the wrong place."""
    first, _, second = from_markdown("1. a\n2. b\n\nBetween.\n\n3. c\n4. d\n")
    assert isinstance(first, Listing) and isinstance(second, Listing)
    assert (first.start, second.start) == (1, 3)
    assert as_data(second)["start"] == 3 and as_html([second]).startswith('<ol start="3">')
    assert as_html([first]).startswith("<ol>")


@pytest.mark.parametrize("source", ["<b>x</b>", "<div>x</div>", "![a](b.png)", "> said", "---", "```\nx\n```"])
def test_what_cannot_be_printed_is_a_fault(source: str) -> None:
    """Never passed on half understood."""
    with pytest.raises(ContentError) as error:
        from_markdown(source, "guide.md", "cell[a]")
    assert error.value.faults[0].file == "guide.md"
    assert error.value.faults[0].remedy


def test_lists_without_end_are_refused() -> None:
    """A limit, not a crash."""
    with pytest.raises(ContentError, match="without end"):
        from_markdown("".join("  " * n + "- x\n" for n in range(40)))


@given(st.text(max_size=300))
def test_no_text_crashes_the_reader(source: str) -> None:
    """It reads it or refuses it in words."""
    with contextlib.suppress(ContentError):
        words_of(from_markdown(source))


def test_every_cell_of_the_course_can_be_read_with_no_word_lost() -> None:
    """The same words as the parser that `check` uses, for every Markdown cell."""
    from safekeeping.author.prose import parse

    library, where = Library(), course()
    count = 0
    for module in library.every("module"):
        for cell in cells_of(library, where, module.id):
            if cell["cell_type"] == "markdown":
                source = "".join(cell["source"])
                prose = parse(source)
                found = words_of(from_markdown(source)).split()
                assert sorted(found) == sorted(f"{prose.heading} {prose.body}".split())
                count += 1
    assert count > 400


@pytest.mark.parametrize("call", [("play", "sc15-new-shoes"), ("ask", "m1-value"), ("sort", "m1-forms")])
def test_an_exercise_is_read_with_no_word_lost(call: tuple[str, str]) -> None:
    """What the discussion form shows, block by block."""
    made = make(Library(), *call)
    assert isinstance(made, Exercise)
    html = made.discussion()
    from html_reader import parse, visible

    assert words(words_of(from_html(html))).split() == visible(parse(html)).split()


def test_options_keep_their_letters_and_labels_are_quiet() -> None:
    """So that a room can say B."""
    made = make(Library(), "play", "sc15-new-shoes")
    assert isinstance(made, Exercise)
    blocks = from_html(made.discussion())
    assert [block.marker for block in blocks if isinstance(block, Listing)] == ["•", "•", "A"]
    assert next(plain(b.runs) for b in blocks if isinstance(b, Paragraph) and b.quiet) == "What you know"


def test_a_diagram_keeps_its_id_title_and_description() -> None:
    """It is drawn from its id, and described in words."""
    library = Library()
    html = make(library, "show", "fig-four-steps")
    assert isinstance(html, str)
    figure = next(block for block in from_html(html) if isinstance(block, Figure))
    assert figure.id == "fig-four-steps"
    assert figure.title == library.get("figure", "fig-four-steps").title
    assert figure.description


def test_data_for_print_holds_texts_and_no_markup() -> None:
    """Hostile strings stay strings."""
    data = as_data(from_markdown(r"\<script\> #read(\"x\") $y$")[0])
    assert "".join(run["text"] for run in data["runs"]) == '<script> #read("x") $y$'


def test_a_command_keeps_its_look() -> None:
    """So that a reader sees which words are to be typed, on paper, too."""
    (paragraph,) = from_markdown("Run `safekeeping check` now.", "here.md", "")
    assert paragraph == Paragraph((Run("Run "), Run("safekeeping check", code=True), Run(" now.")))
    assert [one["code"] for one in as_data(paragraph)["runs"]] == [False, True, False]
