/* log.c - 乐企请求日志: every call with what was sent and answered, to be given to the tax bureau. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"

enum { FIELD_SERVICE = 1, FIELD_FAILED };

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
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, q->id, FACE_NORMAL);

	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)q->id);
	screen_when(q->at_ms / 1000, p->wide, row->cell[1]);
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

static enum err read_log(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct listing *s = v->state;
	const char *service = form_get(&s->filter, FIELD_SERVICE);
	struct log_query q = {.service = *service ? service : NULL,
			      .failed = form_flag(&s->filter, FIELD_FAILED),
			      .cursor = p->cursor,
			      .limit = p->max};

	return desk_log_list(ui_session(), &q, add_request, p, &p->next, &p->total, e);
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

static bool log_chosen(struct view *v)
{
	const struct listing *s = v->state;
	struct err_info e = {0};
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	if (desk_log_get(ui_session(), list_row(&s->list)->cell[0], request_text, &b, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = "请求和应答", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

/* ---- the view ---- */

static const enum action HINTS[] = {ACT_FIND,    ACT_DETAIL, ACT_RESET,
				    ACT_REFRESH, ACT_BACK,   ACT_NONE};
static const struct listing_kind LOG = {
    .title = "请求日志",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_LOG,
    .capped = true,
    .hints = HINTS,
    .help = "每一次对乐企的请求都在这里，密钥已遮盖。回车看请求和应答全文；把 RequestId "
	    "和全文交给税局就能查。",
    .read = read_log,
    .chosen = log_chosen,
};

static enum err log_open_view(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &LOG, e);
}

const struct view_ops view_log_ops = {
    LISTING_VIEW,
    .name = "log",
    .path = "接入配置 › 乐企请求日志",
    .size = sizeof(struct listing),
    .open = log_open_view,
};
