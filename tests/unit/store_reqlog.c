/* store_reqlog.c - 乐企请求日志: conditions, pages, long texts, words, dropping (features F8, M16). */
#include "store_fixture.h"

#include "base/buf.h"
#include "base/text.h"
#include "store/reqlog.h"

enum { SEEN_MAX = 4000 };

struct seen {
	size_t count;
	int64_t ids[SEEN_MAX];
	char *request, *answer;
};

static enum err see(void *arg, const struct request_row *r)
{
	struct seen *s = arg;

	assert_true(s->count < SEEN_MAX);
	s->ids[s->count++] = r->id;
	mem_set(&s->request, r->request);
	mem_set(&s->answer, r->answer);
	return ERR_OK;
}

static void forget(struct seen *s)
{
	free(s->request);
	free(s->answer);
	*s = (struct seen) {0};
}

/* One call; result NULL: no answer. */
static int64_t call(struct fixture *f, const struct request_row *row)
{
	struct request_row r = *row;

	must(f, store_request_begin(f->db, &r, &f->e));
	if (r.result)
		must(f, store_request_end(f->db, &r, &f->e));
	return r.id;
}

static int64_t now_of(int i)
{
	/* The clock goes back once, in the middle. */
	return 1000000 + (i >= 60 ? i - 20 : i) * 1000;
}

static const char *const SERVICES[] = {"QDFPSC", "CXQDFPSCJG", "CXSXED"};
static const char *const RESULTS[] = {"ok", "refused", "lost", "ok", "later"};

struct model {
	int64_t id, at_ms, unit, job;
	const char *service, *result;
	char request_id[24], trace_id[24];
};

enum { ROWS = 100 };

static void fill(struct fixture *f, struct model m[ROWS])
{
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < ROWS; i++) {
		m[i] = (struct model) {.at_ms = now_of(i),
				       .unit = i % 4 ? f->unit : f->unit + 1,
				       .job = i / 10,
				       .service = SERVICES[i % 3],
				       .result = RESULTS[i % 5]};
		snprintf(m[i].request_id, sizeof(m[i].request_id), i % 7 ? "R-%d" : "", i);
		snprintf(m[i].trace_id, sizeof(m[i].trace_id), "T-%d", i);
		m[i].id = call(f, &(struct request_row) {.at_ms = m[i].at_ms,
							 .unit_id = m[i].unit,
							 .job_id = m[i].job,
							 .service = m[i].service,
							 .url = "https://x/invoke",
							 .trace_id = m[i].trace_id,
							 .request_id = m[i].request_id,
							 .request = "{}",
							 .answer = "{}",
							 .result = m[i].result});
	}
	must(f, db_commit(f->db, &f->e));
}

static bool model_has(const struct model *m, const struct request_filter *q)
{
	bool unit = !q->unit_count, service = !q->service_count;

	for (size_t i = 0; i < q->unit_count; i++)
		unit |= q->units[i] == m->unit;
	for (size_t i = 0; i < q->service_count; i++)
		service |= !strcmp(q->services[i], m->service);
	return unit && service && (!q->failed || strcmp(m->result, "ok") != 0) &&
	       (!q->result || !strcmp(q->result, m->result)) &&
	       (!q->job_id || q->job_id == m->job) && (!q->from_ms || m->at_ms >= q->from_ms) &&
	       (!q->to_ms || m->at_ms < q->to_ms) &&
	       (!q->request_id || !strcmp(q->request_id, m->request_id) ||
		!strcmp(q->request_id, m->trace_id));
}

/* Every combination of conditions, read in pages of three, finds what the model finds. */
static void test_conditions(void **state)
{
	struct fixture *f = *state;
	struct model m[ROWS];
	unsigned tried = 0, found = 0;

	fill(f, m);
	for (unsigned bits = 0; bits < 256; bits++) {
		struct request_filter q = {.failed = bits & 1};
		struct seen s = {0};
		size_t want = 0, before = 0;

		if (bits & 2)
			q.services[q.service_count++] = "QDFPSC";
		if (bits & 4)
			q.services[q.service_count++] = "CXSXED";
		if (bits & 8)
			q.units[q.unit_count++] = f->unit + 1;
		if (bits & 16)
			q.from_ms = now_of(45);
		if (bits & 32)
			q.to_ms = now_of(75);
		if (bits & 64)
			q.job_id = 6;
		if (bits & 128)
			q.result = "refused";
		for (int i = 0; i < ROWS; i++)
			want += model_has(&m[i], &q);
		do {
			before = s.count;
			must(f, store_request_list(f->db, &q, before ? s.ids[before - 1] : 0, 3,
						   see, &s, NULL, &f->e));
			assert_true(s.count - before <= 3);
		} while (s.count > before);
		assert_int_equal(s.count, want);
		for (size_t i = 0; i < s.count; i++)
			assert_true(model_has(&m[s.ids[i] - m[0].id], &q));
		for (size_t i = 1; i < s.count; i++)
			for (size_t k = 0; k < i; k++)
				assert_int_not_equal(s.ids[i], s.ids[k]);
		assert_string_equal(s.request ? s.request : "", ""); /* a list gives no texts */
		tried++;
		found += s.count > 0;
		forget(&s);
	}
	assert_int_equal(tried, 256);
	assert_true(found > 60);
}

static size_t count_of(struct fixture *f, const struct request_filter *q)
{
	struct seen s = {0};
	size_t n;

	must(f, store_request_list(f->db, q, 0, SEEN_MAX, see, &s, NULL, &f->e));
	n = s.count;
	forget(&s);
	return n;
}

static void test_ids(void **state)
{
	struct fixture *f = *state;
	struct model m[ROWS];

	fill(f, m);
	assert_int_equal(count_of(f, &(struct request_filter) {.request_id = "R-5"}), 1);
	assert_int_equal(count_of(f, &(struct request_filter) {.request_id = "T-7"}), 1);
	assert_int_equal(count_of(f, &(struct request_filter) {.request_id = "R-"}), 0);
	assert_int_equal(count_of(f, &(struct request_filter) {.request_id = "R-5", .job_id = 3}),
			 0);
}

/* JSON as it comes, of so many rows; the caller's. */
static char *long_text(int rows, const char *last)
{
	struct buf b;

	buf_init(&b, REQUEST_TEXT_MAX);
	for (int i = 0; i < rows; i++)
		buf_addf(&b, "{\"xh\":\"%d\",\"xmmc\":\"*技术服务*开发\"},", i);
	buf_adds(&b, last);
	return buf_detach(&b);
}

static void test_long_texts(void **state)
{
	struct fixture *f = *state;
	char *sent = long_text(40000, "针在这里"), *answered = long_text(80, "末尾");
	int64_t id, rows = 0, kept = 0, dropped_texts = -1;
	struct seen s = {0};
	bool found;
	int dropped = 0;

	must(f, db_begin(f->db, &f->e));
	id = call(f, &(struct request_row) {.at_ms = 1000,
					    .service = "QDFPSC",
					    .request = sent,
					    .answer = answered,
					    .result = "ok"});
	call(f,
	     &(struct request_row) {.at_ms = 2000, .service = "QDFPSC", .request = "{\"短\":1}"});
	must(f, db_commit(f->db, &f->e));
	must(f, store_request_get(f->db, id, see, &s, &f->e));
	assert_string_equal(s.request, sent); /* whole, byte for byte */
	assert_string_equal(s.answer, answered);
	/* Rows stay small, the text takes far less room than it is long. */
	must(f, db_get_int(f->db, &f->e, &rows, &found,
			   "SELECT MAX(length(request) + length(answer)) FROM request_log", ""));
	assert_true(rows < 20);
	must(f, db_get_int(f->db, &f->e, &kept, &found,
			   "SELECT SUM(length(packed)) FROM request_text", ""));
	assert_true(kept > 0 && (size_t)kept * 5 < strlen(sent));
	/* A word far inside of it. */
	assert_int_equal(count_of(f, &(struct request_filter) {.find = "针在这里"}), 1);
	assert_int_equal(count_of(f, &(struct request_filter) {.find = "末尾"}), 1);
	assert_int_equal(count_of(f, &(struct request_filter) {.find = "短"}), 1);
	assert_int_equal(count_of(f, &(struct request_filter) {.find = "qdfpsc"}), 2);
	assert_int_equal(count_of(f, &(struct request_filter) {.find = "没有"}), 0);
	must(f, db_begin(f->db, &f->e));
	must(f, store_request_prune(f->db, 1500, 100, &dropped, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(dropped, 1);
	must(f, db_get_int(f->db, &f->e, &dropped_texts, &found,
			   "SELECT COUNT(*) FROM request_text", ""));
	assert_int_equal(dropped_texts, 0);
	must_fail(f, ERR_INVALID, "log.unknown", store_request_get(f->db, id, see, &s, &f->e));
	forget(&s);
	free(sent);
	free(answered);
}

/* A text that does not fit is refused before anything is written of it. */
static void test_damage(void **state)
{
	struct fixture *f = *state;
	char *sent = long_text(100, "");
	struct seen s = {0};
	int64_t id;

	must(f, db_begin(f->db, &f->e));
	id = call(f, &(struct request_row) {.at_ms = 1, .service = "QDFPSC", .request = sent});
	must(f, db_run(f->db, &f->e, NULL, "UPDATE request_text SET size = size - 1", ""));
	must(f, db_commit(f->db, &f->e));
	must_fail(f, ERR_DAMAGED, "log.text", store_request_get(f->db, id, see, &s, &f->e));
	forget(&s);
	free(sent);
}

/* A search that may only look at so much stops, and goes on where it stopped. */
static void test_budget(void **state)
{
	struct fixture *f = *state;
	struct seen s = {0};
	int64_t cursor = 0, stopped = 0, budget;
	int rounds = 0;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 200; i++)
		call(f, &(struct request_row) {.at_ms = i,
					       .service = "CXSXED",
					       .request = i == 10 ? "{\"a\":\"针\"}"
								  : "{\"a\":\"草草草草\"}"});
	must(f, db_commit(f->db, &f->e));
	do {
		const struct request_filter q = {.find = "针", .budget = &budget};

		budget = 500;
		must(f, store_request_list(f->db, &q, cursor, 50, see, &s, &stopped, &f->e));
		cursor = stopped;
		rounds++;
	} while (stopped);
	assert_int_equal(s.count, 1);
	assert_true(rounds > 5 && rounds < 40);
	forget(&s);
}

static bool uses(struct fixture *f, const char *sql, const char *index)
{
	struct rows *q;
	bool used = false;
	enum err r = db_query(f->db, &q, &f->e, sql, "");

	while (!r && rows_next(q))
		used |= strstr(rows_text(q, 3), index) && !strstr(rows_text(q, 3), "TEMP B-TREE");
	must(f, rows_end(&q, r, &f->e));
	return used;
}

/* 100,000 rows: a page by any condition reads about as many rows as it gives. */
static void test_many(void **state)
{
	struct fixture *f = *state;
	struct seen s = {0};
	int64_t from;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 100000; i++) {
		char trace[24];

		snprintf(trace, sizeof(trace), "T-%d", i);
		call(f, &(struct request_row) {.at_ms = 1000 + i,
					       .unit_id = 7 + i % 2,
					       .job_id = 1 + i / 3,
					       .service = SERVICES[i % 3],
					       .trace_id = trace,
					       .request = "{}",
					       .result = i % 5000 ? "ok" : "refused",
					       .request_id = trace});
	}
	must(f, db_commit(f->db, &f->e));
	const struct request_filter each[] = {
	    {.failed = true},
	    {.job_id = 20},
	    {.request_id = "T-17"},
	    {.units = {8}, .unit_count = 1},
	    {.services = {"CXSXED"}, .service_count = 1},
	    {.from_ms = 1500, .to_ms = 1600},
	    {.from_ms = 1500, .to_ms = 1600, .units = {8}, .unit_count = 1},
	    {.failed = true, .services = {"QDFPSC"}, .service_count = 1},
	};
	from = clock_mono_ms();
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		for (int k = 0; k < 20; k++)
			must(f, store_request_list(f->db, &each[i], 0, 20, see, &s, NULL, &f->e));
	/* 160 pages; a walk over the whole table would take each of them tens of milliseconds. */
	assert_true(clock_mono_ms() - from < 1500);
	forget(&s);
	assert_true(uses(f,
			 "EXPLAIN QUERY PLAN SELECT id FROM request_log WHERE"
			 " (request_id = 'a' AND request_id <> '' OR trace_id = 'a')",
			 "request_log_request_id"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_conditions, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(test_ids, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(test_long_texts, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(test_damage, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(test_budget, fixture_setup, fixture_teardown),
	    cmocka_unit_test_setup_teardown(test_many, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
