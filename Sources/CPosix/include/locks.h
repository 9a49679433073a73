#pragma once

/// Takes an exclusive lock (flock) on a whole open file, without waiting.
/// 0: taken; 1: another open file description holds it; -1: failed, see errno.
/// The kernel lets go of it when the last descriptor of this opening is closed, also when the
/// process is killed.
int fw_lock_exclusively(int descriptor);
