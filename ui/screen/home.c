/* home.c - 首页: what needs a person today, each one key away; below it where one can go. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/roles.h"
#include "ui/screen/batch.h"
#include "ui/screen/goods.h"
#include "ui/screen/home.h"
#include "ui/screen/invoices.h"
#include "ui/screen/red.h"

enum { WORD_COL = 6, TEXT_COL = 22, MENU_COLS = 3, KEY_COLS = 5, WIDE = 100 };

static const enum action MENU[] = {
    ACT_GO_BLUE,   ACT_GO_INVOICES, ACT_GO_DRAFTS,  ACT_GO_NUMBERS, ACT_GO_QUOTA, ACT_GO_TAXPAYER,
    ACT_GO_BUYERS, ACT_GO_GOODS,    ACT_GO_TYPES,   ACT_GO_CODES,   ACT_GO_UNITS, ACT_GO_WIZARD,
    ACT_GO_JOBS,   ACT_GO_LOG,      ACT_GO_DELIVER, ACT_GO_RECON,   ACT_GO_BATCH, ACT_GO_REPORT,
    ACT_GO_RED,    ACT_GO_SUMMARY,  ACT_QUIT,
};
enum { MENU_COUNT = sizeof(MENU) / sizeof(MENU[0]) };

struct home {
	struct home_item items[HOME_ITEMS];
	int count, selected;          /* items first, then the menu */
	enum action menu[MENU_COUNT]; /* what the role may */
	int menu_count;
	int units; /* that can be issued with */
	bool read;
};

static void read_menu(struct home *s)
{
	s->menu_count = 0;
	for (int i = 0; i < MENU_COUNT; i++)
		if (role_may(MENU[i]))
			s->menu[s->menu_count++] = MENU[i];
}

static enum err count_unit(void *arg, const struct unit_view *v)
{
	(void)v;
	++*(int *)arg;
	return ERR_OK;
}

static void read_items(struct home *s)
{
	enum action before = s->selected < s->count ? s->items[s->selected].action : ACT_NONE;
	bool in_menu = s->read && s->selected >= s->count;
	int entry = s->selected - s->count, i;

	read_menu(s);
	s->units = 0;
	desk_unit_choices(ui_session(), count_unit, &s->units, NULL);
	s->count = home_items(s->items);
	/* The cursor stays on what it was on. */
	if (in_menu) {
		s->selected = s->count + entry;
	} else {
		s->selected = 0;
		for (i = 0; i < s->count && before; i++) {
			if (s->items[i].action == before) {
				s->selected = i;
				break;
			}
		}
	}
	s->read = true;
}

/* ---- painting ---- */

static enum face row_face(const struct home *s, int row, enum face face)
{
	return row == s->selected ? FACE_SELECTED : face;
}

static void paint_item(const struct home *s, int i, struct rect r, int row)
{
	const struct home_item *item = &s->items[i];
	char digit[16];

	snprintf(digit, sizeof(digit), "%d", i + 1);
	draw_text(r, row, 1, r.w - 2, ALIGN_LEFT, row_face(s, i, FACE_NORMAL), "");
	draw_text(r, row, 3, 2, ALIGN_LEFT, row_face(s, i, FACE_HINT_KEY), digit);
	draw_text(r, row, WORD_COL, TEXT_COL - WORD_COL - 1, ALIGN_LEFT, row_face(s, i, item->face),
		  item->word);
	draw_text(r, row, TEXT_COL, r.w - TEXT_COL - 2, ALIGN_LEFT,
		  row_face(s, i, item->face == FACE_NORMAL ? FACE_VALUE : item->face), item->text);
	if (i == s->selected)
		draw_cursor(r, row, 3);
}

static int paint_items(const struct home *s, struct rect r)
{
	int i;

	draw_run(r, 0, 1, FACE_TITLE, "今天要办的事");
	for (i = 0; i < s->count; i++)
		paint_item(s, i, r, 1 + i);
	if (!s->count) {
		draw_run(r, 1, 3, FACE_GOOD, "没有要处理的事，可以直接开票。");
		i = 1;
	}
	return 1 + i;
}

/* The key of an entry that is not a function key, as the hint bar shows those. */
static void entry_key(enum action a, char out[KEY_NAME])
{
	static const char *const SECTIONS[] = {"home", "global", NULL};
	struct key key;
	size_t i;

	*out = 0;
	for (i = 0; keymap_key_of(SECTIONS, a, i, &key); i++) {
		ui_key_name(key, out);
		if (key_is_text(key))
			return;
	}
}

static void paint_menu(const struct home *s, struct rect r, int row)
{
	int i, width = (r.w - 2) / MENU_COLS;

	draw_line(r, row, "去哪里");
	for (i = 0; i < s->menu_count; i++) {
		int at = row + 1 + i / MENU_COLS, col = 1 + i % MENU_COLS * width;
		char key[KEY_NAME];

		entry_key(s->menu[i], key);
		draw_text(r, at, col, width - 1, ALIGN_LEFT, row_face(s, s->count + i, FACE_NORMAL),
			  "");
		draw_text(r, at, col + 2, KEY_COLS, ALIGN_LEFT,
			  row_face(s, s->count + i, FACE_HINT_KEY), key);
		draw_text(r, at, col + 2 + KEY_COLS, width - 3 - KEY_COLS, ALIGN_LEFT,
			  row_face(s, s->count + i, FACE_NORMAL), action_info(s->menu[i])->label);
		if (s->count + i == s->selected)
			draw_cursor(r, at, col + 2);
	}
}

static void paint_today(struct rect r)
{
	const struct session *session = ui_session();
	char today[DATE_TEXT], text[200];

	snprintf(text, sizeof(text), "%.80s  %s",
		 text_empty(session->user.display_name) ? session->user.name
							: session->user.display_name,
		 date_text(clock_now(), today));
	draw_text(r, 0, r.w - 41, 40, ALIGN_RIGHT, FACE_DIM, text);
}

static void home_paint(struct view *v)
{
	struct home *s = v->state;
	int row, least = v->area.h - 1 - (s->menu_count + MENU_COLS - 1) / MENU_COLS;

	draw_clear(v->area, FACE_NORMAL);
	paint_today(v->area);
	row = paint_items(s, v->area) + 1;
	/* The menu stands where it is on every day, unless there is little room. */
	paint_menu(s, v->area, least > row && v->area.w <= WIDE ? least : row);
}

/* ---- keys ---- */

static bool open_item(const struct home_item *item)
{
	if (item->invoices_state)
		return view_push(&view_invoices_ops,
				 &(struct invoices_arg) {.state = item->invoices_state});
	if (item->unusable_goods)
		return view_push(&view_goods_ops, &(struct goods_arg) {.unusable = true});
	if (item->red_waiting)
		return view_push(&view_red_list_ops,
				 &(struct red_list_arg) {RED_LIST_SITUATION, RED_FOR_US});
	if (item->red_void)
		return view_push(&view_red_list_ops,
				 &(struct red_list_arg) {RED_LIST_SITUATION, RED_VOID});
	if (item->batch)
		return view_push(&view_batch_ops, &item->batch);
	return ui_do(item->action);
}

static bool open_selected(struct home *s)
{
	if (s->selected < s->count)
		return open_item(&s->items[s->selected]);
	return ui_do(s->menu[s->selected - s->count]);
}

/* From the items into the menu and back; columns of the menu are kept. */
static bool move(struct home *s, enum action a)
{
	int at = s->selected, entry = at - s->count, last = s->count + s->menu_count - 1;

	switch (a) {
	case ACT_UP:
		at = entry >= MENU_COLS || entry < 0 ? at - (entry < 0 ? 1 : MENU_COLS)
						     : s->count - 1;
		break;
	case ACT_DOWN:
		at += entry < 0 ? 1 : MENU_COLS;
		break;
	case ACT_LEFT:
	case ACT_PREVIOUS:
		at--;
		break;
	case ACT_RIGHT:
	case ACT_NEXT:
		at++;
		break;
	case ACT_FIRST:
		at = 0;
		break;
	case ACT_LAST:
		at = last;
		break;
	default:
		return false;
	}
	if (at < 0 || at > last || at == s->selected)
		return false;
	s->selected = at;
	return true;
}

static bool home_act(struct view *v, enum action a)
{
	struct home *s = v->state;

	if (a == ACT_ENTER || a == ACT_DETAIL)
		return open_selected(s);
	if (a == ACT_REFRESH) {
		read_items(s);
		return true;
	}
	return move(s, a);
}

static bool home_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct home *s = v->state;
	int i = (int)k.code - '1';

	(void)paste;
	(void)n;
	if (k.mods || k.code < '1' || k.code > '9' || i >= s->count)
		return false;
	s->selected = i;
	return open_item(&s->items[i]);
}

/* ---- the view ---- */

static enum err home_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)v;
	(void)arg;
	(void)e;
	return ERR_OK;
}

static void home_content(struct view *v, bool changed)
{
	struct home *s = v->state;

	if (changed || !s->read)
		read_items(s);
}

static const enum action *home_hints(const struct view *v)
{
	/* The first is for those who have several units to choose from. */
	static const enum action HINTS[] = {ACT_USE_UNIT,    ACT_ENTER,   ACT_GO_BLUE,
					    ACT_GO_INVOICES, ACT_PALETTE, ACT_GO_DRAFTS,
					    ACT_REFRESH,     ACT_QUIT,    ACT_NONE};
	const struct home *s = v->state;

	return s->units > 1 ? HINTS : HINTS + 1;
}

static const char *home_help(const struct view *v)
{
	(void)v;
	return "数字键直接去办那件事；方向键选择，回车打开；字母键去对应的画面，冒号按名称找任何命令。";
}

static const char *home_state(const struct view *v)
{
	const struct home *s = v->state;

	return s->count ? "todo" : "clear";
}

const struct view_ops view_home_ops = {
    .name = "home",
    .path = "首页",
    .size = sizeof(struct home),
    .open = home_open,
    .content = home_content,
    .paint = home_paint,
    .key = home_key,
    .act = home_act,
    .hints = home_hints,
    .help = home_help,
    .state = home_state,
};
