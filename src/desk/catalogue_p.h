/* catalogue_p.h - between the files of the catalogues: texts and what is asked of them. */
#ifndef KP_DESK_CATALOGUE_P_H
#define KP_DESK_CATALOGUE_P_H

#include "base/json.h"
#include "desk/buyers.h"

/* ERR_INVALID "changed" when somebody has changed the row since it was read. */
enum err catalogue_check_rev(const char *what, int64_t read, int64_t stored, struct err_info *e);

/* Removes one row of the unit inside the open transaction and adds to *removed; one that is gone
 * already is passed over. */
typedef enum err (*catalogue_remove_row)(struct session *s, int64_t unit, int64_t id, int *removed,
					 struct err_info *e);
/* Removes them all, or on failure none; *removed says how many there still were. */
enum err catalogue_remove_rows(struct session *s, catalogue_remove_row one, const int64_t *ids,
			       size_t n, int *removed, struct err_info *e);

/* Length and characters of every text: ERR_INVALID "text.forbidden", "text.too_long". */
enum err catalogue_check_texts(const struct catalogue_field *fields, const void *item,
			       struct err_info *e);
/* A finding as a sentence that is cut at a whole character. */
void catalogue_warn(char warning[200], const struct err_info *at);

/* Writes the members that are not empty into an open object. */
void catalogue_put_texts(struct json_out *o, const struct catalogue_field *fields,
			 const void *item);

/* Exact without conditions, else up to the cap. */
void catalogue_total(int64_t counted, bool filtered, int64_t *total, bool *at_least);
/* One ASCII letter or nothing at all is too little to look for. */
bool catalogue_too_short(const char *text);
/* The number in "#12", else 0. */
int64_t catalogue_number(const char *no);

#endif
