"""Simulated power cuts: the trace of a run, cut off somewhere, with all that was not synced kept,
dropped, drawn by lot, torn at sectors or turned to zeros; then the daemon starts on what is left."""

import os
import random
import shutil
import time

from plant import Broken, Plant

SECTOR = 512
WAYS = ("keep", "drop", "lot", "cut", "zero")


class File:
    """What of a file is on the disk, and what is on its way there."""

    def __init__(self):
        self.durable = bytearray()
        self.pending = []

    def sync(self):
        for change in self.pending:
            apply(self.durable, change)
        self.pending = []

    def after_cut(self, way, lot):
        data = bytearray(self.durable)
        for change in self.pending:
            offset, bytes_ = change
            if way == "keep" or (way == "lot" and lot.random() < 0.5):
                apply(data, change)
            elif way == "cut" and bytes_ is not None:
                # A part of its sectors, and no more than those before some sector.
                end = lot.randrange(len(bytes_) + 1)
                for start in range(0, end, SECTOR):
                    if lot.random() < 0.8:
                        apply(data, (offset + start, bytes_[start : min(start + SECTOR, end)]))
            elif way == "zero" and bytes_ is not None:
                # The length arrived, the bytes of some sectors did not.
                for start in range(0, len(bytes_), SECTOR):
                    piece = bytes_[start : start + SECTOR]
                    isNew = offset + start >= len(data)
                    if lot.random() < 0.5:
                        apply(data, (offset + start, piece))
                    elif isNew:
                        apply(data, (offset + start, bytes(len(piece))))
        return data


def apply(data, change):
    offset, bytes_ = change
    if bytes_ is None:
        del data[offset:]
        data.extend(bytes(offset - len(data)))
        return
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(bytes_)] = bytes_


class Disk:
    """What the trace makes of the disk."""

    def __init__(self):
        self.files = {}
        self.names = {}
        self.pending_names = {}
        self.told = []

    def step(self, kind, rest, data):
        if kind == "W":
            inode, offset, _ = rest.split()
            self.file(inode).pending.append((int(offset), data))
        elif kind == "T":
            inode, size = rest.split()
            self.file(inode).pending.append((int(size), None))
        elif kind == "S":
            self.file(rest).sync()
        elif kind == "H":
            self.told.append(rest)
        elif kind == "D":
            self.settle(rest, None)
        else:
            folder = os.path.dirname(rest.split(" ", 1)[1] if kind == "C" else rest.split("\t")[0])
            self.pending_names.setdefault(folder, []).append((kind, rest))

    def file(self, inode):
        return self.files.setdefault(inode, File())

    def settle(self, folder, count):
        """Lets the first so many changes of a folder's entries reach the disk; None: all."""
        changes = self.pending_names.get(folder, [])
        apply_names(self.names, changes if count is None else changes[:count])
        if count is None:
            self.pending_names[folder] = []

    def after_cut(self, way, lot):
        """Names and bytes after a cut."""
        names = dict(self.names)
        for changes in self.pending_names.values():
            count = len(changes) if way == "keep" else 0 if way == "drop" else lot.randint(0, len(changes))
            apply_names(names, changes[:count])
        return {
            path: (inode, self.file(inode).after_cut(way, lot)) for path, inode in names.items()
        }


def apply_names(names, changes):
    for kind, rest in changes:
        if kind == "C":
            inode, path = rest.split(" ", 1)
            names[path] = inode
        elif kind == "R":
            old, new = rest.split("\t")
            if old in names:
                names[new] = names.pop(old)
        else:
            names.pop(rest, None)


def read_trace(path):
    """The operations of a trace."""
    with open(path, "rb") as file:
        while line := file.readline():
            kind, rest = line.decode().rstrip("\n").split(" ", 1)
            data = file.read(int(rest.split()[2])) if kind == "W" else None
            yield kind, rest, data


def record(plant, trace, items):
    """A run with kills and rotations, all that it does to the disk written down."""
    for round in range(items):
        plant.start(trace=trace)
        for _ in range(plant.lot.randint(1, 4)):
            plant.lab.publish(plant.lot)
            plant.wait(plant.lot.choice((0.05, 0.2, 0.5)), lambda: False)
        if round % 3 == 2 and plant.listens:
            plant.process.send_signal(10)  # SIGUSR1
            plant.wait(0.1, lambda: False)
        plant.kill()
    plant.start(trace=trace)
    plant.wait(20, plant.is_complete)
    plant.kill()


def cut_points(operations, count, lot):
    """Where to cut: every other time while a write to the log waits for its sync."""
    logs, waiting = set(), []
    for number, (kind, rest, _) in enumerate(operations, 1):
        if kind == "C" and ".jsonl" in rest:
            logs.add(rest.split(" ", 1)[0])
        elif kind == "W" and rest.split()[0] in logs:
            waiting.append(number)
    return [
        lot.choice(waiting) if waiting and lot.random() < 0.5 else lot.randint(1, len(operations))
        for _ in range(count)
    ]


def run(tools, name, seed, images, variant=""):
    """Records a run and looks at so many cuts of it."""
    plant = Plant(tools, name, seed, 'rotate = "16KiB"', None, variant, follow=False)
    try:
        trace = plant.folder + "/trace"
        record(plant, trace, 8)
        operations = list(read_trace(trace))
        lot = random.Random(seed)
        cuts = sorted(cut_points(operations, images, lot))
        # The inodes stay: what a log's file is known by must be the same after the cut.
        kept = plant.folder + "/inodes"
        os.makedirs(kept)
        for file in os.listdir(plant.logs):
            full = os.path.join(plant.logs, file)
            os.link(full, os.path.join(kept, str(os.stat(full).st_ino)))
        told_files = {hook: read(f"{plant.folder}/hook-{hook}") for hook in ("all", "jade")}
        disk = Disk()
        done = 0
        for number, cut in enumerate(cuts):
            for kind, rest, data in operations[done:cut]:
                disk.step(kind, rest, data)
            done = max(done, cut)
            way = lot.choice(WAYS)
            try:
                look_at(plant, disk.after_cut(way, lot), disk.told, told_files, kept, number)
            except Broken as broken:
                if os.environ.get("CRASH_KEEP") and not variant:
                    kept = os.path.join(os.environ["CRASH_KEEP"], name)
                    no_sockets = shutil.ignore_patterns("*.sock")
                    shutil.copytree(plant.folder, kept, ignore=no_sockets, dirs_exist_ok=True)
                raise Broken(f"cut at {cut} of {len(operations)}, {way}: {broken}") from None
        return plant
    finally:
        plant.close()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def look_at(plant, image, told, told_files, kept, number):
    """Starts the daemon on an image and waits until all is in the log."""
    for folder in (plant.state, plant.logs):
        shutil.rmtree(folder)
        os.makedirs(folder)
    for path, (inode, data) in image.items():
        if path.startswith(plant.logs):
            source = os.path.join(kept, inode)
            with open(source, "r+b" if os.path.exists(source) else "w+b") as file:
                file.truncate(0)
                file.write(data)
            os.link(source, path)
        else:
            with open(path, "wb") as file:
                file.write(data)
    # What the hooks were told before the cut, they were told.
    for hook, text in told_files.items():
        lines = text.splitlines(keepends=True)
        counts = {}
        for id in told:
            counts[id] = counts.get(id, 0) + 1
        with open(f"{plant.folder}/hook-{hook}", "wb") as file:
            for line in lines:
                id = line.split()[0].decode()
                if counts.get(id, 0) > 0:
                    file.write(line)
    plant.seen = {}
    if os.environ.get("CRASH_KEEP"):
        shutil.rmtree(plant.folder + "/image", ignore_errors=True)
        shutil.copytree(plant.state, plant.folder + "/image/state")
        shutil.copytree(plant.logs, plant.folder + "/image/log")
    boot = plant.folder + "/boot"
    with open(boot, "w") as file:
        file.write(f"00000000-0000-4000-8000-{number:012d}\n")
    if plant.variant == "one-boot":
        boot = None
    plant.start(boot=boot)
    deadline = time.monotonic() + 20
    while not plant.wait(deadline - time.monotonic(), plant.is_complete):
        if plant.is_running or time.monotonic() > deadline:
            break
        plant.reap()
        time.sleep(0.05)
        plant.start(boot=boot)
    if plant.is_running:
        plant.kill()
    plant.check_all()
