/* recon_compare.c - 对账: an invoice of the tax side's list beside ours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "sync/recon_p.h"
#include "tax/tax.h"

enum { SETTLE_S = 600, WORDS = 1100 }; /* what is younger is on its way */

/* What differs, on either side; kept short. */
struct words {
	struct buf ours, theirs;
};

static void say(struct words *w, const char *label, const char *ours, const char *theirs)
{
	if (w->ours.len + strlen(ours) + strlen(label) + 8 > WORDS ||
	    w->theirs.len + strlen(theirs) + strlen(label) + 8 > WORDS)
		return;
	buf_addf(&w->ours, "%s%s %s", w->ours.len ? "；" : "", label, ours);
	buf_addf(&w->theirs, "%s%s %s", w->theirs.len ? "；" : "", label, theirs);
}

static void say_fen(struct words *w, const char *label, int64_t ours, int64_t theirs)
{
	char a[FEN_TEXT + 8], b[FEN_TEXT + 8];

	if (ours != theirs)
		say(w, label, fen_format_grouped(ours, a), fen_format_grouped(theirs, b));
}

static void say_text(struct words *w, const char *label, const char *ours, const char *theirs)
{
	if (strcmp(ours ? ours : "", theirs) != 0)
		say(w, label, text_empty(ours) ? "（空）" : ours, *theirs ? theirs : "（空）");
}

/* The tax side may put the moment of success in the place of ours (features N61). */
static bool same_moment(const struct invoice_record *rec, const char *theirs)
{
	int64_t ours, at;

	if (!strcmp(rec->invoice.issued_at, theirs))
		return true;
	return datetime_parse(rec->invoice.issued_at, &ours) && datetime_parse(theirs, &at) &&
	       at >= ours && rec->finished_at && at <= rec->finished_at + SETTLE_S;
}

static void compare(const struct invoice_record *rec, const struct recon_theirs *t, struct words *w)
{
	const struct invoice *inv = &rec->invoice;
	char *buyer = tax_buyer_name(inv);

	say_fen(w, "价税合计", inv->gross_fen, t->gross);
	say_fen(w, "金额", inv->net_fen, t->net);
	say_fen(w, "税额", inv->tax_fen, t->tax);
	say_text(w, "购方名称", buyer, t->buyer_name);
	say_text(w, "购方税号", inv->buyer.tax_no, t->buyer_tax_no);
	if (inv->kind != t->kind)
		say(w, "票种", invoice_kind_label(inv->kind), invoice_kind_label(t->kind));
	if (!same_moment(rec, t->issued_at))
		say(w, "开票日期", inv->issued_at, t->issued_at);
	if (t->red && !inv->red)
		say(w, "蓝红", "蓝字", "红字");
	free(buyer);
}

static enum err count_rows(struct recon *r, const struct invoice_record *rec,
			   const struct recon_theirs *t, struct words *w, struct err_info *e)
{
	struct invoice_record full;
	struct tax_row row;
	size_t cursor = 0;
	int64_t n = 0;
	char a[24], b[24];
	enum err rc;

	if (t->rows < 0)
		return ERR_OK;
	if ((rc = store_invoice_get(r->en->db, rec->id, &full, e)))
		return rc;
	while (tax_row_next(&full.invoice, &cursor, &row))
		n++;
	invoice_record_free(&full);
	if (n != t->rows) {
		snprintf(a, sizeof(a), "%lld", (long long)n);
		snprintf(b, sizeof(b), "%lld", (long long)t->rows);
		say(w, "明细行", a, b);
	}
	return ERR_OK;
}

static const char *red_word(bool red)
{
	return red ? "，红字" : "";
}

enum err recon_add(struct recon *r, enum recon_kind kind, const struct invoice_record *rec,
		   const char *theirs, struct err_info *e)
{
	struct recon_difference d = {.run_id = r->run.id,
				     .unit_id = r->run.unit_id,
				     .kind = kind,
				     .invoice_id = rec->id,
				     .gross = rec->invoice.gross_fen};
	char amount[FEN_TEXT + 8];
	char *buyer = tax_buyer_name(&rec->invoice);

	text_copy(d.number, sizeof(d.number), rec->invoice.number);
	text_copy(d.buyer, sizeof(d.buyer), buyer);
	snprintf(d.ours, sizeof(d.ours), "%s%s%s，%s%s，价税合计 %s",
		 invoice_state_label(rec->state), rec->reversed ? "，" : "",
		 invoice_reversal_label(rec->reversed), rec->invoice.issued_at,
		 red_word(rec->invoice.red), fen_format_grouped(rec->invoice.gross_fen, amount));
	text_copy(d.theirs, sizeof(d.theirs), theirs);
	free(buyer);
	return store_difference_add(r->en->db, &d, e);
}

static enum recon_kind kind_there(enum invoice_state s)
{
	return s == INVOICE_FAILED ? RECON_FAILED_THERE
	       : s == INVOICE_VOID ? RECON_VOID_THERE
				   : RECON_UNKNOWN_THERE;
}

static enum err both(struct recon *r, const struct invoice_record *rec,
		     const struct recon_theirs *t, struct err_info *e)
{
	struct recon_difference d = {.run_id = r->run.id,
				     .unit_id = r->run.unit_id,
				     .invoice_id = rec->id,
				     .gross = t->gross};
	struct words w;
	bool same;
	enum err rc;

	/* On its way: the engine is about to learn the same. */
	if (rec->state != INVOICE_ISSUED && rec->state != INVOICE_FAILED &&
	    rec->state != INVOICE_VOID && rec->state != INVOICE_UNKNOWN &&
	    clock_now() - rec->created_at < SETTLE_S)
		return ERR_OK;
	buf_init(&w.ours, WORDS);
	buf_init(&w.theirs, WORDS);
	compare(rec, t, &w);
	rc = count_rows(r, rec, t, &w, e);
	same = w.ours.len == 0;
	if (!rc && rec->state == INVOICE_ISSUED && same) {
		r->run.same++;
	} else if (!rc) {
		d.kind = rec->state == INVOICE_ISSUED ? RECON_DIFFERS : kind_there(rec->state);
		d.compared = same ? RECON_SAME : RECON_DIFFERENT;
		text_copy(d.number, sizeof(d.number), t->number);
		text_copy(d.buyer, sizeof(d.buyer), t->buyer_name);
		snprintf(d.ours, sizeof(d.ours), "%s%s%s", invoice_state_label(rec->state),
			 same ? "" : "；", buf_str(&w.ours));
		snprintf(d.theirs, sizeof(d.theirs), "已开%s%s", same ? "，内容与本机一致" : "；",
			 buf_str(&w.theirs));
		rc = store_difference_add(r->en->db, &d, e);
	}
	buf_free(&w.ours);
	buf_free(&w.theirs);
	return rc;
}

/* A red invoice from elsewhere takes back one of ours, and no letter here told of it. */
static enum err reversed_there(struct recon *r, const struct recon_theirs *t, bool *told,
			       struct err_info *e)
{
	struct invoice_record blue;
	char theirs[200], amount[FEN_TEXT + 8];
	int64_t id = 0;
	bool known = false;
	enum err rc = ERR_OK;

	*told = false;
	if (!t->red || !*t->blue_number ||
	    (rc = store_red_known(r->en->db, r->run.unit_id, t->blue_number, t->number, &known,
				  e)) ||
	    known || (rc = store_recon_number(r->en->db, r->run.unit_id, t->blue_number, &id, e)) ||
	    !id || (rc = store_invoice_head(r->en->db, id, &blue, e)))
		return rc;
	snprintf(theirs, sizeof(theirs),
		 "被红字发票 %s 冲红（%s，价税合计 %s），本机没有它的红字确认单", t->number,
		 t->issued_at, fen_format_grouped(t->gross, amount));
	*told = true;
	rc = recon_add(r, RECON_STATE, &blue, theirs, e);
	invoice_record_free(&blue);
	return rc;
}

static enum err only_theirs(struct recon *r, const struct recon_theirs *t, struct err_info *e)
{
	struct recon_difference d = {
	    .run_id = r->run.id, .unit_id = r->run.unit_id, .kind = RECON_OTHER, .gross = t->gross};
	char amount[FEN_TEXT + 8];
	bool segment = false, told = false;
	enum err rc = reversed_there(r, t, &told, e);

	if (rc || told ||
	    (rc = store_recon_segment(r->en->db, r->run.unit_id, t->number, &segment, e)))
		return rc;
	if (segment)
		d.kind = RECON_STRANGE;
	text_copy(d.number, sizeof(d.number), t->number);
	text_copy(d.buyer, sizeof(d.buyer), t->buyer_name);
	text_copy(d.ours, sizeof(d.ours), segment ? "号段是本机的，没有这张发票" : "没有");
	snprintf(d.theirs, sizeof(d.theirs), "%s，%s%s，价税合计 %s", t->issued_at,
		 invoice_kind_label(t->kind), red_word(t->red),
		 fen_format_grouped(t->gross, amount));
	return store_difference_add(r->en->db, &d, e);
}

static enum err look_up(struct recon *r, const struct recon_theirs *t, struct err_info *e)
{
	struct invoice_record rec;
	int64_t id = 0;
	enum err rc = store_recon_number(r->en->db, r->run.unit_id, t->number, &id, e);

	if (rc || !id)
		return rc ? rc : only_theirs(r, t, e);
	if ((rc = store_invoice_head(r->en->db, id, &rec, e)))
		return rc;
	rc = both(r, &rec, t, e);
	invoice_record_free(&rec);
	return rc;
}

enum err recon_theirs_step(struct recon *r, struct err_info *e)
{
	struct recon_theirs *page = mem_alloc(RECON_PAGE * sizeof(*page));
	size_t n = 0, i;
	enum err rc = db_begin(r->en->db, e);

	if (!rc)
		rc = store_theirs_page(r->en->db, r->run.id, r->run.at_text, page, RECON_PAGE, &n,
				       e);
	for (i = 0; i < n && !rc; i++)
		rc = look_up(r, &page[i], e);
	if (n)
		text_copy(r->run.at_text, sizeof(r->run.at_text), page[n - 1].number);
	if (n < RECON_PAGE)
		recon_stage(r, "unsettled");
	free(page);
	return rc ? rc : recon_commit(r, e);
}
