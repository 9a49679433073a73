#pragma once
// Child processes for hooks: what the Glibc module does not offer to Swift.
// Every function returns 0 or an errno value unless it says otherwise.

#include <stddef.h>
#include <sys/types.h>

/// Starts `path` in a process group of its own, with default signals, an empty mask, `directory`
/// as its working directory and no descriptor but the three given. The program has been started
/// when this returns 0; `pidfd` becomes readable when it ends.
int fw_spawn(
    const char *_Nonnull path, char *_Nullable const *_Nonnull arguments,
    char *_Nullable const *_Nonnull environment, const char *_Nonnull directory, int input,
    int output, int error, pid_t *_Nonnull pid, int *_Nonnull pidfd);

/// A sealed memory file that holds `bytes`, read from its start. Its number is above 2.
int fw_sealed_file(
    const char *_Nonnull name, const void *_Nullable bytes, size_t count, int *_Nonnull descriptor);

/// A pipe with both numbers above 2, closed on exec; the read end does not block.
int fw_output_pipe(int *_Nonnull read_end, int *_Nonnull write_end);

/// Whether the child has ended, without reaping it: 1 yes, 0 no, -1 there is no such child.
/// `code` is its exit status, or else `signal` is what ended it.
int fw_peek_exit(pid_t pid, int *_Nonnull code, int *_Nonnull signal);
