/* Rules of units at the desk: findings, channels, freezing, several at once (features A5 B26 C15
 * C21 C25 C29 N69). */
#include "desk_lab.h"

static struct unit find(struct lab *lab, const char *tax_no, const char *role)
{
	struct unit u;

	assert_int_equal(store_unit_find(lab->s->db, tax_no, role, NULL, &u, &lab->e), ERR_OK);
	return u;
}

static enum err edit(struct lab *lab, struct unit_form f)
{
	char warning[UNIT_WARNING];

	return desk_unit_edit(lab->s, &f, NULL, warning, &lab->e);
}

static void every_missing_member_is_named(void **state)
{
	static const struct {
		struct unit_form form;
		const char *fields;
	} CASES[] = {
	    {{.role = "using", .direct = "9", .leqi_id = "1"}, "name taxno "},
	    {{.role = "using", .name = "", .tax_no = "", .leqi_id = "1"}, "name taxno direct "},
	    {{.role = "using", .name = "a", .tax_no = "1", .direct = "9"}, "leqi-id "},
	    {{.role = "direct", .name = "a", .tax_no = "1", .leqi_id = "1"}, "url key-file "},
	    {{.role = "direct", .name = "a", .tax_no = "1", .leqi_id = "1", .url = "u", .key = "k"},
	     ""},
	    {{.name = "a", .tax_no = "1", .leqi_id = "1"}, "role "},
	};
	struct err_info out[UNIT_REQUIRED];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char fields[200] = "";
		size_t n = desk_unit_missing(&CASES[i].form, out);

		for (k = 0; k < n; k++)
			snprintf(fields + strlen(fields), sizeof(fields) - strlen(fields), "%s ",
				 out[k].field);
		assert_string_equal(fields, CASES[i].fields);
	}
}

static void channels_follow_the_relation(void **state)
{
	struct lab *lab = *state;
	static const struct {
		const char *relation, *issue, *collect;
		const char *code; /* NULL: it is taken */
		const char *issue_after, *collect_after;
		bool joint_after;
	} CASES[] = {
	    {NULL, "税盘", NULL, NULL, "disk", "leqi", false},
	    {NULL, "税盘", "", "unit.channels", NULL, NULL, false},
	    {NULL, NULL, "电子税局/RPA", "unit.channels", NULL, NULL, false},
	    {NULL, "乐企平台", "电子税局/RPA", NULL, "leqi", "portal", false},
	    {"joint", NULL, NULL, NULL, "leqi-joint", "", true},
	    {NULL, NULL, "leqi", "unit.joint", NULL, NULL, true},
	    {"joint", "leqi", NULL, "unit.relation", NULL, NULL, true},
	    {NULL, "leqi", NULL, NULL, "leqi", "leqi", false},
	    {NULL, "乐企平台（联用）", NULL, NULL, "leqi-joint", "", true},
	    {"self", NULL, NULL, NULL, "leqi", "leqi", false},
	};
	struct unit u;
	size_t i;

	assert_int_equal(lab_add_direct(lab, "https://a.example/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_USING, "科技"), ERR_OK);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		enum err r = edit(lab, (struct unit_form) {.tax_no = LAB_USING,
							   .relation = CASES[i].relation,
							   .issue_channel = CASES[i].issue,
							   .collect_channel = CASES[i].collect});

		if (CASES[i].code) {
			assert_int_equal(r, ERR_INVALID);
			assert_string_equal(lab->e.code, CASES[i].code);
			continue;
		}
		assert_int_equal(r, ERR_OK);
		u = find(lab, LAB_USING, "using");
		assert_string_equal(u.issue_channel, CASES[i].issue_after);
		assert_string_equal(u.collect_channel, CASES[i].collect_after);
		assert_int_equal(u.joint, CASES[i].joint_after);
		assert_string_equal(u.abilities, u.joint ? "202007" : "202007,203067");
		unit_free(&u);
	}
}

/* Each alone makes a verified direct unit unverified; notes do not. */
static void identity_needs_a_new_verification(void **state)
{
	struct lab *lab = *state;
	char key[200];
	const struct {
		struct unit_form form;
		bool stays;
	} CASES[] = {
	    {{.name = "另一个集团"}, false},
	    {{.leqi_id = "0123456789abcdef0123"}, false},
	    {{.key_file = key}, false},
	    {{.url = "https://c.example/v2/invoke"}, false},
	    {{.connect_to = "10.0.0.8:8443"}, false},
	    {{.proxy = "10.0.0.8:3128"}, false},
	    {{.tls_name = "lqpt.example"}, false},
	    {{.abilities = "入账"}, false},
	    {{.region = "深圳市"}, false},
	    {{.project = "华南"}, true},
	    {{.filing_region = "深圳"}, true},
	    {{.handler = "办税员", .granted = "2025-06-28"}, true},
	};
	struct unit u;
	size_t i;

	lab_stock(lab, 1, 0);
	lab_write(lab, "key", "ffffffffffffffffffffffffffffffff", key);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct unit_form f = CASES[i].form;

		u = find(lab, LAB_DIRECT, "direct");
		assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
		assert_int_equal(store_unit_set_state(lab->s->db, u.id, true, "", &lab->e), ERR_OK);
		assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
		unit_free(&u);
		f.tax_no = LAB_DIRECT;
		f.role = "direct";
		assert_int_equal(edit(lab, f), ERR_OK);
		u = find(lab, LAB_DIRECT, "direct");
		assert_int_equal(u.verified, CASES[i].stays);
		unit_free(&u);
	}
}

static void bad_forms_name_their_field(void **state)
{
	struct lab *lab = *state;
	static const struct {
		struct unit_form form;
		const char *field;
	} CASES[] = {
	    {{.proxy = "10.0.0.8"}, "proxy"},
	    {{.tls_name = "a b"}, "tls-name"},
	    {{.tls_name = "https://x"}, "tls-name"},
	    {{.issue_channel = "火星"}, "issue-channel"},
	    {{.collect_channel = "x"}, "collect-channel"},
	    {{.abilities = "飞天"}, "abilities"},
	    {{.handler = "秘书"}, "handler"},
	    {{.granted = "2025-02-30"}, "granted"},
	    {{.relation = "他用"}, "relation"},
	};
	size_t i;

	assert_int_equal(lab_add_direct(lab, "https://a.example/v2/invoke"), ERR_OK);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct unit_form f = CASES[i].form;

		f.tax_no = LAB_DIRECT;
		f.role = "direct";
		assert_int_equal(edit(lab, f), ERR_INVALID);
		assert_string_equal(lab->e.field, CASES[i].field);
	}
}

static void a_frozen_unit_is_refused(void **state)
{
	struct lab *lab = *state;
	const struct unit_ref ref = {LAB_USING, NULL, NULL};
	struct unit u;

	lab_stock(lab, 1, 0);
	assert_int_equal(desk_unit_issues(lab->s, &u, NULL, &lab->e), ERR_OK);
	unit_free(&u);
	assert_int_equal(desk_unit_freeze(lab->s, &ref, false, NULL, &lab->e), ERR_INVALID);
	assert_int_equal(desk_unit_freeze(lab->s, &ref, true, "合同到期", &lab->e), ERR_OK);
	assert_int_equal(desk_unit_issues(lab->s, &u, NULL, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.frozen");
	assert_non_null(strstr(lab->e.why, "合同到期"));
	/* Everything else goes on. */
	assert_int_equal(desk_unit_ready(lab->s, &u, NULL, &lab->e), ERR_OK);
	unit_free(&u);
	assert_int_equal(desk_unit_freeze(lab->s, &ref, false, NULL, &lab->e), ERR_OK);
	assert_int_equal(
	    edit(lab, (struct unit_form) {.tax_no = LAB_USING, .issue_channel = "电子税局/RPA"}),
	    ERR_OK);
	assert_int_equal(desk_unit_issues(lab->s, &u, NULL, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.channel");
}

static void several_are_asked_about_once_each(void **state)
{
	struct lab *lab = *state;
	const struct unit_ref refs[] = {
	    {LAB_USING, NULL, NULL}, {LAB_DIRECT, NULL, NULL}, {LAB_USING, "using", NULL}};
	const struct unit_ref unknown[] = {{LAB_USING, NULL, NULL},
					   {"91440300MAKP0A011Y", NULL, NULL}};
	struct desk_wait w = {0};

	assert_int_equal(lab_add_direct(lab, "https://a.example/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_USING, "科技"), ERR_OK);
	/* The direct unit is neither verified nor among them. */
	assert_int_equal(desk_unit_verify_all(lab->s, refs, 1, &w, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "unit.direct_first");
	assert_int_equal(desk_unit_verify_all(lab->s, unknown, 2, &w, &lab->e), ERR_INVALID);
	assert_int_equal(w.job_count, 0);
	assert_int_equal(desk_unit_verify_all(lab->s, refs, 3, &w, &lab->e), ERR_OK);
	assert_int_equal(w.job_count, 2);
	desk_wait_free(&w);
}

#define T(name) cmocka_unit_test_setup_teardown(name, lab_open, lab_close)
int main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(every_missing_member_is_named),
	    T(channels_follow_the_relation),
	    T(identity_needs_a_new_verification),
	    T(bad_forms_name_their_field),
	    T(a_frozen_unit_is_refused),
	    T(several_are_asked_about_once_each),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
