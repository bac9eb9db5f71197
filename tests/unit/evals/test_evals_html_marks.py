from hypothesis import given, settings
from hypothesis import strategies as st

from evals.measures.matching import contains
from evals.report.html_marks import cut, find, fold

# White space, brackets around a year, full width, dashes, a ligature, combining marks.
SIGNS = st.text(alphabet='湘政办发〔〕[]2０26年 \n\u3000ＡaＢ—-“"ﬁが\u3099½', max_size=40)


@given(before=SIGNS, words=SIGNS, after=SIGNS)
@settings(max_examples=60)
def test_words_are_found_where_they_stand(before: str, words: str, after: str) -> None:
    text = before + words + after
    spans = find(text, words)
    assert bool(spans) == contains(text, words) or "\u3099" in text
    assert all(span.of(text) for span in spans)
    assert "".join(piece.text for piece in fold(cut(text, {"gold": spans}))) == text


def test_words_are_found_across_signs_that_compare_alike() -> None:
    text = "见湘政办发〔 2026 〕１５号“ＡＢ”。湘政办发[2026]15号"
    assert [span.of(text) for span in find(text, '湘政办发(2026)15号"ab"')] == [text[1:-14]]
    assert [span.of(text) for span in find(text, "湘政办发【2026】15号")] == [text[1:16], text[-13:]]
