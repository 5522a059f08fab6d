/* log.c - 乐企请求日志: conditions of a person, one record, following. */
#include "desk/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"
#include "desk/page_p.h"
#include "desk/unit_p.h"

enum {
	DAY_MS = 86400 * 1000,
	ID_DIGITS = 18,
	DEAD_MS = 10 * 60 * 1000, /* longer than any call lasts */
	MORE_ROWS = 1000
};

static const struct {
	const char *word, *label;
} RESULTS[] = {
    {"ok", "成功"},      {"refused", "税局拒绝"}, {"misconfigured", "配置不符"},
    {"later", "未送达"}, {"lost", "结果不明"},    {"sent", "没有应答"},
};

const char *desk_log_result(size_t i, const char **label)
{
	if (i >= sizeof(RESULTS) / sizeof(RESULTS[0]))
		return NULL;
	*label = RESULTS[i].label;
	return RESULTS[i].word;
}

const char *desk_log_result_label(const char *word)
{
	const char *w, *label;

	for (size_t i = 0; (w = desk_log_result(i, &label)); i++)
		if (!strcmp(w, word))
			return label;
	return word;
}

/* ---- conditions ---- */

static enum err parse_id(const char *text, const char *what, int64_t *out, struct err_info *e)
{
	if (text_all_digits(text) && strlen(text) <= ID_DIGITS) {
		*out = strtoll(text, NULL, 10);
		return ERR_OK;
	}
	return err_fail(e, ERR_INVALID, "id.form", what, "编号“%.40s”应为数字", text);
}

/* What the engine logs beside calls to the tax side. */
static const char *const POSTS[] = {"推送", "邮件"};

static enum err take_services(const char *text, struct request_filter *f, struct err_info *e)
{
	const struct tax_service *s;
	size_t i;

	for (i = 0; (s = tax_service(i)) && f->service_count < REQUEST_SERVICES; i++) {
		if (!strcasecmp(s->code, text) || !strcmp(s->name, text) ||
		    !strcmp(s->title, text)) {
			f->services[0] = s->code;
			f->service_count = 1;
			return ERR_OK;
		}
		if (strstr(s->name, text) || strstr(s->title, text))
			f->services[f->service_count++] = s->code;
	}
	for (i = 0; i < sizeof(POSTS) / sizeof(POSTS[0]); i++)
		if (!strcmp(POSTS[i], text) && f->service_count < REQUEST_SERVICES)
			f->services[f->service_count++] = POSTS[i];
	if (f->service_count)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "log.service", "接口", "没有“%.60s”这个接口", text);
	err_hint(e, "请写服务编码或名称，如 QDFPSC、上传发票");
	return ERR_INVALID;
}

/* "2025-11-01", or with a time of day; `end`: the first moment behind it. */
static enum err take_time(const char *text, bool end, int64_t *ms, struct err_info *e)
{
	const char *const seconds = ":00";
	bool to_minute = strlen(text) == DATETIME_TEXT - 1 - strlen(seconds);
	char whole[DATETIME_TEXT] = "";
	struct datetime d = {0};
	int64_t t;

	if (date_parse(text, &d.date)) {
		*ms = date_unix(d) * 1000 + (end ? DAY_MS : 0);
		return ERR_OK;
	}
	if (to_minute)
		snprintf(whole, sizeof(whole), "%.16s%s", text, seconds);
	if (datetime_parse(to_minute ? whole : text, &t)) {
		*ms = (t + (!end ? 0 : to_minute ? 60 : 1)) * 1000;
		return ERR_OK;
	}
	return err_fail(e, ERR_INVALID, "log.time", "时间",
			"“%.40s”不是日期，写作 2025-11-01 或 2025-11-01 10:30", text);
}

static enum err take_result(const char *text, struct request_filter *f, struct err_info *e)
{
	const char *word, *label;

	for (size_t i = 0; (word = desk_log_result(i, &label)); i++) {
		if (!strcmp(word, text) || !strcmp(label, text)) {
			f->result = word;
			return ERR_OK;
		}
	}
	return err_fail(e, ERR_INVALID, "log.result", "结果", "没有“%.40s”这种结果", text);
}

static enum err filter_of(struct session *s, const struct log_query *q, struct request_filter *f,
			  struct err_info *e)
{
	enum err r = ERR_OK;

	f->failed = q->failed;
	f->request_id = text_empty(q->request_id) ? NULL : q->request_id;
	f->find = text_empty(q->find) ? NULL : q->find;
	if (!text_empty(q->service))
		r = take_services(q->service, f, e);
	if (!r && !text_empty(q->result))
		r = take_result(q->result, f, e);
	if (!r && !text_empty(q->unit))
		r = unit_ids_named(s, q->unit, f->units, REQUEST_UNITS, &f->unit_count, e);
	if (!r && !text_empty(q->job))
		r = parse_id(q->job, "任务", &f->job_id, e);
	if (!r && !text_empty(q->from))
		r = take_time(q->from, false, &f->from_ms, e);
	if (!r && !text_empty(q->to))
		r = take_time(q->to, true, &f->to_ms, e);
	if (!r && f->from_ms && f->to_ms && f->from_ms >= f->to_ms)
		r = err_fail(e, ERR_INVALID, "date.order", "时间", "起 %.40s 晚于止 %.40s", q->from,
			     q->to);
	return r;
}

/* ---- the list ---- */

struct requests {
	struct page page;
	struct db *db;
	struct request_filter filter;
	request_each f;
	void *arg;
};

static enum err give_request(void *arg, const struct request_row *q)
{
	struct requests *l = arg;

	return page_takes(&l->page, q->id) ? l->f(l->arg, q) : ERR_OK;
}

static enum err read_requests(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct requests *l = (struct requests *)p;

	return store_request_list(l->db, &l->filter, cursor, max, give_request, l, NULL, e);
}

/* Nobody counts what a word finds: every text would have to be looked at. */
static enum err find_page(struct requests *l, const struct log_query *q, int64_t *next,
			  int64_t *total, struct err_info *e)
{
	int64_t budget = q->look, stopped = 0;
	enum err r;

	l->filter.budget = q->look ? &budget : NULL;
	l->page.left = q->limit;
	r = store_request_list(l->db, &l->filter, q->cursor, q->limit + 1, give_request, l,
			       &stopped, e);
	*next = l->page.next ? l->page.next : stopped;
	*total = -1;
	return r;
}

enum err desk_log_list(struct session *s, const struct log_query *q, request_each f, void *arg,
		       int64_t *next, int64_t *total, struct err_info *e)
{
	struct requests l = {.page = {.read = read_requests}, .db = s->db, .f = f, .arg = arg};
	enum err r = desk_allow(s, DESK_LOG, e);

	*next = *total = 0;
	if (r || (r = filter_of(s, q, &l.filter, e)))
		return r;
	return l.filter.find ? find_page(&l, q, next, total, e)
			     : page_list(&l.page, q->cursor, q->limit, next, total, e);
}

enum err desk_log_get(struct session *s, const char *id, request_each f, void *arg,
		      struct err_info *e)
{
	int64_t n = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_LOG, e)) || (r = parse_id(id, "请求日志", &n, e)))
		return r;
	return store_request_get(s->db, n, f, arg, e);
}

/* ---- one record ---- */

void desk_log_unit(struct session *s, int64_t unit_id, char *out, size_t size)
{
	struct unit u;

	*out = 0;
	if (!unit_id || store_unit_get(s->db, unit_id, &u, NULL))
		return;
	snprintf(out, size, "%s %s [%s]", u.tax_no, u.name, unit_env_label(u.env));
	out[text_whole(out, strlen(out))] = 0;
	unit_free(&u);
}

bool desk_units_several(struct session *s)
{
	int64_t n = 0;

	return !store_unit_count(s->db, "using", &n, NULL) && n > 1;
}

const char *desk_unit_short(struct session *s, int64_t unit_id, char out[DESK_UNIT_SHORT])
{
	struct unit u;

	*out = 0;
	if (!unit_id || store_unit_get(s->db, unit_id, &u, NULL))
		return out;
	snprintf(out, DESK_UNIT_SHORT, "%s [%s]", u.name, unit_env_label(u.env));
	out[text_whole(out, strlen(out))] = 0;
	unit_free(&u);
	return out;
}

static void put(struct buf *b, const char *label, const char *value)
{
	if (!text_empty(value))
		buf_addf(b, "%s：%s\n", label, value);
}

static void put_tree(struct buf *b, const char *label, const char *json)
{
	cJSON *tree = NULL;
	char *text = NULL;

	if (!text_empty(json) &&
	    json_parse_theirs(json, strlen(json), SIZE_MAX / 8, &tree, NULL) == ERR_OK)
		text = cJSON_Print(tree);
	buf_addf(b, "\n【%s】\n", label);
	buf_adds(b, text ? text : text_empty(json) ? "（没有）" : json);
	buf_addc(b, '\n');
	cJSON_free(text);
	json_free(&tree);
}

void desk_log_text(const struct request_row *r, const char *unit, struct buf *b)
{
	char when[DATETIME_TEXT], line[200];

	buf_addf(b, "乐企请求日志 第 %lld 号\n\n", (long long)r->id);
	snprintf(line, sizeof(line), "%s.%03d", datetime_text(r->at_ms / 1000, when),
		 (int)(r->at_ms % 1000));
	put(b, "时间", line);
	put(b, "单位", unit);
	snprintf(line, sizeof(line), "%s %s（%s）", r->service, tax_service_name(r->service),
		 tax_service_title(r->service));
	put(b, "接口", strcmp(tax_service_title(r->service), r->service) != 0 ? line : r->service);
	put(b, "地址", r->url);
	put(b, "RequestId", r->request_id);
	put(b, "clientTid", r->trace_id);
	snprintf(line, sizeof(line), "%d", r->http_status);
	put(b, "HTTP", r->http_status ? line : "");
	put(b, "平台代码", r->platform_code);
	put(b, "返回代码", r->return_code);
	put(b, "结果", desk_log_result_label(r->result));
	put(b, "说明", r->message);
	snprintf(line, sizeof(line), "%lld 毫秒", (long long)r->took_ms);
	put(b, "耗时", line);
	put_tree(b, "请求", r->request);
	put_tree(b, "应答", r->answer);
}

/* ---- following ---- */

enum err desk_log_follow(struct session *s, int rows, struct log_follow *out, struct err_info *e)
{
	int64_t newest = 0;
	enum err r = desk_allow(s, DESK_LOG, e);

	*out = (struct log_follow) {0};
	if (r || (r = store_request_newest(s->db, &newest, e)))
		return r;
	out->after = newest > rows ? newest - rows : 0;
	return ERR_OK;
}

struct more {
	struct log_follow *f;
	request_each each;
	void *arg;
	int64_t now_ms, asked; /* asked: only this row, 0 any */
	bool full, gone;
};

/* Begun by a process that still waits for the answer, as far as one can tell. */
static bool is_under_way(const struct more *m, const struct request_row *r)
{
	return !strcmp(r->result, "sent") && m->now_ms - r->at_ms < DEAD_MS;
}

static enum err look_again(void *arg, const struct request_row *r)
{
	struct more *m = arg;

	if (r->id == m->asked && is_under_way(m, r))
		m->gone = false;
	else if (r->id == m->asked)
		return m->each(m->arg, r);
	return ERR_OK;
}

static enum err look_at_waiting(struct session *s, struct more *m, struct err_info *e)
{
	size_t left = 0;
	enum err r = ERR_OK;

	for (size_t i = 0; i < m->f->waiting_count && !r; i++) {
		m->asked = m->f->waiting[i];
		m->gone = true;
		r = store_request_after(s->db, m->asked - 1, 1, look_again, m, e);
		if (!m->gone)
			m->f->waiting[left++] = m->asked;
	}
	m->f->waiting_count = left;
	return r;
}

static enum err look_at_new(void *arg, const struct request_row *r)
{
	struct more *m = arg;

	if (m->full)
		return ERR_OK;
	if (!is_under_way(m, r)) {
		m->f->after = r->id;
		m->f->after_ms = r->at_ms;
		return m->each(m->arg, r);
	}
	if ((m->full = m->f->waiting_count == LOG_WAITING))
		return ERR_OK;
	m->f->waiting[m->f->waiting_count++] = m->f->after = r->id;
	m->f->after_ms = r->at_ms;
	return ERR_OK;
}

/* The row that was told last, or what stands in its place. */
struct place {
	int64_t id, at_ms;
};

static enum err take_place(void *arg, const struct request_row *r)
{
	*(struct place *)arg = (struct place) {.id = r->id, .at_ms = r->at_ms};
	return ERR_OK;
}

static enum err take_oldest(void *arg, const struct request_row *r)
{
	*(int64_t *)arg = r->id - 1;
	return ERR_OK;
}

/* A restore brings an older log, whose numbers come again (so do those of a removed unit): what it
 * has of the time since we last looked came behind it. */
static enum err look_for_fall(struct session *s, struct log_follow *f, int64_t now_ms,
			      struct err_info *e)
{
	const struct request_filter since = {.from_ms = f->looked_ms, .to_ms = now_ms + 1};
	struct place here = {.id = 0};
	enum err r = ERR_OK;

	if (!f->after || (r = store_request_after(s->db, f->after - 1, 1, take_place, &here, e)))
		return r;
	if (here.id == f->after && !f->after_ms)
		f->after_ms = here.at_ms;
	if (here.id > f->after || (here.id && here.at_ms == f->after_ms))
		return ERR_OK;
	f->waiting_count = 0;
	f->after_ms = 0;
	f->anew = true;
	if ((r = store_request_newest(s->db, &f->after, e)))
		return r;
	return store_request_list(s->db, &since, 0, MORE_ROWS, take_oldest, &f->after, NULL, e);
}

enum err desk_log_more(struct session *s, struct log_follow *f, request_each each, void *arg,
		       struct err_info *e)
{
	struct more m = {.f = f, .each = each, .arg = arg, .now_ms = clock_now_ms()};
	enum err r = desk_allow(s, DESK_LOG, e);

	if (!r && db_replaced(s->db)) {
		err_fail(e, ERR_BUSY, "home.replaced", "请求日志",
			 "这个主目录已恢复成另一个数据库");
		err_hint(e, "请再执行一次");
		return ERR_BUSY;
	}
	if (r || (r = look_for_fall(s, f, m.now_ms, e)))
		return r;
	f->looked_ms = m.now_ms;
	if ((r = look_at_waiting(s, &m, e)))
		return r;
	return store_request_after(s->db, f->after, MORE_ROWS, look_at_new, &m, e);
}
