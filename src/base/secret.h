/* base/secret.h - sealing keys at rest, hashes, random bytes.  The only base file on OpenSSL.
 *
 * Purpose     API keys of the tax side are stored only sealed (AES-256-GCM) under the key of the
 *             home: its key file, mode 0600, made at init, else the credential kaipiao-key of
 *             systemd, else the file KAIPIAO_KEY_FILE names (features C6, N6).
 * Ownership   Results belong to the caller; secret_wipe memory that held a key.
 */
#ifndef KP_BASE_SECRET_H
#define KP_BASE_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { SECRET_KEY = 32, HASH_TEXT = 65, UUID_TEXT = 33 };

/* Where the key of a home is, whose own key file would be `path`: that one if it is there, else a
 * credential, else KAIPIAO_KEY_FILE, else `path`. */
enum secret_source { SECRET_OWN, SECRET_CREDENTIAL, SECRET_ELSEWHERE };
enum { SECRET_PATH = 1200 };
enum secret_source secret_place(const char *path, char out[SECRET_PATH]);
/* Loads the key from that place, or makes it there (durably, 0600) when absent and `create`; a file
 * readable by others is ERR_DENIED with the mend. */
enum err secret_load(const char *path, int create, unsigned char key[SECRET_KEY],
		     struct err_info *e);
/* Seals n bytes: text form "v1:" + base64(nonce|tag|cipher), malloc'd.  `context` is bound in. */
enum err secret_seal(const unsigned char key[SECRET_KEY], const char *context, const void *plain,
		     size_t n, char **out, struct err_info *e);
/* Opens a sealed text; ERR_DAMAGED when it was changed or belongs to another home or context. */
enum err secret_open(const unsigned char key[SECRET_KEY], const char *context, const char *sealed,
		     unsigned char **out, size_t *n, struct err_info *e);
void secret_wipe(void *p, size_t n);
/* A key under a passphrase, as text (malloc'd), and back; a wrong one is ERR_INVALID
 * "secret.passphrase".  Takes a tenth of a second on purpose. */
enum err secret_wrap(const char *passphrase, const unsigned char key[SECRET_KEY], char **out,
		     struct err_info *e);
enum err secret_unwrap(const char *passphrase, const char *wrapped, unsigned char key[SECRET_KEY],
		       struct err_info *e);
/* Zeroed memory that no core image shows and, where the system lets us, that is never swapped out;
 * free wipes it. */
void *secret_alloc(size_t n);
void secret_free(void *p, size_t n);

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
