/* The structs: text tables, copy, append, remove, words. */
#include "tax_help.h"

#include "base/text.h"

static void fill(struct invoice *inv, int lines)
{
	char text[32];

	invoice_init(inv);
	for (const struct text_field *f = invoice_texts; f->key; f++)
		mem_set(text_slot(inv, f), f->key);
	for (int i = 0; i < lines; i++) {
		struct tax_line *l = invoice_add_line(inv);
		snprintf(text, sizeof(text), "line %d", i);
		mem_set(&l->name, text);
		l->amount_fen = i;
	}
	mem_set(&invoice_add_payment(inv)->channel, "009");
	mem_set(&invoice_add_extra(inv)->name, "合同号");
}

static void init_leaves_no_null(void **state)
{
	(void)state;
	struct invoice inv;
	invoice_init(&inv);
	for (const struct text_field *f = invoice_texts; f->key; f++)
		assert_string_equal(text_value(&inv, f), "");
	struct tax_line *l = invoice_add_line(&inv);
	for (const struct text_field *f = line_texts; f->key; f++)
		assert_string_equal(text_value(l, f), "");
	assert_int_equal(l->rate_ppm, -1);
	assert_true(inv.prices_include_tax);
	invoice_free(&inv);
	assert_null(inv.lines);
	assert_int_equal(inv.line_count, 0);
}

/* Every char * of the structs stands in a table exactly once: none is leaked or shared. */
static void tables_cover_distinct_members(void **state)
{
	(void)state;
	const struct text_field *const tables[] = {invoice_texts, line_texts, payment_texts,
						   extra_texts};
	for (size_t t = 0; t < 4; t++) {
		for (const struct text_field *f = tables[t]; f->key; f++) {
			assert_true(f->max_chars > 0 && *f->label);
			for (const struct text_field *g = f + 1; g->key; g++) {
				assert_true(f->offset != g->offset);
				assert_string_not_equal(f->key, g->key);
			}
		}
	}
}

static void copy_is_deep(void **state)
{
	(void)state;
	for (int n = 0; n < 10; n++) {
		struct invoice a, b;
		fill(&a, n);
		invoice_copy(&b, &a);
		invoice_add_line(&b); /* grows past an exact copy */
		mem_set(&b.buyer.name, "changed");
		assert_string_equal(a.buyer.name, "buyer.name");
		assert_int_equal(a.line_count, n);
		for (int i = 0; i < n; i++) {
			assert_string_equal(a.lines[i].name, b.lines[i].name);
			assert_ptr_not_equal(a.lines[i].name, b.lines[i].name);
		}
		invoice_free(&a);
		assert_string_equal(b.payments[0].channel, "009");
		assert_string_equal(b.extras[0].name, "合同号");
		invoice_free(&b);
	}
}

static void remove_closes_the_gap(void **state)
{
	(void)state;
	struct invoice inv;
	fill(&inv, 5);
	invoice_remove_line(&inv, 1);
	invoice_remove_line(&inv, 3);
	invoice_remove_line(&inv, 9); /* none there */
	assert_int_equal(inv.line_count, 3);
	assert_string_equal(inv.lines[0].name, "line 0");
	assert_string_equal(inv.lines[1].name, "line 2");
	assert_string_equal(inv.lines[2].name, "line 3");
	for (int i = 0; i < 20; i++)
		invoice_add_line(&inv);
	assert_string_equal(inv.lines[2].name, "line 3");
	invoice_free(&inv);
}

static void words_go_both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < INVOICE_STATES; i++) {
		enum invoice_state s;
		assert_true(invoice_state_parse(invoice_state_word((enum invoice_state)i), &s));
		assert_int_equal(s, i);
		assert_true(invoice_state_parse(invoice_state_label((enum invoice_state)i), &s));
		assert_int_equal(s, i);
	}
	enum invoice_kind k;
	enum invoice_state s;
	assert_true(invoice_kind_parse("special", &k) && k == INVOICE_SPECIAL);
	assert_true(invoice_kind_parse("数电普票", &k) && k == INVOICE_ORDINARY);
	assert_string_equal(invoice_kind_label(INVOICE_SPECIAL), "数电专票");
	assert_string_equal(invoice_state_label(INVOICE_ISSUED), "开票成功");
	assert_false(invoice_kind_parse("Special", &k));
	assert_false(invoice_state_parse("", &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(init_leaves_no_null), cmocka_unit_test(tables_cover_distinct_members),
	    cmocka_unit_test(copy_is_deep),        cmocka_unit_test(remove_closes_the_gap),
	    cmocka_unit_test(words_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
