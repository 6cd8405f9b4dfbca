# What people do here every day. `just` lists it.

_list:
    @just --list --unsorted

# What a Debian machine needs, once.
setup:
    sudo apt-get install -y --no-install-recommends postgresql chromium chromium-driver \
        fonts-noto-cjk gcc libc6-dev pkg-config
    rustup component add rustfmt clippy

# A shop with a month of life in it, at http://127.0.0.1:3000.
demo:
    cargo run --release -- demo

# The shop in ./pinwheel-data, from the debug build.
dev:
    cargo run -- serve

# The tests: SQLite, and PostgreSQL and Chromium where they are.
test:
    cargo test --workspace

# The rules of the house alone: seconds.
tidy:
    cargo test --package pinwheel --test tidy

# Whether the tests would find it: every planted fault, the power failures, the failing disk.
planted:
    cargo test --package app --features planted --test it --test disk -- planted:: power:: failing::

# Whatever strangers write, made up: TIMES as many inputs as in CI.
fuzz TIMES="100":
    PINWHEEL_FUZZ={{TIMES}} cargo test --package web --features app/planted --test fuzz

# The rules of money and goods, changed a line at a time (needs Python and cargo-mutants).
mutants:
    scripts/mutants.py

# The API against its own document (needs Python and schemathesis).
api:
    scripts/schemathesis.sh

# What CI runs.
check:
    .ci/run

# Everything of one slice: `just slice group_buy`.
slice NAME:
    @find crates docs -not -path '*/target/*' -path '*{{NAME}}*' -type f | sort
    @grep -rln '{{NAME}}::' crates --include=*.rs | sort

# The budgets: build, start, memory, pages.
bench:
    scripts/measure.sh

# How often one row can be decided about, by the databases alone and by the shop.
hot-row:
    scripts/hot-row.sh

# The generated pages of docs/reference.
docs:
    cargo reference
