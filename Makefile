# The commands of this project. `make help` lists them.
# What they install: .venv (Python packages), and by apt, where it may, the system libraries that Qt needs.

.PHONY: help run test lint bench bench-recovery bench-console bench-table bench-memory bench-idle bench-start simulate chaos kills fuzz afternoon week pictures gallery wheel clean setup
.DEFAULT_GOAL := help
export PYTHON
comma := ,
# Where this is set, each of the thousand processes that the tests start compiles all of our source anew.
unexport PYTHONDONTWRITEBYTECODE

help:  ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 17

run:  ## Open the console with an example running (installs what it needs first)
	@packaging/run.sh

test: setup lint  ## Run the linters and all tests (installs what they need first)
	@.venv/bin/python -m pytest --numprocesses $$((2 * $$(getconf _NPROCESSORS_ONLN))) --dist worksteal

lint: setup  ## Check style, types, and the border between core and windows
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet . || { echo "Type .venv/bin/ruff format to mend the layout." && exit 1; }
	@.venv/bin/mypy --no-error-summary --platform win32 --cache-dir .mypy_cache/win32 & other=$$!; \
		.venv/bin/mypy --no-error-summary; here=$$?; wait $$other && exit $$here
	@.venv/bin/lint-imports --no-logo >.venv/lint-imports.log || { cat .venv/lint-imports.log && exit 1; }

bench: setup  ## Measure: this beside the pools of others, with the same number of processes (WRITE=1: into README and plot; PEERS=all: Ray and Dask too)
	@.venv/bin/python -m pip install --quiet -e "$(if $(PEERS),.[bench$(comma)clusters],.[bench])"
	@.venv/bin/python -m tests.benchmarks $(if $(WRITE),--write) $(if $(PEERS),--clusters)

bench-recovery: setup  ## Measure: how soon work goes on after a kill, and what the journal costs
	@.venv/bin/python -m tests.benchmarks.recovery

bench-console: setup  ## Measure: how smooth the console stays in front of 500 nodes and 1,000,000 tasks (about 2 minutes)
	@packaging/virtual-screen.sh .venv/bin/python -m tests.benchmarks.console $(if $(WHERE),--where)

bench-table: setup  ## Measure: sorting, filtering and plotting the results of 1,000,000 tasks
	@.venv/bin/python -m tests.benchmarks.table $(COUNT)
	@packaging/virtual-screen.sh .venv/bin/python -m tests.benchmarks.results_window $(COUNT)

bench-memory: setup  ## Measure: the master's memory while large jobs go through it (about 10 minutes, 8 GB of disk)
	@.venv/bin/python -m tests.benchmarks.memory

bench-idle: setup  ## Measure: what a worker with nothing to do costs its owner (LONG=1: and its growth in an hour of use)
	@.venv/bin/python -m tests.benchmarks.idle
	@$(if $(LONG),LONG=$(LONG) packaging/virtual-screen.sh --tray .venv/bin/python -m tests.benchmarks.tray_memory)

simulate: setup  ## Measure: the scheduler with up to 10,000 nodes, under a virtual clock (about 15 minutes; NODES=100 one room)
	@.venv/bin/python -m tests.benchmarks.simulate $(if $(NODES),--nodes $(NODES))

bench-start: setup  ## Measure: how soon the windows are there, beside a bare window of Qt and pyqtgraph
	@packaging/virtual-screen.sh .venv/bin/python -m tests.benchmarks.start

chaos: setup  ## Kill, stop, cut and fill at random while 100,000 tasks run; then see whether anything is lost (TASKS=1200 LARGE=800: 200 of them of 1 to 20 MB)
	@.venv/bin/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(TASKS),--tasks $(TASKS)) $(if $(LARGE),--large $(LARGE))

kills: setup  ## Kill a master, and a journal's writer, in the middle of 500 MB, 50 times each; and 5 GB through 200 MB of memory
	@MCGUI_LONG=1 .venv/bin/python -m pytest -o faulthandler_timeout=0 --durations=5 -k "kill or little_memory" \
		tests/core/journal/test_value_store.py tests/core/end_to_end/test_large_flow.py

fuzz: setup  ## Send a master 100,000 mutated messages by every kind of link, while an honest worker works (about 7 minutes)
	@.venv/bin/python -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(MESSAGES),--messages $(MESSAGES))

afternoon: setup  ## Let an afternoon with the console pass by keyboard and mouse, and make the guide's pictures anew
	@packaging/virtual-screen.sh .venv/bin/python -m tests.desktop.afternoon resources/pictures/guide

week: setup  ## Let a week pass for a worker, its owner and its master, and read the log of each day (about 5 minutes; DAY=friday: that day alone)
	@packaging/system-packages.sh clock
	@packaging/virtual-screen.sh .venv/bin/python -m tests.week $(DAY)

pictures: setup  ## Make the pictures anew: those of the README, and of every panel
	@packaging/pictures.sh

gallery: setup  ## Photograph every panel, dialog and list of both windows into pictures/, in both themes and all sizes, to look at (about 20 minutes; ONLY="--theme dark --text 150 --size 1280x680")
	@.venv/bin/python -m tests.pictures.gallery pictures $(ONLY)

wheel: setup  ## Build a wheel into dist/
	@.venv/bin/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:  ## Remove all that was made here, .venv too
	rm -rf .venv build dist pictures *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@packaging/system-packages.sh venv qt screen
	@packaging/system-packages.sh reader || echo "Without these, the tests that need a screen reader are left out."
	@packaging/setup.sh test
