#pragma once
// For ServiceHost: local sockets and the environment.

/// The environment of the process: `NAME=value` strings, ended by a null pointer.
/// Not to be kept while somebody sets or unsets a variable.
char *_Nullable *_Nonnull cposix_environment(void);

/// A new local stream or datagram socket (`SOCK_STREAM`, `SOCK_DGRAM`), nonblocking and closed
/// in children, or -1 with errno.
int cposix_local_socket(int type);

/// Binds a local socket to `path` with the permission bits `mode`, whatever the umask is.
/// A path too long for a socket address is reached through its folder. 0, or -1 with errno.
int cposix_local_bind(int socket, const char *_Nonnull path, unsigned int mode);

/// Connects a local socket to `path`; one that begins with `@` is a name in the abstract
/// namespace. 0, or -1 with errno.
int cposix_local_connect(int socket, const char *_Nonnull path);

/// Accepts a connection, nonblocking and closed in children, or -1 with errno.
int cposix_accept(int socket);
