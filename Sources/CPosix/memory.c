#include "memory.h"
#include <malloc.h>

void cposix_keep_memory_small(void) {
    mallopt(M_ARENA_MAX, 1);
    // Setting it also keeps glibc from raising it with each large block that is freed. Documents
    // are smaller: blocks for them are used again, as each page of a new one costs a fault.
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 2 * 1024 * 1024);
}
