/* sandbox/tls.c - an authority and a server certificate of our own, made once per state directory.
 *
 * Valid from 2020 to 2099, because the platform's clock may be set years away from the machine's.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/file.h"
#include "base/secret.h"
#include "sandbox/sandbox_p.h"

struct extension {
	int nid;
	const char *value;
};

static const struct extension ca_extensions[] = {
    {NID_basic_constraints, "critical,CA:TRUE"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {0, NULL},
};

static const struct extension server_extensions[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_alt_name, "DNS:" SANDBOX_SERVER_NAME ",DNS:localhost,IP:127.0.0.1"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid"},
    {0, NULL},
};

static bool add_extensions(X509 *cert, X509 *issuer, const struct extension *list)
{
	for (; list->value; list++) {
		X509V3_CTX ctx;
		X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
		X509_EXTENSION *x = X509V3_EXT_conf_nid(NULL, &ctx, list->nid, list->value);
		bool ok = x && X509_add_ext(cert, x, -1) == 1;
		X509_EXTENSION_free(x);
		if (!ok)
			return false;
	}
	return true;
}

/* A certificate for `key`, signed by issuer (NULL: by itself) with issuer_key. */
static X509 *make_certificate(const char *common_name, EVP_PKEY *key, X509 *issuer,
			      EVP_PKEY *issuer_key, const struct extension *extensions)
{
	X509 *cert = X509_new();
	if (!cert)
		return NULL;
	uint64_t serial = 0;
	random_bytes(&serial, sizeof(serial));
	X509_NAME *name = X509_get_subject_name(cert);
	bool ok =
	    X509_set_version(cert, X509_VERSION_3) == 1 &&
	    ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1) == 1 &&
	    ASN1_TIME_set_string(X509_getm_notBefore(cert), "20200101000000Z") == 1 &&
	    ASN1_TIME_set_string(X509_getm_notAfter(cert), "20991231235959Z") == 1 &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
				       (const unsigned char *)common_name, -1, -1, 0) == 1 &&
	    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
				       (const unsigned char *)"开票练习平台", -1, -1, 0) == 1 &&
	    X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer) : name) == 1 &&
	    X509_set_pubkey(cert, key) == 1 &&
	    add_extensions(cert, issuer ? issuer : cert, extensions) &&
	    X509_sign(cert, issuer_key, EVP_sha256()) > 0;
	if (!ok) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

/* PEM text of certificates (and, when key is given, of the key alone). */
static enum err write_pem(const char *path, X509 *first, X509 *second, EVP_PKEY *key,
			  struct err_info *e)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool ok = b != NULL;
	if (ok && key)
		ok = PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) == 1;
	if (ok && first)
		ok = PEM_write_bio_X509(b, first) == 1;
	if (ok && second)
		ok = PEM_write_bio_X509(b, second) == 1;
	char *data = NULL;
	long n = ok ? BIO_get_mem_data(b, &data) : 0;
	enum err rc = ok ? file_write(path, data, (size_t)n, key ? 0600 : 0644, e)
			 : err_fail(e, ERR_INTERNAL, "tls.pem", path, "无法写成 PEM");
	BIO_free(b);
	return rc;
}

struct tls_paths {
	char ca_key[SB_PATH], server_key[SB_PATH], server[SB_PATH];
};

static enum err make_all(const struct tls_paths *p, const char *ca_file, struct err_info *e)
{
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *server_key = EVP_EC_gen("P-256");
	X509 *ca = NULL, *server = NULL;
	enum err rc = ERR_OK;
	if (ca_key && server_key)
		ca = make_certificate("开票练习平台 CA", ca_key, NULL, ca_key, ca_extensions);
	if (ca)
		server = make_certificate(SANDBOX_SERVER_NAME, server_key, ca, ca_key,
					  server_extensions);
	if (!server)
		rc = err_fail(e, ERR_INTERNAL, "tls.make", "练习证书", "无法生成");
	if (!rc)
		rc = write_pem(p->ca_key, NULL, NULL, ca_key, e);
	if (!rc)
		rc = write_pem(p->server_key, NULL, NULL, server_key, e);
	if (!rc)
		rc = write_pem(ca_file, ca, NULL, NULL, e);
	if (!rc)
		rc = write_pem(p->server, server, ca, NULL, e); /* last: it marks the set whole */
	X509_free(server);
	X509_free(ca);
	EVP_PKEY_free(server_key);
	EVP_PKEY_free(ca_key);
	return rc;
}

enum err tls_prepare(const char *dir, struct tls_files *out, struct err_info *e)
{
	struct tls_paths p;
	memset(out, 0, sizeof(*out));
	if (!file_join(out->ca_file, sizeof(out->ca_file), dir, "ca.pem") ||
	    !file_join(p.ca_key, sizeof(p.ca_key), dir, "ca.key") ||
	    !file_join(p.server_key, sizeof(p.server_key), dir, "server.key") ||
	    !file_join(p.server, sizeof(p.server), dir, "server.pem"))
		return err_fail(e, ERR_USAGE, "state.path", "状态目录", "路径太长");
	if (!file_exists(p.server)) {
		enum err rc = make_all(&p, out->ca_file, e);
		if (rc)
			return rc;
	}
	size_t n;
	enum err rc = file_read(p.server_key, 65536, &out->key, &n, e);
	if (!rc)
		rc = file_read(p.server, 65536, &out->chain, &n, e);
	return rc;
}

void tls_free(struct tls_files *t)
{
	if (t->key)
		secret_wipe(t->key, strlen(t->key));
	free(t->key);
	free(t->chain);
	t->key = t->chain = NULL;
}
