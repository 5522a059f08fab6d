/* v_quota.c - the quota of a month. */
#include <string.h>

#include "cli/cli_p.h"

static const struct column QUOTA[] = {
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
    {"synced_at", "数据时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_quota = {"quota show, download, return, adjust, sync", QUOTA};

/* An amount the tax side has told, or nothing. */
static void add_remote(struct grid *g, const struct quota_month *q, int64_t fen)
{
	if (q->has_remote)
		cli_grid_fen(g, fen);
	else
		cli_grid_text(g, "");
}

static enum err print_quota(struct cli *c)
{
	struct quota_month q;
	struct grid g;
	enum err r = desk_quota_get(c->s, &q, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_quota);
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
	cli_grid_time(&g, q.synced_at);
	cli_one(c, &g);
	return ERR_OK;
}

enum err verb_quota_show(struct cli *c)
{
	return print_quota(c);
}

enum err verb_quota_sync(struct cli *c)
{
	struct desk_wait w = {0};
	enum err r = cli_finish(c, desk_quota_sync(c->s, &w, &c->e), &w);

	return r ? r : print_quota(c);
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

	return r ? r : print_quota(c);
}

static const struct column QUOTA_AUTO[] = {
    {"on", "月初自动下载额度", COLUMN_BOOL, 0},
    {"percent", "下载比例（%）", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_quota_auto = {"quota auto", QUOTA_AUTO};

enum err verb_quota_auto(struct cli *c)
{
	struct quota_auto a = {.percent = -1};
	struct grid g;
	enum err r;

	if (c->argc &&
	    ((r = cli_on_off(c, &a.on)) || (r = cli_int_option(c, "percent", 1, 100, &a.percent)) ||
	     (r = desk_quota_set_auto(c->s, &a, &c->e))))
		return r;
	if ((r = desk_quota_auto(c->s, &a, &c->e)))
		return r;
	cli_grid_init(&g, &shape_quota_auto);
	cli_grid_bool(&g, a.on);
	cli_grid_int(&g, a.percent);
	cli_one(c, &g);
	return ERR_OK;
}
