/* base/secret.h - sealing keys at rest, hashes, random bytes.  The only base file on OpenSSL.
 *
 * Purpose     API keys of the tax side are stored only sealed (AES-256-GCM) under a key file of the
 *             home directory, mode 0600, made at init (features C6, N6).
 * Ownership   Results belong to the caller; secret_wipe memory that held a key.
 */
#ifndef KP_BASE_SECRET_H
#define KP_BASE_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { SECRET_KEY = 32, HASH_TEXT = 65, UUID_TEXT = 33 };

/* Loads the key file, or makes it (durably, 0600) when absent and `create`; a file readable by
 * others is ERR_DENIED with the mend. */
enum err secret_load(const char *path, int create, unsigned char key[SECRET_KEY],
		     struct err_info *e);
/* Seals n bytes: text form "v1:" + base64(nonce|tag|cipher), malloc'd.  `context` is bound in. */
enum err secret_seal(const unsigned char key[SECRET_KEY], const char *context, const void *plain,
		     size_t n, char **out, struct err_info *e);
/* Opens a sealed text; ERR_DAMAGED when it was changed or belongs to another home or context. */
enum err secret_open(const unsigned char key[SECRET_KEY], const char *context, const char *sealed,
		     unsigned char **out, size_t *n, struct err_info *e);
void secret_wipe(void *p, size_t n);

/* Lower-case hex SHA-256. */
void hash_sha256(const void *data, size_t n, char out[HASH_TEXT]);
/* The same of the first size bytes of a file. */
enum err hash_sha256_fd(int fd, int64_t size, char out[HASH_TEXT], struct err_info *e);
/* Lower-case hex HMAC-SHA256 of prefix (a C string) and data, one after the other. */
void hash_hmac_sha256(const void *key, size_t key_len, const char *prefix, const void *data,
		      size_t n, char out[HASH_TEXT]);
/* 32 lower-case hex digits from the system's random source. */
void random_uuid(char out[UUID_TEXT]);
void random_bytes(void *out, size_t n);
uint32_t random_below(uint32_t n); /* uniform, for jitter */

#endif
