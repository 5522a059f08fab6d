/* post/post.h - facade of the post room: what leaves the house for somebody other than the tax
 * side: HTTP pushes of results, e-mail through SMTP.
 *
 * Purpose     A call is a function from request struct to outcome, over libcurl.  No state beyond
 *             kept-alive connections, no retry, no SQL.
 * Invariants  TLS is 1.2 or newer and always verified (system store, or the certificates given);
 *             plain text only where the caller says so.  Redirects are not followed, proxies of
 *             the environment not used.  Answers are bounded, cleaned and believed only for their
 *             status code; what they repeat of secrets or of a mail is hidden.  Header injection
 *             is impossible: names are encoded, addresses checked.
 *             A mail is SENT only when the server has said 250 to the end of its data.
 * Doubt       A mail whose data the server had asked for (354) and whose final answer did not come
 *             is LOST; before that it was certainly not accepted.  A push without a status is LATER
 *             or LOST; the receiver drops what it has by its event id.
 * Calling     One struct post per thread.  Every function returns the class of the reply and fills
 *             *rep.  Another thread may set the flag of post_watch: a call under way ends soon.
 * Ownership   The caller owns requests; a reply is a plain value.
 */
#ifndef KP_POST_POST_H
#define KP_POST_POST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/err.h"

enum { POST_ANSWER = 64 * 1024, POST_KEPT = 1024, POST_FILES = 8 };

enum post_class {
	POST_OK,
	POST_REFUSED,       /* they said no, and would again */
	POST_MISCONFIGURED, /* certainly not taken: certificate, login, address */
	POST_LATER,         /* certainly not taken: no connection, or a temporary no */
	POST_LOST,          /* may have been taken */
};
const char *post_class_word(enum post_class c); /* ok refused misconfigured later lost */

struct post_reply {
	enum post_class class;
	int status;                     /* of HTTP or SMTP, 0: none */
	char words[400];                /* what went wrong, "" for OK */
	char hint[320];                 /* how to mend it, or "" */
	char answer[4 * POST_KEPT + 4]; /* first POST_KEPT characters of the answer, cleaned */
	long took_ms;
	int retry_after_s; /* Retry-After of HTTP, at most a day; else 0 */
	bool reached;      /* somebody answered */
};
/* Fills e from a reply that is not OK: REFUSED, MISCONFIGURED: ERR_REFUSED; LATER: ERR_BUSY; LOST:
 * ERR_UNKNOWN. */
enum err post_error(const struct post_reply *rep, const char *what, struct err_info *e);

struct post;
enum err post_open(struct post **out, struct err_info *e);
void post_close(struct post **p);
/* A call gives up soon once *stop is true, but for a mail the server has asked for: that one goes
 * on to its answer or its time limit.  NULL: never. */
void post_watch(struct post *p, const atomic_bool *stop);

/* ---- HTTP push ---- */

/* POST of a JSON body with
 *   X-Kaipiao-Key         key_id
 *   X-Kaipiao-Timestamp   Unix seconds
 *   X-Kaipiao-Signature   v1=hex of HMAC-SHA256(key, timestamp "." body)
 * OK is any 2xx. */
struct push_call {
	const char *url; /* url_check has passed it */
	const char *ca_pem;
	const char *key_id;
	const void *key;
	size_t key_len;
	int64_t timestamp;
	const char *body;
	size_t size;
	long connect_ms, total_ms;
};
enum post_class post_push(struct post *p, const struct push_call *c, struct post_reply *rep);
/* "v1=..." */
enum { POST_SIGNATURE = 72 };
void post_sign(const struct push_call *c, char out[POST_SIGNATURE]);

/* ---- mail ---- */

enum mail_security {
	MAIL_STARTTLS, /* required, not only tried */
	MAIL_TLS,      /* from the first byte */
	MAIL_PLAIN,    /* loopback only */
};

struct mail_file {
	const char *name; /* UTF-8 */
	const char *type; /* media type */
	const void *data;
	size_t size;
};
struct mail_call {
	const char *host;
	int port;
	enum mail_security security;
	const char *ca_pem;
	const char *user, *password; /* user "": no login */
	const char *from, *from_name;
	const struct addresses *to;
	const char *subject, *text; /* UTF-8; text may have several lines */
	const char *message_id;     /* without angle brackets; the same whenever it is sent */
	int64_t date;
	const struct mail_file *files;
	size_t file_count;
	long connect_ms, total_ms;
	/* Called when the server asks for the message and nothing of it has left yet; not ERR_OK
	 * ends the call (class LATER). */
	enum err (*begin)(void *arg);
	void *arg;
};
enum post_class post_mail(struct post *p, const struct mail_call *c, struct post_reply *rep);

/* ---- header texts (mime.c), for mails and their tests; malloc'd ---- */

/* RFC 2047: as it is when it is short plain ASCII, else encoded words of at most 75 characters,
 * folded. */
char *post_encode_words(const char *text);
/* RFC 2231: `filename*=UTF-8''...`, in pieces where it is long, folded; or filename="..." for plain
 * ASCII. */
char *post_encode_file_name(const char *name);
/* "Fri, 20 Nov 2026 19:23:53 +0800" */
const char *post_date(int64_t t, char out[40]);

#endif
