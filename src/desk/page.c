/* page.c - a page of a list, and how many rows there are. */
#include "desk/page_p.h"

enum { COUNT_STEP = 1000 };

bool page_takes(struct page *p, int64_t id)
{
	if (p->counting) {
		p->seen++;
		p->last = id;
		return false;
	}
	if (!p->left) {
		p->next = p->last;
		return false;
	}
	p->left--;
	p->last = id;
	return true;
}

static enum err count(struct page *p, struct err_info *e)
{
	int64_t before = -1;
	enum err r = ERR_OK;

	p->counting = true;
	p->last = 0;
	while (!r && p->seen != before && p->seen < DESK_COUNT_CAP) {
		before = p->seen;
		r = p->read(p, p->last, COUNT_STEP, e);
	}
	return r;
}

enum err page_list(struct page *p, int64_t cursor, int limit, int64_t *next, int64_t *total,
		   struct err_info *e)
{
	enum err r;

	p->left = limit;
	r = p->read(p, cursor, limit + 1, e);
	*next = p->next;
	if (!r)
		r = count(p, e);
	*total = r ? 0 : p->seen;
	return r;
}
