/* sandbox/leqi.c - one call of an interface: path, headers, decryption, service, envelope
 * (protocol chapters 1 and 5.1). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/faults.h"
#include "sandbox/http.h"
#include "sandbox/units.h"

static const struct service {
	const char *name;
	service_fn *run;
	bool gzip;
} services[] = {
    {"QDFPPLFM", numbers_service, false},    {"CXSXED", quota_query_service, false},
    {"XZTHSXED", quota_move_service, false}, {"TZSXEDYXQ", quota_interval_service, false},
    {"CXNSRFXXX", risk_service, false},      {"CXNSRJBXX", taxpayer_service, false},
    {"CXKYSL", rates_service, false},        {"CXSSFLBM", taxcodes_service, true},
    {"QDFPSC", upload_service, false},       {"CXQDFPSCJG", result_service, false},
};

static const struct {
	const char *code, *text;
} platform_errors[] = {
    {"500", "请求云服务集成平台异常"},
    {"5001", "云服务集成平台响应异常"},
    {"40322", "直连单位无资格"},
    {"40321", "使用单位无资格"},
    {"4054", "通过平台序号未查询到此直连单位信息"},
    {"4055", "通过平台序号未查询到此使用单位信息"},
    {"4047", "未查询到该单位的测试批次号"},
    {"4049", "未查询到该能力与对应服务的相关信息"},
    {"4032", "使用单位无授权服务"},
    {"4033", "使用单位未授权此服务"},
    {"4056", "云服务APP未找到"},
    {"4057", "报文解密失败"},
    {"4061", "未查询到服务其他信息"},
    {"4063", "沙箱服务请求报文业务校验不通过"},
    {"4067", "当前请求来源 IP 与企业备案出口 IP 不一致"},
    {"-1", "未知错误"},
};

static const char *error_text(const char *code)
{
	for (size_t i = 0; i < sizeof(platform_errors) / sizeof(platform_errors[0]); i++) {
		if (strcmp(platform_errors[i].code, code) == 0)
			return platform_errors[i].text;
	}
	return "未知错误";
}

/* One call on its way through; what the log will hold. */
struct passage {
	struct sb *sb;
	struct http_call *call;
	struct request rq;
	struct unit direct, unit;
	const struct service *service;
	struct buf plain, data;   /* decrypted request and answer */
	char code[16];            /* httpStatusCode */
	char message[FAULT_TEXT]; /* platform error, "" = none */
	const char *fault;        /* switch that shaped the answer */
};

static const char html_page[] =
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>"
    "</center><hr><center>gateway</center></body></html>\n";

/* ---- path ---- */

static bool copy_segment(const char **p, char *out, size_t size)
{
	size_t n = strcspn(*p, "/");
	if (n == 0 || n >= size)
		return false;
	memcpy(out, *p, n);
	out[n] = 0;
	*p += n;
	return true;
}

static bool route(const char *path, struct request *rq)
{
	static const struct {
		const char *prefix;
		enum env env;
	} prefixes[] = {{"/access/v2/invoke/", ENV_REAL},
			{"/access/sandbox/v2/invoke/", ENV_TEST},
			{"/access/newsandbox/v2/invoke/", ENV_TEST}};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t n = strlen(prefixes[i].prefix);
		if (strncmp(path, prefixes[i].prefix, n) != 0)
			continue;
		const char *p = path + n;
		rq->env = prefixes[i].env;
		if (!copy_segment(&p, rq->ability, sizeof(rq->ability)) || *p++ != '/' ||
		    !copy_segment(&p, rq->service, sizeof(rq->service)))
			return false;
		return *p == 0 || strcmp(p, "/") == 0;
	}
	return false;
}

static void read_headers(struct passage *p)
{
	struct headers *h = &p->rq.h;
	const struct {
		const char *name, **slot;
	} rows[] = {
	    {"jrdwptbh", &h->jrdwptbh},
	    {"sydwptbh", &h->sydwptbh},
	    {"fwbm", &h->fwbm},
	    {"nlbm", &h->nlbm},
	    {"ylbm", &h->ylbm},
	    {"sxcsbz", &h->sxcsbz},
	    {"access_token", &h->access_token},
	    {"clientTid", &h->client_tid},
	    {"ptlx", &h->ptlx},
	    {"Content-Type", &h->content_type},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		*rows[i].slot = http_header(p->call, rows[i].name);
}

/* ---- who calls, and may it ---- */

static const char *check_service(struct passage *p)
{
	static const char *const abilities[] = {"202007", "202076", "202077"};
	bool ability = false;
	for (size_t i = 0; i < 3; i++)
		ability = ability || strcmp(abilities[i], p->rq.ability) == 0;
	if (!ability || (p->rq.h.nlbm[0] && strcmp(p->rq.h.nlbm, p->rq.ability) != 0))
		return "4049";
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (strcmp(services[i].name, p->rq.service) == 0)
			p->service = &services[i];
	}
	if (!p->service || (p->rq.h.fwbm[0] && strcmp(p->rq.h.fwbm, p->rq.service) != 0))
		return "4061";
	return NULL;
}

static bool granted(const char *list, const char *service)
{
	size_t n = strlen(service);
	if (!list[0])
		return true;
	for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		if (strncmp(p, service, n) == 0 && (p[n] == ',' || !p[n]))
			return true;
	}
	return false;
}

static const char *check_caller(struct passage *p)
{
	struct request *rq = &p->rq;
	if (!unit_by(p->sb, U_LEQI_ID, rq->h.jrdwptbh, &p->direct) ||
	    p->direct.v[U_IS_DIRECT][0] != 'Y')
		return "4054";
	if (!unit_by(p->sb, U_LEQI_ID, rq->h.sydwptbh, &p->unit) || p->unit.v[U_IS_USING][0] != 'Y')
		return "4055";
	rq->direct = &p->direct;
	rq->unit = &p->unit;
	const char *wrong = check_service(p);
	if (wrong)
		return wrong;
	if (p->direct.v[U_ACCESS][0] != 'Y')
		return "40322";
	if (p->unit.v[U_ACCESS][0] != 'Y')
		return "40321";
	if (strcmp(p->unit.v[U_DIRECT], p->direct.v[U_TAX_NO]) != 0)
		return "4033";
	if (strcmp(unit_ability(&p->unit), rq->ability) != 0 ||
	    !granted(p->unit.v[U_SERVICES], rq->service))
		return "4032";
	if (rq->env == ENV_TEST && fault_on(FAULT_STRICT_YLBM, rq->service) && !rq->h.ylbm[0] &&
	    strcmp(rq->h.sxcsbz, "1") != 0)
		return "4047";
	return NULL;
}

static const char *decrypt(struct passage *p)
{
	unsigned char key[SM4_KEY];
	if (!sm4_key_parse(unit_key(&p->direct, p->rq.env), key) ||
	    !sm4_open(key, buf_str(&p->call->body), p->call->body.len, &p->plain) ||
	    !text_valid(buf_str(&p->plain), p->plain.len))
		return "4057";
	return NULL;
}

/* ---- the service ---- */

/* A \u escape: an odd number of backslashes before the u. */
static bool has_escape(const char *s)
{
	for (; *s; s++) {
		if (*s != '\\')
			continue;
		if (*++s == 'u')
			return true;
		if (!*s)
			break;
	}
	return false;
}

static void run_service(struct passage *p)
{
	struct err_info e;
	cJSON *json = NULL;
	if (has_escape(buf_str(&p->plain))) {
		answer_fail(&p->data, "01", "请求报文不允许包含\\u转义字符");
		return;
	}
	if (json_parse(buf_str(&p->plain), p->plain.len, SB_BODY_MAX, &json, &e)) {
		answer_fail(&p->data, "01", "请求报文不是合法的JSON：%s", e.why);
		return;
	}
	p->rq.json = json;
	pthread_mutex_lock(&p->sb->lock);
	db_begin(p->sb);
	p->rq.now_ms = clock_now_ms();
	p->service->run(p->sb, &p->rq, &p->data);
	if (!db_commit(p->sb)) {
		text_copy(p->code, sizeof(p->code), "500");
		text_copy(p->message, sizeof(p->message), "服务接入异常，请联系管理员");
	}
	pthread_mutex_unlock(&p->sb->lock);
	json_free(&json);
	p->rq.json = NULL;
}

static void platform_error(struct passage *p, const char *code, const char *text)
{
	text_copy(p->code, sizeof(p->code), code);
	text_copy(p->message, sizeof(p->message), text && text[0] ? text : error_text(code));
}

static void process(struct passage *p)
{
	pthread_mutex_lock(&p->sb->lock);
	const char *wrong = check_caller(p);
	pthread_mutex_unlock(&p->sb->lock);
	if (!wrong)
		wrong = decrypt(p);
	if (wrong)
		platform_error(p, wrong, NULL);
	else
		run_service(p);
}

/* ---- the envelope ---- */

static void wrap_lines(struct buf *text)
{
	struct buf wide;
	buf_init(&wide, SB_BODY_MAX);
	for (size_t i = 0; i < text->len; i += 76) {
		buf_add(&wide, text->data + i, text->len - i < 76 ? text->len - i : 76);
		buf_addc(&wide, '\n');
	}
	buf_free(text);
	*text = wide;
}

static void seal_data(struct passage *p, struct buf *out)
{
	unsigned char key[SM4_KEY];
	if (!sm4_key_parse(unit_key(&p->direct, p->rq.env), key))
		return;
	if (fault_take(FAULT_BAD_KEY, p->rq.service, NULL))
		random_bytes(key, sizeof(key));
	sm4_seal(key, buf_str(&p->data), p->data.len, out);
	if (fault_take(FAULT_WRAPPED_BASE64, p->rq.service, NULL))
		wrap_lines(out);
}

/* {"Response":{"RequestId":…,"Data":…}} or Error, as members of the open object. */
static void write_response(struct passage *p, struct json_out *o)
{
	json_open(o, "Response", '{');
	json_put(o, "RequestId", p->rq.id);
	if (p->message[0]) {
		json_open(o, "Error", '{');
		json_put(o, "Code", "01");
		json_put(o, "Message", p->message);
		json_close(o, '}');
	} else {
		struct buf sealed;
		buf_init(&sealed, SB_BODY_MAX);
		seal_data(p, &sealed);
		json_put(o, "Data", buf_str(&sealed));
		buf_free(&sealed);
	}
	json_close(o, '}');
}

static void write_envelope(struct passage *p)
{
	struct buf *out = &p->call->reply.body;
	struct json_out o;
	json_out_init(&o, out, 0);
	json_open(&o, NULL, '{');
	if (fault_take(FAULT_ENVELOPE_OBJECT, p->rq.service, NULL)) {
		json_open(&o, "body", '{');
		write_response(p, &o);
		json_close(&o, '}');
	} else {
		struct buf inner;
		struct json_out io;
		buf_init(&inner, SB_BODY_MAX);
		json_out_init(&io, &inner, 0);
		json_open(&io, NULL, '{');
		write_response(p, &io);
		json_close(&io, '}');
		json_put(&o, "body", buf_str(&inner));
		buf_free(&inner);
	}
	if (fault_take(FAULT_STATUS_NUMBER, p->rq.service, NULL))
		json_put_raw(&o, "httpStatusCode", p->code);
	else
		json_put(&o, "httpStatusCode", p->code);
	json_close(&o, '}');
}

/* ---- faults ---- */

/* Switches that answer for the service.  `after`: those that act once it has run. */
static bool answer_by_fault(struct passage *p, bool after)
{
	static const struct {
		enum fault_kind kind;
		const char *name;
	} rows[] = {{FAULT_ERROR, "error"},
		    {FAULT_FLOW_CONTROL, "flow_control"},
		    {FAULT_HTTP_STATUS, "http_status"},
		    {FAULT_HTML, "html"}};
	struct http_reply *r = &p->call->reply;
	struct fault f;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!fault_take_when(rows[i].kind, p->rq.service, after, &f))
			continue;
		p->fault = rows[i].name;
		char text[FAULT_TEXT];
		switch (rows[i].kind) {
		case FAULT_ERROR:
			platform_error(p, f.text[0] ? f.text : "500", f.message);
			return true;
		case FAULT_FLOW_CONTROL:
			snprintf(text, sizeof(text),
				 "当前访问请求较多，请5分钟后重试，将访问并发控制在%lld以内",
				 (long long)(f.value ? f.value : 10));
			platform_error(p, "500", text);
			return true;
		default:
			r->status =
			    rows[i].kind == FAULT_HTTP_STATUS && f.value ? (int)f.value : 200;
			r->type = "text/html";
			buf_adds(&r->body, html_page);
			return true;
		}
	}
	return false;
}

static void shape_reply(struct passage *p)
{
	struct http_reply *r = &p->call->reply;
	const char *service = p->rq.service;
	struct fault f;
	r->gzip = (p->service && p->service->gzip && !p->message[0]) ||
		  fault_take(FAULT_GZIP, service, NULL);
	if (fault_take(FAULT_BAD_JSON, service, NULL)) {
		p->fault = "bad_json";
		buf_adds(&r->body, "}},");
	}
	if (fault_take(FAULT_OVERSIZE, service, &f)) {
		p->fault = "oversize";
		char blank[4096];
		memset(blank, ' ', sizeof(blank));
		for (int64_t i = 0; i < (f.value ? f.value : 64) * 256; i++)
			buf_add(&r->body, blank, sizeof(blank));
	}
	if (fault_take(FAULT_TRUNCATE, service, NULL)) {
		p->fault = "truncate";
		r->truncate = true;
	}
	if (fault_take(FAULT_SLOW_BODY, service, &f)) {
		p->fault = "slow_body";
		r->drip_ms = f.value ? f.value : 50;
	}
	if (fault_take(FAULT_DROP_REPLY, service, NULL)) {
		p->fault = "drop_reply";
		r->drop = true;
	}
}

/* ---- the log ---- */

static void write_log(struct passage *p)
{
	const struct headers *h = &p->rq.h;
	struct buf headers;
	struct json_out o;
	buf_init(&headers, 65536);
	json_out_init(&o, &headers, 0);
	json_open(&o, NULL, '{');
	const struct {
		const char *name, *value;
	} rows[] = {{"jrdwptbh", h->jrdwptbh},
		    {"sydwptbh", h->sydwptbh},
		    {"fwbm", h->fwbm},
		    {"nlbm", h->nlbm},
		    {"ylbm", h->ylbm},
		    {"sxcsbz", h->sxcsbz},
		    {"access_token", h->access_token},
		    {"clientTid", h->client_tid},
		    {"ptlx", h->ptlx},
		    {"Content-Type", h->content_type}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].value[0])
			json_put(&o, rows[i].name, rows[i].value);
	}
	json_close(&o, '}');
	pthread_mutex_lock(&p->sb->lock);
	db_begin(p->sb);
	db_run(p->sb,
	       "INSERT INTO request(at, env, service, ability, headers, request_id, request,"
	       " code, answer, fault) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	       "iitttttttt", clock_now_ms(), (int64_t)p->rq.env, p->rq.service, p->rq.ability,
	       buf_str(&headers), p->rq.id, buf_str(&p->plain), p->code,
	       p->message[0] ? p->message : buf_str(&p->data), p->fault ? p->fault : "");
	db_commit(p->sb);
	pthread_mutex_unlock(&p->sb->lock);
	buf_free(&headers);
}

static void wait_delay(const char *service)
{
	struct fault f;
	if (!fault_take(FAULT_DELAY, service, &f) || f.value <= 0)
		return;
	struct timespec t = {.tv_sec = f.value / 1000, .tv_nsec = f.value % 1000 * 1000000};
	nanosleep(&t, NULL);
}

bool leqi_admit(void *sb, struct http_call *call)
{
	struct request rq = {0};
	(void)sb;
	return !route(call->path, &rq) || !fault_take(FAULT_REFUSE, rq.service, NULL);
}

void leqi_handle(void *app, struct http_call *call)
{
	struct passage p = {.sb = app, .call = call, .code = "200"};
	char uuid[UUID_TEXT];
	if (!route(call->path, &p.rq) || strcmp(call->method, "POST") != 0) {
		call->reply.status = strcmp(call->method, "POST") ? 405 : 404;
		buf_adds(&call->reply.body, "{\"message\":\"ResourceNotFound\"}");
		return;
	}
	random_uuid(uuid);
	memcpy(p.rq.id, uuid, 16);
	read_headers(&p);
	buf_init(&p.plain, SB_BODY_MAX);
	buf_init(&p.data, SB_BODY_MAX);
	if (!answer_by_fault(&p, false)) {
		process(&p);
		answer_by_fault(&p, true);
	}
	if (!call->reply.body.len)
		write_envelope(&p);
	shape_reply(&p);
	write_log(&p);
	buf_free(&p.plain);
	buf_free(&p.data);
	wait_delay(p.rq.service);
}
