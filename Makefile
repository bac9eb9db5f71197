PYTHON ?= .venv/bin/python

.PHONY: setup check test
setup:
	python3 -m venv .venv
	$(PYTHON) -m pip install -e '.[dev]'

check: test
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

test:
	$(PYTHON) -m pytest
