/* Searches of invoices: against a brute-force oracle, however far the index is, after changes, page
 * by page, and with work that has a bound. */
#include "unit/store_fixture.h"
#include "store/invoices_find_p.h"

enum { ROWS = 1500, BUYERS = 8, GOODS = 7, REMARKS = 6, DRAWERS = 3, EXTRAS = 3 };

static const char *const buyers[BUYERS] = {
    "深圳市腾飞科技有限公司", "上海ＡＢＣ咨询（集团）有限公司", "北京百货大楼", "张三",
    "Abc Trading Ltd",        "广州市天河区某某商店",           "囍宴餐饮",     "深圳华泰物流",
};
static const char *const goods[GOODS] = {"技术服务费", "笔记本电脑", "A4 复印纸", "螺纹钢 Φ12",
					 "会议服务",   "软件V2.0",   "运输服务"};
static const char *const remarks[REMARKS] = {"",          "合同HT-2026-017",  "项目：一期工程",
					     "深圳 项目", "订单 SO-9 已付款", "Contract 88"};
static const char *const drawers[DRAWERS] = {"张会计", "李明", "Wang"};
static const char *const extras[EXTRAS] = {NULL, "HX-77", "框架 一期"}; /* of 合同号 */

struct known {
	int64_t id, gross, created_at;
	enum invoice_state state;
	enum invoice_kind kind;
	const char *buyer, *goods[3], *remark, *drawer, *extra;
	char tax_no[24], number[NUMBER_TEXT], order_no[24];
	size_t lines;
	bool red;
};
static struct known rows[ROWS];
static size_t row_count;

static void set_row(struct invoice *inv, struct known *k)
{
	inv->line_count = 0;
	mem_set(&inv->buyer.name, k->buyer);
	mem_set(&inv->buyer.tax_no, k->tax_no);
	mem_set(&inv->remark, k->remark);
	mem_set(&inv->drawer, k->drawer);
	invoice_clear_extras(inv);
	if (k->extra) {
		struct extra_element *x = invoice_add_extra(inv);
		mem_set(&x->name, "合同号");
		mem_set(&x->value, k->extra);
	}
	for (size_t i = 0; i < k->lines; i++) {
		struct tax_line *l = invoice_add_line(inv);
		mem_set(&l->name, k->goods[i]);
		l->rate_ppm = 130000;
		l->gross_fen = i ? 0 : k->gross;
		l->net_fen = i ? 0 : k->gross;
	}
	inv->gross_fen = inv->net_fen = k->gross;
	inv->tax_fen = 0;
}

static void choose(struct known *k)
{
	k->buyer = buyers[pick(BUYERS)];
	k->remark = remarks[pick(REMARKS)];
	k->drawer = drawers[pick(DRAWERS)];
	k->extra = extras[pick(EXTRAS)];
	k->lines = 1 + pick(3);
	for (size_t i = 0; i < k->lines; i++)
		k->goods[i] = goods[pick(GOODS)];
	k->gross = pick(4) ? (int64_t)pick(500000) : (int64_t)pick(40) * 100;
	if (pick(20) == 0)
		k->gross = -k->gross;
	snprintf(k->tax_no, sizeof(k->tax_no), "9144030%08uXY", (unsigned)pick(400));
}

static void add(struct fixture *f, int i)
{
	struct known *k = &rows[row_count++];
	struct invoice_record r;
	fixture_invoice(f, &r, "x");
	choose(k);
	k->kind = r.invoice.kind = (enum invoice_kind)pick(2);
	while (r.invoice.line_count)
		invoice_remove_line(&r.invoice, 0);
	set_row(&r.invoice, k);
	snprintf(k->order_no, sizeof(k->order_no), "PO-%06d", i * 7);
	snprintf(k->number, sizeof(k->number), "264470%014d", i * 13);
	mem_set(&r.invoice.order_no, k->order_no);
	text_copy(r.invoice.number, sizeof(r.invoice.number), k->number);
	must(f, store_invoice_insert(f->db, &r, &f->e));
	k->id = r.id;
	k->created_at = r.created_at;
	k->state = pick(10) ? INVOICE_ISSUED : (enum invoice_state)pick(INVOICE_STATES);
	must(f, db_run(f->db, &f->e, NULL, "UPDATE invoice SET state = ? WHERE id = ?", "sl",
		       invoice_state_word(k->state), k->id));
	invoice_record_free(&r);
	k->red = pick(15) == 0;
	if (k->red)
		must(f, db_run(f->db, &f->e, NULL,
			       "INSERT INTO invoice_red (invoice_id, unit_id, blue_number)"
			       " VALUES (?, ?, '')",
			       "ll", k->id, f->unit));
}

static void fill(struct fixture *f, int n)
{
	row_count = 0;
	assert_true(clock_start("2026-08-01T00:00:00+08:00"));
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < n; i++) {
		add(f, i);
		clock_shift((int64_t)pick(3600));
	}
	must(f, db_run(f->db, &f->e, NULL, "DELETE FROM invoice_tally", ""));
	must(f, db_run(f->db, &f->e, NULL,
		       "INSERT INTO invoice_tally (unit_id, state, kind, count) SELECT unit_id,"
		       " state, kind, COUNT(*) FROM invoice GROUP BY unit_id, state, kind",
		       ""));
	must(f, db_commit(f->db, &f->e));
}

/* ---- the oracle ---- */

static bool has(const char *text, const char *part)
{
	char *a = buyer_fold(text), *b = buyer_fold(part);
	bool yes = strstr(a, b) != NULL;
	free(a);
	free(b);
	return yes;
}

/* 附加要素 are of the remark, as the face has them. */
static bool has_remark(const struct known *k, const char *part)
{
	char text[64];
	snprintf(text, sizeof(text), "合同号:%s", k->extra ? k->extra : "");
	return has(k->remark, part) || (k->extra && has(text, part));
}

static bool has_words(const struct known *k, const char *text)
{
	char copy[128], *save = NULL;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		bool yes = has(k->buyer, w) || has(k->tax_no, w) || has(k->order_no, w) ||
			   has(k->number, w) || has_remark(k, w);
		for (size_t i = 0; i < k->lines; i++)
			yes = yes || has(k->goods[i], w);
		if (!yes)
			return false;
	}
	return true;
}

static bool oracle(const struct invoice_filter *f, const struct known *k)
{
	bool unfinished = k->state == INVOICE_NUMBERED || k->state == INVOICE_SENDING ||
			  k->state == INVOICE_ACCEPTED || k->state == INVOICE_UNKNOWN;
	return (!f->state || *f->state == k->state) && (!f->kind || *f->kind == k->kind) &&
	       (!f->unfinished || unfinished) && (!f->red || *f->red == k->red) &&
	       (!f->created_from || k->created_at >= f->created_from) &&
	       (!f->created_to || k->created_at < f->created_to) &&
	       (!f->gross_from || k->gross >= *f->gross_from) &&
	       (!f->gross_to || k->gross <= *f->gross_to) &&
	       (!f->buyer || has(k->buyer, f->buyer)) &&
	       (!f->number_part || has(k->number, f->number_part)) &&
	       (!f->drawer || has(k->drawer, f->drawer)) &&
	       (!f->remark || has_remark(k, f->remark)) && (!f->text || has_words(k, f->text));
}

struct page {
	int64_t ids[ROWS];
	size_t n;
};

static enum err take(void *arg, const struct invoice_row *row)
{
	struct page *p = arg;
	assert_true(p->n < ROWS);
	p->ids[p->n++] = row->id;
	return ERR_OK;
}

static void compare(struct fixture *f, struct invoice_filter *filter)
{
	static struct page want, got;
	int64_t next = 0, count = 0;
	bool at_least = false;
	want.n = got.n = 0;
	for (size_t i = row_count; i-- > 0;)
		if (oracle(filter, &rows[i]))
			want.ids[want.n++] = rows[i].id;
	filter->cursor = 0;
	do {
		must(f, store_invoice_page(f->db, filter, take, &got, &next, &f->e));
		assert_true(!next || !filter->cursor || next < filter->cursor);
		filter->cursor = next;
	} while (next);
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.ids, want.ids, want.n * sizeof(want.ids[0]));
	filter->cursor = 0;
	must(f, store_invoice_count(f->db, filter, ROWS, &count, &at_least, &f->e));
	assert_true(at_least ? count <= (int64_t)want.n : count == (int64_t)want.n);
}

static void random_filters(struct fixture *f, int n)
{
	static const char *const texts[] = {
	    "深圳",     "腾飞科技", "abc",     "ＡＢＣ", "服务",      "囍",          "a4",
	    "HT-2026",  "017",      "so-9",    "9",      "深圳 项目", "v2",          "电脑",
	    "没有这个", "纸 笔",    "PO-0007", "64470",  "Φ12",       "一期 深圳市", "服",
	    "（集",     "ct 88",    "t 8 合",  "hx-77",  "号：H",     "同号:框"};
	enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
	for (int i = 0; i < n; i++) {
		enum invoice_state state = (enum invoice_state)pick(INVOICE_STATES);
		enum invoice_kind kind = (enum invoice_kind)pick(2);
		int64_t from = (int64_t)pick(500000) - 20000, to = from + (int64_t)pick(200000);
		char part[24];
		struct invoice_filter filter = {.unit = f->unit, .limit = 1 + (int)pick(60)};
		bool red = pick(4) != 0;
		snprintf(part, sizeof(part), "%u", (unsigned)pick(2000));
		if (pick(10) == 0)
			from = to = (int64_t)pick(40) * 100;
		if (pick(2))
			filter.text = texts[pick(TEXTS)];
		if (pick(4) == 0)
			filter.gross_from = &from;
		if (pick(4) == 0)
			filter.gross_to = &to;
		if (pick(6) == 0)
			filter.number_part = part;
		if (pick(6) == 0)
			filter.remark = texts[pick(TEXTS)];
		if (filter.remark && strchr(filter.remark, ' '))
			filter.remark = NULL;
		if (pick(6) == 0)
			filter.drawer = drawers[pick(DRAWERS)];
		if (pick(5) == 0)
			filter.red = &red;
		else if (!store_invoice_finds(&filter))
			filter.text = "有限公司";
		if (pick(4) == 0)
			filter.state = &state;
		if (pick(4) == 0)
			filter.kind = &kind;
		if (!filter.state && pick(8) == 0)
			filter.unfinished = true;
		if (pick(6) == 0)
			filter.buyer = "公司";
		if (pick(5) == 0)
			filter.created_from = rows[pick((uint32_t)row_count)].created_at;
		if (pick(5) == 0)
			filter.created_to = rows[pick((uint32_t)row_count)].created_at;
		compare(f, &filter);
	}
}

/* Red ones and blue ones: all, of a state, of a kind; one by its number. */
static void colours(struct fixture *f)
{
	for (int i = 0; i < 2 * INVOICE_STATES * 3; i++) {
		bool red = i % 2;
		enum invoice_state state = (enum invoice_state)(i / 2 % INVOICE_STATES);
		enum invoice_kind kind = INVOICE_SPECIAL;
		struct invoice_filter filter = {.unit = f->unit, .red = &red, .limit = 17};
		if (i >= 2 * INVOICE_STATES)
			filter.kind = &kind;
		if (i < 4 * INVOICE_STATES)
			filter.state = &state;
		compare(f, &filter);
		int64_t count = 0, exact = 0;
		bool at_least = true;
		for (size_t k = 0; k < row_count; k++)
			exact += oracle(&filter, &rows[k]);
		must(f, store_invoice_count(f->db, &filter, ROWS, &count, &at_least, &f->e));
		assert_true(count == exact && !at_least);
		/* More red ones than can be looked at. */
		must(f, store_invoice_count(f->db, &filter, 5, &count, &at_least, &f->e));
		assert_true(count <= exact && (at_least || count == exact));
		filter.number = rows[i].number;
		must(f, store_invoice_count(f->db, &filter, ROWS, &count, &at_least, &f->e));
		assert_int_equal(count, oracle(&filter, &rows[i]));
	}
}

static bool step(struct fixture *f, int n)
{
	bool left = false;
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_find_step(f->db, n, &left, &f->e));
	must(f, db_commit(f->db, &f->e));
	return left;
}

static void index_all(struct fixture *f, int n)
{
	bool due = true;
	while (step(f, n))
		;
	must(f, store_invoice_find_due(f->db, 0, &due, &f->e));
	assert_false(due);
}

static void test_progress(void **unused)
{
	struct fixture *f = *unused;
	fill(f, ROWS);
	random_filters(f, 60);
	step(f, 400);
	random_filters(f, 120);
	step(f, 37);
	random_filters(f, 60);
	colours(f);
	index_all(f, 250);
	random_filters(f, 300);
	colours(f);
}

/* Content of drafts and refused ones changes, behind the index and in it. */
static void test_changes(void **unused)
{
	struct fixture *f = *unused;
	bool due = false;
	fill(f, 300);
	step(f, 200);
	for (int round = 0; round < 3; round++) {
		must(f, db_begin(f->db, &f->e));
		for (size_t i = 0; i < row_count; i++) {
			struct invoice_record r;
			if (pick(5))
				continue;
			must(f, db_run(f->db, &f->e, NULL,
				       "UPDATE invoice SET state = 'failed' WHERE id = ?", "l",
				       rows[i].id));
			rows[i].state = INVOICE_FAILED;
			must(f, store_invoice_get(f->db, rows[i].id, &r, &f->e));
			choose(&rows[i]);
			while (r.invoice.line_count)
				invoice_remove_line(&r.invoice, 0);
			set_row(&r.invoice, &rows[i]);
			must(f, store_invoice_update(f->db, &r, &f->e));
			invoice_record_free(&r);
		}
		must(f, db_commit(f->db, &f->e));
		must(f, store_invoice_find_due(f->db, 1000, &due, &f->e));
		assert_true(due);
		random_filters(f, 80);
		index_all(f, 64);
		random_filters(f, 80);
	}
}

/* Many invoices that nearly match must not hold a page up: it goes on elsewhere. */
static void test_bound(void **unused)
{
	struct fixture *f = *unused;
	struct page p = {.n = 0};
	struct invoice_search s;
	struct invoice_filter filter = {.unit = f->unit, .text = "1 会计", .limit = 10};
	int64_t next = 0;
	bool yes;
	fill(f, 200);
	must(f, invoice_search_init(&s, f->db, &filter, &f->e));
	s.work = 10;
	must(f, invoice_search_test(&s, rows[0].id, &yes));
	assert_true(s.work < 10);
	invoice_search_free(&s);
	must(f, store_invoice_page(f->db, &filter, take, &p, &next, &f->e));
	assert_int_equal(p.n, 0);
}

static void month_of_colour(struct fixture *f, bool red)
{
	struct issued_at at = {.id = 0};
	int64_t ids[ROWS], count = 0;
	size_t n = 0, want = 0;
	for (size_t i = 0; i < row_count; i++)
		want += rows[i].state == INVOICE_ISSUED && rows[i].id % 3 && rows[i].red == red;
	must(f, store_invoice_issued_count(f->db, f->unit, "2026-11", "2026-12", NULL, &red, &count,
					   &f->e));
	assert_int_equal(count, want);
	must(f, store_invoice_issued(f->db, f->unit, "2026-11", "2026-12", NULL, &red, &at, ids,
				     ROWS, &n, &f->e));
	assert_int_equal(n, want);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < row_count; j++)
			assert_true(rows[j].id != ids[i] || rows[j].red == red);
}

static void test_month(void **unused)
{
	struct fixture *f = *unused;
	struct issued_at at = {.id = 0};
	enum invoice_kind kind = INVOICE_SPECIAL;
	int64_t ids[7], count = 0, seen = 0, last = 0;
	size_t n = 0;
	fill(f, 400);
	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL,
		       "UPDATE invoice SET issued_at = CASE WHEN id % 3 = 0 THEN"
		       " '2026-10-31 23:59:59' WHEN id % 3 = 1 THEN '2026-11-01 00:00:00' ELSE"
		       " '2026-11-30 23:59:59' END",
		       ""));
	must(f, db_commit(f->db, &f->e));
	must(f, store_invoice_issued_count(f->db, f->unit, "2026-11", "2026-12", &kind, NULL,
					   &count, &f->e));
	do {
		must(f, store_invoice_issued(f->db, f->unit, "2026-11", "2026-12", &kind, NULL, &at,
					     ids, 7, &n, &f->e));
		for (size_t i = 0; i < n; i++) {
			const struct known *k = NULL;
			for (size_t j = 0; j < row_count && !k; j++)
				k = rows[j].id == ids[i] ? &rows[j] : NULL;
			assert_non_null(k);
			assert_true(k->state == INVOICE_ISSUED && k->kind == kind && k->id % 3 > 0);
			assert_true(k->id > last || k->id % 3 == 2);
			last = k->id;
		}
		seen += (int64_t)n;
	} while (n);
	assert_true(count > 20);
	assert_int_equal(seen, count);
	count = 0;
	for (size_t j = 0; j < row_count; j++)
		count += rows[j].state == INVOICE_ISSUED && rows[j].id % 3;
	must(f, store_invoice_issued_count(f->db, f->unit, "2026-11", "2026-12", NULL, NULL, &seen,
					   &f->e));
	assert_int_equal(seen, count);
	month_of_colour(f, true);
	month_of_colour(f, false);
}

static void rename_extras(struct fixture *f, const char *from, const char *to)
{
	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "UPDATE invoice SET head = REPLACE(head, ?, ?)", "ss",
		       from, to));
	must(f, db_commit(f->db, &f->e));
}

static int64_t found(struct fixture *f, const char *text)
{
	struct invoice_filter filter = {.unit = f->unit, .text = text};
	bool at_least;
	int64_t n = 0;
	must(f, store_invoice_count(f->db, &filter, 100000, &n, &at_least, &f->e));
	return n;
}

static int64_t with_extra(const char *value)
{
	int64_t n = 0;
	for (size_t i = 0; i < row_count; i++)
		n += rows[i].extra && !strcmp(rows[i].extra, value);
	return n;
}

/* Taken in before 附加要素 were searched: taken in once more, piece by piece, behind new ones. */
static void test_past(void **unused)
{
	struct fixture *f = *unused;
	int64_t want, before, steps = 0, past = 1;
	fill(f, ROWS - 1);
	want = with_extra("HX-77");
	assert_true(want > 50);
	rename_extras(f, "\"extras\"", "\"none\"");
	index_all(f, 250);
	rename_extras(f, "\"none\"", "\"extras\"");
	before = found(f, "HX-77");
	assert_true(before < want);
	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL,
		       "INSERT INTO invoice_find_past (unit_id, done_id, end_id) SELECT unit_id, 0,"
		       " done_id FROM invoice_find",
		       ""));
	must(f, db_commit(f->db, &f->e));
	assert_true(step(f, 50));
	assert_true(found(f, "HX-77") > before && found(f, "HX-77") < want);
	/* A new one does not wait for them. */
	must(f, db_begin(f->db, &f->e));
	add(f, ROWS);
	must(f, db_commit(f->db, &f->e));
	want = with_extra("HX-77");
	assert_true(step(f, 50));
	must(f, db_get_int(f->db, &f->e, &past, NULL, "SELECT done_id FROM invoice_find", ""));
	assert_int_equal(past, rows[row_count - 1].id);
	while (step(f, 50))
		steps++;
	assert_true(steps > ROWS / 50 - 3);
	assert_int_equal(found(f, "HX-77"), want);
	random_filters(f, 100);
	must(f,
	     db_get_int(f->db, &f->e, &past, NULL, "SELECT COUNT(*) FROM invoice_find_past", ""));
	assert_int_equal(past, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {T(test_progress), T(test_changes), T(test_bound),
					   T(test_month), T(test_past)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
