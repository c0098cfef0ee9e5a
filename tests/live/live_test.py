#!/usr/bin/env python3
"""`sekimori live` between network namespaces of the test's own: live_test.py SEKIMORI SOURCE_DIR"""
import fcntl, gzip, json, os, pathlib, re, shutil, signal, socket, sqlite3, subprocess, tempfile, time

from sensor import (Live, Link, PATIENCE, PLANT, SEKIMORI, SOURCE, check, count, first_part, heed_signals,
                    link, records, run, run_all, same, send, tables, work)


def live_is_offline():
    for capture in (PLANT, SOURCE / "captures/gre-tunnel.pcap"):
        folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        live = Live("--raw", folder / "raw.pcap", "--vantage", "B", "--snapshot", "never")
        send(capture)
        live.end()
        check(live.packets() == count(capture), f"frames are missing: {live.text()}")
        offline = folder / "offline.sekimori"
        run(SEKIMORI, "observe", folder / "raw.pcap", "--vantage", "B", "-o", offline)
        same(live.model, offline)
        check(live.model.read_bytes() == offline.read_bytes(), "not the same bytes")
        if capture != PLANT:
            continue
        # The raw file is the model's capture: it proves what is found.
        subprocess.run([SEKIMORI, "assess", live.model, "-o", folder / "report"], capture_output=True)
        run(SEKIMORI, "evidence", folder / "report/report.sekimori", "SEG-01.1", "-o",
            folder / "proof.pcap")
        check(count(folder / "proof.pcap") > 0, "no evidence")


def two_interfaces():
    second = Link("tx2", "rx2", link.holder)
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    live = Live("--raw", folder / "raw.pcap", interfaces=("rx", "rx2"))
    other = SOURCE / "captures/gre-tunnel.pcap"
    replay = subprocess.Popen(["tcpreplay", "--intf1", "tx2", "--pps", "50", str(other)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    send()
    replay.wait()
    live.end()
    check(live.packets() == count(PLANT) + count(other), f"frames are missing: {live.text()}")
    offline = folder / "offline.sekimori"
    run(SEKIMORI, "observe", folder / "raw.rx.pcap", folder / "raw.rx2.pcap", "-o", offline)
    same(live.model, offline)
    check(second.received() == 0, "frames came from the second interface")
    # One is taken away: the other goes on; then that too, and the run ends with a model.
    live = Live(interfaces=("rx", "rx2"))
    run("ip", "link", "del", "dev", "tx2")
    live.wait_for("rx2: gone")
    send()
    live.end(code=2)
    check(live.packets() == count(PLANT), "the other interface was not heard")


def silent_interface():
    """A second day on which it heard nothing joins the first."""
    models = []
    for _ in range(2):
        live = Live()
        live.end()
        models.append(live.model)
    run(SEKIMORI, "merge", *models, "-o", work / "days.sekimori")
    rows = list(sqlite3.connect(work / "days.sekimori").execute("SELECT name, packets FROM capture"))
    check(rows == [("rx", 0)], f"{rows}")


def snapshots():
    live = Live("--snapshot", "never")
    send(first_part(PLANT, 0.5, work / "half.pcap"))
    time.sleep(0.5)
    live.process.send_signal(signal.SIGUSR1)
    live.wait(live.model.exists, "no snapshot")
    half = len(tables(live.model)["conversation"])
    send()
    before = live.model.stat().st_mtime_ns
    live.process.send_signal(signal.SIGUSR1)
    live.wait(lambda: live.model.stat().st_mtime_ns != before, "no second snapshot")
    check(len(tables(live.model)["conversation"]) > half, "the second snapshot has nothing new")
    # Killed at once after the next is begun: a whole model stands there.
    live.process.send_signal(signal.SIGUSR1)
    time.sleep(0.25)
    live.process.kill()
    live.process.wait()
    time.sleep(1)
    check(len(tables(live.model)["conversation"]) > half, "the model is not whole")
    # The next run takes it up.
    packets = sum(row[0] for row in sqlite3.connect(live.model).execute("SELECT packets FROM capture"))
    again = Live("--append", folder=live.folder)
    send()
    again.end()
    rows = list(sqlite3.connect(live.model).execute("SELECT packets FROM capture"))
    check(sum(row[0] for row in rows) == packets + count(PLANT), f"not joined: {rows}")
    check(len(rows) == 2, "an earlier run is a capture of its own")


def filter_and_ends():
    live = Live("--filter", "tcp port 502", "--duration", "3s")
    send()
    check(live.process.wait(PATIENCE) == 0, live.text())
    check(0 < live.packets() < count(PLANT), "the filter did nothing")
    live = Live("--no-promiscuous", "--snapshot", "1s", "--duration", "4s")
    check(live.process.wait(PATIENCE) == 0 and "rx: listening, not promiscuous" in live.text(),
          live.text())
    check(int(re.findall(r"(\d+) snapshots", live.text())[-1]) >= 3, live.text())
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 4))
    live = Live("--until", until)
    check(live.process.wait(PATIENCE) == 0, live.text())
    for with_signal in (signal.SIGINT, signal.SIGHUP):
        Live().end(with_signal)
    # As nohup and a script's `&` start it.
    ignoring = ("sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh")
    live = Live(through=ignoring)
    for with_signal in (signal.SIGHUP, signal.SIGINT):
        live.process.send_signal(with_signal)
    send()
    live.end()
    check(live.packets() == count(PLANT), f"it ended by an ignored signal: {live.text()}")


def stalled_log():
    """Nobody reads the log: frames do not wait for it, and the next who reads is told."""
    model = pathlib.Path(tempfile.mkdtemp(dir=work)) / "live.sekimori"
    reader, writer = os.pipe()
    full = fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)
    os.write(writer, b"x" * full)
    process = subprocess.Popen(link.inside(SEKIMORI, "live", "-i", "rx", "-o", model, "--snapshot", "1s"),
                               stderr=writer,
                               preexec_fn=heed_signals)
    os.close(writer)

    def models_packets():
        with sqlite3.connect(model) as database:
            return database.execute("SELECT packets FROM capture").fetchone()[0]

    def wait_for(packets):
        end = time.monotonic() + PATIENCE
        while not (model.exists() and models_packets() == packets):
            check(time.monotonic() < end, "it waits for the reader of its log")
            time.sleep(0.1)

    wait_for(0)
    send()
    wait_for(count(PLANT))
    check(len(os.read(reader, full)) == full, "not all that was in the pipe")
    process.send_signal(signal.SIGTERM)
    check(process.wait(PATIENCE) == 0, "not a clean end")
    said = os.read(reader, full).decode()
    check(re.search(r"lines of log were lost\) ended: ", said), said)
    os.close(reader)


def events():
    baseline = work / "baseline.sekimori"
    run(SEKIMORI, "observe", first_part(PLANT, 0.3, work / "part.pcap"), "-o", baseline)
    zones = SOURCE / "captures/demo/demo-zones.json"
    lines, cef = work / "events.jsonl", work / "events.cef"
    live = Live("--baseline", baseline, "--zones", zones, "--events", lines, "--cef", cef,
                "--look", "1s")
    send()
    live.wait(lambda: lines.exists() and "program-download" in lines.read_text(), "no event")
    send()  # once more: nothing is said twice
    time.sleep(4)
    live.end()
    told = [json.loads(line) for line in lines.read_text().splitlines()]
    kinds = {event["event"] for event in told}
    check({"new-asset", "new-operation", "program-download", "mode-change"} <= kinds, f"{kinds}")
    texts = [json.dumps({k: v for k, v in event.items() if k not in ("time", "frame")})
             for event in told]
    check(len(set(texts)) == len(texts), "something is said twice")
    pattern = re.compile(r"CEF:0\|sekimori\|sekimori\|[^|]+\|[a-z-]+\|[^|]+\|\d+\|(\w+=.*)")
    cefs = cef.read_text().splitlines()
    check(len(cefs) == len(told) and all(pattern.fullmatch(line) for line in cefs), cefs[:3])
    for event in told:
        check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,9}Z", event["time"]), event)
    # A baseline of all that comes: only what is always told.
    run(SEKIMORI, "observe", PLANT, "-o", baseline)
    lines.unlink()
    live = Live("--baseline", baseline, "--zones", zones, "--events", lines, "--look", "1s")
    send()
    live.wait(lambda: lines.exists() and "program-download" in lines.read_text(), "no event")
    time.sleep(2)
    live.end()
    kinds = {json.loads(line)["event"] for line in lines.read_text().splitlines()}
    check(kinds == {"program-download", "mode-change"}, f"{kinds}")


def service_manager():
    path = str(work / "notify")
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(path)
    manager.settimeout(PATIENCE)
    live = Live(environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "2000000"})
    heard = ""
    while heard.count("WATCHDOG=1") < 3:
        heard += manager.recv(4096).decode() + "\n"
    check(heard.startswith("READY=1\n"), heard)
    live.end()
    while "STOPPING=1" not in heard:
        heard += manager.recv(4096).decode() + "\n"
    manager.close()


def without_standard_streams():
    """Started with none of the three, it writes what it says into no file that it opened itself."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    model, raw = folder / "live.sekimori", folder / "raw.pcap"
    closed = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
    process = subprocess.Popen(link.inside(*closed, SEKIMORI, "live", "-i", "rx", "-o", model,
                                           "--events", folder / "events.jsonl", "--cef",
                                           folder / "events.cef", "--raw", raw))
    status = pathlib.Path(f"/proc/{process.pid}/status")
    end = time.monotonic() + PATIENCE
    while "Seccomp:\t2" not in status.read_text():  # it listens, and says so just now
        check(process.poll() is None and time.monotonic() < end, "it does not listen")
        time.sleep(0.05)
    time.sleep(0.5)
    send()
    process.send_signal(signal.SIGTERM)
    check(process.wait(PATIENCE) == 0, "it did not end well")
    check(count(raw) == count(PLANT), f"{count(raw)} records in the raw file")
    run(SEKIMORI, "observe", raw, "-o", folder / "offline.sekimori")
    same(model, folder / "offline.sekimori")


def rights():
    live = Live()
    status = pathlib.Path(f"/proc/{live.process.pid}/status").read_text()
    for line in ("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1",
                 "Seccomp:\t2"):
        check(line in status, f"{line} is not in {status}")
    live.end()
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    for above in (work, folder):
        above.chmod(0o777)
    # Whoever changes its user is not traced, by the leak checker either.
    live = Live("--user", "nobody", folder=folder, environment={"ASAN_OPTIONS": "detect_leaks=0"})
    status = pathlib.Path(f"/proc/{live.process.pid}/status").read_text()
    check(re.search(r"Uid:\t65534\t65534\t65534\t65534", status), status)
    live.end()
    check(live.model.stat().st_uid == 65534, "the model is not the user's")


def down_and_up():
    live = Live()
    send()
    run(*link.inside("ip", "link", "set", "dev", "rx", "down"))
    live.wait_for("rx: down")
    run(*link.inside("ip", "link", "set", "dev", "rx", "up"))
    live.wait_for("rx: up")
    send()
    live.end()
    check(live.packets() == 2 * count(PLANT), f"frames are missing: {live.text()}")


def drops():
    """What the kernel's ring has no room for is counted to the last frame, and stands in the model."""
    live = Live("--buffer", "1")
    live.process.send_signal(signal.SIGSTOP)
    for _ in range(4):
        send(rate=20000)
    live.process.send_signal(signal.SIGCONT)
    live.end()
    lost = int(re.findall(r"dropped: (\d+) by the kernel", live.text())[-1])
    check(lost > 0 and live.packets() + lost == 4 * count(PLANT), live.text())
    row, = sqlite3.connect(live.model).execute("SELECT packets, kernel_drops FROM capture")
    check(row == (live.packets(), lost), f"{row}")


def drops_of_the_interface():
    """What the driver counts, in files of the test's own: also where it begins anew, or goes with the interface."""
    run("mount", "-t", "tmpfs", "tmpfs", "/sys/class/net")
    counts = pathlib.Path("/sys/class/net/rx3/statistics")
    counts.mkdir(parents=True)

    def put(missed):
        for name, number in (("rx_missed_errors", missed), ("rx_fifo_errors", 0), ("rx_dropped", missed)):
            (counts / name).write_text(f"{number}\n")

    def dropped(live):
        if not live.model.exists():
            return None
        return sqlite3.connect(live.model).execute("SELECT kernel_drops FROM capture").fetchone()[0]

    try:
        put(7)
        Link("tx3", "rx3", link.holder)
        live = Live("--snapshot", "1s", interfaces=("rx3",))
        live.wait(lambda: dropped(live) == 0, "what was dropped before is counted")
        put(12)
        live.wait(lambda: dropped(live) == 5, "the interface's drops are not counted")
        put(0)
        time.sleep(2.5)  # it asks each second
        put(2)
        live.wait(lambda: dropped(live) == 7, "it did not go on from the beginning")
        shutil.rmtree(counts.parent)
        run("ip", "link", "del", "dev", "tx3")
        check(live.process.wait(PATIENCE) == 2, live.text())
        check("dropped: 0 by the kernel, 7 by the interface" in live.text().splitlines()[-1], live.text())
    finally:
        run("umount", "/sys/class/net")


def errors():
    def fails(*arguments, says):
        done = subprocess.run(link.inside(SEKIMORI, "live", *arguments), capture_output=True, text=True)
        check(done.returncode == 2, f"{arguments}: {done}")
        check(re.search(says, done.stderr), f"{arguments}: {done.stderr}")

    model = work / "none.sekimori"
    fails("-i", "nosuch", "-o", model, says="nosuch: ")
    fails("-i", "rx", "-o", model, "--filter", "tcp prot 1", says="--filter: ")
    fails("-o", model, says="no interface given")
    fails("-i", "rx", "-o", work / "nosuch/model", says="cannot be written")
    fails("-i", "rx", "-o", work, "--duration", "1s", says=r"\A\S+: cannot be written: it is a folder\n\Z")
    fails("-i", "rx", "-o", "/dev/null", "--duration", "1s", says=r"\A/dev/null: .* no file\n\Z")
    fails("-i", "rx", "-o", model, "--duration", "3 weeks", says="--duration: ")
    fails("-i", "rx", "-o", model, "--until", "tomorrow", says="--until: ")
    for option in ("--duration", "--snapshot", "--look"):
        for longest in ("36501d", "200000d", "3153600001s", "9223372036854775807m"):
            fails("-i", "rx", "-o", model, option, longest, "--events", "/dev/null",
                  says=f"{option}: .*100 years")
    fails("-i", "rx", "-o", model, "--until", "9999-12-31T00:00Z", says="--until: .*100 years")
    fails("-i", "rx", "-o", model, "--until", "2016-04-06T09:00+09:00", says="--until: .*past")
    fails("-i", "rx", "-o", model, "--raw-cap", "5", says="--raw-cap: ")
    fails("-i", "rx", "-i", "rx", "-o", model, says="given twice")
    # A folder of somebody else's: root has given up its rights over it, and says so.
    others = pathlib.Path(tempfile.mkdtemp(dir=work))
    os.chown(others, 65534, 65534)
    given_up = "cannot be written to: Permission denied; root's rights .* --user"
    fails("-i", "rx", "-o", others / "x.sekimori", "--raw", others / "x.pcap", says=given_up)
    for cap in ((), ("--raw-cap", "5")):
        fails("-i", "rx", "-o", model, "--raw", others / "x.pcap", *cap, "--duration", "1s", says=given_up)
    check(not any(others.iterdir()) and not model.exists(), "something was left behind")
    raw = work / "there.pcap"
    raw.write_text("")
    fails("-i", "rx", "-o", model, "--raw", raw, says="there.pcap: ")
    check(raw.read_text() == "" and not model.exists(), "something was half written")


def confined_from_the_start():
    """Every way to read and write, of commands that are confined before their first file."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    demo = SOURCE / "captures/demo"
    with open(PLANT, "rb") as plant:
        run(SEKIMORI, "observe", "-", "-o", folder / "stdin.sekimori", stdin=plant)
    (folder / "plant.pcap.gz").write_bytes(gzip.compress(PLANT.read_bytes()))
    run(SEKIMORI, "observe", folder, "--threads", "3", "-o", folder / "packed.sekimori")
    run(SEKIMORI, "observe", SOURCE / "captures/gre-tunnel.pcap", "-o", folder / "gre.sekimori")
    run(SEKIMORI, "merge", folder / "packed.sekimori", folder / "gre.sekimori", "-o",
        folder / "both.sekimori")
    for command in (("checks",), ("questions",), ("schema",), ("--version",), ("--help",),
                    ("live", "--help"), ("assess", "--help")):
        run(SEKIMORI, *command)
    done = subprocess.run([SEKIMORI, "--verbose", "assess", PLANT, "--answers",
                           demo / "demo-answers.csv", "--zones", demo / "demo-zones.json", "--flows",
                           demo / "demo-flows.csv", "-o", folder / "report"],
                          capture_output=True, text=True)
    check(done.returncode == 1 and "seccomp: no socket" in done.stderr, done)
    run(SEKIMORI, "evidence", folder / "report/report.sekimori", "SEG-01.1", "-o",
        folder / "proof.pcap")
    check(count(folder / "proof.pcap") > 0, "no evidence")


run_all(errors, confined_from_the_start, live_is_offline, two_interfaces, silent_interface, snapshots,
        filter_and_ends, stalled_log, events, without_standard_streams, service_manager, rights, drops,
        drops_of_the_interface, down_and_up)
