"""Groups of unanswered questions on a terminal and in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from api import terminal
from api.exports.csv_file import as_csv
from api.records.unmet import Lack
from api.service.receipts.unmet import Group


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language, by key."""

    texts: Mapping[str, str]

    def __call__(self, key: str, places: Mapping[str, object] | None = None) -> str:
        """Returns the text with its {places} filled in. Raises KeyError for an unknown key or place."""
        return self.texts[key].format_map(places or {})

    def joined(self, parts: Iterable[str]) -> str:
        mark = self.texts["comma"]
        return (f"{mark} " if mark.isascii() else mark).join(parts)

    def reasons(self, group: Group) -> str:
        """Returns the reasons of the refusals with their numbers, the most frequent first."""
        counted = sorted(group.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        return self.joined(f"{self.texts.get(f'reason.{name}', name)} {count}" for name, count in counted)

    def lacks(self, group: Group) -> str:
        """Returns what the replies lacked, with numbers."""
        return self.joined(
            f"{self(f'lack.{lack}')} {group.lacks[lack]}" for lack in Lack if group.lacks.get(lack)
        )

    def regions(self, group: Group) -> str:
        return self.joined(group.regions) or self("no_region")


def show_groups(console: Console, groups: Sequence[Group], words: Words, *, limit: int) -> None:
    """Prints a line a group, those asked most often first; 0 as `limit` prints all."""
    if not groups:
        console.print(terminal.plain(words("none")))
        return
    asked = sum(group.count for group in groups)
    console.print(terminal.plain(words("summary", {"questions": asked, "groups": len(groups)}) + "\n"))
    shown = groups[: limit or None]
    for group in shown:
        _show(console, group, words)
    if len(shown) < len(groups):
        console.print(terminal.plain("\n" + words("more", {"count": len(groups) - len(shown)}), "dim"))
    if bare := sum(group.count for group in groups if not group.question):
        console.print(terminal.plain("\n" + words("why_not_kept", {"count": bare}), "yellow"))


def groups_as_csv(groups: Iterable[Group], words: Words) -> str:
    """Returns all groups as CSV."""
    columns = ("question", "region", "count", *(f"lack.{lack}" for lack in Lack), "reasons", "last")
    rows = (
        (
            group.question or words("not_kept"),
            words.regions(group),
            str(group.count),
            *(str(group.lacks.get(lack, 0)) for lack in Lack),
            words.reasons(group),
            _day(group),
        )
        for group in groups
    )
    return as_csv([words(name) for name in columns], rows)


def _show(console: Console, group: Group, words: Words) -> None:
    line = terminal.plain(f"{group.count:5}  {_day(group)}  ")
    line.append(terminal.plain(f"{words.regions(group)}  ", "cyan"))
    line.append(terminal.plain(group.question or words("not_kept"), "bold"))
    reasons = words.reasons(group)
    told = words.lacks(group) + (f" ({reasons})" if reasons else "")
    line.append(terminal.plain(f"  {told}", "dim"))
    console.print(line)


def _day(group: Group) -> str:
    """Returns the last day, where the program runs."""
    return group.last.astimezone().date().isoformat()
