/* red_home.c - 红字发票: how many letters of each situation, and the six functions (feature E1). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/screen/red_apply.h"
#include "ui/screen/red_p.h"

enum { TOKEN_DOWNLOAD = 1 };
enum { ROOM = 15, DIGIT_COL = 3, WORD_COL = 6, ALL_COL = 18, SIDE_COL = 27, TEXT_COL = 51 };
enum {
	COUNT_COLS = 8,
	SIDE_COLS = 11,
	MENU_COLS = 3,
	KEY_COLS = 5,
	MENU_WIDTH = 24,
	DIGITS = 24,
	NARROW = 79
};

struct red_home {
	struct red_overview o;
	bool read, failed;
	struct red_fresh fresh;
	int selected; /* situations first, then the functions */
	struct err_info trouble;
};

static const enum action MENU[] = {ACT_GO_RED_SENT,   ACT_GO_RED_RECEIVED, ACT_GO_RED_APPLY,
				   ACT_GO_RED_HANDLE, ACT_GO_RED_ISSUE,    ACT_GO_RED_DOWNLOAD};
enum { MENU_COUNT = sizeof(MENU) / sizeof(MENU[0]), ENTRIES = RED_SITUATIONS + MENU_COUNT };

/* ---- reading ---- */

static void read_counts(struct red_home *s)
{
	err_clear(&s->trouble);
	s->failed = desk_red_overview(ui_session(), &s->o, &s->trouble) != ERR_OK;
	s->read = true;
}

static int64_t count_of(const struct red_home *s, int i)
{
	return s->o.counts[RED_SELLER][i] + s->o.counts[RED_BUYER][i];
}

/* What is to be done about them; "" when there are none. */
static const char *words_of(const struct red_home *s, int i, bool narrow, char out[96])
{
	static const char *const WORDS[RED_SITUATIONS] = {
	    [RED_FOR_THEM] = "对方 72 小时内没有确认就作废",
	    [RED_ISSUABLE] = "可以开具红字发票",
	    [RED_THEY_ISSUE] = "由销方开具",
	    [RED_ON_THE_WAY] = "等税局的结果",
	    [RED_FAILED] = "看原因，改正后重新提交",
	};
	char left[RED_LEFT];

	*out = 0;
	if (!count_of(s, i))
		return out;
	if (i == RED_VOID && s->o.lapsed.all == s->o.lapsed.expired && s->o.lapsed.all)
		snprintf(out, 96, narrow ? "%lld 张过期" : "%lld 张超过 72 小时没有确认",
			 (long long)s->o.lapsed.all);
	else if (i == RED_VOID && s->o.lapsed.all)
		snprintf(out, 96, narrow ? "%lld 张没看过" : "%lld 张由对方或到时作废，还没有看过",
			 (long long)s->o.lapsed.all);
	else if (i == RED_FOR_US && s->o.deadline)
		snprintf(out, 96, narrow ? "剩 %s" : "最急的还剩 %s，到时作废",
			 red_left(s->o.deadline, left));
	else
		text_copy(out, 96, WORDS[i] && !narrow ? WORDS[i] : "");
	return out;
}

/* ---- painting ---- */

static enum face face_at(const struct red_home *s, int i, enum face face)
{
	return i == s->selected ? FACE_SELECTED : face;
}

static void put_count(struct rect r, int row, int col, int cols, enum face face, int64_t n)
{
	char text[DIGITS];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	draw_text(r, row, col, cols, ALIGN_RIGHT, face, text);
}

static void paint_situation(const struct red_home *s, int i, struct rect r, int row)
{
	bool any = count_of(s, i) != 0;
	enum face face = any ? red_face((enum red_situation)i) : FACE_DIM;
	char digit[16], words[96];

	snprintf(digit, sizeof(digit), "%d", i + 1);
	draw_text(r, row, 1, r.w - 2, ALIGN_LEFT, face_at(s, i, FACE_NORMAL), "");
	draw_text(r, row, DIGIT_COL, 2, ALIGN_LEFT, face_at(s, i, FACE_HINT_KEY), digit);
	draw_text(r, row, WORD_COL, ALL_COL - WORD_COL - 1, ALIGN_LEFT, face_at(s, i, face),
		  red_situation_label((enum red_situation)i));
	put_count(r, row, ALL_COL, COUNT_COLS, face_at(s, i, face), count_of(s, i));
	put_count(r, row, SIDE_COL, SIDE_COLS, face_at(s, i, FACE_DIM), s->o.counts[RED_SELLER][i]);
	put_count(r, row, SIDE_COL + SIDE_COLS, SIDE_COLS, face_at(s, i, FACE_DIM),
		  s->o.counts[RED_BUYER][i]);
	draw_text(r, row, TEXT_COL, r.w - TEXT_COL - 1, ALIGN_LEFT, face_at(s, i, face),
		  words_of(s, i, r.w < NARROW, words));
	if (i == s->selected)
		draw_cursor(r, row, DIGIT_COL);
}

static int paint_counts(const struct red_home *s, struct rect r)
{
	bool roomy = r.h >= ROOM;
	char words[200];
	int row = 0, i;

	draw_text(r, row, 1, WORD_COL + ALL_COL, ALIGN_LEFT, FACE_TITLE, "红字确认单");
	draw_text(r, row, ALL_COL, COUNT_COLS, ALIGN_RIGHT, FACE_DIM, "合计");
	draw_text(r, row, SIDE_COL, SIDE_COLS, ALIGN_RIGHT, FACE_DIM, "我是销售方");
	draw_text(r, row, SIDE_COL + SIDE_COLS, SIDE_COLS, ALIGN_RIGHT, FACE_DIM, "我是购买方");
	draw_text(r, row, TEXT_COL, r.w - TEXT_COL - 1, ALIGN_RIGHT, FACE_DIM,
		  red_fresh_words(&s->fresh, words));
	row += roomy ? 2 : 1;
	for (i = 0; i < RED_SITUATIONS; i++)
		paint_situation(s, i, r, row++);
	return row + (roomy ? 1 : 0);
}

static void key_of(enum action a, char out[KEY_NAME])
{
	static const char *const HERE[] = {"red", NULL};
	char name[KEY_NAME];
	struct key k;

	*out = 0;
	if (keymap_key_of(HERE, a, 0, &k))
		text_copy(out, KEY_NAME, ui_key_name(k, name));
}

static void paint_menu(const struct red_home *s, struct rect r, int row)
{
	char key[KEY_NAME];
	int width = (r.w - 2) / MENU_COLS < MENU_WIDTH ? (r.w - 2) / MENU_COLS : MENU_WIDTH, i;

	if (r.h >= ROOM)
		draw_line(r, row++, NULL);
	for (i = 0; i < MENU_COUNT; i++) {
		int at = RED_SITUATIONS + i, y = row + i / MENU_COLS, x = 1 + i % MENU_COLS * width;

		key_of(MENU[i], key);
		draw_text(r, y, x, width - 1, ALIGN_LEFT, face_at(s, at, FACE_NORMAL), "");
		draw_text(r, y, x + 2, KEY_COLS, ALIGN_LEFT, face_at(s, at, FACE_HINT_KEY), key);
		draw_text(r, y, x + 2 + KEY_COLS, width - KEY_COLS - 3, ALIGN_LEFT,
			  face_at(s, at, FACE_NORMAL), action_info(MENU[i])->label);
		if (at == s->selected)
			draw_cursor(r, y, x + 2);
	}
}

static void home_paint(struct view *v)
{
	struct red_home *s = v->state;

	draw_clear(v->area, FACE_NORMAL);
	paint_menu(s, v->area, paint_counts(s, v->area));
}

/* ---- keys ---- */

static bool open_situation(int i)
{
	return view_push(&view_red_list_ops,
			 &(struct red_list_arg) {RED_LIST_SITUATION, (enum red_situation)i});
}

static bool open_selected(const struct red_home *s)
{
	return s->selected < RED_SITUATIONS ? open_situation(s->selected)
					    : ui_do(MENU[s->selected - RED_SITUATIONS]);
}

static bool move_to(struct red_home *s, int at)
{
	if (at < 0 || at >= ENTRIES || at == s->selected)
		return false;
	s->selected = at;
	return true;
}

/* Down the situations, then over the functions, of which MENU_COLS stand in a row. */
static bool move(struct red_home *s, enum action a)
{
	int at = s->selected, entry = at - RED_SITUATIONS;

	switch (a) {
	case ACT_UP:
		return move_to(s, entry >= MENU_COLS ? at - MENU_COLS
				  : entry >= 0       ? RED_SITUATIONS - 1
						     : at - 1);
	case ACT_DOWN:
		return move_to(s, entry >= 0 ? at + MENU_COLS : at + 1);
	case ACT_LEFT:
	case ACT_PREVIOUS:
		return move_to(s, at - 1);
	case ACT_RIGHT:
	case ACT_NEXT:
		return move_to(s, at + 1);
	case ACT_FIRST:
		return move_to(s, 0);
	case ACT_LAST:
		return move_to(s, ENTRIES - 1);
	default:
		return false;
	}
}

static bool home_act(struct view *v, enum action a)
{
	struct red_home *s = v->state;

	if (red_has(a))
		return red_go(a);
	if (a == ACT_ENTER || a == ACT_DETAIL)
		return open_selected(s);
	if (a == ACT_REFRESH) {
		red_fresh_begin(&s->fresh);
		return true;
	}
	return move(s, a);
}

static bool home_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct red_home *s = v->state;
	int i = (int)k.code - '1';

	(void)paste;
	(void)n;
	if (k.mods || i < 0 || i >= RED_SITUATIONS)
		return false;
	s->selected = i;
	return open_situation(i);
}

/* ---- the view ---- */

static enum err home_open(struct view *v, const void *arg, struct err_info *e)
{
	struct red_home *s = v->state;
	enum err r = desk_red_overview(ui_session(), &s->o, e);

	(void)arg;
	if (r)
		screen_hint_unit(e);
	return r;
}

static void home_content(struct view *v, bool changed)
{
	struct red_home *s = v->state;

	if (s->read && !changed)
		return;
	read_counts(s);
	if (s->failed)
		ui_error(&s->trouble);
	red_fresh_look(&s->fresh, true);
}

static void home_answer(struct view *v, int token, bool ok, const void *result)
{
	(void)v;
	(void)result;
	if (ok && token == TOKEN_DOWNLOAD)
		red_download_start();
}

/* The hours left go by. */
static int home_idle(struct view *v)
{
	view_redraw(v);
	return 60 * 1000;
}

static const char *const *home_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"red", "list", NULL};

	(void)v;
	return SECTIONS;
}

static const char *home_why_not(const struct view *v, enum action a)
{
	(void)v;
	return a == ACT_REFRESH || a == ACT_GO_RED_DOWNLOAD ? screen_may(DESK_REFRESH) : NULL;
}

static const enum action *home_hints(const struct view *v)
{
	static const enum action HINTS[] = {
	    ACT_GO_RED_SENT,  ACT_GO_RED_RECEIVED, ACT_GO_RED_APPLY, ACT_GO_RED_HANDLE,
	    ACT_GO_RED_ISSUE, ACT_GO_RED_DOWNLOAD, ACT_REFRESH,      ACT_BACK,
	    ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *home_help(const struct view *v)
{
	(void)v;
	return "数字键或回车看一种情况的确认单；r 向税局刷新。红字确认单先录入，对方确认（或无需"
	       "确认）后由销方开具红字发票；72 小时没有确认就作废。";
}

static void home_close(struct view *v)
{
	struct red_home *s = v->state;

	errand_free(&s->fresh.errand);
}

static const char *home_state(const struct view *v)
{
	const struct red_home *s = v->state;

	return s->fresh.errand.open ? "waiting" : "ready";
}

const struct view_ops view_red_ops = {
    .name = "red",
    .path = "开票 › 红字发票",
    .size = sizeof(struct red_home),
    .open = home_open,
    .content = home_content,
    .paint = home_paint,
    .sections = home_sections,
    .key = home_key,
    .act = home_act,
    .why_not = home_why_not,
    .hints = home_hints,
    .help = home_help,
    .answer = home_answer,
    .idle = home_idle,
    .close = home_close,
    .state = home_state,
};

/* ---- from everywhere ---- */

static const struct {
	enum action action;
	enum red_list which;
} LISTS[] = {
    {ACT_GO_RED_SENT, RED_LIST_SENT},
    {ACT_GO_RED_RECEIVED, RED_LIST_RECEIVED},
    {ACT_GO_RED_HANDLE, RED_LIST_HANDLE},
    {ACT_GO_RED_ISSUE, RED_LIST_ISSUE},
};
enum { LIST_COUNT = sizeof(LISTS) / sizeof(LISTS[0]) };

static size_t list_of(enum action a)
{
	size_t i;

	for (i = 0; i < LIST_COUNT && LISTS[i].action != a;)
		i++;
	return i;
}

bool red_has(enum action a)
{
	return list_of(a) < LIST_COUNT || a == ACT_GO_RED_DOWNLOAD || a == ACT_GO_RED_APPLY;
}

bool red_go(enum action a)
{
	size_t i = list_of(a);

	if (view_top()->ops != &view_red_ops)
		view_switch(&view_red_ops, NULL);
	if (view_top()->ops != &view_red_ops)
		return true;
	if (a == ACT_GO_RED_APPLY)
		return view_push(&view_red_apply_ops, NULL);
	if (i == LIST_COUNT)
		return red_download_ask(view_top(), TOKEN_DOWNLOAD);
	return view_push(&view_red_list_ops, &(struct red_list_arg) {.which = LISTS[i].which});
}
