/* numbers.c - 数电领购: stock, segments, claiming, automatic claiming (features G10-G20). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/numbers_p.h"

enum { FIELD_FROM = 1, FIELD_TO };
enum { PANE_ROWS = 3 };

static const struct field FILTER[] = {
    {.id = FIELD_FROM,
     .kind = FIELD_DATE,
     .label = "领购时间",
     .col = 10,
     .width = 11,
     .help = "领购的第一天，例如 2025-11-01 或 11-01；空着不限。"},
    {.id = FIELD_TO,
     .kind = FIELD_DATE,
     .label = "至",
     .col = 27,
     .width = 11,
     .help = "领购的最后一天（含当天）；空着不限。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "领购时间", .width = 11, .wide_width = 19},
    {.label = "起始号码", .width = 20, .wide_width = 20},
    {.label = "终止号码", .width = 0, .wide_width = 20},
    {.label = "数量", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "剩余", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "在途", .width = 5, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "已用", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "可重用", .width = 0, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "作废", .width = 5, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "状态", .width = 8, .wide_width = 8},
    {.label = NULL},
};

/* ---- rows ---- */

static const struct segment_state {
	const char *word, *label;
	enum face face;
} STATES[] = {
    {"open", "可用", FACE_NORMAL},
    {"used", "用完", FACE_DIM},
    {"expired", "跨年作废", FACE_DIM},
};

static enum err add_segment(void *arg, const struct segment *s, const struct number_counts *n)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, s->id, FACE_NORMAL);
	const int64_t counts[] = {s->size, n->free, n->reserved, n->used, n->reusable, n->voided};
	size_t i;

	screen_when(s->claimed_at, p->wide, row->cell[0]);
	text_copy(row->cell[1], LIST_CELL, s->first);
	text_copy(row->cell[2], LIST_CELL, s->last);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		snprintf(row->cell[3 + i], LIST_CELL, "%lld", (long long)counts[i]);
	for (i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++) {
		if (strcmp(STATES[i].word, s->state) != 0)
			continue;
		text_copy(row->cell[9], LIST_CELL, STATES[i].label);
		row->face = STATES[i].face;
	}
	return ERR_OK;
}

static enum err read_segments(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct numbers *s = v->state;
	const char *from = form_get(&s->frame.filter, FIELD_FROM),
		   *to = form_get(&s->frame.filter, FIELD_TO);
	struct numbers_query q = {.from = *from ? from : NULL,
				  .to = *to ? to : NULL,
				  .cursor = p->cursor,
				  .limit = p->max};

	return desk_numbers_list(ui_session(), &q, add_segment, p, &p->next, &p->total, e);
}

/* ---- stock and settings ---- */

static void read_stock(struct numbers *s)
{
	struct session *session = ui_session();

	s->known = !desk_numbers_stock(session, &s->stock, NULL) &&
		   !desk_numbers_auto(session, &s->automatic, NULL);
}

static void auto_words(const struct numbers_auto *a, char out[160])
{
	char below[64] = "最近一段的五分之一", claim[64] = "最近一段的数量";

	if (a->below)
		snprintf(below, sizeof(below), "%lld 份", (long long)a->below);
	if (a->claim)
		snprintf(claim, sizeof(claim), "%lld 份", (long long)a->claim);
	if (a->on)
		snprintf(out, 160, "开，库存少于%s%s时领购%s%s", a->below ? " " : "", below,
			 a->claim ? " " : "", claim);
	else
		text_copy(out, 160, "关，库存用完前请自行领购");
}

static void paint_pane(struct numbers *s)
{
	char text[160], words[160];
	struct rect r = s->frame.head;
	int col;

	draw_clear(r, FACE_NORMAL);
	col = 1 + draw_run(r, 0, 1, FACE_LABEL, "库存 ");
	if (!s->known) {
		draw_run(r, 0, col, FACE_DIM, "还不知道");
		return;
	}
	snprintf(text, sizeof(text), "%lld 份", (long long)s->stock);
	col += draw_run(r, 0, col, s->stock ? FACE_VALUE : FACE_ERROR, text);
	if (!s->stock)
		draw_run(r, 0, col + 2, FACE_ERROR, "没有号码，按 a 领购后才能开票");
	auto_words(&s->automatic, text);
	col = 1 + draw_run(r, 1, 1, FACE_LABEL, "自动领购 ");
	draw_run(r, 1, col, FACE_VALUE, text);
	draw_run(r, 2, 1, FACE_WARNING, errand_words(&s->errand, words));
}

/* ---- the view ---- */

static bool numbers_content(struct view *v, bool changed)
{
	struct numbers *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e))
		numbers_claimed(s, verdict, &e);
	if (changed || !s->known)
		read_stock(s);
	return true;
}

static bool numbers_paint(struct view *v)
{
	struct numbers *s = v->state;

	paint_pane(s);
	return true;
}

static const char *numbers_why_not(const struct view *v, enum action a)
{
	const struct numbers *s = v->state;
	const char *why;

	if (a != ACT_CLAIM && a != ACT_AUTO)
		return NULL;
	if ((why = screen_may(DESK_STOCK)))
		return why;
	if (s->frame.gate.text[0])
		return s->frame.gate.text;
	return a == ACT_CLAIM ? errand_why(&s->errand) : NULL;
}

static const char *numbers_state(const struct view *v)
{
	const struct numbers *s = v->state;

	return s->errand.open ? "waiting" : NULL;
}

static void numbers_close(struct view *v)
{
	struct numbers *s = v->state;

	errand_free(&s->errand);
}

static const enum action HINTS[] = {ACT_CLAIM, ACT_AUTO, ACT_FIND, ACT_REFRESH, ACT_BACK, ACT_NONE};
static const struct listing_kind SEGMENTS = {
    .title = "号段",
    .empty = "还没有领购过号码，按 a 领购。",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_VIEW,
    .gated = true,
    .capped = true,
    .head = PANE_ROWS,
    .hints = HINTS,
    .help = "数电票先领号码再开票，号码按年使用，跨年作废。a 领购，o 设置自动领购，F3 "
	    "按领购时间查。",
    .read = read_segments,
    .content = numbers_content,
    .paint = numbers_paint,
    .act = numbers_ask,
    .state_now = numbers_state,
    .close = numbers_close,
};

static enum err numbers_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &SEGMENTS, e);
}

const struct view_ops view_numbers_ops = {
    LISTING_VIEW,
    .name = "numbers",
    .path = "数电设置 › 数电领购",
    .size = sizeof(struct numbers),
    .open = numbers_open,
    .why_not = numbers_why_not,
    .answer = numbers_answer,
};
