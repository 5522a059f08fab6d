/* 差额征税: arithmetic in both price modes, every rule of the invoice and of its vouchers. */
#include "tax_help.h"

#include "tax/validate_p.h"

/* 2026-03-10 12:00:00 at +08:00 */
static const int64_t noon = 1773115200;
#define AGENT "3040802990000000000"

static struct differential_code listed;
static struct taxpayer seller;
static struct tax_context ctx;

static const struct tax_code *find_code(void *arg, const char *code)
{
	static struct tax_code found;

	(void)arg;
	mem_set(&found.code, code);
	mem_set(&found.name, "其他经纪代理服务");
	mem_set(&found.short_name, "经纪代理服务");
	mem_set(&found.vat_rates, "6%");
	mem_set(&found.levy_rates, "3%");
	mem_set(&found.start, "");
	mem_set(&found.stop, "");
	return &found;
}

static const struct differential_code *find_differential(void *arg, const char *code)
{
	(void)arg;
	text_copy(listed.code, sizeof(listed.code), code);
	return strncmp(code, "5", 1) && strcmp(code, AGENT) && strncmp(code, "110", 3) ? NULL
										       : &listed;
}

static void fresh_context(void)
{
	seller = (struct taxpayer) {.tax_no = "914403001922038216",
				    .state = "03",
				    .type = "1",
				    .pilot = "Y",
				    .risk_class = "00",
				    .alert_level = "00",
				    .risk_flag = "N",
				    .industry = "6510",
				    .basic_at = noon - 100,
				    .risk_at = noon - 100};
	mem_set(&listed.name, "其他经纪代理服务");
	mem_set(&listed.short_name, "经纪代理服务");
	mem_set(&listed.general_rates, "6%");
	mem_set(&listed.general_levy, "5%");
	mem_set(&listed.small_levy, "3%");
	listed.part = listed.part_special = listed.full_special = true;
	ctx = (struct tax_context) {.now = noon,
				    .seller = &seller,
				    .find_code = find_code,
				    .find_differential = find_differential};
}

static struct voucher *add_voucher(struct invoice *inv, const char *type, const char *amount)
{
	struct voucher *v = invoice_add_voucher(inv);

	mem_set(&v->type, type);
	v->total_fen = fen_of("5000");
	v->amount_fen = fen_of(amount);
	return v;
}

/* 1060.00 with 530.00 taken off at 6 %. */
static void good_invoice(struct invoice *inv)
{
	struct tax_line *l;
	struct voucher *v;

	invoice_init(inv);
	mem_set(&inv->seller.name, "某某科技有限公司");
	mem_set(&inv->seller.tax_no, "914403001922038216");
	mem_set(&inv->buyer.name, "某某贸易有限公司");
	mem_set(&inv->buyer.tax_no, "91440300708461136T");
	mem_set(&inv->drawer, "张三");
	mem_set(&inv->differential, DIFFERENTIAL_PART);
	inv->deduction_fen = fen_of("530");
	l = invoice_add_line(inv);
	mem_set(&l->name, "代理费");
	mem_set(&l->tax_code, AGENT);
	l->rate_ppm = 60000;
	line_enter(l, NULL, NULL, "1060");
	v = add_voucher(inv, "01", "500");
	mem_set(&v->number, "26447000000000000001");
	mem_set(&v->date, "2026-03-01");
	v = add_voucher(inv, "02", "20");
	mem_set(&v->code, "4403191130");
	mem_set(&v->number, "12345678");
	mem_set(&v->date, "2019-12-31");
	v = add_voucher(inv, "09", "10");
	mem_set(&v->note, "土地出让金收据");
}

/* ---- arithmetic ---- */

static void the_rest_bears_the_tax(void **state)
{
	(void)state;
	static const struct {
		bool inclusive;
		const char *quantity, *price, *amount, *rate, *deduction;
		const char *net, *tax, *gross, *net_price;
	} rows[] = {
	    {true, NULL, NULL, "1060", "0.06", "530", "1030.00", "30.00", "1060.00", "0"},
	    {true, NULL, NULL, "109", "0.09", "40", "103.30", "5.70", "109.00", "0"},
	    {true, NULL, NULL, "100", "0.06", "100", "100.00", "0.00", "100.00", "0"},
	    {true, "2", "530", NULL, "0.06", "530", "1030.00", "30.00", "1060.00", "515"},
	    {true, "3", NULL, "1060", "0.06", "530", "1030.00", "30.00", "1060.00",
	     "343.3333333333333"},
	    {false, NULL, NULL, "1030", "0.06", "530", "1030.00", "30.00", "1060.00", "0"},
	    {false, "2", "515", NULL, "0.06", "530", "1030.00", "30.00", "1060.00", "515"},
	    {true, NULL, NULL, "0.02", "0.06", "0.01", "0.02", "0.00", "0.02", "0"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct invoice inv;
		struct err_info e;
		invoice_init(&inv);
		inv.prices_include_tax = rows[i].inclusive;
		mem_set(&inv.differential, DIFFERENTIAL_PART);
		inv.deduction_fen = fen_of(rows[i].deduction);
		struct tax_line *l = invoice_add_line(&inv);
		assert_true(rate_parse(rows[i].rate, &l->rate_ppm));
		line_enter(l, rows[i].quantity, rows[i].price, rows[i].amount);
		if (tax_invoice_compute(&inv, &e))
			fail_msg("row %zu: %s", i, e.why);
		assert_fen(inv.net_fen, rows[i].net);
		assert_fen(inv.tax_fen, rows[i].tax);
		assert_fen(inv.gross_fen, rows[i].gross);
		assert_dec(dec_normalize(l->net_price), rows[i].net_price);
		/* The other view shows the same invoice. */
		struct tax_view v = tax_line_view(l, rows[i].inclusive, !rows[i].inclusive);
		assert_fen(v.amount_fen, rows[i].inclusive ? rows[i].net : rows[i].gross);
		invoice_free(&inv);
	}
}

static void the_other_view_has_a_price_of_its_own(void **state)
{
	(void)state;
	struct invoice inv;
	invoice_init(&inv);
	inv.prices_include_tax = false;
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = fen_of("530");
	struct tax_line *l = invoice_add_line(&inv);
	l->rate_ppm = 60000;
	line_enter(l, "2", "515", NULL);
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_dec(dec_normalize(tax_line_view(l, false, true).price), "530");
	invoice_free(&inv);
}

/* 全额 and several lines take nothing off. */
static void only_part_of_one_line_deducts(void **state)
{
	(void)state;
	struct invoice inv;
	good_invoice(&inv);
	mem_set(&inv.differential, DIFFERENTIAL_FULL);
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_fen(inv.tax_fen, "60.00");
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	line_enter(invoice_add_line(&inv), NULL, NULL, "100");
	inv.lines[1].rate_ppm = 60000;
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_int_equal(inv.lines[0].deduction_fen, 0);
	invoice_free(&inv);
}

static void a_deduction_beyond_the_amount_is_no_tax(void **state)
{
	(void)state;
	static const char *const wrong[] = {"1060.01", "-0.01"};
	for (size_t i = 0; i < 2; i++) {
		struct invoice inv;
		struct err_info e = {0};
		good_invoice(&inv);
		inv.deduction_fen = fen_of(wrong[i]);
		assert_int_equal(tax_invoice_compute(&inv, &e), ERR_INVALID);
		assert_string_equal(e.code, "line.deduction.amount");
		assert_string_equal(e.field, "lines[0].amount");
		invoice_free(&inv);
	}
}

/* ---- rules ---- */

#define BREAK(name, ...)                                                                           \
	static void name(struct invoice *inv)                                                      \
	{                                                                                          \
		struct tax_line *l = &inv->lines[0];                                               \
		struct voucher *v = inv->vouchers;                                                 \
		(void)l;                                                                           \
		(void)v;                                                                           \
		__VA_ARGS__                                                                        \
	}

BREAK(g_base, (void)inv;)
BREAK(g_full, mem_set(&inv->differential, DIFFERENTIAL_FULL);)
BREAK(g_full_bare, mem_set(&inv->differential, DIFFERENTIAL_FULL); inv->deduction_fen = 0;
      invoice_clear_vouchers(inv);)
BREAK(g_special, inv->kind = INVOICE_SPECIAL;)
BREAK(g_levy, mem_set(&l->preference, "01"); l->rate_ppm = 50000;)
BREAK(g_small, memcpy(seller.type, "2", 2); l->rate_ppm = 30000;)
BREAK(g_bank, memcpy(seller.industry, "6620", 5); mem_set(&l->tax_code, "5010102000000000000");
      l->rate_ppm = 90000;)
BREAK(g_all, inv->deduction_fen = fen_of("1060"); v->amount_fen = fen_of("1030");)
BREAK(g_none, mem_set(&inv->differential, ""); inv->deduction_fen = 0; invoice_clear_vouchers(inv);)
BREAK(g_other, mem_set(&v->type, "08"); mem_set(&v->note, "船票"); mem_set(&v->date, "");)
BREAK(g_water, memcpy(seller.industry, "7020", 5); mem_set(&l->tax_code, "1100301010000000000");)
BREAK(g_draft, ctx = (struct tax_context) {.now = noon}; mem_set(&l->short_name, "经纪代理服务");)

BREAK(b_type, mem_set(&inv->differential, "03"); invoice_clear_vouchers(inv);
      inv->deduction_fen = 0;)
BREAK(b_idle, mem_set(&inv->differential, "");)
BREAK(b_idle_vouchers, mem_set(&inv->differential, ""); inv->deduction_fen = 0;)
BREAK(b_lines, line_enter(invoice_add_line(inv), NULL, NULL, "1"); l = &inv->lines[1];
      mem_set(&l->name, "代理费"); mem_set(&l->tax_code, AGENT); l->rate_ppm = 60000;)
BREAK(b_discount, l->discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 100};)
BREAK(b_required, inv->deduction_fen = 0; invoice_clear_vouchers(inv);)
BREAK(b_negative, mem_set(&inv->differential, DIFFERENTIAL_FULL); inv->deduction_fen = -1;
      invoice_clear_vouchers(inv);)
BREAK(b_range, mem_set(&inv->differential, DIFFERENTIAL_FULL);
      inv->deduction_fen = fen_of("1060.01"); v->amount_fen = fen_of("1030.01");)
BREAK(b_list, ctx.find_differential = NULL;)
BREAK(b_code, mem_set(&l->tax_code, "3040201010000000000");)
BREAK(b_part, listed.part = false;)
BREAK(b_special, inv->kind = INVOICE_SPECIAL; listed.part_special = false;)
BREAK(b_special_full, inv->kind = INVOICE_SPECIAL; mem_set(&inv->differential, DIFFERENTIAL_FULL);
      listed.full_special = false;)
BREAK(b_industry, mem_set(&l->tax_code, "1100301010000000000");)
BREAK(b_rate, l->rate_ppm = 30000;)
BREAK(b_rate_levy, l->rate_ppm = 50000;)
BREAK(b_rate_small, memcpy(seller.type, "3", 2);)
BREAK(b_rate_bank, mem_set(&l->tax_code, "5010102000000000000"); l->rate_ppm = 90000;)
BREAK(b_vouchers, invoice_clear_vouchers(inv);)
BREAK(b_sum, v->amount_fen++;)
BREAK(b_sum_huge, mem_set(&inv->differential, DIFFERENTIAL_FULL); inv->deduction_fen = 1;
      v[0].total_fen = v[0].amount_fen = v[1].total_fen = v[1].amount_fen = FEN_MAX;)
BREAK(b_v_type, mem_set(&v->type, "10");)
BREAK(b_v_type_none, mem_set(&v->type, "");)
BREAK(b_v_code, mem_set(&v[1].code, "");)
BREAK(b_v_code_idle, mem_set(&v[0].code, "4403191130");)
BREAK(b_v_number, mem_set(&v[1].number, " ");)
BREAK(b_v_form, mem_set(&v[0].number, "12345678");)
BREAK(b_v_long, mem_set(&v[1].number, "1234567890123456789012345678901");)
BREAK(b_v_date, mem_set(&v[0].date, "");)
BREAK(b_v_date_form, mem_set(&v[0].date, "2026-02-30");)
BREAK(b_v_date_future, mem_set(&v[2].date, "2026-03-11");)
BREAK(b_v_note, mem_set(&v[2].note, "");)
BREAK(b_v_total, v[0].total_fen = 0;)
BREAK(b_v_amount, v[0].total_fen = fen_of("499.99");)
BREAK(b_v_amount_none, inv->deduction_fen = fen_of("30"); v[0].amount_fen = 0;)
BREAK(
    b_twice, for (int i = 0; i < 2; i++) {
	    struct payment *p = invoice_add_payment(inv);
	    mem_set(&p->channel, "009");
	    mem_set(&p->number, "1");
    })

static const struct breach {
	const char *code, *field;
	void (*apply)(struct invoice *inv);
	bool warning;
} breaches[] = {
    {"differential.type.unknown", "differential.type", b_type, false},
    {"differential.idle", "differential.type", b_idle, false},
    {"differential.idle", "differential.type", b_idle_vouchers, false},
    {"differential.lines", "lines", b_lines, false},
    {"differential.discount", "lines[0].discount", b_discount, false},
    {"differential.deduction.required", "differential.deduction", b_required, false},
    {"differential.deduction.negative", "differential.deduction", b_negative, false},
    {"differential.deduction.range", "differential.deduction", b_range, false},
    {"differential.list", "lines[0].tax_code", b_list, false},
    {"differential.tax_code", "lines[0].tax_code", b_code, false},
    {"differential.part", "differential.type", b_part, false},
    {"differential.special", "kind", b_special, false},
    {"differential.special", "kind", b_special_full, false},
    {"differential.industry", "lines[0].tax_code", b_industry, true},
    {"differential.rate", "lines[0].tax_rate", b_rate, false},
    {"differential.rate", "lines[0].tax_rate", b_rate_levy, false},
    {"differential.rate", "lines[0].tax_rate", b_rate_small, false},
    {"differential.rate", "lines[0].tax_rate", b_rate_bank, false},
    {"vouchers.required", "vouchers", b_vouchers, false},
    {"vouchers.sum", "vouchers", b_sum, false},
    {"vouchers.sum", "vouchers", b_sum_huge, false},
    {"voucher.type", "vouchers[0].type", b_v_type, false},
    {"voucher.type", "vouchers[0].type", b_v_type_none, false},
    {"voucher.code", "vouchers[1].code", b_v_code, false},
    {"voucher.code", "vouchers[0].code", b_v_code_idle, false},
    {"voucher.number", "vouchers[1].number", b_v_number, false},
    {"voucher.number.form", "vouchers[0].number", b_v_form, false},
    {"voucher.number.form", "vouchers[1].number", b_v_long, false},
    {"voucher.date", "vouchers[0].date", b_v_date, false},
    {"voucher.date.form", "vouchers[0].date", b_v_date_form, false},
    {"voucher.date.form", "vouchers[2].date", b_v_date_future, false},
    {"voucher.note", "vouchers[2].note", b_v_note, false},
    {"voucher.total", "vouchers[0].total", b_v_total, false},
    {"voucher.amount", "vouchers[0].amount", b_v_amount, false},
    {"voucher.amount", "vouchers[0].amount", b_v_amount_none, false},
    {"payment.twice", "payments[1].number", b_twice, false},
};
enum { BREACHES = sizeof(breaches) / sizeof(breaches[0]) };

static struct tax_findings found_of(void (*apply)(struct invoice *inv))
{
	struct tax_findings f = {0};
	struct invoice inv;

	fresh_context();
	good_invoice(&inv);
	apply(&inv);
	tax_validate(&inv, &ctx, &f, NULL);
	invoice_free(&inv);
	return f;
}

static void what_is_allowed_passes(void **state)
{
	(void)state;
	static void (*const good[])(struct invoice * inv) = {
	    g_base, g_full, g_full_bare, g_special, g_levy,  g_small,
	    g_bank, g_all,  g_none,      g_other,   g_water, g_draft};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct tax_findings f = found_of(good[i]);
		if (f.count)
			fail_msg("%zu: %s: %s%s", i, f.items[0].at.code, f.items[0].at.what,
				 f.items[0].at.why);
		tax_findings_free(&f);
	}
}

static void each_rule_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < BREACHES; i++) {
		const struct breach *b = &breaches[i];
		struct tax_findings f = found_of(b->apply);
		if (f.count != 1)
			fail_msg("%zu %s: %zu findings, %s", i, b->code, f.count,
				 f.count ? f.items[f.count - 1].at.code : "");
		assert_string_equal(f.items[0].at.code, b->code);
		assert_string_equal(f.items[0].at.field, b->field);
		assert_int_equal(f.items[0].warning, b->warning);
		assert_true(*f.items[0].at.what && *f.items[0].at.why && *f.items[0].at.hint);
		tax_findings_free(&f);
	}
}

static bool covered(const char *code)
{
	for (size_t i = 0; i < BREACHES; i++)
		if (!strcmp(breaches[i].code, code))
			return true;
	return false;
}

static void every_rule_has_a_breach(void **state)
{
	(void)state;
	for (const struct head_rule *r = differential_rules; r->text.code; r++)
		if (!covered(r->text.code))
			fail_msg("%s", r->text.code);
	for (const struct item_rule *r = voucher_rules; r->text.code; r++)
		if (!covered(r->text.code))
			fail_msg("%s", r->text.code);
}

/* |(gross - deduction) / (1 + rate) * rate - tax| <= 0.06, on figures tampered with. */
static void the_tolerance_of_the_tax_is_exact(void **state)
{
	(void)state;
	struct invoice inv;
	const struct check c = {.inv = &inv, .ctx = &ctx, .computed = true};
	char why[WHY_TEXT];
	fresh_context();
	good_invoice(&inv);
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	const struct line_at at = {.line = &inv.lines[0], .computed = true};
	const struct line_rule *rule = sum_lines;
	while (strcmp(rule->text.code, "line.tax") != 0)
		rule++;
	for (int64_t off = -7; off <= 7; off++) {
		inv.lines[0].tax_fen = 3000 + off;
		assert_int_equal(rule->broken(&c, &at, why), off < -6 || off > 6);
	}
	invoice_free(&inv);
}

/* ---- JSON ---- */

static void json_gives_it_back(void **state)
{
	(void)state;
	struct invoice inv, back;
	struct json_out o;
	struct buf b;
	cJSON *tree = NULL;
	struct err_info e;
	good_invoice(&inv);
	inv.show_buyer_address = true;
	buf_init(&b, 1 << 20);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	invoice_put_json(&o, &inv, false);
	json_close(&o, '}');
	assert_non_null(
	    strstr(buf_str(&b), "\"differential\":{\"type\":\"02\",\"deduction\":\"530.00\"}"));
	assert_int_equal(json_parse(buf_str(&b), b.len, 1 << 20, &tree, &e), ERR_OK);
	assert_int_equal(invoice_from_json(tree, "", &back, &e), ERR_OK);
	assert_string_equal(back.differential, "02");
	assert_int_equal(back.deduction_fen, 53000);
	assert_true(back.show_buyer_address && !back.show_seller_address);
	assert_int_equal(back.voucher_count, 3);
	assert_string_equal(back.vouchers[0].number, "26447000000000000001");
	assert_string_equal(back.vouchers[1].code, "4403191130");
	assert_string_equal(back.vouchers[2].note, "土地出让金收据");
	assert_int_equal(back.vouchers[1].amount_fen, 2000);
	assert_int_equal(back.vouchers[1].total_fen, 500000);
	json_free(&tree);
	buf_free(&b);
	invoice_free(&inv);
	invoice_free(&back);
}

/* Whether the buyer is a person is asked once: input that says so has answered. */
static void who_says_what_the_buyer_is_is_not_asked(void **state)
{
	(void)state;
	static const struct {
		const char *buyer;
		size_t findings;
	} rows[] = {{"{\"name\":\"王小明\",\"is_person\":false}", 0},
		    {"{\"name\":\"王小明\",\"is_person\":true}", 0},
		    {"{\"name\":\"王小明\"}", 1}};
	fresh_context();
	for (size_t i = 0; i < 3; i++) {
		struct tax_findings f = {0};
		struct invoice inv;
		struct err_info e;
		cJSON *tree = NULL;
		char text[400];
		int n =
		    snprintf(text, sizeof(text),
			     "{\"kind\":\"ordinary\",\"drawer\":\"张三\",\"buyer\":%s,\"lines\":[{"
			     "\"name\":\"代理费\",\"tax_code\":\"" AGENT
			     "\",\"tax_rate\":\"0.06\",\"amount\":\"106\"}]}",
			     rows[i].buyer);
		assert_int_equal(json_parse(text, (size_t)n, 1000, &tree, &e), ERR_OK);
		assert_int_equal(invoice_from_json(tree, "", &inv, &e), ERR_OK);
		mem_set(&inv.seller.name, "某某科技有限公司");
		mem_set(&inv.seller.tax_no, "914403001922038216");
		tax_validate(&inv, &ctx, &f, NULL);
		assert_int_equal(f.count, rows[i].findings);
		if (f.count) {
			assert_string_equal(f.items[0].at.code, "buyer.name.person");
			assert_true(f.items[0].warning);
			assert_non_null(
			    strstr(f.items[0].at.why, "请您检查填写的名称，确认是否开票给自然人"));
		}
		tax_findings_free(&f);
		json_free(&tree);
		invoice_free(&inv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_rest_bears_the_tax),
	    cmocka_unit_test(the_other_view_has_a_price_of_its_own),
	    cmocka_unit_test(only_part_of_one_line_deducts),
	    cmocka_unit_test(a_deduction_beyond_the_amount_is_no_tax),
	    cmocka_unit_test(what_is_allowed_passes),
	    cmocka_unit_test(each_rule_alone),
	    cmocka_unit_test(every_rule_has_a_breach),
	    cmocka_unit_test(the_tolerance_of_the_tax_is_exact),
	    cmocka_unit_test(json_gives_it_back),
	    cmocka_unit_test(who_says_what_the_buyer_is_is_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
