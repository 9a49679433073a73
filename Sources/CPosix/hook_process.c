#define _GNU_SOURCE
#include "hook_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

// Moves a descriptor above the three standard ones, so that no dup2 in a child overwrites it.
static int above_standard(int descriptor) {
    if (descriptor < 0 || descriptor > 2) return descriptor;
    int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    int saved = errno;
    close(descriptor);
    errno = saved;
    return moved;
}

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int failure = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (!failure) failure = posix_spawnattr_setpgroup(attributes, 0);
    if (!failure) failure = posix_spawnattr_setsigdefault(attributes, &all);
    if (!failure) failure = posix_spawnattr_setsigmask(attributes, &none);
    return failure;
}

static int set_actions(
    posix_spawn_file_actions_t *actions, const char *directory, int input, int output, int error) {
    int failure = posix_spawn_file_actions_adddup2(actions, input, 0);
    if (!failure) failure = posix_spawn_file_actions_adddup2(actions, output, 1);
    if (!failure) failure = posix_spawn_file_actions_adddup2(actions, error, 2);
    if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    if (!failure) failure = posix_spawn_file_actions_addchdir_np(actions, directory);
    return failure;
}

int fw_spawn(
    const char *path, char *const *arguments, char *const *environment, const char *directory,
    int input, int output, int error, pid_t *pid, int *pidfd) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int failure = posix_spawnattr_init(&attributes);
    if (failure) return failure;
    failure = posix_spawn_file_actions_init(&actions);
    if (failure) {
        posix_spawnattr_destroy(&attributes);
        return failure;
    }
    failure = set_attributes(&attributes);
    if (!failure) failure = set_actions(&actions, directory, input, output, error);
    if (!failure) failure = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure) return failure;
    // glibc 2.36 declares pidfd_open, older ones do not; the call always sets close-on-exec.
    *pidfd = (int)syscall(SYS_pidfd_open, *pid, 0);
    if (*pidfd < 0) {
        failure = errno;
        kill(-*pid, SIGKILL);
        while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    return failure;
}

static int write_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        bytes += written;
        count -= (size_t)written;
    }
    return 0;
}

int fw_sealed_file(const char *name, const void *bytes, size_t count, int *descriptor) {
    // Linux 6.3 warns in its log when a memory file may be executed; older ones refuse the flag.
    int made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (made < 0 && errno == EINVAL) made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    made = above_standard(made);
    if (made < 0) return errno;
    int failure = write_all(made, bytes, count);
    if (!failure && lseek(made, 0, SEEK_SET) < 0) failure = errno;
    if (!failure && fcntl(made, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
        failure = errno;
    if (!failure && fcntl(made, F_ADD_SEALS, F_SEAL_SEAL) < 0) failure = errno;
    if (failure) {
        close(made);
        return failure;
    }
    *descriptor = made;
    return 0;
}

int fw_output_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return errno;
    ends[0] = above_standard(ends[0]);
    int failure = ends[0] < 0 ? errno : 0;
    ends[1] = above_standard(ends[1]);
    if (!failure && ends[1] < 0) failure = errno;
    if (!failure && fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) failure = errno;
    if (failure) {
        if (ends[0] >= 0) close(ends[0]);
        if (ends[1] >= 0) close(ends[1]);
        return failure;
    }
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

int fw_peek_exit(pid_t pid, int *code, int *signal) {
    siginfo_t info = {0};
    *code = 0;
    *signal = 0;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
        if (errno != EINTR) return -1;
    if (info.si_pid == 0) return 0;
    if (info.si_code == CLD_EXITED)
        *code = info.si_status;
    else
        *signal = info.si_status;
    return 1;
}
