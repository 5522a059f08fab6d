/* 拆分 and 合并: sums to the fen and the tolerances of the tax side, over random invoices. */
#include "tax_random.h"

#include "tax/validate_p.h"

/* ---- random invoices ---- */

static void random_line(struct tax_line *l)
{
	static const char *const names[] = {"螺丝", "纸", "咨询服务", "电缆"};

	mem_set(&l->name, names[rnd(4)]);
	mem_set(&l->tax_code, "1000000000000000000");
	mem_set(&l->unit, "个");
	l->rate_ppm = random_rate();
	switch (rnd(4)) {
	case 0:
		l->has_amount = true;
		l->amount_fen = (int64_t)(100 + rnd(2000000));
		break;
	case 1:
		l->has_quantity = l->has_amount = true;
		l->quantity = random_dec(40, (uint8_t)rnd(3));
		l->amount_fen = (int64_t)(100 + rnd(3000000));
		break;
	default:
		l->has_quantity = l->has_price = true;
		l->quantity = random_dec(200, (uint8_t)rnd(2));
		l->price = random_dec(900, (uint8_t)rnd(5));
	}
	if (rnd(4) == 0)
		l->discount = (struct discount) {
		    .by = DISCOUNT_BY_RATE, .rate = {.coef = 1 + (dec_int)rnd(60), .scale = 2}};
}

static void random_invoice(struct invoice *inv, bool inclusive, size_t lines)
{
	invoice_init(inv);
	inv->prices_include_tax = inclusive;
	mem_set(&inv->order_no, "SO-1");
	mem_set(&inv->buyer.name, "购方公司");
	for (size_t i = 0; i < lines; i++) {
		struct tax_line *l = invoice_add_line(inv);

		do {
			l->has_amount = l->has_price = l->has_quantity = false;
			l->discount = (struct discount) {.by = DISCOUNT_NONE};
			random_line(l);
		} while (tax_line_compute(l, inclusive, NULL));
	}
	assert_int_equal(tax_invoice_compute(inv, NULL), ERR_OK);
}

/* Every rule of arithmetic the tax side has, asked by the validator's own tables. */
static bool holds(const struct invoice *inv)
{
	struct check c = {.inv = inv, .computed = true};
	char why[WHY_TEXT];
	bool good = true;

	for (size_t i = 0; i < inv->line_count; i++) {
		struct line_at at = {.index = i, .line = &inv->lines[i], .computed = true};

		for (const struct line_rule *r = sum_lines; r->text.code; r++) {
			if (r->broken(&c, &at, why)) {
				fprintf(stderr, "line %zu %s: %s\n", i, r->text.code, why);
				good = false;
			}
		}
		if (!dec_is_zero(inv->lines[i].full_quantity) &&
		    !dec_product_near(inv->lines[i].full_quantity, inv->lines[i].full_price,
				      inv->lines[i].full_amount_fen, 1))
			good = false;
	}
	for (const struct head_rule *r = sum_rules; r->text.code; r++)
		if (r->broken(&c, why))
			good = false;
	return good;
}

static dec_int units(struct dec d)
{
	dec_int v = d.coef;

	for (int i = d.scale; i < 13; i++)
		v *= 10;
	return v;
}

struct sums {
	int64_t net, tax, gross;
	dec_int quantity;
};

static void add(struct sums *s, const struct invoice *inv)
{
	s->net += inv->net_fen;
	s->tax += inv->tax_fen;
	s->gross += inv->gross_fen;
	for (size_t i = 0; i < inv->line_count; i++)
		s->quantity += units(inv->lines[i].full_quantity);
}

static void assert_sums(struct sums a, struct sums b)
{
	assert_true(a.net == b.net && a.tax == b.tax && a.gross == b.gross);
	assert_true(a.quantity == b.quantity);
}

/* ---- 拆分 ---- */

static size_t split_once(enum split_tail tail, size_t *cuts)
{
	struct split_rule rule = {.tail = tail, .limit_gross = rnd(2)};
	struct split_plan p;
	struct invoice inv;
	struct sums whole = {0}, parts = {0};
	struct err_info e = {0};
	size_t made = 0;
	bool fine;

	random_invoice(&inv, rnd(2), 1 + rnd(12));
	fine = holds(&inv);
	rule.limit_fen =
	    (int64_t)(SPLIT_LIMIT_MIN + rnd(20) * 7919 + rnd((uint64_t)inv.gross_fen + 1));
	rule.rows = rnd(3) ? 0 : 2 + rnd(5);
	if (fine && !tax_invoice_split(&inv, &rule, &p, &e)) {
		add(&whole, &inv);
		for (size_t i = 0; i < p.count; i++) {
			char no[32];

			snprintf(no, sizeof(no), "SO-1-%zu", i + 1);
			assert_string_equal(p.parts[i].order_no, no);
			assert_true(holds(&p.parts[i]));
			assert_true((rule.limit_gross ? p.parts[i].gross_fen
						      : p.parts[i].net_fen) <= rule.limit_fen);
			assert_true(!rule.rows || tax_row_count(&p.parts[i]) <= rule.rows);
			add(&parts, &p.parts[i]);
		}
		assert_sums(parts, whole);
		assert_true(p.count >= 2 && (tail != SPLIT_WHOLE || !p.cuts));
		made = p.count;
		*cuts += p.cuts;
		split_plan_free(&p);
	} else if (fine && strcmp(e.code, "split.needless") && strcmp(e.code, "split.line")) {
		fail_msg("%s: %s", e.code, e.why);
	} else if (fine && !strcmp(e.code, "split.line") && tail != SPLIT_WHOLE) {
		made = SIZE_MAX;
	}
	invoice_free(&inv);
	return made;
}

static void parts_add_up(void **state)
{
	(void)state;
	for (int t = 0; t < SPLIT_TAILS; t++) {
		size_t made = 0, refused = 0, cuts = 0;

		for (int i = 0; i < 4000; i++) {
			size_t n = split_once((enum split_tail)t, &cuts);

			made += n && n != SIZE_MAX;
			refused += n == SIZE_MAX;
		}
		fprintf(stderr, "%s: %zu split, %zu lines cut, %zu refused\n",
			split_tail_word((enum split_tail)t), made, cuts, refused);
		assert_true(made > 1000);
		assert_true(t == SPLIT_WHOLE || cuts > 3000);
		/* What cannot be cut is rare: pieces whose price no decimals of a quantity meet. */
		assert_true(refused * 100 < made);
	}
}

static struct tax_line *one_line(struct invoice *inv, const char *quantity, const char *price,
				 const char *amount, int32_t rate)
{
	struct tax_line *l;

	invoice_init(inv);
	inv->prices_include_tax = true;
	mem_set(&inv->order_no, "A");
	l = invoice_add_line(inv);
	mem_set(&l->name, "设备");
	l->rate_ppm = rate;
	line_enter(l, quantity, price, amount);
	return l;
}

/* 100 pieces at 113.00, at most 5,000.00 an invoice: 44, 44 and 12 pieces. */
static void whole_pieces_first(void **state)
{
	struct split_rule rule = {.limit_fen = 500000, .limit_gross = true};
	struct split_plan p;
	struct invoice inv;

	(void)state;
	one_line(&inv, "100", "113", NULL, 130000);
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, NULL), ERR_OK);
	assert_int_equal(p.count, 3);
	assert_int_equal(p.cuts, 2);
	assert_dec(p.parts[0].lines[0].full_quantity, "44");
	assert_fen(p.parts[0].gross_fen, "4972.00");
	assert_dec(p.parts[2].lines[0].full_quantity, "12");
	assert_dec(p.parts[2].lines[0].full_price, "113");
	split_plan_free(&p);

	/* By price: the limit is filled, and the price follows. */
	rule.tail = SPLIT_PRICE;
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, NULL), ERR_OK);
	assert_fen(p.parts[0].gross_fen, "5000.00");
	assert_dec(p.parts[0].lines[0].full_quantity, "44");
	split_plan_free(&p);

	/* A single piece over the limit is parted by decimals. */
	invoice_free(&inv);
	rule.tail = SPLIT_QUANTITY;
	one_line(&inv, "1", "12000", NULL, 130000);
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, NULL), ERR_OK);
	assert_int_equal(p.count, 3);
	assert_true(p.parts[0].gross_fen > 495000 && p.parts[0].gross_fen <= 500000);
	split_plan_free(&p);
	invoice_free(&inv);
}

static void refused_splits(void **state)
{
	struct split_rule rule = {.limit_fen = 500000, .limit_gross = true, .tail = SPLIT_WHOLE};
	struct split_plan p;
	struct invoice inv;
	struct err_info e = {0};

	(void)state;
	one_line(&inv, "100", "113", NULL, 130000);
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "split.line");
	assert_string_equal(e.field, "lines[0].amount");
	assert_true(!p.count && !p.parts);
	rule.limit_fen = 99;
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "split.limit");
	rule.limit_fen = 0;
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "split.needless");
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "split.differential");
	mem_set(&inv.differential, "");
	mem_set(&inv.order_no, "123456789012345678901234567890123456789012345678901234567890123");
	rule = (struct split_rule) {.limit_fen = 500000, .limit_gross = true};
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "split.order_no");
	mem_set(&inv.order_no, "");
	rule.limit_fen = 1000;
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, &e), ERR_INVALID);
	assert_string_equal(e.code, "split.parts");
	invoice_free(&inv);
}

/* Twice the advised number of rows: discounts count as rows of their own. */
static void rows_are_counted(void **state)
{
	struct split_rule rule = {.rows = TAX_LINES_ADVISED};
	struct split_plan p;
	struct invoice inv;
	struct sums whole = {0}, parts = {0};

	(void)state;
	random_invoice(&inv, true, 4500);
	assert_int_equal(tax_invoice_split(&inv, &rule, &p, NULL), ERR_OK);
	add(&whole, &inv);
	for (size_t i = 0; i < p.count; i++) {
		assert_true(tax_row_count(&p.parts[i]) <= TAX_LINES_ADVISED);
		assert_true(holds(&p.parts[i]));
		add(&parts, &p.parts[i]);
	}
	assert_sums(parts, whole);
	assert_true(p.count >= 3 && !p.cuts);
	split_plan_free(&p);
	invoice_free(&inv);
}

/* ---- 合并 ---- */

static void whole_adds_up(void **state)
{
	size_t added = 0, merged = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct invoice items[4], out;
		const struct invoice *list[4];
		struct sums whole = {0}, parts = {0};
		struct merge_told told;
		size_t n = 2 + rnd(3), made = n;
		bool inclusive = rnd(2), add_equal = rnd(2);

		for (size_t k = 0; k < made; k++) {
			random_invoice(&items[k], inclusive, 1 + rnd(6));
			list[k] = &items[k];
			/* Alike lines, which alone are added up. */
			for (size_t l = 0; l < items[k].line_count; l++) {
				struct tax_line *t = &items[k].lines[l];

				if (!t->has_price || rnd(2))
					continue;
				mem_set(&t->name, "螺丝");
				t->rate_ppm = 130000;
				t->price = dec_of(rnd(2) ? "3.337" : "0.18");
				t->has_amount = false;
			}
			if (tax_invoice_compute(&items[k], NULL))
				n = 0; /* a discount that the new price has no room for */
			add(&parts, &items[k]);
		}
		if (n >= 2 && !tax_invoices_merge(list, n, add_equal, &out, &told, NULL)) {
			size_t lines = 0;

			parts = (struct sums) {0};
			for (size_t k = 0; k < n; k++) {
				lines += items[k].line_count;
				add(&parts, &items[k]);
			}
			add(&whole, &out);
			assert_sums(whole, parts);
			assert_true(holds(&out));
			assert_int_equal(out.line_count + told.added, lines);
			assert_true(add_equal || !told.added);
			added += told.added;
			merged++;
			invoice_free(&out);
		}
		for (size_t k = 0; k < made; k++)
			invoice_free(&items[k]);
	}
	fprintf(stderr, "%zu merged, %zu lines added up\n", merged, added);
	assert_true(merged > 2000 && added > 1000);
}

static void merged_heads(void **state)
{
	struct invoice a, b, c, out;
	const struct invoice *list[3] = {&a, &b, &c};
	struct merge_told told;
	struct err_info e = {0};

	(void)state;
	one_line(&a, "1", "113", NULL, 130000);
	one_line(&b, "2", "113", NULL, 130000);
	one_line(&c, "2", "100", NULL, 130000);
	mem_set(&a.remark, "合同一");
	mem_set(&b.remark, "合同二");
	mem_set(&c.remark, "合同一");
	mem_set(&b.order_no, "B");
	mem_set(&c.order_no, "");
	mem_set(&b.buyer.address, "北京");
	mem_set(&c.buyer.address, "上海");
	assert_int_equal(tax_invoices_merge(list, 3, true, &out, &told, NULL), ERR_OK);
	assert_string_equal(out.order_no, "A+1");
	assert_string_equal(out.remark, "合同一\n合同二");
	assert_string_equal(out.buyer.address, "北京");
	assert_true(told.contact && told.added == 1 && !told.remarks && out.line_count == 2);
	assert_dec(out.lines[0].full_quantity, "3");
	assert_fen(out.gross_fen, "539.00");
	invoice_free(&out);

	mem_set(&c.buyer.name, "别人");
	assert_int_equal(tax_invoices_merge(list, 3, true, &out, &told, &e), ERR_INVALID);
	assert_string_equal(e.code, "merge.buyer");
	assert_string_equal(e.field, "[2].buyer.name");
	mem_set(&c.buyer.name, "");
	b.kind = INVOICE_SPECIAL;
	assert_int_equal(tax_invoices_merge(list, 3, true, &out, &told, &e), ERR_INVALID);
	assert_string_equal(e.code, "merge.kind");
	b.kind = INVOICE_ORDINARY;
	b.prices_include_tax = false;
	assert_int_equal(tax_invoices_merge(list, 3, true, &out, &told, &e), ERR_INVALID);
	assert_string_equal(e.code, "merge.mode");
	b.prices_include_tax = true;
	mem_set(&b.business_type, "零售");
	assert_int_equal(tax_invoices_merge(list, 2, true, &out, &told, &e), ERR_OK);
	assert_string_equal(out.business_type, "零售");
	invoice_free(&out);
	mem_set(&a.business_type, "批发");
	assert_int_equal(tax_invoices_merge(list, 2, true, &out, &told, &e), ERR_INVALID);
	assert_string_equal(e.code, "merge.type");
	assert_int_equal(tax_invoices_merge(list, 1, true, &out, &told, &e), ERR_INVALID);
	assert_string_equal(e.code, "merge.few");
	invoice_free(&a);
	invoice_free(&b);
	invoice_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts_add_up),   cmocka_unit_test(whole_pieces_first),
	    cmocka_unit_test(refused_splits), cmocka_unit_test(rows_are_counted),
	    cmocka_unit_test(whole_adds_up),  cmocka_unit_test(merged_heads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
