// Lets time pass faster for a program: to be preloaded. $WARP_FACTOR seconds pass in one, from the
// civil time $WARP_BASE on; the civil clock is $WARP_SHIFT seconds ahead. Clocks and timer descriptors are changed, which is all that libdispatch
// and libcurl go by.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static double factor;
static __int128 shift;     // of the civil clock, in nanoseconds
static __int128 bases[2];  // of the civil and of all other clocks, in nanoseconds
static char civil[65536];  // which timer descriptors go by the civil clock

static __int128 nanoseconds(struct timespec time) { return (__int128)time.tv_sec * 1000000000 + time.tv_nsec; }
static struct timespec timespec_of(__int128 time) {
    return (struct timespec){.tv_sec = (time_t)(time / 1000000000), .tv_nsec = (long)(time % 1000000000)};
}

__attribute__((constructor)) static void begin(void) {
    struct timespec now;
    factor = atof(getenv("WARP_FACTOR"));
    if (getenv("WARP_SHIFT")) { shift = (__int128)(atof(getenv("WARP_SHIFT")) * 1e9); }
    bases[0] = (__int128)(atof(getenv("WARP_BASE")) * 1e9);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    bases[1] = nanoseconds(now);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    int kind = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? 0
        : clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_BOOTTIME ? 1 : 2;
    if (result == 0 && kind < 2 && factor > 0) {
        __int128 passed = (__int128)((double)(nanoseconds(*time) - bases[kind]) * factor);
        *time = timespec_of(bases[kind] + passed + (kind == 0 ? shift : 0));
    }
    return result;
}

int gettimeofday(struct timeval *time, void *zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *time = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) { *result = now.tv_sec; }
    return now.tv_sec;
}

int timerfd_create(int clock, int flags) {
    int descriptor = (int)syscall(SYS_timerfd_create, clock, flags);
    if (descriptor >= 0 && descriptor < 65536) { civil[descriptor] = clock == CLOCK_REALTIME; }
    return descriptor;
}

int timerfd_settime(int descriptor, int flags, const struct itimerspec *new, struct itimerspec *old) {
    struct itimerspec real = *new;
    __int128 value = nanoseconds(new->it_value);
    if (value != 0 && flags & TFD_TIMER_ABSTIME && civil[descriptor]) { value -= shift; }
    if (value != 0) {
        __int128 base = flags & TFD_TIMER_ABSTIME ? bases[civil[descriptor] ? 0 : 1] : 0;
        value = base + (__int128)((double)(value - base) / factor);
        real.it_value = timespec_of(value > 0 ? value : 1);
    }
    real.it_interval = timespec_of((__int128)((double)nanoseconds(new->it_interval) / factor));
    return (int)syscall(SYS_timerfd_settime, descriptor, flags, &real, old);
}
