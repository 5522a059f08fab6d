/* quota.c - 授信额度: six figures, download, return, interval, sync, ledger (features G30-G42). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/quota_p.h"

enum { WIDE = 100 };

static const struct list_column COLUMNS[] = {
    {.label = "时间", .width = 11, .wide_width = 19},
    {.label = "业务", .width = 8, .wide_width = 10},
    {.label = "未使用额度变动", .width = 18, .wide_width = 20, .align = ALIGN_RIGHT},
    {.label = "占用变动", .width = 16, .wide_width = 20, .align = ALIGN_RIGHT, .from = 70},
    {.label = "发票或说明", .width = -1, .wide_width = -1},
    {.label = NULL},
};

/* ---- the ledger ---- */

struct page {
	struct listing_page *to;
	int64_t skip;
	bool more;
};

static void put_delta(char *cell, int64_t fen)
{
	char text[FEN_TEXT + 8];

	if (fen)
		snprintf(cell, LIST_CELL, "%s%s", fen > 0 ? "+" : "",
			 fen_format_grouped(fen, text));
}

static enum err add_entry(void *arg, const struct quota_entry *q)
{
	struct page *p = arg;
	struct list_row *row;

	if (p->skip-- > 0)
		return ERR_OK;
	if (p->to->count == p->to->max) {
		p->more = true;
		return ERR_OK;
	}
	row = listing_row(p->to, q->id, FACE_NORMAL);
	screen_when(q->at, p->to->wide, row->cell[0]);
	text_copy(row->cell[1], LIST_CELL, desk_quota_kind(q->kind));
	put_delta(row->cell[2], q->unused_delta);
	put_delta(row->cell[3], q->reserved_delta);
	if (q->invoice_id)
		snprintf(row->cell[4], LIST_CELL, "发票 #%lld", (long long)q->invoice_id);
	else
		text_copy(row->cell[4], LIST_CELL, q->note);
	return ERR_OK;
}

/* The desk hands out the newest rows: a page lies behind the rows of the pages before it. */
static enum err read_entries(struct view *v, struct listing_page *to, struct err_info *e)
{
	struct page p = {.to = to, .skip = to->cursor};
	enum err r =
	    desk_quota_entries(ui_session(), (int)to->cursor + to->max + 1, add_entry, &p, e);

	(void)v;
	to->next = p.more ? to->cursor + to->max : 0;
	return r;
}

/* ---- figures ---- */

static void add_money(struct figures *s, const char *label, bool known, int64_t fen, bool on_demand)
{
	char text[FEN_TEXT + 8];

	if (!known)
		figures_add(s, label, FACE_DIM, "还没有同步");
	else if (on_demand && fen >= QUOTA_ON_DEMAND)
		figures_add(s, label, FACE_VALUE, "按需开票，不限额");
	else
		figures_add(s, label, FACE_VALUE, "%s", fen_format_grouped(fen, text));
}

static void add_automatic(struct quota *s)
{
	const struct quota_auto *a = &s->automatic;
	char share[32] = "关";

	if (a->on)
		snprintf(share, sizeof(share), "%lld%%", (long long)a->percent);
	figures_add(&s->figures, "自动办理", FACE_VALUE, "月初下载 %s，调整有效期 %s", share,
		    a->adjust ? "开" : "关");
}

static void fill_figures(struct quota *s)
{
	const struct quota_month *q = &s->month;
	bool over = desk_quota_interval_over(q);
	int64_t usable = q->unused - q->reserved;

	figures_clear(&s->figures);
	s->figures.label_cols = 18;
	add_money(&s->figures, "本月总额度", q->has_remote, q->remote_total, true);
	add_money(&s->figures, "局端可下载额度", q->has_remote, q->remote_available, true);
	add_money(&s->figures, "已下载额度", q->has_remote, q->remote_downloaded, false);
	add_money(&s->figures, "已下载未使用额度", true, q->unused, false);
	add_money(&s->figures, "待上传发票占用", true, q->reserved, false);
	add_money(&s->figures, "可开票额度", true, usable, false);
	s->figures.rows[s->figures.count - 1].face = usable > 0 ? FACE_GOOD : FACE_ERROR;
	figures_add(&s->figures, "授信额度属期", FACE_VALUE, "%s", q->month);
	if (q->start[0] || q->end[0])
		figures_add(&s->figures, "额度使用区间", over ? FACE_ERROR : FACE_VALUE,
			    "%s 至 %s%s", q->start, q->end,
			    over ? "，已过期，按 m 调整有效期" : "");
	else
		figures_add(&s->figures, "额度使用区间", FACE_DIM, "还不知道");
	add_automatic(s);
	if (q->unsure)
		add_money(&s->figures, "待核对", true, q->unsure, false);
	figures_time(&s->figures, "数据时间", q->synced_at);
}

/* What stands over everything else on the page; "" when nothing does. */
static const char *banner(const struct quota *s)
{
	if (s->known && s->month.paused)
		return "税局已暂停赋额：不能下载额度，已下载未使用的还可以开票。请联系主管税务机关。";
	return "";
}

static void read_figures(struct quota *s)
{
	struct err_info e = {0};

	s->known = !desk_quota_get(ui_session(), &s->month, &e) &&
		   !desk_quota_auto(ui_session(), &s->automatic, &e);
	if (s->known)
		fill_figures(s);
	else
		ui_error(&e);
}

/* ---- the view ---- */

static bool quota_content(struct view *v, bool changed)
{
	struct quota *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e))
		quota_errand_end(s, verdict, &e);
	if (changed || !s->known)
		read_figures(s);
	return true;
}

static bool quota_paint(struct view *v)
{
	struct quota *s = v->state;
	char words[160];
	struct rect r = s->frame.head;

	draw_clear(r, FACE_NORMAL);
	if (*banner(s)) {
		draw_text(rect_top(&r, 1), 0, 1, s->frame.head.w - 2, ALIGN_LEFT, FACE_ERROR,
			  banner(s));
	}
	r.h--;
	figures_paint(&s->figures, r);
	draw_text(s->frame.head, s->frame.head.h - 1, 1, s->frame.head.w - 2, ALIGN_LEFT,
		  FACE_WARNING, errand_words(&s->errand, words));
	return true;
}

static const char *quota_why_not(const struct view *v, enum action a)
{
	const struct quota *s = v->state;
	const char *why;

	if (a != ACT_QUOTA_DOWNLOAD && a != ACT_QUOTA_RETURN && a != ACT_QUOTA_ADJUST &&
	    a != ACT_SYNC_QUOTA && a != ACT_QUOTA_REFRESH && a != ACT_AUTO)
		return NULL;
	if (s->frame.gate.text[0])
		return s->frame.gate.text;
	if ((why = screen_may(DESK_STOCK)) || (a != ACT_AUTO && (why = errand_why(&s->errand))))
		return why;
	if (a == ACT_QUOTA_DOWNLOAD && s->month.paused)
		return "税局已暂停赋额，请联系主管税务机关";
	if (a == ACT_QUOTA_RETURN && s->month.unused <= s->month.reserved)
		return "没有可以退回的额度";
	return NULL;
}

static bool own_act(struct view *v, enum action a)
{
	return a == ACT_SYNC_QUOTA ? quota_sync(v->state) : quota_ask(v, a);
}

static int quota_head(const struct view *v)
{
	const struct quota *s = v->state;
	int more = (*banner(s) ? 1 : 0) + (s->month.unsure && v->area.w <= WIDE ? 1 : 0);

	return (v->area.w > WIDE ? 7 : 11) + more;
}

static const char *quota_state(const struct view *v)
{
	const struct quota *s = v->state;

	return s->errand.open ? "waiting" : "ready";
}

static void quota_close(struct view *v)
{
	struct quota *s = v->state;

	figures_clear(&s->figures);
	errand_free(&s->errand);
}

static const enum action HINTS[] = {ACT_QUOTA_DOWNLOAD, ACT_QUOTA_RETURN, ACT_QUOTA_ADJUST,
				    ACT_SYNC_QUOTA,     ACT_AUTO,         ACT_QUOTA_REFRESH,
				    ACT_BACK,           ACT_NONE};
static const struct listing_kind LEDGER = {
    .title = "额度明细",
    .empty = "本月还没有额度变动，按 d 下载额度。",
    .columns = COLUMNS,
    .allow = DESK_VIEW,
    .gated = true,
    .hints = HINTS,
    .help = "每月先下载额度再开票；蓝字发票按不含税金额占用。d 下载，b 退回，m 调整有效期，s "
	    "同步，o 自动设置。调整以后使用区间还是不对时，y 下载 1 元再退回，让税局更新。待核对："
	    "结果待查的发票，局端的数里有没有算它还不知道，查清后自动再取。",
    .read = read_entries,
    .head_rows = quota_head,
    .content = quota_content,
    .paint = quota_paint,
    .act = own_act,
    .state_now = quota_state,
    .close = quota_close,
};

static enum err quota_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &LEDGER, e);
}

const struct view_ops view_quota_ops = {
    LISTING_BODY,
    .name = "quota",
    .path = "数电设置 › 授信额度",
    .size = sizeof(struct quota),
    .open = quota_open,
    .paint = listing_paint,
    .act = listing_act,
    .why_not = quota_why_not,
    .answer = quota_answer,
};
