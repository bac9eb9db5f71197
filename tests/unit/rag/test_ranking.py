"""Every parameter of the ranking decides a constructed case: none can lose its effect unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from assembled import assistant_over, clause_named, five, paper, written
from constructed import (
    NOTHING,
    evidence,
    finder,
    findings,
    first,
    passage,
    quoted,
    replied,
    retriever,
    understood,
    with_coverage,
)

from index.model import Embedder, Similar
from index.search.vectors import joined
from rag.answer.content.comparison import further_passages, papers_taking_part
from rag.answer.content.refusal import weak
from rag.answer.content.selection import of_clause, quote_clause, second_clause
from rag.evidence.confidence import Signals, signals
from rag.evidence.retrieve import Request
from rag.evidence.sentences import EvidenceList
from rag.language.citation_names import clause_of, source_name
from rag.language.query_terms import Query, query_of
from rag.model import Passage, Question, Turn
from rag.question.intent import Breadth, Want
from rag.question.metadata_fields import MetadataField
from rag.ranking import Ranking

Case = Callable[[Ranking], object]
# One paper of two clauses, one with a heading over others, and another paper.
_A = written(
    "a", "关于甲的通知\n甲发〔2024〕1号\n一、甲一。\n二、甲二奖励100万元。\n三、甲三\n（一）甲四。\n"
)
_B = written("b", "关于乙的通知\n乙发〔2024〕2号\n一、乙一。\n二、乙二奖励300万元。\n")
_C = written("c", "关于丙的通知\n一、丙一。\n二、丙二。\n")


def _changed(path: str, value: float) -> Ranking:
    group, name = path.split(".")
    ranking = Ranking()
    return replace(ranking, **{group: replace(getattr(ranking, group), **{name: value})})


def _term(term: str, words: str, *, carried: str = "", idf: float = 9.0) -> Case:
    def case(ranking: Ranking) -> float:
        query = query_of(words, idf=lambda _: idf, counts=ranking.terms, carried=carried)
        return query.weights.get(term, 0.0)

    return case


def _best_sentence(
    text: str, query: Query, *, cosines: tuple[float, ...] = (), want: Want | None = None
) -> Case:
    document = written("one", f"关于促进消费的通知\n一、{text}\n")
    found = passage(document, "一、")

    def case(ranking: Ranking) -> str:
        plain = finder(ranking).find(query, [found])
        order = sorted(plain, key=lambda one: one.unit.span.start)
        similar = tuple(
            Similar(one.unit.span.start, one.unit.span.end, cosine)
            for one, cosine in zip(order, cosines, strict=False)
        )
        wants = (want,) if want else ()
        again = finder(ranking).find(query, [replace(found, sentences=similar)], wants=wants)
        return of_clause(found.clause, again)[0].text[:4]

    return case


def _words(*terms: str) -> Query:
    return Query(" ".join(terms), dict.fromkeys(terms, 1.0), tuple(((term,),) for term in terms))


def _first(*rest: tuple[object, str, float], **request: object) -> Case:
    return lambda ranking: first(ranking, rest, Request(**({"query": NOTHING} | request)))  # type: ignore[arg-type]


def _signal(name: str, passages: list[Passage], query: Query = NOTHING, **more: object) -> Case:
    def case(ranking: Ranking) -> float:
        own = more.get("own") or evidence(passages[0], [1.0])
        found: Signals = signals(
            query,
            passages,
            EvidenceList(own),  # type: ignore[arg-type]
            finder=finder(ranking),
            wants=more.get("wants", ()),  # type: ignore[arg-type]
            named=bool(more.get("named")),
            scales=ranking.signals,
        )
        return round(float(getattr(found, name)), 3)

    return case


def _dense(*cosines: float) -> list[Passage]:
    return [passage(_A if i % 2 else _B, "一、", dense=cosine) for i, cosine in enumerate(cosines)]


def _quotes(text: str, *scores: float, heading: float = 0.0) -> Case:
    return lambda ranking: quoted(ranking, text, scores, heading=heading)


def _sentence(length: int) -> str:
    return "某" * (length - 1) + "。"


_HEADED = "某事\n" + _sentence(100) * 3  # a heading and three sentences
_SUM = [passage(_A, "一、", 1.0), passage(_B, "一、", 0.8)]


def _second(score: float, worth: float, said: float, *, place: int = 1, new: float = 0.0) -> Case:
    """Whether a clause at `place` is quoted beside the best one, which says half of the question.

    `said` is what its best sentence says of the question, `new` what both say beyond the best one.
    """
    best, other = passage(_A, "一、"), passage(_A, "二、", score)
    own = [*evidence(best, [1.0], coverage=[0.5]), *evidence(other, [worth], coverage=[said])]

    def case(ranking: Ranking) -> bool:
        found = EvidenceList(own, coverage=lambda terms: next(shares))
        shares = iter([0.5 + new, 0.5])
        ranked = [best, *[passage(_B, "一、")] * (place - 1), other]
        return second_clause(ranked, found, ranking.quoting) is other

    return case


def _papers(breadth: Breadth, *worths: float) -> Case:
    found = [passage(document, "一、") for document in (_A, _B, _C)][: len(worths)]
    own = [one for p, worth in zip(found, worths, strict=True) for one in evidence(p, [worth])]
    asked = replace(understood("有什么规定", (_A, _B, _C)), breadth=breadth, literals=(), quoted=False)

    def case(ranking: Ranking) -> list[str]:
        shown = papers_taking_part(findings(asked, found, own, each=True), ranking.papers).shown
        return [one.document.id for one in shown]

    return case


def _beside(*scores: tuple[float, float]) -> Case:
    found = [passage(d, "一、", s) for d, (s, _) in zip((_A, _B, _C), scores, strict=False)]
    own = [one for p, (_, worth) in zip(found, scores, strict=True) for one in evidence(p, [worth])]
    read = findings(understood("有什么规定", (_A, _B, _C)), found, own)

    def case(ranking: Ranking) -> list[str]:
        more = further_passages(read, found, floors=ranking.papers, quoting=ranking.quoting)
        return [one.document.id for one in more]

    return case


def _both_numbers(ranking: Ranking) -> set[str]:
    asked = understood("文号是什么", (_A, _B))
    scope = replace(asked.scope, preferred=("a", "b"))
    asked = replace(asked, scope=scope, fields=(MetadataField.DOC_NUMBER,), only_fields=True)
    result = replied(ranking, findings(asked, [passage(_A, "一、")], []), (_A, _B))
    return {marked.citation.document.id for marked in result.citations}  # type: ignore[union-attr]


def _hits(ranking: Ranking) -> int:
    asked = understood("有什么规定", (_A,))
    found = [passage(_A, "一、")] * 12
    return len(replied(ranking, findings(asked, found, evidence(found[0], [1.0])), (_A,)).passages)


_TWO = written("two", "关于丁的通知\n一、丁一。丁二。补贴100万元。\n二、补贴300万元。\n")


def _outcome(question: str, *, coverage: float) -> Case:
    found = [passage(_TWO, "一、"), passage(_TWO, "二、", 0.74)]
    own = evidence(found[0], [1.0, 0.9], coverage=[0.1] * 2)
    own += evidence(found[1], [0.1], coverage=[coverage])
    read = findings(understood(question, (_TWO,)), found, own)
    return lambda ranking: str(replied(ranking, read, (_TWO,)).outcome)


def _off_topic(ranking: Ranking) -> object:
    read = findings(understood("有什么规定", (_A, _B)), [passage(_A, "一、")], [])
    return weak(with_coverage(read, 0.3), threshold=0.5, related=ranking.deciding.related)


def _joined_cosine(ranking: Ranking) -> float:
    own, near = np.zeros(1, dtype=np.float32), np.ones(1, dtype=np.float32)
    return round(float(joined(own, near, np.array([0, 1]), ranking.fusion)[0]), 3)


_REWARD = clause_named(paper("hunan"), "一、（四）")
_HISTORY = (
    Turn("user", "湖南首次获批的创新药奖多少？"),
    Turn("assistant", f"{clause_of(source_name(paper('hunan')), _REWARD)}：“…”"),
)
_LONG = "消费券" * 2 + "某" * 160
_BULLETS = "某某应当符合下列条件：\n（一）某甲。\n（二）某乙。"
_X, _Y = (_A, "一、", 1.0), (_B, "一、", 0.0)

# The parameter, a value at which it has no effect, and the expected result with its default.
CASES: dict[str, tuple[float, Case, object]] = {
    "fusion.sentence_share": (0.0, _joined_cosine, 0.7),
    "terms.synonym": (0.0, _term("人民", "央行"), 0.4),
    "terms.rare": (0.0, _term("人民", "央行", idf=3.0), 0.0),
    "terms.carried": (1.0, _term("消费", "湖南 消费券", carried="消费券"), 0.5),
    "terms.translation": (0.0, _term("人民", "central bank"), 0.7),
    "sentences.k1": (100.0, _best_sentence("奖励奖励奖励。奖励申报。", _words("奖励", "申报")), "奖励申报"),
    "sentences.b": (0.0, _best_sentence(f"{_LONG}。发消费券。", _words("消费")), "发消费券"),
    "sentences.usual_terms": (1e9, _best_sentence(f"{_LONG}。发消费券。", _words("消费")), "发消费券"),
    "sentences.words": (
        0.0,
        _best_sentence("发消费券。某事。", _words("消费"), cosines=(0.1, 0.9)),
        "一、发消",
    ),
    "sentences.figure_bonus": (
        0.0,
        _best_sentence(
            "企业申报奖励消费。企业奖励消费100万元。",
            _words("企业", "申报", "奖励", "消费"),
            want=Want.MONEY,
        ),
        "企业奖励",
    ),
    "clauses.reranked": (1, _first(_X, (_B, "二、", 0.8), _Y, query=_words("乙二")), "b#二、"),
    "clauses.sentence_share": (0.0, _first(_X, (_B, "二、", 0.8), _Y, query=_words("乙二")), "b#二、"),
    "clauses.not_preferred": (0.0, _first(_X, (_B, "二、", 0.9), _Y, preferred=("b",)), "b#二、"),
    "clauses.unlikely": (0.0, _first(_X, (_B, "二、", 0.95), _Y, likely=("b",)), "b#二、"),
    "clauses.out_of_force": (0.0, _first(_X, (_B, "二、", 0.6), _Y, out_of_force=frozenset("a")), "b#二、"),
    "clauses.literal": (0.0, _first(_X, (_B, "二、", 0.7), _Y, literals=("乙二",)), "b#二、"),
    "clauses.contains_wanted": (0.0, _first(_X, (_B, "二、", 0.95), _Y, wants=(Want.MONEY,)), "b#二、"),
    "clauses.bare_heading": (0.0, _first((_A, "三、", 1.0), (_B, "二、", 0.8), _Y), "b#二、"),
    "clauses.likely_hits": (
        1,
        lambda ranking: retriever(ranking, [_X, _Y]).likely(Request(query=NOTHING)),
        ("a", "b"),
    ),
    "clauses.addressed": (0.0, _first(_X, (_B, "二、", 0.1), _Y, addressed=("b#二、",)), "b#二、"),
    "signals.cosine_floor": (0.9, _signal("cosine", _dense(0.9)), 0.667),
    "signals.cosine_span": (1.0, _signal("cosine", _dense(0.9)), 0.667),
    "signals.lead_span": (1.0, _signal("lead", _dense(0.9, 0.88)), 0.5),
    "signals.words_span": (
        1.0,
        _signal("words", [passage(_A, "一、", lexical=0.3), passage(_B, "一、", lexical=0.2)], _words("甲")),
        0.5,
    ),
    "signals.next_clauses": (1, _signal("lead", _dense(0.9, 0.89, 0.87)), 0.5),
    "signals.quoted_share": (
        0.9,
        _signal(
            "unsatisfied",
            [passage(_TWO, "一、")],
            own=evidence(passage(_TWO, "一、"), [1.0, 0.6], satisfies=[None, Want.MONEY]),
            wants=(Want.MONEY,),
        ),
        0.0,
    ),
    "signals.enough_named": (
        1.0,
        _signal("related", _dense(0.9), _words(*"乙丁戊己庚辛壬癸子丑"), named=True),
        0.667,
    ),
    "signals.enough": (1.0, _signal("related", _dense(0.9), _words(*"乙丁戊己庚辛壬癸子丑")), 0.2),
    "quoting.further": (0.9, _quotes(_sentence(140) * 4, 1.0, 0.1, 0.1, 0.6), [0, 3]),
    "quoting.most_sentences": (2, _quotes(_sentence(140) * 6, *[1.0] * 6), [0, 1, 2, 3]),
    "quoting.whole_clause": (0, _quotes(_sentence(30) * 4, 1.0), [0, 1, 2]),
    "quoting.whole_by_heading": (0, _quotes(_HEADED, 1.0, heading=0.9), [0, 1, 2]),
    "quoting.heading_coverage": (1.0, _quotes(_HEADED, 1.0, heading=0.9), [0, 1, 2]),
    "quoting.run_in": (0, _quotes("某事。" + _sentence(10) + _sentence(100) * 2, 1.0), [0, 1, 2]),
    "quoting.under_run_in": (150, _quotes("某事。" + _sentence(10) + _sentence(100) * 2, 1.0), [0, 1, 2]),
    "quoting.together": (0, _quotes(_sentence(100) * 3, 1.0), [0, 1]),
    "quoting.considered": (1, _second(0.8, 1.0, 0.7, place=3), True),
    "quoting.second_clause": (0.9, _second(0.8, 1.0, 0.7), True),
    "quoting.second_sentence": (0.9, _second(1.0, 0.8, 0.7), True),
    "quoting.says_more": (1.5, _second(0.8, 1.0, 0.7), True),
    "quoting.says_as_much": (1.0, _second(0.95, 1.0, 0.45), True),
    "quoting.second_equal": (0.97, _second(0.95, 1.0, 0.45), True),
    "quoting.says_new": (0.5, _second(0.8, 1.0, 0.3, new=0.4), True),
    "papers.takes_part": (0.9, _papers(Breadth.WHICH, 1.0, 0.7), ["a", "b"]),
    "papers.contains_nothing": (0.5, _papers(Breadth.COMPARE, 1.0, 0.35), ["a", "b"]),
    "papers.beside": (0.9, _beside((1.0, 1.0), (1.0, 0.66)), ["b"]),
    "papers.close": (0.9, _beside((1.0, 1.0), (0.7, 1.0)), ["b"]),
    "papers.most_beside": (2, _beside((1.0, 1.0), (1.0, 1.0), (1.0, 1.0)), ["b", "c"]),
    "deciding.hits": (3, _hits, 10),
    "deciding.most_named": (1, _both_numbers, {"a", "b"}),
    "deciding.compared": (1, _outcome("听说补贴200万元，对吗？", coverage=0.0), "corrected"),
    "deciding.about_it": (0.9, _outcome("听说补贴300万元，对吗？", coverage=0.9), "answered"),
    "deciding.related": (0.9, _off_topic, "no_evidence"),
}
# Cases that need a whole assistant, below.
_ASSISTED = {"clauses.cited_before", "clauses.states_metadata", "quoting.longest_list"}


def test_every_number_has_a_case() -> None:
    ranking = Ranking()
    numbers = {f"{g.name}.{f.name}" for g in fields(ranking) for f in fields(getattr(ranking, g.name))}
    assert numbers == CASES.keys() | _ASSISTED


@pytest.mark.parametrize("path", CASES)
def test_a_number_decides_its_case(path: str) -> None:
    value, case, expected = CASES[path]
    assert case(Ranking()) == expected
    assert case(_changed(path, value)) != expected


@pytest.mark.parametrize("path", CASES)
def test_another_number_is_another_fingerprint(path: str) -> None:
    assert _changed(path, CASES[path][0]).fingerprint != Ranking().fingerprint
    assert Ranking().fingerprint == Ranking().fingerprint


def test_a_lead_in_brings_its_list() -> None:
    document = written("one", f"关于促进消费的通知\n一、{_BULLETS}\n")
    found = passage(document, "一、")
    own = EvidenceList(evidence(found, [1.0]))

    def words(ranking: Ranking) -> str:
        quote = quote_clause(document, found.clause, own, (), ranking=ranking.quoting)
        return "".join(span.of(document.text) for span in quote.spans)

    assert "某乙" in words(Ranking())
    assert "某乙" not in words(_changed("quoting.longest_list", 0))


@pytest.mark.parametrize(
    ("path", "question", "key"),
    [
        ("clauses.states_metadata", Question("益阳文件的文号是多少？"), "yiyang"),
        (
            "clauses.cited_before",
            Question("这条由谁负责？", history=_HISTORY),
            "hunan",
        ),
    ],
)
def test_what_points_at_a_clause_raises_it(
    tiny_embedder: Embedder, path: str, question: Question, key: str
) -> None:
    def scores(ranking: Ranking) -> dict[str, float]:
        read = assistant_over(five(), tiny_embedder, ranking=ranking).read(question)
        return {p.clause.key: p.score for group in read.passages.values() for p in group}

    with_it, without = scores(Ranking()), scores(_changed(path, 0.0))
    raised = {k: with_it[k] - without.get(k, 0.0) for k in with_it if with_it[k] > without.get(k, 0.0) + 0.1}
    assert raised
    assert all(found.startswith(key) for found in raised)
