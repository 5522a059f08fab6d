/* list_ask.c - what can be asked of every list: rows a page, another page, another unit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/export.h"
#include "ui/screen/parts.h"

enum { SIZES = 7, UNITS = 200, LINE = 500, CHOICE = 64, FIELD_PAGE = 1 };

/* ---- rows a page ---- */

static struct {
	struct list *list;
	int rows[SIZES];
} size;

static void take_size(int i)
{
	struct err_info e = {0};
	char *all;

	list_set_page_rows(size.list->title, size.rows[i]);
	list_layout(size.list, size.list->area);
	list_reload(size.list);
	all = list_rows_save();
	if (desk_choice_save(ui_session(), "lists", all, &e))
		ui_error(&e);
	else if (size.rows[i])
		ui_message(MESSAGE_GOOD, "每页 %d 行", size.rows[i]);
	else
		ui_message(MESSAGE_GOOD, "每页放满窗口");
	free(all);
}

static bool ask_size(struct list *l)
{
	static const int ROWS[SIZES] = {0, 10, 20, 30, 50, 100, LIST_ROWS};
	static char lines[SIZES][CHOICE];
	const char *shown[SIZES + 1] = {NULL};
	int i, n = 0, now = list_page_rows(l->title), selected = 0;

	for (i = 0; i < SIZES; i++) {
		if (ROWS[i] && ROWS[i] >= l->fits)
			continue;
		if (ROWS[i])
			snprintf(lines[n], CHOICE, "每页 %d 行", ROWS[i]);
		else
			snprintf(lines[n], CHOICE, "放满窗口（现在 %d 行）", l->fits);
		if (ROWS[i] == now)
			selected = n;
		size.rows[n] = ROWS[i];
		shown[n] = lines[n];
		n++;
	}
	size.list = l;
	return view_push(&view_choose_ops, &(struct choose_arg) {.title = "每页行数",
								 .lines = shown,
								 .selected = selected,
								 .then = take_size});
}

/* ---- another page ---- */

/* "7", "+3", "-3", "首", "末". */
static bool read_page(const char *text, char *sign, long *n)
{
	char *end;

	*sign = *text == '+' || *text == '-' ? *text : 0;
	if (!strcmp(text, "首") || !strcmp(text, "末")) {
		*n = strcmp(text, "末") ? 1 : 0;
		return true;
	}
	text += *sign != 0;
	*n = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : 0;
	return *n > 0 && *n < 1000000000 && !*end;
}

static const char *check_page(const struct form *f, const struct field *fd, const char *text,
			      char *out)
{
	char sign;
	long n;

	(void)f;
	(void)fd;
	(void)out;
	return !*text || read_page(text, &sign, &n) ? NULL : "填页号，或 +3、-3、首、末";
}

static const struct field PAGE[] = {
    {.id = FIELD_PAGE,
     .kind = FIELD_DIGITS,
     .label = "到第几页",
     .col = 10,
     .width = 10,
     .max_chars = 10,
     .required = true,
     .check = check_page,
     .help = "页号；+3、-3 前后跳三页；首、末到两头。"},
    {.id = 0},
};

static void say_page(const struct list *l)
{
	int64_t n = list_page_number(l);

	if (n)
		ui_message(MESSAGE_INFO, "第 %lld 页", (long long)n);
	else
		ui_message(MESSAGE_INFO, "末页");
}

static void go_to(struct list *l, char sign, long n)
{
	if (!sign && !n) {
		list_act(l, ACT_LAST);
		list_content(l, false);
	} else if (sign) {
		list_go_by(l, (int)(sign == '-' ? -(n > LIST_JUMP ? LIST_JUMP : n)
						: (n > LIST_JUMP ? LIST_JUMP : n)));
	} else if (!list_go_page(l, n)) {
		ui_message(MESSAGE_WARNING, "一次最多跳 %d 页：请先用 F3 查找缩小范围", LIST_JUMP);
		return;
	}
	say_page(l);
}

static bool take_page(struct form *f, void *arg)
{
	char sign;
	long n;

	if (read_page(form_get(f, FIELD_PAGE), &sign, &n))
		go_to(arg, sign, n);
	return true;
}

static bool ask_page(struct list *l)
{
	static char note[300];
	int64_t n = list_page_number(l), all = list_page_count(l);
	char here[64] = "现在是末页", total[64] = "";

	if (n)
		snprintf(here, sizeof(here), "现在是第 %lld 页", (long long)n);
	if (all)
		snprintf(total, sizeof(total), "，共 %lld 页", (long long)all);
	snprintf(note, sizeof(note), "%s%s。一次最多跳 %d 页。%s", here, total, LIST_JUMP,
		 n ? "可以填 +3、-3、首、末。" : "从末页往回是来时的那一页；页号从首页数起。");
	return view_push(
	    &view_form_ops,
	    &(struct ask_form_arg) {
		.title = "跳页", .fields = PAGE, .note = note, .arg = l, .submit = take_page});
}

/* ---- what every list does ---- */

static bool ask_export(struct list *l)
{
	return view_push(&view_export_ops, &(struct export_arg) {.list = l});
}

static const struct {
	enum action action;
	bool (*run)(struct list *l);
} ASKS[] = {
    {ACT_LIST_SIZE, ask_size},
    {ACT_LIST_PAGE, ask_page},
    {ACT_EXPORT, ask_export},
};

bool screen_list_ask(struct list *l, enum action a)
{
	size_t i;

	for (i = 0; l->title && !l->filtering && i < sizeof(ASKS) / sizeof(ASKS[0]); i++) {
		if (ASKS[i].action == a)
			return ASKS[i].run(l);
	}
	return false;
}

/* ---- another unit (features M11) ---- */

bool screen_use_unit(const char *choice)
{
	struct session *session = ui_session();
	char before[sizeof(session->unit_choice)];
	struct err_info e = {0};
	struct unit u;

	memcpy(before, session->unit_choice, sizeof(before));
	text_copy(session->unit_choice, sizeof(session->unit_choice), choice);
	if (desk_unit(session, &u, &e)) {
		memcpy(session->unit_choice, before, sizeof(before));
		ui_error(&e);
		return false;
	}
	ui_message(MESSAGE_GOOD, "现在为 %s 开票", u.name);
	unit_free(&u);
	list_start_over();
	ui_wake_engine(); /* the top line reads the unit again */
	return true;
}

static struct {
	char lines[UNITS][LINE], choice[UNITS][CHOICE];
	const char *shown[UNITS + 1];
	int count, selected;
} units;

static enum err add_unit(void *arg, const struct unit_view *v)
{
	const struct ui_facts *f = ui_facts();
	const struct unit *u = v->unit;
	int i = units.count;

	(void)arg;
	if (i == UNITS)
		return ERR_OK;
	snprintf(units.lines[i], LINE, "%.300s  %.24s  %.16s环境%s", u->name, u->tax_no,
		 unit_env_label(u->env), u->verified ? "" : "  未验证");
	units.lines[i][text_whole(units.lines[i], strlen(units.lines[i]))] = 0;
	snprintf(units.choice[i], CHOICE, "%s@%s", u->tax_no, unit_env_label(u->env));
	if (f->has_unit && f->env_id == u->env && !strcmp(f->unit_tax_no, u->tax_no))
		units.selected = i;
	units.shown[units.count++] = units.lines[i];
	return ERR_OK;
}

static void take_unit(int i)
{
	screen_use_unit(units.choice[i]);
}

void screen_choose_unit(void)
{
	struct err_info e = {0};

	units.count = units.selected = 0;
	if (desk_unit_choices(ui_session(), add_unit, NULL, &e)) {
		ui_error(&e);
		return;
	}
	units.shown[units.count] = NULL;
	if (!units.count)
		ui_message(MESSAGE_WARNING, "还没有使用单位，请先完成开票业务配置");
	else
		view_push(&view_choose_ops,
			  &(struct choose_arg) {.title = ui_facts()->has_unit ? "换一个销方"
									      : "选用使用单位",
						.lines = units.shown,
						.selected = units.selected,
						.then = take_unit});
}
