/* desk/page_p.h - a page of a list that the store reads by falling or rising ids.
 *
 * One row more than asked for is read: it only proves that there is a next page.  Then all rows are
 * counted, in steps, up to DESK_COUNT_CAP.  The list is a struct that begins with a struct page:
 *
 *	struct mails {
 *		struct page page;
 *		...the query, and whom to hand the rows to: f, arg
 *	};
 *	static enum err give_mail(void *arg, const struct mail *m)
 *	{
 *		struct mails *l = arg;
 *
 *		return page_takes(&l->page, m->id) ? l->f(l->arg, m) : ERR_OK;
 *	}
 *	static enum err read_mails(struct page *p, int64_t cursor, int max, struct err_info *e)
 *	{
 *		struct mails *l = (struct mails *)p;
 *
 *		return store_mail_list(..., cursor, max, give_mail, l, e);
 *	}
 *	r = page_list(&l.page, q->cursor, q->limit, next, total, e);
 */
#ifndef KP_DESK_PAGE_P_H
#define KP_DESK_PAGE_P_H

#include "desk/desk.h"

struct page {
	/* Reads at most max rows below the cursor, 0: from the beginning, past page_takes. */
	enum err (*read)(struct page *p, int64_t cursor, int max, struct err_info *e);
	/* private */
	bool counting;
	int left;
	int64_t last, next, seen;
};

/* Does the row belong to the page?  Only then it is handed on. */
bool page_takes(struct page *p, int64_t id);
/* p->read is set, the rest zeroed.  *next: the cursor of the next page, 0 none.  *total up to
 * DESK_COUNT_CAP; 0 on an error. */
enum err page_list(struct page *p, int64_t cursor, int limit, int64_t *next, int64_t *total,
		   struct err_info *e);

#endif
