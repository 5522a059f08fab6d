#include "ui/form_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { WIDE_COLS = 100, SHOW_LEAST = 10 };

/* ---- geometry ---- */

static int width_of(const struct form *f, const struct field *fd)
{
	return f->area.w > WIDE_COLS && fd->wide_width ? fd->wide_width : fd->width;
}

/* Where an input begins below another one: its label is whole. */
static int behind_label(const struct field *fd, int col)
{
	int least = draw_cols(fd->label ? fd->label : "") + 2;

	return least > col ? least : col;
}

/* May it stand at a column?  What is only shown is worth a few columns of its row. */
static bool has_room(const struct form *f, const struct field *fd, struct form_place p)
{
	int least = fd->kind == FIELD_SHOW && p.width > SHOW_LEAST ? SHOW_LEAST : p.width;

	return p.col + least + 2 <= f->area.w;
}

/* Fields that would be cut go on in further rows, below the first of their row. */
static struct form_place wrapped(const struct form *f, int i)
{
	struct form_place p = {.row = 0};
	int k, first = 0, more = 0;

	for (k = 0; k <= i; k++) {
		const struct field *fd = &f->fields[k], *before = fd - 1;
		int end = p.col + p.width;

		p.width = width_of(f, fd);
		if (!k || before->row != fd->row) {
			first = p.col = fd->col;
		} else {
			p.col = end + fd->col - before->col - before->width;
			if (!has_room(f, fd, p)) {
				p.col = behind_label(fd, first);
				more++;
			}
		}
		if (p.width > f->area.w - p.col - 2)
			p.width = f->area.w - p.col - 2;
		p.row = fd->row + more;
	}
	return p;
}

struct form_place form_place(const struct form *f, int i)
{
	const struct field *fd = &f->fields[i], *left;
	struct form_place p = {.row = fd->row, .col = fd->col, .width = width_of(f, fd)};
	int k;

	if (f->wraps && f->area.w > 0)
		return wrapped(f, i);
	for (k = 0; k < f->count; k++) {
		left = &f->fields[k];
		if (left->row == fd->row && left->col < fd->col)
			p.col += width_of(f, left) - left->width;
	}
	if (p.width > f->area.w - p.col - 2)
		p.width = f->area.w - p.col - 2;
	return p;
}

int form_rows(const struct form *f)
{
	int i, rows = 0;

	for (i = 0; i < f->count; i++) {
		int row = form_place(f, i).row;

		if (row >= rows)
			rows = row + 1;
	}
	return rows;
}

int form_top(const struct form *f)
{
	int row = f->focus < 0 ? 0 : form_place(f, f->focus).row;

	return row >= f->area.h && f->area.h > 0 ? row - f->area.h + 1 : 0;
}

void form_layout(struct form *f, struct rect area)
{
	f->area = area;
}

/* Columns between two inputs; 0 when one stands over the other. */
static int gap(struct form_place a, struct form_place b)
{
	if (a.col + a.width <= b.col)
		return b.col - a.col - a.width + 1;
	if (b.col + b.width <= a.col)
		return a.col - b.col - b.width + 1;
	return 0;
}

int form_near(const struct form *f, int direction)
{
	struct form_place here, there;
	int i, best = -1, best_rows = 0, best_gap = 0, rows, cols;

	if (f->focus < 0)
		return -1;
	here = form_place(f, f->focus);
	for (i = 0; i < f->count; i++) {
		there = form_place(f, i);
		rows = (there.row - here.row) * direction;
		if (rows <= 0 || !form_can_edit(f, i))
			continue;
		cols = gap(here, there);
		if (best < 0 || rows < best_rows || (rows == best_rows && cols < best_gap)) {
			best = i;
			best_rows = rows;
			best_gap = cols;
		}
	}
	return best;
}

/* ---- moving ---- */

void form_go(struct form *f, int i)
{
	form_match_close(f);
	if (f->focus >= 0)
		form_validate(f, f->focus);
	if (i != f->focus)
		line_end(&f->lines[i]);
	f->focus = i;
}

static enum form_result move_order(struct form *f, int step)
{
	int i = f->focus;

	if (i >= 0) {
		for (i += step; i >= 0 && i < f->count && !form_can_edit(f, i);)
			i += step;
	}
	if (i < 0 || i >= f->count) {
		if (f->focus >= 0)
			form_go(f, f->focus);
		return step > 0 ? FORM_LEFT_END : FORM_LEFT_START;
	}
	form_go(f, i);
	return FORM_LEFT_FIELD;
}

static enum form_result move_row(struct form *f, int direction)
{
	int i;

	if (f->match_count) {
		f->match = form_match_move(f->match, f->match_count, direction);
		return FORM_USED;
	}
	i = form_near(f, direction);
	if (i < 0)
		return FORM_UNUSED;
	form_go(f, i);
	return FORM_LEFT_FIELD;
}

/* ---- choices and flags ---- */

static bool set_text(struct form *f, const char *text)
{
	if (strcmp(f->lines[f->focus].text, text) == 0)
		return false;
	line_set(&f->lines[f->focus], text);
	f->errors[f->focus][0] = 0;
	f->dirty = true;
	return true;
}

static bool cycle(struct form *f, int step)
{
	const struct field *fd = &f->fields[f->focus];
	int count = 0, now = form_choice(f, fd->id);

	while (fd->choices && fd->choices[count])
		count++;
	if (!count)
		return false;
	if (now < 0)
		now = step > 0 ? -1 : count;
	return set_text(f, fd->choices[(now + step + count) % count]);
}

static bool flip(struct form *f)
{
	return set_text(f, form_flag(f, f->fields[f->focus].id) ? "" : "1");
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The next choice that begins with the character, or the n-th for a digit that begins none. */
static bool choose_by(struct form *f, uint32_t cp)
{
	const struct field *fd = &f->fields[f->focus];
	int count = 0, now = form_choice(f, fd->id), i, c;
	char typed[5] = "";
	size_t n = text_put(cp, typed);

	while (fd->choices && fd->choices[count])
		count++;
	for (i = 1; i <= count; i++) {
		c = (now + i + count) % count;
		if (strncmp(fd->choices[c], typed, n) == 0 ||
		    (cp < 0x80 && lower(fd->choices[c][0]) == lower(typed[0])))
			return set_text(f, fd->choices[c]);
	}
	if (cp >= '1' && cp <= '9' && (int)(cp - '1') < count)
		return set_text(f, fd->choices[cp - '1']);
	return false;
}

static enum form_result act_choice(struct form *f, enum action a)
{
	const struct field *fd = &f->fields[f->focus];
	bool done = false;

	if (fd->kind == FIELD_FLAG)
		done = a == ACT_TOGGLE && flip(f);
	else if (a == ACT_LEFT)
		done = cycle(f, -1);
	else if (a == ACT_RIGHT || a == ACT_TOGGLE || (a == ACT_CHOOSE && !fd->chooser))
		done = cycle(f, 1);
	else if (!fd->required && (a == ACT_CLEAR || a == ACT_DELETE_BACK || a == ACT_DELETE_HERE))
		done = set_text(f, "");
	return done ? FORM_USED : FORM_UNUSED;
}

/* ---- keys and actions ---- */

static bool is_choice(const struct form *f)
{
	enum field_kind kind = f->fields[f->focus].kind;

	return kind == FIELD_CHOICE || kind == FIELD_FLAG;
}

static void text_changed(struct form *f)
{
	f->dirty = true;
	f->untouched[f->focus] = false;
	f->errors[f->focus][0] = 0;
	form_match_open(f);
}

/* Into the focused field; in the place of an offer nobody touched. */
static bool type_over(struct form *f, const char *text, size_t n)
{
	struct line *l = &f->lines[f->focus];
	char *offer = f->untouched[f->focus] ? mem_strdup(l->text) : NULL;
	bool typed;

	if (offer)
		line_clear(l);
	typed = form_type(l, f->fields[f->focus].kind, text, n);
	if (offer && !typed)
		line_set(l, offer);
	free(offer);
	return typed;
}

bool form_key(struct form *f, struct key k, const char *paste, size_t n)
{
	const struct field *fd;
	struct line *l;
	char utf8[4];
	bool typed;

	if (f->focus < 0 || (k.code != K_PASTE && !key_is_text(k)))
		return false;
	fd = &f->fields[f->focus];
	l = &f->lines[f->focus];
	if (is_choice(f)) {
		if (k.code == ' ')
			return act_choice(f, ACT_TOGGLE) == FORM_USED;
		return k.code != K_PASTE && fd->kind == FIELD_CHOICE && choose_by(f, k.code);
	}
	if (fd->kind == FIELD_DATE && k.code != K_PASTE && form_date_key(l, k.code))
		typed = true;
	else if (k.code == K_PASTE)
		typed = type_over(f, paste, n);
	else
		typed = type_over(f, utf8, text_put(k.code, utf8));
	if (typed)
		text_changed(f);
	return typed;
}

static enum form_result take_match(struct form *f)
{
	if (!f->match_count || f->match < 0)
		return FORM_UNUSED;
	set_text(f, f->matches[f->match].label);
	f->match_count = 0;
	return FORM_MATCH;
}

bool form_chooses(const struct form *f)
{
	const struct field *fd = &f->fields[f->focus];

	return fd->kind == FIELD_CHOICE || fd->chooser || fd->complete;
}

/* CHOOSE on a completing field that the view has no picker for opens the list at once; of
 * everything, where nothing is like what stands there. */
static bool open_all(struct form *f)
{
	const struct field *fd = &f->fields[f->focus];
	const char *text = f->lines[f->focus].text;

	f->match_count = fd->complete(f, fd, text, f->matches, FORM_MATCHES);
	if (f->match_count <= 0 && *text)
		f->match_count = fd->complete(f, fd, "", f->matches, FORM_MATCHES);
	f->match = f->match_count > 0 ? 0 : -1;
	return f->match_count > 0;
}

static enum form_result act_text(struct form *f, enum action a)
{
	const struct field *fd = &f->fields[f->focus];
	const bool untouched = f->untouched[f->focus];

	if (a == ACT_CHOOSE && fd->complete && !fd->chooser)
		return open_all(f) ? FORM_USED : FORM_UNUSED;
	if (untouched && (a == ACT_DELETE_BACK || a == ACT_DELETE_HERE))
		a = ACT_CLEAR; /* what is selected goes as a whole */
	switch (form_edit(&f->lines[f->focus], a)) {
	case EDIT_CHANGED:
		text_changed(f);
		return FORM_USED;
	case EDIT_MOVED:
		f->untouched[f->focus] = false;
		return FORM_USED;
	case EDIT_UNUSED:
		break;
	}
	/* The caret stands at the end already: that it was moved there keeps the offer. */
	f->untouched[f->focus] = untouched && a != ACT_RIGHT && a != ACT_LAST;
	return untouched != f->untouched[f->focus] ? FORM_USED : FORM_UNUSED;
}

enum form_result form_act(struct form *f, enum action a)
{
	enum form_result r;

	switch (a) {
	case ACT_ENTER:
		r = take_match(f);
		return r == FORM_UNUSED ? move_order(f, 1) : r;
	case ACT_NEXT:
		return move_order(f, 1);
	case ACT_PREVIOUS:
		return move_order(f, -1);
	case ACT_UP:
		return move_row(f, -1);
	case ACT_DOWN:
		return move_row(f, 1);
	case ACT_BACK:
		if (!f->match_count)
			return FORM_UNUSED;
		form_match_close(f);
		return FORM_USED;
	default:
		break;
	}
	if (f->focus < 0)
		return FORM_UNUSED;
	return is_choice(f) ? act_choice(f, a) : act_text(f, a);
}
