/* desk/drafts.h - 草稿: what is not issued yet, put together (合并) and taken apart (拆分).
 *
 * Drafts are of two sorts: forms a person has not finished (forms.h; each is its owner's, others
 * see it only by DESK_DRAFTS) and invoices stored as drafts, which are the unit's.
 *
 * Merging and splitting are one transaction: the sources vanish, the results are stored drafts, and
 * from then on neither an order number nor a draft of the sources can be issued by itself, "order.
 * used", as long as one of the results is not given up (architecture I3).  Until a result is issued
 * it can be taken back: the results vanish and the sources are there again as they were.
 */
#ifndef KP_DESK_DRAFTS_H
#define KP_DESK_DRAFTS_H

#include "base/buf.h"
#include "desk/session.h"
#include "store/forms.h"
#include "tax/tax.h"

/* ---- the list ---- */

enum draft_source_kind { DRAFT_TYPED, DRAFT_STORED, DRAFT_MERGED, DRAFT_SPLIT };
struct draft_row {
	int64_t id; /* of the form (DRAFT_TYPED: "f3") or of the invoice ("#3") */
	int64_t user_id, at, gross;
	enum draft_source_kind source;
	bool mine, no_gross; /* no_gross: a form with rows that have no amount yet */
	const char *owner, *title, *order_no; /* title: of a form; else the buyer */
};
/* Texts live during the call. */
typedef enum err (*draft_each)(void *arg, const struct draft_row *r);
struct draft_filter {
	const char *text;   /* part of buyer or title, an order number or amount; NULL: any */
	bool mine;          /* only what this person made; else all he may see */
	const char *cursor; /* of desk_draft_list, "" at the beginning */
	int limit;
};
/* Forms first, last changed first; then stored drafts, newest first.  next "" at the end. */
enum err desk_draft_list(struct session *s, const struct draft_filter *f, draft_each each,
			 void *arg, char next[64], struct err_info *e);
const char *draft_source_word(enum draft_source_kind k);  /* form, draft, merge, split */
const char *draft_source_label(enum draft_source_kind k); /* 填开, 命令行, 合并, 拆分 */

/* Which other draft or form of the unit has the order number ("草稿 #5", "填开的草稿 f3"), but the
 * form and the draft given (0: none); "" for none. */
enum { DRAFT_HOLDER = 64 };
enum err desk_order_holder(struct session *s, const char *order_no, int64_t form, int64_t draft,
			   char out[DRAFT_HOLDER], struct err_info *e);

/* A stored draft of the unit goes for good; its order number is free again.  ERR_INVALID
 * "invoice.state" when it is none any more. */
enum err desk_draft_delete(struct session *s, int64_t id, struct err_info *e);
/* As desk_invoice_get; a draft that is there no more, by "#id" or by the order number that was
 * merged or split, is told by what became of it: "draft.used" (who issued it, when, its number),
 * "order.used". */
enum err desk_draft_get(struct session *s, const char *no, struct invoice_record *out,
			struct err_info *e);
/* Issues a stored draft by order number or "#id", as desk_issue does: of two at once only one gets
 * through. */
enum err desk_draft_issue(struct session *s, const char *no, int64_t *id, struct err_info *e);
/* Another person's form for DESK_DRAFTS, or one's own; freed by form_state_free. */
enum err desk_draft_form(struct session *s, int64_t id, struct form_state *out, struct err_info *e);

/* The face of an invoice that is not stored, as text; figures that cannot be computed are left
 * out. */
enum err desk_face_text(struct session *s, const struct invoice *inv, struct buf *out,
			struct err_info *e);

/* ---- 合并, 拆分 ---- */

/* A draft to work on: a stored one, or a form with the invoice its screen reads from it. */
struct draft_ref {
	int64_t draft;                 /* 0: the form has none */
	int64_t form;                  /* 0: the draft itself */
	const struct invoice *invoice; /* of a form */
};

struct merge_options {
	bool add_up;          /* equal lines are added up */
	const char *order_no; /* of the result; NULL: made of those of the sources */
};
/* What would come of it, into *out (invoice_free); nothing is stored.  Refusals of
 * tax_invoices_merge, "order.exists" (a source's order was issued, or has another draft),
 * "order.used", "draft.twice" (the same order or draft twice). */
enum err desk_merge_plan(struct session *s, const struct draft_ref *refs, size_t n,
			 const struct merge_options *o, struct invoice *out,
			 struct merge_told *told, struct err_info *e);
/* Does it; *id gets the draft. */
enum err desk_merge(struct session *s, const struct draft_ref *refs, size_t n,
		    const struct merge_options *o, int64_t *id, struct merge_told *told,
		    struct err_info *e);

enum err desk_split_plan(struct session *s, const struct draft_ref *ref,
			 const struct split_rule *rule, struct split_plan *out, struct err_info *e);
/* `shown`: what the person has seen; when it comes out otherwise now, "split.changed".  NULL: not
 * compared.  ids[n_max]: the drafts; *n how many. */
enum err desk_split(struct session *s, const struct draft_ref *ref, const struct split_rule *rule,
		    const struct split_plan *shown, int64_t *ids, size_t n_max, size_t *n,
		    struct err_info *e);

/* Takes back the merging or splitting that the draft came of.  *restored: how many are there again.
 * ERR_INVALID "draft.unchanged" (it came of none), "draft.issued" (a result is issued already). */
enum err desk_draft_undo(struct session *s, int64_t id, size_t *restored, struct err_info *e);

/* ---- inside other transactions of the room ---- */

/* ERR_INVALID "order.used" when the order went into another draft or invoice. */
enum err desk_order_free(struct session *s, int64_t unit, const char *order_no, struct err_info *e);
/* The same of a draft or form that is open on a screen; "draft.used" when it was issued. */
enum err desk_draft_free(struct session *s, int64_t unit, int64_t draft, int64_t form,
			 struct err_info *e);

#endif
