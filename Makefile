# make run     the portal, as in production, on http://127.0.0.1:$(PORT)
# make dev     the same with debug, reloading at every change
# make prepare    packages, keys and database, without serving
# make test    all tests that need neither a browser nor a server; TESTS= names some
# make prove   each promise, on the portal itself, with its figure; PROOFS= names some
# make lint    style, migrations, settings, translations
# make audit   our code, our packages, their list; works without the internet too
# make translate   collect and compile the texts
# make bench   time the main pages over a scratch database of CONCERNS= concerns
# make lock    renew the locked packages
# make paint   time the first paint of the first views on a slow line (needs Chromium)
# make pictures   take those of the documentation anew (needs Chromium)

PORT ?= 8000
CONCERNS ?= 10000
VAR_DIR ?= $(CURDIR)/var
export PORT VAR_DIR PROOFS

python = .venv/bin/python
manage = $(python) manage.py
pytest = .venv/bin/pytest
static = $(VAR_DIR)/static/staticfiles.json

compile = .venv/bin/uv pip compile pyproject.toml --quiet --upgrade --universal \
  --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
  --no-emit-find-links --custom-compile-command "make lock"

shown = center categories form receipt followed concern meeting \
  desk_today desk_concern_coordinator desk_meeting_coordinator

.PHONY: run dev prepare test prove lint audit translate lock pictures paint bench
.DELETE_ON_ERROR:

run: prepare $(static)
	@exec $(python) -m kaab.serve

dev: export DEBUG = true
dev: prepare
	@exec $(manage) runserver $(PORT)

prepare: .venv/installed $(VAR_DIR)/env
	@umask 077 && $(manage) prepare

test: .venv/installed-tests
	$(pytest) -n auto --dist worksteal $(TESTS)

prove: export NO_SKIP = 1
prove: .venv/installed-tests
	$(python) -m pytest -q -p tests.prove.proofs -o python_files="test_*.py prove_*.py" \
	  -o faulthandler_timeout=0 tests

lint: .venv/installed-tests $(VAR_DIR)/env
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	$(manage) makemigrations --check --dry-run
	SITE_URL=https://portal.example.org $(manage) check --deploy --fail-level WARNING
	for po in $$(git ls-files '*.po'); do msgfmt --check --output-file=/dev/null $$po || exit 1; done
	.venv/bin/pip check

# sbom.json lists what a server installs, in the form of CycloneDX 1.6.
audit: .venv/installed-tests
	.venv/bin/bandit --quiet --recursive centers concerns meetings kaab
	@mkdir -p $(VAR_DIR)
	PYTHONWARNINGS=ignore::UserWarning .venv/bin/cyclonedx-py requirements requirements.txt \
	  --pyproject pyproject.toml --output-reproducible --validate --output-file $(VAR_DIR)/sbom.json
	@$(python) -m tests.freshness

# In a folder of its own: the portal's database is left alone.
bench: export VAR_DIR := $(VAR_DIR)/bench
bench: export DEMO = 0
bench: .venv/installed
	@mkdir -p $(VAR_DIR) && $(MAKE) --no-print-directory prepare $(VAR_DIR)/static/staticfiles.json >/dev/null
	@$(manage) bench --concerns $(CONCERNS)

# Both need gettext.
translate: .venv/installed $(VAR_DIR)/env
	$(manage) makemessages -l ky -l ru --no-location --no-obsolete --no-wrap --ignore tests --ignore var
	$(manage) compilemessages -l ky -l ru --ignore .venv --verbosity 0

lock: .venv/installed
	.venv/bin/pip install --quiet uv
	$(compile) --output-file requirements.txt
	$(compile) --output-file tests/requirements.txt --group test --constraint requirements.txt

pictures: .venv/installed-tests
	$(python) -m tests.browser.pictures docs/pictures top light $(shown)

paint: .venv/installed-tests
	$(python) -m tests.browser.paint

# The packages, each checked against the hash in the lock.
.venv/installed: requirements.txt | .venv
	@echo "Installing the locked packages ..."
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/installed-tests: tests/requirements.txt .venv/installed
	@echo "Installing the locked packages of the tests ..."
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Asking each for its version passes over shims that stand for no Python.
.venv:
	@for python in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  if $$python -c "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; \
	  then exec $$python -m venv $@; fi; \
	done; \
	echo "The portal needs Python 3.11 or newer, with its venv module" >&2; \
	echo "(on Debian: apt install python3 python3-venv)." >&2; exit 1

# Keys of this installation. Whoever has them can forge sessions: nobody else reads them.
$(VAR_DIR)/env: | .venv
	@umask 077 && mkdir -p $(VAR_DIR) && $(python) -c "from secrets import token_urlsafe as key; \
	  print('SECRET_KEY=' + key(50)); print('CODE_KEY=' + key(32))" > $@

$(static): $(wildcard static/*) .venv/installed
	@echo "Collecting the static files ..."
	@$(manage) collectstatic --no-input --clear --verbosity 0
	@touch $@
