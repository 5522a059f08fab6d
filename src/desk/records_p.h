/* records_p.h - between the files that take many invoices out. */
#ifndef KP_DESK_RECORDS_P_H
#define KP_DESK_RECORDS_P_H

#include "desk/records.h"

/* What is chosen, settled for one unit. */
struct records_walk {
	struct session *s;
	const struct records_choice *choice;
	struct unit unit; /* owned */
	char month_end[MONTH_TEXT];
};
/* ERR_INVALID when the month is none. */
enum err records_open(struct session *s, const struct records_choice *c, struct records_walk *out,
		      struct err_info *e);
void records_close(struct records_walk *w);
enum err records_count(struct records_walk *w, int64_t *out, bool *at_least, struct err_info *e);
/* Gives the ids one after another, reading on in pages. */
typedef enum err (*record_each)(void *arg, int64_t id, struct err_info *e);
enum err records_each(struct records_walk *w, record_each f, void *arg, struct err_info *e);
/* An invoice of the unit; `lines` false: without them.  Freed by the caller. */
enum err records_get(struct records_walk *w, int64_t id, bool lines, struct invoice_record *out,
		     struct err_info *e);
/* One more is done; ERR_INVALID "export.cancelled" when somebody wants it to end. */
enum err records_step(struct import_progress *p, int64_t rows, struct err_info *e);

/* A path with the time in its name; one that is taken already leaves it to the next second. */
typedef enum err (*records_begin)(void *arg, const char *path, struct err_info *e);
enum err records_stamped(const char *folder, const char *stem, const char *suffix,
			 records_begin begin, void *arg, char path[HOME_PATH + 256],
			 struct err_info *e);

/* A layout file of a record that was read: invoices.c. */
enum err invoice_render(struct session *s, const struct invoice_record *r, enum print_format f,
			struct buf *out, struct err_info *e);

#endif
