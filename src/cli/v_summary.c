/* v_summary.c - 乐企汇总确认: the months, their six figures beside the tax side's, confirming. */
#include <string.h>

#include "cli/cli_p.h"

static const struct column SUMMARY[] = {
    {"month", "汇总月份", COLUMN_TEXT, 0},
    {"identity", "接入身份", COLUMN_TEXT, FOR_JSON},
    {"identity_text", "接入身份", COLUMN_TEXT, FOR_PEOPLE},
    {"state", "汇总状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "汇总状态", COLUMN_TEXT, FOR_BOTH},
    {"blue_count", "蓝字数量", COLUMN_NUMBER, 0},
    {"blue_net", "蓝字金额", COLUMN_MONEY, 0},
    {"blue_tax", "蓝字税额", COLUMN_MONEY, 0},
    {"red_count", "红字数量", COLUMN_NUMBER, 0},
    {"red_net", "红字金额", COLUMN_MONEY, 0},
    {"red_tax", "红字税额", COLUMN_MONEY, 0},
    {"their_blue_count", "税局蓝字数量", COLUMN_OPTIONAL, 0},
    {"their_blue_net", "税局蓝字金额", COLUMN_MONEY, 0},
    {"their_blue_tax", "税局蓝字税额", COLUMN_MONEY, 0},
    {"their_red_count", "税局红字数量", COLUMN_OPTIONAL, 0},
    {"their_red_net", "税局红字金额", COLUMN_MONEY, 0},
    {"their_red_tax", "税局红字税额", COLUMN_MONEY, 0},
    {"their_at", "税局的数取自", COLUMN_TIME, 0},
    {"pending", "没有结果的", COLUMN_NUMBER, 0},
    {"deadline", "截止", COLUMN_TIME, 0},
    {"sent_at", "发出时间", COLUMN_TIME, FOR_JSON},
    {"ended_at", "确认或取消时间", COLUMN_TIME, 0},
    {"made_at", "生成时间", COLUMN_TIME, FOR_JSON},
    {"recon", "对账编号", COLUMN_ID, 0},
    {"message", "说明", COLUMN_OPTIONAL, 0},
    {"advice", "下一步", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_summary = {"summary show, add, confirm, cancel, refresh", SUMMARY};

static const struct column ROWS[] = {
    {"month", "汇总月份", COLUMN_TEXT, 0},
    {"state", "汇总状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "汇总状态", COLUMN_TEXT, FOR_BOTH},
    {"blue_count", "蓝字数量", COLUMN_NUMBER, 0},
    {"blue_net", "蓝字金额", COLUMN_MONEY, 0},
    {"blue_tax", "蓝字税额", COLUMN_MONEY, 0},
    {"red_count", "红字数量", COLUMN_NUMBER, 0},
    {"red_net", "红字金额", COLUMN_MONEY, 0},
    {"red_tax", "红字税额", COLUMN_MONEY, 0},
    {"pending", "没有结果的", COLUMN_NUMBER, 0},
    {"advice", "下一步", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_summaries = {"summary list", ROWS};

static const struct column EDGES[] = {
    {"number", "发票号码", COLUMN_TEXT, 0},    {"month", "计入月份", COLUMN_TEXT, 0},
    {"other", "也可能是", COLUMN_OPTIONAL, 0}, {"sent_at", "发给税局", COLUMN_TIME, 0},
    {"told_at", "得知结果", COLUMN_TIME, 0},   {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_summary_edges = {"summary show: edges[]", EDGES};

static const struct column AUTO[] = {
    {"on", "自动汇总确认", COLUMN_BOOL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_summary_auto = {"summary auto", AUTO};

/* ---- rows ---- */

static void add_figures(struct grid *g, const struct summary_figures *f)
{
	for (int i = 0; i < SUMMARY_FIGURES; i++) {
		if (summary_is_count(i))
			cli_grid_int(g, summary_figure(f, i));
		else
			cli_grid_fen(g, summary_figure(f, i));
	}
}

/* Theirs, blank as long as they were not told. */
static void add_theirs(struct grid *g, const struct summary *s)
{
	char text[FEN_TEXT];

	for (int i = 0; i < SUMMARY_FIGURES; i++) {
		int64_t v = summary_figure(&s->theirs, i);

		if (!s->theirs_at)
			cli_grid_text(g, "");
		else if (summary_is_count(i))
			cli_grid_textf(g, "%lld", (long long)v);
		else
			cli_grid_text(g, fen_format(v, text));
	}
}

static void add_summary(struct grid *g, const struct summary_view *v)
{
	const struct summary *s = &v->row;

	cli_grid_text(g, s->month);
	cli_grid_text(g, s->direct ? "direct" : "using");
	cli_grid_text(g, s->direct ? "直连单位" : "使用单位");
	cli_grid_text(g, summary_state_word(s->state));
	cli_grid_text(g, summary_state_label(s->state));
	add_figures(g, &v->ours);
	add_theirs(g, s);
	cli_grid_time(g, s->theirs_at);
	cli_grid_int(g, v->pending);
	cli_grid_time(g, v->deadline);
	cli_grid_time(g, s->sent_at);
	cli_grid_time(g, s->ended_at);
	cli_grid_time(g, s->made_at);
	cli_grid_int(g, s->recon_id);
	cli_grid_text(g, s->message);
	cli_grid_text(g, v->advice);
}

static enum err add_row(void *arg, const struct summary_view *v)
{
	struct grid *g = arg;

	cli_grid_text(g, v->row.month);
	cli_grid_text(g, summary_state_word(v->row.state));
	cli_grid_text(g, summary_state_label(v->row.state));
	add_figures(g, &v->ours);
	cli_grid_int(g, v->pending);
	cli_grid_text(g, v->advice);
	return ERR_OK;
}

static enum err add_edge(void *arg, const struct invoice_boundary *b)
{
	struct grid *g = arg;

	cli_grid_text(g, b->number);
	cli_grid_text(g, b->month);
	cli_grid_text(g, strcmp(b->month, b->other) ? b->other : "");
	cli_grid_time(g, b->sent_at);
	cli_grid_time(g, b->told_at);
	return ERR_OK;
}

/* ---- verbs ---- */

static enum err fill_rows(struct cli_list *l)
{
	return desk_summary_list(l->c->s, cli_option(l->c, "state"), l->cursor, l->limit, add_row,
				 &l->grid, &l->next, &l->total, &l->c->e);
}

enum err verb_summary_list(struct cli *c)
{
	struct summary_golive golive;
	enum err r = cli_list(c, &shape_summaries, TOTAL_TOLD, fill_rows);

	if (r || c->json || (r = desk_summary_golive(c->s, &golive, &c->e)) || !golive.due)
		return r;
	cli_say(c, "%s：kaipiao summary add %s", golive.text, golive.month);
	return ERR_OK;
}

static enum err print(struct cli *c, const char *month, bool edges)
{
	struct summary_view v;
	struct grid g, more;
	struct json_out o;
	enum err r = desk_summary_get(c->s, month, &v, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_summary);
	cli_grid_init(&more, &shape_summary_edges);
	add_summary(&g, &v);
	if (edges)
		r = desk_summary_edges(c->s, month, add_edge, &more, &c->e);
	if (r) {
		cli_grid_free(&g);
	} else if (c->json) {
		cli_document(c, &o);
		cli_grid_put_object(&o, "summary", &g);
		if (edges)
			cli_grid_put_rows(&o, "edges", &more);
		cli_document_end(c, &o);
		cli_grid_free(&g);
	} else {
		cli_grid_print_one(c, &g);
		if (cli_grid_rows(&more))
			cli_grid_table(c, &more);
		cli_grid_free(&g);
	}
	cli_grid_free(&more);
	return r;
}

enum err verb_summary_show(struct cli *c)
{
	return print(c, c->args[0], true);
}

enum err verb_summary_add(struct cli *c)
{
	const char *identity = cli_option(c, "identity");
	enum err r = desk_summary_add(c->s, c->args[0], identity ? identity : "using", &c->e);

	return r ? r : print(c, c->args[0], false);
}

/* After a refusal the engine looks what the tax side has; that is shown, too. */
static enum err finish(struct cli *c, enum err asked, struct desk_wait *w)
{
	struct desk_wait more = {0};
	struct err_info why;
	enum err r = asked, ended;

	if (r) {
		desk_wait_free(w);
		return r;
	}
	ended = cli_wait_jobs(c, w);
	desk_wait_free(w);
	why = c->e;
	if (ended == ERR_REFUSED && !desk_summary_follow(c->s, c->args[0], &more, &c->e) &&
	    more.job_count)
		(void)cli_wait(c, &more);
	desk_wait_free(&more);
	err_clear(&c->e);
	r = print(c, c->args[0], ended != ERR_OK);
	if (!ended)
		return r;
	c->e = why;
	return ended;
}

enum err verb_summary_confirm(struct cli *c)
{
	struct desk_wait w = {0};

	return finish(c, desk_summary_confirm(c->s, c->args[0], cli_flag(c, "force"), &w, &c->e),
		      &w);
}

enum err verb_summary_cancel(struct cli *c)
{
	struct desk_wait w = {0};

	return finish(c, desk_summary_cancel(c->s, c->args[0], &w, &c->e), &w);
}

enum err verb_summary_refresh(struct cli *c)
{
	struct desk_wait w = {0};

	return finish(c, desk_summary_look(c->s, c->args[0], &w, &c->e), &w);
}

enum err verb_summary_auto(struct cli *c)
{
	struct grid g;
	bool on = true;
	enum err r;

	if (c->argc && ((r = cli_on_off(c, &on)) || (r = desk_summary_set_auto(c->s, on, &c->e))))
		return r;
	if ((r = desk_summary_auto(c->s, &on, &c->e)))
		return r;
	cli_grid_init(&g, &shape_summary_auto);
	cli_grid_bool(&g, on);
	cli_one(c, &g);
	return ERR_OK;
}
