"""The planning notebook of a facilitator: choose, see the agenda, fill the local card, make the pack.

Plain ipywidgets with visible labels; what is typed is kept in a file at once, so that no kernel can lose it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import plans, render
from ..faults import SafekeepingError
from ..library import Course, built_in, course
from .local import LINES, TIME, LocalCard, number_fault, read_local, write_local
from .pack import Order, pack
from .timeline import timeline

if TYPE_CHECKING:
    from ipywidgets import VBox

FILE = "local-card.toml"
TEXTS = ("organisation", "place", "room", "quiet_room", "starts", "owner", "procedure")
COUNTS = ("people", "tables")
ORDER = ("organisation", "place", "room", "quiet_room", "date", "starts", "people", "tables", "owner", "procedure")


def planner(folder: str = ".") -> None:
    """Show the planner in a notebook; it keeps its card and writes its packs in that folder."""
    from IPython.display import display

    display(Planner(Path(folder), course()).box)


class Planner:
    """The widgets of one planning notebook.

    Parameters
    ----------
    folder : where the card is kept and packs are written. where : the course.
    today : the day that confirmations are compared with; the computer's own by default.
    """

    def __init__(self, folder: Path, where: Course, today: date | None = None) -> None:
        import ipywidgets

        self._kit: Any = ipywidgets
        self.folder, self.where = folder, where
        self.today = today or datetime.now(UTC).astimezone().date()
        self.library = built_in()
        self.words = self.library.words("planner")
        self.path = folder / FILE
        self.told = self._kit.HTML()
        self.fields: dict[str, Any] = {}
        self.box: VBox = self._build()

    # --- what is kept ------------------------------------------------------------------------------------------------

    def _card(self) -> LocalCard:
        return read_local(self.path, self.today) if self.path.exists() else LocalCard()

    def keep(self, _: object = None) -> bool:
        """Keep the fields in the file, without what cannot be right; False, with a word about why, if there is such."""
        raw: dict[str, Any] = {"plan": self.plan_id}
        raw |= {key: self.fields[key].value.strip() for key in TEXTS}
        raw |= {key: self.fields[key].value for key in COUNTS}
        raw["date"] = _text(self.fields["date"].value)
        raw["line"] = [self._line(id) for id in LINES]
        raw["confirmed"] = {id: _text(one.value) for id, one in self.fields["contacts"].items() if one.value}
        wrong = list(self._left_out(raw))
        try:
            write_local(self.path, raw)
        except SafekeepingError as error:
            wrong.append(str(error))
        self._say(" ".join(wrong), alert=bool(wrong))
        return not wrong

    def _left_out(self, raw: dict[str, Any]) -> Iterator[str]:
        """Take out what `read_local` would refuse, so that the file can always be read; say each in a sentence."""
        words = self.words
        if raw["starts"] and not TIME.fullmatch(raw["starts"]):
            yield words["wrong_time"].format(came=raw["starts"])
            raw["starts"] = ""
        for line in raw["line"]:
            if fault := number_fault(line["number"]):
                yield words["wrong_number"].format(line=line["name"], fault=fault)
                line["number"] = ""
            if line["confirmed_on"] and (not line["confirmed_by"] or line["confirmed_on"] > self.today.isoformat()):
                yield words["wrong_confirmation"].format(line=line["name"])
                line["confirmed_on"] = ""
        late = [id for id, day in raw["confirmed"].items() if day > self.today.isoformat()]
        for id in late:
            yield words["wrong_confirmation"].format(line=self.fields["contacts"][id].description)
            del raw["confirmed"][id]

    def _line(self, id: str) -> dict[str, str]:
        one = self.fields["lines"][id]
        name, number, by = (one[key].value.strip() for key in ("name", "number", "confirmed_by"))
        line = {"id": id, "name": name or self._line_name(id), "number": number}
        return line | {"confirmed_on": _text(one["confirmed_on"].value), "confirmed_by": by}

    def _line_name(self, id: str) -> str:
        return self.words["lead_role" if id == "lead" else id]

    @property
    def plan_id(self) -> str:
        """The id of the plan that is chosen."""
        return f"{self.fields['audience'].value}-{self.fields['form'].value}"

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _build(self) -> Any:
        kit, words = self._kit, self.words
        try:
            card = self._card()
        except SafekeepingError as error:
            return kit.VBox([kit.HTML(escape(words["broken"].format(file=FILE, fault=error)))])
        self.agenda = kit.HTML()
        self.bar = kit.IntProgress(value=0, min=0, max=1, description=words["make"], layout=kit.Layout(width="30rem"))
        button = kit.Button(description=words["make"], button_style="primary", layout=kit.Layout(width="14rem"))
        button.on_click(lambda _: self.make())
        children = [
            self._heading(words["title"], 2),
            kit.HTML(f"<p>{escape(words['lead'].format(file=FILE))}</p>"),
            self._heading(words["who"]), *self._choices(card),
            self._heading(words["agenda"]), self.agenda,
            self._heading(words["where_when"]), *self._facts(card),
            self._heading(words["card"]), kit.HTML(f"<p>{escape(words['card_lead'])}</p>"), *self._lines(card),
            self._heading(words["contacts"]), kit.HTML(f"<p>{escape(words['contacts_lead'])}</p>"),
            *self._contacts(card),
            button, self.bar, self.told,
        ]  # fmt: skip
        self._draw()
        return kit.VBox(children)

    def _heading(self, text: str, level: int = 3) -> Any:
        return self._kit.HTML(f"<h{level}>{escape(text)}</h{level}>")

    def _field(self, make: Callable[..., Any], label: str, **more: Any) -> Any:
        """A field with a visible label that stands before it, and that is kept when it changes."""
        style, layout = {"description_width": "22rem"}, self._kit.Layout(width="44rem", max_width="100%")
        made = make(description=label, style=style, layout=layout, **more)
        made.observe(self._changed, names="value")
        return made

    def _choices(self, card: LocalCard) -> list[Any]:
        every = plans.audiences(self.where)
        audience, _, form = card.plan.rpartition("-")
        lengths = plans.forms(self.where)
        people = [(one.name, id) for id, one in every.items()]
        chosen = audience if audience in every else "general"
        self.fields["audience"] = self._field(self._kit.Dropdown, self.words["audience"], options=people, value=chosen)
        chosen = form if form in lengths else "90"
        self.fields["form"] = self._field(self._kit.Dropdown, self.words["length"], options=lengths, value=chosen)
        return [self.fields["audience"], self.fields["form"]]

    def _facts(self, card: LocalCard) -> list[Any]:
        kit, words = self._kit, self.words
        for key in TEXTS:
            text = getattr(card, key)
            self.fields[key] = self._field(kit.Text, words[key], value=text, continuous_update=False)
        for key in COUNTS:
            self.fields[key] = self._field(kit.BoundedIntText, words[key], value=getattr(card, key), min=0, max=500)
        self.fields["date"] = self._field(kit.DatePicker, words["date"], value=_date(card.date))
        return [self.fields[key] for key in ORDER]

    def _lines(self, card: LocalCard) -> list[Any]:
        kit, words = self._kit, self.words
        found: list[Any] = []
        self.fields["lines"] = {}
        for id in LINES:
            kept = card.line(id)
            has = asdict(kept) if kept else {}
            name = self._line_name(id)
            one = {
                "name": self._field(kit.Text, words["name"].format(line=name), value=has.get("name", "")),
                "number": self._field(kit.Text, words["line_number"].format(line=name), value=has.get("number", "")),
                "confirmed_on": self._field(
                    kit.DatePicker, words["line_on"].format(line=name), value=_date(has.get("confirmed_on", ""))
                ),
                "confirmed_by": self._field(
                    kit.Text, words["line_by"].format(line=name), value=has.get("confirmed_by", "")
                ),
            }
            for text in (one["name"], one["number"], one["confirmed_by"]):
                text.continuous_update = False
            self.fields["lines"][id] = one
            found += one.values()
        return found

    def _contacts(self, card: LocalCard) -> list[Any]:
        self.fields["contacts"] = {
            one.id: self._field(self._kit.DatePicker, one.name, value=_date(card.confirmed.get(one.id, "")))
            for _, group in render.contacts_by_use(self.library)
            for one in group
        }
        return list(self.fields["contacts"].values())

    def _changed(self, change: Any) -> None:
        if "contacts" in self.fields:  # not while the form is being built
            self.keep()
            if change["owner"] in (self.fields["audience"], self.fields["form"], self.fields["starts"]):
                self._draw()

    def _draw(self) -> None:
        try:
            chosen = plans.plan(self.library, self.where, self.plan_id)
        except SafekeepingError as error:
            self._say(str(error), alert=True)
            return
        self.agenda.value = timeline(chosen, self.words, self.fields["starts"].value.strip())

    def _say(self, text: str, *, alert: bool = False) -> None:
        self.told.value = f'<p role="{"alert" if alert else "status"}">{escape(text)}</p>'

    # --- making ------------------------------------------------------------------------------------------------------

    def make(self) -> None:
        """Keep the card and make the pack, with progress; every fault is one sentence in the notebook."""
        if not self.keep():
            return
        target = self.folder / f"pack-{self.plan_id}"
        order = Order(where=self.where, plan=self.plan_id, target=target, local=self.path, today=self.today)
        try:
            done = pack(order, self._moved)
        except SafekeepingError as error:
            self._say(str(error), alert=True)
            return
        missing = ", ".join(done.unconfirmed) or "–"
        counts = {"n": len(done.made), "kept": len(done.kept)}
        self._say(self.words["made"].format(folder=target.name, missing=missing, **counts))

    def _moved(self, done: int, of: int, what: str) -> None:
        self.bar.max, self.bar.value = max(of, 1), done
        if what:
            self._say(self.words["making"].format(what=what, n=done + 1, of=of))


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
