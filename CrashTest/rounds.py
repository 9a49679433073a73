"""The ways in which the daemon is killed and its disk fails, a round each."""

import errno
import os
import shutil
import subprocess
import time

import outside
from plant import FILE_LOG, Broken, Plant

# How long a daemon that nobody disturbs may take for what was published.
PATIENCE = 20


def finish(plant):
    """Lets the daemon alone until all is done, then looks at everything."""
    deadline = time.monotonic() + PATIENCE
    while True:
        if not plant.is_running:
            plant.start()
        if plant.wait(deadline - time.monotonic(), plant.is_complete):
            break
        if time.monotonic() > deadline:
            plant.check_all()
            raise Broken("nothing is wrong but the daemon does not finish")
        plant.reap()
        time.sleep(0.05)
    plant.check_all()


def step(plant, kills):
    """Dies at the n-th operation; between two items all is looked at.

    Only so is seen what a busy feed hides: its next change brings back what was lost.
    """
    while plant.kills < kills:
        for _ in range(plant.lot.randint(1, 3)):
            plant.lab.publish(plant.lot)
        for _ in range(plant.lot.randint(2, 5)):
            # The log's own operations are few among many of the state.
            files, most = plant.lot.choice(((0, 12), (0, 40), (0, 90), (FILE_LOG, 4), (FILE_LOG, 12)))
            at = plant.lot.randint(1, most)
            plant.start(at, plant.lot.choice(("before", "middle", "middle", "after")), files)
            plant.wait(1.5, lambda: plant.control.operations > at)
            if plant.is_running:
                plant.kill()
            else:
                plant.reap()
            plant.check_moment()
        finish(plant)
        plant.kill()
        plant.check_moment()
    finish(plant)
    plant.stop()
    plant.check_all()


def busy(plant, kills, disturb=None, lives=(0.03, 0.1, 0.3, 0.6)):
    """Dies at random moments while items are published, and something else goes on."""
    while plant.kills < kills:
        plant.start()
        begun = time.monotonic()
        life = plant.lot.choice(lives) * (0.5 + plant.lot.random())
        while time.monotonic() - begun < life and plant.is_running:
            if plant.lab.count < kills * 2 and plant.lot.random() < 0.5:
                plant.lab.publish(plant.lot)
            if disturb:
                disturb(plant)
            time.sleep(0.01)
        if plant.is_running:
            plant.kill()
        else:
            plant.reap()
        plant.check_moment()
    finish(plant)
    plant.stop()
    plant.check_all()


def faults(plant, kills):
    """Operations fail for a while; once they work again, all is done within ten seconds."""
    codes = (errno.ENOSPC, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EINTR, errno.EROFS)
    begun = 0
    while plant.kills + begun < kills:
        begun += 1
        if not plant.is_running:
            plant.start()
        plant.control.fail(
            plant.lot.choice(codes),
            files=plant.lot.choice((1, 2, 3, 7)),
            calls=plant.lot.choice((1, 1, 2, 4, 5, 8, 16, 31)),
            one_in=plant.lot.choice((1, 1, 2, 5)),
            short=plant.lot.random() < 0.5,
        )
        end = time.monotonic() + plant.lot.choice((0.1, 0.4, 1.0))
        for _ in range(plant.lot.randint(1, 3)):
            plant.lab.publish(plant.lot)
        while time.monotonic() < end:
            if not plant.is_running:
                plant.reap()
                plant.check_moment()
                plant.start()
            time.sleep(0.02)
        if plant.is_running and plant.lot.random() < 0.3:
            plant.kill()
            plant.check_moment()
        plant.control.heal()
        # The log has ten seconds of an idle machine; hooks that failed meanwhile have their waits besides.
        logged = lambda: plant.line_count() >= len(plant.lab.wanted)
        if plant.is_running and not plant.wait(10, logged) and plant.is_running:
            plant.check_all()
            raise Broken("I11: work does not go on within ten seconds")
        if not plant.is_running and plant.process:
            plant.reap()
        finish(plant)
    plant.stop()
    plant.check_all()


def drain(plant, kills):
    """Killed twice a second it still works off what has gathered."""
    for _ in range(40):
        plant.lab.publish(plant.lot)
    while not plant.is_complete():
        if plant.kills > 60:
            raise Broken("I10: it does not get on")
        plant.start()
        plant.wait(0.5, lambda: False)
        plant.kill()
        plant.check_moment()
    plant.check_all()


def full(plant, kills):
    """State and log on a small disk that is full for a minute; needs root, for the mount."""
    disk = plant.folder + "/disk"
    os.makedirs(disk)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True)
    try:
        plant.state, plant.logs = disk + "/state", disk + "/log"
        os.makedirs(plant.state)
        os.makedirs(plant.logs)
        plant.log = plant.logs + "/matches.jsonl"
        plant.configure("")
        for _ in range(5):
            plant.lab.publish(plant.lot)
        plant.start()
        if not plant.wait(PATIENCE, plant.is_complete):
            raise Broken("it does not begin")
        filler = disk + "/filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        for _ in range(60):
            plant.lab.publish(plant.lot)
            plant.wait(1, lambda: False)
            if not plant.is_running:
                raise Broken(f"I11: it ended with {plant.process.poll()}: {plant.last_words()}")
        words = plant.last_words()
        if "full" not in words and "No space left" not in words:
            raise Broken(f"I11: it does not say that the disk is full: {words}")
        os.remove(filler)
        begun = time.monotonic()
        logged = plant.wait(PATIENCE, lambda: plant.line_count() >= len(plant.lab.wanted))
        seconds = time.monotonic() - begun
        if not logged or seconds > 10:
            plant.check_all()
            raise Broken(f"I11: work went on after {seconds:.1f} s")
        print(f"a full disk: work went on {seconds:.1f} s after there was room")
        if not plant.wait(60, plant.is_complete):
            raise Broken("I7: the hooks were not told")
        plant.stop()
        plant.check_all()
    finally:
        if plant.is_running:
            plant.kill()
        subprocess.run(["umount", disk], check=True)


def make(tools, name, seed, kind, variant=""):
    """A plant for a kind of round."""
    settings = {"rotating": 'rotate = "16KiB"'}.get(kind, "")
    folder = None
    if kind != "full" and seed % 2 and os.path.isdir("/dev/shm"):
        folder = f"/dev/shm/feedwatch-crash-{os.getpid()}-{name}"
    follow = kind not in ("renamed", "full")
    return Plant(tools, name, seed, settings, folder, variant, follow)


ROUNDS = {
    "step": step,
    "busy": busy,
    "rotating": busy,
    "asked": lambda plant, kills: busy(plant, kills, outside.ask),
    "logrotate": lambda plant, kills: busy(
        plant, kills, outside.logrotate, lives=(0.1, 1, 2)
    ),
    "renamed": lambda plant, kills: busy(plant, kills, outside.rename),
    # Only to catch the variant that goes on with the old file: a follower may miss a line that was
    # being written at that moment, but not many.
    "renamed-followed": lambda plant, kills: busy(plant, kills, outside.rename),
    "faults": faults,
    "drain": drain,
    "full": full,
    "stopped": outside.cut_while_stopped,
    "copytruncate": lambda plant, kills: outside.take_away(plant, kills, outside.copy_and_cut),
    "deleted": lambda plant, kills: outside.take_away(plant, kills, outside.delete),
}


def run(tools, name, seed, kind, kills, variant=""):
    """One round; the plant it ran on, closed. What a failed one left is kept where asked for."""
    plant = make(tools, name, seed, kind, variant)
    try:
        ROUNDS[kind](plant, kills)
        return plant
    except Broken:
        plant.lab.check()
        if os.environ.get("CRASH_KEEP") and not variant:
            kept = os.path.join(os.environ["CRASH_KEEP"], name)
            no_sockets = shutil.ignore_patterns("*.sock")
            shutil.copytree(plant.folder, kept, ignore=no_sockets, dirs_exist_ok=True)
            shutil.copytree(plant.logs, kept + "/log", dirs_exist_ok=True)
        raise
    finally:
        plant.close()
