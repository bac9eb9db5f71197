"""Questions after several provisions are answered from facts: a row each, and the places that have none."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from assembled import assistant_over, written
from promises import broken
from robot_papers import HUNAN, Reading, hubei, hunan

from corpus.errors import StoreError
from corpus.facts.extract import facts_of
from corpus.facts.in_force import ReadFacts
from corpus.facts.model import Checked, FactKind
from corpus.model import Span
from index.model import Embedder, Hit
from index.search.hybrid import HybridSearcher
from rag.assistant import Assistant
from rag.facts.reading import FactsOfTexts
from rag.model import Answer, FactColumn, FactRow, Outcome, Question, Refusal


@pytest.fixture(scope="module")
def robots(tiny_embedder: Embedder) -> Assistant:
    readings = (hunan(), hubei())
    return assistant_over(
        [one.document for one in readings],
        tiny_embedder,
        today=date(2026, 6, 1),
        facts=[one.read for one in readings],
    )


def _answered(assistant: Assistant, text: str) -> Answer:
    reply = assistant.ask(Question(text))
    assert broken(reply, assistant) == []
    assert isinstance(reply.result, Answer), reply.result.text
    return reply.result


def _rows(assistant: Assistant, text: str) -> tuple[FactRow, ...]:
    table = _answered(assistant, text).table
    assert table is not None
    return table.rows


def _words(row: FactRow, column: FactColumn) -> str:
    cell = row.cell(column)
    return "" if cell is None else "；".join("".join(c.words for c in value) for value in cell.values)


def test_each_provision_that_pays_has_a_row_with_its_own_sum(robots: Assistant) -> None:
    rows = _rows(robots, "湖南有哪些给钱的条款，各给多少？")
    sums = {_words(row, FactColumn.BENEFICIARY): _words(row, FactColumn.AMOUNT) for row in rows}
    assert sums == {
        "手术机器人": "不超过300万元",
        "康复机器人": "不超过200万元",
        "机器人示范工厂": "",
        "": "",
    }
    assert {row.kind for row in rows} == {FactKind.MONEY, FactKind.INTEREST}


def test_a_provision_without_a_sum_says_so(robots: Assistant) -> None:
    rows = _rows(robots, "湖南有哪些给钱的条款，各给多少？")
    factory = next(row for row in rows if _words(row, FactColumn.BENEFICIARY) == "机器人示范工厂")
    cell = factory.cell(FactColumn.AMOUNT)
    assert cell is not None
    assert cell.is_unstated


def test_every_row_is_quoted_in_the_text(robots: Assistant) -> None:
    answer = _answered(robots, "湖南有哪些给钱的条款，各给多少？")
    assert answer.table is not None
    assert all(row.quote.words in answer.text for row in answer.table.rows)


def test_places_without_such_a_provision_are_named(robots: Assistant) -> None:
    answer = _answered(robots, "哪些省对机器人企业有奖补，分别多少？")
    assert answer.table is not None
    assert answer.table.without == ("湖北省",)
    assert "湖北省：未规定。" in answer.text


def test_rows_of_several_papers_stand_under_their_places(robots: Assistant) -> None:
    answer = _answered(robots, "审批时限分别压缩到几天？")
    assert answer.table is not None
    limits = {row.quote.document.id: _words(row, FactColumn.LIMIT) for row in answer.table.rows}
    assert limits == {"hunan-robots": "30个工作日", "hubei-robots": "20个工作日"}
    assert "湖南省：" in answer.text
    assert "湖北省：" in answer.text


def test_the_matter_of_the_question_limits_the_rows(robots: Assistant) -> None:
    rows = _rows(robots, "湖南对康复机器人分别奖补多少钱？")
    assert [_words(row, FactColumn.BENEFICIARY) for row in rows] == ["康复机器人"]


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("湖南250万元以上的奖补有哪些？", ["手术机器人"]),
        ("湖南250万元以下的奖补有哪些？", ["康复机器人"]),
        ("湖南的奖补达到200万元及以上的有哪些？", ["手术机器人", "康复机器人"]),
        ("湖南不低于300万元的奖补有哪些？", ["手术机器人"]),
        ("湖南最高200万元的支持有哪些？", ["康复机器人"]),
        ("湖南250万元到400万元之间的奖补有哪些？", ["手术机器人"]),
        ("湖南100万至250万元的奖补有哪些？", ["康复机器人"]),
        ("湖南200万元以上的奖补有哪些（手术机器人除外）？", ["康复机器人"]),
        ("除康复机器人以外，湖南200万元以上的奖补有哪些？", ["手术机器人"]),
        ("省工信厅负责哪些给钱的事？", ["手术机器人", "康复机器人"]),
    ],
)
def test_sums_and_departments_limit_the_rows(robots: Assistant, text: str, whose: list[str]) -> None:
    assert [_words(row, FactColumn.BENEFICIARY) for row in _rows(robots, text)] == whose


def test_a_sum_of_the_enterprise_limits_no_sum_of_the_rows(robots: Assistant) -> None:
    rows = _rows(robots, "营业收入5000万元以上的机器人示范工厂在湖南有哪些补助？")
    assert "机器人示范工厂" in [_words(row, FactColumn.BENEFICIARY) for row in rows]


def test_without_a_kind_every_support_has_a_row(robots: Assistant) -> None:
    kinds = {row.kind for row in _rows(robots, "湖南有哪些支持措施？")}
    assert kinds == {FactKind.MONEY, FactKind.INTEREST}


def test_only_papers_of_the_status_asked_about_have_rows(tiny_embedder: Embedder) -> None:
    readings = (hunan(), hubei())
    later = assistant_over(
        [one.document for one in readings],
        tiny_embedder,
        today=date(2030, 6, 1),
        facts=[one.read for one in readings],
    )
    rows = _rows(later, "已经过期的措施有哪些，各在哪天到期？")
    assert [row.quote.words for row in rows] == ["本措施自2026年3月1日起施行，有效期3年"]


def test_a_column_that_is_asked_for_stands_in_the_text(robots: Assistant) -> None:
    answer = _answered(robots, "湖南的奖补分别从哪个专项资金里出？")
    assert answer.table is not None
    assert FactColumn.SOURCE in answer.table.columns
    assert "“省制造强省专项资金”" in answer.text


def test_rules_are_listed_by_their_kinds(robots: Assistant) -> None:
    rows = _rows(robots, "湖南这份文件的有效期、总额封顶、重复享受怎么规定？")
    assert [row.quote.words for row in rows] == [
        "同一企业每年获得的资金最高不超过1000万元",
        "同一事项不重复享受",
        "本措施自2026年3月1日起施行，有效期3年",
    ]


def test_words_in_quotation_marks_stand_in_every_row(robots: Assistant) -> None:
    rows = _rows(robots, "哪些地方写了“一事一议”？")
    assert [row.quote.document.id for row in rows] == ["hubei-robots"]


def test_english_and_traditional_questions_have_the_same_rows(robots: Assistant) -> None:
    keys = [row.key for row in _rows(robots, "湖南有哪些给钱的条款，各给多少？")]
    english = "What subsidies does Hunan pay, and how much is each of them?"
    for text in ("湖南有哪些給錢的條款，各給多少？", english):
        assert [row.key for row in _rows(robots, text)] == keys


def test_a_paper_that_provides_nothing_of_the_kind_says_so(robots: Assistant) -> None:
    result = robots.ask(Question("湖北有哪些给钱的条款，各给多少？")).result
    assert isinstance(result, Refusal)
    assert "湖北省：未规定。" in result.text


def test_without_any_stated_sum_the_answer_says_so_and_lists_the_others(tiny_embedder: Embedder) -> None:
    reading = Reading(written("yiyang-robots", HUNAN.replace("湖南省", "湖南省益阳市")))
    reading.add(FactKind.MONEY, "对机器人示范工厂，按照有关规定给予补助", who="机器人示范工厂", form="补助")
    assistant = assistant_over([reading.document], tiny_embedder, facts=[reading.read])
    answer = _answered(assistant, "益阳的文件里，哪些补助写明了给多少钱？")
    assert answer.outcome is Outcome.PARTIAL
    assert answer.text.startswith("文件没有写明金额")
    assert answer.table is not None
    assert len(answer.table.rows) == 1


@pytest.mark.parametrize(
    "text",
    [
        "湖南对首次获批的手术机器人奖补多少？",
        "湖南这个措施的有效期是多久？",
        "机器人示范工厂由谁负责？",
        "湖南对示范工厂给补助吗？",
        "湖南的手术机器人审评要几个工作日？",
    ],
)
def test_a_question_after_one_provision_has_no_table(robots: Assistant, text: str) -> None:
    result = robots.ask(Question(text)).result
    assert not isinstance(result, Answer) or result.table is None


def test_a_question_that_names_no_kind_is_answered_from_clauses_unless_facts_have_all_of_it(
    robots: Assistant,
) -> None:
    answer = _answered(robots, "哪些省支持机器人企业开展关键技术攻关？")
    assert answer.table is None
    assert "关键技术攻关" in answer.text


def test_the_filter_of_the_request_limits_the_rows(robots: Assistant) -> None:
    result = robots.ask(Question("审批时限分别压缩到几天？", documents=("hubei-robots",))).result
    assert isinstance(result, Answer)
    assert result.table is not None
    assert {row.quote.document.id for row in result.table.rows} == {"hubei-robots"}
    assert result.table.without == ()


def test_an_answer_about_money_has_a_card_of_what_it_quotes(robots: Assistant) -> None:
    answer = _answered(robots, "湖南对首次获批的手术机器人奖补多少？")
    assert answer.table is None
    card = {_words(row, FactColumn.BENEFICIARY): row for row in answer.card}
    surgery = card["手术机器人"]
    assert _words(surgery, FactColumn.AMOUNT) == "不超过300万元"
    assert _words(surgery, FactColumn.DEPARTMENTS) == "省工业和信息化厅牵头"
    assert "有效期3年" in _words(surgery, FactColumn.VALIDITY)


def test_an_answer_about_something_else_has_no_card(robots: Assistant) -> None:
    assert _answered(robots, "湖南这份文件里机器人示范工厂由哪个部门负责？").card == ()


def test_facts_that_cannot_be_read_leave_the_answer_from_clauses(
    tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = (hunan(), hubei())
    assistant = assistant_over([one.document for one in readings], tiny_embedder)

    def unreadable(*_: object, **__: object) -> None:
        raise StoreError("the database is locked")

    monkeypatch.setattr(assistant.facts, "select", unreadable)
    monkeypatch.setattr(assistant.facts, "of_document", unreadable)
    assert _answered(assistant, "湖南对首次获批的手术机器人奖补多少？").card == ()
    result = assistant.ask(Question("湖南有哪些奖补，各给多少？")).result
    assert isinstance(result, Refusal)
    assert "未规定" not in result.text


def test_the_last_word_of_a_compound_names_the_kind(robots: Assistant) -> None:
    rows = _rows(robots, "湖南的贷款贴息有哪些？")
    assert [row.kind for row in rows] == [FactKind.INTEREST]


def test_parts_of_a_list_are_alternatives(robots: Assistant) -> None:
    rows = _rows(robots, "湖南对康复机器人、机器人示范工厂的补助各是多少？")
    assert {_words(row, FactColumn.BENEFICIARY) for row in rows} == {"康复机器人", "机器人示范工厂"}


def test_a_sum_in_the_question_limits_the_rows(robots: Assistant) -> None:
    rows = _rows(robots, "湖南的措施里，200万元的支持有哪些？")
    assert [_words(row, FactColumn.AMOUNT) for row in rows] == ["不超过200万元"]


def test_a_question_whether_there_is_any_is_answered_by_facts_where_there_is_none(
    robots: Assistant,
) -> None:
    result = robots.ask(Question("湖北有没有贷款贴息？")).result
    assert isinstance(result, Refusal)
    assert "湖北省：未规定。" in result.text
    result = robots.ask(Question("湖南有没有贷款贴息？")).result
    assert isinstance(result, Answer)
    assert result.table is None


def test_nothing_is_called_absent_while_a_sentence_that_names_it_was_not_read(
    tiny_embedder: Embedder,
) -> None:
    reading = hubei()
    text = reading.document.text
    start = text.index("强化研发")
    unread = Checked(reading.facts[0].clause_id, Span(start, text.index("\n", start)), has_facts=False)
    naming = written("hubei-robots", text.replace("开展关键技术攻关", "获得奖补"))
    for document, sentences in ((reading.document, (unread,)), (naming, (unread,))):
        facts = replace(reading.read, sentences=sentences)
        assistant = assistant_over([document], tiny_embedder, facts=[facts])
        result = assistant.ask(Question("湖北有哪些奖补，各给多少？")).result
        assert ("未规定" in result.text) is (document is reading.document)


@pytest.mark.parametrize(
    "text",
    [
        "湖南的奖补要满足哪些条件，分别交什么材料？",
        "湖南对手术机器人的奖补由哪个部门负责，怎么规定？",
        "研发清单内的手术机器人最高补多少？",
        "湖南的审评时限目标是怎么分解到各区县的？",
    ],
)
def test_a_question_after_something_else_has_no_table(robots: Assistant, text: str) -> None:
    result = robots.ask(Question(text)).result
    assert not isinstance(result, Answer) or result.table is None


def test_facts_that_say_the_same_are_one_row(tiny_embedder: Embedder) -> None:
    reading = hunan()
    again = replace(reading.facts[2], id="again", kind=FactKind.SUPPORT)
    facts = replace(reading.read, facts=(*reading.facts, again))
    assistant = assistant_over([reading.document], tiny_embedder, facts=[facts])
    rows = _rows(assistant, "湖南有哪些给钱的条款，各给多少？")
    assert len([row for row in rows if _words(row, FactColumn.BENEFICIARY) == "机器人示范工厂"]) == 1


_COUNTY = """湖南省安化县支持产业发展的若干措施
一、发展农业
鼓励发展设施大棚。对建设育苗中心的企业，一次性补助2万元。购置卷帘机的企业，补助3000元。
对精品民宿给予5万元奖励。
二、发展工业
对认定为云服务平台的企业，给予奖励50万元。对企业完成的节水项目，按投资额的10%给予补助，最高补助不超过20万元。
对购置新设备的企业，按投资额的5%给予补助。列入市级技改项目的企业，按投资额的8%给予补助。
减船转产补助：对每艘钢制渔船补助2万元；对每艘木质渔船补助1万元。
"""


@pytest.fixture(scope="module")
def county(tiny_embedder: Embedder) -> Assistant:
    document = written("county", _COUNTY)
    return assistant_over([document], tiny_embedder, facts=[facts_of(document)])


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        # Provisions under a first sentence need not name the matter again.
        ("安化县在设施大棚方面有哪些补助，各多少？", ["2万元", "3000元"]),
        ("安化县对减船转产的补助各是多少？", ["2万元", "1万元"]),
        # One of several things asked about is enough, however much others say of another one.
        ("安化县对节水项目和云服务平台的奖补各是多少？", ["50万元", "10%最高20万元"]),
        # 买设备, 技术改造 and 技改 are the same.
        ("安化县企业买设备做技术改造各补百分之几？", ["5%", "8%"]),
        ("安化县设备更新和技改各怎么补？", ["5%", "8%"]),
        # The words of a limit may stand apart.
        ("安化县写明“最高不超过”的补助有哪些？", ["10%最高20万元"]),
    ],
)
def test_every_provision_on_the_matter_has_a_row(county: Assistant, text: str, sums: list[str]) -> None:
    rows = _rows(county, text)
    found = ["".join(_words(row, one) for one in (FactColumn.RATE, FactColumn.AMOUNT)) for row in rows]
    assert [_digits(one) for one in found] == [_digits(one) for one in sums]


def _digits(words: str) -> str:
    return re.sub(r"[^\d%]", "", words)


def test_a_form_that_others_of_the_kind_do_not_have_stands_in_every_row(tiny_embedder: Embedder) -> None:
    text = HUNAN.replace("给予补助", "给予生活补贴")
    reading = Reading(written("hunan-robots", text))
    reading.add(FactKind.MONEY, "对机器人示范工厂，按照有关规定给予生活补贴", form="生活补贴")
    reading.add(FactKind.MONEY, "分别给予不超过300万元、200万元一次性奖补", form="奖补")
    assistant = assistant_over([reading.document], tiny_embedder, facts=[reading.read])
    rows = _rows(assistant, "湖南的生活补贴有哪些，各给多少？")
    assert [_words(row, FactColumn.FORM) for row in rows] == ["生活补贴"]


@pytest.mark.parametrize(
    "text",
    [
        "哪些省对养猪有奖补？",
        "哪些省对餐饮企业有补贴，各多少？",
        "各省对火锅店给什么补贴？",
        "哪些地方对幼儿园有资助？",
        "哪些省对茶有奖补？",
        "超市有哪些奖补，各多少？",
    ],
)
def test_of_a_matter_that_no_paper_mentions_nothing_is_listed(robots: Assistant, text: str) -> None:
    assert isinstance(robots.ask(Question(text)).result, Refusal)


def test_of_a_place_the_provisions_of_the_places_around_it_are_listed(robots: Assistant) -> None:
    keys = [row.key for row in _rows(robots, "湖南有哪些给钱的条款，各给多少？")]
    for place in ("长沙", "长沙市", "岳麓区", "湖南省长沙市"):
        rows = _rows(robots, f"{place}有哪些给钱的条款，各给多少？")
        assert [row.key for row in rows] == keys
        assert {row.quote.document.head.region for row in rows} == {"湖南省"}


def test_papers_issued_after_the_year_of_the_question_have_no_rows(robots: Assistant) -> None:
    for text in ("湖南2020年有哪些给钱的条款？", "2025年湖南有哪些奖补？"):
        result = robots.ask(Question(text)).result
        assert not isinstance(result, Answer) or result.table is None
        assert "未规定" not in result.text
    for text in ("湖南2026年有哪些给钱的条款？", "湖南2027年有哪些给钱的条款？"):
        assert _rows(robots, text) == _rows(robots, "湖南有哪些给钱的条款？")


def test_a_place_that_only_a_title_names_limits_the_papers(tiny_embedder: Embedder) -> None:
    county = Reading(written("birch", HUNAN.replace("湖南省人民政府办公厅关于", "湖南省白桦县人民政府关于")))
    county.add(FactKind.MONEY, "对机器人示范工厂，按照有关规定给予补助", who="机器人示范工厂", form="补助")
    readings = (county, hubei())
    assistant = assistant_over(
        [one.document for one in readings], tiny_embedder, facts=[one.read for one in readings]
    )
    for text in ("白桦县有哪些给钱的条款，各给多少？", "请问白桦县对机器人有哪些补助，各多少？"):
        table = _answered(assistant, text).table
        assert table is not None
        assert {row.quote.document.id for row in table.rows} == {"birch"}
        assert table.without == ()


def test_nothing_is_said_of_other_places_where_a_place_is_not_known(robots: Assistant) -> None:
    for text in ("白桦县有哪些给钱的条款，各给多少？", "青禾镇对机器人企业有哪些奖补，各多少？"):
        result = robots.ask(Question(text)).result
        assert isinstance(result, Refusal)
        assert "未规定" not in result.text


def test_places_without_rows_are_named_only_where_places_are_asked_about(robots: Assistant) -> None:
    without = {}
    for text in ("有哪些贷款贴息？", "各省有哪些贷款贴息？"):
        table = _answered(robots, text).table
        assert table is not None
        without[text] = table.without
    assert list(without.values()) == [(), ("湖北省",)]


def test_of_many_papers_only_those_found_are_read(
    tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 130
    papers = [
        written(
            f"p{n}",
            f"湖南省关于支持第{n}类作坊的通知\n湘政发〔2024〕{n}号\n"
            f"一、支持建设\n对新建{'竹编' if n == 77 else '一般'}工坊的企业，一次性奖补{n}万元。",
        )
        for n in range(1, many + 1)
    ]
    read: list[str] = []
    searched: list[int] = []
    read_facts, search_each = FactsOfTexts.read, HybridSearcher.search_each

    def reading(self: FactsOfTexts, wanted: Sequence[tuple[str, str]]) -> ReadFacts:
        read.extend(document_id for document_id, _ in wanted)
        return read_facts(self, wanted)

    def searching(
        self: HybridSearcher,
        query: str,
        *,
        k: int,
        weights: Mapping[str, float] | None = None,
        documents: Collection[str],
    ) -> dict[str, list[Hit]]:
        searched.append(len(documents))
        return search_each(self, query, k=k, weights=weights, documents=documents)

    monkeypatch.setattr(FactsOfTexts, "read", reading)
    monkeypatch.setattr(HybridSearcher, "search_each", searching)
    monkeypatch.setattr("rag.answer.tables.table.MOST_PAPERS", 100)
    monkeypatch.setattr("rag.answer.tables.papers.MOST_PAPERS", 100)
    assistant = assistant_over(papers, tiny_embedder)
    for text in ("湖南有哪些给竹编工坊钱的条款，各给多少？", "哪些省对竹编工坊有奖补，分别多少？"):
        answer = _answered(assistant, text)
        assert "77万元" in answer.text
        assert answer.table is None or not answer.table.without
    assert 0 < len(set(read)) <= 80  # for two questions
    assert all(count <= 40 for count in searched)
