#pragma once
// TOML 1.0 as a flat tree with positions, read by Debian's toml++.
//
// ctoml_parse never aborts and never throws, whatever the bytes are: the outcome is a tree or an
// error with a position. Positions count lines and Unicode code points from 1; a byte order mark
// at the start does not count.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a node holds.
enum {
  CTOML_STRING = 0,
  CTOML_INTEGER = 1,
  CTOML_FLOAT = 2,
  CTOML_BOOLEAN = 3,
  /// A date, a time, or both.
  CTOML_DATE_TIME = 4,
  CTOML_ARRAY = 5,
  CTOML_TABLE = 6
};

/// The most parts a dotted key may have, and the most arrays and inline tables that may stand
/// within one another. Reading and freeing are recursive: these bound their stack.
enum { CTOML_MAX_KEY_PARTS = 16, CTOML_MAX_NESTING = 16 };

/// A place in the file, lines and code points from 1; all zero where there is none.
typedef struct {
  uint32_t line;
  uint32_t column;
  uint32_t end_line;
  /// The column behind the last code point.
  uint32_t end_column;
} ctoml_span;

/// A value with its key. Node 0 is the root table. Children of a table stand in the order of the
/// file, children of an array in their own order.
typedef struct {
  uint32_t kind;
  /// The next child of the same parent; 0: none.
  uint32_t next;
  /// The first child; 0: none.
  uint32_t first;
  /// The number of children.
  uint32_t count;
  /// The key, UTF-8 in ctoml_text; empty for an element of an array.
  uint32_t key_offset;
  uint32_t key_length;
  /// The text of a string, UTF-8 in ctoml_text; may hold NUL.
  uint32_t text_offset;
  uint32_t text_length;
  ctoml_span key_span;
  /// The value; for a table or array with a header, the header.
  ctoml_span span;
  /// The value of an integer; for a boolean 1 or 0.
  int64_t integer;
} ctoml_node;

/// The outcome of reading a file.
typedef struct ctoml_document ctoml_document;

/// Reads a file of `count` bytes. NULL only when memory is out. The caller frees the document.
ctoml_document *_Nullable ctoml_parse(const uint8_t *_Nullable bytes, size_t count);

/// Frees a document and all that was lent from it.
void ctoml_free(ctoml_document *_Nonnull document);

/// The error in one line, UTF-8 ended by NUL; NULL: the file was read. Lent until ctoml_free.
const char *_Nullable ctoml_error(const ctoml_document *_Nonnull document);

/// Where the error is.
ctoml_span ctoml_error_span(const ctoml_document *_Nonnull document);

/// The nodes; none after an error. Lent until ctoml_free.
const ctoml_node *_Nullable ctoml_nodes(const ctoml_document *_Nonnull document);

/// The number of nodes.
size_t ctoml_node_count(const ctoml_document *_Nonnull document);

/// The bytes of all keys and strings. Lent until ctoml_free.
const uint8_t *_Nullable ctoml_text(const ctoml_document *_Nonnull document);

/// The number of bytes of all keys and strings.
size_t ctoml_text_size(const ctoml_document *_Nonnull document);

#ifdef __cplusplus
}
#endif
