/* issue_prepare.c - what is looked at before storing: findings, repeats, missing data. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/auto.h"
#include "desk/intent_p.h"
#include "desk/issue_p.h"

/* Puts the place of the invoice in front of the finding, when there are several. */
void issue_name_place(const struct invoice_set *set, size_t i, struct err_info *e)
{
	char field[sizeof(e->field)], what[sizeof(e->what)];

	if (!set->array || !e)
		return;
	text_copy(field, sizeof(field), e->field);
	text_copy(what, sizeof(what), e->what);
	err_field(e, "[%zu]%s%s", i, *field ? "." : "", field);
	if (text_empty(set->items[i].order_no))
		snprintf(e->what, sizeof(e->what), "第 %zu 张 %.130s", i + 1, what);
	else
		snprintf(e->what, sizeof(e->what), "第 %zu 张（%.60s）%.60s", i + 1,
			 set->items[i].order_no, what);
	e->what[text_whole(e->what, strlen(e->what))] = 0;
}

/* ---- check ---- */

static void keep_first(const struct invoice_set *set, size_t i, struct err_info *first,
		       enum err *worst, struct err_info *e)
{
	if (*worst)
		return;
	*worst = first->class;
	issue_name_place(set, i, first);
	if (e)
		*e = *first;
}

/* A reference that leads nowhere is a finding, and what it would have brought is not missed.
 * lost[k]: the line named such goods. */
static void check_goods(struct session *s, const struct unit *u, struct invoice_set *set, size_t i,
			bool *lost, finding_each f, void *arg, enum err *worst, struct err_info *e)
{
	struct invoice *inv = &set->items[i];
	struct tax_finding found = {0};
	size_t k;

	while (issue_take_goods(s, u, inv, &found.at)) {
		f(arg, i, &found);
		keep_first(set, i, &found.at, worst, e);
		for (k = 0; k < inv->line_count && text_empty(inv->lines[k].goods); k++)
			;
		if (k == inv->line_count)
			return;
		mem_set(&inv->lines[k].goods, "");
		lost[k] = true;
	}
}

/* Is it of a line that lacks its goods? */
static bool follows(const struct tax_finding *f, const bool *lost, size_t lines)
{
	static const char of_line[] = "lines[";
	size_t k;
	char *end;

	if (strncmp(f->at.field, of_line, sizeof(of_line) - 1) != 0)
		return false;
	k = (size_t)strtoul(f->at.field + sizeof(of_line) - 1, &end, 10);
	return *end == ']' && k < lines && lost[k];
}

static void check_one(struct session *s, struct invoice_set *set, size_t i, const struct unit *u,
		      const struct issue_context *c, finding_each f, void *arg, enum err *worst,
		      struct err_info *e)
{
	size_t lines = set->items[i].line_count, k;
	bool *lost = mem_zalloc(lines + 1);
	struct tax_findings found = {0};
	struct tax_finding owner;

	issue_fill_seller(&set->items[i], u);
	check_goods(s, u, set, i, lost, f, arg, worst, e);
	if (issue_owner_warning(s->db, u->id, &set->items[i], &owner))
		f(arg, i, &owner);
	tax_validate(&set->items[i], &c->tax, &found, NULL);
	for (k = 0; k < found.count; k++) {
		struct err_info first = found.items[k].at;

		if (follows(&found.items[k], lost, lines))
			continue;
		f(arg, i, &found.items[k]);
		if (!found.items[k].warning)
			keep_first(set, i, &first, worst, e);
	}
	tax_findings_free(&found);
	free(lost);
}

static enum err check_all(struct session *s, struct invoice_set *set, const struct unit *u,
			  const struct issue_context *c, finding_each f, void *arg,
			  struct err_info *e)
{
	enum err worst = ERR_OK;
	struct tax_finding more[ISSUE_WARNINGS];
	size_t i, n = set->n ? issue_unit_warnings(s, u, more) : 0;

	for (i = 0; i < n; i++)
		f(arg, 0, &more[i]);
	for (i = 0; i < set->n; i++)
		check_one(s, set, i, u, c, f, arg, &worst, e);
	return worst;
}

enum err desk_check(struct session *s, struct invoice_set *set, finding_each f, void *arg,
		    struct err_info *e)
{
	struct issue_context *c = NULL;
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = issue_context_load(s, &u, false, &c, e))) {
		/* What was never fetched cannot be broken yet: issuing fetches it first. */
		if (c->has_taxpayer)
			c->tax.seller = &c->taxpayer;
		r = check_all(s, set, &u, c, f, arg, e);
	}
	issue_context_free(&c);
	unit_free(&u);
	return r;
}

/* ---- preparing ---- */

/* Codes and rates of the tax side may not be here yet. */
bool issue_mendable(const struct issue_context *c, const struct tax_finding *f)
{
	const char *dot = strrchr(f->at.field, '.');
	const char *member = dot ? dot + 1 : f->at.field;

	if (!strcmp(f->at.code, "differential.list"))
		return true;
	if (!strcmp(member, "tax_code"))
		return !c->codes_known;
	return !strcmp(member, "tax_rate") && (!c->codes_known || !c->tax.rate_count);
}

/* The first finding that no refresh can mend. */
static enum err hopeless(struct invoice_set *set, size_t i, const struct issue_context *c,
			 struct err_info *e)
{
	struct tax_findings found = {0};
	struct tax_finding owner;
	enum err r = ERR_OK;
	size_t k;

	if (set->warned && issue_owner_warning(c->db, c->unit, &set->items[i], &owner))
		set->warned(set->warned_arg, i, &owner);
	tax_validate(&set->items[i], &c->tax, &found, NULL);
	for (k = 0; k < found.count && !r; k++) {
		if (found.items[k].warning && set->warned)
			set->warned(set->warned_arg, i, &found.items[k]);
		if (found.items[k].warning || issue_mendable(c, &found.items[k]))
			continue;
		r = found.items[k].at.class;
		if (e)
			*e = found.items[k].at;
		issue_name_place(set, i, e);
	}
	tax_findings_free(&found);
	return r;
}

/* 差额征税 needs a list that came with the taxpayer's data once. */
static bool wants_differential(const struct invoice_set *set, const struct issue_context *c)
{
	size_t i;

	for (i = 0; i < set->n && !c->tax.find_differential; i++)
		if (*set->items[i].differential)
			return true;
	return false;
}

enum err issue_add_refreshes(struct session *s, const struct unit *u, const struct invoice_set *set,
			     const struct issue_context *c, struct desk_wait *w, struct err_info *e)
{
	int64_t now = clock_now();
	bool taxpayer = !taxpayer_fresh(c->taxpayer.basic_at, now) ||
			!taxpayer_fresh(c->taxpayer.risk_at, now) || !c->tax.rate_count ||
			wants_differential(set, c);
	enum err r;

	if (!taxpayer && c->codes_known)
		return ERR_OK;
	if ((r = db_begin(s->db, e)))
		return r;
	if ((taxpayer && (r = desk_intent_join(s, u->id, JOB_TAXPAYER, w, e))) ||
	    (!c->codes_known && (r = desk_intent_join(s, u->id, JOB_TAXCODES, w, e)))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

static enum err prepare_fresh(struct session *s, const struct unit *u, struct invoice_set *set,
			      const bool *repeat, size_t numbers, struct desk_wait *w,
			      struct err_info *e)
{
	struct issue_context *c = NULL;
	enum err r = issue_context_load(s, u, false, &c, e);
	size_t i;

	for (i = 0; i < set->n && !r; i++) {
		issue_fill_seller(&set->items[i], u);
		if (repeat[i])
			continue;
		if ((r = issue_take_goods(s, u, &set->items[i], e)))
			issue_name_place(set, i, e);
		else
			r = hopeless(set, i, c, e);
	}
	if (!r)
		r = issue_add_refreshes(s, u, set, c, w, e);
	if (!r)
		r = desk_auto_issue(s, u, (int64_t)numbers, w, e);
	issue_context_free(&c);
	return r;
}

enum err desk_issue_prepare(struct session *s, struct invoice_set *set, struct desk_wait *w,
			    struct err_info *e)
{
	struct unit u;
	int64_t *ids;
	bool *repeat;
	struct issue_counts n;
	struct tax_finding more[ISSUE_WARNINGS];
	size_t i, warnings;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = issue_refuse_twins(set, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	ids = mem_zalloc(set->n * sizeof(*ids));
	repeat = mem_zalloc(set->n * sizeof(*repeat));
	if (!(r = issue_try_goods(s, &u, set, e)))
		r = issue_mark_repeats(s, &u, set, ids, repeat, &n, e);
	issue_warn_differing(set);
	warnings = set->n && set->warned ? issue_unit_warnings(s, &u, more) : 0;
	for (i = 0; i < warnings; i++)
		set->warned(set->warned_arg, 0, &more[i]);
	unit_free(&u);
	if (!r && n.fresh && !(r = desk_unit_issues(s, &u, NULL, e))) {
		r = prepare_fresh(s, &u, set, repeat, n.numbers, w, e);
		unit_free(&u);
	}
	free(ids);
	free(repeat);
	return r;
}
