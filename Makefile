# Every target is one verb of run.py, which needs python3 only. Example: make demo ARGS=--once
PYTHON ?= python3
ARGS ?=

.PHONY: demo test test-slow check setup bench

demo test test-slow check setup bench:
	@$(PYTHON) run.py $@ $(ARGS)

.DEFAULT_GOAL := demo
