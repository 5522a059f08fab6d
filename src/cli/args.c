/* args.c - taking the command line apart. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"

enum { TIMEOUT_DEFAULT_S = 60, TIMEOUT_MAX_S = 86400 };

const struct option cli_globals[] = {
    {"home", "目录", "主目录（或环境变量 KAIPIAO_HOME，默认 ~/.local/share/kaipiao）"},
    {"json", NULL, "输出一个 JSON 文档"},
    {"unit", "税号[@环境]", "使用单位（默认：唯一的或上次用的）"},
    {"env", "正式|沙箱|演练", "同一税号登记在几个环境时指明，也可写作 税号@环境"},
    {"user", "用户", "以哪个用户的身份（默认：绑定的系统用户）"},
    {"no-wait", NULL, "只记录，不等待税局结果"},
    {"timeout", "秒", "等待多久，默认 60"},
    {NULL, NULL, NULL},
};

enum err cli_usage(struct cli *c, const char *fmt, ...)
{
	char why[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	why[text_whole(why, strlen(why))] = 0;
	err_fail(&c->e, ERR_USAGE, "usage", "用法", "%s", why);
	if (c->action && c->action->sub)
		err_hint(&c->e, "请看 kaipiao help %s", c->action->verb);
	else if (c->action)
		err_hint(&c->e, "kaipiao %s %s", c->action->verb, c->action->synopsis);
	else
		err_hint(&c->e, "请看 kaipiao help");
	return ERR_USAGE;
}

const char *cli_option(const struct cli *c, const char *name)
{
	int i;

	for (i = c->option_count - 1; i >= 0; i--) {
		if (!strcmp(c->options[i].name, name))
			return c->options[i].value;
	}
	return NULL;
}

const char *cli_env(const struct cli *c)
{
	const char *own = cli_option(c, "env");

	return own ? own : c->env;
}

bool cli_flag(const struct cli *c, const char *name)
{
	return cli_option(c, name) != NULL;
}

static bool parse_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
	int64_t v;

	if (!text_all_digits(text))
		return false;
	errno = 0;
	v = strtoll(text, NULL, 10);
	if (errno || v < min || v > max)
		return false;
	*out = v;
	return true;
}

enum err cli_int_option(struct cli *c, const char *name, int64_t min, int64_t max, int64_t *out)
{
	const char *text = cli_option(c, name);

	if (!text || parse_int(text, min, max, out))
		return ERR_OK;
	return cli_usage(c, "--%s 应为 %lld 至 %lld 的整数", name, (long long)min, (long long)max);
}

enum err cli_on_off(struct cli *c, bool *on)
{
	*on = !strcmp(c->args[0], "on");
	return *on || !strcmp(c->args[0], "off") ? ERR_OK : cli_usage(c, "应为 on 或 off");
}

enum err cli_paging(struct cli *c, int *limit, int64_t *cursor)
{
	int64_t n = LIST_DEFAULT;
	enum err r;

	*cursor = 0;
	if ((r = cli_int_option(c, "limit", 1, LIST_MAX, &n)) ||
	    (r = cli_int_option(c, "cursor", 0, INT64_MAX, cursor)))
		return r;
	*limit = (int)n;
	return ERR_OK;
}

/* ---- parsing ---- */

static const struct option *find_option(const struct option *list, const char *name, size_t n)
{
	for (; list && list->name; list++) {
		if (strlen(list->name) == n && !strncmp(list->name, name, n))
			return list;
	}
	return NULL;
}

static enum err set_global(struct cli *c, const char *name, const char *value)
{
	int64_t s;

	if (!strcmp(name, "json")) {
		c->json = true;
	} else if (!strcmp(name, "no-wait")) {
		c->no_wait = true;
	} else if (!strcmp(name, "timeout")) {
		if (!parse_int(value, 0, TIMEOUT_MAX_S, &s))
			return cli_usage(c, "--timeout 应为 0 至 %d 的秒数", TIMEOUT_MAX_S);
		c->timeout_ms = s * 1000;
	} else {
		const char **slot = !strcmp(name, "home")   ? &c->home_arg
				    : !strcmp(name, "unit") ? &c->unit
				    : !strcmp(name, "env")  ? &c->env
							    : &c->user;

		if (!*value)
			return cli_usage(c, "--%s 不能为空", name);
		*slot = value;
	}
	return ERR_OK;
}

static enum err set_option(struct cli *c, const struct option *o, const char *value)
{
	if (c->option_count == CLI_OPTIONS)
		return cli_usage(c, "选项太多");
	c->options[c->option_count].name = o->name;
	c->options[c->option_count++].value = value ? value : "";
	return ERR_OK;
}

/* Words that are as good as those of the option's arg. */
static const struct {
	const char *option, *words;
} SYNONYMS[] = {
    {"env", "production|sandbox|practice"},
    {"kind", "数电专票|数电普票"},
    {"state", "草稿|预开具成功|上传中|已受理|开票成功|开票失败|结果未知|已作废|"
	      "待处理|处理中|成功|失败|已取消"},
};

static bool one_of(const char *words, const char *value)
{
	size_t n = strlen(value);

	for (; words; words = strchr(words, '|') ? strchr(words, '|') + 1 : NULL) {
		if (n && !strncmp(words, value, n) && (!words[n] || words[n] == '|'))
			return true;
	}
	return false;
}

static enum err check_word(struct cli *c, const struct option *o, const char *value)
{
	size_t i;

	if (!strchr(o->arg, '|') || one_of(o->arg, value))
		return ERR_OK;
	for (i = 0; i < sizeof(SYNONYMS) / sizeof(SYNONYMS[0]); i++) {
		if (!strcmp(SYNONYMS[i].option, o->name) && one_of(SYNONYMS[i].words, value))
			return ERR_OK;
	}
	return cli_usage(c, "--%s 应为 %s 之一，“%.40s”不是", o->name, o->arg, value);
}

struct words {
	int argc, at;
	char **argv;
	bool help, verb_alone; /* --help was met; behind the verb, where its sub should stand */
};

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* One option word, "--name", "--name value", "--name=value" or "-o value". */
static enum err take_option(struct cli *c, struct words *w)
{
	const char *word = w->argv[w->at++], *name = word + (word[1] == '-' ? 2 : 1);
	const char *equals = strchr(name, '='), *value = equals ? equals + 1 : NULL;
	size_t n = equals ? (size_t)(equals - name) : strlen(name);
	const struct option *own = c->action ? find_option(c->action->options, name, n) : NULL;
	const struct option *o = own ? own : find_option(cli_globals, name, n);

	if (!o || (word[1] != '-' && strlen(o->name) > 1))
		return cli_usage(c, "未知的选项 %.60s", word);
	if (!o->arg && value)
		return cli_usage(c, "选项 --%s 不带值", o->name);
	if (o->arg && !value) {
		if (w->at == w->argc)
			return cli_usage(c, "选项 %s%s 缺少值（%s）", o->name[1] ? "--" : "-",
					 o->name, o->arg);
		value = w->argv[w->at++];
	}
	if (o->arg && check_word(c, o, value))
		return ERR_USAGE;
	return own ? set_option(c, o, value) : set_global(c, o->name, value);
}

static bool is_option(const char *word)
{
	/* "-" is standard input and "-5" is a wrong number, not an option. */
	return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

static enum err find_action(struct cli *c, const char *verb, struct words *w)
{
	const struct action *a;
	const char *sub = w->at < w->argc ? w->argv[w->at] : "";
	bool known = false;

	for (a = cli_actions; a->verb; a++) {
		if (strcmp(a->verb, verb) != 0)
			continue;
		known = true;
		w->verb_alone = a->sub && is_help(sub);
		if (a->sub && !w->verb_alone && strcmp(a->sub, sub) != 0)
			continue;
		c->action = a;
		if (w->verb_alone)
			return ERR_OK;
		w->at += a->sub != NULL;
		return ERR_OK;
	}
	if (!known)
		return cli_usage(c, "没有动作 %.60s", verb);
	for (a = cli_actions; strcmp(a->verb, verb) != 0; a++)
		;
	c->action = a;
	return cli_usage(c, *sub ? "%s 没有子动作 %.60s" : "%s 缺少子动作%.60s", verb, sub);
}

static enum err take_words(struct cli *c, struct words *w)
{
	bool plain = false;
	enum err r = ERR_OK;

	while (!r && w->at < w->argc) {
		const char *word = w->argv[w->at];

		if (!plain && !strcmp(word, "--")) {
			plain = true;
			w->at++;
		} else if (!plain && is_help(word)) {
			w->help = true;
			w->at++;
		} else if (!plain && is_option(word)) {
			r = take_option(c, w);
		} else if (!c->action) {
			w->at++;
			r = find_action(c, word, w);
		} else if (c->argc == CLI_ARGS) {
			r = cli_usage(c, "参数太多");
		} else {
			c->args[c->argc++] = word;
			w->at++;
		}
	}
	return r;
}

/* The same as help with the verb and its sub, whatever else was said. */
static enum err turn_to_help(struct cli *c, const struct words *w)
{
	const struct action *asked = c->action;

	for (c->action = cli_actions; strcmp(c->action->verb, "help") != 0; c->action++)
		;
	c->argc = 0;
	if (asked)
		c->args[c->argc++] = asked->verb;
	if (asked && asked->sub && !w->verb_alone)
		c->args[c->argc++] = asked->sub;
	return ERR_OK;
}

enum err cli_parse(struct cli *c, int argc, char **argv)
{
	static char version[] = "version";
	char *only[2] = {argv[0], version};
	struct words w = {.argc = argc, .at = 1, .argv = argv};
	int i;
	enum err r;

	c->timeout_ms = TIMEOUT_DEFAULT_S * 1000;
	/* The wish for JSON counts even when a later word is wrong. */
	for (i = 1; i < argc; i++)
		c->json |= !strcmp(argv[i], "--json");
	if (argc == 2 && !strcmp(argv[1], "--version"))
		w.argv = only;
	if ((r = take_words(c, &w)))
		return r;
	if (w.help)
		return turn_to_help(c, &w);
	if (!c->action)
		return ERR_OK;
	if (c->argc < c->action->min)
		return cli_usage(c, "缺少参数：%s", c->action->synopsis);
	if (c->argc > c->action->max)
		return cli_usage(c, "多余的参数 %.60s", c->args[c->action->max]);
	return ERR_OK;
}
