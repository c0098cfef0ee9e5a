#!/usr/bin/env python3
"""Faults of the disk, and death, while outputs are written.

usage: faults.py SEKIMORI

Each command that writes a file or a folder finds an old one in its place, and is made to fail: every system call by which it changes the
disk fails once (strace injects the error), the disk is full at many sizes, the folder is read-only, the process is killed at every such
call and at random times. Whatever happens, the output is the old one or the new one, byte for byte. Where the command fails it says
`file: what` and exits 2, and leaves nothing behind. What a killed one leaves is gone after the next run, which succeeds.
Exits 1 where any of that does not hold.
"""
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
OLD, NEW = ROOT / "captures/check-clr-01-violated.pcap", ROOT / "captures/check-clr-01-met.pcap"
DEMO = ROOT / "captures/demo/plant.pcap"
CHANGES = "openat,write,pwrite64,fsync,fdatasync,rename,renameat2,mkdir,unlink,unlinkat,rmdir,ftruncate,fchmod,fchown,close"
# A sanitizer's own reports are about memory; under strace it could not look for leaks.
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="detect_leaks=0", LSAN_OPTIONS="detect_leaks=0")
KILLED = -signal.SIGKILL


def files(path):
    """What an output holds: its bytes, or those of each file of a folder; None where there is nothing."""
    if path.is_dir():
        return {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}
    return path.read_bytes() if path.exists() else None


class Command:
    """A command with an output, and what the output is before and after."""

    def __init__(self, program, base, name, output, old, new, threads=1):
        self.name, self.output, self.program = name if threads == 1 else f"{name}-{threads}", output, program
        self.threads = threads  # a call is counted by thread, so with several it is another one each time
        self.arguments = [name, *map(str, new)]
        self.before = self.make(base / f"{self.name}-old", [name, *map(str, old)])
        self.after = self.make(base / f"{self.name}-new", self.arguments)
        assert self.before != self.after, f"{name}: old and new output are the same"

    def line(self, folder, arguments):
        return [self.program, *arguments, "-o", str(folder / self.output)]

    def make(self, folder, arguments):
        folder.mkdir()
        done = subprocess.run(self.line(folder, arguments), capture_output=True, text=True, env=ENVIRONMENT)
        assert done.returncode in (0, 1), f"{self.name}: {done.stderr}"
        return files(folder / self.output)

    def put_old(self, folder):
        target = folder / self.output
        if isinstance(self.before, dict):
            target.mkdir()
            for name, content in self.before.items():
                (target / name).write_bytes(content)
        elif self.before is not None:
            target.write_bytes(self.before)

    def paths(self, folder):
        """What the command may touch of the disk: the output, what is written beside it, and their folder."""
        target = folder / self.output
        drafts = [target.with_name(f"{target.name}{middle}.partial") for middle in ("", ".1")]
        names = [folder, target, *drafts]
        if isinstance(self.after, dict):
            inside = folder / f".{self.output}.partial"
            names += [inside] + [place / (name + end) for place in (inside, target) for name in self.after for end in ("", ".partial")]
        return [part for name in names for part in ("-P", str(name))]

    def strace(self, folder, *options):
        return ["strace", "-f", "-qq", "-o", str(folder.parent / f"{folder.name}.log"), *self.paths(folder), *options,
                *self.line(folder, self.arguments)]


def judge(command, folder, what, done, may_leave=False):
    """What is wrong with what a run left, in words; none where all is well."""
    wrong = []
    state = files(folder / command.output)
    which = "old" if state == command.before else "new" if state == command.after else "neither"
    left = sorted(p.name for p in folder.iterdir() if p.name != command.output)
    if which == "neither":
        wrong.append("the output is neither the old one nor the new one")
    if left and not may_leave:
        wrong.append(f"left behind: {', '.join(left)}")
    if left and not all(name.endswith(".partial") for name in left):
        wrong.append(f"left behind, and not to be recognised: {', '.join(left)}")
    if done is not None and done.returncode == 2:
        if which == "new":
            wrong.append("failed, and yet the output is the new one")
        if not re.match(rf"(?:{re.escape(str(folder / command.output))}|standard output)[^:\n]*: .+\n\Z", done.stderr):
            wrong.append(f"no message that names the file: {done.stderr!r}")
    elif done is not None and done.returncode in (0, 1):
        if which == "old":
            wrong.append("succeeded, and yet the output is the old one")
    elif done is not None and done.returncode != KILLED:
        wrong.append(f"exit {done.returncode}: {done.stderr[-300:]!r}")
    return [f"{command.name}, {what}: {text}" for text in wrong]


def run(line, **more):
    return subprocess.run(line, capture_output=True, text=True, env=ENVIRONMENT, **more)


def again(command, folder, what):
    """The next run after a death: it succeeds, and nothing of the dead one is left."""
    done = run(command.line(folder, command.arguments))
    return judge(command, folder, f"{what}, then again", done)


def calls_of(command, base):
    """How often each call that changes the disk is made: {name: count}."""
    folder = base / f"{command.name}-count"
    folder.mkdir()
    command.put_old(folder)
    done = run(command.strace(folder, "-e", f"trace={CHANGES}"))
    assert done.returncode in (0, 1), f"{command.name} under strace: {done.stderr}"
    counts = {}
    for name in re.findall(r"^\d+ +(\w+)\(", (folder.parent / f"{folder.name}.log").read_text(), re.M):
        counts[name] = counts.get(name, 0) + 1
    return counts


def some(count, most):
    """Numbers from 1 to count: all of them, or the first and last and others evenly between."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(i * (count - 1) / (most - 1)) for i in range(most)})


def cases_of(command, base, chance):
    """Every fault as a function that returns what is wrong."""
    counts = calls_of(command, base)
    number = iter(range(10 ** 6))

    def fresh():
        folder = base / f"{command.name}-{next(number)}"
        folder.mkdir()
        command.put_old(folder)
        return folder

    def failing(call, when, error):
        folder = fresh()
        done = run(command.strace(folder, "-e", f"trace={CHANGES}", "-e", f"inject={call}:error={error}:when={when}"))
        # What fails to tidy up leaves what it would have tidied; a folder is opened for that. It fails once in each thread.
        harmless = call in ("unlink", "unlinkat", "rmdir") or (call == "openat" and (done.returncode in (0, 1) or command.threads > 1))
        wrong = judge(command, folder, f"{call} number {when} fails with {error}", done, may_leave=harmless)
        shutil.rmtree(folder)
        return wrong

    def dying(call, when):
        folder = fresh()
        done = run(command.strace(folder, "-e", f"trace={CHANGES}", "-e", f"inject={call}:signal=SIGKILL:when={when}"))
        what = f"killed at {call} number {when}"
        wrong = judge(command, folder, what, None, may_leave=True) + again(command, folder, what)
        if done.returncode not in (KILLED, 137) and command.threads == 1:
            wrong.append(f"{command.name}, {what}: it lived")
        shutil.rmtree(folder)
        return wrong

    def dying_at(seconds):
        folder = fresh()
        process = subprocess.Popen(command.line(folder, command.arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        what = f"killed after {seconds:.4f} s"
        wrong = judge(command, folder, what, None, may_leave=True) + again(command, folder, what)
        shutil.rmtree(folder)
        return wrong

    def limited(size):
        folder = fresh()
        done = run(command.line(folder, command.arguments), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        wrong = judge(command, folder, f"no file longer than {size} bytes", done)
        shutil.rmtree(folder)
        return wrong

    for call, count in sorted(counts.items()):
        for when in some(count, 20):
            yield lambda call=call, when=when: dying(call, when)
        if call == "close":
            continue
        for error in ("EROFS", "EACCES") if call in ("openat", "mkdir", "rename", "renameat2") else ("ENOSPC", "EIO"):
            for when in some(count, 12):
                yield lambda call=call, when=when, error=error: failing(call, when, error)
    for _ in range(20):
        yield lambda seconds=chance.uniform(0, 0.5): dying_at(seconds)
    longest = max(len(content) for content in (command.after.values() if isinstance(command.after, dict) else [command.after]))
    for size in (0, 1, 4096, longest // 2, longest - 1):
        yield lambda size=size: limited(size)


def full_disks(commands, base):
    """In a mount namespace of its own: disks of many sizes, and one that is read-only."""
    wrong = []
    place = base / "disk"
    place.mkdir()
    for command in commands:
        size_of = lambda output: sum(map(len, output.values())) if isinstance(output, dict) else len(output)
        least, most = size_of(command.before) // 4096 + 20, (size_of(command.before) + 2 * size_of(command.after)) // 4096 + 40
        for pages in some(most - least, 12):
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={(least + pages) * 4096}", "none", str(place)], check=True)
            command.put_old(place)
            wrong += judge(command, place, f"a disk of {least + pages} pages", run(command.line(place, command.arguments)))
            subprocess.run(["umount", str(place)], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "none", str(place)], check=True)
        command.put_old(place)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        done = run(command.line(place, command.arguments))
        wrong += judge(command, place, "a read-only disk", done)
        if done.returncode != 2:
            wrong.append(f"{command.name}, a read-only disk: exit {done.returncode}")
        subprocess.run(["umount", str(place)], check=True)
    return wrong


def standard_output(program):
    with open("/dev/full", "w") as full:
        done = subprocess.run([program, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    fine = done.returncode == 2 and done.stderr == "standard output: cannot be written\n"
    return [] if fine else [f"schema > /dev/full: exit {done.returncode}: {done.stderr!r}"]


def commands_of(program, base):
    old, new, report = base / "old.sekimori", base / "new.sekimori", base / "report"
    for arguments in (["observe", OLD, "-o", old], ["observe", NEW, "-o", new], ["assess", DEMO, "-o", report, "--fail-on", "never"]):
        subprocess.run([program, *map(str, arguments)], check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    findings = [row[0] for row in sqlite3.connect(report / "report.sekimori").execute("SELECT DISTINCT check_id FROM finding ORDER BY 1")]
    alone, together = ["--threads", "1"], ["--threads", "2"]
    return [
        Command(program, base, "observe", "model.sekimori", [OLD, *alone], [NEW, *alone]),
        Command(program, base, "merge", "model.sekimori", [old], [new]),
        Command(program, base, "evidence", "proof.pcap", *([report / "report.sekimori", f"{finding}.1", "--captures", DEMO] for finding in findings[:2])),
        Command(program, base, "ledger", "ledger.xlsx", [old], [report / "report.sekimori"]),
        Command(program, base, "questions", "sheet.csv", *(["--set", name, "--export", "csv"] for name in ("ipa5min", "ssat"))),
        Command(program, base, "assess", "report", *([capture, *alone, "--fail-on", "never"] for capture in (OLD, NEW))),
        Command(program, base, "assess", "report", *([capture, *together, "--fail-on", "never"] for capture in (OLD, NEW)), threads=2),
    ]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        base = pathlib.Path(name)
        commands = commands_of(program, base)
        if "--disks" in sys.argv:
            wrong = full_disks(commands, base)
            print("\n".join(wrong))
            sys.exit(1 if wrong else 0)
        wrong, count = standard_output(program), 1
        cases = [case for command in commands for case in cases_of(command, base, chance)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for more in pool.map(lambda case: case(), cases):
                wrong += more
                count += 1
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0:
        disks = subprocess.run(["unshare", "-m", sys.executable, __file__, program, "--disks"], capture_output=True, text=True)
        wrong += [line for line in disks.stdout.splitlines() if line]
        if disks.returncode not in (0, 1):
            wrong.append(disks.stderr[-1000:])
    elif os.environ.get("CI"):
        wrong.append("no mount namespace, so no full disks")
    else:
        print("skipped: full disks, which need a mount namespace")
    for text in wrong:
        print("wrong:", text)
    print(f"{count} faults and deaths, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
