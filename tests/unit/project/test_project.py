"""What the project says of itself: packages, tested versions, releases."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

_CHECKOUT = Path(__file__).resolve().parents[3]
_PACKAGES = ("corpus", "index", "rag", "evals", "api")

# "numpy==2.4.6"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)$")
# "## 0.1.0 - 2026-11-23"
_RELEASE = re.compile(r"^## (\d+\.\d+\.\d+)(?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)

# "`corpus/formats/ofd/reader.py`"
_PATH = re.compile(r"`((?:corpus|index|rag|evals|api|tests|tools|benchmarks|docs)/[^` ]*)`")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((_CHECKOUT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def pins() -> dict[str, Version]:
    lines = (_CHECKOUT / "constraints.txt").read_text("utf-8").splitlines()
    found = [_PIN.match(line) for line in lines if line and not line.startswith("#")]
    assert all(found), "a line of constraints.txt is no pin"
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in found if pin}


@pytest.mark.parametrize("package", _PACKAGES)
def test_every_package_is_typed_and_says_so_when_installed(project: dict[str, Any], package: str) -> None:
    assert "py.typed" in project["tool"]["setuptools"]["package-data"][package]
    assert (_CHECKOUT / package / "py.typed").is_file()


def test_the_tested_versions_cover_what_ci_installs(
    project: dict[str, Any], pins: dict[str, Version]
) -> None:
    about = project["project"]
    for line in (*about["dependencies"], *about["optional-dependencies"]["dev"]):
        needed = Requirement(line)
        assert needed.specifier.contains(pins[canonicalize_name(needed.name)]), line


def test_the_tested_versions_are_on_every_index(project: dict[str, Any], pins: dict[str, Version]) -> None:
    """No build of one index such as 2.13.0+cpu, and not the project itself."""
    assert [str(version) for version in pins.values() if version.local] == []
    assert project["project"]["name"] not in pins


def test_every_release_has_a_date_and_the_latest_is_this_version(project: dict[str, Any]) -> None:
    releases = _RELEASE.findall((_CHECKOUT / "CHANGELOG.md").read_text("utf-8"))
    assert releases[0][0] == project["project"]["version"]
    assert all(date for _, date in releases)
    dates = [date for _, date in releases]
    assert dates == sorted(dates, reverse=True)


def test_the_places_that_newcomers_are_sent_to_exist() -> None:
    named = _PATH.findall((_CHECKOUT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(named) > 10
    assert [path for path in named if not (_CHECKOUT / path).exists()] == []


def test_the_hosted_ci_runs_the_script_on_every_supported_version(project: dict[str, Any]) -> None:
    workflow = yaml.safe_load((_CHECKOUT / ".github/workflows/ci.yml").read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    oldest = project["project"]["requires-python"].removeprefix(">=")
    assert job["strategy"]["matrix"]["python"][0] == oldest


def test_no_folder_of_tests_hides_a_package() -> None:
    """Processes that tests start must not take `tests/unit/rag` for `rag`."""
    places = [Path(place) for place in sys.path if place]
    hiding = [place / name for place in places for name in _PACKAGES if (place / name).is_dir()]
    assert {folder.parent for folder in hiding} <= {_CHECKOUT}
