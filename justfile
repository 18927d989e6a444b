# The recipes of a developer. `./test` runs everything; `just check` is what each commit must pass.
set shell := ["bash", "-euc"]
bin := ".venv/bin"

# Lint, types and contracts: seconds
check: lint types contracts

lint:
    {{bin}}/ruff check .
    {{bin}}/ruff format --check .

types:
    {{bin}}/mypy

contracts:
    {{bin}}/lint-imports --no-cache

# Format and sort
tidy:
    {{bin}}/ruff check --fix .
    {{bin}}/ruff format .

# The tests without a browser
quick *ARGS:
    {{bin}}/pytest -m "not browser" {{ARGS}}

# Only the browser tests
browser *ARGS:
    {{bin}}/pytest -m browser {{ARGS}}

# Pictures of every page at 390, 1440, 1920 and 3840 px, and what looks poor on them (of a running `./run`)
screenshots DATA URL="http://127.0.0.1:8361" *ARGS:
    {{bin}}/python scripts/screenshots.py --data {{DATA}} --url {{URL}} {{ARGS}}

# Lighthouse over the pages people work with (of a running `./run`; fetches Lighthouse by npm)
lighthouse DATA URL="http://127.0.0.1:8361" *ARGS:
    {{bin}}/python scripts/lighthouse.py --data {{DATA}} --url {{URL}} {{ARGS}}

# Write the lock files again
lock:
    {{bin}}/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate pyproject.toml -o requirements.lock
    {{bin}}/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate pyproject.toml --group dev -o requirements-dev.lock

# Write the OpenAPI snapshot again after an intended change of the contract
openapi:
    {{bin}}/city1361 api describe > tests/contracts/openapi.json

# Known vulnerabilities of what is locked (needs the internet)
audit:
    {{bin}}/pip-audit -r requirements.lock

# Kill everything, again and again, under clients that keep a journal: half an hour
chaos *ARGS:
    {{bin}}/python -m tests.faults.chaos {{ARGS}}

# Thousands of right and wrong requests to every operation of the API, made from its description, by everybody
schemathesis QUESTIONS="60":
    CITY1361_QUESTIONS={{QUESTIONS}} {{bin}}/pytest -q -s --show-capture=no --long tests/contracts/test_answers.py

# The reference deployment as a whole: replica, two web hosts, nginx; then one after the other falls (needs nginx; minutes)
deployment *ARGS:
    {{bin}}/python -m tests.deployment.trial {{ARGS}}
