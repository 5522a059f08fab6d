/* The smaller limits of the tax bureau's page: warnings at the edge, never refusals (N74). */
#include "tax_help.h"

static char *chars(const char *one, size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	while (n--)
		buf_adds(&b, one);
	return buf_detach(&b);
}

static void set_chars(char **slot, const char *one, size_t n)
{
	free(*slot);
	*slot = chars(one, n);
}

/* An invoice every rule of which holds, but for what is not known here (the seller). */
static void good(struct invoice *inv)
{
	struct tax_line *l;

	invoice_init(inv);
	mem_set(&inv->buyer.name, "示例科技有限公司");
	mem_set(&inv->drawer, "李四");
	l = invoice_add_line(inv);
	mem_set(&l->name, "水泥");
	mem_set(&l->tax_code, "1080101020000000000");
	mem_set(&l->short_name, "水泥");
	l->rate_ppm = 130000;
	line_enter(l, "3", "11.3", NULL);
}

/* The fields warned of, in order, joined by a blank; an error is none. */
static char *warned(struct invoice *inv, bool portal)
{
	const struct tax_context c = {.now = 1780000000, .portal = portal};
	struct tax_findings found = {.items = NULL};
	struct buf b;

	buf_init(&b, 1 << 16);
	tax_validate(inv, &c, &found, NULL);
	for (size_t i = 0; i < found.count; i++) {
		if (strcmp(found.items[i].at.code, "portal.length") != 0)
			continue;
		assert_true(found.items[i].warning);
		buf_addf(&b, "%s%s", b.len ? " " : "", found.items[i].at.field);
	}
	assert_int_equal(found.errors, 0);
	tax_findings_free(&found);
	return buf_detach(&b);
}

static void expect(struct invoice *inv, bool portal, const char *fields)
{
	char *got = warned(inv, portal);

	assert_string_equal(got, fields);
	free(got);
}

/* Each row of the tables: at its limit nothing, one more a warning that names field and figures. */
static void each_text_is_told_at_its_limit(void **state)
{
	(void)state;
	for (int part = 0; part < 2; part++) {
		const struct portal_limit *p = part ? portal_line : portal_invoice;
		for (; p->field; p++) {
			unsigned max = p->gbk ? p->gbk / 2 : p->chars;
			char why[PORTAL_WHY], *fits = chars("汉", max),
					      *more = chars("汉", max + 1);
			char told[16];

			assert_false(portal_over(p->field, fits, why));
			assert_true(portal_over(p->field, more, why));
			snprintf(told, sizeof(told), " %u ", p->gbk ? p->gbk : p->chars);
			assert_non_null(strstr(why, told));
			free(fits);
			free(more);
		}
	}
}

static void letters_are_one_byte_of_a_name(void **state)
{
	char why[PORTAL_WHY];

	(void)state;
	assert_false(portal_over("payee", "ABCDEFGHIJKLMNOP", why));
	assert_true(portal_over("payee", "ABCDEFGHIJKLMNOPQ", why));
	assert_true(portal_over("reviewer", "欧阳ABCDEFGHIJKLM", why));
	assert_false(portal_over("buyer.tax_no", "91440300MAKP0A011Y91440300MAKP0A011Y", why));
}

static void an_invoice_is_warned_of_and_may_be_issued(void **state)
{
	struct invoice inv;

	(void)state;
	good(&inv);
	expect(&inv, true, "");
	set_chars(&inv.remark, "备", 230);
	set_chars(&inv.lines[0].spec, "规", 40);
	expect(&inv, true, "");
	set_chars(&inv.remark, "备", 231);
	set_chars(&inv.buyer.name, "名", 101);
	set_chars(&inv.lines[0].spec, "规", 41);
	set_chars(&inv.lines[0].unit, "位", 21);
	expect(&inv, true, "buyer.name remark lines[0].spec lines[0].unit");
	expect(&inv, false, "");
	invoice_free(&inv);
}

static void figures_count_as_entered(void **state)
{
	struct invoice inv;

	(void)state;
	good(&inv);
	line_enter(&inv.lines[0], "3", "12345678.1234567", NULL);
	expect(&inv, true, "");
	line_enter(&inv.lines[0], "3", "12345678.12345678", NULL);
	expect(&inv, true, "lines[0].price");
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_text_is_told_at_its_limit),
	    cmocka_unit_test(letters_are_one_byte_of_a_name),
	    cmocka_unit_test(an_invoice_is_warned_of_and_may_be_issued),
	    cmocka_unit_test(figures_count_as_entered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
