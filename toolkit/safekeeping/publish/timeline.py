"""The agenda of a plan as a picture, and the same as a table: nothing is told by colour or place alone."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ..plans import Plan, Session

WIDE, BAR, ROW, LEFT = 960, 44, 96, 12  # units of the drawing
# Heavy steps are hatched and framed twice as thick, so that grey paper and every eye tell them apart.
LOOK = {"light": ("#e4f0ef", "1"), "heavy": ("url(#sk-heavy)", "2.5"), "break": ("#ffffff", "1")}
HATCH = (
    '<defs><pattern id="sk-heavy" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="8" height="8" fill="#fff2d6"/><path d="M0 0V8" stroke="#7a4f00" stroke-width="2"/></pattern></defs>'
)


def timeline(plan: Plan, words: Mapping[str, str], starts: str = "") -> str:
    """HTML: one bar a session, a piece a step in proportion to its minutes, with a table of the same below.

    Parameters
    ----------
    words : the table ``planner``. starts : HH:MM; with it the table tells the time of day as well.
    """
    head = f'<figure>{_picture(plan, words)}<figcaption>{escape(words["timeline_key"])}</figcaption></figure>'
    return head + "".join(_table(session, words, starts) for session in plan.sessions)


def _picture(plan: Plan, words: Mapping[str, str]) -> str:
    longest = max(session.minutes for session in plan.sessions)
    scale = (WIDE - 2 * LEFT) / longest
    high = ROW * len(plan.sessions)
    title = escape(words["timeline_title"].format(title=plan.title))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="100%" role="img" '
        f'aria-label="{title}. {escape(words["timeline_table"])}" font-family="sans-serif" font-size="13">',
        HATCH,
    ]
    for place, session in enumerate(plan.sessions):
        top = place * ROW
        parts.append(f'<text x="{LEFT}" y="{top + 18}" fill="#1d2a2f" font-weight="600">{escape(session.title)}</text>')
        for number, (start, step) in enumerate(session.timed(), 1):
            fill, line = LOOK["break" if step.kind == "break" else step.load]
            x, wide = LEFT + start * scale, step.planned * scale
            parts.append(
                f'<rect x="{x:.1f}" y="{top + 26}" width="{wide:.1f}" height="{BAR}" fill="{fill}" '
                f'stroke="#1d2a2f" stroke-width="{line}"/>'
            )
            if wide > 16:
                middle = x + wide / 2
                parts.append(
                    f'<rect x="{middle - 10:.1f}" y="{top + 38}" width="20" height="20" rx="10" fill="#ffffff"/>'
                    f'<text x="{middle:.1f}" y="{top + 53}" text-anchor="middle" fill="#1d2a2f">{number}</text>'
                )
        parts += [_tick(LEFT + minute * scale, top + 26 + BAR, minute) for minute in range(0, session.minutes + 1, 15)]
    return "".join([*parts, "</svg>"])


def _tick(x: float, y: float, minute: int) -> str:
    return (
        f'<path d="M{x:.1f} {y}v5" stroke="#51606a"/>'
        f'<text x="{x:.1f}" y="{y + 18}" text-anchor="middle" font-size="11" fill="#51606a">{minute}</text>'
    )


def _table(session: Session, words: Mapping[str, str], starts: str) -> str:
    heads = [words[key] for key in ("number", "from", "step", "least", "planned", "most", "load")]
    rows = []
    for number, (start, step) in enumerate(session.timed(), 1):
        load = words["break" if step.kind == "break" else step.load]
        cells = [number, _clock(start, starts), step.title, step.least, step.planned, step.most, load]
        rows.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>")
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    caption = escape(words["timeline_session"].format(title=session.title, n=session.minutes))
    body = "".join(rows)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _clock(minute: int, starts: str) -> str:
    hours, _, minutes = starts.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal()):
        return str(minute)
    total = int(hours) * 60 + int(minutes) + minute
    return f"{total // 60 % 24}:{total % 60:02}"
