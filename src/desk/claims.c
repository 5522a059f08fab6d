/* claims.c - claiming numbers, and continuing a claim. */
#include "desk/claims.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/page_p.h"

static enum err parse_count(const char *text, int64_t *out, struct err_info *e)
{
	long n = text_all_digits(text) && strlen(text) <= 6 ? strtol(text, NULL, 10) : 0;

	if (n >= 1 && n <= CLAIM_MAX) {
		*out = n;
		return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "numbers.count", "领购数量", "“%.40s”不是 1 至 %d 的整数", text,
		 CLAIM_MAX);
	err_field(e, "count");
	return ERR_INVALID;
}

static void wait_job(void *arg, int64_t job)
{
	desk_wait_job(arg, job);
}

static enum err put_claim(struct session *s, const struct unit *u, int64_t count,
			  struct desk_wait *w, int64_t *id, struct err_info *e)
{
	char subject[24];
	enum err r = store_claim_add(s->db, u, count, s->user.id, id, wait_job, w, e);

	snprintf(subject, sizeof(subject), "%lld", (long long)count);
	return r ? r : desk_audit(s, u->id, "numbers.claim", subject, "", "", e);
}

enum err desk_numbers_claim(struct session *s, const char *count, struct desk_wait *w, int64_t *id,
			    struct err_info *e)
{
	struct unit u;
	int64_t n = 0, claim = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)) || (r = parse_count(count, &n, e)) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = put_claim(s, &u, n, w, &claim, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	if (!r && id)
		*id = claim;
	return r;
}

/* ---- continuing ---- */

/* The claim that is meant.  ERR_INVALID "claim.none", "claim.id". */
static enum err which_claim(struct session *s, const struct unit *u, const char *text, int64_t *id,
			    struct err_info *e)
{
	enum err r;

	if (text) {
		*id = text_all_digits(text) && strlen(text) <= 18 ? strtoll(text, NULL, 10) : 0;
		return *id ? ERR_OK
			   : err_fail(e, ERR_INVALID, "claim.id", "领购", "“%.40s”不是领购编号",
				      text);
	}
	if ((r = store_claim_short(s->db, u->id, id, e)) || *id)
		return r;
	return err_fail(e, ERR_INVALID, "claim.none", "领购", "没有可以继续的领购");
}

static enum err put_again(struct session *s, const struct unit *u, int64_t id, struct desk_wait *w,
			  struct err_info *e)
{
	char subject[24], after[24];
	int64_t again = 0;
	enum err r = store_claim_continue(s->db, u, id, s->user.id, &again, wait_job, w, e);

	snprintf(subject, sizeof(subject), "%lld", (long long)id);
	snprintf(after, sizeof(after), "%lld", (long long)again);
	return r || !again ? r : desk_audit(s, u->id, "numbers.continue", subject, "", after, e);
}

enum err desk_claim_continue(struct session *s, const char *text, struct desk_wait *w, int64_t *id,
			     struct err_info *e)
{
	struct unit u;
	enum err r;

	*id = 0;
	if ((r = desk_allow(s, DESK_STOCK, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = which_claim(s, &u, text, id, e)) || (r = put_again(s, &u, *id, w, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

/* ---- reading ---- */

struct claims {
	struct page page;
	struct db *db;
	int64_t unit;
	claim_row_each f;
	void *arg;
};

static enum err give_claim(void *arg, const struct claim *c)
{
	struct claims *l = arg;
	struct claim_row row = {.claim = c, .by = "自动领购"};
	struct app_user u;

	if (!page_takes(&l->page, c->id))
		return ERR_OK;
	if (c->created_by && !store_user_get(l->db, c->created_by, &u, NULL))
		row.by = *u.display_name ? u.display_name : u.name;
	return l->f(l->arg, &row);
}

static enum err read_claims(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct claims *l = (struct claims *)p;

	return store_claim_list(l->db, l->unit, cursor, max, give_claim, l, e);
}

enum err desk_claim_list(struct session *s, int64_t cursor, int limit, claim_row_each f, void *arg,
			 int64_t *next, int64_t *total, struct err_info *e)
{
	struct claims l = {.page = {.read = read_claims}, .db = s->db, .f = f, .arg = arg};
	enum err r;

	*next = *total = 0;
	if ((r = desk_own_unit(s, DESK_VIEW, &l.unit, e)))
		return r;
	return page_list(&l.page, cursor, limit, next, total, e);
}

enum err desk_claim_get(struct session *s, int64_t id, struct claim *out, struct err_info *e)
{
	int64_t unit;
	bool found = false;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	if (r)
		return r;
	r = store_claim_get(s->db, unit, id, out, &found, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "claim.unknown", "领购", "本单位没有第 %lld 号领购",
			     (long long)id);
	return r;
}

enum err desk_claim_pieces(struct session *s, int64_t id, claim_piece_each f, void *arg,
			   struct err_info *e)
{
	struct claim c;
	enum err r = desk_claim_get(s, id, &c, e);

	return r ? r : store_claim_pieces(s->db, id, f, arg, e);
}

enum err desk_claim_short(struct session *s, struct claim *out, bool *found, struct err_info *e)
{
	int64_t unit;
	int64_t id = 0;
	enum err r;

	*found = false;
	if ((r = desk_own_unit(s, DESK_VIEW, &unit, e)))
		return r;
	if (!(r = store_claim_short(s->db, unit, &id, e)) && id)
		r = store_claim_get(s->db, unit, id, out, found, e);
	return r;
}

const char *desk_claim_words(const struct claim *c, char out[CLAIM_WORDS])
{
	char open[32] = "";

	if (c->open)
		snprintf(open, sizeof(open), " / 未完 %lld", (long long)c->open);
	snprintf(out, CLAIM_WORDS, "成功 %lld / 失败 %lld%s%s", (long long)c->claimed,
		 (long long)c->failed, open, c->state == CLAIM_SHORT ? ", 可继续" : "");
	return out;
}
