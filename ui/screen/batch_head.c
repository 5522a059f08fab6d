/* batch_head.c - the figures of a batch: counts, sums, what issuing takes, how far it is. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"

enum {
	ONE_ROW_COLS = 80,
	WHY_ROWS = 2,
	BAR_LEAST = 10,
	BAR_MOST = 40,
	PACE_FROM_MS = 1000,
	TEXT = 200
};

/* ---- a row of labels and values ---- */

struct pen {
	struct rect r;
	int row, col;
};

static void put(struct pen *p, const char *label, enum face f, const char *value)
{
	p->col += draw_run(p->r, p->row, p->col, FACE_LABEL, label) + 1;
	p->col += draw_run(p->r, p->row, p->col, f, value) + 2;
}

static void put_count(struct pen *p, const char *label, enum face f, int64_t n)
{
	char text[BATCH_COUNT];

	put(p, label, f, batch_count(n, text));
}

static void put_money(struct pen *p, const char *label, enum face f, int64_t fen)
{
	char text[FEN_TEXT + 8];

	put(p, label, f, fen_format_grouped(fen, text));
}

static void next_row(struct pen *p)
{
	p->row++;
	p->col = 1;
}

/* ---- what it is ---- */

static void paint_file(struct pen *p, const struct order_batch *b)
{
	char who[120] = "", when[32], text[TEXT];
	int cols, state = draw_cols(batch_state_label(b->state));

	desk_batch_person(ui_session(), b->created_by, who, sizeof(who));
	snprintf(text, sizeof(text), "%s %s 导入", who, screen_when(b->created_at, false, when));
	cols = draw_cols(text);
	draw_text(p->r, p->row, 1, p->r.w - cols - state - 5, ALIGN_LEFT, FACE_TITLE, b->file);
	draw_run(p->r, p->row, p->r.w - cols - state - 3, FACE_DIM, text);
	draw_run(p->r, p->row, p->r.w - state - 1, batch_face(b->state),
		 batch_state_label(b->state));
	next_row(p);
}

static void paint_counts(struct pen *p, const struct order_batch *b)
{
	int i;

	put_count(p, "张数", FACE_VALUE, b->orders);
	put_count(p, "行数", FACE_VALUE, b->lines);
	for (i = 0; i < ORDER_STATES; i++) {
		if (b->counts[i])
			put_count(p, order_state_label((enum order_state)i),
				  order_face((enum order_state)i), b->counts[i]);
	}
	next_row(p);
}

static void paint_sums(struct pen *p, const struct order_batch *b)
{
	put_money(p, "金额", FACE_VALUE, b->net);
	put_money(p, "税额", FACE_VALUE, b->tax);
	put_money(p, "价税合计", FACE_TITLE, b->gross);
	next_row(p);
}

/* ---- what issuing takes ---- */

static bool has_needs(const struct batch_screen *s)
{
	return s->planned && s->plan.orders;
}

static bool numbers_short(const struct batch_plan *p)
{
	return p->numbers_needed > p->numbers_there;
}

static bool quota_short(const struct batch_plan *p)
{
	return p->quota_needed > p->quota_there;
}

/* What rests for want of it has tried to fetch it. */
static void paint_numbers(struct pen *p, const struct batch_plan *n, bool rests)
{
	bool lacks = numbers_short(n);

	put_count(p, "号码 需要", FACE_VALUE, n->numbers_needed);
	put_count(p, "库存", lacks ? FACE_ERROR : FACE_VALUE, n->numbers_there);
	if (!lacks)
		return;
	put_count(p, "还缺", FACE_ERROR, n->numbers_needed - n->numbers_there);
	draw_run(p->r, p->row, p->col, FACE_DIM,
		 n->numbers_auto && !rests ? "开票时自动领购，或按 n 领购" : "按 n 去领购");
}

static void paint_quota(struct pen *p, const struct batch_plan *n, bool rests)
{
	bool lacks = quota_short(n);

	put_money(p, "额度 需要", FACE_VALUE, n->quota_needed);
	if (n->quota_there >= QUOTA_ON_DEMAND)
		put(p, "可用", FACE_VALUE, "按需开票，不限额");
	else
		put_money(p, "可用", lacks ? FACE_ERROR : FACE_VALUE, n->quota_there);
	if (!lacks)
		return;
	put_money(p, "还缺", FACE_ERROR, n->quota_needed - n->quota_there);
	draw_run(p->r, p->row, p->col, FACE_DIM,
		 n->quota_auto && !rests ? "自动下载，或按 u" : "按 u 去下载");
}

static bool in_one_row(const struct batch_plan *p, int cols)
{
	return cols >= ONE_ROW_COLS && !numbers_short(p) && !quota_short(p);
}

static void paint_needs(struct pen *p, const struct batch_plan *n, bool rests)
{
	paint_numbers(p, n, rests);
	if (!in_one_row(n, p->r.w))
		next_row(p);
	paint_quota(p, n, rests);
	next_row(p);
}

/* ---- how far it is ---- */

static const char *duration(int64_t seconds, char out[32])
{
	if (seconds < 60)
		snprintf(out, 32, "%lld 秒", (long long)seconds);
	else if (seconds < 3600)
		snprintf(out, 32, "%lld 分钟", (long long)(seconds + 59) / 60);
	else
		snprintf(out, 32, "%lld 小时 %lld 分钟", (long long)seconds / 3600,
			 (long long)seconds % 3600 / 60);
	return out;
}

/* From what was done since this screen first saw it running. */
static void pace_text(const struct batch_screen *s, const struct batch_progress *p, char out[TEXT])
{
	int64_t ms = clock_mono_ms() - s->pace_ms, done = p->done - s->pace_done;
	char left[32];

	*out = 0;
	if (!s->pace_ms || ms < PACE_FROM_MS || done <= 0)
		return;
	snprintf(out, TEXT, "每秒 %lld 张  大约还要 %s",
		 (long long)(done * 1000 / ms > 0 ? done * 1000 / ms : 1),
		 duration((ms * (p->all - p->done) / done + 999) / 1000, left));
}

static void paint_bar(struct pen *p, const struct batch_screen *s)
{
	struct batch_progress at = batch_progress_of(&s->batch);
	int width = p->r.w / 3, full, i;
	char bar[BAR_MOST + 3], text[TEXT];

	width = width < BAR_LEAST ? BAR_LEAST : width > BAR_MOST ? BAR_MOST : width;
	full = at.all ? (int)(at.done * width / at.all) : 0;
	bar[0] = '[';
	for (i = 0; i < width; i++)
		bar[i + 1] = i < full ? '#' : '-';
	bar[width + 1] = ']';
	bar[width + 2] = 0;
	p->col += draw_run(p->r, p->row, p->col, FACE_VALUE, bar) + 1;
	snprintf(text, sizeof(text), "%lld%%", (long long)(at.all ? at.done * 100 / at.all : 0));
	p->col += draw_run(p->r, p->row, p->col, FACE_VALUE, text) + 2;
	pace_text(s, &at, text);
	draw_run(p->r, p->row, p->col, FACE_VALUE, text);
	next_row(p);
}

/* ---- why it rests ---- */

/* Of a pause what the runner or the person said, of one that is to be started what holds it. */
static const char *why_text(const struct batch_screen *s, char out[BATCH_SENTENCE])
{
	const struct order_batch *b = &s->batch;

	if (*b->reason)
		return batch_why(b, out);
	if (s->planned && *s->plan.blocked && b->state != BATCH_RUNNING)
		return batch_block(&s->plan, out);
	return "";
}

/* ---- the whole ---- */

int batch_head_rows(struct batch_screen *s, int cols)
{
	char text[BATCH_SENTENCE];
	int rows = 3;

	wrap_set(&s->why, why_text(s, text));
	wrap_layout(&s->why, cols - 2);
	if (has_needs(s))
		rows += in_one_row(&s->plan, cols) ? 1 : 2;
	if (s->batch.state == BATCH_RUNNING)
		rows++;
	if (*s->why.text)
		rows += s->why.count < WHY_ROWS ? s->why.count : WHY_ROWS;
	return rows + 1;
}

void batch_head_paint(struct batch_screen *s)
{
	const struct order_batch *b = &s->batch;
	struct pen p = {.r = s->head, .col = 1};
	struct rect rest;

	draw_clear(s->head, FACE_NORMAL);
	paint_file(&p, b);
	paint_counts(&p, b);
	paint_sums(&p, b);
	if (has_needs(s))
		paint_needs(&p, &s->plan, b->state == BATCH_PAUSED);
	if (b->state == BATCH_RUNNING)
		paint_bar(&p, s);
	rest = s->head;
	rect_top(&rest, p.row);
	rect_bottom(&rest, 1);
	wrap_paint(&s->why, rect_inset(rest, 0, 1),
		   b->state == BATCH_RUNNING ? FACE_VALUE : FACE_WARNING);
	draw_line(s->head, s->head.h - 1, "每一张");
}
