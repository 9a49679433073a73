#define _GNU_SOURCE
#include "feed_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int fw_open_beneath(const char *directory, const char *path) {
    int folder = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    // Without O_NONBLOCK a named pipe would wait for a writer.
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int file = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    int error = errno;
    close(folder);
    errno = error;
    return file;
}

int fw_file_state(int descriptor, struct fw_file_state *state) {
    struct stat info;
    if (fstat(descriptor, &info)) return -1;
    state->is_regular = S_ISREG(info.st_mode);
    state->size = info.st_size;
    state->seconds = info.st_mtim.tv_sec;
    state->nanoseconds = info.st_mtim.tv_nsec;
    state->number = info.st_ino;
    return 0;
}

int fw_has_descriptors(int count) {
    int opened[8];
    if (count > 8) count = 8;
    int got = 0;
    while (got < count && (opened[got] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) got++;
    for (int i = 0; i < got; i++) close(opened[i]);
    return got == count;
}

int64_t fw_want_descriptors(int64_t count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return -1;
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= (rlim_t)count) return count;
    rlim_t wanted = (rlim_t)count;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted) wanted = limit.rlim_max;
    limit.rlim_cur = wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit)) return -1;
    return (int64_t)wanted;
}
