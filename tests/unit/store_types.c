/* Business types: names, removing, what invoices name, how often, old databases. */
#include "unit/store_fixture.h"
#include "store/invoices_p.h"

static int64_t add(struct fixture *f, const char *name, const char *note)
{
	struct business_type t = {.unit_id = f->unit};
	text_copy(t.name, sizeof(t.name), name);
	text_copy(t.note, sizeof(t.note), note);
	must(f, store_type_insert(f->db, &t, &f->e));
	assert_true(t.id > 0);
	assert_string_equal(t.name, name);
	return t.id;
}

static struct business_type get(struct fixture *f, int64_t id)
{
	struct business_type t;
	bool found = false;
	must(f, store_type_get(f->db, f->unit, id, &t, &found, &f->e));
	assert_true(found);
	return t;
}

static int64_t uses(struct fixture *f, int64_t id)
{
	return get(f, id).uses;
}

static int64_t draft(struct fixture *f, const char *type)
{
	struct invoice_record r;
	int64_t id;
	fixture_invoice(f, &r, "深圳市晴川数码贸易有限公司");
	mem_set(&r.invoice.business_type, type);
	must(f, store_invoice_insert(f->db, &r, &f->e));
	id = r.id;
	invoice_record_free(&r);
	return id;
}

static void state(struct fixture *f, int64_t id, enum invoice_state to)
{
	must(f, store_invoice_set_state(f->db, id, to, "", &f->e));
}

struct seen {
	char names[8][160];
	int n;
};

static enum err see(void *arg, const struct business_type *t)
{
	struct seen *s = arg;
	assert_true(s->n < 8);
	text_copy(s->names[s->n++], sizeof(s->names[0]), t->name);
	return ERR_OK;
}

static void test_names(void **unused)
{
	struct fixture *f = *unused;
	struct business_type t = {.unit_id = f->unit, .name = "零售Ａ"}, other;
	bool found = false;
	must(f, db_begin(f->db, &f->e));
	int64_t a = add(f, "零售a", "门店"), b = add(f, "批发", "");
	must_fail(f, ERR_INVALID, "type.exists", store_type_insert(f->db, &t, &f->e));
	assert_string_equal(f->e.field, "name");
	assert_non_null(strstr(f->e.why, "零售a"));
	assert_int_equal(t.id, 0);
	/* Another unit has names of its own. */
	t.unit_id = f->direct;
	must(f, store_type_insert(f->db, &t, &f->e));
	must(f, store_type_by_name(f->db, f->unit, "零售ａ", &other, &found, &f->e));
	assert_true(found);
	assert_int_equal(other.id, a);
	assert_string_equal(other.note, "门店");
	/* To another's name it cannot be renamed, to its own in other letters it can. */
	other = get(f, b);
	snprintf(other.name, sizeof(other.name), "零售A");
	must_fail(f, ERR_INVALID, "type.exists", store_type_update(f->db, &other, &f->e));
	other = get(f, a);
	snprintf(other.name, sizeof(other.name), "零售A");
	must(f, store_type_update(f->db, &other, &f->e));
	assert_string_equal(get(f, a).name, "零售A");
	other.id = 999;
	must_fail(f, ERR_INVALID, "type.unknown", store_type_update(f->db, &other, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void test_list(void **unused)
{
	static const char *const names[] = {"零售业务", "批发", "出售旧货", "Retail", "代售"};
	struct fixture *f = *unused;
	struct seen s = {.n = 0};
	int64_t next = -1, total = -1;
	must(f, db_begin(f->db, &f->e));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add(f, names[i], "");
	must(f, db_commit(f->db, &f->e));
	must(f, store_type_list(f->db, f->unit, "售", 0, 2, see, &s, &next, &total, &f->e));
	assert_int_equal(s.n, 2);
	assert_int_equal(total, 3);
	assert_int_equal(next, 2);
	must(f, store_type_list(f->db, f->unit, "售", next, 2, see, &s, &next, &total, &f->e));
	assert_int_equal(s.n, 3);
	assert_int_equal(next, 0);
	s.n = 0;
	must(f, store_type_list(f->db, f->unit, "ＴＡＩ", 0, 50, see, &s, &next, &total, &f->e));
	assert_int_equal(s.n, 1);
	assert_string_equal(s.names[0], "Retail");
	s.n = 0;
	must(f, store_type_list(f->db, f->unit, "", 0, 5, see, &s, &next, &total, &f->e));
	assert_int_equal(s.n, 5);
	assert_int_equal(next, 0);
	s.n = 0;
	must(f, store_type_list(f->db, f->direct, NULL, 0, 5, see, &s, &next, &total, &f->e));
	assert_int_equal(s.n, 0);
	assert_int_equal(total, 0);
}

/* Stored, changed, voided, deleted: each counts. */
static void test_uses(void **unused)
{
	struct fixture *f = *unused;
	struct invoice_record r;
	must(f, db_begin(f->db, &f->e));
	int64_t a = add(f, "零售", ""), b = add(f, "批发", "");
	int64_t one = draft(f, "零售"), two = draft(f, "零售"), three = draft(f, "批发");
	draft(f, "");
	assert_int_equal(uses(f, a), 2);
	assert_int_equal(uses(f, b), 1);
	must(f, store_invoice_get(f->db, one, &r, &f->e));
	assert_int_equal(r.business_type, a);
	mem_set(&r.invoice.business_type, "批发");
	must(f, store_invoice_update(f->db, &r, &f->e));
	assert_int_equal(uses(f, a), 1);
	assert_int_equal(uses(f, b), 2);
	mem_set(&r.invoice.business_type, "");
	must(f, store_invoice_update(f->db, &r, &f->e));
	assert_int_equal(uses(f, b), 1);
	invoice_record_free(&r);
	must(f, store_invoice_head(f->db, one, &r, &f->e));
	assert_int_equal(r.business_type, 0);
	invoice_record_free(&r);
	must(f, store_invoice_delete_draft(f->db, two, &f->e));
	assert_int_equal(uses(f, a), 0);
	/* On its way through the states it counts once; void it does not. */
	state(f, three, INVOICE_NUMBERED);
	state(f, three, INVOICE_SENDING);
	state(f, three, INVOICE_FAILED);
	assert_int_equal(uses(f, b), 1);
	must_fail(f, ERR_INVALID, "type.used", store_type_remove(f->db, f->unit, b, &f->e));
	assert_non_null(strstr(f->e.why, "1 张"));
	state(f, three, INVOICE_VOID);
	assert_int_equal(uses(f, b), 0);
	must(f, store_type_remove(f->db, f->unit, b, &f->e));
	must_fail(f, ERR_INVALID, "type.unknown", store_type_remove(f->db, f->unit, b, &f->e));
	must_fail(f, ERR_INVALID, "type.unknown", store_type_remove(f->db, f->direct, a, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static size_t listed(struct fixture *f, int64_t type);

/* The id follows a renaming, the text of the invoice stays. */
static void test_rename(void **unused)
{
	struct fixture *f = *unused;
	struct invoice_record r;
	must(f, db_begin(f->db, &f->e));
	int64_t a = add(f, "零售", ""), id = draft(f, "零售");
	struct business_type t = get(f, a);
	snprintf(t.name, sizeof(t.name), "门店零售");
	must(f, store_type_update(f->db, &t, &f->e));
	must(f, store_invoice_get(f->db, id, &r, &f->e));
	assert_string_equal(r.invoice.business_type, "零售");
	assert_int_equal(r.business_type, a);
	/* Changed otherwise, it still is of the type. */
	mem_set(&r.invoice.remark, "改了备注");
	must(f, store_invoice_update(f->db, &r, &f->e));
	invoice_record_free(&r);
	assert_int_equal(uses(f, a), 1);
	assert_int_equal(listed(f, a), 1);
	/* The old name is free for another type, which takes nothing from the first. */
	int64_t b = add(f, "零售", "");
	assert_int_not_equal(a, b);
	assert_int_equal(listed(f, a), 1);
	assert_int_equal(listed(f, b), 0);
	must(f, db_commit(f->db, &f->e));
}

/* A text that was no type is one from the day it is added; adding again what was removed is the
 * same type. */
static void test_texts(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = 0, again = 0;
	struct business_type t;
	struct seen s = {.n = 0};
	int64_t next, total;
	bool found = true;
	char longest[401];
	for (int i = 0; i < 100; i++)
		memcpy(longest + i * 3, "长", 4);
	must(f, db_begin(f->db, &f->e));
	must(f, store_type_find(f->db, f->unit, "展会", &id, &f->e));
	assert_int_equal(id, 0);
	draft(f, "展会");
	draft(f, " 展会　");
	draft(f, "  ");
	draft(f, longest);
	must(f, store_type_find(f->db, f->unit, "展会", &id, &f->e));
	assert_true(id > 0);
	assert_int_equal(listed(f, id), 2);
	must(f, store_type_by_name(f->db, f->unit, "展会", &t, &found, &f->e));
	assert_false(found);
	must(f, store_type_list(f->db, f->unit, "", 0, 8, see, &s, &next, &total, &f->e));
	assert_int_equal(total, 0);
	again = add(f, "展会", "");
	assert_int_equal(again, id);
	assert_int_equal(uses(f, id), 2);
	must(f, store_type_find(f->db, f->unit, longest, &id, &f->e));
	assert_int_equal(listed(f, id), 1);
	again = add(f, "批发", "甲");
	must(f, store_type_remove(f->db, f->unit, again, &f->e));
	assert_true(get(f, again).removed_at > 0);
	assert_int_equal(add(f, "批发", "乙"), again);
	assert_string_equal(get(f, again).note, "乙");
	assert_int_equal(get(f, again).removed_at, 0);
	must(f, db_commit(f->db, &f->e));
}

static enum err count_row(void *arg, const struct invoice_row *row)
{
	(void)row;
	++*(size_t *)arg;
	return ERR_OK;
}

static size_t listed(struct fixture *f, int64_t type)
{
	struct invoice_filter filter = {.unit = f->unit, .business_type = type, .limit = 100};
	int64_t next, count = -1;
	bool at_least = true;
	size_t n = 0;
	must(f, store_invoice_page(f->db, &filter, count_row, &n, &next, &f->e));
	must(f, store_invoice_count(f->db, &filter, 1000, &count, &at_least, &f->e));
	assert_int_equal(n, count);
	assert_false(at_least);
	return n;
}

/* Whatever happens to them, the counts are those of the rows. */
static void test_random(void **unused)
{
	static const char *const texts[] = {"", "零售", "批发", "展会", "零售A", "零售ａ"};
	struct fixture *f = *unused;
	int64_t ids[300] = {0}, types[4];
	must(f, db_begin(f->db, &f->e));
	types[0] = add(f, "零售", "");
	types[1] = add(f, "批发", "");
	for (int i = 0; i < 2000; i++) {
		int at = (int)pick(300);
		struct invoice_record r;
		if (!ids[at]) {
			ids[at] = draft(f, texts[pick(6)]);
			continue;
		}
		must(f, store_invoice_get(f->db, ids[at], &r, &f->e));
		if (r.state == INVOICE_DRAFT && pick(3) == 0) {
			must(f, store_invoice_delete_draft(f->db, ids[at], &f->e));
			ids[at] = 0;
		} else if (r.state == INVOICE_DRAFT && pick(2)) {
			state(f, ids[at], pick(2) ? INVOICE_NUMBERED : INVOICE_VOID);
		} else if (r.state == INVOICE_NUMBERED) {
			state(f, ids[at], INVOICE_FAILED);
		} else if (r.state == INVOICE_FAILED && pick(2)) {
			state(f, ids[at], INVOICE_VOID);
		} else if (r.state == INVOICE_DRAFT || r.state == INVOICE_FAILED) {
			mem_set(&r.invoice.business_type, texts[pick(6)]);
			must(f, store_invoice_update(f->db, &r, &f->e));
		}
		invoice_record_free(&r);
	}
	must(f, db_commit(f->db, &f->e));
	must(f, store_type_find(f->db, f->unit, "展会", &types[2], &f->e));
	must(f, store_type_find(f->db, f->unit, "零售a", &types[3], &f->e));
	for (int i = 0; i < 4; i++) {
		char sql[160];
		assert_true(types[i] > 0);
		snprintf(sql, sizeof(sql),
			 "SELECT COUNT(*) FROM invoice WHERE business_type_id = %lld"
			 " AND state <> 'void'",
			 (long long)types[i]);
		int64_t want = scalar(f, sql);
		assert_true(want > 0);
		assert_int_equal(uses(f, types[i]), want);
	}
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM invoice WHERE (business_type_id IS NULL)"
				   " <> (json_extract(head, '$.business_type') IS NULL)"),
			 0);
}

/* The schema step for a database that has invoices with texts. */
static void test_migration(void **unused)
{
	static const char *const back[] = {
	    "DROP TABLE taxpayer_change",
	    "DROP INDEX red_letter_lapsed",
	    "ALTER TABLE red_letter DROP COLUMN lapsed",
	    "ALTER TABLE recon_theirs DROP COLUMN blue_number",
	    "DROP INDEX red_letter_busy",
	    "ALTER TABLE red_letter DROP COLUMN making",
	    "DROP INDEX request_log_unit",
	    "DROP INDEX request_log_job",
	    "DROP INDEX request_log_request_id",
	    "DROP INDEX request_log_trace",
	    "DROP TABLE request_text",
	    "DROP TABLE drawer",
	    "DROP TABLE eligibility",
	    "DELETE FROM counter WHERE name = 'drawer'",
	    "ALTER TABLE quota_month DROP COLUMN unsure",
	    "DROP TABLE invoice_boundary",
	    "DROP TABLE summary",
	    "DROP TABLE claim_piece",
	    "DROP TABLE claim",
	    "DELETE FROM counter WHERE name = 'claim'",
	    "DROP INDEX unit_direct",
	    "ALTER TABLE unit DROP COLUMN project",
	    "ALTER TABLE unit DROP COLUMN filing_region",
	    "ALTER TABLE unit DROP COLUMN proxy",
	    "ALTER TABLE unit DROP COLUMN tls_name",
	    "ALTER TABLE unit DROP COLUMN issue_channel",
	    "ALTER TABLE unit DROP COLUMN collect_channel",
	    "ALTER TABLE unit DROP COLUMN abilities",
	    "ALTER TABLE unit DROP COLUMN handler",
	    "ALTER TABLE unit DROP COLUMN safety_until",
	    "ALTER TABLE unit DROP COLUMN granted_at",
	    "ALTER TABLE unit DROP COLUMN frozen_at",
	    "ALTER TABLE unit DROP COLUMN frozen_why",
	    "DROP TABLE calendar_run",
	    "DROP TABLE invoice_find_past",
	    "DROP TABLE batch_merged",
	    "DROP TABLE invoice_reversed",
	    "DROP TABLE invoice_red",
	    "DROP TABLE red_window",
	    "DROP TABLE red_tally",
	    "DROP TABLE red_history",
	    "DROP TABLE red_letter_line",
	    "DROP TABLE red_letter",
	    "DROP TABLE catalogue_twin",
	    "DROP TABLE draft_used",
	    "DROP TABLE recon_difference",
	    "DROP TABLE recon_theirs",
	    "DROP TABLE recon_run",
	    "DROP TABLE collect_apply",
	    "DROP TABLE unit_ability",
	    "DROP TABLE report_sum",
	    "DROP TABLE report_key",
	    "DROP TABLE report_month",
	    "DROP TABLE report_day",
	    "DROP TABLE phrase",
	    "DROP TABLE price_buyer",
	    "DROP TABLE price_last",
	    "DROP TABLE draft_result",
	    "DROP TABLE draft_source",
	    "DROP TABLE draft_change",
	    "DROP TABLE invoice_template",
	    "DROP TABLE invoice_find",
	    "DROP TABLE invoice_find_again",
	    "DROP INDEX invoice_issued",
	    "DROP INDEX audit_invoice",
	    "DROP INDEX invoice_person",
	    "ALTER TABLE upload_item DROP COLUMN message",
	    "ALTER TABLE upload_item DROP COLUMN told_at",
	    "DROP TABLE mail",
	    "DROP TABLE mail_server",
	    "DROP TABLE push_event",
	    "DROP TABLE push_target",
	    "DROP INDEX job_due",
	    "ALTER TABLE job DROP COLUMN lane",
	    "CREATE INDEX job_due ON job (state, due_ms, id)",
	    "DROP TABLE batch_body",
	    "DROP TABLE batch_order",
	    "DROP TABLE order_batch",
	    "DROP TABLE differential_code",
	    "ALTER TABLE taxcode DROP COLUMN special",
	    "DROP TABLE buyer_former",
	    "DROP INDEX invoice_buyer_tax",
	    "DROP INDEX goods_rateless",
	    "DROP INDEX invoice_type",
	    "DROP INDEX invoice_type_state",
	    "DROP INDEX invoice_type_buyer",
	    "DROP INDEX invoice_type_buyer_state",
	    "UPDATE invoice SET business_type_id = NULL",
	    "DELETE FROM business_type",
	    "ALTER TABLE invoice DROP COLUMN business_type_id",
	    "ALTER TABLE issue_habit DROP COLUMN business_type",
	    "DROP INDEX business_type_name",
	    "DROP INDEX business_type_text",
	    "ALTER TABLE business_type DROP COLUMN folded",
	    "CREATE UNIQUE INDEX business_type_name ON business_type (unit_id, name)"
	    " WHERE removed_at IS NULL",
	    "DELETE FROM counter WHERE name = 'business_type'",
	    "PRAGMA user_version = 6",
	};
	struct fixture *f = *unused;
	int64_t a = 0, b = 0, c = 0, spare;
	must(f, db_begin(f->db, &f->e));
	draft(f, "零售A");
	draft(f, "零售a");
	draft(f, "批发");
	state(f, draft(f, "批发"), INVOICE_VOID);
	draft(f, "");
	/* Width and blanks are nothing, as everywhere. */
	draft(f, "Ａ类");
	draft(f, "a类");
	draft(f, " Ａ类　");
	draft(f, "　");
	for (size_t i = 0; i < sizeof(back) / sizeof(back[0]); i++)
		must(f, db_run(f->db, &f->e, NULL, back[i], ""));
	must(f, db_commit(f->db, &f->e));
	db_close(&f->db);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	must(f, store_type_find(f->db, f->unit, "零售a", &a, &f->e));
	must(f, store_type_find(f->db, f->unit, "批发", &b, &f->e));
	assert_true(a > 0 && b > 0 && a != b);
	assert_int_equal(listed(f, a), 2);
	assert_int_equal(listed(f, b), 2);
	assert_int_equal(uses(f, a), 2);
	assert_int_equal(uses(f, b), 1);
	must(f, store_type_find(f->db, f->unit, "A类", &c, &f->e));
	assert_int_equal(listed(f, c), 3);
	assert_int_equal(uses(f, c), 3);
	must(f, db_begin(f->db, &f->e));
	assert_int_equal(add(f, "零售A", ""), a);
	spare = add(f, "新的", "");
	assert_true(spare > a && spare > b);
	must(f, db_commit(f->db, &f->e));
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_names), T(test_list),   T(test_uses),      T(test_rename),
	    T(test_texts), T(test_random), T(test_migration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
