/* sandbox/http.h - the two listeners (TLS and plain) over libmicrohttpd.
 *
 * Calling     http_start binds a loopback address only.  For every call: admit (headers read, body
 *             not yet; false closes the connection), then handle with the whole body, which fills
 *             reply.
 * Ownership   The call and its reply live until the answer is sent.
 */
#ifndef KP_SANDBOX_HTTP_H
#define KP_SANDBOX_HTTP_H

#include "sandbox/sandbox_p.h"

struct MHD_Connection;
struct MHD_Daemon;

struct http_reply {
	int status;
	struct buf body;
	const char *type; /* Content-Type */
	bool drop;        /* close without an answer */
	bool gzip;
	bool truncate;   /* announce the whole body, send half, close */
	int64_t drip_ms; /* 16 bytes every so many milliseconds */
};

struct http_call {
	struct MHD_Connection *conn;
	const char *method, *path;
	struct buf body;
	struct http_reply reply;
};

struct http_server {
	struct MHD_Daemon *daemon;
	int port;
	void *app;
	bool (*admit)(void *app, struct http_call *call);
	bool (*accept)(void); /* may be NULL; false closes a new connection */
	void (*handle)(void *app, struct http_call *call);
};

/* Listens on host:port (port 0: any free one, then s->port tells it).  key and chain (PEM) NULL:
 * plain.  ERR_BUSY when the port is taken. */
enum err http_start(struct http_server *s, const char *host, int port, const char *key,
		    const char *chain, struct err_info *e);
void http_stop(struct http_server *s);
/* Sleeps, but no longer than until http_stop. */
void http_sleep(int64_t ms);

/* "" when absent. */
const char *http_header(const struct http_call *call, const char *name);
const char *http_query(const struct http_call *call, const char *name);

#endif
