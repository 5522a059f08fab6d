/* unit_taxpayer.c - what the tax side says about a unit: taxpayer data and rates. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "store/unit.h"

enum { BODY_MAX = 64 * 1024 };

/* Members kept in the JSON body; the two times are columns.  changes: the key a change of it has,
 * NULL where nobody is told; risk: of the second answer, which may not have come yet. */
static const struct {
	const char *key, *changes;
	bool risk;
	size_t offset, size;
} members[] = {
#define MEMBER(name, changes, risk)                                                                \
	{                                                                                          \
#name, changes, risk, offsetof(struct taxpayer, name),                             \
		    sizeof(((struct taxpayer *)0)->name)                                           \
	}
    MEMBER(tax_no, "tax_no", false),
    MEMBER(name, "name", false),
    MEMBER(type, "type", false),
    MEMBER(state, "state", false),
    MEMBER(pilot, "pilot", false),
    MEMBER(credit_grade, "credit_grade", true),
    MEMBER(risk_class, "risk_class", true),
    MEMBER(alert_level, "alert_level", true),
    MEMBER(risk_flag, "risk_flag", true),
    MEMBER(address, "address", false),
    MEMBER(phone, "phone", false),
    MEMBER(bank_name, "bank", false),
    MEMBER(account, "account", false),
    MEMBER(office_code, NULL, false),
    MEMBER(office_name, "office", false),
    MEMBER(industry, "industry", false),
    MEMBER(legal_person, "legal_person", false),
    MEMBER(finance_person, "finance_person", false),
    MEMBER(industry_kinds, NULL, false),
    MEMBER(consumption_kinds, NULL, false),
    MEMBER(export_class, "export_class", false),
#undef MEMBER
};
enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static enum err read_body(const char *body, struct taxpayer *t, struct err_info *e)
{
	cJSON *tree = NULL;
	enum err r = json_parse(body, strlen(body), BODY_MAX, &tree, e);
	if (r)
		return err_fail(e, ERR_DAMAGED, "taxpayer.damaged", "企业信息", "保存的内容已损坏");
	for (int i = 0; i < MEMBERS; i++)
		text_copy((char *)t + members[i].offset, members[i].size,
			  json_member(tree, members[i].key));
	json_free(&tree);
	return ERR_OK;
}

enum err store_taxpayer_get(struct db *db, int64_t unit, struct taxpayer *out, bool *found,
			    struct err_info *e)
{
	struct rows *q;
	struct taxpayer t = {0};
	*found = false;
	enum err r = db_query(
	    db, &q, e, "SELECT body, basic_at, risk_at FROM taxpayer WHERE unit_id = ?", "l", unit);
	if (!r && rows_next(q)) {
		*found = true;
		t.basic_at = rows_int(q, 1);
		t.risk_at = rows_int(q, 2);
		r = read_body(rows_text(q, 0), &t, e);
	}
	r = rows_end(&q, r, e);
	if (!r)
		*out = t;
	return r;
}

static const char *member(const struct taxpayer *t, int i)
{
	return (const char *)t + members[i].offset;
}

/* What was never told before is no change. */
static enum err keep_changes(struct db *db, int64_t unit, const struct taxpayer *t,
			     struct err_info *e)
{
	struct taxpayer *old = mem_zalloc(sizeof(*old));
	bool found = false;
	enum err r = store_taxpayer_get(db, unit, old, &found, e);

	for (int i = 0; i < MEMBERS && found && !r; i++)
		if (members[i].changes && (members[i].risk ? old->risk_at : old->basic_at) &&
		    strcmp(member(old, i), member(t, i)) != 0)
			r = store_taxpayer_change_add(db, unit, members[i].changes, member(old, i),
						      member(t, i), e);
	free(old);
	return r;
}

enum err store_taxpayer_put(struct db *db, int64_t unit, const struct taxpayer *t,
			    struct err_info *e)
{
	struct buf body;
	struct json_out o;
	buf_init(&body, BODY_MAX);
	json_out_init(&o, &body, 0);
	json_open(&o, NULL, '{');
	for (int i = 0; i < MEMBERS; i++)
		json_put(&o, members[i].key, member(t, i));
	json_close(&o, '}');
	enum err r = body.failed
			 ? err_fail(e, ERR_INTERNAL, "taxpayer.long", "企业信息", "内容过长")
			 : keep_changes(db, unit, t, e);
	if (!r)
		r = db_run(
		    db, e, NULL,
		    "INSERT INTO taxpayer (unit_id, body, basic_at, risk_at) VALUES (?, ?, ?, ?)"
		    " ON CONFLICT (unit_id) DO UPDATE SET body = excluded.body,"
		    " basic_at = excluded.basic_at, risk_at = excluded.risk_at",
		    "lsll", unit, buf_str(&body), t->basic_at, t->risk_at);
	buf_free(&body);
	return r;
}

/* ---- the name ---- */

/* As people compare names: full width is half width, capitals are small, blanks are nothing. */
static char *bare_name(const char *name)
{
	char *s = text_fold_width(name ? name : ""), *to = s;

	for (const char *p = s; *p; p++) {
		if (!strncmp(p, "\u00a0", 2))
			p++;
		else if (*p >= 'A' && *p <= 'Z')
			*to++ = (char)(*p - 'A' + 'a');
		else if (!strchr(" \t\r\n", *p))
			*to++ = *p;
	}
	*to = '\0';
	return s;
}

bool store_taxpayer_named(const struct taxpayer *t, const struct unit *u, enum err class,
			  struct err_info *e)
{
	char *theirs = bare_name(t->name), *ours = bare_name(u->name);
	bool same = !*theirs || !strcmp(theirs, ours);

	free(theirs);
	free(ours);
	if (same)
		return true;
	err_fail(e, class, "unit.name", "单位名称",
		 "税局登记的名称是 %.300s，这里填写的是 %.300s，不能用别的名称开票", t->name,
		 u->name);
	err_field(e, "name");
	err_hint(e,
		 "请改为税局登记的名称：kaipiao unit rename %s@%s --role %s，再验证；"
		 "不是本企业的，请核对税号和乐企ID",
		 u->tax_no, unit_env_label(u->env), u->direct ? "direct" : "using");
	return false;
}

/* ---- rates ---- */

static bool same_rate(const struct tax_rate *a, const struct tax_rate *b)
{
	return a->ppm == b->ppm && a->levy == b->levy;
}

/* All that is said of a rate: "启用，自 2012-01-01 至 2026-12-31"; "" when it is not among them. */
static void rate_words(const struct tax_rate *of, const struct tax_rate *all, size_t n,
		       struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < n; i++) {
		const struct tax_rate *t = &all[i];

		if (same_rate(t, of))
			buf_addf(out, "%s%s%s%s%s%s", out->len ? "；" : "",
				 t->enabled ? "启用" : "停用", *t->start ? "，自 " : "", t->start,
				 *t->stop ? " 至 " : "", t->stop);
	}
}

static enum err keep_rate_change(struct db *db, int64_t unit, const struct tax_rate *rate,
				 const char *before, const char *after, struct err_info *e)
{
	char text[RATE_TEXT], key[RATE_TEXT + 16];

	if (!strcmp(before, after))
		return ERR_OK;
	snprintf(key, sizeof(key), "rates.%s%s", rate_format(rate->ppm, text),
		 rate->levy ? ".levy" : "");
	return store_taxpayer_change_add(db, unit, key, before, after, e);
}

/* Of every rate in `of`, each once. */
static enum err compare_rates(struct db *db, int64_t unit, const struct tax_rate *of, size_t count,
			      const struct tax_rate *other, size_t n, bool gone, struct err_info *e)
{
	struct buf is, was;
	enum err r = ERR_OK;

	buf_init(&is, BODY_MAX);
	buf_init(&was, BODY_MAX);
	for (size_t i = 0; i < count && !r; i++) {
		bool seen = false;

		for (size_t k = 0; k < i && !seen; k++)
			seen = same_rate(&of[k], &of[i]);
		rate_words(&of[i], of, count, &is);
		rate_words(&of[i], other, n, &was);
		if (!seen && (!gone || !was.len))
			r = keep_rate_change(db, unit, &of[i], buf_str(gone ? &is : &was),
					     buf_str(gone ? &was : &is), e);
	}
	buf_free(&is);
	buf_free(&was);
	return r;
}

static enum err put_rates(struct db *db, int64_t unit, const struct tax_rate *rates, size_t n,
			  struct err_info *e)
{
	enum err r = db_run(db, e, NULL, "DELETE FROM tax_rate WHERE unit_id = ?", "l", unit);

	for (size_t i = 0; !r && i < n; i++)
		r = db_run(
		    db, e, NULL,
		    "INSERT INTO tax_rate (unit_id, ppm, levy, enabled, start_date, stop_date)"
		    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (unit_id, ppm, levy, start_date)"
		    " DO UPDATE SET enabled = excluded.enabled, stop_date = excluded.stop_date",
		    "liiiss", unit, (int)rates[i].ppm, rates[i].levy ? 1 : 0,
		    rates[i].enabled ? 1 : 0, rates[i].start, rates[i].stop);
	return r;
}

enum err store_rates_put(struct db *db, int64_t unit, const struct tax_rate *rates, size_t n,
			 struct err_info *e)
{
	struct tax_rate *old = NULL, *now = NULL;
	size_t before = 0, after = 0;
	enum err r = store_rates_get(db, unit, &old, &before, e);

	/* Read again: in the same order as before. */
	if (!r && !(r = put_rates(db, unit, rates, n, e)))
		r = store_rates_get(db, unit, &now, &after, e);
	if (!r && before && !(r = compare_rates(db, unit, now, after, old, before, false, e)))
		r = compare_rates(db, unit, old, before, now, after, true, e);
	free(old);
	free(now);
	return r;
}

enum err store_rates_get(struct db *db, int64_t unit, struct tax_rate **out, size_t *n,
			 struct err_info *e)
{
	struct rows *q;
	struct tax_rate *list = NULL;
	size_t count = 0;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT ppm, levy, enabled, start_date, stop_date FROM tax_rate WHERE unit_id = ?"
	    " ORDER BY levy, ppm DESC, start_date",
	    "l", unit);
	while (!r && rows_next(q)) {
		list = mem_realloc(list, (count + 1) * sizeof(*list));
		struct tax_rate *t = &list[count++];
		*t = (struct tax_rate) {
		    .ppm = (int32_t)rows_int(q, 0),
		    .levy = rows_int(q, 1) != 0,
		    .enabled = rows_int(q, 2) != 0,
		};
		text_copy(t->start, sizeof(t->start), rows_text(q, 3));
		text_copy(t->stop, sizeof(t->stop), rows_text(q, 4));
	}
	r = rows_end(&q, r, e);
	if (r) {
		free(list);
		return r;
	}
	*out = list;
	*n = count;
	return ERR_OK;
}

/* ---- 差额征税 ---- */

enum err store_differential_put(struct db *db, int64_t unit, const struct differential_code *codes,
				size_t n, struct err_info *e)
{
	enum err r =
	    db_run(db, e, NULL, "DELETE FROM differential_code WHERE unit_id = ?", "l", unit);
	for (size_t i = 0; !r && i < n; i++) {
		const struct differential_code *d = &codes[i];
		r = db_run(
		    db, e, NULL,
		    "INSERT OR REPLACE INTO differential_code (unit_id, code, name, short_name,"
		    " part, part_special, full_special, general_rates, general_levy, small_levy)"
		    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    "lsssiiisss", unit, d->code, d->name, d->short_name, d->part ? 1 : 0,
		    d->part_special ? 1 : 0, d->full_special ? 1 : 0, d->general_rates,
		    d->general_levy, d->small_levy);
	}
	return r;
}

enum err store_differential_count(struct db *db, int64_t unit, int64_t *out, struct err_info *e)
{
	bool found;

	return db_get_int(db, e, out, &found,
			  "SELECT count(*) FROM differential_code WHERE unit_id = ?", "l", unit);
}

enum err store_differential_get(struct db *db, int64_t unit, const char *code,
				struct differential_code *out, bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT code, name, short_name, part, part_special, full_special,"
			      " general_rates, general_levy, small_levy FROM differential_code"
			      " WHERE unit_id = ? AND code = ?",
			      "ls", unit, code);
	*found = !r && rows_next(q);
	if (*found) {
		*out = (struct differential_code) {
		    .name = mem_strdup(rows_text(q, 1)),
		    .short_name = mem_strdup(rows_text(q, 2)),
		    .part = rows_int(q, 3) != 0,
		    .part_special = rows_int(q, 4) != 0,
		    .full_special = rows_int(q, 5) != 0,
		    .general_rates = mem_strdup(rows_text(q, 6)),
		    .general_levy = mem_strdup(rows_text(q, 7)),
		    .small_levy = mem_strdup(rows_text(q, 8)),
		};
		text_copy(out->code, sizeof(out->code), rows_text(q, 0));
	}
	return rows_end(&q, r, e);
}
