/* Claims: pieces with serials of their own that stay, what became of them, asking again. */
#include "store_fixture.h"
#include "tax/ids.h"
#include "tax/share.h"

enum { JOBS_MANY = 64 };

struct jobs {
	int64_t ids[JOBS_MANY];
	size_t n;
};

static void note_job(void *arg, int64_t job)
{
	struct jobs *all = arg;

	assert_true(all->n < JOBS_MANY);
	all->ids[all->n++] = job;
}

static struct unit unit_of(struct fixture *f)
{
	struct unit u;

	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	return u;
}

static int64_t claim(struct fixture *f, int64_t count, int64_t user, struct jobs *jobs)
{
	struct unit u = unit_of(f);
	int64_t id = 0;

	must(f, db_begin(f->db, &f->e));
	must(f, store_claim_add(f->db, &u, count, user, &id, jobs ? note_job : NULL, jobs, &f->e));
	must(f, db_commit(f->db, &f->e));
	unit_free(&u);
	return id;
}

static int64_t again(struct fixture *f, int64_t id, struct jobs *jobs)
{
	struct unit u = unit_of(f);
	int64_t asked = -1;

	must(f, db_begin(f->db, &f->e));
	must(f, store_claim_continue(f->db, &u, id, f->user, &asked, jobs ? note_job : NULL, jobs,
				     &f->e));
	must(f, db_commit(f->db, &f->e));
	unit_free(&u);
	return asked;
}

static int64_t take_up(struct fixture *f, int64_t most)
{
	struct unit u = unit_of(f);
	int64_t asked = -1, id;

	must(f, db_begin(f->db, &f->e));
	must(f, store_claim_take_up(f->db, &u, most, 0, &asked, &id, NULL, NULL, &f->e));
	must(f, db_commit(f->db, &f->e));
	unit_free(&u);
	return asked;
}

static struct claim get(struct fixture *f, int64_t id)
{
	struct claim c;
	bool found = false;

	must(f, store_claim_get(f->db, f->unit, id, &c, &found, &f->e));
	assert_true(found);
	assert_int_equal(c.asked, c.claimed + c.open + c.failed);
	return c;
}

/* As the engine ends a job: refused, or with `size` numbers from `from` on. */
static void ends(struct fixture *f, int64_t job, int64_t from, int64_t size)
{
	const struct err_info why = {.code = "leqi.refused", .what = "数电领购", .why = "不给"};
	struct segment s = {.unit_id = f->unit, .size = size, .year = 2025};
	struct job j;

	must(f, db_begin(f->db, &f->e));
	must(f, store_job_running(f->db, job, &f->e));
	if (size) {
		must(f, store_job_get(f->db, job, &j, &f->e));
		text_copy(s.serial, sizeof(s.serial), j.request_key);
		snprintf(s.first, sizeof(s.first), "254470%014d", (int)from);
		assert_true(invoice_number_add(s.first, (unsigned long long)size - 1, s.last));
		must(f, store_segment_add(f->db, &s, &f->e));
		must(f, store_job_done(f->db, job, "{}", &f->e));
		job_free(&j);
	} else {
		must(f, store_job_fail(f->db, job, &why, &f->e));
	}
	must(f, db_commit(f->db, &f->e));
}

static enum err note_size(void *arg, const struct claim_piece *p)
{
	int64_t *sizes = arg;

	assert_int_equal(p->piece, sizes[0] + 1);
	assert_int_equal(strlen(p->serial), 72);
	sizes[++sizes[0]] = p->size;
	return ERR_OK;
}

/* G13: ceil(n / 5000) pieces. */
static void in_pieces_of_5000(void **state)
{
	static const struct {
		int64_t count, last;
		int pieces;
	} CASES[] = {{1, 1, 1},    {1001, 1001, 1},  {4999, 4999, 1},   {5000, 5000, 1},
		     {5001, 1, 2}, {12345, 2345, 3}, {100000, 5000, 20}};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct jobs jobs = {.n = 0};
		int64_t sizes[32] = {0}, id = claim(f, CASES[i].count, f->user, &jobs), sum = 0;

		must(f, store_claim_pieces(f->db, id, note_size, sizes, &f->e));
		assert_int_equal(sizes[0], CASES[i].pieces);
		assert_int_equal(jobs.n, CASES[i].pieces);
		for (int k = 1; k <= sizes[0]; k++) {
			sum += sizes[k];
			assert_int_equal(sizes[k],
					 k < sizes[0] ? SHARE_CLAIM_PIECE : CASES[i].last);
		}
		assert_int_equal(sum, CASES[i].count);
		assert_int_equal(get(f, id).open, CASES[i].count);
		assert_int_equal(get(f, id).state, CLAIM_OPEN);
	}
	assert_int_equal(scalar(f, "SELECT COUNT(*) = COUNT(DISTINCT serial) FROM claim_piece"), 1);
	assert_int_equal(scalar(f,
				"SELECT COUNT(*) FROM claim_piece p JOIN job j ON j.id = p.job_id"
				" AND j.request_key = p.serial AND j.payload = '{\"count\":\"' ||"
				" p.size || '\"}'"),
			 scalar(f, "SELECT COUNT(*) FROM claim_piece"));
}

/* G14: 35000 came, 5000 did not, and can be asked for again with the same serial. */
static void what_failed_goes_on(void **state)
{
	struct fixture *f = *state;
	struct jobs jobs = {.n = 0}, more = {.n = 0};
	int64_t id = claim(f, 40000, f->user, &jobs), shorts = 0;
	struct job first, second;
	struct claim c;

	for (size_t i = 0; i < 8; i++)
		ends(f, jobs.ids[i], 1 + (int64_t)i * 5000, i == 7 ? 0 : 5000);
	c = get(f, id);
	assert_int_equal(c.claimed, 35000);
	assert_int_equal(c.failed, 5000);
	assert_int_equal(c.state, CLAIM_SHORT);
	assert_non_null(strstr(c.message, "不给"));
	must(f, store_claim_short(f->db, f->unit, &shorts, &f->e));
	assert_int_equal(shorts, id);
	assert_int_equal(again(f, id, &more), 5000);
	assert_int_equal(more.n, 1);
	must(f, store_job_get(f->db, jobs.ids[7], &first, &f->e));
	must(f, store_job_get(f->db, more.ids[0], &second, &f->e));
	assert_string_equal(first.request_key, second.request_key);
	assert_string_equal(first.payload, second.payload);
	job_free(&first);
	job_free(&second);
	/* Asked by two at once: the second joins. */
	more.n = 0;
	assert_int_equal(again(f, id, &more), 0);
	assert_int_equal(more.n, 1);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM job"), 9);
	assert_int_equal(get(f, id).state, CLAIM_OPEN);
	ends(f, more.ids[0], 40001, 5000);
	assert_int_equal(get(f, id).state, CLAIM_DONE);
	assert_int_equal(get(f, id).claimed, 40000);
	must(f, store_claim_short(f->db, f->unit, &shorts, &f->e));
	assert_int_equal(shorts, 0);
}

static void what_cannot_go_on(void **state)
{
	struct fixture *f = *state;
	struct unit u = unit_of(f);
	struct jobs jobs = {.n = 0};
	int64_t id = claim(f, 7, f->user, &jobs), asked;

	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "claim.unknown",
		  store_claim_continue(f->db, &u, id + 1, f->user, &asked, NULL, NULL, &f->e));
	db_rollback(f->db);
	ends(f, jobs.ids[0], 1, 7);
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "claim.done",
		  store_claim_continue(f->db, &u, id, f->user, &asked, NULL, NULL, &f->e));
	db_rollback(f->db);
	/* Of another unit it is not there. */
	u.id = f->direct;
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "claim.unknown",
		  store_claim_continue(f->db, &u, id, f->user, &asked, NULL, NULL, &f->e));
	db_rollback(f->db);
	unit_free(&u);
}

/* The tax side gave 3000 of 5000: the rest needs a serial of its own. */
static void a_part_is_completed(void **state)
{
	struct fixture *f = *state;
	struct jobs jobs = {.n = 0}, more = {.n = 0};
	int64_t id = claim(f, 5000, f->user, &jobs);

	ends(f, jobs.ids[0], 1, 3000);
	assert_int_equal(get(f, id).claimed, 3000);
	assert_int_equal(get(f, id).state, CLAIM_SHORT);
	assert_int_equal(again(f, id, &more), 2000);
	assert_int_equal(more.n, 1);
	assert_int_equal(scalar(f, "SELECT COUNT(DISTINCT serial) FROM claim_piece"), 2);
	assert_int_equal(get(f, id).asked, 5000);
	ends(f, more.ids[0], 3001, 2000);
	assert_int_equal(get(f, id).state, CLAIM_DONE);
}

/* Nobody asked by name: what failed before comes first, with its serials. */
static void failed_pieces_are_taken_up(void **state)
{
	struct fixture *f = *state;
	struct jobs jobs = {.n = 0};
	int64_t small, large;

	assert_true(clock_start("2025-11-20T10:00:00+08:00"));
	large = claim(f, 12000, f->user, &jobs);
	small = claim(f, 100, 0, &jobs);
	for (size_t i = 0; i < jobs.n; i++)
		ends(f, jobs.ids[i], 0, 0);
	assert_int_equal(take_up(f, 99), 0); /* larger than what is wanted */
	assert_int_equal(take_up(f, 100), 100);
	assert_int_equal(get(f, small).state, CLAIM_OPEN);
	assert_int_equal(get(f, large).state, CLAIM_SHORT);
	assert_int_equal(take_up(f, 6000), 5000);
	assert_int_equal(get(f, large).open, 5000);
	run_sql(f, "UPDATE job SET state = 'failed'");
	/* 100, 5000 and 5000 fit; one of 2000 does not. */
	assert_int_equal(take_up(f, 10100), 10100);
	run_sql(f, "UPDATE job SET state = 'failed'");
	assert_int_equal(take_up(f, 10000), 7000); /* the others have been tried three times */
	run_sql(f, "UPDATE job SET state = 'cancelled'");
	assert_int_equal(take_up(f, 100000), 0); /* a person does not want them */
	run_sql(f, "UPDATE job SET state = 'failed'");
	run_sql(f, "UPDATE claim_piece SET jobs = 1");
	assert_true(clock_start("2026-01-01T00:00:01+08:00"));
	assert_int_equal(take_up(f, 100000), 0); /* numbers of last year are no use */
	clock_start(NULL);
}

/* After a restore a serial may have given its numbers to the home that was lost. */
static void a_restore_ends_them(void **state)
{
	struct fixture *f = *state;
	struct unit u = unit_of(f);
	struct jobs jobs = {.n = 0};
	int64_t open = claim(f, 100, f->user, &jobs), failed = claim(f, 200, 0, &jobs), asked;

	ends(f, jobs.ids[1], 0, 0);
	must(f, db_begin(f->db, &f->e));
	must(f, store_claim_close_all(f->db, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(get(f, open).state, CLAIM_CLOSED);
	assert_int_equal(get(f, failed).state, CLAIM_CLOSED);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM job WHERE state IN ('ready', 'running')"),
			 0);
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "claim.closed",
		  store_claim_continue(f->db, &u, failed, f->user, &asked, NULL, NULL, &f->e));
	db_rollback(f->db);
	assert_int_equal(take_up(f, 1000), 0);
	unit_free(&u);
}

/* A claim with less than two steps at once, by chance: the sums hold, and a serial gives one
 * segment. */
static void at_random(void **state)
{
	struct fixture *f = *state;
	struct jobs jobs;
	int64_t ids[6], next = 1;

	for (int i = 0; i < 6; i++)
		ids[i] = claim(f, 1 + pick(30000), f->user, NULL);
	for (int round = 0; round < 40; round++) {
		int64_t id = ids[pick(6)];
		struct claim c = get(f, id);

		if (c.state == CLAIM_DONE)
			continue;
		jobs.n = 0;
		assert_int_equal(again(f, id, &jobs), c.failed);
		for (size_t k = 0; k < jobs.n; k++) {
			int64_t size = 0, all = 0;

			if (pick(3) == 0)
				continue; /* still under way */
			must(f, db_get_int(f->db, &f->e, &all, NULL,
					   "SELECT size FROM claim_piece WHERE job_id = ?", "l",
					   jobs.ids[k]));
			if (pick(3))
				size = pick(5) ? all : 1 + pick((uint32_t)all);
			ends(f, jobs.ids[k], next, size);
			next += size;
		}
	}
	assert_int_equal(scalar(f, "SELECT SUM(size) FROM segment"), next - 1);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM segment s LEFT JOIN claim_piece p"
				   " ON p.serial = s.serial WHERE p.serial IS NULL"),
			 0);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM segment s JOIN claim_piece p"
				   " ON p.serial = s.serial WHERE s.size > p.size"),
			 0);
}

static enum err see(void *arg, const struct claim *c)
{
	int64_t *seen = arg;

	assert_true(!seen[0] || c->id < seen[1]);
	seen[0]++;
	seen[1] = c->id;
	return ERR_OK;
}

static void listed_newest_first(void **state)
{
	struct fixture *f = *state;
	int64_t seen[2] = {0};

	for (int i = 0; i < 5; i++)
		claim(f, 10, i % 2 ? f->user : 0, NULL);
	must(f, store_claim_list(f->db, f->unit, 0, 3, see, seen, &f->e));
	assert_int_equal(seen[0], 3);
	must(f, store_claim_list(f->db, f->unit, seen[1], 9, see, seen, &f->e));
	assert_int_equal(seen[0], 5);
	seen[0] = 0;
	must(f, store_claim_list(f->db, f->direct, 0, 9, see, seen, &f->e));
	assert_int_equal(seen[0], 0);
}

/* The statements of the migration that fill the tables, once more. */
static void migrate(struct fixture *f)
{
	const struct embedded *sql = embed_find("data/schema/026-claims.sql");
	const char *at = sql->data;

	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "DELETE FROM claim_piece", ""));
	must(f, db_run(f->db, &f->e, NULL, "DELETE FROM claim", ""));
	must(f, db_run(f->db, &f->e, NULL, "DELETE FROM counter WHERE name = 'claim'", ""));
	while ((at = strstr(at, "INSERT "))) {
		const char *end = strchr(at, ';');
		char *one = mem_strndup(at, (size_t)(end - at));

		must(f, db_run(f->db, &f->e, NULL, one, ""));
		free(one);
		at = end;
	}
	must(f, db_commit(f->db, &f->e));
}

/* What an older home claimed becomes claims, and what failed there goes on, too. */
static void an_older_home(void **state)
{
	struct fixture *f = *state;
	struct jobs jobs = {.n = 0}, more = {.n = 0};
	int64_t id = 0;
	struct claim c;

	claim(f, 12345, f->user, &jobs);
	ends(f, jobs.ids[0], 1, 5000);
	ends(f, jobs.ids[1], 0, 0);
	run_sql(f, "UPDATE job SET created_at = 1700000000");
	run_sql(f, "INSERT INTO job (id, kind, unit_id, state, request_key, payload, due_ms,"
		   " created_at, updated_at) VALUES (9000, 'numbers.claim', 4711, 'failed', 'x',"
		   " '{\"count\":\"5\"}', 0, 1, 1)"); /* of a unit that was removed */
	migrate(f);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM claim"), 1);
	must(f, store_claim_short(f->db, f->unit, &id, &f->e));
	c = get(f, id);
	assert_int_equal(c.asked, 12345);
	assert_int_equal(c.claimed, 5000);
	assert_int_equal(c.failed, 5000);
	assert_int_equal(c.open, 2345);
	assert_int_equal(c.created_by, f->user);
	assert_int_equal(again(f, id, &more), 5000);
	assert_true(claim(f, 1, f->user, NULL) > id);
	run_sql(f, "DELETE FROM claim_piece");
	run_sql(f, "DELETE FROM claim");
	run_sql(f, "DELETE FROM job");
	migrate(f); /* a home without any */
	claim(f, 1, f->user, NULL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(in_pieces_of_5000),   T(what_failed_goes_on),        T(what_cannot_go_on),
	    T(a_part_is_completed), T(failed_pieces_are_taken_up), T(a_restore_ends_them),
	    T(at_random),           T(listed_newest_first),        T(an_older_home),
	};

	return cmocka_run_group_tests_name("store_claims", tests, NULL, NULL);
}
