#pragma once
// File calls for the log writer that the Glibc module does not offer to Swift.
// Every function returns 0 or an errno value.

#include <stdint.h>

/// Reserves `count` bytes of room from `offset` on without changing the file's length.
int fw_reserve(int descriptor, int64_t offset, int64_t count);

/// Renames a file; EEXIST where something stands under the new name already.
int fw_rename_exclusively(const char *_Nonnull from, const char *_Nonnull to);
