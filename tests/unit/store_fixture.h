/* store_fixture.h - a private database with a user, a direct unit and a using unit, for store
 * tests. */
#ifndef KP_TESTS_STORE_FIXTURE_H
#define KP_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "store/store.h"

struct fixture {
	char dir[64], path[96];
	struct db *db;
	struct err_info e;
	int64_t user, direct, unit;
};

/* Fails with the sentence of the error. */
#define must(f, call)                                                                              \
	do {                                                                                       \
		char sentence_[1200];                                                              \
		err_clear(&(f)->e);                                                                \
		if ((call) != ERR_OK)                                                              \
			fail_msg("%s: %s [%s] %s", #call,                                          \
				 err_sentence(&(f)->e, sentence_, sizeof(sentence_)), (f)->e.code, \
				 (f)->e.detail);                                                   \
	} while (0)
/* Fails unless the call fails with the class and code. */
#define must_fail(f, cls, word, call)                                                              \
	do {                                                                                       \
		err_clear(&(f)->e);                                                                \
		assert_int_equal((call), cls);                                                     \
		assert_string_equal((f)->e.code, word);                                            \
	} while (0)

static inline void fixture_dir(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	snprintf(f->dir, sizeof(f->dir), "%s/kp-store-XXXXXX", P_tmpdir);
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/kaipiao.db", f->dir);
}

static inline int64_t fixture_using(struct fixture *f, enum unit_env env, const char *tax_no,
				    int64_t direct)
{
	struct unit u = {
	    .direct = direct == 0,
	    .direct_id = direct,
	    .env = env,
	    .tax_no = mem_strdup(tax_no),
	    .name = mem_strdup("测试有限公司"),
	    .leqi_id = mem_strdup("0123456789abcdef0123"),
	};
	must(f, store_unit_put(f->db, &u, &f->e));
	int64_t id = u.id;
	unit_free(&u);
	return id;
}

static inline void fixture_open(struct fixture *f)
{
	fixture_dir(f);
	must(f, db_open(f->path, DB_CREATE, &f->db, &f->e));
	struct app_user u = {.name = "clerk",
			     .display_name = "开票员",
			     .os_user = "os",
			     .role = "admin",
			     .enabled = true};
	must(f, db_begin(f->db, &f->e));
	must(f, store_user_add(f->db, &u, &f->e));
	f->user = u.id;
	f->direct = fixture_using(f, ENV_PRACTICE, "91440300DIRECT0001", 0);
	f->unit = fixture_using(f, ENV_PRACTICE, "91440300USING00001", f->direct);
	must(f, db_commit(f->db, &f->e));
}

static inline int fixture_remove(const char *path, const struct stat *st, int kind,
				 struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	return remove(path);
}

static inline void fixture_close(struct fixture *f)
{
	db_close(&f->db);
	assert_int_equal(nftw(f->dir, fixture_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static inline int fixture_setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));
	fixture_open(f);
	*state = f;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

/* A small generator, so that a failure can be repeated. */
static uint64_t fixture_seed = 20251120;
static inline uint32_t pick(uint32_t n)
{
	fixture_seed = fixture_seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(fixture_seed >> 33) % n;
}

static inline int64_t scalar(struct fixture *f, const char *sql)
{
	int64_t v = -1;
	must(f, db_get_int(f->db, &f->e, &v, NULL, sql, ""));
	return v;
}

/* A statement on its own, in a transaction of its own. */
static inline void run_sql(struct fixture *f, const char *sql)
{
	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL, sql, ""));
	must(f, db_commit(f->db, &f->e));
}

/* A segment of n numbers of the year. */
static inline void fixture_segment(struct fixture *f, int64_t unit, const char *first, int64_t n,
				   int year)
{
	struct segment s = {.unit_id = unit, .size = n, .year = year};
	snprintf(s.serial, sizeof(s.serial), "serial-%s-%d", first, (int)unit);
	text_copy(s.first, sizeof(s.first), first);
	unsigned long long tail = strtoull(first + 6, NULL, 10) + (unsigned long long)n - 1;
	snprintf(s.last, sizeof(s.last), "%.6s%014llu", first, tail);
	must(f, store_segment_add(f->db, &s, &f->e));
}

/* An invoice of one line of 100.00 at 13 %. */
static inline void fixture_invoice(struct fixture *f, struct invoice_record *r, const char *buyer)
{
	memset(r, 0, sizeof(*r));
	invoice_init(&r->invoice);
	r->unit_id = f->unit;
	r->created_by = f->user;
	r->state = INVOICE_DRAFT;
	mem_set(&r->invoice.buyer.name, buyer);
	struct tax_line *l = invoice_add_line(&r->invoice);
	mem_set(&l->name, "服务费");
	l->rate_ppm = 130000;
	l->has_amount = true;
	l->amount_fen = l->full_amount_fen = l->net_fen = 10000;
	l->tax_fen = 1300;
	l->gross_fen = 11300;
	r->invoice.net_fen = 10000;
	r->invoice.tax_fen = 1300;
	r->invoice.gross_fen = 11300;
}

#endif
