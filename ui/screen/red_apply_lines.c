/* red_apply_lines.c - 录入, step 4: the lines as negative ones; quantity or amount of each can be
 * changed where the reason lets it (features E20, E21, N41, N43). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_apply_lines_p.h"

enum { SENTENCE = 1200 };

static const struct grid_column COLUMNS[] = {
    {.id = COL_NAME, .label = "项目名称", .width = 20, .wide_width = 34, .kind = FIELD_SHOW},
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
     .wide_width = 20,
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

struct part *lines_part(const struct apply *s, int row)
{
	return s->grid.rows[row].data;
}

const struct red_blue_line *lines_blue(const struct apply *s, int row)
{
	return &s->source.blue.lines[row];
}

/* ---- what may be changed ---- */

const char *lines_why_not_part(const struct apply *s, int row)
{
	static char why[SENTENCE];
	struct err_info e = {0};

	if (lines_blue(s, row)->rest_net_fen <= 0)
		return "这一行已全部冲红";
	if (!tax_red_partial(&s->source.blue, s->reason, &e))
		return NULL;
	text_copy(why, sizeof(why), e.why);
	return why;
}

const char *lines_why_not_cell(const struct apply *s, int row, int column)
{
	const struct red_blue_line *b = lines_blue(s, row);
	const char *why = lines_why_not_part(s, row);

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

/* Painted instead of the cell, where that is not being typed in; NULL: the cell itself. */
static void put_shown(struct apply *s, int row, int id, const char *text)
{
	char **shown = &s->grid.rows[row].shown[id - 1];

	free(*shown);
	*shown = text ? mem_strdup(text) : NULL;
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
	char q[DEC_TEXT] = "", price[DEC_TEXT] = "", net[FEN_TEXT], grouped[RED_MONEY];

	if (l->has_quantity) {
		dec_format(l->quantity, q);
		dec_format(l->price, price);
	}
	put(s, row, COL_QUANTITY, q);
	put(s, row, COL_PRICE, price);
	put(s, row, COL_NET, fen_format(l->net_fen, net));
	put_shown(s, row, COL_NET, fen_format_grouped(l->net_fen, grouped));
	put(s, row, COL_TAX, fen_format_grouped(l->tax_fen, grouped));
}

/* Nothing but what was typed, if it was. */
static void show_none(struct apply *s, int row, enum part_by typed)
{
	put(s, row, COL_PRICE, "");
	put(s, row, COL_TAX, "");
	put_shown(s, row, COL_NET, NULL);
	if (typed != PART_QUANTITY)
		put(s, row, COL_QUANTITY, "");
	if (typed != PART_NET)
		put(s, row, COL_NET, "");
}

/* What was taken before and what is left; of a line that nobody has touched nothing. */
char *lines_rests(const struct red_blue_line *b)
{
	char q[DEC_TEXT], net[FEN_TEXT + 8], gone[FEN_TEXT + 8];
	struct buf out;

	buf_init(&out, SENTENCE);
	if (b->has_quantity)
		buf_addf(&out, "单价 %s　", dec_format(b->price, q));
	buf_addf(&out, "已冲 %s　可冲 %s", fen_format_grouped(b->net_fen - b->rest_net_fen, gone),
		 fen_format_grouped(b->rest_net_fen, net));
	if (b->has_quantity)
		buf_addf(&out, "（数量 %s）", dec_format(b->rest_quantity, q));
	return buf_detach(&out);
}

static void show_note(struct apply *s, int row)
{
	const struct red_blue_line *b = lines_blue(s, row);
	struct grid_row *g = &s->grid.rows[row];
	bool out = lines_part(s, row)->by == PART_OUT, touched = b->rest_net_fen != b->net_fen;
	char *rest = touched ? lines_rests(b) : mem_strdup("");
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

/* Which of the two was typed last; false: none. */
static bool see_typed(const struct grid_row *g, struct part *p)
{
	bool quantity = strcmp(g->cell[INDEX_QUANTITY], p->quantity) != 0;
	bool net = strcmp(g->cell[INDEX_NET], p->net) != 0;
	const char *text = unsigned_text(g->cell[quantity ? INDEX_QUANTITY : INDEX_NET]);

	if (!quantity && !net)
		return false;
	p->by = quantity ? PART_QUANTITY : PART_NET;
	if (!text[strspn(text, "0.")])
		p->by = PART_OUT;
	return true;
}

/* A part with the words it was asked for by. */
static void propose(struct apply *s, int row, enum part_by by)
{
	struct part *p = lines_part(s, row);
	bool quantity = by == PART_QUANTITY;

	p->by = by;
	put(s, row, quantity ? COL_QUANTITY : COL_NET, quantity ? p->asked.quantity : p->asked.net);
}

/* What was asked for, as far as the reason lets it: of a quantity at least the amount it came to,
 * else all that is left. */
static void settle(struct apply *s, int row)
{
	struct part *p = lines_part(s, row);
	const struct part_asked *asked = &p->asked;

	p->by = PART_REST;
	if (lines_blue(s, row)->rest_net_fen <= 0)
		p->by = PART_OUT;
	else if (asked->by == PART_OUT && !lines_why_not_part(s, row))
		p->by = PART_OUT;
	else if (asked->by == PART_QUANTITY && !lines_why_not_cell(s, row, INDEX_QUANTITY))
		propose(s, row, PART_QUANTITY);
	else if (asked->by != PART_OUT && *asked->net && !lines_why_not_cell(s, row, INDEX_NET))
		propose(s, row, PART_NET);
}

static void keep_asked(const struct grid_row *g, struct part *p)
{
	p->asked.by = p->by;
	text_copy(p->asked.quantity, sizeof(p->asked.quantity), g->cell[INDEX_QUANTITY]);
	text_copy(p->asked.net, sizeof(p->asked.net), g->cell[INDEX_NET]);
	if (p->by == PART_REST || p->by == PART_OUT)
		p->asked.quantity[0] = p->asked.net[0] = 0;
}

static void work_out(struct apply *s, int row)
{
	struct grid_row *g = &s->grid.rows[row];
	struct part *p = g->data;
	struct red_line l = {.net_fen = 0};
	struct err_info e = {0};
	struct red_wish w;
	char sentence[SENTENCE];
	bool typed = see_typed(g, p);

	if (!typed)
		settle(s, row);
	p->well = true;
	p->net_fen = p->tax_fen = 0;
	set_error(g, 0, NULL);
	if (p->by == PART_OUT) {
		show_none(s, row, PART_OUT);
	} else if (!wish_of(s, row, &w)) {
		p->well = false;
		set_error(g, p->by == PART_QUANTITY ? INDEX_QUANTITY : INDEX_NET,
			  p->by == PART_QUANTITY ? "数量不是数字" : "金额不是数字，最多两位小数");
	} else if (tax_red_part(lines_blue(s, row), s->reason, &w, &l, &e)) {
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
	if (typed)
		keep_asked(g, p);
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
		const struct part *p = lines_part(s, row);
		bool spent = lines_blue(s, row)->rest_net_fen <= 0;

		s->entered |= p->by != (spent ? PART_OUT : PART_REST);
		s->taken += p->by != PART_OUT;
		s->wrong += !p->well;
		s->net += p->net_fen;
		s->tax += p->tax_fen;
	}
}

void lines_changed(struct grid *g, int first, int last)
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

/* What a step keeps is the reason of before. */
static int restore_reason(struct grid *g, int kept)
{
	struct apply *s = of(g);
	int was = (int)s->reason;

	s->reason = (enum red_reason)kept;
	return was;
}

static const struct grid_hooks HOOKS = {.changed = lines_changed,
					.copy_data = copy_part,
					.free_data = free,
					.block = no_block,
					.restore = restore_reason};

/* ---- filling ---- */

void apply_lines_free(struct apply *s)
{
	if (s->has_grid)
		grid_free(&s->grid);
	s->has_grid = false;
}

static void add_row(struct apply *s, int row)
{
	const struct red_blue_line *b = lines_blue(s, row);
	struct part *p = mem_zalloc(sizeof(*p));
	char rate[RATE_TEXT];

	grid_set(&s->grid, row, COL_NAME, b->name);
	grid_set(&s->grid, row, COL_UNIT, b->unit);
	grid_set(&s->grid, row, COL_RATE,
		 b->rate_ppm < 0 ? "" : rate_format_percent(b->rate_ppm, rate));
	s->grid.rows[row].data = p;
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
	lines_changed(&s->grid, 0, count - 1);
	grid_focus(&s->grid, s->grid.row,
		   lines_why_not_cell(s, s->grid.row, INDEX_QUANTITY) &&
			   !lines_why_not_cell(s, s->grid.row, INDEX_NET)
		       ? COL_NET
		       : COL_QUANTITY);
}

void apply_lines_other_reason(struct apply *s, enum red_reason to)
{
	const enum red_reason from = s->reason;
	int by_amount = 0, anew = 0, row;

	grid_step_begin(&s->grid, 0, s->grid.count - 1);
	grid_step_keep(&s->grid, (int)from);
	s->reason = to;
	s->worked = true;
	apply_lines_fill(s);
	for (row = 0; row < s->grid.count; row++) {
		const struct part *p = lines_part(s, row);

		by_amount += p->asked.by == PART_QUANTITY && p->by == PART_NET;
		anew += p->asked.by != PART_REST && p->by == PART_REST;
	}
	if (anew)
		ui_message(MESSAGE_WARNING,
			   "“%s”不能这样部分冲红：%d 行改回全部可冲的；Ctrl-Z 换回原来的原因",
			   red_reason_label(to), anew);
	else if (by_amount)
		ui_message(MESSAGE_INFO, "“%s”没有数量：%d 行照原来算出的金额冲红",
			   red_reason_label(to), by_amount);
}

struct red_wish *apply_lines_wishes(const struct apply *s, size_t *n)
{
	struct red_wish *wishes = mem_zalloc(((size_t)s->grid.count + 1) * sizeof(*wishes));
	int row;

	*n = 0;
	for (row = 0; s->entered && row < s->grid.count; row++) {
		if (lines_part(s, row)->by != PART_OUT && wish_of(s, row, &wishes[*n]))
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

int lines_first_wrong(const struct apply *s)
{
	int row;

	for (row = 0; row < s->grid.count; row++) {
		if (s->grid.rows[row].error)
			return row;
	}
	return -1;
}

bool apply_lines_wrong(struct apply *s)
{
	int row = lines_first_wrong(s);

	if (row < 0)
		return false;
	grid_focus(&s->grid, row, COLUMNS[s->grid.rows[row].error_column].id);
	ui_message(MESSAGE_ERROR, "第 %d 行%s", row + 1, s->grid.rows[row].error);
	return true;
}

/* ---- kept ---- */

void apply_lines_put(const struct apply *s, struct json_out *o)
{
	int row;

	for (row = 0; row < s->grid.count; row++) {
		const struct part_asked *p = &lines_part(s, row)->asked;

		if (p->by == PART_REST || lines_blue(s, row)->rest_net_fen <= 0)
			continue;
		json_open(o, NULL, '{');
		json_put_int(o, "row", row);
		json_put_int(o, "by", p->by);
		json_put(o, "quantity", p->quantity);
		json_put(o, "amount", p->net);
		json_close(o, '}');
	}
}

void apply_lines_take(struct apply *s, const cJSON *array)
{
	const cJSON *item;
	long long row, by;

	cJSON_ArrayForEach(item, array)
	{
		struct part_asked *p;

		if (!json_member_int(item, "row", 0, s->grid.count - 1, &row) ||
		    !json_member_int(item, "by", PART_REST, PART_OUT, &by))
			continue;
		p = &lines_part(s, (int)row)->asked;
		p->by = (enum part_by)by;
		text_copy(p->quantity, sizeof(p->quantity), json_member(item, "quantity"));
		text_copy(p->net, sizeof(p->net), json_member(item, "amount"));
	}
	lines_changed(&s->grid, 0, s->grid.count - 1);
}
