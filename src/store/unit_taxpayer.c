/* unit_taxpayer.c - what the tax side says about a unit: taxpayer data and rates. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "store/unit.h"

enum { BODY_MAX = 64 * 1024 };

/* Members kept in the JSON body; the two times are columns. */
static const struct {
	const char *key;
	size_t offset, size;
} members[] = {
#define MEMBER(name)                                                                               \
	{                                                                                          \
#name, offsetof(struct taxpayer, name), sizeof(((struct taxpayer *)0)->name)       \
	}
    MEMBER(tax_no),       MEMBER(name),           MEMBER(type),           MEMBER(state),
    MEMBER(pilot),        MEMBER(credit_grade),   MEMBER(risk_class),     MEMBER(alert_level),
    MEMBER(risk_flag),    MEMBER(address),        MEMBER(phone),          MEMBER(bank_name),
    MEMBER(account),      MEMBER(office_code),    MEMBER(office_name),    MEMBER(industry),
    MEMBER(legal_person), MEMBER(finance_person), MEMBER(industry_kinds), MEMBER(consumption_kinds),
    MEMBER(export_class),
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

enum err store_taxpayer_put(struct db *db, int64_t unit, const struct taxpayer *t,
			    struct err_info *e)
{
	struct buf body;
	struct json_out o;
	buf_init(&body, BODY_MAX);
	json_out_init(&o, &body, 0);
	json_open(&o, NULL, '{');
	for (int i = 0; i < MEMBERS; i++)
		json_put(&o, members[i].key, (const char *)t + members[i].offset);
	json_close(&o, '}');
	enum err r = body.failed
			 ? err_fail(e, ERR_INTERNAL, "taxpayer.long", "企业信息", "内容过长")
			 : ERR_OK;
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

enum err store_rates_put(struct db *db, int64_t unit, const struct tax_rate *rates, size_t n,
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
