/* Tax numbers, identity cards, 乐企ID, invoice numbers. */
#include "tax_help.h"

static void tax_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *s;
		enum taxno_state state;
		size_t at;
	} rows[] = {
	    {"914403001922038216", TAXNO_OK, 0},
	    {"91440300708461136T", TAXNO_OK, 0},
	    {"914403001922038217", TAXNO_BAD_CHECK, 0},
	    {"91500102563638729E", TAXNO_BAD_CHECK, 0},
	    {"9144030019220382I6", TAXNO_BAD_CHECK, 0}, /* I is not in the alphabet */
	    {"11010519491231002X", TAXNO_OK, 0},        /* a person's */
	    {"440301708461136", TAXNO_OK, 0},
	    {"12345678901234567890", TAXNO_OK, 0},
	    {"1234567890ABCDEF", TAXNO_OK, 0},
	    {"12345678901234", TAXNO_BAD_FORM, 14},
	    {"123456789012345678901", TAXNO_BAD_FORM, 20},
	    {"91440300192203821a", TAXNO_BAD_FORM, 17},
	    {"9144 3001922038216", TAXNO_BAD_FORM, 4},
	    {"９14403001922038216", TAXNO_BAD_FORM, 0},
	    {"", TAXNO_BAD_FORM, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t at = 99;
		assert_int_equal(taxno_check(rows[i].s, &at), rows[i].state);
		assert_int_equal(taxno_check(rows[i].s, NULL), rows[i].state);
		if (rows[i].state == TAXNO_BAD_FORM)
			assert_int_equal(at, rows[i].at);
	}
	assert_int_equal(uscc_check_char("91440300192203821"), '6');
	assert_int_equal(uscc_check_char("91440300I92203821"), 0);
	assert_int_equal(uscc_check_char("9144"), 0);
}

/* Any single wrong character is noticed. */
static void faults_of_tax_numbers(void **state)
{
	static const char *const rows[][2] = {
	    {"123", "应为 15 至 20 位数字和大写字母，现在只有 3 位"},
	    {"123456789012345678901", "应为 15 至 20 位数字和大写字母，现在有 21 位"},
	    {"91440300-AKP0A011Y", "应为 15 至 20 位数字和大写字母，第 9 位不符"},
	    {"税", "应为 15 至 20 位数字和大写字母，第 1 位不符"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char fault[TAXNO_FAULT];
		size_t at = 0;

		assert_int_equal(taxno_check(rows[i][0], &at), TAXNO_BAD_FORM);
		assert_string_equal(taxno_fault(rows[i][0], at, fault), rows[i][1]);
	}
}

static void check_character_catches_one_error(void **state)
{
	(void)state;
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	char s[] = "91440300708461136T";
	for (size_t i = 0; i < 18; i++) {
		char right = s[i];
		for (const char *c = alphabet; *c; c++) {
			s[i] = *c;
			bool ok = uscc_check_char(s) == s[17];
			assert_int_equal(ok, *c == right);
		}
		s[i] = right;
	}
}

static void identity_cards(void **state)
{
	(void)state;
	assert_true(id_card_ok("11010519491231002X"));
	assert_true(id_card_ok("440524188001010014"));
	assert_false(id_card_ok("110105194912310021"));
	assert_false(id_card_ok("11010519491331002X"));
	assert_false(id_card_ok("11010519491231002x"));
	assert_false(id_card_ok("1101051949123100"));
	assert_false(id_card_ok(""));
}

static void leqi_ids(void **state)
{
	(void)state;
	assert_true(leqi_id_ok("0123456789abcdef0123"));
	assert_false(leqi_id_ok("0123456789abcdef012"));
	assert_false(leqi_id_ok("0123456789abcdef01234"));
	assert_false(leqi_id_ok("0123456789ABCDEF0123"));
	assert_false(leqi_id_ok(""));
}

static void invoice_numbers(void **state)
{
	(void)state;
	char out[21];
	long long diff;
	assert_true(invoice_number_ok("26440000000000000001"));
	assert_false(invoice_number_ok("2644000000000000000"));
	assert_false(invoice_number_ok("2644000000000000000A"));
	assert_true(invoice_number_add("26447000000000000099", 1, out));
	assert_string_equal(out, "26447000000000000100");
	assert_true(invoice_number_add("26447000000000000001", 4999, out));
	assert_string_equal(out, "26447000000000005000");
	assert_true(invoice_number_add(out, 0, out));
	assert_string_equal(out, "26447000000000005000");
	assert_true(invoice_number_add("26447000000000000000", 99999999999999, out));
	assert_string_equal(out, "26447099999999999999");
	assert_false(invoice_number_add("26447099999999999999", 1, out));
	assert_false(invoice_number_add("26447000000000000001", ~0ULL, out));
	assert_false(invoice_number_add("x", 1, out));
	assert_true(invoice_number_diff("26447000000000000001", "26447000000000005000", &diff));
	assert_int_equal(diff, 4999);
	assert_true(invoice_number_diff("26447000000000005000", "26447000000000000001", &diff));
	assert_int_equal(diff, -4999);
	assert_false(invoice_number_diff("26447000000000000001", "25447000000000000001", &diff));
}

static void check_real_code(char *row, void *arg)
{
	size_t *count = arg;

	row[strcspn(row, "\t")] = 0;
	assert_int_equal(taxno_check(row, NULL), TAXNO_OK);
	assert_int_equal(uscc_check_char(row), row[17]);
	++*count;
}

static void real_codes(void **state)
{
	(void)state;
	size_t count = 0;
	char *text = fact_file("uscc-valid.tsv");
	if (!text)
		skip();
	each_row(text, check_real_code, &count);
	free(text);
	assert_int_equal(count, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(faults_of_tax_numbers),
	    cmocka_unit_test(tax_numbers),
	    cmocka_unit_test(check_character_catches_one_error),
	    cmocka_unit_test(identity_cards),
	    cmocka_unit_test(leqi_ids),
	    cmocka_unit_test(invoice_numbers),
	    cmocka_unit_test(real_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
