"""The questions of benchmarks.question and of the load: enough of them, and no two alike."""

from __future__ import annotations

from benchmarks.service.different import different


def test_thousands_of_questions_are_asked_and_none_twice() -> None:
    asked = [one.question for one in different()]
    assert len(asked) >= 2000
    letters = ["".join(filter(str.isalnum, text.casefold())) for text in asked]
    assert len(set(letters)) == len(letters)
    assert all(letters)
