/* desk/forms.h - forms a person has not finished: saved while typing, opened again later.
 *
 * Nothing typed is lost by an error, a dropped line or a crash: a screen saves its form whenever a
 * field is left.  A form is its owner's alone, within a unit; that of a unit being entered is its
 * owner's without one.
 */
#ifndef KP_DESK_FORMS_H
#define KP_DESK_FORMS_H

#include "desk/session.h"
#include "store/forms.h"

/* Inserts (*id 0, gives *id) or replaces a form, in a transaction of its own. */
enum err desk_form_save(struct session *s, int64_t *id, const char *kind, const char *title,
			const char *body, struct err_info *e);
/* ERR_INVALID "form.unknown" when the person has none of that id; freed by form_state_free. */
enum err desk_form_load(struct session *s, int64_t id, struct form_state *out, struct err_info *e);
/* Last changed first; cursor {0, 0} at the beginning and *next {0, 0} at the end. */
enum err desk_form_list(struct session *s, struct form_cursor cursor, int limit, form_each each,
			void *arg, struct form_cursor *next, struct err_info *e);
enum err desk_form_delete(struct session *s, int64_t id, struct err_info *e);

/* Names the form and the stored draft (0 none) that the next desk_issue of this session uses up:
 * they vanish in the transaction that numbers the invoice, so that no crash leaves a draft of an
 * issued invoice behind.  0, 0 takes it back. */
void desk_form_using(struct session *s, int64_t form, int64_t draft);
/* What was named is gone, or used up already, and is issued once more all the same: only where a
 * person has said so.  Holds until it is taken back. */
void desk_form_again(struct session *s, bool again);
/* Both are called by desk_issue inside its transaction.  claim, before a number is taken:
 * ERR_INVALID "order.used" when they went into another draft meanwhile, "draft.used" when they were
 * issued (who, when, number), "draft.gone" when they were deleted.  used: deletes them for the
 * invoice of that number and remembers what they became. */
enum err desk_form_claim(struct session *s, int64_t unit, struct err_info *e);
enum err desk_form_used(struct session *s, int64_t unit, const char *number, struct err_info *e);

/* The form of a unit being entered, by a name of the caller's, one of each; body NULL deletes it.
 * Secrets do not belong in it. */
enum err desk_unit_form_save(struct session *s, const char *kind, const char *body,
			     struct err_info *e);
/* *body malloc'd, NULL when there is none. */
enum err desk_unit_form_load(struct session *s, const char *kind, char **body, struct err_info *e);

/* What a person chose last, by a name of the caller's ("lists", "import:buyers"); body NULL
 * forgets it.  A habit is not worth waiting for: with another writer at work it is given up,
 * ERR_OK. */
enum err desk_choice_save(struct session *s, const char *name, const char *body,
			  struct err_info *e);
/* *body malloc'd, NULL when there is none. */
enum err desk_choice_load(struct session *s, const char *name, char **body, struct err_info *e);

#endif
