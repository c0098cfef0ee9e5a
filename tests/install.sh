#!/usr/bin/env bash
# Installs from Debian what is needed: `install.sh build` to build and run the program,
# `install.sh test` for the tests as well, `install.sh bench` for the peers that the benchmark
# measures beside it. Asks apt only for what is missing.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config libpcap-dev libtins-dev libboost-program-options-dev
  nlohmann-json3-dev libsqlite3-dev zlib1g-dev libzstd-dev libssl-dev libicu-dev libzip-dev
  libpugixml-dev libxlsxwriter-dev libfreexl-dev libseccomp-dev libcap-ng-dev ieee-data)
test=(catch2 clang-16 libclang-rt-16-dev clang-format ccache python3 python3-jsonschema
  tshark chromium fonts-noto-cjk poppler-utils sqlite3
  iproute2 tcpreplay tcpdump strace)
bench=(python3 tshark argus-server softflowd p0f libndpi-bin)

# The report page is bundled with Node.js 18 or later; it may be there from elsewhere than Debian.
command -v node >/dev/null && command -v npm >/dev/null || build+=(nodejs npm)

wanted=("${build[@]}")
[ "${1:-build}" = test ] && wanted+=("${test[@]}")
[ "${1:-build}" = bench ] && wanted+=("${bench[@]}")
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
# Runlevel 1: what comes as a service is installed and not started.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
