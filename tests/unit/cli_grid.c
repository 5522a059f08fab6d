/* Rows as tables, cards and JSON: columns of wide characters, hostile text, types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka.h wants the headers above first. */
#include <cmocka.h>

#include "cli/cli_p.h"

static const struct column COLUMNS[] = {
    {"name", "名称", COLUMN_TEXT, 0},
    {"word", "词", COLUMN_TEXT, FOR_JSON},
    {"word_text", "词", COLUMN_TEXT, FOR_PEOPLE},
    {"count", "数量", COLUMN_NUMBER, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"good", "好", COLUMN_BOOL, 0},
    {"at", "时间", COLUMN_TIME, 0},
    {"note", "说明", COLUMN_OPTIONAL, 0},
    {"tree", "树", COLUMN_TREE, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
static const struct shape SHAPE = {"test", COLUMNS};

static void add(struct grid *g, const char *name, const char *gross, const char *note,
		const char *tree)
{
	cli_grid_text(g, name);
	cli_grid_text(g, "word");
	cli_grid_text(g, "词语");
	cli_grid_int(g, 7);
	cli_grid_text(g, gross);
	cli_grid_bool(g, true);
	cli_grid_time(g, 1763604000); /* 2025-11-20 10:00:00 of business time */
	cli_grid_text(g, note);
	cli_grid_text(g, tree);
}

static void start(struct cli *c, struct grid *g, bool json)
{
	memset(c, 0, sizeof(*c));
	c->json = json;
	buf_init(&c->out, 1 << 20);
	cli_grid_init(g, &SHAPE);
}

static void aligns_columns(void **state)
{
	struct cli c;
	struct grid g;
	char *text, *line, *rest;
	size_t cols = 0;

	(void)state;
	start(&c, &g, false);
	add(&g, "深圳公司", "1234567.80", "a", "");
	add(&g, "x", "-1.00", "b", "");
	add(&g, "evil\x1b[31m\xE2\x80\xAE", "0.00", "c", "");
	cli_grid_table(&c, &g);
	text = mem_strdup(buf_str(&c.out));
	assert_non_null(strstr(text, "1,234,567.80"));
	assert_null(strchr(text, 0x1b)); /* invariant I8 */
	assert_null(strstr(text, "\xE2\x80\xAE"));
	assert_non_null(strstr(text, "<U+202E>"));
	assert_null(strstr(text, "word"));
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *end = strrchr(line, ' ');
		size_t here;

		*end = 0; /* the last column begins at the same place in every row */
		here = text_cols(line);
		if (cols)
			assert_int_equal(here, cols);
		cols = here;
	}
	free(text);
	cli_grid_free(&g);
	buf_free(&c.out);
}

static void writes_json(void **state)
{
	struct cli c;
	struct grid g;
	cJSON *tree = NULL;
	struct err_info e;
	const cJSON *row;

	(void)state;
	start(&c, &g, true);
	add(&g, "深圳\"公司\"", "1.00", "", "{\"a\":[1]}");
	cli_grid_print_page(&c, &g, 12, false, "34");
	cli_document_close(&c);
	assert_int_equal(json_parse(buf_str(&c.out), c.out.len, 1 << 20, &tree, &e), ERR_OK);
	assert_string_equal(json_member(tree, "total"), "12");
	assert_string_equal(json_member(tree, "next"), "34");
	row = json_get(tree, "rows")->child;
	assert_string_equal(json_member(row, "name"), "深圳\"公司\"");
	assert_string_equal(json_member(row, "gross"), "1.00");
	assert_false(json_is_number(json_get(row, "gross")));
	assert_true(json_is_number(json_get(row, "count")));
	assert_string_equal(json_member(row, "at"), "2025-11-20T10:00:00+08:00");
	assert_true(cJSON_IsNull(json_get(row, "note")));
	assert_true(cJSON_IsTrue(json_get(row, "good")));
	assert_true(cJSON_IsObject(json_get(row, "tree")));
	assert_null(json_get(row, "word_text"));
	json_free(&tree);
	cli_grid_free(&g);
	buf_free(&c.out);
}

static void writes_cards(void **state)
{
	struct cli c;
	struct grid g;

	(void)state;
	start(&c, &g, false);
	add(&g, "甲", "1.00", "说", "");
	cli_grid_print_one(&c, &g);
	assert_non_null(strstr(buf_str(&c.out), "名称      甲\n"));
	assert_non_null(strstr(buf_str(&c.out), "价税合计  1.00\n"));
	assert_non_null(strstr(buf_str(&c.out), "好        是\n"));
	cli_grid_free(&g);
	buf_free(&c.out);
}

/* ---- the frame of a list ---- */

static enum err fill_two(struct cli_list *l)
{
	add(&l->grid, "甲", "1.00", "", "");
	add(&l->grid, "乙", "2.00", "", "");
	l->next = l->cursor + l->limit;
	l->total = DESK_COUNT_CAP;
	return ERR_OK;
}

static enum err fill_nothing(struct cli_list *l)
{
	add(&l->grid, "甲", "1.00", "", "");
	return err_fail(&l->c->e, ERR_REFUSED, "test.refused", "名单", "没有");
}

/* What cli_list writes as JSON; with --limit 2 --cursor 5. */
static cJSON *listed(enum list_total total, list_fn fill, enum err expected)
{
	struct cli c = {.json = true, .option_count = 2};
	cJSON *tree = NULL;

	c.options[0].name = "limit";
	c.options[0].value = "2";
	c.options[1].name = "cursor";
	c.options[1].value = "5";
	buf_init(&c.out, 1 << 20);
	assert_int_equal(cli_list(&c, &SHAPE, total, fill), expected);
	if (c.document)
		cli_document_close(&c);
	if (c.out.len)
		assert_int_equal(json_parse(buf_str(&c.out), c.out.len, 1 << 20, &tree, &c.e),
				 ERR_OK);
	buf_free(&c.out);
	return tree;
}

static void lists_a_page(void **state)
{
	cJSON *tree = listed(TOTAL_TOLD, fill_two, ERR_OK);

	(void)state;
	assert_string_equal(json_member(tree, "next"), "7");
	assert_int_equal(cJSON_GetArraySize(json_get(tree, "rows")), 2);
	assert_null(json_get(tree, "at_least"));
	json_free(&tree);
	tree = listed(TOTAL_CAPPED, fill_two, ERR_OK);
	assert_true(cJSON_IsTrue(json_get(tree, "at_least")));
	json_free(&tree);
	tree = listed(TOTAL_ROWS, fill_two, ERR_OK);
	assert_string_equal(json_member(tree, "total"), "2");
	assert_string_equal(json_member(tree, "next"), "50"); /* the options are not read */
	json_free(&tree);
}

static void lists_nothing_on_an_error(void **state)
{
	(void)state;
	assert_null(listed(TOTAL_TOLD, fill_nothing, ERR_REFUSED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(aligns_columns),
	    cmocka_unit_test(writes_json),
	    cmocka_unit_test(writes_cards),
	    cmocka_unit_test(lists_a_page),
	    cmocka_unit_test(lists_nothing_on_an_error),
	};

	return cmocka_run_group_tests_name("cli_grid", tests, NULL, NULL);
}
