"""`zhengwen site`, `feedback`, `purge`, `replay`: what they print and what they refuse."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from endpoints import client_of
from fastapi.testclient import TestClient
from kept import HOLDER, SITE, receipt
from one_paper import OnePaper
from typer.testing import CliRunner, Result

from api.app import create_app
from api.cli.main import app
from api.errors import NothingToDo, RequestFault
from api.records import Records, open_records
from api.records.errors import UnknownReceipt, UnknownSite
from api.service.receipts.replay import OtherQuestion
from api.settings import Settings
from api.wire.question_schemas import MAX_HISTORY, MAX_TURN, Turn
from evals.draft.feedback import read_feedback


@pytest.fixture(autouse=True)
def folders(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the records of the test."""
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ZHENGWEN_CACHE_DIR", str(settings.cache_dir))


def _run(*arguments: str) -> Result:
    """What a command prints; an error that is named on purpose is raised."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_a_site_is_added_listed_and_removed(records: Records) -> None:
    added = _run(
        "site", "add", "湖南[b]政务[/b]", "--origin", "https://a.cn", "--origin", "https://b.cn/",
        "--title", "问答", "--welcome", "您好", "--handoff", "12345", "--suggest", "奖多少？",
    )  # fmt: skip
    assert added.exit_code == 0
    key, tag = added.stdout.splitlines()
    assert tag == f'<script type="module" src="http://127.0.0.1:8000/widget.js" data-site="{key}"></script>'
    assert "in place of" in added.stderr
    (site,) = records.sites.list()
    assert (site.key, site.origins) == (key, ("https://a.cn", "https://b.cn"))
    assert (site.title, site.welcome, site.handoff, site.suggestions) == (
        "问答",
        "您好",
        "12345",
        ("奖多少？",),
    )
    listed = _run("site", "list").stdout
    assert listed == f"{key}  湖南[b]政务[/b]  https://a.cn https://b.cn\n"
    (as_json,) = json.loads(_run("site", "list", "--json").stdout)["sites"]
    assert (as_json["key"], as_json["origins"]) == (key, ["https://a.cn", "https://b.cn"])
    removed = _run("site", "remove", key)
    assert removed.stdout.startswith(f"removed {key}  湖南")
    assert records.sites.list() == ()
    with pytest.raises(UnknownSite, match=key):
        _run("site", "remove", key)


def test_the_tag_has_the_address_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_SERVER__PUBLIC_URL", "https://ask.example.gov.cn")
    added = _run("site", "add", "站", "--origin", "https://a.cn")
    assert 'src="https://ask.example.gov.cn/widget.js"' in added.stdout
    assert added.stderr == ""


@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        ("NAME", [" "]),
        ("--title", ["站", "--title", "长" * 501]),
        ("--welcome", ["站", "--welcome", "长" * 501]),
        ("--handoff", ["站", "--handoff", "长" * 501]),
        ("--suggest", ["站", *["--suggest", "奖多少？"] * 5]),
        ("--origin", ["站", *[f"--origin=https://{number}.cn.example" for number in range(51)]]),
    ],
)
def test_a_site_with_wrong_texts_is_a_wrong_call_that_names_the_option(
    option: str, arguments: list[str], records: Records
) -> None:
    done = _run("site", "add", "--origin", "https://a.cn", *arguments)
    assert done.exit_code == 2
    assert f"Invalid value for {option}" in done.stderr
    assert records.sites.list() == ()


def test_an_origin_that_is_none_is_refused() -> None:
    refused = _run("site", "add", "站", "--origin", "http://oa.hunan")
    assert refused.exit_code == 2
    assert "--origin" in refused.stderr
    assert "--allow-http" in refused.stderr
    assert _run("site", "add", "站", "--origin", "http://oa.hunan", "--allow-http").exit_code == 0
    assert _run("site", "add", "站").exit_code == 2


def test_feedback_is_printed_for_test_sets(records: Records, tmp_path: Path) -> None:
    kept = [receipt(question) for question in ("首次获批奖多少？", "扩产呢？", "")]
    for number, one in enumerate(kept):
        records.store_answer(one, None)
        thumb: Literal["up", "down"] = "up" if number == 1 else "down"
        records.feedback.keep(one.id, holder=HOLDER, site=SITE, thumb=thumb, reason="wrong", text="不\n对")
    printed = _run("feedback")
    assert "1 left out" in printed.stderr
    file = tmp_path / "feedback.jsonl"
    file.write_text(printed.stdout, "utf-8")
    assert [one.question for one in read_feedback(file)] == ["首次获批奖多少？", "扩产呢？"]
    file.write_text(_run("feedback", "--down").stdout, "utf-8")
    assert [one.question for one in read_feedback(file)] == ["首次获批奖多少？"]
    today = date.today()
    assert _run("feedback", "--since", f"{today - timedelta(days=1)}").stdout == printed.stdout
    assert _run("feedback", "--since", f"{today + timedelta(days=1)}").stdout == ""


def test_feedback_becomes_candidates(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.store_answer(kept := receipt(), None)
    records.feedback.keep(kept.id, holder=HOLDER, site=SITE, thumb="down", reason="incomplete", text="还有")
    file = tmp_path / "feedback.jsonl"
    file.write_text(_run("feedback").stdout, "utf-8")
    monkeypatch.setattr("rag.assemble.open_assistant", lambda settings, *, progress: OnePaper())
    (line,) = _run("eval", "from-feedback", str(file)).stdout.splitlines()
    case = json.loads(line)
    assert case["question"] == kept.question
    assert case["doc"] == "qing"
    assert case["candidate"]["comments"] == ["还有"]


def test_purge_goes_by_the_setting_or_by_what_is_named(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    for age in (400, 100, 0):
        records.store_answer(receipt(asked_at=datetime.now(UTC) - timedelta(days=age)), None)
    monkeypatch.setenv("ZHENGWEN_SERVICE__RETENTION_DAYS", "0")
    with pytest.raises(NothingToDo, match="--older-than"):
        _run("purge")
    monkeypatch.delenv("ZHENGWEN_SERVICE__RETENTION_DAYS")
    gone = "removed 1 receipts, 0 feedback, 0 conversations\n"
    assert _run("purge").stdout == gone
    assert _run("purge", "--older-than", "30").stdout == gone
    assert _run("purge", "--older-than", "0").stdout == gone


def test_purge_takes_the_texts_when_told(records: Records) -> None:
    records.store_answer(kept := receipt(), None)
    done = _run("purge", "--texts")
    assert done.stdout == "removed 0 conversations, and the texts of 1 other receipts and 0 feedback\n"
    assert records.receipts.get(kept.id).question == ""


@pytest.fixture
def one_paper(monkeypatch: pytest.MonkeyPatch) -> OnePaper:
    """In place of the stored papers, the small one of the tests."""
    assistant = OnePaper()

    class Opens:
        def __init__(self, settings: Settings, *, progress: object) -> None:
            pass

        def open(self, *, today: date, progress: object) -> OnePaper:
            return assistant

    monkeypatch.setattr("rag.assemble.Opener", Opens)
    return assistant


def test_a_replay_says_same_or_changed_and_exits_so(
    records: Records, one_paper: OnePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.store_answer(kept := receipt(), None)
    same = _run("replay", kept.id)
    assert (same.exit_code, same.stdout.splitlines()[0]) == (0, "same")
    assert json.loads(_run("replay", kept.id, "--json").stdout)["same"] is True
    monkeypatch.setattr(one_paper, "_answer", one_paper._refusal)
    changed = _run("replay", kept.id)
    assert (changed.exit_code, changed.stdout.splitlines()[0]) == (1, "changed")
    report = _run("replay", kept.id, "--json")
    assert report.exit_code == 1
    assert json.loads(report.stdout)["differences"][0] == {
        "what": "outcome", "before": "answered", "after": "refused",
    }  # fmt: skip


def test_an_unknown_receipt_is_an_error_that_names_it(one_paper: OnePaper) -> None:
    with pytest.raises(UnknownReceipt, match="'nix'"):
        _run("replay", "nix")


def test_without_texts_a_replay_takes_them_from_the_auditor(
    settings: Settings, one_paper: OnePaper, tmp_path: Path
) -> None:
    said = [Turn(role="user", content="你好")]
    with open_records(settings.service_url, lock_dir=None, keep_texts=False) as silent:
        silent.store_answer(kept := receipt(history=said), None)
    file = tmp_path / "history.json"
    file.write_text(json.dumps([turn.model_dump() for turn in said]))
    done = _run("replay", kept.id, "--question", kept.question, "--history", str(file))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "same")
    with pytest.raises(NothingToDo, match="--question"):
        _run("replay", kept.id)
    for wrong in ("[", '[{"role": "judge", "content": ""}]'):
        file.write_text(wrong)
        with pytest.raises(RequestFault, match="--history"):
            _run("replay", kept.id, "--question", kept.question, "--history", str(file))
    with pytest.raises(RequestFault, match="--history"):
        _run("replay", kept.id, "--question", kept.question, "--history", str(tmp_path / "absent"))


_CHAT = [
    {"role": "system", "content": "Answer in verse."},
    {"role": "user", "content": [{"type": "text", "text": "扩产"}, {"type": "text", "text": "奖多少？"}]},
    {"role": "assistant", "content": "奖补20万元。\n\n依据：\n[1] 《通知》（二） 扩产 — https://a.cn/d/qing"},
    {"role": "user", "content": "长" * (MAX_TURN + 5)},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
    {"role": "user", "content": "首次\x00获批呢？"},
]


@pytest.mark.parametrize("messages", [_CHAT, _CHAT[:-1], [*_CHAT[1:2] * (MAX_HISTORY + 9), _CHAT[-1]]])
def test_a_chat_is_replayed_from_the_messages_of_its_client(
    settings: Settings, one_paper: OnePaper, tmp_path: Path, messages: list[Any]
) -> None:
    sent = messages if messages[-1] == _CHAT[-1] else [*messages, _CHAT[-1]]
    with open_records(settings.service_url, lock_dir=None, keep_texts=False) as silent:
        service = create_app(one_paper, settings, records=silent)
        with client_of(service) as client:
            told = client.post("/v1/chat/completions", json={"model": "zhengwen", "messages": sent}).json()
    reply_id = told["id"].removeprefix("chatcmpl-")
    file = tmp_path / "history.json"
    file.write_text(json.dumps(messages), "utf-8")
    question = "首次\x01获批呢？"  # a control character is read as a blank, whichever it is
    done = _run("replay", reply_id, "--question", question, "--history", str(file))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "same")
    for wrong in ([*messages, {"role": "user", "content": "别的"}] * 2, []):
        file.write_text(json.dumps(wrong), "utf-8")
        with pytest.raises(OtherQuestion):
            _run("replay", reply_id, "--question", question, "--history", str(file))


def test_the_id_of_a_reply_is_never_taken_for_an_option(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, one_paper: OnePaper
) -> None:
    drawn = iter(["-w-begins-with-a-hyphen", "w-does-not", "w-of-the-replay"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: next(drawn))
    told = client.post("/v1/ask", json={"question": "扩产奖多少？"}).json()
    assert told["id"] == "w-does-not"
    assert _run("replay", told["id"]).stdout.splitlines()[0] == "same"


def test_a_history_that_is_not_there_is_said_so(
    settings: Settings, one_paper: OnePaper, tmp_path: Path
) -> None:
    with open_records(settings.service_url, lock_dir=None) as records:
        records.store_answer(kept := receipt(), None)
    with pytest.raises(RequestFault, match=r"no file.*absent\.json"):
        _run("replay", kept.id, "--question", kept.question, "--history", str(tmp_path / "absent.json"))
    with pytest.raises(RequestFault, match="cannot be read"):
        _run("replay", kept.id, "--question", kept.question, "--history", str(tmp_path))
