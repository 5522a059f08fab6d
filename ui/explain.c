/* explain.c - what a failure means and what to do, by one key. */
#include "ui/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/loop.h"
#include "ui/screen/parts.h"

enum { SHOWN = 4, TEXT_MAX = 64 * 1024 };

static bool is_bad(enum message_kind k)
{
	return k == MESSAGE_WARNING || k == MESSAGE_ERROR;
}

/* What failed, in the words of whoever said so; NULL: nothing.  A message that only says that
 * something failed gives way to the view, which has the reason. */
static const char *trouble(void)
{
	const char *said = is_bad(message_kind()) ? message_text() : "", *text = NULL;
	const struct view *v = view_top();

	if (tax_advice(said, 0))
		return said;
	for (; v && !text; v = v->ops->modal ? v->below : NULL)
		text = v->ops->trouble ? v->ops->trouble(v) : NULL;
	if (text_empty(text) || (*said && !tax_advice(text, 0)))
		text = said;
	return text_empty(text) ? NULL : text;
}

/* The same advice stands behind a code and its sentence. */
static bool is_said(const char *text, size_t before, const struct tax_advice *a)
{
	for (size_t i = 0; i < before; i++)
		if (!strcmp(tax_advice(text, i)->advice, a->advice))
			return true;
	return false;
}

static void add_advice(struct buf *b, const char *text)
{
	const struct tax_advice *a;
	int shown = 0;

	for (size_t i = 0; (a = tax_advice(text, i)) && shown < SHOWN; i++) {
		if (is_said(text, i, a))
			continue;
		buf_addf(b, "\n\n【%s】\n原因：%s\n处理：%s", a->pattern, a->cause, a->advice);
		shown++;
	}
	if (shown)
		return;
	buf_adds(b, "\n\n这句话没有收录解释。");
	buf_adds(
	    b, screen_may(DESK_LOG)
		   ? "是税局的答复时，请管理员在“乐企请求日志”里导出那一次请求，交给主管税务机关。"
		   : "是税局的答复时，请在“乐企请求日志”里导出那一次请求，交给主管税务机关。");
}

bool explain_show(void)
{
	const char *text = trouble();
	char *kept;
	struct buf b;

	if (!text) {
		ui_message(MESSAGE_INFO,
			   "没有要解释的失败：先选中失败的一行，或在出错的提示还在时按");
		return true;
	}
	kept = mem_strdup(text);
	buf_init(&b, TEXT_MAX);
	buf_adds(&b, kept);
	add_advice(&b, kept);
	view_push(&view_read_ops, &(struct read_arg) {.title = "解释", .text = buf_str(&b)});
	buf_free(&b);
	free(kept);
	return true;
}

bool explain_knows(void)
{
	return message_kind() == MESSAGE_ERROR && *message_text() && tax_advice(trouble(), 0);
}
