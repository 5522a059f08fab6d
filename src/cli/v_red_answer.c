/* v_red_answer.c - 红字确认单: confirming, denying and revoking, one or several. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/red_p.h"

static const struct column ANSWERS[] = {
    {"asked", "指定的", COLUMN_TEXT, 0},
    {"confirmation_no", "确认单编号", COLUMN_OPTIONAL, 0},
    {"party", "对方", COLUMN_OPTIONAL, 0},
    {"blue_number", "蓝票号码", COLUMN_OPTIONAL, 0},
    {"net", "冲销金额", COLUMN_MONEY, 0},
    {"tax", "冲销税额", COLUMN_MONEY, 0},
    {"state", "状态", COLUMN_OPTIONAL, FOR_JSON},
    {"state_text", "状态", COLUMN_OPTIONAL, 0},
    {"done", "办成", COLUMN_BOOL, 0},
    {"message", "说明", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_red_answers = {
    "red confirm, red deny, red revoke, several; red drop: results[]", ANSWERS};

/* One of those that are answered. */
struct answer {
	int64_t id;
	bool already;
	struct err_info why; /* class 0: it is under way, or done */
};

/* Stale risk data is fetched once, as for an invoice. */
static enum err refresh_once(struct cli *c, bool *fresh)
{
	struct desk_wait w = {0};
	enum err r;

	if (*fresh || c->no_wait)
		return ERR_BUSY;
	*fresh = true;
	r = cli_finish(c, desk_taxpayer_sync(c->s, &w, &c->e), &w);
	err_clear(&c->e);
	return r;
}

static void begin(struct cli *c, const char *no, enum red_action a, struct desk_wait *w,
		  bool *fresh, struct answer *x)
{
	struct red_record rec;

	if (desk_red_get(c->s, no, &rec, &x->why))
		return;
	x->id = rec.id;
	red_record_free(&rec);
	if (desk_red_act(c->s, x->id, a, w, &x->already, &x->why) != ERR_INVALID ||
	    strncmp(x->why.code, "seller.", 7) != 0 || refresh_once(c, fresh))
		return;
	err_clear(&x->why);
	desk_red_act(c->s, x->id, a, w, &x->already, &x->why);
}

/* ---- one ---- */

static enum err answer_one(struct cli *c, enum red_action a)
{
	struct desk_wait w = {0};
	struct answer x = {.id = 0};
	bool fresh = false;
	enum err r;

	begin(c, c->args[0], a, &w, &fresh, &x);
	c->e = x.why;
	r = x.why.class ? x.why.class : cli_wait(c, &w);
	desk_wait_free(&w);
	if (r)
		return r;
	if (x.already)
		cli_say(c, "已处理：这张红字确认单已经%s", red_action_label(a));
	return cli_red_tell(c, x.id);
}

/* ---- several ---- */

/* rec NULL: there is no such letter. */
static void add_row(struct grid *g, const char *asked, const struct red_record *rec, bool done,
		    const char *message)
{
	const struct red_letter *l = rec ? &rec->letter : NULL;
	char net[FEN_TEXT] = "", tax[FEN_TEXT] = "";

	if (l) {
		fen_format(l->net_fen, net);
		fen_format(l->tax_fen, tax);
	}
	cli_grid_text(g, asked);
	cli_grid_text(g, l ? l->number : "");
	cli_grid_text(g, !l ? "" : rec->side == RED_SELLER ? l->buyer_name : l->seller_name);
	cli_grid_text(g, l ? l->blue_number : "");
	cli_grid_text(g, net);
	cli_grid_text(g, tax);
	cli_grid_text(g, l ? red_state_code(l->state) : "");
	cli_grid_text(g, l && l->state ? red_state_label(l->state) : "");
	cli_grid_bool(g, done);
	cli_grid_text(g, message);
}

/* How it stands now. */
static enum err tell(struct cli *c, struct grid *g, const char *asked, const struct answer *x,
		     enum red_action a)
{
	struct red_record rec;
	struct err_info why = x->why;
	char text[1200] = "";
	enum err verdict = why.class;
	bool known = x->id && !desk_red_by_id(c->s, x->id, &rec, NULL);

	if (!verdict)
		verdict = desk_red_outcome(c->s, x->id, &why);
	if (verdict)
		err_sentence(&why, text, sizeof(text));
	else if (x->already)
		snprintf(text, sizeof(text), "已经%s", red_action_label(a));
	if (c->no_wait && !x->why.class)
		verdict = ERR_OK; /* nobody waited */
	add_row(g, asked, known ? &rec : NULL, verdict == ERR_OK, text);
	if (known)
		red_record_free(&rec);
	return verdict;
}

static void some_failed(struct cli *c, enum err worst, int failed)
{
	err_fail(&c->e, worst, "red.some", "红字确认单", "%d 张中有 %d 张没有办成", c->argc,
		 failed);
	err_hint(&c->e, "原因见各行的说明");
}

static enum err answer_several(struct cli *c, enum red_action a)
{
	struct answer *all = mem_zalloc(sizeof(*all) * (size_t)c->argc);
	struct desk_wait w = {0};
	struct grid g;
	enum err worst = ERR_OK;
	bool fresh = false;
	int failed = 0;

	for (int i = 0; i < c->argc; i++)
		begin(c, c->args[i], a, &w, &fresh, &all[i]);
	if (w.job_count && cli_wait(c, &w))
		err_clear(&c->e); /* the rows say what is not known yet */
	desk_wait_free(&w);
	cli_grid_init(&g, &shape_red_answers);
	for (int i = 0; i < c->argc; i++) {
		enum err one = tell(c, &g, c->args[i], &all[i], a);

		failed += one != ERR_OK;
		worst = desk_worse(worst, one);
	}
	cli_results(c, &g);
	cli_grid_free(&g);
	free(all);
	if (worst)
		some_failed(c, worst, failed);
	return worst;
}

static enum err answer(struct cli *c, enum red_action a)
{
	return c->argc == 1 ? answer_one(c, a) : answer_several(c, a);
}

/* ---- putting away ---- */

/* A refused application; the row says how it stands. */
static enum err drop_one(struct cli *c, struct grid *g, const char *no, struct err_info *why)
{
	struct red_record rec;
	char text[sizeof(rec.message)] = "";
	bool done = false, known;
	enum err r = desk_red_get(c->s, no, &rec, why);

	known = !r;
	if (!r)
		r = desk_red_drop(c->s, rec.id, &done, why);
	if (r)
		err_sentence(why, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%s", done ? "已经放弃" : rec.message);
	add_row(g, no, known ? &rec : NULL, !r, text);
	if (known)
		red_record_free(&rec);
	return r;
}

enum err verb_red_drop(struct cli *c)
{
	struct err_info first = {0};
	struct grid g;
	enum err worst = ERR_OK;
	int failed = 0;

	cli_grid_init(&g, &shape_red_answers);
	for (int i = 0; i < c->argc; i++) {
		struct err_info why = {0};
		enum err one = drop_one(c, &g, c->args[i], &why);

		if (one && !failed++)
			first = why;
		worst = desk_worse(worst, one);
	}
	cli_results(c, &g);
	cli_grid_free(&g);
	if (failed == 1)
		c->e = first;
	else if (failed)
		some_failed(c, worst, failed);
	return worst;
}

enum err verb_red_confirm(struct cli *c)
{
	return answer(c, RED_CONFIRM);
}

enum err verb_red_deny(struct cli *c)
{
	return answer(c, RED_DENY);
}

enum err verb_red_revoke(struct cli *c)
{
	return answer(c, RED_REVOKE);
}
