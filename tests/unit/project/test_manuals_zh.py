"""The Chinese manuals have the headings, code, tables and links of the English ones, section by section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from evals.measures.names import AREA, NAMES

_CHECKOUT = Path(__file__).resolve().parents[3]
_MANUALS = (
    "README",
    "docs/drafting",
    "docs/evaluation",
    "docs/export",
    "docs/facts",
    "docs/operate",
    "docs/scale",
    "docs/widget",
)

_FENCE = "```"
_INDENT = "    "  # of a code block without a fence
# "## Who may ask"
_HEADING = re.compile(r"(#{1,6}) (.+)")
# "`--split NAME`"; a span may go on in the next line
_SPAN = re.compile(r"`([^`]+)`")
# "[operate.md](operate.md)", "![…](images/widget.png)"
_LINK = re.compile(r"\]\(([^)\s]+)\)")
# "npm run build   # write api/static/widget.js"; the space keeps "#9b1c1c" and "https://" out
_COMMENT = re.compile(r"(?:^|\s)(?:#|//) .*")
# "| --- | --- |"
_RULE = re.compile(r"\|[-:| ]+\|")


@dataclass
class _Section:
    """A heading and what stands under it up to the next one."""

    level: int
    title: str
    prose: list[str] = field(default_factory=list)
    blocks: list[list[str]] = field(default_factory=list)  # lines without comments

    @property
    def heading(self) -> str:
        return f"{'#' * self.level} {self.title}"

    @property
    def spans(self) -> set[str]:
        """Settings, commands, options and values in running text and tables."""
        return {" ".join(span.split()) for span in _SPAN.findall("\n".join(self.prose))}

    @property
    def rows(self) -> int:
        return sum(line.startswith("|") and not _RULE.fullmatch(line) for line in self.prose)

    @property
    def links(self) -> list[str]:
        return _LINK.findall("\n".join(self.prose))

    @property
    def anchor(self) -> str:
        """What a link to this heading has after `#`."""
        return re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")


def _read(name: str) -> str:
    return (_CHECKOUT / name).read_text(encoding="utf-8")


def _sections(text: str) -> list[_Section]:
    """The sections of a page in their order."""
    sections = [_Section(0, "")]
    fenced, before = False, ""
    for line in text.split("\n"):
        section = sections[-1]
        if line.startswith(_FENCE):
            fenced = not fenced
            if fenced:
                section.blocks.append([])
        elif fenced or line.startswith(_INDENT):
            if not fenced and not before.startswith(_INDENT):
                section.blocks.append([])
            if code := " ".join(_COMMENT.sub("", line).split()):
                section.blocks[-1].append(code)
        elif heading := _HEADING.fullmatch(line):
            sections.append(_Section(len(heading[1]), heading[2]))
        else:
            section.prose.append(line)
        before = line
    return sections[1:]


def _in_chinese(target: str, *, folder: Path) -> str:
    """Where the Chinese page links to: to the Chinese version where there is one, without the anchor."""
    file, _, _ = target.partition("#")
    chinese = re.sub(r"\.md$", ".zh-CN.md", file)
    return chinese if chinese != file and (folder / chinese).is_file() else file


def _differences(english: str, chinese: str, *, name: str) -> list[str]:
    """What one version has and the other lacks, a line each."""
    en, zh = _sections(english), _sections(chinese)
    for one, other in zip(en, zh, strict=False):
        if one.level != other.level:
            return [f"headings part at {one.heading!r} in {name}.md, {other.heading!r} in {name}.zh-CN.md"]
    if len(en) != len(zh):
        longer, shorter = (".md", ".zh-CN.md") if len(en) > len(zh) else (".zh-CN.md", ".md")
        extra = max(en, zh, key=len)[min(len(en), len(zh))]
        return [f"{name}{shorter} has no heading for {extra.heading!r} of {name}{longer}"]
    return [line for one, other in zip(en, zh, strict=True) for line in _apart(one, other, name=name)]


def _apart(en: _Section, zh: _Section, *, name: str) -> Iterator[str]:
    """What one of two sections has and the other lacks."""
    english, chinese = f"{name}.md, {en.heading!r}", f"{name}.zh-CN.md, {zh.heading!r}"
    folder = (_CHECKOUT / name).parent
    versions = {f"{Path(name).name}.zh-CN.md", f"{Path(name).name}.md"}  # linked at the top of each other
    for what, ours, theirs in (
        ("code", Counter(en.spans), Counter(zh.spans)),
        ("line of code", _lines(en.blocks), _lines(zh.blocks)),
        (
            "link",
            Counter({_in_chinese(link, folder=folder) for link in en.links} - versions),
            Counter({link.partition("#")[0] for link in zh.links} - versions),
        ),
    ):
        yield from (f"{chinese} lacks the {what} {one!r}" for one in (ours - theirs).elements())
        extra = (theirs - ours).elements()
        yield from (f"{chinese} has the {what} {one!r}, without counterpart in {english}" for one in extra)
    for what, here, there in (
        ("code blocks", len(en.blocks), len(zh.blocks)),
        ("table rows", en.rows, zh.rows),
    ):
        if here != there:
            yield f"{english} has {here} {what}, {chinese} has {there}"


def _lines(blocks: Iterable[Iterable[str]]) -> Counter[str]:
    return Counter(line for block in blocks for line in block)


@pytest.mark.parametrize("name", _MANUALS)
def test_both_languages_are_in_step(name: str) -> None:
    found = _differences(_read(f"{name}.md"), _read(f"{name}.zh-CN.md"), name=name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", _MANUALS)
def test_each_version_links_to_the_other_at_the_top(name: str) -> None:
    page = Path(name).name
    for file, line in (
        (f"{name}.md", f"[简体中文]({page}.zh-CN.md)"),
        (f"{name}.zh-CN.md", f"[English]({page}.md)"),
    ):
        assert _read(file).split("\n")[2] == line, file


@pytest.mark.parametrize("name", _MANUALS)
def test_every_anchor_is_a_heading_of_the_page(name: str) -> None:
    for file in (f"{name}.md", f"{name}.zh-CN.md"):
        sections = _sections(_read(file))
        linked = {link[1:] for section in sections for link in section.links if link.startswith("#")}
        assert linked <= {section.anchor for section in sections}, file


def test_no_chinese_page_is_left_out() -> None:
    there = [*_CHECKOUT.glob("*.zh-CN.md"), *_CHECKOUT.glob("docs/**/*.zh-CN.md")]
    assert {str(path.relative_to(_CHECKOUT)) for path in there} == {f"{name}.zh-CN.md" for name in _MANUALS}


def test_every_measure_is_named_as_the_report_names_it() -> None:
    # "| recall in N（N 字内召回率） | …"
    named = set(re.findall(r"^\| ([^|（]+)（", _read("docs/evaluation.zh-CN.md"), re.MULTILINE))
    shown = {re.sub(r"^R@\d+$", "R@k", re.sub(r" in \d+$", " in N", name)) for name in (*NAMES, AREA)}
    assert shown <= named


_PAGE = """
# Running it

Set `ZHENGWEN_SERVER__PORT`, see [load.md](load.md) and [widget.zh-CN.md](widget.zh-CN.md).

## Commands

```sh
zhengwen serve --port 8000   # as a service
zhengwen doctor
```

| What | How |
| --- | --- |
| remove what is old | `zhengwen purge --older-than 30` |
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("## Commands", "Commands", "no heading for '## Commands'"),
        ("## Commands", "### Commands", "headings part at '### Commands'"),
        ("`ZHENGWEN_SERVER__PORT`", "the port", "has the code 'ZHENGWEN_SERVER__PORT'"),
        ("ZHENGWEN_SERVER__PORT", "ZHENGWEN_SERVER__HOST", "lacks the code 'ZHENGWEN_SERVER__HOST'"),
        ("--older-than 30", "--older-than 60", "lacks the code 'zhengwen purge --older-than 60'"),
        ("--port 8000", "--workers 4", "lacks the line of code 'zhengwen serve --workers 4'"),
        ("zhengwen doctor", "```\n\n```sh\nzhengwen doctor", "has 2 code blocks"),
        ("| remove", "| more | |\n| remove", "has 3 table rows"),
        ("[load.md](load.md)", "[agents.md](agents.md)", "lacks the link 'agents.md'"),
        ("[load.md](load.md)", "[drafting.md](drafting.md)", "lacks the link 'drafting.zh-CN.md'"),
    ],
)
def test_a_change_of_one_version_is_found(before: str, after: str, said: str) -> None:
    name = "docs/operate"
    assert _differences(_PAGE.replace(".zh-CN", ""), _PAGE, name=name) == []
    assert said in "\n".join(_differences(_PAGE.replace(before, after), _PAGE, name=name))


def test_a_change_of_a_comment_is_none() -> None:
    assert _differences(_PAGE.replace("# as a service", "# 作为服务"), _PAGE, name="docs/operate") == []
