# `make app` starts the app, `make lint` reads the code, `make test` checks everything, `make reproduce`
# re-makes every result.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
PIP = .venv/bin/python -m pip --disable-pip-version-check

.PHONY: app lint test reproduce constraints

app: .venv/app
	.venv/bin/streamlit run app.py

# Some machines forbid Python to keep what it has compiled: each of the tests' hundred processes
# would compile all modules anew.
test: export PYTHONDONTWRITEBYTECODE =

# The types of the live views' JavaScript are checked too; the app itself needs no node.
lint: .venv/dev tests/node/node_modules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/node tests/node/node_modules/typescript/bin/tsc --project jsconfig.json

test: lint
	.venv/bin/python -m tests.node --test-reporter=dot
	.venv/bin/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

reproduce: .venv/app
	.venv/bin/python -m trisym reproduce --all

# After a change to a pin: empty constraints.txt below its comment, then make constraints.
constraints: .venv/dev
	grep -hoE '^[A-Za-z0-9_-]+==' requirements.txt requirements-dev.txt | sed 's/^/^/' > .venv/direct
	grep '^#' constraints.txt > .venv/constraints.txt
	$(PIP) freeze | grep -viE -f .venv/direct -e '^(nvidia|cuda|triton)' >> .venv/constraints.txt
	mv .venv/constraints.txt constraints.txt

# The files .venv/app and .venv/dev say that the environment holds what the requirements list.
.venv/app: requirements.txt constraints.txt
	$(PYTHON) trisym/supported.py
	$(PYTHON) -m venv .venv
	$(PIP) install -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/app tests/browser/install.py
	$(PIP) install -r requirements-dev.txt
	.venv/bin/python -m tests.browser.install
	touch $@

tests/node/node_modules: tests/node/package-lock.json .venv/dev
	.venv/bin/npm ci --prefix tests/node --no-fund --no-audit
	touch $@
