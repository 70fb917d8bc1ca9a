# Two commands: `make run` and `make test`. `make` alone lists them all.
# They need make, git, and Python 3.11 or newer with venv; PYTHON=... says which Python to take.

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench bench-finding bench-search bench-pages bench-practitioners bench-duplicates \
	bench-tables lock clean browser backup restore

PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --no-input
BACKUP = $(or $(FILE),var/backups/$(shell date +%Y-%m-%d-%H%M%S).backup)
FAILED_INSTALL := Error: the packages could not be installed; pip says why above (no network, or no room on the disk?).
# What a production server would be started with, so that `check --deploy` judges the real settings.
DEPLOYED := DEBUG=off HTTPS=on ALLOWED_HOSTS=directory.example.org \
	SECRET_KEY=only-for-the-check-of-the-settings-0123456789-abcdefghij

# A virtual environment whose Python was removed from the machine is made anew.
$(shell test -x $(PY) || rm -f $(VENV)/*.stamp)

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/run.stamp .env ## set everything up and serve on 127.0.0.1, port PORT or 8000
	@exec $(PY) manage.py serve

test: check browser ## set everything up, the browser included, and run the checks and every test
	@$(PY) -m pytest

check: $(VENV)/test.stamp ## lint, formatting, settings, migrations and packages, without changing a file
	@$(PY) -m ruff check --quiet --output-format concise
	@$(PY) -m ruff format --check --quiet || { echo "Error: this Python is not formatted: run make fix." >&2; exit 1; }
	@$(VENV)/bin/djangofmt --check --quiet templates && \
	find templates -name '*.html' -exec $(VENV)/bin/djade --check --target-version 5.2 {} + 2>/dev/null || \
	{ echo "Error: templates are not formatted: run make fix." >&2; exit 1; }
	@$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING --verbosity 0
	@$(DEPLOYED) $(PY) manage.py makemigrations --check --dry-run --verbosity 1 >$(VENV)/migrations.log || \
	{ cat $(VENV)/migrations.log; echo "Error: a model has changed without a migration." >&2; exit 1; }
	@$(PY) -m pip --disable-pip-version-check check

# djade last: it leaves alone what djangofmt does to the HTML, and so a second run changes nothing.
fix: $(VENV)/test.stamp ## format the code and the templates, and mend what a tool can mend
	@status=0; \
	$(PY) -m ruff check --fix --quiet --output-format concise || status=1; \
	$(PY) -m ruff format --quiet || status=1; \
	$(VENV)/bin/djangofmt templates 2>/dev/null || { $(VENV)/bin/djangofmt templates; status=1; }; \
	find templates -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 {} + >/dev/null 2>&1; \
	exit $$status

# The last line that a benchmark prints is one line of JSON.
bench: bench-finding bench-search bench-pages bench-practitioners bench-duplicates bench-tables ## run every benchmark

bench-finding: $(VENV)/test.stamp ## how well the search finds: judged queries, beside icontains and plain full text
	@$(PY) benchmarks/finding.py

bench-search: $(VENV)/test.stamp ## how quick the search is, at SIZES or 10000,100000,1000000 made-up groups
	@$(PY) benchmarks/search.py

bench-pages: $(VENV)/test.stamp ## what a search page costs beside its SQL and its rendering, at SIZES or 100000 groups
	@$(PY) benchmarks/pages.py

bench-practitioners: $(VENV)/test.stamp ## how quick the search for practitioners is, among 100,000 made-up ones
	@$(PY) benchmarks/practitioners.py

bench-duplicates: $(VENV)/test.stamp ## how well duplicates are found: labelled pairs (SIZES=100000: how quickly, too)
	@$(PY) benchmarks/duplicates/measure.py

bench-tables: $(VENV)/test.stamp ## import and export of 10,000 rows, and 20 imports that are killed
	@$(PY) benchmarks/tables.py

lock: $(VENV)/test.stamp ## pin the packages anew after a change to requirements*.in (LOCK=--upgrade: all of them)
	@set -e; for name in requirements requirements-dev; do \
		$(PY) -m uv pip compile $$name.in --output-file $$name.txt --quiet $(LOCK) \
			--generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
			--custom-compile-command 'make lock'; \
	done

backup: $(VENV)/run.stamp .env ## write the database and the uploads into FILE (or var/backups)
	@umask 077 && mkdir -p "$(dir $(BACKUP))" && $(PY) manage.py backup "$(BACKUP)"

restore: $(VENV)/run.stamp .env ## put them back from FILE (REPLACE=yes: though the database is not empty)
	@test -n "$(FILE)" || { echo "Error: say which file: make restore FILE=..." >&2; exit 1; }
	@$(PY) manage.py restore $(if $(REPLACE),--replace) "$(FILE)"

clean: ## remove what can be made again; .env and the data in var/postgres stay
	@rm -rf $(VENV) .ruff_cache .pytest_cache test-results var/static
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

browser: $(VENV)/test.stamp
	@$(PY) -m tests.e2e.browser

$(VENV)/made.stamp:
	@chosen=; for python in $(PYTHONS); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			chosen=$$python; "$$python" -c 'import ensurepip, venv' 2>/dev/null && break; \
		fi; \
	done; \
	if test -z "$$chosen"; then \
		echo "Error: this needs Python 3.11 or newer, and $(firstword $(PYTHON) python3) is" \
			"$$($(firstword $(PYTHON) python3) --version 2>/dev/null || echo not there); PYTHON=... names another." >&2; \
		exit 1; \
	fi; \
	"$$chosen" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Error: $$chosen has no venv; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	if ! $(PY) -m pip --version >/dev/null 2>&1; then \
		rm -rf $(VENV) && "$$chosen" -m venv $(VENV) || { \
			echo "Error: the virtual environment could not be made in $(VENV) (no room on the disk?)." >&2; exit 1; }; \
	fi
	@touch $@

$(VENV)/run.stamp: requirements.txt $(VENV)/made.stamp
	@echo "Installing the packages that the site needs ..."
	@$(PIP) install --require-hashes -r requirements.txt || { echo "$(FAILED_INSTALL)" >&2; exit 1; }
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/made.stamp
	@echo "Installing the packages that the site and its tests need ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt || { echo "$(FAILED_INSTALL)" >&2; exit 1; }
	@touch $(VENV)/run.stamp $@

# This machine's own settings. Never written twice, and nobody else may read them.
.env: | $(VENV)/made.stamp
	@umask 077 && $(PY) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' >.env.new && \
	printf 'ALLOWED_HOSTS=127.0.0.1,localhost\nHTTPS=off\n' >>.env.new && mv .env.new .env
