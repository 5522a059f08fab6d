/* Units at the desk: forms, normal forms, the sealed key, what may change when. */
#include "desk_lab.h"

static struct unit find(struct lab *lab, const char *tax_no, const char *role)
{
	struct unit u;

	assert_int_equal(store_unit_find(lab->s->db, tax_no, role, NULL, &u, &lab->e), ERR_OK);
	return u;
}

static void seals_the_key(void **state)
{
	struct lab *lab = *state;
	unsigned char key[SECRET_KEY], *plain;
	char path[HOME_PATH], context[UNIT_KEY_CONTEXT];
	struct unit u;
	size_t n = 0;

	assert_int_equal(lab_add_direct(lab, "https://LQPT.example:8443/access/v2/invoke"), ERR_OK);
	u = find(lab, LAB_DIRECT, "direct");
	assert_string_equal(u.url, "https://lqpt.example:8443/access/v2/invoke/");
	assert_string_equal(u.key_hint, "****EEFF");
	assert_null(strstr(u.sealed_key, "EEFF"));
	assert_false(u.verified);
	assert_int_equal(u.env, ENV_PRACTICE);
	assert_string_equal(u.region, "14400000000");
	assert_int_equal(home_path(lab->home, HOME_SECRET, path, &lab->e), ERR_OK);
	assert_int_equal(secret_load(path, 0, key, &lab->e), ERR_OK);
	assert_int_equal(
	    secret_open(key, unit_key_context(&u, context), u.sealed_key, &plain, &n, &lab->e),
	    ERR_OK);
	assert_int_equal(n, 16);
	assert_memory_equal(plain,
			    "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF", 16);
	free(plain);
	unit_free(&u);
}

static void refuses_bad_forms(void **state)
{
	struct lab *lab = *state;
	static const struct {
		const char *url, *tax_no, *connect_to, *region, *name, *field;
	} CASES[] = {
	    {"http://a.example/access/v2/invoke", LAB_DIRECT, NULL, NULL, "集团", "url"},
	    {"https://a.example/access/v2", LAB_DIRECT, NULL, NULL, "集团", "url"},
	    {"https:///access/v2/invoke", LAB_DIRECT, NULL, NULL, "集团", "url"},
	    {"https://a.example/access/invoke?x=1/invoke", LAB_DIRECT, NULL, NULL, "集团", "url"},
	    {"https://a.example/v2/invoke", "914400 00", NULL, NULL, "集团", "taxno"},
	    {"https://a.example/v2/invoke", "\xE2\x80\x8B" LAB_DIRECT, NULL, NULL, "集团", "taxno"},
	    {"https://a.example/v2/invoke", LAB_DIRECT, "10.0.0.1", NULL, "集团", "connect-to"},
	    {"https://a.example/v2/invoke", LAB_DIRECT, "10.0.0.1:99999", NULL, "集团",
	     "connect-to"},
	    {"https://a.example/v2/invoke", LAB_DIRECT, NULL, "123", "集团", "region"},
	    {"https://a.example/v2/invoke", LAB_DIRECT, NULL, NULL, "集\u202e团", "name"},
	    {"https://a.example/v2/invoke", LAB_DIRECT, NULL, NULL, "", "name"},
	};
	char key[200], warning[UNIT_WARNING];
	size_t i;

	lab_write(lab, "key", "00112233445566778899AABBCCDDEEFF", key);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct unit_form f = {.role = "direct",
				      .env = "practice",
				      .name = CASES[i].name,
				      .tax_no = CASES[i].tax_no,
				      .leqi_id = LAB_DIRECT_ID,
				      .url = CASES[i].url,
				      .connect_to = CASES[i].connect_to,
				      .region = CASES[i].region,
				      .key_file = key};

		assert_int_equal(desk_unit_add(lab->s, &f, warning, &lab->e), ERR_INVALID);
		assert_string_equal(lab->e.field, CASES[i].field);
	}
	lab_write(lab, "key", "00112233445566778899AABBCCDDEEF", key); /* 31 */
	assert_int_equal(lab_add_using(lab, LAB_USING, "科技"), ERR_INVALID);
	assert_string_equal(lab->e.field, "direct");
	assert_int_equal(lab_add_direct(lab, "https://a.example/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_direct(lab, "https://a.example/v2/invoke"), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.exists");
}

static void edits_within_bounds(void **state)
{
	struct lab *lab = *state;
	struct unit_form f = {
	    .role = "direct", .tax_no = LAB_DIRECT, .url = "https://b.example/v2/invoke/"};
	char warning[UNIT_WARNING];
	struct unit u;

	lab_stock(lab, 1, 0);
	assert_int_equal(desk_unit_edit(lab->s, &f, NULL, warning, &lab->e), ERR_OK);
	u = find(lab, LAB_DIRECT, "direct");
	assert_false(u.verified);
	assert_string_equal(u.url, "https://b.example/v2/invoke/");
	unit_free(&u);

	f = (struct unit_form) {.tax_no = LAB_USING, .name = "改名"};
	assert_int_equal(desk_unit_edit(lab->s, &f, NULL, warning, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.why, "验证通过后不可编辑");
	f = (struct unit_form) {.tax_no = LAB_USING, .bank = "银行"};
	assert_int_equal(desk_unit_edit(lab->s, &f, NULL, warning, &lab->e), ERR_OK);
	u = find(lab, LAB_USING, "using");
	assert_true(u.verified);
	assert_string_equal(u.bank, "银行");
	unit_free(&u);
	f = (struct unit_form) {.tax_no = LAB_USING, .url = "https://b.example/v2/invoke/"};
	assert_int_equal(desk_unit_edit(lab->s, &f, NULL, warning, &lab->e), ERR_INVALID);
}

static void stays_in_its_environment(void **state)
{
	struct lab *lab = *state;
	char key[200], warning[UNIT_WARNING];
	struct unit_form f = {.role = "direct",
			      .env = "正式",
			      .name = "集团",
			      .tax_no = LAB_DIRECT,
			      .leqi_id = LAB_DIRECT_ID,
			      .url = "https://lqpt.example/access/v2/invoke",
			      .key_file = key};
	int64_t practice;
	struct unit u;

	lab_stock(lab, 1, 0);
	u = find(lab, LAB_USING, "using");
	practice = u.direct_id;
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_unit_set_state(lab->s->db, u.id, false, "4055", &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	unit_free(&u);
	lab_write(lab, "key", "00112233445566778899AABBCCDDEEFF\n", key);
	/* A newer direct unit of the same number in another environment. */
	assert_int_equal(desk_unit_add(lab->s, &f, warning, &lab->e), ERR_OK);
	f = (struct unit_form) {.role = "using", .tax_no = LAB_USING, .direct = LAB_DIRECT};
	assert_int_equal(desk_unit_edit(lab->s, &f, NULL, warning, &lab->e), ERR_OK);
	u = find(lab, LAB_USING, "using");
	assert_int_equal(u.env, ENV_PRACTICE);
	assert_int_equal(u.direct_id, practice);
	u.env = ENV_PRODUCTION;
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_unit_put(lab->s->db, &u, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.env_fixed");
	db_rollback(lab->s->db);
	unit_free(&u);

	f.direct = LAB_USING; /* there is none of this number here */
	assert_int_equal(desk_unit_edit(lab->s, &f, NULL, warning, &lab->e), ERR_INVALID);
	assert_non_null(strstr(lab->e.why, "演练环境没有税号"));
	assert_non_null(strstr(lab->e.hint, "不能换到另一个环境"));
}

static char *key_of(struct lab *lab, const struct unit *u)
{
	unsigned char key[SECRET_KEY], *plain = NULL;
	char context[UNIT_KEY_CONTEXT];
	char *hex;
	size_t n = 0, i;

	assert_int_equal(home_load_key(lab->home, lab->s->db, key, &lab->e), ERR_OK);
	assert_int_equal(
	    secret_open(key, unit_key_context(u, context), u->sealed_key, &plain, &n, &lab->e),
	    ERR_OK);
	hex = mem_zalloc(2 * n + 1);
	for (i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02X", plain[i]);
	free(plain);
	return hex;
}

static void assert_key(struct lab *lab, const struct unit *u, const char *wanted)
{
	char *key = key_of(lab, u);

	assert_string_equal(key, wanted);
	free(key);
}

static enum err move(struct lab *lab, const char *env_to, const char *rename_to)
{
	struct unit_form f = {.role = "direct", .tax_no = LAB_DIRECT, .env_to = env_to};
	char warning[UNIT_WARNING];

	if (!strcmp(env_to, "沙箱"))
		f.url = "https://a.example/access/sandbox/v2/invoke";
	else
		f.url = "https://a.example/access/v2/invoke";
	return desk_unit_edit(lab->s, &f, rename_to, warning, &lab->e);
}

static enum err see_movable(void *arg, const struct unit_view *v)
{
	*(bool *)arg = v->movable;
	return ERR_OK;
}

static bool movable(struct lab *lab)
{
	struct unit_ref ref = {LAB_DIRECT, "direct", NULL};
	bool out = false;

	assert_int_equal(desk_unit_show(lab->s, &ref, see_movable, &out, &lab->e), ERR_OK);
	return out;
}

static void set_state(struct lab *lab, bool verified)
{
	struct unit u = find(lab, LAB_DIRECT, "direct");

	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(
	    store_unit_set_state(lab->s->db, u.id, verified, verified ? "" : "4057", &lab->e),
	    ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	unit_free(&u);
}

/* C12, I5: what the tax side knows nothing of is put into another environment, with its key. */
static void moves_while_nothing_hangs(void **state)
{
	static const char KEY[] = "00112233445566778899AABBCCDDEEFF";
	struct lab *lab = *state;
	struct unit u;

	assert_int_equal(lab_add_direct(lab, "https://a.example/access/v2/invoke"), ERR_OK);
	set_state(lab, false);
	assert_true(movable(lab));
	assert_int_equal(move(lab, "沙箱", NULL), ERR_OK);
	u = find(lab, LAB_DIRECT, "direct");
	assert_int_equal(u.env, ENV_SANDBOX);
	assert_string_equal(u.verify_error, "");
	assert_key(lab, &u, KEY);
	unit_free(&u);
	/* The number, too, takes the key along. */
	assert_int_equal(move(lab, "正式", LAB_USING), ERR_OK);
	u = find(lab, LAB_USING, "direct");
	assert_int_equal(u.env, ENV_PRODUCTION);
	assert_key(lab, &u, KEY);
	unit_free(&u);
}

static void stays_once_something_hangs(void **state)
{
	struct lab *lab = *state;
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	struct unit u;

	assert_int_equal(lab_add_direct(lab, "https://a.example/access/v2/invoke"), ERR_OK);
	set_state(lab, true);
	assert_false(movable(lab));
	assert_int_equal(move(lab, "沙箱", NULL), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.env_fixed");
	assert_string_equal(lab->e.field, "env");
	/* Verified once, it is known to that environment, whatever was edited since. */
	set_state(lab, false);
	u = find(lab, LAB_DIRECT, "direct");
	text_copy(t->tax_no, sizeof(t->tax_no), LAB_DIRECT);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_taxpayer_put(lab->s->db, u.id, t, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	free(t);
	unit_free(&u);
	assert_false(movable(lab));
	assert_int_equal(move(lab, "沙箱", NULL), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.env_fixed");
}

static void stays_with_those_below(void **state)
{
	struct lab *lab = *state;
	struct unit u;

	assert_int_equal(lab_add_direct(lab, "https://a.example/access/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_USING, "科技"), ERR_OK);
	set_state(lab, false);
	assert_false(movable(lab));
	assert_int_equal(move(lab, "沙箱", NULL), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.env_fixed");
	u = find(lab, LAB_DIRECT, "direct");
	assert_int_equal(u.env, ENV_PRACTICE);
	u.env = ENV_SANDBOX; /* the store has the last word */
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_unit_put(lab->s->db, &u, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.env_fixed");
	db_rollback(lab->s->db);
	unit_free(&u);
}

static void add_buyer(struct lab *lab, const char *unit)
{
	struct buyer b = {.source = SOURCE_ENTERED};
	struct unit u;

	assert_int_equal(store_unit_find(lab->s->db, unit, "using", NULL, &u, &lab->e), ERR_OK);
	b.unit_id = u.id;
	mem_set(&b.party.name, "甲");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_buyer_insert(lab->s->db, &b, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	buyer_free(&b);
	unit_free(&u);
}

static void removes_from_below(void **state)
{
	struct lab *lab = *state;
	struct unit_ref direct = {LAB_DIRECT, NULL, NULL}, using = {LAB_USING, NULL, NULL};
	struct import_progress p = {.cancel = true};
	char words[UNIT_CATALOGUE_WORDS];
	int64_t rows;

	assert_int_equal(lab_add_direct(lab, "https://a.example/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_DIRECT, "集团"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_USING, "科技"), ERR_OK);
	assert_int_equal(desk_unit_remove(lab->s, &direct, false, NULL, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.why, "该直连单位下存在非本单位的其他使用单位，不允许删除！"
					"请移除相关使用单位后再重试。");
	/* What somebody has collected for it does not go unasked. */
	add_buyer(lab, LAB_USING);
	assert_int_equal(desk_unit_catalogue(lab->s, &using, words, &rows, &lab->e), ERR_OK);
	assert_string_equal(words, "1 个购方");
	assert_int_equal(rows, 1);
	assert_int_equal(desk_unit_remove(lab->s, &using, false, NULL, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.catalogue");
	assert_non_null(strstr(lab->e.why, "1 个购方"));
	assert_int_equal(desk_unit_remove(lab->s, &using, true, &p, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.cancelled");
	p.cancel = false;
	assert_int_equal(desk_unit_catalogue(lab->s, &using, words, &rows, &lab->e), ERR_OK);
	assert_int_equal(rows, 1);
	assert_int_equal(desk_unit_remove(lab->s, &using, true, &p, &lab->e), ERR_OK);
	assert_int_equal(p.rows, 1);
	assert_int_equal(desk_unit_catalogue(lab->s, &direct, words, &rows, &lab->e), ERR_OK);
	assert_string_equal(words, "");
	assert_int_equal(desk_unit_remove(lab->s, &direct, false, NULL, &lab->e), ERR_OK);
	assert_int_equal(desk_unit_remove(lab->s, &direct, false, NULL, &lab->e), ERR_INVALID);
}

static void chooses_the_unit(void **state)
{
	struct lab *lab = *state;
	struct unit u;

	assert_int_equal(desk_unit(lab->s, &u, &lab->e), ERR_INVALID);
	assert_int_equal(lab_add_direct(lab, "https://a.example/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_USING, "科技"), ERR_OK);
	assert_int_equal(desk_unit(lab->s, &u, &lab->e), ERR_OK); /* the only one */
	unit_free(&u);
	assert_int_equal(lab_add_using(lab, LAB_DIRECT, "集团"), ERR_OK);
	assert_int_equal(desk_unit(lab->s, &u, &lab->e), ERR_INVALID); /* which? */
	snprintf(lab->s->unit_choice, sizeof(lab->s->unit_choice), "%s", LAB_DIRECT);
	assert_int_equal(desk_unit(lab->s, &u, &lab->e), ERR_OK);
	unit_free(&u);
	lab->s->unit_choice[0] = 0;
	assert_int_equal(desk_unit(lab->s, &u, &lab->e), ERR_OK); /* the last one */
	assert_string_equal(u.tax_no, LAB_DIRECT);
	unit_free(&u);
	assert_int_equal(desk_unit_ready(lab->s, &u, NULL, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.why,
			    "当前销方企业未开通乐企数电发票业务，请在系统的【开票业务配置】"
			    "功能中添加配置信息并完成业务激活处理！");
}

#define LAB_TEST(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LAB_TEST(seals_the_key),
	    LAB_TEST(refuses_bad_forms),
	    LAB_TEST(edits_within_bounds),
	    LAB_TEST(removes_from_below),
	    LAB_TEST(chooses_the_unit),
	    LAB_TEST(stays_in_its_environment),
	    LAB_TEST(moves_while_nothing_hangs),
	    LAB_TEST(stays_once_something_hangs),
	    LAB_TEST(stays_with_those_below),
	};

	return cmocka_run_group_tests_name("desk_units", tests, NULL, NULL);
}
