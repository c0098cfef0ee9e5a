#!/usr/bin/env bash
# Installs what is needed, builds with the sanitizers, and runs every test.
set -euo pipefail
cd "$(dirname "$0")/.."
# Compiled objects are shared between clones of one machine.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true

tests/install.sh test
cmake --preset dev -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
cmake --build --preset dev
# Catch2 and the sanitizers speak for themselves; a test says where it skips real captures.
ctest --preset dev -j"$(nproc)" "$@"
