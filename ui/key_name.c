/* key_name.c - keys by name: what keys.conf says and the hint bar shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ui/key_p.h"

static const struct {
	const char *name;
	uint32_t code;
} NAMES[] = {
    {"Space", ' '},
    {"Up", K_UP},
    {"Down", K_DOWN},
    {"Left", K_LEFT},
    {"Right", K_RIGHT},
    {"Home", K_HOME},
    {"End", K_END},
    {"PgUp", K_PGUP},
    {"PgDn", K_PGDN},
    {"Insert", K_INSERT},
    {"Delete", K_DELETE},
    {"Backspace", K_BACKSPACE},
    {"Tab", K_TAB},
    {"Enter", K_ENTER},
    {"Esc", K_ESC},
    {"F1", K_F1},
    {"F2", K_F2},
    {"F3", K_F3},
    {"F4", K_F4},
    {"F5", K_F5},
    {"F6", K_F6},
    {"F7", K_F7},
    {"F8", K_F8},
    {"F9", K_F9},
    {"F10", K_F10},
    {"F11", K_F11},
    {"F12", K_F12},
    {"Paste", K_PASTE},
    {"FocusIn", K_FOCUS_IN},
    {"FocusOut", K_FOCUS_OUT},
};

static const struct {
	const char *prefix;
	unsigned mod;
} PREFIXES[] = {{"Ctrl-", K_CTRL}, {"Alt-", K_ALT}, {"Shift-", K_SHIFT}};

enum { NAME_COUNT = sizeof(NAMES) / sizeof(NAMES[0]), PREFIX_COUNT = 3 };

const char *ui_key_name(struct key key, char out[KEY_NAME])
{
	size_t n = 0;
	const char *name = NULL;
	char c[16];

	if (key.code == K_BACKTAB) { /* a key of its own, but people know it so */
		key.code = K_TAB;
		key.mods |= K_SHIFT;
	}
	for (size_t i = 0; i < PREFIX_COUNT; i++) {
		if (key.mods & PREFIXES[i].mod)
			n += (size_t)snprintf(out + n, KEY_NAME - n, "%s", PREFIXES[i].prefix);
	}
	for (size_t i = 0; i < NAME_COUNT && !name; i++)
		name = NAMES[i].code == key.code ? NAMES[i].name : NULL;
	if (!name && key.code < K_FIRST && !text_is_forbidden(key.code)) {
		if (key.mods & K_CTRL && key.code >= 'a' && key.code <= 'z')
			key.code -= 'a' - 'A';
		c[text_put(key.code, c)] = 0;
		name = c;
	}
	if (!name) {
		snprintf(c, sizeof(c), "U+%04X", (unsigned)key.code);
		name = c;
	}
	snprintf(out + n, KEY_NAME - n, "%s", name);
	return out;
}

/* A name without prefixes; 0 when unknown. */
static uint32_t code_of(const char *name)
{
	size_t n = strlen(name);
	uint32_t cp;
	char *end;

	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (!strcasecmp(NAMES[i].name, name))
			return NAMES[i].code;
	}
	if (!n)
		return 0;
	if (text_next(name, n, &cp) == n)
		return cp == 0xFFFD && n == 1 ? 0 : cp;
	if (!strncmp(name, "U+", 2) && n >= 6 && n <= 8 &&
	    strspn(name + 2, "0123456789ABCDEF") == n - 2) {
		cp = (uint32_t)strtoul(name + 2, &end, 16);
		return cp < K_FIRST ? cp : 0;
	}
	return 0;
}

bool key_parse(const char *name, struct key *out)
{
	struct key key = {0, 0};
	size_t i, n;

	for (i = 0; i < PREFIX_COUNT; i++) {
		n = strlen(PREFIXES[i].prefix);
		if (!strncasecmp(name, PREFIXES[i].prefix, n) && name[n]) {
			key.mods |= PREFIXES[i].mod;
			name += n;
			i = (size_t)-1; /* prefixes in any order */
		}
	}
	key.code = code_of(name);
	/* Shift is part of a character. */
	if (!key.code || (key.mods & K_SHIFT && key.code < K_FIRST))
		return false;
	if (key.mods & K_CTRL && key.code >= 'A' && key.code <= 'Z')
		key.code += 'a' - 'A';
	if (key.code == K_TAB && key.mods & K_SHIFT) {
		key.code = K_BACKTAB;
		key.mods &= ~(unsigned)K_SHIFT;
	}
	*out = key;
	return true;
}

bool key_is_text(struct key key)
{
	return !key.mods && key.code && key.code < K_FIRST && !text_is_forbidden(key.code) &&
	       !(key.code >= 0xD800 && key.code <= 0xDFFF);
}
