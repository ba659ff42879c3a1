"""Readers that the tests of the packages for learning platforms share; none of them uses our own writers.

``gift`` follows what Moodle does with the format (its signs, its weights, its names of formats), written anew.
``plain`` reads HTML with the standard library's parser. ``HOSTILE`` are texts with everything that could break a file.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from hypothesis import strategies as st

from safekeeping.records import Action, Case, Category, Choice, Criterion, Item, Step

BAD = "<b>&\"'=~#{}:\\]]>%50%->[html]//::$CATEGORY:\u0627\u200f\u202eéñ中😀\u2028`|\n\t"
# Any readable text, made of the signs that mean something somewhere more often than chance would.
HOSTILE = st.text(
    st.one_of(st.sampled_from(BAD), st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip(" \t\n\x00\x0b") != "")


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        if tag in ("p", "li"):
            self.texts.append("")
            self.open = True
        elif tag == "br":
            self.texts[-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag not in ("p", "li")

    def handle_data(self, data: str) -> None:
        assert self.open, f"text outside a paragraph: {data!r}"
        self.texts[-1] += data


def plain(html: str) -> list[str]:
    """The paragraphs of HTML that holds nothing but paragraphs, lists and line ends."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    assert reader.tags <= {"p", "br", "ul", "li", "strong"}, reader.tags
    return reader.texts


def gift(text: str) -> list[dict[str, Any]]:
    """The questions of a GIFT file as Moodle takes them; a comment's ``[id:…]`` is the question's ``id``."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [line for line in block.split("\n") if line.strip()]
        id = next((m[1] for line in lines if (m := re.match(r"\s*//.*\[id:([^\]]*)\]", line))), "")
        body = "\n".join("" if line.strip().startswith("//") else line for line in lines).strip()
        if body:
            found.append({"id": id, **_gift_question(_hidden(body))})
    return found


def _hidden(text: str) -> str:
    """Each escaped sign as one private character, so that no later step takes it for a sign."""
    return re.sub(r"\\(.)", lambda m: chr(0xE000 + ord("\n" if m[1] == "n" else m[1])), text)


def _shown(text: str) -> str:
    text = text.strip(" \t\n\x00\x0b")
    if (found := re.match(r"\[(\w+)\]", text)) and found[1] in ("plain", "html", "moodle", "markdown"):
        assert found[1] == "plain", f"read as {found[1]}"
        text = text[found.end() :]
    shown = "".join(chr(ord(c) - 0xE000) if 0xE000 <= ord(c) < 0xE080 else c for c in text)
    return shown.strip(" \t\n\x00\x0b")


def _gift_question(body: str) -> dict[str, Any]:
    if body.startswith("$CATEGORY:"):
        assert not re.search("[\ue000-\ue07f]", body), "Moodle would show an escaped sign as its placeholder"
        return {"kind": "category", "name": body[10:].strip()}
    assert body.startswith("::")
    name, _, rest = body[2:].partition("::")
    start, end = rest.find("{"), rest.find("}")
    if start < 0:
        assert end < 0
        return {"kind": "description", "name": _shown(name), "stem": _shown(rest)}
    assert end == len(rest.rstrip()) - 1, "something stands behind the answers"
    answers, _, general = rest[start + 1 : end].strip().partition("####")
    one: dict[str, Any] = {"name": _shown(name), "stem": _shown(rest[:start]), "general": _shown(general)}
    if not answers.strip():
        return one | {"kind": "essay"}
    if "~" in answers:
        parts = [part.strip() for part in answers.replace("=", "~=").split("~") if part.strip()]
        assert not any(re.match(r"%-*\d{1,2}\.?\d*%", part) for part in parts), "taken for a weight"
        rows = [(part.startswith("="), *part.removeprefix("=").split("#", 1)) for part in parts]
        return one | {"kind": "choice", "answers": [(right, _shown(t), _shown(f)) for right, t, f in rows]}
    pairs = [part.strip().partition("->") for part in answers.split("=") if part.strip()]
    assert all(arrow for _, arrow, _ in pairs)
    return one | {"kind": "match", "pairs": [(_shown(a), _shown(b)) for a, _, b in pairs]}


def item(kind: str, texts: list[str], id: str = "odd") -> Item:
    """An item of any type whose every text is taken from `texts`, in turn."""
    said = iter(texts * 20)
    common: dict[str, Any] = {"id": id, "type": kind, "use": "practice", "objective": "1.1", "stem": next(said)}
    if kind == "MC":
        options = (Choice(id=f"o{n}", text=next(said), rationale=next(said), key=n == 1) for n in range(3))
        return Item(**common, options=tuple(options))
    if kind == "SJ":
        actions = (Action(id=f"o{n}", text=next(said), rationale=next(said), key=2 * n + 1) for n in range(3))
        return Item(**common, actions=tuple(actions))
    if kind == "CL":
        groups = tuple(Category(id=f"g{n}", text=next(said)) for n in range(3))
        cases = (Case(id=f"o{n}", text=next(said), category=f"g{n}", rationale=next(said)) for n in range(2))
        return Item(**common, categories=groups, cases=tuple(cases))
    if kind == "SEQ":
        steps = (Step(id=f"o{n}", text=next(said), rationale=next(said)) for n in range(3))
        return Item(**common, steps=tuple(steps))
    criteria = (Criterion(id=f"o{n}", text=next(said)) for n in range(2))
    return Item(**common, model=next(said), criteria=tuple(criteria), levels=(next(said), next(said)))
