/* red_apply_given.c - 手工录入: a blue invoice that was not issued here, as a person has it before
 * him, digital or old (features E16). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/code_pick.h"
#include "ui/screen/import_p.h"
#include "ui/screen/red_apply_p.h"

enum {
	GIVEN_NUMBER = 1,
	GIVEN_CODE,
	GIVEN_DATE,
	GIVEN_KIND,
	GIVEN_PAPER,
	GIVEN_PARTY,
	GIVEN_TAX_NO,
	GIVEN_NET,
	GIVEN_TAX
};
enum {
	COL_NAME = 1,
	COL_CODE,
	COL_UNIT,
	COL_QUANTITY,
	COL_PRICE,
	COL_NET,
	COL_RATE,
	COLUMN_COUNT = COL_RATE
};
enum { ASK_CODE = 1, SENTENCE = 1200, RATE_COLS = 12, DAY_CHARS = 10, FILE_FIELD = 1 };

static const char *const KINDS[] = {"数电普票", "数电专票", NULL};
static const char *const KIND_WORDS[] = {"ordinary", "special"};

static const char *check_date(const struct form *f, const struct field *fd, const char *text,
			      char *out)
{
	struct date d;
	int64_t t;

	(void)f;
	(void)fd;
	(void)out;
	if (!*text || datetime_parse(text, &t) ||
	    (strlen(text) <= DAY_CHARS && date_parse(text, &d)))
		return NULL;
	return "开票日期应为 2026-01-05 10:21:07，或 2026-01-05";
}

static const struct field FIELDS[] = {
    {.id = GIVEN_NUMBER,
     .kind = FIELD_DIGITS,
     .label = "发票号码",
     .col = 10,
     .width = 21,
     .max_chars = 20,
     .required = true,
     .help = "数电发票 20 位号码；税控发票 8 位，还要填发票代码。"},
    {.id = GIVEN_CODE,
     .kind = FIELD_DIGITS,
     .label = "发票代码",
     .col = 44,
     .width = 12,
     .max_chars = 12,
     .help = "税控发票的 10 或 12 位代码；数电发票空着。"},
    {.id = GIVEN_PAPER,
     .kind = FIELD_FLAG,
     .label = "纸质发票",
     .col = 72,
     .width = 1,
     .help = "空格勾选：这是一张纸质发票。"},
    {.id = GIVEN_DATE,
     .kind = FIELD_TEXT,
     .label = "开票日期",
     .row = 1,
     .col = 10,
     .width = 21,
     .max_chars = 19,
     .required = true,
     .check = check_date,
     .help = "例如 2026-01-05 10:21:07，只知道日期时写 2026-01-05。"},
    {.id = GIVEN_KIND,
     .kind = FIELD_CHOICE,
     .label = "票种",
     .row = 1,
     .col = 44,
     .width = 10,
     .choices = KINDS,
     .help = "普通发票还是专用发票，空格或左右键选择。"},
    {.id = GIVEN_PARTY,
     .kind = FIELD_TEXT,
     .label = "对方名称",
     .row = 2,
     .col = 10,
     .width = 30,
     .wide_width = 50,
     .max_chars = 100,
     .required = true,
     .help = "发票上对方纳税人的名称。"},
    {.id = GIVEN_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "对方税号",
     .row = 2,
     .col = 54,
     .width = 21,
     .max_chars = 20,
     .help = "发票上对方的纳税人识别号。"},
    {.id = GIVEN_NET,
     .kind = FIELD_AMOUNT,
     .label = "票面金额",
     .row = 3,
     .col = 10,
     .width = 16,
     .max_chars = 20,
     .help = "合计金额（不含税），用来核对录入的明细；可以空着。"},
    {.id = GIVEN_TAX,
     .kind = FIELD_AMOUNT,
     .label = "票面税额",
     .row = 3,
     .col = 44,
     .width = 14,
     .max_chars = 20,
     .help = "合计税额，用来核对录入的明细；可以空着。"},
    {.id = 0},
};

static const struct grid_column COLUMNS[] = {
    {.id = COL_NAME,
     .label = "项目名称",
     .width = 14,
     .wide_width = 30,
     .kind = FIELD_TEXT,
     .max_chars = 100,
     .help = "发票上的项目名称，不带星号里的简称；有折扣的行按折后金额填。"},
    {.id = COL_CODE,
     .label = "税收编码",
     .width = 19,
     .wide_width = 19,
     .kind = FIELD_DIGITS,
     .max_chars = 19,
     .chooser = true,
     .help = "19 位税收分类编码，F4 查找。"},
    {.id = COL_UNIT,
     .label = "单位",
     .width = 4,
     .wide_width = 6,
     .kind = FIELD_TEXT,
     .max_chars = 22},
    {.id = COL_QUANTITY,
     .label = "数量",
     .width = 8,
     .wide_width = 12,
     .align = ALIGN_RIGHT,
     .kind = FIELD_AMOUNT,
     .max_chars = 25,
     .help = "没有数量的行空着。"},
    {.id = COL_PRICE,
     .label = "单价",
     .width = 9,
     .wide_width = 14,
     .align = ALIGN_RIGHT,
     .kind = FIELD_AMOUNT,
     .max_chars = 25,
     .help = "不含税单价；由金额和数量算出时空着。"},
    {.id = COL_NET,
     .label = "金额",
     .width = 11,
     .wide_width = 14,
     .align = ALIGN_RIGHT,
     .kind = FIELD_AMOUNT,
     .max_chars = 20,
     .help = "不含税金额；由数量和单价算出时空着。"},
    {.id = COL_RATE,
     .label = "税率",
     .width = 5,
     .wide_width = 6,
     .align = ALIGN_RIGHT,
     .kind = FIELD_TEXT,
     .max_chars = 8,
     .help = "13、13%、0.13 都可以。"},
    {.id = 0},
};
/* By index of COLUMNS. */
static const char *const KEYS[COLUMN_COUNT] = {"name",  "tax_code", "unit",    "quantity",
					       "price", "amount",   "tax_rate"};

struct given {
	struct view *view;
	struct apply *wizard;
	struct form head;
	struct grid grid;
	bool in_grid, warned, done;
	struct rect title, top, rows, foot;
};

/* ---- the invoice as JSON ---- */

/* "13" is 13 % here: nobody has a rate of 1,300 %. */
static const char *rate_text(const char *cell, char out[RATE_COLS])
{
	char text[RATE_COLS + 2];
	int32_t ppm;
	char words[RATE_TEXT];

	snprintf(text, sizeof(text), "%.*s%%", RATE_COLS, cell);
	if (!rate_parse(cell, &ppm) && !rate_parse(text, &ppm))
		text_copy(out, RATE_COLS, cell);
	else
		text_copy(out, RATE_COLS, rate_format(ppm, words));
	return out;
}

static void put_line(struct json_out *o, const struct grid_row *r)
{
	const char *code = r->cell[COL_CODE - 1];
	struct tax_code c;
	char rate[RATE_COLS];
	int i;

	json_open(o, NULL, '{');
	for (i = 0; i < COLUMN_COUNT; i++) {
		if (!*r->cell[i])
			continue;
		json_put(o, KEYS[i], i == COL_RATE - 1 ? rate_text(r->cell[i], rate) : r->cell[i]);
	}
	if (*code && !desk_taxcode_get(ui_session(), code, &c, NULL)) {
		json_put(o, "short_name", c.short_name);
		tax_code_free(&c);
	}
	json_close(o, '}');
}

static void put_party(struct json_out *o, const char *key, const char *name, const char *tax_no)
{
	json_open(o, key, '{');
	json_put(o, "name", name);
	json_put(o, "tax_no", tax_no);
	json_close(o, '}');
}

/* A day alone is its first second. */
static void put_date(struct json_out *o, const char *typed)
{
	struct date d;
	char text[DATETIME_TEXT];

	if (strlen(typed) <= DAY_CHARS && date_parse(typed, &d))
		json_put(o, "issued_at",
			 datetime_text(date_unix((struct datetime) {.date = d}), text));
	else
		json_put(o, "issued_at", typed);
}

static bool blank(const struct grid_row *r)
{
	int i;

	for (i = 0; i < COLUMN_COUNT; i++) {
		if (*r->cell[i])
			return false;
	}
	return true;
}

static char *write_given(const struct given *g)
{
	const struct form *f = &g->head;
	bool seller = g->wizard->side == RED_SELLER;
	const char *name = form_get(f, GIVEN_PARTY), *tax_no = form_get(f, GIVEN_TAX_NO);
	const struct ui_facts *u = ui_facts();
	struct json_out o;
	struct buf out;
	int row;

	buf_init(&out, RED_GIVEN_MAX);
	json_out_init(&o, &out, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "number", form_get(f, GIVEN_NUMBER));
	json_put(&o, "code", form_get(f, GIVEN_CODE));
	json_put_bool(&o, "paper", form_flag(f, GIVEN_PAPER));
	put_date(&o, form_get(f, GIVEN_DATE));
	json_put(&o, "kind", KIND_WORDS[form_choice(f, GIVEN_KIND) == 1]);
	json_put_bool(&o, "prices_include_tax", false);
	put_party(&o, "seller", seller ? u->unit_name : name, seller ? u->unit_tax_no : tax_no);
	put_party(&o, "buyer", seller ? name : u->unit_name, seller ? tax_no : u->unit_tax_no);
	json_open(&o, "lines", '[');
	for (row = 0; row < g->grid.count; row++) {
		if (!blank(&g->grid.rows[row]))
			put_line(&o, &g->grid.rows[row]);
	}
	json_close(&o, ']');
	json_close(&o, '}');
	return buf_detach(&out);
}

/* ---- and back ---- */

static void read_lines(struct given *g, const cJSON *lines)
{
	const cJSON *item;
	int row = 0, i;

	cJSON_ArrayForEach(item, lines)
	{
		for (i = 0; i < COLUMN_COUNT; i++)
			grid_set(&g->grid, row, i + 1, json_member(item, KEYS[i]));
		row++;
	}
}

static void read_given(struct given *g, const char *text)
{
	const cJSON *party;
	cJSON *tree = NULL;
	struct form *f = &g->head;

	if (json_parse(text, strlen(text), RED_GIVEN_MAX, &tree, NULL))
		return;
	party = json_get(tree, g->wizard->side == RED_SELLER ? "buyer" : "seller");
	form_set(f, GIVEN_NUMBER, json_member(tree, "number"));
	form_set(f, GIVEN_CODE, json_member(tree, "code"));
	form_set(f, GIVEN_DATE, json_member(tree, "issued_at"));
	form_set(f, GIVEN_PARTY, json_member(party, "name"));
	form_set(f, GIVEN_TAX_NO, json_member(party, "tax_no"));
	form_set(f, GIVEN_KIND, KINDS[!strcmp(json_member(tree, "kind"), KIND_WORDS[1])]);
	if (cJSON_IsTrue(json_get(tree, "paper")))
		form_set(f, GIVEN_PAPER, "1");
	read_lines(g, json_get(tree, "lines"));
	json_free(&tree);
}

enum err apply_given_read(const struct apply *s, struct red_given_blue *out, struct err_info *e)
{
	return red_given_read(s->given, strlen(s->given), out, e);
}

/* ---- checking ---- */

static const struct {
	const char *field;
	int id;
} PLACES[] = {
    {"number", GIVEN_NUMBER},        {"code", GIVEN_CODE},         {"issued_at", GIVEN_DATE},
    {"buyer.name", GIVEN_PARTY},     {"seller.name", GIVEN_PARTY}, {"buyer.tax_no", GIVEN_TAX_NO},
    {"seller.tax_no", GIVEN_TAX_NO},
};

static int row_of(const struct given *g, int line)
{
	int row;

	for (row = 0; row < g->grid.count; row++) {
		if (!blank(&g->grid.rows[row]) && !line--)
			return row;
	}
	return 0;
}

static void fail_cell(struct given *g, const char *field, const char *sentence)
{
	unsigned line;
	int i, column = COL_NET, row;

	if (sscanf(field, "lines[%u]", &line) != 1)
		return;
	for (i = 0; i < COLUMN_COUNT; i++) {
		const char *dot = strrchr(field, '.');

		if (dot && !strcmp(dot + 1, KEYS[i]))
			column = i + 1;
	}
	row = row_of(g, (int)line);
	g->in_grid = true;
	grid_focus(&g->grid, row, column);
	free(g->grid.rows[row].error);
	g->grid.rows[row].error = mem_strdup(sentence);
	g->grid.rows[row].error_column = column - 1;
}

static void refused(struct given *g, const struct err_info *e)
{
	char sentence[SENTENCE];
	size_t i;

	ui_sentence(e, sentence, sizeof(sentence));
	ui_message(MESSAGE_ERROR, "%s", sentence);
	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		if (strcmp(e->field, PLACES[i].field) != 0)
			continue;
		g->in_grid = false;
		form_fail(&g->head, PLACES[i].id, sentence);
		return;
	}
	fail_cell(g, e->field, sentence);
}

/* The sums on the paper, where they were given. */
static bool sum_differs(struct given *g, int id, int64_t computed, const char *what)
{
	char sentence[200], fen[FEN_TEXT];
	int64_t typed;

	if (!*form_get(&g->head, id))
		return false;
	if (fen_parse(form_get(&g->head, id), &typed) && typed == computed)
		return false;
	snprintf(sentence, sizeof(sentence), "明细的%s合计是 %s，与票面不符：请核对明细", what,
		 fen_format(computed, fen));
	g->in_grid = false;
	form_fail(&g->head, id, sentence);
	ui_message(MESSAGE_ERROR, "%s", sentence);
	return true;
}

/* Whether it can be taken back is asked by the wizard; here what is typed is right in itself. */
static bool check(struct given *g, const char *text)
{
	const struct apply *s = g->wizard;
	struct red_given_blue blue;
	struct red_source source;
	struct err_info e = {0};
	bool well;
	enum err r;

	if (red_given_read(text, strlen(text), &blue, &e)) {
		refused(g, &e);
		return false;
	}
	well = !sum_differs(g, GIVEN_NET, blue.invoice.net_fen, "金额") &&
	       !sum_differs(g, GIVEN_TAX, blue.invoice.tax_fen, "税额");
	if (well) {
		r = desk_red_source_given(
		    ui_session(), s->side,
		    &(struct red_given) {&blue.invoice, blue.code, blue.paper}, &source, &e);
		if (!r)
			red_source_free(&source);
		/* Lines of earlier letters are fetched by the wizard. */
		well = !r || !strcmp(e.code, "red.bare");
		if (!well)
			refused(g, &e);
	}
	red_given_free(&blue);
	return well;
}

static void take(struct apply *s, char *text, bool file)
{
	apply_forget_source(s);
	free(s->given);
	s->given = text;
	s->given_file = file;
	s->number[0] = 0;
	apply_keep(s);
}

static bool done(struct given *g)
{
	const char *wrong = form_check(&g->head);
	struct apply *s = g->wizard;
	char *text;

	if (wrong) {
		g->in_grid = false;
		ui_message(MESSAGE_ERROR, "%s", wrong);
		return true;
	}
	text = write_given(g);
	if (!text || !check(g, text)) {
		free(text);
		return true;
	}
	g->done = true;
	take(s, text, false);
	view_pop(true, NULL);
	return true;
}

/* ---- the view ---- */

static enum err given_open(struct view *v, const void *arg, struct err_info *e)
{
	struct given *g = v->state;

	(void)e;
	g->view = v;
	g->wizard = *(struct apply *const *)arg;
	form_init(&g->head, FIELDS, g);
	form_set(&g->head, GIVEN_KIND, KINDS[0]);
	grid_init(&g->grid, COLUMNS, NULL, g, TAX_LINES_ADVISED);
	if (g->wizard->given && !g->wizard->given_file)
		read_given(g, g->wizard->given);
	return ERR_OK;
}

static void given_close(struct view *v)
{
	struct given *g = v->state;

	form_free(&g->head);
	grid_free(&g->grid);
}

static void given_layout(struct view *v)
{
	struct given *g = v->state;
	struct rect r = v->area;

	g->title = rect_top(&r, 1);
	form_layout(&g->head, r);
	g->top = rect_top(&r, form_rows(&g->head));
	form_layout(&g->head, g->top);
	g->foot = rect_bottom(&r, 1);
	g->rows = r;
	grid_layout(&g->grid, g->rows);
}

static void given_paint(struct view *v)
{
	struct given *g = v->state;
	const char *error = g->in_grid ? grid_error(&g->grid) : form_error(&g->head);

	draw_clear(v->area, FACE_NORMAL);
	draw_text(g->title, 0, 1, g->title.w - 2, ALIGN_LEFT, FACE_TITLE,
		  g->wizard->side == RED_SELLER ? "我方开出的蓝字发票（照票面填，不含税）"
						: "销方开给我方的蓝字发票（照票面填，不含税）");
	grid_paint(&g->grid, g->in_grid);
	form_paint(&g->head, !g->in_grid);
	draw_text(g->foot, 0, 1, g->foot.w - 2, ALIGN_LEFT, *error ? FACE_ERROR : FACE_DIM,
		  *error ? error : "Tab 和回车到下一栏，F10 下一步：选择冲红原因");
}

static bool given_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct given *g = v->state;

	g->warned = false;
	return g->in_grid ? grid_key(&g->grid, k, paste, n) : form_key(&g->head, k, paste, n);
}

/* As far as it is typed, whole or not. */
static void keep(const struct given *g)
{
	char *text;

	if (!g->head.dirty && !g->grid.dirty)
		return;
	if ((text = write_given(g)))
		apply_keep_given(g->wizard, text);
	free(text);
}

static bool form_do(struct given *g, enum action a)
{
	enum form_result r = form_act(&g->head, a);

	if (r != FORM_USED && r != FORM_UNUSED)
		keep(g);
	switch (r) {
	case FORM_LEFT_END:
		g->in_grid = true;
		grid_focus(&g->grid, 0, COL_NAME);
		return true;
	case FORM_UNUSED:
		if (a != ACT_DOWN)
			return false;
		g->in_grid = true;
		return true;
	default:
		return true;
	}
}

static bool grid_do(struct given *g, enum action a)
{
	if (a == ACT_CHOOSE && g->grid.columns[g->grid.column].id == COL_CODE) {
		struct code_pick_arg arg = {.name = grid_get(&g->grid, g->grid.row, COL_NAME)};

		return view_ask(g->view, ASK_CODE, &view_code_pick_ops, &arg);
	}
	switch (grid_act(&g->grid, a)) {
	case GRID_LEFT_TOP:
		g->in_grid = false;
		return true;
	case GRID_UNUSED:
		return false;
	case GRID_LEFT_CELL:
		keep(g);
		return true;
	default:
		return true;
	}
}

static bool given_act(struct view *v, enum action a)
{
	struct given *g = v->state;

	if (a == ACT_STEP_NEXT)
		return done(g);
	return g->in_grid ? grid_do(g, a) : form_do(g, a);
}

static void given_answer(struct view *v, int token, bool ok, const void *result)
{
	struct given *g = v->state;
	const struct code_picked *c = result;
	char rate[RATE_TEXT];

	if (!ok || token != ASK_CODE)
		return;
	grid_set(&g->grid, g->grid.row, COL_CODE, c->code);
	if (c->rate_count == 1)
		grid_set(&g->grid, g->grid.row, COL_RATE, rate_format_percent(c->rates[0], rate));
	view_redraw(v);
}

/* What was typed is only lost when it is said twice. */
static bool given_leave(struct view *v, bool forced)
{
	struct given *g = v->state;

	if (g->done || (!g->head.dirty && !g->grid.dirty))
		return true;
	if (forced) {
		keep(g);
		return true;
	}
	if (!g->warned) {
		g->warned = true;
		ui_message(MESSAGE_WARNING, "填的内容还没有用上：F10 下一步，再按一次放弃");
		return false;
	}
	if (apply_entered(g->wizard))
		apply_keep(g->wizard);
	else
		apply_forget();
	return true;
}

static const char *const *given_sections(const struct view *v)
{
	static const char *const GRID[] = {"red-given", "grid", "form", NULL};
	const struct given *g = v->state;

	return g->in_grid ? GRID : form_sections(&g->head);
}

static const enum action *given_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_STEP_NEXT, ACT_ENTER, ACT_PREVIOUS, ACT_ROW_DELETE,
					    ACT_CHOOSE,    ACT_BACK,  ACT_NONE};
	static const enum action FORM[] = {ACT_STEP_NEXT, ACT_ENTER, ACT_PREVIOUS, ACT_BACK,
					   ACT_NONE};
	const struct given *g = v->state;

	return g->in_grid ? HINTS : FORM;
}

static const char *given_help(const struct view *v)
{
	const struct given *g = v->state;

	return g->in_grid ? grid_help(&g->grid) : form_help(&g->head);
}

static const struct view_ops view_red_given_ops = {
    .name = "red-given",
    .path = "开票 › 红字发票 › 录入 › 蓝字发票",
    .size = sizeof(struct given),
    .open = given_open,
    .layout = given_layout,
    .paint = given_paint,
    .sections = given_sections,
    .key = given_key,
    .act = given_act,
    .hints = given_hints,
    .help = given_help,
    .answer = given_answer,
    .leave = given_leave,
    .close = given_close,
};

bool apply_ask_given(struct apply *s)
{
	return view_ask(s->frame.view, APPLY_ASK_GIVEN, &view_red_given_ops, &s);
}

/* ---- from a file ---- */

static const struct field FILE_FIELDS[] = {
    {.id = FILE_FIELD,
     .kind = FIELD_TEXT,
     .label = "文件",
     .col = 7,
     .width = 56,
     .wide_width = 76,
     .max_chars = 500,
     .required = true,
     .help =
	 "这台服务器上的文件：数电发票的 XML 版式文件，或 JSON（写法同命令行 red apply --blue）。"},
    {.id = 0},
};

static bool take_file(struct form *f, void *arg)
{
	struct apply *s = arg;
	char path[IMPORT_PATH], sentence[SENTENCE], *data;
	struct red_given_blue blue;
	struct err_info e = {0};
	size_t size;

	if (!import_find(f, FILE_FIELD, path))
		return false;
	if (file_read(path, RED_GIVEN_MAX, &data, &size, &e)) {
		form_fail(f, FILE_FIELD, ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	if (red_given_read(data, size, &blue, &e)) {
		form_fail(f, FILE_FIELD, ui_sentence(&e, sentence, sizeof(sentence)));
		free(data);
		return false;
	}
	red_given_free(&blue);
	take(s, mem_strndup(data, size), true);
	free(data);
	return true;
}

bool apply_ask_file(struct apply *s)
{
	return view_ask(
	    s->frame.view, APPLY_ASK_FILE, &view_form_ops,
	    &(struct ask_form_arg) {.title = "从文件读蓝字发票",
				    .fields = FILE_FIELDS,
				    .arg = s,
				    .note = "一张不是在这里开的蓝字发票：XML 版式文件，或 JSON。",
				    .submit = take_file});
}
