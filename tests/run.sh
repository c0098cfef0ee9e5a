#!/usr/bin/env bash
# Installs what is needed, builds with the sanitizers, and runs every test.
set -euo pipefail
cd "$(dirname "$0")/.."
# Compiled objects are shared between clones of one machine.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true

tests/install.sh test
cmake --preset dev -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
cmake --build --preset dev
# A test says itself where it skips real captures; the last lines stay for who runs this.
mkdir -p build/dev/Testing/Temporary
ctest --preset dev -j"$(nproc)" "$@" | tee build/dev/Testing/Temporary/summary.txt
