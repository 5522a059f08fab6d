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
    {.label = "销方", .width = 0, .wide_width = -1},
    {.label = "起始号码", .width = 20, .wide_width = 20},
    {.label = "终止号码", .width = 0, .wide_width = 20},
    {.label = "数量", .width = 7, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "剩余", .width = 7, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "在途", .width = 5, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "已用", .width = 7, .wide_width = 6, .align = ALIGN_RIGHT},
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

static const struct segment_state *state_of(const struct segment *s)
{
	size_t i = 0;

	while (i + 1 < sizeof(STATES) / sizeof(STATES[0]) && strcmp(STATES[i].word, s->state) != 0)
		i++;
	return &STATES[i];
}

struct reading {
	struct listing_page *page;
	const char *seller;
};

static enum err add_segment(void *arg, const struct segment *s, const struct number_counts *n)
{
	const struct reading *l = arg;
	const struct segment_state *state = state_of(s);
	struct list_row *row = listing_row(l->page, s->id, state->face);
	const int64_t counts[] = {s->size, n->free, n->reserved, n->used, n->voided};
	size_t i;

	screen_when(s->claimed_at, l->page->wide, row->cell[0]);
	text_copy(row->cell[1], LIST_CELL, l->seller);
	text_copy(row->cell[2], LIST_CELL, s->first);
	text_copy(row->cell[3], LIST_CELL, s->last);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		snprintf(row->cell[4 + i], LIST_CELL, "%lld", (long long)counts[i]);
	text_copy(row->cell[9], LIST_CELL, state->label);
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
	struct reading l = {.page = p};
	struct unit u;
	enum err r = desk_unit(ui_session(), &u, e);

	if (r)
		return r;
	l.seller = u.name;
	r = desk_numbers_list(ui_session(), &q, add_segment, &l, &p->next, &p->total, e);
	unit_free(&u);
	return r;
}

/* ---- one segment ---- */

static enum err segment_text(void *arg, const struct segment *s, const struct number_counts *n)
{
	struct buf *b = arg;
	struct unit u;

	detail_time(b, "领购时间", s->claimed_at);
	if (!desk_unit(ui_session(), &u, NULL)) {
		detail_add(b, "销方名称", u.name);
		unit_free(&u);
	}
	detail_int(b, "数量", s->size);
	detail_add(b, "起始号码", s->first);
	detail_add(b, "终止号码", s->last);
	detail_add(b, "状态", state_of(s)->label);
	detail_int(b, "剩余", n->free);
	detail_int(b, "在途", n->reserved);
	detail_int(b, "已用", n->used);
	detail_int(b, "可重用", n->reusable);
	detail_int(b, "作废", n->voided);
	detail_int(b, "跨年作废", n->expired);
	detail_add(b, "业务流水号", s->serial);
	return ERR_OK;
}

static bool numbers_chosen(struct view *v)
{
	const struct numbers *s = v->state;
	struct numbers_query q = {.cursor = list_row(&s->frame.list)->id + 1, .limit = 1};
	struct err_info e = {0};
	int64_t next, total;
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	if (desk_numbers_list(ui_session(), &q, segment_text, &b, &next, &total, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = "号段", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

/* ---- stock and settings ---- */

static void read_stock(struct numbers *s)
{
	struct session *session = ui_session();
	bool left = false;

	if (desk_claim_short(session, &s->left, &left, NULL) || !left)
		s->left.id = 0;
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

static void paint_left(const struct numbers *s, struct rect r)
{
	char words[CLAIM_WORDS], text[1200];

	snprintf(text, sizeof(text), "第 %lld 号领购：%s（按 c）。%s", (long long)s->left.id,
		 desk_claim_words(&s->left, words), s->left.message);
	draw_run(r, 2, 1, FACE_WARNING, text);
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
	if (s->errand.open)
		draw_run(r, 2, 1, FACE_WARNING, errand_words(&s->errand, words));
	else if (s->left.id)
		paint_left(s, r);
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

	if (a != ACT_CLAIM && a != ACT_CLAIM_ON && a != ACT_AUTO)
		return NULL;
	if ((why = screen_may(DESK_STOCK)))
		return why;
	if (s->frame.gate.text[0])
		return s->frame.gate.text;
	if (a == ACT_CLAIM_ON && !s->left.id)
		return "没有可以继续的领购";
	return a == ACT_AUTO ? NULL : errand_why(&s->errand);
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

static const enum action HINTS[] = {ACT_CLAIM, ACT_CLAIM_ON, ACT_AUTO, ACT_DETAIL,
				    ACT_FIND,  ACT_REFRESH,  ACT_BACK, ACT_NONE};
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
    .help = "数电票先领号码再开票，号码按年使用，跨年作废。a 领购，c 接着领没有领到的，"
	    "o 设置自动领购，回车看号段，F3 按领购时间查。",
    .read = read_segments,
    .content = numbers_content,
    .paint = numbers_paint,
    .act = numbers_ask,
    .chosen = numbers_chosen,
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
