/* drafts_change.c - 合并, 拆分, and taking them back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/drafts_p.h"
#include "desk/forms.h"
#include "desk/types.h"

enum { RESULTS_MAX = SPLIT_PARTS_MAX };

/* ---- sources ---- */

struct source {
	struct invoice invoice; /* owned */
	struct form_state form; /* owned; id 0: none */
	int64_t draft, user_id;
};

struct work {
	struct session *s;
	struct unit u;
	struct source *sources;
	size_t count;
};

static void work_free(struct work *w)
{
	size_t i;

	for (i = 0; i < w->count; i++) {
		invoice_free(&w->sources[i].invoice);
		form_state_free(&w->sources[i].form);
	}
	free(w->sources);
	unit_free(&w->u);
}

static enum err read_draft(struct work *w, struct source *to, int64_t id, struct err_info *e)
{
	struct invoice_record r;
	enum err rc = draft_load(w->s, &w->u, id, &r, e);

	if (rc)
		return rc;
	desk_type_renew(w->s, &r, NULL);
	invoice_free(&to->invoice);
	invoice_copy(&to->invoice, &r.invoice);
	to->draft = id;
	to->user_id = r.created_by;
	invoice_record_free(&r);
	return ERR_OK;
}

/* The form is the person's own, and what its screen reads from it counts; the stored draft it was
 * made of goes with it, if it is still there. */
static enum err read_form(struct work *w, struct source *to, const struct draft_ref *ref,
			  struct err_info *e)
{
	struct invoice_record r;
	enum err rc = desk_form_load(w->s, ref->form, &to->form, e);

	if (rc)
		return rc;
	invoice_free(&to->invoice);
	invoice_copy(&to->invoice, ref->invoice);
	to->user_id = w->s->user.id;
	if (!ref->draft || draft_load(w->s, &w->u, ref->draft, &r, NULL))
		return desk_draft_free(w->s, w->u.id, ref->draft, 0, e);
	to->draft = ref->draft;
	invoice_record_free(&r);
	return ERR_OK;
}

static bool same_draft(const struct source *a, const struct source *b)
{
	return (a->draft && a->draft == b->draft) || (a->form.id && a->form.id == b->form.id) ||
	       (*a->invoice.order_no && !strcmp(a->invoice.order_no, b->invoice.order_no));
}

static enum err check_twice(const struct work *w, struct err_info *e)
{
	size_t i, k;

	for (i = 1; i < w->count; i++) {
		for (k = 0; k < i; k++) {
			if (!same_draft(&w->sources[i], &w->sources[k]))
				continue;
			err_fail(e, ERR_INVALID, "draft.twice", "草稿",
				 "第 %zu 张和第 %zu 张是同一个订单或同一张草稿", k + 1, i + 1);
			err_field(e, "[%zu].order_no", i);
			err_hint(e, "请只选其中一张");
			return ERR_INVALID;
		}
	}
	return ERR_OK;
}

/* The order of a source is its own: not issued, in no other draft, not used up. */
static enum err check_order(struct work *w, const struct source *from, struct err_info *e)
{
	const char *no = from->invoice.order_no;
	int64_t id = 0;
	enum err r;

	if ((r = desk_draft_free(w->s, w->u.id, from->draft, from->form.id, e)) || !*no)
		return r;
	if ((r = store_invoice_by_order(w->s->db, w->u.id, no, &id, e)))
		return r;
	if (id && id == from->draft)
		return ERR_OK;
	if (!id)
		return desk_order_free(w->s, w->u.id, no, e);
	err_fail(e, ERR_INVALID, "order.exists", "订单号", "%s 已开票，或另有草稿", no);
	err_field(e, "order_no");
	err_hint(e, "请在开票记录里查这个订单号；要另开一张请换一个");
	return ERR_INVALID;
}

static enum err read_sources(struct work *w, const struct draft_ref *refs, size_t n,
			     struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	w->sources = mem_zalloc((n + 1) * sizeof(*w->sources));
	for (i = 0; i < n && !r; i++) {
		struct source *to = &w->sources[w->count++];

		invoice_init(&to->invoice);
		r = refs[i].form ? read_form(w, to, &refs[i], e)
				 : read_draft(w, to, refs[i].draft, e);
	}
	if (!r)
		r = check_twice(w, e);
	for (i = 0; i < n && !r; i++)
		r = check_order(w, &w->sources[i], e);
	return r;
}

static enum err work_begin(struct work *w, struct session *s, struct err_info *e)
{
	enum err r = desk_allow(s, DESK_ISSUE, e);

	*w = (struct work) {.s = s};
	return r ? r : desk_unit(s, &w->u, e);
}

/* ---- storing ---- */

static char *body_of(const struct invoice *inv)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, FORM_BODY_MAX);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	invoice_put_sparse(&o, inv);
	json_close(&o, '}');
	return buf_detach(&b);
}

static enum err add_source(struct work *w, const struct draft_change *c, int seq,
			   const struct source *from, struct err_info *e)
{
	char *body = body_of(&from->invoice);
	struct draft_source s = {.user_id = from->user_id,
				 .draft_id = from->draft,
				 .form_id = from->form.id,
				 .order_no = from->invoice.order_no,
				 .title = from->form.title,
				 .body = body,
				 .form = from->form.body};
	enum err r;

	if (!body)
		return err_fail(e, ERR_INVALID, "form.size", "草稿", "太大，没有保存");
	r = store_change_source(w->s->db, c, seq, &s, e);
	free(body);
	return r;
}

static enum err drop_source(struct work *w, const struct source *from, struct err_info *e)
{
	struct db *db = w->s->db;
	enum err r = ERR_OK;

	if (from->form.id)
		r = store_form_delete(db, w->u.id, w->s->user.id, from->form.id, e);
	return r || !from->draft ? r : store_invoice_delete_draft(db, from->draft, e);
}

/* The drafts of the sources, which may be results of an earlier change. */
static enum err hand_over(struct work *w, const struct draft_change *c, const int64_t *ids,
			  size_t n, struct err_info *e)
{
	int64_t *from = mem_alloc((w->count + 1) * sizeof(*from));
	size_t i, count = 0;
	enum err r;

	for (i = 0; i < w->count; i++) {
		if (w->sources[i].draft)
			from[count++] = w->sources[i].draft;
	}
	r = store_draft_became(w->s->db, c->id, from, count, ids, n, e);
	free(from);
	return r;
}

/* Sources go, results come. */
static enum err change(struct work *w, bool split, struct invoice *results, size_t n, int64_t *ids,
		       struct err_info *e)
{
	struct draft_change c = {.unit_id = w->u.id, .user_id = w->s->user.id, .split = split};
	char what[64];
	size_t i;
	enum err r;

	if ((r = store_change_add(w->s->db, &c, e)) ||
	    (r = db_next_ids(w->s->db, "invoice", (int64_t)n, &ids[0], e)))
		return r;
	for (i = 1; i < n; i++)
		ids[i] = ids[0] + (int64_t)i;
	for (i = 0; i < w->count && !r; i++)
		r = add_source(w, &c, (int)i, &w->sources[i], e);
	if (!r)
		r = hand_over(w, &c, ids, n, e);
	for (i = 0; i < w->count && !r; i++)
		r = drop_source(w, &w->sources[i], e);
	for (i = 0; i < n && !r; i++) {
		if (!(r = draft_store(w->s, &w->u, &results[i], w->s->user.id, &ids[i], e)))
			r = store_change_result(w->s->db, c.id, ids[i], e);
	}
	if (r)
		return r;
	snprintf(what, sizeof(what), "%zu -> %zu", w->count, n);
	return desk_audit(w->s, w->u.id, split ? "draft.split" : "draft.merge", results[0].order_no,
			  "", what, e);
}

/* A result's order number is new. */
static enum err check_new(struct work *w, const char *no, struct err_info *e)
{
	int64_t id = 0;
	size_t i;
	enum err r;

	if (!*no)
		return ERR_OK;
	for (i = 0; i < w->count; i++) {
		if (!strcmp(w->sources[i].invoice.order_no, no))
			return ERR_OK; /* taken over from the only one that has one */
	}
	if ((r = desk_order_free(w->s, w->u.id, no, e)) ||
	    (r = store_invoice_by_order(w->s->db, w->u.id, no, &id, e)) || !id)
		return r;
	err_fail(e, ERR_INVALID, "order.exists", "订单号", "%s 已经有了", no);
	err_field(e, "order_no");
	err_hint(e, "请另给一个订单号");
	return ERR_INVALID;
}

/* ---- 合并 ---- */

static enum err merge(struct work *w, const struct merge_options *o, struct invoice *out,
		      struct merge_told *told, struct err_info *e)
{
	const struct invoice **items = mem_alloc((w->count + 1) * sizeof(const struct invoice *));
	size_t i;
	enum err r;

	for (i = 0; i < w->count; i++)
		items[i] = &w->sources[i].invoice;
	r = tax_invoices_merge(items, w->count, o->add_up, out, told, e);
	free(items);
	if (r)
		return r;
	if (o->order_no)
		mem_set(&out->order_no, o->order_no);
	if ((r = check_new(w, out->order_no, e)))
		invoice_free(out);
	return r;
}

enum err desk_merge_plan(struct session *s, const struct draft_ref *refs, size_t n,
			 const struct merge_options *o, struct invoice *out,
			 struct merge_told *told, struct err_info *e)
{
	struct work w;
	enum err r = work_begin(&w, s, e);

	if (r)
		return r;
	if (!(r = read_sources(&w, refs, n, e)))
		r = merge(&w, o, out, told, e);
	work_free(&w);
	return r;
}

static enum err merge_now(struct work *w, const struct draft_ref *refs, size_t n,
			  const struct merge_options *o, int64_t *id, struct merge_told *told,
			  struct err_info *e)
{
	struct invoice out;
	enum err r;

	if ((r = read_sources(w, refs, n, e)) || (r = merge(w, o, &out, told, e)))
		return r;
	r = change(w, false, &out, 1, id, e);
	invoice_free(&out);
	return r;
}

enum err desk_merge(struct session *s, const struct draft_ref *refs, size_t n,
		    const struct merge_options *o, int64_t *id, struct merge_told *told,
		    struct err_info *e)
{
	struct work w;
	enum err r = work_begin(&w, s, e);

	if (r)
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = merge_now(&w, refs, n, o, id, told, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	work_free(&w);
	return r;
}

/* ---- 拆分 ---- */

static enum err split(struct work *w, const struct draft_ref *ref, const struct split_rule *rule,
		      struct split_plan *out, struct err_info *e)
{
	enum err r;
	size_t i;

	if ((r = read_sources(w, ref, 1, e)) ||
	    (r = tax_invoice_split(&w->sources[0].invoice, rule, out, e)))
		return r;
	for (i = 0; i < out->count && !r; i++)
		r = check_new(w, out->parts[i].order_no, e);
	if (r)
		split_plan_free(out);
	return r;
}

enum err desk_split_plan(struct session *s, const struct draft_ref *ref,
			 const struct split_rule *rule, struct split_plan *out, struct err_info *e)
{
	struct work w;
	enum err r = work_begin(&w, s, e);

	*out = (struct split_plan) {.parts = NULL};
	if (r)
		return r;
	r = split(&w, ref, rule, out, e);
	work_free(&w);
	return r;
}

static bool same_plan(const struct split_plan *a, const struct split_plan *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		const struct invoice *x = &a->parts[i], *y = &b->parts[i];

		if (x->net_fen != y->net_fen || x->tax_fen != y->tax_fen ||
		    x->line_count != y->line_count || strcmp(x->order_no, y->order_no) != 0)
			return false;
	}
	return true;
}

static enum err split_now(struct work *w, const struct draft_ref *ref,
			  const struct split_rule *rule, const struct split_plan *shown,
			  int64_t *ids, size_t n_max, size_t *n, struct err_info *e)
{
	struct split_plan p;
	enum err r = split(w, ref, rule, &p, e);

	if (r)
		return r;
	*n = p.count;
	if ((shown && !same_plan(shown, &p)) || p.count > n_max) {
		r = err_fail(e, ERR_INVALID, "split.changed", "拆分", "草稿刚才改过，结果不同了");
		err_hint(e, "请再看一次");
	} else {
		r = change(w, true, p.parts, p.count, ids, e);
	}
	split_plan_free(&p);
	return r;
}

enum err desk_split(struct session *s, const struct draft_ref *ref, const struct split_rule *rule,
		    const struct split_plan *shown, int64_t *ids, size_t n_max, size_t *n,
		    struct err_info *e)
{
	struct work w;
	enum err r = work_begin(&w, s, e);

	if (r)
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = split_now(&w, ref, rule, shown, ids, n_max, n, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	work_free(&w);
	return r;
}

/* ---- taking it back ---- */

struct restoring {
	struct work *w;
	int64_t drafts[MERGE_MAX]; /* ids of sources that were stored drafts */
	size_t draft_count, count;
	struct err_info *e;
};

static enum err note_draft(void *arg, const struct draft_source *from)
{
	struct restoring *t = arg;

	t->count++;
	if (from->draft_id && t->draft_count < MERGE_MAX)
		t->drafts[t->draft_count++] = from->draft_id;
	return ERR_OK;
}

static enum err restore_form(struct restoring *t, const struct draft_source *from)
{
	struct form_state f = {
	    .id = from->form_id, .unit_id = t->w->u.id, .user_id = from->user_id};
	enum err r;

	text_copy(f.kind, sizeof(f.kind), "blue");
	text_copy(f.title, sizeof(f.title), from->title);
	f.body = mem_strdup(from->form);
	r = store_form_put(t->w->s->db, &f, t->e);
	form_state_free(&f);
	return r;
}

static enum err restore_draft(struct restoring *t, const struct draft_source *from)
{
	struct invoice inv;
	cJSON *tree = NULL;
	int64_t id = from->draft_id;
	enum err r = json_parse(from->body, strlen(from->body), FORM_BODY_MAX, &tree, t->e);

	if (r)
		return r;
	r = invoice_from_json(tree, "", &inv, t->e);
	json_free(&tree);
	if (r)
		return r;
	inv.buyer_person_said = false;
	r = draft_store(t->w->s, &t->w->u, &inv, from->user_id, &id, t->e);
	invoice_free(&inv);
	return r;
}

/* Under its old ids: a form still names the draft it was made of. */
static enum err restore(void *arg, const struct draft_source *from)
{
	struct restoring *t = arg;
	enum err r = ERR_OK;

	if (from->form)
		r = restore_form(t, from);
	return r || !from->draft_id ? r : restore_draft(t, from);
}

static enum err not_issued(struct work *w, const int64_t *ids, size_t n, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++) {
		struct invoice_record rec;

		if ((r = store_invoice_head(w->s->db, ids[i], &rec, e)))
			break;
		if (rec.state != INVOICE_DRAFT) {
			r = err_fail(e, ERR_INVALID, "draft.issued", "撤销", "号码 %s 已经开具",
				     rec.invoice.number);
			err_hint(e, "已经开出一张的合并、拆分不能撤销");
		}
		invoice_record_free(&rec);
	}
	return r;
}

static enum err find_change(struct work *w, int64_t id, struct draft_change *c, struct err_info *e)
{
	bool found = false;
	enum err r = store_change_of(w->s->db, id, c, &found, e);

	if (r || (found && c->unit_id == w->u.id))
		return r;
	err_fail(e, ERR_INVALID, "draft.unchanged", "撤销", "草稿 #%lld 不是合并或拆分得来的",
		 (long long)id);
	err_hint(e, "请选来源是合并或拆分的草稿");
	return ERR_INVALID;
}

/* Results go first, for the sources want their order numbers back. */
static enum err put_back(struct work *w, const struct draft_change *c, const int64_t *ids, size_t n,
			 struct restoring *t, struct err_info *e)
{
	struct db *db = w->s->db;
	size_t i;
	enum err r;

	if ((r = store_change_sources(db, c->id, note_draft, t, e)) ||
	    (r = store_draft_became(db, c->id, ids, n, t->drafts, t->draft_count, e)))
		return r;
	for (i = 0; i < n && !r; i++)
		r = store_invoice_delete_draft(db, ids[i], e);
	if (!r)
		r = store_change_sources(db, c->id, restore, t, e);
	return r ? r : store_change_delete(db, c->id, e);
}

static enum err undo(struct work *w, int64_t id, struct restoring *t, struct err_info *e)
{
	int64_t *ids = mem_alloc(RESULTS_MAX * sizeof(*ids));
	struct draft_change c;
	size_t n = 0;
	enum err r = find_change(w, id, &c, e);
	char no[24];

	if (!r && !(r = store_change_results(w->s->db, c.id, ids, RESULTS_MAX, &n, e)) &&
	    !(r = not_issued(w, ids, n, e)))
		r = put_back(w, &c, ids, n, t, e);
	free(ids);
	if (r)
		return r;
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	return desk_audit(w->s, w->u.id, "draft.undo", no, c.split ? "split" : "merge", "", e);
}

enum err desk_draft_undo(struct session *s, int64_t id, size_t *restored, struct err_info *e)
{
	struct restoring *t;
	struct work w;
	enum err r = work_begin(&w, s, e);

	if (r)
		return r;
	t = mem_zalloc(sizeof(*t));
	t->w = &w;
	t->e = e;
	if (!(r = db_begin(s->db, e))) {
		if ((r = undo(&w, id, t, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	*restored = t->count;
	free(t);
	work_free(&w);
	return r;
}
