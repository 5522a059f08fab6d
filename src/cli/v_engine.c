/* v_engine.c - tax codes, jobs, request log, parameters. */
#include <string.h>

#include "cli/cli_p.h"

/* ---- taxcodes ---- */

static const struct column TAXCODES[] = {
    {"code", "编码", COLUMN_TEXT, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"short_name", "简称", COLUMN_TEXT, 0},
    {"vat_rates", "税率", COLUMN_TEXT, 0},
    {"levy_rates", "征收率", COLUMN_TEXT, 0},
    {"summary", "汇总项", COLUMN_BOOL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_taxcodes = {"taxcodes search", TAXCODES};

static const struct column TAXCODE[] = {
    {"code", "编码", COLUMN_TEXT, 0},         {"parent", "上级编码", COLUMN_OPTIONAL, 0},
    {"name", "名称", COLUMN_TEXT, 0},         {"short_name", "简称", COLUMN_TEXT, 0},
    {"vat_rates", "税率", COLUMN_TEXT, 0},    {"levy_rates", "征收率", COLUMN_TEXT, 0},
    {"summary", "汇总项", COLUMN_BOOL, 0},    {"differential", "差额征税", COLUMN_BOOL, 0},
    {"untaxed", "不征税", COLUMN_BOOL, 0},    {"note", "说明", COLUMN_TEXT, 0},
    {"keywords", "关键字", COLUMN_TEXT, 0},   {"start", "有效期起", COLUMN_OPTIONAL, 0},
    {"stop", "有效期止", COLUMN_OPTIONAL, 0}, {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_taxcode = {"taxcodes show", TAXCODE};

static enum err add_code(void *arg, const struct tax_code *t)
{
	struct grid *g = arg;

	grid_text(g, t->code);
	grid_text(g, t->name);
	grid_text(g, t->short_name);
	grid_text(g, t->vat_rates);
	grid_text(g, t->levy_rates);
	grid_bool(g, t->summary);
	return ERR_OK;
}

enum err verb_taxcodes_search(struct cli *c)
{
	const char *cursor = cli_option(c, "cursor");
	struct grid g;
	char next[20] = "";
	int64_t limit = 20, total = 0;
	enum err r = cli_int_option(c, "limit", 1, LIST_MAX, &limit);

	if (r)
		return r;
	grid_init(&g, &shape_taxcodes);
	r = desk_taxcode_search(c->s, c->args[0], cursor ? cursor : "", (int)limit, add_code, &g,
				next, &total, &c->e);
	if (!r)
		grid_print_list(c, &g, total, next);
	grid_free(&g);
	return r;
}

enum err verb_taxcodes_show(struct cli *c)
{
	struct tax_code t;
	struct grid g;
	enum err r = desk_taxcode_get(c->s, c->args[0], &t, &c->e);

	if (r)
		return r;
	grid_init(&g, &shape_taxcode);
	grid_text(&g, t.code);
	grid_text(&g, t.parent);
	grid_text(&g, t.name);
	grid_text(&g, t.short_name);
	grid_text(&g, t.vat_rates);
	grid_text(&g, t.levy_rates);
	grid_bool(&g, t.summary);
	grid_bool(&g, t.differential);
	grid_bool(&g, t.untaxed);
	grid_text(&g, t.note);
	grid_text(&g, t.keywords);
	grid_text(&g, t.start);
	grid_text(&g, t.stop);
	grid_print_one(c, &g);
	grid_free(&g);
	tax_code_free(&t);
	return ERR_OK;
}

static const struct column IMPORT[] = {
    {"rows", "本次行数", COLUMN_NUMBER, 0},
    {"total", "编码总数", COLUMN_NUMBER, 0},
    {"from_tax", "其中来自税局", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_import = {"taxcodes import, sync", IMPORT};

static enum err print_counts(struct cli *c, int64_t rows)
{
	struct grid g;
	int64_t total = 0, from_tax = 0;
	enum err r = desk_taxcode_count(c->s, &total, &from_tax, &c->e);

	if (r)
		return r;
	grid_init(&g, &shape_import);
	grid_int(&g, rows);
	grid_int(&g, total);
	grid_int(&g, from_tax);
	grid_print_one(c, &g);
	grid_free(&g);
	return ERR_OK;
}

enum err verb_taxcodes_import(struct cli *c)
{
	int64_t rows = 0;
	enum err r = desk_taxcode_import(c->s, c->args[0], &rows, &c->e);

	return r ? r : print_counts(c, rows);
}

static enum err synced_rows(struct cli *c, const struct desk_wait *w, int64_t *rows)
{
	struct job j;
	char id[24];
	cJSON *tree = NULL;
	long long n = 0;
	enum err r = desk_job_get(c->s, cursor_text(w->jobs[0], id), &j, &c->e);

	if (r)
		return r;
	if (!json_parse(j.result, strlen(j.result), 4096, &tree, NULL) &&
	    json_member_int(tree, "count", 0, INT32_MAX, &n))
		*rows = n;
	json_free(&tree);
	job_free(&j);
	return ERR_OK;
}

enum err verb_taxcodes_sync(struct cli *c)
{
	struct desk_wait w = {0};
	int64_t rows = 0;
	enum err r = desk_taxcode_sync(c->s, &w, &c->e);

	if (!r && !(r = cli_wait_jobs(c, &w)) && !(r = synced_rows(c, &w, &rows)))
		r = print_counts(c, rows);
	desk_wait_free(&w);
	return r;
}

/* ---- jobs ---- */

static const struct column JOBS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"created_at", "创建时间", COLUMN_TIME, 0},
    {"kind", "种类", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "任务", COLUMN_TEXT, FOR_BOTH},
    {"subject_id", "对象", COLUMN_NUMBER, FOR_JSON},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"attempts", "次数", COLUMN_NUMBER, 0},
    {"due_at", "下次执行", COLUMN_TIME, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_jobs = {"jobs list", JOBS};

static const struct column JOB[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"kind", "种类", COLUMN_TEXT, 0},
    {"kind_text", "任务", COLUMN_TEXT, 0},
    {"unit_id", "单位编号", COLUMN_NUMBER, FOR_JSON},
    {"subject_id", "对象编号", COLUMN_NUMBER, 0},
    {"request_key", "业务流水号", COLUMN_OPTIONAL, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"attempts", "次数", COLUMN_NUMBER, 0},
    {"error_class", "错误类别", COLUMN_TEXT, FOR_JSON},
    {"error_code", "错误代码", COLUMN_OPTIONAL, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {"payload", "参数", COLUMN_TREE, 0},
    {"result", "结果", COLUMN_TREE, 0},
    {"created_at", "创建时间", COLUMN_TIME, 0},
    {"updated_at", "更新时间", COLUMN_TIME, 0},
    {"due_at", "下次执行", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_job = {"jobs show", JOB};

static int64_t due_of(const struct job *j)
{
	return j->state == JOB_READY ? j->due_ms / 1000 : 0;
}

static enum err add_job(void *arg, const struct job *j)
{
	struct grid *g = arg;

	grid_int(g, j->id);
	grid_time(g, j->created_at);
	grid_text(g, j->kind);
	grid_text(g, desk_job_label(j->kind));
	grid_int(g, j->subject_id);
	grid_text(g, job_state_word(j->state));
	grid_text(g, job_state_label(j->state));
	grid_int(g, j->attempts);
	grid_time(g, due_of(j));
	grid_text(g, j->error_text);
	return ERR_OK;
}

enum err verb_jobs_list(struct cli *c)
{
	struct job_query q = {.state = cli_option(c, "state"), .kind = cli_option(c, "kind")};
	struct grid g;
	int64_t next = 0, total = 0;
	char cursor[24];
	enum err r = cli_paging(c, &q.limit, &q.cursor);

	if (r)
		return r;
	grid_init(&g, &shape_jobs);
	if (!(r = desk_job_list(c->s, &q, add_job, &g, &next, &total, &c->e)))
		grid_print_list(c, &g, total, cursor_text(next, cursor));
	grid_free(&g);
	return r;
}

enum err verb_jobs_show(struct cli *c)
{
	struct job j;
	struct grid g;
	enum err r = desk_job_get(c->s, c->args[0], &j, &c->e);

	if (r)
		return r;
	grid_init(&g, &shape_job);
	grid_int(&g, j.id);
	grid_text(&g, j.kind);
	grid_text(&g, desk_job_label(j.kind));
	grid_int(&g, j.unit_id);
	grid_int(&g, j.subject_id);
	grid_text(&g, j.request_key);
	grid_text(&g, job_state_word(j.state));
	grid_text(&g, job_state_label(j.state));
	grid_int(&g, j.attempts);
	grid_text(&g, err_class_name(j.error_class));
	grid_text(&g, j.error_code);
	grid_text(&g, j.error_text);
	grid_text(&g, j.payload);
	grid_text(&g, j.result);
	grid_time(&g, j.created_at);
	grid_time(&g, j.updated_at);
	grid_time(&g, due_of(&j));
	grid_print_one(c, &g);
	grid_free(&g);
	job_free(&j);
	return ERR_OK;
}

enum err verb_jobs_cancel(struct cli *c)
{
	enum err r = desk_job_cancel(c->s, c->args[0], &c->e);

	return r ? r : verb_jobs_show(c);
}

/* ---- request log ---- */

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
    {"result", "结果", COLUMN_TEXT, 0},
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
    {"result", "结果", COLUMN_TEXT, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {"request", "请求", COLUMN_TREE, 0},
    {"answer", "应答", COLUMN_TREE, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_log_entry = {"log show, log export", LOG_ENTRY};

static enum err add_request(void *arg, const struct request_row *q)
{
	struct grid *g = arg;

	grid_int(g, q->id);
	grid_time(g, q->at_ms / 1000);
	grid_text(g, q->service);
	grid_int(g, q->job_id);
	grid_int(g, q->http_status);
	grid_text(g, q->platform_code);
	grid_text(g, q->return_code);
	grid_text(g, q->request_id);
	grid_text(g, q->trace_id);
	grid_int(g, q->took_ms);
	grid_text(g, q->result);
	grid_text(g, q->message);
	return ERR_OK;
}

static enum err add_entry(void *arg, const struct request_row *q)
{
	struct grid *g = arg;

	grid_int(g, q->id);
	grid_time(g, q->at_ms / 1000);
	grid_text(g, q->service);
	grid_text(g, q->url);
	grid_int(g, q->job_id);
	grid_int(g, q->unit_id);
	grid_int(g, q->http_status);
	grid_text(g, q->platform_code);
	grid_text(g, q->return_code);
	grid_text(g, q->request_id);
	grid_text(g, q->trace_id);
	grid_int(g, q->took_ms);
	grid_text(g, q->result);
	grid_text(g, q->message);
	grid_text(g, q->request);
	grid_text(g, q->answer);
	return ERR_OK;
}

enum err verb_log_list(struct cli *c)
{
	struct log_query q = {.service = cli_option(c, "service"), .failed = cli_flag(c, "failed")};
	struct grid g;
	int64_t next = 0, total = 0;
	char cursor[24];
	enum err r = cli_paging(c, &q.limit, &q.cursor);

	if (r)
		return r;
	grid_init(&g, &shape_log);
	if (!(r = desk_log_list(c->s, &q, add_request, &g, &next, &total, &c->e)))
		grid_print_list(c, &g, total, cursor_text(next, cursor));
	grid_free(&g);
	return r;
}

enum err verb_log_show(struct cli *c)
{
	struct grid g;
	enum err r;

	grid_init(&g, &shape_log_entry);
	if (!(r = desk_log_get(c->s, c->args[0], add_entry, &g, &c->e)))
		grid_print_one(c, &g);
	grid_free(&g);
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
	if (!(r = verb_log_show(c)))
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

/* ---- parameters ---- */

static const struct column PARAMS[] = {
    {"type", "配置项类型", COLUMN_TEXT, 0},
    {"key", "键", COLUMN_TEXT, 0},
    {"value", "值", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_params = {"param get, set", PARAMS};

static enum err add_param(void *arg, const char *type, const char *key, const char *value)
{
	struct grid *g = arg;

	grid_text(g, type);
	grid_text(g, key);
	grid_text(g, value);
	return ERR_OK;
}

static enum err print_param(struct cli *c)
{
	char value[512];
	struct grid g;
	enum err r = desk_param_get(c->s, c->args[0], c->args[1], value, sizeof(value), &c->e);

	if (r)
		return r;
	grid_init(&g, &shape_params);
	add_param(&g, c->args[0], c->args[1], value);
	grid_print_one(c, &g);
	grid_free(&g);
	return ERR_OK;
}

enum err verb_param_get(struct cli *c)
{
	struct grid g;
	enum err r;

	if (c->argc == 2)
		return print_param(c);
	grid_init(&g, &shape_params);
	if (!(r = desk_param_list(c->s, c->argc ? c->args[0] : NULL, add_param, &g, &c->e)))
		grid_print_list(c, &g, (int64_t)grid_rows(&g), "");
	grid_free(&g);
	return r;
}

enum err verb_param_set(struct cli *c)
{
	enum err r = desk_param_set(c->s, c->args[0], c->args[1], c->args[2], &c->e);

	return r ? r : print_param(c);
}
