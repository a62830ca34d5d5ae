# Everything runs in .venv, which the first target you call makes for you.
# PYTHON= names another Python (3.11 to 3.13), ARGS= goes to the command behind the target.

CANDIDATES := .venv/bin/python python3.13 python3.12 python3.11 python3
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for python in $(CANDIDATES); do \
	"$$python" -c '$(SUITABLE)' 2>/dev/null && echo "$$python" && exit; done; echo python3)
RUN = $(PYTHON) fluxrouter/embedded/bootstrap.py
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --generate-hashes \
	--python-version 3.11 --no-header $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help demo test bench acceptance screenshots format setup shell lock

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Run everything on this machine with synthetic data
	@$(RUN) demo $(ARGS)

test: ## Format, lint, types, layers, migrations, tests (ARGS go to pytest)
	@$(RUN) checks $(ARGS)

bench: ## Measure, as ratios to named baselines
	@$(RUN) shell -- python -m bench $(ARGS)

acceptance: ## List the acceptance criteria with their tests; fails when one has none
	@$(RUN) shell -- python manage.py acceptance $(ARGS)

screenshots: ## Make pictures of every page
	@$(RUN) shell -- python -m tests.browser.screenshots $(ARGS)

format: ## Format the code and repair what lint can repair
	@$(RUN) setup
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

setup: ## Make .venv with everything a developer needs
	@$(RUN) setup

shell: ## Open a shell, or run ARGS, with servers and a safe environment
	@$(RUN) shell -- $(ARGS)

lock: ## Compile the hashed requirements anew (ARGS=--upgrade for newer ones)
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv==0.13.9
	@$(COMPILE) requirements.in --output-file requirements.txt
	@$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
