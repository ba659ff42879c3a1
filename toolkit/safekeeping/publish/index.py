"""The first page of a pack: every file in the order of use, and what nobody has confirmed yet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .. import front
from . import policy
from .job import Job
from .pieces import Piece

TIMES = ("four_weeks", "one_week", "day", "after", "later")


def page(job: Job, pieces: Sequence[Piece], unconfirmed: Sequence[str]) -> str:
    """The page as HTML: no script, nothing fetched, links to the files beside it alone."""
    words, frame = job.library.words("pack"), job.library.words("page")
    parts = [
        "<!doctype html>",
        f'<html lang="{escape(job.library.language)}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy.MARK}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">',
        f"<title>{escape(words['title'])}</title><style>{front.style('style.css', 'reading.css', 'page.css')}</style>",
        f'</head><body class="sk sk-page"><main id="main"><p class="sk-eyebrow">{escape(words["eyebrow"])}</p>',
        f"<h1>{escape(job.plan.title)}</h1>",
        f'<p class="sk-label">{escape(job.library.review_label())}</p>',
        *_about(job, words),
        f'<p><a href="#unconfirmed">{escape(words["unconfirmed_some"])}</a></p>' if unconfirmed else "",
    ]
    for time in TIMES:
        rows = [piece for piece in pieces if piece.time == time]
        if rows:
            parts += [f"<h2>{escape(words[time])}</h2>", "<ul>", *(_row(piece, words) for piece in rows), "</ul>"]
    parts += _unconfirmed(words, unconfirmed)
    foot = frame["foot"].format(version=job.library.course()["version"])
    parts += ["</main>", f'<footer class="sk-page-foot"><p>{escape(foot)}</p></footer>', "</body></html>"]
    return policy.sealed("\n".join(parts)) + "\n"


def _about(job: Job, words: dict[str, str]) -> list[str]:
    local = job.local
    lines = [words["minutes"].format(n=job.plan.minutes, sessions=len(job.plan.sessions)), job.plan.claim_note]
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


def _row(piece: Piece, words: dict[str, str]) -> str:
    """A link with what the file is for; a document under its own name."""
    stem = piece.file.rpartition("/")[2]
    name = words.get(f"file_{stem.replace('.', '_').replace('-', '_')}", stem.rpartition(".")[0].replace("-", " "))
    file = escape(piece.file)
    return f'<li><a href="{file}">{escape(name)}</a> <span class="sk-quiet">{file}</span></li>'
