"""The synthetic study: the same for the same seed, and its truth comes back out of the evaluation."""

from __future__ import annotations

import numpy as np
import pytest

from safekeeping.evaluate import codebook, responses, synthetic
from safekeeping.evaluate.change import change, interval
from safekeeping.evaluate.matching import match
from safekeeping.evaluate.scoring import knowledge, reporting
from safekeeping.evaluate.synthetic import Made, Truth


@pytest.fixture(scope="module")
def made() -> Made:
    return synthetic.study(4000, 11, Truth(careless=0.0), events=40)


@pytest.fixture(scope="module")
def read(made: Made, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("synthetic")
    for name, text in synthetic.files(made).items():
        (folder / name).write_text(text, encoding="utf-8")
    book = codebook.from_data(made.codebook, made.keys)
    return responses.read([folder / "synthetic-responses.csv"], book, skip_bad=True), book


def test_a_seed_gives_the_same_study_and_names_say_that_it_is_synthetic() -> None:
    one, again, other = (synthetic.files(synthetic.study(40, seed)) for seed in (3, 3, 4))
    assert one == again
    assert one != other
    assert all("synthetic" in name for name in one)
    assert "synthetic workshop" in one["synthetic-responses.csv"]


def test_the_known_effect_comes_back(made: Made, read) -> None:
    """The mean change of matched people lies in its own interval around what the model expects of these people."""
    found, book = read
    people = match(found)
    score = knowledge(found, book, 20)
    both = people.have("pre", "post")
    before, after = (score[people.rows[wave][both]] for wave in ("pre", "post"))
    told = change(before, after)
    stayed = made.present[:, 1]
    wanted = [
        np.mean([made.expected(form, made.ability[stayed, wave]).mean() for form in ("A", "B")]) for wave in (0, 1)
    ]
    lost = 0.02 * (100 - np.mean(wanted)) / 3 + 0.01 * np.mean(wanted)  # "don't know" in place of a guess, empty cells
    assert told.low - lost <= wanted[1] - wanted[0] <= told.high + lost
    for values, mean in zip((before, after), wanted, strict=True):
        low, high = interval(values)
        assert low <= mean <= high + 2 * lost


def test_difficulty_comes_back(made: Made, read) -> None:
    found, book = read
    there = [
        float(
            (found.answers[one][(found.wave == 0) & (found.length == 20) & (found.form == 0)] == book.keys[one]).mean()
        )
        for one in made.questions[:20]
    ]
    assert np.corrcoef(there, made.difficulty[:20])[0, 1] < -0.9


def test_dropout_mistyped_codes_and_those_who_come_back_are_found(made: Made, read) -> None:
    found, _ = read
    exact, near = match(found), match(found, one_off=True)
    stayed, mistyped = int(made.present[:, 1].sum()), int(made.mistyped.sum())
    assert int(exact.have("pre", "post").sum()) == pytest.approx(stayed - mistyped, abs=12)  # a few codes fall together
    assert int(near.have("pre", "post").sum()) == pytest.approx(stayed, abs=12)
    assert int(near.near.sum()) == pytest.approx(mistyped, abs=12)
    assert 1 - stayed / 4000 == pytest.approx(made.truth.dropout, abs=0.03)


def test_the_training_raises_reporting_everywhere_as_the_model_says(made: Made, read) -> None:
    """Hits and false alarms both rise: the report must be able to show it."""
    found, book = read
    for case in ("positive", "negative"):
        rate = reporting(found, book, case)
        assert np.nanmean(rate[found.wave == 1]) > np.nanmean(rate[found.wave == 0]) + 2


def test_careless_answers_lower_the_scores() -> None:
    def mean(careless: float) -> float:
        made = synthetic.study(1500, 5, Truth(careless=careless))
        keys = np.array([made.keys[one] for one in made.questions[:20]])
        first = made.frame.filter((made.frame["wave"] == "pre") & (made.frame["form"] == "A"))
        return float((first.select(made.questions[:20]).to_numpy() == keys).mean())

    assert mean(0.0) - mean(0.6) > 0.08
