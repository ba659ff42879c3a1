"""The documents of the university pack with what the course knows filled in, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..documents import Document
from ..library import Library
from ..records import Objective, Scenario, Source
from ..university import ALL, Data, known, named

DOI = "https://doi.org/"
PERCENT = "\u00a0%"  # never alone on a line
MOST_AUTHORS = 3  # named in a reference; the others are "and others"


@dataclass(frozen=True)
class Filler:
    """Puts in a document's place for it what the course knows, as Markdown.

    Attributes
    ----------
    labels : the words of its tables, from ``words.toml``.
    """

    library: Library
    data: Data
    labels: Mapping[str, str]

    @cached_property
    def objectives(self) -> dict[str, Objective]:
        """Every objective by id, in the order of the parts."""
        modules = sorted(self.library.every("module"), key=lambda one: one.number)
        return {one.id: one for module in modules for one in module.objectives}

    @cached_property
    def known(self) -> dict[str, set[str]]:
        """As the function `known` says for this course."""
        return known(self.data, self.library.every("module"), self.library.every("scenario"))

    def fill(self, one: Document) -> str:
        """A whole document, without its front matter.

        Raises
        ------
        WrongCall : it names something that does not exist; the message names a near one.
        """
        parts = []
        for section in one.sections:
            parts.append(f"{'#' * section.level} {section.heading}\n" if section.heading else "")
            parts.append(section.replaced(self._claim, self.made))
        return "\n".join(parts).strip() + "\n"

    def made(self, word: str, ids: list[str]) -> str:
        """What one line in double braces stands for; errors as for `fill`."""
        named(word, ids, self.known)
        makers = {
            "areas": self._areas, "competencies": self._competencies, "grading": self._grading, "marks": self._marks,
            "modules": self._modules, "objectives": self._objectives, "readings": self._readings,
            "rubric": self._rubric, "stories": self._stories,
        }  # fmt: skip
        return makers[word](ids)

    def _claim(self, id: str) -> str:
        claim = self.library.get("claim", id)
        return f"{claim.text} *{claim.caveat}*" if claim.caveat else str(claim.text)

    def _wanted(self, ids: list[str]) -> list[str]:
        """Ids of objectives; a part's id stands for all of its objectives."""
        found: list[str] = []
        for id in ids:
            found += [id] if id in self.objectives else [one.id for one in self.library.get("module", id).objectives]
        return found

    def _objectives(self, ids: list[str]) -> str:
        every = [self.objectives[id] for id in self._wanted(ids)]
        return "\n".join(f"- **{one.id}** {one.text} ({', '.join(one.cswe)})" for one in every)

    def _modules(self, ids: list[str]) -> str:
        every = [self.library.get("module", id) for id in ids]
        return "\n".join(
            self.labels["module"].format(
                n=one.number, title=one.title, stem=one.stem, alone=one.minutes, room=one.minutes + one.room_minutes
            )
            for one in every
        )

    def _stories(self, ids: list[str]) -> str:
        every = [self.library.get("scenario", id) for id in ids]
        numbers = {module.id: module.number for module in self.library.every("module")}
        return "\n".join(
            self.labels["story"].format(title=one.title, n=numbers[one.module], minutes=one.minutes, role=one.role)
            for one in every
        )

    def _readings(self, ids: list[str]) -> str:
        return "\n".join(self._reading(id) for id in ids)

    def _reading(self, id: str) -> str:
        one = self.data.reading[id]
        where = self.labels["free" if one.free else "library"]
        part = f" {one.part}" if one.part else ""
        questions = "\n".join(f"    - {text}" for text in one.questions)
        return f"- {reference(self.library.get('source', id), self.labels['others'])}{part} {where}\n{questions}"

    def _rubric(self, ids: list[str]) -> str:
        wanted = list(self.data.criterion) if ids == [ALL] else ids
        parts = []
        for id in wanted:
            one = self.data.criterion[id]
            texts = {anchor.level: anchor.text for anchor in one.anchors}
            rows = [[f"{level.title} ({level.share}{PERCENT})", texts[level.id]] for level in self.data.level.values()]
            head = self.labels["criterion"].format(title=one.title, weight=one.weight)
            parts.append(f"**{head}**\n\n{self._table('rubric', rows)}")
        return "\n\n".join(parts)

    def _grading(self, ids: list[str]) -> str:
        parts = []
        for id in ids:
            rows = [[one.title, f"{one.weight}{PERCENT}"] for one in self.data.grading[id].shares]
            parts.append(self._table("grading", rows))
        return "\n\n".join(parts)

    def _marks(self, ids: list[str]) -> str:
        parts = []
        for id in ids:
            one, data = self.data.mark[id], self.data
            rows = [[data.criterion[s.criterion].title, data.level[s.level].title, s.reason] for s in one.scores]
            total = self.labels["total"].format(points=f"{data.points(one):g}")
            comment = self.labels["comment"].format(text=one.comment)
            parts.append(f"{self._table('marks', rows)}\n\n{total}\n\n{comment}")
        return "\n\n".join(parts)

    def _competencies(self, ids: list[str]) -> str:
        wanted = list(self.data.competency) if ids == [ALL] else ids
        stories = [one for one in self.library.every("scenario") if one.status == "ready"]
        items = Counter((one.objective, one.use) for one in self.library.every("item"))
        parts = []
        for id in wanted:
            label = self.data.competency[id].label or self.labels["no_label"]
            rows = [
                self.labels["covered"].format(
                    id=one.id,
                    text=one.text,
                    stories="; ".join(_titles(stories, one.id)) or self.labels["none"],
                    practice=items[one.id, "practice"],
                    test=items[one.id, "test"],
                )
                for one in self.objectives.values()
                if id in one.cswe
            ]
            parts.append("\n".join([f"**{id}: {label}**\n", *rows]))
        return "\n\n".join(parts)

    def _areas(self, ids: list[str]) -> str:
        wanted = list(self.data.area) if ids == [ALL] else ids
        rows = []
        for id in wanted:
            one = self.data.area[id]
            named("objectives", [*one.objectives], self.known)
            beside = (self.objectives[id] for id in self._wanted([*one.objectives]))
            rows.append([one.label, "; ".join(f"{objective.id} {objective.text}" for objective in beside)])
        return self._table("areas", rows)

    def _table(self, name: str, rows: list[list[str]]) -> str:
        heads = self.labels[name].split(" | ")
        lines = [heads, ["---"] * len(heads), *rows]
        return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _titles(stories: list[Scenario], objective: str) -> list[str]:
    return [one.title for one in stories if objective in one.objectives]


def reference(one: Source, others: str) -> str:
    """A source as a reference in Markdown: who, year, title, where it appeared, and a link where there is one.

    Parameters
    ----------
    others : what stands for authors beyond the third.
    """
    people = [*(one.authors or one.organisations)]
    who = "; ".join(people[:MOST_AUTHORS]) + (f" {others}" if len(people) > MOST_AUTHORS else "")
    year = f"({one.year})" if one.year else ""
    place = ", ".join(part for part in (one.container, one.volume, one.publisher) if part and part != who)
    address = f"[{one.url}]({one.url})" if one.url else f"[doi {one.doi}]({DOI}{one.doi})" if one.doi else ""
    parts = [f"{who} {year}".strip(), f"*{one.title}*", place, address]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."
