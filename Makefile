PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench data screenshots install install-tests clean

run: install  ## installe et démarre l'application sur les données embarquées
	$(BIN)/streamlit run app.py

test: install-tests  ## installe ce qu'il faut aux tests et les lance tous
	$(BIN)/python -m pytest

lint: install-tests  ## ruff et mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: install-tests  ## les mesures que cite le README
	$(BIN)/python -m bench

data: install  ## reconstruit data/snapshot
	$(BIN)/python -m clsm_map data build

screenshots: install-tests  ## les images du README
	$(BIN)/python -m bench.screenshots

install: $(VENV)/.installed
install-tests: $(VENV)/.installed-tests

$(VENV)/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	$(BIN)/python -m compileall -q clsm_map
	touch $@

$(VENV)/.installed-tests: $(VENV)/.installed tests/requirements.txt
	$(BIN)/python -m pip install --quiet -r tests/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) static build
