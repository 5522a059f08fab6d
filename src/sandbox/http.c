/* sandbox/http.c - listening, collecting bodies, sending answers (also badly). */
#include "sandbox/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/date.h"

enum { DRIP_BYTES = 16, IDLE_SECONDS = 120, CONNECTIONS_MAX = 256, SLICE_MS = 50 };

static atomic_bool stopping;

void http_sleep(int64_t ms)
{
	for (int64_t left = ms; left > 0 && !stopping; left -= SLICE_MS) {
		int64_t slice = left < SLICE_MS ? left : SLICE_MS;
		struct timespec t = {.tv_sec = 0, .tv_nsec = slice * 1000000};
		nanosleep(&t, NULL);
	}
}

const char *http_header(const struct http_call *call, const char *name)
{
	const char *v = MHD_lookup_connection_value(call->conn, MHD_HEADER_KIND, name);
	return v ? v : "";
}

const char *http_query(const struct http_call *call, const char *name)
{
	const char *v = MHD_lookup_connection_value(call->conn, MHD_GET_ARGUMENT_KIND, name);
	return v ? v : "";
}

/* ---- sending ---- */

/* A body sent piecemeal: half of it, or slowly. */
struct stream {
	struct buf body;
	size_t stop; /* where it breaks off */
	int64_t drip_ms;
};

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max)
{
	struct stream *s = cls;
	if (pos >= s->stop)
		return s->stop < s->body.len ? MHD_CONTENT_READER_END_WITH_ERROR
					     : MHD_CONTENT_READER_END_OF_STREAM;
	size_t n = s->stop - (size_t)pos;
	if (s->drip_ms > 0) {
		http_sleep(s->drip_ms);
		n = n < DRIP_BYTES ? n : DRIP_BYTES;
	}
	n = n < max ? n : max;
	memcpy(out, s->body.data + pos, n);
	return (ssize_t)n;
}

static void stream_free(void *cls)
{
	struct stream *s = cls;
	buf_free(&s->body);
	free(s);
}

static bool compress_body(struct buf *body)
{
	z_stream z = {0};
	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t room = deflateBound(&z, body->len);
	char *out = mem_alloc(room);
	z.next_in = (Bytef *)body->data;
	z.avail_in = (uInt)body->len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	bool ok = deflate(&z, Z_FINISH) == Z_STREAM_END;
	size_t n = z.total_out;
	deflateEnd(&z);
	if (ok) {
		buf_reset(body);
		buf_add(body, out, n);
	}
	free(out);
	return ok && !body->failed;
}

static struct MHD_Response *make_response(struct http_reply *r)
{
	if (!r->truncate && r->drip_ms <= 0)
		return MHD_create_response_from_buffer(r->body.len, (void *)r->body.data,
						       MHD_RESPMEM_MUST_COPY);
	struct stream *s = mem_zalloc(sizeof(*s));
	s->body = r->body;
	s->stop = r->truncate ? r->body.len / 2 : r->body.len;
	s->drip_ms = r->drip_ms;
	buf_init(&r->body, SB_BODY_MAX);
	return MHD_create_response_from_callback(s->body.len, 4096, stream_read, s, stream_free);
}

/* By the sandbox's own clock, which may be shifted. */
static void put_date(struct MHD_Response *response)
{
	time_t now = (time_t)clock_now();
	struct tm utc;
	char text[40];

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &utc);
	MHD_add_response_header(response, MHD_HTTP_HEADER_DATE, text);
}

static enum MHD_Result send_reply(struct http_call *call)
{
	struct http_reply *r = &call->reply;
	if (r->drop || r->body.failed)
		return MHD_NO;
	bool packed = r->gzip && r->body.len > 0 && compress_body(&r->body);
	struct MHD_Response *response = make_response(r);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, r->type);
	put_date(response);
	if (packed)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	enum MHD_Result rc = MHD_queue_response(call->conn, (unsigned)r->status, response);
	MHD_destroy_response(response);
	return rc;
}

/* ---- receiving ---- */

static enum MHD_Result on_data(void *cls, struct MHD_Connection *conn, const char *url,
			       const char *method, const char *version, const char *data,
			       size_t *size, void **state)
{
	struct http_server *s = cls;
	struct http_call *call = *state;
	(void)version;
	if (!call) {
		call = mem_zalloc(sizeof(*call));
		call->conn = conn;
		buf_init(&call->body, SB_BODY_MAX);
		buf_init(&call->reply.body, SB_BODY_MAX);
		*state = call;
		call->method = method;
		call->path = url;
		return !s->admit || s->admit(s->app, call) ? MHD_YES : MHD_NO;
	}
	call->method = method;
	call->path = url;
	if (*size > 0) {
		buf_add(&call->body, data, *size);
		*size = 0;
		return call->body.failed ? MHD_NO : MHD_YES;
	}
	call->reply.status = MHD_HTTP_OK;
	call->reply.type = "application/json;charset=UTF-8";
	s->handle(s->app, call);
	return send_reply(call);
}

static void on_done(void *cls, struct MHD_Connection *conn, void **state,
		    enum MHD_RequestTerminationCode code)
{
	struct http_call *call = *state;
	(void)cls, (void)conn, (void)code;
	if (!call)
		return;
	buf_free(&call->body);
	buf_free(&call->reply.body);
	free(call);
	*state = NULL;
}

static enum MHD_Result on_accept(void *cls, const struct sockaddr *addr, socklen_t len)
{
	struct http_server *s = cls;
	(void)addr, (void)len;
	return !s->accept || s->accept() ? MHD_YES : MHD_NO;
}

static void on_log(void *cls, const char *fmt, va_list ap)
{
	(void)cls, (void)fmt, (void)ap; /* broken connections are everyday life here */
}

enum err http_start(struct http_server *s, const char *host, int port, const char *key,
		    const char *chain, struct err_info *e)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	if (inet_pton(AF_INET, host, &addr.sin_addr) != 1 ||
	    ntohl(addr.sin_addr.s_addr) >> 24 != 127)
		return err_fail(e, ERR_USAGE, "host", "监听地址", "只能是本机回环地址 127.x.x.x");
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
			 MHD_USE_POLL | MHD_USE_ERROR_LOG | (key ? (unsigned)MHD_USE_TLS : 0);
	struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
				       {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)chain},
				       {MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
	s->daemon = MHD_start_daemon(
	    flags, (uint16_t)port, on_accept, s, on_data, s, MHD_OPTION_EXTERNAL_LOGGER, on_log,
	    NULL, MHD_OPTION_SOCK_ADDR, &addr, MHD_OPTION_NOTIFY_COMPLETED, on_done, s,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)CONNECTIONS_MAX, MHD_OPTION_ARRAY, key ? tls : none, MHD_OPTION_END);
	if (!s->daemon)
		return err_fail(e, ERR_BUSY, "port", "监听端口", "%d 不能使用，可能已被占用", port);
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info && info->port ? info->port : port;
	return ERR_OK;
}

void http_stop(struct http_server *s)
{
	stopping = true;
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	s->daemon = NULL;
}
