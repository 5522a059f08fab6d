/* term_keys.c - what terminfo says of this terminal's keys. */
#include "ui/term_p.h"

static const struct {
	const char *name;
	uint32_t code;
	unsigned mods;
} KEYS[] = {
    {"kcuu1", K_UP, 0},        {"kcud1", K_DOWN, 0},       {"kcub1", K_LEFT, 0},
    {"kcuf1", K_RIGHT, 0},     {"khome", K_HOME, 0},       {"kend", K_END, 0},
    {"kpp", K_PGUP, 0},        {"knp", K_PGDN, 0},         {"kich1", K_INSERT, 0},
    {"kdch1", K_DELETE, 0},    {"kbs", K_BACKSPACE, 0},    {"kcbt", K_BACKTAB, 0},
    {"kent", K_ENTER, 0},      {"kf1", K_F1, 0},           {"kf2", K_F2, 0},
    {"kf3", K_F3, 0},          {"kf4", K_F4, 0},           {"kf5", K_F5, 0},
    {"kf6", K_F6, 0},          {"kf7", K_F7, 0},           {"kf8", K_F8, 0},
    {"kf9", K_F9, 0},          {"kf10", K_F10, 0},         {"kf11", K_F11, 0},
    {"kf12", K_F12, 0},        {"kHOM", K_HOME, K_SHIFT},  {"kEND", K_END, K_SHIFT},
    {"kLFT", K_LEFT, K_SHIFT}, {"kRIT", K_RIGHT, K_SHIFT},
};

struct keys *term_keys(void)
{
	struct keys *k = keys_new(term_is_utf8() ? KEY_UTF8 : KEY_GB18030);
	size_t i;

	for (i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
		char sequence[TERM_STRING];

		if (term_string(KEYS[i].name, sequence, sizeof(sequence)) > 1)
			keys_define(k, sequence, KEYS[i].code, KEYS[i].mods);
	}
	return k;
}
