/* Forms not finished, habits, rates. */
#include "desk_lab.h"

static const char BODY[] = "{\"v\":1}";

/* ---- forms ---- */

struct listed {
	int n;
	char titles[16][FORM_TITLE];
	int64_t ids[16];
};

static enum err list_one(void *arg, const struct form_state *f)
{
	struct listed *l = arg;

	assert_null(f->body);
	snprintf(l->titles[l->n], FORM_TITLE, "%s", f->title);
	l->ids[l->n++] = f->id;
	return ERR_OK;
}

static int64_t save(struct lab *lab, int64_t id, const char *title, const char *body)
{
	assert_int_equal(desk_form_save(lab->s, &id, "blue", title, body, &lab->e), ERR_OK);
	return id;
}

static void saves_and_loads(void **state)
{
	struct lab *lab = *state;
	struct form_state f;
	int64_t id;

	lab_stock(lab, 10, 100000);
	id = save(lab, 0, "第一张", BODY);
	assert_true(id > 0);
	assert_int_equal(save(lab, id, "改了", "{\"v\":2}"), id);
	assert_int_equal(desk_form_load(lab->s, id, &f, &lab->e), ERR_OK);
	assert_string_equal(f.title, "改了");
	assert_string_equal(f.kind, "blue");
	assert_string_equal(f.body, "{\"v\":2}");
	form_state_free(&f);
	assert_int_equal(desk_form_delete(lab->s, id, &lab->e), ERR_OK);
	assert_int_equal(desk_form_delete(lab->s, id, &lab->e), ERR_OK);
	assert_int_equal(desk_form_load(lab->s, id, &f, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "form.unknown");
	/* Saved again while it is still open on the screen. */
	assert_int_equal(save(lab, id, "又存", BODY), id);
	assert_int_equal(desk_form_load(lab->s, id, &f, &lab->e), ERR_OK);
	form_state_free(&f);
}

static void lists_in_pages(void **state)
{
	struct lab *lab = *state;
	struct form_cursor at = {0, 0}, next;
	struct listed l = {0};
	int64_t first;
	int i, pages = 0;

	lab_stock(lab, 10, 100000);
	first = save(lab, 0, "0", BODY);
	for (i = 1; i < 7; i++) {
		char title[16];

		snprintf(title, sizeof(title), "%d", i);
		save(lab, 0, title, BODY);
	}
	clock_shift(5);
	save(lab, first, "最后改的", BODY);
	do {
		assert_int_equal(desk_form_list(lab->s, at, 3, list_one, &l, &next, &lab->e),
				 ERR_OK);
		at = next;
		pages++;
	} while (next.id);
	assert_int_equal(pages, 3);
	assert_int_equal(l.n, 7);
	assert_string_equal(l.titles[0], "最后改的");
	assert_string_equal(l.titles[1], "6");
	assert_string_equal(l.titles[6], "1");
}

static void belongs_to_its_owner(void **state)
{
	struct lab *lab = *state;
	struct app_user other = {
	    .name = "b", .display_name = "乙", .role = "issuer", .enabled = true};
	struct app_user viewer = {
	    .name = "c", .display_name = "丙", .role = "viewer", .enabled = true};
	struct form_cursor next;
	struct listed l = {0};
	struct session *s;
	struct form_state f;
	int64_t id;

	lab_stock(lab, 10, 100000);
	id = save(lab, 0, "甲的", BODY);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_user_add(lab->s->db, &other, &lab->e), ERR_OK);
	assert_int_equal(store_user_add(lab->s->db, &viewer, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_open(lab->home, "b", NULL, &s, &lab->e), ERR_OK);
	assert_int_equal(desk_form_load(s, id, &f, &lab->e), ERR_INVALID);
	assert_int_equal(desk_form_save(s, &id, "blue", "乙改甲", "{}", &lab->e), ERR_OK);
	assert_int_equal(desk_form_delete(s, id, &lab->e), ERR_OK);
	assert_int_equal(
	    desk_form_list(s, (struct form_cursor) {0, 0}, 9, list_one, &l, &next, &lab->e),
	    ERR_OK);
	assert_int_equal(l.n, 0);
	desk_close(&s);
	assert_int_equal(desk_form_load(lab->s, id, &f, &lab->e), ERR_OK);
	assert_string_equal(f.title, "甲的");
	form_state_free(&f);
	assert_int_equal(desk_open(lab->home, "c", NULL, &s, &lab->e), ERR_OK);
	id = 0;
	assert_int_equal(desk_form_save(s, &id, "blue", "", "{}", &lab->e), ERR_DENIED);
	desk_close(&s);
}

static void keeps_a_unit_being_entered(void **state)
{
	struct lab *lab = *state;
	struct app_user viewer = {
	    .name = "c", .display_name = "丙", .role = "viewer", .enabled = true};
	struct session *s;
	char *body = NULL;

	/* No unit is needed. */
	assert_int_equal(desk_unit_form_load(lab->s, "unit:direct::", &body, &lab->e), ERR_OK);
	assert_null(body);
	assert_int_equal(desk_unit_form_save(lab->s, "unit:direct::", "{}", &lab->e), ERR_OK);
	assert_int_equal(desk_unit_form_save(lab->s, "unit:direct::", BODY, &lab->e), ERR_OK);
	assert_int_equal(desk_unit_form_load(lab->s, "unit:using::", &body, &lab->e), ERR_OK);
	assert_null(body);
	assert_int_equal(desk_unit_form_load(lab->s, "unit:direct::", &body, &lab->e), ERR_OK);
	assert_string_equal(body, BODY);
	free(body);
	assert_int_equal(desk_unit_form_save(lab->s, "unit:direct::", NULL, &lab->e), ERR_OK);
	assert_int_equal(desk_unit_form_load(lab->s, "unit:direct::", &body, &lab->e), ERR_OK);
	assert_null(body);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_user_add(lab->s->db, &viewer, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_open(lab->home, "c", NULL, &s, &lab->e), ERR_OK);
	assert_int_equal(desk_unit_form_save(s, "unit:direct::", "{}", &lab->e), ERR_DENIED);
	desk_close(&s);
}

/* ---- while another connection writes ---- */

static void waits_a_moment_only(void **state)
{
	struct lab *lab = *state;
	struct session *other;
	int64_t id = 0, began;
	char *body = NULL;

	lab_stock(lab, 10, 100000);
	assert_int_equal(desk_open(lab->home, NULL, NULL, &other, &lab->e), ERR_OK);
	assert_int_equal(db_begin(other->db, &lab->e), ERR_OK);
	began = clock_mono_ms();
	assert_false(desk_hurry(lab->s, true));
	assert_int_equal(desk_form_save(lab->s, &id, "blue", "甲", BODY, &lab->e), ERR_BUSY);
	assert_int_equal(id, 0);
	assert_true(desk_hurry(lab->s, false));
	/* A habit is not worth waiting for at any time. */
	assert_int_equal(desk_choice_save(lab->s, "lists", BODY, &lab->e), ERR_OK);
	assert_in_range(clock_mono_ms() - began, 0, 5000);
	db_rollback(other->db);
	desk_close(&other);
	assert_int_equal(desk_choice_load(lab->s, "lists", &body, &lab->e), ERR_OK);
	assert_null(body);
	save(lab, 0, "甲", BODY);
}

/* ---- used up by issuing ---- */

static int64_t count(struct lab *lab, const char *sql)
{
	int64_t n = -1;
	bool found;

	assert_int_equal(db_get_int(lab->s->db, &lab->e, &n, &found, sql, ""), ERR_OK);
	return n;
}

static void issuing_uses_the_form_up(void **state)
{
	struct lab *lab = *state;
	struct invoice_set set;
	const char *order = "D-1";
	struct form_state f;
	struct invoice_record r;
	int64_t form, draft[1];

	lab_stock(lab, 10, 15000);
	form = save(lab, 0, "待开", BODY);
	lab_invoices(lab, &set, &order, 1);
	assert_int_equal(desk_draft(lab->s, &set, draft, &lab->e), ERR_OK);
	invoice_set_free(&set);
	desk_form_using(lab->s, form, draft[0]);
	assert_int_equal(lab_issue(lab, "A-1"), ERR_OK);
	assert_int_equal(desk_form_load(lab->s, form, &f, &lab->e), ERR_INVALID);
	assert_int_equal(desk_invoice_by_id(lab->s, draft[0], &r, &lab->e), ERR_INVALID);
	/* Refused: the quota does not reach; the form stays. */
	form = save(lab, 0, "再开", BODY);
	desk_form_using(lab->s, form, 0);
	assert_int_equal(lab_issue(lab, "A-2"), ERR_INVALID);
	assert_string_equal(lab->e.code, "quota.short");
	assert_int_equal(desk_form_load(lab->s, form, &f, &lab->e), ERR_OK);
	form_state_free(&f);
}

static void a_draft_of_the_order_may_be_gone(void **state)
{
	struct lab *lab = *state;
	struct invoice_set set;
	const char *order = "A-1";
	int64_t draft[1];

	lab_stock(lab, 10, 100000);
	lab_invoices(lab, &set, &order, 1);
	assert_int_equal(desk_draft(lab->s, &set, draft, &lab->e), ERR_OK);
	invoice_set_free(&set);
	desk_form_using(lab->s, 0, draft[0]);
	assert_int_equal(lab_issue(lab, order), ERR_OK);
	/* An issued invoice named by mistake stays what it is. */
	desk_form_using(lab->s, 0, draft[0] + 1);
	assert_int_equal(lab_issue(lab, "A-2"), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.gone");
}

/* The same form on two screens, neither with an order number: one number is taken. */
static void a_form_is_issued_once(void **state)
{
	struct lab *lab = *state;
	struct session *other;
	struct form_state f;
	int64_t form, free_before;

	lab_stock(lab, 10, 10000000);
	form = save(lab, 0, "待开", BODY);
	assert_int_equal(desk_open(lab->home, NULL, NULL, &other, &lab->e), ERR_OK);
	desk_form_using(lab->s, form, 0);
	assert_int_equal(lab_issue(lab, ""), ERR_OK);
	desk_form_using(lab->s, 0, 0);
	free_before = count(lab, "SELECT COUNT(*) FROM number_taken");
	/* The other screen has gone on typing: its form is stored again, and still used up. */
	assert_int_equal(desk_form_save(other, &form, "blue", "待开", BODY, &lab->e), ERR_OK);
	desk_form_using(lab->s, form, 0);
	assert_int_equal(lab_issue(lab, ""), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.used");
	assert_non_null(strstr(lab->e.why, "开成发票 "));
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM number_taken"), free_before);
	/* By an explicit word only. */
	desk_form_again(lab->s, true);
	assert_int_equal(lab_issue(lab, ""), ERR_OK);
	desk_form_again(lab->s, false);
	desk_form_using(lab->s, 0, 0);
	assert_int_equal(desk_form_load(lab->s, form, &f, &lab->e), ERR_INVALID);
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM number_taken"), free_before + 1);
	desk_close(&other);
}

/* A stored draft, open in a form and issued by its id meanwhile. */
static void a_draft_is_issued_once(void **state)
{
	struct lab *lab = *state;
	struct invoice_set set;
	const char *order = "";
	int64_t draft[1], id;
	char no[24];

	lab_stock(lab, 10, 10000000);
	lab_invoices(lab, &set, &order, 1);
	assert_int_equal(desk_draft(lab->s, &set, draft, &lab->e), ERR_OK);
	invoice_set_free(&set);
	snprintf(no, sizeof(no), "#%lld", (long long)draft[0]);
	assert_int_equal(desk_draft_issue(lab->s, no, &id, &lab->e), ERR_OK);
	desk_form_using(lab->s, 0, draft[0]);
	assert_int_equal(lab_issue(lab, ""), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.used");
	desk_form_using(lab->s, 0, 0);
	assert_int_equal(desk_draft_issue(lab->s, no, &id, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "draft.used");
	assert_int_equal(count(lab, "SELECT COUNT(*) FROM number_taken"), 1);
}

/* ---- habits and rates ---- */

static void remembers_habits(void **state)
{
	struct lab *lab = *state;
	struct issue_habit h;

	lab_stock(lab, 10, 100000);
	assert_int_equal(desk_habit(lab->s, &h, &lab->e), ERR_OK);
	assert_true(h.inclusive && h.kind == INVOICE_ORDINARY && *h.drawer);
	assert_int_equal(lab_issue(lab, "A-1"), ERR_OK);
	assert_int_equal(desk_habit(lab->s, &h, &lab->e), ERR_OK);
	assert_string_equal(h.drawer, "林小满");
}

static void lists_rates_once(void **state)
{
	struct lab *lab = *state;
	int64_t unit = lab_stock(lab, 10, 5000);
	struct tax_rate rates[] = {{.ppm = 60000, .enabled = true},
				   {.ppm = 130000, .enabled = true},
				   {.ppm = 30000, .enabled = true, .levy = true},
				   {.ppm = 90000},
				   {.ppm = 60000, .enabled = true}};
	int32_t *ppm;
	size_t n;

	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_rates_put(lab->s->db, unit, rates, 4, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_rates(lab->s, &ppm, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 3);
	assert_int_equal(ppm[0], 130000);
	assert_int_equal(ppm[2], 30000);
	free(ppm);
}

#define LAB(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LAB(saves_and_loads),
	    LAB(lists_in_pages),
	    LAB(belongs_to_its_owner),
	    LAB(keeps_a_unit_being_entered),
	    LAB(waits_a_moment_only),
	    LAB(issuing_uses_the_form_up),
	    LAB(a_draft_of_the_order_may_be_gone),
	    LAB(a_form_is_issued_once),
	    LAB(a_draft_is_issued_once),
	    LAB(remembers_habits),
	    LAB(lists_rates_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
