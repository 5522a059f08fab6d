#include "ui/list_p.h"

#include <string.h>

#include "base/buf.h"

/* Marks are kept in order of id: rows ask for theirs at every read. */
static size_t place_of(const struct list *l, int64_t id)
{
	size_t low = 0, high = l->mark_count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (l->marks[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool list_marked(const struct list *l, int64_t id)
{
	size_t at = place_of(l, id);

	return at < l->mark_count && l->marks[at] == id;
}

void list_mark(struct list *l, int64_t id, bool on)
{
	size_t at = place_of(l, id);
	bool is = at < l->mark_count && l->marks[at] == id;

	if (is == on)
		return;
	if (on) {
		l->marks = mem_realloc(l->marks, (l->mark_count + 1) * sizeof(*l->marks));
		memmove(l->marks + at + 1, l->marks + at, (l->mark_count - at) * sizeof(*l->marks));
		l->marks[at] = id;
		l->mark_count++;
	} else {
		l->mark_count--;
		memmove(l->marks + at, l->marks + at + 1, (l->mark_count - at) * sizeof(*l->marks));
	}
}

void list_sync_marks(struct list *l)
{
	int i;

	for (i = 0; i < l->count; i++)
		l->rows[i].marked = list_marked(l, l->rows[i].id);
}
