#!/usr/bin/env bash
# Fuzzes every target with libFuzzer, from the corpus. A fault belongs into the corpus with its
# mending.
#   run.sh [SECONDS]           each target so long (default 60), two at a time
#   run.sh long FOLDER UNTIL   one target at a time, in turn, until a time such as 23:20 (UTC) or
#                              until FOLDER/stop exists; FOLDER keeps inputs, logs and the ledger
#   run.sh seeds               takes of the talks in the protocols' tests those that reach code which
#                              the corpus does not; the tests are built already
#   run.sh sum [FOLDER...]     the CPU time and faults of all runs that the ledgers tell of
# Builds first, in build/fuzz, which is also the folder of short runs.
set -euo pipefail
cd "$(dirname "$0")/../.."
# Compiled objects are shared between clones of one machine.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true
targets=(talks frames streams dissect captures rulesets answers zones lists sites)

build() {
  cmake --preset fuzz -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
  cmake --build --preset fuzz --target "${targets[@]/%/_fuzz}"
}

# One run of a target, and its line in the ledger: target, day, CPU seconds, inputs tried, result.
one() {
  local target=$1 seconds=$2 folder=$3 log=$3/$1.log result=clean status=0 cpu runs
  local TIMEFORMAT='%U %S'
  mkdir -p "$folder/corpus-$target"
  { time "build/fuzz/tests/fuzz/${target}_fuzz" -max_total_time="$seconds" -timeout=20 \
    -report_slow_units=2 -rss_limit_mb=1536 -malloc_limit_mb=512 -max_len=8192 \
    -artifact_prefix="$folder/$target-" -print_final_stats=1 "$folder/corpus-$target" \
    "tests/fuzz/corpus/$target" >"$log" 2>&1; } 2>"$folder/$target.time" || status=$?
  cpu=$(awk 'END { print $1 + $2 }' "$folder/$target.time")
  runs=$(grep -ao 'stat::number_of_executed_units: *[0-9]*' "$log" | grep -o '[0-9]*$' || echo 0)
  [ "$status" -eq 0 ] || result=fault
  [ "$status" -ne 72 ] || result=stopped # by a signal to libFuzzer
  printf '%s\t%s\t%s\t%s\t%s\n' "$target" "$(date -u +%F)" "$cpu" "$runs" "$result" \
    >>"$folder/ledger.tsv"
  if [ "$result" = fault ]; then
    echo "FAILED $target"
    tail -40 "$log"
    return 1
  fi
  echo "$target: $runs runs clean"
}

sum() {
  local ledgers=("${@/%//ledger.tsv}")
  awk -F'\t' '
    function row(name) { printf "%-10s %6d %14d %10.2f %7d\n", name, turns[name], runs[name], cpu[name] / 3600, faults[name] }
    BEGIN { printf "%-10s %6s %14s %10s %7s\n", "target", "turns", "inputs", "CPU hours", "faults" }
    function add(name) { turns[name]++; cpu[name] += $3; runs[name] += $4; faults[name] += $5 == "fault" }
    { if (!($1 in turns)) order[++count] = $1; add($1); add("total") }
    END { for (i = 1; i <= count; i++) row(order[i]); row("total") }' "${ledgers[@]}"
}

long() {
  local folder=$1 until target seconds left
  until=$(date -u -d "$2" +%s)
  [ "$until" -gt "$(date +%s)" ] || until=$((until + 86400))
  mkdir -p "$folder"
  while :; do
    for target in "${targets[@]}"; do
      # What the network sends is fuzzed longer than what the plant hands over.
      case $target in talks | frames | streams | dissect) seconds=240 ;; captures | answers) seconds=90 ;; *) seconds=30 ;; esac
      left=$((until - $(date +%s)))
      if [ -e "$folder/stop" ] || [ "$left" -lt 5 ]; then return; fi
      one "$target" "$((left < seconds ? left : seconds))" "$folder" >>"$folder/long.log" || true
      sum "$folder" >"$folder/sum.txt"
    done
  done
}

seeds() {
  SEKIMORI_SEEDS=$(mktemp -d)
  export SEKIMORI_SEEDS
  for test in tests/protocols/*_test.cpp; do
    "build/dev/tests/$(basename "$test" .cpp)" >/dev/null
  done
  build/fuzz/tests/fuzz/talks_fuzz -merge=1 tests/fuzz/corpus/talks "$SEKIMORI_SEEDS" 2>&1 | tail -1
  rm -r "$SEKIMORI_SEEDS"
}

case ${1:-60} in
seeds)
  build
  seeds
  ;;
sum)
  shift
  sum "${@:-build/fuzz}"
  ;;
long)
  build
  long "$(realpath "$2")" "$3"
  ;;
*)
  build
  export -f one
  printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {} '"${1:-60}"' build/fuzz'
  sum build/fuzz
  ;;
esac
