#!/usr/bin/env python3
"""Frames that `sekimori live` keeps on disk, and what becomes of them: raw_test.py SEKIMORI SOURCE_DIR"""
import os, pathlib, re, signal, sqlite3, subprocess, tempfile

from sensor import (Live, PLANT, SEKIMORI, check, count, link, run, run_all, send, work)


def raw_goes_on():
    """After a crash the next run joins the model and leaves the old raw file alone; so does one whose folder a link leads to."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    raw = folder / "raw.pcap"
    live = Live("--append", "--raw", raw, folder=folder)
    send()
    live.process.send_signal(signal.SIGUSR1)
    live.wait(live.model.exists, "no snapshot")
    send()
    twice = 24 + 2 * (PLANT.stat().st_size - 24)
    live.wait(lambda: raw.stat().st_size == twice, "the frames are not kept")
    live.process.kill()
    live.process.wait()
    # The raw file has more than the model knows, and proves it still.
    run(SEKIMORI, "evidence", live.model, "1:1", "-o", folder / "proof.pcap")
    before = raw.read_bytes()
    live = Live("--append", "--raw", raw, folder=folder)
    send()
    live.end()
    check(raw.read_bytes() == before, "the first raw file was touched")
    check(count(folder / "raw-2.pcap") == count(PLANT), "frames are missing")
    names = [row[0] for row in sqlite3.connect(live.model).execute("SELECT name FROM capture ORDER BY 1")]
    check(names == ["raw-2.pcap", "raw.pcap"], f"{names}")
    elsewhere = pathlib.Path(tempfile.mkdtemp(dir=work))
    (elsewhere / "live.sekimori").symlink_to(live.model)
    live = Live("--append", folder=elsewhere)
    live.end()
    check(live.model.is_symlink(), "the link was replaced")


def raw_cap():
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    live = Live("--raw", folder / "raw.pcap", "--raw-cap", "1")
    for _ in range(4):
        send(rate=20000)
    live.end()
    sizes = [path.stat().st_size for path in sorted(folder.glob("raw.sekimori-*.pcap"))]
    check(len(sizes) >= 4, f"not rotated: {sizes}")
    check(sum(sizes) <= 1 << 20, f"over the cap: {sizes}")
    check(live.packets() == 4 * count(PLANT), "frames are missing")
    check(not (folder / "raw.sekimori-000001.pcap").exists(), "the oldest file stays")
    # What is left proves still, and of what went the error says so.
    last = live.packets()
    run(SEKIMORI, "evidence", live.model, f"1:{last - 5},1:{last}", "-o", folder / "proof.pcap")
    check(count(folder / "proof.pcap") == 2, "the last frames are not proved")
    gone = subprocess.run([SEKIMORI, "evidence", live.model, f"1:1,1:{last}", "-o", folder / "gone.pcap"],
                          capture_output=True, text=True)
    check(gone.returncode == 2 and "1 of 2 frames are in no raw file that is left (1:1)" in gone.stderr,
          gone.stderr)
    newest = sorted(folder.glob("raw.sekimori-*.pcap"))[-1]
    run(SEKIMORI, "observe", newest, "-o", folder / "piece.sekimori")


def full_disk():
    disk = pathlib.Path(tempfile.mkdtemp(dir=work))
    run("mount", "-t", "tmpfs", "-o", "size=1536k", "tmpfs", disk)
    # The raw file ends early; what is heard is not less for it.
    live = Live("--raw", disk / "raw.pcap")
    for _ in range(3):
        send(rate=20000)
    live.wait_for("the raw file ends early")
    live.end()
    lost = int(re.findall(r"(\d+) not in the raw file", live.text())[-1])
    check(live.packets() == 3 * count(PLANT) and lost > 0, live.text())
    (disk / "raw.pcap").unlink()
    # A model that cannot be written leaves the old one whole, and the exit code says so.
    live = Live(folder=disk, log_path=work / "full.log")
    send()
    live.process.send_signal(signal.SIGUSR1)
    live.wait(live.model.exists, "no snapshot")
    whole = live.model.read_bytes()
    filler = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(filler, bytes(4096))
    except OSError:
        os.close(filler)
    live.process.send_signal(signal.SIGUSR1)
    live.wait_for("snapshot failed: ")
    check(live.model.read_bytes() == whole, "the old model was touched")
    live.end(code=2)
    check(live.model.read_bytes() == whole, "the old model was touched at the end")
    check({path.name for path in disk.iterdir()} == {"live.sekimori", "filler"}, "litter")
    run("umount", disk)


run_all(raw_goes_on, raw_cap, full_disk)
