/* Events and mails in the store: order, repeats, legal states, what follows an issued invoice. */
#include "store_fixture.h"

static int64_t issued(struct fixture *f, const char *no, enum invoice_kind kind, const char *email)
{
	struct invoice_record r = {.unit_id = f->unit,
				   .state = INVOICE_NUMBERED,
				   .created_by = f->user,
				   .created_at = clock_now()};
	int64_t id;

	invoice_init(&r.invoice);
	r.invoice.kind = kind;
	snprintf(r.invoice.number, sizeof(r.invoice.number), "2644700000000000%s", no);
	snprintf(r.invoice.issued_at, sizeof(r.invoice.issued_at), "2026-11-20 10:00:00");
	mem_set(&r.invoice.order_no, no);
	mem_set(&r.invoice.buyer.name, "购方");
	mem_set(&r.invoice.buyer_email, email);
	must(f, store_invoice_insert(f->db, &r, &f->e));
	id = r.id;
	must(f, store_invoice_set_state(f->db, id, INVOICE_SENDING, "", &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_ACCEPTED, "", &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_ISSUED, "", &f->e));
	must(f, store_post_issued(f->db, &r, &f->e));
	invoice_record_free(&r);
	return id;
}

static int64_t jobs(struct fixture *f, const char *kind)
{
	int64_t n = 0;

	must(f,
	     db_get_int(f->db, &f->e, &n, NULL,
			"SELECT COUNT(*) FROM job WHERE kind = ? AND state = 'ready'", "s", kind));
	return n;
}

static void set_target(struct fixture *f, const char *kinds)
{
	struct push_target t = {.unit_id = f->unit,
				.automatic = true,
				.sealed_url = mem_strdup("v1:"),
				.key_id = "k",
				.sealed_secret = mem_strdup("v1:"),
				.days = 3};

	snprintf(t.kinds, sizeof(t.kinds), "%s", kinds);
	must(f, store_push_target_put(f->db, &t, &f->e));
	push_target_free(&t);
}

static void test_events(void **unused)
{
	struct fixture *f = *unused;
	struct push_event v[4];
	enum invoice_kind special = INVOICE_SPECIAL;
	int64_t a, b, n;
	size_t count;

	must(f, db_begin(f->db, &f->e));
	issued(f, "0000", INVOICE_ORDINARY, "");
	must(f, store_push_waiting(f->db, f->unit, v, 4, &count, &f->e));
	assert_int_equal(count, 0);
	set_target(f, "special");
	issued(f, "0001", INVOICE_ORDINARY, "");
	assert_int_equal(jobs(f, JOB_PUSH), 0);
	a = issued(f, "0002", INVOICE_SPECIAL, "");
	set_target(f, "");
	b = issued(f, "0003", INVOICE_ORDINARY, "");
	assert_int_equal(jobs(f, JOB_PUSH), 1);
	must(f, store_push_waiting(f->db, f->unit, v, 4, &count, &f->e));
	assert_int_equal(count, 2);
	assert_int_equal(v[0].invoice_id, a);
	assert_int_equal(v[1].invoice_id, b);
	v[0].state = PUSH_DONE;
	must(f, store_push_result(f->db, &v[0], &f->e));
	/* Asked for again it goes behind the others, as the one event it is. */
	must(f, store_push_queue(f->db, f->unit, a, NULL, NULL, NULL, &n, &f->e));
	assert_int_equal(n, 1);
	must(f, store_push_waiting(f->db, f->unit, v, 4, &count, &f->e));
	assert_int_equal(count, 2);
	assert_int_equal(v[0].invoice_id, b);
	assert_int_equal(v[1].invoice_id, a);
	/* What an attempt under way brings no longer counts for the new one. */
	n = v[1].id;
	v[1].id = 1;
	v[1].state = PUSH_PERSON;
	must(f, store_push_result(f->db, &v[1], &f->e));
	must(f, store_push_get(f->db, f->unit, n, &v[0], &f->e));
	assert_int_equal(v[0].state, PUSH_WAITING);
	must(f, store_push_queue(f->db, f->unit, 0, &special, NULL, "2026-11", &n, &f->e));
	assert_int_equal(n, 1);
	must(f, store_push_queue(f->db, f->unit, 0, NULL, NULL, "2026-11", &n, &f->e));
	assert_int_equal(n, 4);
	must(f, store_push_queue(f->db, f->unit, 0, NULL, NULL, "2026-10", &n, &f->e));
	assert_int_equal(n, 0);
	must(f, store_push_target_remove(f->db, f->unit, &f->e));
	must(f, store_push_waiting(f->db, f->unit, v, 4, &count, &f->e));
	assert_int_equal(count, 0);
	must(f, db_commit(f->db, &f->e));
}

static void test_mails(void **unused)
{
	struct fixture *f = *unused;
	struct mail_server server = {.unit_id = f->unit,
				     .automatic = true,
				     .host = "localhost",
				     .port = 25,
				     .security = "plain",
				     .sender = "a@seller.test",
				     .subject = "s",
				     .formats = "pdf",
				     .body = mem_strdup(""),
				     .days = 3};
	static struct mail m;
	bool any;

	must(f, db_begin(f->db, &f->e));
	issued(f, "0010", INVOICE_ORDINARY, "b@buyer.test");
	assert_int_equal(jobs(f, JOB_MAIL), 0);
	must(f, store_mail_server_put(f->db, &server, &f->e));
	issued(f, "0011", INVOICE_ORDINARY, "");
	assert_int_equal(jobs(f, JOB_MAIL), 0);
	issued(f, "0012", INVOICE_ORDINARY, "b@buyer.test; c@buyer.test");
	assert_int_equal(jobs(f, JOB_MAIL), 1);
	must(f, store_mail_get(f->db, f->unit, 1, &m, &f->e));
	assert_string_equal(m.recipients, "b@buyer.test, c@buyer.test");
	assert_non_null(strstr(m.message_id, "@seller.test"));
	/* Never from queued to sent. */
	m.state = MAIL_SENT;
	must_fail(f, ERR_INTERNAL, "mail.state", store_mail_set(f->db, &m, MAIL_QUEUED, &f->e));
	m.state = MAIL_SENDING;
	must(f, store_mail_set(f->db, &m, MAIL_QUEUED, &f->e));
	must_fail(f, ERR_INTERNAL, "mail.state", store_mail_set(f->db, &m, MAIL_QUEUED, &f->e));
	must(f, store_mail_died(f->db, &any, &f->e));
	assert_true(any);
	must(f, store_mail_get(f->db, f->unit, 1, &m, &f->e));
	assert_int_equal(m.state, MAIL_UNKNOWN);
	m.state = MAIL_SENDING;
	must_fail(f, ERR_INTERNAL, "mail.state", store_mail_set(f->db, &m, MAIL_UNKNOWN, &f->e));
	issued(f, "0013", INVOICE_ORDINARY, "nobody");
	assert_int_equal(jobs(f, JOB_MAIL), 1);
	must(f, store_mail_get(f->db, f->unit, 2, &m, &f->e));
	assert_int_equal(m.state, MAIL_FAILED);
	assert_non_null(strstr(m.message, "nobody"));
	must_fail(f, ERR_INVALID, "mail.unknown", store_mail_get(f->db, f->unit + 1, 2, &m, &f->e));
	must(f, db_commit(f->db, &f->e));
	mail_server_free(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_events, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(test_mails, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
