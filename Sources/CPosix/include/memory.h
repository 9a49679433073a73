#pragma once

/// Keeps a program of many threads small: one arena, and blocks of 1 MiB and more given back
/// to the kernel as soon as they are freed (mallopt(3)). Called before there is a second thread.
void cposix_keep_memory_small(void);
