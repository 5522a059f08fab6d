/* drafts.c - the list of drafts, deleting, what is used up. */
#include "desk/drafts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/drafts_p.h"
#include "desk/forms.h"
#include "desk/invoices.h"
#include "desk/issue_p.h"
#include "desk/types.h"

static const struct {
	const char *word, *label;
} SOURCES[] = {
    [DRAFT_TYPED] = {"form", "填开"},
    [DRAFT_STORED] = {"draft", "命令行"},
    [DRAFT_MERGED] = {"merge", "合并"},
    [DRAFT_SPLIT] = {"split", "拆分"},
};

const char *draft_source_word(enum draft_source_kind k)
{
	return SOURCES[k].word;
}

const char *draft_source_label(enum draft_source_kind k)
{
	return SOURCES[k].label;
}

/* ---- the list ---- */

struct listing {
	struct session *s;
	const struct draft_filter *f;
	draft_each each;
	void *arg;
	int left;             /* rows there is room for */
	const int64_t *gross; /* what is looked for is also an amount; NULL: it is none */
	bool by_gross;        /* stored ones of that amount are read */
	struct err_info *e;
};

static enum err give(struct listing *l, struct draft_row *row)
{
	struct app_user owner;
	enum err r = store_user_get(l->s->db, row->user_id, &owner, l->e);

	if (r)
		return r;
	row->mine = row->user_id == l->s->user.id;
	row->owner = *owner.display_name ? owner.display_name : owner.name;
	l->left--;
	return l->each(l->arg, row);
}

static enum err give_form(void *arg, const struct form_state *f)
{
	struct draft_row row = {.id = f->id,
				.user_id = f->user_id,
				.at = f->updated_at,
				.gross = f->gross,
				.no_gross = !f->gross_known,
				.source = DRAFT_TYPED,
				.title = f->title,
				.order_no = f->order_no};

	return give(arg, &row);
}

/* What made the draft, and whose it is. */
static enum err give_stored(void *arg, const struct invoice_row *r)
{
	struct listing *l = arg;
	struct draft_change change;
	bool changed;
	struct draft_row row = {.id = r->id,
				.user_id = r->created_by,
				.at = r->created_at,
				.gross = r->gross,
				.source = DRAFT_STORED,
				.title = r->buyer_name,
				.order_no = r->order_no};
	enum err rc;

	if (l->f->mine && r->created_by != l->s->user.id)
		return ERR_OK;
	if (!l->by_gross && l->gross && r->gross == *l->gross)
		return ERR_OK; /* given before */
	if ((rc = store_change_of(l->s->db, r->id, &change, &changed, l->e)))
		return rc;
	if (changed)
		row.source = change.split ? DRAFT_SPLIT : DRAFT_MERGED;
	return give(l, &row);
}

static enum err list_forms(struct listing *l, int64_t unit, struct form_cursor at, char next[64],
			   struct err_info *e)
{
	bool all = !l->f->mine && !desk_allow(l->s, DESK_DRAFTS, NULL);
	struct form_cursor after;
	enum err r = store_form_page(l->s->db, unit, all ? 0 : l->s->user.id, l->f->text, at,
				     l->left, give_form, l, &after, e);

	if (!r && after.id)
		snprintf(next, 64, "f%lld:%lld", (long long)after.at, (long long)after.id);
	return r;
}

/* By the amount, or by the text. */
static enum err list_stored(struct listing *l, int64_t cursor, char next[64], struct err_info *e)
{
	static const enum invoice_state DRAFT = INVOICE_DRAFT;
	struct invoice_filter f = {.state = &DRAFT, .cursor = cursor, .limit = l->left};
	int64_t after = 0, total;
	bool more;
	enum err r;

	if (l->by_gross)
		f.gross_from = f.gross_to = l->gross;
	else if (!text_empty(l->f->text))
		f.text = l->f->text;
	r = desk_invoice_list(l->s, &f, give_stored, l, &after, &total, &more, e);
	if (!r && after)
		snprintf(next, 64, "%c%lld", l->by_gross ? 'g' : 'i', (long long)after);
	return r;
}

/* Is the text an amount, with commas or without? */
static bool read_gross(const char *text, int64_t *fen)
{
	char plain[FEN_TEXT];
	size_t n = 0;

	for (; text && *text && n + 1 < sizeof(plain); text++) {
		if (*text != ',')
			plain[n++] = *text;
	}
	plain[n] = 0;
	return n && fen_parse(plain, fen);
}

static struct form_cursor form_cursor_of(const char *text)
{
	struct form_cursor at = {0, 0};
	char *end;

	if (*text != 'f')
		return at;
	at.at = strtoll(text + 1, &end, 10);
	at.id = *end == ':' ? strtoll(end + 1, NULL, 10) : 0;
	return at;
}

enum err desk_draft_list(struct session *s, const struct draft_filter *f, draft_each each,
			 void *arg, char next[64], struct err_info *e)
{
	/* A cursor begins with what it is a cursor of: forms, stored by amount, stored by text. */
	static const char PARTS[] = "fgi";
	struct listing l = {.s = s, .f = f, .each = each, .arg = arg, .left = f->limit, .e = e};
	const char *cursor = f->cursor ? f->cursor : "", *part = PARTS;
	int64_t fen;
	int64_t unit;
	enum err r;

	next[0] = 0;
	if ((r = desk_own_unit(s, DESK_ISSUE, &unit, e)))
		return r;
	l.gross = read_gross(f->text, &fen) ? &fen : NULL;
	if (*cursor && strchr(PARTS, *cursor))
		part = strchr(PARTS, *cursor);
	for (; *part && !r && !*next; part++, cursor = "") {
		l.by_gross = *part == 'g';
		if (l.by_gross && !l.gross)
			continue;
		if (l.left <= 0)
			snprintf(next, 64, "%c0", *part);
		else if (*part == 'f')
			r = list_forms(&l, unit, form_cursor_of(cursor), next, e);
		else
			r = list_stored(&l, *cursor ? strtoll(cursor + 1, NULL, 10) : 0, next, e);
	}
	return r;
}

/* ---- one of them ---- */

static enum err holder(struct session *s, int64_t unit, const char *order_no, int64_t form,
		       int64_t draft, char out[DRAFT_HOLDER], struct err_info *e)
{
	struct invoice_record r;
	int64_t id = 0;
	enum err rc = store_form_by_order(s->db, unit, order_no, form, &id, e);

	if (!rc && id)
		snprintf(out, DRAFT_HOLDER, "填开的草稿 f%lld", (long long)id);
	if (rc || id || (rc = store_invoice_by_order(s->db, unit, order_no, &id, e)) || !id ||
	    id == draft || (rc = store_invoice_head(s->db, id, &r, e)))
		return rc;
	if (r.state == INVOICE_DRAFT)
		snprintf(out, DRAFT_HOLDER, "草稿 #%lld", (long long)id);
	invoice_record_free(&r);
	return ERR_OK;
}

enum err desk_order_holder(struct session *s, const char *order_no, int64_t form, int64_t draft,
			   char out[DRAFT_HOLDER], struct err_info *e)
{
	int64_t unit;
	enum err r;

	out[0] = 0;
	if (text_empty(order_no))
		return ERR_OK;
	if ((r = desk_own_unit(s, DESK_ISSUE, &unit, e)))
		return r;
	return holder(s, unit, order_no, form, draft, out, e);
}

static enum err not_a_draft(int64_t id, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "invoice.state", "草稿", "#%lld 已经不是草稿", (long long)id);
	err_hint(e, "请重新读取草稿列表");
	return ERR_INVALID;
}

enum err draft_load(struct session *s, const struct unit *u, int64_t id, struct invoice_record *out,
		    struct err_info *e)
{
	enum err r = store_invoice_get(s->db, id, out, e);

	if (r)
		return r == ERR_INVALID ? not_a_draft(id, e) : r;
	if (out->unit_id == u->id && out->state == INVOICE_DRAFT)
		return ERR_OK;
	invoice_record_free(out);
	return not_a_draft(id, e);
}

static enum err delete_draft(struct session *s, const struct unit *u, int64_t id,
			     struct err_info *e)
{
	struct invoice_record r;
	char no[24];
	enum err rc = draft_load(s, u, id, &r, e);

	if (rc)
		return rc;
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	if (!(rc = store_invoice_delete_draft(s->db, id, e)) &&
	    !(rc = store_change_sweep(s->db, u->id, e)))
		rc = desk_audit(s, u->id, "draft.delete", no, "", r.invoice.order_no, e);
	invoice_record_free(&r);
	return rc;
}

enum err desk_draft_delete(struct session *s, int64_t id, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = delete_draft(s, &u, id, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

enum err desk_draft_get(struct session *s, const char *no, struct invoice_record *out,
			struct err_info *e)
{
	struct err_info why = {0};
	struct unit u;
	enum err r = desk_invoice_get(s, no, out, e);

	if (r != ERR_INVALID || desk_unit(s, &u, NULL))
		return r;
	if ((*no == '#' ? desk_draft_free(s, u.id, strtoll(no + 1, NULL, 10), 0, &why)
			: desk_order_free(s, u.id, no, &why)) == ERR_INVALID)
		*e = why;
	unit_free(&u);
	return r;
}

enum err desk_draft_issue(struct session *s, const char *no, int64_t *id, struct err_info *e)
{
	struct invoice_record r;
	struct invoice_set set = {.n = 1};
	bool repeat = false;
	enum err rc;

	if ((rc = desk_allow(s, DESK_ISSUE, e)) || (rc = desk_draft_get(s, no, &r, e)))
		return rc;
	*id = r.id;
	set.items = &r.invoice;
	if (r.state != INVOICE_DRAFT) {
		rc = not_a_draft(r.id, e);
	} else {
		desk_type_renew(s, &r, NULL);
		desk_form_using(s, 0, r.id);
		rc = desk_issue(s, &set, id, &repeat, e);
		desk_form_using(s, 0, 0);
	}
	invoice_record_free(&r);
	return rc;
}

enum err desk_draft_form(struct session *s, int64_t id, struct form_state *out, struct err_info *e)
{
	bool all = !desk_allow(s, DESK_DRAFTS, NULL), found;
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_ISSUE, &unit, e);

	if (r)
		return r;
	r = store_form_get(s->db, unit, all ? 0 : s->user.id, id, out, &found, e);
	if (r || found)
		return r;
	err_fail(e, ERR_INVALID, "form.unknown", "草稿", "没有草稿 f%lld", (long long)id);
	err_hint(e, "它可能已经开出或删除，请看草稿列表");
	return ERR_INVALID;
}

/* ---- used up ---- */

static enum err say_use(const struct draft_use *use, const char *what, const char *name,
			struct err_info *e)
{
	char at[300];

	if (!use->used)
		return ERR_OK;
	if (use->batch) {
		err_fail(e, ERR_INVALID, "order.used", what,
			 "%s 已经并入批次 %lld 的第 %lld 张，不能再单独开票", name,
			 (long long)use->batch, (long long)use->seq);
		err_field(e, "order_no");
		err_hint(e, "请开那一张；确实不要合并，先取消那个批次再导入");
		return ERR_INVALID;
	}
	if (use->state == INVOICE_DRAFT)
		snprintf(at, sizeof(at), "草稿 #%lld%s%s", (long long)use->invoice,
			 *use->order_no ? "，订单号 " : "", use->order_no);
	else
		snprintf(at, sizeof(at), "发票 %s", use->number);
	err_fail(e, ERR_INVALID, "order.used", what, "%s 已经%s（%s），不能再单独开票", name,
		 use->split ? "拆分" : "并入别的草稿", at);
	err_field(e, "order_no");
	err_hint(e,
		 use->state == INVOICE_DRAFT ? "请开那张草稿；要单独开，先在草稿里撤销%s"
					     : "请不要再开；要另开一张请换一个订单号",
		 use->split ? "拆分" : "合并");
	return ERR_INVALID;
}

enum err desk_order_free(struct session *s, int64_t unit, const char *order_no, struct err_info *e)
{
	struct draft_use use;
	enum err r;

	if (text_empty(order_no))
		return ERR_OK;
	r = store_order_use(s->db, unit, order_no, &use, e);
	return r ? r : say_use(&use, "订单号", order_no, e);
}

static enum err say_end(struct session *s, const struct draft_end *end, struct err_info *e)
{
	char at[DATETIME_TEXT];
	struct app_user who;
	enum err r = store_user_get(s->db, end->user_id, &who, e);

	if (r)
		return r;
	datetime_text(end->at, at);
	err_fail(e, ERR_INVALID, "draft.used", "草稿", "%s 已于 %s 把它开成发票 %s，没有再开",
		 *who.display_name ? who.display_name : who.name, at, end->number);
	err_hint(e, "请先在开票记录里看那一张；确实要再开，请另开一张");
	return ERR_INVALID;
}

enum err desk_draft_free(struct session *s, int64_t unit, int64_t draft, int64_t form,
			 struct err_info *e)
{
	struct draft_use use;
	struct draft_end end;
	enum err r = store_draft_use(s->db, unit, draft, form, &use, e);

	if (r || (r = say_use(&use, "草稿", "这张草稿", e)) ||
	    (r = store_draft_end(s->db, unit, draft, form, &end, e)))
		return r;
	return end.known ? say_end(s, &end, e) : ERR_OK;
}
