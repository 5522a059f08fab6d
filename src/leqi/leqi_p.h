/* leqi_p.h - private to the leqi room: calls, replies, reading answers. */
#ifndef KP_LEQI_LEQI_P_H
#define KP_LEQI_LEQI_P_H

#include <cjson/cJSON.h>
#include <curl/curl.h>

#include "leqi/leqi.h"

enum {
	LEQI_REQUEST_MAX = 256 * 1024 * 1024,
	LEQI_TRACE_MAX = 16 * 1024 * 1024, /* longer texts are cut in replies */
	LEQI_FLOW_SECONDS = 300,           /* protocol 1.9: try again in five minutes */
	LEQI_CONNECT_MS = 10 * 1000,
	LEQI_TOTAL_MS = 60 * 1000,
};

/* Of what was lost; reply_lost says it by the service. */
#define LEQI_LOST_HINT "结果待查；程序会先查询再处理"

struct leqi {
	CURL *curl;
	leqi_trace trace;
	void *trace_arg;
};

/* ---- reply.c ---- */

/* Sets class, message (printf style, cleaned, cut) and hint ("" or NULL: none); returns the
 * class. */
enum leqi_class reply_fail(struct leqi_reply *rep, enum leqi_class class, const char *hint,
			   const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Stores a text of the other side as message: cleaned and cut; "" leaves the message. */
void reply_say(struct leqi_reply *rep, const char *text);
/* The reply cannot be used: LOST, "服务…的应答缺少…". */
enum leqi_class reply_unusable(struct leqi_reply *rep, const char *what);
/* The hint of a call that was LOST, by what it wanted: a question is asked again, an invoice is not
 * issued under another number meanwhile. */
void reply_lost(struct leqi_reply *rep, const char *service);
/* Copies text for a trace: at most LEQI_TRACE_MAX bytes, control characters dropped. */
char *reply_trace_text(const char *text, size_t n);

/* ---- platform.c: what the platform's codes and sentences mean (protocol 5.1) ---- */

/* Fills class and hint when the code or the text is one the platform is known for; false
 * otherwise. */
bool platform_known(const char *code, const char *text, struct leqi_reply *rep);
/* True for the sentence of flow control (protocol 1.9); *seconds gets the wait it asks for. */
bool platform_flow_control(const char *text, int *seconds);

/* ---- envelope.c ---- */

/* Decodes one answer as it came over the wire; *data gets the decrypted object (NULL unless OK or
 * REFUSED by it), the caller's to free. */
enum leqi_class envelope_decode(const unsigned char key[LEQI_KEY], const char *bytes, size_t n,
				struct leqi_reply *rep, cJSON **data);
/* Inflates when the bytes begin with the magic of gzip; false: damaged or too large. */
bool envelope_gunzip(const char *bytes, size_t n, struct buf *out, bool *was_gzip);

/* ---- transport.c ---- */

struct exchange {
	/* in */
	const struct leqi_unit *unit;
	const char *url;
	struct curl_slist *headers;
	const char *body;
	size_t size;
	/* out */
	bool taken;        /* a byte of the body was handed to the connection */
	struct buf answer; /* initialised by the caller */
	CURLcode code;
	char error[CURL_ERROR_SIZE];
	long status, verify;
	long tunnel; /* what the proxy said to CONNECT, 0: nothing */
	int64_t date;
};
/* One POST; never follows, never repeats. */
void transport_post(struct leqi *l, struct exchange *x);
/* Options every connection has: verified TLS, own CA, the way to the server, timeouts; no proxy but
 * the unit's.  url begins with the unit's scheme and host; with tls_name the server is spoken to
 * under that, and reached where the url leads. */
void transport_secure(CURL *curl, const struct leqi_unit *u, const char *url,
		      struct curl_slist **connect_to);
/* Fills what libcurl knows of an exchange that was made. */
void transport_result(CURL *curl, struct exchange *x);
/* The hop an exchange that brought no answer was stopped at; LEQI_HOPS: beyond those of a
 * connection. */
enum leqi_hop transport_hop(CURL *curl, const struct exchange *x);
/* Fills the reply of an exchange that brought no whole answer. */
enum leqi_class transport_fault(const struct exchange *x, struct leqi_reply *rep);
/* False with MISCONFIGURED in rep when the unit's address or identities cannot be used. */
bool transport_unit_ok(const struct leqi_unit *u, struct leqi_reply *rep);

/* ---- call.c ---- */

/* One call: seals the request, sends, decodes.  *data as envelope_decode. */
enum leqi_class leqi_call(struct leqi *l, const struct leqi_unit *u, const char *service,
			  const struct buf *request, struct leqi_reply *rep, cJSON **data);

/* ---- sm4.c ---- */

/* White space anywhere is ignored; anything else that is not base64 is refused. */
bool base64_read(const char *text, size_t n, struct buf *out);

/* ---- package.c ---- */

enum { UNPACK_TOTAL = 512 * 1024 * 1024, UNPACK_OBJECT = 8 * 1024 * 1024 };
enum unpack {
	UNPACK_OK,
	UNPACK_NOT_BASE64,
	UNPACK_DAMAGED,
	UNPACK_TOO_LARGE,
	UNPACK_NOT_JSON,
	UNPACK_REFUSED, /* by the callback */
};
/* One object as text; false: no further ones. */
typedef bool (*package_each)(void *arg, const char *text, size_t n);
/* base64(gzip(an array of objects, or one)); memory does not grow with it. */
enum unpack package_unpack(const char *text, size_t n, package_each f, void *arg);

/* ---- upload.c ---- */

/* Status of one row of the results; what nobody can read is PROCESSING. */
enum leqi_status result_status(const cJSON *row);

/* ---- red_list.c ---- */

/* A page of letters, from the decrypted answer; LOST in rep when it is none. */
enum leqi_class red_read_page(const cJSON *data, leqi_red_each f, void *arg,
			      struct leqi_red_page *out, struct leqi_reply *rep);
/* A letter with its lines into an initialised one; false: not one that could be worked with. */
bool red_read_letter(const cJSON *data, struct red_letter *l);

/* ---- read.c: members of an answer, forgiving where the protocol says so ---- */

/* Member by key; blanks around a key and its case are forgiven (protocol 1.5). */
const cJSON *wire_get(const cJSON *object, const char *key);
/* Its text, trimmed of nothing, "" when absent. */
const char *wire_text(const cJSON *object, const char *key);
/* Cleaned copy into out. */
void wire_copy(const cJSON *object, const char *key, char *out, size_t size);
/* The same for a code of two digits: as a JSON number it has lost its leading zero. */
void wire_pair(const cJSON *object, const char *key, char *out, size_t size);
/* Cleaned copy, the caller's, at most max characters. */
char *wire_dup(const cJSON *object, const char *key, size_t max);
bool wire_yes(const cJSON *object, const char *key);
bool wire_fen(const cJSON *object, const char *key, int64_t *fen);
/* yyyy-MM-dd from yyyyMMdd or yyyy-MM-dd; "" when absent or impossible. */
void wire_date(const cJSON *object, const char *key, char out[DATE_TEXT]);
/* yyyy-MM-dd HH:mm:ss from that form or a date alone (its beginning); "" as above. */
void wire_datetime(const cJSON *object, const char *key, char out[DATETIME_TEXT]);
/* yyyy-MM from yyyyMM or yyyy-MM; "" as above. */
void wire_month(const cJSON *object, const char *key, char out[MONTH_TEXT]);
/* The array `key`, or the only array there is (protocol 14.4), or NULL. */
const cJSON *wire_list(const cJSON *object, const char *key);

#endif
