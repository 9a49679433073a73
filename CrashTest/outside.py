"""What others do to the log while the daemon writes it: rotate, rename, copy and cut, delete."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

from plant import Broken

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


def copy_and_cut(plant):
    """Copies the log and cuts it, as logrotate does with `copytruncate`: what was taken away."""
    with open(plant.log, "r+b") as file:
        data = file.read()
        time.sleep(plant.lot.choice((0, 0, 0.01, 0.05)))
        plant.between += file.read()
        file.truncate(0)
    return data


def delete(plant):
    """Deletes the log; what was written to it until nobody could any more is taken away."""
    with open(plant.log, "rb") as file:
        os.remove(plant.log)
        time.sleep(0.05)
        return file.read()


def take_away(plant, kills, take):
    """The log is taken away at random moments while the daemon writes, dies and starts.

    What must hold: each line stands in one of the pieces, but for those that came between copy and
    cut, which are the next ones after a piece; a line stands in two pieces only where it was in
    flight; hooks are told of all; the follower misses at most what was in flight.
    """
    pieces = []
    # What was written between copy and cut.
    plant.between = b""
    while plant.kills < kills:
        plant.start()
        end = time.monotonic() + plant.lot.choice((0.1, 0.3, 0.8))
        while time.monotonic() < end and plant.is_running:
            if plant.lab.count < kills * 2 and plant.lot.random() < 0.5:
                plant.lab.publish(plant.lot)
            has_lines = os.path.exists(plant.log) and os.path.getsize(plant.log)
            if has_lines and plant.lot.random() < 0.15:
                pieces.append(take(plant))
            time.sleep(0.01)
        plant.kill() if plant.is_running else plant.reap()
        plant.check_state()
    if not plant.is_running:
        plant.start()
    if not plant.wait(20, lambda: hooks_are_done(plant)):
        raise Broken(f"I7: the hooks were not told: {plant.last_words()}")
    plant.stop()
    with open(plant.log, "rb") as file:
        pieces.append(file.read())
    lost = check_pieces(plant, pieces, may_lose=take is copy_and_cut)
    # `feedwatch tail` looks ten times a second: it cannot see what came and went in between.
    check_printed(plant, plant.printed, lost)


def hooks_are_done(plant):
    told = plant.told()
    jade = sum(topic == "jade" for topic, _ in plant.lab.wanted)
    return len(told["all"]) >= len(plant.lab.wanted) and len(told["jade"]) >= jade


def check_pieces(plant, pieces, may_lose):
    """Looks at what was taken away and what is left, in the order of time; the numbers lost."""
    lines, last, lost = {}, 0, set()
    for place, data in enumerate(pieces):
        if b"\0" in data:
            raise Broken(f"piece {place}: zero bytes")
        whole = data.split(b"\n")
        if whole.pop() and place + 1 == len(pieces):
            raise Broken("I3: a half line at the end")
        for number, line in enumerate(whole):
            try:
                seq = json.loads(line)["seq"]
            except (ValueError, KeyError):
                # What was torn when it was taken away may be closed by a newline.
                if number == 0 or number + 1 == len(whole):
                    continue
                raise Broken(f"I3: piece {place}, line {number}: {line[:80]!r}") from None
            known = lines.setdefault(seq, line)
            if known != line:
                raise Broken(f"seq {seq} stands there in two forms")
            if seq > last + 1:
                # Only at the seam of two pieces.
                if number > 1 or not may_lose:
                    raise Broken(f"I1: piece {place}, line {number}: {last} is followed by {seq}")
                lost.update(range(last + 1, seq))
            if seq <= last and number > 40:
                raise Broken(f"I2: piece {place}, line {number}: {seq} after {last}")
            last = max(last, seq)
    lost.update(range(last + 1, len(plant.lab.wanted) + 1))
    # One may be written in the microseconds between the look and the cut.
    seen = {int(number) for number in re.findall(rb'"seq":(\d+)', plant.between)}
    if len(lost - seen) > (1 if may_lose else 0):
        raise Broken(f"I1: {sorted(lost - seen)} are lost of {len(plant.lab.wanted)}")
    records = [json.loads(line) for line in lines.values()]
    told = plant.told()
    for hook in told:
        ids = {record["id"] for record in records if hook == "all" or record["topic"] == hook}
        missing = ids - set(told[hook])
        if missing:
            raise Broken(f"I7: {hook} was not told of {sorted(missing)[:3]}")
    return lost


def check_printed(plant, path, lost):
    """What a follower printed: everything that is in the log, and hardly anything twice."""
    wanted = set(range(1, len(plant.lab.wanted) + 1)) - lost
    end = time.monotonic() + 15
    while True:
        seen = []
        with open(path, "rb") as file:
            for line in file.read().split(b"\n"):
                try:
                    # A half line may stand before a whole one.
                    seen.append(json.loads(line[line.rindex(b'{"schema"'):])["seq"])
                except ValueError:
                    pass
        missed = wanted - set(seen)
        if not missed or time.monotonic() > end:
            break
        time.sleep(0.1)
    if missed:
        name = os.path.basename(path)
        raise Broken(f"I6: {name}: missed {sorted(missed)[:8]} of {len(wanted)}")
    if len(seen) - len(set(seen)) > len(wanted) / 4:
        raise Broken(f"I6: {os.path.basename(path)}: {len(seen) - len(set(seen))} lines twice")
