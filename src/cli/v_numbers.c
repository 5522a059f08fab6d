/* v_numbers.c - 数电领购: claiming, listing and proving numbers. */
#include <string.h>

#include "cli/cli_p.h"

/* ---- numbers ---- */

static const struct column SEGMENTS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"claimed_at", "领购时间", COLUMN_TIME, 0},
    {"count", "数量", COLUMN_NUMBER, 0},
    {"first", "起始号码", COLUMN_TEXT, 0},
    {"last", "终止号码", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_PEOPLE},
    {"free", "剩余", COLUMN_NUMBER, 0},
    {"reserved", "在途", COLUMN_NUMBER, 0},
    {"used", "已用", COLUMN_NUMBER, 0},
    {"reusable", "可重用", COLUMN_NUMBER, 0},
    {"void", "作废", COLUMN_NUMBER, 0},
    {"expired", "跨年作废", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_segments = {"numbers list", SEGMENTS};

static const char *segment_label(const char *state)
{
	static const struct {
		const char *word, *label;
	} LABELS[] = {{"open", "可用"}, {"used", "用完"}, {"expired", "跨年作废"}};
	size_t i;

	for (i = 0; i < sizeof(LABELS) / sizeof(LABELS[0]); i++) {
		if (!strcmp(LABELS[i].word, state))
			return LABELS[i].label;
	}
	return state;
}

static enum err add_segment(void *arg, const struct segment *s, const struct number_counts *n)
{
	struct grid *g = arg;
	const int64_t counts[] = {n->free,     n->reserved, n->used,
				  n->reusable, n->voided,   n->expired};
	size_t i;

	cli_grid_int(g, s->id);
	cli_grid_time(g, s->claimed_at);
	cli_grid_int(g, s->size);
	cli_grid_text(g, s->first);
	cli_grid_text(g, s->last);
	cli_grid_text(g, s->state);
	cli_grid_text(g, segment_label(s->state));
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(g, counts[i]);
	return ERR_OK;
}

enum err verb_numbers_list(struct cli *c)
{
	struct numbers_query q = {.from = cli_option(c, "from"), .to = cli_option(c, "to")};
	struct json_out o;
	struct grid g;
	int64_t next = 0, stock = 0, total = 0;
	char cursor[24];
	enum err r = cli_paging(c, &q.limit, &q.cursor);

	if (r)
		return r;
	cli_grid_init(&g, &shape_segments);
	if (!(r = desk_numbers_list(c->s, &q, add_segment, &g, &next, &total, &c->e)) &&
	    !(r = desk_numbers_stock(c->s, &stock, &c->e))) {
		cursor_text(next, cursor);
		if (c->json) {
			cli_document(c, &o);
			json_put_int(&o, "total", total);
			if (total >= DESK_COUNT_CAP)
				json_put_bool(&o, "at_least", true);
			cli_grid_put_rows(&o, "rows", &g);
			json_put(&o, "next", *cursor ? cursor : NULL);
			json_put_int(&o, "stock", stock);
			cli_document_end(c, &o);
		} else {
			cli_grid_print_page(c, &g, total, total >= DESK_COUNT_CAP, cursor);
			cli_say(c, "库存 %lld 份", (long long)stock);
		}
	}
	cli_grid_free(&g);
	return r;
}

static const struct column CLAIM[] = {
    {"first", "起始号码", COLUMN_TEXT, 0},
    {"last", "终止号码", COLUMN_TEXT, 0},
    {"count", "数量", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_claim = {"numbers claim: segments[]", CLAIM};

static enum err add_claimed(void *arg, const char *first, const char *last, int64_t count)
{
	struct grid *g = arg;

	cli_grid_text(g, first);
	cli_grid_text(g, last);
	cli_grid_int(g, count);
	return ERR_OK;
}

static void print_claim(struct cli *c, const struct claim_report *p, const struct grid *g)
{
	struct json_out o;

	if (!c->json) {
		if (cli_grid_rows(g))
			cli_grid_table(c, g);
		cli_say(c, "成功 %lld / 失败 %lld / 未完 %lld%s", (long long)p->claimed,
			(long long)p->failed, (long long)p->open, p->failed ? "，可继续" : "");
		return;
	}
	cli_document(c, &o);
	json_put_int(&o, "asked", p->asked);
	json_put_int(&o, "claimed", p->claimed);
	json_put_int(&o, "failed", p->failed);
	json_put_int(&o, "open", p->open);
	cli_grid_put_rows(&o, "segments", g);
	cli_document_end(c, &o);
}

enum err verb_numbers_claim(struct cli *c)
{
	struct desk_wait w = {0};
	struct claim_report p;
	struct grid g;
	enum err r = desk_numbers_claim(c->s, c->args[0], &w, &c->e), read;

	if (r)
		return r;
	r = cli_wait_jobs(c, &w);
	cli_grid_init(&g, &shape_claim);
	read = desk_claim_report(c->s, &w, &p, add_claimed, &g, r ? NULL : &c->e);
	if (!read)
		print_claim(c, &p, &g);
	cli_grid_free(&g);
	desk_wait_free(&w);
	return r ? r : read;
}

static const struct column NUMBERS_AUTO[] = {
    {"on", "自动领购", COLUMN_BOOL, 0},
    {"below", "预警份数（0：最近一段的五分之一）", COLUMN_NUMBER, 0},
    {"claim", "每次领购（0：与最近一段相同）", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_numbers_auto = {"numbers auto", NUMBERS_AUTO};

enum err verb_numbers_auto(struct cli *c)
{
	struct numbers_auto a = {.below = -1, .claim = -1};
	struct grid g;
	enum err r;

	if (c->argc && ((r = cli_on_off(c, &a.on)) ||
			(r = cli_int_option(c, "below", 0, CLAIM_MAX, &a.below)) ||
			(r = cli_int_option(c, "claim", 1, CLAIM_MAX, &a.claim)) ||
			(r = desk_numbers_set_auto(c->s, &a, &c->e))))
		return r;
	if ((r = desk_numbers_auto(c->s, &a, &c->e)))
		return r;
	cli_grid_init(&g, &shape_numbers_auto);
	cli_grid_bool(&g, a.on);
	cli_grid_int(&g, a.below);
	cli_grid_int(&g, a.claim);
	cli_one(c, &g);
	return ERR_OK;
}

static const struct column AUDIT[] = {
    {"total", "合计", COLUMN_NUMBER, 0},           {"free", "剩余", COLUMN_NUMBER, 0},
    {"reserved", "在途", COLUMN_NUMBER, 0},        {"used", "已用", COLUMN_NUMBER, 0},
    {"reusable", "可重用", COLUMN_NUMBER, 0},      {"void", "作废", COLUMN_NUMBER, 0},
    {"expired", "跨年作废", COLUMN_NUMBER, 0},     {"unexplained", "无法解释", COLUMN_NUMBER, 0},
    {"problem", "第一处问题", COLUMN_OPTIONAL, 0}, {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_numbers_audit = {"numbers audit", AUDIT};

enum err verb_numbers_audit(struct cli *c)
{
	struct number_audit a;
	struct grid g;
	enum err r = desk_numbers_audit(c->s, &a, &c->e);
	const struct number_counts *n = &a.counts;
	const int64_t counts[] = {n->total,    n->free,   n->reserved, n->used,
				  n->reusable, n->voided, n->expired,  a.unexplained};
	size_t i;

	if (r && r != ERR_DAMAGED)
		return r;
	cli_grid_init(&g, &shape_numbers_audit);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(&g, counts[i]);
	cli_grid_text(&g, a.first_problem);
	cli_one(c, &g);
	return r;
}
