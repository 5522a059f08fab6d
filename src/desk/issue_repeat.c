/* issue_repeat.c - orders that were seen before: repeats, corrections, slips.
 *
 * A repeat answers with the first result.  But when the tax side has refused the first one and the
 * content is another now, that is a correction: it goes out under the number of the first (I3: the
 * refused bytes were never accepted).
 */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/drafts.h"
#include "desk/issue_p.h"
#include "tax/invoice_json.h"

/* ---- correction or repeat ---- */

/* The input form of both: what a person entered, not what was computed. */
static bool same_json(const struct invoice *a, const struct invoice *b)
{
	const struct invoice *both[2] = {a, b};
	struct buf text[2];
	bool same;
	int i;

	for (i = 0; i < 2; i++) {
		struct json_out o;

		buf_init(&text[i], INVOICE_FILE_MAX);
		json_out_init(&o, &text[i], 0);
		json_open(&o, NULL, '{');
		invoice_put_json(&o, both[i], false);
		json_close(&o, '}');
	}
	same = !text[0].failed && !text[1].failed && text[0].len == text[1].len &&
	       memcmp(buf_str(&text[0]), buf_str(&text[1]), text[0].len) == 0;
	buf_free(&text[0]);
	buf_free(&text[1]);
	return same;
}

static bool same_content(const struct invoice *stored, struct invoice *fresh)
{
	size_t i;

	/* The tax side's own short name was filled in when the first one was checked. */
	for (i = 0; i < fresh->line_count && i < stored->line_count; i++) {
		const struct tax_line *l = &stored->lines[i];

		if (text_empty(fresh->lines[i].short_name) &&
		    !strcmp(fresh->lines[i].tax_code, l->tax_code))
			mem_set(&fresh->lines[i].short_name, l->short_name);
	}
	return same_json(stored, fresh);
}

/* What is stored under the order number of the invoice: *id 0 nothing but a draft; *repeat false
 * then, and when this one corrects it. */
static enum err look_up(struct session *s, const struct unit *u, struct invoice *inv, int64_t *id,
			bool *repeat, bool *differs, struct err_info *e)
{
	struct invoice_record r;
	bool correctable, same;
	enum err rc;

	*id = 0;
	*repeat = false;
	if (text_empty(inv->order_no))
		return ERR_OK;
	if ((rc = store_invoice_by_order(s->db, u->id, inv->order_no, id, e)))
		return rc;
	/* It may have gone into another invoice. */
	if (!*id)
		return desk_order_free(s, u->id, inv->order_no, e);
	if ((rc = store_invoice_head(s->db, *id, &r, e)))
		return rc;
	correctable = r.state == INVOICE_FAILED && !r.needs_person;
	if (r.state == INVOICE_DRAFT)
		*id = 0;
	else
		*repeat = true;
	invoice_record_free(&r);
	if (!*id || !(correctable || differs))
		return ERR_OK;
	if ((rc = store_invoice_get(s->db, *id, &r, e)))
		return rc;
	same = same_content(&r.invoice, inv);
	invoice_record_free(&r);
	*repeat = same || !correctable;
	if (differs)
		*differs = !same && !correctable;
	return ERR_OK;
}

enum err issue_mark_repeats(struct session *s, const struct unit *u, const struct invoice_set *set,
			    int64_t *ids, bool *repeat, struct issue_counts *n, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	memset(n, 0, sizeof(*n));
	for (i = 0; i < set->n && !r; i++) {
		bool known = repeat[i];

		r = look_up(s, u, &set->items[i], &ids[i], &repeat[i],
			    set->differs ? &set->differs[i] : NULL, e);
		/* What was a repeat has not been checked: it stays one. */
		repeat[i] |= known && ids[i];
		n->fresh += !repeat[i];
		n->numbers += !repeat[i] && !ids[i];
	}
	return r;
}

void issue_warn_differing(const struct invoice_set *set)
{
	struct tax_finding f = {.warning = true};
	size_t i;

	for (i = 0; set->differs && set->warned && i < set->n; i++) {
		if (!set->differs[i])
			continue;
		err_fail(&f.at, ERR_INVALID, "order.differs", "订单号",
			 "%s 已经开过，内容与这次的不同，这次的没有采用", set->items[i].order_no);
		err_field(&f.at, "order_no");
		err_hint(&f.at, "要另开一张请换一个订单号");
		issue_name_place(set, i, &f.at);
		set->warned(set->warned_arg, i, &f);
	}
}

/* ---- slips ---- */

static int by_order(const void *a, const void *b)
{
	return strcmp((*(const struct invoice *const *)a)->order_no,
		      (*(const struct invoice *const *)b)->order_no);
}

/* The same order number twice in one file is a slip: which of the two is meant? */
enum err issue_refuse_twins(const struct invoice_set *set, struct err_info *e)
{
	const struct invoice **sorted = mem_alloc((set->n + 1) * sizeof(const struct invoice *));
	size_t i, n = 0;
	enum err r = ERR_OK;

	for (i = 0; i < set->n; i++) {
		if (!text_empty(set->items[i].order_no))
			sorted[n++] = &set->items[i];
	}
	qsort(sorted, n, sizeof(const struct invoice *), by_order);
	for (i = 1; i < n && !r; i++) {
		if (strcmp(sorted[i - 1]->order_no, sorted[i]->order_no) != 0)
			continue;
		r = err_fail(e, ERR_INVALID, "order.twice", "订单号", "%s 在文件里出现多次",
			     sorted[i]->order_no);
		err_field(e, "order_no");
		err_hint(e, "同一订单只开一张，请改正订单号");
	}
	free(sorted);
	return r;
}
