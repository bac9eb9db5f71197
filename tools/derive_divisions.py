"""Derive corpus/data/divisions.tsv from the npm package china-division. Run by hand, never by the product.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    pip install pypinyin==0.55.0 jieba==0.42.1
    python tools/derive_divisions.py package/dist/pca-code.json > corpus/data/divisions.tsv

pypinyin gives the English names; the word frequencies of jieba show where a short name is one in running
text: 保定 is a city, but in 医保定点 it is the end of one word and the start of the next.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import jieba
from pypinyin import lazy_pinyin

PROVINCES = {  # English names that are not the plain pinyin of the short name
    "内蒙古": "Inner Mongolia|Nei Mongol",
    "陕西": "Shaanxi",
    "西藏": "Tibet|Xizang",
    "香港": "Hong Kong|Hongkong",
    "澳门": "Macao|Macau",
    "台湾": "Taiwan",
}
CITIES = {  # names not taken from Chinese by pinyin, and readings pypinyin gets wrong
    "呼和浩特": "Hohhot",
    "包头": "Baotou",
    "鄂尔多斯": "Ordos",
    "呼伦贝尔": "Hulunbuir|Hulun Buir",
    "巴彦淖尔": "Bayannur|Bayan Nur",
    "乌兰察布": "Ulanqab",
    "兴安": "Hinggan",
    "锡林郭勒": "Xilin Gol|Xilingol",
    "阿拉善": "Alxa",
    "哈尔滨": "Harbin",
    "齐齐哈尔": "Qiqihar",
    "佳木斯": "Jiamusi",
    "大兴安岭": "Da Hinggan Ling|Daxing'anling",
    "乌鲁木齐": "Urumqi|Ürümqi",
    "克拉玛依": "Karamay",
    "吐鲁番": "Turpan",
    "哈密": "Hami|Kumul",
    "昌吉": "Changji",
    "博尔塔拉": "Bortala",
    "巴音郭楞": "Bayingolin|Bayingol",
    "阿克苏": "Aksu",
    "克孜勒苏": "Kizilsu",
    "喀什": "Kashgar|Kashi",
    "和田": "Hotan|Khotan",
    "伊犁": "Ili|Yili",
    "塔城": "Tacheng",
    "阿勒泰": "Altay",
    "拉萨": "Lhasa",
    "日喀则": "Shigatse|Xigaze|Rikaze",
    "昌都": "Qamdo|Chamdo",
    "林芝": "Nyingchi",
    "山南": "Shannan|Lhoka",
    "那曲": "Nagqu|Nagchu",
    "阿里": "Ngari",
    "阿坝": "Aba|Ngawa",
    "甘孜": "Garze|Ganzi",
    "甘南": "Gannan",
    "海北": "Haibei",
    "黄南": "Huangnan",
    "果洛": "Golog|Guoluo",
    "玉树": "Yushu",
    "海西": "Haixi",
    "迪庆": "Diqing|Deqen",
    "德宏": "Dehong",
    "西双版纳": "Xishuangbanna|Sipsongpanna",
    "六安": "Lu'an|Luan",
    "亳州": "Bozhou",
    "蚌埠": "Bengbu",
    "台州": "Taizhou",
    "丽水": "Lishui",
    "厦门": "Xiamen",
    "重庆": "Chongqing",
    "乐山": "Leshan",
    "铅山": "Yanshan",
    "朝阳": "Chaoyang",
    "长治": "Changzhi",
    "漯河": "Luohe",
    "吕梁": "Lüliang|Lvliang|Luliang",
}
ADDED = (  # provinces that the source has in another file, without districts here
    ("710000", "台湾省"),
    ("810000", "香港特别行政区"),
    ("820000", "澳门特别行政区"),
)
# Cities and counties whose short name is an everyday word, or the name of a larger division.
EVERYDAY = set(
    re.split(
        " ",
        "白银 阿里 海南 东方 江海 临河 临海 沿河 康乐 称多 定日 惠农 站前 双城 上城 上街 长寿 凌云 东坡 盘山 "
        "江口 石峰 东洲",
    )
)
# What word counts do not show: 两个以上海事请求.
HOLDING = {"上海": "以上海事/以上海关/以上海域/以上海洋"}
PEOPLES = (
    "土家族|苗族|侗族|回族|满族|蒙古族|蒙古|朝鲜族|藏族|羌族|彝族|布依族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|柯尔克孜|"
    "哈萨克族|哈萨克|瑶族|畲族|黎族|仡佬族|水族|纳西族|拉祜族|佤族|布朗族|普米族|独龙族|怒族|裕固族|保安族|东乡族|"
    "撒拉族|土族|毛南族|仫佬族|锡伯|塔吉克|达斡尔族|维吾尔|各族"
)
PEOPLE = re.compile(rf"(?<=..)(?:{PEOPLES})+$")
AUTONOMOUS = re.compile(r"^(.+?)自治(?:区|州|县|旗)$")
PLAIN = re.compile(r"^(.{2,}?)(?:省|市|特别行政区|地区|盟|新区|林区|特区|矿区|县|区|旗)$")
RARE = 60  # a county's short name with a lower count in jieba is no everyday word
KNOWN = 600  # maximum count of one that jieba lists as a place
# By level: minimum count of the short name (papers mention places more than novels do), and minimum count
# of a word that takes a character away from it.
FLOOR = {1: 3000, 2: 100, 3: 10}
COMMON = {1: 300, 2: 100, 3: 300}


def short_name(name: str) -> str:
    """Returns the short name: 湖南省 → 湖南, 恩施土家族苗族自治州 → 恩施; 南县 stays 南县."""
    if autonomous := AUTONOMOUS.match(name):
        stem = autonomous[1]
        return PEOPLE.sub("", stem) or stem
    plain = PLAIN.match(name)
    return plain[1] if plain else name


def english_name(short: str, level: int) -> str:
    if level == 1 and short in PROVINCES:
        return PROVINCES[short]
    if short in CITIES:
        return CITIES[short]
    syllables = lazy_pinyin(short)
    joined = syllables[0]
    for syllable in syllables[1:]:
        joined += ("'" if syllable[0] in "aeo" else "") + syllable
    plain = joined.replace("'", "").capitalize()
    return joined.capitalize() if "'" not in joined else f"{joined.capitalize()}|{plain}"


class Words:
    """Word counts that decide whether running text is cut at a short name."""

    def __init__(self) -> None:
        lines = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines()
        entries = [line.split(" ") for line in lines]
        self.count: dict[str, int] = {word: int(count) for word, count, _ in entries}
        self.tag: dict[str, str] = {word: tag for word, _, tag in entries}
        self.before: dict[str, list[str]] = defaultdict(list)  # last character → two-character words
        self.after: dict[str, list[str]] = defaultdict(list)  # first character → two-character words
        self.around: dict[str, list[str]] = defaultdict(list)  # two characters → longer words
        for word in self.count:
            if len(word) == 2:
                self.before[word[1]].append(word)
                self.after[word[0]].append(word)
            elif 3 <= len(word) <= 4:
                for i in range(len(word) - 1):
                    self.around[word[i : i + 2]].append(word)

    def of(self, word: str) -> int:
        return max(1, self.count.get(word, 1))

    def blocked_before(self, name: str, level: int) -> str:
        """Returns characters that take away the first character of `name`: 医 for 保定 (医保)."""
        mine, rest = max(FLOOR[level], self.of(name)), self.of(name[1:])
        words = [w for w in self.before[name[0]] if self.of(w) >= COMMON[level]]
        return "".join(sorted(w[0] for w in words if self.of(w) * rest > self.of(w[0]) * mine))

    def blocked_after(self, name: str, level: int) -> str:
        """Returns characters that take away the last character of `name`: 点 for 保定 (定点)."""
        mine, rest = max(FLOOR[level], self.of(name)), self.of(name[:-1])
        mine *= 7 if level == 1 else 1  # 湖南 + 部, not 湖 + 南部
        words = [w for w in self.after[name[-1]] if self.of(w) >= COMMON[level]]
        return "".join(sorted(w[1] for w in words if self.of(w) * rest > self.of(w[1]) * mine))

    def containing(self, name: str, level: int) -> str:
        """Returns longer everyday words that contain `name` by chance: 大理石 for 大理."""
        if level == 1:
            return ""
        longer = (w for w in self.around.get(name, ()) if self.of(w) >= 3 and w[-1] not in "省市区县州人站团")
        return "/".join(sorted(w for w in longer if self.tag[w] in ("n", "v", "a", "i", "l", "vn")))


def rows(source: list[dict[str, object]]) -> Iterator[tuple[str, str]]:
    """Yields (six-digit code, name) of provinces, cities and counties; no statistical zones, no towns."""
    for province in source:
        yield f"{province['code']}0000", str(province["name"])
        for city in province["children"]:  # type: ignore[attr-defined]
            direct = city["name"] in ("市辖区", "县") or "直辖县级" in city["name"]
            if not direct:
                yield f"{city['code']}00", city["name"]
            for county in city["children"]:
                zone = county["code"][4] == "7" and not county["name"].endswith("新区")
                town = re.search(r"[镇道湖港园岛域院会城]$", county["name"])
                if len(county["code"]) == 6 and not zone and not town:
                    yield county["code"], county["name"]
    yield from ADDED


def main() -> None:
    source = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    words = Words()
    listed = list(rows(source))
    counties = Counter(short_name(name) for code, name in listed if code[4:] != "00")
    for code, name in sorted(listed):
        level = 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
        short = short_name(name)
        spoken = len(short) > 1 and short != name and (level == 1 or short not in EVERYDAY)
        if level == 3:
            known = words.tag.get(short) == "ns" and words.of(short) <= KNOWN
            sole = counties[short] == 1 and (known or words.of(short) <= RARE)
            spoken = spoken and (sole or len(short) > 2)
        english = english_name(short, level) if level < 3 else ""
        guards = ("", "", "")
        if spoken and len(short) == 2:
            before, after = words.blocked_before(short, level), words.blocked_after(short, level)
            guards = (before, after, HOLDING.get(short) or words.containing(short, level))
        elif level == 3 and len(name) == 3:  # 海城市 in 沿海城市
            guards = (words.blocked_before(name[:2], level), "", "")
        print("\t".join((code, name, short, english, "1" if spoken else "0", *guards)))


if __name__ == "__main__":
    main()
