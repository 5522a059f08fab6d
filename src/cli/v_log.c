/* v_log.c - 乐企请求日志. */
#include <string.h>

#include "cli/cli_p.h"

static const struct column LOG_ROWS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"at", "时间", COLUMN_TIME, 0},
    {"service", "服务编码", COLUMN_TEXT, 0},
    {"job_id", "任务", COLUMN_NUMBER, 0},
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
const struct shape shape_log = {"log list", LOG_ROWS};

static const struct column LOG_ENTRY[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"at", "时间", COLUMN_TIME, 0},
    {"service", "服务编码", COLUMN_TEXT, 0},
    {"url", "地址", COLUMN_TEXT, 0},
    {"job_id", "任务", COLUMN_NUMBER, 0},
    {"unit_id", "单位编号", COLUMN_NUMBER, FOR_JSON},
    {"http_status", "HTTP", COLUMN_NUMBER, 0},
    {"platform_code", "平台代码", COLUMN_OPTIONAL, 0},
    {"return_code", "返回代码", COLUMN_OPTIONAL, 0},
    {"request_id", "RequestId", COLUMN_OPTIONAL, 0},
    {"trace_id", "clientTid", COLUMN_TEXT, 0},
    {"took_ms", "毫秒", COLUMN_NUMBER, 0},
    {"result", "结果", COLUMN_TEXT, FOR_JSON},
    {"result_text", "结果", COLUMN_TEXT, FOR_BOTH},
    {"message", "说明", COLUMN_TEXT, 0},
    {"request", "请求", COLUMN_TREE, 0},
    {"answer", "应答", COLUMN_TREE, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_log_entry = {"log show, log export", LOG_ENTRY};

static const char *result_label(const char *word)
{
	static const struct {
		const char *word, *label;
	} LABELS[] = {{"ok", "成功"},      {"refused", "未通过"}, {"misconfigured", "配置不符"},
		      {"later", "未送达"}, {"lost", "结果不明"},  {"sent", "没有应答"}};
	size_t i;

	for (i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++) {
		if (!strcmp(LABELS[i].word, word))
			return LABELS[i].label;
	}
	return word;
}

static enum err add_request(void *arg, const struct request_row *q)
{
	struct grid *g = arg;

	cli_grid_int(g, q->id);
	cli_grid_time(g, q->at_ms / 1000);
	cli_grid_text(g, q->service);
	cli_grid_int(g, q->job_id);
	cli_grid_int(g, q->http_status);
	cli_grid_text(g, q->platform_code);
	cli_grid_text(g, q->return_code);
	cli_grid_text(g, q->request_id);
	cli_grid_text(g, q->trace_id);
	cli_grid_int(g, q->took_ms);
	cli_grid_text(g, q->result);
	cli_grid_text(g, result_label(q->result));
	cli_grid_text(g, q->message);
	return ERR_OK;
}

static enum err add_entry(void *arg, const struct request_row *q)
{
	struct grid *g = arg;

	cli_grid_int(g, q->id);
	cli_grid_time(g, q->at_ms / 1000);
	cli_grid_text(g, q->service);
	cli_grid_text(g, q->url);
	cli_grid_int(g, q->job_id);
	cli_grid_int(g, q->unit_id);
	cli_grid_int(g, q->http_status);
	cli_grid_text(g, q->platform_code);
	cli_grid_text(g, q->return_code);
	cli_grid_text(g, q->request_id);
	cli_grid_text(g, q->trace_id);
	cli_grid_int(g, q->took_ms);
	cli_grid_text(g, q->result);
	cli_grid_text(g, result_label(q->result));
	cli_grid_text(g, q->message);
	cli_grid_text(g, q->request);
	cli_grid_text(g, q->answer);
	return ERR_OK;
}

static enum err fill_requests(struct cli_list *l)
{
	struct cli *c = l->c;
	struct log_query q = {.service = cli_option(c, "service"),
			      .failed = cli_flag(c, "failed"),
			      .limit = l->limit,
			      .cursor = l->cursor};

	return desk_log_list(c->s, &q, add_request, &l->grid, &l->next, &l->total, &c->e);
}

enum err verb_log_list(struct cli *c)
{
	return cli_list(c, &shape_log, TOTAL_CAPPED, fill_requests);
}

enum err verb_log_show(struct cli *c)
{
	struct grid g;
	enum err r;

	cli_grid_init(&g, &shape_log_entry);
	if (!(r = desk_log_get(c->s, c->args[0], add_entry, &g, &c->e)))
		cli_grid_print_one(c, &g);
	cli_grid_free(&g);
	return r;
}

/* One record as a JSON file, to be handed to the tax bureau. */
enum err verb_log_export(struct cli *c)
{
	const char *target = cli_option(c, "o");
	bool json = c->json;
	struct buf kept;
	enum err r;

	if (!target || !strcmp(target, "-")) {
		c->json = true;
		r = verb_log_show(c);
		c->json = json;
		return r;
	}
	kept = c->out;
	buf_init(&c->out, CLI_OUT_MAX);
	c->json = true;
	r = verb_log_show(c);
	cli_document_close(c);
	if (!r)
		r = file_write(target, buf_str(&c->out), c->out.len, 0600, &c->e);
	buf_free(&c->out);
	c->out = kept;
	c->json = json;
	c->document = false;
	if (!r && c->json) {
		struct json_out o;

		cli_document(c, &o);
		json_put(&o, "file", target);
		cli_document_end(c, &o);
	} else if (!r) {
		cli_say(c, "已写入 %s", target);
	}
	return r;
}
