#!/usr/bin/env bash
# Installs what is needed, builds, assesses the demo plant and says where the report is.
set -euo pipefail
cd "$(dirname "$0")/.."

tests/install.sh build
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release --target sekimori
out=build/demo
rm -rf "$out"
# Exit code 1 says that checks are violated: that is what the demo plant is for.
build/release/sekimori assess captures/demo/plant.pcap --answers captures/demo/demo-answers.csv \
  --zones captures/demo/demo-zones.json --exceptions captures/demo/demo-exceptions.csv \
  --flows captures/demo/demo-flows.csv --assets captures/demo/demo-assets.csv \
  --remote-access captures/demo/demo-remote-access.csv \
  --engineering captures/demo/demo-engineering.csv \
  --third-parties captures/demo/demo-third-parties.csv --vantage B \
  --lang both -o "$out" || [ $? -eq 1 ]
if command -v pandoc >/dev/null; then
  pandoc "$out/report.md" -o "$out/report.docx"
else
  echo "no report.docx: pandoc is not installed (apt install pandoc)"
fi
echo
echo "The report: $PWD/$out/report.html"
