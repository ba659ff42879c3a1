"""What every printed piece has: the words of its labels, its foot, and the label about external review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..job import Printing
from ..typeset import typeset


def press(
    job: Printing,
    template: str,
    title: str,
    data: Mapping[str, Any],
    *,
    words: str = "",
    numbered: bool = True,
    apart: bool = False,
    system_fonts: bool = False,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """Typeset one piece of a pack.

    Parameters
    ----------
    template : a file in ``templates/typst``, without ``.typ``. title : of the document, also in its foot.
    words : the table of ``words.toml`` with this piece's labels; by default the template's name.
    numbered : whether the foot counts pages. apart, system_fonts, files : as for `typeset`.

    Raises
    ------
    TypesetError : as `typeset` does.
    """
    library = job.library
    labels = library.words("print") | library.words(words or template)
    course, label = library.course(), library.review_label()
    left = labels["foot"].format(course=course["title"], version=course["version"], title=title, label=label)
    foot = {"left": left, "page": labels["page"] if numbered else "", "course": course["title"]}
    return typeset(
        template,
        {**data, "title": title, "words": labels, "foot": foot, "label": label},
        title=f"{title} · {course['title']}",
        language=library.language,
        paper=job.paper,
        large_print=job.large_print,
        apart=apart,
        system_fonts=system_fonts,
        files=files,
        once=job.once,
        sizes=job.earlier.sizes,
    )
