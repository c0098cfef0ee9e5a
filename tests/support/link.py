"""A veth pair between two network namespaces of a test's own: what is sent leaves no machine."""
import json, os, signal, subprocess, sys, time


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options).stdout


def enter_own_namespace(what):
    """Runs this script again inside a network and a mount namespace. Where the machine forbids that, says so
    and ends: with 77, which CTest takes for skipped, but with 1 in CI."""
    if os.environ.get("SEKIMORI_INSIDE") == "1":
        return
    # A script's background job ignores it, and so would what is started here.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if subprocess.run(["unshare", "--net", "--mount", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print(f"this machine forbids network namespaces: {what} is skipped", flush=True)
        sys.exit(1 if os.environ.get("CI") else 77)
    os.environ["SEKIMORI_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])


def make_silent(name, place=lambda *command: command):
    """Neither ARP nor IPv6 on an interface, and up: the kernel itself has nothing to say."""
    quiet = f"echo 1 > /proc/sys/net/ipv6/conf/{name}/disable_ipv6"
    run(*place("sh", "-c", f"[ ! -e /proc/sys/net/ipv6 ] || {quiet}"))
    run(*place("ip", "link", "set", "dev", name, "mtu", "65535", "arp", "off"))
    run(*place("ip", "link", "set", "dev", name, "up"))


class Link:
    """`tx` in this process's namespace, `rx` in that of a process held for it, both silent."""

    def __init__(self, tx="tx", rx="rx", holder=None):
        self.tx, self.rx = tx, rx
        self.own_holder = holder is None
        self.holder = holder or subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        mine = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == mine:
            time.sleep(0.02)
        run("ip", "link", "add", "name", tx, "type", "veth", "peer", "name", rx, "netns", self.holder.pid)
        make_silent(tx)
        make_silent(rx, self.inside)

    def inside(self, *command):
        return ("nsenter", "--target", str(self.holder.pid), "--net", *map(str, command))

    def received(self):
        """Frames that came to the sender's end."""
        about = json.loads(run("ip", "-s", "-j", "link", "show", "dev", self.tx))
        return about[0]["stats64"]["rx"]["packets"]

    def close(self):
        if self.own_holder:
            self.holder.kill()
            self.holder.wait()
