// The type checks of <curl/typecheck-gcc.h> want constant options; here the callers name them.
#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t length) {
    struct curl_blob blob = {.data = (void *)bytes, .len = length, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(easy, option, &blob);
}

CURLcode ccurl_easy_set_data_callback(CURL *easy, CURLoption option, curl_write_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}

CURLcode ccurl_easy_set_resolver_callback(CURL *easy, curl_resolver_start_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_RESOLVER_START_FUNCTION, callback);
}

CURLcode ccurl_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLcode ccurl_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLcode ccurl_easy_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static int ccurl_socket_made(void *milliseconds, curl_socket_t descriptor, curlsocktype purpose) {
    (void)purpose;
#ifdef TCP_USER_TIMEOUT
    unsigned int limit = (unsigned int)(uintptr_t)milliseconds;
    // A kernel without it waits as long as it is used to.
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
#else
    (void)milliseconds;
    (void)descriptor;
#endif
    return CURL_SOCKOPT_OK;
}

CURLcode ccurl_easy_set_acknowledgement_limit(CURL *easy, unsigned int milliseconds) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, ccurl_socket_made);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, (void *)(uintptr_t)milliseconds);
}

struct ccurl_certificate_watch {
    atomic_int holders;
    atomic_int was_asked;
};

ccurl_certificate_watch *ccurl_certificate_watch_make(void) {
    ccurl_certificate_watch *watch = calloc(1, sizeof *watch);
    if (watch) atomic_init(&watch->holders, 1);
    return watch;
}

void ccurl_certificate_watch_release(ccurl_certificate_watch *watch) {
    if (watch && atomic_fetch_sub(&watch->holders, 1) == 1) free(watch);
}

int ccurl_certificate_watch_was_asked(ccurl_certificate_watch *watch) {
    return watch && atomic_load(&watch->was_asked);
}

// OpenSSL calls it when the server wants a certificate; the one that libcurl has set, if any, is used all the same.
static int ccurl_certificate_asked(SSL *ssl, void *watch) {
    (void)ssl;
    atomic_store(&((ccurl_certificate_watch *)watch)->was_asked, 1);
    return 1;
}

static void ccurl_context_ends(
    void *context, void *watch, CRYPTO_EX_DATA *all, int index, long number, void *pointer
) {
    (void)context, (void)all, (void)index, (void)number, (void)pointer;
    ccurl_certificate_watch_release(watch);
}

// libcurl makes a context for each connection, on the thread that turns the request's multi handle.
static CURLcode ccurl_context_made(CURL *easy, void *context, void *watch) {
    (void)easy;
    static atomic_int known = -1;
    int index = atomic_load(&known);
    if (index < 0) {
        index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, ccurl_context_ends);
        if (index < 0) return CURLE_OUT_OF_MEMORY;
        atomic_store(&known, index);  // two threads at once would only waste an index
    }
    if (!SSL_CTX_set_ex_data(context, index, watch)) return CURLE_OUT_OF_MEMORY;
    atomic_fetch_add(&((ccurl_certificate_watch *)watch)->holders, 1);
    SSL_CTX_set_cert_cb(context, ccurl_certificate_asked, watch);
    return CURLE_OK;
}

CURLcode ccurl_easy_set_certificate_watch(CURL *easy, ccurl_certificate_watch *watch) {
    // With another library for TLS the context is another one, and nobody tells.
    const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;
    if (!library || strncmp(library, "OpenSSL/", 8) != 0) return CURLE_OK;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, ccurl_context_made);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, watch);
}
