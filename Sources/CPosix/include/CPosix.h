#pragma once
// Linux and glibc calls that the Glibc module does not offer to Swift. A header of its own for
// each adapter keeps them apart: descriptors.h, spawn.h, locks.h ...
#include "service.h"
#include "descriptors.h"
#include "hook_process.h"
#include "log_files.h"
#include "locks.h"
#include "memory.h"
#include "feed_files.h"
#include "loopback.h"
