#define _GNU_SOURCE
#include "descriptors.h"

#include <errno.h>
#include <sys/epoll.h>

_Static_assert(EPOLLIN == 0x001 && EPOLLOUT == 0x004 && EPOLLERR == 0x008 && EPOLLHUP == 0x010,
               "the header's numbers are the kernel's");

enum { batch = 64 };

int fw_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int set, int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(set, operation, fd, &event);
}

int fw_epoll_add(int set, int fd, uint32_t events) {
    return control(set, EPOLL_CTL_ADD, fd, events);
}

int fw_epoll_modify(int set, int fd, uint32_t events) {
    return control(set, EPOLL_CTL_MOD, fd, events);
}

int fw_epoll_remove(int set, int fd) { return control(set, EPOLL_CTL_DEL, fd, 0); }

int fw_epoll_poll(int set, struct fw_ready *ready, int capacity) {
    struct epoll_event events[batch];
    int count;
    do {
        count = epoll_wait(set, events, capacity < batch ? capacity : batch, 0);
    } while (count < 0 && errno == EINTR);
    for (int i = 0; i < count; i++) {
        ready[i].fd = events[i].data.fd;
        ready[i].events = events[i].events;
    }
    return count;
}
