/* sandbox/leqi.c - one call of an interface: path, headers, who may call, decryption, service
 * (protocol chapters 1 and 5.1). */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/passage.h"

static const struct service services[] = {
    {"QDFPPLFM", numbers_service, false, SERVED_BY_BASE},
    {"CXSXED", quota_query_service, false, SERVED_BY_BASE},
    {"XZTHSXED", quota_move_service, false, SERVED_BY_BASE},
    {"TZSXEDYXQ", quota_interval_service, false, SERVED_BY_BASE},
    {"CXNSRFXXX", risk_service, false, SERVED_BY_BASE},
    {"CXNSRJBXX", taxpayer_service, false, SERVED_BY_BASE},
    {"CXKYSL", rates_service, false, SERVED_BY_BASE},
    {"CXSSFLBM", taxcodes_service, true, SERVED_BY_BASE},
    {"CXCEZSBM", differential_service, false, SERVED_BY_BASE},
    {"QDFPSC", upload_service, false, SERVED_BY_BASE},
    {"CXQDFPSCJG", result_service, false, SERVED_BY_BASE},
    {"CXFPHZQRXX", summary_query_service, false, SERVED_BY_BASE},
    {"SCFPHZQRXX", summary_confirm_service, false, SERVED_BY_BASE},
    {"QDHZQRDSQ", red_apply_service, false, SERVED_BY_BASE},
    {"QDHZQRDQR", red_confirm_service, false, SERVED_BY_BASE},
    {"CXQDHZQRDLB", red_list_service, false, SERVED_BY_BASE},
    {"CXQDHZQRDMX", red_detail_service, false, SERVED_BY_BASE},
    {"PLFPXZSQ", collect_apply_service, false, SERVED_BY_COLLECT},
    {"PLFPXZSQFK", collect_fetch_service, false, SERVED_BY_COLLECT},
    {"FPZTXXCX", usage_service, false, SERVED_BY_BOTH},
};

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

#define COLLECT "203067"

static bool collects(const struct passage *p)
{
	return strcmp(p->rq.ability, COLLECT) == 0;
}

static const char *check_service(struct passage *p)
{
	static const char *const abilities[] = {"202007", "202076", "202077", COLLECT};
	bool ability = false;
	for (size_t i = 0; i < sizeof(abilities) / sizeof(abilities[0]); i++)
		ability = ability || strcmp(abilities[i], p->rq.ability) == 0;
	if (!ability || (p->rq.h.nlbm[0] && strcmp(p->rq.h.nlbm, p->rq.ability) != 0))
		return "4049";
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (strcmp(services[i].name, p->rq.service) == 0)
			p->service = &services[i];
	}
	if (p->service && p->service->by == (collects(p) ? SERVED_BY_BASE : SERVED_BY_COLLECT))
		return "4061";
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
	if ((!collects(p) && strcmp(unit_ability(&p->unit), rq->ability) != 0) ||
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

static void process(struct passage *p)
{
	pthread_mutex_lock(&p->sb->lock);
	const char *wrong = check_caller(p);
	pthread_mutex_unlock(&p->sb->lock);
	if (!wrong)
		wrong = decrypt(p);
	if (wrong)
		passage_error(p, wrong, NULL);
	else
		run_service(p);
}

static void wait_delay(const char *service)
{
	struct fault f;
	if (fault_take(FAULT_DELAY, service, &f))
		http_sleep(f.value);
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
	if (!passage_fault(&p, false)) {
		process(&p);
		passage_fault(&p, true);
	}
	if (!call->reply.body.len)
		passage_envelope(&p);
	passage_shape(&p);
	passage_log(&p);
	buf_free(&p.plain);
	buf_free(&p.data);
	wait_delay(p.rq.service);
}
