"""Which of several pictures that look alike is proposed, and why."""

from __future__ import annotations

import pytest

from assets.keeping import Candidate, best_of


@pytest.mark.parametrize(
    ("better", "worse", "why"),
    [
        ({"is_approved": True}, {"rating": 5.0, "pixels": 9}, "approved"),
        ({"is_in_review": True}, {"rating": 5.0}, "in review"),
        ({"rating": 4.5}, {"rating": 4.0, "stars": 9}, "rated best"),
        ({"stars": 2}, {"comments": 9}, "stars"),
        ({"comments": 1}, {"collections": 9}, "comments"),
        ({"collections": 1}, {"uses": 9}, "collections"),
        ({"uses": 1}, {"tags": 9}, "used most"),
        ({"tags": 1}, {"pixels": 9}, "tags"),
        ({"pixels": 2}, {"pixels": 1, "bytes": 9}, "most pixels"),
        ({"bytes": 2}, {"bytes": 1}, "largest"),
    ],
)
def test_what_people_did_counts_before_the_file(better: dict, worse: dict, why: str) -> None:
    # The worse one is the older one, which would win if nothing else were different.
    best, words = best_of([Candidate(number=1, **worse), Candidate(number=2, **better)])
    assert best.number == 2
    assert why in str(words)


def test_of_equals_the_oldest_is_kept() -> None:
    best, words = best_of([Candidate(number=3), Candidate(number=1), Candidate(number=2)])
    assert best.number == 1
    assert "oldest" in str(words)


def test_the_reason_is_the_rule_by_which_all_others_fall_behind() -> None:
    candidates = [
        Candidate(number=1, rating=4.0, pixels=1),
        Candidate(number=2, rating=4.0, pixels=2),
        Candidate(number=3, rating=1.0, pixels=9),
    ]
    best, words = best_of(candidates)
    assert best.number == 2
    assert "most pixels" in str(words)
