#!/usr/bin/env bash
# Fuzzes every target with libFuzzer for so many seconds each (default 60), two at a time, from the
# corpus. What it finds stays in build/fuzz; a found crash belongs into the corpus with its mending.
set -euo pipefail
cd "$(dirname "$0")/../.."
# Compiled objects are shared between clones of one machine.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true
seconds=${1:-60}
cmake --preset fuzz -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
targets=(frames streams dissect captures rulesets answers zones lists)
cmake --build --preset fuzz --target "${targets[@]/%/_fuzz}"
one() {
  local target=$1 seconds=$2 work=build/fuzz/corpus-$1
  mkdir -p "$work"
  if ! "build/fuzz/tests/fuzz/${target}_fuzz" -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=2048 -max_len=8192 -artifact_prefix="build/fuzz/$target-" -print_final_stats=1 \
    "$work" "tests/fuzz/corpus/$target" >"build/fuzz/$target.log" 2>&1; then
    echo "FAILED $target"
    tail -40 "build/fuzz/$target.log"
    return 1
  fi
  echo "$target: $(grep -o 'stat::number_of_executed_units: *[0-9]*' "build/fuzz/$target.log" | grep -o '[0-9]*$') runs clean"
}
export -f one
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {} '"$seconds"
