/* access_terms.c - 接入条件: four items, what the tax side and what a person says (features B1-B5). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"
#include "ui/screens.h"

enum { FIELD_ANSWER = 1, FIELD_NOTE };
enum { ASK_ANSWER = 1 };

struct terms {
	struct listing frame;
	struct eligibility_view items[ELIGIBILITY_ITEMS];
	size_t asked; /* of the open dialog */
};

static const struct list_column COLUMNS[] = {
    {.label = "项", .width = 2, .wide_width = 3, .align = ALIGN_RIGHT},
    {.label = "条件", .width = -1, .wide_width = -1},
    {.label = "结果", .width = 6, .wide_width = 8},
    {.label = "说明", .width = 26, .wide_width = 44},
    {.label = NULL},
};

static enum err read_terms(struct view *v, struct listing_page *to, struct err_info *e)
{
	static const enum face FACES[] = {[ELIGIBLE_UNTOLD] = FACE_NORMAL,
					  [ELIGIBLE_YES] = FACE_NORMAL,
					  [ELIGIBLE_WARNING] = FACE_WARNING,
					  [ELIGIBLE_NO] = FACE_ERROR};
	struct terms *s = v->state;
	enum err r = desk_eligibility(ui_session(), s->items, NULL, e);

	for (size_t i = 0; i < ELIGIBILITY_ITEMS && !r && to->count < to->max; i++) {
		const struct eligibility_view *item = &s->items[i];
		struct list_row *row = listing_row(to, (int64_t)item->no, FACES[item->state]);

		snprintf(row->cell[0], LIST_CELL, "%zu", item->no);
		text_copy(row->cell[1], LIST_CELL, item->item->condition);
		text_copy(row->cell[2], LIST_CELL, eligibility_state_label(item->state));
		text_copy(row->cell[3], LIST_CELL, item->text);
	}
	to->total = to->count;
	to->next = 0;
	return r;
}

static const struct eligibility_view *selected(const struct terms *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	return row ? &s->items[row->id - 1] : NULL;
}

/* ---- answering ---- */

static const char *const SAID[] = {"待确认", "是", "否", NULL};
static const char *const EXEMPT[] = {"待确认", "是", NULL};
#define NOTE_FIELD                                                                                 \
	{                                                                                          \
		.id = FIELD_NOTE, .kind = FIELD_TEXT, .label = "说明", .row = 1, .col = 14,        \
		.width = 44, .max_chars = 200, .help = "依据、文号等，可以空着。"      \
	}
static const struct field BY_PERSON[] = {
    {.id = FIELD_ANSWER,
     .kind = FIELD_CHOICE,
     .label = "满足这一条",
     .col = 14,
     .width = 8,
     .choices = SAID,
     .help = "空格或左右键选择。"},
    NOTE_FIELD,
    {.id = 0},
};
static const struct field BY_EXEMPTION[] = {
    {.id = FIELD_ANSWER,
     .kind = FIELD_CHOICE,
     .label = "不参与评价",
     .col = 14,
     .width = 8,
     .choices = EXEMPT,
     .help = "个体工商户、非独立核算分支机构等不参与纳税信用评价的，选“是”。"},
    NOTE_FIELD,
    {.id = 0},
};

static void fill(struct form *f, void *arg)
{
	const struct eligibility_view *item = arg;

	/* A no to an exemption is as if nothing had been said. */
	form_set(
	    f, FIELD_ANSWER,
	    SAID[item->item->exempt && item->answer == ANSWER_NO ? ANSWER_NONE : item->answer]);
	form_set(f, FIELD_NOTE, item->note);
	form_focus(f, FIELD_ANSWER);
}

static bool ask(struct terms *s)
{
	const struct eligibility_view *item = selected(s);

	s->asked = item->no;
	return view_ask(
	    s->frame.view, ASK_ANSWER, &view_form_ops,
	    &(struct ask_form_arg) {.title = item->item->exempt ? "纳税信用级别" : "人工确认",
				    .fields = item->item->exempt ? BY_EXEMPTION : BY_PERSON,
				    .fill = fill,
				    .arg = &s->items[item->no - 1],
				    .note = item->item->condition,
				    .saves = true});
}

static void terms_answer(struct view *v, int token, bool ok, const void *result)
{
	struct terms *s = v->state;
	struct err_info e = {0};

	if (!ok || token != ASK_ANSWER)
		return;
	if (desk_eligibility_answer(ui_session(), s->asked, form_get(result, FIELD_ANSWER),
				    form_get(result, FIELD_NOTE), &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "第 %zu 项已记下", s->asked);
	s->frame.list.stale = true;
	view_redraw(v);
}

/* ---- the view ---- */

static const char *terms_why_not(const struct view *v, enum action a)
{
	const struct eligibility_view *item = selected(v->state);

	if (a != ACT_EDIT)
		return NULL;
	if (!item)
		return "没有选中的条件";
	if (!item->item->manual && !item->item->exempt)
		return "这一项由税局的风险信息决定，请同步税局信息";
	return screen_may(DESK_UNITS);
}

static bool terms_act(struct view *v, enum action a)
{
	if (a == ACT_EDIT)
		return ask(v->state);
	if (a == ACT_SYNC_TAXPAYER)
		return ui_do(ACT_GO_TAXPAYER) && ui_do(ACT_SYNC_TAXPAYER);
	return false;
}

static bool terms_chosen(struct view *v)
{
	const struct terms *s = v->state;
	const struct eligibility_view *item = selected(s);
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	detail_add(&b, "条件", item->item->condition);
	detail_add(&b, "结果", eligibility_state_label(item->state));
	detail_add(&b, "说明", item->text);
	detail_add(&b, "确认人", item->by);
	detail_time(&b, "确认时间", item->at);
	detail_add(&b, "依据", ELIGIBILITY_SOURCE);
	view_push(&view_read_ops, &(struct read_arg) {.title = "接入条件", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

static const enum action HINTS[] = {ACT_EDIT, ACT_DETAIL, ACT_SYNC_TAXPAYER, ACT_BACK, ACT_NONE};
static const struct listing_kind TERMS = {
    .title = "接入条件",
    .empty = "没有接入条件。",
    .columns = COLUMNS,
    .allow = DESK_UNITS_VIEW,
    .hints = HINTS,
    .help =
	"自用要满足这四条。e 人工确认第 1、4 项，或说明不参与评价；信用级别和风险取自税局，s 同步。"
	"依据 https://hunan.chinatax.gov.cn/show/20250117785342，由您自己查阅。",
    .read = read_terms,
    .act = terms_act,
    .chosen = terms_chosen,
};

static enum err terms_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &TERMS, e);
}

const struct view_ops view_eligibility_ops = {
    LISTING_VIEW,
    .name = "eligibility",
    .path = "接入配置 › 接入条件",
    .size = sizeof(struct terms),
    .open = terms_open,
    .why_not = terms_why_not,
    .answer = terms_answer,
};
