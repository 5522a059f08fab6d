/* v_health.c - is there anything a person should look at?  One look, for monitoring. */
#include <string.h>

#include "cli/cli_p.h"

enum { MINUTE = 60, HOUR = 3600, RED_HOURS_MAX = 72, OLDER_MAX = 100000, NUMBERS_MAX = 100000000 };

static const struct column HEALTH[] = {
    {"check", "检查", COLUMN_TEXT, FOR_JSON},
    {"label", "事项", COLUMN_TEXT, 0},
    {"unit", "单位", COLUMN_OPTIONAL, 0},
    {"tax_no", "税号", COLUMN_OPTIONAL, FOR_JSON},
    {"env", "环境", COLUMN_OPTIONAL, FOR_JSON},
    {"count", "数量", COLUMN_NUMBER, FOR_JSON},
    {"age_seconds", "最早的多少秒前", COLUMN_NUMBER, FOR_JSON},
    {"text", "情况", COLUMN_TEXT, 0},
    {"mend", "处理", COLUMN_TEXT, 0},
    {"numbers", "号码", COLUMN_OPTIONAL, 0},
    {"exit", "结束码", COLUMN_NUMBER, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_health = {"health: findings[]", HEALTH};

static enum err add_finding(void *arg, const struct watch_finding *f)
{
	struct grid *g = arg;
	struct buf numbers;
	size_t i;

	buf_init(&numbers, 4096);
	for (i = 0; i < f->number_count; i++)
		buf_addf(&numbers, "%s%s", i ? " " : "", f->numbers[i]);
	cli_grid_text(g, f->check);
	cli_grid_text(g, f->label);
	cli_grid_text(g, f->unit_name);
	cli_grid_text(g, f->unit_tax_no);
	cli_grid_text(g, f->env);
	cli_grid_int(g, f->count);
	cli_grid_int(g, f->age_s);
	cli_grid_text(g, f->text);
	cli_grid_text(g, f->mend);
	cli_grid_text(g, buf_str(&numbers));
	cli_grid_int(g, f->class);
	buf_free(&numbers);
	return ERR_OK;
}

static enum err read_limits(struct cli *c, struct watch_limits *l)
{
	const char *quota = cli_option(c, "quota");
	int64_t minutes = WATCH_OLDER_S / MINUTE, hours = WATCH_RED_S / HOUR;
	enum err r;

	*l = (struct watch_limits) {.numbers = -1, .quota = -1};
	if ((r = cli_int_option(c, "older", 0, OLDER_MAX, &minutes)) ||
	    (r = cli_int_option(c, "red-hours", 0, RED_HOURS_MAX, &hours)) ||
	    (r = cli_int_option(c, "numbers", 0, NUMBERS_MAX, &l->numbers)))
		return r;
	l->older_s = minutes * MINUTE;
	l->red_s = hours * HOUR;
	if (quota && (!fen_parse(quota, &l->quota) || l->quota < 0))
		return cli_usage(c, "--quota 应为金额，例如 10000.00");
	return ERR_OK;
}

enum err verb_health(struct cli *c)
{
	struct watch_limits limits;
	enum err worst = ERR_OK, r = read_limits(c, &limits);
	struct json_out o;
	struct grid g;
	size_t n;

	if (r)
		return r;
	cli_grid_init(&g, &shape_health);
	r = desk_watch(c->s, &limits, add_finding, &g, &worst, &c->e);
	n = cli_grid_rows(&g);
	if (!r && c->json) {
		cli_document(c, &o);
		json_put_bool(&o, "healthy", n == 0);
		cli_grid_put_rows(&o, "findings", &g);
		cli_document_end(c, &o);
	} else if (!r && n) {
		cli_grid_table(c, &g);
	} else if (!r) {
		cli_say(c, "没有要处理的事");
	}
	cli_grid_free(&g);
	if (!r && worst) {
		err_fail(&c->e, worst, "health.findings", "健康检查", "有 %zu 件要处理的事", n);
		err_hint(&c->e, "见各行的处理");
		r = worst;
	}
	return r;
}
