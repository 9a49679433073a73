#include "memory.h"
#include <malloc.h>

void cposix_keep_memory_small(void) {
    mallopt(M_ARENA_MAX, 2);
    // Setting it also keeps glibc from raising it with each large block that is freed.
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
}
