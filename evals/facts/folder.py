"""Reads a folder of labelled papers, profiles and questions for tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from corpus.model import Document
from evals.errors import FactsFault
from evals.facts.lines import FactLine, ProfileLine, TableLine
from evals.facts.model import FactSet, Group, LabelledPaper, Split, Stated

PROFILES, TABLES = "profiles.jsonl", "tables.jsonl"
_PAPERS, _FACTS, _NEUTRAL, _NAMED = "papers", "facts", "neutral", "named"
_COMPLETE: TypeAdapter[dict[str, list[Group]]] = TypeAdapter(dict[str, list[Group]])
Line = TypeVar("Line", FactLine, ProfileLine, TableLine)


def load_fact_set(folder: Path, *, documents: Mapping[str, Document]) -> FactSet:
    """Reads a set. The facts of a paper are in facts/NAME.jsonl, or in NAME.jsonl of the folder itself.

    The paper is papers/NAME with any ending; where it is absent, the one of `documents` with that id. Raises
    FactsFault, which names file and line.
    """
    papers = tuple(_papers(folder, documents))
    if not papers:
        raise FactsFault(str(folder), "it contains no facts/*.jsonl")
    found = FactSet(
        papers,
        tuple(line.case() for line in _lines(folder / PROFILES, ProfileLine)),
        tuple(line.case() for line in _lines(folder / TABLES, TableLine)),
    )
    _check_names(folder, found)
    return found


def digest_of(folder: Path) -> str:
    """Returns a digest of the labels and papers in a folder, independent of its place."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and (file.suffix in (".jsonl", ".json") or file.parent.name == _PAPERS):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _papers(folder: Path, documents: Mapping[str, Document]) -> Iterator[LabelledPaper]:
    complete = _complete(folder / _NAMED / "complete.json")
    labelled = folder / _FACTS if (folder / _FACTS).is_dir() else folder
    for file in sorted(labelled.glob("*.jsonl")):
        if file.name in (PROFILES, TABLES):
            continue
        facts, splits = _facts(file)
        neutral, _ = _facts(folder / _NEUTRAL / file.name)
        document = _document(folder, file.stem, documents)
        split = Split.TEST if Split.TEST in splits else Split.DEV
        yield LabelledPaper(document, facts, neutral, split)
    for file in sorted((folder / _NAMED).glob("*.jsonl")):
        facts, _ = _facts(file)
        neutral, _ = _facts(folder / _NEUTRAL / file.name)
        groups = frozenset(complete.get(file.stem, ()))
        yield LabelledPaper(_document(folder, file.stem, documents), facts, neutral, groups=groups)


def _complete(file: Path) -> Mapping[str, Sequence[Group]]:
    """Reads which groups are labelled in full, by named paper."""
    try:
        return _COMPLETE.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise FactsFault(str(file), "it is no object of lists of groups of kinds") from error


def _facts(file: Path) -> tuple[tuple[Stated, ...], set[Split]]:
    lines = list(_lines(file, FactLine))
    for line in lines:
        if line.doc != file.stem:
            raise FactsFault(str(file), f"fact {line.id!r} is of the paper {line.doc!r}")
    return tuple(line.fact() for line in lines), {line.split for line in lines}


def _document(folder: Path, name: str, documents: Mapping[str, Document]) -> Document:
    files = sorted((folder / _PAPERS).glob(f"{name}.*"))
    if not files:
        if name not in documents:
            raise FactsFault(str(folder / _PAPERS), f"the paper {name!r} is missing")
        return documents[name]
    # Imported here because it takes 0.3 s, which a mistake in the labels should not cost.
    from corpus.load import load
    from corpus.parse import parse

    return parse(load(files[0].read_bytes(), name=files[0].name), document_id=name)


def _lines(file: Path, model: type[Line]) -> Iterator[Line]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise FactsFault(str(file), f"it cannot be read ({error})") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield model.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise FactsFault(f"{file}:{number}", f"{where}: {first['msg']}") from error


def _check_names(folder: Path, found: FactSet) -> None:
    """Raises FactsFault for an id used twice, and for a case that names a fact that nobody labelled."""
    ids = [fact.id for paper in found.papers for fact in (*paper.facts, *paper.neutral)]
    cases = [*(case.id for case in found.profiles), *(case.id for case in found.tables)]
    for names in (ids, cases):
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise FactsFault(str(folder), f"id {twice[0]!r} is used twice")
    known = set(ids)
    named = {
        case.id: case.applies | case.may | case.wrong | case.rules | case.optional for case in found.profiles
    } | {case.id: case.facts | case.optional for case in found.tables}
    for case, facts in named.items():
        if unknown := sorted(facts - known):
            raise FactsFault(
                str(folder), f"case {case!r} names the fact {unknown[0]!r}, which is not labelled"
            )
