/* tax/validate.c - runs every rule over an invoice and collects what they find. */
#include "tax/validate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tax/calc_p.h"
#include "tax/portal_p.h"
#include "tax/text_rule_p.h"
#include "tax/validate_p.h"

enum { FINDINGS_KEPT = 200 };

bool rule_say(char why[WHY_TEXT], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, WHY_TEXT, fmt, ap);
	va_end(ap);
	return true;
}

bool rule_blank(const char *s)
{
	char *trimmed = text_trim(s);
	bool blank = !*trimmed;

	free(trimmed);
	return blank;
}

void tax_findings_free(struct tax_findings *f)
{
	free(f->items);
	*f = (struct tax_findings) {.items = NULL};
}

bool tax_finding_asks(const struct tax_finding *f)
{
	static const char *const CODES[] = {"line.rate.reduced", "differential.industry"};
	size_t i;

	for (i = 0; f->warning && i < sizeof(CODES) / sizeof(CODES[0]); i++) {
		if (!strcmp(f->at.code, CODES[i]))
			return true;
	}
	return false;
}

/* Makes room in a full list by dropping its last warning; false when it holds errors alone. */
static bool drop_warning(struct tax_findings *f)
{
	size_t i = f->count;

	while (i > 0 && !f->items[i - 1].warning)
		i--;
	if (!i)
		return false;
	memmove(&f->items[i - 1], &f->items[i], (f->count - i) * sizeof(*f->items));
	f->count--;
	return true;
}

/* A full list still takes errors, in place of warnings. */
void findings_keep(struct tax_findings *f, const struct err_info *at, bool warning)
{
	if (!warning)
		f->errors++;
	if (f->count == FINDINGS_KEPT && (warning || !drop_warning(f)))
		return;
	if (!f->items)
		f->items = mem_alloc(FINDINGS_KEPT * sizeof(*f->items));
	f->items[f->count++] = (struct tax_finding) {warning, *at};
}

static void report(struct tax_findings *f, const struct rule_text *t, const char *what,
		   const char *why, const char *field)
{
	struct err_info at = {0};

	err_fail(&at, ERR_INVALID, t->code, what, "%s", why);
	err_field(&at, "%s", field);
	err_hint(&at, "%s", t->hint);
	findings_keep(f, &at, t->warning);
}

static void run_head(const struct check *c, const struct head_rule *rules, struct tax_findings *f)
{
	char why[WHY_TEXT];

	for (const struct head_rule *r = rules; r->text.code; r++)
		if (r->broken(c, why))
			report(f, &r->text, r->text.label, why, r->text.field);
}

static void run_line(const struct check *c, const struct line_rule *rules, const struct line_at *at,
		     struct tax_findings *f)
{
	char why[WHY_TEXT], what[96], field[64];

	for (const struct line_rule *r = rules; r->text.code; r++) {
		if (!r->broken(c, at, why))
			continue;
		if (at->alone) {
			report(f, &r->text, r->text.label, why, r->text.field);
			continue;
		}
		snprintf(what, sizeof(what), "第 %zu 行%s", at->index + 1, r->text.label);
		snprintf(field, sizeof(field), "lines[%zu].%s", at->index, r->text.field);
		report(f, &r->text, what, why, field);
	}
}

/* The text members of one struct; `place` and `path` name it ("第 3 行", "lines[2]."). */
static void check_texts(const void *base, const struct text_field *texts, const char *place,
			const char *path, struct tax_findings *f)
{
	for (; texts->key; texts++) {
		struct err_info at;
		char what[160], field[64];
		if (!text_rule_check(texts, text_value(base, texts), "", "", NULL))
			continue;
		snprintf(what, sizeof(what), "%s%s", place, texts->label);
		snprintf(field, sizeof(field), "%s%s", path, texts->key);
		text_rule_check(texts, text_value(base, texts), what, field, &at);
		findings_keep(f, &at, false);
	}
}

static void check_all_texts(const struct invoice *inv, struct tax_findings *f)
{
	const struct {
		const void *items;
		size_t count, size;
		const struct text_field *texts;
		const char *place, *path;
	} arrays[] = {
	    {inv->lines, inv->line_count, sizeof(*inv->lines), line_texts, "行", "lines"},
	    {inv->payments, inv->payment_count, sizeof(*inv->payments), payment_texts, "笔",
	     "payments"},
	    {inv->extras, inv->extra_count, sizeof(*inv->extras), extra_texts, "个", "extras"},
	    {inv->vouchers, inv->voucher_count, sizeof(*inv->vouchers), voucher_texts, "张凭证",
	     "vouchers"},
	};

	check_texts(inv, invoice_texts, "", "", f);
	for (size_t a = 0; a < sizeof(arrays) / sizeof(arrays[0]); a++) {
		for (size_t i = 0; i < arrays[a].count; i++) {
			char place[48], path[48];
			snprintf(place, sizeof(place), "第 %zu %s", i + 1, arrays[a].place);
			snprintf(path, sizeof(path), "%s[%zu].", arrays[a].path, i);
			check_texts((const char *)arrays[a].items + i * arrays[a].size,
				    arrays[a].texts, place, path, f);
		}
	}
}

/* The payments or vouchers of an invoice: "第 2 笔支付信息", "payments[1].number". */
static void run_items(const struct check *c, const struct item_rule *rules, size_t count,
		      const char *counter, const char *thing, const char *path,
		      struct tax_findings *f)
{
	char why[WHY_TEXT], what[96], field[64];

	for (size_t i = 0; i < count; i++) {
		for (const struct item_rule *r = rules; r->text.code; r++) {
			if (!r->broken(c, i, why))
				continue;
			snprintf(what, sizeof(what), "第 %zu %s%s", i + 1, counter,
				 *r->text.label ? r->text.label : thing);
			snprintf(field, sizeof(field), "%s[%zu]%s%s", path, i,
				 *r->text.field ? "." : "", r->text.field);
			report(f, &r->text, what, why, field);
		}
	}
}

/* ---- limits of the tax bureau's page ---- */

static void warn_portal(const struct portal_limit *p, const char *place, const char *path,
			const char *why, struct tax_findings *f)
{
	const struct rule_text t = {.code = "portal.length",
				    .warning = true,
				    .hint = "乐企可以开；同一文件也要在电子税务局用时请缩短"};
	char what[96], field[64];

	snprintf(what, sizeof(what), "%s%s", place, p->label);
	snprintf(field, sizeof(field), "%s%s", path, p->field);
	report(f, &t, what, why, field);
}

static void check_portal_line(const struct tax_line *l, const char *place, const char *path,
			      struct tax_findings *f)
{
	char why[PORTAL_WHY];

	for (const struct portal_limit *p = portal_line; p->field; p++)
		if (portal_line_over(p, l, why))
			warn_portal(p, place, path, why, f);
}

static void check_portal(const struct invoice *inv, struct tax_findings *f)
{
	char why[PORTAL_WHY], place[48], path[48];

	for (const struct portal_limit *p = portal_invoice; p->field; p++)
		if (portal_invoice_over(p, inv, why))
			warn_portal(p, "", "", why, f);
	for (size_t i = 0; i < inv->line_count; i++) {
		snprintf(place, sizeof(place), "第 %zu 行", i + 1);
		snprintf(path, sizeof(path), "lines[%zu].", i);
		check_portal_line(&inv->lines[i], place, path, f);
	}
}

static void check_seller(const struct tax_context *ctx, struct tax_findings *f)
{
	struct err_info at;

	if (ctx->seller && taxpayer_may_issue(ctx->seller, ctx->now, &at))
		findings_keep(f, &at, false);
}

static const struct tax_code *find_code(const struct tax_context *ctx, const char *code)
{
	return ctx->find_code && *code ? ctx->find_code(ctx->arg, code) : NULL;
}

/* One line: computed, completed from its tax code, checked.  False when it cannot be computed. */
static bool check_line(const struct check *c, struct invoice *inv, size_t i, struct tax_findings *f)
{
	struct tax_line *l = &inv->lines[i];
	struct line_at at = {.index = i, .line = l, .code = find_code(c->ctx, l->tax_code)};
	struct err_info e;

	at.computed = !calc_line(l, inv->prices_include_tax, i + 1, &e);
	if (!at.computed)
		findings_keep(f, &e, false);
	if (at.code && !*l->short_name)
		mem_set(&l->short_name, at.code->short_name);
	run_line(c, line_rules, &at, f);
	run_line(c, rate_rules, &at, f);
	run_line(c, content_lines, &at, f);
	if (at.computed)
		run_line(c, sum_lines, &at, f);
	return at.computed;
}

static void check_lines(struct check *c, struct invoice *inv, struct tax_findings *f)
{
	struct err_info e;
	bool computed = true;

	for (size_t i = 0; i < inv->line_count; i++)
		computed &= check_line(c, inv, i, f);
	if (computed && calc_totals(inv, &e)) {
		findings_keep(f, &e, false);
		computed = false;
	}
	c->computed = computed;
}

/* What a red invoice is was settled by its letter: codes and rates may have ended since. */
static void check_red(struct check *c, struct invoice *inv, struct tax_findings *f)
{
	struct err_info e;

	c->computed = !calc_totals(inv, &e);
	if (!c->computed)
		findings_keep(f, &e, false);
	for (size_t i = 0; i < inv->line_count; i++)
		run_line(c, red_lines,
			 &(struct line_at) {.index = i, .line = &inv->lines[i], .computed = true},
			 f);
	run_head(c, head_rules, f);
	run_head(c, red_rules, f);
}

static void check_blue(struct check *c, struct invoice *inv, struct tax_findings *f)
{
	tax_deduction_apply(inv);
	if (rule_differential(inv) && inv->line_count && c->ctx->find_differential)
		c->differential = c->ctx->find_differential(c->ctx->arg, inv->lines[0].tax_code);
	check_lines(c, inv, f);
	run_head(c, head_rules, f);
	run_head(c, buyer_rules, f);
	run_items(c, payment_rules, inv->payment_count, "笔", "支付信息", "payments", f);
	run_head(c, differential_rules, f);
	run_items(c, voucher_rules, inv->voucher_count, "张", "扣除凭证", "vouchers", f);
	run_head(c, content_rules, f);
	if (c->computed)
		run_head(c, sum_rules, f);
	if (c->ctx->portal)
		check_portal(inv, f);
}

static void set_today(struct check *c)
{
	int64_t issued;

	date_text(datetime_parse(c->inv->issued_at, &issued) ? issued : c->ctx->now, c->today);
}

enum err findings_first(const struct tax_findings *f, struct err_info *e)
{
	if (!f->errors)
		return ERR_OK;
	for (size_t i = 0; i < f->count; i++) {
		if (f->items[i].warning)
			continue;
		if (e)
			*e = f->items[i].at;
		break;
	}
	return ERR_INVALID;
}

enum err tax_validate(struct invoice *inv, const struct tax_context *ctx, struct tax_findings *out,
		      struct err_info *e)
{
	struct check c = {.inv = inv, .ctx = ctx};
	struct tax_findings found = {.items = NULL};

	set_today(&c);
	check_seller(ctx, &found);
	check_all_texts(inv, &found);
	if (inv->red)
		check_red(&c, inv, &found);
	else
		check_blue(&c, inv, &found);
	enum err rc = findings_first(&found, e);
	if (out)
		*out = found;
	else
		tax_findings_free(&found);
	return rc;
}

enum err tax_validate_line(struct tax_line *l, const struct tax_context *ctx,
			   struct tax_findings *out, struct err_info *e)
{
	const struct invoice inv = {.lines = l, .line_count = 1};
	struct check c = {.inv = &inv, .ctx = ctx};
	struct line_at at = {.alone = true, .line = l, .code = find_code(ctx, l->tax_code)};
	struct tax_findings found = {.items = NULL};

	date_text(ctx->now, c.today);
	check_texts(l, line_texts, "", "", &found);
	if (at.code && !*l->short_name)
		mem_set(&l->short_name, at.code->short_name);
	run_line(&c, line_rules, &at, &found);
	run_line(&c, rate_rules, &at, &found);
	if (ctx->portal)
		check_portal_line(l, "", "", &found);
	enum err rc = findings_first(&found, e);
	if (out)
		*out = found;
	else
		tax_findings_free(&found);
	return rc;
}
