/* A home for tests of the engine without a tax side: its direct unit has a key, and an address at
 * which nothing listens. */
#ifndef KP_TESTS_SYNC_FIXTURE_H
#define KP_TESTS_SYNC_FIXTURE_H

#include "store_fixture.h"
#include "sync/sync_p.h"

/* Inside a transaction. */
static inline void sync_fixture_key(struct fixture *f)
{
	unsigned char secret[SECRET_KEY], key[LEQI_KEY] = "0123456789abcde";
	char path[HOME_PATH], context[UNIT_KEY_CONTEXT];
	struct unit u;

	must(f, home_path(f->dir, HOME_SECRET, path, &f->e));
	must(f, secret_load(path, 1, secret, &f->e));
	must(f, store_unit_get(f->db, f->direct, &u, &f->e));
	free(u.sealed_key);
	must(f, secret_seal(secret, unit_key_context(&u, context), key, sizeof key, &u.sealed_key,
			    &f->e));
	mem_set(&u.url, "https://127.0.0.1:1/access/v2/invoke/");
	must(f, store_unit_put(f->db, &u, &f->e));
	unit_free(&u);
}

/* A new engine does what is due; returns when the next is, in milliseconds. */
static inline int64_t sync_fixture_work(struct fixture *f)
{
	struct engine *en = NULL;
	int64_t next = 0;

	must(f, sync_open(f->dir, &en, &f->e));
	must(f, sync_work(en, &next, NULL, &f->e));
	sync_close(&en);
	return next;
}

#endif
