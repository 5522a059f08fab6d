/* access_drawers.c - 开票员: who may be named as 开票人 of a unit in 联用 (features B14). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"
#include "ui/screens.h"

enum { FIELD_NAME = 1, FIELD_TYPE, FIELD_NUMBER, FIELD_STATE, FIELD_PLATFORM };
enum { ASK_FORM = 1, ASK_REMOVE };
enum { QUESTION = 300, NAME = 200 };

struct drawers {
	struct listing frame;
	char asked[NAME]; /* whom the open dialog is about, "" a new one */
	char said[NAME];  /* who was saved */
	char warning[DRAWER_WARNING], question[QUESTION];
};

static const struct list_column COLUMNS[] = {
    {.label = "姓名", .width = -1, .wide_width = -1},
    {.label = "证件类型", .width = 16, .wide_width = 24},
    {.label = "证件号码", .width = 20, .wide_width = 24},
    {.label = "状态", .width = 6, .wide_width = 8},
    {.label = "绑定平台", .width = 12, .wide_width = 20},
    {.label = NULL},
};

/* ---- rows ---- */

struct page {
	struct listing_page *to;
	int64_t seen;
};

static enum err add_drawer(void *arg, const struct drawer *d)
{
	struct page *p = arg;
	struct list_row *row;
	char masked[DRAWER_MASKED];

	if (p->seen++ < p->to->cursor || p->to->count == p->to->max)
		return ERR_OK;
	row = listing_row(p->to, d->id, d->state == DRAWER_BOUND ? FACE_NORMAL : FACE_WARNING);
	text_copy(row->cell[0], LIST_CELL, d->name);
	text_copy(row->cell[1], LIST_CELL, desk_drawer_document(d));
	text_copy(row->cell[2], LIST_CELL, desk_drawer_mask(d, masked));
	text_copy(row->cell[3], LIST_CELL, drawer_state_label(d->state));
	text_copy(row->cell[4], LIST_CELL, d->platform);
	return ERR_OK;
}

static enum err read_drawers(struct view *v, struct listing_page *to, struct err_info *e)
{
	struct page p = {.to = to};
	enum err r = desk_drawer_list(ui_session(), add_drawer, &p, e);
	int64_t read = to->cursor + to->count;

	(void)v;
	to->total = p.seen;
	to->next = read < p.seen ? read : 0;
	return r;
}

/* ---- the dialog ---- */

static const char *const STATES[] = {"已绑定", "待绑定", "已停用", NULL};
static const struct field FIELDS[] = {
    {.id = FIELD_NAME,
     .kind = FIELD_TEXT,
     .label = "姓名",
     .col = 10,
     .width = 40,
     .max_chars = 60,
     .required = true,
     .help = "和发票上的开票人、电子税局登记的开票人员一致。"},
    {.id = FIELD_TYPE,
     .kind = FIELD_TEXT,
     .label = "证件类型",
     .row = 1,
     .col = 10,
     .width = 40,
     .max_chars = 40,
     .required = true,
     .help = "代码或名称：201 居民身份证、208 外国护照、210 港澳居民来往内地通行证等。"},
    {.id = FIELD_NUMBER,
     .kind = FIELD_DIGITS,
     .label = "证件号码",
     .row = 2,
     .col = 10,
     .width = 40,
     .max_chars = 30,
     .help = "税局登记的号码，保存后中间几位不再显示。编辑时空着就是不改。"},
    {.id = FIELD_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .row = 3,
     .col = 10,
     .width = 8,
     .choices = STATES,
     .help = "空格或左右键选择。已绑定的才能在联用发票上作开票人。"},
    {.id = FIELD_PLATFORM,
     .kind = FIELD_TEXT,
     .label = "绑定平台",
     .row = 4,
     .col = 10,
     .width = 40,
     .max_chars = 60,
     .required = true,
     .help = "在电子税局 接入管理 > 开票人员登记及管理 里绑定的平台。"},
    {.id = 0},
};

static void fill(struct form *f, void *arg)
{
	const struct drawers *s = arg;
	struct drawer d = {.state = DRAWER_BOUND, .id_type = "201", .platform = "乐企平台"};

	if (*s->asked && desk_drawer_get(ui_session(), s->asked, &d, NULL))
		return;
	form_set(f, FIELD_NAME, d.name);
	form_set(f, FIELD_TYPE, desk_drawer_document(&d));
	form_set(f, FIELD_STATE, drawer_state_label(d.state));
	form_set(f, FIELD_PLATFORM, d.platform);
	form_focus(f, FIELD_NAME);
}

static int field_of(const char *name)
{
	static const struct {
		const char *name;
		int id;
	} ids[] = {{"id_type", FIELD_TYPE},
		   {"id_no", FIELD_NUMBER},
		   {"state", FIELD_STATE},
		   {"platform", FIELD_PLATFORM}};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!strcmp(ids[i].name, name))
			return ids[i].id;
	return FIELD_NAME;
}

static bool store(struct form *f, void *arg)
{
	struct drawers *s = arg;
	const char *number = form_get(f, FIELD_NUMBER);
	const struct drawer_form d = {.name = form_get(f, FIELD_NAME),
				      .id_type = form_get(f, FIELD_TYPE),
				      .id_no = *s->asked && !*number ? NULL : number,
				      .state = form_get(f, FIELD_STATE),
				      .platform = form_get(f, FIELD_PLATFORM)};
	struct err_info e = {0};
	char sentence[1200];
	enum err r = *s->asked ? desk_drawer_edit(ui_session(), s->asked, &d, s->warning, &e)
			       : desk_drawer_add(ui_session(), &d, s->warning, &e);

	if (r) {
		form_fail(f, field_of(e.field), ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	text_copy(s->said, sizeof(s->said), d.name);
	return true;
}

static bool ask_form(struct drawers *s, bool fresh)
{
	text_copy(s->asked, sizeof(s->asked), fresh ? "" : list_row(&s->frame.list)->cell[0]);
	return view_ask(s->frame.view, ASK_FORM, &view_form_ops,
			&(struct ask_form_arg) {.title = fresh ? "登记开票员" : "编辑开票员",
						.fields = FIELDS,
						.fill = fill,
						.arg = s,
						.submit = store,
						.saves = true,
						.note = fresh ? "" : "证件号码空着就是不改。"});
}

static bool ask_remove(struct drawers *s)
{
	text_copy(s->asked, sizeof(s->asked), list_row(&s->frame.list)->cell[0]);
	snprintf(s->question, QUESTION, "移除开票员“%.190s”？已开的发票不变。", s->asked);
	return view_ask(
	    s->frame.view, ASK_REMOVE, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "移除开票员", .text = s->question, .yes = "移除", .no = "保留"});
}

static void drawers_answer(struct view *v, int token, bool ok, const void *result)
{
	struct drawers *s = v->state;
	struct err_info e = {0};

	(void)result;
	if (!ok)
		return;
	if (token == ASK_REMOVE && desk_drawer_remove(ui_session(), s->asked, &e))
		ui_error(&e);
	else if (token == ASK_REMOVE)
		ui_message(MESSAGE_GOOD, "开票员“%s”已移除", s->asked);
	else if (*s->warning)
		ui_message(MESSAGE_WARNING, "“%s”已保存；%s", s->said, s->warning);
	else
		ui_message(MESSAGE_GOOD, "开票员“%s”已%s", s->said, *s->asked ? "保存" : "登记");
	s->frame.list.stale = true;
	view_redraw(v);
}

/* ---- the view ---- */

static const char *drawers_why_not(const struct view *v, enum action a)
{
	const struct drawers *s = v->state;
	bool own = a == ACT_EDIT || a == ACT_REMOVE;

	if (own && !list_row(&s->frame.list))
		return "没有选中的开票员";
	return own || a == ACT_ADD ? screen_may(DESK_UNITS) : NULL;
}

static bool drawers_act(struct view *v, enum action a)
{
	struct drawers *s = v->state;

	if (a == ACT_ADD || a == ACT_EDIT)
		return ask_form(s, a == ACT_ADD);
	return a == ACT_REMOVE && ask_remove(s);
}

static bool drawers_chosen(struct view *v)
{
	const char *why = drawers_why_not(v, ACT_EDIT);

	if (!why)
		return ask_form(v->state, false);
	ui_message(MESSAGE_WARNING, "%s", why);
	return true;
}

static const enum action HINTS[] = {ACT_ADD, ACT_EDIT, ACT_REMOVE, ACT_BACK, ACT_NONE};
static const struct listing_kind DRAWERS = {
    .title = "开票员",
    .empty = "没有登记开票员，按 a 登记；联用单位没有登记的开票人不能开票。",
    .columns = COLUMNS,
    .allow = DESK_VIEW,
    .of_unit = true,
    .hints = HINTS,
    .help = "联用单位的开票人要和税局登记的证件一致。在电子税局 接入管理 > 开票人员登记及管理 里"
	    "增减、绑定平台，再在这里登记。看不到乐企的，核对办税员权限。",
    .read = read_drawers,
    .act = drawers_act,
    .chosen = drawers_chosen,
};

static enum err drawers_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &DRAWERS, e);
}

const struct view_ops view_drawers_ops = {
    LISTING_VIEW,
    .name = "drawers",
    .path = "接入配置 › 开票员",
    .size = sizeof(struct drawers),
    .open = drawers_open,
    .why_not = drawers_why_not,
    .answer = drawers_answer,
};
