/* Batches of orders: counts that agree with the orders whatever happens to invoices, pages, what is
 * done when the last one is. */
#include "unit/store_fixture.h"

enum { ORDERS = 40 };

static const char BODY[] = "{\"kind\":\"ordinary\"}";

static void add_order(struct fixture *f, struct order_batch *b, int64_t seq, enum order_state s)
{
	char no[64], name[64];
	struct batch_order o = {.seq = seq,
				.row = seq + 3,
				.state = s,
				.lines = 2,
				.net = 100,
				.tax = 13,
				.gross = 113,
				.quota = 100,
				.order_no = no,
				.buyer_name = name,
				.buyer_tax_no = "",
				.reason = s == ORDER_BAD ? "错" : ""};

	snprintf(no, sizeof(no), "N-%lld-%03lld", (long long)b->id, (long long)seq);
	snprintf(name, sizeof(name), "购方%lld公司", (long long)seq % 5);
	must(f, store_orders_add(f->db, b, &o, BODY, sizeof(BODY) - 1, &f->e));
	b->orders++;
	b->lines += 2;
	b->counts[s]++;
	b->net += 100;
	b->tax += 13;
	b->gross += 113;
	if (s != ORDER_READY)
		return;
	b->ready_lines += 2;
	b->ready_net += 100;
	b->ready_tax += 13;
	b->ready_gross += 113;
	b->ready_quota += 100;
}

/* Every fourth one is bad. */
static int64_t add_batch(struct fixture *f)
{
	struct order_batch b = {.unit_id = f->unit, .created_by = f->user, .file = "a.xlsx"};
	int64_t i;

	text_copy(b.sha256, sizeof(b.sha256), "00");
	must(f, db_begin(f->db, &f->e));
	must(f, store_orders_begin(f->db, &b, &f->e));
	for (i = 1; i <= ORDERS; i++)
		add_order(f, &b, i, i % 4 ? ORDER_READY : ORDER_BAD);
	must(f, store_orders_end(f->db, &b, &f->e));
	must(f, db_commit(f->db, &f->e));
	return b.id;
}

struct tally {
	int64_t counts[ORDER_STATES], ready[5], last, n;
};

static enum err tally(void *arg, const struct batch_order *o)
{
	struct tally *t = arg;

	assert_true(o->seq > t->last);
	t->last = o->seq;
	t->n++;
	t->counts[o->state]++;
	if (o->state == ORDER_READY) {
		t->ready[0] += o->lines;
		t->ready[1] += o->net;
		t->ready[2] += o->tax;
		t->ready[3] += o->gross;
		t->ready[4] += o->quota;
	}
	return ERR_OK;
}

/* The batch says what its orders say; all pages of 7. */
static struct order_batch agrees(struct fixture *f, int64_t batch)
{
	struct batch_order_query q = {.batch = batch, .limit = 7};
	struct order_batch b;
	struct tally t = {.last = 0};
	int64_t next = 0;
	int i;

	do {
		must(f, store_batch_orders(f->db, &q, tally, &t, &next, &f->e));
		q.cursor = next;
	} while (next);
	must(f, store_orders_get(f->db, f->unit, batch, &b, &f->e));
	assert_int_equal(t.n, b.orders);
	for (i = 0; i < ORDER_STATES; i++)
		assert_int_equal(t.counts[i], b.counts[i]);
	assert_int_equal(t.ready[0], b.ready_lines);
	assert_int_equal(t.ready[1], b.ready_net);
	assert_int_equal(t.ready[2], b.ready_tax);
	assert_int_equal(t.ready[3], b.ready_gross);
	assert_int_equal(t.ready[4], b.ready_quota);
	return b;
}

static int64_t insert_invoice(struct fixture *f, const char *order_no)
{
	static unsigned serial;
	struct invoice_record r = {
	    .unit_id = f->unit, .created_by = f->user, .state = INVOICE_NUMBERED};
	int64_t id;

	invoice_init(&r.invoice);
	mem_set(&r.invoice.order_no, order_no);
	snprintf(r.invoice.number, sizeof(r.invoice.number), "26447%015u", ++serial % 1000u);
	must(f, store_invoice_insert(f->db, &r, &f->e));
	id = r.id;
	invoice_record_free(&r);
	return id;
}

static void set_state(struct fixture *f, int64_t invoice, enum invoice_state to, const char *text)
{
	must(f, store_invoice_set_state(f->db, invoice, to, text, &f->e));
}

static void follows_invoices(void **state)
{
	struct fixture *f = *state;
	int64_t batch = add_batch(f), id, failed = 0;
	struct order_batch b = agrees(f, batch);
	char no[64];
	int i;

	assert_int_equal(b.counts[ORDER_READY], 30);
	assert_int_equal(b.counts[ORDER_BAD], 10);
	must(f, db_begin(f->db, &f->e));
	must(f, store_orders_set(f->db, batch, 1u << BATCH_CHECKED, BATCH_RUNNING, f->user, "", "",
				 &f->e));
	must_fail(
	    f, ERR_INVALID, "batch.state",
	    store_orders_set(f->db, batch, 1u << BATCH_CHECKED, BATCH_RUNNING, 0, "", "", &f->e));
	for (i = 1; i <= ORDERS; i++) {
		snprintf(no, sizeof(no), "N-%lld-%03d", (long long)batch, i);
		/* Of the bad ones the first is issued by hand. */
		if (i % 4 == 0 && i > 4)
			continue;
		id = insert_invoice(f, no);
		b = agrees(f, batch);
		assert_int_equal(b.counts[ORDER_TAKEN], 1);
		set_state(f, id, INVOICE_SENDING, "");
		set_state(f, id, i == 1 ? INVOICE_UNKNOWN : INVOICE_ACCEPTED, "");
		assert_int_equal(agrees(f, batch).counts[ORDER_TAKEN], 1);
		set_state(f, id, i % 3 ? INVOICE_ISSUED : INVOICE_FAILED, "不行");
		failed = i % 3 ? failed : id;
		assert_int_equal(agrees(f, batch).counts[ORDER_TAKEN], 0);
	}
	b = agrees(f, batch);
	assert_int_equal(b.state, BATCH_DONE);
	assert_true(b.finished_at > 0);
	assert_int_equal(b.counts[ORDER_ISSUED] + b.counts[ORDER_FAILED], 31);
	assert_int_equal(b.counts[ORDER_BAD], 9);
	/* One that failed goes out again, then is given up: the done batch says so. */
	set_state(f, failed, INVOICE_NUMBERED, "");
	assert_int_equal(agrees(f, batch).counts[ORDER_TAKEN], 1);
	set_state(f, failed, INVOICE_FAILED, "还是不行");
	set_state(f, failed, INVOICE_VOID, "");
	b = agrees(f, batch);
	assert_int_equal(b.counts[ORDER_SKIPPED], 1);
	assert_int_equal(b.state, BATCH_DONE);
	db_rollback(f->db);
}

static void lists_by_state_and_text(void **state)
{
	struct fixture *f = *state;
	int64_t batch = add_batch(f), next = 0, n = 0;
	enum order_state bad = ORDER_BAD;
	struct tally t = {.last = 0};
	struct batch_order_query q = {.batch = batch, .state = &bad, .limit = 100};

	must(f, store_batch_orders(f->db, &q, tally, &t, &next, &f->e));
	assert_int_equal(t.n, 10);
	assert_int_equal(t.counts[ORDER_BAD], 10);
	assert_int_equal(next, 0);
	q = (struct batch_order_query) {.batch = batch, .text = "购方3", .limit = 100};
	must(f, store_batch_orders_count(f->db, &q, 1000, &n, &f->e));
	assert_int_equal(n, 8);
	q.state = &bad;
	must(f, store_batch_orders_count(f->db, &q, 1000, &n, &f->e));
	assert_int_equal(n, 2);
	q = (struct batch_order_query) {.batch = batch, .text = "N-1-00", .limit = 100};
	must(f, store_batch_orders_count(f->db, &q, 5, &n, &f->e));
	assert_int_equal(n, 5);
	must_fail(f, ERR_INVALID, "batch.unknown",
		  store_orders_get(f->db, f->unit, batch + 1, &(struct order_batch) {0}, &f->e));
}

/* Two batches: the ids of one's orders are not the other's. */
static void is_strict_only_at_rest(void **state)
{
	struct fixture *f = *state;
	int64_t batch = add_batch(f);

	assert_false(agrees(f, batch).strict);
	must(f, db_begin(f->db, &f->e));
	must(f, store_orders_set_strict(f->db, batch, true, &f->e));
	assert_true(agrees(f, batch).strict);
	must(f, store_orders_set(f->db, batch, 1u << BATCH_CHECKED, BATCH_RUNNING, f->user, "", "",
				 &f->e));
	must_fail(f, ERR_INVALID, "batch.state",
		  store_orders_set_strict(f->db, batch, false, &f->e));
	must(f,
	     store_orders_set(f->db, batch, 1u << BATCH_RUNNING, BATCH_PAUSED, 0, "", "", &f->e));
	must(f, store_orders_set_strict(f->db, batch, false, &f->e));
	assert_false(agrees(f, batch).strict);
	must(f, db_commit(f->db, &f->e));
}

static void keeps_batches_apart(void **state)
{
	struct fixture *f = *state;
	int64_t one = add_batch(f), two = add_batch(f), ids[4];
	struct staged_order ready[3];
	size_t n;

	must(f, db_begin(f->db, &f->e));
	must(f, store_orders_skip_rest(f->db, one, "不要", &f->e));
	assert_int_equal(agrees(f, one).counts[ORDER_SKIPPED], ORDERS);
	assert_int_equal(agrees(f, two).counts[ORDER_READY], 30);
	must(f, store_batch_order_set(f->db, two, 1, ORDER_SKIPPED, 0, "", &f->e));
	assert_int_equal(agrees(f, two).counts[ORDER_SKIPPED], 1);
	must(f, store_orders_ready(f->db, two, INT64_MAX, ready, 3, &n, &f->e));
	assert_int_equal(n, 3);
	assert_int_equal(ready[0].seq, 2);
	assert_string_equal(ready[2].body, BODY);
	staged_orders_free(ready, n);
	must(f, store_orders_set(f->db, two, 1u << BATCH_CHECKED, BATCH_RUNNING, 0, "", "", &f->e));
	must(f, store_orders_running(f->db, ids, 4, &n, &f->e));
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], two);
	must(f, store_orders_doubt_all(f->db, "恢复", "", &f->e));
	must(f, store_orders_running(f->db, ids, 4, &n, &f->e));
	assert_int_equal(n, 0);
	assert_true(agrees(f, one).doubtful);
	assert_true(agrees(f, two).doubtful);
	must(f, store_orders_vouch(f->db, two, &f->e));
	assert_true(agrees(f, one).doubtful);
	assert_false(agrees(f, two).doubtful);
	must(f, store_unit_remove(f->db, f->unit, &f->e));
	db_rollback(f->db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(follows_invoices, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(lists_by_state_and_text, fixture_setup,
					    fixture_teardown),
	    cmocka_unit_test_setup_teardown(is_strict_only_at_rest, fixture_setup,
					    fixture_teardown),
	    cmocka_unit_test_setup_teardown(keeps_batches_apart, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
