/* Every table of columns: unique, within the widths of the screens, with examples that pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/text.h"
#include "sheet/sheet.h"

enum { NARROW = 78, WIDE = 118, REST = 20 };

static void every_file_is_a_table(void **state)
{
	size_t n;

	(void)state;
	for (n = 0; embed_nth("templates/sheets/", n); n++)
		assert_non_null(sheet_table_at(n));
	assert_true(n >= 4);
	assert_null(sheet_table_at(n));
	assert_non_null(sheet_table("buyers"));
	assert_non_null(sheet_table("goods"));
	assert_non_null(sheet_table("taxcodes"));
	assert_non_null(sheet_table("types"));
	assert_null(sheet_table("nothing"));
}

static void titles_and_keys_mean_their_column(void **state)
{
	const struct sheet_table *t;
	size_t k, c;

	(void)state;
	for (k = 0; (t = sheet_table_at(k)); k++) {
		assert_true(t->count > 0 && t->count <= SHEET_COLUMNS);
		for (c = 0; c < t->count; c++) {
			const struct sheet_column *column = &t->columns[c];
			const char *const *alias = column->aliases;

			assert_int_equal(sheet_column(t, column->key), (int)c);
			assert_int_equal(sheet_heading(t, column->title), (int)c);
			for (; *alias; alias++)
				assert_int_equal(sheet_heading(t, *alias), (int)c);
			assert_true(*column->help);
		}
	}
}

static int width_of(int list, int wide, bool on_wide)
{
	int w = on_wide && wide ? wide : list;

	return w < 0 ? REST : w;
}

static void lists_fit_the_screens(void **state)
{
	const struct sheet_table *t;
	size_t k, c;
	int wide;

	(void)state;
	for (k = 0; (t = sheet_table_at(k)); k++) {
		for (wide = 0; wide < 2; wide++) {
			int sum = -1, rest = 0;

			for (c = 0; c < t->count; c++) {
				const struct sheet_column *column = &t->columns[c];
				int w = width_of(column->list_width, column->list_wide, wide);

				sum += w ? w + 1 : 0;
				rest += column->list_width < 0;
			}
			/* Some tables are only files. */
			if (sum < 0)
				continue;
			assert_in_range(sum, REST, wide ? WIDE : NARROW);
			assert_int_equal(rest, wide ? rest : 1);
		}
	}
}

static struct sheet_cell cell_of(const char *text)
{
	return (struct sheet_cell) {
	    .kind = *text ? CELL_TEXT : CELL_EMPTY, .text = text, .len = strlen(text)};
}

static void examples_and_choices_pass(void **state)
{
	const struct sheet_table *t;
	size_t k, c;

	(void)state;
	for (k = 0; (t = sheet_table_at(k)); k++) {
		for (c = 0; c < t->count; c++) {
			const struct sheet_column *column = &t->columns[c];
			const char *const *lists[] = {column->examples, column->choices};
			char out[512], reason[SHEET_REASON];
			size_t l, i;

			for (l = 0; l < 2; l++) {
				for (i = 0; lists[l][i]; i++) {
					const char *text = lists[l][i];
					const struct sheet_cell cell = cell_of(text);

					if (!sheet_value(column, &cell, out, sizeof(out), reason))
						fail_msg("%s: %s", t->name, reason);
					assert_string_equal(out, text);
				}
			}
			/* Our buffers hold no longer words. */
			for (i = 0; column->choices[i]; i++)
				assert_true(strlen(column->choices[i]) < 96);
		}
	}
}

static void headings_come_in_many_forms(void **state)
{
	const struct sheet_table *t = sheet_table("buyers");
	static const struct {
		const char *heading, *key;
	} CASES[] = {
	    {"纳税人识别号", "tax_no"},
	    {"*纳税人识别号", "tax_no"},
	    {" 纳税人识别号\n（企业必填）", "tax_no"},
	    {"纳税人识别号\n企业客户请填写统一社会信用代码，个人不填", "tax_no"},
	    {"统一社会信用代码/纳税人识别号", "tax_no"},
	    {"统一社会信用代码／纳税人识别号（必填）", "tax_no"},
	    {"税　号", "tax_no"},
	    {"【必填】客户名称", "name"},
	    {"客户名称(必填，限100字符，与营业执照上的名称完全一致，不要写简称，也不要带空格、换行"
	     "和其他看不见的字符，更不要写成“同上”",
	     "name"},
	    {"名称必填", "name"},
	    {"Name", "name"},
	    {"客戶名稱", "name"},
	    {"助记码", "mnemonic"},
	    {"开户行名称", "bank"},
	    {"银行帐号", "account"},
	    {"Ｅ－ｍａｉｌ", "email"},
	    {"是否默认地址（Y/N）", "is_default"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int c = sheet_heading(t, CASES[i].heading);

		if (c < 0 || strcmp(t->columns[c].key, CASES[i].key) != 0)
			fail_msg("%s", CASES[i].heading);
	}
	assert_int_equal(sheet_heading(t, "信用等级"), -1);
	assert_int_equal(sheet_heading(t, ""), -1);
	assert_int_equal(sheet_heading(t, "（）"), -1);
	assert_int_equal(sheet_heading(t, "序号"), -1);
	assert_int_equal(sheet_heading(t, "地址电话"), -1);
	/* A note in brackets can also be what tells two headings apart. */
	t = sheet_table("taxcodes");
	assert_int_equal(sheet_heading(t, "编码"), sheet_column(t, "code"));
	assert_int_equal(sheet_heading(t, "编码（统计局编码）"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_file_is_a_table),
	    cmocka_unit_test(titles_and_keys_mean_their_column),
	    cmocka_unit_test(lists_fit_the_screens),
	    cmocka_unit_test(examples_and_choices_pass),
	    cmocka_unit_test(headings_come_in_many_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
