/* Forms: geometry, painting, order, folding, dates, choices, completion, checks, drafts. */
#include "unit/ui_stub.h"

#include "base/date.h"
#include "base/json.h"
#include "ui/form.h"

enum { KIND = 1, NAME, TAX_NO, AMOUNT, DAY, PERSON, TOTAL, SECRET };

static const char *const KINDS[] = {"数电普票", "数电专票", NULL};

static const char *check_tax_no(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	(void)f;
	if (!*text || strlen(text) == 18)
		return NULL;
	snprintf(out, 256, "%s应为 18 位，现在是 %zu 位。", fd->label, strlen(text));
	return out;
}

static int asked;

static int complete_name(const struct form *f, const struct field *fd, const char *text,
			 struct candidate *out, int max)
{
	int i;

	(void)f;
	(void)fd;
	(void)text;
	asked++;
	for (i = 0; i < 3 && i < max; i++) {
		snprintf(out[i].label, sizeof(out[i].label), "腾讯科技%d号", i + 1);
		snprintf(out[i].detail, sizeof(out[i].detail), "9144030%d", i);
		out[i].id = i + 10;
	}
	return i;
}

static const struct field FIELDS[] = {
    {.id = KIND,
     .kind = FIELD_CHOICE,
     .label = "票种",
     .row = 0,
     .col = 6,
     .width = 10,
     .choices = KINDS,
     .required = true},
    {.id = DAY, .kind = FIELD_DATE, .label = "日期", .row = 0, .col = 40, .width = 10},
    {.id = NAME,
     .kind = FIELD_TEXT,
     .label = "购方",
     .row = 1,
     .col = 6,
     .width = 20,
     .wide_width = 40,
     .required = true,
     .complete = complete_name,
     .help = "购买方的全称"},
    {.id = TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "税号",
     .row = 1,
     .col = 40,
     .width = 20,
     .max_chars = 20,
     .check = check_tax_no},
    {.id = TOTAL, .kind = FIELD_SHOW, .label = "合计", .row = 1, .col = 68, .width = 8},
    {.id = AMOUNT, .kind = FIELD_AMOUNT, .label = "金额", .row = 2, .col = 6, .width = 12},
    {.id = PERSON, .kind = FIELD_FLAG, .label = "自然人", .row = 2, .col = 40},
    {.id = SECRET, .kind = FIELD_SECRET, .label = "口令", .row = 3, .col = 6, .width = 10},
    {.id = 0},
};

static struct form form;

static int setup(void **state)
{
	(void)state;
	stub_reset(24, 80);
	form_init(&form, FIELDS, NULL);
	form_layout(&form, (struct rect) {.y = 2, .x = 0, .h = 6, .w = 80});
	asked = 0;
	clock_start("2025-11-20T10:00:00+08:00");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	form_free(&form);
	clock_start("");
	return 0;
}

static void type(const char *text)
{
	size_t n = strlen(text), len;
	uint32_t cp;

	for (; n; n -= len, text += len) {
		len = text_next(text, n, &cp);
		form_key(&form, (struct key) {.code = cp}, NULL, 0);
	}
}

static bool paste(const char *text)
{
	return form_key(&form, (struct key) {.code = K_PASTE}, text, strlen(text));
}

static void painted_as_the_table_says(void **state)
{
	(void)state;
	form_set(&form, KIND, "数电普票");
	form_set(&form, NAME, "腾讯科技");
	form_set(&form, TOTAL, "733.40");
	form_set(&form, PERSON, "1");
	form_focus(&form, NAME);
	form_paint(&form, true);
	assert_string_equal(stub_row(2), " 票种*<数电普票  >                 日期 [          ]");
	assert_string_equal(stub_row(3), " 购方*[腾讯科技            ]       "
					 "税号 [                    ] 合计  733.40");
	assert_string_equal(stub_row(4), " 金额 [            ]             自然人 [x]");
	assert_int_equal(stub.face[3][7], FACE_FOCUS);
	assert_int_equal(stub.face[3][41], FACE_FIELD);
	assert_int_equal(stub.face[3][69], FACE_READONLY);
	assert_int_equal(stub.cursor_y, 3);
	assert_int_equal(stub.cursor_x, 7 + 8);
}

static void wide_areas_widen_and_shift(void **state)
{
	(void)state;
	stub_reset(36, 120);
	form_layout(&form, (struct rect) {.y = 0, .x = 0, .h = 6, .w = 120});
	form_focus(&form, NAME);
	form_set(&form, NAME, "腾讯");
	form_paint(&form, true);
	assert_string_equal(stub_row(1), " 购方*[腾讯                                    ]       "
					 "税号 [                    ] 合计");
	assert_string_equal(form_get(&form, NAME), "腾讯");
	assert_int_equal(form_focused(&form), NAME);
	form_layout(&form, (struct rect) {.y = 0, .x = 0, .h = 2, .w = 61});
	form_focus(&form, SECRET);
	form_paint(&form, true); /* two rows: scrolled to the focus, cut at the right */
	assert_int_equal(stub.cursor_y, 1);
	form_layout(&form, (struct rect) {.h = 1, .w = 1});
	form_paint(&form, true);
	form_layout(&form, (struct rect) {.h = 0, .w = 0});
	form_paint(&form, true);
}

static void order_and_ends(void **state)
{
	static const int ORDER[] = {KIND, DAY, NAME, TAX_NO, AMOUNT, PERSON, SECRET};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ORDER) / sizeof(ORDER[0]); i++) {
		assert_int_equal(form_focused(&form), ORDER[i]);
		assert_int_equal(form_act(&form, i % 2 ? ACT_ENTER : ACT_NEXT),
				 i < 6 ? FORM_LEFT_FIELD : FORM_LEFT_END);
	}
	assert_int_equal(form_focused(&form), SECRET);
	for (i = 6; i > 0; i--)
		assert_int_equal(form_act(&form, ACT_PREVIOUS), FORM_LEFT_FIELD);
	assert_int_equal(form_act(&form, ACT_PREVIOUS), FORM_LEFT_START);
	assert_int_equal(form_focused(&form), KIND);
}

static void rows_by_geometry(void **state)
{
	(void)state;
	form_focus(&form, DAY);
	assert_int_equal(form_act(&form, ACT_DOWN), FORM_LEFT_FIELD);
	assert_int_equal(form_focused(&form), TAX_NO);
	form_act(&form, ACT_DOWN);
	assert_int_equal(form_focused(&form), PERSON);
	form_act(&form, ACT_DOWN);
	assert_int_equal(form_focused(&form), SECRET);
	assert_int_equal(form_act(&form, ACT_DOWN), FORM_UNUSED);
	form_act(&form, ACT_UP);
	assert_int_equal(form_focused(&form), AMOUNT);
	form_act(&form, ACT_UP);
	form_act(&form, ACT_UP);
	assert_int_equal(form_focused(&form), KIND);
	assert_int_equal(form_act(&form, ACT_UP), FORM_UNUSED);
}

static void numbers_are_folded(void **state)
{
	(void)state;
	form_focus(&form, TAX_NO);
	type("９１４４ ０３０ＡＢ");
	assert_string_equal(form_get(&form, TAX_NO), "9144030AB");
	assert_true(form.dirty);
	form_focus(&form, AMOUNT);
	assert_true(paste("￥1,234５６。7 \n"));
	assert_string_equal(form_get(&form, AMOUNT), "123456.7");
	assert_false(paste(" ,"));
	assert_string_equal(form_get(&form, AMOUNT), "123456.7");
	form_focus(&form, NAME);
	assert_true(paste("甲\t乙\n丙"));
	assert_string_equal(form_get(&form, NAME), "甲 乙 丙");
}

static void dates_take_short_forms(void **state)
{
	static const struct {
		const char *typed, *becomes;
	} CASES[] = {
	    {"20251120", "2025-11-20"}, {"2025-11-20", "2025-11-20"},
	    {"11-20", "2025-11-20"},    {"2-3", "2025-02-03"},
	    {"2025/1/5", "2025-01-05"}, {"２０２５１１２０", "2025-11-20"},
	    {"+", "2025-11-20"},        {"++", "2025-11-21"},
	    {"---", "2025-11-18"},      {"20260101-", "2025-12-31"},
	    {"20251131", "20251131"},   {"2025-11", "2025-11"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		bool wrong = i >= 10;

		form_set(&form, DAY, "");
		form_focus(&form, DAY);
		type(CASES[i].typed);
		form_act(&form, ACT_NEXT);
		assert_string_equal(form_get(&form, DAY), CASES[i].becomes);
		form_focus(&form, DAY);
		assert_int_equal(form_error(&form)[0] != 0, wrong);
	}
	form_set(&form, DAY, "");
	form_focus(&form, DAY);
	assert_true(paste("2025年11月2日"));
	form_act(&form, ACT_NEXT);
	assert_string_equal(form_get(&form, DAY), "2025-11-02");
}

static void choices_and_flags(void **state)
{
	(void)state;
	assert_int_equal(form_choice(&form, KIND), -1);
	assert_string_equal(form_sections(&form)[0], "form-choice");
	assert_int_equal(form_act(&form, ACT_RIGHT), FORM_USED);
	assert_int_equal(form_choice(&form, KIND), 0);
	form_act(&form, ACT_TOGGLE);
	assert_int_equal(form_choice(&form, KIND), 1);
	form_act(&form, ACT_RIGHT);
	assert_int_equal(form_choice(&form, KIND), 0);
	form_act(&form, ACT_LEFT);
	assert_int_equal(form_choice(&form, KIND), 1);
	type("1");
	assert_int_equal(form_choice(&form, KIND), 0);
	type("数");
	assert_int_equal(form_choice(&form, KIND), 1);
	assert_false(form_key(&form, (struct key) {.code = 'z'}, NULL, 0));
	assert_false(paste("数电普票"));
	assert_int_equal(form_act(&form, ACT_CLEAR), FORM_UNUSED); /* required */
	form_focus(&form, PERSON);
	assert_false(form_flag(&form, PERSON));
	form_act(&form, ACT_TOGGLE);
	assert_true(form_flag(&form, PERSON));
	type(" ");
	assert_false(form_flag(&form, PERSON));
	form_focus(&form, NAME);
	assert_string_equal(form_sections(&form)[0], "form-text");
}

static void completion_opens_chooses_and_closes(void **state)
{
	(void)state;
	form_focus(&form, NAME);
	type("腾");
	assert_int_equal(asked, 0);
	type("讯");
	assert_int_equal(form.match_count, 3);
	assert_int_equal(form.match, -1); /* Chinese may be the whole name already */
	form_paint(&form, true);
	assert_string_equal(stub_row(4), " 金额 [  腾讯科技1号  91440300      人 [ ]");
	assert_non_null(strstr(stub_row(7), "  下键选用，回车用输入的文字"));
	assert_int_equal(stub.face[4][8], FACE_MATCH);
	assert_int_equal(stub.cursor_y, 3);
	form_act(&form, ACT_DOWN);
	form_act(&form, ACT_DOWN);
	assert_int_equal(form.match, 1);
	assert_int_equal(form_focused(&form), NAME);
	form_paint(&form, true);
	assert_int_equal(stub.face[5][8], FACE_SELECTED);
	assert_int_equal(form_act(&form, ACT_ENTER), FORM_MATCH);
	assert_int_equal(form.matches[form.match].id, 11);
	assert_int_equal(form.match_count, 0);
	assert_string_equal(form_get(&form, NAME), "腾讯科技2号");
	/* A mnemonic is nobody's name: the first match is ready to be taken. */
	form_act(&form, ACT_CLEAR);
	type("tx");
	assert_int_equal(form.match, 0);
	assert_int_equal(form_act(&form, ACT_BACK), FORM_USED);
	assert_int_equal(form.match_count, 0);
	assert_int_equal(form_act(&form, ACT_BACK), FORM_UNUSED);
	assert_string_equal(form_get(&form, NAME), "tx");
	type("k");
	assert_int_equal(form_act(&form, ACT_NEXT), FORM_LEFT_FIELD); /* Tab keeps what was typed */
	assert_string_equal(form_get(&form, NAME), "txk");
	assert_int_equal(form.match_count, 0);
}

static void low_screens_put_the_list_above(void **state)
{
	(void)state;
	stub_reset(16, 80);
	form_layout(&form, (struct rect) {.y = 9, .x = 0, .h = 4, .w = 80});
	form_focus(&form, NAME);
	type("tx");
	form_paint(&form, true);
	assert_string_equal(stub_row(7) + 7, "> 腾讯科技1号  91440300");
	assert_int_equal(stub.face[7][8], FACE_SELECTED);
}

static void errors_wait_for_leaving_and_go_with_typing(void **state)
{
	(void)state;
	form_focus(&form, TAX_NO);
	type("123");
	assert_string_equal(form_error(&form), "");
	form_act(&form, ACT_NEXT);
	assert_int_equal(form_focused(&form), AMOUNT);
	form_focus(&form, TAX_NO);
	assert_string_equal(form_error(&form), "税号应为 18 位，现在是 3 位。");
	form_paint(&form, false);
	assert_int_equal(stub.face[3][41], FACE_ERROR);
	assert_string_equal(stub.text[3][39], "!");
	assert_string_equal(form_get(&form, TAX_NO), "123");
	type("4");
	assert_string_equal(form_error(&form), "");
	form_fail(&form, AMOUNT, "金额超过额度。");
	assert_int_equal(form_focused(&form), AMOUNT);
	assert_string_equal(form_error(&form), "金额超过额度。");
}

static void submit_finds_the_first_wrong_field(void **state)
{
	(void)state;
	form_focus(&form, AMOUNT);
	type("12x");
	assert_string_equal(form_check(&form), "票种还没有选择，请选一项。");
	assert_int_equal(form_focused(&form), KIND);
	form_set(&form, KIND, "别的");
	assert_non_null(strstr(form_check(&form), "不在可选的范围内"));
	form_set(&form, KIND, KINDS[0]);
	assert_string_equal(form_check(&form), "购方不能为空，请填写。");
	assert_int_equal(form_focused(&form), NAME);
	form_set(&form, NAME, "甲");
	assert_string_equal(form_check(&form), "金额「12x」不是数字，请只填数字和小数点。");
	form_set(&form, AMOUNT, "-12.50");
	assert_null(form_check(&form));
	assert_string_equal(form_error(&form), "");
}

static void drafts_come_back(void **state)
{
	struct form other;
	cJSON *tree = NULL;
	char *saved;

	(void)state;
	form_set(&form, NAME, "甲\"乙\"");
	form_set(&form, AMOUNT, "not yet a number");
	form_set(&form, SECRET, "hidden");
	form_set(&form, TOTAL, "9");
	saved = form_save(&form);
	assert_null(strstr(saved, "hidden"));
	assert_int_equal(json_parse(saved, strlen(saved), 100000, &tree, NULL), ERR_OK);
	form_init(&other, FIELDS, NULL);
	form_set(&other, SECRET, "kept");
	form_load(&other, tree);
	assert_string_equal(form_get(&other, NAME), "甲\"乙\"");
	assert_string_equal(form_get(&other, AMOUNT), "not yet a number");
	assert_string_equal(form_get(&other, SECRET), "kept");
	assert_string_equal(form_get(&other, TOTAL), "");
	assert_false(other.dirty);
	form_free(&other);
	json_free(&tree);
	free(saved);
}

static void secrets_are_stars_and_long_text_scrolls(void **state)
{
	(void)state;
	form_focus(&form, SECRET);
	type("abc中");
	form_act(&form, ACT_LEFT);
	form_paint(&form, true);
	assert_string_equal(stub_row(5), " 口令 [****      ]");
	assert_int_equal(stub.cursor_x, 10);
	form_focus(&form, AMOUNT);
	paste("12345678901234567890");
	form_paint(&form, true);
	assert_string_equal(stub.text[4][7], "0"); /* the end and the caret's place */
	assert_int_equal(stub.cursor_x, 18);
	form_act(&form, ACT_FIRST);
	form_paint(&form, true);
	assert_string_equal(stub.text[4][7], "1");
	assert_string_equal(stub.text[4][18], "2"); /* no mark over the text being typed */
	form_paint(&form, false);
	assert_string_equal(stub.text[4][18], "~");
}

/* An offer is selected until it is touched: the first character takes its place. */
static void offers_give_way_to_what_is_typed(void **state)
{
	static const struct field OFFERS[] = {
	    {.id = AMOUNT, .kind = FIELD_DIGITS, .col = 6, .width = 8, .offered = true},
	    {.id = DAY, .kind = FIELD_DATE, .row = 1, .col = 6, .width = 10, .offered = true},
	    {.id = NAME, .kind = FIELD_TEXT, .row = 2, .col = 6, .width = 8},
	    {.id = 0},
	};

	(void)state;
	form_free(&form);
	form_init(&form, OFFERS, NULL);
	form_layout(&form, (struct rect) {.y = 2, .x = 0, .h = 6, .w = 80});
	form_set(&form, AMOUNT, "100");
	form_paint(&form, true);
	assert_int_equal(stub.face[2][7], FACE_SELECTED);
	assert_int_equal(stub.face[2][10], FACE_FIELD);
	type(" "); /* which a number does not take */
	assert_string_equal(form_get(&form, AMOUNT), "100");
	type("2345");
	assert_string_equal(form_get(&form, AMOUNT), "2345");
	form_paint(&form, true);
	assert_int_equal(stub.face[2][7], FACE_FOCUS);
	form_set(&form, AMOUNT, "100");
	assert_int_equal(form_act(&form, ACT_LAST), FORM_USED); /* the caret was there already */
	type("0");
	assert_string_equal(form_get(&form, AMOUNT), "1000");
	form_set(&form, AMOUNT, "100");
	form_act(&form, ACT_LEFT);
	type("5");
	assert_string_equal(form_get(&form, AMOUNT), "1050");
	form_set(&form, AMOUNT, "100");
	form_act(&form, ACT_DELETE_BACK);
	assert_string_equal(form_get(&form, AMOUNT), "");
	form_set(&form, AMOUNT, "100");
	paste("77");
	assert_string_equal(form_get(&form, AMOUNT), "77");
	form_set(&form, DAY, "2025-11-20");
	form_focus(&form, DAY);
	type("+"); /* the day after what is offered */
	assert_string_equal(form_get(&form, DAY), "2025-11-21");
	form_set(&form, NAME, "100");
	form_focus(&form, NAME);
	type("5"); /* no offer: it goes on */
	assert_string_equal(form_get(&form, NAME), "1005");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	    T(painted_as_the_table_says),
	    T(wide_areas_widen_and_shift),
	    T(order_and_ends),
	    T(rows_by_geometry),
	    T(numbers_are_folded),
	    T(dates_take_short_forms),
	    T(choices_and_flags),
	    T(completion_opens_chooses_and_closes),
	    T(low_screens_put_the_list_above),
	    T(errors_wait_for_leaving_and_go_with_typing),
	    T(submit_finds_the_first_wrong_field),
	    T(drafts_come_back),
	    T(secrets_are_stars_and_long_text_scrolls),
	    T(offers_give_way_to_what_is_typed),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
