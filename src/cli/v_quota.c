/* v_quota.c - the quota of a month. */
#include <string.h>

#include "cli/cli_p.h"

static const struct column QUOTA[] = {
    {"unit", "单位", COLUMN_TEXT, 0},
    {"month", "授信额度属期", COLUMN_TEXT, 0},
    {"on_demand", "按需开票", COLUMN_BOOL, 0},
    {"total", "本月总额度", COLUMN_MONEY, 0},
    {"available", "局端可下载额度", COLUMN_MONEY, 0},
    {"downloaded", "已下载额度", COLUMN_MONEY, 0},
    {"remote_unused", "局端已下载未使用", COLUMN_MONEY, 0},
    {"unused", "已下载未使用额度", COLUMN_MONEY, 0},
    {"reserved", "待上传发票占用", COLUMN_MONEY, 0},
    {"usable", "可开票额度", COLUMN_MONEY, 0},
    {"start", "使用区间起", COLUMN_OPTIONAL, 0},
    {"end", "使用区间止", COLUMN_OPTIONAL, 0},
    {"paused", "暂停赋额", COLUMN_BOOL, 0},
    {"unsure", "待核对（结果待查的发票）", COLUMN_MONEY, 0},
    {"difference", "按局端调整", COLUMN_MONEY, FOR_JSON},
    {"synced_at", "数据时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_quota = {"quota show, download, return, adjust, sync, refresh", QUOTA};

/* An amount the tax side has told, or nothing. */
static void add_remote(struct grid *g, const struct quota_month *q, int64_t fen)
{
	if (q->has_remote)
		cli_grid_fen(g, fen);
	else
		cli_grid_text(g, "");
}

/* What was known before a query of the tax side's figures. */
struct known {
	struct quota_month q;
	int64_t newest; /* row of the ledger */
	bool any;
};

static void know(struct cli *c, struct known *k)
{
	int64_t fen;

	memset(k, 0, sizeof(*k));
	k->any = !desk_quota_get(c->s, &k->q, NULL) &&
		 !desk_quota_adopted(c->s, 0, &fen, &k->newest, NULL);
}

static bool same_figures(const struct quota_month *a, const struct quota_month *b)
{
	return a->has_remote && a->remote_total == b->remote_total &&
	       a->remote_available == b->remote_available &&
	       a->remote_downloaded == b->remote_downloaded &&
	       a->remote_unused == b->remote_unused && a->paused == b->paused;
}

/* features G36: a sync says whether it changed anything. */
static void say_changes(struct cli *c, const struct known *before, const struct quota_month *now,
			int64_t difference)
{
	char text[FEN_TEXT + 8];

	if (difference)
		cli_say(c, "同步局端额度：已下载未使用额度按局端调整 %s%s",
			difference > 0 ? "+" : "", fen_format_grouped(difference, text));
	else
		cli_say(c, "同步局端额度：%s", same_figures(&before->q, now) ? "无变化" : "已更新");
}

/* before: what was known before a sync, NULL when there was none. */
static enum err print_quota(struct cli *c, const struct known *before)
{
	struct quota_month q;
	struct grid g;
	int64_t difference = 0, newest;
	struct unit u;
	enum err r = desk_unit(c->s, &u, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_quota);
	cli_grid_unit(c, &g, u.id);
	unit_free(&u);
	r = desk_quota_get(c->s, &q, &c->e);
	if (!r && before)
		r = desk_quota_adopted(c->s, before->newest, &difference, &newest, &c->e);
	if (r) {
		cli_grid_free(&g);
		return r;
	}
	cli_grid_text(&g, q.month);
	cli_grid_bool(&g, q.has_remote && q.remote_total >= QUOTA_ON_DEMAND);
	add_remote(&g, &q, q.remote_total);
	add_remote(&g, &q, q.remote_available);
	add_remote(&g, &q, q.remote_downloaded);
	add_remote(&g, &q, q.remote_unused);
	cli_grid_fen(&g, q.unused);
	cli_grid_fen(&g, q.reserved);
	cli_grid_fen(&g, q.unused - q.reserved);
	cli_grid_text(&g, q.start);
	cli_grid_text(&g, q.end);
	cli_grid_bool(&g, q.paused);
	cli_grid_fen(&g, q.unsure);
	if (before)
		cli_grid_fen(&g, difference);
	else
		cli_grid_text(&g, "");
	cli_grid_time(&g, q.synced_at);
	if (before && before->any)
		say_changes(c, before, &q, difference);
	cli_one(c, &g);
	return ERR_OK;
}

enum err verb_quota_show(struct cli *c)
{
	return print_quota(c, NULL);
}

enum err verb_quota_sync(struct cli *c)
{
	struct desk_wait w = {0};
	struct known before;
	enum err r;

	know(c, &before);
	r = cli_finish(c, desk_quota_sync(c->s, &w, &c->e), &w);
	return r ? r : print_quota(c, &before);
}

/* The answer to a move does not tell what is left, so the figures are asked for afterwards
 * (protocol 7.3). */
static enum err move(struct cli *c, bool download)
{
	struct desk_wait w = {0};
	enum err r = cli_finish(c, desk_quota_move(c->s, download, c->args[0], &w, &c->e), &w);

	return r ? r : verb_quota_sync(c);
}

enum err verb_quota_download(struct cli *c)
{
	return move(c, true);
}

enum err verb_quota_return(struct cli *c)
{
	return move(c, false);
}

enum err verb_quota_adjust(struct cli *c)
{
	struct desk_wait w = {0};
	enum err r = cli_finish(c, desk_quota_adjust(c->s, c->args[0], &w, &c->e), &w);

	return r ? r : print_quota(c, NULL);
}

enum err verb_quota_refresh(struct cli *c)
{
	struct desk_wait w = {0}, rest = {0};
	enum err r = cli_finish(c, desk_quota_refresh(c->s, &w, &c->e), &w);

	if (!r)
		r = cli_finish(c, desk_quota_refresh_rest(c->s, &rest, &c->e), &rest);
	return r ? r : verb_quota_sync(c);
}

/* ---- the ledger ---- */

static const struct column LEDGER[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"at", "时间", COLUMN_TIME, 0},
    {"month", "属期", COLUMN_TEXT, FOR_JSON},
    {"kind", "业务", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "业务", COLUMN_TEXT, FOR_PEOPLE},
    {"unused", "未使用额度变动", COLUMN_MONEY, 0},
    {"reserved", "占用变动", COLUMN_MONEY, 0},
    {"invoice", "发票编号", COLUMN_OPTIONAL, 0},
    {"serial", "业务流水号", COLUMN_OPTIONAL, 0},
    {"note", "说明", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_quota_list = {"quota list", LEDGER};

static enum err add_entry(void *arg, const struct quota_entry *q)
{
	struct grid *g = arg;

	cli_grid_int(g, q->id);
	cli_grid_time(g, q->at);
	cli_grid_text(g, q->month);
	cli_grid_text(g, q->kind);
	cli_grid_text(g, desk_quota_kind(q->kind));
	cli_grid_fen(g, q->unused_delta);
	cli_grid_fen(g, q->reserved_delta);
	if (q->invoice_id)
		cli_grid_textf(g, "%lld", (long long)q->invoice_id);
	else
		cli_grid_text(g, "");
	cli_grid_text(g, q->serial);
	cli_grid_text(g, q->note);
	return ERR_OK;
}

static enum err fill_ledger(struct cli_list *l)
{
	struct cli *c = l->c;
	const char *month = cli_option(c, "month");

	return desk_quota_list(c->s, month ? month : "", l->cursor, l->limit, add_entry, &l->grid,
			       &l->next, &l->total, &c->e);
}

enum err verb_quota_list(struct cli *c)
{
	return cli_list(c, &shape_quota_list, TOTAL_TOLD, fill_ledger);
}

/* ---- what is done by itself ---- */

static const struct column QUOTA_AUTO[] = {
    {"on", "月初自动下载额度", COLUMN_BOOL, 0},
    {"adjust", "自动调整有效期", COLUMN_BOOL, 0},
    {"percent", "下载比例（%）", COLUMN_NUMBER, 0},
    {"cap", "按需开票的下载上限", COLUMN_MONEY, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_quota_auto = {"quota auto", QUOTA_AUTO};

static enum err on_off_option(struct cli *c, const char *name, int *out)
{
	const char *word = cli_option(c, name);

	if (!word)
		return ERR_OK;
	*out = !strcmp(word, "on");
	return *out || !strcmp(word, "off") ? ERR_OK : cli_usage(c, "--%s 应为 on 或 off", name);
}

static enum err cap_option(struct cli *c, int64_t *out)
{
	const char *text = cli_option(c, "cap");

	if (!text || (fen_parse(text, out) && *out >= 0))
		return ERR_OK;
	return cli_usage(c, "--cap 应为金额，最多两位小数");
}

enum err verb_quota_auto(struct cli *c)
{
	struct quota_auto a = {.on = -1, .adjust = -1, .percent = -1, .cap = -1};
	struct grid g;
	bool both = false;
	enum err r;

	if (c->argc) {
		if ((r = cli_on_off(c, &both)))
			return r;
		a.on = a.adjust = both;
	}
	if ((r = on_off_option(c, "download", &a.on)) ||
	    (r = on_off_option(c, "adjust", &a.adjust)) ||
	    (r = cli_int_option(c, "percent", 1, 100, &a.percent)) || (r = cap_option(c, &a.cap)) ||
	    ((c->argc || c->option_count) && (r = desk_quota_set_auto(c->s, &a, &c->e))) ||
	    (r = desk_quota_auto(c->s, &a, &c->e)))
		return r;
	cli_grid_init(&g, &shape_quota_auto);
	cli_grid_bool(&g, a.on);
	cli_grid_bool(&g, a.adjust);
	cli_grid_int(&g, a.percent);
	if (a.cap)
		cli_grid_fen(&g, a.cap);
	else
		cli_grid_text(&g, "");
	cli_one(c, &g);
	return ERR_OK;
}
