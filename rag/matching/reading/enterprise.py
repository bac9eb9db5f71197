"""What a profile says of an enterprise, in the classes and words in which conditions are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from types import MappingProxyType

from corpus.regions.divisions import Division
from index.terms.tokenize import Folded, fold_map
from rag.matching.model import Aspect, NotUnderstood
from rag.matching.profile import Event, Profile
from rag.matching.reading.classes import OWN, ClassKind, classes
from rag.matching.reading.needs import levels_of_awards
from rag.matching.reading.places import places_in, stated_place
from rag.matching.reading.stated_figures import Said, classes_of, names_self, stated_figures
from rag.matching.reading.statements import Statement, statements_in
from rag.matching.reading.words import TABLE, Word, words_in

_ENTERPRISE = "enterprise"
_NATIONAL, _LEVEL_NATION = "国家", "level_nation"
# What somebody can get or fail to get; an event that one list leaves out may have happened all the same.
_NEWNESS = frozenset(("first", "new"))
# What a clause may name that says of a title in another clause when it was got.
_BESIDE_TITLES = frozenset((ClassKind.LEVEL, ClassKind.BODY, ClassKind.SIZE))
_GOT = frozenset((ClassKind.TITLE, ClassKind.STAGE))
_MARKS = " ,，。;；！!？?\n"  # around a clause
# Kinds of bodies that are parts or partners of an enterprise as often as what it is.
_OTHERS = frozenset(
    ("person", "team", "trainee", "government", "association", "landlord", "university", "park")
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that says how things are, and nothing else: no denial, intention or question."""

    text: str  # folded
    words: str  # as the profile has them


@dataclass(frozen=True, slots=True)
class Titled:
    """A clause that names a title or its level, or says when something was got."""

    text: str  # folded
    titles: frozenset[str]
    levels: frozenset[str]
    newness: frozenset[str]  # 首次, 新
    is_again: bool  # 再次, 复评
    is_bare: bool  # it names nothing but levels, bodies and newness


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A profile as it is compared with conditions. Texts are folded."""

    places: tuple[Division, ...] | None
    own: Mapping[ClassKind, frozenset[str] | None]  # of the kinds of OWN; None: not known
    said: frozenset[str]  # classes of everything that is said to be so
    denied: frozenset[str]  # classes of what is said not to be so
    text: str  # everything that is said to be so, also in the words for the classes above
    own_words: str  # the same as people say it, without the words for the classes above
    denied_text: str
    plain: str  # clauses without a denial, an intention or a question
    elsewhere: str  # clauses with a denial: 江北新区没有公司
    procedures: str  # what is intended or asked about
    figures: tuple[Said, ...]
    stated: str  # each event and title without what separates words, where nothing of it is denied
    clauses: tuple[Clause, ...]  # of the sentence, the events and the titles, in order
    titled: tuple[tuple[Titled, ...], ...]  # by attribute, so that one never changes what another says
    meets: tuple[str, ...]  # the words before “条件都满足”, each time it is said; empty: all conditions


def read(profile: Profile) -> Enterprise:
    """Reads a profile. An attribute counts instead of what the sentence says where both cannot be."""
    folded = fold_map(profile.sentence or "")
    sentence = statements_in(folded.text)
    given = [fold_map(text).text for text in _history(profile)]
    history = [one for text in given for one in statements_in(text)]
    own = {kind: _own(kind, getattr(profile, name), sentence) for kind, name in OWN.items()}
    said = [*sentence, *history]
    affirmed = [one.done for one in said]
    attributes = [fold_map(getattr(profile, name)).text for name in OWN.values() if getattr(profile, name)]
    classes_said = classes_of(word for text in affirmed for word in words_in(text)).union(
        *map(_levels_in, affirmed)
    )
    return Enterprise(
        places=stated_place(profile.place) if profile.place else places_in(folded.text),
        own=MappingProxyType(own),
        said=classes_said,
        denied=classes_of(word for one in said for word in words_in(one.denied)) | _missed(said),
        # 口罩 are 防疫物资: what is said is also said in the words for all classes above.
        text="\n".join((*affirmed, *attributes, *sorted(classes().names_of(classes_said)))),
        own_words="\n".join((*affirmed, *attributes)),
        denied_text="\n".join(one.denied for one in said),
        plain="\n".join(one.text for one in said if one.is_plain),
        elsewhere="\n".join(one.text for one in said if one.negated is not None),
        procedures="\n".join(one.text for one in said),
        figures=tuple(stated_figures(profile, folded, sentence)),
        stated="\n".join(joined(text) for text in given if _is_affirmed(text)),
        clauses=(*_clauses(profile.sentence or "", folded, sentence), *_given_clauses(profile)),
        titled=tuple(tuple(_titled(source)) for source in _sources(profile, sentence)),
        meets=tuple(_met(affirmed)),
    )


def _missed(said: Iterable[Statement]) -> frozenset[str]:
    """The classes of what has not come about. Who lacks it may be named before it too: 我们厂没评上."""
    words = (word for one in said for word in words_in(one.missed))
    return frozenset(name for word in words for name in word.classes if classes().kind(name) in _GOT)


def _sources(profile: Profile, sentence: Iterable[Statement]) -> Iterator[list[str]]:
    """What each attribute says to be so, in clauses."""
    yield [one.done for one in sentence]
    for texts in (_events(profile), profile.titles or (), (profile.stage,) if profile.stage else ()):
        yield [one.done for text in texts for one in statements_in(fold_map(text).text)]


def _titled(affirmed: Iterable[str]) -> Iterator[Titled]:
    for text in affirmed:
        words = words_in(text)
        titles, newness = _of_kind(ClassKind.TITLE, words), classes_of(words) & _NEWNESS
        levels = _of_kind(ClassKind.LEVEL, words) | _levels_in(text)
        if titles or levels or newness:
            is_bare = all(word.classes and all(map(_says_nothing_new, word.classes)) for word in words)
            yield Titled(text, titles, levels, newness, TABLE.has("again", text), is_bare)


def _says_nothing_new(name: str) -> bool:
    return name in _NEWNESS or classes().kind(name) in _BESIDE_TITLES


def _clauses(words: str, folded: Folded, sentence: Iterable[Statement]) -> Iterator[Clause]:
    for one in sentence:
        text = one.text.strip(_MARKS)
        if one.is_plain and one.done == one.text and text:
            start = one.start + one.text.find(text)
            yield Clause(text, folded.origin(start, start + len(text)).of(words))


def _given_clauses(profile: Profile) -> Iterator[Clause]:
    for words in _history(profile):
        text = fold_map(words).text
        if _is_affirmed(text):
            yield Clause(text, words)


@lru_cache(maxsize=65536)
def joined(folded: str) -> str:
    """A folded text without blanks and punctuation."""
    return "".join(filter(str.isalnum, folded))


def _is_affirmed(text: str) -> bool:
    return not any(one.denied for one in statements_in(text))


def _events(profile: Profile) -> Iterator[str]:
    return (event.what for event in profile.events or () if isinstance(event, Event))


def _history(profile: Profile) -> Iterator[str]:
    yield from _events(profile)
    yield from profile.titles or ()
    if profile.stage:
        yield profile.stage


def _own(kind: ClassKind, given: str | None, sentence: list[Statement]) -> frozenset[str] | None:
    """The classes of a kind that the attribute names, and those of the sentence that agree with it."""
    said = _own_said(kind, sentence)
    if not given:
        return said
    named = _of_kind(kind, words_in(fold_map(given).text))
    return named | {name for name in said or () if not classes().excludes(named, name)}


def _own_said(kind: ClassKind, sentence: list[Statement]) -> frozenset[str] | None:
    if not sentence:
        return None
    if kind is ClassKind.BODY:
        return _with_field(_body(sentence), sentence)
    if kind is ClassKind.SIZE:
        return frozenset(name for one in sentence for name in _sizes(one)) or None
    found = frozenset[str]().union(*(_of_kind(kind, one.own) for one in sentence))
    return found or None


def _with_field(body: frozenset[str], sentence: list[Statement]) -> frozenset[str] | None:
    """The bodies; an enterprise that names a product or a field other than finance is no bank.

    Who names a field and no body is an enterprise (开酒店的); of who names neither the body is not known.
    """
    fields = frozenset[str]().union(
        *(_of_kind(kind, one.own) for one in sentence for kind in (ClassKind.PRODUCT, ClassKind.INDUSTRY))
    )
    if not body and not fields:
        return None
    known, body = classes(), body or frozenset((_ENTERPRISE,))
    is_financial = known.any_is_a(fields, "finance") or any(
        known.by_name[name].facets for name in body - {_ENTERPRISE}
    )
    return body | {"nonfinancial"} if fields and _ENTERPRISE in body and not is_financial else body


def _body(sentence: list[Statement]) -> frozenset[str]:
    """The bodies of the first clause that names one."""
    named = [found for one in sentence if (found := _of_kind(ClassKind.BODY, one.own))]
    fields = next((one for one in sentence if _of_kind(ClassKind.INDUSTRY, one.own)), None)
    first = next((one for one in sentence if _of_kind(ClassKind.BODY, one.own)), None)
    if fields is not None and first is not None and fields.start < first.start and named[0] <= _OTHERS:
        named = named[1:]  # 海淀的宾馆，被区政府指定为观察点: a field said before is the enterprise's own
    for found in named:
        if mine := found - _OTHERS:
            # Further roles of the same body may follow: 中试平台, 见习基地.
            return mine | {name for more in named for name in more if not classes().by_name[name].facets}
    return named[0] if named else frozenset()


def _sizes(one: Statement) -> Iterator[str]:
    """The sizes of the enterprise itself, and not of what follows: 租的是大型国企的楼."""
    words = one.own
    for word, following in zip_longest(words, words[1:]):
        names = _of_kind(ClassKind.SIZE, (word,))
        is_next = following is not None and following.start == word.start + len(word.text)
        if not (is_next and following.classes and not names_self(following)):
            yield from names


def _of_kind(kind: ClassKind, words: Iterable[Word]) -> frozenset[str]:
    """The classes of a kind that words name, also by what is below: 科技型中小企业 are 中小企业."""
    upward = classes().upward
    return frozenset(up for word in words for name in word.classes for up in upward[name] if _is(up, kind))


def _is(name: str, kind: ClassKind) -> bool:
    return classes().kind(name) is kind


def _levels_in(text: str) -> frozenset[str]:
    """The level that a title is said to have without a word of its own: 国家高新技术企业."""
    words = words_in(text)
    titles = (word for word in words if _of_kind(ClassKind.TITLE, (word,)))
    is_national = any(
        word.text.startswith(_NATIONAL) or text[: word.start].endswith(_NATIONAL) for word in titles
    )
    return levels_of_awards(text, words) | (frozenset((_LEVEL_NATION,)) if is_national else frozenset())


def not_understood(profile: Profile) -> tuple[NotUnderstood, ...]:
    """The attributes in which no place or class is found."""
    found = []
    if profile.place and stated_place(profile.place) is None:
        found.append(NotUnderstood(Aspect.PLACE, profile.place))
    for kind, name in OWN.items():
        if (words := getattr(profile, name)) and not _of_kind(kind, words_in(fold_map(words).text)):
            found.append(NotUnderstood(Aspect(name), words))
    if profile.stage and not classes_of(words_in(fold_map(profile.stage).text)):
        found.append(NotUnderstood(Aspect.STAGE, profile.stage))
    return tuple(found)


def _met(affirmed: Iterable[str]) -> Iterator[str]:
    """The words of each clause that says that conditions are met, without those that say so."""
    for text in affirmed:
        if TABLE.has("meets", text):
            yield "\n".join(word.text for word in words_in(TABLE.without("meets", text)))
