#define _GNU_SOURCE
#include "log_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int fw_reserve(int descriptor, int64_t offset, int64_t count) {
    while (fallocate(descriptor, FALLOC_FL_KEEP_SIZE, offset, count) < 0)
        if (errno != EINTR) return errno;
    return 0;
}

int fw_rename_exclusively(const char *from, const char *to) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // A file system without the flag (network mounts): nobody else makes names like ours.
    if (access(to, F_OK) == 0) return EEXIST;
    return rename(from, to) == 0 ? 0 : errno;
}
