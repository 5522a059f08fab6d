#include "ui/options.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum kind { KIND_NUMBER, KIND_BOOL, KIND_BORDERS, KIND_WORD };

static struct options options;

static const char *const BORDER_WORDS[] = {"acs", "ascii", "unicode", NULL};
static const char *const THEME_WORDS[] = {"default", "dark", "light", NULL};
static const char *const BOOL_WORDS[] = {"off", "on", NULL};

/* One row an option.  KIND_NUMBER has limits, the others words. */
static const struct row {
	struct option_doc doc;
	enum kind kind;
	int low, high;
	const char *const *words;
	size_t at;
} ROWS[] = {
    {.doc = {"theme", "default dark light", "default", "配色"},
     .kind = KIND_WORD,
     .words = THEME_WORDS,
     .at = offsetof(struct options, theme)},
    {.doc = {"borders", "acs ascii unicode", "acs", "线条的画法；线条显示成字母时用 ascii"},
     .kind = KIND_BORDERS,
     .words = BORDER_WORDS,
     .at = offsetof(struct options, borders)},
    {.doc = {"ambiguous_width", "1-2", "1", "终端显示宽度不定的字符（如 · × ①）占几列"},
     .kind = KIND_NUMBER,
     .low = 1,
     .high = 2,
     .at = offsetof(struct options, ambiguous_width)},
    {.doc = {"mouse", "off on", "off", "滚轮上下移动；打开后选择文字须按住 Shift"},
     .kind = KIND_BOOL,
     .words = BOOL_WORDS,
     .at = offsetof(struct options, mouse)},
    {.doc = {"escape_delay", "1-1000", "25", "Esc 之后等待多少毫秒；线路慢、方向键失灵时加大"},
     .kind = KIND_NUMBER,
     .low = 1,
     .high = 1000,
     .at = offsetof(struct options, escape_delay_ms)},
    {.doc = {"page_rows", "0-200", "0", "列表每页行数；0 为屏幕能放下的行数"},
     .kind = KIND_NUMBER,
     .low = 0,
     .high = 200,
     .at = offsetof(struct options, page_rows)},
};

enum { ROWS_COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };

static int word_index(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++) {
		if (!strcmp(words[i], word))
			return i;
	}
	return -1;
}

static bool read_number(const char *s, int *out)
{
	char *end;
	long v;

	if (!text_all_digits(s))
		return false;
	v = strtol(s, &end, 10);
	*out = v > INT_MAX ? INT_MAX : (int)v;
	return true;
}

/* False when the value is not one of the option's. */
static bool store(const struct row *r, const char *value)
{
	char *at = (char *)&options + r->at;
	int v;

	if (r->kind == KIND_NUMBER) {
		if (!read_number(value, &v) || v < r->low || v > r->high)
			return false;
		memcpy(at, &v, sizeof(v));
		return true;
	}
	v = word_index(r->words, value);
	if (v < 0)
		return false;
	if (r->kind == KIND_BOOL)
		options.mouse = v == 1;
	else if (r->kind == KIND_BORDERS)
		options.borders = (enum borders)v;
	else
		text_copy(at, sizeof(options.theme), value);
	return true;
}

const struct options *options_get(void)
{
	if (!options.theme[0])
		options_reset();
	return &options;
}

enum err options_line(const struct conf_line *line, struct err_info *e)
{
	if (line->count != 3) {
		err_fail(e, ERR_INVALID, "conf.set", "set", "应为 set 选项 值");
		return ERR_INVALID;
	}
	for (size_t i = 0; i < ROWS_COUNT; i++) {
		const struct option_doc *doc = &ROWS[i].doc;

		if (strcmp(doc->name, line->word[1]) != 0)
			continue;
		if (store(&ROWS[i], line->word[2]))
			return ERR_OK;
		err_fail(e, ERR_INVALID, "conf.value", doc->name, "不能取值“%s”", line->word[2]);
		err_hint(e, "可取：%s", doc->values);
		return ERR_INVALID;
	}
	return err_fail(e, ERR_INVALID, "conf.option", "set", "没有选项“%s”", line->word[1]);
}

void options_reset(void)
{
	for (size_t i = 0; i < ROWS_COUNT; i++)
		store(&ROWS[i], ROWS[i].doc.fallback);
}

bool options_doc(int i, struct option_doc *out)
{
	if (i < 0 || i >= ROWS_COUNT)
		return false;
	*out = ROWS[i].doc;
	return true;
}
