#pragma once
#include <stddef.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

// SHA-256 and HMAC-SHA256 of libcrypto, by functions that Swift can call without its types. All
// answer 1 when they worked; they fail only where memory ran out or the library is broken.

enum { crypto_sha256_length = 32 };

/// The SHA-256 of `length` bytes, written to 32 bytes at `digest`.
static inline int crypto_sha256(
    const void *_Nullable bytes, size_t length, unsigned char *_Nonnull digest) {
    return EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL);
}

/// A SHA-256 to be fed in pieces; NULL without memory. Free it with crypto_sha256_free.
static inline void *_Nullable crypto_sha256_begin(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    return context;
}

static inline int crypto_sha256_update(
    void *_Nonnull context, const void *_Nullable bytes, size_t length) {
    return EVP_DigestUpdate((EVP_MD_CTX *)context, bytes, length);
}

/// Writes 32 bytes to `digest` and makes the context ready for the next one.
static inline int crypto_sha256_finish(void *_Nonnull context, unsigned char *_Nonnull digest) {
    return EVP_DigestFinal_ex((EVP_MD_CTX *)context, digest, NULL) == 1 &&
        EVP_DigestInit_ex((EVP_MD_CTX *)context, EVP_sha256(), NULL) == 1;
}

static inline void crypto_sha256_free(void *_Nullable context) {
    EVP_MD_CTX_free((EVP_MD_CTX *)context);
}

/// The HMAC-SHA256 of `length` bytes under a key, written to 32 bytes at `code`.
static inline int crypto_hmac_sha256(
    const void *_Nonnull key, size_t key_length, const void *_Nullable bytes, size_t length,
    unsigned char *_Nonnull code) {
    return HMAC(EVP_sha256(), key, (int)key_length, (const unsigned char *)bytes, length, code,
               NULL) != NULL;
}
