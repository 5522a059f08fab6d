/* job_words.c - what a job was for and what came of it, in words. */
#include "ui/screen/job_words.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/transfer.h"
#include "ui/screen/parts.h"

enum { JSON_MAX = 1 << 20 };

/* ---- members of payloads and results ---- */

/* What is not named is the engine's own and not shown. */
struct member {
	const char *key, *label;
};

static const struct member LABELS[] = {
    {"table", "导入"},         {"file", "文件"},        {"dry_run", "先检查"},
    {"partial", "部分导入"},   {"rows", "行数"},        {"added", "新增"},
    {"updated", "更新"},       {"unchanged", "未变"},   {"failed", "失败"},
    {"twins", "名称税号重复"}, {"warned", "提醒"},      {"failures", "失败文件"},
    {"count", "数量"},         {"first", "起始号码"},   {"last", "截止号码"},
    {"difference", "差额"},    {"download", "下载"},    {"amount", "金额"},
    {"month", "月份"},         {"start", "起始日期"},   {"end", "截止日期"},
    {"changed", "变化"},       {"stopped", "新停用"},   {"to", "收件人"},
    {"answer", "回答"},        {"status", "HTTP 状态"},
};
/* Of red letters: `first` and others mean something else there. */
static const struct member RED[] = {
    {"action", "动作"},  {"side", "我方"},      {"from", "起始日期"}, {"to", "截止日期"},
    {"lines", "明细"},   {"seen", "已看"},      {"total", "总数"},    {"added", "新增"},
    {"changed", "变化"}, {"details", "取明细"}, {"note", "提醒"},
};

static const char *find_label(const struct member *all, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(all[i].key, key))
			return all[i].label;
	}
	return NULL;
}

/* NULL: not to be shown. */
static const char *label_of(const char *kind, const cJSON *item)
{
	const char *key = item->string;

	if (!strncmp(kind, "red.", 4))
		return find_label(RED, sizeof(RED) / sizeof(RED[0]), key);
	/* Of a first sync; else the first number of an interval. */
	if (cJSON_IsBool(item) && !strcmp(key, "first"))
		return "首次";
	return find_label(LABELS, sizeof(LABELS) / sizeof(LABELS[0]), key);
}

/* "" for what needs no line: no, none. */
static const char *value_of(const cJSON *item)
{
	const char *text = json_text(item);
	enum red_action action;
	enum red_side side;

	if (cJSON_IsBool(item))
		return cJSON_IsTrue(item) ? "是" : "";
	if (!text || !strcmp(text, "0"))
		return "";
	if (!strcmp(item->string, "table"))
		return desk_transfer_label(text);
	if (!strcmp(item->string, "side") && red_side_parse(text, &side))
		return red_side_label(side);
	if (!strcmp(item->string, "action") && red_action_parse(text, &action))
		return red_action_label(action);
	return text;
}

static cJSON *parse(const char *json)
{
	cJSON *tree = NULL;

	if (text_empty(json) || json_parse(json, strlen(json), JSON_MAX, &tree, NULL))
		return NULL;
	return tree;
}

static void add_members(struct buf *b, const char *kind, const char *json)
{
	cJSON *tree = parse(json);
	const cJSON *item;

	cJSON_ArrayForEach(item, tree)
	{
		const char *label = item->string ? label_of(kind, item) : NULL;

		if (label)
			detail_add(b, label, value_of(item));
	}
	json_free(&tree);
}

void job_add_words(const struct job *j, struct buf *b)
{
	add_members(b, j->kind, j->payload);
	add_members(b, j->kind, j->result);
}

/* ---- one line ---- */

bool job_is_trial(const struct job *j)
{
	cJSON *tree = parse(j->payload);
	bool trial = tree && cJSON_IsTrue(json_get(tree, "dry_run"));

	json_free(&tree);
	return trial;
}

/* 新增 3 更新 1 */
static void add_counts(struct buf *b, const cJSON *result, const char *gap)
{
	static const char *const KEYS[] = {"added", "updated", "unchanged", "failed"};
	size_t i, at = b->len;

	for (i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
		const cJSON *item = json_get(result, KEYS[i]);

		if (item && *value_of(item))
			buf_addf(b, "%s%s %s", b->len > at ? " " : gap, label_of(JOB_IMPORT, item),
				 value_of(item));
	}
	if (b->len == at && json_get(result, "rows"))
		buf_addf(b, "%s没有行", gap);
}

static void add_file(struct buf *b, const cJSON *payload)
{
	const char *file = json_member(payload, "file"), *name = strrchr(file, '/');

	buf_addf(b, " · %s", strcmp(file, "-") ? (name ? name + 1 : file) : "标准输入");
}

static void add_import(const struct job *j, const cJSON *payload, bool wide, struct buf *b)
{
	const char *table = desk_transfer_label(json_member(payload, "table"));
	bool trial = cJSON_IsTrue(json_get(payload, "dry_run"));
	cJSON *result = parse(j->result);

	buf_addf(b, "%s%s", trial && !wide ? "检查" : "", table);
	if (wide)
		add_file(b, payload);
	add_counts(b, result, wide ? " · " : " ");
	if (trial && wide)
		buf_adds(b, "（先检查）");
	if (!wide)
		add_file(b, payload);
	json_free(&result);
}

void job_line(const struct job *j, bool wide, char *out, size_t size)
{
	cJSON *payload = strcmp(j->kind, JOB_IMPORT) ? NULL : parse(j->payload);
	struct buf b;

	buf_init(&b, JSON_MAX);
	if (payload)
		add_import(j, payload, wide, &b);
	if (*j->error_text)
		buf_addf(&b, "%s%s", b.len ? " · " : "", j->error_text);
	text_copy(out, size, buf_str(&b));
	buf_free(&b);
	json_free(&payload);
}
