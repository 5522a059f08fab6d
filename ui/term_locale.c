/* term_locale.c - which characters the terminal is believed to show. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ui/term_p.h"

static const char FALLBACK[] = "C.UTF-8";

/* What the person asked for: the first that is set decides. */
static const char *asked(void)
{
	static const char *const NAMES[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	size_t i;

	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		const char *v = getenv(NAMES[i]);

		if (!text_empty(v))
			return v;
	}
	return "";
}

static bool is_plain(const char *name)
{
	return !strcmp(name, "C") || !strcmp(name, "POSIX");
}

static bool charset(const char *want)
{
	return !strcasecmp(nl_langinfo(CODESET), want);
}

enum err term_locale(const char **notice, bool *utf8, struct err_info *e)
{
	const char *name = asked();

	*notice = NULL;
	if (is_plain(name)) {
		err_fail(e, ERR_INVALID, "term.locale", "区域设置", "%s 不能显示中文，界面没有打开",
			 name);
		err_hint(e, "请先执行 export LC_ALL=C.UTF-8；命令行动作不受影响");
		return ERR_INVALID;
	}
	if (*name && setlocale(LC_CTYPE, "") &&
	    (charset("UTF-8") || charset("GB18030") || charset("GBK"))) {
		*utf8 = charset("UTF-8");
		return ERR_OK;
	}
	if (!setlocale(LC_CTYPE, FALLBACK) || !charset("UTF-8")) {
		err_fail(e, ERR_INVALID, "term.locale", "区域设置", "本机没有 %s", FALLBACK);
		err_hint(e, "请安装 UTF-8 区域（Debian：apt install locales）后再试");
		return ERR_INVALID;
	}
	*utf8 = true;
	*notice = *name ? "本机没有 LANG 指定的中文区域，已按 UTF-8 显示"
			: "没有设置 LANG，已按 UTF-8 显示";
	return ERR_OK;
}
