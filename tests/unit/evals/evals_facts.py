"""The labelled papers that come with the program."""

from importlib.resources import files
from pathlib import Path

from evals_oracle import papers_by_id

from evals.facts.folder import load_fact_set

FOLDER = Path(str(files("evals"))) / "fact_sets"
FACT_SET = load_fact_set(FOLDER, documents=papers_by_id())
LABELLED = tuple(paper for paper in FACT_SET.papers if paper.is_complete)
