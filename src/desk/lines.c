/* lines.c - a workbook or pasted cells as lines of an invoice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "desk/lines_p.h"

enum { LOOK_ROWS = 256, PATH = 64 };
static const char SPECIAL_SHEET[] = "特定业务", SPECIAL_HEAD[] = "不动产地址";

/* ---- memory ---- */

static void free_line(struct tax_line *l)
{
	const struct text_field *f;

	for (f = line_texts; f->key; f++)
		free(*text_slot(l, f));
}

void desk_lines_free(struct lines *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		free_line(&l->rows[i].line);
		free(l->rows[i].wrong);
		free(l->rows[i].fault);
		free(l->rows[i].warning);
	}
	free(l->rows);
	if (l->texts)
		import_batch_free(l->texts);
	sheet_import_close(&l->open);
	*l = (struct lines) {.rows = NULL};
}

static struct lines_row *new_row(struct lines_reader *rd)
{
	struct lines *l = rd->out;
	const struct text_field *f;
	struct lines_row *row;

	if (l->count == rd->room) {
		rd->room = rd->room ? rd->room * 2 : LOOK_ROWS;
		l->rows = mem_realloc(l->rows, rd->room * sizeof(*l->rows));
	}
	row = &l->rows[l->count++];
	*row = (struct lines_row) {.column = -1, .warning_column = -1, .line = {.rate_ppm = -1}};
	for (f = line_texts; f->key; f++)
		mem_set(text_slot(&row->line, f), "");
	return row;
}

/* ---- rows ---- */

static struct import_row *copy_raw(const struct lines_reader *rd, const struct sheet_record *rec)
{
	struct import_batch *b = rd->out->texts;
	struct import_row *raw = import_batch_take(b, sizeof(*raw));
	const char **values = import_batch_take(b, LINES_KEYS * sizeof(*values));
	int k;

	for (k = 0; k < LINES_KEYS; k++) {
		const char *value = rec->values[rd->columns[k]];

		values[k] = import_batch_text(b, value, strlen(value));
	}
	*raw = (struct import_row) {
	    .number = rec->row - rd->options->above, .part = rec->part, .values = values};
	import_copy_raw(b, rec->raw, raw);
	return raw;
}

/* A row of sums has no figure that makes a line. */
static bool is_sum(const struct import_row *raw)
{
	return !*raw->values[LINES_QUANTITY] && !*raw->values[LINES_CODE] &&
	       !*raw->values[LINES_RATE] && import_is_sum(raw);
}

static enum err add_row(struct lines_reader *rd, const struct sheet_record *rec, struct err_info *e)
{
	struct import_row *raw = copy_raw(rd, rec);
	struct lines_row *row;

	if (is_sum(raw))
		return ERR_OK;
	row = new_row(rd);
	row->number = raw->number;
	row->part = rec->part;
	row->sheet = sheet_import_sheet(rd->out->open, 1) ? rec->part->name : "";
	row->raw = raw;
	return lines_read_row(rd, rec, row, e);
}

static enum err cancelled(const struct lines_reader *rd, struct err_info *e)
{
	int64_t done, total;

	sheet_import_progress(rd->out->open, &done, &total);
	atomic_store(&rd->progress->total, total);
	atomic_store(&rd->progress->done, done);
	atomic_store(&rd->progress->rows, (long long)rd->out->count);
	if (!atomic_load(&rd->progress->cancel))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "import.cancelled", "导入明细", "已取消，什么都没有导入");
}

/* ---- with or without tax ---- */

enum said { NOT_SAID, SAID_WITH, SAID_WITHOUT };

static enum said mode_of(const char *title)
{
	static const char *const WITHOUT[] = {"不含税", "未税", "未含税"};
	static const char *const WITH[] = {"含税", "价税合计"};
	size_t i;

	for (i = 0; i < sizeof(WITHOUT) / sizeof(WITHOUT[0]); i++) {
		if (strstr(title, WITHOUT[i]))
			return SAID_WITHOUT;
	}
	for (i = 0; i < sizeof(WITH) / sizeof(WITH[0]); i++) {
		if (strstr(title, WITH[i]))
			return SAID_WITH;
	}
	return NOT_SAID;
}

static enum said mode_in(const struct lines_reader *rd, const struct sheet_part *part, int key)
{
	int at = part->at[rd->columns[key]];

	return at < 0 ? NOT_SAID : mode_of(part->headings[at]);
}

/* What the headings of the first sheet say about its figures. */
static enum err read_mode(struct lines_reader *rd, const struct sheet_part *part,
			  struct err_info *e)
{
	enum said price = mode_in(rd, part, LINES_PRICE), amount = mode_in(rd, part, LINES_AMOUNT);

	if (price != NOT_SAID && amount != NOT_SAID && price != amount) {
		err_fail(e, ERR_INVALID, "lines.modes", "导入明细",
			 "单价和金额一列含税、一列不含税");
		err_hint(e, "请删去其中一列，由程序算出");
		return ERR_INVALID;
	}
	rd->out->said = price != NOT_SAID || amount != NOT_SAID;
	if (rd->out->said)
		rd->out->inclusive = price == SAID_WITH || amount == SAID_WITH;
	return ERR_OK;
}

/* ---- all rows ---- */

static enum err too_many(size_t rows, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "lines.limit", "导入明细",
		 "文件里有 %zu 行明细，一张发票最多 %d 行", rows, TAX_LINES_MAX);
	err_hint(e, "请分成几个文件，开成几张发票");
	return ERR_INVALID;
}

static enum err read_rows(struct lines_reader *rd, struct err_info *e)
{
	struct sheet_record rec;
	size_t seen = 0;
	bool end = false;
	enum err r = ERR_OK;

	while (!r) {
		if (seen % LOOK_ROWS == 0 && (r = cancelled(rd, e)))
			return r;
		if ((r = sheet_import_next(rd->out->open, &rec, &end, e)) || end)
			break;
		if (!seen++)
			r = read_mode(rd, rec.part, e);
		/* Beyond the limit rows are only counted. */
		if (!r && rd->out->count <= TAX_LINES_MAX)
			r = add_row(rd, &rec, e);
	}
	if (r)
		return r;
	if (rd->out->count > TAX_LINES_MAX)
		return too_many(seen, e);
	if (rd->out->count)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "lines.none", "导入明细", "标题行下面没有明细");
	err_hint(e, "请从标题行的下一行起填写");
	return ERR_INVALID;
}

/* The bureau's rule for long lists; a code of the catalogue will do. */
static void ask_for_codes(struct lines *l)
{
	char why[200];
	size_t i;

	for (i = 0; l->count > LINES_CODED && i < l->count; i++) {
		struct lines_row *row = &l->rows[i];
		struct err_info e = {0};

		if (*row->line.tax_code || row->wrong)
			continue;
		snprintf(why, sizeof(why), "没有填写，商品信息里也没有“%.60s”", row->line.name);
		why[text_whole(why, strlen(why))] = 0;
		err_fail(&e, ERR_INVALID, "lines.tax_code", "税收分类编码", "%s", why);
		err_field(&e, "tax_code");
		err_hint(&e, "超过 %d 行时每行都要有编码", LINES_CODED);
		lines_fault(row, &row->wrong, &e);
	}
}

/* ---- the file ---- */

static enum err refuse_special(struct lines_reader *rd, struct err_info *e)
{
	bool filled = false;
	enum err r = sheet_import_beside(rd->out->open, SPECIAL_SHEET, SPECIAL_HEAD, &filled, e);

	if (r || !filled)
		return r;
	err_fail(e, ERR_INVALID, "lines.special", "2-特定业务信息",
		 "里面填了内容，不动产销售和租赁这些特定业务的发票还不能导入开具");
	err_hint(e, "普通发票请清空这个工作表再导入；特定业务请在电子税务局开具");
	return ERR_INVALID;
}

static void tell_layout(struct lines *l)
{
	import_join(l->open, sheet_import_sheet, l->sheet);
	import_join(l->open, sheet_import_unknown, l->unknown);
	import_join(l->open, sheet_import_repeated, l->repeated);
	import_join(l->open, sheet_import_skipped, l->skipped);
}

/* ---- the whole ---- */

static enum err prepare(struct lines_reader *rd, struct err_info *e)
{
	struct unit u;
	enum err r;
	int k;

	rd->table = sheet_table("lines");
	for (k = 0; k < LINES_KEYS; k++)
		rd->columns[k] = sheet_column(rd->table, lines_keys[k]);
	rd->out->texts = mem_zalloc(sizeof(*rd->out->texts));
	if ((r = desk_allow(rd->s, DESK_ISSUE, e)) || (r = desk_unit(rd->s, &u, e)))
		return r;
	if (!(r = issue_context_load(rd->s, &u, false, &rd->context, e)))
		r = goods_fill_begin(rd->s, u.id, &rd->fill, e);
	unit_free(&u);
	return r;
}

static enum err read_all(struct lines_reader *rd, const char *path, struct err_info *e)
{
	struct lines *l = rd->out;
	enum err r = sheet_import_open(rd->table, path, &rd->progress->cancel, &l->open, e);

	if (r || (r = refuse_special(rd, e)))
		return r;
	tell_layout(l);
	if ((r = read_rows(rd, e)))
		return r;
	ask_for_codes(l);
	lines_compute(l);
	l->advice = l->count > TAX_LINES_ADVISED;
	return rd->options->file ? lines_write_failures(rd, e) : ERR_OK;
}

/* A text is read like a file. */
static enum err read_text(struct lines_reader *rd, struct err_info *e)
{
	const struct lines_options *o = rd->options;
	char path[PATH];
	int fd = -1;
	enum err r = file_scratch(&fd, e);

	if (r)
		return r;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!(r = file_scratch_add(fd, o->text, strlen(o->text), e)))
		r = read_all(rd, path, e);
	if (r && e && !strcmp(e->what, path))
		text_copy(e->what, sizeof(e->what), o->name);
	close(fd);
	return r;
}

enum err desk_lines_read(struct session *s, const struct lines_options *o,
			 struct import_progress *p, struct lines *out, struct err_info *e)
{
	struct import_progress alone = {0};
	struct lines_reader rd = {.s = s, .options = o, .progress = p ? p : &alone, .out = out};
	enum err r;

	*out = (struct lines) {.inclusive = o->inclusive};
	text_copy(out->file, sizeof(out->file), o->file ? o->file : o->name);
	if (!(r = prepare(&rd, e)))
		r = o->file ? read_all(&rd, o->file, e) : read_text(&rd, e);
	goods_fill_end(&rd.fill);
	issue_context_free(&rd.context);
	if (r)
		desk_lines_free(out);
	return r;
}
