"""The lists of the site as HTML: stories, glossary, words to choose, help lines, sources, minutes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from .. import render
from ..library import Library
from ..records import Scenario

Words = Mapping[str, str]


def story_page(id: str) -> str:
    """The neutral file name of a story's own page: its number where its id has one."""
    number = re.match(r"sc0*(\d+)-", id)
    return f"story-{number[1] if number else id}.html"


def told(library: Library) -> list[Scenario]:
    """The stories that may be shown, in the order of their ids; the small ones stay with their boosters."""
    ready = [one for one in library.every("scenario") if one.status == "ready" and one.size != "micro"]
    return sorted(ready, key=lambda one: one.id)


def card(one: Scenario, words: Words) -> str:
    """A story as an invitation: title, role and minutes; nothing of how it turns out."""
    return (
        f'<div class="sk-card"><h3>{escape(one.title)}</h3><p>{escape(_capital(one.setting))}</p>'
        f'<p class="sk-quiet">{escape(about(one, words))}</p>'
        f'<p><a href="{escape(story_page(one.id))}">{escape(words["story_own"])}</a></p></div>'
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def about(one: Scenario, words: Words) -> str:
    """Who the reader is in a story, as a sentence, and about how long it takes."""
    role = _capital(one.role) if one.role.endswith((".", "!", "?")) else f"{_capital(one.role)}."
    return words["story_about"].format(role=role, n=one.minutes)


def stories(library: Library, words: Words) -> str:
    """Every story under the place where it happens."""
    places: dict[str, list[Scenario]] = {}
    for one in told(library):
        places.setdefault(one.setting, []).append(one)
    rows = []
    for place, group in sorted(places.items(), key=lambda pair: pair[0].lower()):
        links = "".join(
            f'<li><a href="{escape(story_page(one.id))}">{escape(one.title)}</a>'
            f'<span class="sk-quiet">{escape(about(one, words))}</span></li>'
            for one in group
        )
        head = f"<h2>{escape(_capital(place))}</h2>"
        rows.append(f'<section class="sk-shelf">{head}<ul class="sk-list">{links}</ul></section>')
    return "".join(rows)


def glossary(library: Library) -> str:
    """Every entry, by the alphabet; each can be linked to."""
    every = sorted(library.every("entry"), key=lambda one: one.term.lower())
    rows = "".join(
        f'<dt id="{escape(one.id)}">{escape(one.term)}</dt><dd>{escape(one.text)}</dd>' for one in every
    )
    return f'<dl class="sk-entries">{rows}</dl>'


def terms(library: Library, words: Words) -> str:
    """Words to choose: what to say first, then what it stands for, and why."""
    rows = []
    for one in library.every("term"):
        instead = " · ".join(one.avoid)
        when = f"<dt>{escape(words['terms_when'])}</dt><dd>{escape(one.allowed_when)}</dd>" if one.allowed_when else ""
        rows.append(
            f'<div class="sk-term" id="{escape(one.id)}"><h2>{escape(one.prefer)}</h2><dl>'
            f"<dt>{escape(words['terms_instead'])}</dt><dd>{escape(instead)}</dd>"
            f"<dt>{escape(words['terms_why'])}</dt><dd>{escape(one.why)}</dd>{when}</dl>"
            f"{render.source_line(library, one.sources) if one.sources else ''}</div>"
        )
    return "".join(rows)


def contacts(library: Library, words: Words) -> str:
    """Every place pack's contacts, under the name of the place."""
    rows = []
    for path in sorted(library.folder.glob("places/*.toml")):
        place = Library(library.folder, library.language, path.stem)
        name = str(place.data(path).get("name", path.stem))
        lead = escape(words["contacts_place"].format(place=name))
        form = render.turn_to(place).form().replace("<details>", "<details open>")  # this page is there for them
        rows.append(f"<h2>{escape(name)}</h2><p>{lead}</p>{form}")
    return "".join(rows)


def sources(library: Library) -> str:
    """Every source that a claim, a term or a figure names."""
    used = {source for kind in ("claim", "term") for one in library.every(kind) for source in one.sources}
    every = [one for one in library.every("source") if one.id in used]
    every.sort(key=lambda one: ((one.authors or one.organisations or (one.title,)), one.year or 0))
    return f'<ol class="sk-sources">{"".join(f"<li>{render.reference(one)}</li>" for one in every)}</ol>'


def minutes(library: Library, words: Words) -> str:
    """The planned minutes of every part, alone and in a room."""
    rows = "".join(
        f'<tr><th scope="row">{one.number}. {escape(one.title)}</th><td>{one.minutes}</td>'
        f"<td>{one.minutes + one.room_minutes}</td></tr>"
        for one in sorted(library.every("module"), key=lambda one: one.number)
    )
    keys = ("teach_part", "teach_alone", "teach_group")
    heads = "".join(f'<th scope="col">{escape(words[key])}</th>' for key in keys)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
