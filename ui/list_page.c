/* list_page.c - going by pages: forward they are read one after the other, back they are known. */
#include "ui/list_p.h"

#include <string.h>

/* After LAST the pages in between are not known. */
static bool is_counted(const struct list *l)
{
	return strcmp(l->cursor, LIST_END) != 0;
}

int64_t list_page_number(const struct list *l)
{
	return is_counted(l) ? l->depth + 1 : 0;
}

int64_t list_page_count(const struct list *l)
{
	if (l->total < 0 || l->at_least || !l->visible)
		return 0;
	return l->total ? (l->total + l->visible - 1) / l->visible : 1;
}

static int go_on(struct list *l, int pages)
{
	int n = 0;

	for (; n < pages && n < LIST_JUMP; n++) {
		list_content(l, false);
		if (!list_next_page(l))
			break;
	}
	return n;
}

static int go_back(struct list *l, int pages)
{
	int n = 0;

	while (n < pages && list_previous_page(l))
		n++;
	return n;
}

int list_go_by(struct list *l, int pages)
{
	int n = pages < 0 ? go_back(l, -pages) : go_on(l, pages);

	if (n)
		l->pick = 0;
	list_content(l, false);
	return n;
}

bool list_go_page(struct list *l, int64_t n)
{
	int64_t pages = list_page_count(l), at;

	if (pages && n > pages)
		n = pages;
	n = n < 1 ? 1 : n;
	at = is_counted(l) ? l->depth + 1 : 1;
	if (n - at > LIST_JUMP)
		return false;
	if (!is_counted(l))
		list_reload(l);
	list_go_by(l, (int)(n - at));
	return true;
}
