#pragma once
#include <sqlite3.h>

// What Swift cannot import: macros with casts or operators, and variadic calls.

/// The extended codes that a decision hangs on.
static const int csqlite_ioerr_fsync = SQLITE_IOERR_FSYNC;
static const int csqlite_ioerr_dir_fsync = SQLITE_IOERR_DIR_FSYNC;
static const int csqlite_readonly_dbmoved = SQLITE_READONLY_DBMOVED;

/// Binds a copy of `count` bytes of UTF-8.
static inline int csqlite_bind_text(
    sqlite3_stmt *_Nonnull statement, int index, const char *_Nullable text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(
        statement, index, text ? text : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Binds a copy of `count` bytes.
static inline int csqlite_bind_blob(
    sqlite3_stmt *_Nonnull statement, int index, const void *_Nullable bytes,
    sqlite3_uint64 count) {
    return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                      : sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// Sets a yes-or-no option of the connection: SQLITE_DBCONFIG_….
static inline int csqlite_set_option(sqlite3 *_Nonnull connection, int option, int on) {
    return sqlite3_db_config(connection, option, on, (int *)0);
}
