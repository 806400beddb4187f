# Every target is one verb of run.py, which needs python3 only. Example: make demo ARGS=--once
PYTHON ?= python3
ARGS ?=

.PHONY: demo test test-slow test-long install-check check setup lock bench screens

demo test test-slow test-long install-check check setup lock bench screens:
	@$(PYTHON) run.py $@ $(ARGS)

.DEFAULT_GOAL := demo
