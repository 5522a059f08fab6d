/* catalogue_p.h - between the files of the catalogues: whose, transactions, texts, audit. */
#ifndef KP_DESK_CATALOGUE_P_H
#define KP_DESK_CATALOGUE_P_H

#include "base/json.h"
#include "desk/buyers.h"

/* The unit the session works for, when the person may do this. */
enum err catalogue_unit(struct session *s, enum desk_action a, int64_t *unit, struct err_info *e);
/* Ends the open transaction: committed when r is fine, else undone. */
enum err catalogue_end(struct session *s, enum err r, struct err_info *e);

/* ERR_INVALID "changed" when somebody has changed the row since it was read. */
enum err catalogue_check_rev(const char *what, int64_t read, int64_t stored, struct err_info *e);

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
