#!/usr/bin/env python3
"""Whatever the number of threads, `assess` writes the same bytes.

usage: threads_test.py SEKIMORI

Of the demo plant, for a question set whose rules ask the traffic alone, one whose rules also ask what the checks found, and a site of
two systems; and a model file instead of the capture. Exits 1 where a file differs or a run fails.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "captures/demo"
LISTS = [part for name in ("zones", "exceptions", "flows", "assets", "engineering")
         for part in (f"--{name}", DEMO / f"demo-{name}.{'json' if name == 'zones' else 'csv'}")]


def assess(program, out, threads, *arguments):
    command = [program, "assess", *arguments, *LISTS, "--threads", str(threads), "-o", out]
    status = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    assert status == 1, f"exit code {status}: {command}"  # the plant has faults
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def main(program):
    capture = DEMO / "plant.pcap"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        site = folder / "site.json"
        site.write_text(json.dumps({"systems": [
            {"name": "Control", "kind": "ics", "answers": str(DEMO / "demo-answers.csv"), "zones": ["Control room"]},
            {"name": "Field", "kind": "ics", "zones": ["Field"]}]}))
        cases = {
            "ssat": [capture, "--answers", DEMO / "demo-answers.csv", "--vantage", "B"],
            "findings asked for": [capture, "--set", "ipa5min"],
            "systems": [capture, "--site", site],
        }
        wrong = 0
        for name, arguments in cases.items():
            one = assess(program, folder / f"{name}, 1", 1, *arguments)
            again = [folder / f"{name}, 1" / "report.sekimori", *(part for part in arguments[1:] if part not in ("--vantage", "B"))]
            for threads, given in ((2, arguments), (3, arguments), (1, again), (2, again)):
                files = assess(program, folder / "out", threads, *given)
                differing = sorted(file for file in one.keys() | files.keys() if one.get(file) != files.get(file))
                print(f"{name}, {threads} threads, {given[0].name}: {len(files)} files, differing: {', '.join(differing) or 'none'}")
                wrong += bool(differing)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
