/* Lists of red letters: pages and counts against every letter asked itself. */
#include "store_red_fixture.h"

#include "store/db_sqlite_p.h"

#define NOW "2026-11-20T10:00:00+08:00"

/* ---- lists ----------------------------------------------------------------------------------- */

enum { FEW = 700, MANY = 13000, ROOM = MANY + 100 };

struct copy {
	int64_t id, place;
	enum red_side side, entered_by;
	enum red_state state;
	enum red_situation situation;
	bool issued;
	char party[64], blue[24], blue_day[DATE_TEXT], entered[DATE_TEXT];
};
struct copies {
	struct copy at[ROOM];
	size_t n;
};

static enum err keep(void *arg, const struct red_row *row)
{
	struct copies *c = arg;
	struct copy *k = &c->at[c->n++];

	assert_true(c->n <= ROOM);
	*k = (struct copy) {row->id,     row->place,
			    row->side,   row->entered_by,
			    row->state,  row->situation,
			    row->issued, "",
			    "",          "",
			    ""};
	text_copy(k->party, sizeof(k->party), row->party_name);
	text_copy(k->blue, sizeof(k->blue), row->blue_number);
	snprintf(k->blue_day, sizeof(k->blue_day), "%.10s", row->blue_issued_at);
	snprintf(k->entered, sizeof(k->entered), "%.10s", row->entered_at);
	return ERR_OK;
}

/* An answer of ours that has no result, in some that are open. */
static void random_answers(struct fixture *f)
{
	for (int64_t id = 1; id <= scalar(f, "SELECT MAX(id) FROM red_letter"); id += 1 + pick(4)) {
		struct red_record r;

		must(f, store_red_head(f->db, id, &r, &f->e));
		if (r.progress == RED_KNOWN && red_state_open(r.letter.state) && !r.letter.issued)
			must(f, store_red_act_begin(f->db, id, RED_REVOKE, f->user, &f->e));
		red_record_free(&r);
	}
}

/* Letters and days of all kinds; some of ours on the way, refused, put away. */
static void random_letters(struct fixture *f, int letters)
{
	for (int i = 1; i <= letters; i++) {
		struct red_letter l;
		enum red_side side = (enum red_side)pick(2);
		enum red_state s = (enum red_state)(1 + pick(13));
		enum red_put what;
		letter_of(&l, i, (enum red_side)pick(2), s);
		l.issued = (s == RED_FREE || s == RED_AGREED) && pick(2);
		mem_set(side == RED_SELLER ? &l.buyer_name : &l.seller_name,
			pick(3) ? parties[pick(4)] : "很少");
		if (pick(50) == 0) { /* more names than are followed one by one */
			char name[32];
			snprintf(name, sizeof(name), "散户%03u", pick(100));
			mem_set(side == RED_SELLER ? &l.buyer_name : &l.seller_name, name);
		}
		snprintf(l.blue_issued_at, DATETIME_TEXT, "2026-%02u-%02u 09:00:00", 8 + pick(3),
			 1 + pick(28));
		snprintf(l.entered_at, DATETIME_TEXT, "2026-11-%02u 0%u:%02u:00", 1 + pick(19),
			 pick(10), pick(60));
		char blue[32];
		snprintf(blue, sizeof(blue), "261120000000000000%02u", pick(40));
		mem_set(&l.blue_number, blue);
		must(f, store_red_put(f->db, f->unit, side, &l, &what, NULL, &f->e));
		red_letter_free(&l);
	}
	for (int i = 0; i < 18; i++) {
		bool done;

		struct red_record r = {.unit_id = f->unit, .side = (enum red_side)pick(2)};
		char blue[32];
		letter_of(&r.letter, 0, r.side, RED_UNKNOWN);
		mem_set(&r.letter.number, "");
		mem_set(&r.letter.uuid, "");
		snprintf(blue, sizeof(blue), "26112000000000009%03d", i);
		mem_set(&r.letter.blue_number, blue);
		r.letter.entered_at[0] = '\0';
		must(f, store_red_insert(f->db, &r, &f->e));
		if (i % 3)
			must(f, store_red_progress(f->db, r.id,
						   i % 3 == 1 ? RED_DOUBTFUL : RED_REFUSED, "",
						   &f->e));
		if (i % 6 == 5)
			must(f, store_red_drop(f->db, r.id, f->user, &done, &f->e));
		red_record_free(&r);
	}
	random_answers(f);
}

struct asked {
	struct red_filter f;
	enum red_side side;
	enum red_situation situation;
	bool sent, issued;
	char blue[32];
};

static void random_filter(struct fixture *f, struct asked *a)
{
	static const char *const parts[] = {"公司",     "上海", "abc", "很少",
					    "没有这家", "丙",   "散户"};

	memset(a, 0, sizeof(*a));
	a->f.unit = f->unit;
	if (pick(2)) {
		a->side = (enum red_side)pick(2);
		a->f.side = &a->side;
	}
	if (pick(3) == 0) {
		a->sent = pick(2);
		a->f.sent = &a->sent;
	}
	if (pick(3) == 0)
		a->f.states = pick(1u << RED_STATES);
	if (pick(5) == 0) {
		a->issued = pick(2);
		a->f.issued = &a->issued;
	}
	if (pick(4) == 0) {
		a->situation = (enum red_situation)pick(RED_SITUATIONS);
		a->f.situation = &a->situation;
	}
	if (pick(4) == 0)
		a->f.party = parts[pick(7)];
	if (pick(6) == 0) {
		snprintf(a->blue, sizeof(a->blue), "261120000000000000%02u", pick(40));
		a->f.blue_number = a->blue;
	}
	if (pick(4) == 0)
		snprintf(a->f.blue_from, DATE_TEXT, "2026-%02u-%02u", 8 + pick(3), 1 + pick(28));
	if (pick(4) == 0)
		snprintf(a->f.blue_to, DATE_TEXT, "2026-%02u-%02u", 8 + pick(3), 1 + pick(28));
	if (pick(4) == 0)
		snprintf(a->f.entered_from, DATE_TEXT, "2026-11-%02u", 1 + pick(20));
	if (pick(4) == 0)
		snprintf(a->f.entered_to, DATE_TEXT, "2026-11-%02u", 1 + pick(20));
}

/* What the filter says, of one letter. */
static bool fits(const struct asked *a, const struct copy *c)
{
	const char *entered = *c->entered ? c->entered : "2026-11-20"; /* today */
	bool name = !a->f.party || strstr(c->party, a->f.party) ||
		    (!strcmp(a->f.party, "abc") && strstr(c->party, "ＡＢＣ"));

	return (!a->f.side || a->side == c->side) &&
	       (!a->f.sent || a->sent == (c->side == c->entered_by)) &&
	       (!a->f.states || a->f.states >> c->state & 1) &&
	       (!a->f.issued || a->issued == c->issued) &&
	       (!a->f.situation || a->situation == c->situation) && name &&
	       (!a->f.blue_number || !strcmp(a->blue, c->blue)) &&
	       (!*a->f.blue_from || strcmp(c->blue_day, a->f.blue_from) >= 0) &&
	       (!*a->f.blue_to || strcmp(c->blue_day, a->f.blue_to) <= 0) &&
	       (!*a->f.entered_from || strcmp(entered, a->f.entered_from) >= 0) &&
	       (!*a->f.entered_to || strcmp(entered, a->f.entered_to) <= 0);
}

/* All pages of a filter, one after the other. */
static void read_all(struct fixture *f, struct red_filter *filter, uint32_t most,
		     struct copies *out)
{
	int64_t next = 0;

	out->n = 0;
	filter->cursor = 0;
	do {
		size_t before = out->n;
		filter->limit = 1 + (int)pick(most);
		must(f, store_red_page(f->db, filter, keep, out, &next, &f->e));
		assert_true(out->n - before <= (size_t)filter->limit);
		assert_true(!next || !filter->cursor || next < filter->cursor);
		filter->cursor = next;
	} while (next);
}

/* Pages may be cut short: read to the end, they are what was asked for all the same. */
static void check_filter(struct fixture *f, struct asked a, const struct copies *all, uint32_t most,
			 struct copies *got, struct copies *last)
{
	int64_t count, next;
	bool at_least;
	size_t n = 0, end;

	read_all(f, &a.f, most, got);
	for (size_t i = 0; i < all->n; i++)
		if (fits(&a, &all->at[i])) {
			assert_true(n < got->n);
			assert_int_equal(got->at[n].id, all->at[i].id);
			n++;
		}
	assert_int_equal(n, got->n);
	must(f, store_red_count(f->db, &a.f, ROOM, &count, &at_least, &f->e));
	if (at_least)
		assert_true(count <= (int64_t)n && all->n > FEW * 2);
	else
		assert_int_equal(count, n);
	must(f, store_red_count(f->db, &a.f, 3, &count, &at_least, &f->e));
	assert_true(count <= (int64_t)n && (at_least || count == (int64_t)n));
	/* The oldest, newest of them first. */
	a.f.last_page = true;
	a.f.limit = 10;
	last->n = 0;
	must(f, store_red_page(f->db, &a.f, keep, last, &next, &f->e));
	end = n < 10 ? n : 10;
	if (all->n > FEW * 2 && last->n < end)
		end = last->n; /* cut short */
	assert_int_equal(last->n, end);
	if (end == 10 || all->n <= FEW * 2)
		for (size_t i = 0; i < end; i++)
			assert_int_equal(last->at[i].id, got->at[n - end + i].id);
}

static void check_lists(struct fixture *f, int letters, int rounds, uint32_t most)
{
	struct copies *all = calloc(1, sizeof(*all)), *got = calloc(1, sizeof(*got)),
		      *last = calloc(1, sizeof(*last));
	struct red_filter every = {.unit = f->unit};
	int met = 0;

	assert_true(clock_start("=" NOW));
	must(f, db_begin(f->db, &f->e));
	random_letters(f, letters);
	must(f, db_commit(f->db, &f->e));
	assert_tallies(f);
	read_all(f, &every, most, all);
	assert_int_equal(all->n, scalar(f, "SELECT COUNT(*) FROM red_letter"));
	for (size_t i = 1; i < all->n; i++) {
		const struct copy *newer = &all->at[i - 1], *c = &all->at[i];
		assert_true(c->place < newer->place);
		assert_true(strcmp(*c->entered ? c->entered : "2026-11-20",
				   *newer->entered ? newer->entered : "2026-11-20") <= 0);
	}
	for (int round = 0; round < rounds; round++) {
		struct asked a;
		random_filter(f, &a);
		/* Some that no index begins with: whoever reads on gets them all the same. */
		if (round % 20 == 0)
			a = (struct asked) {.f = {.unit = f->unit, .party = "散户"}};
		check_filter(f, a, all, most, got, last);
		met += got->n > 0;
	}
	assert_true(met > rounds / 4);
	clock_start(NULL);
	free(all);
	free(got);
	free(last);
}

/* E2, E3, E5: random conditions, page by page, against every letter asked by itself. */
static void test_lists(void **state)
{
	check_lists(*state, FEW, 600, 60);
}

/* So many that indexes are tried in turn and pages are cut short. */
static void test_many(void **state)
{
	check_lists(*state, MANY, 120, 500);
}

static void test_named(void **state)
{
	struct fixture *f = *state;
	struct copies *got = calloc(1, sizeof(*got));

	must(f, db_begin(f->db, &f->e));
	random_letters(f, 20);
	must(f, db_commit(f->db, &f->e));
	for (int i = 1; i <= 20; i++) {
		char no[40];
		struct red_filter one = {.unit = f->unit, .no = no};
		snprintf(no, sizeof(no), "2611%016d", i);
		read_all(f, &one, 60, got);
		assert_int_equal(got->n, 1);
		int64_t id = got->at[0].id;
		uuid_of(i, no);
		read_all(f, &one, 60, got);
		assert_int_equal(got->n, 1);
		assert_int_equal(got->at[0].id, id);
		enum red_side other = got->at[0].side == RED_SELLER ? RED_BUYER : RED_SELLER;
		one.side = &other;
		read_all(f, &one, 60, got);
		assert_int_equal(got->n, 0);
	}
	free(got);
}

/* ---- letters without lines ---- */

static int on_ops(void *arg)
{
	(*(int *)arg)++;
	return 0;
}

/* Hundreds of instructions of the database since the last call. */
static int work_of(struct fixture *f, int *counter)
{
	int n = *counter;

	sqlite3_progress_handler(f->db->raw, 100, on_ops, counter);
	*counter = 0;
	return n;
}

/* Of very many void letters without lines neither those of other days nor those that cannot be
 * issued are walked through. */
static void test_bare(void **state)
{
	enum { VOID = 5000, ROOM_IDS = 10 };
	struct fixture *f = *state;
	struct red_letter l;
	int64_t ids[ROOM_IDS], after = 0, open[4] = {0};
	size_t n = 0;
	int counter = 0;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < VOID; i++) {
		bool opens = i % 1250 == 1249;
		letter_of(&l, i + 1, i % 2 ? RED_BUYER : RED_SELLER,
			  opens ? i % 2 ? RED_WAITS_SELLER : RED_FREE : RED_WITHDRAWN);
		red_clear_lines(&l);
		datetime_text(clock_now() - (int64_t)i * 600, l.entered_at);
		int64_t id = put(f, RED_SELLER, &l, RED_PUT_NEW);
		if (opens)
			open[3 - i / 1250] = id; /* oldest first */
		red_letter_free(&l);
	}
	must(f, db_commit(f->db, &f->e));
	work_of(f, &counter);
	for (size_t at = 0; at < 4; at += n) {
		must(f, store_red_bare_open(f->db, f->unit, RED_SELLER, &after, ids, 3, &n, &f->e));
		assert_int_equal(n, at ? 1 : 3);
		assert_memory_equal(ids, open + at, n * sizeof *ids);
	}
	must(f, store_red_bare_open(f->db, f->unit, RED_SELLER, &after, ids, 3, &n, &f->e));
	assert_int_equal(n, 0);
	assert_in_range(work_of(f, &counter), 0, 20);
	/* A day has 144 of them, and they are the only ones looked at. */
	char day[DATE_TEXT];
	int64_t seen = 0;

	date_text(clock_now() - 5 * 86400, day);
	after = 0;
	work_of(f, &counter);
	do {
		must(f, store_red_bare(f->db, f->unit, RED_SELLER, day, day, &after, ids, ROOM_IDS,
				       &n, &f->e));
		seen += (int64_t)n;
	} while (n == ROOM_IDS);
	assert_int_equal(seen, 144);
	assert_in_range(work_of(f, &counter), 0, 60);
	seen = after = 0;
	do {
		must(f, store_red_bare(f->db, f->unit, RED_SELLER, "", "", &after, ids, ROOM_IDS,
				       &n, &f->e));
		seen += (int64_t)n;
	} while (n == ROOM_IDS);
	assert_int_equal(seen, VOID);
	sqlite3_progress_handler(f->db->raw, 0, NULL, NULL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {T(test_lists), T(test_many), T(test_named),
					   T(test_bare)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
