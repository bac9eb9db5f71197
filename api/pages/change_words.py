"""The words for changes of support facts when a paper is replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.facts.replacements import Replacing


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """The texts around changes in one language. Values are inserted at the braces."""

    heading: str
    explained: str
    facts_page: str
    none: str
    earlier: Mapping[Replacing, str]  # {paper} {number}: what the paper of the page is compared with
    later: Mapping[Replacing, str]  # {paper}: another paper that is compared with that of the page
    changed: str
    added: str
    removed: str
    unchanged: str  # {number}
    nothing: str  # that no fact differs
    absent: str  # where one side states nothing
    into: str  # between old and new words, for readers who do not see the arrow
    feed: str  # {region}
    feed_title: str  # {region}
    everywhere: str
    entry: Mapping[Replacing, str]  # {paper} {old}
    counts: str  # {changed} {added} {removed}


CHINESE = ChangeWords(
    heading="扶持事项的变化",
    explained="按类别、对象和原文逐项比较；左为较早的文本，右为较新的文本。",
    facts_page="查看现在的扶持事项",
    none="没有可以比较的文本：本文件没有较早的版本，收录的文件中也没有与它互相废止或取代的文件。",
    earlier={
        Replacing.VERSION: "与第{number}版相比",
        Replacing.REPEAL: "与本文件废止的{paper}相比",
        Replacing.SUPERSESSION: "与本文件取代的{paper}相比",
    },
    later={
        Replacing.VERSION: "{paper}",
        Replacing.REPEAL: "废止本文件的{paper}与本文件相比",
        Replacing.SUPERSESSION: "取代本文件的{paper}与本文件相比",
    },
    changed="有变化",
    added="新增",
    removed="不再有",
    unchanged="另有{number}项没有变化。",
    nothing="没有变化。",
    absent="无",
    into="改为",
    feed="订阅{region}的变化（Atom）",
    feed_title="{region}扶持事项的变化",
    everywhere="各地",
    entry={
        Replacing.VERSION: "{paper}更新版本",
        Replacing.REPEAL: "{paper}废止{old}",
        Replacing.SUPERSESSION: "{paper}取代{old}",
    },
    counts="有变化{changed}项，新增{added}项，不再有{removed}项",
)

ENGLISH = ChangeWords(
    heading="Changes of support facts",
    explained="Compared fact by fact, by kind, beneficiary and words: the earlier text to the left, the "
    "later one to the right.",
    facts_page="Show the support facts in use",
    none="There is nothing to compare: this paper has no earlier version, and no paper on file repeals or "
    "supersedes it or is repealed or superseded by it.",
    earlier={
        Replacing.VERSION: "Compared with version {number}",
        Replacing.REPEAL: "Compared with {paper}, which it repeals",
        Replacing.SUPERSESSION: "Compared with {paper}, which it supersedes",
    },
    later={
        Replacing.VERSION: "{paper}",
        Replacing.REPEAL: "{paper}, which repeals it, compared with this paper",
        Replacing.SUPERSESSION: "{paper}, which supersedes it, compared with this paper",
    },
    changed="Changed",
    added="New",
    removed="Gone",
    unchanged="{number} more did not change.",
    nothing="Nothing changed.",
    absent="none",
    into="becomes",
    feed="Follow the changes in {region} (Atom)",
    feed_title="Changes of support facts: {region}",
    everywhere="all places",
    entry={
        Replacing.VERSION: "New version of {paper}",
        Replacing.REPEAL: "{paper} repeals {old}",
        Replacing.SUPERSESSION: "{paper} supersedes {old}",
    },
    counts="{changed} changed, {added} new, {removed} gone",
)


def change_words_for(language: str) -> ChangeWords:
    """The words for a page in that language, "en" or "zh-CN"."""
    return ENGLISH if language == "en" else CHINESE
