/* post_p.h - between the files of the post room. */
#ifndef KP_POST_POST_P_H
#define KP_POST_POST_P_H

#include <curl/curl.h>

#include "base/buf.h"
#include "post/post.h"

struct post {
	CURL *push, *mail; /* each keeps its connections */
	const atomic_bool *stop;
	bool pledged; /* a message is under way that must not be broken off */
	char error[CURL_ERROR_SIZE];
};

/* What every call has: certificates, limits, watch.  Resets the handle first. */
void wire_prepare(struct post *p, CURL *curl, const char *ca_pem, long connect_ms, long total_ms);
/* A call that failed before anything could have been taken. */
enum post_class wire_fault(struct post *p, CURL *curl, CURLcode code, struct post_reply *rep);
enum post_class reply_set(struct post_reply *rep, enum post_class c, const char *hint,
			  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Keeps the first POST_KEPT characters, cleaned, in one line. */
void reply_keep(struct post_reply *rep, const char *bytes, size_t n);

/* Of what was heard, before it is kept (hide.c): every place of a secret becomes "***"; */
void hide_word(struct buf *b, const char *word, size_t n);
/* so does whatever it has in common with what was sent, plain or in base64, long enough to be no
 * chance. */
void hide_echo(struct buf *b, const char *source, size_t n);
void hide_base64(const char *bytes, size_t n, struct buf *out);

/* The message as libcurl's tree; *headers gets its first lines.  NULL: no memory. */
curl_mime *mime_message(CURL *curl, const struct mail_call *c, struct curl_slist **headers);

#endif
