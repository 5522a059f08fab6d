/* red_apply.c - applying for a red letter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/red_p.h"

/* ---- what has to be here before ---- */

struct bare_letters {
	struct session *s;
	struct desk_wait *w;
};

static enum err fetch_lines(void *arg, const struct red_row *row)
{
	struct bare_letters *b = arg;
	struct red_record rec = {.id = row->id,
				 .unit_id = row->unit_id,
				 .side = row->side,
				 .progress = row->progress,
				 .detail_at = row->detail_at};

	text_copy(rec.letter.entered_at, sizeof(rec.letter.entered_at), row->entered_at);
	return red_add_lines(b->s, &rec, b->w, NULL);
}

enum err desk_red_prepare(struct session *s, enum red_side side, const char *blue_number,
			  struct desk_wait *w, struct err_info *e)
{
	struct bare_letters b = {s, w};
	struct red_filter f = {.side = &side, .blue_number = blue_number, .limit = 1000};
	struct unit u;
	int64_t next;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	f.unit = u.id;
	r = red_add_risk(s, &u, w, e);
	unit_free(&u);
	if (r || (r = db_begin(s->db, e)))
		return r;
	if ((r = store_red_page(s->db, &f, fetch_lines, &b, &next, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* ---- the letter ---- */

enum err desk_red_preview(struct session *s, const struct red_request *q, struct red_letter *out,
			  struct err_info *e)
{
	enum err r = desk_allow(s, DESK_ISSUE, e);

	if (r)
		return r;
	if ((r = tax_red_fill(&q->source->blue, q->source->side, q->reason, q->wishes,
			      q->wish_count, out, e)))
		return r;
	if ((r = tax_red_check(out, &q->source->blue, NULL, e)))
		red_letter_free(out);
	return r;
}

/* The job of an application that is on record, and a word of who asked for it. */
static enum err set_out(struct session *s, const struct unit *u, int64_t id,
			const struct red_letter *l, const char *what, struct desk_wait *w,
			struct err_info *e)
{
	char net[FEN_TEXT];
	enum err r = red_add_job(s, JOB_RED_APPLY, u->id, id, "", w, e);

	fen_format(l->net_fen, net);
	return r ? r
		 : desk_audit(s, u->id, what, l->blue_number, red_reason_label(l->reason), net, e);
}

/* Inserts the letter, lent to a record, and what is to be done with it. */
static enum err insert(struct session *s, const struct unit *u, const struct red_source *src,
		       const struct red_letter *l, int64_t *id, struct desk_wait *w,
		       struct err_info *e)
{
	struct red_record rec = {.unit_id = u->id,
				 .side = src->side,
				 .progress = RED_APPLYING,
				 .blue_invoice_id = src->invoice_id,
				 .created_by = s->user.id,
				 .letter = *l};
	enum err r;

	datetime_text(clock_now(), rec.letter.entered_at);
	if ((r = store_red_insert(s->db, &rec, e)))
		return r;
	*id = rec.id;
	return set_out(s, u, rec.id, l, "red.apply", w, e);
}

/* What is left is asked again inside the transaction: another clerk may have been quicker. */
static enum err apply(struct session *s, const struct unit *u, const struct red_request *q,
		      int64_t *id, struct desk_wait *w, struct err_info *e)
{
	struct red_letter l;
	enum err r;

	if ((r = red_unit_may(s, u, e)) || (r = red_source_rest(s, u->id, q->source, e)) ||
	    (r = desk_red_preview(s, q, &l, e)))
		return r;
	r = insert(s, u, q->source, &l, id, w, e);
	red_letter_free(&l);
	return r;
}

enum err desk_red_apply(struct session *s, const struct red_request *q, int64_t *id,
			struct desk_wait *w, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit_issues(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = apply(s, &u, q, id, w, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

/* ---- once more ---- */

/* Checked against what is left of the invoice when it is here; else the tax side knows. */
static enum err check_again(struct session *s, const struct unit *u, const struct red_record *old,
			    struct red_source *src, struct err_info *e)
{
	enum err r;

	*src = (struct red_source) {.side = old->side};
	if (old->blue_invoice_id) {
		if ((r = desk_red_source(s, old->side, old->letter.blue_number, src, e)))
			return r;
		return tax_red_check(&old->letter, &src->blue, NULL, e);
	}
	if ((r = red_refuse_under_way(s, u->id, old->side, old->letter.blue_code,
				      old->letter.blue_number, e)))
		return r;
	return tax_red_check(&old->letter, NULL, NULL, e);
}

/* Whether it may be asked first: what was refused is not, once it is under way again. */
static enum err again(struct session *s, const struct unit *u, int64_t letter, struct desk_wait *w,
		      struct err_info *e)
{
	struct red_record rec;
	struct red_source src = {.side = RED_SELLER};
	enum err r = store_red_get(s->db, letter, &rec, e);

	if (r || (r = red_of_unit(u, &rec, e)))
		return r;
	if (rec.progress == RED_REFUSED && !(r = red_unit_may(s, u, e)))
		r = check_again(s, u, &rec, &src, e);
	red_source_free(&src);
	if (!r && !(r = store_red_reapply(s->db, &rec, s->user.id, e)))
		r = set_out(s, u, letter, &rec.letter, "red.again", w, e);
	red_record_free(&rec);
	return r;
}

enum err desk_red_again(struct session *s, int64_t letter, int64_t *id, struct desk_wait *w,
			struct err_info *e)
{
	struct unit u;
	enum err r;

	*id = letter;
	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit_issues(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = again(s, &u, letter, w, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

/* ---- no more ---- */

static enum err drop(struct session *s, const struct unit *u, int64_t letter, bool *done,
		     struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(s->db, letter, &rec, e);

	if (r || (r = red_of_unit(u, &rec, e)))
		return r;
	r = store_red_drop(s->db, letter, s->user.id, done, e);
	if (!r && !*done)
		r = desk_audit(s, u->id, "red.drop", rec.letter.blue_number, rec.message, "", e);
	red_record_free(&rec);
	return r;
}

enum err desk_red_drop(struct session *s, int64_t letter, bool *done, struct err_info *e)
{
	struct unit u;
	bool before = false;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = drop(s, &u, letter, &before, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	if (done)
		*done = before;
	return r;
}
