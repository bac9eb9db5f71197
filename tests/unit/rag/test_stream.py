"""The parts of a reply, joined, are the reply."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.answer.stream import parts


@given(st.text(alphabet=st.sampled_from("奖补。；，\n a.1万👍“”：!\r\u2028"), max_size=300))
def test_parts_joined_are_the_text(text: str) -> None:
    pieces = [part.text for part in parts(text)]
    assert "".join(pieces) == text
    assert all(pieces)
    assert all(len(piece) <= 60 for piece in pieces)


def test_an_amount_is_not_torn_apart() -> None:
    text = "Up to 1.5 million, then 2,000 yuan. 给予500万元；其次"
    assert [part.text for part in parts(text)] == [
        "Up to 1.5 million, ",
        "then 2,000 yuan. ",
        "给予500万元；",
        "其次",
    ]
