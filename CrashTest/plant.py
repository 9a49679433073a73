"""One feedwatch with feeds, hooks and a follower of its log, to be killed and looked at."""

import ctypes
import gzip
import http.client
import json
import mmap
import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import time

FILE_LOG, FILE_STATE, FILE_FOLDER = 1, 2, 4
CALL_WRITE, CALL_SYNC, CALL_RESERVE, CALL_OPEN, CALL_NAME = 1, 2, 4, 8, 16

FEEDS = 3
TOPICS = ("quartz", "jade")


class Broken(Exception):
    """An invariant does not hold."""


class Disturbed(Exception):
    """What the harness itself needs has failed: nothing is known of the daemon."""


def dies_with_parent():
    """Lets no child outlive the harness, whatever becomes of it."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def is_awake():
    """Lets a follower look at each file in time, however much the rest of the machine has to do:
    a `tail` that gets no turn while two rotations pass never sees the file between them."""
    dies_with_parent()
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    except PermissionError:
        pass  # as good as the harness itself


class Tools:
    """The programs and where things may be put."""

    def __init__(self, feedwatch, lab, shim, hook, work):
        self.feedwatch, self.lab, self.shim, self.hook, self.work = feedwatch, lab, shim, hook, work


class Lab:
    """A feedlab-server and what was published in it."""

    def __init__(self, tools, folder):
        site = os.path.join(folder, "site")
        os.makedirs(site)
        validators = ("both", "strong", "none")
        feeds = [
            {"id": f"f{n}", "path": f"/f{n}.xml", "validators": validators[n % 3]}
            for n in range(FEEDS)
        ]
        with open(site + "/site.json", "w") as file:
            json.dump({"feeds": feeds}, file)
        with open(site + "/expectations.json", "w") as file:
            json.dump({"items": []}, file)
        self.process = subprocess.Popen(
            [tools.lab, "--site", site, "--print-port"],
            stdout=subprocess.PIPE,
            preexec_fn=dies_with_parent,
        )
        self.port = int(self.process.stdout.readline())
        self.wanted = set()
        self.count = 0

    def publish(self, lot):
        """Publishes an item; it matches one topic, both or none."""
        self.count += 1
        topics = lot.choice((("quartz",), ("jade",), TOPICS, ()))
        link = f"https://lab.example/{self.count}"
        # Lines of all lengths, some beyond a page: those are written in several steps.
        text = "Long ago, far away. " * lot.choice((1, 10, 45))
        item = {
            "id": f"item-{self.count}",
            "title": f"Item {self.count} " + " ".join(topics),
            "summary": text,
            "link": link,
            "published": 1750000000 + self.count,
        }
        self.post(f"/lab/publish?feed=f{lot.randrange(FEEDS)}", json.dumps(item))
        self.wanted.update((topic, link) for topic in topics)

    def post(self, path, body):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("POST", path, body)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
        except OSError as error:
            # Said apart: without feeds nothing of what follows tells anything of the daemon.
            raise Disturbed(f"the lab ({self.process.poll()}): {error}") from None
        if answer.status != 200:
            raise RuntimeError(f"the lab says {answer.status}: {text!r}")

    def check(self):
        """Whether there are still feeds: without them nothing can be found."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", "/f0.xml")
            connection.getresponse().read()
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise Disturbed(f"the lab ({self.process.poll()}): {error}") from None

    def stop(self):
        self.process.kill()
        self.process.wait()


class Control:
    """The page by which the shim is told what fails (`struct control`)."""

    def __init__(self, path):
        self.path = path
        with open(path, "wb") as file:
            file.write(bytes(4096))
        self.file = open(path, "r+b")
        self.page = mmap.mmap(self.file.fileno(), 4096)

    def fail(self, code, files=FILE_LOG | FILE_STATE, calls=CALL_WRITE, one_in=1, short=False):
        self.page[4:20] = struct.pack("4i", files, calls, one_in, int(short))
        self.page[0:4] = struct.pack("i", code)

    def heal(self):
        self.page[0:4] = struct.pack("i", 0)

    def begin(self):
        self.page[20:24] = struct.pack("i", 0)

    @property
    def operations(self):
        return struct.unpack("i", self.page[20:24])[0]


def fnv(data):
    value = 14695981039346656037
    for byte in data:
        value = (value ^ byte) * 1099511628211 & 0xFFFFFFFFFFFFFFFF
    return value


class Plant:
    """A configuration, its state, log, hooks and follower."""

    def __init__(self, tools, name, seed, settings="", log_folder=None, variant="", follow=True):
        self.tools, self.variant = tools, variant
        self.lot = random.Random(seed)
        self.folder = os.path.join(tools.work, name)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.state = self.folder + "/state"
        self.logs = log_folder or self.folder + "/log"
        shutil.rmtree(self.logs, ignore_errors=True)
        os.makedirs(self.state)
        os.makedirs(self.logs)
        self.log = self.logs + "/matches.jsonl"
        self.control = Control(self.folder + "/control")
        self.lab = Lab(tools, self.folder)
        self.process = None
        self.journal_start = 0
        self.last_rotation = 0.0
        self.kills = 0
        self.exits = {}
        self.seen = {}
        self.deliveries = {"all": {}, "jade": {}}
        self.configure(settings)
        self.followers = {}
        self.printed = self.folder + "/followed"
        if follow:
            self.follow()

    def configure(self, settings):
        with open(self.folder + "/feedwatch.toml", "w") as file:
            file.write(
                f"""
                [watch]
                interval = "150ms"
                baseline = "match"
                state = "{self.state}"
                log = "{self.log}"
                {settings}
                [limits]
                min_interval = "100ms"
                host_spacing = "0s"
                allow_networks = ["127.0.0.1/32"]
                [[hook]]
                id = "all"
                exec = ["{self.tools.hook}", "{self.folder}/hook-all"]
                [[hook]]
                id = "jade"
                exec = ["{self.tools.hook}", "{self.folder}/hook-jade"]
                topics = ["jade"]
                """
            )
            for topic in TOPICS:
                file.write(
                    f'[[topic]]\nid = "{topic}"\ntitle = "{topic}"\nquery = "{topic}"\n'
                    f'[[topic.test]]\ntext = "A {topic}"\nmatch = true\n'
                )
            for number in range(FEEDS):
                url = f"http://127.0.0.1:{self.lab.port}/f{number}.xml"
                file.write(f'[[feed]]\nid = "f{number}"\nurl = "{url}"\n')

    def follow(self):
        # Without a file at its start tail does without inotify, and misses files that do not live
        # for a second.
        open(self.log, "ab").close()
        own = [self.tools.feedwatch, "tail", "-f", "--json", "-n", "1000000"]
        for path, command in (
            (self.printed, ["tail", "-n", "+1", "-F", self.log]),
            (self.printed + "-by-feedwatch", own + ["-c", self.folder + "/feedwatch.toml"]),
        ):
            self.followers[path] = subprocess.Popen(
                command,
                stdout=open(path, "wb"),
                stderr=open(path + ".complaints", "wb"),
                env={**os.environ, "LC_ALL": "C"},
                preexec_fn=is_awake,
            )

    # --- The daemon -----------------------------------------------------------------------------

    def start(self, at=0, when="before", files=0, trace=None, boot=None):
        environment = {
            "PATH": os.environ["PATH"],
            "LD_PRELOAD": self.tools.shim,
            "CRASH_CONTROL": self.control.path,
            "CRASH_VARIANT": self.variant,
            "SWIFT_BACKTRACE": "enable=no",
        }
        if at:
            environment.update(CRASH_AT=str(at), CRASH_WHEN=when)
        if files:
            environment["CRASH_FILES"] = str(files)
        if trace:
            environment["CRASH_TRACE"] = trace
        if boot:
            environment["CRASH_BOOT_ID"] = boot
        self.control.begin()
        self.journal_start = self.journal_size()
        self.process = subprocess.Popen(
            [self.tools.feedwatch, "run", "-c", self.folder + "/feedwatch.toml"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(self.folder + "/journal", "ab"),
            preexec_fn=dies_with_parent,
        )

    def journal_size(self):
        path = self.folder + "/journal"
        return os.path.getsize(path) if os.path.exists(path) else 0

    @property
    def listens(self):
        """Whether signals are answered; before that they end the daemon, as they should."""
        with open(self.folder + "/journal", "rb") as file:
            file.seek(self.journal_start)
            return b" started " in file.read()

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def reap(self):
        """Takes note of how the daemon ended by itself."""
        status = self.process.wait()
        self.process = None
        self.exits[status] = self.exits.get(status, 0) + 1
        if status == -signal.SIGKILL:
            self.kills += 1
        # 3: cannot go on; 74: the disk cannot be trusted.
        elif status not in (0, 3, 74):
            raise Broken(f"the daemon ended with {status}: {self.last_words()}")
        return status

    def kill(self):
        self.process.kill()
        self.reap()

    def stop(self):
        if not self.wait(20, lambda: self.listens):
            raise Broken(f"the daemon does not start: {self.last_words()}")
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            raise Broken("the daemon does not end at SIGTERM") from None
        if self.reap() != 0:
            raise Broken(f"the daemon did not end well: {self.last_words()}")

    def last_words(self):
        with open(self.folder + "/journal", "rb") as file:
            return file.read()[-600:].decode(errors="replace")

    def wait(self, seconds, condition):
        """Waits for a condition, or until the daemon ends; whether the condition holds.

        The time in which others had the processors does not count.
        """
        end = time.monotonic() + seconds
        begun = self.starved()
        while time.monotonic() < end + max(0, self.starved() - begun):
            if condition():
                return True
            if not self.is_running:
                return condition()
            time.sleep(0.02)
        return condition()

    def starved(self):
        """For how many seconds the daemon and its feeds have waited for a processor so far."""
        total = 0
        for process in (self.process, self.lab.process):
            waits = [0]
            try:
                threads = f"/proc/{process.pid}/task"
                for thread in os.listdir(threads):
                    with open(f"{threads}/{thread}/schedstat") as file:
                        waits.append(int(file.read().split()[1]))
            except (OSError, AttributeError, IndexError):
                pass  # it has ended, or the kernel does not count
            total += max(waits)
        return total / 1e9

    # --- What there is --------------------------------------------------------------------------

    def files(self):
        """The log's files by age."""
        names = [name for name in os.listdir(self.logs) if name.startswith("matches.jsonl")]
        found = []
        for name in names:
            path = os.path.join(self.logs, name)
            try:
                with open(path, "rb") as file:
                    inode = os.fstat(file.fileno()).st_ino
                    data = file.read()
                if path.endswith(".gz"):
                    data = gzip.decompress(data)
            except (FileNotFoundError, EOFError):
                continue  # renamed, or being compressed, under our eyes
            first = data.split(b"\n", 1)[0]
            try:
                age = json.loads(first)["seq"]
            except (ValueError, KeyError):
                age = 1 << 60 if name == "matches.jsonl" else 1 << 59
            found.append((age, path, inode, data))
        found.sort(key=lambda one: one[0])
        return found

    @property
    def has_log(self):
        """Whether there is a log with something in it."""
        return os.path.exists(self.log) and os.path.getsize(self.log) > 0

    def noted(self):
        """Up to which number lines of the log are noted as written."""
        if not self.copy_state():
            return 0
        database = sqlite3.connect(self.folder + "/copy.sqlite")
        try:
            return database.execute("SELECT noted_seq FROM log WHERE stream = 0").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # no table yet
        finally:
            database.close()

    def line_count(self):
        return sum(data.count(b"\n") for _, _, _, data in self.files())

    def told(self):
        """The deliveries noted by the hooks: hook, id, and what each attempt got."""
        found = {"all": {}, "jade": {}}
        for hook, ids in found.items():
            try:
                with open(f"{self.folder}/hook-{hook}") as file:
                    for line in file:
                        id, attempt, length, value = line.split()
                        ids.setdefault(id, []).append((int(attempt), int(length), int(value, 16)))
            except FileNotFoundError:
                pass
        return found

    def is_complete(self):
        if self.line_count() < len(self.lab.wanted):
            return False
        told = self.told()
        jade = sum(topic == "jade" for topic, _ in self.lab.wanted)
        return len(told["all"]) >= len(self.lab.wanted) and len(told["jade"]) >= jade

    # --- What must hold -------------------------------------------------------------------------

    def check_moment(self, may_cut=False):
        """What holds at any moment, also just after a kill: I2, I3, I4, I5, I9."""
        last = 0
        links = set()
        files = self.files()
        # The number of a file that is gone may be another's by now.
        seen, self.seen = self.seen, {}
        for index, (_, path, inode, data) in enumerate(files):
            key = (inode, data[:32])
            if not may_cut and not data.startswith(seen.get(key, b"")):
                raise Broken(f"I5: {path}: what could be read has changed or is gone")
            self.seen[key] = data
            lines = data.split(b"\n")
            if lines[-1] and index + 1 < len(files):
                raise Broken(f"I3: {path}: a half line at the end of a rotated file")
            for line in lines[:-1]:
                last = self.check_line(path, line, last, links)
        self.check_state()

    def check_line(self, path, line, last, links):
        try:
            record = json.loads(line.decode())
            key = (record["topic"], record["url"])
            seq = record["seq"]
        except (ValueError, KeyError):
            raise Broken(f"I3: {path}: behind seq {last} stands {line[:80]!r}") from None
        if key in links:
            raise Broken(f"I2: {path}: {key} is there twice")
        if seq != last + 1:
            raise Broken(f"I4: {path}: seq {seq} follows {last}")
        links.add(key)
        return seq

    def copy_state(self):
        """Makes a copy of the state, as SQLite would mend the original; False: there is none."""
        path, copy = self.state + "/state.sqlite", self.folder + "/copy.sqlite"
        for end in ("", "-wal", "-shm"):
            if os.path.exists(copy + end):
                os.remove(copy + end)
            if end != "-shm" and os.path.exists(path + end):
                shutil.copy(path + end, copy + end)
        return os.path.exists(copy)

    def check_state(self):
        if not self.copy_state():
            return
        try:
            with sqlite3.connect(self.folder + "/copy.sqlite") as database:
                answer = database.execute("PRAGMA integrity_check").fetchall()
            database.close()
        except sqlite3.DatabaseError as error:
            raise Broken(f"I9: {error}") from None
        if answer != [("ok",)]:
            raise Broken(f"I9: {answer[:3]}")

    def check_all(self, powered=True):
        """What holds once all is quiet: I1, I3, I6, I7 and what holds at any moment."""
        self.check_moment(may_cut=not powered)
        files = self.files()
        whole = b"".join(data for _, _, _, data in files)
        if whole and not whole.endswith(b"\n"):
            raise Broken("I3: a half line at the end")
        lines = whole.splitlines()
        records = [json.loads(line) for line in lines]
        found = {(record["topic"], record["url"]) for record in records}
        if found != self.lab.wanted:
            missing = sorted(self.lab.wanted - found)
            raise Broken(f"I1: {len(missing)} missing: {missing[:3]}; more: {found - self.lab.wanted}")
        self.check_hooks(records, lines)
        for path in self.followers:
            self.check_follower(whole, path)

    def check_hooks(self, records, lines):
        """I7: each hook got each record meant for it, whole, and nothing else."""
        told = self.told()
        for record, line in zip(records, lines):
            body = (len(line) + 1, fnv(line + b"\n"))
            for hook in ("all", "jade"):
                if hook == "jade" and record["topic"] != "jade":
                    continue
                attempts = told[hook].pop(record["id"], [])
                if not attempts:
                    raise Broken(f"I7: {hook} was not told of seq {record['seq']}")
                if any(attempt[1:] != body for attempt in attempts):
                    raise Broken(f"I7: {hook} got {attempts}, not {body}, of seq {record['seq']}")
        if any(told.values()):
            raise Broken(f"I7: told of what is not in the log: {told}")

    def check_follower(self, whole, path):
        """I6: it printed all of the log, byte for byte."""
        end = time.monotonic() + 15
        printed = b""
        while time.monotonic() < end:
            with open(path, "rb") as file:
                printed = file.read()
            if len(printed) >= len(whole):
                break
            time.sleep(0.02)
        status = self.followers[path].poll()
        if status is not None:
            raise Disturbed(f"{os.path.basename(path)} ended with {status}")
        if printed != whole:
            raise Broken(f"I6: {os.path.basename(path)}: {self.missed_by_follower(printed)}")

    # --- Followers of a log that is taken away ----------------------------------------------------

    def printed_by(self, path):
        with open(path, "rb") as file:
            return file.read()

    def wait_for_followers(self, data):
        """Waits until the followers have printed what stands in the log, up to its last line."""
        whole = data[: data.rfind(b"\n") + 1]
        last = whole[whole.rfind(b"\n", 0, -1) + 1 :]
        end = time.monotonic() + 15
        while not all(last in self.printed_by(path) for path in self.followers):
            if time.monotonic() > end:
                raise Broken(f"I6: nobody printed what stands in the log: {last[:60]!r}")
            time.sleep(0.01)

    def complaints(self, word):
        """How often `tail` said something of the log."""
        return self.printed_by(self.printed + ".complaints").count(word)

    def wait_for_complaint(self, word, before):
        end = time.monotonic() + 5
        while self.complaints(word) == before and time.monotonic() < end:
            time.sleep(0.005)

    def check_printed(self, pieces):
        """I6: `tail` printed all bytes that stood in the log once; `feedwatch tail` all lines, those
        twice that were written to a log that was being deleted."""
        wanted = b"".join(piece.whole for piece in pieces)
        own = self.printed + "-by-feedwatch"
        end = time.monotonic() + 15
        while time.monotonic() < end and self.printed_by(self.printed) != wanted:
            time.sleep(0.05)
        if self.printed_by(self.printed) != wanted:
            raise Broken(f"I6: tail: {self.missed_by_follower(self.printed_by(self.printed))}")
        lines = [line for piece in pieces for line in piece.whole.split(b"\n")[:-1]]
        while time.monotonic() < end:
            missed = set(lines) - set(self.printed_by(own).split(b"\n"))
            if not missed:
                return
            time.sleep(0.05)
        raise Broken(f"I6: feedwatch tail: missed {len(missed)} lines of {len(lines)}")

    def missed_by_follower(self, printed):
        """Which lines the follower did not print, and where they stand."""
        lines = printed.splitlines()
        missed = []
        for _, path, _, data in self.files():
            name = os.path.basename(path)
            for number, line in enumerate(data.splitlines(), 1):
                if line not in lines:
                    missed.append(f"{name}:{number} of {data.count(bytes([10]))}")
        repeated = len(lines) - len(set(lines))
        return f"the follower missed {missed[:3]}, repeated {repeated}"

    def close(self):
        if self.is_running:
            self.process.kill()
            self.process.wait()
        for follower in self.followers.values():
            follower.kill()
            follower.wait()
        self.lab.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.logs, ignore_errors=True)
