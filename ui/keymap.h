/* ui/keymap.h - keys to actions, by section.
 *
 * A view names the sections of its focus, most particular first ("grid", "blue", "global"); the
 * first binding found wins.  Where text is typed, plain characters are never bound: the first
 * section of the chain that is a place to type ("form-text", "grid", "picker") or not ("list",
 * "form-choice", "read") decides, and then the plain characters of the sections behind it ("?"
 * of "global") are text as well.
 */
#ifndef KP_UI_KEYMAP_H
#define KP_UI_KEYMAP_H

#include "ui/action.h"
#include "ui/conf.h"
#include "ui/key.h"

enum { KEYMAP_SECTIONS = 6 };
/* ERR_INVALID: unknown section, key or action.  Called by conf_load. */
enum err keymap_line(const struct conf_line *line, struct err_info *e);
/* Sections end with NULL. */
enum action keymap_find(const char *const *sections, struct key key);
/* The i-th key bound to the action in the sections (most particular first); false past the end.
 * Keys that do something else there, or are typed there, are not counted. */
bool keymap_key_of(const char *const *sections, enum action a, size_t i, struct key *out);
void keymap_reset(void);

/* The i-th section there is and its title (NULL allowed), NULL past the end; the i-th binding,
 * false past the end.  For help, the manual page and tests. */
const char *keymap_section(size_t i, const char **title);
struct keymap_row {
	const char *section;
	struct key key;
	enum action action;
};
bool keymap_binding(size_t i, struct keymap_row *out);

#endif
