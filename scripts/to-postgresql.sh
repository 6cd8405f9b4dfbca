#!/bin/bash
# Moves a shop from SQLite to PostgreSQL: every row, into an empty database, in one transaction.
#
#   scripts/to-postgresql.sh ./pinwheel-data postgres://user:secret@host/name
#
# Stop the shop first. Needs pinwheel, sqlite3 and psql on the PATH. The SQLite file is only read.
# What arrived is checked by `pinwheel audit`, whose exit code is this script's.
set -euo pipefail
[ $# -eq 2 ] || { sed -n 2,7p "$0"; exit 2; }
file=$1/pinwheel.db
export PINWHEEL_DATABASE=$2
[ -f "$file" ] || { echo "there is no shop in $1" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ask() { sqlite3 -readonly "$file" "$1"; }

pinwheel migrate
here=$(ask 'select max(version) from migrations')
there=$(psql -X -A -t -c 'select max(version) from migrations' "$2")
[ "$here" = "$there" ] || { echo "the shop is of version $here; migrate it first" >&2; exit 2; }
[ "$(psql -X -A -t -c 'select count(*) from people' "$2")" = 0 ] ||
    { echo "there is a shop in that database already" >&2; exit 2; }

# In the order in which they were made, so that what is pointed at comes before what points.
tables=$(ask "select name from sqlite_master where type = 'table' and name <> 'migrations'
              and name not like 'sqlite_%' order by rowid")
{
    echo "\\set ON_ERROR_STOP on"
    echo "begin;"
    echo "truncate $(echo $tables | tr ' ' ',');"
    for table in $tables; do
        # Bytes travel as PostgreSQL's hexadecimal; nothing at all is \N, and empty text is "".
        columns=$(ask "select group_concat(iif(type = 'BLOB', 'iif(' || name || ' is null, null,
            ''\\x'' || hex(' || name || '))', name), ', ') from pragma_table_info('$table')")
        names=$(ask "select group_concat(name, ', ') from pragma_table_info('$table')")
        sqlite3 -readonly -csv -nullvalue '\N' "$file" "select $columns from $table" \
            >"$work/$table.csv"
        echo "\\copy $table ($names) from '$work/$table.csv' with (format csv, null '\\N')"
    done
    echo "commit;"
} >"$work/copy.sql"
psql -X -q -f "$work/copy.sql" "$2"
echo "$(echo "$tables" | wc -l) tables have moved; now everything is checked"
pinwheel audit | tail -1
exit "${PIPESTATUS[0]}"
