#include "desk/reseal.h"

#include <stdlib.h>

#include "base/base.h"
#include "desk/unit_p.h"
#include "store/post.h"

static bool opens(const unsigned char *key, const char *context, const char *sealed,
		  unsigned char **plain, size_t *n)
{
	return key && !secret_open(key, context, sealed, plain, n, NULL);
}

static void wipe(unsigned char *plain, size_t n)
{
	if (plain)
		secret_wipe(plain, n);
	free(plain);
}

/* One sealed text; *changed: it is another now. */
static enum err renew(struct reseal *r, const char *context, char **sealed, bool *changed,
		      struct err_info *e)
{
	unsigned char *plain = NULL;
	char *fresh = NULL;
	size_t n = 0;
	enum err rc = ERR_OK;

	if (text_empty(*sealed))
		return ERR_OK;
	if (opens(r->now, context, *sealed, &plain, &n)) {
		wipe(plain, n);
		return ERR_OK;
	}
	if (!opens(r->then, context, *sealed, &plain, &n)) {
		r->locked++;
		return ERR_OK;
	}
	rc = secret_seal(r->now, context, plain, n, &fresh, e);
	wipe(plain, n);
	if (rc)
		return rc;
	free(*sealed);
	*sealed = fresh;
	*changed = true;
	r->renewed++;
	return ERR_OK;
}

static enum err renew_key(struct db *db, struct reseal *r, struct unit *u, struct err_info *e)
{
	char context[UNIT_KEY_CONTEXT];
	bool changed = false;
	enum err rc = renew(r, unit_key_context(u, context), &u->sealed_key, &changed, e);

	return rc || !changed ? rc : store_unit_put(db, u, e);
}

static enum err renew_push(struct db *db, struct reseal *r, const struct unit *u,
			   struct err_info *e)
{
	char context[POST_CONTEXT];
	struct push_target t = {0};
	bool found = false, changed = false;
	enum err rc = store_push_target_get(db, u->id, &t, &found, e);

	if (rc || !found)
		return rc;
	if (!(rc = renew(r, push_url_context(u, context), &t.sealed_url, &changed, e)) &&
	    !(rc = renew(r, push_secret_context(u, context), &t.sealed_secret, &changed, e)) &&
	    changed)
		rc = store_push_target_put(db, &t, e);
	push_target_free(&t);
	return rc;
}

static enum err renew_mail(struct db *db, struct reseal *r, const struct unit *u,
			   struct err_info *e)
{
	char context[POST_CONTEXT];
	struct mail_server m = {0};
	bool found = false, changed = false;
	enum err rc = store_mail_server_get(db, u->id, &m, &found, e);

	if (rc || !found)
		return rc;
	if (!(rc = renew(r, mail_secret_context(u, context), &m.sealed_password, &changed, e)) &&
	    changed)
		rc = store_mail_server_put(db, &m, e);
	mail_server_free(&m);
	return rc;
}

enum err reseal_all(struct db *db, struct reseal *r, struct err_info *e)
{
	struct session s = {.db = db};
	struct unit_set set = {0};
	size_t i;
	enum err rc = unit_set_all(&s, NULL, &set, e);

	if (rc)
		return rc;
	for (i = 0; i < set.n && !rc; i++) {
		if (!(rc = renew_key(db, r, &set.items[i], e)) &&
		    !(rc = renew_push(db, r, &set.items[i], e)))
			rc = renew_mail(db, r, &set.items[i], e);
	}
	unit_set_free(&set);
	return rc;
}
