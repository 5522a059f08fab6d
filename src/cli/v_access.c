/* v_access.c - 开票员, 开票安全验证截止日, 接入条件, 上游系统. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"

/* ---- 开票员 ---- */

static const struct column DRAWERS[] = {
    {"name", "姓名", COLUMN_TEXT, 0},
    {"id_type", "证件类型", COLUMN_TEXT, FOR_JSON},
    {"id_type_text", "证件类型", COLUMN_TEXT, FOR_BOTH},
    {"id_no", "证件号码", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"platform", "绑定平台", COLUMN_TEXT, 0},
    {"updated_at", "修改时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_drawers = {"drawers list, add, edit", DRAWERS};

static enum err add_drawer(void *arg, const struct drawer *d)
{
	char masked[DRAWER_MASKED];
	struct grid *g = arg;

	cli_grid_text(g, d->name);
	cli_grid_text(g, d->id_type);
	cli_grid_text(g, desk_drawer_document(d));
	cli_grid_text(g, desk_drawer_mask(d, masked));
	cli_grid_text(g, drawer_state_word(d->state));
	cli_grid_text(g, drawer_state_label(d->state));
	cli_grid_text(g, d->platform);
	cli_grid_time(g, d->updated_at);
	return ERR_OK;
}

static enum err fill_drawers(struct cli_list *l)
{
	return desk_drawer_list(l->c->s, add_drawer, &l->grid, &l->c->e);
}

enum err verb_drawers_list(struct cli *c)
{
	return cli_list(c, &shape_drawers, TOTAL_ROWS, fill_drawers);
}

static struct drawer_form drawer_of(const struct cli *c)
{
	return (struct drawer_form) {.name = cli_option(c, "name"),
				     .id_type = cli_option(c, "id-type"),
				     .id_no = cli_option(c, "id-no"),
				     .state = cli_option(c, "state"),
				     .platform = cli_option(c, "platform")};
}

static enum err print_drawer(struct cli *c, const char *name, const char *warning)
{
	struct drawer d;
	struct grid g;
	enum err r = desk_drawer_get(c->s, name, &d, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_drawers);
	add_drawer(&g, &d);
	cli_one(c, &g);
	if (c->json) /* the document stands open */
		json_put(&c->doc, "warning", *warning ? warning : NULL);
	else if (*warning)
		cli_say(c, "注意：%s", warning);
	return ERR_OK;
}

enum err verb_drawers_add(struct cli *c)
{
	struct drawer_form f = drawer_of(c);
	char warning[DRAWER_WARNING];
	enum err r;

	if (!f.name || !f.id_no)
		return cli_usage(c, "请用 --name 和 --id-no 给出姓名和证件号码");
	r = desk_drawer_add(c->s, &f, warning, &c->e);
	return r ? r : print_drawer(c, f.name, warning);
}

enum err verb_drawers_edit(struct cli *c)
{
	struct drawer_form f = drawer_of(c);
	char warning[DRAWER_WARNING];
	enum err r;

	if (!f.name && !f.id_type && !f.id_no && !f.state && !f.platform)
		return cli_usage(c,
				 "请用 --name、--id-type、--id-no、--state、--platform 给出要改的");
	r = desk_drawer_edit(c->s, c->args[0], &f, warning, &c->e);
	return r ? r : print_drawer(c, f.name ? f.name : c->args[0], warning);
}

enum err verb_drawers_remove(struct cli *c)
{
	enum err r = desk_drawer_remove(c->s, c->args[0], &c->e);

	if (!r)
		cli_removed(c, "已移除 ");
	return r;
}

enum err verb_drawers_export(struct cli *c)
{
	struct cli_output out;
	int64_t rows = 0;
	enum err r = cli_output(c, "开票员", &out);

	if (!r && !(r = desk_drawer_export(c->s, out.path, out.format, cli_flag(c, "replace"),
					   &rows, &c->e)))
		cli_print_written(c, out.path, rows);
	return r;
}

/* ---- 开票安全验证 ---- */

static const struct column SAFETY[] = {
    {"tax_no", "税号", COLUMN_TEXT, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"env", "环境", COLUMN_TEXT, FOR_JSON},
    {"env_text", "环境", COLUMN_TEXT, FOR_BOTH},
    {"safety_until", "开票安全验证截止日", COLUMN_OPTIONAL, 0},
    {"level", "程度", COLUMN_TEXT, FOR_JSON},
    {"message", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_safety = {"unit safety", SAFETY};

static enum err add_safety(void *arg, const struct unit_view *v)
{
	static const char *const LEVELS[] = {
	    [SAFETY_NONE] = "none", [SAFETY_FAR] = "ok",    [SAFETY_MONTH] = "month",
	    [SAFETY_WEEK] = "week", [SAFETY_LAST] = "last", [SAFETY_OVER] = "over"};
	const struct unit *u = v->unit;
	char text[SAFETY_TEXT];
	struct grid *g = arg;

	if (u->direct)
		return ERR_OK;
	cli_grid_text(g, u->tax_no);
	cli_grid_text(g, u->name);
	cli_grid_text(g, unit_env_word(u->env));
	cli_grid_text(g, unit_env_label(u->env));
	cli_grid_text(g, u->safety_until);
	cli_grid_text(g, LEVELS[safety_level(u->safety_until, clock_now(), NULL)]);
	cli_grid_text(g, *safety_text(u->safety_until, clock_now(), text)
			     ? text
			     : "没有登记；税局建议设到 2099 年");
	return ERR_OK;
}

enum err verb_unit_safety(struct cli *c)
{
	struct unit_ref ref = {c->args[0], "using", cli_env(c)};
	struct grid g;
	enum err r = ERR_OK;

	if (c->argc == 2)
		r = desk_unit_safety(c->s, &ref, c->args[1], &c->e);
	cli_grid_init(&g, &shape_safety);
	if (r || (r = desk_unit_show(c->s, &ref, add_safety, &g, &c->e))) {
		cli_grid_free(&g);
		return r;
	}
	cli_one(c, &g);
	return ERR_OK;
}

/* ---- 接入条件 ---- */

static const struct column ELIGIBILITY[] = {
    {"no", "序号", COLUMN_NUMBER, 0},
    {"key", "项目", COLUMN_TEXT, FOR_JSON},
    {"condition", "条件", COLUMN_TEXT, 0},
    {"state", "结果", COLUMN_TEXT, FOR_JSON},
    {"state_text", "结果", COLUMN_TEXT, FOR_BOTH},
    {"message", "说明", COLUMN_TEXT, 0},
    {"note", "备注", COLUMN_OPTIONAL, FOR_JSON},
    {"answered_by", "确认人", COLUMN_OPTIONAL, FOR_JSON},
    {"answered_at", "确认时间", COLUMN_TIME, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_eligibility = {"eligibility: items", ELIGIBILITY};

/* "1=yes,4=no", each with the note. */
static enum err take_answers(struct cli *c, const char *answers)
{
	const char *note = cli_option(c, "note");
	enum err r = ERR_OK;

	while (*answers && !r) {
		size_t n = strcspn(answers, ",");
		char one[32], *eq;

		if (n >= sizeof(one))
			return cli_usage(c, "--answer 应为 序号=yes|no|pending");
		memcpy(one, answers, n);
		one[n] = 0;
		eq = strchr(one, '=');
		if (!eq || eq == one)
			return cli_usage(c, "--answer 应为 序号=yes|no|pending，“%.30s”不是", one);
		*eq = 0;
		if (!text_all_digits(one))
			return cli_usage(c, "--answer 的序号应为 1 至 4，“%.30s”不是", one);
		if (strtoul(one, NULL, 10) == 2 &&
		    (!strcmp(eq + 1, "yes") || !strcmp(eq + 1, "是")))
			return cli_usage(c,
					 "第 2 项由税局的信用级别决定；不参与评价的写 --override");
		r = desk_eligibility_answer(c->s, strtoul(one, NULL, 10), eq + 1, note, &c->e);
		answers += n + (answers[n] == ',');
	}
	return r;
}

static void add_item(struct grid *g, const struct eligibility_view *v)
{
	cli_grid_int(g, (int64_t)v->no);
	cli_grid_text(g, v->item->key);
	cli_grid_text(g, v->item->condition);
	cli_grid_text(g, eligibility_state_word(v->state));
	cli_grid_text(g, eligibility_state_label(v->state));
	cli_grid_text(g, v->text);
	cli_grid_text(g, v->note);
	cli_grid_text(g, v->by);
	cli_grid_time(g, v->at);
}

static enum err print_items(struct cli *c, const struct eligibility_view *items, const char *unit)
{
	const struct eligibility_view *bad = NULL;
	struct json_out o;
	struct grid g;
	size_t i;

	cli_grid_init(&g, &shape_eligibility);
	for (i = 0; i < ELIGIBILITY_ITEMS; i++) {
		add_item(&g, &items[i]);
		if (!bad && items[i].state == ELIGIBLE_NO)
			bad = &items[i];
	}
	if (c->json) {
		cli_document(c, &o);
		json_put(&o, "unit", *unit ? unit : NULL);
		cli_grid_put_rows(&o, "items", &g);
		json_put(&o, "source", ELIGIBILITY_SOURCE);
		cli_document_end(c, &o);
	} else {
		if (*unit)
			cli_say(c, "接入条件：%s", unit);
		cli_grid_table(c, &g);
	}
	cli_grid_free(&g);
	if (!bad)
		return ERR_OK;
	err_fail(&c->e, ERR_INVALID, "eligibility.no", "接入条件", "第 %zu 项不满足：%s", bad->no,
		 bad->text);
	err_hint(&c->e, "不满足自用条件的，可考虑联用，或使用电子税局");
	return ERR_INVALID;
}

enum err verb_eligibility(struct cli *c)
{
	struct eligibility_view *items;
	const char *answers = cli_option(c, "answer");
	char *unit = NULL;
	enum err r = ERR_OK;

	if (cli_option(c, "note") && !answers)
		return cli_usage(c, "--note 要和 --answer 一起写");
	if (answers)
		r = take_answers(c, answers);
	if (!r && cli_flag(c, "override"))
		r = desk_eligibility_answer(c->s, 2, "yes", NULL, &c->e);
	items = mem_zalloc(ELIGIBILITY_ITEMS * sizeof(*items));
	if (!r && !(r = desk_eligibility(c->s, items, &unit, &c->e)))
		r = print_items(c, items, unit);
	free(unit);
	free(items);
	return r;
}

/* ---- 上游系统 ---- */

static const struct column PROFILES[] = {
    {"name", "上游系统", COLUMN_TEXT, 0}, {"versions", "版本", COLUMN_TEXT, 0},
    {"modules", "模块", COLUMN_TEXT, 0},  {"notes", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_profiles = {"profile list", PROFILES};

static enum err fill_profiles(struct cli_list *l)
{
	const struct profile *p;
	size_t i;

	for (i = 0; (p = profile_at(i)); i++) {
		cli_grid_text(&l->grid, p->name);
		cli_grid_text(&l->grid, p->versions);
		cli_grid_text(&l->grid, p->modules);
		cli_grid_text(&l->grid, p->notes);
	}
	return ERR_OK;
}

enum err verb_profile_list(struct cli *c)
{
	return cli_list(c, &shape_profiles, TOTAL_ROWS, fill_profiles);
}
