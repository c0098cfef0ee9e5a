#!/usr/bin/env python3
"""What a command writes takes the place of nothing that it should not, and is refused before the work.

usage: outputs_test.py SEKIMORI

Exits 1 where any of that does not hold.
"""
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "captures/demo"
SEKIMORI = sys.argv[1]


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def run(*arguments, **options):
    return subprocess.run([SEKIMORI, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def succeeds(*arguments, **options):
    done = run(*arguments, **options)
    check(done.returncode == 0, f"{arguments}: {done}")
    return done


def everything(folder):
    """The bytes of each file, and what else there is."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else path.lstat().st_mode for path in folder.rglob("*")}


def refused(folder, *arguments, says, **options):
    """The command fails, says so, and leaves everything as it was."""
    before = everything(folder)
    done = run(*arguments, **options)
    check(done.returncode == 2 and says in done.stderr, f"{arguments}: {done}")
    check("internal error" not in done.stderr, f"{arguments}: {done}")
    check(everything(folder) == before, f"{arguments}: something changed")


def inputs_stay(folder):
    plant, plan = folder / "plant.pcap", folder / "zones.json"
    shutil.copy(DEMO / "plant.pcap", plant)
    shutil.copy(DEMO / "demo-zones.json", plan)
    report, model, other = folder / "report", folder / "a.sekimori", folder / "b.sekimori"
    check(run("assess", plant, "-o", report).returncode == 1, "no report")
    succeeds("observe", plant, "-o", model)
    succeeds("observe", ROOT / "captures/gre-tunnel.pcap", "-o", other)
    listed = folder / "assets.csv"
    listed.write_text("name,ip\nplc,10.40.0.11\n")
    refused(folder, "assess", plant, "--assets", listed, "-o", folder, says="assets.csv: is read too")
    hard, soft = folder / "hard.sekimori", folder / "soft.sekimori"
    os.link(model, hard)
    soft.symlink_to(model)
    form, mine = folder / "ours.csv", folder / "set.json"
    succeeds("questions", "--export", "csv", "-o", form)
    shutil.copy(ROOT / "rulesets/questionnaires/basics5.json", mine)
    is_read = "is read too"
    refused(folder, "observe", plant, "-o", plant, says=is_read)
    with open(plant, "rb") as stdin:
        refused(folder, "observe", "-", "-o", plant, says=is_read, stdin=stdin)
    refused(folder, "observe", plant, "--zones", plan, "-o", plan, says=is_read)
    for target in (model, hard, soft):
        refused(folder, "merge", model, other, "-o", target, says=is_read)
    found = report / "report.sekimori"
    refused(folder, "evidence", found, "SEG-01.1", "-o", found, says=is_read)
    refused(folder, "evidence", report, "SEG-01.1", "-o", found, says=is_read)
    refused(folder, "evidence", found, "SEG-01.1", "--captures", plant, "-o", plant, says=is_read)
    refused(folder, "ledger", model, "-o", model, says=is_read)
    refused(folder, "questions", "--map", form, "-o", form, says=is_read)
    refused(folder, "questions", "--questions", mine, "--export", "csv", "-o", mine, says=is_read)
    refused(folder, "live", "-i", "nosuch", "--baseline", model, "-o", model, "--events", "-", says=is_read)
    refused(folder, "live", "-i", "nosuch", "--baseline", model, "-o", folder / "new", "--events", hard, says=is_read)
    refused(folder, "live", "-i", "nosuch", "-o", other, "--cef", other, says=is_read)


def models_replace_models(folder):
    day, model, empty = folder / "day1.pcap", folder / "m.sekimori", folder / "empty"
    shutil.copy(DEMO / "plant.pcap", day)
    empty.touch()
    no_model = "no model file"
    # The name was forgotten, and the shell's list begins with a capture.
    refused(folder, "observe", "-o", day, ROOT / "captures/gre-tunnel.pcap", says=no_model)
    succeeds("observe", day, "-o", model)
    refused(folder, "merge", model, "-o", day, says=no_model)
    refused(folder, "live", "-i", "nosuch", "-o", day, says=no_model)
    database = folder / "other.sqlite"
    database.write_bytes(model.read_bytes()[:68] + bytes(4) + model.read_bytes()[72:])
    refused(folder, "observe", day, "-o", database, says=no_model)
    for target in (model, empty):
        succeeds("observe", day, "-o", target)


def known_before_the_work(folder):
    """What could not be written, or a plan that cannot be read, ends a command that has not read its input yet: it never comes."""
    plan, models, special = folder / "zones.json", folder / "models", folder / "special"
    plan.write_text("{ typo")
    models.mkdir()
    os.mkfifo(special)
    never, other_end = os.pipe()

    def refused_at_once(*arguments, says):
        refused(folder, *arguments, says=says, stdin=never, timeout=60)

    for target, says in ((folder / "nosuch/x", "No such file or directory"), (models, "it is a folder"), (special, "it is no file")):
        refused_at_once("observe", "-", "-o", target, says=f"{target}: cannot be written: {says}")
        refused_at_once("merge", folder / "nosuch.sekimori", "-o", target, says=f"{target}: cannot be written: {says}")
    refused_at_once("observe", "-", "--zones", plan, "-o", folder / "new.sekimori", says=str(plan))
    refused_at_once("merge", folder / "nosuch.sekimori", "--zones", plan, "-o", folder / "new.sekimori", says=str(plan))
    os.close(never)
    os.close(other_end)


def appears_whole(folder):
    """Ledgers, sheets and maps are written as everything else is."""
    model, filled = folder / "m.sekimori", folder / "ours.csv"
    succeeds("observe", DEMO / "plant.pcap", "-o", model)
    succeeds("questions", "--export", "csv", "-o", filled)
    there, special, mine = folder / "folder", folder / "special", folder / "x.csv.part"
    there.mkdir()
    os.mkfifo(special)
    mine.write_text("mine")
    ways = [["ledger", model], ["questions", "--export", "csv"], ["questions", "--map", filled]]
    for way in ways:
        refused(folder, *way, "-o", there, says=f"{there}: cannot be written: it is a folder")
        refused(folder, *way, "-o", special, says=f"{special}: cannot be written: it is no file")
        target, link = folder / "far.csv", folder / "x.csv"
        target.write_text("old")
        link.symlink_to(target)
        succeeds(*way, "-o", link)
        check(link.is_symlink() and target.read_text() != "old", f"{way}: not written where the link leads")
        check(mine.read_text() == "mine", f"{way}: a file of that name is gone")
        link.unlink()
    no_space = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    for name, way in (("x.csv", ways[0]), ("x.xlsx", ways[0]), ("x.csv", ways[1]), ("x.xlsx", [*ways[1][:-1], "xlsx"]), ("x.csv", ways[2])):
        (folder / name).write_text("old")
        refused(folder, *way, "-o", folder / name, says=f"{folder / name}: ", preexec_fn=no_space)


def others_stay(folder):
    """A report goes into a folder that has other things in it, or is a mount; they stay, and nothing else is left."""
    plant, report, bare = folder / "plant.pcap", folder / "report", folder / "bare"
    shutil.copy(DEMO / "plant.pcap", plant)
    check(run("assess", plant, "-o", bare).returncode == 1, "no report")
    report.mkdir()
    (report / "notes.txt").write_text("mine")
    (report / "report.md").write_text("old")
    expected = {**everything(bare), "notes.txt": b"mine"}
    for _ in range(2):
        done = run("assess", plant, "-o", report)
        check(done.returncode == 1, f"beside notes: {done}")
        check(everything(report) == expected, f"beside notes: {sorted(everything(report))}")
        check(sorted(path.name for path in folder.iterdir()) == ["bare", "plant.pcap", "report"], "something is left beside it")

    mounted = "mount -t tmpfs none " + str(report)
    if subprocess.run(["unshare", "-m", "sh", "-c", mounted], stderr=subprocess.DEVNULL).returncode != 0:
        print("mounts: skipped, nothing can be mounted here", flush=True)
        return
    script = f"{mounted} && echo mine > {report}/notes.txt && for turn in 1 2; do {SEKIMORI} assess {plant} -o {report}; test $? = 1 || exit 3; done && ls -A {report} && cmp {report}/report.json {bare}/report.json"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    check(done.returncode == 0, f"on a mount: {done}")
    check(set(done.stdout.split()) >= set(expected) and ".partial" not in done.stdout, f"on a mount: {done.stdout}")
    script = f"mount -t tmpfs -o size=300k none {report} && echo old > {report}/report.md; {SEKIMORI} assess {plant} -o {report}; echo $?; ls -A {report}; cat {report}/report.md"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    check(done.stdout == "2\nreport.md\nold\n" and "No space left" in done.stderr, f"on a full mount: {done}")


def main():
    failed = 0
    for test in (inputs_stay, models_replace_models, known_before_the_work, appears_whole, others_stay):
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(pathlib.Path(folder))
                print(f"ok {test.__name__}", flush=True)
            except (AssertionError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"FAILED {test.__name__}: {error}", flush=True)
    sys.exit(1 if failed else 0)


main()
