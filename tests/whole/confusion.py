#!/usr/bin/env python3
"""Hold the protocols that sekimori names in real captures against what else is known of them.

usage: confusion.py SEKIMORI CAPTURES_DIR EXCEPTIONS.tsv

Each conversation that was given a protocol is right where its capture is about that protocol (its folder says so) or where tshark reads it
so in that conversation. Prints the confusion table: a row for what else is known, a column for what sekimori says; exits 1 where
anything stands off the diagonal and is not in EXCEPTIONS (`capture<TAB>protocol<TAB>port<TAB>reason with frame numbers`), and where an exception no
longer holds.
"""
import collections
import concurrent.futures
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

# folders whose name is not that of the protocol that their captures are about
ABOUT = {
    "modbus-tcp": {"modbus"}, "umas": {"modbus"}, "enip": {"enip", "cip"}, "cip": {"enip", "cip", "pccc"}, "cip-io": {"enip", "cip"},
    "cip-pccc": {"enip", "cip", "pccc"}, "profinet-cm": {"dcerpc"}, "it": set(), "robust": set(),
}
# what tshark calls a protocol, where the name differs
TSHARK = {
    "modbus": {"modbus", "mbtcp", "mbudp"}, "dhcp": {"dhcp", "bootp"}, "tls": {"tls", "ssl"}, "smb": {"smb", "smb2", "nbss"},
    "rdp": {"rdp", "tpkt"}, "nbns": {"nbns"}, "ike": {"isakmp", "udpencap"}, "esp": {"esp"}, "wireguard": {"wg"}, "postgresql": {"pgsql"},
    "ldap": {"ldap", "cldap"}, "nfs": {"rpc"}, "rpcbind": {"rpc"}, "pop3": {"pop"}, "eapol": {"eapol"}, "ssdp": {"ssdp", "http"}, "pccc": {"cippccc"},
    "enip": {"enip", "cipio"}, "http": {"http", "ssdp", "websocket"}, "capwap": {"capwap", "capwap.control", "capwap.data"},
    "winrm": {"http"}, "x11": {"x11"}, "quic": {"quic", "gquic"},
}


def observed(program, capture):
    """What sekimori says: (addresses, port or number, transport, protocol), one for each conversation."""
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "model.sekimori"
        done = subprocess.run([program, "observe", str(capture), "-o", str(model), "--threads", "1"], capture_output=True, text=True, timeout=600)
        if not model.exists():
            return None if done.returncode == 2 else f"exit {done.returncode}"
        database = sqlite3.connect(model)
        return database.execute(
            "SELECT coalesce(client_ip, ''), coalesce(server_ip, ''), coalesce(nullif(port, ''), '-'), transport, protocol, frame FROM conversation WHERE protocol <> ''").fetchall()


def read_by_tshark(capture, *options):
    """(addresses, number) -> the protocols that tshark reads there."""
    fields = ["ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport", "frame.protocols"]
    command = ["tshark", "-n", *options, "-r", str(capture), "-T", "fields", "-E", "occurrence=a", "-E", "separator=\t", "-E", "aggregator=,"]
    for name in fields:
        command += ["-e", name]
    known = collections.defaultdict(set)
    text = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=900).stdout
    for line in text.splitlines():
        cells = (line.split("\t") + [""] * len(fields))[:len(fields)]
        stack = set(cells[8].replace(",", ":").split(":"))
        addresses = {a for cell in cells[:4] for a in cell.split(",") if a}
        ports = {p for cell in cells[4:8] for p in cell.split(",") if p}
        for address in addresses or {""}:
            for port in ports or {""}:
                known[(address, port)] |= stack
    return known


def judge(program, folder, capture):
    name = str(capture.relative_to(folder))
    said = observed(program, capture)
    if said is None:
        return name, [], None
    if isinstance(said, str):
        return name, [], said
    about = ABOUT.get(name.split("/")[0], {name.split("/")[0].replace("-", "_")})
    rows, readings = [], []

    def agrees(client, server, port, transport, protocol):
        # Where a stream has holes, tshark shows a message's front only if it need not wait for the rest.
        for options in ((), ("-o", "tcp.desegment_tcp_streams:FALSE")):
            if len(readings) < (2 if options else 1):
                readings.append(read_by_tshark(capture, *options))
            tshark = readings[1 if options else 0]
            if transport in ("tcp", "udp"):
                stacks = [tshark.get((address, str(port)), set()) for address in {client, server}]
                read = set.intersection(*stacks)
            else:  # IP protocols and layer 2: every frame of the addresses
                read = set().union(*(stack for (address, _), stack in tshark.items() if not client or address in (client, server)))
            if read & TSHARK.get(protocol, {protocol}):
                return True
        return False

    for client, server, port, transport, protocol, frame in said:
        right = protocol in about or agrees(client, server, port, transport, protocol)
        rows.append((protocol if right else " ".join(sorted(about)) or "other", protocol, port, frame))
    return name, rows, None


def main():
    program, folder, exceptions = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    explained = {}
    for line in exceptions.read_text().splitlines():
        if line and not line.startswith("#"):
            capture, protocol, port, reason = line.split("\t", 3)
            explained[(capture, protocol, port)] = reason
    captures = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".md", ".tsv", ".jsonl"))
    table, wrong, used, failed = collections.Counter(), [], set(), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, rows, error in pool.map(lambda c: judge(program, folder, c), captures):
            if error:
                failed.append(f"{name}: {error}")
            for known, protocol, port, frame in rows:
                key = (name, protocol, str(port))
                if known != protocol and key in explained:
                    used.add(key)
                    known = protocol
                table[(known, protocol)] += 1
                if known != protocol:
                    wrong.append(f"{name}: frame {frame}: {protocol} on {port}, and nothing else says so")
    print("known as -> called: conversations")
    for (known, protocol), count in sorted(table.items(), key=lambda item: (item[0][1], item[0][0])):
        print(f"  {known} -> {protocol}: {count}" + ("" if known == protocol else "   <- off the diagonal"))
    for text in wrong + failed:
        print("wrong:", text)
    for key in sorted(set(explained) - used):
        print("an exception that no longer holds:", *key)
    print(f"{len(captures)} captures, {sum(table.values())} conversations with a protocol, {len(wrong)} off the diagonal, {len(used)} explained")
    sys.exit(1 if wrong or failed or set(explained) - used else 0)


main()
