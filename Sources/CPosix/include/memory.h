#pragma once

/// Keeps a program of many threads small: two arenas, and blocks of 128 KiB and more given back
/// to the kernel as soon as they are freed (mallopt(3)). Called before there is a second thread.
void cposix_keep_memory_small(void);
