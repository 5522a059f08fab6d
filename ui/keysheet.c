/* keysheet.c - every key there is, for reading on paper: the rows of `help keys`. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/action.h"
#include "ui/conf.h"
#include "ui/keymap.h"
#include "ui/ui.h"

enum { KEYS_TEXT = 200 };

static void ignore(void *arg, const char *file, int line, const char *sentence)
{
	(void)arg;
	(void)file;
	(void)line;
	(void)sentence;
}

static bool same(const struct keymap_row *a, const struct keymap_row *b)
{
	return a->action == b->action && !strcmp(a->section, b->section);
}

static bool is_first(size_t i, const struct keymap_row *row)
{
	struct keymap_row before;
	size_t k;

	for (k = 0; k < i && keymap_binding(k, &before); k++) {
		if (same(&before, row))
			return false;
	}
	return true;
}

/* The place of row n among the bindings, false past the end. */
static bool find(size_t n, size_t *at, struct keymap_row *row)
{
	for (*at = 0; keymap_binding(*at, row); ++*at) {
		if (is_first(*at, row) && !n--)
			return true;
	}
	return false;
}

static const char *title_of(const char *section)
{
	const char *name, *title;
	size_t i;

	for (i = 0; (name = keymap_section(i, &title)); i++) {
		if (!strcmp(name, section))
			return title;
	}
	return section;
}

bool ui_key_row(const char *home, size_t i, const char *words[UI_KEY_WORDS])
{
	static char keys[KEYS_TEXT];
	struct keymap_row row, more;
	struct buf b;
	size_t at;

	if (!i)
		conf_load(home, ignore, NULL);
	if (!find(i, &at, &row))
		return false;
	buf_init(&b, KEYS_TEXT);
	for (; keymap_binding(at, &more); at++) {
		char name[KEY_NAME];

		if (same(&more, &row))
			buf_addf(&b, "%s%s", b.len ? " " : "", ui_key_name(more.key, name));
	}
	text_copy(keys, sizeof(keys), buf_str(&b));
	buf_free(&b);
	words[0] = title_of(row.section);
	words[1] = keys;
	words[2] = action_info(row.action)->name;
	words[3] = action_info(row.action)->label;
	words[4] = action_info(row.action)->help;
	return true;
}
