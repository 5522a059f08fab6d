/* goods_form_save.c - are there such goods already?  What the clerk decides is done. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/goods_form_p.h"

enum { TWINS = 3 };

static int field_of(const char *key)
{
	int i;

	if (!strcmp(key, "tax_rate"))
		return GOODS_RATE;
	for (i = 0; goods_fields[i].key; i++) {
		if (!strcmp(goods_fields[i].key, key))
			return i + 1 == GOODS_SHORT ? GOODS_CODE : i + 1;
	}
	return GOODS_NAME;
}

static void refused(struct goods_form *s, const struct err_info *e)
{
	char sentence[1200];

	if (!*e->field) { /* nothing that was typed */
		ui_error(e);
		return;
	}
	entry_fail(&s->entry, field_of(e->field), ui_sentence(e, sentence, sizeof(sentence)));
}

static bool identity_changed(const struct goods_form *s)
{
	return !s->goods.id || strcmp(s->was[0], s->goods.name) != 0 ||
	       strcmp(s->was[1], s->goods.spec) != 0;
}

static void finish(struct goods_form *s)
{
	bool fresh = !s->goods.id;
	char warning[200] = "";
	struct err_info e = {0};

	if (fresh ? desk_goods_add(ui_session(), &s->goods, TWIN_KEEP, &e)
		  : desk_goods_edit(ui_session(), &s->goods, TWIN_KEEP, &e)) {
		refused(s, &e);
		return;
	}
	desk_goods_check(ui_session(), &s->goods, warning, NULL);
	if (!*warning && s->goods.rate_ppm < 0 && *s->goods.tax_code)
		text_copy(warning, sizeof(warning), "税率：没有选，开票时要补上");
	ui_message(*warning ? MESSAGE_WARNING : MESSAGE_GOOD, "商品“%.*s”已%s%s%s",
		   (int)text_prefix(s->goods.name, 40), s->goods.name, fresh ? "新增" : "保存",
		   *warning ? "；请核对" : "", warning);
	s->stored = s->goods.id;
	view_pop(true, &s->stored);
}

static void add_particulars(struct buf *b, const struct goods *g)
{
	char text[64], rate[RATE_TEXT];

	snprintf(text, sizeof(text), "已有 #%lld", (long long)g->id);
	detail_add(b, text, g->name);
	detail_add(b, "规格型号", g->spec);
	detail_add(b, "税收分类编码", *g->tax_code ? g->tax_code : "无");
	detail_add(b, "税率", g->rate_ppm < 0 ? "" : rate_format_percent(g->rate_ppm, rate));
	detail_add(b, "单价", g->price);
	snprintf(text, sizeof(text), "%s，用过 %lld 次", catalogue_source_label(g->source),
		 (long long)g->uses);
	detail_add(b, "来源", text);
}

static void ask(struct goods_form *s, const struct goods *twins, int n)
{
	static const char *const LINES[] = {"两个都保留", "返回编辑", NULL};
	struct buf b;
	int i;

	buf_init(&b, DETAIL_MAX);
	for (i = 0; i < n; i++) {
		buf_adds(&b, i ? "\n" : "");
		add_particulars(&b, &twins[i]);
	}
	view_ask(s->view, GOODS_ASK_TWIN, &view_choose_ops,
		 &(struct choose_arg) {.title = "已有名称、规格相同的商品",
				       .text = buf_str(&b),
				       .lines = LINES,
				       .selected = 1});
	buf_free(&b);
}

void goods_form_answer(struct goods_form *s, int choice)
{
	if (!choice) {
		finish(s);
		return;
	}
	s->entry.part = ENTRY_FORM;
	form_focus(&s->entry.form, GOODS_NAME);
}

void goods_form_submit(struct goods_form *s)
{
	const char *wrong = form_check(&s->entry.form);
	struct goods twins[TWINS];
	char warning[200];
	struct err_info e = {0};
	int n = 0;

	if (wrong) {
		s->entry.part = ENTRY_FORM;
		ui_message(MESSAGE_ERROR, "%s", wrong);
		return;
	}
	goods_form_read(s);
	if (desk_goods_check(ui_session(), &s->goods, warning, &e) ||
	    (identity_changed(s) &&
	     desk_goods_twins(ui_session(), &s->goods, twins, TWINS, &n, &e)))
		refused(s, &e);
	else if (n)
		ask(s, twins, n);
	else
		finish(s);
	while (n)
		goods_free(&twins[--n]);
}
