/* red_p.h - what the files of the red letters share. */
#ifndef KP_STORE_RED_P_H
#define KP_STORE_RED_P_H

#include "store/red.h"

enum { RED_MESSAGE_CHARS = 300 };

/* Where a letter stands in lists: the second it was entered, and its id among those of it. */
enum { RED_PLACE_BITS = 29 };
int64_t red_place(int64_t at, int64_t id);

/* The terms of an open letter: the tax side has it, valid, not issued. */
#define RED_OPEN "progress = 'known' AND state <= 4 AND issued = 0 AND (valid = 1 OR state = 0)"

/* Writes the whole head of r->id: a new row (r->id 0 gets one) or in place of what is there, with
 * its tally; the blue invoice is looked up while it is not known. */
enum err red_write(struct db *db, struct red_record *r, struct err_info *e);
enum err red_write_lines(struct db *db, int64_t id, const struct red_letter *l, struct err_info *e);
/* The letter is gone, with its lines, history and count. */
enum err red_delete(struct db *db, const struct red_record *r, struct err_info *e);
/* One event of the history; user 0: none. */
enum err red_note_event(struct db *db, int64_t id, int64_t user, const char *what,
			enum red_state before, enum red_state after, const char *note,
			struct err_info *e);
/* What issued red invoices took back of a blue one of the unit: its mark is written anew. */
enum err red_mark_blue(struct db *db, const struct red_record *r, struct err_info *e);

#endif
