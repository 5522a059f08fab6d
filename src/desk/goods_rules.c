/* goods_rules.c - which tax code, rate and preference goods may have, and what mends them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/catalogue_p.h"
#include "desk/goods_p.h"
#include "desk/issue_p.h"
#include "desk/memory.h"
#include "desk/taxcodes_p.h"

enum { AUDIT_MAX = 16 << 20, RATES_LISTED = 32, PRICE_DECIMALS = 13 };

/* ---- one goods ---- */

static enum err check_decimals(struct dec price, struct err_info *e)
{
	int n = dec_normalize(price).scale;

	if (n <= PRICE_DECIMALS)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "goods.price.decimals", "单价", "有 %d 位小数，最多 %d 位小数", n,
		 PRICE_DECIMALS);
	err_field(e, "price");
	err_hint(e, "请四舍五入后填写");
	return ERR_INVALID;
}

static enum err check_price(const struct goods *g, struct err_info *e)
{
	const char *s = text_empty(g->price) ? "" : g->price;
	struct dec price;

	if (!*s)
		return ERR_OK;
	if (dec_parse(s, &price) && !dec_is_negative(price) && !dec_is_zero(price))
		return check_decimals(price, e);
	err_fail(e, ERR_INVALID, "goods.price", "单价", "应为大于 0 的数，现为“%.40s”", s);
	err_field(e, "price");
	err_hint(e, "请写成 113 或 113.50，不要有逗号、货币符号和单位");
	return ERR_INVALID;
}

static char *lent(const char *s)
{
	return (char *)(uintptr_t)(s ? s : "");
}

/* Goods may wait for their tax code; what is there obeys the rules of a line. */
static bool counts(const struct goods *g, const struct err_info *at)
{
	return !text_empty(g->tax_code) || !strcmp(at->code, "line.name.required") ||
	       !strcmp(at->code, "line.name.star") || !strcmp(at->code, "line.preference.rate") ||
	       !strcmp(at->code, "line.preference.unknown") ||
	       !strcmp(at->code, "line.rate.disabled");
}

static enum err check_line(const struct goods *g, const struct issue_context *c, char warning[200],
			   struct err_info *e)
{
	struct tax_findings found = {0};
	struct tax_line l = {.rate_ppm = g->rate_ppm};
	enum err r = ERR_OK;
	size_t i;

	l.goods = l.coal_kind = lent("");
	l.name = lent(g->name);
	l.tax_code = lent(g->tax_code);
	l.short_name = mem_strdup(g->short_name);
	l.spec = lent(g->spec);
	l.unit = lent(g->unit);
	l.preference = lent(g->preference);
	tax_validate_line(&l, &c->tax, &found, NULL);
	for (i = 0; i < found.count && !r; i++) {
		if (!counts(g, &found.items[i].at))
			continue;
		if (found.items[i].warning && !*warning) {
			catalogue_warn(warning, &found.items[i].at);
		} else if (!found.items[i].warning) {
			r = ERR_INVALID;
			if (e)
				*e = found.items[i].at;
		}
	}
	tax_findings_free(&found);
	free(l.short_name);
	return r;
}

static enum err check_in(const struct goods *g, const struct issue_context *c, char warning[200],
			 struct err_info *e)
{
	enum err r;

	warning[0] = 0;
	if ((r = catalogue_check_texts(goods_fields, g, e)) || (r = check_line(g, c, warning, e)))
		return r;
	return check_price(g, e);
}

static enum err open_context(struct session *s, struct issue_context **c, struct err_info *e)
{
	struct unit u;
	enum err r = desk_unit(s, &u, e);

	if (r)
		return r;
	/* Which invoices goods will stand on is not known yet. */
	if (!(r = issue_context_load(s, &u, false, c, e)))
		(*c)->tax.portal = false;
	unit_free(&u);
	return r;
}

bool desk_goods_may_prefer(struct session *s, const char *tax_code, const char *preference)
{
	struct tax_code code;
	const char *env;
	bool found = false, may = true;

	if (taxcode_env(s, &env, NULL) ||
	    store_taxcode_get(s->db, env, tax_code, &code, &found, NULL) || !found)
		return true;
	may = tax_code_bears(&code, preference);
	tax_code_free(&code);
	return may;
}

enum err desk_goods_check(struct session *s, const struct goods *g, char warning[200],
			  struct err_info *e)
{
	struct issue_context *c = NULL;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = open_context(s, &c, e)))
		return r;
	r = check_in(g, c, warning, e);
	issue_context_free(&c);
	return r;
}

/* ---- codes ---- */

const char *code_fault_label(enum code_fault f)
{
	static const char *const labels[] = {[CODE_FINE] = "",
					     [CODE_NONE] = "无编码",
					     [CODE_UNKNOWN] = "编码不存在",
					     [CODE_SUMMARY] = "汇总项",
					     [CODE_STOPPED] = "编码已停用"};

	return labels[f];
}

static enum err fault_of(struct session *s, const struct goods_place *p, const char *tax_code,
			 enum code_fault *out, struct err_info *e)
{
	static const enum code_fault faults[] = {[TAXCODE_USABLE] = CODE_FINE,
						 [TAXCODE_UNKNOWN] = CODE_UNKNOWN,
						 [TAXCODE_SUMMARY] = CODE_SUMMARY,
						 [TAXCODE_STOPPED] = CODE_STOPPED};
	enum taxcode_use use = TAXCODE_UNKNOWN;
	enum err r = ERR_OK;

	*out = CODE_NONE;
	if (text_empty(tax_code))
		return ERR_OK;
	if (!(r = store_taxcode_usable(s->db, p->env, tax_code, p->today, &use, e)))
		*out = faults[use];
	return r;
}

enum err desk_goods_fault(struct session *s, const char *tax_code, enum code_fault *out,
			  struct err_info *e)
{
	struct goods_place p;
	enum err r = goods_place(s, DESK_VIEW, &p, e);

	return r ? r : fault_of(s, &p, tax_code, out, e);
}

/* Rates as the code lists them: "13%、9%". */
static size_t listed_rates(const char *text, int32_t *out, size_t room)
{
	size_t n = 0;

	while (*text && n < room) {
		const char *end = strstr(text, "、");
		char *one = mem_strndup(text, end ? (size_t)(end - text) : strlen(text));

		n += rate_parse(one, &out[n]);
		free(one);
		text = end ? end + strlen("、") : "";
	}
	return n;
}

/* Until the tax side has named the unit's rates, those of the code. */
static enum err candidates(struct session *s, const struct tax_code *code, int32_t **out, size_t *n,
			   struct err_info *e)
{
	enum err r = desk_rates(s, out, n, e);

	if (r || *n)
		return r;
	free(*out);
	*out = mem_zalloc(2 * RATES_LISTED * sizeof(**out));
	*n = listed_rates(code->vat_rates, *out, RATES_LISTED);
	*n += listed_rates(code->levy_rates, *out + *n, RATES_LISTED);
	return ERR_OK;
}

static int highest_first(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x < y) - (x > y);
}

/* Keeps those a line of the code may have, each once. */
static void keep_allowed(const char *tax_code, const struct issue_context *c, int32_t *ppm,
			 size_t *n)
{
	struct goods g = {.name = lent("商品"), .tax_code = lent(tax_code)};
	size_t i, kept = 0;

	if (*n)
		qsort(ppm, *n, sizeof(*ppm), highest_first);
	for (i = 0; i < *n; i++) {
		char warning[200] = "";

		g.rate_ppm = ppm[i];
		if ((!kept || ppm[kept - 1] != ppm[i]) && !check_line(&g, c, warning, NULL))
			ppm[kept++] = ppm[i];
	}
	*n = kept;
}

enum err desk_code_rates(struct session *s, const char *tax_code, int32_t **out, size_t *n,
			 struct err_info *e)
{
	struct issue_context *c = NULL;
	const struct tax_code *code;
	enum err r;

	*out = NULL;
	*n = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = open_context(s, &c, e)))
		return r;
	code = c->tax.find_code(c->tax.arg, tax_code);
	if (code && !(r = candidates(s, code, out, n, e)))
		keep_allowed(tax_code, c, *out, n);
	issue_context_free(&c);
	return r;
}

void desk_goods_fix_rate(struct goods *g)
{
	const struct code_row *row =
	    text_empty(g->preference) ? NULL : code_find(CODES_PREFERENCES, g->preference);
	int32_t rates[RATES_LISTED];

	if (g->rate_ppm < 0 && row && listed_rates(row->extra, rates, RATES_LISTED) == 1)
		g->rate_ppm = rates[0];
}

/* ---- another code for many ---- */

static bool among(int32_t ppm, const int32_t *rates, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rates[i] == ppm)
			return true;
	return false;
}

/* What fixed the old rate goes with it. */
static void set_code(struct goods *g, const struct tax_code *code, const int32_t *rates, size_t n)
{
	mem_set(&g->tax_code, code->code);
	mem_set(&g->short_name, code->short_name);
	if (g->rate_ppm < 0 || among(g->rate_ppm, rates, n) || !text_empty(g->preference))
		return;
	g->rate_ppm = n == 1 ? rates[0] : -1;
}

/* A preference that the new code does not bear goes, and with it the rate it fixed. */
static void fit_preference(struct goods *g, const struct issue_context *c, const int32_t *rates,
			   size_t n)
{
	char warning[200] = "";

	if (text_empty(g->preference) || !check_line(g, c, warning, NULL))
		return;
	mem_set(&g->preference, "");
	if (!among(g->rate_ppm, rates, n))
		g->rate_ppm = n == 1 ? rates[0] : -1;
}

/* Of a recoding: the code, its rates, the words for the audit. */
struct recoding {
	const struct tax_code *code;
	const struct issue_context *c;
	int32_t *rates;
	size_t rate_count;
	struct json_out before, after;
	struct buf was, is;
	int changed, rateless;
};

static void note(struct json_out *o, const struct goods *g)
{
	json_open(o, NULL, '{');
	json_put_int(o, "id", g->id);
	json_put(o, "name", g->name);
	json_put(o, "tax_code", g->tax_code);
	json_put_int(o, "rate_ppm", g->rate_ppm);
	json_close(o, '}');
}

static enum err recode_one(struct session *s, int64_t unit, int64_t id, struct recoding *w,
			   struct err_info *e)
{
	struct goods g;
	bool found = false;
	enum err r = store_goods_get(s->db, unit, id, &g, &found, e);

	if (r || !found)
		return r;
	if (!g.removed_at && strcmp(g.tax_code, w->code->code) != 0) {
		bool rated = g.rate_ppm >= 0;

		note(&w->before, &g);
		set_code(&g, w->code, w->rates, w->rate_count);
		fit_preference(&g, w->c, w->rates, w->rate_count);
		note(&w->after, &g);
		g.source = SOURCE_ENTERED;
		r = store_goods_update(s->db, &g, e);
		w->changed += !r;
		w->rateless += !r && rated && g.rate_ppm < 0;
	}
	goods_free(&g);
	return r;
}

static enum err recode_all(struct session *s, int64_t unit, const int64_t *ids, size_t n,
			   struct recoding *w, struct err_info *e)
{
	enum err r = db_begin(s->db, e);
	size_t i;

	if (r)
		return r;
	buf_init(&w->was, AUDIT_MAX);
	buf_init(&w->is, AUDIT_MAX);
	json_out_init(&w->before, &w->was, 0);
	json_out_init(&w->after, &w->is, 0);
	json_open(&w->before, NULL, '[');
	json_open(&w->after, NULL, '[');
	for (i = 0; i < n && !r; i++)
		r = recode_one(s, unit, ids[i], w, e);
	json_close(&w->before, ']');
	json_close(&w->after, ']');
	if (!r && w->changed)
		r = desk_audit(s, unit, "goods.recode", w->code->code, buf_str(&w->was),
			       buf_str(&w->is), e);
	buf_free(&w->was);
	buf_free(&w->is);
	return desk_end(s, r, e);
}

static enum err refuse_code(struct err_info *e, const char *tax_code, enum code_fault fault)
{
	err_fail(e, ERR_INVALID, "goods.code", "税收分类编码", "%.40s %s", tax_code,
		 code_fault_label(fault));
	err_field(e, "tax_code");
	err_hint(e, "请选用可用的明细编码，可用 kaipiao taxcodes search 查找");
	return ERR_INVALID;
}

enum err desk_goods_recode(struct session *s, const int64_t *ids, size_t n, const char *tax_code,
			   int *changed, int *rateless, struct err_info *e)
{
	struct recoding w = {.rates = NULL};
	struct issue_context *c = NULL;
	struct tax_code code;
	struct goods_place p;
	enum code_fault fault;
	bool found = false;
	enum err r;

	if ((r = goods_place(s, DESK_CATALOGUE, &p, e)) ||
	    (r = fault_of(s, &p, tax_code, &fault, e)))
		return r;
	if (fault != CODE_FINE)
		return refuse_code(e, tax_code, fault);
	if ((r = desk_code_rates(s, tax_code, &w.rates, &w.rate_count, e)) ||
	    (r = open_context(s, &c, e)) ||
	    (r = store_taxcode_get(s->db, p.env, tax_code, &code, &found, e)) || !found) {
		free(w.rates);
		issue_context_free(&c);
		return r;
	}
	w.code = &code;
	w.c = c;
	if (!(r = recode_all(s, p.unit, ids, n, &w, e))) {
		*changed = w.changed;
		*rateless = w.rateless;
	}
	free(w.rates);
	tax_code_free(&code);
	issue_context_free(&c);
	return r;
}

/* ---- proposals ---- */

enum { SIMILAR_ASKED = 32 };

static void make_hint(struct code_hint *h, const struct goods *g)
{
	text_copy(h->code, sizeof(h->code), g->tax_code);
	text_copy(h->short_name, sizeof(h->short_name), g->short_name);
	h->rate_ppm = g->rate_ppm;
	if (g->uses > 0)
		snprintf(h->reason, sizeof(h->reason), "与“%.240s”相似，用过 %lld 次", g->name,
			 (long long)g->uses);
	else
		snprintf(h->reason, sizeof(h->reason), "与“%.240s”相似", g->name);
	h->reason[text_whole(h->reason, strlen(h->reason))] = 0;
}

static bool proposed(const struct code_hint *out, int n, const char *code)
{
	while (n-- > 0)
		if (!strcmp(out[n].code, code))
			return true;
	return false;
}

enum err desk_goods_suggest(struct session *s, const char *name, struct code_hint *out, int max,
			    int *n, struct err_info *e)
{
	struct goods found[SIMILAR_ASKED];
	struct goods_place p;
	int i, count = 0;
	enum err r;

	*n = 0;
	if ((r = goods_place(s, DESK_VIEW, &p, e)) ||
	    (r = store_goods_similar(s->db, p.unit, name, found, SIMILAR_ASKED, &count, e)))
		return r;
	for (i = 0; i < count; i++) {
		enum code_fault fault = CODE_NONE;

		if (!r && *n < max && !proposed(out, *n, found[i].tax_code) &&
		    !(r = fault_of(s, &p, found[i].tax_code, &fault, e)) && fault == CODE_FINE)
			make_hint(&out[(*n)++], &found[i]);
		goods_free(&found[i]);
	}
	return r;
}
