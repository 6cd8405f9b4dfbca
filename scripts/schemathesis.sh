#!/bin/bash
# The whole API against its own document: every operation once as it is meant, then random and wrong
# requests as guest, shopper and owner, then the audit.
#
#   scripts/schemathesis.sh             some minutes
#   EXAMPLES=2000 scripts/schemathesis.sh
#
# Needs Python 3 and `pip install schemathesis cryptography` (4.32 or newer), in the path or
# named by $SCHEMATHESIS_VENV. Uses the binary $PINWHEEL_BINARY, or builds one. Reports stay in
# $REPORTS, else in target/schemathesis. $SEED repeats a run.
set -euo pipefail
cd "$(dirname "$0")/.."

here=$PWD/scripts/schemathesis
examples=${EXAMPLES:-50}
seed=${SEED:-22}
python=${SCHEMATHESIS_VENV:+$SCHEMATHESIS_VENV/bin/}python3
st=${SCHEMATHESIS_VENV:+$SCHEMATHESIS_VENV/bin/}st
target=${CARGO_TARGET_DIR:-$PWD/target}
reports=${REPORTS:-$target/schemathesis}
port=${PORT:-$((20000 + RANDOM % 20000))}
address=http://127.0.0.1:$port
data=$(mktemp -d)
server=

cleanup() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$data"
}
trap cleanup EXIT

binary=${PINWHEEL_BINARY:-$target/debug/pinwheel}
if [ -z "${PINWHEEL_BINARY:-}" ]; then cargo build --package pinwheel; fi
rm -rf "$reports"
mkdir -p "$reports"
reports=$(cd "$reports" && pwd)
# The scripts find each other by the path, wherever they are run from.
export JOURNEY=$reports PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here

# Workers are on: what follows from a payment is part of the journey. This machine is the proxy that
# says where requests come from.
"$binary" demo --data "$data/shop" --listen "127.0.0.1:$port" --set proxies=127.0.0.1 \
    >"$reports/server.log" 2>&1 &
server=$!
for _ in $(seq 600); do
    if curl -fs -o /dev/null "$address/readyz"; then break; fi
    sleep 0.5
done

failed=0
"$python" "$here/journey.py" "$address" "$reports" || failed=1

# run ROLE: `st run` as somebody, slower than the shop's own limit. Who would sign out or revoke the
# token they came with stops there; the journey does both. Call it in the background only.
run() {
    local role=$1 headers=()
    while IFS= read -r header; do headers+=(--header "$header"); done < <(
        "$python" -c 'import json, sys
for item in json.load(open(sys.argv[1])).items(): print(": ".join(item))' "$reports/$role.json"
    )
    # Hooks and settings are looked for where one stands.
    cd "$here"
    "$st" run "$address/api/openapi.json" \
        ${headers[@]+"${headers[@]}"} --seed "$seed" --max-examples "$examples" \
        --rate-limit 1150/m --request-timeout 60 \
        --continue-on-failure --suppress-health-check all --no-color \
        --exclude-operation-id sign_out --exclude-operation-id revoke_token \
        --generation-database none --report ndjson --report-dir "$reports/$role" \
        >"$reports/$role.log" 2>&1
}

pids=()
for role in guest shopper staff; do run "$role" & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
for role in guest shopper staff; do
    echo "=== $role"
    sed -n '/^=.* FAILURES\|^=.* ERRORS\|^=.* SUMMARY/,$p' "$reports/$role.log"
done

"$python" "$here/tally.py" "$address" "$reports" || failed=1
kill "$server"
wait "$server" || true
server=
"$binary" audit --data "$data/shop" || failed=1
if [ "$failed" != 0 ]; then echo "something was found; the reports are in $reports"; fi
exit "$failed"
