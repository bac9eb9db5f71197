"""Regular expressions of the labels that open a clause; corpus.notation.labels.reading reads them.

Sources put blanks between all characters of a label (第 1 0 条, （ 一 ）), and a scan reads 一 as a dash and
0 as a letter. A pattern tolerates these and matches in linear time: a run of marks or blanks before a
label is possessive (`*+`), and the blanks inside it are separated by characters that must be there.
"""

from __future__ import annotations

import re

from corpus.notation.characters import HAN
from corpus.notation.numerals import NUMERAL, TO_99

_BLANKS = r"[ \u3000\t\xa0]*+"
# Marks before a label: "- (三)强化…", " - 三、打造…", "**一、完善…", "### 三、"
_PREFIX = r"[\s\u3000\ufeff\-*+•·●■◆#_]*+"
_NOTHING_BEFORE = r"[\s\u3000\ufeff]*+"
_CLOSING_MARKS = r"(?:\*\*|__)?"
_DIGIT = r"[\d０-９]"
# Scans read 0 as O and 1 as l or I; one character of the number is a digit.
_DIGITS = (
    rf"(?:{_DIGIT}(?:{_BLANKS}[\d０-９OolI]){{0,2}}(?![\d０-９])|[lI](?={_BLANKS}[\d０-９]){_BLANKS}{_DIGIT})"
)
_HAN_NUMBER = rf"[{NUMERAL}](?:{_BLANKS}[{NUMERAL}]){{0,3}}"
_DASHES = "—－ー一-"  # as the content of a character class: 一 and what scans read in its place
# Whether a line can begin with any of the labels below; most lines cannot, and each is asked several times.
START = re.compile(rf"{_PREFIX}[【\[第（(〔{NUMERAL}\d０-９①-⑳㉑-㉟⑴-⒇⒈-⒛㈠-㈩AClI]")
# What follows a number that is a mention, not a label: "第三条第二款", "第五条规定", "第十二条、第十三条"
_MENTION = (
    rf"(?!{_BLANKS}(?:第|规定|規定|所规|所列|所称|中的?规|[和及或、至－—]第?[{NUMERAL}\d第]|[；;。）)]|的规定"
    rf"|[{TO_99}]款))"
)
_UNIT = "部分|分编|分編|编|編|章|节|節|条|條"
# "第一条 为了…", "第 三 章　附则", "第十五条之一 …", "第 3-1 條", "第二十-条" and "第—条" with a misread 一
ORDINAL = re.compile(
    rf"{_PREFIX}第{_BLANKS}"
    rf"(?P<n>[{NUMERAL}{_DASHES}](?:{_BLANKS}[{NUMERAL}{_DASHES}]){{0,8}}|{_DIGITS}(?:[-－—]\d{{1,2}})?)"
    rf"{_BLANKS}(?P<unit>{_UNIT})(?P<sub>{_BLANKS}之{_BLANKS}(?:[{NUMERAL}]{{1,4}}|\d{{1,2}}))?"
    rf"{_CLOSING_MARKS}{_MENTION}{_BLANKS}(?P<comma>[，,])?[：:]?{_BLANKS}"
)
# "一、加大研发创新支持力度", "一．总则", "二 、其他"; not "一、二、三等奖", "一、二"
HAN_COMMA = re.compile(
    rf"{_PREFIX}(?P<n>{_HAN_NUMBER}){_BLANKS}(?P<mark>[、．.])"
    rf"(?!{_BLANKS}[{NUMERAL}]{{1,9}}(?:、|$))(?P<numeral>(?={_BLANKS}[{NUMERAL}]))?{_BLANKS}"
)
# Behind a number in brackets that is mentioned: "（一）项", "（二）款", "（一）至（三）项"
_LISTED = rf"(?!{_BLANKS}(?:项(?!目)|款(?!项)|[、至－—和及或]{_BLANKS}第?[（(]))"
_BRACKET_END = rf"{_LISTED}{_BLANKS}[、．.]?{_BLANKS}"
# "（一）支持…", "( 二 ) 突破…", "一)加强…" with the first bracket lost
HAN_PAREN = re.compile(rf"{_PREFIX}[（(〔]?{_BLANKS}(?P<n>{_HAN_NUMBER}){_BLANKS}[）)〕]{_BRACKET_END}")
# "(—)上一年度…", "（十—）…": a scan that reads 一 as a dash
MISREAD_PAREN = re.compile(
    rf"{_NOTHING_BEFORE}[（(〔]{_BLANKS}(?P<n>[{TO_99}]{{0,2}}[—－ー-]){_BLANKS}[）)〕]{_BRACKET_END}"
)
# "（1）建立…", "( 2 ) …"
ARABIC_PAREN = re.compile(rf"{_PREFIX}[（(]{_BLANKS}(?P<n>{_DIGITS}){_BLANKS}[）)]{_BRACKET_END}")
# "1）建立…", "2) …"
HALF_PAREN = re.compile(rf"{_PREFIX}(?P<n>\d{{1,2}}|[０-９]{{1,2}}){_BLANKS}[）)]{_BLANKS}")
_YEAR = rf"(?=(?:19|20)\d\d{_BLANKS}年)"
_OF_LIST = r"[，和及或至～~—－-]|[号项款条类级档等]"
# "1．加快推进", "1. 总则", "2、22:00至次日…", "2.2025年底前…"; not "1.5亿元", "1、2、3项"
ARABIC = re.compile(
    rf"{_PREFIX}(?P<n>{_DIGITS}){_BLANKS}"
    rf"(?:(?P<mark>[．.﹒])(?:(?![\d０-９])|{_YEAR})"
    rf"|(?P<comma>、)(?!\d++(?:、|$))(?P<listed>(?=\d++(?:{_OF_LIST})))?)"
    rf"{_BLANKS}"
)
# "1.30分钟最高车速不低于…", "3.5年内不得…": 1. and 3. only where a decimal does not fit the outline
DOTTED = re.compile(rf"{_PREFIX}(?P<n>\d{{1,2}})[.．](?=\d++(?:[.．]\d++)?[%％]?[{HAN}])")
# What is counted behind a decimal that is an amount: 1.5亿元, 3.2%, 2.5年
_AMOUNT = (
    rf"[\d.．%％‰]|{_BLANKS}(?:[亿万千百]|个?百分点|元|倍|米|公里|公顷|平方|立方|吨|亩|人|家|个|级|度|℃|版|年(?!度)|小时|天|岁|周岁"
    r"|[a-zA-Z])"
)
# "1.1 编制目的", "2.3.1组织机构"; not "1.5亿元", "3.2%", "2024.3.1"
DECIMAL = re.compile(
    rf"{_PREFIX}(?P<n>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,4}})(?:[.．](?!\d))?(?!{_AMOUNT}){_BLANKS}"
)
# "① …", "⑴ …", "㈠ …", "⒈ …"
SYMBOL = re.compile(rf"{_PREFIX}(?P<n>[①-⑳㉑-㉟⑴-⒇⒈-⒛㈠-㈩]){_BLANKS}")
# "Article 12: Women shall…", "Chapter I General Provisions"; not "Article 12 of this Law"
ENGLISH = re.compile(
    rf"{_PREFIX}(?P<word>Article|Chapter|ARTICLE|CHAPTER)\s{{1,4}}(?P<n>\d{{1,3}}|[IVX]{{1,6}})\b"
    r"(?!,|\s{1,4}(?:of|and|or|to|shall)\b)[.:：]?\s*+"
)
# "1 总则", "2　组织指挥体系": a short heading after a bare number
BARE = re.compile(rf"{_PREFIX}(?P<n>\d{{1,2}})[ \u3000\t]++(?=[{HAN}]{{2,30}}[ \u3000]*+$)")
# "场景一：预约停车", "任务3：…", "专栏2　重大工程", "专栏 1 重点项目": a word and its number
WORD = re.compile(
    rf"{_PREFIX}[【\[]?(?P<word>(?:(?![{NUMERAL}附第])[{HAN}]){{2,4}}){_BLANKS}(?P<n>[{TO_99}]{{1,3}}|\d{{1,2}})[】\]]?"
    r"(?:[ \t\u3000]*+[：:][ \t\u3000]*+|[ \t\u3000]++|$)"
)
