/* mkman.c - writes kaipiao.1 (mdoc) to standard output.
 *
 * Verbs, options, keys, commands and parameters come from the tables the program itself runs on, so
 * that the page cannot say anything else.
 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/cli.h"
#include "desk/params.h"
#include "ui/action.h"
#include "ui/options.h"
#include "ui/ui.h"

struct row {
	const char *word, *text;
};

/* ---- mdoc ---- */

/* One character of text, so that troff takes it as it stands. */
static void put_char(char c)
{
	static const struct {
		char c;
		const char *as;
	} NAMED[] = {{'\\', "\\e"}, {'-', "\\-"}, {'"', "\\(dq"}, {'~', "\\(ti"}, {'^', "\\(ha"}};
	size_t i;

	for (i = 0; i < sizeof(NAMED) / sizeof(NAMED[0]); i++) {
		if (NAMED[i].c == c) {
			fputs(NAMED[i].as, stdout);
			return;
		}
	}
	putchar(c);
}

static void put_text(const char *s)
{
	for (; *s; s++)
		put_char(*s);
}

/* One argument of a macro.  \& on both sides: it is never a macro itself and never ends in
 * punctuation (mandoc sees a bracket at the end of every Chinese character). */
static void word(const char *macro, const char *s)
{
	printf(" %s \"\\&", macro);
	put_text(s);
	fputs("\\&\"", stdout);
}

static void paragraph(const char *s)
{
	fputs("\\&", stdout);
	put_text(s);
	putchar('\n');
}

/* A heading of our own; those every page has are plain. */
static void heading(const char *macro, const char *title)
{
	printf(".%s %s\\&\n", macro, title);
}

static void list_begin(void)
{
	puts(".Bl -tag -width Ds");
}

static void list_end(void)
{
	puts(".El");
}

static void item(const char *macro, const char *name, const char *text)
{
	fputs(".It", stdout);
	word(macro, name);
	putchar('\n');
	paragraph(text);
}

static void table(const char *macro, const struct row *rows)
{
	list_begin();
	for (; rows->word; rows++)
		item(macro, rows->word, rows->text);
	list_end();
}

/* ---- the command line ---- */

static void options_of(size_t verb)
{
	struct cli_doc_option o;
	char name[64];
	size_t i;

	if (!cli_doc_option(verb, 0, &o))
		return;
	list_begin();
	for (i = 0; cli_doc_option(verb, i, &o); i++) {
		snprintf(name, sizeof(name), "%s%s", o.dashes, o.name);
		fputs(".It", stdout);
		word("Cm", name);
		if (o.arg)
			word("Ar", o.arg);
		putchar('\n');
		paragraph(o.help);
	}
	list_end();
}

static void verbs(void)
{
	struct cli_doc_verb v;
	size_t i;

	heading("Sh", "动作");
	list_begin();
	for (i = 0; cli_doc_verb(i, &v); i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s%s", v.verb, v.sub ? " " : "",
			 v.sub ? v.sub : "");
		fputs(".It", stdout);
		word("Cm", name);
		if (*v.synopsis)
			word("Ar", v.synopsis);
		putchar('\n');
		paragraph(v.help);
		options_of(i);
	}
	list_end();
}

static void parameters(void)
{
	const struct param_doc *d;
	char line[400];
	size_t i;

	heading("Sh", "参数");
	paragraph("用 param set 类型 键 值 设置：");
	list_begin();
	for (i = 0; (d = desk_param_doc(i)); i++) {
		fputs(".It", stdout);
		word("Cm", d->type);
		word("Cm", d->key);
		word("Ar", d->value);
		putchar('\n');
		snprintf(line, sizeof(line), "%s%s%s%s", d->help, *d->fallback ? "（默认 " : "",
			 d->fallback, *d->fallback ? "）" : "");
		paragraph(line);
	}
	list_end();
}

/* ---- the workstation ---- */

static void keys(void)
{
	const char *words[UI_KEY_WORDS];
	char place[64] = "";
	size_t i;

	heading("Sh", "按键");
	paragraph("不带动作时打开工作站。先看栏目和明细的按键，再看所在画面，最后看“到处”。");
	for (i = 0; ui_key_row(NULL, i, words); i++) {
		if (strcmp(place, words[0]) != 0) {
			if (*place)
				list_end();
			snprintf(place, sizeof(place), "%s", words[0]);
			heading("Ss", place);
			list_begin();
		}
		fputs(".It", stdout);
		word("Cm", words[1]);
		putchar('\n');
		fputs(".Ic ", stdout);
		put_text(words[2]);
		putchar('\n');
		paragraph(words[3]);
	}
	if (*place)
		list_end();
}

static void commands(void)
{
	char line[400];
	int a;

	heading("Sh", "命令");
	paragraph("按键配置和命令面板里的名称。");
	list_begin();
	for (a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		const struct action_info *info = action_info((enum action)a);

		snprintf(line, sizeof(line), "%s（%s）：%s", info->label, info->group, info->help);
		item("Ic", info->name, line);
	}
	list_end();
}

static void settings(void)
{
	struct option_doc d;
	char line[400];
	int i;

	heading("Sh", "选项");
	paragraph(
	    "kaipiao.conf 里写 set 选项 值；bind 画面 按键 命令 和 unbind 画面 按键 改按键。");
	list_begin();
	for (i = 0; options_doc(i, &d); i++) {
		fputs(".It", stdout);
		word("Cm", d.name);
		word("Ar", d.values);
		putchar('\n');
		snprintf(line, sizeof(line), "%s（默认 %s）", d.help, d.fallback);
		paragraph(line);
	}
	list_end();
}

/* ---- what every page has ---- */

static void head(void)
{
	puts(".\\\" -*- coding: utf-8 -*-\n.Dd " KP_DATED "\n.Dt KAIPIAO 1\n.Os");
	puts(".Sh NAME\n.Nm kaipiao\n.Nd 数电票开票工作站（乐企）\\&");
	puts(".Sh SYNOPSIS\n.Nm\n.Op Ar 选项\n.Op Ar 动作 Op Ar 参数");
	puts(".Sh DESCRIPTION");
	paragraph("开具全面数字化的电子发票，直接对接税务局开放平台乐企。"
		  "先落库再联网，一张发票只开一次。");
	puts(".Pp");
	paragraph("写在动作前面的选项：");
	options_of(CLI_DOC_GLOBAL);
}

static void environment(void)
{
	static const struct row ROWS[] = {
	    {"KAIPIAO_HOME", "主目录"},
	    {"KAIPIAO_DEMO_HOME", "demo 的练习主目录"},
	    {"KAIPIAO_KEY_FILE", "主目录里没有 secret.key 时，主目录的密钥在哪个文件"},
	    {"CREDENTIALS_DIRECTORY", "由 systemd 设置；其中的 kaipiao-key 是主目录的密钥"},
	    {"LC_ALL", "终端的字符集：UTF-8、GB18030 或 GBK 的区域，如 C.UTF-8、zh_CN.GB18030"},
	    {"NO_COLOR", "有值时不用颜色"},
	    {"TERM", "终端类型"},
	    {NULL, NULL},
	};

	puts(".Sh ENVIRONMENT");
	table("Ev", ROWS);
}

static void files(void)
{
	static const struct row ROWS[] = {
	    {"~/.local/share/kaipiao", "主目录，没有另外指定时"},
	    {"kaipiao.conf", "主目录里：自己的按键、颜色和选项"},
	    {"secret.key", "主目录里：密封 API 密钥和密码的密钥"},
	    {NULL, NULL},
	};

	puts(".Sh FILES");
	table("Pa", ROWS);
}

static void exit_status(void)
{
	static const struct {
		enum err code;
		const char *text;
	} CODES[] = {
	    {ERR_OK, "完成"},
	    {ERR_INTERNAL, "程序内部错误，没有写入"},
	    {ERR_USAGE, "用法"},
	    {ERR_INVALID, "自检未过"},
	    {ERR_REFUSED, "税局未通过"},
	    {ERR_UNKNOWN, "结果还不知道，已记录，引擎继续"},
	    {ERR_BUSY, "忙或连不上，已记录，会重试"},
	    {ERR_DENIED, "无权限"},
	    {ERR_DAMAGED, "主目录损坏、版本较新或磁盘已满"},
	};
	char code[12];
	size_t i;

	puts(".Sh EXIT STATUS");
	list_begin();
	for (i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++) {
		snprintf(code, sizeof(code), "%d", (int)CODES[i].code);
		item("Li", code, CODES[i].text);
	}
	list_end();
}

static void examples(void)
{
	static const struct row ROWS[] = {
	    {"kaipiao demo", "从练习开始"},
	    {"kaipiao blue issue 发票.json", "开具一个文件里的发票"},
	    {"kaipiao batch add 月末.xlsx", "导入并检查批量开票的工作簿，之后 batch start"},
	    {"kaipiao help json", "每个 JSON 键的含义"},
	    {NULL, NULL},
	};

	puts(".Sh EXAMPLES");
	table("Li", ROWS);
}

int main(void)
{
	head();
	verbs();
	parameters();
	keys();
	commands();
	settings();
	environment();
	files();
	exit_status();
	examples();
	return fflush(stdout) || ferror(stdout) ? ERR_DAMAGED : ERR_OK;
}
