PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Autant de processus que de cœurs ; un module de tests ne va qu'à un seul (ses « fixtures » aussi).
TEST := $(BIN)/python -m pytest -n auto --dist loadscope

.PHONY: run test test-all golden lint weight bench data fonts screenshots install install-tests clean

run: install  ## installe et démarre l'application sur les données embarquées
	$(BIN)/streamlit run app.py

test: install-tests  ## installe ce qu'il faut aux tests et les lance, quatre régions sur dix-huit
	$(TEST) -m "not every_region"

test-all: install-tests  ## les tests, avec toutes les régions : ce que lance l'intégration continue
	$(TEST)

golden: install-tests  ## relit et garde ce que disent pages, commandes et fichiers (tests/golden)
	$(BIN)/python -m tests.golden write

lint: install-tests  ## ruff et mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

weight:  ## ce que pèse la maison, pièce par pièce
	@$(PYTHON) -m bench.weight

bench: install-tests  ## les mesures que cite le README
	$(BIN)/python -m bench

data: install  ## reconstruit data/snapshot
	$(BIN)/python -m clsm_map data build

fonts: install-tests  ## taille la police des images et des documents dans celle des pages
	$(BIN)/python -m bench.fonts

screenshots: install-tests  ## les images du README
	$(BIN)/python -m bench.screenshots

install: $(VENV)/.installed
install-tests: $(VENV)/.installed-tests

$(VENV)/.installed: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt --editable .
	$(BIN)/python -m compileall -q clsm_map
	touch $@

$(VENV)/.installed-tests: $(VENV)/.installed tests/requirements.txt
	$(BIN)/python -m pip install --quiet -r tests/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) static build
