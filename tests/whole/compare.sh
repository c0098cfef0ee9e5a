#!/usr/bin/env bash
# Holds what the program counts in real captures against an independent reading of them:
# `compare.sh PROGRAM SHARED PROTOCOL...`. Every request count has to agree or to stand, with the
# frames that show why, in compare-exceptions.tsv. Identities of protocols that have no dissector
# yet are printed by the comparison and not asked for here; all others must be found.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 shared=$2
shift 2
arguments=()
for protocol in "$@"; do arguments+=(--protocol "$protocol"); done
said=$("$shared/acceptance/compare.py" "$program" "$shared/captures" "$shared/captures/expected.jsonl" \
  --exceptions "$here/compare-exceptions.tsv" --show 1000 "${arguments[@]}") || true
echo "$said"
wrong=0
for protocol in "$@"; do
  grep -qE "^$protocol: ([0-9]+) of \1 request counts agree" <<<"$said" || { echo "differs: $protocol"; wrong=1; }
done
# A missing identity is a line `  CAPTURE: FIELD: 'VALUE' is in no property`.
while IFS= read -r line; do
  capture=$(cut -d: -f1 <<<"$line" | tr -d ' ')
  field=$(cut -d: -f2 <<<"$line" | tr -d ' ')
  value=$(sed -E "s/^[^']*'(.*)' is in no property$/\1/" <<<"$line")
  case $field in
    bacapp.*) continue ;;  # no dissector yet
  esac
  grep -qF "$(printf '%s\t%s\t%s\t' "$capture" "$field" "$value")" "$here/compare-exceptions.tsv" ||
    { echo "missing: $line"; wrong=1; }
done < <(grep ' is in no property$' <<<"$said" || true)
grep -q ', 0 captures failed$' <<<"$said" || { echo "captures failed"; wrong=1; }
exit $wrong
