/* Invoices: exact round trip, the state machine, order numbers, bytes sent, batches, damage,
 * speed. */
#include "unit/store_fixture.h"

/* ---- round trip ------------------------------------------------------------------------------ */

/* Any value the decimals of the house can hold: 25 characters, with or without a point. */
static struct dec random_dec(void)
{
	struct dec d = {0};
	int digits = (int)pick(25);
	for (int i = 0; i < digits; i++)
		d.coef = d.coef * 10 + (dec_int)pick(10);
	d.scale = (uint8_t)pick(24);
	char text[DEC_TEXT];
	return strlen(dec_format(d, text)) > DEC_CHARS || d.coef == 0 ? (struct dec) {0} : d;
}

static int64_t random_fen(void)
{
	int64_t v = (int64_t)pick(1u << 30) * (int64_t)pick(100000);
	return pick(3) == 0 ? 0 : pick(2) ? v : -v;
}

static void random_texts(const struct text_field *fields, void *base)
{
	static const char *const words[] = {
	    "",     "北京", "a\"b\\c/d", "（有限）公司",
	    "🎫 票", "0",    " 前后 ",    "'; DROP TABLE invoice; --",
	    "%s%n"};
	for (; fields->key; fields++) {
		char text[64];
		snprintf(text, sizeof(text), "%s%u", words[pick(9)], pick(1000));
		mem_set(text_slot(base, fields), pick(3) ? text : "");
	}
}

static void random_line(struct tax_line *l)
{
	random_texts(line_texts, l);
	l->rate_ppm = (int32_t)pick(1000002) - 1;
	l->deduction_fen = random_fen();
	l->has_quantity = pick(2);
	l->has_price = pick(2);
	l->has_amount = pick(2);
	l->quantity = random_dec();
	l->price = random_dec();
	l->amount_fen = random_fen();
	l->discount.by = (enum discount_by)pick(3);
	l->discount.rate = random_dec();
	l->discount.amount_fen = random_fen();
	l->full_quantity = random_dec();
	l->full_price = random_dec();
	l->full_amount_fen = random_fen();
	l->net_price = random_dec();
	l->net_fen = random_fen();
	l->tax_fen = random_fen();
	l->gross_fen = random_fen();
	l->discount_rate = random_dec();
	l->discount_fen = random_fen();
	l->discount_net_fen = random_fen();
	l->discount_tax_fen = random_fen();
	l->discount_gross_fen = random_fen();
}

static void random_invoice(struct invoice *inv)
{
	invoice_init(inv);
	inv->kind = (enum invoice_kind)pick(2);
	inv->prices_include_tax = pick(2);
	inv->show_buyer_bank = pick(2);
	inv->show_seller_bank = pick(2);
	inv->buyer_is_person = pick(2);
	inv->show_buyer_address = pick(2);
	inv->show_seller_address = pick(2);
	inv->deduction_fen = random_fen();
	random_texts(invoice_texts, inv);
	mem_set(&inv->order_no, "");
	for (uint32_t i = pick(6); i > 0; i--)
		random_line(invoice_add_line(inv));
	for (uint32_t i = pick(3); i > 0; i--)
		random_texts(payment_texts, invoice_add_payment(inv));
	for (uint32_t i = pick(3); i > 0; i--)
		random_texts(extra_texts, invoice_add_extra(inv));
	for (uint32_t i = pick(4); i > 0; i--) {
		struct voucher *v = invoice_add_voucher(inv);
		random_texts(voucher_texts, v);
		v->total_fen = random_fen();
		v->amount_fen = random_fen();
	}
	for (size_t i = 0; i < inv->line_count; i++) {
		inv->net_fen += inv->lines[i].net_fen + inv->lines[i].discount_net_fen;
		inv->tax_fen += inv->lines[i].tax_fen + inv->lines[i].discount_tax_fen;
		inv->gross_fen += inv->lines[i].gross_fen + inv->lines[i].discount_gross_fen;
	}
}

static void same_texts(const struct text_field *fields, const void *a, const void *b)
{
	for (; fields->key; fields++)
		assert_string_equal(text_value(a, fields), text_value(b, fields));
}

static void same_dec(struct dec a, struct dec b)
{
	assert_true(a.coef == b.coef);
	assert_int_equal(a.scale, b.scale);
}

static void same_line(const struct tax_line *a, const struct tax_line *b)
{
	same_texts(line_texts, a, b);
	assert_int_equal(a->rate_ppm, b->rate_ppm);
	assert_true(a->deduction_fen == b->deduction_fen);
	assert_int_equal(a->has_quantity, b->has_quantity);
	assert_int_equal(a->has_price, b->has_price);
	assert_int_equal(a->has_amount, b->has_amount);
	same_dec(a->quantity, b->quantity);
	same_dec(a->price, b->price);
	assert_true(a->amount_fen == b->amount_fen);
	assert_int_equal(a->discount.by, b->discount.by);
	same_dec(a->discount.rate, b->discount.rate);
	assert_true(a->discount.amount_fen == b->discount.amount_fen);
	same_dec(a->full_quantity, b->full_quantity);
	same_dec(a->full_price, b->full_price);
	assert_true(a->full_amount_fen == b->full_amount_fen);
	same_dec(a->net_price, b->net_price);
	assert_true(a->net_fen == b->net_fen && a->tax_fen == b->tax_fen &&
		    a->gross_fen == b->gross_fen);
	same_dec(a->discount_rate, b->discount_rate);
	assert_true(a->discount_fen == b->discount_fen);
	assert_true(a->discount_net_fen == b->discount_net_fen &&
		    a->discount_tax_fen == b->discount_tax_fen &&
		    a->discount_gross_fen == b->discount_gross_fen);
}

static void same_invoice(const struct invoice *a, const struct invoice *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->prices_include_tax, b->prices_include_tax);
	assert_int_equal(a->show_buyer_bank, b->show_buyer_bank);
	assert_int_equal(a->show_seller_bank, b->show_seller_bank);
	assert_int_equal(a->buyer_is_person, b->buyer_is_person);
	assert_int_equal(a->show_buyer_address, b->show_buyer_address);
	assert_int_equal(a->show_seller_address, b->show_seller_address);
	assert_true(a->deduction_fen == b->deduction_fen);
	assert_string_equal(a->number, b->number);
	assert_string_equal(a->issued_at, b->issued_at);
	same_texts(invoice_texts, a, b);
	assert_int_equal(a->line_count, b->line_count);
	for (size_t i = 0; i < a->line_count; i++)
		same_line(&a->lines[i], &b->lines[i]);
	assert_int_equal(a->payment_count, b->payment_count);
	for (size_t i = 0; i < a->payment_count; i++)
		same_texts(payment_texts, &a->payments[i], &b->payments[i]);
	assert_int_equal(a->extra_count, b->extra_count);
	for (size_t i = 0; i < a->extra_count; i++)
		same_texts(extra_texts, &a->extras[i], &b->extras[i]);
	assert_int_equal(a->voucher_count, b->voucher_count);
	for (size_t i = 0; i < a->voucher_count; i++) {
		same_texts(voucher_texts, &a->vouchers[i], &b->vouchers[i]);
		assert_true(a->vouchers[i].total_fen == b->vouchers[i].total_fen &&
			    a->vouchers[i].amount_fen == b->vouchers[i].amount_fen);
	}
	assert_true(a->net_fen == b->net_fen && a->tax_fen == b->tax_fen &&
		    a->gross_fen == b->gross_fen);
}

static void test_round_trip(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 300; i++) {
		struct invoice_record r = {.unit_id = f->unit,
					   .created_by = f->user,
					   .state = INVOICE_DRAFT},
				      back;
		random_invoice(&r.invoice);
		r.quota_amount = random_fen();
		snprintf(r.invoice.number, sizeof(r.invoice.number), "254470%014d", i);
		text_copy(r.invoice.issued_at, sizeof(r.invoice.issued_at), "2025-11-20 08:09:10");
		text_copy(r.quota_month, sizeof(r.quota_month), "2025-11");
		must(f, db_begin(f->db, &f->e));
		must(f, store_invoice_insert(f->db, &r, &f->e));
		if (i % 2) { /* replace it by another one */
			int64_t id = r.id;
			invoice_free(&r.invoice);
			random_invoice(&r.invoice);
			r.id = id;
			must(f, store_invoice_update(f->db, &r, &f->e));
		}
		must(f, db_commit(f->db, &f->e));
		must(f, store_invoice_get(f->db, r.id, &back, &f->e));
		same_invoice(&r.invoice, &back.invoice);
		assert_true(back.quota_amount == r.quota_amount);
		assert_string_equal(back.quota_month, "2025-11");
		assert_int_equal(back.unit_id, f->unit);
		assert_int_equal(back.created_by, f->user);
		assert_int_equal(back.state, INVOICE_DRAFT);
		assert_true(back.created_at > 0);
		invoice_record_free(&back);
		invoice_free(&r.invoice);
	}
	assert_int_equal(scalar(f, "SELECT SUM(count) FROM invoice_tally"), 300);
	assert_int_equal(
	    scalar(f,
		   "SELECT COUNT(*) FROM (SELECT kind, COUNT(*) AS n FROM invoice GROUP BY kind) a"
		   " JOIN invoice_tally t ON t.kind = a.kind AND t.count = a.n"),
	    2);
}

/* ---- states ---------------------------------------------------------------------------------- */

/* The table once more, from the contract's sentence. */
static bool may_become(enum invoice_state from, enum invoice_state to)
{
	static const char *const moves[] = {
	    "draft>numbered",   "draft>void",       "numbered>sending", "numbered>failed",
	    "unknown>void",     "sending>accepted", "sending>failed",   "sending>unknown",
	    "sending>numbered", "unknown>accepted", "unknown>issued",   "unknown>failed",
	    "unknown>sending",  "unknown>numbered", "accepted>issued",  "accepted>failed",
	    "accepted>unknown", "accepted>sending", "failed>numbered",  "failed>void",
	    "failed>unknown",
	};
	char want[40];
	snprintf(want, sizeof(want), "%s>%s", invoice_state_word(from), invoice_state_word(to));
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (strcmp(moves[i], want) == 0)
			return true;
	return false;
}

static void force_state(struct fixture *f, int64_t id, enum invoice_state s)
{
	must(f, db_run(f->db, &f->e, NULL, "UPDATE invoice SET state = ? WHERE id = ?", "sl",
		       invoice_state_word(s), id));
	must(f, db_run(f->db, &f->e, NULL, "DELETE FROM invoice_tally", ""));
	must(
	    f,
	    db_run(
		f->db, &f->e, NULL,
		"INSERT INTO invoice_tally (unit_id, state, kind, count)"
		" SELECT unit_id, state, kind, COUNT(*) FROM invoice GROUP BY unit_id, state, kind",
		""));
}

static void test_every_transition(void **state)
{
	struct fixture *f = *state;
	struct invoice_record r, back;
	fixture_invoice(f, &r, "买方");
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_insert(f->db, &r, &f->e));
	for (int from = 0; from < INVOICE_STATES; from++)
		for (int to = 0; to < INVOICE_STATES; to++) {
			force_state(f, r.id, (enum invoice_state)from);
			enum err got = store_invoice_set_state(f->db, r.id, (enum invoice_state)to,
							       "原因\x01\n说明", &f->e);
			bool may = may_become((enum invoice_state)from, (enum invoice_state)to);
			assert_int_equal(got, may ? ERR_OK : ERR_INTERNAL);
			must(f, store_invoice_get(f->db, r.id, &back, &f->e));
			assert_int_equal(back.state, may ? to : from);
			if (may) {
				assert_string_equal(back.message, "原因说明");
				assert_int_equal(back.finished_at > 0,
						 to == INVOICE_ISSUED || to == INVOICE_VOID);
			}
			assert_int_equal(scalar(f, "SELECT SUM(ABS(count)) FROM invoice_tally"), 1);
			assert_int_equal(
			    scalar(f, "SELECT COUNT(*) FROM invoice i JOIN invoice_tally t ON"
				      " t.state = i.state AND t.kind = i.kind AND t.count = 1"),
			    1);
			invoice_record_free(&back);
		}
	must(f, db_commit(f->db, &f->e));
	must_fail(f, ERR_INVALID, "invoice.unknown",
		  store_invoice_set_state(f->db, 999, INVOICE_VOID, "", &f->e));
	invoice_record_free(&r);
}

static void test_message_and_person(void **state)
{
	struct fixture *f = *state;
	struct invoice_record r, back;
	char text[1600] = "";
	for (size_t i = 0; i < 400; i++)
		memcpy(text + i * 3, "票", 4);
	fixture_invoice(f, &r, "买方");
	r.state = INVOICE_NUMBERED;
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_insert(f->db, &r, &f->e));
	must(f, store_invoice_set_state(f->db, r.id, INVOICE_SENDING, text, &f->e));
	must(f, store_invoice_set_person(f->db, r.id, 3, true, &f->e));
	must(f, store_invoice_get(f->db, r.id, &back, &f->e));
	assert_int_equal(text_chars(back.message), 300);
	assert_true(back.needs_person);
	assert_int_equal(back.refusals, 3);
	invoice_record_free(&back);
	must(f, store_invoice_set_state(f->db, r.id, INVOICE_ACCEPTED, NULL, &f->e));
	must(f, store_invoice_set_state(f->db, r.id, INVOICE_ISSUED, "", &f->e));
	must(f, store_invoice_get(f->db, r.id, &back, &f->e));
	assert_string_equal(back.message, "");
	assert_false(back.needs_person);
	invoice_record_free(&back);
	must_fail(f, ERR_INTERNAL, "invoice.state", store_invoice_update(f->db, &r, &f->e));
	must_fail(f, ERR_INVALID, "invoice.state", store_invoice_delete_draft(f->db, r.id, &f->e));
	db_rollback(f->db);
	invoice_record_free(&r);
}

static void test_order_numbers(void **state)
{
	struct fixture *f = *state;
	struct invoice_record a, b, back;
	int64_t id = -1;
	char no[32];
	fixture_invoice(f, &a, "买方");
	fixture_invoice(f, &b, "买方");
	mem_set(&a.invoice.order_no, "SO-1");
	mem_set(&b.invoice.order_no, "SO-1");
	text_copy(a.invoice.number, sizeof(a.invoice.number), "25447000000000000001");
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_insert(f->db, &a, &f->e));
	must_fail(f, ERR_INVALID, "order.exists", store_invoice_insert(f->db, &b, &f->e));
	assert_non_null(strstr(f->e.why, "SO-1"));
	mem_set(&b.invoice.order_no, "SO-2");
	must(f, store_invoice_insert(f->db, &b, &f->e));
	mem_set(&b.invoice.order_no, "SO-1");
	must_fail(f, ERR_INVALID, "order.exists", store_invoice_update(f->db, &b, &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, store_invoice_by_order(f->db, f->unit, "SO-1", &id, &f->e));
	assert_int_equal(id, a.id);
	must(f, store_invoice_by_order(f->db, f->direct, "SO-1", &id, &f->e));
	assert_int_equal(id, 0);
	static const char *const ways[] = {"SO-1", "25447000000000000001", NULL};
	snprintf(no, sizeof(no), "#%d", (int)a.id);
	for (int i = 0; i < 3; i++) {
		must(f, store_invoice_by_no(f->db, f->unit, ways[i] ? ways[i] : no, &back, &f->e));
		assert_int_equal(back.id, a.id);
		invoice_record_free(&back);
	}
	must_fail(f, ERR_INVALID, "invoice.unknown",
		  store_invoice_by_no(f->db, f->direct, "SO-1", &back, &f->e));
	must_fail(f, ERR_INVALID, "invoice.unknown",
		  store_invoice_by_no(f->db, f->unit, "#0", &back, &f->e));
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_delete_draft(f->db, b.id, &f->e));
	must(f, db_commit(f->db, &f->e));
	must_fail(f, ERR_INVALID, "invoice.unknown", store_invoice_get(f->db, b.id, &back, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM invoice_line"), 1);
	assert_int_equal(scalar(f, "SELECT SUM(count) FROM invoice_tally"), 1);
	invoice_record_free(&a);
	invoice_record_free(&b);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static void test_damage_is_met(void **state)
{
	struct fixture *f = *state;
	static const char *const harms[][2] = {
	    {"UPDATE invoice SET gross = gross + 1", "invoice.sums"},
	    {"UPDATE invoice_line SET body = REPLACE(body, '100.00', '100.01')", "invoice.sums"},
	    {"DELETE FROM invoice_line", "invoice.lines"},
	    {"UPDATE invoice_line SET seq = 2", "invoice.lines"},
	    {"UPDATE invoice_line SET body = 'x'", "invoice.damaged"},
	    {"UPDATE invoice_line SET body = REPLACE(body, '100.00', '1e2')", "invoice.damaged"},
	    {"UPDATE invoice SET head = '{\"prices_include_tax\":\"yes\"}'", "invoice.damaged"},
	};
	struct invoice_record r, back;
	fixture_invoice(f, &r, "买方");
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_insert(f->db, &r, &f->e));
	must(f, db_commit(f->db, &f->e));
	for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++) {
		must(f, db_begin(f->db, &f->e));
		must(f, db_run(f->db, &f->e, NULL, harms[i][0], ""));
		must_fail(f, ERR_DAMAGED, harms[i][1],
			  store_invoice_get(f->db, r.id, &back, &f->e));
		db_rollback(f->db);
	}
	must(f, store_invoice_get(f->db, r.id, &back, &f->e));
	invoice_record_free(&back);
	invoice_record_free(&r);
}

/* ---- bytes and batches ----------------------------------------------------------------------- */

static void test_sent(void **state)
{
	struct fixture *f = *state;
	struct invoice_record r;
	char *body = NULL, hash[HASH_TEXT], want[HASH_TEXT];
	size_t n = 0;
	bool found = true;
	fixture_invoice(f, &r, "买方");
	r.state = INVOICE_NUMBERED;
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_insert(f->db, &r, &f->e));
	must(f, store_sent_get(f->db, r.id, &body, &n, hash, &found, &f->e));
	assert_false(found);
	must(f, store_sent_put(f->db, r.id, "one\0two", 7, &f->e));
	must(f, store_sent_put(f->db, r.id, "one\0two", 7, &f->e));
	must_fail(f, ERR_INTERNAL, "sent.differs",
		  store_sent_put(f->db, r.id, "one\0tw0", 7, &f->e));
	must(f, store_sent_get(f->db, r.id, &body, &n, hash, &found, &f->e));
	assert_true(found);
	assert_int_equal(n, 7);
	assert_memory_equal(body, "one\0two", 8);
	hash_sha256("one\0two", 7, want);
	assert_string_equal(hash, want);
	free(body);
	must_fail(f, ERR_INTERNAL, "sent.forget", store_sent_forget(f->db, r.id, &f->e));
	must(f, store_invoice_set_state(f->db, r.id, INVOICE_FAILED, "", &f->e));
	must(f, store_sent_forget(f->db, r.id, &f->e));
	must(f, store_sent_put(f->db, r.id, "other", 5, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "UPDATE invoice_sent SET body = CAST('Other' AS BLOB)",
		       ""));
	must_fail(f, ERR_DAMAGED, "sent.damaged",
		  store_sent_get(f->db, r.id, &body, &n, hash, &found, &f->e));
	must(f, db_commit(f->db, &f->e));
	invoice_record_free(&r);
}

static enum err count_item(void *arg, int64_t invoice, const char *number, enum invoice_state state)
{
	int64_t *seen = arg;
	assert_int_equal(strlen(number), 20);
	assert_int_equal(state, INVOICE_NUMBERED);
	seen[0]++;
	seen[1] += invoice;
	return ERR_OK;
}

static void test_batches(void **state)
{
	struct fixture *f = *state;
	int64_t ids[5], batch = 0, second = 0, seen[2] = {0};
	struct upload_batch b;
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 5; i++) {
		struct invoice_record r;
		fixture_invoice(f, &r, "买方");
		r.state = INVOICE_NUMBERED;
		snprintf(r.invoice.number, sizeof(r.invoice.number), "254470%014d", i);
		must(f, store_invoice_insert(f->db, &r, &f->e));
		ids[i] = r.id;
		invoice_record_free(&r);
	}
	must(f, store_batch_create(f->db, f->unit, ids, 5, &batch, &f->e));
	must(f, store_batch_create(f->db, f->unit, ids + 3, 2, &second, &f->e));
	must_fail(f, ERR_INTERNAL, "batch.size",
		  store_batch_create(f->db, f->unit, ids, 101, &second, &f->e));
	must_fail(f, ERR_INTERNAL, "batch.item",
		  store_batch_create(f->db, f->direct, ids, 1, &second, &f->e));
	must(f, store_batch_items(f->db, batch, count_item, seen, &f->e));
	assert_int_equal(seen[0], 3);
	assert_int_equal(seen[1], ids[0] + ids[1] + ids[2]);
	must(f, store_batch_set(f->db, batch, "accepted", "SLLSH-1", &f->e));
	must(f, store_batch_polled(f->db, batch, &f->e));
	must(f, store_batch_set(f->db, batch, "done", NULL, &f->e));
	must(f, store_batch_get(f->db, batch, &b, &f->e));
	assert_string_equal(b.state, "done");
	assert_string_equal(b.receipt, "SLLSH-1");
	assert_int_equal(b.size, 5);
	assert_int_equal(b.polls, 1);
	assert_true(b.accepted_at > 0);
	must_fail(f, ERR_INVALID, "batch.unknown", store_batch_get(f->db, 99, &b, &f->e));
	must_fail(f, ERR_INTERNAL, "batch.unknown",
		  store_batch_set(f->db, 99, "done", NULL, &f->e));
	must(f, db_commit(f->db, &f->e));
}

/* 2,000 invoices of 20 lines in one transaction: far above what an import needs. */
static void test_bulk_speed(void **state)
{
	struct fixture *f = *state;
	struct invoice_record r;
	int64_t start = clock_mono_ms();
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 2000; i++) {
		char name[64];
		snprintf(name, sizeof(name), "深圳市第%d贸易有限公司", i % 300);
		fixture_invoice(f, &r, name);
		for (int k = 1; k < 20; k++) {
			struct tax_line *l = invoice_add_line(&r.invoice);
			mem_set(&l->name, "办公用品");
			mem_set(&l->tax_code, "1060201010000000000");
			l->rate_ppm = 130000;
		}
		must(f, store_invoice_insert(f->db, &r, &f->e));
		invoice_record_free(&r);
	}
	must(f, db_commit(f->db, &f->e));
	int64_t took = clock_mono_ms() - start;
	print_message("40000 lines in %d ms\n", (int)took);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM invoice_line"), 40000);
	assert_true(took < 20000); /* generous: sanitizers and shared machines */
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_round_trip),    T(test_every_transition), T(test_message_and_person),
	    T(test_order_numbers), T(test_damage_is_met),    T(test_sent),
	    T(test_batches),       T(test_bulk_speed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
