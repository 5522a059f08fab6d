/* red_download.c - 红字发票确认信息下载: letters of some days, with their lines, as a workbook (features
 * E27, E28). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/records_p.h"
#include "desk/red_p.h"
#include "store/snapshot.h"

enum { PAGE = 500, LIST_COLUMNS = 24, LINE_COLUMNS = 17 };

/* ---- days ---- */

static enum err refuse_days(const struct red_download *d, struct err_info *e)
{
	struct date from, to, last;

	if (!date_parse(d->from, &from) || !date_parse(d->to, &to)) {
		err_fail(e, ERR_INVALID, "red.dates", "录入日期", "“%s”至“%s”应为 YYYY-MM-DD",
			 d->from, d->to);
		err_field(e, "from");
		return ERR_INVALID;
	}
	if (strcmp(d->from, d->to) > 0) {
		err_fail(e, ERR_INVALID, "red.dates", "录入日期", "起 %s 晚于止 %s", d->from,
			 d->to);
		err_field(e, "to");
		return ERR_INVALID;
	}
	last = date_add_months(from, 1);
	if (date_unix((struct datetime) {.date = to}) <=
	    date_unix((struct datetime) {.date = last}))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "red.span", "录入日期", "录入日期起止最大支持1个月");
	err_hint(e, "起 %s 的，止最晚是 %04d-%02d-%02d", d->from, last.year, last.month, last.day);
	err_field(e, "to");
	return ERR_INVALID;
}

enum err desk_red_download_begin(struct session *s, const struct red_download *d,
				 struct desk_wait *w, struct err_info *e)
{
	struct red_span span = {.side = d->side, .from = d->from, .to = d->to, .lines = true};
	struct unit u;
	int64_t unit;
	enum err r;

	if ((r = desk_allow(s, DESK_REFRESH, e)) || (r = refuse_days(d, e)) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	unit = u.id;
	unit_free(&u);
	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = red_add_sync(s, unit, &span, w, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

static int64_t member(const cJSON *tree, const char *key)
{
	long long v = 0;

	return json_member_int(tree, key, 0, INT32_MAX, &v) ? v : 0;
}

/* What the job has noted of itself. */
struct noted {
	bool lines; /* the lists are through */
	int64_t seen, details, total;
};

static enum err how_far(struct session *s, int64_t job, struct noted *out, struct err_info *e)
{
	struct job j;
	cJSON *tree = NULL;
	enum err r = store_job_get(s->db, job, &j, e);

	*out = (struct noted) {.seen = 0};
	if (r)
		return r;
	if (!json_parse(j.result, strlen(j.result), strlen(j.result) + 1, &tree, NULL)) {
		out->total = member(tree, "total");
		out->seen = member(tree, "seen");
		out->details = member(tree, "details");
		out->lines = !strcmp(json_member(tree, "stage"), "lines");
	}
	json_free(&tree);
	job_free(&j);
	return ERR_OK;
}

/* The lists are the first half, the lines the second. */
enum err desk_red_download_at(struct session *s, int64_t job, struct import_progress *p,
			      struct err_info *e)
{
	struct noted n;
	enum err r = how_far(s, job, &n, e);

	if (r)
		return r;
	atomic_store(&p->what, n.lines ? "向税局取明细" : "向税局取列表");
	atomic_store(&p->rows, n.lines ? n.details : n.seen);
	if (n.total > 0)
		atomic_store(&p->total, 2 * n.total);
	atomic_store(&p->done, n.lines ? n.total + n.details : n.seen);
	return ERR_OK;
}

enum err desk_red_refresh_at(struct session *s, int64_t job, int64_t *seen, int64_t *total,
			     struct err_info *e)
{
	struct noted n;
	enum err r = how_far(s, job, &n, e);

	*seen = n.seen;
	*total = n.total;
	return r;
}

/* What a job that brought letters in noted of one list. */
static enum err note_of(struct session *s, int64_t job, char word[RED_WORD], struct err_info *e)
{
	struct job j;
	cJSON *tree = NULL;
	bool kept_back = false;
	enum err r = store_job_get(s->db, job, &j, e);

	if (r)
		return r;
	if (!strcmp(j.kind, JOB_RED_SYNC) &&
	    !json_parse(j.result, strlen(j.result), strlen(j.result) + 1, &tree, NULL)) {
		kept_back = member(tree, "incomplete") != 0;
		if (!*word || kept_back)
			text_copy(word, RED_WORD, json_member(tree, "note"));
	}
	json_free(&tree);
	job_free(&j);
	if (!kept_back)
		return ERR_OK;
	err_fail(e, ERR_REFUSED, "red.incomplete", "红字确认单列表", "没有取全：%s", word);
	err_hint(e, "稍后再刷新；仍然取不全时到电子税务局核对");
	return ERR_REFUSED;
}

enum err desk_red_complete(struct session *s, const struct desk_wait *w, char word[RED_WORD],
			   struct err_info *e)
{
	enum err r = ERR_OK;

	word[0] = '\0';
	for (size_t i = 0; i < w->job_count && !r; i++)
		r = note_of(s, w->jobs[i], word, e);
	return r;
}

/* ---- columns ---- */

static const struct sheet_head LIST[LIST_COLUMNS] = {
    {"红字确认单编号", 22, CELLS_ID},       {"录入方身份", 12, CELLS_TEXT},
    {"确认单状态", 26, CELLS_TEXT},         {"冲红原因", 12, CELLS_TEXT},
    {"录入日期", 20, CELLS_TEXT},           {"确认日期", 20, CELLS_TEXT},
    {"销方名称", 30, CELLS_TEXT},           {"销方识别号", 20, CELLS_ID},
    {"购方名称", 30, CELLS_TEXT},           {"购方识别号", 20, CELLS_ID},
    {"蓝字发票代码", 14, CELLS_ID},         {"蓝字发票号码", 22, CELLS_ID},
    {"蓝字发票开票日期", 20, CELLS_TEXT},   {"蓝字发票票种", 12, CELLS_TEXT},
    {"蓝字发票合计金额", 16, CELLS_AMOUNT}, {"蓝字发票合计税额", 16, CELLS_AMOUNT},
    {"红字冲销金额", 16, CELLS_AMOUNT},     {"红字冲销税额", 16, CELLS_AMOUNT},
    {"明细数量", 10, CELLS_NUMBER},         {"已开具红字发票", 14, CELLS_TEXT},
    {"红字发票号码", 22, CELLS_ID},         {"红字开票日期", 20, CELLS_TEXT},
    {"有效标志", 10, CELLS_TEXT},           {"UUID", 34, CELLS_ID},
};

static const struct sheet_head LINES[LINE_COLUMNS] = {
    {"红字确认单编号", 22, CELLS_ID}, {"蓝字发票号码", 22, CELLS_ID},
    {"序号", 8, CELLS_NUMBER},        {"蓝字发票明细序号", 16, CELLS_NUMBER},
    {"税收分类编码", 21, CELLS_ID},   {"商品服务简称", 16, CELLS_TEXT},
    {"项目名称", 30, CELLS_TEXT},     {"规格型号", 14, CELLS_TEXT},
    {"单位", 8, CELLS_TEXT},          {"数量", 12, CELLS_NUMBER},
    {"单价", 16, CELLS_NUMBER},       {"金额", 16, CELLS_AMOUNT},
    {"税率", 8, CELLS_TEXT},          {"税额", 14, CELLS_AMOUNT},
    {"价税合计", 16, CELLS_AMOUNT},   {"扣除额", 14, CELLS_AMOUNT},
    {"优惠政策", 16, CELLS_TEXT},
};

/* ---- rows ---- */

struct download {
	struct session *s;
	const struct red_download *options;
	struct red_filter filter;
	struct sheet_writer *writer;
	struct import_progress *progress;
	int64_t ids[PAGE];
	size_t n;
	int64_t letters, seen;
};

static enum err note_id(void *arg, const struct red_row *row)
{
	struct download *x = arg;

	if (x->n == PAGE)
		return ERR_INTERNAL;
	if (row->progress == RED_KNOWN)
		x->ids[x->n++] = row->id;
	return ERR_OK;
}

static enum err put_letter(struct download *x, const struct red_record *rec, struct err_info *e)
{
	const struct red_letter *l = &rec->letter;
	char blue_net[FEN_TEXT], blue_tax[FEN_TEXT], net[FEN_TEXT], tax[FEN_TEXT], count[24];
	const char *cells[LIST_COLUMNS] = {l->number,
					   red_side_label(l->entered_by),
					   red_state_label(l->state),
					   red_reason_label(l->reason),
					   l->entered_at,
					   l->confirmed_at,
					   l->seller_name,
					   l->seller_tax_no,
					   l->buyer_name,
					   l->buyer_tax_no,
					   l->blue_code,
					   l->blue_number,
					   l->blue_issued_at,
					   red_blue_kind(l->blue_kind),
					   fen_format(l->blue_net_fen, blue_net),
					   fen_format(l->blue_tax_fen, blue_tax),
					   fen_format(l->net_fen, net),
					   fen_format(l->tax_fen, tax),
					   count,
					   l->issued ? "是" : "否",
					   l->red_number,
					   l->red_issued_at,
					   l->valid ? "有效" : "无效",
					   l->uuid};

	snprintf(count, sizeof(count), "%u", l->declared_lines);
	x->letters++;
	return sheet_write_row(x->writer, cells, e);
}

static enum err put_line(struct download *x, const struct red_letter *l, size_t i,
			 struct err_info *e)
{
	const struct red_line *m = &l->lines[i];
	char seq[24], row[24], quantity[DEC_TEXT] = "", price[DEC_TEXT] = "", net[FEN_TEXT];
	char rate[RATE_TEXT] = "", tax[FEN_TEXT], gross[FEN_TEXT], deduction[FEN_TEXT] = "";
	const char *cells[LINE_COLUMNS] = {l->number,
					   l->blue_number,
					   seq,
					   row,
					   m->tax_code,
					   m->short_name,
					   m->name,
					   m->spec,
					   m->unit,
					   quantity,
					   price,
					   fen_format(m->net_fen, net),
					   rate,
					   fen_format(m->tax_fen, tax),
					   fen_format(m->net_fen + m->tax_fen, gross),
					   deduction,
					   m->preference};

	snprintf(seq, sizeof(seq), "%zu", i + 1);
	snprintf(row, sizeof(row), "%u", m->blue_row);
	if (m->has_quantity) {
		dec_format(m->quantity, quantity);
		dec_format(m->price, price);
	}
	if (m->rate_ppm >= 0)
		rate_format_percent(m->rate_ppm, rate);
	if (m->deduction_fen)
		fen_format(m->deduction_fen, deduction);
	return sheet_write_row(x->writer, cells, e);
}

static enum err put_lines(struct download *x, const struct red_record *rec, struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < rec->letter.line_count && !r; i++)
		r = put_line(x, &rec->letter, i, e);
	return r;
}

typedef enum err (*letter_put)(struct download *x, const struct red_record *rec,
			       struct err_info *e);

static enum err put_page(struct download *x, bool lines, letter_put put, struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < x->n && !r; i++) {
		struct red_record rec;

		r = lines ? store_red_get(x->s->db, x->ids[i], &rec, e)
			  : store_red_head(x->s->db, x->ids[i], &rec, e);
		if (r)
			return r;
		r = put(x, &rec, e);
		red_record_free(&rec);
		if (!r)
			r = records_step(x->progress, ++x->seen, e);
	}
	return r;
}

static enum err put_all(struct download *x, bool lines, letter_put put, struct err_info *e)
{
	enum err r;

	x->filter.cursor = 0;
	do {
		x->n = 0;
		if ((r = store_red_page(x->s->db, &x->filter, note_id, x, &x->filter.cursor, e)))
			return r;
		r = put_page(x, lines, put, e);
	} while (!r && x->filter.cursor);
	return r;
}

/* Both sheets are of one moment. */
static enum err write_moment(struct download *x, struct err_info *e)
{
	struct rows *hold;
	enum err r = store_snapshot_begin(x->s->db, &hold, e);

	if (r)
		return r;
	if (!(r = put_all(x, false, put_letter, e)) && x->options->format == SHEET_XLSX &&
	    !(r = sheet_write_sheet(x->writer, "红字确认单明细", LINES, LINE_COLUMNS, e)))
		r = put_all(x, true, put_lines, e);
	store_snapshot_end(&hold);
	return r;
}

/* ---- the file ---- */

static enum err begin(void *arg, const char *path, struct err_info *e)
{
	struct download *x = arg;

	return sheet_write_begin(path, x->options->format, x->options->replace, "红字确认单列表",
				 LIST, LIST_COLUMNS, &x->writer, e);
}

static enum err open_file(struct download *x, char *path, struct err_info *e)
{
	const struct red_download *o = x->options;

	if (!o->path)
		return records_stamped(o->folder, "红字确认单导出列表",
				       sheet_format_suffix(o->format), begin, x, path, e);
	if (!text_copy(path, HOME_PATH + 256, o->path))
		return err_fail(e, ERR_INVALID, "file.path", "导出", "路径太长");
	return begin(x, path, e);
}

static enum err write_file(struct download *x, char *path, struct err_info *e)
{
	enum err r = open_file(x, path, e);

	if (r)
		return r;
	if ((r = write_moment(x, e))) {
		sheet_write_drop(&x->writer);
		return r;
	}
	return sheet_write_end(&x->writer, e);
}

enum err desk_red_download_write(struct session *s, const struct red_download *d,
				 struct import_progress *p, int64_t *rows, char *path,
				 struct err_info *e)
{
	struct download *x;
	struct unit u;
	enum err r;

	*rows = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = refuse_days(d, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	x = mem_zalloc(sizeof(*x));
	*x = (struct download) {.s = s, .options = d, .progress = p};
	x->filter = (struct red_filter) {.unit = u.id, .side = &d->side, .limit = PAGE};
	text_copy(x->filter.entered_from, DATE_TEXT, d->from);
	text_copy(x->filter.entered_to, DATE_TEXT, d->to);
	r = write_file(x, path, e);
	*rows = x->letters;
	free(x);
	unit_free(&u);
	return r;
}
