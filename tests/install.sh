#!/usr/bin/env bash
# Installs from Debian what is needed: `install.sh build` to build and run the program,
# `install.sh test` for the tests as well. Asks apt only for what is missing.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config libpcap-dev libtins-dev libboost-program-options-dev
  nlohmann-json3-dev libsqlite3-dev zlib1g-dev libzstd-dev libssl-dev libicu-dev libzip-dev
  libpugixml-dev ieee-data)
test=(catch2 clang-16 libclang-rt-16-dev clang-format ccache python3 python3-jsonschema
  tshark chromium fonts-noto-cjk poppler-utils sqlite3 strace)

wanted=("${build[@]}")
[ "${1:-build}" = test ] && wanted+=("${test[@]}")
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
    missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "install.sh: not root, and these Debian packages are missing: ${missing[*]}" >&2
  exit 2
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
