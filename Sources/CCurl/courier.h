#pragma once
// What hooks' messages need of libcurl beside shim.h: uploads and mail.
#include <curl/curl.h>

/// libcurl keeps the pointer; the list must outlive the transfer.
static inline CURLcode cx_set_list(CURL *_Nonnull easy, CURLoption option,
                                   struct curl_slist *_Nullable list) {
    return curl_easy_setopt(easy, option, list);
}

static inline CURLcode cx_set_on_upload(CURL *_Nonnull easy, curl_read_callback _Nonnull callback,
                                        void *_Nullable context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_READDATA, context);
}

/// TLS for the whole connection, or none at all.
static const long cx_tls_required = CURLUSESSL_ALL;
static const long cx_tls_refused = CURLUSESSL_NONE;
