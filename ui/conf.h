/* ui/conf.h - configuration lines: one parser for keys, colours and options, ours and the user's.
 *
 * A line is words separated by blanks; a word that begins with '#' begins a comment; "quotes" hold
 * blanks, and \" and \\ in them.  The rest of the file is read when one line is wrong, and every
 * wrong line is reported with file and line number.
 *     bind SECTION KEY ACTION      unbind SECTION KEY
 *     set OPTION VALUE
 *     color FACE FOREGROUND BACKGROUND [ATTRIBUTE...]
 * Shipped: data/keys.conf, data/options.conf, data/theme-{default,dark,light}.conf (embedded).
 * The user's: HOME-OF-KAIPIAO/kaipiao.conf.
 */
#ifndef KP_UI_CONF_H
#define KP_UI_CONF_H

#include <stddef.h>

#include "base/err.h"

enum { CONF_WORDS = 12, CONF_WORD = 128 };
struct conf_line {
	const char *file;
	int line, count;
	char word[CONF_WORDS][CONF_WORD];
};
/* Handles one line; ERR_INVALID with the reason when it is wrong. */
typedef enum err (*conf_handler)(void *arg, const struct conf_line *line, struct err_info *e);
/* Parses text; every line goes to f.  Wrong lines are handed to `bad` (may be NULL) and skipped. */
typedef void (*conf_bad)(void *arg, const char *file, int line, const char *sentence);
void conf_parse(const char *file, const char *text, size_t n, conf_handler f, conf_bad bad,
		void *arg);
/* Reads everything in order: embedded defaults, the theme the options name (the user's too),
 * then the user's file when it exists; fills keymap, options and theme.  home NULL: the defaults
 * alone. */
void conf_load(const char *home, conf_bad bad, void *arg);

#endif
