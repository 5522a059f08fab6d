/* ui/theme.h - faces: what a piece of the screen means, and how a theme shows it.
 *
 * Colour is never the only sign.  NO_COLOR drops colours and keeps attributes; backgrounds are the
 * terminal's own unless a theme says otherwise (use_default_colors).
 */
#ifndef KP_UI_THEME_H
#define KP_UI_THEME_H

#include "ui/conf.h"

#define UI_FACES(X)                                                                                \
	X(NORMAL, "normal")                                                                        \
	X(DIM, "dim")                                                                              \
	X(TITLE, "title")                                                                          \
	X(LABEL, "label")                                                                          \
	X(VALUE, "value")                                                                          \
	X(FIELD, "field")                                                                          \
	X(FOCUS, "focus")                                                                          \
	X(READONLY, "readonly")                                                                    \
	X(ERROR, "error")                                                                          \
	X(WARNING, "warning")                                                                      \
	X(GOOD, "good")                                                                            \
	X(HINT_KEY, "hint-key")                                                                    \
	X(HINT, "hint")                                                                            \
	X(HEADER, "header")                                                                        \
	X(SELECTED, "selected")                                                                    \
	X(MARKED, "marked")                                                                        \
	X(BORDER, "border")                                                                        \
	X(ENV_PRODUCTION, "env-production")                                                        \
	X(ENV_PRACTICE, "env-practice")                                                            \
	X(MATCH, "match")

enum face {
#define UI_FACE_ENUM(id, name) FACE_##id,
	UI_FACES(UI_FACE_ENUM)
#undef UI_FACE_ENUM
	    FACE_COUNT
};
const char *face_name(enum face f);
/* "color FACE FG BG ATTR...": FG/BG are names of the eight colours, bright-*, default, or 0-255. */
enum err theme_line(const struct conf_line *line, struct err_info *e);
void theme_reset(void);
/* Terminal attributes of a face: curses attr_t and colour pair (0 without colours). */
unsigned long theme_attr(enum face f);
int theme_pair(enum face f);
/* Allocates colour pairs after curses has started; harmless without colours or with NO_COLOR. */
void theme_apply(void);

#endif
