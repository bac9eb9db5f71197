"""Reads and validates test sets in JSON lines."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evals.errors import SetFault, UnknownSplit
from evals.model import Case
from evals.run.formats import format_of

# Marks a line that a person has yet to review; see evals.draft.from_feedback.
CANDIDATE = "candidate"
_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


def load_sets(paths: Iterable[Path | str]) -> list[Case]:
    """Reads the cases of the files, and of every *.jsonl in the folders, in order.

    Raises SetFault, with file and line number, for a line that is not a case or an id that repeats.
    """
    cases: list[Case] = []
    places: dict[str, str] = {}
    for file in _files(paths):
        for place, case in _read(file):
            if case.id in places:
                raise SetFault(place, f"id {case.id!r} is taken by {places[case.id]}")
            places[case.id] = place
            cases.append(case)
    return cases


def of_split(cases: Sequence[Case], split: str) -> list[Case]:
    """Returns the cases of that split, or all if it is empty. Raises UnknownSplit when there are none."""
    chosen = [case for case in cases if not split or case.split == split]
    if not chosen:
        raise UnknownSplit(split, {case.split for case in cases if case.split})
    return chosen


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for path in map(Path, paths):
        found = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not found:
            raise SetFault(str(path), "the folder contains no *.jsonl")
        yield from found


def _read(file: Path) -> Iterator[tuple[str, Case]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise SetFault(str(file), f"it cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise SetFault(str(file), f"it is no UTF-8 text ({error})") from error
    if not any(line.strip() for line in lines):
        raise SetFault(str(file), "the file is empty")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            place = f"{file}:{number}"
            yield place, _case(line, place=place, set_name=file.stem)


def _case(line: str, *, place: str, set_name: str) -> Case:
    try:
        keys = _OBJECT.validate_json(line)
        if CANDIDATE in keys:
            raise SetFault(place, _what_is_open(keys[CANDIDATE]))
        model = format_of(keys)
        if model is not None:
            read = model.model_validate_json(line)
            return Case(read.id, set_name, read.items(), read.style, read.group, read.split)
    except ValidationError as error:
        raise SetFault(place, _in_one_line(error)) from error
    raise SetFault(place, "none of the keys 'doc', 'docs', 'expect', 'turns' says what it is")


def _what_is_open(review: object) -> str:
    places = review.get("to_fill") if isinstance(review, dict) else None
    fill = (
        f"fill in {', '.join(map(str, places))}, then"
        if isinstance(places, list) and places
        else "check it and"
    )
    return f"a candidate that nobody has looked at: {fill} take out the key {CANDIDATE!r} (docs/drafting.md)"


def _in_one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
