#pragma once
// libcurl as Swift can call it: its setters and getters are variadic, which Swift cannot call,
// so each value type has a typed wrapper here. Constants that are macros with casts or belong to
// unnamed enumerations get a name of the right type.
#include <curl/curl.h>

/// Initialises libcurl; once, before any other call.
static inline CURLcode cx_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode cx_set_long(CURL *_Nonnull easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the text.
static inline CURLcode cx_set_text(CURL *_Nonnull easy, CURLoption option,
                                   const char *_Nullable value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl keeps the pointer; what it points to must outlive its use.
static inline CURLcode cx_set_pointer(CURL *_Nonnull easy, CURLoption option,
                                      void *_Nullable value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl keeps the pointer; the list must outlive the transfer.
static inline CURLcode cx_set_headers(CURL *_Nonnull easy, struct curl_slist *_Nullable list) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
}

static inline CURLcode cx_set_on_body(CURL *_Nonnull easy, curl_write_callback _Nonnull callback,
                                      void *_Nullable context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

static inline CURLcode cx_set_on_header(CURL *_Nonnull easy,
                                        curl_write_callback _Nonnull callback,
                                        void *_Nullable context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}

static inline CURLcode cx_set_on_open_socket(CURL *_Nonnull easy,
                                             curl_opensocket_callback _Nonnull callback,
                                             void *_Nullable context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
}

static inline CURLcode cx_set_on_request(CURL *_Nonnull easy, curl_prereq_callback _Nonnull callback,
                                         void *_Nullable context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
}

/// libcurl reports what it sends and receives while CURLOPT_VERBOSE is on.
static inline CURLcode cx_set_on_debug(CURL *_Nonnull easy, curl_debug_callback _Nonnull callback,
                                       void *_Nullable context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_DEBUGDATA, context);
}

/// libcurl tells how far it has got while CURLOPT_NOPROGRESS is off.
static inline CURLcode cx_set_on_progress(CURL *_Nonnull easy,
                                          curl_xferinfo_callback _Nonnull callback,
                                          void *_Nullable context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, callback);
    return code ? code : curl_easy_setopt(easy, CURLOPT_XFERINFODATA, context);
}

/// A text about the last transfer, libcurl's own; NULL where there is none.
static inline const char *_Nullable cx_get_text(CURL *_Nonnull easy, CURLINFO info) {
    char *value = NULL;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

/// The pointer set as CURLOPT_PRIVATE.
static inline void *_Nullable cx_get_private(CURL *_Nonnull easy) {
    void *value = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
    return value;
}

/// A number about the last transfer; 0 where there is none.
static inline long cx_get_long(CURL *_Nonnull easy, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

/// A large number about the last transfer; 0 where there is none.
static inline curl_off_t cx_get_offset(CURL *_Nonnull easy, CURLINFO info) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

static inline CURLMcode cx_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode cx_multi_set_on_socket(CURLM *_Nonnull multi,
                                               curl_socket_callback _Nonnull callback,
                                               void *_Nullable context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
    return code ? code : curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
}

static inline CURLMcode cx_multi_set_on_timer(CURLM *_Nonnull multi,
                                              curl_multi_timer_callback _Nonnull callback,
                                              void *_Nullable context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
    return code ? code : curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

/// Lets a share keep TLS sessions.
static inline CURLSHcode cx_share_tls_sessions(CURLSH *_Nonnull share) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

/// The handle of the next finished transfer and how it ended; NULL when there is none.
static inline CURL *_Nullable cx_next_finished(CURLM *_Nonnull multi, CURLcode *_Nonnull code) {
    int left = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *code = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

static const long cx_http_version_2_over_tls = CURL_HTTP_VERSION_2TLS;
static const long cx_http_version_2 = CURL_HTTP_VERSION_2_0;
static const long cx_http_version_1_1 = CURL_HTTP_VERSION_1_1;
static const long cx_http_version_1_0 = CURL_HTTP_VERSION_1_0;
static const long cx_http_version_2_unasked = CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
static const long cx_tls_1_2 = CURL_SSLVERSION_TLSv1_2;
static const long cx_auth_basic = CURLAUTH_BASIC;
static const curl_socket_t cx_bad_socket = CURL_SOCKET_BAD;
static const curl_socket_t cx_timeout_socket = CURL_SOCKET_TIMEOUT;
static const int cx_poll_in = CURL_POLL_IN;
static const int cx_poll_out = CURL_POLL_OUT;
static const int cx_poll_both = CURL_POLL_INOUT;
static const int cx_select_in = CURL_CSELECT_IN;
static const int cx_select_out = CURL_CSELECT_OUT;
static const int cx_select_error = CURL_CSELECT_ERR;
static const unsigned int cx_url_default_port = CURLU_DEFAULT_PORT;
static const unsigned int cx_url_decode = CURLU_URLDECODE;
/// Encodes blanks and bytes beyond ASCII instead of refusing them.
static const unsigned int cx_url_lenient = CURLU_URLENCODE | CURLU_ALLOW_SPACE;
