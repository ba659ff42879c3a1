"""What can be typed after ``safekeeping``: every command with its words and options, and a word of help for each."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from . import __version__

Command = Callable[[argparse.Namespace], int]  # runs one; gives the exit code


def parser(run: Mapping[str, Command]) -> argparse.ArgumentParser:
    """What reads the words of a call.

    Parameters
    ----------
    run : what each command does, by its name; the chosen one stands in the result as ``run``.
    """
    every = argparse.ArgumentParser(
        prog="safekeeping",
        description="A course on recognising and responding to the commercial sexual exploitation of children.",
        epilog="If a child is in danger now, call the emergency number (911 in the United States).",
    )
    every.add_argument("--version", action="version", version=f"safekeeping {__version__}")
    every.set_defaults(run=None, command="")
    commands = every.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=run[name])
        return one

    open_ = command("open", "copy the course to a folder of yours and open it in JupyterLab")
    open_.add_argument("folder", nargs="?", default="my-course", metavar="DIR", help="your folder (default: my-course)")
    open_.add_argument("--port", type=int, default=0, help="the port on this computer (default: a free one)")
    open_.add_argument("--facilitator", action="store_true", help="with the notebooks for a workshop")
    open_.add_argument("--no-browser", action="store_true", help="only print the address")
    check = command("check", "check content: the built-in course, or a content folder of your own")
    check.add_argument("path", nargs="?", metavar="PATH", help="a content folder, or a plan file (default: the course)")
    check.add_argument("--coverage", action="store_true", help="where each source point and objective is taught")
    check.add_argument("--sources", metavar="FILE", help="write the source ledger, a sheet ending in .csv")
    check.add_argument("--release", action="store_true", help="stricter: what must be true before a release")
    check.add_argument("--today", metavar="YYYY-MM-DD", help="the day that date rules compare with")
    check.add_argument("--place", metavar="FILE", help="prove that a place pack is complete")
    check.add_argument("--register", action="store_true", help="enter new ids into the ledger of ids")
    check.add_argument("--json", action="store_true", help="machine-readable output")
    new = command("new", "write a valid starter file to edit")
    new.add_argument("kind", choices=["scenario", "item", "plan"])
    new.add_argument("name", metavar="NAME", help="its id, for example sc21-night-bus or m5-my-question")
    new.add_argument("--content", metavar="DIR", help="a content folder (default: the built-in one)")
    new.add_argument("--audience", default="general", metavar="WHO", help="plan: for whom, for example educators")
    new.add_argument("--minutes", default="90", metavar="LENGTH", help="plan: 60, 90, 180, 3x90, 6x60 or trainers")
    page = command("page", "one module, or a booster (b7, b30, b90), as one offline page")
    deck = command("deck", "one module as one offline slide deck")
    deck.add_argument("--audience", action="store_true", help="participants' copy: neither notes nor answers")
    page.add_argument("module", metavar="MODULE", help="for example 05-recognising, M5, university, or U10 of it")
    deck.add_argument("module", metavar="PLAN-or-MODULE", help="for example educators-90, a plan file, or M5")
    for one in (page, deck):
        one.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write, ending in .html")
    evaluate = command("evaluate", "a report from answers before, after and later")
    evaluate.add_argument("responses", nargs="+", metavar="RESPONSES", help="sheets of answers, .csv or .parquet")
    evaluate.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write the report into")
    evaluate.add_argument("--codebook", metavar="FILE", help="default: codebook.json beside the first sheet")
    evaluate.add_argument("--keys", metavar="FILE", help="the authors' keys as JSON (default: the course's own)")
    evaluate.add_argument("--match", action="store_true", help="match codes with one element off too; offers the rows")
    evaluate.add_argument("--yes", action="store_true", help="with --match: write the matched rows without asking")
    evaluate.add_argument("--delete-codes", action="store_true", help="with --match: delete the codes from the sheets")
    evaluate.add_argument("--skip-bad", action="store_true", help="leave out rows with a fault; the report counts them")
    evaluate.add_argument("--limit", type=int, default=10, metavar="N", help="the smallest group shown (default: 10)")
    evaluate.add_argument("--length", type=int, default=0, metavar="N", help="of the forms, where several were used")
    evaluate.add_argument("--enrolled", type=int, default=0, metavar="N", help="how many people were enrolled")
    evaluate.add_argument("--by", choices=["role", "event"], default="", help="groups too, from 100 matched people")
    evaluate.add_argument("--today", metavar="YYYY-MM-DD", help="the day that stands in the ledger of reports")
    evaluate.add_argument(
        "--waves", nargs="+", default=[], metavar="WAVE", choices=["pre", "post", "follow-30", "follow-90"],
        help="quiz reports of Canvas or Moodle: when each was answered, in their order (pre, post …)",
    )  # fmt: skip
    evaluate.add_argument("--attempt", choices=["first", "last", "best"], default="first", help="of each person's")
    form = command("form", "the form before or after the course, as one offline page or as a sheet of answers")
    form.add_argument("wave", metavar="WAVE", help="pre, post, follow-30 or follow-90")
    form.add_argument("--form", metavar="A|B", default="", help="half the group begins with A, half with B")
    form.add_argument("--length", type=int, default=0, metavar="N", help="knowledge items: 5, 8, 12 or 20; later 10")
    form.add_argument("--event", default="", metavar="TEXT", help="what you call the event, in the file of answers")
    form.add_argument(
        "-o", "--output", metavar="FILE", required=True,
        help="a page ending in .html, or an empty sheet ending in .csv with codebook.json beside it",
    )  # fmt: skip
    pack = command("pack", "everything for one workshop: slides, run sheet, cards, forms, handouts")
    pack.add_argument("plan", metavar="PLAN", help="for example educators-90, or a plan file")
    pack.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write")
    pack.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these pieces alone, for example deck.pptx")
    pack.add_argument("--names", metavar="FILE", help="a certificate for each name of this list, one name a line")
    pack.add_argument("--zip", action="store_true", help="also as one file beside the folder")
    site = command("site", "the whole course as a site for one reader at a time, without server or network")
    site.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write, for example site")
    lms = command("lms", "parts and questions for a learning platform: Canvas, Moodle and others")
    lms.add_argument("modules", nargs="*", metavar="MODULE", help="for example 05-recognising or M5 (default: all)")
    lms.add_argument(
        "--format", required=True, choices=["imscc", "qti", "moodle", "gift", "scorm12", "csv"],
        help="imscc: pages and practice; qti, moodle, gift, csv: questions; scorm12: a part, or a folder of parts",
    )  # fmt: skip
    lms.add_argument("-o", "--output", metavar="FILE", required=True, help="for example unit.imscc")
    lms.add_argument("--instructor", action="store_true", help="the test questions with their keys: for you alone")
    lms.add_argument("--renew", action="store_true", help="replace a file that was edited, or that is not ours")
    class_ = command("class", "what a class without a learning platform needs: papers, a fresh test, its key")
    class_.add_argument("--seed", required=True, metavar="N", help="a whole number; the same one gives the same test")
    class_.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to write")
    class_.add_argument("--modules", nargs="+", default=[], metavar="MODULE", help="for example M5 (default: all)")
    class_.add_argument("--items", type=int, default=0, metavar="K", help="questions of the test (default: 20)")
    class_.add_argument("--students", type=int, default=30, metavar="N", help="rows of the grid (default: 30)")
    class_.add_argument("--syllabus", default="", metavar="ID", help="U03, U04, U05 or U06: gives the parts, too")
    for one in (pack, class_):
        one.add_argument("--local", metavar="FILE", help="your local pathway card")
        one.add_argument("--confirm", action="append", default=[], metavar="ID=DATE", help="the day you rang a contact")
        one.add_argument("--paper", choices=["letter", "a4"], default="letter")
        one.add_argument("--large-print", action="store_true", help="at least 18 points")
        one.add_argument("--renew", action="store_true", help="make files anew that were edited by hand")
        one.add_argument("--today", metavar="YYYY-MM-DD", help="the day that dates are compared with")
    for one in (open_, check, page, deck, form, pack, site, lms, class_):
        one.add_argument("--course", metavar="DIR", help="a course folder of your own, with notebooks/ inside")
    return every
