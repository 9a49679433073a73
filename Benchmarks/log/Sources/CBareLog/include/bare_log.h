#pragma once
#include <stddef.h>

/// Appends `count` lines of `length` bytes to a new file at `path`, `batch` lines to a write and a
/// sync; the seconds it took, or -1.
double bare_log(
    const char *_Nonnull path, const char *_Nonnull line, size_t length, int count, int batch);
