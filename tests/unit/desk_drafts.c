/* Drafts put together and taken apart: what is used up is not issued, and all can be taken back. */
#include "desk_lab.h"

#include "desk/drafts.h"

static int64_t count(struct lab *lab, const char *sql)
{
	int64_t n = -1;
	bool found;

	assert_int_equal(db_get_int(lab->s->db, &lab->e, &n, &found, sql, ""), ERR_OK);
	return n;
}

static void drafts(struct lab *lab, const char *const *orders, size_t n, int64_t *ids)
{
	struct invoice_set set;

	lab_invoices(lab, &set, orders, n);
	assert_int_equal(desk_draft(lab->s, &set, ids, &lab->e), ERR_OK);
	invoice_set_free(&set);
}

static enum err issue(struct lab *lab, const char *order, int64_t *id)
{
	const char *orders[] = {order};
	struct invoice_set set;
	bool repeat;
	enum err r;

	lab_invoices(lab, &set, orders, 1);
	err_clear(&lab->e);
	r = desk_issue(lab->s, &set, id, &repeat, &lab->e);
	invoice_set_free(&set);
	return r;
}

/* As the form does that was opened on a draft. */
static enum err issue_draft(struct lab *lab, int64_t draft, int64_t *id)
{
	struct invoice_record r;
	struct invoice_set set = {.n = 1};
	bool repeat;
	enum err rc;

	assert_int_equal(desk_invoice_by_id(lab->s, draft, &r, &lab->e), ERR_OK);
	set.items = &r.invoice;
	desk_form_using(lab->s, 0, draft);
	rc = desk_issue(lab->s, &set, id, &repeat, &lab->e);
	desk_form_using(lab->s, 0, 0);
	invoice_record_free(&r);
	return rc;
}

static void assert_used(struct lab *lab, const char *order)
{
	const char *orders[] = {order};
	struct invoice_set set;
	int64_t id;

	assert_int_equal(issue(lab, order, &id), ERR_INVALID);
	assert_string_equal(lab->e.code, "order.used");
	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(desk_draft(lab->s, &set, &id, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "order.used");
	invoice_set_free(&set);
}

static enum err merge(struct lab *lab, const int64_t *ids, size_t n, int64_t *out)
{
	struct draft_ref refs[8] = {{0}};
	struct merge_told told;
	size_t i;

	for (i = 0; i < n; i++)
		refs[i].draft = ids[i];
	return desk_merge(lab->s, refs, n, &(struct merge_options) {.add_up = true}, out, &told,
			  &lab->e);
}

static enum err split(struct lab *lab, int64_t id, int64_t limit, int64_t *ids, size_t *n)
{
	struct split_rule rule = {.limit_fen = limit, .limit_gross = true};

	return desk_split(lab->s, &(struct draft_ref) {.draft = id}, &rule, NULL, ids, 8, n,
			  &lab->e);
}

/* ---- merged ---- */

static void merged_orders_are_used_up(void **state)
{
	const char *orders[] = {"A-1", "A-2", "A-3"};
	struct lab *lab = *state;
	struct invoice_record r;
	int64_t ids[3], one, id;

	lab_stock(lab, 10, 10000000);
	drafts(lab, orders, 3, ids);
	assert_int_equal(merge(lab, ids, 3, &one), ERR_OK);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM invoice"), 1);
	assert_int_equal(desk_invoice_by_id(lab->s, one, &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.order_no, "A-1+2");
	assert_int_equal(r.invoice.gross_fen, 33900);
	assert_int_equal(r.invoice.line_count, 1);
	invoice_record_free(&r);
	assert_used(lab, "A-1");
	assert_used(lab, "A-3");

	/* Issued in the form: whatever happens to the draft, the sources stay used up. */
	assert_int_equal(issue_draft(lab, one, &id), ERR_OK);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM invoice"), 1);
	assert_used(lab, "A-2");
	assert_non_null(strstr(lab->e.why, "25447000000000000001"));
	assert_int_equal(desk_draft_undo(lab->s, id, &(size_t) {0}, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.issued");
	/* Its own number repeats as ever. */
	assert_int_equal(issue(lab, "A-1+2", &one), ERR_OK);
	assert_int_equal(one, id);
}

static void merging_is_taken_back(void **state)
{
	const char *orders[] = {"A-1", "A-2"};
	struct lab *lab = *state;
	int64_t ids[2], one, id;
	size_t n = 0;

	lab_stock(lab, 10, 10000000);
	drafts(lab, orders, 2, ids);
	assert_int_equal(merge(lab, ids, 2, &one), ERR_OK);
	assert_int_equal(desk_draft_undo(lab->s, one, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM invoice WHERE state = 'draft'"), 2);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM draft_source"), 0);
	assert_int_equal(issue(lab, "A-1", &id), ERR_OK);
	assert_int_equal(desk_draft_undo(lab->s, ids[1], &n, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.unchanged");
	/* Merged again, then deleted: the orders are free. */
	drafts(lab, (const char *[]) {"B-1"}, 1, ids);
	assert_int_equal(store_invoice_by_order(lab->s->db, 2, "A-2", &ids[1], &lab->e), ERR_OK);
	assert_int_equal(merge(lab, ids, 2, &one), ERR_OK);
	assert_used(lab, "B-1");
	assert_int_equal(desk_draft_delete(lab->s, one, &lab->e), ERR_OK);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM draft_source"), 0);
	assert_int_equal(issue(lab, "B-1", &id), ERR_OK);
	assert_int_equal(desk_draft_delete(lab->s, id, &lab->e), ERR_INVALID);
}

static void what_cannot_be_merged(void **state)
{
	const char *orders[] = {"A-1", "A-2"};
	struct lab *lab = *state;
	int64_t ids[3], one, id;

	lab_stock(lab, 10, 10000000);
	drafts(lab, orders, 2, ids);
	assert_int_equal(merge(lab, ids, 1, &one), ERR_INVALID);
	assert_string_equal(lab->e.code, "merge.few");
	ids[2] = ids[0];
	assert_int_equal(merge(lab, ids, 3, &one), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.twice");
	assert_int_equal(issue(lab, "A-2", &id), ERR_OK);
	assert_int_equal(merge(lab, ids, 2, &one), ERR_INVALID);
	assert_string_equal(lab->e.code, "invoice.state");
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM draft_change"), 0);
	/* A form that names an order which is issued. */
	{
		struct draft_ref refs[2] = {{.draft = ids[0]}};
		struct merge_told told;
		struct invoice_record r;
		int64_t form = 0;

		assert_int_equal(desk_invoice_by_id(lab->s, id, &r, &lab->e), ERR_OK);
		assert_int_equal(
		    desk_form_save(lab->s, &form, "blue", "表单", "{\"v\":1}", &lab->e), ERR_OK);
		refs[1] = (struct draft_ref) {.form = form, .invoice = &r.invoice};
		assert_int_equal(
		    desk_merge(lab->s, refs, 2, &(struct merge_options) {0}, &one, &told, &lab->e),
		    ERR_INVALID);
		assert_string_equal(lab->e.code, "order.exists");
		invoice_record_free(&r);
	}
}

/* A form goes in and comes back as it was; open on another screen it cannot be issued meanwhile. */
static void forms_are_merged_too(void **state)
{
	const char *orders[] = {"A-1"};
	struct lab *lab = *state;
	struct draft_ref refs[2] = {{0}};
	struct merge_told told;
	struct invoice_set set;
	struct form_state f;
	int64_t form = 0, one, id;
	bool repeat;
	size_t n;

	lab_stock(lab, 10, 10000000);
	drafts(lab, orders, 1, &refs[0].draft);
	assert_int_equal(desk_form_save(lab->s, &form, "blue", "表单", "{\"v\":7}", &lab->e),
			 ERR_OK);
	lab_invoices(lab, &set, (const char *[]) {""}, 1);
	refs[1].form = form;
	refs[1].invoice = &set.items[0];
	assert_int_equal(
	    desk_merge(lab->s, refs, 2, &(struct merge_options) {0}, &one, &told, &lab->e), ERR_OK);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM form_state"), 0);
	desk_form_using(lab->s, form, 0);
	assert_int_equal(desk_issue(lab->s, &set, &id, &repeat, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "order.used");
	desk_form_using(lab->s, 0, 0);
	/* The only order number there is stays with the result. */
	assert_int_equal(store_invoice_by_order(lab->s->db, 2, "A-1", &id, &lab->e), ERR_OK);
	assert_int_equal(id, one);
	assert_int_equal(desk_draft_undo(lab->s, one, &n, &lab->e), ERR_OK);
	assert_int_equal(desk_form_load(lab->s, form, &f, &lab->e), ERR_OK);
	assert_string_equal(f.body, "{\"v\":7}");
	form_state_free(&f);
	assert_int_equal(merge(lab, &refs[0].draft, 1, &one), ERR_INVALID);
	invoice_set_free(&set);
}

/* ---- split ---- */

static void split_orders_are_used_up(void **state)
{
	const char *orders[] = {"S"};
	struct lab *lab = *state;
	int64_t id, ids[8], made;
	size_t n = 0;

	lab_stock(lab, 10, 10000000);
	drafts(lab, orders, 1, &id);
	assert_int_equal(split(lab, id, 6000, ids, &n), ERR_OK);
	assert_int_equal(n, 2);
	assert_used(lab, "S");
	assert_int_equal(issue_draft(lab, ids[0], &made), ERR_OK);
	assert_used(lab, "S");
	/* One is issued: the other may be given up, the whole not be issued any more. */
	assert_int_equal(desk_draft_undo(lab->s, ids[1], &n, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.issued");
	assert_int_equal(desk_draft_delete(lab->s, ids[1], &lab->e), ERR_OK);
	assert_used(lab, "S");
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM draft_result"), 1);
}

static void a_chain_is_taken_back_link_by_link(void **state)
{
	const char *orders[] = {"A-1", "A-2"};
	struct lab *lab = *state;
	int64_t ids[2], one, parts[8], id;
	size_t n = 0;

	lab_stock(lab, 10, 10000000);
	drafts(lab, orders, 2, ids);
	assert_int_equal(merge(lab, ids, 2, &one), ERR_OK);
	assert_int_equal(split(lab, one, 10000, parts, &n), ERR_OK);
	assert_int_equal(n, 4);
	assert_used(lab, "A-1");
	assert_used(lab, "A-1+1");
	assert_int_equal(desk_draft_undo(lab->s, parts[2], &n, &lab->e), ERR_OK);
	assert_used(lab, "A-2");
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM draft_result"), 1);
	assert_int_equal(desk_draft_undo(lab->s, one, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(issue(lab, "A-1", &id), ERR_OK);
	assert_int_equal(issue(lab, "A-2", &id), ERR_OK);
	/* The parts of a chain, issued, hold all its orders. */
	drafts(lab, (const char *[]) {"B-1", "B-2"}, 2, ids);
	assert_int_equal(merge(lab, ids, 2, &one), ERR_OK);
	assert_int_equal(split(lab, one, 10000, parts, &n), ERR_OK);
	assert_int_equal(issue_draft(lab, parts[1], &id), ERR_OK);
	assert_used(lab, "B-2");
	assert_int_equal(count(lab, "PRAGMA foreign_key_check"), -1);
}

/* What was shown is what is done. */
static void a_changed_draft_is_shown_again(void **state)
{
	struct lab *lab = *state;
	struct split_rule rule = {.limit_fen = 6000, .limit_gross = true};
	struct draft_ref ref = {0};
	struct split_plan shown;
	struct invoice_set set;
	int64_t ids[8];
	size_t n;

	lab_stock(lab, 10, 10000000);
	drafts(lab, (const char *[]) {"S"}, 1, &ref.draft);
	assert_int_equal(desk_split_plan(lab->s, &ref, &rule, &shown, &lab->e), ERR_OK);
	lab_invoices(lab, &set, (const char *[]) {"S"}, 1);
	set.items[0].lines[0].quantity = (struct dec) {.coef = 3};
	assert_int_equal(desk_draft(lab->s, &set, &ref.draft, &lab->e), ERR_OK);
	assert_int_equal(desk_split(lab->s, &ref, &rule, &shown, ids, 8, &n, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "split.changed");
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM draft_change"), 0);
	split_plan_free(&shown);
	assert_int_equal(desk_split_plan(lab->s, &ref, &rule, &shown, &lab->e), ERR_OK);
	assert_int_equal(desk_split(lab->s, &ref, &rule, &shown, ids, 8, &n, &lab->e), ERR_OK);
	split_plan_free(&shown);
	invoice_set_free(&set);
}

/* ---- the list ---- */

struct listed {
	int n;
	enum draft_source_kind kinds[16];
	char titles[16][80];
	bool mine[16], no_gross[16];
	int64_t gross[16];
};

static enum err see(void *arg, const struct draft_row *r)
{
	struct listed *l = arg;

	assert_true(l->n < 16 && r->owner && *r->owner);
	l->kinds[l->n] = r->source;
	l->mine[l->n] = r->mine;
	l->gross[l->n] = r->gross;
	l->no_gross[l->n] = r->no_gross;
	text_copy(l->titles[l->n++], sizeof(l->titles[0]), r->title);
	return ERR_OK;
}

static void list(struct lab *lab, const char *text, bool mine, struct listed *out)
{
	char next[64] = "";

	out->n = 0;
	do {
		struct draft_filter f = {.text = text, .mine = mine, .limit = 2};
		char cursor[64];

		text_copy(cursor, sizeof(cursor), next);
		f.cursor = cursor;
		assert_int_equal(desk_draft_list(lab->s, &f, see, out, next, &lab->e), ERR_OK);
	} while (*next);
}

/* Stored drafts by their sum, forms by what their title says of it. */
static void finds_amounts(struct lab *lab)
{
	static const char *const TEXTS[] = {"226.00", "226", "226.0"};
	struct listed l;
	int64_t id = 0;
	size_t i;

	for (i = 0; i < 3; i++) {
		list(lab, TEXTS[i], false, &l);
		assert_int_equal(l.n, 1);
		assert_int_equal(l.kinds[0], DRAFT_MERGED);
	}
	list(lab, "225.99", false, &l);
	assert_int_equal(l.n, 0);
	assert_int_equal(desk_form_save(lab->s, &id, "blue", "丙 1 行 12,345.60",
					"{\"order_no\": \"PO-77\"}", &lab->e),
			 ERR_OK);
	list(lab, "12345.60", false, &l);
	assert_int_equal(l.n, 1);
	list(lab, "12,345.6", false, &l);
	assert_int_equal(l.n, 1);
	list(lab, "po-77", false, &l);
	assert_int_equal(l.n, 1);
	assert_int_equal(desk_form_delete(lab->s, id, &lab->e), ERR_OK);
}

static void lists_forms_and_drafts(void **state)
{
	struct lab *lab = *state;
	struct app_user other = {.enabled = true};
	struct session *s;
	struct form_state form;
	struct listed l;
	int64_t ids[3], one, id = 0;
	enum err r;

	lab_stock(lab, 10, 10000000);
	drafts(lab, (const char *[]) {"A-1", "A-2", "A-3"}, 3, ids);
	assert_int_equal(merge(lab, ids, 2, &one), ERR_OK);
	assert_int_equal(desk_form_save(lab->s, &id, "blue", "北京甲 1 行", "{}", &lab->e), ERR_OK);
	list(lab, NULL, false, &l);
	assert_int_equal(l.n, 3);
	assert_true(l.kinds[0] == DRAFT_TYPED && l.kinds[1] == DRAFT_MERGED &&
		    l.kinds[2] == DRAFT_STORED);
	assert_true(l.no_gross[0] && !l.no_gross[1] && l.gross[1] == 2 * l.gross[2]);
	assert_int_equal(desk_form_save(lab->s, &id, "blue", "北京甲 1 行",
					"{\"gross\":\"325800.00\"}", &lab->e),
			 ERR_OK);
	list(lab, "甲", false, &l);
	assert_int_equal(l.n, 1);
	assert_true(!l.no_gross[0] && l.gross[0] == 32580000);
	list(lab, "晴川", true, &l);
	assert_int_equal(l.n, 2);
	finds_amounts(lab);

	/* A clerk sees the unit's drafts and his own forms; an administrator those of all. */
	text_copy(other.name, sizeof(other.name), "wang");
	text_copy(other.role, sizeof(other.role), "issuer");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_user_add(lab->s->db, &other, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_open(lab->home, "wang", NULL, &s, &lab->e), ERR_OK);
	id = 0;
	r = desk_form_save(s, &id, "blue", "上海乙 1 行", "{}", &lab->e);
	assert_int_equal(r, ERR_OK);
	list(lab, NULL, false, &l);
	assert_int_equal(l.n, 4);
	list(lab, NULL, true, &l);
	assert_int_equal(l.n, 3);
	assert_int_equal(desk_draft_form(lab->s, id, &form, &lab->e), ERR_OK);
	form_state_free(&form);
	struct session *mine = lab->s;
	lab->s = s;
	list(lab, NULL, false, &l);
	assert_int_equal(l.n, 3);
	list(lab, NULL, true, &l);
	assert_int_equal(l.n, 1);
	lab->s = mine;
	assert_int_equal(desk_draft_form(s, id - 1, &form, &lab->e), ERR_INVALID);
	desk_close(&s);
}

/* A draft that is given up leaves its order number free. */
static void given_up_drafts_free_their_order(void **state)
{
	struct lab *lab = *state;
	int64_t id, gone;
	char no[24];

	lab_stock(lab, 10, 10000000);
	drafts(lab, (const char *[]) {"A-1"}, 1, &id);
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	assert_int_equal(desk_void(lab->s, no, &gone, &lab->e), ERR_OK);
	assert_int_equal(issue(lab, "A-1", &id), ERR_OK);
}

#define T(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(merged_orders_are_used_up),
	    T(merging_is_taken_back),
	    T(what_cannot_be_merged),
	    T(forms_are_merged_too),
	    T(split_orders_are_used_up),
	    T(a_chain_is_taken_back_link_by_link),
	    T(a_changed_draft_is_shown_again),
	    T(lists_forms_and_drafts),
	    T(given_up_drafts_free_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
