/* ui/screen/entry.h - a record of a catalogue in a box over its list: fields, something of the
 * view's own below them, words, 确定 and 取消.
 *
 * Enter goes from field to field and, after the last one, to 确定; SAVE submits from anywhere.  What
 * was filled in is given up only by a second Esc.
 */
#ifndef KP_UI_SCREEN_ENTRY_H
#define KP_UI_SCREEN_ENTRY_H

#include "ui/form.h"
#include "ui/grid.h"

enum entry_part { ENTRY_FORM, ENTRY_MORE, ENTRY_OK, ENTRY_CANCEL };
enum { ENTRY_NOTE = 600 };
struct entry {
	struct form form;
	const char *title;
	enum entry_part part;
	bool has_more; /* ENTRY_MORE can be gone to */
	bool dirty;    /* something besides the fields was changed */
	bool warned;   /* Esc was pressed once */
	char note[ENTRY_NOTE];
	enum face note_face;
	struct rect more, words, buttons;
};
void entry_init(struct entry *n, const char *title, const struct field *fields, void *owner);
void entry_free(struct entry *n);
/* The box, with `more` rows of the view's own between fields and words. */
struct rect entry_place(struct entry *n, struct rect area, int more);
void entry_layout(struct entry *n, struct rect box, int more);
/* All but what is the view's own, which is painted into n->more before. */
void entry_paint(struct entry *n, struct rect box);
bool entry_key(struct entry *n, struct key k, const char *paste, size_t size);
/* ENTRY_LEFT: a field was left; the actions of ENTRY_MORE are the view's, asked first. */
enum entry_result { ENTRY_UNUSED, ENTRY_USED, ENTRY_LEFT, ENTRY_SUBMIT, ENTRY_GIVEN_UP };
enum entry_result entry_act(struct entry *n, enum action a);
/* What every view does with what is not its own: closes what was given up.  Was it used? */
bool entry_take(enum entry_result r);
/* For one whose ENTRY_MORE is a grid: what is the grid's while it has the focus, else false and
 * entry_act is next; a key of whatever has it.  Leaving the grid goes to the fields or buttons. */
bool entry_grid_act(struct entry *n, struct grid *g, enum action a);
bool entry_grid_key(struct entry *n, struct grid *g, struct key k, const char *paste, size_t size);
/* A sentence on a field, which gets the focus. */
void entry_fail(struct entry *n, int id, const char *sentence);
/* What is wrong with a field that is not focused, "" nothing. */
const char *entry_error_of(const struct entry *n, int id);
/* Of the form or the buttons. */
const char *const *entry_sections(const struct entry *n);
bool entry_leave(struct entry *n, bool forced);

#endif
