/* units.c - 接入配置: 直连单位 and 使用单位, their state; verify, choose, edit, remove (features C). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"
#include "ui/screen/wizard.h"
#include "ui/task.h"

enum { ASK_REMOVE = 1, ASK_ADD };
enum { CELL_ROLE = LIST_COLUMNS - 3, CELL_ENV, CELL_VERIFIED };
enum { PANE_ROWS = 2 };
enum { MANY = 20000 }; /* buyers and goods that nobody waits for */

struct units {
	struct listing frame;
	struct errand errand;
	char question[700];
	struct list_row asked; /* about which one */
	bool many;             /* goes with it */
};

static const struct list_column COLUMNS[] = {
    {.label = "角色", .width = 8, .wide_width = 8},
    {.label = "环境", .width = 4, .wide_width = 4},
    {.label = "名称", .width = -1, .wide_width = -1},
    {.label = "税号", .width = 20, .wide_width = 20},
    {.label = "乐企ID", .width = 0, .wide_width = 20},
    {.label = "状态", .width = 8, .wide_width = 8},
    {.label = "验证时间", .width = 0, .wide_width = 19},
    {.label = NULL},
};

/* ---- rows: units are few, all are read ---- */

struct page {
	struct listing_page *to;
	int64_t seen;
};

static enum err add_unit(void *arg, const struct unit_view *view)
{
	struct page *p = arg;
	const struct unit *u = view->unit;
	struct list_row *row;

	if (p->seen++ < p->to->cursor || p->to->count == p->to->max)
		return ERR_OK;
	row = listing_row(p->to, u->id, u->verified ? FACE_NORMAL : FACE_WARNING);
	text_copy(row->cell[0], LIST_CELL, u->direct ? "直连单位" : "使用单位");
	text_copy(row->cell[1], LIST_CELL, unit_env_label(u->env));
	text_copy(row->cell[2], LIST_CELL, u->name);
	text_copy(row->cell[3], LIST_CELL, u->tax_no);
	text_copy(row->cell[4], LIST_CELL, u->leqi_id);
	text_copy(row->cell[5], LIST_CELL, u->verified ? "验证通过" : "未验证");
	screen_when(u->verified_at, true, row->cell[6]);
	text_copy(row->cell[CELL_ROLE], LIST_CELL, u->direct ? "direct" : "using");
	text_copy(row->cell[CELL_ENV], LIST_CELL, unit_env_word(u->env));
	text_copy(row->cell[CELL_VERIFIED], LIST_CELL, u->verified ? "1" : "");
	return ERR_OK;
}

static enum err read_units(struct view *v, struct listing_page *to, struct err_info *e)
{
	struct page p = {.to = to};
	enum err r = desk_unit_list(ui_session(), NULL, add_unit, &p, e);
	int64_t read = to->cursor + to->count;

	(void)v;
	to->total = p.seen;
	to->next = read < p.seen ? read : 0;
	return r;
}

static struct unit_ref ref_of(const struct list_row *row)
{
	return (struct unit_ref) {row->cell[3], row->cell[CELL_ROLE], row->cell[CELL_ENV]};
}

/* ---- detail ---- */

static enum err unit_text(void *arg, const struct unit_view *view)
{
	struct buf *b = arg;
	const struct unit *u = view->unit;
	const struct code_row *region = code_find(CODES_REGIONS, u->region ? u->region : "");

	detail_add(b, "角色", u->direct ? "直连单位" : "使用单位");
	detail_add(b, "环境", unit_env_label(u->env));
	detail_add(b, "状态", u->verified ? "验证通过" : "未验证");
	detail_add(b, "没有通过的原因", u->verify_error);
	detail_time(b, "验证时间", u->verified_at);
	detail_add(b, "名称", u->name);
	detail_add(b, "税号", u->tax_no);
	detail_add(b, "乐企ID", u->leqi_id);
	detail_add(b, "直连单位税号", view->direct);
	detail_add(b, "关系", u->direct ? "" : u->joint ? "联用" : "自用");
	detail_add(b, "税务机关", region ? region->name : u->region);
	detail_add(b, "接入地址", u->url);
	detail_add(b, "代理服务地址", u->connect_to);
	detail_add(b, "API 密钥", u->key_hint);
	detail_add(b, "自有 CA 证书", text_empty(u->ca_pem) ? "" : "有");
	detail_add(b, "接口版本", u->edition);
	detail_add(b, "地址", u->address);
	detail_add(b, "电话", u->phone);
	detail_add(b, "开户行", u->bank);
	detail_add(b, "账号", u->account);
	return ERR_OK;
}

static bool open_unit(const struct list_row *row)
{
	struct unit_ref ref = ref_of(row);
	struct err_info e = {0};
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	if (desk_unit_show(ui_session(), &ref, unit_text, &b, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops,
			  &(struct read_arg) {.title = "单位", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

/* ---- what can be done ---- */

static bool verify(struct units *s)
{
	struct unit_ref ref = ref_of(list_row(&s->frame.list));
	struct err_info e = {0};
	enum err r = desk_unit_verify(ui_session(), &ref, errand_wait(&s->errand), &e);

	errand_begin(&s->errand, "验证单位", r, &e);
	return true;
}

static bool use_unit(const struct list_row *row)
{
	char choice[LIST_CELL];

	snprintf(choice, sizeof(choice), "%.40s@%.40s", row->cell[3], row->cell[1]);
	screen_use_unit(choice);
	return true;
}

static bool edit_unit(const struct units *s)
{
	const struct list_row *row = list_row(&s->frame.list);
	struct wizard_arg a = {.ref = ref_of(row)};

	return view_push(&view_wizard_ops, &a);
}

/* The first unit is a direct one; later a person says which. */
static bool ask_add(struct view *v)
{
	static const char *const KINDS[] = {"使用单位：开票的企业", "直连单位：接入税局的企业",
					    NULL};
	const struct units *s = v->state;

	if (!s->frame.list.count)
		return view_push(&view_wizard_ops, &(struct wizard_arg) {.fresh = true});
	return view_ask(v, ASK_ADD, &view_choose_ops,
			&(struct choose_arg) {.title = "新增", .lines = KINDS});
}

static bool ask_remove(struct view *v)
{
	struct units *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	const struct unit_ref ref = ref_of(row);
	char words[UNIT_CATALOGUE_WORDS];
	struct err_info e = {0};
	int64_t rows;

	if (desk_unit_catalogue(ui_session(), &ref, words, &rows, &e)) {
		ui_error(&e);
		return true;
	}
	snprintf(s->question, sizeof(s->question), "删除%.20s %.200s（%.24s，%.20s环境）？%s%s%s",
		 row->cell[0], row->cell[2], row->cell[3], row->cell[1], *words ? "它的" : "",
		 words, *words ? "会一起删除，不能恢复。" : "");
	s->question[text_whole(s->question, strlen(s->question))] = 0;
	s->many = rows > MANY;
	s->asked = *row; /* the list may have changed when the answer comes */
	return view_ask(v, ASK_REMOVE, &view_ask_ops,
			&(struct ask_arg) {
			    .title = "删除单位", .text = s->question, .yes = "删除", .no = "保留"});
}

/* As a task, with the row of the unit that goes. */
static enum err remove_work(struct session *s, void *arg, struct import_progress *p, void **result,
			    struct err_info *e)
{
	struct list_row *row = mem_alloc(sizeof(*row));
	const struct unit_ref ref = ref_of(arg);

	*row = *(const struct list_row *)arg;
	*result = row;
	return desk_unit_remove(s, &ref, true, p, e);
}

static void remove_report(struct task_end *end)
{
	const struct list_row *row = end->result;

	if (end->verdict)
		ui_error(&end->error);
	else
		ui_message(MESSAGE_GOOD, "%s 已删除", row->cell[2]);
	free(end->result);
	ui_wake_engine();
}

static void remove_with_many(const struct units *s)
{
	struct list_row *row = mem_alloc(sizeof(*row));
	char label[100];

	*row = s->asked;
	snprintf(label, sizeof(label), "删除%.60s", row->cell[2]);
	label[text_whole(label, strlen(label))] = 0;
	task_run(&(struct task_spec) {.label = label,
				      .word = "删除",
				      .unit = "行",
				      .work = remove_work,
				      .arg = row,
				      .arg_free = free,
				      .result_free = free,
				      .report = remove_report,
				      .writes = true});
}

static void remove_unit(struct units *s)
{
	const struct unit_ref ref = ref_of(&s->asked);
	struct err_info e = {0};

	if (s->many) {
		remove_with_many(s);
		return;
	}
	if (desk_unit_remove(ui_session(), &ref, true, NULL, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "%s 已删除", s->asked.cell[2]);
	s->frame.list.stale = true;
	ui_wake_engine();
}

/* ---- the view ---- */

static bool units_content(struct view *v, bool changed)
{
	struct units *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e))
		errand_tell(&s->errand, verdict, &e);
	return true;
}

static void paint_pane(const struct units *s)
{
	const struct ui_facts *f = ui_facts();
	struct rect r = s->frame.head;
	char text[600], words[160];
	enum face face = f->production ? FACE_ENV_PRODUCTION : FACE_ENV_PRACTICE;
	int col = 1;

	draw_clear(r, FACE_NORMAL);
	if (f->has_unit) {
		snprintf(text, sizeof(text), " %s环境 ", f->env);
		col += draw_run(r, 0, col, face, text) + 1;
		snprintf(text, sizeof(text), "当前使用单位 %s %s", f->unit_name, f->unit_tax_no);
		draw_text(r, 0, col, r.w - col, ALIGN_LEFT, FACE_VALUE, text);
	} else {
		draw_run(r, 0, col, FACE_WARNING,
			 "还没有选定使用单位：按 w 配置，或移到使用单位按 o 选用");
	}
	draw_text(r, 1, 1, r.w - 2, ALIGN_LEFT, FACE_WARNING, errand_words(&s->errand, words));
}

static bool units_paint(struct view *v)
{
	struct units *s = v->state;

	paint_pane(s);
	return true;
}

static void units_answer(struct view *v, int token, bool ok, const void *result)
{
	if (ok && token == ASK_REMOVE)
		remove_unit(v->state);
	if (ok && token == ASK_ADD && !*(const int *)result)
		view_push(&view_wizard_ops, &(struct wizard_arg) {.fresh = true});
	else if (ok && token == ASK_ADD)
		view_push(&view_wizard_ops, &(struct wizard_arg) {.fresh_direct = true});
}

static const char *units_why_not(const struct view *v, enum action a)
{
	const struct units *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	bool own = a == ACT_EDIT || a == ACT_REMOVE || a == ACT_VERIFY;

	if ((own || a == ACT_USE_UNIT) && !row)
		return "没有选中的单位";
	if (a == ACT_USE_UNIT)
		return strcmp(row->cell[CELL_ROLE], "using") != 0 ? "开票的是使用单位，请选使用单位"
								  : NULL;
	if ((own || a == ACT_ADD) && screen_may(DESK_UNITS))
		return screen_may(DESK_UNITS);
	return a == ACT_VERIFY ? errand_why(&s->errand) : NULL;
}

static bool units_act(struct view *v, enum action a)
{
	struct units *s = v->state;

	switch (a) {
	case ACT_ADD:
		return ask_add(v);
	case ACT_EDIT:
		return edit_unit(s);
	case ACT_REMOVE:
		return ask_remove(v);
	case ACT_VERIFY:
		return verify(s);
	case ACT_USE_UNIT:
		return use_unit(list_row(&s->frame.list));
	case ACT_SYNC_TAXPAYER:
		return ui_do(ACT_GO_TAXPAYER) && ui_do(ACT_SYNC_TAXPAYER);
	default:
		return false;
	}
}

static bool units_chosen(struct view *v)
{
	const struct units *s = v->state;

	return open_unit(list_row(&s->frame.list));
}

static const char *units_state(const struct view *v)
{
	const struct units *s = v->state;

	return s->errand.open ? "waiting" : NULL;
}

static void units_close(struct view *v)
{
	struct units *s = v->state;

	errand_free(&s->errand);
}

static const enum action HINTS[] = {ACT_DETAIL,    ACT_VERIFY, ACT_USE_UNIT, ACT_ADD, ACT_EDIT,
				    ACT_GO_WIZARD, ACT_REMOVE, ACT_BACK,     ACT_NONE};
static const struct listing_kind UNITS = {
    .title = "接入单位",
    .empty = "还没有单位，按 w 开始开票业务配置。",
    .columns = COLUMNS,
    .allow = DESK_UNITS_VIEW,
    .head = PANE_ROWS,
    .hints = HINTS,
    .help = "直连单位有乐企ID、接入地址和密钥，使用单位在它下面开票；两者都验证通过才能开票。t "
	    "验证，o 选用，e 编辑。",
    .read = read_units,
    .content = units_content,
    .paint = units_paint,
    .act = units_act,
    .chosen = units_chosen,
    .state_now = units_state,
    .close = units_close,
};

static enum err units_open(struct view *v, const void *arg, struct err_info *e)
{
	struct units *s = v->state;
	enum err r = listing_open(v, &UNITS, e);

	(void)arg;
	s->frame.list.everywhere = true;
	return r;
}

const struct view_ops view_units_ops = {
    LISTING_BODY,           .name = "units",
    .path = "接入配置",     .size = sizeof(struct units),
    .open = units_open,     .paint = listing_paint,
    .act = listing_act,     .why_not = units_why_not,
    .answer = units_answer,
};
