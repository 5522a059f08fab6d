/* doctor.c - 检查连接: every hop from here to the tax side, and what each unit has (desk/doctor.h). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"

enum { CELL_MEND = LIST_COLUMNS - 1, CELL_ITEM = LIST_COLUMNS - 2 };

struct doctor_view {
	struct listing frame;
	struct errand errand;
	struct doctor *found;
};

static const struct list_column COLUMNS[] = {
    {.label = "结果", .width = 4, .wide_width = 6},
    {.label = "检查", .width = 14, .wide_width = 16},
    {.label = "单位", .width = 20, .wide_width = 34},
    {.label = "情况", .width = -1, .wide_width = -1},
    {.label = NULL},
};

static enum face face_of(enum doctor_level l)
{
	static const enum face FACES[] = {[DOCTOR_OK] = FACE_NORMAL,
					  [DOCTOR_WARN] = FACE_WARNING,
					  [DOCTOR_BAD] = FACE_ERROR,
					  [DOCTOR_UNSEEN] = FACE_DIM,
					  [DOCTOR_ASKING] = FACE_DIM};

	return FACES[l];
}

/* Where it is mended here; what the desk says of it is a command. */
static const char *mend_of(const struct doctor_row *r, char *out, size_t size)
{
	static const struct {
		const char *item, *mend;
	} MENDS[] = {
	    {"units", "请到“开票业务配置”画面增加直连单位"},
	    {"verified", "请到“接入配置”画面选中它按 t 验证"},
	    {"quota", "请到“授信额度”画面下载额度"},
	    {"numbers", "请到“数电领购”画面领购"},
	    {"summary", "请到“乐企汇总确认”画面确认"},
	    {"answer", "请稍后按 t 再查；引擎在办什么，“任务”里看得到"},
	};
	size_t i;

	for (i = 0; strstr(r->mend, "kaipiao ") && i < sizeof(MENDS) / sizeof(MENDS[0]); i++)
		if (!strcmp(MENDS[i].item, r->item))
			return MENDS[i].mend;
	return ui_spoken(r->mend, out, size);
}

struct reading {
	struct listing_page *page;
	int64_t at;
};

static enum err add_row(void *arg, const struct doctor_row *r)
{
	struct reading *d = arg;
	struct listing_page *p = d->page;
	struct list_row *row;
	char mend[LIST_CELL];
	int64_t at = d->at++;

	if (at < p->cursor)
		return ERR_OK;
	if (p->count == p->max) {
		if (!p->next)
			p->next = at;
		return ERR_OK;
	}
	row = listing_row(p, at + 1, face_of(r->level));
	text_copy(row->cell[0], LIST_CELL, doctor_level_label(r->level));
	text_copy(row->cell[1], LIST_CELL, r->label);
	if (*r->unit_name)
		snprintf(row->cell[2], LIST_CELL, "%.300s（%s）", r->unit_name, r->env);
	snprintf(row->cell[3], LIST_CELL, "%.900s", r->detail);
	row->cell[3][text_whole(row->cell[3], strlen(row->cell[3]))] = 0;
	if (r->level == DOCTOR_WARN || r->level == DOCTOR_BAD)
		text_copy(row->cell[CELL_MEND], LIST_CELL, mend_of(r, mend, sizeof(mend)));
	text_copy(row->cell[CELL_ITEM], LIST_CELL, r->item);
	return ERR_OK;
}

static enum err read_rows(struct view *v, struct listing_page *p, struct err_info *e)
{
	struct doctor_view *s = v->state;
	struct reading d = {.page = p};
	enum err r;

	if (!s->found)
		return ERR_OK;
	desk_doctor_waits(s->found, s->errand.open);
	r = desk_doctor_report(ui_session(), s->found, add_row, &d, e);
	p->total = d.at;
	return r;
}

/* Asks, in place of what was asked before. */
static void ask(struct doctor_view *s)
{
	struct err_info e = {0};
	struct doctor *d = NULL;
	enum err r = desk_doctor_begin(ui_session(), false, errand_wait(&s->errand), &d, &e);

	if (d) {
		desk_doctor_free(&s->found);
		s->found = d;
	}
	errand_begin(&s->errand, "检查连接", r, &e);
	s->frame.list.stale = true;
}

static bool row_chosen(struct view *v)
{
	const struct listing *s = v->state;
	const struct list_row *row = list_row(&s->list);
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	detail_add(&b, "检查", row->cell[1]);
	detail_add(&b, "单位", row->cell[2]);
	detail_add(&b, "结果", row->cell[0]);
	detail_add(&b, "情况", row->cell[3]);
	detail_add(&b, "处理", row->cell[CELL_MEND]);
	view_push(&view_read_ops,
		  &(struct read_arg) {.title = "检查连接",
				      .text = buf_str(&b),
				      .trouble = row->cell[CELL_MEND][0] ? row->cell[3] : ""});
	buf_free(&b);
	return true;
}

static bool doctor_content(struct view *v, bool changed)
{
	struct doctor_view *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e)) {
		errand_tell(&s->errand, verdict, &e);
		s->frame.list.stale = true;
	}
	s->frame.list.stale |= changed && s->errand.open; /* one unit's result came */
	return true;
}

static const char *doctor_state(const struct view *v)
{
	const struct doctor_view *s = v->state;

	return s->errand.open ? "waiting" : NULL;
}

static bool doctor_act(struct view *v, enum action a)
{
	struct doctor_view *s = v->state;

	if (a != ACT_RETRY)
		return false;
	ask(s);
	return true;
}

static const char *doctor_why_not(const struct view *v, enum action a)
{
	const struct doctor_view *s = v->state;

	if (a != ACT_RETRY)
		return NULL;
	return errand_why(&s->errand) ? errand_why(&s->errand) : screen_may(DESK_REFRESH);
}

static void doctor_close(struct view *v)
{
	struct doctor_view *s = v->state;

	errand_free(&s->errand);
	desk_doctor_free(&s->found);
}

static const enum action HINTS[] = {ACT_DETAIL, ACT_RETRY, ACT_REFRESH, ACT_BACK, ACT_NONE};
static const struct listing_kind DOCTOR = {
    .title = "检查",
    .empty = "还没有直连单位",
    .columns = COLUMNS,
    .allow = DESK_VIEW,
    .hints = HINTS,
    .help = "一步一步走到税局：第一个错的是原因，它后面的没有查。回车看处理办法，t 再查一次。",
    .read = read_rows,
    .act = doctor_act,
    .chosen = row_chosen,
    .content = doctor_content,
    .state_now = doctor_state,
    .close = doctor_close,
};

static enum err doctor_open(struct view *v, const void *arg, struct err_info *e)
{
	enum err r = listing_open(v, &DOCTOR, e);

	(void)arg;
	if (!r)
		ask(v->state);
	return r;
}

const struct view_ops view_doctor_ops = {
    LISTING_VIEW,
    .name = "doctor",
    .path = "接入配置 › 检查连接",
    .size = sizeof(struct doctor_view),
    .open = doctor_open,
    .why_not = doctor_why_not,
};
