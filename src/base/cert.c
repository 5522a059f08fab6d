/* cert.c - words for certificates that are not believed. */
#include "base/cert.h"

#include <openssl/x509_vfy.h>
#include <stddef.h>

const char *cert_words(long verify, const char *mismatch)
{
	static const struct {
		long code;
		const char *words; /* NULL: the mismatch */
	} WORDS[] = {
	    {X509_V_OK, NULL},
	    {X509_V_ERR_UNSPECIFIED, NULL},
	    {X509_V_ERR_HOSTNAME_MISMATCH, NULL},
	    {X509_V_ERR_CERT_HAS_EXPIRED, "证书已过期，或本机时钟不对"},
	    {X509_V_ERR_CERT_NOT_YET_VALID, "证书尚未生效，或本机时钟不对"},
	    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "证书是自签名的，不在信任之列"},
	    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "证书链的根不在信任之列"},
	    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "证书的签发机构不在信任之列"},
	    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "证书的签发机构不在信任之列"},
	    {X509_V_ERR_CERT_REVOKED, "证书已被吊销"},
	};

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (WORDS[i].code == verify)
			return WORDS[i].words ? WORDS[i].words : mismatch;
	return "证书不可信";
}
