/* buyer_help.h - short ways to a buyer, for the tests of the catalogue. */
#ifndef KP_TESTS_BUYER_HELP_H
#define KP_TESTS_BUYER_HELP_H

#include "store_fixture.h"

static inline struct buyer make(struct fixture *f, const char *name, const char *tax_no)
{
	struct buyer b = {.unit_id = f->unit, .source = SOURCE_ENTERED};

	mem_set(&b.party.name, name);
	mem_set(&b.party.tax_no, tax_no);
	return b;
}

static inline int64_t add(struct fixture *f, const char *name, const char *tax_no)
{
	struct buyer b = make(f, name, tax_no);

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_insert(f->db, &b, &f->e));
	must(f, db_commit(f->db, &f->e));
	int64_t id = b.id;
	buyer_free(&b);
	return id;
}

static inline struct buyer get(struct fixture *f, int64_t id)
{
	struct buyer b;
	bool found = false;

	must(f, store_buyer_get(f->db, f->unit, id, &b, &found, &f->e));
	assert_true(found);
	return b;
}

static inline void update(struct fixture *f, const struct buyer *b)
{
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_update(f->db, b, &f->e));
	must(f, db_commit(f->db, &f->e));
}

/* Names of the best, joined by '|'. */
static inline const char *best(struct fixture *f, const char *text)
{
	static char out[4096];
	struct buyer found[8];
	int n, i;

	out[0] = 0;
	must(f, store_buyer_best(f->db, f->unit, text, 8, found, &n, &f->e));
	for (i = 0; i < n; i++) {
		size_t used = strlen(out);

		snprintf(out + used, sizeof(out) - used, "%s%s", i ? "|" : "", found[i].party.name);
		buyer_free(&found[i]);
	}
	return out;
}

struct page {
	char names[4096];
	int n;
};

static inline enum err put_name(void *arg, const struct buyer *b)
{
	struct page *p = arg;
	size_t used = strlen(p->names);

	snprintf(p->names + used, sizeof(p->names) - used, "%s%s", used ? "|" : "", b->party.name);
	p->n++;
	return ERR_OK;
}

static inline const char *list(struct fixture *f, struct buyer_query q, int64_t *next)
{
	static struct page p;
	int64_t counted = 0, after = 0;

	p = (struct page) {.n = 0};
	q.limit = q.limit ? q.limit : 100;
	must(f, store_buyer_list(f->db, f->unit, &q, put_name, &p, &after, &f->e));
	must(f, store_buyer_count(f->db, f->unit, &q, 1000, &counted, &f->e));
	if (!q.cursor && !after)
		assert_int_equal(counted, p.n);
	if (next)
		*next = after;
	return p.names;
}

#endif
