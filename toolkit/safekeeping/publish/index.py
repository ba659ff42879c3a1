"""The first page of a pack or of a class: every file in the order of use, and what nobody has confirmed yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from .. import documents, front
from ..library import Library
from . import policy
from .fresh_form import FreshForm
from .job import Job, Printing
from .pieces import Piece

if TYPE_CHECKING:
    from .classroom import Sheet

DOCUMENTS = "documents/"
TIMES = ("four_weeks", "one_week", "day", "after", "later")


def page(job: Job, pieces: Sequence[Piece], unconfirmed: Sequence[str]) -> str:
    """The page as HTML: no script, nothing fetched, links to the files beside it alone."""
    words = job.library.words("pack")
    parts = [
        *_about(job, words),
        f'<p><a href="#unconfirmed">{escape(words["unconfirmed_some"])}</a></p>' if unconfirmed else "",
    ]
    for time in TIMES:
        rows = [piece for piece in pieces if piece.time == time]
        if rows:
            listed = (_row(piece.file, words, *_document(job, piece.file, words)) for piece in rows)
            parts += [f"<h2>{escape(words[time])}</h2>", "<ul>", *listed, "</ul>"]
    return framed(job.library, words, job.plan.title, [*parts, *_unconfirmed(words, unconfirmed)])


def framed(library: Library, words: Mapping[str, str], heading: str, inside: Sequence[str]) -> str:
    """A first page around its own parts, which are HTML; `words` has its ``title`` and ``eyebrow``."""
    parts = [
        "<!doctype html>",
        f'<html lang="{escape(library.language)}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy.MARK}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">',
        f"<title>{escape(words['title'])}</title><style>{front.style('style.css', 'reading.css', 'page.css')}</style>",
        f'</head><body class="sk sk-page"><main id="main"><p class="sk-eyebrow">{escape(words["eyebrow"])}</p>',
        f"<h1>{escape(heading)}</h1>",
        f'<p class="sk-label">{escape(library.review_label())}</p>',
        *inside,
    ]
    foot = library.words("page")["foot"].format(version=library.course()["version"])
    parts += ["</main>", f'<footer class="sk-page-foot"><p>{escape(foot)}</p></footer>', "</body></html>"]
    return policy.sealed("\n".join(parts)) + "\n"


def class_page(job: Printing, form: FreshForm, sheets: Sequence[Sheet], unconfirmed: Sequence[str]) -> str:
    """The first page of a class: what to do before, in and after it, each file under what it is printed for."""
    words = job.library.words("class")
    parts = [f"<p>{escape(words['lead'].format(n=len(form.items), mark=form.mark))}</p>"]
    parts += [f'<p><a href="#unconfirmed">{escape(words["unconfirmed_some"])}</a></p>' if unconfirmed else ""]
    for time in ("before", "during", "after"):
        parts.append(f"<h2>{escape(words[time])}</h2>")
        steps = [text for key, text in words.items() if key.startswith(f"{time}_")]
        parts += ["<ol>", *(f"<li>{escape(text)}</li>" for text in steps), "</ol>"]
        for given in (True, False):
            rows = [one for one in sheets if one.time == time and one.given == given]
            if rows:
                lead = words["for_students" if given else "for_lecturer"]
                links = (_row(one.file, words, one.title) for one in rows)
                parts += [f"<h3>{escape(lead)}</h3>", "<ul>", *links, "</ul>"]
    parts += _unconfirmed({**job.library.words("pack"), **words}, unconfirmed)
    return framed(job.library, words, words["heading"], parts)


def _about(job: Job, words: dict[str, str]) -> list[str]:
    local = job.local
    lines = [words["minutes"].format(n=job.plan.minutes, sessions=len(job.plan.sessions))]
    lines += [words["claim"].format(note=job.plan.claim_note)] if job.plan.claim_note else []
    if local is not None:
        told = [text for text in (local.date, local.starts, local.organisation, local.place, local.room) if text]
        lines.insert(0, " · ".join(told))
    return [f"<p>{escape(line)}</p>" for line in lines if line]


def _unconfirmed(words: dict[str, str], names: Sequence[str]) -> list[str]:
    if not names:
        return [f"<p>{escape(words['all_confirmed'])}</p>"]
    rows = "".join(f"<li>{escape(name)}</li>" for name in names)
    head = f'<h2 id="unconfirmed">{escape(words["unconfirmed"])}</h2>'
    return [f"{head}<p>{escape(words['unconfirmed_lead'])}</p><ul>{rows}</ul>"]


def _row(path: str, words: Mapping[str, str], title: str = "", more: str = "") -> str:
    """A link with what the file is for, and behind the file's name what else there is to know."""
    stem = path.rpartition("/")[2]
    bare = stem.rpartition(".")[0].replace("-", " ")
    name = title or words.get(f"file_{stem.replace('.', '_').replace('-', '_')}", bare)
    file = escape(path)
    return f'<li><a href="{file}">{escape(name)}</a> <span class="sk-quiet">{file}{escape(more)}</span></li>'


def _document(job: Job, file: str, words: Mapping[str, str]) -> tuple[str, str]:
    """A document's own title, and the minutes that it takes to read; empty for any other file."""
    if not file.startswith(DOCUMENTS):
        return "", ""
    source = f"{file.removeprefix(DOCUMENTS).removesuffix('.pdf')}.md"
    head = documents.read(job.course.facilitator / source, f"facilitator/{source}").front
    return words["document"].format(id=head.id, title=head.title), words["reading"].format(n=head.minutes)
