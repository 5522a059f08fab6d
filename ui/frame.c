/* frame.c - top line, rules, message line, stock and quota, hint bar. */
#include "ui/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/text.h"
#include "ui/explain.h"
#include "ui/list.h"
#include "ui/loop.h"
#include "ui/roles.h"
#include "ui/task.h"
#include "ui/term.h"
#include "ui/worker.h"

enum { PIECE = 512, PIECES = 7, UNIT_LEAST = 8, HINTS = 40, WIDE = 100, HINT_GAP = 2 };

/* A run of text in one face; pieces stand side by side. */
struct piece {
	enum face face;
	char text[PIECE];
};

static struct rect screen_rect(void)
{
	struct rect r = {0};

	term_size(&r.h, &r.w);
	return r;
}

/* ---- top line ---- */

static const struct {
	const char *word;
	enum face face;
} ENGINE[] = {
    [ENGINE_OFF] = {"未同步", FACE_DIM},       [ENGINE_NEW] = {"未联系", FACE_DIM},
    [ENGINE_IDLE] = {"已连接", FACE_GOOD},     [ENGINE_BUSY] = {"同步中", FACE_GOOD},
    [ENGINE_OFFLINE] = {"离线", FACE_WARNING}, [ENGINE_ELSEWHERE] = {"由其他进程同步", FACE_DIM},
};

static struct piece *add_piece(struct piece *p, int *n, enum face f, const char *text)
{
	p[*n].face = f;
	text_copy(p[*n].text, sizeof(p[*n].text), text);
	return &p[(*n)++];
}

/* The oldest is named after a minute; after an hour something is wrong, and a word says so. */
static void add_flight(struct piece *p, int *n)
{
	char text[PIECE], age[32];
	bool stuck;

	if (ui_facts()->in_flight <= 0)
		return;
	facts_age(age);
	stuck = *age && !strstr(age, "分钟");
	snprintf(text, sizeof(text), "在途 %lld%s%s", (long long)ui_facts()->in_flight,
		 !*age   ? ""
		 : stuck ? " 卡住 "
			 : " 最早 ",
		 age);
	add_piece(p, n, stuck ? FACE_ERROR : *age ? FACE_WARNING : FACE_VALUE, text);
}

/* The clerk may be anywhere while a batch is issued. */
static void add_batch(struct piece *p, int *n)
{
	const struct ui_facts *f = ui_facts();
	char text[64];

	if (!f->batch)
		return;
	snprintf(text, sizeof(text), "批量 %lld/%lld", (long long)f->batch_done,
		 (long long)f->batch_all);
	add_piece(p, n, FACE_VALUE, text);
}

static void add_task(struct piece *p, int *n)
{
	char text[64];

	if (*task_words(text))
		add_piece(p, n, FACE_VALUE, text);
}

static void add_engine(struct piece *p, int *n, int width)
{
	enum engine_status s = ui_engine();
	const char *trouble = worker_trouble();
	char text[PIECE];

	snprintf(text, sizeof(text), "%s%s%s", ENGINE[s].word, width >= WIDE && *trouble ? " " : "",
		 width >= WIDE ? trouble : "");
	add_piece(p, n, ENGINE[s].face, text);
}

static const char *path_of(const struct view *v)
{
	const char *path = !v ? NULL : v->ops->where ? v->ops->where(v) : v->ops->path;

	return path ? path : "";
}

static void paint_top(struct rect r)
{
	const struct view *base = view_base();
	const struct ui_facts *f = ui_facts();
	struct piece p[PIECES];
	char env[PIECE];
	int n = 0, i, col, total = 0, room;

	col = 1 + draw_run(r, 0, 1, FACE_TITLE, path_of(base));
	if (!ui_session())
		return;
	add_piece(p, &n, FACE_VALUE,
		  f->has_unit      ? f->unit_name
		  : f->must_choose ? "未选用单位"
				   : "未接入单位");
	snprintf(env, sizeof(env), "[%s]", f->env);
	if (f->has_unit)
		add_piece(p, &n, f->production ? FACE_ENV_PRODUCTION : FACE_ENV_PRACTICE, env);
	add_batch(p, &n);
	add_task(p, &n);
	add_flight(p, &n);
	add_engine(p, &n, r.w);
	for (i = 1; i < n; i++)
		total += draw_cols(p[i].text) + 2;
	/* The name of the unit gives way first. */
	room = r.w - 1 - col - 2 - total;
	if (room > draw_cols(p[0].text))
		room = draw_cols(p[0].text);
	col = r.w - 1 - total;
	if (room >= UNIT_LEAST)
		draw_text(r, 0, col - room, room, ALIGN_LEFT, p[0].face, p[0].text);
	for (i = 1; i < n; i++) {
		col += 2;
		col += draw_run(r, 0, col, p[i].face, p[i].text);
	}
}

/* ---- message line ---- */

static enum face message_face(void)
{
	static const enum face FACES[] = {[MESSAGE_INFO] = FACE_VALUE,
					  [MESSAGE_GOOD] = FACE_GOOD,
					  [MESSAGE_WARNING] = FACE_WARNING,
					  [MESSAGE_ERROR] = FACE_ERROR};

	return FACES[message_kind()];
}

/* A sentence that is longer than the line begins on the rule above it. */
static void paint_long(struct rect r, int row, const char *text, int width)
{
	size_t next, n = text_line(text, (size_t)width, &next);
	char *first = mem_strndup(text, n);

	/* Nothing of the rule stays beside it. */
	draw_text(r, row - 1, 0, r.w, ALIGN_LEFT, FACE_VALUE, "");
	draw_text(r, row - 1, 1, width, ALIGN_LEFT, message_face(), first);
	draw_text(r, row, 1, width, ALIGN_LEFT, message_face(), text + next);
	free(first);
}

static void paint_message(struct rect r, int row)
{
	const struct ui_facts *f = ui_facts();
	char stock[PIECE], quota[FEN_TEXT + 8], *text = text_visible(message_text());
	int width = r.w - 2, cols = draw_cols(text), side;

	*stock = 0;
	if (ui_session() && f->has_unit)
		snprintf(stock, sizeof(stock), "号码 %lld  额度 %s", (long long)f->stock,
			 fen_format_grouped(f->usable_fen, quota));
	side = draw_cols(stock);
	if (side && cols + 2 + side <= width)
		draw_text(r, row, r.w - 1 - side, side, ALIGN_LEFT, FACE_VALUE, stock);
	if (cols > width)
		paint_long(r, row, text, width);
	else
		draw_run(r, row, 1, message_face(), text);
	free(text);
	message_seen();
}

/* ---- hint bar ---- */

struct hint {
	char key[KEY_NAME];
	const char *label;
	int cols;
};

static bool is_listed(const struct hint *h, int n, const char *label)
{
	while (n--) {
		if (!strcmp(h[n].label, label))
			return true;
	}
	return false;
}

/* What would only be refused here is not offered; the help names it, its key says why. */
static bool does_something(const struct view *v, enum action a)
{
	bool of_row = a == ACT_ENTER || a == ACT_DETAIL || a == ACT_MARK || a == ACT_MARK_ALL;

	return role_may(a) && !(of_row && list_shows_nothing()) &&
	       !(v->ops->why_not && v->ops->why_not(v, a));
}

static void add_hint(struct hint *h, int *n, const struct view *v, const char *const *sections,
		     enum action a)
{
	struct key key;

	if (*n == HINTS || is_listed(h, *n, action_info(a)->label) || !does_something(v, a) ||
	    !keymap_key_of(sections, a, 0, &key))
		return;
	ui_key_name(key, h[*n].key);
	h[*n].label = action_info(a)->label;
	h[*n].cols = draw_cols(h[*n].key) + 1 + draw_cols(h[*n].label);
	(*n)++;
}

/* Drops what does not fit; `kept` at the end always stays.  Returns how many are left. */
static int fit_hints(const struct hint *all, int n, int kept, int width, int gap, struct hint *out)
{
	int i, used = 0, left = 0;

	for (i = n - kept; i < n; i++)
		width -= all[i].cols + gap;
	for (i = 0; i < n; i++) {
		bool stays = i >= n - kept;

		if (!stays && used + all[i].cols > width)
			continue;
		used += stays ? 0 : all[i].cols + gap;
		out[left++] = all[i];
	}
	return left;
}

static void paint_hints(struct rect r, int row)
{
	const struct view *v = view_top();
	const enum action *list = v && v->ops->hints ? v->ops->hints(v) : NULL;
	const char *buffer[VIEW_SECTIONS], *const *sections = view_sections(v, buffer);
	struct hint h[HINTS], wide[HINTS], close[HINTS], *shown = wide;
	int n = 0, col = 1, i, end, gap = HINT_GAP, loose;

	if (!v)
		return;
	add_hint(h, &n, v, sections, ACT_HELP);
	if (explain_knows())
		add_hint(h, &n, v, sections, ACT_EXPLAIN);
	for (; list && *list != ACT_NONE; list++)
		if (*list != ACT_BACK)
			add_hint(h, &n, v, sections, *list);
	end = n;
	if (v->below)
		add_hint(h, &n, v, sections, ACT_BACK);
	/* Whole hints only, closer together where more of them fit; the way back is always among
	 * them. */
	loose = fit_hints(h, n, n - end, r.w - 2, gap, wide);
	if (loose < n && (n = fit_hints(h, n, n - end, r.w - 2, 1, close)) > loose) {
		shown = close;
		gap = 1;
	} else {
		n = loose;
	}
	for (i = 0; i < n; i++) {
		col += draw_run(r, row, col, FACE_HINT_KEY, shown[i].key);
		col += 1 + draw_run(r, row, col + 1, FACE_HINT, shown[i].label);
		col += gap;
	}
}

/* ---- the whole ---- */

static void paint_too_small(struct rect r)
{
	char text[160];
	struct rect line = rect_centre(r, 1, r.w);

	snprintf(text, sizeof(text), "窗口太小，至少要 %d 列 %d 行", SCREEN_MIN_COLS,
		 SCREEN_MIN_ROWS);
	draw_text(line, 0, 0, line.w, ALIGN_CENTRE, FACE_WARNING, text);
}

struct rect frame_area(bool *small)
{
	struct rect r = screen_rect();

	*small = r.h < SCREEN_MIN_ROWS || r.w < SCREEN_MIN_COLS;
	draw_clear(r, FACE_NORMAL);
	if (*small) {
		paint_too_small(r);
		return (struct rect) {0};
	}
	rect_top(&r, FRAME_TOP);
	rect_bottom(&r, FRAME_BOTTOM);
	return r;
}

void frame_paint(void)
{
	struct rect r = screen_rect();

	paint_top(r);
	draw_line(r, 1, NULL);
	draw_line(r, r.h - FRAME_BOTTOM, NULL);
	paint_message(r, r.h - FRAME_BOTTOM + 1);
	paint_hints(r, r.h - 1);
}
