/* batch_result.c - what became of every order, as a workbook. */
#include <stdio.h>
#include <string.h>

#include "desk/batch_p.h"
#include "store/snapshot.h"

enum { PAGE = 1000, CELLS = 10 };

struct result {
	struct sheet_writer *writer;
	int64_t rows;
	struct err_info *e;
};

static enum err put_order(void *arg, const struct batch_order *o)
{
	struct result *x = arg;
	char money[3][FEN_TEXT];
	bool known = o->net || o->tax || o->gross;
	const char *cells[CELLS] = {o->order_no,
				    o->buyer_name,
				    o->buyer_tax_no,
				    o->number,
				    order_state_label(o->state),
				    o->reason,
				    o->issued_at,
				    known ? fen_format(o->net, money[0]) : "",
				    known ? fen_format(o->tax, money[1]) : "",
				    known ? fen_format(o->gross, money[2]) : ""};

	x->rows++;
	return sheet_write_row(x->writer, cells, x->e);
}

static enum err put_all(struct session *s, int64_t batch, struct result *x, struct err_info *e)
{
	struct batch_order_query q = {.batch = batch, .limit = PAGE};
	struct rows *hold = NULL;
	int64_t next = 0;
	enum err r = store_snapshot_begin(s->db, &hold, e);

	if (r)
		return r;
	do {
		r = store_batch_orders(s->db, &q, put_order, x, &next, e);
		q.cursor = next;
	} while (!r && next);
	store_snapshot_end(&hold);
	return r;
}

enum err desk_batch_result(struct session *s, int64_t batch, const char *path, enum sheet_format f,
			   bool replace, int64_t *rows, struct err_info *e)
{
	static const struct sheet_head HEADS_OUT[CELLS] = {{"发票流水号", 24, true},
							   {"购买方名称", 32, false},
							   {"购买方纳税人识别号", 24, true},
							   {"数电发票号码", 24, true},
							   {"状态", 10, false},
							   {"原因", 48, false},
							   {"开票日期", 20, false},
							   {"金额", 16, CELLS_AMOUNT},
							   {"税额", 14, CELLS_AMOUNT},
							   {"价税合计", 16, CELLS_AMOUNT}};
	struct order_batch b;
	struct result x = {.e = e};
	enum err r = desk_batch_get(s, batch, &b, e);

	if (r ||
	    (r = sheet_write_begin(path, f, replace, "开票结果", HEADS_OUT, CELLS, &x.writer, e)))
		return r;
	if ((r = put_all(s, batch, &x, e))) {
		sheet_write_drop(&x.writer);
		return r;
	}
	*rows = x.rows;
	return sheet_write_end(&x.writer, e);
}
