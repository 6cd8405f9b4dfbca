#!/bin/bash
# The budgets of this house, measured: build, start, memory, and the weight and time of pages.
#
#   scripts/measure.sh              everything, with a cold build in a folder of its own
#   scripts/measure.sh --no-build   the pages and the process only, with the release binary that is
#                                   there ($PINWHEEL_BINARY, or the one in the target folder)
#
# Prints one Markdown table. Needs curl; leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=
cleanup() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap cleanup EXIT

row() { printf '| %-44s | %14s | %10s |\n' "$1" "$2" "$3"; }

port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 20000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
    done
}

# until_ready ADDRESS: milliseconds until /readyz answers, asked every 5 ms.
until_ready() {
    local from now
    from=$(date +%s%N)
    until curl -fs -o "$work/ready" "$1/readyz" 2>/dev/null; do
        now=$(date +%s%N)
        if [ $(((now - from) / 1000000)) -gt 60000 ]; then echo "it did not start" >&2; exit 1; fi
        sleep 0.005
    done
    now=$(date +%s%N)
    echo $(((now - from) / 1000000))
}

# page NAME PATH: the weight of a page without pictures, as sent, and its server time.
page() {
    local name=$1 url="$address$2" html sent=0 file bytes times median worst
    html="$work/page.html"
    curl -fs -H 'Accept-Encoding: identity' -o "$html" "$url"
    bytes=$(curl -fs -H 'Accept-Encoding: gzip' -o /dev/null -w '%{size_download}' "$url")
    sent=$bytes
    for file in $(grep -o '\(href\|src\)="/assets/[^"]*\.\(css\|js\)[^"]*"' "$html" |
        cut -d'"' -f2 | sort -u); do
        bytes=$(curl -fs -H 'Accept-Encoding: gzip' -o /dev/null -w '%{size_download}' \
            "$address$file")
        sent=$((sent + bytes))
    done
    # One connection, two hundred times; the first twenty warm it up.
    times=$(curl -fs -o /dev/null -w '%{time_pretransfer} %{time_starttransfer}\n' \
        "$url?measure=[1-200]" | tail -n +21 | awk '{ print ($2 - $1) * 1000 }' | sort -n)
    median=$(echo "$times" | awk '{ t[NR] = $1 } END { printf "%.2f", t[int(NR / 2)] }')
    worst=$(echo "$times" | awk '{ t[NR] = $1 } END { printf "%.2f", t[int(NR * 0.99)] }')
    row "$name: HTML alone, unpacked" "$(wc -c <"$html") B" ""
    row "$name: with styles and scripts, as sent" "$sent B" "61440 B"
    row "$name: time to first byte, median" "$median ms" "2 ms"
    row "$name: time to first byte, 99 of 100" "$worst ms" ""
}

binary=${PINWHEEL_BINARY:-${CARGO_TARGET_DIR:-target}/release/pinwheel}
echo "| what | measured | budget |"
echo "| --- | ---: | ---: |"

if [ "${1:-}" != --no-build ]; then
    cargo fetch --locked --quiet
    export CARGO_TARGET_DIR="$work/target"
    TIMEFORMAT='%R %U %S'
    spent=$({ time cargo build --release --locked --quiet >&2; } 2>&1 | tail -1)
    read -r wall user system <<<"$spent"
    cpu=$(awk -v u="$user" -v s="$system" 'BEGIN { printf "%d", u + s }')
    row "cold release build, CPU" "$cpu s" "480 s"
    row "cold release build, wall, $(nproc) cores" "${wall%.*} s" "300 s"
    binary="$work/target/release/pinwheel"
fi
row "size of the program" "$(stat -c %s "$binary") B" ""

from=$(date +%s%N)
"$binary" demo --data "$work/data" --fill-only >"$work/demo.log" 2>&1
row "demo shop with a month of life" "$((($(date +%s%N) - from) / 1000000)) ms" "20000 ms"

port=$(port)
address="http://127.0.0.1:$port"
"$binary" serve --data "$work/data" --listen "127.0.0.1:$port" >"$work/serve.log" 2>&1 &
server=$!
row "start until ready" "$(until_ready "$address") ms" "1000 ms"
sleep 5
memory=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")
row "memory, idle after five seconds" "$memory MB" "60 MB"

curl -fs -o "$work/home.html" "$address/"
product=$(grep -o 'href="/products/[^"?#]*' "$work/home.html" | head -1 | cut -d'"' -f2)
curl -fs -o "$work/teams.html" "$address/teams"
team=$(cat "$work/home.html" "$work/teams.html" | grep -o 'href="/teams/tem_[^"?#]*' | head -1 |
    cut -d'"' -f2)
page home /
page product "$product"
page team "$team"
memory=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$server/status")
row "memory, after these pages" "$memory MB" ""

from=$(date +%s%N)
kill -TERM "$server"
wait "$server" || true
server=
row "graceful stop" "$((($(date +%s%N) - from) / 1000000)) ms" "30000 ms"
