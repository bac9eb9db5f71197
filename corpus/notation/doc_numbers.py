"""The grammar of 发文字号 and registry numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Span, Stated
from corpus.notation.characters import HAN
from corpus.notation.numerals import (
    DIGIT,
    HALF_WIDTH,
    HAN_DIGITS,
    LIKE_DIGITS,
    NUMERAL,
    TO_DIGITS,
    digits_of,
    number_of,
)
from corpus.notation.phrase_table import PhraseTable

_PROVISIONS = PhraseTable.read("corpus", "provisions.tsv")
# Contents of character classes: the brackets around the year.
OPENING, CLOSING = r"〔［【\[(（﹝", r"〕］】\])）﹞"
# The same with brackets that scans and converted files have instead.
_OPENED, _CLOSED = OPENING + r"〖「『{｛<＜《〈⟨", CLOSING + r"〗」』}｝>＞》〉⟩"
_D = f"[{DIGIT}]"
# A digit, or a letter that OCR reads in its place.
_LIKE = f"[{DIGIT}{LIKE_DIGITS}]"
# Bounded, so that the time of a search is linear in the length of the text.
_GAP = r"[ \u3000\t]{0,4}"
_YEAR = rf"(?:19|20|１９|２０){_D}{{2}}"
# "〔2026〕15号", "[2017] 第35号", "（２０１８）９号": the end of every number of this kind
YEAR_AND_SERIAL = rf"[{OPENING}]{_GAP}{_YEAR}{_GAP}[{CLOSING}]{_GAP}第?{_GAP}{_D}{{1,6}}{_GAP}号"
# "2026", "2O26", "2 0 2 6", "二〇二六", "2026年"
_WRITTEN_YEAR = (
    rf"(?:[1１lI2２]{_GAP}[09０９OoＯ]{_GAP}{_LIKE}{_GAP}{_LIKE}|[一二][九〇零○][{HAN_DIGITS}○]{{2}})"
)
_SERIAL = rf"第?{_GAP}(?:{_LIKE}(?:{_GAP}{_LIKE}){{0,5}}|[{NUMERAL}]{{1,6}})"
_CODE = rf"(?P<code>[{HAN}A-Za-z]{{1,14}}?(?:（[{HAN}]{{1,4}}）)?){_GAP}"
_BRACKETED = rf"[{_OPENED}]{_GAP}(?P<year>{_WRITTEN_YEAR}){_GAP}年?{_GAP}[{_CLOSED}]"
# "湘政办发〔2026〕15号", "人社部发〔2021)73号", "济政办发 〔2018〕９号", "湘政发〔2O26〕l5号"
_NUMBER = re.compile(rf"{_CODE}{_BRACKETED}{_GAP}(?P<no>{_SERIAL}){_GAP}号")
# A number that is a whole line may have lost its 号 or a bracket: "湘政办发〔2026〕15", "湘政办发2026〕15号"
_WHOLE_NUMBER = re.compile(
    rf"{_CODE}(?:{_BRACKETED}|(?P<closed>{_YEAR}){_GAP}[{CLOSING}]|[{OPENING}]{_GAP}(?P<opened>{_YEAR})(?=第))"
    rf"{_GAP}(?P<no>{_SERIAL}){_GAP}号?"
)
# "国令第707号", "中华人民共和国国务院令第707号", "广州市人民政府令 第179号", "住房城乡建设部令第11号",
# "第十一届人民代表大会常务委员会公告第35号", "财政部公告2020年第6号"
_ORDER = re.compile(
    rf"(?P<issuer>[{HAN}、]{{0,60}}?)(?P<word>国令|主席令|政府令|[{HAN}]令|公告|令)"
    rf"{_GAP}(?:[{OPENING}](?P<year>{_D}{{4}})[{CLOSING}]|(?P<yyear>{_D}{{4}})年)?{_GAP}"
    rf"第{_GAP}(?P<no>{_D}{{1,6}}|[{NUMERAL}]{{1,6}}){_GAP}号"
)
# "HNPR—2026—01011", "JNCR—2022—0040001", "SDPR-2023-0010005", "ZJDC01-2023-0011"
_DASH = rf"{_GAP}[—–―\-－─]+{_GAP}"
REGISTRY = re.compile(rf"(?<![A-Za-z])[A-Z]{{2,6}}\d{{0,3}}{_DASH}\d{{4}}{_DASH}\d{{3,9}}")
# Words before a number that do not belong to its code: "积极落实湘政办发〔2017〕35号", "和国发〔2018〕1号"
_LEAD_IN = re.compile(
    rf"^.*(?:{_PROVISIONS.alternation('lead_in')}|、)|^.+[的和及与原即是]"
    rf"|^[以年](?=[{HAN}]{{2}})"
    # 原湘政办发〔2010〕5号, an earlier paper; not 原政发, 原平政发 of a town
    rf"|^原(?=[{HAN}]{{3}})(?!原?[政府委办财教人卫平阳])"
)
_INNER_AND = re.compile(rf"(?<=[{HAN}])(?<![号令局厅部委院会府办室])和")
_SIGNS = re.compile(rf"[{OPENING}{CLOSING}\s]+")
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


@dataclass(frozen=True, slots=True)
class DocNumber:
    """A number made of code, year and serial: 湘政办发〔2026〕15号."""

    code: str  # 湘政办发
    year: str  # 2026
    serial: str  # 15, or 第15 if the paper writes 第
    span: Span

    @property
    def value(self) -> str:
        """The normal form."""
        return f"{self.code}〔{self.year}〕{self.serial}号"

    @property
    def year_and_serial(self) -> tuple[str, int]:
        """The part that is equal when two spellings of a number abbreviate the code differently."""
        return self.year, int(self.serial.removeprefix("第"))


def numbers_in(text: str, *, offset: int = 0) -> list[Stated[str]]:
    """Numbers of papers in `text` in their normal form 国办发〔2019〕4号; spans shifted by `offset`."""
    coded = [Stated(number.value, number.span) for number in coded_numbers(text, offset=offset)]
    return sorted([*coded, *_ordered(text, offset)], key=lambda number: number.span.start)


def coded_numbers(text: str, *, offset: int = 0) -> Iterator[DocNumber]:
    """The numbers of code, year and serial in `text`, in order."""
    if "号" not in text:
        return
    for match in _NUMBER.finditer(text):
        code, begin = match["code"], match.start()
        lead_in = _LEAD_IN.match(code)
        if lead_in is not None and lead_in.end() < len(code):
            begin += lead_in.end()
            code = code[lead_in.end() :]
        if text.endswith(("）", "》", ")", "号"), 0, begin) and code[0] in "和及与" and len(code) > 1:
            begin, code = begin + 1, code[1:]
        span = Span(begin + offset, match.end() + offset)
        yield DocNumber(code, _serial(match["year"]), _serial(match["no"]), span)


def whole_number(text: str, *, offset: int = 0) -> Stated[str] | None:
    """The number that the text consists of, which may have lost its 号."""
    match = _WHOLE_NUMBER.fullmatch(text)
    if match is None:
        return None
    span = Span(offset, offset + len(text))
    year = match["year"] or match["closed"] or match["opened"]
    return Stated(DocNumber(match["code"], _serial(year), _serial(match["no"]), span).value, span)


def _serial(written: str) -> str:
    """Year or serial in digits, with 第 if the paper writes it: 二〇二六 → 2026, l5 → 15, 第十二 → 第12."""
    if written.isascii() and written.isdigit():
        return written
    plain = re.sub(r"\s", "", written).translate(TO_DIGITS).replace("○", "〇")
    order, numeral = ("第", plain[1:]) if plain.startswith("第") else ("", plain)
    if numeral.isdecimal():
        return order + numeral
    return order + (
        digits_of(numeral) if len(numeral) == 4 and "十" not in numeral else str(number_of(numeral))
    )


def _ordered(text: str, offset: int) -> Iterator[Stated[str]]:
    # Almost no text has both, and the expression tries sixty characters from each place.
    if "号" not in text or not ("令" in text or "公告" in text):
        return
    for match in _ORDER.finditer(text):
        issuer, word = match["issuer"], match["word"]
        # 和 in 共和国 and 工业和信息化部 does not join two papers or issuers, and only the first of several
        # issuers can have other words before it.
        first = _INNER_AND.sub("\u3000", issuer.partition("、")[0])
        lead_in = _LEAD_IN.match(first)
        begin = match.start() + (lead_in.end() if lead_in is not None else 0)
        begin += text.startswith(("和", "及", "与"), begin) and begin < match.start("word")
        begin += text.startswith("原国家", begin)  # 原: a ministry that has been renamed since
        issuer = text[begin : match.end("issuer")]
        name = issuer + word
        if name.endswith("国务院令"):
            name = "国令"
        year = match["year"] or match["yyear"]
        serial = f"{_digits(year)}年第{_digits(match['no'])}号" if year else f"第{_digits(match['no'])}号"
        yield Stated(name + serial, Span(begin + offset, match.end() + offset))


def _digits(written: str) -> str:
    if written.isascii() and written.isdigit():
        return written
    return re.sub(r"\s", "", written.translate(HALF_WIDTH))


def same_number(one: str, other: str) -> bool:
    """Whether two numbers identify the same paper, regardless of brackets and character widths."""
    return key_of_number(one) == key_of_number(other)


def key_of_number(number: str) -> str:
    """The key of a number, equal for all its spellings: 国办发[2019] 04号 and 国办发〔２０１９〕第4号."""
    plain = number.translate(HALF_WIDTH).removeprefix("中华人民共和国").replace("第", "")
    return _LEADING_ZEROS.sub("", _SIGNS.sub("|", plain))
