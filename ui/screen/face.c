/* face.c - the face of an invoice as text: wider than a small terminal, so it moves both ways. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/invoices.h"

enum { FACE_BYTES = 4 * 1024 * 1024, LINE = 2048, SIDE_STEP = 10 };

void face_free(struct face_text *f)
{
	free(f->text);
	free(f->at);
	*f = (struct face_text) {.text = NULL};
}

/* Takes the text apart into lines; keeps the place. */
static void take(struct face_text *f, const char *text)
{
	char *p;

	free(f->text);
	free(f->at);
	f->text = mem_strdup(text);
	f->lines = f->cols = 0;
	f->at = NULL;
	for (p = f->text; *p; f->lines++) {
		size_t n = strcspn(p, "\n");
		bool more = p[n] != 0;
		int cols;

		/* Grows at powers of two. */
		if ((f->lines & (f->lines - 1)) == 0)
			f->at = mem_realloc(f->at,
					    (size_t)(f->lines ? f->lines * 2 : 1) * sizeof(*f->at));
		f->at[f->lines] = p;
		p[n] = 0;
		cols = draw_cols(p);
		f->cols = cols > f->cols ? cols : f->cols;
		p += n + more;
	}
}

enum err face_read(struct face_text *f, int64_t id, struct err_info *e)
{
	char name[PRINT_NAME_TEXT], no[24];
	struct buf b;
	enum err r;

	snprintf(no, sizeof(no), "#%lld", (long long)id);
	buf_init(&b, FACE_BYTES);
	if (!(r = desk_invoice_file(ui_session(), no, PRINT_TEXT, &b, name, e)))
		take(f, buf_str(&b));
	buf_free(&b);
	return r;
}

static int most(int have, int room)
{
	return have > room ? have - room : 0;
}

static int within(int at, int last)
{
	return at > last ? last : at < 0 ? 0 : at;
}

/* The rest of a line from a column on; *col is 1 when a wide character is cut by the left edge. */
static const char *from_column(const char *line, int left, int *col)
{
	size_t used, n = text_fit(line, (size_t)left, &used);
	uint32_t cp;

	*col = 0;
	if ((int)used < left && line[n]) {
		n += text_next(line + n, strlen(line + n), &cp);
		*col = 1;
	}
	return line + n;
}

void face_paint(struct face_text *f, struct rect r)
{
	int i, col;

	f->rows = r.h;
	f->room = r.w - 1;
	f->top = within(f->top, most(f->lines, r.h));
	f->left = within(f->left, most(f->cols, f->room));
	draw_clear(r, FACE_NORMAL);
	for (i = 0; i < r.h && f->top + i < f->lines; i++) {
		const char *line = from_column(f->at[f->top + i], f->left, &col);

		draw_run(r, i, col, FACE_NORMAL, line);
	}
	draw_cursor(r, 0, 0);
}

void face_place(const struct face_text *f, char out[96])
{
	int end = f->top + f->rows;

	*out = 0;
	if (f->lines > f->rows)
		snprintf(out, 96, "第 %d-%d 行，共 %d 行%s", f->top + 1,
			 end < f->lines ? end : f->lines, f->lines,
			 f->cols > f->room ? "，左右键看两边" : "");
	else if (f->cols > f->room)
		snprintf(out, 96, "左右键看两边");
}

bool face_act(struct face_text *f, enum action a)
{
	int page = f->rows > 1 ? f->rows - 1 : 1, top = f->top, left = f->left;

	switch (a) {
	case ACT_UP:
	case ACT_DOWN:
		top += a == ACT_UP ? -1 : 1;
		break;
	case ACT_PAGE_UP:
	case ACT_PAGE_DOWN:
		top += a == ACT_PAGE_UP ? -page : page;
		break;
	case ACT_LEFT:
	case ACT_RIGHT:
		left += a == ACT_LEFT ? -SIDE_STEP : SIDE_STEP;
		break;
	case ACT_FIRST:
	case ACT_LAST:
		top = a == ACT_FIRST ? 0 : f->lines;
		break;
	default:
		return false;
	}
	top = within(top, most(f->lines, f->rows));
	left = within(left, most(f->cols, f->room));
	if (top == f->top && left == f->left)
		return false;
	f->top = top;
	f->left = left;
	return true;
}

/* ---- 票面预览: nothing but the face ---- */

static enum err preview_open(struct view *v, const void *arg, struct err_info *e)
{
	return face_read(v->state, *(const int64_t *)arg, e);
}

static void preview_close(struct view *v)
{
	face_free(v->state);
}

static void preview_paint(struct view *v)
{
	struct rect r = v->area, status = rect_bottom(&r, 1);
	char place[96];

	face_paint(v->state, r);
	face_place(v->state, place);
	draw_text(status, 0, 0, status.w, ALIGN_RIGHT, FACE_DIM, place);
}

static bool preview_act(struct view *v, enum action a)
{
	return face_act(v->state, a);
}

static const char *const *preview_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"read", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *preview_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_PAGE_DOWN, ACT_PAGE_UP, ACT_LEFT,
					    ACT_RIGHT,     ACT_BACK,    ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *preview_help(const struct view *v)
{
	(void)v;
	return "上下左右键和翻页键移动；票面以 PDF、OFD 为准。";
}

static const char *preview_state(const struct view *v)
{
	const struct face_text *f = v->state;

	return f->lines ? "shown" : "empty";
}

const struct view_ops view_face_ops = {
    .name = "face",
    .path = "开票 › 开票记录 › 票面预览",
    .size = sizeof(struct face_text),
    .open = preview_open,
    .paint = preview_paint,
    .sections = preview_sections,
    .act = preview_act,
    .hints = preview_hints,
    .help = preview_help,
    .close = preview_close,
    .state = preview_state,
};
