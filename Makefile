# Everything runs from .venv, which the first target to need it makes; nothing else is touched.
.POSIX:
PYTHON ?= python3
BIN = .venv/bin
export KAKEHASHI_HOME ?= $(CURDIR)/var

.PHONY: help run test vectors test-fast accessible examples check format bench bench-exchange bench-search fuzz soak messages reference pictures reset clean
help: ## show this
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 20

.venv/run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $(PYTHON) -m venv .venv; } # a half-made one is made anew
	@echo "Installing what Kakehashi needs (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@echo "Installing what the tests need (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.venv/bench: .venv/dev requirements/bench.txt
	@echo "Installing what search is compared with (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

.venv/fuzz: .venv/dev requirements/fuzz.txt
	@echo "Installing what looks for faults (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	@touch $@

run: .venv/run ## two nodes, Munich and Osaka, on real records; Ctrl-C stops them
	@$(BIN)/kakehashi up --demo

reset: .venv/run ## remove the two demonstration nodes
	@$(BIN)/kakehashi reset --yes

test: .venv/dev check ## all tests: SQLite, PostgreSQL, two nodes, browser
	$(BIN)/pytest -n 2 --dist loadgroup --durations 12
	KAKEHASHI_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist loadgroup tests/records tests/agreements tests/exchange \
		tests/accounts tests/matching/test_both_databases.py tests/matching/test_search.py tests/matching/test_pairs.py

# Other people's code in another language, in the tests' own folder; without npm these comparisons are left out.
OTHERS = tests/proving/others
$(OTHERS)/node_modules: $(OTHERS)/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix $(OTHERS) --silent --no-audit --no-fund; else echo "npm is not here"; fi

vectors: .venv/dev $(OTHERS)/node_modules ## test data and programs that others published, and the second reader on our own
	$(BIN)/pytest -p no:randomly -m vectors

test-fast: .venv/dev ## rules and pages only, on SQLite
	$(BIN)/pytest -n 2 --ignore tests/journeys --ignore tests/two_nodes

accessible: .venv/dev ## axe on every page, in each language, scheme and width (the long form of what `test` does)
	KAKEHASHI_LONG=1 $(BIN)/pytest tests/journeys/test_accessible.py

examples: .venv/dev ## rules on a thousand new examples each (`test` tries the same forty each time)
	KAKEHASHI_LONG=1 $(BIN)/pytest -n 2 -m hypothesis

check: .venv/dev ## format, lint, types, who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports & imports=$$!; $(BIN)/mypy src; types=$$?; wait $$imports && exit $$types

format: .venv/dev ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev ## figures and ratios; writes bench/results/
	$(BIN)/python -m bench

RECORDS ?= 10000
# All pairs are found in memory, whichever database there is: measured on SQLite alone.
bench-search: .venv/bench ## search, and others beside it, at KAKEHASHI_BENCH_SIZES records; DATABASE=postgresql, or an address
	$(BIN)/python -m bench.search $${DATABASE:+--database $$DATABASE}
	$(if $(DATABASE),,$(BIN)/python -m bench.pairs)

bench-exchange: .venv/dev ## the exchange beside OAI-PMH and plain JSON, near and far; BOOTSTRAP=100000 also reads so many
	$(BIN)/python -m bench.proving
	$(BIN)/python -m bench.exchange --records $(RECORDS)
	$(if $(BOOTSTRAP),$(BIN)/python -m bench.exchange --bootstrap --records $(BOOTSTRAP))

# Long runs save their progress in var/faults and resume; FOR=45m ends a sitting, CASES sets how many in all.
FOR ?= 24h
fuzz: .venv/fuzz ## hostile pages, bytes, requests, and random policy cases by the million; 0 violations are allowed
	@mkdir -p var/faults
	$(BIN)/python -m tests.faults.pages --cases $${CASES:-1000000} --for $(FOR) --state var/faults/pages.json
	$(BIN)/python -m tests.signing.differential --cases $${CASES:-1000000} --for $(FOR) --state var/faults/jcs.json
	$(BIN)/python -m tests.agreements.oracle --cases $${CASES:-1000000}
	$(BIN)/python -m tests.faults.openapi --for $(FOR) --state var/faults/openapi.json
	$(BIN)/python -m tests.faults.fuzz -runs=$${CASES:-1000000} var/faults/corpus

soak: .venv/dev ## two nodes under load: kill -9 by the thousand, then faults for as long as FOR says
	@mkdir -p var/faults
	$(BIN)/python -m tests.faults.kills --cases $${CASES:-2000} --for $(FOR) --state var/faults/kills.json
	$(BIN)/python -m tests.faults.boundaries --for $(FOR) --state var/faults/boundaries.json
	$(BIN)/python -m tests.faults.canaries --for $(FOR) --state var/faults/canaries.json
	$(BIN)/python -m tests.faults.network --for $(FOR) --state var/faults/network.json
	$(BIN)/python -m tests.faults.model --for $(FOR) --state var/faults/model.json
	$(BIN)/python -m tests.faults.soak --for $(FOR) --state var/faults/soak.json

messages: .venv/dev ## collect texts, merge translations, compile
	$(BIN)/python tools/messages.py

reference: .venv/dev ## write docs/commands.md from the commands' own help
	$(BIN)/python tools/reference.py

pictures: .venv/dev ## screenshots of every page, three languages, wide and narrow
	$(BIN)/python tools/pictures.py

requirements: .venv/dev ## pin the dependencies of pyproject.toml anew, with hashes and no addresses
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe --build-deps-for editable -o requirements/run.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe --build-deps-for editable --extra dev -o requirements/dev.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe --extra bench -c requirements/dev.txt -o requirements/bench.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe --extra fuzz -c requirements/dev.txt -o requirements/fuzz.txt pyproject.toml
.PHONY: requirements

clean: ## remove the environment, not the nodes
	rm -rf .venv build dist src/*.egg-info
