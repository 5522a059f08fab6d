/* buyer_form_save.c - is there such a buyer already?  What the clerk decides is done: merged, kept,
 * or back to the form. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/buyer_form_p.h"

enum { LINE = 300, LINES = BUYER_TWINS + 2 };

/* ---- others like it ---- */

void buyer_form_free_twins(struct buyer_form *s)
{
	while (s->twin_count)
		buyer_free(&s->twins[--s->twin_count]);
}

static enum err read_twins(struct buyer_form *s, struct err_info *e)
{
	buyer_form_free_twins(s);
	return desk_buyer_twins(ui_session(), &s->buyer, s->twins, BUYER_TWINS, &s->twin_count, e);
}

static bool same_tax_no(const struct buyer_form *s, const struct buyer *other)
{
	return !text_empty(s->buyer.party.tax_no) &&
	       text_eq(s->buyer.party.tax_no, other->party.tax_no);
}

/* One that was kept with its twin is not asked about again. */
static bool identity_changed(const struct buyer_form *s)
{
	return !s->buyer.id || strcmp(s->was[0], s->buyer.party.name) != 0 ||
	       strcmp(s->was[1], s->buyer.party.tax_no) != 0;
}

void buyer_form_look(struct buyer_form *s)
{
	struct entry *n = &s->entry;
	char warning[200] = "", other[200];

	buyer_form_read(s);
	n->note[0] = 0;
	n->note_face = FACE_WARNING;
	if (!*s->buyer.party.name && !*s->buyer.party.tax_no)
		return;
	if (identity_changed(s) && !read_twins(s, NULL) && s->twin_count)
		snprintf(n->note, sizeof(n->note), "%s与 %s相同%s，保存时再定合并还是都保留。",
			 same_tax_no(s, &s->twins[0]) ? "税号" : "名称",
			 screen_buyer_words(&s->twins[0], other, sizeof(other)),
			 s->twin_count > 1 ? "，还有别的" : "");
	else if (!desk_buyer_check(&s->buyer, warning, NULL))
		text_copy(n->note, sizeof(n->note), warning);
	buyer_form_free_twins(s);
}

/* ---- storing ---- */

static int field_of(const char *key)
{
	int i;

	for (i = 0; buyer_fields[i].key; i++) {
		if (!strcmp(buyer_fields[i].key, key))
			return i + 1;
	}
	return BUYER_NAME;
}

static void refused(struct buyer_form *s, const struct err_info *e)
{
	char sentence[1200];

	if (!*e->field) { /* nothing that was typed */
		ui_error(e);
		return;
	}
	entry_fail(&s->entry, field_of(e->field), ui_sentence(e, sentence, sizeof(sentence)));
}

/* As one that is kept beside the others, or merged into one of them. */
static enum err store(struct buyer_form *s, const struct buyer *into, struct err_info *e)
{
	enum err r;

	/* A short code that was made of the name is not worth more than that of the other. */
	if (into && text_eq(s->buyer.mnemonic, s->proposed))
		mem_set(&s->buyer.mnemonic, "");
	if (into)
		r = desk_buyer_enter(ui_session(), &s->buyer, into->id, e);
	else if (s->buyer.id)
		r = desk_buyer_edit(ui_session(), &s->buyer, TWIN_KEEP, e);
	else
		r = desk_buyer_add(ui_session(), &s->buyer, TWIN_KEEP, e);
	s->stored = into ? into->id : s->buyer.id;
	return r;
}

static void finish(struct buyer_form *s, const struct buyer *into)
{
	bool fresh = !s->buyer.id;
	char warning[200] = "", other[200];
	struct err_info e = {0};

	if (store(s, into, &e)) {
		refused(s, &e);
		return;
	}
	desk_buyer_check(&s->buyer, warning, NULL);
	if (into)
		ui_message(MESSAGE_GOOD, "购方已并入 %s",
			   screen_buyer_words(into, other, sizeof(other)));
	else
		ui_message(*warning ? MESSAGE_WARNING : MESSAGE_GOOD, "购方“%.*s”已%s%s%s",
			   (int)text_prefix(s->buyer.party.name, 40), s->buyer.party.name,
			   fresh ? "新增" : "保存", *warning ? "；请核对" : "", warning);
	view_pop(true, &s->stored);
}

/* ---- asking ---- */

static void add_particulars(struct buf *b, const struct buyer *u)
{
	char no[32];
	const struct buyer_address a = {.address = u->party.address,
					.phone = u->party.phone,
					.bank = u->party.bank,
					.account = u->party.account};
	char words[600];

	snprintf(no, sizeof(no), "已有 #%lld", (long long)u->id);
	detail_add(b, no, u->party.name);
	detail_add(b, "税号", *u->party.tax_no ? u->party.tax_no : "无");
	detail_add(b, "简码", u->mnemonic);
	detail_add(b, "地址账号", screen_address_words(&a, words, sizeof(words)));
	snprintf(words, sizeof(words), "%s，用过 %lld 次", catalogue_source_label(u->source),
		 (long long)u->uses);
	detail_add(b, "来源", words);
}

static void ask(struct buyer_form *s, int token)
{
	char lines[LINES][LINE];
	const char *shown[LINES + 1] = {NULL};
	struct buf b;
	int i, n = 0;

	buf_init(&b, DETAIL_MAX);
	for (i = 0; i < s->twin_count; i++) {
		char words[200];

		if (i)
			buf_adds(&b, "\n");
		add_particulars(&b, &s->twins[i]);
		snprintf(lines[n], LINE, "合并到已有的 %s",
			 screen_buyer_words(&s->twins[i], words, sizeof(words)));
		shown[n] = lines[n];
		n++;
	}
	shown[n++] = "两个都保留";
	shown[n++] = "返回编辑";
	view_ask(s->view, token, &view_choose_ops,
		 &(struct choose_arg) {.title = same_tax_no(s, &s->twins[0]) ? "已有相同税号的购方"
									     : "已有相同名称的购方",
				       .text = buf_str(&b),
				       .lines = shown,
				       .selected = n - 1});
	buf_free(&b);
}

void buyer_form_answer(struct buyer_form *s, int choice)
{
	struct buyer into;

	if (choice > s->twin_count) {
		s->entry.part = ENTRY_FORM;
		form_focus(&s->entry.form,
			   same_tax_no(s, &s->twins[0]) ? BUYER_TAX_NO : BUYER_NAME);
		return;
	}
	if (choice == s->twin_count) {
		finish(s, NULL);
		return;
	}
	buyer_copy(&into, &s->twins[choice]);
	finish(s, &into);
	buyer_free(&into);
}

void buyer_form_submit(struct buyer_form *s, int ask_token)
{
	const char *wrong = form_check(&s->entry.form);
	char warning[200];
	struct err_info e = {0};

	if (wrong) {
		s->entry.part = ENTRY_FORM;
		ui_message(MESSAGE_ERROR, "%s", wrong);
		return;
	}
	buyer_form_read(s);
	if (desk_buyer_check(&s->buyer, warning, &e) || (identity_changed(s) && read_twins(s, &e)))
		refused(s, &e);
	else if (identity_changed(s) && s->twin_count)
		ask(s, ask_token);
	else
		finish(s, NULL);
}
