/* sandbox/reply.c - the answer of a call: envelope, platform errors, misbehaviour, log
 * (protocol 1.5, 5.1). */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/passage.h"

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

static const char html_page[] =
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>"
    "</center><hr><center>gateway</center></body></html>\n";

void passage_error(struct passage *p, const char *code, const char *text)
{
	text_copy(p->code, sizeof(p->code), code);
	text_copy(p->message, sizeof(p->message), text && text[0] ? text : error_text(code));
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

void passage_envelope(struct passage *p)
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

bool passage_fault(struct passage *p, bool after)
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
			passage_error(p, f.text[0] ? f.text : "500", f.message);
			return true;
		case FAULT_FLOW_CONTROL:
			snprintf(text, sizeof(text),
				 "当前访问请求较多，请5分钟后重试，将访问并发控制在%lld以内",
				 (long long)(f.value ? f.value : 10));
			passage_error(p, "500", text);
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

void passage_shape(struct passage *p)
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

void passage_log(struct passage *p)
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
