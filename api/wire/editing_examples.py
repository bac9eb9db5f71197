"""Examples of what editors send and get, shown in OpenAPI; tests validate them with the models."""

from __future__ import annotations

from pydantic.config import JsonDict

WITH_REASON: JsonDict = {"reason": "replaced by the printed text"}
EDIT: JsonDict = {
    "values": {"date_issued": "2026-03-01"},
    "undo": ["issuer"],
    "reason": "misprint on the web page",
}
FACT_EDIT: JsonDict = {
    "fact_id": "一、（四）.money.1",
    "part": "beneficiaries",
    "spans": [{"start": 1060, "end": 1063}],
    "reason": "the condition was read as part of the beneficiary",
}
FACT_TO_HIDE: JsonDict = {"fact_id": "一、（四）.money.2", "reason": "a threshold was read as a sum"}
FACT_UNDO: JsonDict = {"number": 3, "reason": "the first reading was right"}
DECISION: JsonDict = {
    "document_id": "xi-zheng-fa-2024-7",
    "other_id": "xi-zheng-fa-2024-7-2",
    "reason": "the number was given twice; both papers are in force",
}
JOB: JsonDict = {
    "id": "q3vNnZ0o2m9yqk7eQdPz",
    "state": "accepted",
    "origin": "upload",
    "accepted_at": "2026-03-01T08:00:00Z",
    "changed_at": "2026-03-01T08:00:00Z",
    "progress": {"step": "", "done": 0, "total": 1},
    "error": "",
    "generation": None,
    "files": [
        {
            "name": "notice.html",
            "size": 18_204,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "url": "https://www.example.gov.cn/notice.html",
            "fetched_at": "2026-03-01T07:58:00Z",
            "is_read": False,
        }
    ],
    "reports": [],
}
