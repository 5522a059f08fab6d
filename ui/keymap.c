#include "ui/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { BINDINGS_MAX = 2000 };

/* What a section says of typing.  The first section of a chain that says anything decides. */
enum typing { TYPING_UNSAID, TYPING_YES, TYPING_NO };

/* Places that have keys of their own: parts of screens, then screens by their names. */
static const struct section {
	const char *name, *title;
	enum typing typing;
} SECTIONS[] = {
    {"global", "到处", TYPING_UNSAID},
    {"form", "表单", TYPING_YES},
    {"form-text", "文字栏", TYPING_YES},
    {"form-choice", "选项栏", TYPING_NO},
    {"grid", "明细", TYPING_YES},
    {"list", "列表", TYPING_NO},
    {"dialog", "对话框", TYPING_NO},
    {"picker", "选择框", TYPING_YES},
    {"palette", "命令", TYPING_YES},
    {"read", "阅读", TYPING_NO},
    {"help", "帮助", TYPING_NO},
    {"login", "登录", TYPING_UNSAID},
    {"home", "首页", TYPING_UNSAID},
    {"wizard", "开票业务配置", TYPING_UNSAID},
    {"wizard-sync", "首次同步", TYPING_UNSAID},
    {"blue", "蓝字发票填开", TYPING_UNSAID},
    {"discount", "折扣", TYPING_UNSAID},
    {"phrases", "备注常用语", TYPING_NO},
    {"lines", "导入明细", TYPING_UNSAID},
    {"lines-view", "导入明细的预览", TYPING_UNSAID},
    {"issue", "开票确认和结果", TYPING_UNSAID},
    {"download", "下载版式文件", TYPING_UNSAID},
    {"invoices", "开票记录", TYPING_UNSAID},
    {"invoice", "发票详情", TYPING_UNSAID},
    {"face", "票面预览", TYPING_UNSAID},
    {"batches", "批量开票", TYPING_UNSAID},
    {"batch", "一个批次", TYPING_UNSAID},
    {"batch-read", "批次里的一张", TYPING_UNSAID},
    {"batch-start", "开始批量开票", TYPING_UNSAID},
    {"batch-report", "批量开票导入结果", TYPING_UNSAID},
    {"drafts", "草稿", TYPING_UNSAID},
    {"draft-change", "合并和拆分", TYPING_UNSAID},
    {"templates", "发票模板", TYPING_UNSAID},
    {"numbers", "数电领购", TYPING_UNSAID},
    {"quota", "授信额度", TYPING_UNSAID},
    {"taxpayer", "企业基本信息", TYPING_UNSAID},
    {"buyers", "购方信息", TYPING_UNSAID},
    {"buyer-detail", "购方详情", TYPING_UNSAID},
    {"buyer-form", "新增和编辑购方", TYPING_UNSAID},
    {"addresses", "购方的其他地址", TYPING_NO},
    {"goods", "商品信息", TYPING_UNSAID},
    {"goods-form", "新增和编辑商品", TYPING_UNSAID},
    {"types", "业务类型", TYPING_UNSAID},
    {"drawers", "开票员", TYPING_UNSAID},
    {"eligibility", "接入条件", TYPING_UNSAID},
    {"codes", "税收分类编码", TYPING_UNSAID},
    {"code-pick", "税收编码选择", TYPING_UNSAID},
    {"import", "批量导入", TYPING_UNSAID},
    {"import-report", "导入结果", TYPING_UNSAID},
    {"export", "批量导出", TYPING_UNSAID},
    {"saved", "已保存的文件", TYPING_UNSAID},
    {"task", "进度", TYPING_UNSAID},
    {"units", "接入配置", TYPING_UNSAID},
    {"deliver", "交付与推送", TYPING_UNSAID},
    {"runs", "日历", TYPING_UNSAID},
    {"report", "统计报表", TYPING_UNSAID},
    {"red", "红字发票", TYPING_UNSAID},
    {"red-list", "红字确认单", TYPING_UNSAID},
    {"red-letter", "红字确认单详情", TYPING_UNSAID},
    {"red-issue", "开具红字发票", TYPING_UNSAID},
    {"red-apply", "录入红字确认单", TYPING_UNSAID},
    {"red-apply-lines", "录入红字确认单的明细", TYPING_UNSAID},
    {"red-apply-sent", "提交红字确认单的结果", TYPING_UNSAID},
    {"red-given", "录入蓝字发票", TYPING_UNSAID},
    {"recon", "对账", TYPING_UNSAID},
    {"recon-run", "对账的差异", TYPING_UNSAID},
    {"summary", "乐企汇总确认", TYPING_UNSAID},
    {"jobs", "任务", TYPING_UNSAID},
    {"log", "请求日志", TYPING_UNSAID},
    {"doctor", "检查连接", TYPING_UNSAID},
    {"log-read", "请求和应答", TYPING_UNSAID},
    {"ask", "询问", TYPING_UNSAID},
    {"choose", "多选一", TYPING_UNSAID},
    {"form-dialog", "小表单", TYPING_UNSAID},
    {"mail-set", "邮件设置", TYPING_UNSAID},
    {"blue-more", "发票的更多内容", TYPING_UNSAID},
};

enum { SECTION_COUNT = sizeof(SECTIONS) / sizeof(SECTIONS[0]) };

static struct binding {
	const struct section *section;
	struct key key;
	enum action action;
} * bindings;
static size_t count;

static const struct section *section_of(const char *name)
{
	for (size_t i = 0; i < SECTION_COUNT; i++) {
		if (!strcmp(SECTIONS[i].name, name))
			return &SECTIONS[i];
	}
	return NULL;
}

static struct binding *find(const struct section *s, struct key key)
{
	for (size_t i = 0; i < count; i++) {
		struct binding *b = &bindings[i];

		if (b->section == s && b->key.code == key.code && b->key.mods == key.mods)
			return b;
	}
	return NULL;
}

static enum err add(const struct section *s, struct key key, enum action a, struct err_info *e)
{
	struct binding *b = find(s, key);

	if (!b) {
		if (count == BINDINGS_MAX)
			return err_fail(e, ERR_INVALID, "conf.full", "bind", "按键太多");
		bindings = mem_realloc(bindings, (count + 1) * sizeof(*bindings));
		b = &bindings[count++];
	}
	*b = (struct binding) {.section = s, .key = key, .action = a};
	return ERR_OK;
}

static enum err take_away(const struct section *s, const struct conf_line *line, struct key key,
			  struct err_info *e)
{
	struct binding *b = find(s, key);

	if (!b)
		return err_fail(e, ERR_INVALID, "conf.unbound", "unbind", "“%s”里没有按键“%s”",
				line->word[1], line->word[2]);
	memmove(b, b + 1, (size_t)(bindings + count - b - 1) * sizeof(*b));
	count--;
	return ERR_OK;
}

enum err keymap_line(const struct conf_line *line, struct err_info *e)
{
	bool bind = !strcmp(line->word[0], "bind");
	const struct section *s;
	enum action a;
	struct key key;

	if (line->count != (bind ? 4 : 3))
		return err_fail(e, ERR_INVALID, "conf.bind", line->word[0], "应为 %s",
				bind ? "bind 画面 按键 命令" : "unbind 画面 按键");
	s = section_of(line->word[1]);
	if (!s)
		return err_fail(e, ERR_INVALID, "conf.section", line->word[0], "没有画面“%s”",
				line->word[1]);
	if (!key_parse(line->word[2], &key)) {
		err_fail(e, ERR_INVALID, "conf.key", line->word[0], "不认识按键“%s”",
			 line->word[2]);
		err_hint(e, "写作 F10、Ctrl-K、Alt-x、Shift-Tab、PgUp、Space 或一个字符");
		return ERR_INVALID;
	}
	if (!bind)
		return take_away(s, line, key, e);
	a = action_by_name(line->word[3]);
	if (a == ACT_NONE)
		return err_fail(e, ERR_INVALID, "conf.action", "bind", "没有命令“%s”",
				line->word[3]);
	if (s->typing == TYPING_YES && key_is_text(key)) {
		err_fail(e, ERR_INVALID, "conf.typed", "bind", "“%s”里要输入文字，不能占用字符“%s”",
			 line->word[1], line->word[2]);
		err_hint(e, "改用功能键或 Ctrl 组合键");
		return ERR_INVALID;
	}
	return add(s, key, a, e);
}

static bool is_typing(const char *const *sections)
{
	const struct section *s;

	for (; *sections; sections++) {
		s = section_of(*sections);
		if (s && s->typing != TYPING_UNSAID)
			return s->typing == TYPING_YES;
	}
	return false;
}

enum action keymap_find(const char *const *sections, struct key key)
{
	const struct section *s;
	const struct binding *b;

	if (key_is_text(key) && is_typing(sections))
		return ACT_NONE;
	for (; *sections; sections++) {
		s = section_of(*sections);
		b = s ? find(s, key) : NULL;
		if (b)
			return b->action;
	}
	return ACT_NONE;
}

bool keymap_key_of(const char *const *sections, enum action a, size_t i, struct key *out)
{
	for (const char *const *name = sections; *name; name++) {
		const struct section *s = section_of(*name);

		for (size_t j = 0; s && j < count; j++) {
			const struct binding *b = &bindings[j];

			/* A key that a nearer section took is not this action's here. */
			if (b->section != s || b->action != a ||
			    keymap_find(sections, b->key) != a || i-- != 0)
				continue;
			*out = b->key;
			return true;
		}
	}
	return false;
}

const char *keymap_section(size_t i, const char **title)
{
	if (i >= SECTION_COUNT)
		return NULL;
	if (title)
		*title = SECTIONS[i].title;
	return SECTIONS[i].name;
}

bool keymap_binding(size_t i, struct keymap_row *out)
{
	if (i >= count)
		return false;
	*out = (struct keymap_row) {.section = bindings[i].section->name,
				    .key = bindings[i].key,
				    .action = bindings[i].action};
	return true;
}

void keymap_reset(void)
{
	free(bindings);
	bindings = NULL;
	count = 0;
}
