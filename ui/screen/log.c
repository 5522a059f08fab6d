/* log.c - 乐企请求日志: every call with what was sent and answered, to be given to the tax bureau. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/parts.h"

enum { FIELD_SERVICE = 1, FIELD_FAILED };

struct log {
	struct list list;
	struct form filter;
};

static const struct field FILTER[] = {
    {.id = FIELD_SERVICE,
     .kind = FIELD_DIGITS,
     .label = "服务编码",
     .col = 10,
     .width = 16,
     .max_chars = 40,
     .help = "乐企的服务编码，全部输入，例如 CXNSRJBXX；空着不限。"},
    {.id = FIELD_FAILED,
     .kind = FIELD_FLAG,
     .label = "只看没有成功的",
     .col = 46,
     .width = 3,
     .help = "空格勾选：只列出税局拒绝或没有答复的请求。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "时间", .width = 11, .wide_width = 19},
    {.label = "服务编码", .width = 12, .wide_width = 16},
    {.label = "HTTP", .width = 4, .wide_width = 4, .align = ALIGN_RIGHT, .from = 70},
    {.label = "平台代码", .width = 0, .wide_width = 10},
    {.label = "返回代码", .width = 8, .wide_width = 10},
    {.label = "毫秒", .width = 6, .wide_width = 6, .align = ALIGN_RIGHT, .from = 70},
    {.label = "结果", .width = 8, .wide_width = 10},
    {.label = "说明", .width = -1, .wide_width = -1},
    {.label = NULL},
};

/* Results of calls, as they are recorded. */
static const struct {
	const char *word, *label;
	enum face face;
} RESULTS[] = {
    {"ok", "成功", FACE_NORMAL},
    {"sent", "没有答复", FACE_WARNING}, /* under way, or the program ended before the answer */
    {"lost", "没有答复", FACE_WARNING},
    {"later", "稍后再试", FACE_WARNING},
    {"refused", "税局拒绝", FACE_ERROR},
    {"misconfigured", "配置不符", FACE_ERROR},
};

struct page {
	struct list *list;
	struct list_row *rows;
	int count;
};

static void put_result(struct list_row *row, const char *word)
{
	size_t i;

	row->face = FACE_ERROR;
	text_copy(row->cell[7], LIST_CELL, word);
	for (i = 0; i < sizeof(RESULTS) / sizeof(RESULTS[0]); i++) {
		if (strcmp(RESULTS[i].word, word) != 0)
			continue;
		row->face = RESULTS[i].face;
		text_copy(row->cell[7], LIST_CELL, RESULTS[i].label);
	}
}

static enum err add_request(void *arg, const struct request_row *q)
{
	struct page *p = arg;
	struct list_row *row = &p->rows[p->count++];

	*row = (struct list_row) {.id = q->id};
	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)q->id);
	screen_when(q->at_ms / 1000, p->list->area.w > 100, row->cell[1]);
	text_copy(row->cell[2], LIST_CELL, q->service);
	if (q->http_status)
		snprintf(row->cell[3], LIST_CELL, "%d", q->http_status);
	text_copy(row->cell[4], LIST_CELL, q->platform_code);
	text_copy(row->cell[5], LIST_CELL, q->return_code);
	snprintf(row->cell[6], LIST_CELL, "%lld", (long long)q->took_ms);
	put_result(row, q->result ? q->result : "");
	text_copy(row->cell[8], LIST_CELL, q->message);
	return ERR_OK;
}

static enum err log_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			   int *count, char next[64], struct err_info *e)
{
	struct log *s = l->owner;
	struct page p = {.list = l, .rows = rows};
	const char *service = form_get(&s->filter, FIELD_SERVICE);
	struct log_query q = {.service = *service ? service : NULL,
			      .failed = form_flag(&s->filter, FIELD_FAILED),
			      .cursor = screen_cursor(cursor),
			      .limit = max};
	int64_t after = 0;
	enum err r = desk_log_list(ui_session(), &q, add_request, &p, &after, &l->total, e);

	l->at_least = !r && l->total >= DESK_COUNT_CAP;
	*count = p.count;
	screen_next(after, next);
	return r;
}

/* ---- detail ---- */

static enum err request_text(void *arg, const struct request_row *q)
{
	struct buf *b = arg;

	detail_int(b, "编号", q->id);
	detail_time(b, "时间", q->at_ms / 1000);
	detail_add(b, "服务编码", q->service);
	detail_add(b, "地址", q->url);
	detail_int(b, "任务", q->job_id);
	detail_int(b, "HTTP", q->http_status);
	detail_add(b, "平台代码", q->platform_code);
	detail_add(b, "返回代码", q->return_code);
	detail_add(b, "说明", q->message);
	detail_add(b, "RequestId", q->request_id);
	detail_add(b, "clientTid", q->trace_id);
	detail_int(b, "毫秒", q->took_ms);
	detail_tree(b, "请求", q->request);
	detail_tree(b, "应答", q->answer);
	return ERR_OK;
}

static bool open_request(const struct list_row *row)
{
	struct err_info e = {0};
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	if (desk_log_get(ui_session(), row->cell[0], request_text, &b, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = "请求和应答", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

/* ---- the view ---- */

static enum err log_open_view(struct view *v, const void *arg, struct err_info *e)
{
	struct log *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_LOG, e);

	(void)arg;
	if (r)
		return r;
	form_init(&s->filter, FILTER, s);
	list_init(&s->list, COLUMNS, log_source, s);
	s->list.title = "请求日志";
	s->list.filter = &s->filter;
	return ERR_OK;
}

static void log_close_view(struct view *v)
{
	struct log *s = v->state;

	list_free(&s->list);
	form_free(&s->filter);
}

static void log_layout(struct view *v)
{
	struct log *s = v->state;

	list_layout(&s->list, v->area);
	s->list.stale = true;
}

static void log_content(struct view *v, bool changed)
{
	struct log *s = v->state;

	list_content(&s->list, changed);
}

static void log_paint(struct view *v)
{
	struct log *s = v->state;

	list_paint(&s->list, true);
}

static bool log_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct log *s = v->state;

	return list_key(&s->list, k, paste, n);
}

static bool log_act(struct view *v, enum action a)
{
	struct log *s = v->state;

	switch (screen_list_act(&s->list, a)) {
	case LIST_OPEN:
		return open_request(list_row(&s->list));
	case LIST_USED:
		return true;
	default:
		return screen_filter_keeps(&s->list, a);
	}
}

static const char *const *log_sections(const struct view *v)
{
	const struct log *s = v->state;

	return screen_list_sections(&s->list, "log");
}

static const enum action *log_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_NEXT, ACT_RESET, ACT_BACK, ACT_NONE};
	static const enum action HINTS[] = {ACT_FIND,    ACT_DETAIL, ACT_RESET,
					    ACT_REFRESH, ACT_BACK,   ACT_NONE};
	const struct log *s = v->state;

	return s->list.filtering ? FILTERING : HINTS;
}

static const char *log_help(const struct view *v)
{
	const struct log *s = v->state;

	if (s->list.filtering)
		return form_help(&s->filter);
	return "每一次对乐企的请求都在这里，密钥已遮盖。回车看请求和应答全文；把 RequestId "
	       "和全文交给税局就能查。";
}

static const char *log_state(const struct view *v)
{
	const struct log *s = v->state;

	return s->list.filtering ? "filtering" : s->list.count ? "listed" : "empty";
}

const struct view_ops view_log_ops = {
    .name = "log",
    .path = "接入配置 › 乐企请求日志",
    .size = sizeof(struct log),
    .open = log_open_view,
    .layout = log_layout,
    .content = log_content,
    .paint = log_paint,
    .sections = log_sections,
    .key = log_key,
    .act = log_act,
    .hints = log_hints,
    .help = log_help,
    .close = log_close_view,
    .state = log_state,
};
