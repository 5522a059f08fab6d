/* records_export.c - invoices and their lines as a workbook, in the tax bureau's headings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/records_p.h"
#include "store/snapshot.h"
#include "tax/calc.h"
#include "tax/invoice_json.h"
#include "tax/validate.h"

enum { CELLS = 28, SOURCE_TEXT = 32, TIME = DATETIME_TEXT };

#define REMARK_GAP ";    " /* as on the face */

static const char head_sheet[] = "发票基础信息", line_sheet[] = "信息汇总表";

/* ---- columns ---- */

enum cell {
	C_SEQ,
	C_OLD_CODE,
	C_OLD_NUMBER,
	C_NUMBER,
	C_SELLER_NO,
	C_SELLER,
	C_BUYER_NO,
	C_BUYER,
	C_DATE,
	C_CODE,
	C_SPECIAL,
	C_GOODS,
	C_SPEC,
	C_UNIT,
	C_QUANTITY,
	C_PRICE,
	C_NET,
	C_RATE,
	C_TAX,
	C_GROSS,
	C_SOURCE,
	C_KIND,
	C_STATE,
	C_POSITIVE,
	C_RISK,
	C_DRAWER,
	C_REMARK,
	C_ORDER, /* from here on our own */
	C_TYPE,
	C_CREATED,
	C_MESSAGE,
	C_COUNT
};
static const struct {
	struct sheet_head head;
	bool of_head, of_line;
} COLUMNS[C_COUNT] = {
    [C_SEQ] = {{"序号", 8, false}, true, true},
    [C_OLD_CODE] = {{"发票代码", 14, true}, true, true},
    [C_OLD_NUMBER] = {{"发票号码", 10, true}, true, true},
    [C_NUMBER] = {{"数电发票号码", 22, true}, true, true},
    [C_SELLER_NO] = {{"销方识别号", 20, true}, true, true},
    [C_SELLER] = {{"销方名称", 30, false}, true, true},
    [C_BUYER_NO] = {{"购方识别号", 20, true}, true, true},
    [C_BUYER] = {{"购买方名称", 30, false}, true, true},
    [C_DATE] = {{"开票日期", 20, false}, true, true},
    [C_CODE] = {{"税收分类编码", 21, true}, false, true},
    [C_SPECIAL] = {{"特定业务类型", 14, false}, false, true},
    [C_GOODS] = {{"货物或应税劳务名称", 30, false}, false, true},
    [C_SPEC] = {{"规格型号", 14, false}, false, true},
    [C_UNIT] = {{"单位", 8, false}, false, true},
    [C_QUANTITY] = {{"数量", 12, CELLS_NUMBER}, false, true},
    [C_PRICE] = {{"单价", 16, CELLS_NUMBER}, false, true},
    [C_NET] = {{"金额", 16, CELLS_AMOUNT}, true, true},
    [C_RATE] = {{"税率", 8, false}, false, true},
    [C_TAX] = {{"税额", 14, CELLS_AMOUNT}, true, true},
    [C_GROSS] = {{"价税合计", 16, CELLS_AMOUNT}, true, true},
    [C_SOURCE] = {{"发票来源", 16, false}, true, true},
    [C_KIND] = {{"发票票种", 28, false}, true, true},
    [C_STATE] = {{"发票状态", 10, false}, true, true},
    [C_POSITIVE] = {{"是否正数发票", 12, false}, true, true},
    [C_RISK] = {{"发票风险等级", 12, false}, true, true},
    [C_DRAWER] = {{"开票人", 12, false}, true, true},
    [C_REMARK] = {{"备注", 40, false}, true, true},
    [C_ORDER] = {{"订单号", 20, true}, true, false},
    [C_TYPE] = {{"业务类型", 14, false}, true, false},
    [C_CREATED] = {{"创建时间", 20, false}, true, false},
    [C_MESSAGE] = {{"说明", 40, false}, true, false},
};

static size_t heads_of(bool lines, struct sheet_head out[C_COUNT])
{
	size_t n = 0;
	int i;

	for (i = 0; i < C_COUNT; i++) {
		if (lines ? COLUMNS[i].of_line : COLUMNS[i].of_head)
			out[n++] = COLUMNS[i].head;
	}
	return n;
}

/* ---- rows ---- */

struct export_run {
	struct records_walk walk;
	const struct records_export *options;
	struct import_progress *progress;
	struct sheet_writer *writer;
	bool lines; /* the sheet in hand */
	int64_t invoices, seq;
	int64_t net, tax, gross;
};

static enum err put_row(struct export_run *x, const char *const cells[C_COUNT], struct err_info *e)
{
	const char *row[C_COUNT];
	size_t n = 0;
	int i;

	for (i = 0; i < C_COUNT; i++) {
		if (x->lines ? COLUMNS[i].of_line : COLUMNS[i].of_head)
			row[n++] = cells[i];
	}
	return sheet_write_row(x->writer, row, e);
}

struct texts {
	char seq[24], net[FEN_TEXT], tax[FEN_TEXT], gross[FEN_TEXT], created[TIME];
	char rate[RATE_TEXT], quantity[DEC_TEXT], price[DEC_TEXT];
	char *buyer, *goods, *remark; /* owned */
};

static void put_amounts(const char *cells[C_COUNT], struct texts *t, int64_t net, int64_t tax,
			int64_t gross)
{
	cells[C_NET] = fen_format(net, t->net);
	cells[C_TAX] = fen_format(tax, t->tax);
	cells[C_GROSS] = fen_format(gross, t->gross);
}

static void put_seq(struct export_run *x, const char *cells[C_COUNT], struct texts *t)
{
	snprintf(t->seq, sizeof(t->seq), "%lld", (long long)++x->seq);
	cells[C_SEQ] = t->seq;
}

/* What it takes back and 附加要素 stand before it, as on the face. */
static char *remark_of(const struct invoice *inv)
{
	char reference[RED_REFERENCE_TEXT];
	struct buf out;
	size_t i;

	buf_init(&out, INVOICE_FILE_MAX);
	buf_adds(&out, tax_red_reference(inv, reference));
	if (out.len && (inv->extra_count || !text_empty(inv->remark)))
		buf_addc(&out, ' ');
	for (i = 0; i < inv->extra_count; i++)
		buf_addf(&out, "%s%s:%s", i ? REMARK_GAP : "", inv->extras[i].name,
			 inv->extras[i].value);
	if (!text_empty(inv->remark))
		buf_addf(&out, "%s%s", inv->extra_count ? REMARK_GAP : "", inv->remark);
	return buf_detach(&out);
}

/* As the tax bureau's own table says it. */
static const char *state_of(const struct invoice_record *r)
{
	static const char *const ISSUED[REVERSALS] = {
	    [REVERSED_NOT] = "正常",
	    [REVERSED_PART] = "已红冲-部分",
	    [REVERSED_WHOLE] = "已红冲-全额",
	};

	return r->state == INVOICE_ISSUED ? ISSUED[r->reversed] : invoice_state_label(r->state);
}

/* What an invoice and each of its lines say alike. */
static void put_head(const struct invoice_record *r, const char *cells[C_COUNT], struct texts *t)
{
	const struct invoice *inv = &r->invoice;

	t->buyer = tax_buyer_name(inv);
	cells[C_NUMBER] = inv->number;
	cells[C_SELLER_NO] = inv->seller.tax_no;
	cells[C_SELLER] = inv->seller.name;
	cells[C_BUYER_NO] = inv->buyer.tax_no;
	cells[C_BUYER] = t->buyer;
	cells[C_DATE] = inv->issued_at;
	cells[C_SOURCE] = *inv->number ? "电子发票服务平台" : "";
	cells[C_KIND] =
	    inv->kind == INVOICE_SPECIAL ? "数电发票（增值税专用发票）" : "数电发票（普通发票）";
	cells[C_STATE] = state_of(r);
	cells[C_POSITIVE] = inv->red ? "否" : "是";
	cells[C_DRAWER] = inv->drawer;
	t->remark = remark_of(inv);
	cells[C_REMARK] = t->remark;
	cells[C_ORDER] = inv->order_no;
	cells[C_TYPE] = inv->business_type;
	cells[C_CREATED] = datetime_text(r->created_at, t->created);
	cells[C_MESSAGE] = r->message;
}

static const char *rate_text(const struct tax_line *l, char out[RATE_TEXT])
{
	if (text_eq(l->preference, "03"))
		return "免税";
	if (text_eq(l->preference, "04"))
		return "不征税";
	return l->rate_ppm < 0 ? "" : rate_format_percent(l->rate_ppm, out);
}

static enum err put_line(struct export_run *x, const struct tax_row *row,
			 const char *cells[C_COUNT], struct texts *t, struct err_info *e)
{
	const struct tax_line *l = row->line;
	struct buf goods;
	enum err r;

	buf_init(&goods, 64 * 1024);
	if (!text_empty(l->short_name))
		buf_addf(&goods, "*%s*", l->short_name);
	buf_adds(&goods, l->name ? l->name : "");
	put_seq(x, cells, t);
	cells[C_CODE] = l->tax_code;
	cells[C_GOODS] = buf_str(&goods);
	cells[C_SPEC] = row->nature == ROW_DISCOUNT ? "" : l->spec;
	cells[C_UNIT] = row->nature == ROW_DISCOUNT ? "" : l->unit;
	cells[C_QUANTITY] = row->has_quantity ? dec_format(row->quantity, t->quantity) : "";
	cells[C_PRICE] = row->has_quantity ? dec_format(row->net_price, t->price) : "";
	cells[C_RATE] = rate_text(l, t->rate);
	put_amounts(cells, t, row->net_fen, row->tax_fen, row->gross_fen);
	r = put_row(x, cells, e);
	buf_free(&goods);
	return r;
}

static enum err put_lines(struct export_run *x, const struct invoice_record *r,
			  const char *cells[C_COUNT], struct texts *t, struct err_info *e)
{
	struct tax_row row;
	size_t cursor = 0;
	enum err rc = ERR_OK;

	while (!rc && tax_row_next(&r->invoice, &cursor, &row))
		rc = put_line(x, &row, cells, t, e);
	return rc;
}

static enum err put_invoice(void *arg, int64_t id, struct err_info *e)
{
	struct export_run *x = arg;
	const char *cells[C_COUNT] = {NULL};
	struct texts t = {.buyer = NULL};
	struct invoice_record r;
	enum err rc = records_get(&x->walk, id, x->lines, &r, e);

	if (rc)
		return rc;
	put_head(&r, cells, &t);
	if (x->lines) {
		rc = put_lines(x, &r, cells, &t, e);
	} else {
		put_seq(x, cells, &t);
		put_amounts(cells, &t, r.invoice.net_fen, r.invoice.tax_fen, r.invoice.gross_fen);
		rc = put_row(x, cells, e);
		x->net += r.invoice.net_fen;
		x->tax += r.invoice.tax_fen;
		x->gross += r.invoice.gross_fen;
	}
	free(t.buyer);
	free(t.remark);
	invoice_record_free(&r);
	x->invoices++;
	return rc ? rc : records_step(x->progress, x->invoices, e);
}

/* The tax bureau's own sheet of invoices ends with their sum. */
static enum err put_sum(struct export_run *x, struct err_info *e)
{
	const char *cells[C_COUNT] = {[C_SEQ] = "合计行"};
	struct texts t;

	put_amounts(cells, &t, x->net, x->tax, x->gross);
	return put_row(x, cells, e);
}

/* ---- the whole ---- */

static enum err begin(void *arg, const char *path, struct err_info *e)
{
	struct export_run *x = arg;
	struct sheet_head heads[C_COUNT];
	size_t n = heads_of(x->lines, heads);

	return sheet_write_begin(path, x->options->format, x->options->replace,
				 x->lines ? line_sheet : head_sheet, heads, n, &x->writer, e);
}

static enum err begin_run(struct export_run *x, char *path, struct err_info *e)
{
	const struct records_export *o = x->options;
	const char *stem =
	    o->format != SHEET_XLSX && o->lines ? "开票记录明细导出列表" : "开票记录导出列表";

	if (!o->path)
		return records_stamped(o->folder, stem, sheet_format_suffix(o->format), begin, x,
				       path, e);
	if (!text_copy(path, HOME_PATH + 256, o->path))
		return err_fail(e, ERR_INVALID, "file.path", "导出", "路径太长");
	return begin(x, path, e);
}

static enum err next_sheet(struct export_run *x, struct err_info *e)
{
	struct sheet_head heads[C_COUNT];
	size_t n = heads_of(true, heads);

	x->lines = true;
	x->seq = x->invoices = 0;
	return sheet_write_sheet(x->writer, line_sheet, heads, n, e);
}

static enum err write_all(struct export_run *x, int64_t *rows, struct err_info *e)
{
	bool both = x->options->format == SHEET_XLSX;
	enum err r = records_each(&x->walk, put_invoice, x, e);

	*rows = x->invoices;
	if (r || !both)
		return r;
	if ((r = put_sum(x, e)) || (r = next_sheet(x, e)))
		return r;
	return records_each(&x->walk, put_invoice, x, e);
}

/* Both sheets are of one moment. */
static enum err write_moment(struct export_run *x, int64_t *rows, struct err_info *e)
{
	int64_t total = 0;
	bool at_least = false;
	struct rows *hold;
	enum err r = store_snapshot_begin(x->walk.s->db, &hold, e);

	if (r)
		return r;
	if (!(r = records_count(&x->walk, &total, &at_least, e)) && x->progress && !at_least)
		atomic_store(&x->progress->total,
			     x->options->format == SHEET_XLSX ? 2 * total : total);
	if (!r)
		r = write_all(x, rows, e);
	store_snapshot_end(&hold);
	return r;
}

enum err desk_records_export(struct session *s, const struct records_export *o,
			     struct import_progress *p, int64_t *rows, char *path,
			     struct err_info *e)
{
	struct export_run x = {
	    .options = o, .progress = p, .lines = o->format != SHEET_XLSX && o->lines};
	enum err r = records_open(s, &o->choice, &x.walk, e);

	*rows = 0;
	if (!r && !(r = begin_run(&x, path, e)) && (r = write_moment(&x, rows, e)))
		sheet_write_drop(&x.writer);
	if (!r)
		r = sheet_write_end(&x.writer, e);
	records_close(&x.walk);
	return r;
}
