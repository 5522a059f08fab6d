/* quota.c - 授信额度: six figures, download, return, interval, sync, ledger (features G30-G42). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/parts.h"

enum { FIELD_SUM = 1, FIELD_MONTH, FIELD_ON, FIELD_PERCENT };
enum { ASK_DOWNLOAD = 1, ASK_RETURN, ASK_ADJUST, ASK_AUTO };
enum { NOTE = 300, WIDE = 100 };

struct quota {
	struct list list;
	struct gate gate;
	struct errand errand;
	struct sheet sheet;
	struct rect pane;
	struct quota_month month, before; /* before: when the figures were asked for */
	struct quota_auto automatic;
	bool known;
	bool refresh; /* figures are asked for after a move (protocol 7.3) */
	bool compare; /* say whether a sync has changed anything (features G36) */
	char note[NOTE];
};

static const char *check_download(const struct form *f, const struct field *fd, const char *text,
				  char *out);
static const char *check_return(const struct form *f, const struct field *fd, const char *text,
				char *out);
static const char *check_month(const struct form *f, const struct field *fd, const char *text,
			       char *out);
static const char *check_percent(const struct form *f, const struct field *fd, const char *text,
				 char *out);

static const struct field DOWNLOAD[] = {
    {.id = FIELD_SUM,
     .kind = FIELD_AMOUNT,
     .label = "金额",
     .col = 7,
     .width = 24,
     .max_chars = 24,
     .required = true,
     .check = check_download,
     .help = "元，最多两位小数。"},
    {.id = 0},
};
static const struct field RETURN[] = {
    {.id = FIELD_SUM,
     .kind = FIELD_AMOUNT,
     .label = "金额",
     .col = 7,
     .width = 24,
     .max_chars = 24,
     .required = true,
     .check = check_return,
     .help = "元，最多两位小数。"},
    {.id = 0},
};
static const struct field MONTH[] = {
    {.id = FIELD_MONTH,
     .kind = FIELD_DIGITS,
     .label = "属期",
     .col = 7,
     .width = 8,
     .max_chars = 7,
     .required = true,
     .check = check_month,
     .help = "年月，例如 2025-11。"},
    {.id = 0},
};
static const struct field AUTO[] = {
    {.id = FIELD_ON,
     .kind = FIELD_FLAG,
     .label = "月初自动下载额度",
     .col = 20,
     .width = 3,
     .help = "空格勾选：月初自动下载额度，使用区间到期自动调整。"},
    {.id = FIELD_PERCENT,
     .kind = FIELD_DIGITS,
     .label = "下载比例（%）",
     .row = 1,
     .col = 20,
     .width = 4,
     .max_chars = 3,
     .required = true,
     .check = check_percent,
     .help = "1 至 100：下载局端可下载额度的百分之几。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {"时间", 11, 19, ALIGN_LEFT},
    {"业务", 8, 10, ALIGN_LEFT},
    {"未使用额度变动", 18, 20, ALIGN_RIGHT},
    {"占用变动", 16, 20, ALIGN_RIGHT},
    {"发票或说明", -1, -1, ALIGN_LEFT},
    {.label = NULL},
};

/* ---- the ledger ---- */

struct page {
	struct list *list;
	struct list_row *rows;
	int64_t skip;
	int count, max;
	bool more;
};

static const char *kind_label(const char *kind)
{
	static const struct {
		const char *word, *label;
	} KINDS[] = {{"download", "下载"}, {"return", "退回"}, {"reserve", "占用"},
		     {"release", "释放"},  {"use", "使用"},    {"adopt", "同步局端"}};
	size_t i;

	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (!strcmp(KINDS[i].word, kind))
			return KINDS[i].label;
	}
	return kind;
}

static void put_delta(char *cell, int64_t fen)
{
	char text[FEN_TEXT + 8];

	if (fen)
		snprintf(cell, LIST_CELL, "%s%s", fen > 0 ? "+" : "",
			 fen_format_grouped(fen, text));
}

static enum err add_entry(void *arg, const struct quota_entry *q)
{
	struct page *p = arg;
	struct list_row *row;

	if (p->skip-- > 0)
		return ERR_OK;
	if (p->count == p->max) {
		p->more = true;
		return ERR_OK;
	}
	row = &p->rows[p->count++];
	*row = (struct list_row) {.id = q->id, .face = FACE_NORMAL};
	screen_when(q->at, p->list->area.w > WIDE, row->cell[0]);
	text_copy(row->cell[1], LIST_CELL, kind_label(q->kind));
	put_delta(row->cell[2], q->unused_delta);
	put_delta(row->cell[3], q->reserved_delta);
	if (q->invoice_id)
		snprintf(row->cell[4], LIST_CELL, "发票 #%lld", (long long)q->invoice_id);
	else
		text_copy(row->cell[4], LIST_CELL, q->note);
	return ERR_OK;
}

/* The desk hands out the newest rows: a page lies behind the rows of the pages before it. */
static enum err quota_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			     int *count, char next[64], struct err_info *e)
{
	int64_t skip = screen_cursor(cursor);
	struct page p = {.list = l, .rows = rows, .skip = skip, .max = max};
	enum err r = desk_quota_entries(ui_session(), (int)skip + max + 1, add_entry, &p, e);

	screen_next(p.more ? skip + max : 0, next);
	*count = p.count;
	return r;
}

/* ---- figures ---- */

static void add_money(struct sheet *s, const char *label, bool known, int64_t fen, bool on_demand)
{
	char text[FEN_TEXT + 8];

	if (!known)
		sheet_add(s, label, FACE_DIM, "还没有同步");
	else if (on_demand && fen >= QUOTA_ON_DEMAND)
		sheet_add(s, label, FACE_VALUE, "按需开票，不限额");
	else
		sheet_add(s, label, FACE_VALUE, "%s", fen_format_grouped(fen, text));
}

static bool interval_over(const struct quota_month *q)
{
	char today[DATE_TEXT];

	return q->end[0] && strcmp(q->end, date_text(clock_now(), today)) < 0;
}

static void fill_sheet(struct quota *s)
{
	const struct quota_month *q = &s->month;
	char when[DATETIME_TEXT];
	int64_t usable = q->unused - q->reserved;

	sheet_clear(&s->sheet);
	s->sheet.label_cols = 18;
	add_money(&s->sheet, "本月总额度", q->has_remote, q->remote_total, true);
	add_money(&s->sheet, "局端可下载额度", q->has_remote, q->remote_available, true);
	add_money(&s->sheet, "已下载额度", q->has_remote, q->remote_downloaded, false);
	add_money(&s->sheet, "已下载未使用额度", true, q->unused, false);
	add_money(&s->sheet, "待上传发票占用", true, q->reserved, false);
	add_money(&s->sheet, "可开票额度", true, usable, false);
	s->sheet.rows[s->sheet.count - 1].face = usable > 0 ? FACE_GOOD : FACE_ERROR;
	sheet_add(&s->sheet, "授信额度属期", FACE_VALUE, "%s", q->month);
	if (q->start[0] || q->end[0])
		sheet_add(&s->sheet, "额度使用区间", interval_over(q) ? FACE_ERROR : FACE_VALUE,
			  "%s 至 %s%s", q->start, q->end,
			  interval_over(q) ? "，已过期，按 m 调整有效期" : "");
	else
		sheet_add(&s->sheet, "额度使用区间", FACE_DIM, "还不知道");
	sheet_add(&s->sheet, "月初自动下载", FACE_VALUE,
		  s->automatic.on ? "开，下载可下载额度的 %lld%%" : "关",
		  (long long)s->automatic.percent);
	if (q->paused)
		sheet_add(&s->sheet, "暂停赋额", FACE_ERROR, "税局已暂停赋额，不能下载");
	sheet_add(&s->sheet, "数据时间", FACE_DIM, "%s",
		  q->synced_at ? datetime_text(q->synced_at, when) : "还没有同步，按 s 同步");
}

static void read_figures(struct quota *s)
{
	struct err_info e = {0};

	s->known = !desk_quota_get(ui_session(), &s->month, &e) &&
		   !desk_quota_auto(ui_session(), &s->automatic, &e);
	if (s->known)
		fill_sheet(s);
	else
		screen_error(&e);
}

/* ---- what may be typed ---- */

static const char *check_sum(const char *text, int64_t most, const char *limit, char *out)
{
	char bound[FEN_TEXT + 8];
	int64_t fen;

	if (!fen_parse(text, &fen) || fen <= 0) {
		snprintf(out, 256, "金额应大于 0，最多两位小数");
		return out;
	}
	if (fen <= most)
		return NULL;
	snprintf(out, 256, "超过%s %s", limit, fen_format_grouped(most, bound));
	return out;
}

static const char *check_download(const struct form *f, const struct field *fd, const char *text,
				  char *out)
{
	const struct quota *s = f->owner;

	(void)fd;
	return check_sum(text, s->month.has_remote ? s->month.remote_available : INT64_MAX,
			 "本月局端可用额度", out);
}

static const char *check_return(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	const struct quota *s = f->owner;

	(void)fd;
	return check_sum(text, s->month.unused - s->month.reserved, "可退回的额度", out);
}

static const char *check_month(const struct form *f, const struct field *fd, const char *text,
			       char *out)
{
	int year, month;

	(void)f;
	(void)fd;
	(void)out;
	return month_parse(text, &year, &month) ? NULL : "属期应为年月，例如 2025-11";
}

static const char *check_percent(const struct form *f, const struct field *fd, const char *text,
				 char *out)
{
	long n = text_all_digits(text) ? strtol(text, NULL, 10) : 0;

	(void)f;
	(void)fd;
	(void)out;
	return n >= 1 && n <= 100 ? NULL : "下载比例应为 1 至 100 的整数";
}

/* ---- dialogs ---- */

static void fill_month(struct form *f, void *arg)
{
	char month[MONTH_TEXT];

	(void)arg;
	form_set(f, FIELD_MONTH, month_text(clock_now(), month));
}

static void fill_auto(struct form *f, void *arg)
{
	const struct quota_auto *a = arg;
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)a->percent);
	form_set(f, FIELD_ON, a->on ? "1" : "");
	form_set(f, FIELD_PERCENT, text);
}

static bool ask_download(struct view *v)
{
	struct quota *s = v->state;
	char most[FEN_TEXT + 8];

	if (s->month.has_remote && s->month.remote_available < QUOTA_ON_DEMAND)
		snprintf(s->note, NOTE, "从税局下载额度，最多 %s（局端可下载额度）。",
			 fen_format_grouped(s->month.remote_available, most));
	else
		text_copy(s->note, NOTE,
			  "从税局下载额度。局端可下载额度还不知道时，以税局的答复为准。");
	return view_ask(v, ASK_DOWNLOAD, &view_form_ops,
			&(struct ask_form_arg) {
			    .title = "下载额度", .fields = DOWNLOAD, .arg = s, .note = s->note});
}

static bool ask_return(struct view *v)
{
	struct quota *s = v->state;
	int64_t most = s->month.unused - s->month.reserved;
	char text[FEN_TEXT + 8];

	snprintf(s->note, NOTE, "把没有使用的额度退回税局，最多 %s（已下载未使用减去待上传占用）。",
		 fen_format_grouped(most > 0 ? most : 0, text));
	return view_ask(v, ASK_RETURN, &view_form_ops,
			&(struct ask_form_arg) {
			    .title = "退回额度", .fields = RETURN, .arg = s, .note = s->note});
}

static bool ask_adjust(struct view *v)
{
	return view_ask(v, ASK_ADJUST, &view_form_ops,
			&(struct ask_form_arg) {.title = "调整有效期",
						.fields = MONTH,
						.fill = fill_month,
						.note = "请税局把额度使用区间调整到最新，"
							"每月申报完成后办理。"});
}

static bool ask_auto(struct view *v)
{
	struct quota *s = v->state;

	return view_ask(v, ASK_AUTO, &view_form_ops,
			&(struct ask_form_arg) {.title = "自动下载额度设置",
						.fields = AUTO,
						.fill = fill_auto,
						.arg = &s->automatic});
}

static bool sync_figures(struct quota *s)
{
	struct err_info e = {0};
	enum err r = desk_quota_sync(ui_session(), errand_wait(&s->errand), &e);

	s->compare = errand_begin(&s->errand, "同步局端额度", r, &e);
	s->before = s->month;
	return true;
}

static bool same_figures(const struct quota_month *a, const struct quota_month *b)
{
	return a->has_remote == b->has_remote && a->remote_total == b->remote_total &&
	       a->remote_available == b->remote_available &&
	       a->remote_downloaded == b->remote_downloaded && a->unused == b->unused &&
	       a->paused == b->paused && !strcmp(a->start, b->start) && !strcmp(a->end, b->end);
}

static void move(struct quota *s, bool download, const struct form *f)
{
	struct err_info e = {0};
	enum err r = desk_quota_move(ui_session(), download, form_get(f, FIELD_SUM),
				     errand_wait(&s->errand), &e);

	s->refresh = errand_begin(&s->errand, download ? "下载额度" : "退回额度", r, &e);
}

static void adjust(struct quota *s, const struct form *f)
{
	struct err_info e = {0};
	enum err r =
	    desk_quota_adjust(ui_session(), form_get(f, FIELD_MONTH), errand_wait(&s->errand), &e);

	errand_begin(&s->errand, "调整有效期", r, &e);
}

static void set_auto(const struct form *f)
{
	struct quota_auto a = {.on = form_flag(f, FIELD_ON),
			       .percent = strtoll(form_get(f, FIELD_PERCENT), NULL, 10)};
	struct err_info e = {0};

	if (desk_quota_set_auto(ui_session(), &a, &e))
		screen_error(&e);
	else
		ui_message(MESSAGE_GOOD, "自动下载额度设置已保存");
}

/* The answer to a move does not tell what is left: the figures are asked for at once. */
static void end_errand(struct quota *s, enum err verdict, const struct err_info *e)
{
	bool again = s->refresh && !verdict, compare = s->compare && !verdict;
	char what[64];

	s->refresh = s->compare = false;
	if (compare && !desk_quota_get(ui_session(), &s->month, NULL) &&
	    same_figures(&s->before, &s->month))
		ui_message(MESSAGE_GOOD, "同步局端额度：已完成，没有变化");
	else
		errand_tell(&s->errand, verdict, e);
	if (!again)
		return;
	text_copy(what, sizeof(what), s->errand.what);
	if (!desk_quota_sync(ui_session(), errand_wait(&s->errand), NULL)) {
		s->errand.open = true;
		text_copy(s->errand.what, sizeof(s->errand.what), what);
		ui_wake_engine();
	}
}

/* ---- the view ---- */

static enum err quota_open(struct view *v, const void *arg, struct err_info *e)
{
	struct quota *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_VIEW, e);

	(void)arg;
	if (r)
		return r;
	gate_open(&s->gate);
	list_init(&s->list, COLUMNS, quota_source, s);
	s->list.empty = "本月还没有额度变动，按 d 下载额度。";
	return ERR_OK;
}

static void quota_close(struct view *v)
{
	struct quota *s = v->state;

	list_free(&s->list);
	sheet_clear(&s->sheet);
	errand_free(&s->errand);
}

static void quota_layout(struct view *v)
{
	struct quota *s = v->state;
	struct rect r = v->area;

	s->pane = rect_top(&r, v->area.w > WIDE ? 7 : 12);
	list_layout(&s->list, r);
	s->list.stale = true;
}

static void quota_content(struct view *v, bool changed)
{
	struct quota *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed)
		gate_open(&s->gate);
	if (s->gate.text[0])
		return;
	if (changed && errand_rests(&s->errand, &verdict, &e))
		end_errand(s, verdict, &e);
	if (changed || !s->known)
		read_figures(s);
	list_content(&s->list, changed);
}

static void quota_paint(struct view *v)
{
	struct quota *s = v->state;
	char words[160];
	struct rect r = s->pane;

	if (s->gate.text[0]) {
		gate_paint(&s->gate, v->area);
		return;
	}
	draw_clear(r, FACE_NORMAL);
	r.h--;
	sheet_paint(&s->sheet, r);
	draw_text(s->pane, s->pane.h - 1, 1, s->pane.w - 2, ALIGN_LEFT, FACE_WARNING,
		  errand_words(&s->errand, words));
	list_paint(&s->list, true);
}

static void quota_answer(struct view *v, int token, bool ok, const void *result)
{
	struct quota *s = v->state;

	if (!ok)
		return;
	if (token == ASK_DOWNLOAD || token == ASK_RETURN)
		move(s, token == ASK_DOWNLOAD, result);
	else if (token == ASK_ADJUST)
		adjust(s, result);
	else if (token == ASK_AUTO)
		set_auto(result);
}

static bool quota_act(struct view *v, enum action a)
{
	struct quota *s = v->state;

	if (s->gate.text[0])
		return gate_act(&s->gate, a);
	switch (a) {
	case ACT_QUOTA_DOWNLOAD:
		return ask_download(v);
	case ACT_QUOTA_RETURN:
		return ask_return(v);
	case ACT_QUOTA_ADJUST:
		return ask_adjust(v);
	case ACT_SYNC_QUOTA:
		return sync_figures(s);
	case ACT_AUTO:
		return ask_auto(v);
	default:
		return list_act(&s->list, a) == LIST_USED;
	}
}

static const char *quota_why_not(const struct view *v, enum action a)
{
	const struct quota *s = v->state;
	const char *why;

	if (a != ACT_QUOTA_DOWNLOAD && a != ACT_QUOTA_RETURN && a != ACT_QUOTA_ADJUST &&
	    a != ACT_SYNC_QUOTA && a != ACT_AUTO)
		return NULL;
	if (s->gate.text[0])
		return s->gate.text;
	if ((why = screen_may(DESK_STOCK)) || (a != ACT_AUTO && (why = errand_why(&s->errand))))
		return why;
	if (a == ACT_QUOTA_DOWNLOAD && s->month.paused)
		return "税局已暂停赋额，请联系主管税务机关";
	if (a == ACT_QUOTA_RETURN && s->month.unused <= s->month.reserved)
		return "没有可以退回的额度";
	return NULL;
}

static const char *const *quota_sections(const struct view *v)
{
	const struct quota *s = v->state;

	return screen_list_sections(&s->list, "quota");
}

static const enum action *quota_hints(const struct view *v)
{
	static const enum action HINTS[] = {
	    ACT_QUOTA_DOWNLOAD, ACT_QUOTA_RETURN, ACT_QUOTA_ADJUST, ACT_SYNC_QUOTA,
	    ACT_AUTO,           ACT_BACK,         ACT_NONE};
	const struct quota *s = v->state;

	return s->gate.text[0] ? gate_hints() : HINTS;
}

static const char *quota_help(const struct view *v)
{
	(void)v;
	return "每月先下载额度再开票；蓝字发票按不含税金额占用。d 下载，b 退回，m 调整有效期，s "
	       "同步，o 自动设置。";
}

static const char *quota_state(const struct view *v)
{
	const struct quota *s = v->state;

	return s->gate.text[0] ? "closed" : s->errand.open ? "waiting" : "ready";
}

const struct view_ops view_quota_ops = {
    .name = "quota",
    .path = "数电设置 › 授信额度",
    .size = sizeof(struct quota),
    .open = quota_open,
    .layout = quota_layout,
    .content = quota_content,
    .paint = quota_paint,
    .sections = quota_sections,
    .act = quota_act,
    .why_not = quota_why_not,
    .hints = quota_hints,
    .help = quota_help,
    .answer = quota_answer,
    .close = quota_close,
    .state = quota_state,
};
