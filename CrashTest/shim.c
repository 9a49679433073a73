// Stands between feedwatch and the operating system (LD_PRELOAD): counts what is done to the log
// and the state, kills the process before, after or in the midst of the n-th operation, lets
// operations fail, writes down a trace for simulated power cuts, and turns feedwatch into one that
// does a step wrong. The program itself has no switch for any of this.
//
// Environment:
//   CRASH_AT, CRASH_WHEN     the operation to die at; before, middle or after
//   CRASH_FILES              FILE_… bits of the files whose operations count; all if it is not set
//   CRASH_CONTROL            a file of `struct control`, by which the harness lets things fail
//   CRASH_TRACE              where to write the trace
//   CRASH_BOOT_ID            what /proc/sys/kernel/random/boot_id holds
//   CRASH_VARIANT            the step to do wrong (the table in `variants`)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

// --- What the harness and this file share ---------------------------------------------------

// How operations fail while `code` is not 0.
struct control {
    volatile int32_t code;      // the errno value
    volatile int32_t files;     // FILE_… bits it is about
    volatile int32_t calls;     // CALL_… bits it is about
    volatile int32_t one_in;    // one in so many fails, by lot; 1: each
    volatile int32_t is_short;  // whether a write that fails leaves its first half behind
    volatile int32_t operations;
};

enum { FILE_NONE = 0, FILE_LOG = 1, FILE_STATE = 2, FILE_FOLDER = 4, FILE_SHM = 8 };
enum { CALL_WRITE = 1, CALL_SYNC = 2, CALL_RESERVE = 4, CALL_OPEN = 8, CALL_NAME = 16 };

static const char *const variants[] = {
    "",
    "no-log-sync",        // the log is not synced
    "no-state-sync",      // the write-ahead log is not synced
    "no-folder-sync",     // a new log's entry in its folder is not synced
    "synchronous-normal", // the state is kept with synchronous=NORMAL
    "note-first",         // the note is made before the lines are written
    "no-scan",            // nobody looks what stands behind the note
    "no-repair",          // a half line is left half
    "cut-half-line",      // a half line is cut off
    "no-append",          // the log is not opened with O_APPEND
    "short-write",        // nobody looks how much a write wrote
    "old-file",           // goes on writing to a file that was renamed
    "validators-first",   // a feed's validators are stored before its items
    "delivered-first",    // a delivery counts before the hook was told
    "one-boot",           // what a power cut left is taken for what somebody wrote
};
enum variant {
    RIGHT, NO_LOG_SYNC, NO_STATE_SYNC, NO_FOLDER_SYNC, SYNCHRONOUS_NORMAL, NOTE_FIRST, NO_SCAN,
    NO_REPAIR, CUT_HALF_LINE, NO_APPEND, SHORT_WRITE, OLD_FILE, VALIDATORS_FIRST, DELIVERED_FIRST,
    ONE_BOOT,
};

static struct control idle_control;
static struct control *control = &idle_control;
static long die_at = -1;
static int die_files = ~0;
static enum { BEFORE, MIDDLE, AFTER } die_when = BEFORE;
static enum variant variant = RIGHT;
static int trace = -1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;  // the trace's order is the disk's
static uint64_t lot = 88172645463325252u;

#define MOST 4096
static unsigned char kinds[MOST];  // what each descriptor is open on: FILE_…
static char *names[MOST];

// What NOTE_FIRST has not written yet.
static struct { int fd; size_t count; char *bytes; } late[8];

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t real_write(int fd, const void *bytes, size_t count) {
    REAL(write);
    return real(fd, bytes, count);
}

static ssize_t real_pread(int fd, void *bytes, size_t count, off_t offset) {
    REAL(pread);
    return real(fd, bytes, count, offset);
}

static int real_open(const char *path, int flags, mode_t mode) {
    REAL(open);
    return real(path, flags, mode);
}

static int real_fstat(int fd, struct stat *status) {
    REAL(fstat);
    return real(fd, status);
}

__attribute__((constructor)) static void begin(void) {
    const char *text;
    if ((text = getenv("CRASH_AT"))) die_at = atol(text);
    if ((text = getenv("CRASH_FILES"))) die_files = atoi(text);
    if ((text = getenv("CRASH_WHEN")))
        die_when = !strcmp(text, "after") ? AFTER : !strcmp(text, "middle") ? MIDDLE : BEFORE;
    if ((text = getenv("CRASH_VARIANT"))) {
        size_t count = sizeof variants / sizeof *variants, i = 0;
        while (i < count && strcmp(text, variants[i])) i++;
        if (i == count) abort();  // the harness asks for something we do not know
        variant = (enum variant)i;
    }
    if ((text = getenv("CRASH_CONTROL"))) {
        int fd = real_open(text, O_RDWR | O_CLOEXEC, 0);
        void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (fd < 0 || page == MAP_FAILED) abort();
        control = page;
        close(fd);
    }
    if ((text = getenv("CRASH_TRACE"))) {
        int fd = real_open(text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        trace = fcntl(fd, F_DUPFD_CLOEXEC, 1000);  // out of the way of what the tests count
        close(fd);
    }
    lot ^= (uint64_t)getpid() * 0x9E3779B97F4A7C15u;
}

// --- Operations ---------------------------------------------------------------------------------

static uint64_t draw(void) {
    lot ^= lot << 13, lot ^= lot >> 7, lot ^= lot << 17;
    return lot;
}

static int kind_of(int fd) { return fd >= 0 && fd < MOST ? kinds[fd] : FILE_NONE; }

static int kind_of_path(const char *path) {
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    if (!strncmp(name, "matches.jsonl", 13) || !strncmp(name, "events.jsonl", 12)) return FILE_LOG;
    if (!strcmp(name, "state.sqlite-shm")) return FILE_SHM;
    if (!strncmp(name, "state.sqlite", 12)) return FILE_STATE;
    return FILE_NONE;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// Begins an operation; whether it is the one to die in the midst of.
static int enter(int kind, int call) {
    pthread_mutex_lock(&order);
    errno = 0;
    if (kind == FILE_NONE || kind == FILE_SHM) return 0;
    long number = kind & die_files ? ++control->operations : -2;
    if (number == die_at && die_when == BEFORE) die();
    int code = control->code;
    if (code && (control->files & kind) && (control->calls & call)
        && (control->one_in <= 1 || draw() % (uint64_t)control->one_in == 0))
        errno = code;
    return number == die_at && die_when == MIDDLE;
}

// Ends an operation.
static void leave(int kind) {
    int code = errno;
    if (kind != FILE_SHM && kind & die_files && control->operations == die_at && die_at > 0
        && die_when != BEFORE)
        die();
    pthread_mutex_unlock(&order);
    errno = code;
}

// Writes a line of the trace and the bytes that belong to it.
static void note(const void *bytes, size_t count, const char *format, ...) {
    if (trace < 0) return;
    char line[1024];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    struct iovec parts[2] = {{line, (size_t)length}, {(void *)bytes, count}};
    REAL(writev);
    int code = errno;
    real(trace, parts, count ? 2 : 1);
    errno = code;
}

static unsigned long long inode_of(int fd) {
    struct stat status;
    return real_fstat(fd, &status) == 0 ? status.st_ino : 0;
}

static void note_write(int fd, int kind, const void *bytes, size_t count, off_t offset) {
    if (trace < 0 || kind == FILE_NONE || kind == FILE_SHM || count == 0) return;
    note(bytes, count, "W %llu %lld %zu\n", inode_of(fd), (long long)offset, count);
}

// --- Writing ------------------------------------------------------------------------------------

static off_t end_of(int fd) {
    struct stat status;
    return real_fstat(fd, &status) == 0 ? status.st_size : 0;
}

static ssize_t append(int fd, int kind, const void *bytes, size_t count) {
    off_t offset = variant == NO_APPEND ? lseek(fd, 0, SEEK_CUR) : end_of(fd);
    ssize_t done = real_write(fd, bytes, count);
    if (done > 0) note_write(fd, kind, bytes, (size_t)done, offset);
    return done;
}

static void write_late(int fd) {
    for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
        if (!late[i].bytes || (fd >= 0 && late[i].fd != fd)) continue;
        append(late[i].fd, FILE_LOG, late[i].bytes, late[i].count);
        free(late[i].bytes);
        late[i].bytes = NULL;
    }
}

static int keep_for_later(int fd, const void *bytes, size_t count) {
    for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
        if (late[i].bytes) continue;
        late[i].fd = fd;
        late[i].count = count;
        late[i].bytes = memcpy(malloc(count), bytes, count);
        return 1;
    }
    return 0;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    int kind = kind_of(fd);
    if (kind == FILE_NONE) return real_write(fd, bytes, count);
    int dies = enter(kind, CALL_WRITE);
    ssize_t done;
    if (errno) {
        int code = errno;
        done = -1;
        if (control->is_short && count > 1) done = append(fd, kind, bytes, count / 2);
        if (done < 0) errno = code;
    } else if (dies) {
        append(fd, kind, bytes, count / 2);
        die();
    } else if (variant == NOTE_FIRST && kind == FILE_LOG && keep_for_later(fd, bytes, count)) {
        done = (ssize_t)count;
    } else {
        done = append(fd, kind, bytes, count);
    }
    if (variant == SHORT_WRITE && kind == FILE_LOG && done > 0) done = (ssize_t)count;
    leave(kind);
    return done;
}

static ssize_t write_at(int fd, const void *bytes, size_t count, off_t offset) {
    REAL(pwrite);
    int kind = kind_of(fd);
    int dies = enter(kind, CALL_WRITE);
    ssize_t done;
    if (errno) {
        int code = errno;
        done = control->is_short && count > 1 ? real(fd, bytes, count / 2, offset) : -1;
        if (done < 0) errno = code;
    } else {
        done = real(fd, bytes, dies ? count / 2 : count, offset);
    }
    if (done > 0) note_write(fd, kind, bytes, (size_t)done, offset);
    leave(kind);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return write_at(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    return write_at(fd, bytes, count, offset);
}

// --- Reading: for variants only -----------------------------------------------------------------

static ssize_t read_at(int fd, void *bytes, size_t count, off_t offset) {
    ssize_t done = real_pread(fd, bytes, count, offset);
    // What stands in the log looks as if somebody else had written it.
    if (done > 1 && kind_of(fd) == FILE_LOG && (variant == NO_SCAN || variant == NO_REPAIR)) {
        char *from = bytes, *end = from + done, *last = memrchr(bytes, '\n', (size_t)done);
        if (variant == NO_REPAIR && last) from = last + 1;
        for (; from < end; from++)
            if (*from != '\n') *from = 'x';
    }
    return done;
}

ssize_t pread(int fd, void *bytes, size_t count, off_t offset) {
    return read_at(fd, bytes, count, offset);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) {
    return read_at(fd, bytes, count, offset);
}

// --- Syncing ------------------------------------------------------------------------------------

static int is_sync_left_out(int fd, int kind) {
    switch (variant) {
    case NO_LOG_SYNC: case NOTE_FIRST: return kind == FILE_LOG;
    case NO_STATE_SYNC: return kind == FILE_STATE;
    case NO_FOLDER_SYNC: return kind == FILE_FOLDER && names[fd] && !strstr(names[fd], "state");
    default: return 0;
    }
}

static int sync_by(int (*real)(int), int fd) {
    int kind = kind_of(fd);
    int dies = enter(kind, CALL_SYNC);
    int result = 0;
    if (errno) {
        result = -1;
    } else if (!is_sync_left_out(fd, kind) && !dies) {
        result = trace < 0 ? real(fd) : 0;  // the trace knows what is synced; the disk need not
        if (result == 0 && kind == FILE_FOLDER) note(NULL, 0, "D %s\n", names[fd]);
        if (result == 0 && (kind == FILE_LOG || kind == FILE_STATE))
            note(NULL, 0, "S %llu\n", inode_of(fd));
    }
    leave(kind);
    if (variant == NOTE_FIRST && kind == FILE_STATE) {
        pthread_mutex_lock(&order);
        write_late(-1);
        pthread_mutex_unlock(&order);
    }
    return result;
}

int fsync(int fd) {
    REAL(fsync);
    return sync_by(real, fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return sync_by(real, fd);
}

// --- Length and room ----------------------------------------------------------------------------

static int cut(int fd, off_t size) {
    REAL(ftruncate);
    int kind = kind_of(fd);
    int dies = enter(kind, CALL_WRITE);
    int result = errno ? -1 : dies ? 0 : real(fd, size);
    if (result == 0 && !dies && (kind == FILE_LOG || kind == FILE_STATE))
        note(NULL, 0, "T %llu %lld\n", inode_of(fd), (long long)size);
    leave(kind);
    return result;
}

int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

static int reserve(int fd, int mode, off_t offset, off_t count) {
    REAL(fallocate);
    int kind = kind_of(fd);
    int dies = enter(kind, CALL_RESERVE);
    int result = errno ? -1 : dies ? 0 : real(fd, mode, offset, count);
    leave(kind);
    return result;
}

int fallocate(int fd, int mode, off_t offset, off_t count) {
    return reserve(fd, mode, offset, count);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t count) {
    return reserve(fd, mode, offset, count);
}

// --- Names --------------------------------------------------------------------------------------

static void cut_half_line(int fd) {
    off_t size = end_of(fd), keep = size;
    char byte;
    while (keep > 0 && real_pread(fd, &byte, 1, keep - 1) == 1 && byte != '\n') keep--;
    REAL(ftruncate);
    if (keep < size) real(fd, keep);
}

static int open_by(const char *path, int flags, mode_t mode) {
    const char *boot = getenv("CRASH_BOOT_ID");
    if (boot && !strcmp(path, "/proc/sys/kernel/random/boot_id"))
        return real_open(boot, flags, mode);
    int kind = kind_of_path(path);
    if (kind == FILE_NONE) {
        // SQLite opens folders to sync them without saying that it wants a folder.
        int fd = real_open(path, flags, mode);
        struct stat status;
        if (fd < 0 || fd >= MOST || real_fstat(fd, &status) < 0 || !S_ISDIR(status.st_mode))
            return fd;
        free(names[fd]);
        names[fd] = strdup(path);
        kinds[fd] = FILE_FOLDER;
        return fd;
    }
    int made = (flags & O_CREAT) && access(path, F_OK) != 0;
    if (made) {
        int dies = enter(kind, CALL_OPEN);
        if (errno || dies) {
            if (dies) die();
            leave(kind);
            return -1;
        }
    }
    int isLog = kind == FILE_LOG && (flags & O_ACCMODE) != O_RDONLY;
    if (isLog && variant == NO_APPEND) flags &= ~O_APPEND;
    int fd = real_open(path, flags, mode);
    if (fd >= 0 && fd < MOST) {
        free(names[fd]);
        names[fd] = strdup(path);
        kinds[fd] = (unsigned char)kind;
        if (isLog && variant == NO_APPEND) lseek(fd, 0, SEEK_END);
        if (isLog && variant == CUT_HALF_LINE) cut_half_line(fd);
        if (made && kind != FILE_SHM) note(NULL, 0, "C %llu %s\n", inode_of(fd), path);
    }
    if (made) leave(kind);
    return fd;
}

#define OPEN(name, ...) \
    { \
        va_list list; \
        va_start(list, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
        va_end(list); \
        return open_by(path, flags, mode); \
    }

int open(const char *path, int flags, ...) OPEN(open)
int open64(const char *path, int flags, ...) OPEN(open64)

int close(int fd) {
    REAL(close);
    if (variant == NOTE_FIRST && kind_of(fd) == FILE_LOG) {
        pthread_mutex_lock(&order);
        write_late(fd);
        pthread_mutex_unlock(&order);
    }
    if (fd >= 0 && fd < MOST) kinds[fd] = FILE_NONE;
    return real(fd);
}

static int rename_by(const char *from, const char *to, unsigned flags) {
    REAL(renameat2);
    int kind = kind_of_path(from);
    int dies = enter(kind, CALL_NAME);
    int result = errno ? -1 : dies ? 0 : real(AT_FDCWD, from, AT_FDCWD, to, flags);
    if (result == 0 && !dies && kind != FILE_NONE) note(NULL, 0, "R %s\t%s\n", from, to);
    leave(kind);
    return result;
}

int rename(const char *from, const char *to) { return rename_by(from, to, 0); }

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    REAL(renameat2);
    if (from_folder != AT_FDCWD || to_folder != AT_FDCWD)
        return real(from_folder, from, to_folder, to, flags);
    return rename_by(from, to, flags);
}

int unlink(const char *path) {
    REAL(unlink);
    int kind = kind_of_path(path);
    int dies = enter(kind, CALL_NAME);
    int result = errno ? -1 : dies ? 0 : real(path);
    if (result == 0 && !dies && kind != FILE_NONE && kind != FILE_SHM)
        note(NULL, 0, "U %s\n", path);
    leave(kind);
    return result;
}

int lstat(const char *path, struct stat *status) {
    REAL(lstat);
    if (variant == OLD_FILE && kind_of_path(path) == FILE_LOG)
        for (int fd = 0; fd < MOST; fd++)
            if (kinds[fd] == FILE_LOG && names[fd] && !strcmp(names[fd], path))
                return real_fstat(fd, status);
    return real(path, status);
}

// --- Hooks and the state ------------------------------------------------------------------------

int posix_spawn(
    pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
    REAL(posix_spawn);
    pthread_mutex_lock(&order);
    const char *id = "";
    for (char *const *entry = environment; *entry; entry++)
        if (!strncmp(*entry, "FEEDWATCH_ID=", 13)) id = *entry + 13;
    note(NULL, 0, "H %s\n", id);
    pthread_mutex_unlock(&order);
    return real(pid, path, actions, attributes, arguments, environment);
}

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
const char *sqlite3_sql(sqlite3_stmt *);
sqlite3 *sqlite3_db_handle(sqlite3_stmt *);
int sqlite3_exec(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
int sqlite3_step(sqlite3_stmt *);
// Only looked up in programs that have SQLite.
#pragma weak sqlite3_sql
#pragma weak sqlite3_db_handle

int sqlite3_exec(
    sqlite3 *db, const char *sql, int (*callback)(void *, int, char **, char **), void *context,
    char **message) {
    REAL(sqlite3_exec);
    char *place = strstr(sql, "synchronous = FULL");
    if (variant == SYNCHRONOUS_NORMAL && place) {
        char *changed = strdup(sql);
        memcpy(changed + (place - sql), "synchronous =    1", 18);
        int result = real(db, changed, callback, context, message);
        free(changed);
        return result;
    }
    return real(db, sql, callback, context, message);
}

int sqlite3_step(sqlite3_stmt *statement) {
    REAL(sqlite3_step);
    int result = real(statement);
    if (variant != VALIDATORS_FIRST && variant != DELIVERED_FIRST) return result;
    const char *sql = sqlite3_sql(statement);
    if (!sql) return result;
    sqlite3 *db = sqlite3_db_handle(statement);
    if (variant == VALIDATORS_FIRST && result == 101
        && (!strncmp(sql, "UPDATE feed SET", 15) || !strncmp(sql, "UPDATE poll SET", 15)))
        sqlite3_exec(db, "COMMIT; BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (variant == DELIVERED_FIRST && result == 100 && strstr(sql, "FROM delivery")
        && strstr(sql, "l.bytes"))
        sqlite3_exec(
            db,
            "UPDATE delivery SET state = 1 WHERE state = 0 AND line ="
            " (SELECT min(line) FROM delivery WHERE state = 0)",
            NULL, NULL, NULL);
    return result;
}
