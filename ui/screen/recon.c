/* recon.c - 对账: the runs of the unit; beginning one. */
#include "ui/screen/recon.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/screen/listing.h"
#include "ui/screens.h"

enum { FIELD_MONTH = 1, FIELD_WAY, FIELD_FULL };
enum { CELL_NOTES = LIST_COLUMNS - 1 };

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 5, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "月份", .width = 7, .wide_width = 8},
    {.label = "状态", .width = 10, .wide_width = 10},
    {.label = "本机已开", .width = 8, .wide_width = 10, .align = ALIGN_RIGHT},
    {.label = "税局清单", .width = 8, .wide_width = 10, .align = ALIGN_RIGHT},
    {.label = "一致", .width = 6, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "差异", .width = 5, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "其他渠道", .width = 8, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "开始时间", .width = -1, .wide_width = -1},
    {.label = NULL},
};

/* ---- rows ---- */

static void put_int(char *cell, int64_t n)
{
	snprintf(cell, LIST_CELL, "%lld", (long long)n);
}

static enum err add_run(void *arg, const struct recon_run *r)
{
	struct listing_page *p = arg;
	bool running = strcmp(r->state, "running") == 0;
	struct list_row *row = listing_row(p, r->id,
					   running          ? FACE_VALUE
					   : r->differences ? FACE_WARNING
							    : FACE_NORMAL);
	int at = 0;

	put_int(row->cell[at++], r->id);
	text_copy(row->cell[at++], LIST_CELL, r->month);
	text_copy(row->cell[at++], LIST_CELL,
		  running          ? desk_recon_stage(r)
		  : r->differences ? "有差异"
				   : "没有差异");
	put_int(row->cell[at++], r->ours);
	put_int(row->cell[at++], r->theirs);
	put_int(row->cell[at++], r->same);
	put_int(row->cell[at++], r->differences);
	put_int(row->cell[at++], r->others);
	screen_when(r->created_at, p->wide, row->cell[at]);
	text_copy(row->cell[CELL_NOTES], LIST_CELL, r->notes);
	return ERR_OK;
}

static enum err read_runs(struct view *v, struct listing_page *p, struct err_info *e)
{
	(void)v;
	return desk_recon_list(ui_session(), p->cursor, p->max, add_run, p, &p->next, &p->total, e);
}

/* ---- beginning ---- */

static const char *const WAYS[] = {"用清单", "只逐张查", NULL};
static const char *const FULL[] = {"不逐张查", "逐张查", NULL};
static const struct field START[] = {
    {.id = FIELD_MONTH,
     .kind = FIELD_TEXT,
     .label = "月份",
     .col = 9,
     .width = 8,
     .offered = true,
     .max_chars = 7,
     .help = "YYYY-MM，不晚于本月。"},
    {.id = FIELD_WAY,
     .kind = FIELD_CHOICE,
     .label = "方式",
     .row = 1,
     .col = 9,
     .width = 10,
     .choices = WAYS,
     .help = "用清单：向税局申请这个月的发票清单，次数有限；只逐张查：不用次数，只查没有定的。"},
    {.id = FIELD_FULL,
     .kind = FIELD_CHOICE,
     .label = "已开的",
     .row = 2,
     .col = 9,
     .width = 10,
     .choices = FULL,
     .help = "逐张查：每张已开的也问一次状态，能看出已红冲、作废的；较慢。"},
    {.id = 0},
};

static void fill(struct form *f, void *arg)
{
	char month[MONTH_TEXT];

	(void)arg;
	form_set(f, FIELD_MONTH, month_text(clock_now(), month));
	form_set(f, FIELD_WAY, WAYS[0]);
	form_set(f, FIELD_FULL, FULL[0]);
}

/* What may still be applied for, before it is. */
static void live(const struct form *f, char *out, size_t size)
{
	struct recon_budget b;
	struct err_info e = {0};

	if (desk_recon_budget(ui_session(), form_get(f, FIELD_MONTH), &b, &e))
		text_copy(out, size, e.why);
	else if (b.running)
		snprintf(out, size, "这个月的对账没有做完，接着做");
	else if (form_choice(f, FIELD_WAY) == 1 || b.ability == ABILITY_NO)
		snprintf(out, size, "%s逐张查 %lld 张没有定的",
			 b.ability == ABILITY_NO ? "没有归集能力，" : "", (long long)b.unsettled);
	else
		snprintf(
		    out, size,
		    "已申请：专票 %lld 次（今天 %lld），普票 %lld 次（今天 %lld），最多各 %lld",
		    (long long)b.kinds[INVOICE_SPECIAL].all,
		    (long long)b.kinds[INVOICE_SPECIAL].today,
		    (long long)b.kinds[INVOICE_ORDINARY].all,
		    (long long)b.kinds[INVOICE_ORDINARY].today, (long long)b.a_month);
}

static bool submit(struct form *f, void *arg)
{
	struct recon_wish wish = {.month = form_get(f, FIELD_MONTH),
				  .one_by_one = form_choice(f, FIELD_WAY) == 1,
				  .thorough = form_choice(f, FIELD_FULL) == 1};
	struct desk_wait w = {0};
	struct err_info e = {0};
	char sentence[1200];
	int64_t id = 0;
	enum err r = desk_recon_start(ui_session(), &wish, &id, &w, &e);

	(void)arg;
	desk_wait_free(&w);
	if (r) {
		form_fail(f, FIELD_MONTH, ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	ui_wake_engine();
	ui_message(MESSAGE_GOOD, "第 %lld 号对账已开始，可以离开，程序会做完", (long long)id);
	return true;
}

bool recon_ask_start(void)
{
	return view_push(
	    &view_form_ops,
	    &(struct ask_form_arg) {
		.title = "对账",
		.fields = START,
		.fill = fill,
		.note = "只比对，不改变任何发票。清单每种每天只能申请一次，当天再对用同一份。",
		.live = live,
		.submit = submit});
}

/* ---- the view ---- */

static bool runs_paint(struct view *v)
{
	const struct listing *s = v->state;
	const struct list_row *row = list_row(&s->list);

	listing_say(s, FACE_DIM, row ? row->cell[CELL_NOTES] : "");
	return true;
}

static bool runs_act(struct view *v, enum action a)
{
	const struct listing *s = v->state;
	const struct list_row *row = list_row(&s->list);

	if (a == ACT_RECON)
		return recon_ask_start();
	if (a != ACT_EXPORT)
		return false;
	if (row)
		recon_save(row->id);
	return true;
}

static bool runs_chosen(struct view *v)
{
	const struct listing *s = v->state;

	return view_push(&view_recon_run_ops, &list_row(&s->list)->id);
}

static const char *runs_why_not(const struct view *v, enum action a)
{
	const struct listing *s = v->state;

	if (a == ACT_RECON)
		return screen_may(DESK_REFRESH);
	return a == ACT_EXPORT && !list_row(&s->list) ? "没有选中的一行" : NULL;
}

static const enum action HINTS[] = {ACT_RECON, ACT_DETAIL, ACT_EXPORT, ACT_BACK, ACT_NONE};
static const struct listing_kind RUNS = {
    .title = "对账",
    .empty = "还没有对过账。按 F10 或 n 把一个月与税局比对。",
    .columns = COLUMNS,
    .allow = DESK_VIEW,
    .of_unit = true,
    .foot = 1,
    .hints = HINTS,
    .help = "每行一次对账，回车看差异。清单每种每天只能申请一次，当天再对用同一份。",
    .read = read_runs,
    .paint = runs_paint,
    .act = runs_act,
    .chosen = runs_chosen,
};

static enum err runs_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &RUNS, e);
}

const struct view_ops view_recon_ops = {
    LISTING_VIEW,          .name = "recon",
    .path = "开票 › 对账", .size = sizeof(struct listing),
    .open = runs_open,     .why_not = runs_why_not,
};
