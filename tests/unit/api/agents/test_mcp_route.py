"""What the log says of a call to `/mcp`."""

from __future__ import annotations

import logging

import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_log_names_the_route(client: TestClient, caplog: pytest.LogCaptureFixture, method: str) -> None:
    with caplog.at_level(logging.INFO, logger="zhengwen.http"):
        client.request(method, "/mcp", json={} if method == "POST" else None)
    lines = [record for record in caplog.records if record.getMessage() == "request"]
    assert [getattr(line, "route") for line in lines] == ["/mcp"]  # noqa: B009 - a field of `extra`
