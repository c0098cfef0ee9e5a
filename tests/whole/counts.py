#!/usr/bin/env python3
"""Hold what sekimori counts in real captures against what tshark counts.

usage: counts.py SEKIMORI CAPTURES_DIR EXCEPTIONS.tsv [--all]

In each capture: packets; TCP conversations (two addresses and the server's port); bytes of TCP payload as sent, less the second copies that
a mirror made. Every difference is in EXCEPTIONS (`capture<TAB>what<TAB>reason`), and every exception still holds. A few captures of each
folder, the largest and the smallest among them, unless --all is given.
"""
import collections
import concurrent.futures
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

EACH = 4  # captures of a folder
LARGEST = 4_000_000  # bytes, without --all
FIELDS = ["frame.number", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.len", "frame.protocols"]


def chosen(folder, everything):
    captures = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".md", ".tsv", ".jsonl"))
    if everything:
        return captures
    groups = collections.defaultdict(list)
    for capture in captures:
        if capture.stat().st_size <= LARGEST:
            groups[capture.relative_to(folder).parts[0]].append(capture)
    picked = []
    for group in groups.values():
        group.sort(key=lambda p: (p.stat().st_size, p.name))
        picked += {group[round(i * (len(group) - 1) / max(1, EACH - 1))]: None for i in range(EACH)}
    return picked


def ours(program, capture, folder):
    model = pathlib.Path(folder) / "model.sekimori"
    done = subprocess.run([program, "observe", str(capture), "-o", str(model), "--threads", "1"], capture_output=True, text=True, timeout=600)
    if not model.exists():
        return None if done.returncode == 2 else f"exit {done.returncode}: {done.stderr[-200:]}"
    database = sqlite3.connect(model)
    packets, duplicates = database.execute("SELECT sum(packets), sum(duplicates) FROM capture").fetchone()
    talks, payload = set(), 0
    for client, server, port, count in database.execute(
            "SELECT client_ip, server_ip, port, client_bytes + server_bytes FROM conversation WHERE transport = 'tcp'"):
        talks.add((frozenset((client, server)), int(port)))
        payload += count
    return packets, duplicates, talks, payload


def theirs(capture):
    command = ["tshark", "-n", "-r", str(capture), "-T", "fields", "-E", "occurrence=l", "-E", "separator=\t"]
    for name in FIELDS:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=900)
    packets, flows, payload = 0, set(), 0
    for line in done.stdout.splitlines():
        cells = (line.split("\t") + [""] * len(FIELDS))[:len(FIELDS)]
        packets = int(cells[0])
        layers = cells[8].split(":")
        # An ICMP message quotes the headers of another packet.
        if not cells[5] or "tcp" not in layers or "icmp" in layers or "icmpv6" in layers:
            continue
        six = "ipv6" in layers and (layers[::-1].index("ipv6") < layers[::-1].index("ip") if "ip" in layers else True)
        ends = frozenset(cells[3:5] if six else cells[1:3])
        flows.add((ends, frozenset((int(cells[5]), int(cells[6])))))
        payload += int(cells[7] or 0)
    return packets, flows, payload


def judge(program, folder, capture):
    name = str(capture.relative_to(folder))
    with tempfile.TemporaryDirectory() as place:
        said = ours(program, capture, place)
    if said is None or isinstance(said, str):
        return name, [("run", said)] if said else [], (0, 0, 0)
    packets, duplicates, talks, payload = said
    their_packets, flows, their_payload = theirs(capture)
    wrong = []
    if packets != their_packets:
        wrong.append(("packets", f"{packets}, but tshark {their_packets}"))
    unknown = [flow for flow in flows if not any((flow[0], port) in talks for port in flow[1])]
    met = {(ends, port) for ends, ports in flows for port in ports}
    invented = [talk for talk in talks if talk not in met]
    if unknown or invented:
        show = lambda rows: ", ".join(f"{' '.join(sorted(ends))} {ports if isinstance(ports, int) else sorted(ports)}" for ends, ports in rows[:3])
        wrong.append(("conversations", f"only tshark: {len(unknown)} {show(unknown)}; only we: {len(invented)} {show(invented)}"))
    if payload != their_payload and not (duplicates and payload < their_payload):
        wrong.append(("payload", f"{payload} bytes, but tshark {their_payload}"))
    return name, wrong, (packets, len(talks), payload)


def main():
    program, folder, exceptions = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    for missing in ([] if folder.is_dir() else [f"no captures in {folder}"]) + ([] if shutil.which("tshark") else ["no tshark"]):
        if os.environ.get("CI"):
            sys.exit(missing)
        print(f"skipped: {missing}")
        return
    explained = {}
    for line in exceptions.read_text().splitlines():
        if line and not line.startswith("#"):
            capture, what, reason = line.split("\t", 2)
            explained[(capture, what)] = reason
    captures = chosen(folder, "--all" in sys.argv)
    wrong, used, sums, names = [], set(), [0, 0, 0], set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, differences, counts in pool.map(lambda c: judge(program, folder, c), captures):
            names.add(name)
            sums = [a + b for a, b in zip(sums, counts)]
            for what, text in differences:
                if (name, what) in explained:
                    used.add((name, what))
                else:
                    wrong.append(f"{name}: {what}: {text}")
    for text in wrong:
        print("differs:", text)
    idle = sorted(key for key in set(explained) - used if key[0] in names)
    for key in idle:
        print("an exception that no longer holds:", *key)
    print(f"{len(captures)} captures: {sums[0]} packets, {sums[1]} TCP conversations, {sums[2]} bytes of TCP payload; {len(wrong)} differ, {len(used)} explained")
    sys.exit(1 if wrong or idle else 0)


main()
