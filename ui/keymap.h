/* ui/keymap.h - keys to actions, by section.
 *
 * A view names the sections of its focus, most particular first ("grid", "blue", "global"); the first
 * binding found wins.  In sections where text is typed, plain characters are never bound.
 */
#ifndef KP_UI_KEYMAP_H
#define KP_UI_KEYMAP_H

#include "ui/action.h"
#include "ui/key.h"

enum { KEYMAP_SECTIONS = 6 };
/* ERR_INVALID: unknown section, key or action.  Called by conf_load. */
#include "ui/conf.h"
enum err keymap_line(const struct conf_line *line, struct err_info *e);
/* Sections end with NULL. */
enum action keymap_find(const char *const *sections, struct key key);
/* The i-th key bound to the action in the sections (most particular first); false past the end. */
bool keymap_key_of(const char *const *sections, enum action a, size_t i, struct key *out);
void keymap_reset(void);

#endif
