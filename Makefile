# Shorthands; README.md has the commands themselves, .ci/run the checks.
PYTHON ?= python3

.PHONY: setup ask test check
setup:
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -e '.[dev]'

ask:
	.venv/bin/zhengwen ask "我们首次拿到创新药注册批件，湖南能奖多少钱？"

test:
	.venv/bin/pytest

check:
	PYTHON=$(PYTHON) VENV=.venv .ci/run
