#!/bin/bash
# The limit of one row: taking a unit from one row of stock, with a guard, and adding an order, by
# the databases alone. Then the same shop by `pinwheel bench`, and how far it is from that limit.
#
#   scripts/hot-row.sh [SECONDS]    each part runs so long (5)
#
# With FIGURES=FOLDER what the shop answered is kept there, and `scripts/figures.py` makes a table
# and a chart of it.
#
# With SLOW=MS every forced write takes so many milliseconds longer, for the databases and for the
# shop alike, as on the disks of rented machines (needs a C compiler).
#
# The shop is measured where its release binary is ($PINWHEEL_BINARY, or the one in the target
# folder). Prints one Markdown table and, to the standard error, the versions. Needs PostgreSQL's
# programs and python3; uses loopback only; leaves nothing behind. Ends with 1 when anything was
# lost or counted twice.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-5}
batch=128
buyers=${BUYERS:-10000}
keep=${FIGURES:-}
slow=${SLOW:-0}
binary=${PINWHEEL_BINARY:-${CARGO_TARGET_DIR:-target}/release/pinwheel}

work=$(mktemp -d)
server=
cleanup() {
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap cleanup EXIT

# row NAME PER_SECOND LIMIT: a line of the table, with how much of the limit it is.
row() {
    local of=""
    if [ -n "$3" ]; then of=$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.2f", a / b }'); fi
    printf '| %-58s | %12s | %8s |\n' "$1" "$2" "$of"
}

if [ "$(stat -f -c %T "$work")" = tmpfs ]; then
    echo "$work is in memory: a commit costs nothing there; set TMPDIR to a disk" >&2
fi

# What is put before the programs that are measured.
on_disk=(env)
if [ "$slow" != 0 ]; then
    cc -shared -fPIC -x c -o "$work/slow.so" - -ldl <<C
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static int after(const char *name, int file) {
    int (*force)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int done = force(file);
    usleep($slow * 1000);
    return done;
}
int fsync(int file) { return after("fsync", file); }
int fdatasync(int file) { return after("fdatasync", file); }
C
    chmod 755 "$work" "$work/slow.so"
    on_disk=(env "LD_PRELOAD=$work/slow.so")
    echo "every forced write takes $slow ms longer" >&2
fi

tables='
create table stock (id bigint primary key, available bigint not null, reserved bigint not null,
                    check (available >= 0));
create table orders (id bigint primary key, person bigint not null, stock_id bigint not null,
                     quantity bigint not null, address text not null, at bigint not null);
insert into stock values (1, 1000000000, 0);'
address='{"name":"Ann","country":"CN","region":"Zhejiang","city":"Hangzhou","line1":"Longjing 1"}'

# --- SQLite -------------------------------------------------------------------------------------

# sqlite MODE: decisions a second; a batch is one commit, and in `rows` two statements.
sqlite() {
    "${on_disk[@]}" python3 - "$work/$1.db" "$1" "$seconds" "$batch" "$tables" "$address" <<'PYTHON'
import sqlite3, sys, time
file, mode, seconds, batch, tables, address = sys.argv[1:]
seconds, batch = float(seconds), int(batch)
db = sqlite3.connect(file, isolation_level=None)
db.executescript("pragma journal_mode = wal; pragma synchronous = full; "
                 "pragma wal_autocheckpoint = 4000;" + tables)
take = ("update stock set available = available - ?, reserved = reserved + ? "
        "where id = 1 and available - ? >= 0")
add = "insert into orders values (?, ?, 1, 1, ?, ?)"
done, began = 0, time.monotonic()
def order(number):
    return (number, number % 997, address, int(time.time() * 1e6))
while time.monotonic() - began < seconds:
    db.execute("begin immediate")
    if mode == "rows":
        assert db.execute(take, (batch, batch, batch)).rowcount == 1
        db.executemany(add, [order(done + n) for n in range(batch)])
        done += batch
    else:
        for _ in range(batch if mode == "batch" else 1):
            assert db.execute(take, (1, 1, 1)).rowcount == 1
            db.execute(add, order(done))
            done += 1
    db.execute("commit")
took = time.monotonic() - began
reserved, = db.execute("select reserved from stock").fetchone()
orders, = db.execute("select count(*) from orders").fetchone()
assert reserved == orders == done, (reserved, orders, done)
print(round(done / took))
PYTHON
}

# --- PostgreSQL ---------------------------------------------------------------------------------

bin=$(pg_config --bindir 2>/dev/null || true)
if [ ! -x "$bin/pgbench" ] || [ ! -x "$bin/initdb" ]; then
    bin=$(find /usr/lib/postgresql -name pgbench -printf '%h\n' 2>/dev/null | sort -V | tail -1)
fi
as=()
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=postgres --regid=postgres --init-groups); fi

start_postgres() {
    port=${PORT:-$((20000 + RANDOM % 20000))}
    mkdir "$work/pg"
    if [ "$(id -u)" = 0 ]; then chmod 711 "$work" && chown postgres "$work/pg"; fi
    (cd / && "${as[@]}" "$bin/initdb" -D "$work/pg/data" -U postgres --auth=trust -E UTF8 \
        --locale=C >"$work/initdb.log")
    # Its own settings: every commit is forced to the disk.
    (cd / && exec "${as[@]}" "${on_disk[@]}" "$bin/postgres" -D "$work/pg/data" -p "$port" \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c log_min_messages=warning) \
        >"$work/pg.log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        if psql -c 'select 1' >"$work/ready" 2>&1; then return; fi
        sleep 0.1
    done
    cat "$work/pg.log" >&2
    exit 1
}

psql() { "$bin/psql" -q -At -h 127.0.0.1 -p "$port" -U postgres -d "${database:-postgres}" "$@"; }

# pg SCRIPT CLIENTS EACH: decisions a second when each transaction decides for EACH.
pg() {
    local tps
    psql -c 'truncate orders; update stock set available = 1000000000, reserved = 0' \
        -c 'vacuum full stock' -c checkpoint
    tps=$("$bin/pgbench" -h 127.0.0.1 -p "$port" -U postgres -n -M prepared -T "$seconds" -c "$2" \
        -f "$work/$1.sql" postgres 2>&1 | awk '/^tps/ { print $3 }')
    counted=$(psql -c 'select reserved - (select count(*) from orders) from stock')
    if [ "$counted" != 0 ]; then echo "PostgreSQL counted wrong: $counted" >&2; exit 1; fi
    awk -v tps="$tps" -v each="$3" 'BEGIN { printf "%.0f", tps * each }'
}

if [ -n "$bin" ]; then
    start_postgres
    psql -c "$tables" -c 'create sequence order_ids'
    add="insert into orders select nextval('order_ids'), 1, 1, 1, '$address', 1"
    take='update stock set available = available - N, reserved = reserved + N
          where id = 1 and available - N >= 0'
    flat() { echo "$1" | tr '\n' ' ' | tr -s ' '; }
    one=$(flat "${take//N/1}")
    many=$(flat "${take//N/$batch}")
    printf '%s;\n' begin "$one" "$add" commit >"$work/alone.sql"
    printf '%s;\n' "with taken as ($one returning 1) $add from taken" >"$work/single.sql"
    printf '%s;\n' begin "$many" "$add from generate_series(1, $batch)" commit >"$work/batch.sql"
    pg_alone=$(pg alone 1 1)
    pg_many=$(pg alone 16 1)
    pg_single=$(pg single 16 1)
    pg_batch=$(pg batch 1 "$batch")
    echo "PostgreSQL $("$bin/postgres" --version | awk '{ print $3 }')" >&2
fi
echo "SQLite $(python3 -c 'import sqlite3; print(sqlite3.sqlite_version)')" >&2
sqlite_alone=$(sqlite alone)
sqlite_batch=$(sqlite batch)
sqlite_rows=$(sqlite rows)

echo "| one row, $(nproc) cores, $seconds s each | decisions/s | of limit |"
echo "| --- | ---: | ---: |"
row "SQLite: a commit each" "$sqlite_alone" ""
row "SQLite: $batch in a commit, two statements each" "$sqlite_batch" ""
row "SQLite: $batch in a commit, as rows of few statements" "$sqlite_rows" ""
if [ -n "$bin" ]; then
    row "PostgreSQL: a commit each, 1 client" "$pg_alone" ""
    row "PostgreSQL: a commit each, 16 clients" "$pg_many" ""
    row "PostgreSQL: a commit each, one statement, 16 clients" "$pg_single" ""
    row "PostgreSQL: $batch in a commit, as rows of few statements" "$pg_batch" ""
fi

# --- the shop -----------------------------------------------------------------------------------

# shop NAME FLOW [FLAGS…]: what it answered a second, over HTTP and with everything an order is.
shop() {
    local json=${keep:-$work}/$1.json
    shift
    "${on_disk[@]}" "$binary" bench "$@" --buyers "$buyers" --json >"$json" \
        2>>"$work/bench.log" || {
        echo "pinwheel bench $1 found something wrong:" >&2
        cat "$json" "$work/bench.log" >&2
        exit 1
    }
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["per_second"])' "$json"
}

if [ ! -x "$binary" ]; then
    echo "there is no release binary at $binary: the shop itself is left out" >&2
    exit 0
fi
for flow in crowd orders checkout join; do
    answers=$(shop "sqlite-$flow" "$flow")
    row "pinwheel bench $flow, SQLite; limit: a commit each" "$answers" "$sqlite_alone"
done
if [ -n "$bin" ]; then
    for flow in crowd orders checkout join; do
        psql -c "create database bench_$flow"
        url="postgres://postgres@127.0.0.1:$port/bench_$flow"
        answers=$(PINWHEEL_DATABASE="$url" shop "postgres-$flow" "$flow")
        row "pinwheel bench $flow, PostgreSQL; limit: a commit each" "$answers" "$pg_many"
    done
    psql -c 'create database three'
    url="postgres://postgres@127.0.0.1:$port/three"
    answers=$(PINWHEEL_DATABASE="$url" shop three-crowd crowd --nodes 3)
    row "pinwheel bench crowd, three nodes; limit: a commit each" "$answers" "$pg_many"
fi
