"""Exercises: what a front-end module needs to play one, and the same as a readable, printable form.

The readable form is also what a page shows without scripts. It holds every text once, each under its text id
(``data-in`` of the box, then ``data-t``); on a page the front end reads its words from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from . import quiz, scenario
from .faults import WrongCall
from .library import Library
from .records import Item, ItemSet, Node, Option, Scenario, texts


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    module : the front-end module that plays it.
    id : its id; a page and a trace use it.
    title : for headings and for a reader who sees no exercise.
    table : the compiled table. text : every text by text id.
    form : makes the readable form as HTML; called only where it is needed.
    discussion : makes the form for a room: situation and options, no consequence, feedback or key.
    """

    module: Literal["scenario", "quiz", "sort", "care", "form", "check"]
    id: str
    title: str
    table: Mapping[str, Any]
    text: Mapping[str, str]
    form: Callable[[], str] = field(repr=False, compare=False)
    discussion: Callable[[], str] = field(repr=False, compare=False)


class _Form:
    """Writes HTML in which every text stands once, under its id."""

    def __init__(self, text: Mapping[str, str], words: Mapping[str, str], *, marked: bool = True) -> None:
        self.text, self.words, self.marked = text, words, marked
        self.parts: list[str] = []
        self.inside = ""  # the id that the box being written shares: its texts name only what follows

    def open(self, css: str, inside: str) -> None:
        """Begin a box whose texts all stand under one id; `close` ends it. Short ids keep a page small."""
        self.inside = inside
        mark = f' data-in="{escape(inside)}"' if self.marked else ""
        self.parts.append(f'<div class="{css}"{mark}>')

    def close(self) -> None:
        self.inside = ""
        self.parts.append("</div>")

    def add(self, tag: str, text_id: str, **more: str) -> None:
        if text_id in self.text:
            self.parts.append(self.t(tag, text_id, **more))

    def t(self, tag: str, text_id: str, **more: str) -> str:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in more.items())
        short = text_id.removeprefix(f"{self.inside}.") if self.inside else text_id
        mark = f' data-t="{escape(short)}"' if self.marked else ""
        return f"<{tag}{attributes}{mark}>{escape(self.text[text_id])}</{tag}>"

    def raw(self, html: str) -> None:
        self.parts.append(html)

    def word(self, tag: str, key: str, css: str = "", **values: object) -> None:
        mark = f' class="{css}"' if css else ""
        self.parts.append(f"<{tag}{mark}>{escape(self.words[key].format(**values))}</{tag}>")

    def list(self, tag: str, ids: Iterable[str]) -> None:
        rows = "".join(self.t("li", one) for one in ids)
        if rows:
            self.parts.append(f"<{tag}>{rows}</{tag}>")

    def html(self) -> str:
        return "".join(self.parts)


def story(library: Library, id: str, *, aloud: bool = False) -> Exercise:
    """A scenario as an exercise.

    Parameters
    ----------
    aloud : show what an experienced colleague thinks at each point (for the worked example).

    Raises
    ------
    WrongCall : there is no such scenario, or it still needs review and is not shown.
    """
    one: Scenario = library.get("scenario", id)
    if one.status != "ready":
        raise WrongCall(f'The scenario "{id}" still needs review and is not shown.')
    table = scenario.compile(one)
    if not aloud:
        for state in table["states"].values():
            state.pop("aloud", None)
    words, kinds = library.words("form"), library.course()["kinds"]
    text = {"fictional": words["fictional"]} | dict(texts(one)) | {"kind": kinds[one.kind]}
    if not aloud:
        text = {key: value for key, value in text.items() if not key.endswith(".aloud")}
    table["principles"] = {name: library.course()["principles"][name] for name in one.principles}

    def form() -> str:
        return _story_form(one, table, text, words)

    return Exercise("scenario", id, one.title, table, text, form, lambda: _story_discussion(one, words))


def story_numbers(one: Scenario) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """The numbers that a printed story goes by: of each scene, and, counted on, of what follows each option."""
    scene = {node.id: number for number, node in enumerate(one.nodes, 1)}
    choices = [(node.id, option.id) for node in one.nodes for option in node.options]
    return scene, {choice: number for number, choice in enumerate(choices, len(scene) + 1)}


def _story_form(one: Scenario, table: Mapping[str, Any], text: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Scenes with numbered options, then, apart, what follows each; for paper, and for pages without scripts."""
    form = _Form(text, words)
    scene, follows = story_numbers(one)
    choices = [(node, option) for node in one.nodes for option in node.options]
    said = {flag.id: text.get(f"{flag.id}.text", flag.id) for flag in one.flags}
    form.add("h3", "title", **{"class": "sk-form-title"})
    form.raw(f'<p class="sk-quiet">{form.t("span", "setting")}: {form.t("span", "role")}</p>')
    form.add("p", "note.text")
    for node in one.nodes:
        _scene(form, node, scene, follows, said)
    form.raw('<div class="sk-form-answers">')
    form.word("h4", "follows")
    form.word("p", "follows_intro", "sk-quiet")
    for node, option in choices:
        _outcome(form, node, option, scene, follows, said, table["principles"])
    form.word("h4", "debrief")
    form.add("p", "kind")
    for part in ("settle", "facts", "choices", "principle", "action"):
        form.add("p", f"debrief.{part}")
    form.raw(f"<details><summary>{escape(words['summary'])}</summary>{form.t('p', 'note.summary')}</details></div>")
    form.add("p", "fictional", **{"class": "sk-quiet"})
    return form.html()


def _story_discussion(one: Scenario, words: Mapping[str, str]) -> str:
    """The first scene and its options, for a group: nothing of what follows."""
    start = next(node for node in one.nodes if node.start)
    form = _Form(dict(texts(start, "s")) | {"title": one.title}, words, marked=False)
    form.add("p", "s.text")
    for key, size in (("known", len(start.known)), ("unknown", len(start.unknown))):
        form.word("p", key, "sk-form-label")
        form.list("ul", [f"s.{key}.{i}" for i in range(size)])
    form.add("p", "s.question", **{"class": "sk-form-question"})
    rows = "".join(form.t("li", f"s.{option.id}.text") for option in start.options)
    form.raw(f'<ol type="A">{rows}</ol>')
    form.word("p", "fictional", "sk-quiet")
    return form.html()


def _scene(
    form: _Form,
    node: Node,
    scene: Mapping[str, int],
    follows: Mapping[tuple[str, str], int],
    said: Mapping[str, str],
) -> None:
    words = form.words
    form.open("sk-form-scene", node.id)
    form.raw(f"<h4>{scene[node.id]}. {form.t('span', f'{node.id}.title')}</h4>")
    form.add("p", f"{node.id}.text")
    for i, extra in enumerate(node.extras):
        lead = escape(words["only_if"].format(flag=said.get(extra.when, extra.when)))
        form.raw(f"<p><em>{lead}</em> {form.t('span', f'{node.id}.extras.{i}.text')}</p>")
    for key, size in (("known", len(node.known)), ("unknown", len(node.unknown))):
        if size:
            form.word("p", key, "sk-form-label")
            form.list("ul", [f"{node.id}.{key}.{i}" for i in range(size)])
    if f"{node.id}.aloud" in form.text:
        form.word("p", "aloud", "sk-form-label")
        form.add("p", f"{node.id}.aloud")
    form.add("p", f"{node.id}.question", **{"class": "sk-form-question"})
    rows = []
    for option in node.options:
        hints = [words["go_to"].format(n=follows[node.id, option.id])]
        if option.needs:
            hints.insert(0, words["first_try"].format(flags=", ".join(said.get(f, f) for f in option.needs)))
        if option.unless:
            hints.insert(0, words["not_if"].format(flags=", ".join(said.get(f, f) for f in option.unless)))
        rows.append(f"<li>{form.t('span', f'{node.id}.{option.id}.text')} <b>{escape(' '.join(hints))}</b></li>")
    if rows:
        form.raw(f'<ol type="A">{"".join(rows)}</ol>')
    if node.ending:
        form.word("p", "ending", "sk-quiet")
    if node.invite_replay:
        form.word("p", "replay", "sk-quiet", n=scene[node.invite_replay])
    form.close()


def _outcome(
    form: _Form,
    node: Node,
    option: Option,
    scene: Mapping[str, int],
    follows: Mapping[tuple[str, str], int],
    said: Mapping[str, str],
    principles: Mapping[str, str],
) -> None:
    own, words = f"{node.id}.{option.id}", form.words
    named = ", ".join(principles[name] for name in scenario.named_principles(option))
    form.open("sk-form-outcome", own)
    form.raw(f"<p><b>{follows[node.id, option.id]}.</b> {form.t('span', f'{own}.consequence')}</p>")
    form.raw(f"<p><b>{escape(named)}.</b> {form.t('span', f'{own}.feedback')}</p>")
    turns = [words["if_go_to"].format(flag=said.get(t.flag, t.flag), n=scene[t.go_to]) for t in option.go_if]
    last = words["otherwise_go_to" if turns else "then"].format(n=scene[option.go_to])
    form.raw(f"<p><b>{escape(' '.join([*turns, last]))}</b></p>")
    form.close()


def questions(library: Library, id: str, *, kinds: tuple[str, ...] = ("quiz", "pairs")) -> Exercise:
    """A set of items as an exercise.

    Parameters
    ----------
    kinds : the kinds of set that the call is for; another kind is refused with the call to use.
    """
    one: ItemSet = library.get("set", id)
    if one.kind not in kinds:
        call = "sort" if one.kind == "sort" else "ask"
        raise WrongCall(f'The set "{id}" is a {one.kind} exercise. Write {call}("{id}").')
    items: list[Item] = [library.get("item", item) for item in one.items]
    return _asked("sort" if one.kind == "sort" else "quiz", library, one, items, quiz.compile(one, items))


def check(library: Library, id: str) -> Exercise:
    """The check of a part as an exercise: its whole bank of questions, of which each try draws eight.

    Raises
    ------
    WrongCall : no check can be drawn for this part.
    """
    from . import mastery  # a notebook plays no checks

    one, items, table = mastery.compile(library.module(id), library.every("item"))
    return _asked("check", library, one, items, table)


def _asked(
    module: Literal["check", "quiz", "sort"], library: Library, one: ItemSet, items: list[Item], table: quiz.Table
) -> Exercise:
    """Questions as an exercise, with their readable form."""
    text = quiz.item_texts(one, items)
    words = library.words("form")

    def form() -> str:
        return _questions_form(one, items, text, words)

    return Exercise(module, one.id, one.title, table, text, form, lambda: _questions_discussion(items, text, words))


def _questions_form(one: ItemSet, items: list[Item], text: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Questions first, the authors' answers apart; the form for paper and for pages without scripts."""
    form = _Form(text, words)
    form.add("h3", "title", **{"class": "sk-form-title"})
    form.add("p", "intro")
    if one.kind == "pairs":
        form.word("p", "pair", "sk-quiet")
    for number, item in enumerate(items, 1):
        _question(form, number, item)
    form.raw('<div class="sk-form-answers">')
    form.word("h4", "answers")
    form.word("p", "answers_intro", "sk-quiet")
    for number, item in enumerate(items, 1):
        _answer(form, number, item)
    form.raw("</div>")
    form.add("p", "closing")
    return form.html()


def _questions_discussion(items: list[Item], text: Mapping[str, str], words: Mapping[str, str]) -> str:
    """The questions alone, for a group: no mark, no rationale, no accurate sentence or model."""
    form = _Form(text, words, marked=False)
    for number, item in enumerate(items, 1):
        _question(form, number, item)
    return form.html()


def _question(form: _Form, number: int, item: Item) -> None:
    form.open("sk-form-scene", item.id)
    form.raw(f"<p><b>{number}.</b> {form.t('span', f'{item.id}.stem')}</p>")
    hint = {"SJ": "rate", "MR": "myth", "CL": "groups", "SR": "own_words"}.get(item.type)
    if hint:
        form.word("p", hint, "sk-quiet")
    if item.categories:
        form.list("ul", [f"{item.id}.{category.id}.text" for category in item.categories])
    parts = item.options or item.actions or item.cases or sorted(item.steps, key=lambda step: step.text)
    if parts:
        kind = ' type="A"' if item.options else ""
        rows = "".join(form.t("li", f"{item.id}.{part.id}.text") for part in parts)
        form.raw(f"<ol{kind}>{rows}</ol>")
    form.close()


def _answer(form: _Form, number: int, item: Item) -> None:
    words = form.words
    form.open("sk-form-outcome", item.id)
    form.raw(f"<p><b>{number}.</b></p>")
    if item.type == "MR":
        form.raw(f"<p><b>{escape(words['accurate'])}</b> {form.t('span', f'{item.id}.accurate')}</p>")
    if item.type == "SR":
        form.raw(f"<p><b>{escape(words['model'])}</b> {form.t('span', f'{item.id}.model')}</p>")
        form.word("p", "criteria")
        form.list("ul", [f"{item.id}.{criterion.id}.text" for criterion in item.criteria])
        if item.levels:
            form.word("p", "levels")
            form.list("ol", [f"{item.id}.levels.{i}" for i in range(len(item.levels))])
    if item.type == "SEQ":
        form.word("p", "authors_order")
    rows = []
    for letter, option in zip("ABCDEFGH", item.options, strict=False):
        lead = f"{letter}. {words['authors_choice']}" if option.key else f"{letter}."
        rows.append((lead, option.id))
    # A paired vignette is not marked: what the authors thought is told, their rating is not.
    rating = "" if item.pair else words["authors_rating"]
    rows += [(f"{n}. {rating.format(n=a.key)}".strip(), a.id) for n, a in enumerate(item.actions, 1)]
    group = {category.id: category.text for category in item.categories}
    rows += [
        (f"{n}. {words['authors_group'].format(group=group[c.category])}", c.id) for n, c in enumerate(item.cases, 1)
    ]
    rows += [(f"{n}. {step.text}", step.id) for n, step in enumerate(item.steps, 1)]
    for lead, part in rows:
        form.raw(f"<p><b>{escape(lead)}</b> {form.t('span', f'{item.id}.{part}.rationale')}</p>")
    form.close()


def note(library: Library, id: str) -> Exercise:
    """The content note of a module, with its three choices: go on, read a summary, skip."""
    module = library.module(id)
    text = {key: value for key, value in texts(module) if key in ("title", "note.text", "note.summary")}
    words = library.words("form")

    def form() -> str:
        page = _Form(text, words)
        page.add("p", "note.text")
        summary = page.t("p", "note.summary")
        page.raw(f"<details><summary>{escape(words['summary'])}</summary>{summary}</details>")
        return page.html()

    def discussion() -> str:
        return _Form(text, words, marked=False).t("p", "note.text")

    table = {"v": 1, "kind": "note", "id": module.id}
    return Exercise("care", f"note-{module.id}", module.title, table, text, form, discussion)


def rest(library: Library) -> Exercise:
    """A moment to pause, with a grounding exercise in plain words (claim ``grounding-54321``)."""
    front = library.words("front")
    words = {key.replace("-", ".", 1): text for key, text in front.items() if key.startswith("pause-")}
    steps = sorted(key for key in words if key.startswith("pause.step-"))
    text = {"title": front["pause-title"], "pause.lead": words["pause.lead"], "pause.close": words["pause.close"]}
    text |= {f"pause.step.{i}": words[key] for i, key in enumerate(steps)}

    def form() -> str:
        page = _Form(text, front)
        page.add("p", "pause.lead")
        page.list("ol", [f"pause.step.{i}" for i in range(len(steps))])
        page.add("p", "pause.close")
        return page.html()

    return Exercise("care", "pause", text["title"], {"v": 1, "kind": "pause", "id": "pause"}, text, form, form)
