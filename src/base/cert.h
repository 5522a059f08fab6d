/* base/cert.h - why the certificate of the other side was not believed, in words. */
#ifndef KP_BASE_CERT_H
#define KP_BASE_CERT_H

/* verify: OpenSSL's X509_V_* as libcurl leaves it.  libcurl compares the name before it asks
 * OpenSSL, and leaves "ok" or "unspecified" then: `mismatch` is the word for that. */
const char *cert_words(long verify, const char *mismatch);

#endif
