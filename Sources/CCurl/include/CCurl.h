/// libcurl for Swift, which cannot call variadic C functions: one plain function for each kind of value.
///
/// Every function passes its arguments on unchanged and returns libcurl's own code.

#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stddef.h>

/// Sets an option of type `long`, flags and enumerations included.
CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value);

/// Sets an option that is a string or another pointer. libcurl copies strings, and nothing else.
CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, const void *value);

/// Sets an option of type `curl_off_t`.
CURLcode ccurl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value);

/// Sets a blob option; libcurl copies the bytes.
CURLcode ccurl_easy_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t length);

/// Sets a callback that receives data: `CURLOPT_WRITEFUNCTION` or `CURLOPT_HEADERFUNCTION`.
CURLcode ccurl_easy_set_data_callback(CURL *easy, CURLoption option, curl_write_callback callback);

/// Sets the callback that runs before each look-up of a name: `CURLOPT_RESOLVER_START_FUNCTION`.
CURLcode ccurl_easy_set_resolver_callback(CURL *easy, curl_resolver_start_callback callback);

/// Sets how long sent bytes may go without an acknowledgement before the kernel ends the connection: TCP_USER_TIMEOUT,
/// where there is such a thing.
CURLcode ccurl_easy_set_acknowledgement_limit(CURL *easy, unsigned int milliseconds);

/// Whether the server of a new TLS connection has asked for our certificate.
///
/// Counted: a connection may outlive the request that made it.
typedef struct ccurl_certificate_watch ccurl_certificate_watch;

/// A watch for one request, or NULL when memory is short.
ccurl_certificate_watch *ccurl_certificate_watch_make(void);

/// Ends the caller's use of a watch; NULL is allowed.
void ccurl_certificate_watch_release(ccurl_certificate_watch *watch);

/// Whether a connection that was made for the watched request was asked for a certificate. NULL was not.
int ccurl_certificate_watch_was_asked(ccurl_certificate_watch *watch);

/// Has a request's new connections tell a watch, which must stay valid until the request has ended; where libcurl has
/// another TLS than OpenSSL, the watch is never told anything.
CURLcode ccurl_easy_set_certificate_watch(CURL *easy, ccurl_certificate_watch *watch);

/// Reads a fact of type `long`.
CURLcode ccurl_easy_get_long(CURL *easy, CURLINFO info, long *value);

/// Reads a fact of type `curl_off_t`.
CURLcode ccurl_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value);

/// Reads a fact that is a pointer, such as `CURLINFO_PRIVATE`.
CURLcode ccurl_easy_get_pointer(CURL *easy, CURLINFO info, void **value);

/// Sets an option of type `long` on a multi handle.
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

#endif
