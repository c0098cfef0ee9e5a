#!/usr/bin/env python3
"""The benchmark: captures of the project's own generator, commands in turn, medians of rounds.

Every command of a round runs once before any runs again, so that what disturbs the machine
disturbs all of them; a ratio is taken within its round, and the median of the ratios is printed.
Time is CPU time, user and system, unless `wall` is said. Memory is the most that was resident.
"""

import argparse
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

MB = 1024 * 1024
SCALING_MEMORY = "4G"  # two million flows at once, and what they say, do not fit the default of 1G
GIGABYTE_PACKETS = 11_500_000  # of the control network: 1.05 GB


class Run:
    """What one command used."""

    def __init__(self, cpu, wall, kilobytes):
        self.cpu, self.wall, self.mb = cpu, wall, kilobytes / 1024


def measure(command, okay=(0,), stdin=None, folder=None):
    began = time.monotonic()
    child = subprocess.Popen([str(part) for part in command], stdin=stdin or subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in okay:
        sys.exit(f"{' '.join(map(str, command))}: status {child.returncode}")
    return Run(used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss)


def rounds(count, cases):
    """name -> a Run for each round."""
    runs = {name: [] for name in cases}
    for _ in range(count):
        for name, case in cases.items():
            runs[name].append(case())
    return runs


def median(runs, of):
    return statistics.median(of(run) for run in runs)


def row(title, runs, yardstick=None):
    text = f"  {title:30} {median(runs, lambda r: r.cpu):8.2f} s CPU {median(runs, lambda r: r.wall):8.2f} s wall"
    text += f" {median(runs, lambda r: r.mb):7.0f} MB"
    if yardstick:
        pairs = zip(runs, yardstick * len(runs) if len(yardstick) < len(runs) else yardstick)
        text += f" {statistics.median(a.cpu / b.cpu for a, b in pairs):8.2f} times"
    print(text, flush=True)


class Bench:
    def __init__(self, build, work, packets, count, full):
        self.sekimori = build / "sekimori"
        self.tools = build / "tests/bench"
        self.work, self.packets, self.count, self.full = work, packets, count, full

    def generate(self, *what):
        subprocess.run([self.tools / "bench_generate", *map(str, what)], check=True,
                       stderr=subprocess.DEVNULL)
        return pathlib.Path(what[-1])

    def noop(self, capture):
        return measure([self.tools / "bench_noop", capture])

    def observe(self, capture, threads=1, model="model.sekimori", *more):
        return measure([self.sekimori, "observe", "--threads", threads, capture, "-o", self.work / model, *more])

    def assess(self, what, *more):
        # 1: something is violated, which is no failure
        return measure([self.sekimori, "assess", what, "-o", self.work / "report", *more], okay=(0, 1))

    # ------------------------------------------------------------------ the control network

    def control_network(self):
        ics = self.generate("ics", self.packets, self.work / "ics.pcap")
        runs = rounds(self.count, {
            "noop": lambda: self.noop(ics),
            "one": lambda: self.observe(ics, 1, "one.sekimori"),
            "two": lambda: self.observe(ics, 2, "two.sekimori"),
            "assess": lambda: self.assess(ics, "--threads", 1),
        })
        if (self.work / "one.sekimori").read_bytes() != (self.work / "two.sekimori").read_bytes():
            sys.exit("two threads give another model than one")
        noop = runs["noop"]
        print(f"control network, {self.packets} packets, {ics.stat().st_size / MB:.0f} MB; "
              f"medians of {self.count}; times: of the no-op loop's CPU")
        row("no-op libpcap loop", noop, noop)
        row("observe --threads 1", runs["one"], noop)
        row("observe --threads 2", runs["two"], noop)
        row("assess --threads 1", runs["assess"], noop)
        faster = statistics.median(a.wall / b.wall for a, b in zip(runs["one"], runs["two"]))
        adds = statistics.median(b.cpu - a.cpu for a, b in zip(runs["one"], runs["assess"]))
        print(f"  two threads are {faster:.2f} times as fast as one (wall; a loaded machine spoils it); "
              f"assess adds {adds:.2f} s")
        self.other_forms(ics)
        self.peers(ics, runs)

    def other_forms(self, ics):
        ng = self.generate("ics", self.packets, self.work / "ics.pcapng")
        packed = self.work / "ics.pcap.gz"
        with open(packed, "wb") as out:
            subprocess.run(["gzip", "-1", "-c", ics], stdout=out, check=True)
        unpacking = rounds(1, {"gz": lambda: measure(["gzip", "-dc", packed])})["gz"]
        runs = rounds(1, {
            "noop": lambda: self.noop(ng),
            "pcapng": lambda: self.observe(ng),
            "gz": lambda: self.observe(packed),
        })
        row("no-op loop, pcapng", runs["noop"], runs["noop"])
        row("observe, pcapng", runs["pcapng"], runs["noop"])
        row("gzip -dc, of gz", unpacking, unpacking)
        row("observe, gz (times gzip -dc)", runs["gz"], unpacking)
        ng.unlink()
        packed.unlink()

    def peers(self, ics, ours):
        """What others need for the same frames; each does something of its own with them."""
        share = 1 if self.full else 10
        part = self.generate("ics", self.packets // share, self.work / "part.pcap")
        fields = "-e frame.number -e ip.src -e ip.dst -e tcp.port -e modbus.func_code".split()
        noop, one = ours["noop"], ours["one"]
        if share > 1:
            print(f"  peers, on one packet in {share}, times {share} (so with {share} times their start):")
        yardstick = [Run(median(noop, lambda r: r.cpu), 0, 0)]
        for title, command in (
                ("tshark -z conv,tcp", ["tshark", "-n", "-q", "-z", "conv,tcp", "-r", part]),
                ("tshark -T fields", ["tshark", "-n", "-T", "fields", *fields, "-r", part]),
                ("argus", ["argus", "-X", "-r", part, "-w", "/dev/null"]),
                ("softflowd", ["softflowd", "-d", "-r", part, "-p", self.work / "pid", "-c", "none",
                               "-n", "127.0.0.1:9"]),
                ("p0f", ["p0f", "-r", part, "-o", self.work / "p0f.log"]),
                ("ndpiReader", ["ndpiReader", "-q", "-i", part])):
            program = shutil.which(command[0], path=os.environ["PATH"] + ":/usr/sbin")
            if program is None:
                print(f"  {title}: not installed (tests/install.sh bench)")
                continue
            run = measure([program, *command[1:]])
            run.cpu, run.wall = share * run.cpu, share * run.wall
            row(title, [run], yardstick)
            print(f"    observe --threads 1 is {run.cpu / median(one, lambda r: r.cpu):.1f} times as fast")

    # --------------------------------------------------------------------- the scaling series

    def scaling(self, sizes):
        print(f"scaling: hosts with 10 flows each (of two conversations), 5 packets a flow; observe --threads 1 "
              f"--memory {SCALING_MEMORY}")
        used = {}
        for hosts in sizes:
            capture = self.generate("hosts", hosts, 10, 2, 1, self.work / "hosts.pcap")
            runs = rounds(self.count if hosts < 200_000 else 1, {
                "noop": lambda c=capture: self.noop(c),
                "observe": lambda c=capture: self.observe(c, 1, "hosts.sekimori", "--memory", SCALING_MEMORY)})
            used[hosts] = median(runs["observe"], lambda r: r.cpu)
            row(f"{hosts} hosts, {10 * hosts} flows", runs["observe"], runs["noop"])
        first, last = sizes[0], sizes[-1]
        growth = used[last] / used[first]
        allowed = last * math.log(last) / (first * math.log(first))
        print(f"  {last // first} times the hosts: {growth:.1f} times the CPU; n log n would be {allowed:.1f}")
        self.live_memory(min(last, 20_000))
        self.cold(last)

    def live_memory(self, hosts):
        """Two captures that differ in flows alone tell flows from the rest."""
        held = {}
        for flows in (10, 20):
            capture = self.generate("hosts", hosts, flows, 2, 1, self.work / "live.pcap")
            out = subprocess.run([self.tools / "bench_resident", capture], check=True,
                                 capture_output=True, text=True).stdout
            held[flows] = int(out)
            capture.unlink()
        flow = (held[20] - held[10]) / (10 * hosts)
        host = held[10] / hosts - 10 * flow
        print(f"  heap while {10 * hosts} flows live: {held[10] / MB:.0f} MB; {flow:.0f} bytes a flow, "
              f"{host:.0f} a host with its two conversations and their operations")

    def cold(self, hosts):
        runs = rounds(self.count, {"assess": lambda: self.assess(self.work / "hosts.sekimori")})["assess"]
        row(f"assess of a model, {hosts} hosts", runs)
        print(f"  the slowest of {len(runs)} took {max(run.wall for run in runs):.2f} s")
        page = (self.work / "report/report.html").stat().st_size
        print(f"  its report.html has {page / MB:.1f} MB")

    def growth(self):
        print("what is chosen to be slow", flush=True)
        subprocess.run([self.tools / "bench_growth"], check=True)

    # ------------------------------------------------------------------------- endless captures

    def endless(self):
        """16 GB, once through a pipe and once as a file, of which most is a hole in the disk."""
        print("memory does not follow the length; observe --threads 1")
        ics = self.generate("ics", self.packets, self.work / "ics.pcap")
        per_packet = ics.stat().st_size / self.packets
        writer = subprocess.Popen([self.tools / "bench_generate", "ics", str(int(16e9 / per_packet)), "/dev/stdout"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        row("16 GB through a pipe", [measure([self.sekimori, "observe", "--threads", 1, "-", "-o",
                                              self.work / "model.sekimori"], stdin=writer.stdout)])
        writer.stdout.close()
        if writer.wait() != 0:
            sys.exit("bench_generate did not write all of it")
        os.truncate(ics, 16_000_000_000)  # what follows reads as records without a byte
        row("a file of 16 GB", [self.observe(ics)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--packets", type=int, default=GIGABYTE_PACKETS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--full", action="store_true", help="200,000 hosts, and 16 GB; needs 5 GB of disk")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(given.build.absolute(), pathlib.Path(work), given.packets, given.rounds, given.full)
        bench.control_network()
        bench.scaling([2_000, 20_000, 200_000] if given.full else [2_000, 20_000])
        bench.growth()
        if given.full:
            bench.endless()


if __name__ == "__main__":
    main()
