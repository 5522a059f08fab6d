/* lines_row.c - one row of a workbook as a line of an invoice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/lines_p.h"

enum { DECIMALS = 13, RATE_WORD = 64 };

const char *const lines_keys[LINES_KEYS] = {"name",     "tax_code",   "spec",      "unit",
					    "quantity", "price",      "amount",    "tax_rate",
					    "discount", "preference", "coal_kind", "goods"};

/* ---- sentences ---- */

void lines_say(char **slot, const char *text)
{
	char all[SHEET_REASON] = "";

	if (*slot)
		text_copy(all, sizeof(all), *slot);
	if (*all)
		sheet_reason_add(all, text);
	else
		text_copy(all, sizeof(all), text);
	mem_set(slot, all);
}

static int key_of(const char *field)
{
	int k;

	for (k = 0; k < LINES_KEYS; k++) {
		if (!strcmp(lines_keys[k], field))
			return k;
	}
	return -1;
}

static int column_of(int key)
{
	return sheet_column(sheet_table("lines"), lines_keys[key]);
}

static const char *title_of(const struct lines_row *row, int key)
{
	return row->part->titles[column_of(key)];
}

static void point_at(struct lines_row *row, int key)
{
	if (row->column < 0)
		row->column = row->part->at[column_of(key)];
}

/* "金额：“-5”必须大于 0（……）"; the value only where the sentence does not have it. */
static void put_sentence(const struct lines_row *row, const struct err_info *why,
			 char out[SHEET_REASON])
{
	int key = key_of(why->field);
	const char *value = key < 0 ? "" : row->raw->values[key];
	bool quote = *value && !strstr(why->why, value);
	struct buf b;

	buf_init(&b, 4 * SHEET_REASON);
	buf_addf(&b, "%s：", key < 0 ? why->what : title_of(row, key));
	if (quote)
		buf_addf(&b, "“%.40s”", value);
	buf_adds(&b, why->why);
	if (*why->hint)
		buf_addf(&b, "（%s）", why->hint);
	text_copy(out, SHEET_REASON, buf_str(&b));
	buf_free(&b);
}

void lines_fault(struct lines_row *row, char **slot, const struct err_info *why)
{
	char text[SHEET_REASON];
	int key = key_of(why->field);

	put_sentence(row, why, text);
	if (key >= 0)
		point_at(row, key);
	lines_say(slot, text);
}

static void wrong(struct lines_row *row, int key, const char *why)
{
	char text[SHEET_REASON];

	snprintf(text, sizeof(text), "%s：%.300s", title_of(row, key), why);
	point_at(row, key);
	lines_say(&row->wrong, text);
}

static void warn_at(struct lines_row *row, int key)
{
	if (key >= 0 && row->warning_column < 0)
		row->warning_column = row->part->at[column_of(key)];
}

bool lines_figure_wrong(const struct lines_row *row)
{
	static const int FIGURES[] = {LINES_QUANTITY, LINES_PRICE, LINES_AMOUNT, LINES_RATE,
				      LINES_DISCOUNT};
	char words[SHEET_REASON];
	size_t i;

	for (i = 0; row->wrong && i < sizeof(FIGURES) / sizeof(FIGURES[0]); i++) {
		snprintf(words, sizeof(words), "%s：", title_of(row, FIGURES[i]));
		if (strstr(row->wrong, words))
			return true;
	}
	return false;
}

static void warn(struct lines_row *row, int key, const char *why)
{
	char text[SHEET_REASON];

	snprintf(text, sizeof(text), "%s：%.300s", title_of(row, key), why);
	warn_at(row, key);
	lines_say(&row->warning, text);
}

/* ---- values ---- */

static const char *value_of(const struct lines_row *row, int key)
{
	return row->raw->values[key];
}

/* Thirteen decimals are what goes on an invoice; formulas leave more. */
static bool read_decimal(struct lines_row *row, int key, struct dec *out)
{
	char why[160], text[DEC_TEXT];

	if (!*value_of(row, key) || !dec_parse(value_of(row, key), out))
		return false;
	if (dec_normalize(*out).scale <= DECIMALS)
		return true;
	*out = dec_normalize(dec_round(*out, DECIMALS));
	snprintf(why, sizeof(why), "超过 13 位小数，按 %s 导入", dec_format(*out, text));
	warn(row, key, why);
	return true;
}

static void read_figures(struct lines_row *row)
{
	struct tax_line *l = &row->line;
	int64_t off = 0;

	l->has_quantity = read_decimal(row, LINES_QUANTITY, &l->quantity);
	l->has_price = read_decimal(row, LINES_PRICE, &l->price);
	l->has_amount = fen_parse(value_of(row, LINES_AMOUNT), &l->amount_fen);
	if (!fen_parse(value_of(row, LINES_DISCOUNT), &off) || !off)
		return;
	if (off < 0) {
		wrong(row, LINES_DISCOUNT, "折扣金额填正数，导入后自动生成折扣行");
		return;
	}
	l->discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = off};
}

/* "*信息技术服务*软件开发": the short name comes from the tax code. */
static const char *read_name(struct lines_row *row, const char *name)
{
	const char *end = *name == '*' ? strchr(name + 1, '*') : NULL;

	if (!end || end == name + 1 || !end[1])
		return name;
	warn(row, LINES_NAME, "名称里的 *简称* 已去掉，由税收分类编码带出");
	return end + 1;
}

static void read_texts(struct lines_row *row)
{
	const char *code = value_of(row, LINES_CODE), *goods = value_of(row, LINES_GOODS);
	struct tax_line *l = &row->line;
	char whole[IMPORT_CODE];

	/* Some programs call the tax code 商品编码. */
	if (!*code && strlen(goods) == IMPORT_CODE - 1 && text_all_digits(goods)) {
		code = goods;
		goods = "";
	}
	mem_set(&l->goods, goods);
	mem_set(&l->tax_code, import_whole_code(code, whole));
	mem_set(&l->name, read_name(row, value_of(row, LINES_NAME)));
	mem_set(&l->spec, value_of(row, LINES_SPEC));
	mem_set(&l->unit, value_of(row, LINES_UNIT));
}

/* ---- rate and preference ---- */

/* A preference that is a word in the column of rates. */
static const struct {
	const char *word, *preference;
} FREE[] = {{"免税", "03"}, {"免征增值税", "03"}, {"不征税", "04"}};

static const char *free_word(const char *value)
{
	size_t i;

	for (i = 0; i < sizeof(FREE) / sizeof(FREE[0]); i++) {
		if (!strcmp(FREE[i].word, value))
			return FREE[i].preference;
	}
	return "";
}

static void read_rate(struct lines_row *row)
{
	const char *value = value_of(row, LINES_RATE);
	const struct sheet_column column = {.title = title_of(row, LINES_RATE), .type = SHEET_RATE};
	struct sheet_cell cell = {.kind = CELL_TEXT, .text = value, .len = strlen(value)};
	char word[RATE_WORD], reason[SHEET_REASON];

	row->line.rate_ppm = -1;
	if (!*value)
		return;
	if (!sheet_value(&column, &cell, word, sizeof(word), reason)) {
		point_at(row, LINES_RATE);
		lines_say(&row->wrong, reason);
		return;
	}
	rate_parse(word, &row->line.rate_ppm);
}

/* The rate a preference fixes, when that is one; -1: none or several. */
static int32_t only_rate(const struct code_row *preference)
{
	int32_t ppm = -1;

	return rate_parse(preference->extra, &ppm) ? ppm : -1;
}

static void read_preference(struct lines_row *row)
{
	const char *said = free_word(value_of(row, LINES_RATE)),
		   *value = value_of(row, LINES_PREFERENCE);
	const struct code_row *p = *value ? code_find_name(CODES_PREFERENCES, value) : NULL;
	struct tax_line *l = &row->line;
	char why[200];

	if (p && *said && strcmp(p->code, said) != 0) {
		snprintf(why, sizeof(why), "“%.60s”与税率“%.40s”不一致，请改正其中一个", value,
			 value_of(row, LINES_RATE));
		wrong(row, LINES_PREFERENCE, why);
		return;
	}
	mem_set(&l->preference, p ? p->code : said);
	if (p && l->rate_ppm < 0 && !*value_of(row, LINES_RATE))
		l->rate_ppm = only_rate(p);
}

/* The choices stand in the order of the codes. */
static void read_coal(struct lines_row *row)
{
	const struct sheet_column *c = &sheet_table("lines")->columns[column_of(LINES_COAL)];
	const char *value = value_of(row, LINES_COAL);
	const struct code_row *kind;
	size_t i;

	for (i = 0; c->choices[i] && (kind = code_at(CODES_COAL, i)); i++) {
		if (*value && !strcmp(c->choices[i], value))
			mem_set(&row->line.coal_kind, kind->code);
	}
}

/* ---- what the cells themselves tell ---- */

/* A name is not missing where the article is named otherwise. */
static void take_reason(struct lines_row *row, const struct sheet_record *rec)
{
	char missing[SHEET_REASON];
	const char *rest = rec->reason;
	size_t n;

	row->column = rec->column;
	n = (size_t)snprintf(missing, sizeof(missing), "%s：没有填写", title_of(row, LINES_NAME));
	if (*value_of(row, LINES_GOODS) && !strncmp(rest, missing, n)) {
		rest += n;
		rest += !strncmp(rest, "；", strlen("；")) ? strlen("；") : 0;
		row->column = -1;
	}
	if (*rest)
		lines_say(&row->wrong, rest);
}

/* As it stands in the sheet, where it could not be taken. */
static const char *cell_of(const struct lines_row *row, int key)
{
	int at = row->part->at[column_of(key)];
	bool there = !*value_of(row, key) && at >= 0 && (size_t)at < row->raw->raw_count;

	return there ? row->raw->raw[at] : value_of(row, key);
}

/* It can be added in the form, but no invoice goes without. */
static void look_at_coal(struct lines_row *row)
{
	const struct tax_line *l = &row->line;

	if (*l->coal_kind && !tax_code_coal(l->tax_code))
		wrong(row, LINES_COAL, "编码不是煤炭，不能填写");
	else if (!*cell_of(row, LINES_COAL) && tax_code_coal(l->tax_code))
		warn(row, LINES_COAL, "煤炭必须填写，开票前请补上");
}

static void look_at_rounded(const struct lines_reader *rd, struct lines_row *row, uint64_t rounded)
{
	char text[SHEET_REASON];
	int k;

	for (k = 0; k < LINES_KEYS; k++) {
		if (!(rounded >> rd->columns[k] & 1) ||
		    (k == LINES_CODE && import_is_whole_code(value_of(row, k))))
			continue;
		import_lost(text, title_of(row, k), cell_of(row, k), "");
		point_at(row, k);
		lines_say(&row->wrong, text);
	}
}

static void look_at_hidden(const struct lines_reader *rd, struct lines_row *row,
			   const struct sheet_record *rec)
{
	char text[SHEET_REASON];
	int k;

	if (!rec->cleaned)
		return;
	for (k = 0; k < LINES_KEYS; k++) {
		if (rec->cleaned >> rd->columns[k] & 1)
			warn_at(row, k);
	}
	sheet_record_cleaned(rec, text);
	lines_say(&row->warning, text);
	rd->out->cleaned++;
}

/* 涉税专业服务 needs particulars that no line has. */
static void look_at_service(struct lines_row *row)
{
	const struct sheet_part *part = row->part;
	const char *value = "";
	size_t k;

	for (k = 0; k < part->width; k++) {
		if (strstr(part->headings[k], "涉税专业服务发票"))
			break;
	}
	if (k < part->width && k < row->raw->raw_count)
		value = row->raw->raw[k];
	if (strcmp(value, "是") != 0 && strcmp(value, "Y") != 0)
		return;
	if (row->column < 0)
		row->column = (int)k;
	lines_say(&row->wrong, "是否开具涉税专业服务发票品目：“是”还不能开具，请在电子税务局办理");
}

/* ---- rules of the line ---- */

/* What is told elsewhere, or may still come. */
static bool is_expected(const struct tax_line *l, const struct tax_finding *f)
{
	/* A short name comes with its code. */
	return !strcmp(f->at.code, "line.short_name.required") ||
	       (!*l->tax_code && !strcmp(f->at.code, "line.tax_code.required")) ||
	       (!*l->name && !strcmp(f->at.code, "line.name.required"));
}

/* May fetching the tax side's list mend it? */
static bool is_mendable(const struct issue_context *c, const struct tax_finding *f)
{
	return !c->codes_known && !strcmp(f->at.code, "line.tax_code.unknown");
}

static void check_rules(const struct lines_reader *rd, struct lines_row *row)
{
	struct tax_findings found = {0};
	char text[SHEET_REASON];
	size_t i;

	tax_validate_line(&row->line, &rd->context->tax, &found, NULL);
	for (i = 0; i < found.count; i++) {
		const struct tax_finding *f = &found.items[i];

		if (is_expected(&row->line, f))
			continue;
		if (f->warning || is_mendable(rd->context, f)) {
			put_sentence(row, &f->at, text);
			warn_at(row, key_of(f->at.field));
			lines_say(&row->warning, text);
		} else {
			lines_fault(row, &row->wrong, &f->at);
		}
	}
	tax_findings_free(&found);
}

static enum err fill(const struct lines_reader *rd, struct lines_row *row, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = goods_fill_line(rd->fill, &row->line, rd->out->inclusive, &row->filled, &why);

	if (r == ERR_INVALID) {
		lines_fault(row, &row->wrong, &why);
		mem_set(&row->line.goods, "");
		return ERR_OK;
	}
	if (r && e)
		*e = why;
	return r;
}

enum err lines_read_row(struct lines_reader *rd, const struct sheet_record *rec,
			struct lines_row *row, struct err_info *e)
{
	enum err r;

	take_reason(row, rec);
	look_at_hidden(rd, row, rec);
	look_at_rounded(rd, row, rec->rounded);
	look_at_service(row);
	read_texts(row);
	read_figures(row);
	read_rate(row);
	read_preference(row);
	read_coal(row);
	if ((r = fill(rd, row, e)))
		return r;
	look_at_coal(row);
	check_rules(rd, row);
	return ERR_OK;
}
