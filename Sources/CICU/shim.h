#pragma once
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>


// Text is brought to form NFC when a feed is read.
static inline const UNormalizer2 * _Nullable cicu_nfc(UErrorCode * _Nonnull status) {
    return unorm2_getNFCInstance(status);
}
static inline UBool cicu_is_normalized(const UNormalizer2 * _Nonnull form, const UChar * _Nonnull text,
                                       int32_t length, UErrorCode * _Nonnull status) {
    return unorm2_isNormalized(form, text, length, status);
}
static inline int32_t cicu_normalize(const UNormalizer2 * _Nonnull form, const UChar * _Nonnull text,
                                     int32_t length, UChar * _Nonnull to, int32_t capacity,
                                     UErrorCode * _Nonnull status) {
    return unorm2_normalize(form, text, length, to, capacity, status);
}
static inline int32_t cicu_from_utf8(UChar * _Nonnull to, int32_t capacity, const char * _Nonnull text,
                                     int32_t length, UErrorCode * _Nonnull status) {
    int32_t count = 0;
    u_strFromUTF8WithSub(to, capacity, &count, text, length, 0xFFFD, NULL, status);
    return count;
}
static inline int32_t cicu_to_utf8(char * _Nonnull to, int32_t capacity, const UChar * _Nonnull text,
                                   int32_t length, UErrorCode * _Nonnull status) {
    int32_t count = 0;
    u_strToUTF8WithSub(to, capacity, &count, text, length, 0xFFFD, NULL, status);
    return count;
}

// Converts bytes of a single-byte encoding; `to` has room for `length` units.
static inline int32_t cicu_decode(const char * _Nonnull converter, const char * _Nonnull text,
                                  int32_t length, UChar * _Nonnull to, UErrorCode * _Nonnull status) {
    UConverter *opened = ucnv_open(converter, status);
    int32_t count = ucnv_toUChars(opened, to, length, text, length, status);
    ucnv_close(opened);
    // A text that fills its room has no final zero: no error.
    if (*status == U_STRING_NOT_TERMINATED_WARNING) *status = U_ZERO_ERROR;
    return count;
}
