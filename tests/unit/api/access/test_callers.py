"""Who is let in, from which pages, and what browsers are told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from endpoints import client_of
from fastapi.testclient import TestClient
from one_paper import OnePaper
from pydantic import SecretStr

from api.app import create_app
from api.records import Records
from api.records.sites import Site
from api.settings import ServerSettings, Settings

PORTAL = "https://portal.example.gov.cn"
PUBLIC = "https://ask.example.gov.cn"
QUESTION = {"question": "新药首次获批奖多少？"}


@pytest.fixture
def site(records: Records) -> Site:
    return records.sites.add("门户", origins=[PORTAL], handoff="请拨打 0731-12345", suggestions=["奖多少？"])


@pytest.fixture
def app(assistant: OnePaper, settings: Settings, records: Records) -> Any:
    server = ServerSettings(
        public_url=PUBLIC, visitor_rate="3/day", api_key=SecretStr("a-key-of-some-length")
    )
    return create_app(assistant, settings.model_copy(update={"server": server}), records=records)


@pytest.fixture
def outside(app: Any) -> Iterator[TestClient]:
    """A browser somewhere else."""
    with TestClient(
        app, base_url=PUBLIC, client=("203.0.113.7", 40_000), raise_server_exceptions=False
    ) as client:
        yield client


def _kind(response: Any) -> str:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return str(response.json()["type"]).rpartition(":")[2]


def _arrive(client: TestClient, site: str, origin: str = PORTAL, visitor: str = "") -> dict[str, Any]:
    response = client.post(
        "/v1/visitors", json={"site": site, "visitor": visitor}, headers={"Origin": origin}
    )
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def _bearer(token: str, origin: str = PORTAL) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Origin": origin}


def test_a_visitor_of_a_site_asks(outside: TestClient, site: Site) -> None:
    body = _arrive(outside, site.key)
    assert body["site"]["handoff"] == "请拨打 0731-12345"
    assert body["suggestions"] == ["奖多少？"]
    assert body["covered"][0]["status"] == "draft"
    asked = outside.post("/v1/ask", json=QUESTION, headers=_bearer(body["token"]))
    assert asked.json()["outcome"] == "answered"
    assert asked.headers["access-control-allow-origin"] == PORTAL


def test_without_token_or_key_nobody_asks(outside: TestClient, site: Site) -> None:
    refused = outside.post("/v1/ask", json=QUESTION)
    assert (refused.status_code, _kind(refused)) == (401, "token-missing")
    assert refused.headers["www-authenticate"] == "Bearer"
    for given in ("zwv.forged.forged.forged", "another-key"):
        refused = outside.post("/v1/ask", json=QUESTION, headers={"Authorization": f"Bearer {given}"})
        assert (refused.status_code, _kind(refused)) == (401, "token-invalid")


def test_a_program_with_the_key_asks(outside: TestClient) -> None:
    headers = {"Authorization": "Bearer a-key-of-some-length"}
    assert outside.post("/v1/ask", json=QUESTION, headers=headers).status_code == 200
    assert outside.get("/metrics", headers=headers).text.count("zhengwen_answers_total") >= 1


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{PORTAL}.evil.example", "http://portal.example.gov.cn"]
)
def test_pages_of_other_origins_are_refused(outside: TestClient, site: Site, origin: str) -> None:
    arriving = outside.post("/v1/visitors", json={"site": site.key}, headers={"Origin": origin})
    assert (arriving.status_code, _kind(arriving)) == (403, "origin-refused")
    token = _arrive(outside, site.key)["token"]
    asked = outside.post("/v1/ask", json=QUESTION, headers=_bearer(token, origin))
    assert (asked.status_code, _kind(asked)) == (403, "origin-refused")
    assert "access-control-allow-origin" not in asked.headers


def test_a_key_of_no_site_opens_nothing(outside: TestClient) -> None:
    arriving = outside.post("/v1/visitors", json={"site": "zws_none"}, headers={"Origin": PORTAL})
    assert _kind(arriving) == "site-unknown"
    without_page = outside.post("/v1/visitors", json={"site": "zws_none"})
    assert _kind(without_page) == "origin-refused"


def test_a_removed_site_is_closed(
    outside: TestClient, site: Site, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _arrive(outside, site.key)["token"]
    records.sites.remove(site.key)
    monkeypatch.setattr("api.access.known_sites.time.monotonic", lambda: 1e12)  # later
    asked = outside.post("/v1/ask", json=QUESTION, headers=_bearer(token))
    assert _kind(asked) == "site-unknown"


def test_the_frame_of_a_site_asks_from_our_own_origin(outside: TestClient, site: Site) -> None:
    page = outside.get("/embed", params={"site": site.key})
    assert page.status_code == 200
    assert f"frame-ancestors {PORTAL}" in page.headers["content-security-policy"]
    assert site.key in page.text
    token = _arrive(outside, site.key, origin=PUBLIC)["token"]
    assert outside.post("/v1/ask", json=QUESTION, headers=_bearer(token, PUBLIC)).status_code == 200
    assert outside.get("/embed", params={"site": "zws_none"}).status_code == 403


def test_a_visitor_who_asks_too_often_is_told_when_to_come_again(outside: TestClient, site: Site) -> None:
    first, second = _arrive(outside, site.key), _arrive(outside, site.key)
    for _ in range(3):
        assert outside.post("/v1/ask", json=QUESTION, headers=_bearer(first["token"])).status_code == 200
    refused = outside.post("/v1/ask", json=QUESTION, headers=_bearer(first["token"]))
    assert (refused.status_code, _kind(refused)) == (429, "rate-limited")
    assert int(refused.headers["retry-after"]) > 0
    # A new token of the same device is no way around, and others are not concerned.
    again = _arrive(outside, site.key, visitor=first["visitor"])
    assert outside.post("/v1/ask", json=QUESTION, headers=_bearer(again["token"])).status_code == 429
    assert outside.post("/v1/ask", json=QUESTION, headers=_bearer(second["token"])).status_code == 200


def test_a_preflight_is_answered_for_pages_of_sites_alone(outside: TestClient, site: Site) -> None:
    wanted = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    allowed = outside.options("/v1/ask", headers=wanted | {"Origin": PORTAL})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == PORTAL
    assert "access-control-allow-credentials" not in allowed.headers
    refused = outside.options("/v1/ask", headers=wanted | {"Origin": "https://evil.example"})
    assert (refused.status_code, _kind(refused)) == (403, "origin-refused")
    assert "access-control-allow-origin" not in refused.headers


def test_papers_are_for_everyone_once_a_site_is_open(outside: TestClient, site: Site) -> None:
    assert outside.get("/v1/documents").status_code == 200
    assert outside.get("/d/qing").status_code == 200


@pytest.mark.parametrize(
    ("client", "host", "headers"),
    [
        (("203.0.113.7", 1), "127.0.0.1:8000", {}),  # from elsewhere
        (("127.0.0.1", 1), "ask.example.gov.cn", {}),  # a name that was made to point here
        (("127.0.0.1", 1), "127.0.0.1:8000", {"X-Forwarded-For": "203.0.113.7"}),  # through a proxy
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Forwarded": "for=203.0.113.7"}),
        (("127.0.0.1", 1), "localhost", {"X-Forwarded-Proto": "https"}),
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Origin": "https://evil.example"}),  # a foreign page
        (("127.0.0.1", 1), "127.0.0.1.evil.example", {}),
        # Names that a URL parser reads as this machine; the page is elsewhere.
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Host": "evil.example@127.0.0.1"}),
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Host": "evil.example:80@localhost:8000"}),
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Host": "evil.example\\@127.0.0.1"}),
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Host": "[::1]evil.example"}),
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Host": "localhost/evil.example"}),
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Host": "localhost evil.example"}),
        (("127.0.0.1", 1), "127.0.0.1:8000", {"Host": ""}),
    ],
)
def test_a_service_without_site_and_key_answers_this_machine_only(
    assistant: OnePaper,
    settings: Settings,
    records: Records,
    client: tuple[str, int],
    host: str,
    headers: dict[str, str],
) -> None:
    app = create_app(assistant, settings, records=records)
    with TestClient(app, base_url=f"http://{host}", client=client) as other:
        for path, body in (("/v1/ask", QUESTION), ("/v1/visitors", {}), ("/v1/search", {"query": "奖"})):
            assert other.post(path, json=body, headers=headers).status_code == 403, path
    with client_of(app) as here:
        assert here.post("/v1/ask", json=QUESTION).status_code == 200
        assert here.post("/v1/ask", json=QUESTION, headers={"Origin": "http://127.0.0.1:8000"}).is_success


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.8.7.6:80", "[::1]:8000", "[::1]"]
)
def test_names_of_this_machine(assistant: OnePaper, settings: Settings, records: Records, host: str) -> None:
    with client_of(create_app(assistant, settings, records=records)) as here:
        assert here.post("/v1/ask", json=QUESTION, headers={"Host": host}).is_success


def test_without_a_site_pages_are_for_this_machine(
    assistant: OnePaper, settings: Settings, records: Records
) -> None:
    app = create_app(assistant, settings, records=records)
    with TestClient(app, base_url=PUBLIC, client=("203.0.113.7", 1)) as other:
        for path in ("/", "/demo", "/d/qing", "/v1/documents", "/metrics"):
            assert other.get(path).status_code == 403, path
        assert other.get("/health").status_code == 200


def test_a_person_who_is_rejected_gets_a_page(outside: TestClient) -> None:
    page = outside.get("/", headers={"Accept": "text/html,*/*"})
    assert page.status_code == 403
    assert page.headers["content-type"].startswith("text/html")
    assert "zhengwen site add" in page.text
    assert outside.get("/").headers["content-type"] == "application/problem+json"


def test_the_own_page_of_a_public_service_is_that_of_its_site(
    outside: TestClient, site: Site, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outside.get("/").status_code == 403
    own = records.sites.add("本站", origins=[PUBLIC])
    monkeypatch.setattr("api.access.known_sites.time.monotonic", lambda: 1e12)
    assert own.key in outside.get("/").text


def test_every_response_names_what_a_browser_may_do(client: TestClient) -> None:
    for path in ("/", "/demo", "/widget.js", "/v1/documents", "/nothing-here", "/d/qing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_the_widget_loads_from_any_page_and_is_sent_once(client: TestClient) -> None:
    whole = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert whole.headers["access-control-allow-origin"] == "*"
    assert whole.headers["content-type"].startswith("text/javascript")
    packed = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == whole.content
    again = client.get("/widget.js", headers={"If-None-Match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_beside_the_static_folder_are_not_sent(client: TestClient) -> None:
    for name in ("../app.py", "..%2fapp.py", "pages/chat.html", "%00", "nothing.js"):
        assert client.get(f"/static/{name}").status_code == 404


def test_the_head_of_a_page_can_be_asked_for(client: TestClient) -> None:
    for path in ("/", "/demo", "/widget.js", "/d/qing"):
        response = client.head(path)
        assert (response.status_code, response.content) == (200, b""), path


def test_another_name_for_the_service_is_not_its_own_origin(outside: TestClient, site: Site) -> None:
    """A page whose host name was made to point at the service is no page of it."""
    foreign = {"Origin": "https://evil.example", "Host": "evil.example"}
    arriving = outside.post("/v1/visitors", json={"site": site.key}, headers=foreign)
    assert (arriving.status_code, _kind(arriving)) == (403, "origin-refused")


def test_paths_of_the_machine_are_told_to_nobody_else(outside: TestClient, client: TestClient) -> None:
    key = {"Authorization": "Bearer a-key-of-some-length"}
    told = outside.post("/v1/ask", json={"question": "过期了吗？"}, headers=key).json()["detail"]
    assert "ingest" not in told
    assert "log" in told
    assert "ingest --rebuild" in client.post("/v1/ask", json={"question": "过期了吗？"}).json()["detail"]


def test_a_service_that_cannot_count_is_not_ready(client: TestClient) -> None:
    assert client.get("/ready").json()["status"] == "ready"
    client.app.state.rates._storage.close()  # type: ignore[attr-defined]
    refused = client.get("/ready")
    assert (refused.status_code, _kind(refused)) == (503, "store-unavailable")


def test_the_frame_is_set_by_its_address(outside: TestClient, site: Site) -> None:
    given = {"site": site.key, "lang": "en", "theme": "dark", "history": "none", "heading": '"><script>x'}
    page = outside.get("/embed", params=given)
    assert 'lang="en" theme="dark" history="none"' in page.text
    assert "<script>x" not in page.text
    for name in ("lang", "theme", "history", "eligibility"):
        assert outside.get("/embed", params={"site": site.key, name: "other"}).status_code == 422
    plain = outside.get("/embed", params={"site": site.key}).text
    assert 'lang="zh-CN"' in plain
    assert "heading=" not in plain


def test_the_form_is_switched_by_the_address(outside: TestClient, client: TestClient, site: Site) -> None:
    assert (
        'eligibility="none"' in outside.get("/embed", params={"site": site.key, "eligibility": "none"}).text
    )
    assert 'eligibility="first"' in client.get("/", params={"eligibility": "first"}).text
    assert client.get("/", params={"eligibility": "other"}).status_code == 422
    assert 'href="./?eligibility=first"' in client.get("/demo").text


def test_the_form_loads_from_any_page(client: TestClient) -> None:
    widget = client.get("/widget.js").text
    named = re.search(r"static/eligibility[.]js[?]v=[0-9a-f]{12}", widget)
    assert named is not None
    form = client.get(f"/{named[0]}")
    assert form.headers["access-control-allow-origin"] == "*"
    assert form.headers["content-type"].startswith("text/javascript")
    assert hashlib.sha256(form.content).hexdigest().startswith(named[0].rpartition("=")[2])
