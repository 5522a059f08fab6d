/* 业务类型 at the desk: limits in bytes, who may, audit, what issuing asks of them. */
#include "desk_lab.h"

static int64_t count(struct lab *lab, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(db_get_int(lab->s->db, &lab->e, &n, NULL, sql, ""), ERR_OK);
	return n;
}

static struct business_type add(struct lab *lab, const char *name, const char *note)
{
	struct business_type t = {.id = 0};
	char sentence[1200];

	if (desk_type_add(lab->s, name, note, &t, &lab->e))
		fail_msg("%s", err_sentence(&lab->e, sentence, sizeof(sentence)));
	return t;
}

static void refused(struct lab *lab, enum err got, const char *code, const char *field)
{
	assert_int_equal(got, ERR_INVALID);
	assert_string_equal(lab->e.code, code);
	assert_string_equal(lab->e.field, field);
}

static const char *times(const char *one, int n, char out[512])
{
	for (out[0] = 0; n > 0; n--)
		snprintf(out + strlen(out), 512 - strlen(out), "%s", one);
	return out;
}

static void counts_bytes_in_gbk(void **state)
{
	struct lab *lab = *state;
	struct business_type t;
	char text[512];

	lab_stock(lab, 10, 100000);
	add(lab, times("零", 25, text), "");
	refused(lab, desk_type_add(lab->s, times("售", 26, text), "", &t, &lab->e), "text.too_long",
		"name");
	assert_string_equal(lab->e.why, "有 52 字节，最多 50 字节");
	add(lab, times("a", 50, text), "");
	refused(lab, desk_type_add(lab->s, times("b", 51, text), "", &t, &lab->e), "text.too_long",
		"name");
	/* A character outside GBK takes four. */
	add(lab, times("𠮷", 12, text), "");
	refused(lab, desk_type_add(lab->s, times("𠮷", 13, text), "", &t, &lab->e), "text.too_long",
		"name");
	add(lab, "说明三十字", times("明", 30, text));
	refused(lab, desk_type_add(lab->s, "说明太长", times("明", 31, text), &t, &lab->e),
		"text.too_long", "note");
	assert_string_equal(lab->e.why, "有 62 字节，最多 60 字节");
	/* What is far too long is counted whole. */
	refused(lab, desk_type_add(lab->s, times("长", 150, text), "", &t, &lab->e),
		"text.too_long", "name");
	assert_non_null(strstr(lab->e.why, "300 字节"));
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM business_type"), 4);
}

static void takes_clean_names_only(void **state)
{
	struct lab *lab = *state;
	struct business_type t;

	lab_stock(lab, 10, 100000);
	refused(lab, desk_type_add(lab->s, " 　", "", &t, &lab->e), "type.name.required", "name");
	refused(lab, desk_type_add(lab->s, NULL, "x", &t, &lab->e), "type.name.required", "name");
	refused(lab, desk_type_add(lab->s, "#12", "", &t, &lab->e), "type.name.number", "name");
	refused(lab, desk_type_add(lab->s, "零\n售", "", &t, &lab->e), "text.forbidden", "name");
	refused(lab, desk_type_add(lab->s, "零售", "a\xE2\x80\xAE", &t, &lab->e), "text.forbidden",
		"note");
	t = add(lab, " 零售　", " 门店 ");
	assert_string_equal(t.name, "零售");
	assert_string_equal(t.note, "门店");
	refused(lab, desk_type_add(lab->s, "零售", "", &t, &lab->e), "type.exists", "name");
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM business_type"), 1);
}

static void edits_and_removes_with_audit(void **state)
{
	struct lab *lab = *state;
	struct business_type t, got;
	char no[32];

	lab_stock(lab, 10, 100000);
	t = add(lab, "零售", "门店");
	add(lab, "批发", "");
	snprintf(no, sizeof(no), "#%lld", (long long)t.id);
	assert_int_equal(desk_type_edit(lab->s, no, NULL, "", &got, &lab->e), ERR_OK);
	assert_string_equal(got.name, "零售");
	assert_string_equal(got.note, "");
	assert_int_equal(desk_type_edit(lab->s, "零售", "门店零售", NULL, &got, &lab->e), ERR_OK);
	refused(lab, desk_type_edit(lab->s, no, "批发", NULL, &got, &lab->e), "type.exists",
		"name");
	refused(lab, desk_type_edit(lab->s, no, "", NULL, &got, &lab->e), "type.name.required",
		"name");
	refused(lab, desk_type_get(lab->s, "零售", &got, &lab->e), "type.unknown", "");
	assert_int_equal(desk_type_get(lab->s, "门店零售", &got, &lab->e), ERR_OK);
	assert_int_equal(got.id, t.id);
	assert_int_equal(desk_type_remove(lab->s, no, &lab->e), ERR_OK);
	refused(lab, desk_type_remove(lab->s, no, &lab->e), "type.unknown", "");
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM audit WHERE action = 'type.add'"), 2);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM audit WHERE action = 'type.edit'"), 2);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM audit WHERE action = 'type.edit'"
				    " AND before = '{\"name\":\"零售\",\"note\":\"\"}'"
				    " AND after = '{\"name\":\"门店零售\",\"note\":\"\"}'"),
			 1);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM audit WHERE action = 'type.remove'"), 1);
}

static void viewers_only_look(void **state)
{
	struct lab *lab = *state;
	struct business_type t, got;

	lab_stock(lab, 10, 100000);
	t = add(lab, "零售", "");
	snprintf(lab->s->user.role, sizeof(lab->s->user.role), "viewer");
	assert_int_equal(desk_type_get(lab->s, "零售", &got, &lab->e), ERR_OK);
	assert_int_equal(desk_type_add(lab->s, "批发", "", &got, &lab->e), ERR_DENIED);
	assert_int_equal(desk_type_edit(lab->s, "零售", "x", NULL, &got, &lab->e), ERR_DENIED);
	assert_int_equal(desk_type_remove(lab->s, "零售", &lab->e), ERR_DENIED);
	assert_int_equal(desk_type_get(lab->s, "零售", &got, &lab->e), ERR_OK);
	assert_int_equal(got.id, t.id);
}

static void matches_by_part_and_pinyin(void **state)
{
	struct lab *lab = *state;
	struct business_type found[3];
	int n = -1;

	lab_stock(lab, 10, 100000);
	add(lab, "批发零售", "");
	add(lab, "零售业务", "");
	add(lab, "会员服务", "");
	add(lab, "零售", "");
	assert_int_equal(desk_type_match(lab->s, "零售", 3, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 3);
	assert_string_equal(found[0].name, "零售");
	assert_string_equal(found[1].name, "零售业务");
	assert_string_equal(found[2].name, "批发零售");
	assert_int_equal(desk_type_match(lab->s, "hyf", 3, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	assert_string_equal(found[0].name, "会员服务");
	assert_int_equal(desk_type_match(lab->s, "", 2, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(desk_type_match(lab->s, "没有的", 3, found, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 0);
}

/* ---- issuing ---- */

static enum err issue_as(struct lab *lab, const char *order, const char *type, int64_t *id)
{
	struct invoice_set set;
	bool repeat[1];
	enum err r;

	lab_invoices(lab, &set, &order, 1);
	mem_set(&set.items[0].business_type, type);
	err_clear(&lab->e);
	r = desk_issue(lab->s, &set, id, repeat, &lab->e);
	invoice_set_free(&set);
	return r;
}

static void asks_for_a_maintained_type(void **state)
{
	static const char *const more[] = {"批发", "展会", "维修", "租赁", "代理"};
	struct lab *lab = *state;
	struct business_type t;
	struct invoice_set set;
	struct desk_wait w = {0};
	const char *order = "A-9";
	int64_t id, known;

	lab_stock(lab, 10, 1000000);
	/* None maintained: any text. */
	assert_int_equal(issue_as(lab, "A-1", "随便写的", &id), ERR_OK);
	assert_int_equal(desk_type_id(lab->s, "随便写的", &known, &lab->e), ERR_OK);
	t = add(lab, "零售A", "");
	assert_int_equal(issue_as(lab, "A-2", "随便写的", &id), ERR_INVALID);
	assert_string_equal(lab->e.code, "business_type.unknown");
	assert_string_equal(lab->e.field, "[0].business_type");
	assert_string_equal(lab->e.why, "本单位没有“随便写的”，已有：零售A");
	assert_int_equal(issue_as(lab, "A-2", "零售ａ", &id), ERR_OK);
	assert_int_equal(issue_as(lab, "A-3", "", &id), ERR_OK);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		add(lab, more[i], "");
	assert_int_equal(issue_as(lab, "A-4", "没有的", &id), ERR_INVALID);
	assert_non_null(strstr(lab->e.why, " 等 6 个"));
	assert_null(strstr(lab->e.why, "零售A")); /* the last of six by name */
	assert_int_equal(desk_type_get(lab->s, "零售a", &t, &lab->e), ERR_OK);
	assert_int_equal(t.uses, 1);
	assert_int_equal(desk_type_remove(lab->s, "零售A", &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "type.used");
	/* Before anything is fetched, too; a draft is not asked. */
	lab_invoices(lab, &set, &order, 1);
	mem_set(&set.items[0].business_type, "没有的");
	assert_int_equal(desk_issue_prepare(lab->s, &set, &w, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "business_type.unknown");
	assert_int_equal(desk_draft(lab->s, &set, &id, &lab->e), ERR_OK);
	invoice_set_free(&set);
	desk_wait_free(&w);
}

/* As the engine does after a refusal. */
static void refuse(struct lab *lab, int64_t id)
{
	struct invoice_record r;
	struct db *db = lab->s->db;

	assert_int_equal(store_invoice_get(db, id, &r, &lab->e), ERR_OK);
	assert_int_equal(db_begin(db, &lab->e), ERR_OK);
	assert_int_equal(store_invoice_set_state(db, id, INVOICE_SENDING, "", &lab->e), ERR_OK);
	assert_int_equal(store_invoice_set_state(db, id, INVOICE_FAILED, "不行", &lab->e), ERR_OK);
	assert_int_equal(store_number_set(db, r.unit_id, r.invoice.number, "reusable", &lab->e),
			 ERR_OK);
	assert_int_equal(store_quota_release(db, id, &lab->e), ERR_OK);
	assert_int_equal(db_commit(db, &lab->e), ERR_OK);
	invoice_record_free(&r);
}

/* Old invoices keep their text and stay under their type; copies take the new name. */
static void renaming_loses_nothing(void **state)
{
	struct lab *lab = *state;
	struct business_type t;
	struct invoice_record r;
	int64_t id, again, copy;
	char no[32];

	lab_stock(lab, 10, 1000000);
	add(lab, "零售", "");
	assert_int_equal(issue_as(lab, "A-1", "零售", &id), ERR_OK);
	assert_int_equal(desk_type_edit(lab->s, "零售", "门店", NULL, &t, &lab->e), ERR_OK);
	assert_int_equal(desk_type_id(lab->s, "门店", &again, &lab->e), ERR_OK);
	assert_int_equal(again, t.id);
	refuse(lab, id);
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	if (desk_retry(lab->s, no, &again, &lab->e))
		fail_msg("%s", lab->e.why);
	assert_int_equal(desk_invoice_by_id(lab->s, id, &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.business_type, "零售");
	assert_int_equal(r.business_type, t.id);
	invoice_record_free(&r);
	assert_int_equal(desk_copy(lab->s, no, &copy, &lab->e), ERR_OK);
	assert_int_equal(desk_invoice_by_id(lab->s, copy, &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.business_type, "门店");
	assert_int_equal(r.business_type, t.id);
	invoice_record_free(&r);
	assert_int_equal(desk_type_get(lab->s, "门店", &t, &lab->e), ERR_OK);
	assert_int_equal(t.uses, 2);
	/* The same order sent in again, in its old words, is a repeat as ever. */
	assert_int_equal(issue_as(lab, "A-1", "零售", &again), ERR_OK);
	assert_int_equal(again, id);
}

static void remembers_the_last_one(void **state)
{
	struct lab *lab = *state;
	struct issue_habit h;
	int64_t id;

	lab_stock(lab, 10, 1000000);
	add(lab, "零售", "");
	assert_int_equal(desk_habit(lab->s, &h, &lab->e), ERR_OK);
	assert_string_equal(h.business_type, "");
	assert_int_equal(issue_as(lab, "A-1", "零售", &id), ERR_OK);
	assert_int_equal(desk_habit(lab->s, &h, &lab->e), ERR_OK);
	assert_string_equal(h.business_type, "零售");
}

#define T(name) cmocka_unit_test_setup_teardown(name, lab_open, lab_close)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(counts_bytes_in_gbk),          T(takes_clean_names_only),
	    T(edits_and_removes_with_audit), T(viewers_only_look),
	    T(matches_by_part_and_pinyin),   T(asks_for_a_maintained_type),
	    T(renaming_loses_nothing),       T(remembers_the_last_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
