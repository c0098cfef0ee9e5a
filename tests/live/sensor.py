"""What the tests of `sekimori live` share: a sensor between network namespaces of the test's own."""
import os, pathlib, re, shutil, signal, sqlite3, struct, subprocess, sys, tempfile, time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from link import Link, enter_own_namespace, run

enter_own_namespace("the live test")
SEKIMORI, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PLANT = SOURCE / "captures/demo/plant.pcap"
PATIENCE = 120  # seconds; under sanitizers on a busy machine all takes longer
link = Link()
work = pathlib.Path(tempfile.mkdtemp(prefix="sekimori-live-"))


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def heed_signals():
    """Though the test itself may have been started to ignore them."""
    for each in (signal.SIGHUP, signal.SIGINT):
        signal.signal(each, signal.SIG_DFL)


class Live:
    """A running sensor in a folder of its own."""

    def __init__(self, *arguments, interfaces=("rx",), folder=None, environment=None,
                 log_path=None, through=()):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(dir=work))
        self.model = self.folder / "live.sekimori"
        self.log_path = log_path or self.folder / "log"
        before = self.text().count("listening") if self.log_path.exists() else 0
        options = [part for name in interfaces for part in ("-i", name)]
        with open(self.log_path, "a") as log:
            self.process = subprocess.Popen(
                link.inside(*through, SEKIMORI, "live", *options, "-o", self.model, *arguments),
                stdout=log, stderr=log, env={**os.environ, **(environment or {})},
                preexec_fn=heed_signals)
        self.wait_for("listening", before + len(interfaces))

    def text(self):
        return self.log_path.read_text()

    def wait_for(self, word, times=1):
        self.wait(lambda: self.text().count(word) >= times, f"no {word!r}")

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            ended = self.process.poll() is not None
            check(not ended and time.monotonic() < end, f"{what}: {self.text()}")
            time.sleep(0.05)

    def end(self, with_signal=signal.SIGTERM, code=0):
        self.process.send_signal(with_signal)
        got = self.process.wait(PATIENCE)
        check(got == code, f"exit code {got}, not {code}: {self.text()}")

    def packets(self):
        return int(re.findall(r"ended: (\d+) packets", self.text())[-1])


def send(capture=PLANT, interface="tx", rate=5000):
    run("tcpreplay", "--intf1", interface, "--pps", rate, capture)


def count(capture):
    return sum(1 for _ in records(capture))


def records(capture):
    data = pathlib.Path(capture).read_bytes()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at < len(data):
        size = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at:at + 16 + size]
        at += 16 + size


def first_part(capture, share, to):
    frames = list(records(capture))
    to.write_bytes(capture.read_bytes()[:24] + b"".join(frames[:int(len(frames) * share)]))
    return to


def tables(model):
    """Every row of every table. What only a live capture can know is left out."""
    with sqlite3.connect(model) as database:
        names = [row[0] for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        made = {}
        for name in names:
            columns = [c[1] for c in database.execute(f"PRAGMA table_info({name})")
                       if c[1] not in ("kernel_drops", "path_hint")]
            made[name] = sorted(database.execute(f"SELECT {', '.join(columns)} FROM {name}"),
                                key=repr)
        return made


def same(live, offline):
    a, b = tables(live), tables(offline)
    check(a.keys() == b.keys() and len(a) > 20, "the tables differ")
    for name in a:
        check(a[name] == b[name], f"{name} differs:\n{a[name][:3]}\n{b[name][:3]}")
    check(len(a["conversation"]) > 0 and len(a["capture"]) > 0, "nothing was heard")


def run_all(*tests):
    """Runs each, tells how it went, and ends the program."""
    failed = 0
    try:
        for test in tests:
            began = time.monotonic()
            try:
                test()
                print(f"ok {test.__name__} ({time.monotonic() - began:.0f} s)", flush=True)
            except (AssertionError, subprocess.CalledProcessError) as error:
                failed += 1
                print(f"FAILED {test.__name__}: {error} {getattr(error, 'output', '')}", flush=True)
        # Through all of it the sensor's side has sent nothing.
        if link.received() != 0:
            failed += 1
            print(f"FAILED: {link.received()} frames came from the sensor's side")
    finally:
        link.close()
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if failed else 0)
