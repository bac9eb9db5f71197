# Shorthands; README.md has the commands themselves, .ci/run the checks.
PYTHON ?= python3

.PHONY: setup ask unit test check constraints
setup:
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -c constraints.txt -e '.[dev]'

ask:
	.venv/bin/zhengwen ask "我们首次拿到创新药注册批件，湖南能奖多少钱？"

unit:
	.venv/bin/pytest tests/unit -m 'not model'

test:
	.venv/bin/pytest

check:
	PYTHON=$(PYTHON) VENV=.venv .ci/run

# Without the project itself, and without the name of a build (torch 2.13.0+cpu), which no other index has.
constraints:
	mkdir -p build
	sed '/^#/!d' constraints.txt >build/constraints.txt
	.venv/bin/pip freeze --exclude-editable --exclude zhengwen | sed '/^#/d; /^-e/d; s/+[a-z0-9.]*$$//' >>build/constraints.txt
	mv build/constraints.txt constraints.txt
