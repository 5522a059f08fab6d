/* Amounts in capitals. */
#include "tax_help.h"

struct row {
	const char *amount, *words;
};

static const struct row rows[] = {
    {"0", "零圆整"},
    {"0.01", "壹分"},
    {"0.05", "伍分"},
    {"0.10", "壹角整"},
    {"0.50", "伍角整"},
    {"0.78", "柒角捌分"},
    {"1", "壹圆整"},
    {"1.01", "壹圆零壹分"},
    {"10", "壹拾圆整"},
    {"10.01", "壹拾圆零壹分"},
    {"11.30", "壹拾壹圆叁角整"},
    {"20.57", "贰拾圆伍角柒分"},
    {"100", "壹佰圆整"},
    {"101", "壹佰零壹圆整"},
    {"110", "壹佰壹拾圆整"},
    {"343.05", "叁佰肆拾叁圆零伍分"},
    {"1000", "壹仟圆整"},
    {"1001", "壹仟零壹圆整"},
    {"1010", "壹仟零壹拾圆整"},
    {"1100", "壹仟壹佰圆整"},
    {"1005.10", "壹仟零伍圆壹角整"},
    {"10000", "壹万圆整"},
    {"10001", "壹万零壹圆整"},
    {"10010", "壹万零壹拾圆整"},
    {"100005", "壹拾万零伍圆整"},
    {"105000", "壹拾万伍仟圆整"},
    {"130864.19", "壹拾叁万零捌佰陆拾肆圆壹角玖分"},
    {"1000000.01", "壹佰万圆零壹分"},
    {"10050000", "壹仟零伍万圆整"},
    {"10000001", "壹仟万零壹圆整"},
    {"99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖圆玖角玖分"},
    {"100000000", "壹亿圆整"},
    {"100000001", "壹亿零壹圆整"},
    {"200010000", "贰亿零壹万圆整"},
    {"100100000.05", "壹亿零壹拾万圆零伍分"},
    {"1000000000000", "壹万亿圆整"},
    {"1000100000000", "壹万零壹亿圆整"},
    {"9999999999999999.99",
     "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖圆玖角玖分"},
    {"-100", "（负数）壹佰圆整"},
    {"-0.05", "（负数）伍分"},
};

static void golden_words(void **state)
{
	(void)state;
	char out[WORDS_TEXT];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(tax_words(fen_of(rows[i].amount), out), rows[i].words);
}

static void the_longest_fits(void **state)
{
	(void)state;
	char out[WORDS_TEXT];
	tax_words(INT64_MIN, out);
	assert_true(strlen(out) < WORDS_TEXT - 1);
	assert_non_null(strstr(out, "捌分"));
}

/* ---- reading back: digits and units alone carry the value ---- */

static int digit_of(const char *s)
{
	static const char *const digits[] = {"零", "壹", "贰", "叁", "肆",
					     "伍", "陆", "柒", "捌", "玖"};

	for (int i = 0; i < 10; i++)
		if (!strncmp(s, digits[i], 3))
			return i;
	return -1;
}

static int64_t read_back(const char *s)
{
	static const struct {
		const char *name;
		int64_t size;
	} units[] = {{"拾", 10}, {"佰", 100}, {"仟", 1000}};
	int64_t total = 0, group = 0, fen = 0, digit = 0;

	for (; *s; s += 3) {
		int d = digit_of(s);
		if (d >= 0)
			digit = d;
		for (int i = 0; i < 3; i++) {
			if (!strncmp(s, units[i].name, 3)) {
				group += digit * units[i].size;
				digit = 0;
			}
		}
		if (!strncmp(s, "万", 3) || !strncmp(s, "亿", 3)) {
			int64_t size = strncmp(s, "万", 3) ? 100000000 : 10000;
			int64_t high = size == 10000 ? total / 100000000 * 100000000 : 0;
			total = high + (total - high + group + digit) * size;
			group = digit = 0;
		} else if (!strncmp(s, "圆", 3)) {
			fen += (total + group + digit) * 100;
			digit = 0;
		} else if (!strncmp(s, "角", 3) || !strncmp(s, "分", 3)) {
			fen += digit * (strncmp(s, "角", 3) ? 1 : 10);
			digit = 0;
		}
	}
	return fen;
}

static void random_amounts_read_back(void **state)
{
	(void)state;
	uint64_t seed = 20260310;
	char out[WORDS_TEXT];
	for (int i = 0; i < 200000; i++) {
		int64_t fen = (int64_t)(next_random(&seed) % UINT64_C(100000000000));
		for (uint64_t z = next_random(&seed) % 6; z; z--) /* many zeros inside */
			fen = fen / 1000 * 1000 + (int64_t)(z % 2);
		assert_int_equal(read_back(tax_words(fen, out)), fen);
		assert_null(strstr(out, "零零"));
	}
}

/* ---- printed amounts of real faces ---- */

struct tally {
	size_t matched, others;
};

/* Faces that print otherwise: 元 for 圆, no 整 after 角, no 零 before 分. */
static const char *const known_others[] = {"5.03",  "5.09",   "5.61",    "10.90",
					   "39.54", "314.01", "1190.20", NULL};

static void compare_printed(char *row, void *arg)
{
	struct tally *t = arg;
	char *tab = strchr(row, '\t'), out[WORDS_TEXT];

	assert_non_null(tab);
	*tab = 0;
	if (!strcmp(tax_words(fen_of(row), out), tab + 1)) {
		t->matched++;
		return;
	}
	print_message("differs: %s printed %s, ours %s\n", row, tab + 1, out);
	t->others++;
	for (int i = 0; known_others[i]; i++)
		if (!strcmp(known_others[i], row))
			return;
	fail_msg("%s", row);
}

static void printed_faces(void **state)
{
	(void)state;
	struct tally t = {0, 0};
	char *text = fact_file("amount-words.tsv");
	if (!text)
		skip();
	each_row(text, compare_printed, &t);
	free(text);
	assert_int_equal(t.matched, 43);
	assert_int_equal(t.others, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(golden_words),
	    cmocka_unit_test(the_longest_fits),
	    cmocka_unit_test(random_amounts_read_back),
	    cmocka_unit_test(printed_faces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
