/* red_apply_lines.c - 录入, step 4: the lines as negative ones; quantity or amount of each can be
 * changed where the reason lets it (features E20, E21, N41, N43). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_apply_p.h"

enum { COL_NAME = 1, COL_UNIT, COL_QUANTITY, COL_PRICE, COL_NET, COL_RATE, COL_TAX };
enum { INDEX_QUANTITY = COL_QUANTITY - 1, INDEX_NET = COL_NET - 1, SENTENCE = 1200, MONEY = 40 };

static const struct grid_column COLUMNS[] = {
    {.id = COL_NAME, .label = "项目名称", .width = 20, .wide_width = 40, .kind = FIELD_SHOW},
    {.id = COL_UNIT, .label = "单位", .width = 4, .wide_width = 6, .kind = FIELD_SHOW},
    {.id = COL_QUANTITY,
     .label = "数量",
     .width = 9,
     .wide_width = 14,
     .align = ALIGN_RIGHT,
     .kind = FIELD_AMOUNT,
     .max_chars = 25,
     .help = "冲红的数量，负号可以不填；金额按原单价算出。Ctrl-D 这一行不冲。"},
    {.id = COL_PRICE,
     .label = "单价",
     .width = 10,
     .wide_width = 16,
     .align = ALIGN_RIGHT,
     .kind = FIELD_SHOW},
    {.id = COL_NET,
     .label = "金额",
     .width = 12,
     .wide_width = 16,
     .align = ALIGN_RIGHT,
     .kind = FIELD_AMOUNT,
     .max_chars = 20,
     .help = "冲红的不含税金额，负号可以不填。Ctrl-D 这一行不冲。"},
    {.id = COL_RATE,
     .label = "税率",
     .width = 5,
     .wide_width = 6,
     .kind = FIELD_SHOW,
     .align = ALIGN_RIGHT},
    {.id = COL_TAX,
     .label = "税额",
     .width = 9,
     .wide_width = 14,
     .align = ALIGN_RIGHT,
     .kind = FIELD_SHOW},
    {.id = 0},
};

/* What is asked for of a line. */
enum part_by { PART_REST, PART_QUANTITY, PART_NET, PART_OUT };
struct part {
	enum part_by by;
	char quantity[DEC_TEXT + 4], net[MONEY]; /* cells as they were when it was worked out */
	int64_t net_fen, tax_fen;
	bool well;
};

static void *copy_part(const void *data)
{
	struct part *p = mem_alloc(sizeof(*p));

	memcpy(p, data, sizeof(*p));
	return p;
}

static struct apply *of(const struct grid *g)
{
	return g->owner;
}

static struct part *part_at(const struct apply *s, int row)
{
	return s->grid.rows[row].data;
}

static const struct red_blue_line *line_at(const struct apply *s, int row)
{
	return &s->source.blue.lines[row];
}

/* ---- what may be changed ---- */

static const char *why_not_part(const struct apply *s, int row)
{
	static char why[SENTENCE];
	struct err_info e = {0};

	if (line_at(s, row)->rest_net_fen <= 0)
		return "这一行已全部冲红";
	if (!tax_red_partial(&s->source.blue, s->reason, &e))
		return NULL;
	text_copy(why, sizeof(why), e.why);
	return why;
}

static const char *why_not_cell(const struct apply *s, int row, int column)
{
	const struct red_blue_line *b = line_at(s, row);
	const char *why = why_not_part(s, row);

	if (why)
		return why;
	if (column == INDEX_QUANTITY && s->reason == RED_ALLOWANCE)
		return "“销售折让”没有数量，请改金额";
	if (column == INDEX_QUANTITY && !b->has_quantity)
		return s->reason == RED_RETURN ? "这一行没有数量，“销货退回”只能整行冲红或不冲"
					       : "蓝字发票这一行没有数量，请改金额";
	if (column == INDEX_NET && s->reason == RED_RETURN)
		return b->has_quantity ? "“销货退回”不能改金额，请改数量"
				       : "这一行没有数量，“销货退回”只能整行冲红或不冲";
	return NULL;
}

/* ---- working a line out ---- */

/* As typed, without its sign. */
static const char *unsigned_text(const char *text)
{
	while (*text == '-' || *text == ' ')
		text++;
	return text;
}

/* False: it is no number. */
static bool wish_of(const struct apply *s, int row, struct red_wish *out)
{
	const struct grid_row *g = &s->grid.rows[row];
	const struct part *p = g->data;
	const char *q = unsigned_text(g->cell[INDEX_QUANTITY]);
	const char *n = unsigned_text(g->cell[INDEX_NET]);

	*out = (struct red_wish) {.line = (size_t)row,
				  .has_quantity = p->by == PART_QUANTITY,
				  .has_amount = p->by == PART_NET};
	if (p->by == PART_QUANTITY)
		return dec_parse(q, &out->quantity);
	return p->by != PART_NET || fen_parse(n, &out->net_fen);
}

static void set_error(struct grid_row *g, int column, const char *text)
{
	free(g->error);
	g->error = text ? mem_strdup(text) : NULL;
	g->error_column = column;
}

/* The focused cell keeps what is being typed. */
static void put(struct apply *s, int row, int id, const char *text)
{
	struct grid *g = &s->grid;

	if (g->editing && row == g->row && id == g->columns[g->column].id)
		return;
	grid_set(g, row, id, text);
}

static void show_part(struct apply *s, int row, const struct red_line *l)
{
	char q[DEC_TEXT] = "", price[DEC_TEXT] = "", net[FEN_TEXT], tax[FEN_TEXT];

	if (l->has_quantity) {
		dec_format(l->quantity, q);
		dec_format(l->price, price);
	}
	put(s, row, COL_QUANTITY, q);
	put(s, row, COL_PRICE, price);
	put(s, row, COL_NET, fen_format(l->net_fen, net));
	put(s, row, COL_TAX, fen_format(l->tax_fen, tax));
}

/* Nothing but what was typed, if it was. */
static void show_none(struct apply *s, int row, enum part_by typed)
{
	put(s, row, COL_PRICE, "");
	put(s, row, COL_TAX, "");
	if (typed != PART_QUANTITY)
		put(s, row, COL_QUANTITY, "");
	if (typed != PART_NET)
		put(s, row, COL_NET, "");
}

/* What was taken before and what is left; of a line that nobody has touched nothing. */
static char *rests(const struct red_blue_line *b)
{
	char q[DEC_TEXT], net[FEN_TEXT + 8], gone[FEN_TEXT + 8];
	struct buf out;

	buf_init(&out, SENTENCE);
	buf_addf(&out, "已冲 %s　可冲 %s", fen_format_grouped(b->net_fen - b->rest_net_fen, gone),
		 fen_format_grouped(b->rest_net_fen, net));
	if (b->has_quantity)
		buf_addf(&out, "（数量 %s）", dec_format(b->rest_quantity, q));
	return buf_detach(&out);
}

static void show_note(struct apply *s, int row)
{
	const struct red_blue_line *b = line_at(s, row);
	struct grid_row *g = &s->grid.rows[row];
	bool out = part_at(s, row)->by == PART_OUT, touched = b->rest_net_fen != b->net_fen;
	char *rest = touched ? rests(b) : mem_strdup("");
	struct buf note;

	free(g->note);
	g->note = NULL;
	buf_init(&note, SENTENCE);
	if (b->rest_net_fen <= 0)
		buf_adds(&note, "└ 已全部冲红");
	else if (out)
		buf_addf(&note, "└ 不冲%s%s", touched ? "　" : "", rest);
	else if (touched)
		buf_addf(&note, "└ %s", rest);
	if (note.len)
		g->note = buf_detach(&note);
	buf_free(&note);
	free(rest);
}

/* Which of the two was typed last. */
static void see_typed(const struct grid_row *g, struct part *p)
{
	bool quantity = strcmp(g->cell[INDEX_QUANTITY], p->quantity) != 0;
	bool net = strcmp(g->cell[INDEX_NET], p->net) != 0;
	const char *text = unsigned_text(g->cell[quantity ? INDEX_QUANTITY : INDEX_NET]);

	if (!quantity && !net)
		return;
	p->by = quantity ? PART_QUANTITY : PART_NET;
	if (!text[strspn(text, "0.")])
		p->by = PART_OUT;
}

static void work_out(struct apply *s, int row)
{
	struct grid_row *g = &s->grid.rows[row];
	struct part *p = g->data;
	struct red_line l = {.net_fen = 0};
	struct err_info e = {0};
	struct red_wish w;
	char sentence[SENTENCE];

	see_typed(g, p);
	p->well = true;
	p->net_fen = p->tax_fen = 0;
	set_error(g, 0, NULL);
	if (p->by == PART_OUT) {
		show_none(s, row, PART_OUT);
	} else if (!wish_of(s, row, &w)) {
		p->well = false;
		set_error(g, p->by == PART_QUANTITY ? INDEX_QUANTITY : INDEX_NET,
			  p->by == PART_QUANTITY ? "数量不是数字" : "金额不是数字，最多两位小数");
	} else if (tax_red_part(line_at(s, row), s->reason, &w, &l, &e)) {
		p->well = false;
		set_error(g, strcmp(e.field, "quantity") ? INDEX_NET : INDEX_QUANTITY,
			  ui_sentence(&e, sentence, sizeof(sentence)));
	} else {
		p->net_fen = l.net_fen;
		p->tax_fen = l.tax_fen;
		show_part(s, row, &l);
	}
	if (!p->well)
		show_none(s, row, p->by);
	text_copy(p->quantity, sizeof(p->quantity), g->cell[INDEX_QUANTITY]);
	text_copy(p->net, sizeof(p->net), g->cell[INDEX_NET]);
	show_note(s, row);
}

static void sum_up(struct apply *s)
{
	int row;

	s->net = s->tax = 0;
	s->taken = s->wrong = 0;
	s->entered = false;
	for (row = 0; row < s->grid.count; row++) {
		const struct part *p = part_at(s, row);
		bool spent = line_at(s, row)->rest_net_fen <= 0;

		s->entered |= p->by != (spent ? PART_OUT : PART_REST);
		s->taken += p->by != PART_OUT;
		s->wrong += !p->well;
		s->net += p->net_fen;
		s->tax += p->tax_fen;
	}
}

static void changed(struct grid *g, int first, int last)
{
	struct apply *s = of(g);
	int row;

	for (row = first; row <= last && row < g->count; row++)
		work_out(s, row);
	sum_up(s);
}

static bool no_block(struct grid *g, const char *text, size_t n)
{
	(void)g;
	(void)text;
	(void)n;
	ui_message(MESSAGE_WARNING, "这里的行是蓝字发票的，不能粘贴成行");
	return true;
}

static const struct grid_hooks HOOKS = {
    .changed = changed, .copy_data = copy_part, .free_data = free, .block = no_block};

/* ---- filling ---- */

void apply_lines_free(struct apply *s)
{
	if (s->has_grid)
		grid_free(&s->grid);
	s->has_grid = false;
}

static void add_row(struct apply *s, int row)
{
	const struct red_blue_line *b = line_at(s, row);
	struct part *p = mem_zalloc(sizeof(*p));
	char rate[RATE_TEXT];

	grid_set(&s->grid, row, COL_NAME, b->name);
	grid_set(&s->grid, row, COL_UNIT, b->unit);
	grid_set(&s->grid, row, COL_RATE,
		 b->rate_ppm < 0 ? "" : rate_format_percent(b->rate_ppm, rate));
	if (b->rest_net_fen <= 0)
		p->by = PART_OUT;
	s->grid.rows[row].data = p;
}

/* Of another reason than before: parts it does not let be are proposed anew. */
static void settle(struct apply *s, int row)
{
	struct part *p = part_at(s, row);
	int column = p->by == PART_QUANTITY ? INDEX_QUANTITY : INDEX_NET;

	if (line_at(s, row)->rest_net_fen <= 0)
		p->by = PART_OUT;
	else if (p->by == PART_OUT ? why_not_part(s, row) != NULL
				   : p->by != PART_REST && why_not_cell(s, row, column))
		p->by = PART_REST;
}

void apply_lines_fill(struct apply *s)
{
	int count = (int)s->source.blue.line_count, row;

	if (!s->has_grid) {
		grid_init(&s->grid, COLUMNS, &HOOKS, s, count);
		s->has_grid = true;
		for (row = 0; row < count; row++)
			add_row(s, row);
	}
	s->grid.editing = false;
	for (row = 0; row < count; row++)
		settle(s, row);
	changed(&s->grid, 0, count - 1);
	grid_focus(&s->grid, s->grid.row, s->reason == RED_ALLOWANCE ? COL_NET : COL_QUANTITY);
}

struct red_wish *apply_lines_wishes(const struct apply *s, size_t *n)
{
	struct red_wish *wishes = mem_zalloc(((size_t)s->grid.count + 1) * sizeof(*wishes));
	int row;

	*n = 0;
	for (row = 0; s->entered && row < s->grid.count; row++) {
		if (part_at(s, row)->by != PART_OUT && wish_of(s, row, &wishes[*n]))
			(*n)++;
	}
	return wishes;
}

void apply_lines_refused(struct apply *s, const struct red_wish *wishes, const struct err_info *e)
{
	char sentence[SENTENCE];
	unsigned i;
	int row;

	ui_sentence(e, sentence, sizeof(sentence));
	ui_message(MESSAGE_ERROR, "%s", sentence);
	if (sscanf(e->field, "lines[%u]", &i) != 1)
		return;
	row = s->entered ? (int)wishes[i].line : (int)i;
	if (row >= s->grid.count)
		return;
	grid_focus(&s->grid, row, strstr(e->field, "amount") ? COL_NET : COL_QUANTITY);
	set_error(&s->grid.rows[row], s->grid.column, sentence);
}

bool apply_lines_wrong(struct apply *s)
{
	int row;

	for (row = 0; row < s->grid.count; row++) {
		const struct grid_row *g = &s->grid.rows[row];

		if (!g->error)
			continue;
		grid_focus(&s->grid, row, COLUMNS[g->error_column].id);
		ui_message(MESSAGE_ERROR, "第 %d 行%s", row + 1, g->error);
		return true;
	}
	return false;
}

/* ---- kept ---- */

void apply_lines_put(const struct apply *s, struct json_out *o)
{
	int row;

	for (row = 0; row < s->grid.count; row++) {
		const struct part *p = part_at(s, row);

		if (p->by == PART_REST || line_at(s, row)->rest_net_fen <= 0)
			continue;
		json_open(o, NULL, '{');
		json_put_int(o, "row", row);
		json_put_int(o, "by", p->by);
		json_put(o, "quantity", s->grid.rows[row].cell[INDEX_QUANTITY]);
		json_put(o, "amount", s->grid.rows[row].cell[INDEX_NET]);
		json_close(o, '}');
	}
}

void apply_lines_take(struct apply *s, const cJSON *array)
{
	const cJSON *item;
	long long row, by;

	cJSON_ArrayForEach(item, array)
	{
		struct part *p;

		if (!json_member_int(item, "row", 0, s->grid.count - 1, &row) ||
		    !json_member_int(item, "by", PART_REST, PART_OUT, &by))
			continue;
		p = part_at(s, (int)row);
		p->by = (enum part_by)by;
		if (p->by == PART_QUANTITY)
			grid_set(&s->grid, (int)row, COL_QUANTITY, json_member(item, "quantity"));
		if (p->by == PART_NET)
			grid_set(&s->grid, (int)row, COL_NET, json_member(item, "amount"));
		text_copy(p->quantity, sizeof(p->quantity),
			  grid_get(&s->grid, (int)row, COL_QUANTITY));
		text_copy(p->net, sizeof(p->net), grid_get(&s->grid, (int)row, COL_NET));
		settle(s, (int)row);
	}
	changed(&s->grid, 0, s->grid.count - 1);
}

/* ---- painting ---- */

void apply_lines_layout(struct apply *s)
{
	grid_layout(&s->grid, s->body);
}

static void paint_head(const struct apply *s)
{
	const struct red_blue *b = &s->source.blue;
	const char *party = s->side == RED_SELLER ? b->buyer_name : b->seller_name;
	char text[600];

	apply_paint_steps(s, s->head);
	snprintf(text, sizeof(text), "蓝字发票 %s%s%s  %.10s  %s%s %s", b->code,
		 *b->code ? " " : "", b->number, b->issued_at,
		 !strcmp(b->kind, "01") ? "专票  " : "普票  ",
		 s->side == RED_SELLER ? "购方" : "销方", party);
	draw_text(s->head, 1, 1, s->head.w - 2, ALIGN_LEFT, FACE_VALUE, text);
	snprintf(text, sizeof(text), "冲红原因 %s %s：%s", red_reason_code(s->reason),
		 red_reason_label(s->reason), red_reason_lets(s->reason));
	draw_text(s->head, 2, 1, s->head.w - 2, ALIGN_LEFT, FACE_LABEL, text);
}

static void paint_foot(const struct apply *s)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY], words[WORDS_TEXT], text[400];
	const char *error = grid_error(&s->grid);
	char *rest = rests(line_at(s, s->grid.row));

	draw_text(s->foot, 0, 1, s->foot.w - 2, ALIGN_LEFT, *error ? FACE_ERROR : FACE_DIM,
		  *error ? error : rest);
	free(rest);
	snprintf(text, sizeof(text), "合计 %d 行  金额 %s  税额 %s  价税合计 ¥%s", s->taken,
		 fen_format_grouped(s->net, net), fen_format_grouped(s->tax, tax),
		 red_gross(s->net, s->tax, gross));
	draw_text(s->foot, 1, 1, s->foot.w - 2, ALIGN_LEFT, s->wrong ? FACE_WARNING : FACE_TITLE,
		  text);
	draw_text(s->foot, 2, 1, s->foot.w - 2, ALIGN_LEFT, FACE_VALUE,
		  tax_words(s->net + s->tax, words));
	if (s->wrong) {
		snprintf(text, sizeof(text), "%d 行有误，不在合计里", s->wrong);
		draw_text(s->foot, 2, s->foot.w / 2, s->foot.w / 2 - 1, ALIGN_RIGHT, FACE_ERROR,
			  text);
	}
}

void apply_lines_paint(struct apply *s)
{
	paint_head(s);
	paint_foot(s);
	grid_paint(&s->grid, true);
}

/* ---- keys ---- */

static bool may_type(const struct apply *s)
{
	const char *why = why_not_cell(s, s->grid.row, s->grid.column);

	if (why)
		ui_message(MESSAGE_WARNING, "%s", why);
	return !why;
}

bool apply_lines_key(struct apply *s, struct key k, const char *paste, size_t n)
{
	if (k.code == '=' || !may_type(s)) /* no row is like another */
		return true;
	return grid_key(&s->grid, k, paste, n);
}

static bool leave_out(struct apply *s)
{
	struct grid *g = &s->grid;
	const char *why = why_not_part(s, g->row);
	struct part *p = part_at(s, g->row);

	if (why) {
		ui_message(MESSAGE_WARNING, "%s", why);
		return true;
	}
	grid_step_begin(g, g->row, g->row);
	p = part_at(s, g->row);
	g->editing = false;
	p->by = p->by == PART_OUT ? PART_REST : PART_OUT;
	changed(g, g->row, g->row);
	grid_focus(g, g->row, g->columns[g->column].id);
	apply_keep(s);
	return true;
}

static bool edits(enum action a)
{
	return a == ACT_DELETE_BACK || a == ACT_DELETE_HERE || a == ACT_DELETE_WORD ||
	       a == ACT_CLEAR;
}

/* The column that a reason never lets change is no stop on the way. */
static bool passes(const struct apply *s)
{
	return s->grid.column == (s->reason == RED_ALLOWANCE ? INDEX_QUANTITY
				  : s->reason == RED_STOP    ? -1
							     : INDEX_NET);
}

static enum grid_result move(struct apply *s, enum action a)
{
	struct grid *g = &s->grid;
	int row = g->row, column = g->columns[g->column].id;
	enum grid_result r = grid_act(g, a);

	if (r != GRID_LEFT_CELL || !passes(s))
		return r;
	if ((r = grid_act(g, a)) != GRID_LEFT_CELL)
		grid_focus(g, row, column);
	return r;
}

bool apply_lines_act(struct apply *s, enum action a)
{
	int row;

	switch (a) {
	case ACT_ROW_DELETE:
	case ACT_RED_LEAVE_OUT:
		return leave_out(s);
	case ACT_ROW_INSERT:
	case ACT_ROW_COPY_UP:
	case ACT_MARK:
		ui_message(MESSAGE_WARNING, "这里的行是蓝字发票的，不能增加；Ctrl-D 这一行不冲");
		return true;
	default:
		break;
	}
	if (edits(a) && !may_type(s))
		return true;
	row = s->grid.row;
	switch (move(s, a)) {
	case GRID_LEFT_CELL:
	case GRID_LEFT_TOP:
	case GRID_LEFT_BOTTOM:
		changed(&s->grid, row, row); /* with its sign */
		apply_keep(s);
		return true;
	case GRID_USED:
		return true;
	default:
		return false;
	}
}

const char *apply_lines_why_not(const struct apply *s, enum action a)
{
	if (a != ACT_RED_SUBMIT)
		return NULL;
	if (!s->taken)
		return "每一行都不冲，没有可以提交的";
	return NULL;
}
