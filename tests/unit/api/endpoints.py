"""A client of the app that looks to it like a program on the same machine."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient


def client_of(app: FastAPI) -> TestClient:
    """A client on this machine."""
    return TestClient(
        app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000), raise_server_exceptions=False
    )
