#define _GNU_SOURCE
#include "locks.h"

#include <errno.h>
#include <sys/file.h>

int fw_lock_exclusively(int descriptor) {
    int result;
    do {
        result = flock(descriptor, LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result == 0) {
        return 0;
    }
    return errno == EWOULDBLOCK ? 1 : -1;
}
