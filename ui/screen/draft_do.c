/* draft_do.c - 合并 and 拆分: how, above; what comes of it, below; F10 does it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/form.h"
#include "desk/batch.h"
#include "ui/screen/draft_do.h"
#include "ui/screen/parts.h"

enum { FIELD_AMOUNT_MAX = 1, FIELD_MODE, FIELD_ROWS, FIELD_TAIL, FIELD_ADD_UP, FIELD_ORDER };

/* Widths of the columns: usual, and where there are fewer than 80. */
struct widths {
	int order, count, money;
};
static const struct widths USUAL = {22, 6, 15}, NARROW = {14, 4, 12};
enum { USUAL_COLS = 80 };

struct change_arg {
	bool split;
	const struct draft_ref *refs; /* or: */
	int64_t batch;
	const int64_t *seqs;
	size_t n;
};

struct change {
	bool split;
	struct draft_ref *refs; /* owned, with their invoices */
	int64_t batch;          /* 0: drafts */
	int64_t *seqs;          /* owned; of the orders of a batch */
	size_t count;
	struct form form;
	struct rect head, heads, sums, rows;
	bool stale;
	struct split_plan plan; /* what comes of it: of merging one part */
	struct merge_told told;
	int64_t net, tax, gross; /* of what there is */
	int top;
	bool asking;     /* nothing was typed yet, and without it nothing comes of it */
	char wrong[600]; /* why nothing comes of it */
};

static const char *const MODES[] = {"含税", "不含税", NULL};
static const char *const TAILS[] = {"调整数量", "调整单价", "不拆分行", NULL};

static const struct field SPLIT[] = {
    {.id = FIELD_AMOUNT_MAX,
     .kind = FIELD_AMOUNT,
     .label = "每张限额",
     .col = 10,
     .width = 16,
     .offered = true,
     .max_chars = 20,
     .help = "一张发票最多多少钱，例如 100000；空着不限。"},
    {.id = FIELD_MODE,
     .kind = FIELD_CHOICE,
     .label = "金额",
     .col = 34,
     .width = 6,
     .choices = MODES,
     .help = "限额是价税合计，还是不含税金额；空格或左右键选择。"},
    {.id = FIELD_ROWS,
     .kind = FIELD_DIGITS,
     .label = "每张行数",
     .row = 1,
     .col = 10,
     .width = 6,
     .offered = true,
     .max_chars = 4,
     .help = "一张发票最多多少行，折扣行也算；建议 2000，最多 5000；空着就是 5000。"},
    {.id = FIELD_TAIL,
     .kind = FIELD_CHOICE,
     .label = "拆开的行",
     .row = 1,
     .col = 34,
     .width = 8,
     .choices = TAILS,
     .help =
	 "调整数量：单价不变；调整单价：开满限额，单价由金额算出；不拆分行：一行不分在两张上。"},
    {.id = 0},
};
static const struct field MERGE[] = {
    {.id = FIELD_ADD_UP,
     .kind = FIELD_FLAG,
     .label = "合并项目",
     .col = 10,
     .width = 3,
     .help = "空格切换：名称、规格、单位、单价、税率都相同的行加成一行，还是逐行排下来。"},
    {.id = FIELD_ORDER,
     .kind = FIELD_TEXT,
     .label = "订单号",
     .row = 1,
     .col = 10,
     .width = 40,
     .max_chars = 64,
     .help = "合并后的订单号；空着由第一张得出。原来的订单号不能再单独开票。"},
    {.id = 0},
};

/* ---- what comes of it ---- */

static void add_sums(struct change *s)
{
	size_t i;

	s->net = s->tax = s->gross = 0;
	for (i = 0; i < s->count; i++) {
		struct invoice inv;

		invoice_copy(&inv, s->refs[i].invoice);
		if (!tax_invoice_compute(&inv, NULL)) {
			s->net += inv.net_fen;
			s->tax += inv.tax_fen;
			s->gross += inv.gross_fen;
		}
		invoice_free(&inv);
	}
}

static enum err read_rule(const struct form *f, struct split_rule *out, struct err_info *e)
{
	const char *amount = form_get(f, FIELD_AMOUNT_MAX), *rows = form_get(f, FIELD_ROWS);

	*out = (struct split_rule) {.limit_gross = form_choice(f, FIELD_MODE) != 1,
				    .rows = *rows ? (size_t)strtoul(rows, NULL, 10) : 0};
	split_tail_parse(form_get(f, FIELD_TAIL), &out->tail);
	if (*amount && !fen_parse(amount, &out->limit_fen)) {
		err_fail(e, ERR_INVALID, "split.limit", "每张限额", "“%.30s”读不懂", amount);
		err_hint(e, "填最多两位小数的数字");
		return ERR_INVALID;
	}
	return ERR_OK;
}

static void merge_options(const struct form *f, struct merge_options *out)
{
	const char *no = form_get(f, FIELD_ORDER);

	*out = (struct merge_options) {.add_up = form_flag(f, FIELD_ADD_UP),
				       .order_no = *no ? no : NULL};
}

static enum err plan_merge(struct change *s, struct err_info *e)
{
	struct merge_options o;
	struct invoice whole;
	enum err r;

	merge_options(&s->form, &o);
	r = s->batch ? desk_batch_merge_plan(ui_session(), s->batch, s->seqs, s->count, &o, &whole,
					     &s->told, e)
		     : desk_merge_plan(ui_session(), s->refs, s->count, &o, &whole, &s->told, e);
	if (r)
		return r;
	s->plan.parts = mem_alloc(sizeof(*s->plan.parts));
	s->plan.parts[0] = whole; /* moved */
	s->plan.count = 1;
	return ERR_OK;
}

/* Before anything was typed: what there is, and what to do. */
static void greet(struct change *s)
{
	char gross[FEN_TEXT + 8];

	if (!s->refs[0].invoice->line_count) {
		text_copy(s->wrong, sizeof(s->wrong), "这张草稿还没有明细，没有可拆的。");
		return;
	}
	snprintf(s->wrong, sizeof(s->wrong),
		 "这张草稿 %zu 行，价税合计 %s 元，一张就能开。填每张的限额或行数，"
		 "这里就列出拆成哪几张。",
		 s->refs[0].invoice->line_count, fen_format_grouped(s->gross, gross));
}

static void plan(struct change *s)
{
	struct split_rule rule;
	struct err_info e = {0};
	enum err r;

	split_plan_free(&s->plan);
	s->wrong[0] = 0;
	s->stale = s->asking = false;
	if (!s->split)
		r = plan_merge(s, &e);
	else if (!(r = read_rule(&s->form, &rule, &e)))
		r = desk_split_plan(ui_session(), s->refs, &rule, &s->plan, &e);
	if (r)
		ui_sentence(&e, s->wrong, sizeof(s->wrong));
	s->asking = s->split && !strcmp(e.code, "split.needless") &&
		    !*form_get(&s->form, FIELD_AMOUNT_MAX) && !*form_get(&s->form, FIELD_ROWS);
	if (s->asking)
		greet(s);
	s->top = 0;
}

/* ---- doing it ---- */

static enum err do_split(struct change *s, struct err_info *e)
{
	struct split_rule rule;
	int64_t *ids = mem_zalloc((s->plan.count + 1) * sizeof(*ids));
	size_t n = 0;
	enum err r = read_rule(&s->form, &rule, e);

	if (!r)
		r = desk_split(ui_session(), s->refs, &rule, &s->plan, ids, s->plan.count, &n, e);
	free(ids);
	if (!r)
		ui_message(MESSAGE_GOOD, "拆成了 %zu 张草稿，可以在草稿里撤销", n);
	return r;
}

static enum err do_merge(struct change *s, struct err_info *e)
{
	struct merge_options o;
	int64_t id = 0;
	enum err r;

	merge_options(&s->form, &o);
	if (s->batch) {
		r = desk_batch_merge(ui_session(), s->batch, s->seqs, s->count, &o, &s->told, e);
		if (!r)
			ui_message(MESSAGE_GOOD, "%zu 张合并成了第 %lld 张", s->count,
				   (long long)s->seqs[0]);
		return r;
	}
	r = desk_merge(ui_session(), s->refs, s->count, &o, &id, &s->told, e);
	if (!r)
		ui_message(MESSAGE_GOOD, "%zu 张合并成了草稿 #%lld，可以在草稿里撤销", s->count,
			   (long long)id);
	return r;
}

static bool finish(struct change *s)
{
	struct err_info e = {0};

	plan(s);
	if (*s->wrong) {
		ui_message(s->asking ? MESSAGE_WARNING : MESSAGE_ERROR, "%s", s->wrong);
		return true;
	}
	if (s->split ? do_split(s, &e) : do_merge(s, &e)) {
		ui_error(&e);
		s->stale = true;
		return true;
	}
	view_pop(true, "");
	return true;
}

/* ---- the view ---- */

/* What waits in a batch. */
static enum err take_orders(struct change *s, const struct change_arg *a, struct err_info *e)
{
	enum err r = ERR_OK;

	s->batch = a->batch;
	s->refs = mem_zalloc((a->n + 1) * sizeof(*s->refs));
	s->seqs = mem_zalloc((a->n + 1) * sizeof(*s->seqs));
	for (size_t i = 0; i < a->n && !r; i++) {
		struct invoice *inv = mem_zalloc(sizeof(*inv));

		s->refs[i].invoice = inv;
		s->seqs[i] = a->seqs[i];
		s->count = i + 1;
		if ((r = desk_batch_order_load(ui_session(), a->batch, a->seqs[i], inv, e)))
			invoice_init(inv);
	}
	return r;
}

/* A stored draft is read; of a form its screen has given the invoice. */
static enum err take_refs(struct change *s, const struct change_arg *a, struct err_info *e)
{
	size_t i;
	enum err r = ERR_OK;

	s->refs = mem_zalloc((a->n + 1) * sizeof(*s->refs));
	for (i = 0; i < a->n && !r; i++) {
		struct invoice *inv = mem_zalloc(sizeof(*inv));
		struct invoice_record rec;

		s->refs[i] = a->refs[i];
		s->refs[i].invoice = inv;
		s->count = i + 1;
		if (a->refs[i].invoice) {
			invoice_copy(inv, a->refs[i].invoice);
		} else if ((r = desk_invoice_by_id(ui_session(), a->refs[i].draft, &rec, e))) {
			invoice_init(inv);
		} else {
			invoice_copy(inv, &rec.invoice);
			invoice_record_free(&rec);
		}
	}
	return r;
}

static void change_close(struct view *v)
{
	struct change *s = v->state;
	size_t i;

	for (i = 0; i < s->count; i++) {
		struct invoice *inv = (struct invoice *)(uintptr_t)s->refs[i].invoice;

		invoice_free(inv);
		free(inv);
	}
	free(s->refs);
	free(s->seqs);
	split_plan_free(&s->plan);
	form_free(&s->form);
}

/* What the limit most likely is: the quota that is left, the advised number of rows. */
static void suggest(struct change *s)
{
	struct quota_month q;
	char text[FEN_TEXT];

	form_set(&s->form, FIELD_MODE, MODES[0]);
	form_set(&s->form, FIELD_TAIL, TAILS[0]);
	if (s->refs[0].invoice->line_count > TAX_LINES_ADVISED)
		form_set(&s->form, FIELD_ROWS, "2000");
	if (desk_quota_get(ui_session(), &q, NULL) || q.unused - q.reserved < SPLIT_LIMIT_MIN ||
	    s->net <= q.unused - q.reserved)
		return;
	form_set(&s->form, FIELD_AMOUNT_MAX, fen_format(q.unused - q.reserved, text));
	form_set(&s->form, FIELD_MODE, MODES[1]);
}

static enum err change_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct change_arg *a = arg;
	struct change *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_ISSUE, e);

	if (r)
		return r;
	s->split = a->split;
	form_init(&s->form, a->split ? SPLIT : MERGE, s);
	if ((r = a->batch ? take_orders(s, a, e) : take_refs(s, a, e))) {
		change_close(v);
		return r;
	}
	add_sums(s);
	if (s->split)
		suggest(s);
	s->stale = true;
	return ERR_OK;
}

static void change_layout(struct view *v)
{
	struct change *s = v->state;
	struct rect r = v->area;

	form_layout(&s->form, rect_top(&r, form_rows(&s->form)));
	s->head = rect_top(&r, 1);
	s->heads = rect_top(&r, 1);
	s->sums = rect_bottom(&r, 2);
	s->rows = r;
}

static void change_content(struct view *v, bool changed)
{
	struct change *s = v->state;

	(void)changed;
	if (s->stale)
		plan(s);
}

static const struct widths *widths_of(const struct change *s)
{
	return s->rows.w < USUAL_COLS ? &NARROW : &USUAL;
}

static int money(struct rect r, int row, int col, enum face face, int64_t fen)
{
	char text[FEN_TEXT + 8];
	int width = r.w < USUAL_COLS ? NARROW.money : USUAL.money;

	draw_text(r, row, col, width, ALIGN_RIGHT, face, fen_format_grouped(fen, text));
	return col + width + 1;
}

static void paint_heads(const struct change *s)
{
	static const char *const HEADS[] = {"金额", "税额", "价税合计"};
	const struct widths *w = widths_of(s);
	int col = 1 + w->order + 1, i;

	draw_clear(s->heads, FACE_NORMAL);
	draw_text(s->heads, 0, 1, w->order, ALIGN_LEFT, FACE_LABEL, "订单号");
	draw_text(s->heads, 0, col, w->count, ALIGN_RIGHT, FACE_LABEL, "行数");
	col += w->count + 1;
	for (i = 0; i < 3; i++)
		draw_text(s->heads, 0, col + i * (w->money + 1), w->money, ALIGN_RIGHT, FACE_LABEL,
			  HEADS[i]);
}

static void paint_part(const struct change *s, int row, const struct invoice *p)
{
	const struct widths *w = widths_of(s);
	char text[300];
	int col = 1;

	/* Parts differ in the ends of their order numbers. */
	screen_tail(*p->order_no ? p->order_no : "（没有订单号）", w->order, text, sizeof(text));
	draw_text(s->rows, row, col, w->order, ALIGN_LEFT, FACE_NORMAL, text);
	col += w->order + 1;
	snprintf(text, sizeof(text), "%zu", p->line_count);
	draw_text(s->rows, row, col, w->count, ALIGN_RIGHT, FACE_NORMAL, text);
	col += w->count + 1;
	col = money(s->rows, row, col, FACE_NORMAL, p->net_fen);
	col = money(s->rows, row, col, FACE_NORMAL, p->tax_fen);
	money(s->rows, row, col, FACE_VALUE, p->gross_fen);
}

static void paint_sums(const struct change *s)
{
	const struct widths *w = widths_of(s);
	char text[300];
	int col = 1 + w->order + 1 + w->count + 1;

	draw_clear(s->sums, FACE_NORMAL);
	snprintf(text, sizeof(text), "合计 %zu 张", s->split ? s->plan.count : s->count);
	draw_text(s->sums, 0, 1, w->order, ALIGN_LEFT, FACE_LABEL, text);
	col = money(s->sums, 0, col, FACE_VALUE, s->net);
	col = money(s->sums, 0, col, FACE_VALUE, s->tax);
	money(s->sums, 0, col, FACE_TITLE, s->gross);
	if (s->split && !s->plan.cuts)
		text_copy(text, sizeof(text), "没有拆开的明细行；各张的合计与原来分毫不差");
	else if (s->split)
		snprintf(text, sizeof(text), "拆开 %zu 处明细；各张的合计与原来分毫不差",
			 s->plan.cuts);
	else
		snprintf(text, sizeof(text), "并入别的行 %zu 行%s%s；合计与原来分毫不差",
			 s->told.added, s->told.remarks ? "；有备注放不下" : "",
			 s->told.contact ? "；地址账号不同，用第一张的" : "");
	draw_text(s->sums, 1, 1, s->sums.w - 1, ALIGN_LEFT, FACE_DIM, text);
}

static void change_paint(struct view *v)
{
	struct change *s = v->state;
	int i;

	draw_line(s->head, 0, s->split ? "拆成（F10 存为草稿）" : "合并成（F10 存为草稿）");
	paint_heads(s);
	draw_clear(s->rows, FACE_NORMAL);
	if (*s->wrong)
		draw_wrapped(s->rows, 0, 1, s->rows.w - 2, s->rows.h,
			     s->asking ? FACE_VALUE : FACE_WARNING, s->wrong);
	for (i = 0; i < s->rows.h && (size_t)(s->top + i) < s->plan.count; i++)
		paint_part(s, i, &s->plan.parts[s->top + i]);
	if (*s->wrong)
		draw_clear(s->sums, FACE_NORMAL);
	else
		paint_sums(s);
	form_paint(&s->form, true);
}

static bool change_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct change *s = v->state;

	return form_key(&s->form, k, paste, n);
}

static bool scroll(struct change *s, enum action a)
{
	int last = (int)s->plan.count - s->rows.h, was = s->top;

	s->top += a == ACT_PAGE_DOWN ? s->rows.h : -s->rows.h;
	if (s->top > last)
		s->top = last;
	if (s->top < 0)
		s->top = 0;
	return s->top != was;
}

static bool change_act(struct view *v, enum action a)
{
	struct change *s = v->state;
	enum form_result r;

	if (a == ACT_SAVE)
		return finish(s);
	if (a == ACT_PAGE_DOWN || a == ACT_PAGE_UP)
		return scroll(s, a);
	r = form_act(&s->form, a);
	if (r == FORM_UNUSED)
		return false;
	/* The figures follow once a field is left, and choices at once. */
	if (r != FORM_USED || a == ACT_TOGGLE || a == ACT_LEFT || a == ACT_RIGHT)
		s->stale = true;
	return true;
}

static const char *const *change_sections(const struct view *v)
{
	static const char *const TEXT[] = {"form-text", "form", "draft-change", NULL};
	static const char *const CHOICE[] = {"form-choice", "form", "draft-change", NULL};
	const struct change *s = v->state;

	return strcmp(form_sections(&s->form)[0], CHOICE[0]) ? TEXT : CHOICE;
}

static const char *change_why_not(const struct view *v, enum action a)
{
	const struct change *s = v->state;

	if (a == ACT_PAGE_DOWN || a == ACT_PAGE_UP)
		return s->plan.count <= (size_t)s->rows.h ? "已经全部显示" : NULL;
	return NULL;
}

static const enum action *change_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_SAVE,      ACT_NEXT, ACT_TOGGLE,
					    ACT_PAGE_DOWN, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *change_help(const struct view *v)
{
	const struct change *s = v->state;

	return *form_error(&s->form) ? form_error(&s->form) : form_help(&s->form);
}

static const char *change_where(const struct view *v)
{
	const struct change *s = v->state;

	if (s->batch)
		return "开票 › 批量开票 › 合并";
	return s->split ? "开票 › 草稿 › 拆分" : "开票 › 草稿 › 合并";
}

static const char *change_state(const struct view *v)
{
	const struct change *s = v->state;

	return s->asking ? "asking" : *s->wrong ? "refused" : "planned";
}

static const struct view_ops view_change_ops = {
    .name = "draft-change",
    .path = "开票 › 草稿",
    .where = change_where,
    .size = sizeof(struct change),
    .open = change_open,
    .layout = change_layout,
    .content = change_content,
    .paint = change_paint,
    .sections = change_sections,
    .key = change_key,
    .act = change_act,
    .why_not = change_why_not,
    .hints = change_hints,
    .help = change_help,
    .close = change_close,
    .state = change_state,
};

bool draft_ask_split(struct view *asker, int token, const struct draft_ref *ref)
{
	return view_ask(asker, token, &view_change_ops,
			&(struct change_arg) {.split = true, .refs = ref, .n = 1});
}

bool draft_ask_merge(struct view *asker, int token, const struct draft_ref *refs, size_t n)
{
	return view_ask(asker, token, &view_change_ops,
			&(struct change_arg) {.refs = refs, .n = n});
}

bool draft_ask_batch(struct view *asker, int token, int64_t batch, const int64_t *seqs, size_t n)
{
	return view_ask(asker, token, &view_change_ops,
			&(struct change_arg) {.batch = batch, .seqs = seqs, .n = n});
}
