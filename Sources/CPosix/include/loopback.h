#pragma once
// Listening on this machine's own addresses.

#include <stdint.h>

/// A stream socket that listens at a numeric address: 4 or 16 bytes in network order; port 0
/// takes any free one. Nonblocking and closed in children; -1 with errno.
int fw_listen(const uint8_t *_Nonnull address, int length, uint16_t port);

/// The port that a socket is bound to, or -1 with errno.
int fw_bound_port(int socket);

/// Makes room for `size` bytes that wait to be sent; 0, or -1 with errno.
int fw_want_send_room(int socket, int size);
