/* invoices.c - the records of issuing: reading, rendering. */
#include "desk/invoices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/issue_p.h"
#include "desk/records_p.h"

enum { COUNT_CAP = 10000, MARK_TEXT = 32, SUFFIX_TEXT = 16 };
_Static_assert((int)PRINT_NAME_TEXT >= (int)NAMING_TEXT, "a name of any rule");

bool desk_invoice_has_end(const struct invoice_filter *f)
{
	return !store_invoice_finds(f);
}

enum err desk_invoice_list(struct session *s, struct invoice_filter *f, invoice_each each,
			   void *arg, int64_t *next, int64_t *total, bool *at_least,
			   struct err_info *e)
{
	enum err r = desk_own_unit(s, DESK_VIEW, &f->unit, e);

	if (r)
		return r;
	if (f->last_page && !desk_invoice_has_end(f)) {
		err_fail(e, ERR_INVALID, "find.last", "开票记录",
			 "按文字、金额、备注、开票人或部分号码查找时没有末页");
		err_hint(e, "请加上创建时间，或一页页往后翻");
		return ERR_INVALID;
	}
	if ((r = store_invoice_page(s->db, f, each, arg, next, e)))
		return r;
	return store_invoice_count(s->db, f, COUNT_CAP, total, at_least, e);
}

enum err desk_invoice_get(struct session *s, const char *no, struct invoice_record *out,
			  struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_invoice_by_no(s->db, unit, no, out, e);
}

enum err desk_invoice_pattern(struct session *s, const char *no, struct invoice_record *out,
			      struct err_info *e)
{
	struct invoice_record rec;
	enum err r = desk_invoice_get(s, no, &rec, e);

	if (r)
		return r;
	if (!rec.invoice.red) {
		*out = rec;
		return ERR_OK;
	}
	r = err_fail(e, ERR_INVALID, "red.copy", "复制", "%s 是红字发票，不能照它再开一张",
		     *rec.invoice.number ? rec.invoice.number : no);
	err_hint(e, "请复制它红冲的蓝字发票 %s", rec.invoice.blue_number);
	invoice_record_free(&rec);
	return r;
}

enum err issue_find(struct session *s, const char *no, int64_t *id, struct err_info *e)
{
	struct invoice_record r;
	enum err rc = desk_invoice_get(s, no, &r, e);

	if (rc)
		return rc;
	*id = r.id;
	invoice_record_free(&r);
	return ERR_OK;
}

enum err desk_invoice_by_id(struct session *s, int64_t id, struct invoice_record *out,
			    struct err_info *e)
{
	enum err r = desk_allow(s, DESK_VIEW, e);

	return r ? r : store_invoice_get(s->db, id, out, e);
}

enum err desk_invoice_head(struct session *s, int64_t id, struct invoice_record *out,
			   struct err_info *e)
{
	enum err r = desk_allow(s, DESK_VIEW, e);

	return r ? r : store_invoice_head(s->db, id, out, e);
}

/* ---- layout files ---- */

static enum err may_render(const struct invoice_record *r, enum print_format f, struct err_info *e)
{
	if (f == PRINT_TEXT || r->state == INVOICE_ISSUED)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "invoice.not_issued", "版式文件",
		 "发票状态是“%s”，开票成功后才有版式文件", invoice_state_label(r->state));
	err_hint(e, "可用 --format txt 预览");
	return ERR_INVALID;
}

/* The text of an invoice that is not issued must not pass for one. */
static const char *mark_of(const struct invoice_record *r, enum unit_env env, char out[MARK_TEXT])
{
	const char *state = r->state == INVOICE_ISSUED ? ""
			    : r->state == INVOICE_VOID ? "已作废"
						       : "未开具";
	const char *practice = env == ENV_PRODUCTION ? "" : "演练";

	snprintf(out, MARK_TEXT, "%s%s%s", practice, *practice && *state ? "　" : "", state);
	return out;
}

enum err invoice_render(struct session *s, const struct invoice_record *r, enum print_format f,
			struct buf *out, struct err_info *e)
{
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	struct unit u = {0}, direct = {0};
	char mark[MARK_TEXT];
	bool found = false;
	enum err rc;

	if (!(rc = store_unit_get(s->db, r->unit_id, &u, e)) &&
	    !(rc = store_unit_get(s->db, u.direct_id, &direct, e)) &&
	    !(rc = store_taxpayer_get(s->db, u.id, t, &found, e))) {
		struct print_face face = {
		    .invoice = &r->invoice,
		    .seller = found ? t : NULL,
		    .region_code = u.region,
		    .platform_no = direct.leqi_id,
		    .issue_mode = u.joint ? PRINT_MODE_THIRD_PARTY : PRINT_MODE_OWN,
		    .accepted = r->state == INVOICE_ISSUED,
		    .production = u.env == ENV_PRODUCTION,
		    .watermark = mark_of(r, u.env, mark),
		};

		rc = print_render(f, &face, out, e);
	}
	unit_free(&u);
	unit_free(&direct);
	free(t);
	return rc;
}

enum err desk_invoice_file(struct session *s, const char *no, enum print_format f, struct buf *out,
			   char *name, struct err_info *e)
{
	char rule[NAMING_RULE + 1], suffix[SUFFIX_TEXT];
	struct invoice_record r;
	enum err rc;

	if ((rc = desk_naming_rule(s, rule, e)) || (rc = desk_invoice_get(s, no, &r, e)))
		return rc;
	if (!(rc = may_render(&r, f, e)) && !(rc = invoice_render(s, &r, f, out, e))) {
		snprintf(suffix, sizeof(suffix), ".%s", print_format_word(f));
		print_naming_make(rule, &r.invoice, suffix, name);
	}
	invoice_record_free(&r);
	return rc;
}
