/* units.c - 接入配置: 直连单位 and 使用单位, their state; verify, choose, edit, remove (features C). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/import.h"
#include "ui/screen/units_p.h"
#include "ui/screen/wizard.h"

enum { ASK_REMOVE = 1, ASK_ADD, ASK_FREEZE, ASK_SAFETY, ASK_REMOVE_ALL };
enum { PANE_ROWS = 2, VERIFY_WORDS = 1200 };
enum { BY_NAME = 1, BY_TAX_NO, BY_STATE, BY_PROJECT, BY_FILING, BY_PROXY };

static const char *const STATES[] = {"全部", "未验证", "验证通过", "已冻结", NULL};
static const char *const STATE_WORDS[] = {NULL, "unverified", "verified", "frozen"};
#define TEXT_OF(ID, LABEL, ROW, COL, WIDTH, HELP)                                                  \
	{                                                                                          \
		.id = ID, .kind = FIELD_TEXT, .label = LABEL, .row = ROW, .col = COL,              \
		.width = WIDTH, .max_chars = 60, .help = HELP                                      \
	}
static const struct field FILTER[] = {
    TEXT_OF(BY_NAME, "名称", 0, 12, 12, "名称里的几个字；几个条件一起用，回车查询。"),
    TEXT_OF(BY_TAX_NO, "税号", 0, 36, 15, "税号的一段。"),
    {.id = BY_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .row = 0,
     .col = 62,
     .width = 8,
     .choices = STATES,
     .help = "空格或左右键选择；回车查询。"},
    TEXT_OF(BY_PROJECT, "渠道/项目", 1, 12, 12, "渠道/项目名称里的几个字。"),
    TEXT_OF(BY_FILING, "备案地区", 1, 36, 15, "备案地区里的几个字。"),
    TEXT_OF(BY_PROXY, "代理 IP", 1, 62, 15, "代理服务地址或代理服务器的一段，例如 116.116。"),
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "角色", .width = 8, .wide_width = 8},
    {.label = "环境", .width = 4, .wide_width = 4},
    {.label = "名称", .width = -1, .wide_width = -1},
    {.label = "税号", .width = 20, .wide_width = 20},
    {.label = "乐企ID", .width = 0, .wide_width = 20},
    {.label = "状态", .width = 8, .wide_width = 8},
    {.label = "渠道/项目", .width = 0, .wide_width = 14, .from = 140},
    {.label = "验证时间", .width = 0, .wide_width = 11},
    {.label = NULL},
};

/* ---- rows: units are few, all are read ---- */

struct page {
	struct listing_page *to;
	int64_t seen;
};

static const char *state_of(const struct unit *u)
{
	return u->frozen_at ? "已冻结" : u->verified ? "验证通过" : "未验证";
}

static enum err add_unit(void *arg, const struct unit_view *view)
{
	struct page *p = arg;
	const struct unit *u = view->unit;
	struct list_row *row;

	if (p->seen++ < p->to->cursor || p->to->count == p->to->max)
		return ERR_OK;
	row = listing_row(p->to, u->id, u->verified && !u->frozen_at ? FACE_NORMAL : FACE_WARNING);
	text_copy(row->cell[0], LIST_CELL, u->direct ? "直连单位" : "使用单位");
	text_copy(row->cell[1], LIST_CELL, unit_env_label(u->env));
	snprintf(row->cell[2], LIST_CELL, "%s%.900s", u->direct ? "" : "└ ", u->name);
	text_copy(row->cell[3], LIST_CELL, u->tax_no);
	text_copy(row->cell[4], LIST_CELL, u->leqi_id);
	text_copy(row->cell[5], LIST_CELL, state_of(u));
	text_copy(row->cell[6], LIST_CELL, u->project);
	screen_when(u->verified_at, false, row->cell[7]);
	text_copy(row->cell[CELL_NAME], LIST_CELL, u->name);
	text_copy(row->cell[CELL_FROZEN], LIST_CELL, u->frozen_at ? "1" : "");
	text_copy(row->cell[CELL_ROLE], LIST_CELL, u->direct ? "direct" : "using");
	text_copy(row->cell[CELL_ENV], LIST_CELL, unit_env_word(u->env));
	return ERR_OK;
}

static enum err read_units(struct view *v, struct listing_page *to, struct err_info *e)
{
	const struct form *f = &((const struct units *)v->state)->frame.filter;
	int state = form_choice(f, BY_STATE);
	const struct unit_query q = {
	    .name = form_get(f, BY_NAME),
	    .tax_no = form_get(f, BY_TAX_NO),
	    .project = form_get(f, BY_PROJECT),
	    .filing_region = form_get(f, BY_FILING),
	    .proxy = form_get(f, BY_PROXY),
	    .state = state > 0 ? STATE_WORDS[state] : NULL,
	    .tree = true,
	};
	struct page p = {.to = to};
	enum err r = desk_unit_query(ui_session(), &q, add_unit, &p, e);
	int64_t read = to->cursor + to->count;

	to->total = p.seen;
	to->next = read < p.seen ? read : 0;
	return r;
}

struct unit_ref units_ref(const struct list_row *row)
{
	return (struct unit_ref) {row->cell[3], row->cell[CELL_ROLE], row->cell[CELL_ENV]};
}

/* ---- detail ---- */

static enum err unit_text(void *arg, const struct unit_view *view)
{
	struct buf *b = arg;
	const struct unit *u = view->unit;
	const struct code_row *region = code_find(CODES_REGIONS, u->region ? u->region : "");
	char why[VERIFY_WORDS];

	detail_add(b, "角色", u->direct ? "直连单位" : "使用单位");
	detail_add(b, "环境", unit_env_label(u->env));
	detail_add(b, "状态", u->verified ? "验证通过" : "未验证");
	detail_time(b, "冻结时间", u->frozen_at);
	detail_add(b, "冻结原因", u->frozen_why);
	detail_add(b, "没有通过的原因",
		   ui_spoken(u->verify_error ? u->verify_error : "", why, sizeof(why)));
	detail_time(b, "验证时间", u->verified_at);
	detail_add(b, "名称", u->name);
	detail_add(b, "税号", u->tax_no);
	detail_add(b, "乐企ID", u->leqi_id);
	detail_add(b, "直连单位税号", view->direct);
	detail_add(b, "关系", u->direct ? "" : u->joint ? "联用" : "自用");
	detail_add(b, "税务机关", region ? region->name : u->region);
	detail_add(b, "接入地址", u->url);
	detail_add(b, "代理服务地址", u->connect_to);
	detail_add(b, "代理服务器", u->proxy);
	detail_add(b, "证书名称", u->tls_name);
	detail_add(b, "API 密钥", u->key_hint);
	detail_add(b, "自有 CA 证书", text_empty(u->ca_pem) ? "" : "有");
	detail_add(b, "接口版本", u->edition);
	detail_add(b, "开票通道", view->issue_channel);
	detail_add(b, "收票通道", view->collect_channel);
	detail_add(b, "接入能力", view->abilities);
	detail_add(b, "税局答复的能力", view->told);
	detail_add(b, "渠道/项目名称", u->project);
	detail_add(b, "备案地区", u->filing_region);
	detail_add(b, "经办身份", view->handler);
	detail_add(b, "授权日期", view->granted);
	detail_add(b, "开票安全验证截止日", u->safety_until);
	detail_add(b, "地址", u->address);
	detail_add(b, "电话", u->phone);
	detail_add(b, "开户行", u->bank);
	detail_add(b, "账号", u->account);
	return ERR_OK;
}

static bool open_unit(const struct list_row *row)
{
	struct unit_ref ref = units_ref(row);
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
	struct wizard_arg a = {.ref = units_ref(row)};

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

/* ---- the view ---- */

static bool units_content(struct view *v, bool changed)
{
	struct units *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e))
		units_verified(s, verdict, &e);
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
		units_remove(v->state);
	if (ok && token == ASK_REMOVE_ALL)
		units_remove_all(v->state);
	if (ok && token == ASK_FREEZE)
		units_freeze(v->state, result);
	if (ok && token == ASK_SAFETY)
		units_set_safety(v->state, result);
	if (ok && token == ASK_ADD && !*(const int *)result)
		view_push(&view_wizard_ops, &(struct wizard_arg) {.fresh = true});
	else if (ok && token == ASK_ADD)
		view_push(&view_wizard_ops, &(struct wizard_arg) {.fresh_direct = true});
}

static const char *units_why_not(const struct view *v, enum action a)
{
	const struct units *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);
	bool own = a == ACT_EDIT || a == ACT_REMOVE || a == ACT_REMOVE_ALL || a == ACT_VERIFY ||
		   a == ACT_FREEZE || a == ACT_SAFETY;
	bool marked = a == ACT_VERIFY && s->frame.list.mark_count;

	if ((own || a == ACT_USE_UNIT) && !row && !marked)
		return "没有选中的单位";
	if (a == ACT_FREEZE && strcmp(row->cell[CELL_ROLE], "using") != 0)
		return "冻结的是使用单位，请选使用单位";
	if (a == ACT_SAFETY && strcmp(row->cell[CELL_ROLE], "using") != 0)
		return "开票安全验证是使用单位的，请选使用单位";
	if (a == ACT_USE_UNIT)
		return strcmp(row->cell[CELL_ROLE], "using") != 0 ? "开票的是使用单位，请选使用单位"
								  : NULL;
	if ((own || a == ACT_ADD || a == ACT_IMPORT) && screen_may(DESK_UNITS))
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
		return units_ask_remove(v, ASK_REMOVE);
	case ACT_REMOVE_ALL:
		return units_ask_remove_all(v, ASK_REMOVE_ALL);
	case ACT_VERIFY:
		return units_verify(s);
	case ACT_FREEZE:
		return units_ask_freeze(v, ASK_FREEZE);
	case ACT_SAFETY:
		return units_ask_safety(v, ASK_SAFETY);
	case ACT_IMPORT:
		return view_push(&view_import_ops, &(struct import_arg) {"unit"});
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
	free(s->asked_ids);
}

/* What is done with several or for all comes first; the help names the rest. */
static const enum action HINTS[] = {ACT_MARK,      ACT_VERIFY,     ACT_ADD,      ACT_EDIT,
				    ACT_GO_DOCTOR, ACT_IMPORT,     ACT_FREEZE,   ACT_FIND,
				    ACT_DETAIL,    ACT_REMOVE,     ACT_USE_UNIT, ACT_SAFETY,
				    ACT_GO_WIZARD, ACT_GO_DRAWERS, ACT_BACK,     ACT_NONE};
static const struct listing_kind UNITS = {
    .title = "接入单位",
    .empty = "没有单位。还没有配置时按 w 开始开票业务配置；有条件时可按 F3 改一改。",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_UNITS_VIEW,
    .head = PANE_ROWS,
    .hints = HINTS,
    .help =
	"直连单位有乐企ID、接入地址和密钥，使用单位在它下面开票；两者都验证通过才能开票。/ 按"
	"名称、税号、渠道、地区、代理查找，空格勾选，t 验证勾选的或这一个，z 冻结，o 选用，e 编辑，"
	"m 安全验证截止日，n 开票员，i 接入条件；x 删除没有记录的，X 备份后连同记录删除。",
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
    LISTING_VIEW,           .name = "units",
    .path = "接入配置",     .size = sizeof(struct units),
    .open = units_open,     .why_not = units_why_not,
    .answer = units_answer,
};
