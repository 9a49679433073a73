#pragma once
// What the fold table of topics asks of ICU, a code point at a time; called while it is filled.
#include <stdint.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

// Writes at most eight code points.
static inline int32_t cicu_map(const UNormalizer2 * _Nonnull form, uint32_t scalar,
                               uint32_t * _Nonnull out) {
    UChar from[2], to[64];
    int32_t length = 0, count = 0, at = 0;
    UErrorCode status = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(from, length, scalar);
    int32_t written = unorm2_normalize(form, from, length, to, 64, &status);
    if (U_FAILURE(status)) return 0;
    while (at < written && count < 8) {
        UChar32 c;
        U16_NEXT(to, at, written, c);
        out[count++] = (uint32_t)c;
    }
    return count;
}
static inline int32_t cicu_fold(uint32_t scalar, uint32_t * _Nonnull out) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&status);
    return U_FAILURE(status) ? 0 : cicu_map(form, scalar, out);
}
static inline int32_t cicu_decompose(uint32_t scalar, uint32_t * _Nonnull out) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFDInstance(&status);
    return U_FAILURE(status) ? 0 : cicu_map(form, scalar, out);
}
// The composite, or -1.
static inline int32_t cicu_compose(uint32_t first, uint32_t second) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFCInstance(&status);
    return U_FAILURE(status) ? -1 : unorm2_composePair(form, (UChar32)first, (UChar32)second);
}
static inline int32_t cicu_category(uint32_t scalar) { return u_charType((UChar32)scalar); }
static inline int32_t cicu_script(uint32_t scalar) {
    return u_getIntPropertyValue((UChar32)scalar, UCHAR_SCRIPT);
}
static inline UBool cicu_is_ignorable(uint32_t scalar) {
    return u_hasBinaryProperty((UChar32)scalar, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}
static inline UBool cicu_is_upper(uint32_t scalar) {
    return u_hasBinaryProperty((UChar32)scalar, UCHAR_UPPERCASE);
}
static inline UBool cicu_is_lower(uint32_t scalar) {
    return u_hasBinaryProperty((UChar32)scalar, UCHAR_LOWERCASE);
}
