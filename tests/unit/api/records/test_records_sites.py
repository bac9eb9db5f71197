"""Sites, and the origins of their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.records import Records, open_records
from api.records.errors import SiteFault, UnknownSite
from api.records.origins import normal_origin

# "https://www.hunan.gov.cn:8443", as browsers send it
_ORIGIN = re.compile(r"https?://([a-z0-9_.-]+|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://www.hunan.gov.cn", "https://www.hunan.gov.cn"),
        (" HTTPS://WWW.Hunan.gov.CN/ ", "https://www.hunan.gov.cn"),
        ("https://www.hunan.gov.cn:443", "https://www.hunan.gov.cn"),
        ("https://www.hunan.gov.cn:8443", "https://www.hunan.gov.cn:8443"),
        ("https://政务.中国", "https://xn--zfr164b.xn--fiqs8s"),
        ("https://湖南。中国", "https://xn--6kr114d.xn--fiqs8s"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://portal.localhost", "http://portal.localhost"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://10.1.2.3", "http://10.1.2.3"),
        ("http://192.168.0.9:8080", "http://192.168.0.9:8080"),
        ("http://[FD00:0:0::1]", "http://[fd00::1]"),
        ("https://8.8.8.8", "https://8.8.8.8"),
        ("https://portal_1.gov.cn", "https://portal_1.gov.cn"),
    ],
)
def test_origins_are_as_browsers_send_them(given: str, origin: str) -> None:
    assert normal_origin(given) == origin
    assert normal_origin(origin) == origin


@pytest.mark.parametrize(
    "given",
    [
        "",
        "*",
        "null",
        "www.hunan.gov.cn",
        "https://",
        "https://*.gov.cn",
        "https://a.cn/path",
        "https://a.cn/?q",
        "https://a.cn?",
        "https://a.cn#",
        "https://user@a.cn",
        "https://user:word@a.cn",
        "https://a.cn:0",
        "https://a.cn:70000",
        "https://a.cn:x",
        "https://a cn",
        "https://a..cn",
        "https://-a.cn",
        "https://127.1",
        "https://0x7f.1",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "https://" + "a." * 130 + "cn",
        "ftp://a.cn",
        "javascript://a.cn",
        "http://www.hunan.gov.cn",
        "http://8.8.8.8",
        "https://a.cn\\b",
        "https://a.cn\nhttps://b.cn",
    ],
)
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(SiteFault, match="is not an origin"):
        normal_origin(given)


def test_http_in_a_closed_network_is_a_decision() -> None:
    assert normal_origin("http://oa.hunan", allow_http=True) == "http://oa.hunan"


@given(st.text() | st.from_regex(r"https?://[^\s]{1,40}", fullmatch=True))
def test_whatever_is_given_is_an_origin_or_refused(given: str) -> None:
    try:
        origin = normal_origin(given, allow_http=True)
    except SiteFault:
        return
    assert _ORIGIN.fullmatch(origin)
    assert normal_origin(origin, allow_http=True) == origin


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with open_records(f"sqlite:///{tmp_path / 'service.db'}", lock_dir=None) as opened:
        yield opened


def test_a_site_comes_back_as_it_was_added(records: Records) -> None:
    assert not records.sites.any()
    site = records.sites.add(
        " 湖南政务\x00服务 ",
        origins=("https://a.cn", "https://a.cn/", "https://b.cn"),
        title="政策问答",
        welcome="您好\n请问",
        handoff="请拨打 12345",
        suggestions=("奖多少？", " "),
    )
    assert re.fullmatch(r"zws_[A-Za-z0-9_-]{24}", site.key)
    assert (site.name, site.origins) == ("湖南政务 服务", ("https://a.cn", "https://b.cn"))
    assert (site.welcome, site.suggestions) == ("您好\n请问", ("奖多少？",))
    other = records.sites.add("另一个", origins=("https://c.cn",))
    assert records.sites.any()
    assert records.sites.list() == (site, other)
    assert records.sites.get(site.key) == site
    assert records.sites.get("zws_nix") is None


def test_a_removed_site_is_gone(records: Records) -> None:
    site = records.sites.add("站", origins=("https://a.cn",))
    assert records.sites.remove(site.key) == site
    assert records.sites.list() == ()
    with pytest.raises(UnknownSite, match="site list"):
        records.sites.remove(site.key)


@pytest.mark.parametrize(
    ("name", "origins", "title", "suggestions"),
    [
        (" ", ("https://a.cn",), "", ()),
        ("站", (), "", ()),
        ("站", ("a.cn",), "", ()),
        ("站", ("https://a.cn",), "题" * 501, ()),
        ("站", ("https://a.cn",), "", ("问",) * 5),
        ("站", tuple(f"https://a{n}.cn" for n in range(51)), "", ()),
    ],
)
def test_a_site_that_cannot_be_is_refused_and_not_kept(
    records: Records, name: str, origins: tuple[str, ...], title: str, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(SiteFault):
        records.sites.add(name, origins=origins, title=title, suggestions=suggestions)
    assert not records.sites.any()
