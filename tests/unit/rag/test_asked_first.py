"""What was asked comes first, in the words of the quotes, and only where they state one thing."""

from __future__ import annotations

import pytest
from assembled import assistant_over, written
from promises import broken

from corpus.model import Document, Span, Status
from corpus.notation.figures import FigureKind
from index.model import Embedder
from rag.answer.content.respective import meant_of
from rag.answer.content.stated_figures import stated_figures
from rag.assistant import Assistant
from rag.errors import QuoteNotInSource
from rag.model import Answer, Citation, Highlight, Language, Marked, Outcome, Question

_PAPER = """青海省人民政府关于支持竹产业发展的若干措施
青政发〔2024〕3号
一、对首次建成的竹材加工基地，给予最高不超过300万元一次性奖补。（省林草局牵头，省财政厅配合）
二、对省级、国家级竹材品牌，分别给予不超过20万元、50万元奖励。
三、营业收入5000万元以上的竹材贸易企业，按进口额的2%给予补助。
四、竹材检验时限从30个工作日压缩至10个工作日以内。
五、对竹纤维研发项目，甲类给予80万元，乙类给予60万元。
"""


@pytest.fixture(scope="module")
def bamboo() -> Document:
    return written("bamboo", _PAPER)


@pytest.fixture(scope="module")
def over_bamboo(bamboo: Document, tiny_embedder: Embedder) -> Assistant:
    return assistant_over([bamboo], tiny_embedder)


def _answer(assistant: Assistant, text: str) -> Answer:
    reply = assistant.ask(Question(text))
    assert broken(reply, assistant) == []
    assert isinstance(reply.result, Answer)
    return reply.result


def _highlighted(answer: Answer) -> list[str]:
    return [highlight.answer_span.of(answer.text) for highlight in answer.highlights]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("青海首次建成的竹材加工基地奖补多少钱？", "最高不超过300万元。"),
        ("青海竹材加工基地一次性奖补由哪个部门牵头？", "省林草局。"),
        ("青海竹材贸易企业进口额补助比例是多少？", "按进口额的2%。"),
        ("青海竹材检验时限多少个工作日？", "压缩至10个工作日以内。"),
        ("青海国家级竹材品牌奖励多少钱？", "不超过50万元。"),
        ("青海竹材加工基地一次性奖补向哪个部门申报？", ""),
        ("青政发〔2024〕3号", ""),
        ("青海首次建成的竹材加工基地有奖补吗？", ""),
        ("青海竹纤维研发项目给予多少钱？", ""),
    ],
)
def test_the_first_line_is_what_was_asked(over_bamboo: Assistant, question: str, first: str) -> None:
    answer = _answer(over_bamboo, question)
    begins, _, _ = answer.text.partition("\n")
    assert (begins if not begins.startswith("《") else "") == first


def test_tiers_are_only_marked(over_bamboo: Assistant) -> None:
    answer = _answer(over_bamboo, "青海竹纤维研发项目给予多少钱？")
    assert _highlighted(answer) == ["80万元", "60万元"]


def test_english_names_what_it_is_and_where(assistant: Assistant) -> None:
    answer = _answer(assistant, "When was the Yiyang document issued?")
    assert answer.language is Language.ENGLISH
    assert answer.text.startswith("Issued in signature: 2017年12月10日.\n《")


def test_traditional_questions_get_the_words_of_the_paper(over_bamboo: Assistant) -> None:
    answer = _answer(over_bamboo, "青海首次建成的竹材加工基地獎補多少錢，由哪個部門負責？")
    assert answer.text.startswith("金額：最高不超过300万元；負責部門：省林草局牵头，省财政厅配合。\n")


def test_each_paper_of_a_comparison_is_named(assistant: Assistant) -> None:
    answer = _answer(assistant, "研究型医院的研究床位比例，浙江和广东各是多少？")
    assert answer.text.startswith("浙江省：按照核定床位的 10%；广东省：按总床位的5%—10%。\n")
    assert answer.text.count("征求意见稿") == 1


@pytest.mark.parametrize(
    ("sentence", "kind", "stated"),
    [
        ("给予10-20万元奖补", FigureKind.MONEY, ["10-20万元"]),
        ("给予10万元至20万元奖补", FigureKind.MONEY, ["10万元至20万元"]),
        ("对投资5000万元以上的项目给予10万元补助", FigureKind.MONEY, ["10万元"]),
        ("给予不超过500万元的一次性奖补", FigureKind.MONEY, ["不超过500万元"]),
        ("每年给予最高3000万元/年支持", FigureKind.MONEY, ["每年给予最高3000万元/年"]),
        ("本办法自2026年5月1日起施行，有效期5年", FigureKind.DURATION, ["有效期5年"]),
    ],
)
def test_a_figure_is_shown_with_what_limits_it(sentence: str, kind: FigureKind, stated: list[str]) -> None:
    assert [one.span.of(sentence) for one in stated_figures(sentence, kinds={kind})] == stated


def test_what_is_enumerated_is_paired_only_if_the_question_tells() -> None:
    sentence = "对省级、国家级竹材品牌，分别给予20万元、50万元奖励。"
    places = [Span(sentence.index(words), sentence.index(words) + 4) for words in ("20万元", "50万元")]
    assert meant_of(sentence, places, question="国家级品牌奖多少") == 1
    assert meant_of(sentence, places, question="竹材品牌奖多少") is None
    assert meant_of(sentence, places, question="省级和国家级品牌奖多少") is None
    assert meant_of(sentence.replace("分别", ""), places, question="国家级品牌奖多少") is None


def test_a_highlight_is_verbatim_and_quoted(bamboo: Document) -> None:
    clause = next(clause for clause in bamboo.clauses if "300万元" in bamboo.text_of(clause))

    def answer(words: str, at: int) -> Answer:
        quote = Citation.quote(bamboo, clause, "最高不超过300万元", status=Status.IN_FORCE)
        found = Citation.quote(bamboo, clause, words, status=Status.IN_FORCE)
        return Answer(
            text=quote.words,
            citations=(Marked(quote, Span(0, len(quote.words))),),
            outcome=Outcome.ANSWERED,
            language=Language.CHINESE,
            passages=(),
            confidence=1.0,
            highlights=(Highlight(found, Span(at, at + len(words))),),
        )

    assert _highlighted(answer("300万元", 5)) == ["300万元"]
    with pytest.raises(QuoteNotInSource):
        answer("300万元", 4)
    with pytest.raises(QuoteNotInSource):
        answer("一次性", 0)
