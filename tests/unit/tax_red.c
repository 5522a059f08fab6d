/* Red letters: who may do what, what may be taken back, sums to the fen over any sequence of
 * partial letters. */
#include "tax_red_fixture.h"

/* ---- random blue invoices ---- */

static void random_line(struct tax_line *l)
{
	static const char *const codes[] = {"1010101010000000000", "3040201010000000000"};

	mem_set(&l->name, "项目");
	mem_set(&l->short_name, "简称");
	mem_set(&l->tax_code, codes[rnd(2)]);
	mem_set(&l->unit, "个");
	l->rate_ppm = random_rate();
	switch (rnd(4)) {
	case 0:
		l->has_amount = true;
		l->amount_fen = (int64_t)(100 + rnd(2000000));
		break;
	case 1: /* the price follows, up to 13 decimals */
		l->has_quantity = l->has_amount = true;
		l->quantity = random_dec(40, (uint8_t)rnd(3));
		l->amount_fen = (int64_t)(100 + rnd(3000000));
		break;
	default:
		l->has_quantity = l->has_price = true;
		l->quantity = random_dec(rnd(3) ? 20 : 2000, (uint8_t)rnd(3));
		l->price = random_dec(rnd(3) ? 900 : 3, (uint8_t)rnd(14));
	}
	if (rnd(3) == 0)
		l->discount = (struct discount) {
		    .by = DISCOUNT_BY_RATE, .rate = {.coef = 1 + (dec_int)rnd(60), .scale = 2}};
}

/* False when the random figures are none the tax side would take. */
static bool random_invoice(struct invoice *inv)
{
	size_t n = 1 + rnd(6);

	invoice_init(inv);
	inv->prices_include_tax = rnd(2);
	head(inv);
	for (size_t i = 0; i < n; i++)
		random_line(invoice_add_line(inv));
	if (!tax_invoice_compute(inv, NULL))
		return true;
	invoice_free(inv);
	return false;
}

/* ---- letters against a blue invoice ---- */

static bool tax_within(int64_t net, int64_t tax, int32_t ppm, dec_int limit)
{
	dec_int off = (dec_int)net * ppm - (dec_int)tax * RATE_ONE;

	return (off < 0 ? -off : off) <= limit;
}

/* What holds of every letter, asked anew here. */
static void assert_letter(const struct red_letter *l, const struct red_blue *b)
{
	int64_t net = 0, tax = 0;

	assert_true(l->line_count > 0);
	for (size_t i = 0; i < l->line_count; i++) {
		const struct red_line *r = &l->lines[i];
		const struct red_blue_line *from = NULL;
		for (size_t k = 0; k < b->line_count; k++)
			if (b->lines[k].row == r->blue_row)
				from = &b->lines[k];
		assert_non_null(from);
		assert_true(r->net_fen < 0 && r->tax_fen <= 0);
		assert_true(-r->net_fen <= from->rest_net_fen && -r->tax_fen <= from->rest_tax_fen);
		assert_true(tax_within(r->net_fen, r->tax_fen, r->rate_ppm, 6 * (dec_int)RATE_ONE));
		assert_string_equal(r->name, from->name);
		if (l->reason == RED_ALLOWANCE)
			assert_false(r->has_quantity);
		if (r->has_quantity) {
			assert_true(r->quantity.coef < 0 && r->price.coef > 0);
			assert_true(dec_cmp(dec_negate(r->quantity), from->rest_quantity) <= 0);
			assert_true(dec_product_near(r->quantity, r->price, r->net_fen, 1));
			assert_int_equal(dec_cmp(r->price, from->price), 0);
		}
		net += r->net_fen;
		tax += r->tax_fen;
	}
	assert_int_equal(net, l->net_fen);
	assert_int_equal(tax, l->tax_fen);
}

static void take(struct red_blue *b, const struct red_letter *l)
{
	struct err_info e;

	for (size_t i = 0; i < l->line_count; i++) {
		const struct red_line *r = &l->lines[i];
		const struct red_taken t = {.row = r->blue_row,
					    .quantity = dec_negate(r->quantity),
					    .net_fen = -r->net_fen,
					    .tax_fen = -r->tax_fen};
		assert_int_equal(tax_red_take(b, &t, 1, &e), ERR_OK);
	}
}

/* Some part of one line, by quantity or amount as the reason has it. */
static bool random_wish(const struct red_blue *b, enum red_reason reason, struct red_wish *w)
{
	const struct red_blue_line *l;

	*w = (struct red_wish) {.line = rnd(b->line_count)};
	l = &b->lines[w->line];
	if (l->rest_net_fen < 2)
		return false;
	if (reason == RED_RETURN || (reason == RED_STOP && l->has_quantity && rnd(2))) {
		if (!l->has_quantity)
			return false;
		w->has_quantity = true;
		w->quantity = dec_round(l->rest_quantity, (uint8_t)rnd(4));
		w->quantity.coef = w->quantity.coef * (dec_int)(1 + rnd(9)) / 10;
		return w->quantity.coef > 0;
	}
	w->has_amount = true;
	w->net_fen = 1 + (int64_t)rnd((uint64_t)l->rest_net_fen);
	return true;
}

static int refused_whole, letters, refused_parts;

/* Partial letters of the given reasons, then all that is left; sums must be the invoice's own. */
static void use_up(const struct invoice *inv, const enum red_reason *reasons, size_t n,
		   enum red_reason last)
{
	struct red_blue b;
	struct err_info e = {0};
	int64_t net = 0, tax = 0;
	bool sure = last == RED_ALLOWANCE;

	assert_int_equal(tax_red_blue(inv, &b, &e), ERR_OK);
	for (uint64_t step = 0, steps = rnd(9); step <= steps && !tax_red_spent(&b); step++) {
		struct red_letter l;
		struct red_wish w;
		bool final = step == steps;
		enum red_reason reason = final ? last : reasons[rnd(n)];
		if (!final && !random_wish(&b, reason, &w))
			continue;
		if (fill(&b, reason, &w, final ? 0 : 1, &l, &e)) {
			/* Never of the whole rest where no 销售折让 came between. */
			if (final)
				refused_whole++;
			else
				refused_parts++;
			assert_false(final && (sure || n == 1));
			if (final && fill(&b, RED_ALLOWANCE, NULL, 0, &l, &e))
				fail_msg("%s %s", e.what, e.why);
			if (!final)
				continue;
		}
		letters++;
		assert_letter(&l, &b);
		take(&b, &l);
		net -= l.net_fen;
		tax -= l.tax_fen;
		red_letter_free(&l);
	}
	assert_true(tax_red_spent(&b));
	assert_int_equal(net, inv->net_fen);
	assert_int_equal(tax, inv->tax_fen);
	for (size_t i = 0; i < b.line_count; i++)
		assert_true(!b.lines[i].rest_net_fen && !b.lines[i].rest_tax_fen);
	red_blue_free(&b);
}

static bool mixed(const struct invoice *inv)
{
	bool goods = false, service = false;

	for (size_t i = 0; i < inv->line_count; i++) {
		goods |= inv->lines[i].tax_code[0] == '1';
		service |= inv->lines[i].tax_code[0] == '3';
	}
	return goods && service;
}

/* N43: whatever parts of whatever reasons, they add up to the invoice and never exceed a line. */
static void test_sums(void **unused)
{
	static const enum red_reason returns[] = {RED_RETURN}, stops[] = {RED_STOP},
				     allowances[] = {RED_ALLOWANCE},
				     all[] = {RED_RETURN, RED_STOP, RED_ALLOWANCE};
	int done = 0;

	(void)unused;
	while (done < 4000) {
		struct invoice inv;
		if (!random_invoice(&inv))
			continue;
		if (!mixed(&inv)) {
			use_up(&inv, allowances, 1, RED_ALLOWANCE);
		} else {
			use_up(&inv, returns, 1, RED_RETURN);
			use_up(&inv, stops, 1, RED_STOP);
			use_up(&inv, all, 3, rnd(2) ? RED_ALLOWANCE : RED_RETURN);
		}
		done++;
		invoice_free(&inv);
	}
	print_message("%d letters, %d parts refused, %d rests after 销售折让\n", letters,
		      refused_parts, refused_whole);
	/* Refusals are the exception: too little for a fen, or more digits than there is room. */
	assert_true(refused_parts * 20 < letters);
}

/* Pieces of one each, of a price with 13 decimals: each within a fen, the last takes the rest. */
static void test_pieces(void **unused)
{
	struct invoice inv;
	struct red_blue b;
	struct red_letter l;
	int64_t net = 0, tax = 0;

	(void)unused;
	plain(&inv, GOODS, "7", NULL, "100.00");
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	assert_dec(b.lines[0].price, "14.2857142857143");
	for (int i = 0; i < 7; i++) {
		const struct red_wish w = {.has_quantity = true, .quantity = {.coef = 1}};
		assert_int_equal(fill(&b, RED_RETURN, &w, 1, &l, NULL), ERR_OK);
		assert_dec(l.lines[0].quantity, "-1");
		assert_letter(&l, &b);
		take(&b, &l);
		net += l.net_fen;
		tax += l.tax_fen;
		red_letter_free(&l);
	}
	assert_fen(net, "-100.00");
	assert_fen(tax, "-13.00");
	assert_true(tax_red_spent(&b));
	red_blue_free(&b);
	invoice_free(&inv);
}

/* ---- whole, discounts ---- */

static void test_whole(void **unused)
{
	struct invoice inv;
	struct red_blue b;
	struct red_letter l;
	struct err_info e;

	(void)unused;
	invoice_init(&inv);
	inv.prices_include_tax = false;
	head(&inv);
	line_of(&inv, GOODS, "2", "50", NULL, 130000);
	inv.lines[0].discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 1000};
	line_of(&inv, GOODS, NULL, NULL, "10.00", 130000);
	assert_int_equal(tax_invoice_compute(&inv, &e), ERR_OK);
	assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_OK);
	assert_int_equal(b.line_count, 2);
	/* The discount is row 2 of the upload: the second line is row 3. */
	assert_int_equal(b.lines[0].row, 1);
	assert_int_equal(b.lines[1].row, 3);
	assert_fen(b.lines[0].net_fen, "90.00");
	assert_fen(b.lines[0].tax_fen, "11.70");
	assert_dec(b.lines[0].price, "45");
	for (enum red_reason r = RED_MISTAKE; r < RED_REASONS; r++) {
		if (r == RED_STOP)
			continue; /* goods */
		assert_int_equal(fill(&b, r, NULL, 0, &l, &e), ERR_OK);
		assert_int_equal(l.net_fen, -inv.net_fen);
		assert_int_equal(l.tax_fen, -inv.tax_fen);
		assert_int_equal(l.lines[0].has_quantity, r != RED_ALLOWANCE);
		assert_string_equal(l.blue_kind, "02");
		assert_string_equal(l.seller_tax_no, inv.seller.tax_no);
		assert_string_equal(l.blue_issued_at, inv.issued_at);
		assert_int_equal(l.blue_net_fen, inv.net_fen);
		red_letter_free(&l);
	}
	red_blue_free(&b);
	invoice_free(&inv);
}

static void test_blue(void **unused)
{
	struct invoice inv;
	struct red_blue b;
	struct err_info e;

	(void)unused;
	plain(&inv, GOODS, "2", "50", NULL);
	inv.red = true;
	assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.blue");
	inv.red = false;
	inv.number[19] = '\0';
	assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_INVALID);
	snprintf(inv.number, sizeof(inv.number), "12345678"); /* 税控 */
	assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_OK);
	red_blue_free(&b);
	inv.issued_at[10] = '\0';
	assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_INVALID);
	invoice_free(&inv);
}

/* ---- refusals ---- */

struct refusal {
	enum red_reason reason;
	const char *quantity, *amount; /* NULL: not asked for */
	const char *code, *field;      /* NULL: allowed */
};

static void assert_refusal(const struct red_blue *b, const struct refusal *f)
{
	struct red_wish w = {.has_quantity = f->quantity, .has_amount = f->amount};
	struct red_letter l;
	struct err_info e = {0};
	enum err r;

	if (f->quantity)
		w.quantity = dec_of(f->quantity);
	if (f->amount)
		w.net_fen = fen_of(f->amount);
	r = fill(b, f->reason, &w, f->quantity || f->amount ? 1 : 0, &l, &e);
	if (!f->code) {
		if (r)
			fail_msg("%s %s: %s %s", f->quantity, f->amount, e.what, e.why);
		assert_letter(&l, b);
	} else {
		assert_int_equal(r, ERR_INVALID);
		assert_string_equal(e.code, f->code);
		assert_string_equal(e.field, f->field);
	}
	red_letter_free(&l);
}

#define Q "lines[0].quantity"
#define A "lines[0].amount"
/* N41, N42: what each reason lets change, and of which goods. */
static void test_refusals(void **unused)
{
	static const struct refusal goods[] = {
	    {RED_MISTAKE, NULL, NULL, NULL, NULL},
	    {RED_MISTAKE, "10", NULL, NULL, NULL}, /* all of it */
	    {RED_MISTAKE, "9", NULL, "red.reason.keeps", Q},
	    {RED_MISTAKE, NULL, "999.99", "red.reason.keeps", A},
	    {RED_RETURN, "3", NULL, NULL, NULL},
	    {RED_RETURN, "10", NULL, NULL, NULL},
	    {RED_RETURN, "0.001", NULL, NULL, NULL},
	    {RED_RETURN, "10.0000001", NULL, "red.rest", Q},
	    {RED_RETURN, "0", NULL, "red.quantity", Q},
	    {RED_RETURN, "-1", NULL, "red.quantity", Q},
	    {RED_RETURN, "0.000001", NULL, "red.quantity", Q}, /* less than a fen */
	    {RED_RETURN, NULL, "300.00", "red.reason.keeps", A},
	    {RED_STOP, "3", NULL, "red.reason", "reason"}, /* N42 */
	    {RED_STOP, NULL, NULL, "red.reason", "reason"},
	    {RED_ALLOWANCE, NULL, "0.01", NULL, NULL},
	    {RED_ALLOWANCE, NULL, "1000.00", NULL, NULL},
	    {RED_ALLOWANCE, NULL, "1000.01", "red.rest", A},
	    {RED_ALLOWANCE, NULL, "0", "red.amount", A},
	    {RED_ALLOWANCE, NULL, "-1", "red.amount", A},
	    {RED_ALLOWANCE, "1", NULL, "red.reason.keeps", Q},
	    {RED_ALLOWANCE, "1", "1.00", "red.wish", A},
	    {(enum red_reason)0, NULL, NULL, "red.reason", "reason"},
	};
	static const struct refusal service[] = {
	    {RED_RETURN, "3", NULL, "red.reason", "reason"}, /* N42 */
	    {RED_STOP, "3", NULL, NULL, NULL},
	    {RED_STOP, NULL, "333.33", NULL, NULL},
	    {RED_STOP, NULL, "1000.01", "red.rest", A},
	    {RED_ALLOWANCE, NULL, "5.00", NULL, NULL},
	};
	struct invoice inv;
	struct red_blue b;

	(void)unused;
	plain(&inv, GOODS, "10", "100", NULL);
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++)
		assert_refusal(&b, &goods[i]);
	red_blue_free(&b);
	invoice_free(&inv);
	plain(&inv, SERVICE, "10", "100", NULL);
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	for (size_t i = 0; i < sizeof(service) / sizeof(service[0]); i++)
		assert_refusal(&b, &service[i]);
	red_blue_free(&b);
	invoice_free(&inv);
}

/* A line without quantity: back as it is, or by amount for the reasons that let it change. */
static void test_amount_only(void **unused)
{
	static const struct refusal rows[] = {
	    {RED_RETURN, NULL, NULL, NULL, NULL},
	    {RED_RETURN, NULL, "1000.00", NULL, NULL},
	    {RED_RETURN, NULL, "10.00", "red.reason.keeps", A},
	    {RED_RETURN, "1", NULL, "red.quantity", Q},
	    {RED_ALLOWANCE, NULL, "10.00", NULL, NULL},
	};
	static const struct refusal service[] = {
	    {RED_STOP, NULL, "10.00", NULL, NULL},
	    {RED_STOP, "1", NULL, "red.quantity", Q},
	};
	struct invoice inv;
	struct red_blue b;

	(void)unused;
	plain(&inv, GOODS, NULL, NULL, "1000.00");
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_refusal(&b, &rows[i]);
	red_blue_free(&b);
	invoice_free(&inv);
	plain(&inv, SERVICE, NULL, NULL, "1000.00");
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	for (size_t i = 0; i < sizeof(service) / sizeof(service[0]); i++)
		assert_refusal(&b, &service[i]);
	red_blue_free(&b);
	invoice_free(&inv);
}

/* After part was taken: 01 no longer, no more than is left, 折让 parts quantity and amount. */
static void test_taken(void **unused)
{
	static const struct red_taken some = {
	    .row = 1, .quantity = {.coef = 4}, .net_fen = 40000, .tax_fen = 5200};
	static const struct red_taken allowance = {.row = 1, .net_fen = 50000, .tax_fen = 6500};
	static const struct red_taken beyond = {.row = 1, .net_fen = 10001, .tax_fen = 1300};
	static const struct red_taken strange = {.row = 2, .net_fen = 1};
	static const struct refusal left[] = {
	    {RED_MISTAKE, NULL, NULL, "red.reason", "reason"},
	    {RED_RETURN, "6", NULL, NULL, NULL},
	    {RED_RETURN, "6.5", NULL, "red.rest", Q},
	    {RED_ALLOWANCE, NULL, "600.00", NULL, NULL},
	    {RED_ALLOWANCE, NULL, "600.01", "red.rest", A},
	};
	/* 6 pieces are left, but only 100.00 of amount: one piece's. */
	static const struct refusal parted[] = {
	    {RED_RETURN, NULL, NULL, "red.rest", Q},
	    {RED_RETURN, "2", NULL, "red.rest", Q},
	    {RED_RETURN, "1", NULL, NULL, NULL},
	    {RED_ALLOWANCE, NULL, NULL, NULL, NULL},
	};
	struct invoice inv;
	struct red_blue b;
	struct err_info e;

	(void)unused;
	plain(&inv, GOODS, "10", "100", NULL);
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	assert_int_equal(tax_red_take(&b, &some, 1, &e), ERR_OK);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		assert_refusal(&b, &left[i]);
	assert_int_equal(tax_red_take(&b, &allowance, 1, &e), ERR_OK);
	for (size_t i = 0; i < sizeof(parted) / sizeof(parted[0]); i++)
		assert_refusal(&b, &parted[i]);
	assert_int_equal(tax_red_take(&b, &beyond, 1, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.taken");
	assert_int_equal(tax_red_take(&b, &strange, 1, &e), ERR_INVALID);
	red_blue_free(&b);
	invoice_free(&inv);
}

/* 差额征税, and a person who refused: whole only (N46). */
static void test_whole_only(void **unused)
{
	struct invoice inv;
	struct red_blue b;
	struct red_letter l;
	struct err_info e;
	const struct red_wish part = {.has_amount = true, .net_fen = 100};

	(void)unused;
	plain(&inv, SERVICE, NULL, NULL, "1000.00");
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = 40000;
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	assert_int_equal(fill(&b, RED_ALLOWANCE, &part, 1, &l, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.whole");
	assert_int_equal(fill(&b, RED_MISTAKE, NULL, 0, &l, &e), ERR_OK);
	assert_int_equal(l.lines[0].deduction_fen, -40000);
	assert_int_equal(l.tax_fen, -inv.tax_fen);
	assert_string_equal(l.differential, DIFFERENTIAL_PART);
	red_letter_free(&l);
	red_blue_free(&b);
	invoice_free(&inv);
	plain(&inv, SERVICE, NULL, NULL, "1000.00");
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	b.person_refused = true;
	assert_int_equal(fill(&b, RED_ALLOWANCE, &part, 1, &l, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.whole");
	assert_int_equal(fill(&b, RED_ALLOWANCE, NULL, 0, &l, &e), ERR_OK);
	red_letter_free(&l);
	red_blue_free(&b);
	invoice_free(&inv);
}

/* ---- checking a letter ---- */

static void assert_found(struct red_letter *l, const struct red_blue *b, const char *code,
			 const char *field)
{
	struct tax_findings f = {0};
	struct err_info e = {0};
	bool found = false;

	assert_int_equal(tax_red_check(l, b, &f, &e), ERR_INVALID);
	for (size_t i = 0; i < f.count; i++)
		found |= !strcmp(f.items[i].at.code, code) && !strcmp(f.items[i].at.field, field);
	if (!found)
		fail_msg("no %s of %s, first is %s of %s", code, field, e.code, e.field);
	tax_findings_free(&f);
}

/* N41, N43: one fault after the other in a letter that was right. */
static void test_check(void **unused)
{
	struct invoice inv;
	struct red_blue b;
	struct red_letter l, right;

	(void)unused;
	plain(&inv, GOODS, "10", "100", NULL);
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	const struct red_wish w = {.has_quantity = true, .quantity = {.coef = 3}};
	assert_int_equal(fill(&b, RED_RETURN, &w, 1, &right, NULL), ERR_OK);
	assert_int_equal(tax_red_check(&right, NULL, NULL, NULL), ERR_OK);
#define WRONG(change, code, field)                                                                 \
	do {                                                                                       \
		red_letter_copy(&l, &right);                                                       \
		change;                                                                            \
		assert_found(&l, &b, code, field);                                                 \
		red_letter_free(&l);                                                               \
	} while (0)
	WRONG(l.lines[0].net_fen = 300, "red.signs", A);
	WRONG(l.lines[0].tax_fen -= 7, "red.tax", "lines[0].tax_amount");
	WRONG(l.lines[0].net_fen -= 2, "red.price", "lines[0].price");
	WRONG(l.net_fen -= 1, "red.sums", "net_amount");
	WRONG(l.reason = (enum red_reason)0, "red.reason", "reason");
	WRONG(l.reason = RED_ALLOWANCE, "red.reason.keeps", Q);
	WRONG(l.reason = RED_MISTAKE, "red.whole", "lines");
	WRONG(l.reason = RED_STOP, "red.reason", "reason");
	WRONG(l.lines[0].blue_row = 2, "red.line", "lines[0].blue_row");
	WRONG(mem_set(&l.lines[0].unit, "箱"), "red.differs", "lines[0].unit");
	WRONG(mem_set(&l.lines[0].name, "别的"), "red.differs", "lines[0].name");
	WRONG(mem_set(&l.buyer_name, "别人"), "red.differs", "buyer.name");
	WRONG(mem_set(&l.blue_kind, "01"), "red.differs", "blue.kind");
	WRONG(l.blue_net_fen++, "red.differs", "blue.net_amount");
	WRONG(l.lines[0].rate_ppm = 90000, "red.differs", "lines[0].tax_rate");
	WRONG(l.lines[0].price = dec_of("99.999"), "red.price.keeps", "lines[0].price");
	WRONG(l.lines[0].quantity = dec_of("-11"), "red.rest", A);
	WRONG(red_clear_lines(&l), "red.lines", "lines");
#undef WRONG
	red_letter_free(&right);
	red_blue_free(&b);
	invoice_free(&inv);
}

/* ---- the state machine ---- */

/* Written anew from the paper: state, action, who entered, who may, what comes of it. */
static const struct allowed {
	const char *state;
	enum red_action action;
	int entered; /* -1: either */
	enum red_side may;
	const char *after;
} allowed[] = {
    {"01", RED_REVOKE, RED_SELLER, RED_SELLER, "08"},
    {"01", RED_REVOKE, RED_BUYER, RED_BUYER, "08"},
    {"01", RED_ISSUE, -1, RED_SELLER, "01"},
    {"02", RED_CONFIRM, -1, RED_BUYER, "04"},
    {"02", RED_DENY, -1, RED_BUYER, "05"},
    {"02", RED_REVOKE, -1, RED_SELLER, "08"},
    {"03", RED_CONFIRM, -1, RED_SELLER, "04"},
    {"03", RED_DENY, -1, RED_SELLER, "06"},
    {"03", RED_REVOKE, -1, RED_BUYER, "08"},
    {"04", RED_REVOKE, RED_SELLER, RED_BUYER, "09"},
    {"04", RED_REVOKE, RED_BUYER, RED_SELLER, "09"},
    {"04", RED_ISSUE, -1, RED_SELLER, "04"},
};

static const struct allowed *rule_of(const struct red_letter *l, enum red_action a)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (!strcmp(allowed[i].state, red_state_code(l->state)) && allowed[i].action == a &&
		    (allowed[i].entered < 0 || allowed[i].entered == (int)l->entered_by))
			return &allowed[i];
	return NULL;
}

static void assert_may(const struct red_letter *l, enum red_side ours, enum red_action a)
{
	const struct allowed *rule = rule_of(l, a);
	struct err_info e = {0};
	enum err r = tax_red_may(l, ours, a, &e);
	const char *code = !rule               ? "red.state"
			   : l->issued         ? "red.issued"
			   : !l->valid         ? "red.state"
			   : rule->may != ours ? "red.party"
					       : "";

	assert_int_equal(r, *code ? ERR_INVALID : ERR_OK);
	assert_string_equal(e.code, code);
	if (r)
		assert_true(e.why[0] && e.hint[0]);
	assert_string_equal(red_state_code(tax_red_after(l, a)), rule ? rule->after : "");
}

/* E8, E14, N40, N44: every state x action x party, issued or not, valid or not. */
static void test_states(void **unused)
{
	struct red_letter l;
	int combinations = 0;

	(void)unused;
	red_letter_init(&l);
	mem_set(&l.number, "26110000000000000001");
	for (int s = RED_UNKNOWN; s < RED_STATES; s++)
		for (int a = 0; a < RED_ACTIONS; a++)
			for (int bits = 0; bits < 16; bits++) {
				l.state = (enum red_state)s;
				l.entered_by = bits & 1 ? RED_BUYER : RED_SELLER;
				l.issued = bits & 2;
				l.valid = !(bits & 4);
				assert_may(&l, bits & 8 ? RED_BUYER : RED_SELLER,
					   (enum red_action)a);
				combinations++;
			}
	assert_int_equal(combinations, 14 * 4 * 16);
	red_letter_free(&l);
}

/* E29 */
static void test_deadline(void **unused)
{
	struct red_letter l;
	int64_t entered;

	(void)unused;
	red_letter_init(&l);
	snprintf(l.entered_at, sizeof(l.entered_at), "2026-11-20 10:00:00");
	assert_true(datetime_parse(l.entered_at, &entered));
	for (int s = RED_UNKNOWN; s < RED_STATES; s++) {
		l.state = (enum red_state)s;
		assert_int_equal(tax_red_deadline(&l), s == RED_WAITS_BUYER || s == RED_WAITS_SELLER
							   ? entered + 72 * 3600
							   : 0);
	}
	red_letter_free(&l);
}

static void test_words(void **unused)
{
	enum red_state s;
	enum red_reason r;
	enum red_side side;
	enum red_action a;

	(void)unused;
	for (int i = RED_FREE; i < RED_STATES; i++) {
		char code[3] = {(char)('0' + i / 10), (char)('0' + i % 10), '\0'};
		assert_string_equal(red_state_code((enum red_state)i), code);
		assert_true(red_state_parse(red_state_label((enum red_state)i), &s));
		assert_int_equal(s, i);
		assert_int_equal(red_state_open(s), i <= 4);
	}
	assert_false(red_state_parse("", &s));
	assert_false(red_state_parse("14", &s));
	assert_true(red_reason_parse("03", &r) && r == RED_STOP);
	assert_true(red_reason_parse("销售折让", &r) && r == RED_ALLOWANCE);
	assert_false(red_reason_parse("", &r));
	assert_true(red_side_parse("购方", &side) && side == RED_BUYER);
	assert_true(red_action_parse("deny", &a) && a == RED_DENY);
	assert_string_equal(invoice_reversal_word(REVERSED_PART), "partial");
	assert_string_equal(invoice_reversal_label(REVERSED_WHOLE), "已红冲");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sums),        cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_whole),       cmocka_unit_test(test_blue),
	    cmocka_unit_test(test_refusals),    cmocka_unit_test(test_taken),
	    cmocka_unit_test(test_amount_only), cmocka_unit_test(test_whole_only),
	    cmocka_unit_test(test_check),       cmocka_unit_test(test_states),
	    cmocka_unit_test(test_deadline),    cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
