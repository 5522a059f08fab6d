/* call.c - one call: seal, tell the trace, send, decode. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/date.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "leqi/leqi_p.h"
#include "leqi/wire_p.h"

static void start_curl(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum err leqi_open(struct leqi **out, struct err_info *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	CURL *curl;

	pthread_once(&once, start_curl);
	curl = curl_easy_init();
	if (!curl)
		return err_fail(e, ERR_INTERNAL, "leqi.curl", "网络", "libcurl 不能启动");
	*out = mem_zalloc(sizeof(**out));
	(*out)->curl = curl;
	return ERR_OK;
}

void leqi_close(struct leqi **l)
{
	if (!*l)
		return;
	curl_easy_cleanup((*l)->curl);
	free(*l);
	*l = NULL;
}

void leqi_set_trace(struct leqi *l, leqi_trace f, void *arg)
{
	l->trace = f;
	l->trace_arg = arg;
}

void leqi_serial(const struct leqi_unit *u, char out[LEQI_SERIAL_TEXT])
{
	char random[UUID_TEXT];

	random_uuid(random);
	snprintf(out, LEQI_SERIAL_TEXT, "%.34s%.34s%s", u->using_id, u->direct_id, random);
}

static const char *ability_of(const struct leqi_unit *u)
{
	return text_empty(u->ability) ? "202007" : u->ability;
}

static void add_header(struct curl_slist **list, const char *name, const char *value)
{
	char line[128];

	/* libcurl sends a header without a value only when it ends in ';'. */
	if (*value)
		snprintf(line, sizeof(line), "%s: %s", name, value);
	else
		snprintf(line, sizeof(line), "%s;", name);
	*list = curl_slist_append(*list, line);
}

/* Headers of protocol 1.2. */
static struct curl_slist *headers_of(const struct leqi_unit *u, const char *service,
				     const char *trace_id)
{
	struct curl_slist *list = NULL;

	add_header(&list, "Content-Type", "application/json");
	list = curl_slist_append(list, "Expect:");
	add_header(&list, "jrdwptbh", u->direct_id);
	add_header(&list, "sydwptbh", u->using_id);
	add_header(&list, "nlbm", ability_of(u));
	add_header(&list, "fwbm", service);
	add_header(&list, "access_signature", "");
	add_header(&list, "clientTid", trace_id);
	if (u->joint)
		add_header(&list, "ptlx", "2");
	/* ylbm and sxcsbz are alternatives: first test, or test after approval. */
	if (u->sandbox_flag)
		add_header(&list, "sxcsbz", "1");
	else if (!text_empty(u->use_case))
		add_header(&list, "ylbm", u->use_case);
	return list;
}

/* HTTP statuses that say more than the body: without an envelope they decide. */
static const struct {
	int from, to;
	enum leqi_class class;
	const char *words, *hint;
} STATUSES[] = {
    {300, 399, LEQI_MISCONFIGURED, "接入地址被重定向，没有跟随", "核对接入地址，须以 /invoke 结尾"},
    {401, 401, LEQI_MISCONFIGURED, "网关要求登录", "检查代理的设置"},
    {403, 403, LEQI_MISCONFIGURED, "请求被防火墙或网关拒绝",
     "核对出口 IP 是否登记，检查本地防火墙与代理；TLS 须由本程序直接与平台建立"},
    {404, 404, LEQI_MISCONFIGURED, "对方没有这个路径",
     "核对接入地址，写作 https://主机:端口/access/v2/invoke，并检查代理的转发规则"},
    {405, 405, LEQI_MISCONFIGURED, "对方不接受 POST", "核对接入地址与代理的转发规则"},
    {407, 407, LEQI_MISCONFIGURED, "代理要求登录", "检查代理的设置"},
    {429, 429, LEQI_LATER, "请求过于频繁", "程序会等待后再试"},
};

/* A status other than 2xx. A recognised code or sentence of the platform inside the body goes
 * first, but no server error is ever believed to be a refusal. */
static void apply_status(struct leqi_reply *rep, int status)
{
	if (status < 300 || rep->class == LEQI_LATER)
		return;
	if (status >= 500) {
		reply_fail(rep, LEQI_LOST, "平台一时故障，程序会自动再试", "平台返回 HTTP %d",
			   status);
		return;
	}
	if (rep->platform_code[0] && rep->class != LEQI_LOST)
		return;
	for (size_t i = 0; i < sizeof(STATUSES) / sizeof(STATUSES[0]); i++) {
		if (status < STATUSES[i].from || status > STATUSES[i].to)
			continue;
		reply_fail(rep, STATUSES[i].class, STATUSES[i].hint, "%s（HTTP %d）",
			   STATUSES[i].words, status);
		if (STATUSES[i].class == LEQI_LATER)
			rep->retry_after_s = LEQI_FLOW_SECONDS;
		return;
	}
	reply_fail(rep, LEQI_LOST, "程序会先查询再处理；反复出现请检查代理", "对方返回 HTTP %d",
		   status);
}

static enum leqi_class finish(const struct exchange *x, struct leqi_reply *rep, cJSON **data)
{
	rep->http_status = (int)x->status;
	rep->server_time = x->date;
	if (x->code != CURLE_OK) {
		transport_fault(x, rep);
		if (x->taken) /* a gateway that says 403 and hangs up has still answered */
			apply_status(rep, rep->http_status);
		return rep->class;
	}
	envelope_decode(x->unit->key, buf_str(&x->answer), x->answer.len, rep, data);
	apply_status(rep, rep->http_status);
	if (rep->class != LEQI_OK && rep->class != LEQI_REFUSED)
		json_free(data);
	return rep->class;
}

static enum leqi_class exchange_run(struct leqi *l, const struct leqi_unit *u, const char *service,
				    const struct buf *sealed, struct leqi_reply *rep, cJSON **data)
{
	struct exchange x = {.unit = u, .url = rep->url, .body = sealed->data, .size = sealed->len};
	int64_t start = clock_mono_ms();

	x.headers = headers_of(u, service, rep->trace_id);
	buf_init(&x.answer, LEQI_ANSWER_MAX);
	crash_step("leqi.before");
	transport_post(l, &x);
	crash_step("leqi.after");
	rep->took_ms = (long)(clock_mono_ms() - start);
	finish(&x, rep, data);
	reply_lost(rep, service);
	buf_free(&x.answer);
	curl_slist_free_all(x.headers);
	return rep->class;
}

/* Our own JSON for the trace: already clean, document numbers starred. */
static char *trace_request(const struct buf *request)
{
	size_t n = request->len;
	char *text;

	if (n > LEQI_TRACE_MAX)
		n = text_whole(request->data, LEQI_TRACE_MAX);
	text = mem_strndup(buf_str(request), n);
	wire_mask(text);
	return text;
}

enum leqi_class leqi_call(struct leqi *l, const struct leqi_unit *u, const char *service,
			  const struct buf *request, struct leqi_reply *rep, cJSON **data)
{
	size_t base = text_empty(u->base_url) ? 0 : strlen(u->base_url);
	struct buf sealed;

	*rep = (struct leqi_reply) {0};
	*data = NULL;
	if (!transport_unit_ok(u, rep))
		return rep->class;
	if (request->failed)
		return reply_fail(rep, LEQI_MISCONFIGURED, "减少一次上传的发票张数",
				  "请求超过上限");
	random_uuid(rep->trace_id);
	snprintf(rep->url, sizeof(rep->url), "%s%s%s/%s/", u->base_url,
		 u->base_url[base - 1] == '/' ? "" : "/", ability_of(u), service);
	rep->request = trace_request(request);
	if (l->trace && l->trace(l->trace_arg, service, rep) != ERR_OK)
		return reply_fail(rep, LEQI_LATER, "", "请求没有发出：本机未能登记这次请求");
	buf_init(&sealed, (size_t)LEQI_REQUEST_MAX * 2);
	if (leqi_seal(u->key, buf_str(request), request->len, &sealed) != ERR_OK)
		reply_fail(rep, LEQI_LATER, "检查内存与 OpenSSL", "请求没有发出：加密失败");
	else
		exchange_run(l, u, service, &sealed, rep, data);
	buf_free(&sealed);
	return rep->class;
}
