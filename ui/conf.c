#include "ui/conf.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/text.h"
#include "ui/keymap.h"
#include "ui/options.h"
#include "ui/theme.h"

enum { CONF_FILE_MAX = 1 << 20, SENTENCE = 1024 };

/* ---- one line into words ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes one word at *s (before end) into out; NULL, or why it is wrong. */
static const char *take_word(const char **s, const char *end, char out[CONF_WORD])
{
	bool quoted = **s == '"';
	size_t n = 0;

	for (*s += quoted; *s < end; ++*s) {
		char c = **s;

		if (quoted ? c == '"' : is_blank(c))
			break;
		if (quoted && c == '\\' && *s + 1 < end)
			c = *++*s;
		if (n + 1 >= CONF_WORD)
			return "有一个词太长";
		out[n++] = c;
	}
	out[n] = 0;
	if (!quoted)
		return NULL;
	if (*s == end)
		return "引号没有结束";
	++*s;
	return *s == end || is_blank(**s) ? NULL : "引号之后要有空格";
}

static const char *split(const char *s, const char *end, struct conf_line *line)
{
	size_t at;
	uint32_t cp;

	line->count = 0;
	if (!text_valid(s, (size_t)(end - s)))
		return "不是 UTF-8 文字";
	for (;;) {
		while (s < end && is_blank(*s))
			s++;
		if (s == end || *s == '#')
			return NULL;
		if (line->count == CONF_WORDS)
			return "词太多";

		char *word = line->word[line->count++];
		const char *wrong = take_word(&s, end, word);

		if (wrong)
			return wrong;
		if (text_find_forbidden(word, false, &at, &cp))
			return "含有控制字符或不可见字符";
	}
}

/* ---- text into lines ---- */

static void tell(conf_bad bad, void *arg, const struct conf_line *line, const struct err_info *e)
{
	char sentence[SENTENCE];

	if (bad)
		bad(arg, line->file, line->line, err_sentence(e, sentence, sizeof(sentence)));
}

void conf_parse(const char *file, const char *text, size_t n, conf_handler f, conf_bad bad,
		void *arg)
{
	const char *s = text, *end = text + n, *stop;
	struct conf_line line = {.file = file};
	struct err_info e;
	const char *wrong;

	if (n >= 3 && !memcmp(s, "\xEF\xBB\xBF", 3)) /* editors of Windows put it there */
		s += 3;
	for (; s < end; s = stop + 1) {
		stop = memchr(s, '\n', (size_t)(end - s));
		if (!stop)
			stop = end;
		line.line++;
		err_clear(&e);
		wrong = split(s, stop > s && stop[-1] == '\r' ? stop - 1 : stop, &line);
		if (wrong)
			err_fail(&e, ERR_INVALID, "conf.line", "配置", "%s", wrong);
		else if (line.count)
			f(arg, &line, &e);
		if (e.class != ERR_OK)
			tell(bad, arg, &line, &e);
	}
}

/* ---- lines to those who know them ---- */

static enum err ignore(const struct conf_line *line, struct err_info *e)
{
	(void)line;
	(void)e;
	return ERR_OK;
}

struct loading {
	bool only_options;
	conf_bad bad;
	void *arg;
};

static enum err handle(void *arg, const struct conf_line *line, struct err_info *e)
{
	static const struct {
		const char *word;
		enum err (*take)(const struct conf_line *line, struct err_info *e);
		bool option;
	} WORDS[] = {
	    {"bind", keymap_line, false},
	    {"unbind", keymap_line, false},
	    {"set", options_line, true},
	    {"color", theme_line, false},
	};
	const struct loading *l = arg;

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (!strcmp(WORDS[i].word, line->word[0]))
			return (l->only_options && !WORDS[i].option ? ignore : WORDS[i].take)(line,
											      e);
	}
	err_fail(e, ERR_INVALID, "conf.word", "配置", "不认识“%s”", line->word[0]);
	err_hint(e, "每行以 bind、unbind、set 或 color 开头");
	return ERR_INVALID;
}

static void pass_on(void *arg, const char *file, int line, const char *sentence)
{
	const struct loading *l = arg;

	if (l->bad && !l->only_options)
		l->bad(l->arg, file, line, sentence);
}

static void load_embedded(const char *name, struct loading *l)
{
	const struct embedded *f = embed_find(name);

	if (f)
		conf_parse(name, f->data, f->size, handle, pass_on, l);
}

void conf_load(const char *home, conf_bad bad, void *arg)
{
	struct loading l = {.bad = bad, .arg = arg};
	char path[4096], theme[64], sentence[SENTENCE], *text = NULL;
	struct err_info e;
	size_t n = 0;

	keymap_reset();
	options_reset();
	theme_reset();
	load_embedded("data/options.conf", &l);
	load_embedded("data/keys.conf", &l);
	if (home && file_join(path, sizeof(path), home, "kaipiao.conf") && file_exists(path) &&
	    file_read(path, CONF_FILE_MAX, &text, &n, &e) != ERR_OK && bad)
		bad(arg, path, 0, err_sentence(&e, sentence, sizeof(sentence)));
	/* The user's options first: they name the theme, which the user's colours then amend. */
	if (text) {
		l.only_options = true;
		conf_parse(path, text, n, handle, pass_on, &l);
		l.only_options = false;
	}
	snprintf(theme, sizeof(theme), "data/theme-%s.conf", options_get()->theme);
	load_embedded(theme, &l);
	if (text)
		conf_parse(path, text, n, handle, pass_on, &l);
	free(text);
}
