#define _GNU_SOURCE
#include "service.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

char **cposix_environment(void) {
    static char *none[] = {NULL};
    return environ ? environ : none;  // clearenv(3) leaves a null pointer
}

int cposix_local_socket(int type) {
    return socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

// An address has room for 107 bytes of path. A longer one is named through an open descriptor
// of its folder, which the caller closes when the address was used.
static int local_address(const char *path, struct sockaddr_un *address, socklen_t *length,
                         int *folder) {
    size_t size = strlen(path);
    *folder = -1;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (size == 0) { errno = ENOENT; return -1; }
    if (path[0] == '@') {
        // unix(7): an abstract name starts with a zero byte and is as long as the address says.
        if (size > sizeof address->sun_path) { errno = ENAMETOOLONG; return -1; }
        memcpy(address->sun_path, path, size);
        address->sun_path[0] = 0;
        *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
        return 0;
    }
    *length = sizeof *address;
    if (size < sizeof address->sun_path) {
        memcpy(address->sun_path, path, size + 1);
        return 0;
    }
    const char *name = strrchr(path, '/');
    char parent[4096];
    if (!name || (size_t)(name - path) >= sizeof parent) { errno = ENAMETOOLONG; return -1; }
    memcpy(parent, path, (size_t)(name - path));
    parent[name - path] = 0;
    *folder = open(parent[0] ? parent : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*folder < 0) { return -1; }
    int written = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d%s",
                           *folder, name);
    if (written < 0 || (size_t)written >= sizeof address->sun_path) {
        close(*folder);
        *folder = -1;
        errno = ENAMETOOLONG;
        return -1;
    }
    return 0;
}

static void close_keeping_errno(int descriptor) {
    int saved = errno;
    if (descriptor >= 0) { close(descriptor); }
    errno = saved;
}

int cposix_local_bind(int socket, const char *path, unsigned int mode) {
    struct sockaddr_un address;
    socklen_t length;
    int folder;
    if (local_address(path, &address, &length, &folder) < 0) { return -1; }
    // The file gets the socket's own mode less the umask, so it is never wider than `mode`;
    // chmod(2) then gives back what the umask took.
    int result = fchmod(socket, mode);
    if (result == 0) { result = bind(socket, (struct sockaddr *)&address, length); }
    if (result == 0 && path[0] != '@') { result = chmod(path, mode); }
    close_keeping_errno(folder);
    return result;
}

int cposix_local_connect(int socket, const char *path) {
    struct sockaddr_un address;
    socklen_t length;
    int folder;
    if (local_address(path, &address, &length, &folder) < 0) { return -1; }
    int result;
    do {
        result = connect(socket, (struct sockaddr *)&address, length);
    } while (result < 0 && errno == EINTR);
    close_keeping_errno(folder);
    return result;
}

int cposix_accept(int socket) {
    int result;
    do {
        result = accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    } while (result < 0 && errno == EINTR);
    return result;
}
