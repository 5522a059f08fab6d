/* log.c - 乐企请求日志: every call with what was sent and answered, to be given to the tax bureau
 * (features F8, F9). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"
#include "ui/screen/of_unit.h"
#include "ui/screen/saved.h"

enum {
	FIELD_FROM = 1,
	FIELD_TO,
	FIELD_SERVICE,
	FIELD_RESULT,
	FIELD_UNIT,
	FIELD_JOB,
	FIELD_WORDS,
};
enum {
	CELL_ID,
	CELL_AT,
	CELL_UNIT,
	CELL_NAME,
	CELL_SERVICE,
	CELL_JOB,
	CELL_PLATFORM,
	CELL_RETURN,
	CELL_TOOK,
	CELL_RESULT,
	CELL_MESSAGE
};
enum { CELL_TROUBLE = LIST_COLUMNS - 1, SERVICES_MAX = 40, RESULTS_MAX = 12, ASK_RECORD = 1 };
enum { TEXT_MAX = 128 * 1024 * 1024 };

static const char FAILED[] = "没有成功的";
static const char *service_choices[SERVICES_MAX], *result_choices[RESULTS_MAX];

/* ---- conditions ---- */

static const struct field FILTER[] = {
    {.id = FIELD_FROM,
     .kind = FIELD_DATE,
     .label = "时间",
     .col = 6,
     .width = 11,
     .help = "从哪一天起；+ 和 - 改日期；空着不限。"},
    {.id = FIELD_TO,
     .kind = FIELD_DATE,
     .label = "至",
     .col = 23,
     .width = 11,
     .help = "到哪一天为止（含当天）；空着不限。"},
    {.id = FIELD_SERVICE,
     .kind = FIELD_CHOICE,
     .label = "接口",
     .col = 42,
     .width = 15,
     .choices = service_choices,
     .help = "哪个接口，空格或左右键选择。"},
    {.id = FIELD_RESULT,
     .kind = FIELD_CHOICE,
     .label = "结果",
     .col = 65,
     .width = 12,
     .choices = result_choices,
     .help = "空格或左右键选择；“没有成功的”是成功以外的全部。"},
    {.id = FIELD_UNIT,
     .kind = FIELD_TEXT,
     .label = "单位",
     .row = 1,
     .col = 6,
     .width = 25,
     .max_chars = 60,
     .complete = of_unit_complete,
     .help = OF_UNIT_HELP},
    {.id = FIELD_JOB,
     .kind = FIELD_DIGITS,
     .label = "任务",
     .row = 1,
     .col = 42,
     .width = 9,
     .max_chars = 18,
     .help = "任务的编号：它发出的全部请求。"},
    {.id = FIELD_WORDS,
     .kind = FIELD_TEXT,
     .label = "文字",
     .row = 1,
     .col = 59,
     .width = 17,
     .wide_width = 40,
     .max_chars = 100,
     .help = "RequestId、clientTid、发票号码、说明……代码、说明、请求和应答里都找。"},
    {.id = 0},
};

static void fill_choices(void)
{
	const struct tax_service *t;
	const char *label;
	size_t i, n = 0;

	service_choices[n++] = "全部";
	for (i = 0; (t = tax_service(i)) && n < SERVICES_MAX - 3; i++)
		service_choices[n++] = t->name;
	service_choices[n++] = "推送";
	service_choices[n++] = "邮件";
	service_choices[n] = NULL;
	n = 0;
	result_choices[n++] = "全部";
	result_choices[n++] = FAILED;
	for (i = 0; desk_log_result(i, &label) && n < RESULTS_MAX - 1; i++)
		result_choices[n++] = label;
	result_choices[n] = NULL;
}

/* ---- rows ---- */

/* With several units the codes give way to their names. */
static struct list_column columns[] = {
    [CELL_ID] = {.label = "编号", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    [CELL_AT] = {.label = "时间", .width = 11, .wide_width = 19},
    [CELL_UNIT] = {.label = "单位", .width = 12, .wide_width = 31},
    [CELL_NAME] = {.label = "接口", .width = 14, .wide_width = 14},
    [CELL_SERVICE] = {.label = "服务编码", .width = 0, .wide_width = 11},
    [CELL_JOB] = {.label = "任务", .width = 0, .wide_width = 6, .align = ALIGN_RIGHT},
    [CELL_PLATFORM] = {.label = "平台代码", .width = 0, .wide_width = 8},
    [CELL_RETURN] = {.label = "返回代码", .width = 0, .wide_width = 8},
    [CELL_TOOK] = {.label = "毫秒", .width = 6, .wide_width = 6, .align = ALIGN_RIGHT, .from = 70},
    [CELL_RESULT] = {.label = "结果", .width = 8, .wide_width = 8},
    [CELL_MESSAGE] = {.label = "说明", .width = -1, .wide_width = -1},
    {.label = NULL},
};

static void fit_columns(void)
{
	const bool several = of_unit_several();

	columns[CELL_UNIT].from = several ? 0 : OF_UNIT_NEVER;
	columns[CELL_SERVICE].from = several ? OF_UNIT_FROM : 0;
	columns[CELL_PLATFORM].from = columns[CELL_RETURN].from = several ? OF_UNIT_FROM : 0;
}

static enum face face_of(const char *result)
{
	static const char *const DOUBT[] = {"sent", "lost", "later"};

	if (!strcmp(result, "ok"))
		return FACE_NORMAL;
	for (size_t i = 0; i < sizeof(DOUBT) / sizeof(DOUBT[0]); i++)
		if (!strcmp(DOUBT[i], result))
			return FACE_WARNING;
	return FACE_ERROR;
}

/* What went wrong with a call, its codes where codes stand; "" nothing did. */
static void put_trouble(const struct request_row *q, char *out, size_t size)
{
	bool platform = *q->platform_code && strcmp(q->platform_code, "200") != 0;
	bool code = *q->return_code && strcmp(q->return_code, "00") != 0;

	*out = 0;
	if (!strcmp(q->result, "ok"))
		return;
	snprintf(out, size, "%s%s%s%s%s%s%s",
		 *q->message ? q->message : desk_log_result_label(q->result), platform ? "（" : "",
		 platform ? q->platform_code : "", platform ? "）" : "", code ? "（" : "",
		 code ? q->return_code : "", code ? "）" : "");
	out[text_whole(out, strlen(out))] = 0;
}

static enum err add_request(void *arg, const struct request_row *q)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, q->id, face_of(q->result));

	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)q->id);
	screen_when(q->at_ms / 1000, p->wide, row->cell[1]);
	of_unit_put(q->unit_id, p->wide, row->cell[CELL_UNIT]);
	text_copy(row->cell[CELL_NAME], LIST_CELL, tax_service_name(q->service));
	text_copy(row->cell[CELL_SERVICE], LIST_CELL, q->service);
	if (q->job_id)
		snprintf(row->cell[CELL_JOB], LIST_CELL, "%lld", (long long)q->job_id);
	text_copy(row->cell[CELL_PLATFORM], LIST_CELL, q->platform_code);
	text_copy(row->cell[CELL_RETURN], LIST_CELL, q->return_code);
	snprintf(row->cell[CELL_TOOK], LIST_CELL, "%lld", (long long)q->took_ms);
	text_copy(row->cell[CELL_RESULT], LIST_CELL, desk_log_result_label(q->result));
	text_copy(row->cell[CELL_MESSAGE], LIST_CELL, q->message);
	put_trouble(q, row->cell[CELL_TROUBLE], LIST_CELL);
	return ERR_OK;
}

static enum err read_log(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct listing *s = v->state;
	const char *result = form_get(&s->filter, FIELD_RESULT);
	int service = form_choice(&s->filter, FIELD_SERVICE);
	bool failed = !strcmp(result, FAILED);
	struct log_query q = {
	    .service = service > 0 ? service_choices[service] : NULL,
	    .result = !failed && form_choice(&s->filter, FIELD_RESULT) > 0 ? result : NULL,
	    .failed = failed,
	    .unit = form_get(&s->filter, FIELD_UNIT),
	    .job = form_get(&s->filter, FIELD_JOB),
	    .find = form_get(&s->filter, FIELD_WORDS),
	    .from = form_get(&s->filter, FIELD_FROM),
	    .to = form_get(&s->filter, FIELD_TO),
	    .look = LOG_LOOK_SCREEN,
	    .cursor = p->cursor,
	    .limit = p->max};
	enum err r = desk_log_list(ui_session(), &q, add_request, p, &p->next, &p->total, e);

	/* So many texts were looked at in vain: the next page goes on. */
	if (!r && !p->count && p->next)
		text_copy(listing_row(p, p->next, FACE_DIM)->cell[CELL_MESSAGE], LIST_CELL,
			  "这一段里没有找到，翻到下一页接着往前找");
	return r;
}

/* ---- one record ---- */

struct record {
	struct buf text;
	char trouble[LIST_CELL];
};

static enum err take_record(void *arg, const struct request_row *q)
{
	struct record *d = arg;
	char unit[600];

	desk_log_unit(ui_session(), q->unit_id, unit, sizeof(unit));
	desk_log_text(q, unit, &d->text);
	put_trouble(q, d->trouble, sizeof(d->trouble));
	return ERR_OK;
}

/* The number of the selected record, NULL: none, which was said. */
static const char *selected(const struct listing *s)
{
	const struct list_row *row = list_row(&s->list);

	if (row && row->cell[0][0])
		return row->cell[0];
	ui_message(MESSAGE_WARNING, "没有选中的请求");
	return NULL;
}

static bool log_chosen(struct view *v)
{
	static const enum action EXTRA[] = {ACT_LOG_EXPORT, ACT_NONE};
	const char *id = selected(v->state);
	struct record d = {.trouble = ""};
	struct err_info e = {0};

	if (!id)
		return true;
	buf_init(&d.text, TEXT_MAX);
	if (desk_log_get(ui_session(), id, take_record, &d, &e))
		ui_error(&e);
	else
		view_ask(v, ASK_RECORD, &view_read_ops,
			 &(struct read_arg) {.title = "请求和应答",
					     .text = buf_str(&d.text),
					     .trouble = d.trouble,
					     .section = "log-read",
					     .extra = EXTRA});
	buf_free(&d.text);
	return true;
}

static enum err write_record(const char *id, char path[HOME_PATH], struct err_info *e)
{
	char folder[HOME_PATH];
	struct record d = {.trouble = ""};
	enum err r;

	if (!saved_usual_folder(folder))
		return ERR_INVALID;
	if (snprintf(path, HOME_PATH, "%s/乐企请求日志-%s.txt", folder, id) >= HOME_PATH)
		return err_fail(e, ERR_INVALID, "path", "导出", "文件夹的路径太长");
	buf_init(&d.text, TEXT_MAX);
	if (!(r = desk_log_get(ui_session(), id, take_record, &d, e)))
		r = file_write(path, buf_str(&d.text), d.text.len, 0600, e);
	buf_free(&d.text);
	return r;
}

static bool export_record(struct view *v)
{
	const char *id = selected(v->state);
	struct err_info e = {0};
	char path[HOME_PATH];

	if (!id)
		return true;
	if (!write_record(id, path, &e))
		saved_show("导出请求", path, "一次请求的全部内容，可以交给主管税务机关查。");
	else if (*e.why)
		ui_error(&e);
	return true;
}

/* ---- the view ---- */

static void log_answer(struct view *v, int token, bool ok, const void *result)
{
	if (token == ASK_RECORD && ok && *(const enum action *)result == ACT_LOG_EXPORT)
		export_record(v);
}

static const char *log_why_not(const struct view *v, enum action a)
{
	const struct listing *s = v->state;
	const struct list_row *row = list_row(&s->list);

	return a == ACT_LOG_EXPORT && (!row || !row->cell[0][0]) ? "没有选中的请求" : NULL;
}

static bool log_act(struct view *v, enum action a)
{
	return a == ACT_LOG_EXPORT && export_record(v);
}

static const enum action HINTS[] = {ACT_FIND,    ACT_DETAIL, ACT_LOG_EXPORT, ACT_EXPLAIN, ACT_RESET,
				    ACT_REFRESH, ACT_EXPORT, ACT_BACK,       ACT_NONE};
static const struct listing_kind LOG = {
    .title = "请求日志",
    .columns = columns,
    .filter = FILTER,
    .allow = DESK_LOG,
    .capped = true,
    .trouble_cell = CELL_TROUBLE,
    .hints = HINTS,
    .help = "每一次对乐企的请求都在这里，密钥和证件号码已遮盖。回车看请求和应答全文，F6 "
	    "把这一次导出成文件交给税局查，F11 解释没有成功的原因。",
    .read = read_log,
    .act = log_act,
    .chosen = log_chosen,
};

static enum err log_open_view(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	fill_choices();
	fit_columns();
	return listing_open(v, &LOG, e);
}

const struct view_ops view_log_ops = {
    LISTING_VIEW,
    .name = "log",
    .path = "接入配置 › 乐企请求日志",
    .size = sizeof(struct listing),
    .open = log_open_view,
    .why_not = log_why_not,
    .answer = log_answer,
};
