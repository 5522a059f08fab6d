/* Reports: equal to the invoices they are of, however those came about and whoever reads when. */
#include "unit/store_fixture.h"

#include "store/report_p.h"

enum { DAYS = 70, GROUPS = 2048 };
static const char first_day[] = "2026-10-05"; /* reaches from one month into the next but one */

/* ---- invoices -------------------------------------------------------------------------------- */

static const char *day_of(int n, char out[DATE_TEXT])
{
	struct date d = {2026, 10, 5};
	d = date_from_days(date_days(d) + n);
	snprintf(out, DATE_TEXT, "%04u-%02u-%02u", (unsigned)d.year % 10000u,
		 (unsigned)d.month % 100u, (unsigned)d.day % 100u);
	return out;
}

static const char *const buyers[] = {"甲公司", "甲公司（更名）", "乙\"公司\"", "丙", ""};
static const char *const tax_nos[] = {"91440300AAAAAAAAA1", "91440300AAAAAAAAA1",
				      "91440300BBBBBBBBB2", "", ""};
static const char *const clerks[] = {"张三", "李\\四", ""};
static const char *const items[] = {"技术服务", "纸\"A4\"\n", "钢材"};
static const char *const specs[] = {"", "V1", "10\tmm"};
static const char *const preferences[] = {"", "", "", "03", "04", "01"};
static const int32_t rates[] = {130000, 90000, 60000, 10000, 15000, 0, -1};
static const char *const types[] = {"", "零售", "批发"};

static void random_line(struct invoice *inv)
{
	struct tax_line *l = invoice_add_line(inv);
	int64_t net = (int64_t)pick(5000000) - 100, tax = (int64_t)pick(100000);
	size_t at = pick(3);
	mem_set(&l->name, items[at]);
	mem_set(&l->spec, specs[pick(3)]);
	mem_set(&l->short_name, pick(2) ? "信息技术" : "");
	mem_set(&l->preference, preferences[pick(6)]);
	l->rate_ppm = rates[pick(7)];
	l->net_fen = net;
	l->tax_fen = tax;
	l->gross_fen = net + tax;
	if (pick(3) == 0) {
		l->discount_net_fen = -(int64_t)pick(1000);
		l->discount_tax_fen = -(int64_t)pick(100);
		l->discount_gross_fen = l->discount_net_fen + l->discount_tax_fen;
	}
	inv->net_fen += l->net_fen + l->discount_net_fen;
	inv->tax_fen += l->tax_fen + l->discount_tax_fen;
	inv->gross_fen += l->gross_fen + l->discount_gross_fen;
}

static void date_it(struct invoice_record *r, int day)
{
	char text[DATE_TEXT];
	snprintf(r->invoice.issued_at, DATETIME_TEXT, "%s %02u:%02u:%02u", day_of(day, text),
		 pick(24), pick(60), pick(60));
}

/* What it takes back counts against the rest. */
static void turn_red(struct invoice *inv)
{
	inv->red = true;
	mem_set(&inv->blue_number, "26112000000000000001");
	for (size_t i = 0; i < inv->line_count; i++) {
		struct tax_line *l = &inv->lines[i];
		l->net_fen = -(l->net_fen + l->discount_net_fen);
		l->tax_fen = -(l->tax_fen + l->discount_tax_fen);
		l->gross_fen = -(l->gross_fen + l->discount_gross_fen);
		l->discount_net_fen = l->discount_tax_fen = l->discount_gross_fen = 0;
	}
	inv->net_fen = -inv->net_fen;
	inv->tax_fen = -inv->tax_fen;
	inv->gross_fen = -inv->gross_fen;
}

static void random_invoice(struct fixture *f, struct invoice_record *r, int day)
{
	size_t buyer = pick(5);
	struct invoice *inv = &r->invoice;
	*r = (struct invoice_record) {
	    .unit_id = f->unit, .created_by = f->user, .state = INVOICE_NUMBERED};
	invoice_init(inv);
	inv->kind = pick(2) ? INVOICE_SPECIAL : INVOICE_ORDINARY;
	mem_set(&inv->buyer.name, buyers[buyer]);
	mem_set(&inv->buyer.tax_no, tax_nos[buyer]);
	mem_set(&inv->drawer, clerks[pick(3)]);
	mem_set(&inv->business_type, types[pick(3)]);
	mem_set(&inv->remark, pick(3) ? "" : "第一行\n\"引号\" {\"drawer\":\"假的\"}");
	if (pick(4) == 0) {
		struct extra_element *x = invoice_add_extra(inv);
		mem_set(&x->name, "drawer");
		mem_set(&x->value, "}],\"drawer\":\"假的\"");
	}
	for (uint32_t n = 1 + pick(4); n; n--)
		random_line(inv);
	if (pick(6) == 0)
		turn_red(inv);
	date_it(r, day);
}

static void go(struct fixture *f, int64_t id, enum invoice_state to)
{
	must(f, store_invoice_set_state(f->db, id, to, "", &f->e));
}

/* Through the states, in random ways; a refused one comes again, mostly on another day. */
static void random_fate(struct fixture *f, struct invoice_record *r)
{
	must(f, store_invoice_insert(f->db, r, &f->e));
	while (pick(10)) {
		go(f, r->id, INVOICE_SENDING);
		switch (pick(6)) {
		case 0: /* refused */
			go(f, r->id, INVOICE_FAILED);
			if (pick(4) == 0) {
				go(f, r->id, INVOICE_VOID);
				return;
			}
			date_it(r, (int)pick(DAYS));
			must(f, store_invoice_update(f->db, r, &f->e));
			go(f, r->id, INVOICE_NUMBERED);
			continue;
		case 1: /* nobody knows */
			go(f, r->id, INVOICE_UNKNOWN);
			if (pick(2))
				go(f, r->id, pick(3) ? INVOICE_ISSUED : INVOICE_VOID);
			return;
		default:
			go(f, r->id, INVOICE_ACCEPTED);
			if (pick(8))
				go(f, r->id, INVOICE_ISSUED);
			return;
		}
	}
}

static int64_t issue(struct fixture *f, int day)
{
	struct invoice_record r;
	int64_t id;
	random_invoice(f, &r, day);
	must(f, store_invoice_insert(f->db, &r, &f->e));
	go(f, r.id, INVOICE_SENDING);
	go(f, r.id, INVOICE_ACCEPTED);
	go(f, r.id, INVOICE_ISSUED);
	id = r.id;
	invoice_record_free(&r);
	return id;
}

/* ---- the same by reading every invoice ------------------------------------------------------- */

struct group {
	char *key, period[DATE_TEXT];
	int64_t seen;
	struct report_sum sum;
};
struct tally {
	struct group at[GROUPS];
	size_t n;
};

static void tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->at[i].key);
}

static void count_in(struct tally *t, const char *period, const char *key,
		     const struct invoice_record *r, int64_t net, int64_t tax, int64_t gross)
{
	const int64_t id = r->id;
	struct group *g = NULL;
	for (size_t i = 0; i < t->n && !g; i++)
		if (!strcmp(t->at[i].key, key) && !strcmp(t->at[i].period, period))
			g = &t->at[i];
	if (!g) {
		assert_true(t->n < GROUPS);
		g = &t->at[t->n++];
		*g = (struct group) {.key = mem_strdup(key)};
		text_copy(g->period, sizeof(g->period), period);
	}
	g->sum.count += g->seen != id;
	if (r->invoice.red) {
		g->sum.red_count += g->seen != id;
		g->sum.red_net += net;
		g->sum.red_tax += tax;
	}
	g->seen = id;
	g->sum.net += net;
	g->sum.tax += tax;
	g->sum.gross += gross;
}

static void count_record(struct tally *t, const struct report_ask *ask,
			 const struct invoice_record *r, const char *period)
{
	const struct invoice *inv = &r->invoice;
	bool lines = ask->dim == REPORT_RATE || ask->dim == REPORT_GOODS;
	char type[24], *key;
	for (size_t i = 0; lines && i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		key = report_key_of(ask->dim, inv, l);
		count_in(t, period, key, r, l->net_fen + l->discount_net_fen,
			 l->tax_fen + l->discount_tax_fen, l->gross_fen + l->discount_gross_fen);
		free(key);
	}
	if (lines)
		return;
	snprintf(type, sizeof(type), "%lld", (long long)r->business_type);
	key = ask->dim == REPORT_TYPE ? mem_strdup(type) : report_key_of(ask->dim, inv, NULL);
	count_in(t, period, key, r, inv->net_fen, inv->tax_fen, inv->gross_fen);
	free(key);
}

struct ids {
	int64_t at[4096];
	size_t n;
};

static enum err note_id(void *arg, const struct invoice_row *row)
{
	struct ids *ids = arg;
	assert_true(ids->n < 4096);
	ids->at[ids->n++] = row->id;
	return ERR_OK;
}

static void count_all(struct fixture *f, const struct report_ask *ask, struct tally *t)
{
	enum invoice_state issued = INVOICE_ISSUED;
	struct invoice_filter filter = {.unit = ask->unit, .state = &issued, .limit = 500};
	struct ids *ids = calloc(1, sizeof(*ids));
	do
		must(f, store_invoice_page(f->db, &filter, note_id, ids, &filter.cursor, &f->e));
	while (filter.cursor);
	for (size_t i = 0; i < ids->n; i++) {
		struct invoice_record r;
		char period[DATE_TEXT] = "", day[DATE_TEXT];
		must(f, store_invoice_get(f->db, ids->at[i], &r, &f->e));
		snprintf(day, sizeof(day), "%.10s", r.invoice.issued_at);
		if (ask->split)
			snprintf(period, sizeof(period), "%.*s",
				 ask->split == REPORT_BY_DAY ? 10 : 7, day);
		if (strcmp(day, ask->from) >= 0 && strcmp(day, ask->to) <= 0)
			count_record(t, ask, &r, period);
		invoice_record_free(&r);
	}
	free(ids);
}

/* The invoices of a row are those it counts. */
static void compare_row(struct fixture *f, const struct report_ask *ask,
			const struct report_row *row)
{
	enum invoice_state issued = INVOICE_ISSUED;
	struct invoice_filter filter = {.unit = ask->unit,
					.state = &issued,
					.limit = 7,
					.report_dim = (int)ask->dim,
					.report_key = row->key};
	struct ids *ids = calloc(1, sizeof(*ids));
	bool month = strlen(row->period) == 7;
	snprintf(filter.issued_from, DATE_TEXT, "%.7s%.3s", row->period,
		 month ? "-01" : row->period + strnlen(row->period, 7));
	snprintf(filter.issued_to, DATE_TEXT, "%.7s%.3s", row->period,
		 month ? "-31" : row->period + strnlen(row->period, 7));
	if (strcmp(filter.issued_from, ask->from) < 0)
		text_copy(filter.issued_from, DATE_TEXT, ask->from);
	if (!row->period[0] || strcmp(filter.issued_to, ask->to) > 0)
		text_copy(filter.issued_to, DATE_TEXT, ask->to);
	do
		must(f, store_invoice_page(f->db, &filter, note_id, ids, &filter.cursor, &f->e));
	while (filter.cursor);
	assert_int_equal(ids->n, row->sum.count);
	free(ids);
}

/* The report says what the invoices say. */
static int64_t compare(struct fixture *f, const struct report_ask *ask)
{
	struct tally *t = calloc(1, sizeof(*t));
	struct report rep;
	struct report_sum total = {.count = 0};
	int64_t summed;
	must(f, store_report(f->db, ask, NULL, &rep, &f->e));
	count_all(f, ask, t);
	assert_int_equal(rep.count, t->n);
	for (size_t i = 0; i < rep.count; i++) {
		const struct report_row *row = &rep.rows[i];
		const struct group *g = NULL;
		for (size_t j = 0; j < t->n && !g; j++)
			if (!strcmp(t->at[j].key, row->key) &&
			    !strcmp(t->at[j].period, row->period))
				g = &t->at[j];
		assert_non_null(g);
		assert_memory_equal(&g->sum, &row->sum, sizeof(row->sum));
		if (pick(8) == 0)
			compare_row(f, ask, row);
		total.red_net += row->sum.red_net;
		total.net += row->sum.net;
		total.tax += row->sum.tax;
		total.gross += row->sum.gross;
	}
	assert_int_equal(total.net, rep.total.net);
	assert_int_equal(total.red_net, rep.total.red_net);
	assert_int_equal(total.tax, rep.total.tax);
	assert_int_equal(total.gross, rep.total.gross);
	summed = rep.summed;
	report_free(&rep);
	tally_free(t);
	free(t);
	return summed;
}

static int64_t compare_random(struct fixture *f)
{
	char from[DATE_TEXT], to[DATE_TEXT];
	int a = (int)pick(DAYS), b = (int)pick(DAYS);
	struct report_ask ask = {.unit = f->unit,
				 .from = day_of(a < b ? a : b, from),
				 .to = day_of(a < b ? b : a, to),
				 .dim = (enum report_dim)(1 + pick(REPORT_DIMS - 1)),
				 .split = (enum report_split)pick(3)};
	if (pick(4) == 0) /* whole months */
		ask.from = "2026-10-01", ask.to = "2026-12-31";
	return compare(f, &ask);
}

static void test_random(void **state)
{
	struct fixture *f = *state;
	int64_t known = 0;
	assert_true(clock_start("2026-12-10T09:00:00+08:00"));
	for (int round = 0; round < 60; round++) {
		must(f, db_begin(f->db, &f->e));
		for (int i = 0; i < 12; i++) {
			struct invoice_record r;
			random_invoice(f, &r, (int)pick(DAYS));
			random_fate(f, &r);
			invoice_record_free(&r);
		}
		if (pick(5) == 0) {
			db_rollback(f->db);
			continue;
		}
		must(f, db_commit(f->db, &f->e));
		for (int i = 0; i < 3; i++)
			known += compare_random(f) == 0;
		if (pick(4) == 0) {
			bool left = true;
			if (pick(2)) {
				must(f, db_begin(f->db, &f->e));
				must(f, store_invoice_find_step(f->db, 4000, &left, &f->e));
				must(f, db_commit(f->db, &f->e));
				left = true;
			}
			while (left)
				must(f, store_report_step(f->db, "2026-12-10", &left, &f->e));
		}
	}
	assert_true(known > 10); /* much was answered without reading an invoice */
}

/* The months' own sums are used, and are right, once everything is kept. */
static void test_months(void **state)
{
	struct fixture *f = *state;
	bool left = true;
	assert_true(clock_start("2027-01-05T09:00:00+08:00"));
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 200; i++)
		issue(f, (int)pick(DAYS));
	must(f, db_commit(f->db, &f->e));
	while (left)
		must(f, store_report_step(f->db, "2027-01-05", &left, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM report_month"), 3);
	for (int dim = 1; dim < REPORT_DIMS; dim++)
		for (int split = 0; split < 3; split++) {
			struct report_ask ask = {.unit = f->unit,
						 .from = "2026-10-01",
						 .to = "2026-12-31",
						 .dim = (enum report_dim)dim,
						 .split = (enum report_split)split};
			assert_int_equal(compare(f, &ask), 0);
		}
	/* One more in a month that is over: only its day is read again, then the month is right. */
	must(f, db_begin(f->db, &f->e));
	issue(f, 0);
	must(f, db_commit(f->db, &f->e));
	struct report_ask ask = {.unit = f->unit,
				 .from = "2026-10-01",
				 .to = "2026-12-31",
				 .dim = REPORT_RATE,
				 .split = REPORT_BY_MONTH};
	int64_t read = compare(f, &ask);
	assert_true(read > 0 && read < 20);
	assert_int_equal(compare(f, &ask), 0);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM report_month m WHERE turns <>"
				   " (SELECT SUM(turn) FROM report_day d"
				   " WHERE SUBSTR(d.day, 1, 7) = m.month)"),
			 0);
}

/* A buyer is called what its latest invoice calls it, whatever was stored first. */
static void test_buyer_names(void **state)
{
	struct fixture *f = *state;
	struct report_ask ask = {
	    .unit = f->unit, .from = "2026-10-01", .to = "2026-12-31", .dim = REPORT_BUYER};
	struct report rep;
	assert_true(clock_start("2027-01-05T09:00:00+08:00"));
	for (int i = 0; i < 3; i++) {
		static const int days[] = {3, 9, 6};
		static const char *const names[] = {"旧名", "新名", "中名"};
		struct invoice_record r;
		must(f, db_begin(f->db, &f->e));
		random_invoice(f, &r, days[i]);
		mem_set(&r.invoice.buyer.name, names[i]);
		mem_set(&r.invoice.buyer.tax_no, tax_nos[0]);
		must(f, store_invoice_insert(f->db, &r, &f->e));
		go(f, r.id, INVOICE_SENDING);
		go(f, r.id, INVOICE_ACCEPTED);
		go(f, r.id, INVOICE_ISSUED);
		invoice_record_free(&r);
		must(f, db_commit(f->db, &f->e));
		must(f, store_report(f->db, &ask, NULL, &rep, &f->e));
		assert_int_equal(rep.count, 1);
		assert_string_equal(rep.rows[0].key, "T91440300AAAAAAAAA1");
		assert_string_equal(rep.rows[0].label, i ? "新名" : "旧名");
		assert_int_equal(rep.rows[0].sum.count, i + 1);
		report_free(&rep);
	}
}

/* ---- trouble --------------------------------------------------------------------------------- */

/* An invoice whose lines are not its sum is told, and nothing of its day is kept. */
static void test_damaged(void **state)
{
	struct fixture *f = *state;
	struct report_ask ask = {
	    .unit = f->unit, .from = "2026-10-01", .to = "2026-12-31", .dim = REPORT_RATE};
	struct report rep;
	bool left;
	assert_true(clock_start("2027-01-05T09:00:00+08:00"));
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 20; i++)
		issue(f, 3);
	must(f, db_commit(f->db, &f->e));
	run_sql(f, "UPDATE invoice SET tax = tax + 1 WHERE id = (SELECT MAX(id) FROM invoice)");
	must_fail(f, ERR_DAMAGED, "invoice.sums", store_report(f->db, &ask, NULL, &rep, &f->e));
	assert_int_equal(rep.count, 0);
	must_fail(f, ERR_DAMAGED, "invoice.sums",
		  store_report_step(f->db, "2027-01-05", &left, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM report_sum"), 0);
	run_sql(f, "UPDATE invoice SET tax = tax - 1 WHERE id = (SELECT MAX(id) FROM invoice)");
	compare(f, &ask);
	run_sql(f, "UPDATE invoice_line SET body = '{\"name\":' WHERE invoice_id ="
		   " (SELECT MAX(id) FROM invoice)");
	run_sql(f, "UPDATE report_day SET turn = turn + 1");
	must_fail(f, ERR_DAMAGED, "invoice.damaged", store_report(f->db, &ask, NULL, &rep, &f->e));
}

/* While somebody else writes, the answer is right and nothing is kept. */
static void test_busy(void **state)
{
	struct fixture *f = *state;
	struct report_ask ask = {
	    .unit = f->unit, .from = "2026-10-01", .to = "2026-12-31", .dim = REPORT_GOODS};
	struct db *other = NULL;
	assert_true(clock_start("2027-01-05T09:00:00+08:00"));
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 50; i++)
		issue(f, (int)pick(DAYS));
	must(f, db_commit(f->db, &f->e));
	must(f, db_open(f->path, DB_WRITE, &other, &f->e));
	must(f, db_begin(other, &f->e));
	assert_true(compare(f, &ask) >= 50);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM report_sum"), 0);
	db_rollback(other);
	db_close(&other);
	assert_true(compare(f, &ask) == 50);
	assert_int_equal(compare(f, &ask), 0);
}

static void test_cancel(void **state)
{
	struct fixture *f = *state;
	struct report_ask ask = {
	    .unit = f->unit, .from = "2026-10-01", .to = "2026-12-31", .dim = REPORT_GOODS};
	atomic_llong done = 0;
	atomic_bool cancel = true;
	struct report_progress p = {.done = &done, .cancel = &cancel};
	struct report rep;
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 5; i++)
		issue(f, 1);
	must(f, db_commit(f->db, &f->e));
	must_fail(f, ERR_INVALID, "report.cancelled", store_report(f->db, &ask, &p, &rep, &f->e));
	atomic_store(&cancel, false);
	int64_t due = 0;
	must(f, store_report_due(f->db, f->unit, ask.from, ask.to, 3, &due, &f->e));
	assert_int_equal(due, 3);
	must(f, store_report_due(f->db, f->unit, ask.from, ask.to, 100, &due, &f->e));
	assert_int_equal(due, 5);
	must(f, store_report(f->db, &ask, &p, &rep, &f->e));
	assert_int_equal(rep.total.count, 5);
	assert_int_equal(rep.summed, 5);
	report_free(&rep);
	/* Another unit has none of it. */
	ask.unit = f->direct;
	must(f, store_report(f->db, &ask, &p, &rep, &f->e));
	assert_int_equal(rep.count, 0);
	report_free(&rep);
}

/* Sums of a day that has changed meanwhile are not kept. */
static void test_race(void **state)
{
	struct fixture *f = *state;
	struct report_keeper k = {.db = f->db, .unit = f->unit};
	struct report_due due = {.turn = 3};
	int64_t count = 0;
	assert_true(clock_start("2027-01-05T09:00:00+08:00"));
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 3; i++)
		issue(f, 0);
	must(f, db_commit(f->db, &f->e));
	text_copy(due.day, sizeof(due.day), first_day);
	must(f, report_keep_day(&k, &due, NULL, &count, &f->e));
	must(f, db_begin(f->db, &f->e));
	issue(f, 0);
	must(f, db_commit(f->db, &f->e));
	report_keep_rest(&k);
	report_keeper_free(&k);
	assert_int_equal(count, 3);
	assert_false(k.given_up);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM report_sum"), 0);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM report_day WHERE summed = turn"), 0);
}

/* Dying while sums are written leaves nothing that is wrong. */
static void test_killed(void **state)
{
	struct fixture *f = *state;
	struct report_ask ask = {
	    .unit = f->unit, .from = "2026-10-01", .to = "2026-12-31", .dim = REPORT_BUYER};
	int killed = 0;
	assert_true(clock_start("2027-01-05T09:00:00+08:00"));
	for (int round = 0; round < 12; round++) {
		must(f, db_begin(f->db, &f->e));
		for (int i = 0; i < 30; i++)
			issue(f, (int)pick(DAYS));
		must(f, db_commit(f->db, &f->e));
		db_close(&f->db);
		pid_t child = fork();
		if (child == 0) {
			struct err_info e = {0};
			struct report rep;
			struct db *db = NULL;
			char step[16];
			snprintf(step, sizeof(step), "%u", crash_steps() + 1 + (unsigned)round % 4);
			setenv("KAIPIAO_CRASH_AT", step, 1);
			crash_init();
			if (db_open(f->path, DB_WRITE, &db, &e) == ERR_OK)
				store_report(db, &ask, NULL, &rep, &e);
			_exit(0);
		}
		int status = 0;
		assert_int_equal(waitpid(child, &status, 0), child);
		killed += WIFEXITED(status) && WEXITSTATUS(status) == CRASH_EXIT;
		must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
		ask.dim = (enum report_dim)(1 + pick(REPORT_DIMS - 1));
		ask.split = (enum report_split)pick(3);
		compare(f, &ask);
		compare(f, &ask);
	}
	assert_true(killed > 3);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
	    T(test_random), T(test_months), T(test_buyer_names), T(test_damaged),
	    T(test_busy),   T(test_cancel), T(test_race),        T(test_killed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
