"""The evidence base holds together: nothing is lost, every link leads somewhere, nothing is claimed that nobody did."""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).parents[1] / "toolkit" / "safekeeping" / "content"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
GRADES = {"read", "secondary", "unverified"}
SITUATIONS = {
    "danger-now", "report", "trafficking", "online", "crisis", "survivor", "runaway", "image-removal", "foreign-child",
}  # fmt: skip
SAYS_SO = re.compile(
    r"do not (use|repeat)|not be (used|repeated)|not to cite|unsupported|cannot be supported|not a percentage",
    re.IGNORECASE,
)
FILES = [
    "sources.toml", "seeds.toml", "terminology.toml", "glossary.toml", "reviews.toml", "languages.toml",
    "places/us.toml",
    *sorted(f"claims/{path.name}" for path in (CONTENT / "claims").glob("*.toml")),
]  # fmt: skip


@cache
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def claims() -> list[dict[str, Any]]:
    return [claim for name in FILES if name.startswith("claims/") for claim in read(name)["claim"]]


def ids(records: list[dict[str, Any]]) -> set[str]:
    return {record["id"] for record in records}


def records() -> dict[str, list[dict[str, Any]]]:
    place = read("places/us.toml")
    return {
        "claim": claims(),
        "source": read("sources.toml")["source"],
        "contact": place["contact"],
        "term": read("terminology.toml")["term"],
        "seed": read("seeds.toml")["seed"],
        "law": place["law"],
        "phrase": place["phrase"],
        "entry": read("glossary.toml")["entry"],
        "language": read("languages.toml")["language"],
    }


def dangling(users: list[dict[str, Any]], key: str, targets: set[str]) -> list[tuple[str, str]]:
    return [(user["id"], target) for user in users for target in user.get(key, []) if target not in targets]


@pytest.mark.parametrize("name", FILES)
def test_every_file_names_its_format_first(name: str) -> None:
    """A reader can tell which format a file has before anything else."""
    assert next(iter(read(name))) == "format"
    assert read(name)["format"] == 1


@pytest.mark.parametrize(
    ("kind", "number"), [("claim", 457), ("source", 378), ("contact", 19), ("term", 35), ("seed", 127)]
)
def test_no_record_is_lost(kind: str, number: int) -> None:
    """Records are retired, never removed, so the numbers can only be changed on purpose."""
    assert len(records()[kind]) == number


def test_claims_stand_in_eighteen_topics() -> None:
    """One file for each topic."""
    assert sum(name.startswith("claims/") for name in FILES) == 18


@pytest.mark.parametrize("kind", list(records()))
def test_ids_are_unique_lower_case_slugs(kind: str) -> None:
    """Seeds keep their S-numbers; all other ids are lower-case words joined by hyphens."""
    found = [record["id"] for record in records()[kind]]
    shape = re.compile(r"S\d{3}") if kind == "seed" else SLUG
    assert [i for i in found if not shape.fullmatch(i)] == []
    assert [i for i, times in Counter(found).items() if times > 1] == []


def test_seeds_are_numbered_without_a_gap() -> None:
    """S001 to S127, each with its source article."""
    seeds = records()["seed"]
    assert [seed["id"] for seed in seeds] == [f"S{n:03d}" for n in range(1, 128)]
    assert Counter(seed["source_article"] for seed in seeds) == {"000": 45, "001": 82}


def test_every_source_of_a_claim_or_term_exists() -> None:
    """No claim and no term rests on a source that is not listed."""
    assert dangling(claims() + records()["term"], "sources", ids(records()["source"])) == []


@pytest.mark.parametrize("kind", ["seed", "law", "phrase", "entry"])
def test_everything_that_rests_on_claims_names_claims_that_exist(kind: str) -> None:
    """Seeds, laws, phrases and glossary entries each name at least one real claim."""
    assert [record["id"] for record in records()[kind] if not record["claims"]] == []
    assert dangling(records()[kind], "claims", ids(claims())) == []


def test_claims_and_seeds_name_each_other() -> None:
    """The link is written at both ends and says the same."""
    from_claims = {(seed, claim["id"]) for claim in claims() for seed in claim.get("seeds", [])}
    from_seeds = {(seed["id"], claim) for seed in records()["seed"] for claim in seed["claims"]}
    assert from_claims == from_seeds


def test_every_claim_and_contact_has_a_known_grade() -> None:
    """Nothing is shown without saying how far it was checked."""
    graded = claims() + records()["term"] + records()["contact"]
    assert [record["id"] for record in graded if record["grade"] not in GRADES] == []


def test_a_number_that_must_not_be_used_says_so() -> None:
    """A flag alone is not enough: a person who reads the claim must see it."""
    flagged = [claim for claim in claims() if claim.get("do_not_use")]
    assert flagged
    for claim in flagged:
        assert SAYS_SO.search(" ".join([claim["text"], claim.get("caveat", "")])), claim["id"]


def test_a_figure_marked_do_not_use_carries_the_flag() -> None:
    """The words in the figure and the flag never disagree."""
    said = {claim["id"] for claim in claims() if claim.get("figure", {}).get("value") == "do not use"}
    assert said <= {claim["id"] for claim in claims() if claim.get("do_not_use")}


def test_no_contact_carries_a_date_of_confirmation() -> None:
    """Nobody has confirmed a contact, so nothing may look as if somebody had."""
    assert [contact["id"] for contact in records()["contact"] if "checked_on" in contact] == []


def test_every_contact_says_where_it_was_seen_and_what_to_beware_of() -> None:
    """Pages seen, their date, whether the service's own site was among them, and the note with its conflicts."""
    for contact in records()["contact"]:
        assert contact["seen_in"] and contact["page_date"] and contact["note"], contact["id"]
        assert isinstance(contact["own_site_seen"], bool), contact["id"]
        assert all({"title", "url"} <= set(page) <= {"title", "url", "date"} for page in contact["seen_in"])


def test_contacts_answer_known_situations_and_each_situation_has_one() -> None:
    """A page that asks for a situation always finds somebody."""
    used = {situation for contact in records()["contact"] for situation in contact["use"]}
    assert used == SITUATIONS


@pytest.mark.parametrize("name", ["texas-abuse-hotline", "stopncii", "nca-cac-locator"])
def test_contacts_that_could_mislead_are_listed_under_no_situation(name: str) -> None:
    """One state's line, a service for adults only, and centers that take referrals are shown only by id."""
    (contact,) = [contact for contact in records()["contact"] if contact["id"] == name]
    assert contact["use"] == []


def test_the_child_protection_line_is_never_a_number() -> None:
    """There is no single national number, so none is given."""
    (phrase,) = [phrase for phrase in records()["phrase"] if phrase["id"] == "local-report-line"]
    (local,) = [contact for contact in records()["contact"] if contact["id"] == "local-cps"]
    assert not re.search(r"\d", phrase["text"])
    assert "phone" not in local


def test_every_law_has_a_caveat_and_a_day_of_review() -> None:
    """Law changes."""
    for law in records()["law"]:
        assert law["text"] and law["caveat"], law["id"]
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", law["review_by"]), law["id"]


def test_glossary_entries_are_short() -> None:
    """At most 45 words."""
    assert [entry["id"] for entry in records()["entry"] if len(entry["text"].split()) > 45] == []


def test_word_check_phrases_are_lower_case_and_only_where_the_word_check_applies() -> None:
    """A term with lint = true has phrases, any other has none, and no phrase stands twice."""
    terms = records()["term"]
    assert [term["id"] for term in terms if term["lint"] != bool(term.get("lint_phrases"))] == []
    phrases = [phrase for term in terms for phrase in term.get("lint_phrases", [])]
    assert phrases == [phrase.lower() for phrase in phrases]
    assert len(phrases) == len(set(phrases))


def test_the_label_stands_while_there_is_no_review() -> None:
    """Without an external review the course says so."""
    reviews = read("reviews.toml")
    assert reviews.get("review") or reviews["label"] == "Not yet externally reviewed"
