#include "ui/theme.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { COLOR_MAX = 255, DEFAULT = -1, EIGHT = 8 };

static const char *const FACES[FACE_COUNT] = {
#define ROW(id, name) [FACE_##id] = name,
    UI_FACES(ROW)
#undef ROW
};

static const char *const COLORS_8[EIGHT] = {"black", "red",     "green", "yellow",
					    "blue",  "magenta", "cyan",  "white"};

static const struct {
	const char *name;
	attr_t attr;
} ATTRIBUTES[] = {
    {"bold", A_BOLD},
    {"dim", A_DIM},
    {"reverse", A_REVERSE},
    {"underline", A_UNDERLINE},
};

/* What the theme says, and what theme_apply made of it on this terminal. */
static struct look {
	int fg, bg;
	attr_t attr;
	attr_t shown;
	short pair;
} looks[FACE_COUNT];

_Static_assert(sizeof(attr_t) <= sizeof(unsigned long), "theme_attr holds curses attributes");

const char *face_name(enum face f)
{
	return FACES[f];
}

/* ---- reading ---- */

static bool color_of(const char *word, int *out)
{
	int bright = strncmp(word, "bright-", 7) ? 0 : EIGHT;
	char *end;
	long v;

	if (!strcmp(word, "default")) {
		*out = DEFAULT;
		return true;
	}
	for (int i = 0; i < EIGHT; i++) {
		if (!strcmp(word + (bright ? 7 : 0), COLORS_8[i])) {
			*out = i + bright;
			return true;
		}
	}
	if (!text_all_digits(word))
		return false;
	v = strtol(word, &end, 10);
	*out = v <= COLOR_MAX ? (int)v : COLOR_MAX;
	return v <= COLOR_MAX;
}

static bool attribute_of(const char *word, attr_t *out)
{
	for (size_t i = 0; i < sizeof(ATTRIBUTES) / sizeof(ATTRIBUTES[0]); i++) {
		if (!strcmp(ATTRIBUTES[i].name, word)) {
			*out |= ATTRIBUTES[i].attr;
			return true;
		}
	}
	return false;
}

static int face_of(const char *word)
{
	for (int f = 0; f < FACE_COUNT; f++) {
		if (!strcmp(FACES[f], word))
			return f;
	}
	return -1;
}

static enum err wrong_color(struct err_info *e, const char *word)
{
	err_fail(e, ERR_INVALID, "conf.color", "color", "没有颜色“%s”", word);
	err_hint(e, "可用 default、black red green yellow blue magenta cyan white、"
		    "前面加 bright-，或 0 到 255");
	return ERR_INVALID;
}

enum err theme_line(const struct conf_line *line, struct err_info *e)
{
	struct look look = {0};
	int face;

	if (line->count < 4)
		return err_fail(e, ERR_INVALID, "conf.color", "color",
				"应为 color 部位 前景色 背景色 属性…");
	face = face_of(line->word[1]);
	if (face < 0)
		return err_fail(e, ERR_INVALID, "conf.face", "color", "没有部位“%s”",
				line->word[1]);
	if (!color_of(line->word[2], &look.fg))
		return wrong_color(e, line->word[2]);
	if (!color_of(line->word[3], &look.bg))
		return wrong_color(e, line->word[3]);
	for (int i = 4; i < line->count; i++) {
		if (attribute_of(line->word[i], &look.attr))
			continue;
		err_fail(e, ERR_INVALID, "conf.attribute", "color", "没有属性“%s”", line->word[i]);
		err_hint(e, "可用 bold、dim、reverse、underline");
		return ERR_INVALID;
	}
	look.shown = look.attr;
	looks[face] = look;
	return ERR_OK;
}

void theme_reset(void)
{
	for (int f = 0; f < FACE_COUNT; f++)
		looks[f] = (struct look) {.fg = DEFAULT, .bg = DEFAULT};
}

unsigned long theme_attr(enum face f)
{
	return looks[f].shown;
}

int theme_pair(enum face f)
{
	return looks[f].pair;
}

/* ---- showing ---- */

/* The colour on a terminal that has `n`: a bright one of eight becomes the plain one in bold, one
 * that is not there the terminal's own. */
static int within(int color, int n, attr_t *attr)
{
	if (color < n)
		return color;
	if (n >= EIGHT && color < 2 * EIGHT) {
		*attr |= A_BOLD;
		return color - EIGHT;
	}
	return DEFAULT;
}

/* The number of a pair with these colours, an earlier face's where it has them. */
static short pair_of(int face, int fg, int bg)
{
	for (int f = 0; f < face; f++) {
		short had_fg, had_bg;

		if (looks[f].pair && pair_content(looks[f].pair, &had_fg, &had_bg) == OK &&
		    had_fg == fg && had_bg == bg)
			return looks[f].pair;
	}
	if (face + 1 >= COLOR_PAIRS || init_pair((short)(face + 1), (short)fg, (short)bg) == ERR)
		return 0;
	return (short)(face + 1);
}

void theme_apply(void)
{
	const char *no_color = getenv("NO_COLOR");
	bool colors = (!no_color || !*no_color) && has_colors() && start_color() == OK;
	bool own = colors && use_default_colors() == OK;

	for (int f = 0; f < FACE_COUNT; f++) {
		struct look *look = &looks[f];
		int fg, bg;

		look->shown = look->attr;
		look->pair = 0;
		if (!colors)
			continue;
		fg = within(look->fg, COLORS, &look->shown);
		bg = within(look->bg, COLORS, &look->shown);
		if (fg == DEFAULT && bg == DEFAULT)
			continue;
		if (!own) {
			fg = fg == DEFAULT ? COLOR_WHITE : fg;
			bg = bg == DEFAULT ? COLOR_BLACK : bg;
		}
		look->pair = pair_of(f, fg, bg);
	}
}
