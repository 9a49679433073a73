#define _GNU_SOURCE
#include "loopback.h"
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int fw_listen(const uint8_t *address, int length, uint16_t port) {
    struct sockaddr_storage storage;
    socklen_t size;
    memset(&storage, 0, sizeof storage);
    if (length == 4) {
        struct sockaddr_in *place = (struct sockaddr_in *)&storage;
        place->sin_family = AF_INET;
        place->sin_port = htons(port);
        memcpy(&place->sin_addr, address, 4);
        size = sizeof *place;
    } else if (length == 16) {
        struct sockaddr_in6 *place = (struct sockaddr_in6 *)&storage;
        place->sin6_family = AF_INET6;
        place->sin6_port = htons(port);
        memcpy(&place->sin6_addr, address, 16);
        size = sizeof *place;
    } else {
        errno = EAFNOSUPPORT;
        return -1;
    }
    int descriptor = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) { return -1; }
    int yes = 1;
    // A daemon that is started again finds connections of the last one in TIME_WAIT.
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        bind(descriptor, (struct sockaddr *)&storage, size) < 0 || listen(descriptor, 64) < 0) {
        int saved = errno;
        close(descriptor);
        errno = saved;
        return -1;
    }
    return descriptor;
}

int fw_bound_port(int descriptor) {
    struct sockaddr_storage storage;
    socklen_t size = sizeof storage;
    if (getsockname(descriptor, (struct sockaddr *)&storage, &size) < 0) { return -1; }
    switch (storage.ss_family) {
    case AF_INET: return ntohs(((struct sockaddr_in *)&storage)->sin_port);
    case AF_INET6: return ntohs(((struct sockaddr_in6 *)&storage)->sin6_port);
    default: errno = EAFNOSUPPORT; return -1;
    }
}

int fw_want_send_room(int descriptor, int size) {
    return setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}
