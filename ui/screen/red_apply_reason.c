/* red_apply_reason.c - 冲红原因: four, with what each lets change; one that the invoice forbids
 * cannot be chosen (features E19, N41, N42). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/red_apply_p.h"

enum { ROWS = RED_REASONS - 1, WIDTH = 72, HEIGHT = ROWS * 2 + 3, NAME_COLS = 16 };

struct reasons {
	int selected; /* 0 the first */
	enum red_reason result;
	char why[ROWS][400]; /* "" allowed */
	char invoice[400];   /* which one */
};

const char *red_reason_lets(enum red_reason r)
{
	static const char *const LETS[RED_REASONS] = {
	    [RED_MISTAKE] = "全额冲红，数量和金额都不能改",
	    [RED_RETURN] = "可以改数量，金额按原单价算出；行可以不冲",
	    [RED_STOP] = "可以改数量或金额，单价不变；行可以不冲",
	    [RED_ALLOWANCE] = "只填金额，没有数量和单价；行可以不冲",
	};

	return LETS[r];
}

static void say_invoice(struct reasons *s, const struct red_reason_arg *a)
{
	const struct red_blue *b = a->blue;
	char gross[RED_MONEY];

	snprintf(s->invoice, sizeof(s->invoice), "%s%s%s  %s  %.200s", b->code, *b->code ? " " : "",
		 b->number, red_gross(b->net_fen, b->tax_fen, gross),
		 a->side == RED_SELLER ? b->buyer_name : b->seller_name);
	s->invoice[text_whole(s->invoice, strlen(s->invoice))] = 0;
}

static enum err reasons_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct red_reason_arg *a = arg;
	struct reasons *s = v->state;
	int i, first = -1;

	(void)e;
	say_invoice(s, a);
	for (i = 0; i < ROWS; i++) {
		struct err_info why = {0};

		if (tax_red_reason(a->blue, (enum red_reason)(i + 1), &why))
			text_copy(s->why[i], sizeof(s->why[i]), why.why);
		else if (first < 0)
			first = i;
	}
	s->selected = first < 0 ? 0 : first;
	if (a->selected && !*s->why[a->selected - 1])
		s->selected = (int)a->selected - 1;
	return ERR_OK;
}

static struct rect reasons_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, HEIGHT, WIDTH < area.w ? WIDTH : area.w);
}

static void reasons_paint(struct view *v)
{
	const struct reasons *s = v->state;
	struct rect in;
	int i;

	draw_box(v->area, "冲红原因");
	in = dialog_inside(v->area);
	draw_text(rect_top(&in, 1), 0, 0, in.w, ALIGN_LEFT, FACE_LABEL, s->invoice);
	for (i = 0; i < ROWS; i++) {
		enum red_reason r = (enum red_reason)(i + 1);
		bool may = !*s->why[i];
		enum face face = i == s->selected ? FACE_SELECTED : may ? FACE_VALUE : FACE_DIM;
		char name[64];

		snprintf(name, sizeof(name), "%s %s", red_reason_code(r), red_reason_label(r));
		draw_text(in, i * 2, 0, in.w, ALIGN_LEFT, face, name);
		draw_text(in, i * 2, NAME_COLS, in.w - NAME_COLS, ALIGN_LEFT, face,
			  may ? red_reason_lets(r) : "不能选");
		if (!may)
			draw_text(in, i * 2 + 1, 3, in.w - 3, ALIGN_LEFT, FACE_WARNING, s->why[i]);
		if (i == s->selected)
			draw_cursor(in, i * 2, 0);
	}
}

static bool take(struct reasons *s)
{
	if (*s->why[s->selected]) {
		ui_message(MESSAGE_ERROR, "%s", s->why[s->selected]);
		return true;
	}
	s->result = (enum red_reason)(s->selected + 1);
	view_pop(true, &s->result);
	return true;
}

static bool reasons_act(struct view *v, enum action a)
{
	struct reasons *s = v->state;
	int to = s->selected;

	switch (a) {
	case ACT_UP:
	case ACT_PREVIOUS:
		to--;
		break;
	case ACT_DOWN:
	case ACT_NEXT:
		to++;
		break;
	case ACT_ENTER:
		return take(s);
	case ACT_BACK:
	case ACT_STEP_BACK:
		view_pop(false, NULL);
		return true;
	default:
		return false;
	}
	if (to < 0 || to >= ROWS)
		return false;
	s->selected = to;
	return true;
}

static bool reasons_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct reasons *s = v->state;

	(void)paste;
	(void)n;
	if (k.mods || k.code < '1' || k.code >= '1' + ROWS)
		return false;
	s->selected = (int)(k.code - '1');
	return take(s);
}

static const char *const *reasons_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"red-apply", "dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *reasons_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_UP, ACT_DOWN, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *reasons_help(const struct view *v)
{
	(void)v;
	return "上下键选择，回车确定；也可以直接按 1 至 4。不能选的写着为什么。";
}

const struct view_ops view_red_reason_ops = {
    .name = "red-reason",
    .modal = true,
    .size = sizeof(struct reasons),
    .open = reasons_open,
    .place = reasons_place,
    .paint = reasons_paint,
    .sections = reasons_sections,
    .key = reasons_key,
    .act = reasons_act,
    .hints = reasons_hints,
    .help = reasons_help,
};
