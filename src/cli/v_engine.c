/* v_engine.c - jobs and parameters. */
#include <string.h>

#include "cli/cli_p.h"

/* ---- jobs ---- */

static const struct column JOBS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"created_at", "创建时间", COLUMN_TIME, 0},
    {"kind", "种类", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "任务", COLUMN_TEXT, FOR_BOTH},
    {"unit_id", "单位编号", COLUMN_NUMBER, FOR_JSON},
    {"unit", "单位", COLUMN_OPTIONAL, FOR_JSON | FOR_SEVERAL},
    {"subject_id", "对象", COLUMN_NUMBER, FOR_JSON},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"attempts", "次数", COLUMN_NUMBER, 0},
    {"due_at", "下次执行", COLUMN_TIME, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {"hint", "处理", COLUMN_OPTIONAL, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_jobs = {"jobs list", JOBS};

static const struct column JOB[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"kind", "种类", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "任务", COLUMN_TEXT, 0},
    {"unit_id", "单位编号", COLUMN_NUMBER, FOR_JSON},
    {"subject_id", "对象编号", COLUMN_ID, 0},
    {"request_key", "业务流水号", COLUMN_OPTIONAL, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"attempts", "次数", COLUMN_NUMBER, 0},
    {"error_class", "错误类别", COLUMN_TEXT, FOR_JSON},
    {"error_code", "错误代码", COLUMN_OPTIONAL, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {"hint", "处理", COLUMN_OPTIONAL, 0},
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
	struct cli_list *l = arg;
	struct grid *g = &l->grid;

	cli_grid_int(g, j->id);
	cli_grid_time(g, j->created_at);
	cli_grid_text(g, j->kind);
	cli_grid_text(g, desk_job_label(j->kind));
	cli_grid_int(g, j->unit_id);
	cli_grid_unit(l->c, g, j->unit_id);
	cli_grid_int(g, j->subject_id);
	cli_grid_text(g, job_state_word(j->state));
	cli_grid_text(g, job_state_label(j->state));
	cli_grid_int(g, j->attempts);
	cli_grid_time(g, due_of(j));
	cli_grid_text(g, j->error_text);
	cli_grid_text(g, j->error_hint);
	return ERR_OK;
}

static enum err check_kind(struct cli *c, const char *kind)
{
	struct buf words;
	const char *k = NULL;
	size_t i;

	buf_init(&words, 1024);
	for (i = 0; kind && (k = desk_job_kind(i)); i++) {
		if (!strcmp(k, kind))
			break;
		buf_addf(&words, "%s%s", i ? "|" : "", k);
	}
	if (kind && !k)
		cli_usage(c, "--kind 应为 %s 之一，“%.40s”不是", buf_str(&words), kind);
	buf_free(&words);
	return kind && !k ? ERR_USAGE : ERR_OK;
}

static enum err fill_jobs(struct cli_list *l)
{
	struct cli *c = l->c;
	char unit[CLI_UNIT];
	struct job_query q = {.state = cli_option(c, "state"),
			      .kind = cli_option(c, "kind"),
			      .unit = cli_unit_asked(c, unit),
			      .limit = l->limit,
			      .cursor = l->cursor};

	cli_grid_units(c, &l->grid);
	return desk_job_list(c->s, &q, add_job, l, &l->next, &l->total, &c->e);
}

enum err verb_jobs_list(struct cli *c)
{
	enum err r = check_kind(c, cli_option(c, "kind"));

	return r ? r : cli_list(c, &shape_jobs, TOTAL_CAPPED, fill_jobs);
}

enum err verb_jobs_show(struct cli *c)
{
	struct job j;
	struct grid g;
	enum err r = desk_job_get(c->s, c->args[0], &j, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_job);
	cli_grid_int(&g, j.id);
	cli_grid_text(&g, j.kind);
	cli_grid_text(&g, desk_job_label(j.kind));
	cli_grid_int(&g, j.unit_id);
	cli_grid_int(&g, j.subject_id);
	cli_grid_text(&g, j.request_key);
	cli_grid_text(&g, job_state_word(j.state));
	cli_grid_text(&g, job_state_label(j.state));
	cli_grid_int(&g, j.attempts);
	cli_grid_text(&g, err_class_name(j.error_class));
	cli_grid_text(&g, j.error_code);
	cli_grid_text(&g, j.error_text);
	cli_grid_text(&g, j.error_hint);
	cli_grid_text(&g, j.payload);
	cli_grid_text(&g, j.result);
	cli_grid_time(&g, j.created_at);
	cli_grid_time(&g, j.updated_at);
	cli_grid_time(&g, due_of(&j));
	cli_one(c, &g);
	job_free(&j);
	return ERR_OK;
}

enum err verb_jobs_cancel(struct cli *c)
{
	enum err r = desk_job_cancel(c->s, c->args[0], &c->e);

	return r ? r : verb_jobs_show(c);
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

	cli_grid_text(g, type);
	cli_grid_text(g, key);
	cli_grid_text(g, value);
	return ERR_OK;
}

static enum err print_param(struct cli *c)
{
	char value[512];
	struct grid g;
	enum err r = desk_param_get(c->s, c->args[0], c->args[1], value, sizeof(value), &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_params);
	add_param(&g, c->args[0], c->args[1], value);
	cli_one(c, &g);
	return ERR_OK;
}

static enum err fill_params(struct cli_list *l)
{
	struct cli *c = l->c;

	return desk_param_list(c->s, c->argc ? c->args[0] : NULL, add_param, &l->grid, &c->e);
}

enum err verb_param_get(struct cli *c)
{
	if (c->argc == 2)
		return print_param(c);
	return cli_list(c, &shape_params, TOTAL_ROWS, fill_params);
}

enum err verb_param_set(struct cli *c)
{
	const char *warning = desk_param_warning(c->args[0], c->args[1], c->args[2]);
	enum err r = desk_param_set(c->s, c->args[0], c->args[1], c->args[2], &c->e);

	if (r || (r = print_param(c)))
		return r;
	if (c->json) /* the document stands open */
		json_put(&c->doc, "warning", *warning ? warning : NULL);
	else if (*warning)
		cli_say(c, "注意：%s", warning);
	return ERR_OK;
}

static const struct column IMPORTED[] = {
    {"row", "行", COLUMN_NUMBER, 0},
    {"type", "配置项类型", COLUMN_TEXT, 0},
    {"key", "键", COLUMN_TEXT, 0},
    {"value", "值", COLUMN_TEXT, 0},
    {"warning", "提醒", COLUMN_OPTIONAL, 0},
    {"fault", "不对的地方", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_param_import = {"param import: rows", IMPORTED};

static void add_imported(void *arg, const struct param_row *row)
{
	struct grid *g = arg;

	cli_grid_int(g, row->row);
	cli_grid_text(g, row->type);
	cli_grid_text(g, row->key);
	cli_grid_text(g, row->value);
	cli_grid_text(g, row->warning);
	cli_grid_text(g, row->fault);
}

enum err verb_param_import(struct cli *c)
{
	struct json_out o;
	int64_t count = 0;
	struct grid g;
	enum err r;

	cli_grid_init(&g, &shape_param_import);
	r = desk_params_import(c->s, c->args[0], add_imported, &g, &count, &c->e);
	if (c->json) {
		cli_document(c, &o);
		json_put_int(&o, "imported", count);
		cli_grid_put_rows(&o, "rows", &g);
		cli_document_end(c, &o);
	} else {
		if (cli_grid_rows(&g))
			cli_grid_table(c, &g);
		if (!r)
			cli_say(c, "已导入 %lld 个参数", (long long)count);
	}
	cli_grid_free(&g);
	return r;
}
