#pragma once
// Epoll sets, which the Glibc module does not offer.
#include <stdint.h>

/// A descriptor and what it is ready for.
struct fw_ready {
    int fd;
    uint32_t events;
};

static const uint32_t fw_epoll_in = 0x001;   // EPOLLIN
static const uint32_t fw_epoll_out = 0x004;  // EPOLLOUT
static const uint32_t fw_epoll_err = 0x008;  // EPOLLERR, always reported
static const uint32_t fw_epoll_hup = 0x010;  // EPOLLHUP, always reported

/// A new set, closed on exec; -1 with errno.
int fw_epoll_create(void);
/// Puts a descriptor into the set; -1 with errno.
int fw_epoll_add(int set, int fd, uint32_t events);
/// Changes what is waited for; -1 with errno.
int fw_epoll_modify(int set, int fd, uint32_t events);
/// Takes a descriptor out of the set, which must be done before it is closed; -1 with errno.
int fw_epoll_remove(int set, int fd);
/// The descriptors ready now, at most `capacity`; does not wait; -1 with errno.
int fw_epoll_poll(int set, struct fw_ready *_Nonnull ready, int capacity);
