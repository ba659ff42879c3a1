"""Records as accessible HTML and as plain text: claims, indicators, contacts, law, diagrams, key points, sources.

Headings inside are level 3 and below, so that they fit under a section of a notebook, a page or a slide.
Everything is escaped; a diagram is the only thing that enters as markup, and it comes from our own folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape, unescape
from typing import Any

from .exercises import Exercise
from .faults import ContentError, Fault, WrongCall, listed, near
from .library import Library
from .records import Claim, Contact, Diagram, Entry, Indicator, Law, Module, Phrase, Setting, Source, Term

MANY_SIGNS = 8  # more folded signs than this stand behind one line


def plain(html: str) -> str:
    """HTML as readable text: blocks on lines of their own, list entries with a dash."""
    text = re.sub(r"<(svg|style|script)\b.*?</\1>", "", html, flags=re.S)
    text = re.sub(r"<li[^>]*>", "\n- ", text)
    text = re.sub(r"<(br|/p|/h\d|/dt|/dd|/ul|/ol|/summary|/figcaption|/div)[^>]*>", "\n", text)
    text = unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\n\s*\n+", "\n", "\n".join(line.strip() for line in text.splitlines())).strip()


def show(library: Library, *ids: str) -> str:
    """Records of any shown kind by id, one after the other, as HTML; ``glossary`` and ``terminology`` in full by name.

    Claims come with figure, caveat, grade and sources; settings with their indicators; a diagram with its text.

    Raises
    ------
    WrongCall : no record has that id; the message names a near one.
    """
    return "\n".join(_one(library, id) for id in ids)


def _one(library: Library, id: str) -> str:
    if id in WHOLE:
        return WHOLE[id](library)
    for kind, draw in _DRAW.items():
        if library.holds(kind, id):
            try:
                found = library.get(kind, id)
            except WrongCall:  # the id is only named there, as a reference
                continue
            return draw(library, found)
    known = [*WHOLE, *(one.id for kind in _DRAW for one in library.every(kind))]
    hint = near(id, known) or f"What can be shown: {listed(_DRAW, 20)}."
    raise WrongCall(f'There is nothing called "{id}" to show. {hint}')


def claim(library: Library, one: Claim) -> str:
    """A claim as an aside: its text, its figure, its caveat, how it was read, and its sources behind one quiet line."""
    words, grades = library.words("show"), library.course()["grades"]
    parts = [f"<p>{escape(one.text)}</p>"]
    figure = one.figure
    if one.do_not_use:
        parts.append(f'<p class="sk-figure"><strong>{escape(words["do_not_use"])}</strong></p>')
    elif figure:
        measures = f" <span>{escape(figure.measures)}</span>" if figure.measures else ""
        parts.append(f'<p class="sk-figure"><strong>{escape(figure.value)}</strong>{measures}</p>')
    if one.caveat:
        parts.append(f'<p class="sk-caveat"><b>{escape(words["caveat"])}</b> {escape(one.caveat)}</p>')
    elif figure:
        parts.append(f'<p class="sk-caveat">{escape(words["no_caveat"])}</p>')
    parts.append(source_line(library, one.sources, words["grade"].format(grade=grades[one.grade])))
    return f'<div class="sk-claim">{"".join(parts)}</div>'


def source_line(library: Library, ids: Sequence[str], lead: str = "") -> str:
    """A quiet line that opens: how many sources, and each in full."""
    words = library.words("show")
    count = words["source_one"] if len(ids) == 1 else words["source_count"].format(n=len(ids))
    rows = "".join(f"<li>{reference(library.get('source', id))}</li>" for id in ids)
    title = f"{lead} {words['sources']}: {count}".strip()
    return f'<details class="sk-src"><summary>{escape(title)}</summary><ul>{rows}</ul></details>'


def reference(one: Source) -> str:
    """A reference in one line: people or bodies, year, title, where it appeared, address."""
    who = "; ".join(one.authors or one.organisations)
    year = f"({one.date or one.year})" if one.date or one.year else "(undated)"
    place = ", ".join(part for part in (one.container, one.volume, one.publisher) if part)
    link = f"doi {one.doi}" if one.doi else one.url
    parts = [f"{who} {year}".strip(), f"<cite>{escape(one.title)}</cite>", escape(place), escape(link)]
    parts[0] = escape(parts[0])
    return ". ".join(part for part in parts if part) + "."


def indicator(library: Library, one: Indicator) -> str:
    """An indicator with its strength, context, ordinary explanations and next step: never the sign alone."""
    words = library.words("show")
    innocent = "".join(f"<li>{escape(text)}</li>" for text in one.innocent)
    return (
        f'<div class="sk-sign"><h4>{escape(one.text)}</h4><p>{_strength(one)}</p>'
        f"<p><b>{escape(words['context'])}:</b> {escape(one.context)}</p>"
        f"<p><b>{escape(words['innocent'])}:</b></p><ul>{innocent}</ul>"
        f"<p><b>{escape(words['next_step'])}:</b> {escape(one.next_step)}</p></div>"
    )


def _closed(library: Library, one: Indicator) -> str:
    """An indicator as a line that opens. Another explanation stands beside it even while it is closed.

    So a list of closed signs is still no list to tick, and a reader can look for a second reason before opening one.
    """
    words = library.words("show")
    first, *rest = one.innocent or ("",)  # `check` asks for two; content of one's own may be shown before it is checked
    others = " ".join(f"{text}." for text in rest)
    return (
        f'<details class="sk-sign"><summary><b>{escape(one.text)}</b> {_strength(one)} '
        f"<span>{escape(words['beside'])} {escape(first)}</span></summary>"
        f"<p><b>{escape(words['besides'])}:</b> {escape(others)}</p>"
        f"<p><b>{escape(words['context'])}:</b> {escape(one.context)}</p>"
        f"<p><b>{escape(words['next_step'])}:</b> {escape(one.next_step)}</p></details>"
    )


def _strength(one: Indicator) -> str:
    phrase = escape(one.strength)
    return f'<span class="sk-strength" data-strength="{phrase}">{phrase}</span>'


def setting(library: Library, one: Setting) -> str:
    """A setting with the indicators that stand under it first: what cannot wait in full, others as lines that open.

    Many such lines stand behind one more. An indicator seen in several settings is told under the first of them; the
    others point there.
    """
    words = library.words("show")
    every = [sign for sign in library.every("indicator") if one.id in sign.settings]
    own = [sign for sign in every if sign.settings[0] == one.id]
    today = "".join(indicator(library, sign) for sign in own if sign.strength == "act today")
    rows = [_closed(library, sign) for sign in own if sign.strength != "act today"]
    rest = "".join(rows)
    if len(rows) > MANY_SIGNS:
        more = escape(words["others"].format(n=len(rows)))
        rest = f'<details class="sk-fold"><summary>{more}</summary>{rest}</details>'
    elsewhere = dict.fromkeys(sign.settings[0] for sign in every if sign.settings[0] != one.id)
    names = ", ".join(library.get("setting", id).name for id in elsewhere)
    also = f'<p class="sk-quiet">{escape(words["also"].format(settings=names))}</p>' if names else ""
    return (
        f'<div class="sk-setting"><h3>{escape(one.name)}</h3><p>{escape(one.intro)}</p>'
        f'<p class="sk-caveat">{escape(words["no_proof"])}</p>{today}{rest}{also}</div>'
    )


def _dialled(phone: str) -> str:
    """What a telephone dials: the same number in letters, as in ``(833-591-KNOW)``, is left out."""
    return re.sub(r"\([^)]*[A-Za-z][^)]*\)|[^0-9+]", "", phone)


def contact(library: Library, one: Contact) -> str:
    """A contact with all its ways in, and whether anyone has confirmed it."""
    words = library.words("show")
    rows = [
        (key, value, href)
        for key, value, href in (
            ("phone", one.phone, f"tel:{_dialled(one.phone)}"),
            ("text", one.text, ""),
            ("web", one.url, one.url if one.url.startswith("https://") else ""),
            ("tty", one.tty, ""),
            ("hours", one.hours, ""),
            ("languages", one.languages, ""),
            ("for_whom", one.for_whom, ""),
            ("scope", one.scope, ""),
        )
        if value
    ]
    lines = "".join(
        f'<dt>{escape(words[key])}</dt><dd data-of="{key}">{_link(_short(value), href) if href else escape(value)}</dd>'
        for key, value, href in rows
    )
    empty = f"<p>{escape(words['no_number'])}</p>" if one.kind == "reporting-directory" else ""
    return (
        f'<div class="sk-contact" data-contact="{escape(one.id)}"><h4>{escape(one.name)}</h4>{empty}<dl>{lines}</dl>'
        f'<p class="sk-quiet">{escape(status(library, one))}</p></div>'
    )


def _short(address: str) -> str:
    """A web address as people say it, so that it fits on one line of a phone; a number stays as it is."""
    return re.sub(r"^https://(www\.)?|(?<=\w)/$", "", address)


def _link(text: str, href: str) -> str:
    return f'<a href="{escape(href)}" rel="noreferrer noopener">{escape(text)}</a>'


def status(library: Library, one: Contact) -> str:
    """Whether a contact was ever confirmed, in one sentence; we never fill such a date in ourselves."""
    words = library.words("show")
    if one.checked_on:
        return words["confirmed"].format(date=one.checked_on, role=one.checked_by)
    if not one.seen_in:
        return words["unconfirmed_unseen"]
    key = "unconfirmed" if one.page_date else "unconfirmed_undated"
    return words[key].format(seen=one.seen_in[0].title, page=one.page_date)


def contact_rows(library: Library) -> list[dict[str, str]]:
    """The contacts for the exercises' help panel: the danger line first, in the order of the situations."""
    fields = ("id", "name", "phone", "text", "url", "hours", "scope")
    return [
        {name: getattr(one, name) for name in fields if getattr(one, name) and _shown(name, getattr(one, name))}
        | {"status": status(library, one)}
        for _use, group in contacts_by_use(library)
        for one in group
    ]


def _shown(name: str, value: str) -> bool:
    """Whether a field may become a link: an address only if it is one of the web."""
    return name != "url" or value.startswith("https://")


def contacts_by_use(library: Library) -> list[tuple[str, list[Contact]]]:
    """Contacts under the first situation that they serve, so that none is printed twice."""
    every = list(library.every("contact"))
    uses = [key for key in library.words("turn-to") if key not in ("title", "lead", "more")]
    first: dict[str, list[Contact]] = {use: [] for use in uses}
    for one in every:
        use = next((name for name in uses if name in one.use), "")
        if use:
            first[use].append(one)
    return [(use, group) for use, group in first.items() if group]


def turn_to(library: Library) -> Exercise:
    """Where to turn now: every contact by situation, the danger line first."""
    words = library.words("turn-to")

    def form() -> str:
        groups = "".join(
            f"<h3>{escape(words[use])}</h3>{''.join(contact(library, one) for one in group)}"
            for use, group in contacts_by_use(library)
        )
        first, _, rest = groups.partition("<h3>" + escape(words["report"]))
        more = f"<details><summary>{escape(words['more'])}</summary><h3>{escape(words['report'])}{rest}</details>"
        return f'<p data-t="lead">{escape(words["lead"])}</p><div data-contacts>{first}{more if rest else ""}</div>'

    text = {"title": words["title"], "lead": words["lead"]}
    return Exercise("care", "turn-to", words["title"], {"v": 1, "kind": "turn-to", "id": "turn-to"}, text, form, form)


def law(library: Library, one: Law) -> str:
    """A headline of the law with its caveat and the day by which it is read again."""
    words = library.words("show")
    sources = sorted({source for id in one.claims for source in library.get("claim", id).sources})
    return (
        f'<div class="sk-claim"><p><b>{escape(words["law"])}.</b> {escape(one.text)}</p>'
        f'<p class="sk-caveat"><b>{escape(words["caveat"])}</b> {escape(one.caveat)} '
        f"{escape(words['review_by'].format(date=one.review_by))}</p>{source_line(library, sources)}</div>"
    )


def phrase(library: Library, one: Phrase) -> str:
    """A few words of the place, with the note that belongs to them."""
    return f"<p>{escape(one.text)}</p>" + (f'<p class="sk-quiet">{escape(one.note)}</p>' if one.note else "")


def entry(library: Library, one: Entry) -> str:
    """A glossary entry."""
    return f'<dl class="sk-entry"><dt>{escape(one.term)}</dt><dd>{escape(one.text)}</dd></dl>'


def glossary(library: Library) -> str:
    """Every glossary entry from A to Z, behind one line that opens."""
    every = sorted(library.every("entry"), key=lambda one: one.term.casefold())
    rows = "".join(f"<dt>{escape(one.term)}</dt><dd>{escape(one.text)}</dd>" for one in every)
    return _folded(library.words("show")["glossary"].format(n=len(every)), rows)


def terminology(library: Library) -> str:
    """Every expression to choose, then what it stands in place of and why, behind one line that opens.

    The better words come first. Advice that nobody has verified says so.
    """
    words, grades = library.words("show"), library.course()["grades"]

    def row(one: Term) -> str:
        allowed = f" {words['allowed_when']} {one.allowed_when}" if one.allowed_when else ""
        grade = f" {words['grade'].format(grade=grades[one.grade])}" if one.grade == "unverified" else ""
        text = f"{words['in_place_of']} {'; '.join(one.avoid)}. {one.why}{allowed}{grade}"
        return f"<dt>{escape(one.prefer)}</dt><dd>{escape(text)}</dd>"

    every = list(library.every("term"))
    return _folded(words["terminology"].format(n=len(every)), "".join(map(row, every)))


def _folded(title: str, rows: str) -> str:
    return f'<details class="sk-fold"><summary>{escape(title)}</summary><dl class="sk-entry">{rows}</dl></details>'


# A diagram is our own file, yet a content folder of somebody else could bring another: so only plain drawings pass.
_SHAPES = set(
    "svg g title desc defs marker path rect circle ellipse line polyline polygon text tspan".split()  # noqa: SIM905
)
_LARGEST_SVG = 200_000  # bytes


def diagram(library: Library, one: Diagram) -> str:
    """A diagram with its caption; the SVG itself carries title and description for screen readers.

    Raises
    ------
    ContentError : the file is missing, or is not a plain drawing (scripts, styles, links, events, outside addresses).
    """
    folder = (library.folder / "figures").resolve()
    path = (folder / one.file).resolve()
    if path.parent != folder or not path.is_file():
        remedy = "Put the SVG into the folder figures and name it without a path."
        raise ContentError([Fault("no-figure", "figures.toml", one.id, f'"{one.file}"', "a file in figures/", remedy)])
    try:
        svg = path.read_bytes()[: _LARGEST_SVG + 1].decode("utf-8")
        odd = _odd_in(svg)
    except UnicodeDecodeError:
        odd = "bytes that are not UTF-8"
    if odd:
        remedy = "Export a plain drawing: shapes and text only."
        raise ContentError([Fault("unsafe-svg", f"figures/{one.file}", "", odd, "shapes and text", remedy)])
    words = library.words("show")
    desc = f"<details><summary>{escape(words['described'])}</summary><p>{escape(one.desc)}</p></details>"
    svg = svg[svg.index("<svg") :]
    return f'<figure class="sk-diagram">{svg}<figcaption>{escape(one.title)}{desc}</figcaption></figure>'


def _odd_in(svg: str) -> str:
    """What in a drawing is more than shapes and text, in a few words; empty if nothing is."""
    from xml.etree import ElementTree  # only where a diagram is drawn

    if len(svg) > _LARGEST_SVG or "<!" in svg.replace("<!--", ""):
        return "a document type, or more than 200,000 characters"
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - no document type, so no entity can grow
    except ElementTree.ParseError as error:
        return f"no well-formed SVG ({error})"
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name not in _SHAPES:
            return f"<{name}>"
        for key, value in element.attrib.items():
            plain_key = key.rpartition("}")[2].lower()
            if plain_key.startswith("on") or plain_key in ("style", "href", "src"):
                return f"{plain_key}="
            if re.search(r"url\(\s*[^#\s]|script:", value):
                return value[:40]
    return "" if root.tag.endswith("svg") else "no <svg> at its root"


def objectives(library: Library, one: Module, minutes: int) -> str:
    """Estimated minutes, of the short route and of all, and what a learner can do afterwards."""
    words = library.words("show")
    rows = "".join(f"<li>{escape(goal.text)}</li>" for goal in one.objectives)
    goals = f"<p>{escape(words['objectives'])}</p><ul>{rows}</ul>" if rows else ""
    time = words["minutes"].format(short=one.minutes, all=max(minutes, one.minutes))
    return f'<div class="sk-goals"><p class="sk-quiet">{escape(time)}</p>{goals}</div>'


def key_points(library: Library, one: Module) -> str:
    """The sentences to keep."""
    rows = "".join(f"<li>{escape(point.text)}</li>" for point in one.key_points)
    return f'<ul class="sk-points">{rows}</ul>'


def sources(library: Library, ids: Iterable[str]) -> str:
    """Every source behind these claims, once, in the order of people and years, behind one line that opens."""
    used = sorted({source for id in ids for source in library.get("claim", id).sources})
    every = sorted((library.get("source", id) for id in used), key=lambda s: (s.authors or (s.title,), s.year or 0))
    words = library.words("show")
    count = words["source_one"] if len(every) == 1 else words["source_count"].format(n=len(every))
    rows = "".join(f"<li>{reference(one)}</li>" for one in every)
    return f'<details class="sk-fold"><summary>{escape(count)}</summary><ol class="sk-sources">{rows}</ol></details>'


_DRAW: dict[str, Callable[[Library, Any], str]] = {
    "setting": setting,
    "indicator": indicator,
    "figure": diagram,
    "claim": claim,
    "law": law,
    "contact": contact,
    "phrase": phrase,
    "entry": entry,
}

# What can be shown in full, by name.
WHOLE: dict[str, Callable[[Library], str]] = {"glossary": glossary, "terminology": terminology}
