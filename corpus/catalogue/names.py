"""Finds papers by their number and title, and by the names of other papers that they cite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from corpus.catalogue.hash_index import HashIndex
from corpus.catalogue.texts import Texts
from corpus.catalogue.titles import Titles
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.head.paper_keys import number_key as status_key
from corpus.notation.doc_numbers import DocNumber
from corpus.notation.paper_names import cited_number_key, cites, key_of, means, number_key, number_keys

# A name that matches more papers than this is treated as ambiguous and identifies none of them.
MOST_NAMESAKES = 200


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Ids of the papers that a name matches, sorted; empty when `too_many` papers match."""

    ids: tuple[str, ...] = ()
    too_many: bool = False

    def __bool__(self) -> bool:
        """Whether the name matches any paper."""
        return bool(self.ids) or self.too_many


class Names:
    """The papers `heads` by number and title; `texts` have the names that they cite.

    Whoever adds a paper to the heads, or removes it from them, does so here too.
    """

    def __init__(self, heads: Mapping[str, PaperHead], *, texts: Texts) -> None:
        self._heads, self._texts = heads, texts
        self._titles, self._numbers = Titles(), HashIndex[str]()

    def copy(self, heads: Mapping[str, PaperHead]) -> Names:
        """An independent copy, to which `heads` are then added, or from which they are removed."""
        other = Names(heads, texts=self._texts)
        other._titles, other._numbers = self._titles.copy(), self._numbers.copy()
        return other

    def add_all(self, heads: Collection[PaperHead]) -> None:
        """Adds papers that are not contained yet; faster than `add` for each."""
        self._titles.add_all(heads)
        for head in heads:
            self._add_number(head)

    def add(self, head: PaperHead) -> None:
        """Adds a paper that is not contained yet."""
        self._titles.add(head)
        self._add_number(head)

    def _add_number(self, head: PaperHead) -> None:
        for key in _number_keys(head):
            self._numbers.add(key, head.id)

    def remove(self, head: PaperHead) -> None:
        """Removes a paper that is contained."""
        self._titles.remove(head)
        for key in _number_keys(head):
            self._numbers.remove(key, head.id)

    def candidates(self, named: NamedPaper) -> Iterator[PaperHead]:
        """Yields the papers that a reference in another paper may refer to; too many, never too few."""
        if named.doc_number:
            yield from map(self._heads.__getitem__, self._numbers.get(status_key(named.doc_number)))
        if named.title:
            yield from self._titles.called(key_of(named.title), most=len(self._heads)) or ()

    def numbered(self, number: DocNumber) -> Namesakes:
        """The papers that a number in a question means; it may leave out the region of the issuer."""
        found = {i for key in number_keys(number) for i in self._numbers.get(key)}
        return _namesakes({i for i in found if means(number, self._heads[i].doc_number)})

    def with_number(self, number: str) -> Namesakes:
        """The papers with that number, of any kind and in any spelling."""
        key = status_key(number)
        return _namesakes({i for i in self._numbers.get(key) if key in _number_keys(self._heads[i])})

    def titled(self, name: str) -> Namesakes:
        """The papers with that title, with or without the region it begins with. `name` is a `key_of`."""
        return _namesakes(self._titles.called(name, most=MOST_NAMESAKES))

    def titled_ending(self, name: str) -> Namesakes:
        """The papers whose title ends with `name`."""
        return _namesakes(self._titles.ending(name, most=MOST_NAMESAKES))

    def titles_in(self, text: str) -> Iterator[tuple[str, int]]:
        """Yields the names of papers in `text`, as `titled` accepts them, each with its offset.

        Names are compared by hash, so a name may turn out to match no paper.
        """
        return self._titles.in_text(text)

    @property
    def title_pairs(self) -> Container[str]:
        """All pairs of neighbouring characters in the titles of the papers."""
        return self._titles.pairs

    @cached_property
    def title_lines(self) -> str:
        """The titles of the papers, one on a line: in one string words are found at once."""
        return "\n".join(head.title for head in self._heads.values())

    def similar_titles(self, title: str, *, most: int) -> Sequence[PaperHead]:
        """Up to `most` papers whose titles share the longest ending with `title`; it names the subject."""
        return self._titles.similar(title, most=most)

    def citing(self, name: str) -> Namesakes:
        """The papers that cite a paper by `name` (a key of `corpus.notation.paper_names.names_in`)."""
        return self._citing(name, lambda _: True)

    def citing_number(self, number: DocNumber) -> Namesakes:
        """The papers that cite a number in a question, or have it themselves."""
        return self._citing(cited_number_key(number), lambda name: cites(name, number))

    def _citing(self, ending: str, accepted: Callable[[str], bool]) -> Namesakes:
        """The papers with an accepted name that ends so; none for an empty ending, as all names end so."""
        if not ending:
            return Namesakes()
        ids: set[str] = set()
        with closing(self._texts.naming(ending)) as found:
            for (document_id, content), name in found:
                head = self._heads.get(document_id)
                if head is not None and head.content_sha256 == content and accepted(name):
                    ids.add(document_id)
                if len(ids) > MOST_NAMESAKES:
                    break
        return _namesakes(ids)


def _number_keys(head: PaperHead) -> tuple[str, ...]:
    """The keys of the paper's number: one for numbers in questions, one for references in other papers."""
    if not head.doc_number:
        return ()
    return tuple(filter(None, (number_key(head.doc_number), status_key(head.doc_number))))


def _namesakes(found: Collection[str] | Collection[PaperHead] | None) -> Namesakes:
    if found is None or len(found) > MOST_NAMESAKES:
        return Namesakes(too_many=True)
    return Namesakes(tuple(sorted(one.id if isinstance(one, PaperHead) else one for one in found)))
