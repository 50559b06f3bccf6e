# Everything runs in .venv, built from the lock files the first time it is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

FAULTS := $(addprefix tests/slack/test_,kill.py kill_asks.py kill_steps.py outages.py brownout_process.py socket_soak.py fuzz.py)

# Tests that stay compiled from one run to the next are collected in a third of the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: wheel demo run test check bench soak weeks sbom sentences screenshots format lock clean help

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/run  ## try the whole flow in a simulated Slack, nothing leaves this machine
	$(BIN)/python -m bot demo $(ARGS)

run: $(VENV)/run  ## start the bot against Slack, with the settings in .env
	$(BIN)/python -m bot run --migrate

test: $(VENV)/dev  ## every test, on SQLite, on PostgreSQL and in a browser
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/python -m pytest -m alone

check: $(VENV)/dev  ## formatter, linter, types, import contracts, migrations in step, vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot manifest --check
	rm -f $(VENV)/check.db
	DATABASE_URL=sqlite:///$(VENV)/check.db $(BIN)/alembic upgrade head
	DATABASE_URL=sqlite:///$(VENV)/check.db $(BIN)/alembic check
	$(BIN)/python -m tools.audit

bench: $(VENV)/dev  ## what clicks, screens, planning, asking and the process cost, and which aims are met, in one table
	$(BIN)/python -m bench $(ARGS)

soak: $(VENV)/dev  ## every property on many examples, the bot killed SOAK_KILLS=200 times, SOAK_CLICKS=10000 clicks, SOAK_PAYLOADS=200000
	$(BIN)/python -m pytest -n 3 --dist loadfile --hypothesis-profile=long tests/unit tests/pages tests/services/test_core_machine.py tests/services/test_core_asks.py tests/services/test_simulation_agrees.py tests/differential tests/weeks $(ARGS)
	SOAK_KILLS=$${SOAK_KILLS:-200} SOAK_CLICKS=$${SOAK_CLICKS:-10000} SOAK_PAYLOADS=$${SOAK_PAYLOADS:-200000} $(BIN)/python -m pytest $(FAULTS) $(ARGS)
	$(BIN)/python -m tests.weeks --seeds 5

weeks: $(VENV)/dev  ## four weeks of a programme, typed and pressed in the sandbox, told week by week; ARGS=--page opens it
	$(BIN)/python -m tests.weeks $(ARGS)

sbom: $(VENV)/dev  ## sbom.json: every package that runs, as CycloneDX
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o sbom.json

sentences: $(VENV)/dev  ## every sentence that people can read, and where it stands
	@$(BIN)/python -m tools.sentences

screenshots: $(VENV)/dev  ## the pictures of the README, taken anew
	$(BIN)/python -m tests.browser.screenshots

wheel: $(VENV)/dev  ## dist/: the wheel, installed into an empty environment and tried there
	rm -rf dist
	$(BIN)/python -m pip wheel . --quiet --no-deps --no-build-isolation --wheel-dir dist
	$(PYTHON) -m venv dist/empty
	dist/empty/bin/pip install --quiet --disable-pip-version-check dist/*.whl
	cd dist/empty && bin/advocacy --version && bin/advocacy run --help && bin/advocacy demo --once > story.txt
	cd dist/empty && bin/advocacy migrate && bin/advocacy migrate --check
	rm -rf dist/empty

format: $(VENV)/dev  ## format and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/dev  ## renew the lock files
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --upgrade pyproject.toml --extra postgres -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --upgrade pyproject.toml --all-extras -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --group build -c requirements-dev.lock -o requirements-build.lock

clean:  ## remove what the targets made
	rm -rf $(VENV) sbom.json .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/dev: requirements-dev.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@ $(VENV)/run
