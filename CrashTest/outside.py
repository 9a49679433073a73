"""What others do to the log while the daemon writes it: rotate, rename, copy and cut, delete."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time

from plant import Broken, Disturbed

HERE = os.path.dirname(os.path.abspath(__file__))
LOGROTATE = shutil.which("logrotate", path="/usr/sbin:/usr/bin:/sbin:/bin")


def is_time(plant):
    """Not so often that a follower meets two rotations at one look."""
    if time.monotonic() - plant.last_rotation < 1 or plant.lot.random() > 0.1:
        return False
    plant.last_rotation = time.monotonic()
    return True


def is_followed(plant):
    """Whether the follower has begun with the current file."""
    if not os.path.exists(plant.log):
        return False
    with open(plant.log, "rb") as log, open(plant.printed, "rb") as printed:
        first = log.readline()
        return first.endswith(b"\n") and first in printed.read()


# --- Rotation -----------------------------------------------------------------------------------


def ask(plant):
    """Asks the daemon to rotate."""
    if is_time(plant) and is_followed(plant) and plant.is_running and plant.listens:
        plant.process.send_signal(signal.SIGUSR1)


def logrotate(plant):
    """Lets logrotate do what the file that is shipped says, with the paths of this plant."""
    if not LOGROTATE:
        return ask(plant)
    if not (is_time(plant) and is_followed(plant) and plant.is_running and plant.listens):
        return
    with open(HERE + "/../packaging/feedwatch.logrotate") as file:
        text = file.read()
    paths = {
        "    su feedwatch feedwatch\n": "",
        "setpriv --reuid=feedwatch --regid=feedwatch --init-groups": "env",
        "/usr/bin/feedwatch": plant.tools.feedwatch,
        "/etc/feedwatch": plant.folder,
        "/run/feedwatch": plant.state,
        "/var/log/feedwatch": plant.logs,
    }
    for what in paths:
        if what not in text:
            raise Broken(f"the logrotate file does not say {what.strip()}")
    # In one go: a path that is put in may hold one that is looked for.
    text = re.sub("|".join(map(re.escape, paths)), lambda found: paths[found[0]], text)
    path = plant.folder + "/logrotate.conf"
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o644)
    done = subprocess.run(
        [LOGROTATE, "--force", "--state", plant.folder + "/logrotate.state", path],
        capture_output=True,
        text=True,
    )
    # The daemon may die meanwhile, which logrotate says, and rightly.
    if done.returncode and plant.is_running:
        raise Broken(f"logrotate: {done.stderr}")


def rename(plant):
    """Renames the log as logrotate does by itself, now and then without telling the daemon."""
    if not is_time(plant) or not os.path.exists(plant.log) or not os.path.getsize(plant.log):
        return
    number = sum(name.startswith("matches.jsonl.") for name in os.listdir(plant.logs))
    os.rename(plant.log, f"{plant.log}.{number + 1}")
    if plant.lot.random() < 0.7 and plant.is_running and plant.listens:
        plant.process.send_signal(signal.SIGHUP)


# --- Taking the log away ------------------------------------------------------------------------


def cut_while_stopped(plant, kills):
    """Copies the log and cuts it while the daemon stands still: nothing is lost then.

    What is in flight may be repeated or torn: only rubbish between lines is looked for.
    """
    copies = 0
    while plant.kills < kills:
        plant.start()
        for _ in range(3):
            plant.lab.publish(plant.lot)
            plant.wait(0.2, lambda: False)
            plant.process.send_signal(signal.SIGSTOP)
            if os.path.exists(plant.log):
                copies += 1
                shutil.copy(plant.log, f"{plant.log}.{copies}")
                os.truncate(plant.log, 0)
            plant.process.send_signal(signal.SIGCONT)
        plant.wait(20, lambda: plant.line_count() >= len(plant.lab.wanted))
        for _, path, _, data in plant.files():
            if b"\0" in data:
                raise Broken(f"{path}: zero bytes")
        if plant.line_count() < len(plant.lab.wanted):
            raise Broken("lines are missing")
        plant.kill()
    plant.control.heal()


def stand_still(plant):
    """Stops the daemon, whatever it is at, and waits until all of it stands."""
    plant.process.send_signal(signal.SIGSTOP)
    threads = f"/proc/{plant.process.pid}/task"
    end = time.monotonic() + 10
    while time.monotonic() < end:
        states = []
        for thread in os.listdir(threads):
            with open(f"{threads}/{thread}/stat") as file:
                states.append(file.read().rsplit(")", 1)[1].split()[0])
        if set(states) <= {"T", "t"}:
            return
        time.sleep(0.001)
    raise Disturbed(f"the daemon does not stop: {states}")


class Piece:
    """What was taken away of the log: the copy that is kept, what came between copy and cut, and
    up to which number the daemon had noted its lines as written."""

    def __init__(self, kept, lost=b"", noted=0):
        self.kept, self.noted = kept, noted
        self.whole = kept + lost

    @staticmethod
    def numbers(data):
        return [json.loads(line)["seq"] for line in data.split(b"\n")[:-1]]


def copy_and_cut(plant):
    """Copies the log and cuts it, as logrotate does with `copytruncate`.

    What comes between the two is lost, and nothing else may be: so the daemon stands still, at any
    of its steps, while it is cut and while followers look at what stands there.
    """
    with open(plant.log, "r+b") as file:
        kept = file.read()
        time.sleep(plant.lot.choice((0, 0, 0.01, 0.05)))
        with standing(plant):
            piece = Piece(kept, file.read(), plant.noted())
            plant.wait_for_followers(piece.whole)
            if piece.whole:
                cuts = plant.complaints(b"truncated")
                file.truncate(0)
                plant.wait_for_complaint(b"truncated", cuts)
                # `feedwatch tail` looks ten times a second.
                time.sleep(0.25)
    return piece


def delete(plant):
    """Deletes the log; what is written to it afterwards nobody can read: it must come again."""
    with standing(plant):
        with open(plant.log, "rb") as file:
            piece = Piece(file.read(), noted=plant.noted())
        plant.wait_for_followers(piece.whole)
        gone = plant.complaints(b"inaccessible")
        os.remove(plant.log)
        plant.wait_for_complaint(b"inaccessible", gone)
    return piece


@contextlib.contextmanager
def standing(plant):
    """The daemon stands still, or is dead."""
    if not plant.is_running:
        yield
        return
    stand_still(plant)
    try:
        yield
    finally:
        plant.process.send_signal(signal.SIGCONT)


def take_away(plant, kills, take):
    """The log is taken away at random moments while the daemon writes, dies and starts.

    What must hold: each line stands in one of the pieces, but for those that came between copy and
    cut; a line stands in two pieces only where it was not noted when the first was taken; hooks are
    told of all; followers printed what stood there.
    """
    pieces = []
    while plant.kills < kills:
        plant.start()
        end = time.monotonic() + plant.lot.choice((0.1, 0.3, 0.8))
        while time.monotonic() < end and plant.is_running:
            if plant.lab.count < kills * 2 and plant.lot.random() < 0.5:
                plant.lab.publish(plant.lot)
            if plant.has_log and plant.lot.random() < 0.15:
                pieces.append(take(plant))
            time.sleep(0.01)
        plant.kill() if plant.is_running else plant.reap()
        plant.check_state()
        if plant.has_log and plant.lot.random() < 0.15:
            pieces.append(take(plant))
    if not plant.is_running:
        plant.start()
    if not plant.wait(20, lambda: hooks_are_done(plant)):
        raise Broken(f"I7: the hooks were not told: {plant.last_words()}")
    plant.stop()
    with open(plant.log, "rb") as file:
        pieces.append(Piece(file.read()))
    check_pieces(plant, pieces)
    plant.check_printed(pieces)


def hooks_are_done(plant):
    told = plant.told()
    jade = sum(topic == "jade" for topic, _ in plant.lab.wanted)
    return len(told["all"]) >= len(plant.lab.wanted) and len(told["jade"]) >= jade


def check_pieces(plant, pieces):
    """Looks at what was taken away and what is left, in the order of time."""
    lines, may_be_lost, noted = {}, set(), 0
    for place, piece in enumerate(pieces):
        if b"\0" in piece.whole:
            raise Broken(f"piece {place}: zero bytes")
        if place + 1 == len(pieces) and piece.whole and not piece.whole.endswith(b"\n"):
            raise Broken("I3: a half line at the end")
        last = None
        for line in piece.whole.split(b"\n")[:-1]:
            try:
                seq = json.loads(line)["seq"]
            except (ValueError, KeyError):
                raise Broken(f"I3: piece {place} behind {last}: {line[:80]!r}") from None
            if lines.setdefault(seq, line) != line:
                raise Broken(f"seq {seq} stands there in two forms")
            if last is not None and seq != last + 1:
                raise Broken(f"I4: piece {place}: {last} is followed by {seq}")
            if seq <= noted:
                raise Broken(f"I2: piece {place}: {seq} again, {noted} were noted before")
            last = seq
        may_be_lost.update(Piece.numbers(piece.whole)[len(Piece.numbers(piece.kept)) :])
        noted = max(noted, piece.noted)
    missing = set(range(1, len(plant.lab.wanted) + 1)) - set(lines)
    if missing:
        raise Broken(f"I1: {sorted(missing)} are lost of {len(plant.lab.wanted)}")
    # Those that stood there only between copy and cut are the price of `copytruncate`.
    kept = {number for piece in pieces for number in Piece.numbers(piece.kept)}
    if not set(lines) - kept <= may_be_lost:
        raise Broken(f"I1: {sorted(set(lines) - kept - may_be_lost)} are in no piece")
    whole = [lines[seq] for seq in sorted(lines)]
    plant.check_hooks([json.loads(line) for line in whole], whole)
