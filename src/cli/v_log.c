/* v_log.c - 乐企请求日志: list, one record, export, following. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli_p.h"

enum { TAIL_ROWS = 10, TAIL_MAX = 1000, LOOK_NS = 200 * 1000 * 1000 };

static const struct column LOG_ROWS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"at", "时间", COLUMN_TIME, 0},
    {"service", "服务编码", COLUMN_TEXT, 0},
    {"service_name", "接口", COLUMN_TEXT, 0},
    {"unit_id", "单位编号", COLUMN_NUMBER, FOR_JSON},
    {"unit", "单位", COLUMN_OPTIONAL, FOR_JSON | FOR_SEVERAL},
    {"job_id", "任务", COLUMN_ID, 0},
    {"http_status", "HTTP", COLUMN_NUMBER, 0},
    {"platform_code", "平台代码", COLUMN_OPTIONAL, 0},
    {"return_code", "返回代码", COLUMN_OPTIONAL, 0},
    {"request_id", "RequestId", COLUMN_OPTIONAL, FOR_JSON},
    {"trace_id", "clientTid", COLUMN_TEXT, FOR_JSON},
    {"took_ms", "毫秒", COLUMN_NUMBER, 0},
    {"result", "结果", COLUMN_TEXT, FOR_JSON},
    {"result_text", "结果", COLUMN_TEXT, FOR_BOTH},
    {"message", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_log = {"log list, log tail", LOG_ROWS};

#define ENTRY_HEAD                                                                                 \
	{"id", "编号", COLUMN_NUMBER, 0}, {"at", "时间", COLUMN_TIME, 0},                          \
	    {"service", "服务编码", COLUMN_TEXT, 0}, {"service_name", "接口", COLUMN_TEXT, 0},     \
	    {"url", "地址", COLUMN_TEXT, 0}, {"job_id", "任务", COLUMN_ID, 0},                     \
	    {"unit_id", "单位编号", COLUMN_NUMBER, FOR_JSON},                                      \
	    {"unit", "单位", COLUMN_OPTIONAL, 0}, {"http_status", "HTTP", COLUMN_NUMBER, 0},       \
	    {"platform_code", "平台代码", COLUMN_OPTIONAL, 0},                                     \
	    {"return_code", "返回代码", COLUMN_OPTIONAL, 0},                                       \
	    {"request_id", "RequestId", COLUMN_OPTIONAL, 0},                                       \
	    {"trace_id", "clientTid", COLUMN_TEXT, 0}, {"took_ms", "毫秒", COLUMN_NUMBER, 0},      \
	    {"result", "结果", COLUMN_TEXT, FOR_JSON},                                             \
	    {"result_text", "结果", COLUMN_TEXT, FOR_BOTH},                                        \
	{                                                                                          \
		"message", "说明", COLUMN_TEXT, 0                                                  \
	}
static const struct column LOG_ENTRY[] = {
    ENTRY_HEAD,
    {"request", "请求", COLUMN_TREE, 0},
    {"answer", "应答", COLUMN_TREE, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_log_entry = {"log show, log export", LOG_ENTRY};

/* --raw: the texts as they were, not as JSON values. */
static const struct column LOG_RAW[] = {
    ENTRY_HEAD,
    {"request", "请求", COLUMN_TEXT, 0},
    {"answer", "应答", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
static const struct shape shape_raw = {"log show --raw", LOG_RAW};

static void put_request(struct cli *c, struct grid *g, const struct request_row *q)
{
	cli_grid_int(g, q->id);
	cli_grid_time(g, q->at_ms / 1000);
	cli_grid_text(g, q->service);
	cli_grid_text(g, tax_service_name(q->service));
	cli_grid_int(g, q->unit_id);
	cli_grid_unit(c, g, q->unit_id);
	cli_grid_int(g, q->job_id);
	cli_grid_int(g, q->http_status);
	cli_grid_text(g, q->platform_code);
	cli_grid_text(g, q->return_code);
	cli_grid_text(g, q->request_id);
	cli_grid_text(g, q->trace_id);
	cli_grid_int(g, q->took_ms);
	cli_grid_text(g, q->result);
	cli_grid_text(g, desk_log_result_label(q->result));
	cli_grid_text(g, q->message);
}

static enum err add_request(void *arg, const struct request_row *q)
{
	struct cli_list *l = arg;

	put_request(l->c, &l->grid, q);
	return ERR_OK;
}

/* ---- one record ---- */

struct entry {
	struct cli *c;
	struct grid g;
	struct buf text; /* the same for people */
};

static enum err add_entry(void *arg, const struct request_row *q)
{
	struct entry *n = arg;
	struct grid *g = &n->g;
	char unit[600];

	desk_log_unit(n->c->s, q->unit_id, unit, sizeof(unit));
	desk_log_text(q, unit, &n->text);
	cli_grid_int(g, q->id);
	cli_grid_time(g, q->at_ms / 1000);
	cli_grid_text(g, q->service);
	cli_grid_text(g, tax_service_name(q->service));
	cli_grid_text(g, q->url);
	cli_grid_int(g, q->job_id);
	cli_grid_int(g, q->unit_id);
	cli_grid_text(g, unit);
	cli_grid_int(g, q->http_status);
	cli_grid_text(g, q->platform_code);
	cli_grid_text(g, q->return_code);
	cli_grid_text(g, q->request_id);
	cli_grid_text(g, q->trace_id);
	cli_grid_int(g, q->took_ms);
	cli_grid_text(g, q->result);
	cli_grid_text(g, desk_log_result_label(q->result));
	cli_grid_text(g, q->message);
	cli_grid_text(g, q->request);
	cli_grid_text(g, q->answer);
	return ERR_OK;
}

static enum err load_entry(struct cli *c, const struct shape *shape, struct entry *n)
{
	n->c = c;
	cli_grid_init(&n->g, shape);
	buf_init(&n->text, CLI_OUT_MAX);
	return desk_log_get(c->s, c->args[0], add_entry, n, &c->e);
}

static void free_entry(struct entry *n)
{
	cli_grid_free(&n->g);
	buf_free(&n->text);
}

/* A text of any length with its lines and tabs; other control characters would move a terminal's
 * cursor. */
static void say_text(struct cli *c, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n\t");
		char *part = mem_strndup(text, n), *shown = text_visible(part);

		buf_adds(&c->out, shown);
		free(shown);
		free(part);
		text += n;
		if (*text)
			buf_addc(&c->out, *text++);
	}
	buf_addc(&c->out, '\n');
}

static enum err add_texts(void *arg, const struct request_row *q)
{
	struct cli *c = arg;

	say_text(c, q->request);
	buf_addc(&c->out, '\n');
	say_text(c, q->answer);
	return ERR_OK;
}

enum err verb_log_show(struct cli *c)
{
	bool raw = cli_flag(c, "raw");
	struct entry n;
	enum err r;

	if (raw && !c->json)
		return desk_log_get(c->s, c->args[0], add_texts, c, &c->e);
	r = load_entry(c, raw ? &shape_raw : &shape_log_entry, &n);
	if (!r && c->json)
		cli_grid_print_one(c, &n.g);
	else if (!r)
		say_text(c, buf_str(&n.text));
	free_entry(&n);
	return r;
}

/* The record as JSON: what standard output gets, and a file that is not named .txt. */
static void put_json(const struct entry *n, struct buf *b)
{
	struct json_out o;

	json_out_init(&o, b, 0);
	json_open(&o, NULL, '{');
	cli_grid_put_members(&o, &n->g, 0);
	json_close(&o, '}');
	buf_addc(b, '\n');
}

static enum err write_entry(struct cli *c, const struct entry *n, const char *target)
{
	size_t len = strlen(target);
	bool text = len > 4 && !strcmp(target + len - 4, ".txt");
	struct buf b;
	enum err r;

	buf_init(&b, CLI_OUT_MAX);
	if (text)
		buf_adds(&b, buf_str(&n->text));
	else
		put_json(n, &b);
	r = cli_write_file(c, target, &b, 0600);
	buf_free(&b);
	return r;
}

/* One record for the tax bureau. */
enum err verb_log_export(struct cli *c)
{
	const char *target = cli_option(c, "o");
	bool to_file = target && strcmp(target, "-") != 0;
	struct json_out o;
	struct entry n;
	enum err r;

	if (to_file && !cli_promises(target, ".txt") && !cli_promises(target, ".json") &&
	    !cli_promises_nothing(target))
		return cli_usage(c, "“%.200s”：只能写成 .txt 或 .json，请改文件名", target);
	r = load_entry(c, &shape_log_entry, &n);
	if (!r && to_file)
		r = write_entry(c, &n, target);
	if (!r && !to_file && c->json)
		cli_grid_print_one(c, &n.g);
	else if (!r && !to_file)
		put_json(&n, &c->out);
	else if (!r && c->json) {
		cli_document(c, &o);
		json_put(&o, "file", target);
		cli_document_end(c, &o);
	} else if (!r) {
		cli_say(c, "已写入 %s", target);
	}
	free_entry(&n);
	return r;
}

/* ---- list ---- */

static enum err take_time(void *arg, const struct request_row *q)
{
	*(int64_t *)arg = q->at_ms / 1000;
	return ERR_OK;
}

/* A word was looked for in so much text that the page ends before it is full. */
static enum err note_end(struct cli_list *l)
{
	char id[24], when[DATETIME_TEXT];
	int64_t at = 0;
	enum err r = desk_log_get(l->c->s, cursor_text(l->next, id), take_time, &at, &l->c->e);

	if (!r)
		snprintf(l->note, sizeof(l->note),
			 "文字只找到 %s 的请求为止，更早的还没有找；接着找加 --cursor %s，或用 "
			 "--from、--service、--unit 缩小范围",
			 datetime_text(at, when), id);
	return r;
}

static enum err fill_requests(struct cli_list *l)
{
	struct cli *c = l->c;
	char unit[CLI_UNIT];
	struct log_query q = {.service = cli_option(c, "service"),
			      .result = cli_option(c, "result"),
			      .unit = cli_unit_asked(c, unit),
			      .job = cli_option(c, "job"),
			      .request_id = cli_option(c, "request-id"),
			      .find = cli_option(c, "find"),
			      .from = cli_option(c, "from"),
			      .to = cli_option(c, "to"),
			      .failed = cli_flag(c, "failed"),
			      .look = LOG_LOOK_VERB,
			      .limit = l->limit,
			      .cursor = l->cursor};
	enum err r = desk_log_list(c->s, &q, add_request, l, &l->next, &l->total, &c->e);

	cli_grid_units(c, &l->grid);
	l->at_least = l->total >= DESK_COUNT_CAP;
	/* What a word finds is counted as far as it was looked for. */
	if (!r && l->total < 0) {
		l->total = (int64_t)cli_grid_rows(&l->grid);
		l->at_least = l->next != 0;
		if (l->next && l->total < l->limit)
			r = note_end(l);
	}
	return r;
}

enum err verb_log_list(struct cli *c)
{
	return cli_list(c, &shape_log, TOTAL_TOLD, fill_requests);
}

/* ---- following ---- */

static volatile sig_atomic_t stopped;

static void on_stop(int number)
{
	(void)number;
	stopped = 1;
}

/* A line of its own for every call: whoever reads along need not wait for the end. */
static enum err tell(void *arg, const struct request_row *q)
{
	struct cli *c = arg;
	struct json_out o;
	struct grid g;
	char when[DATETIME_TEXT], unit[DESK_UNIT_SHORT] = "";

	if (c->json) {
		cli_grid_init(&g, &shape_log);
		put_request(c, &g, q);
		json_out_init(&o, &c->out, 0);
		json_open(&o, NULL, '{');
		cli_grid_put_members(&o, &g, 0);
		json_close(&o, '}');
		buf_addc(&c->out, '\n');
		cli_grid_free(&g);
	} else {
		if (desk_units_several(c->s))
			desk_unit_short(c->s, q->unit_id, unit);
		cli_say(c, "%s  %lld%s%s  %s %s  %s%s%s  %lld 毫秒%s%s",
			datetime_text(q->at_ms / 1000, when), (long long)q->id, *unit ? "  " : "",
			unit, q->service, tax_service_name(q->service),
			desk_log_result_label(q->result), *q->request_id ? "  " : "", q->request_id,
			(long long)q->took_ms, *q->message ? "  " : "", q->message);
	}
	return ERR_OK;
}

static enum err follow(struct cli *c, struct log_follow *f)
{
	const struct sigaction a = {.sa_handler = on_stop};
	const struct timespec nap = {.tv_nsec = LOOK_NS};
	enum err r = ERR_OK;

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	while (!r && !stopped) {
		cli_flush(c);
		nanosleep(&nap, NULL);
		r = desk_log_more(c->s, f, tell, c, &c->e);
		if (f->anew)
			fputs(
			    "提醒：请求日志退回到了更早的编号（恢复了备份，或删除了单位），从那以后的接着显示\n",
			    stderr);
		f->anew = false;
	}
	return r;
}

enum err verb_log_tail(struct cli *c)
{
	struct log_follow f;
	int64_t rows = TAIL_ROWS;
	enum err r = cli_int_option(c, "n", 0, TAIL_MAX, &rows);

	if (r || (r = desk_log_follow(c->s, (int)rows, &f, &c->e)) ||
	    (r = desk_log_more(c->s, &f, tell, c, &c->e)))
		return r;
	c->document = true; /* lines, each of them whole */
	return cli_flag(c, "f") ? follow(c, &f) : ERR_OK;
}
