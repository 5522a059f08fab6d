/* ui/list_p.h - inside of lists: earlier pages, reading, marks. */
#ifndef KP_UI_LIST_P_H
#define KP_UI_LIST_P_H

#include "ui/list.h"

#define LIST_END "$end"

struct list_page {
	char cursor[64];
	int64_t offset;
};

/* Remembers the filter's defaults once; then takes up the conditions that were kept. */
void list_remember(struct list *l);
/* Conditions by title: kept, and given back (NULL: none). */
void list_keep_filter(const char *title, char *values);
const char *list_kept_filter(const char *title);
void list_load_filter(struct list *l, const char *values);
/* Do the conditions differ from the defaults? */
bool list_has_conditions(const struct list *l);
/* Do the fields that are being filled in say something else than the rows were read by? */
bool list_is_pending(const struct list *l);
/* To the next page, the one before (false: there is none), the last one. */
bool list_next_page(struct list *l);
bool list_previous_page(struct list *l);
bool list_last_page(struct list *l);
void list_sync_marks(struct list *l);
void list_mark(struct list *l, int64_t id, bool on);
/* Does the area show the filter now? */
bool list_shows_filter(const struct list *l);
/* Rows of the page above the first one shown. */
int list_top(const struct list *l);

#endif
