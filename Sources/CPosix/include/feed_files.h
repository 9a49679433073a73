#pragma once
// Files that are read as feeds, and the room for descriptors.

#include <stdint.h>

/// Opens the file `path` below `directory` for reading, without waiting and without following any
/// symbolic link below it; a descriptor, or -1 with errno.
int fw_open_beneath(const char *_Nonnull directory, const char *_Nonnull path);

/// What a feed's file is like.
struct fw_file_state {
    int is_regular;
    int64_t size;
    int64_t seconds;      // of the last change of its content
    int64_t nanoseconds;
    uint64_t number;      // of its inode
};

/// Reads what an open file is like; 0, or -1 with errno.
int fw_file_state(int descriptor, struct fw_file_state *_Nonnull state);

/// Whether this process can open `count` descriptors more.
int fw_has_descriptors(int count);

/// Raises the limit of open descriptors to `count` where it is lower, as far as it may be; what
/// it is then.
int64_t fw_want_descriptors(int64_t count);
