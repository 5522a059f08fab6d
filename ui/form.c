#include "ui/form_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"

/* ---- life ---- */

void form_init(struct form *f, const struct field *fields, void *owner)
{
	int i;

	*f = (struct form) {.fields = fields, .owner = owner, .focus = -1, .match = -1};
	while (fields[f->count].id)
		f->count++;
	f->lines = mem_zalloc((size_t)(f->count + 1) * sizeof(*f->lines));
	f->errors = mem_zalloc((size_t)(f->count + 1) * sizeof(*f->errors));
	f->untouched = mem_zalloc((size_t)(f->count + 1) * sizeof(*f->untouched));
	for (i = 0; i < f->count; i++) {
		line_init(&f->lines[i], fields[i].max_chars ? fields[i].max_chars : FORM_MAX_CHARS);
		if (f->focus < 0 && form_can_edit(f, i))
			f->focus = i;
	}
}

void form_free(struct form *f)
{
	int i;

	for (i = 0; f->lines && i < f->count; i++)
		line_free(&f->lines[i]);
	free(f->lines);
	free(f->errors);
	free(f->untouched);
	*f = (struct form) {0};
}

/* ---- fields by id ---- */

bool form_can_edit(const struct form *f, int i)
{
	return f->fields[i].kind != FIELD_SHOW;
}

int form_index(const struct form *f, int id)
{
	int i;

	for (i = 0; i < f->count; i++) {
		if (f->fields[i].id == id)
			return i;
	}
	return -1;
}

const char *form_get(const struct form *f, int id)
{
	int i = form_index(f, id);

	return i < 0 ? "" : f->lines[i].text;
}

void form_set(struct form *f, int id, const char *text)
{
	int i = form_index(f, id);

	if (i < 0)
		return;
	f->errors[i][0] = 0;
	if (strcmp(f->lines[i].text, text ? text : "") != 0)
		line_set(&f->lines[i], text);
	f->untouched[i] = f->fields[i].offered && !text_empty(text);
}

bool form_flag(const struct form *f, int id)
{
	return strcmp(form_get(f, id), "1") == 0;
}

int form_choice(const struct form *f, int id)
{
	int i = form_index(f, id), c;

	for (c = 0; i >= 0 && f->fields[i].choices && f->fields[i].choices[c]; c++) {
		if (strcmp(f->fields[i].choices[c], f->lines[i].text) == 0)
			return c;
	}
	return -1;
}

/* ---- checks ---- */

static bool is_chosen(const struct field *fd, const char *text)
{
	int c;

	for (c = 0; fd->choices && fd->choices[c]; c++) {
		if (strcmp(fd->choices[c], text) == 0)
			return true;
	}
	return false;
}

/* What the kind alone tells; NULL when nothing is wrong. */
static const char *kind_fault(const struct field *fd, const char *text, char out[256])
{
	struct date d;

	if (!*text) {
		if (!fd->required)
			return NULL;
		snprintf(out, 256,
			 fd->kind == FIELD_CHOICE ? "%s还没有选择，请选一项。"
						  : "%s不能为空，请填写。",
			 fd->label);
		return out;
	}
	if (fd->kind == FIELD_DATE && !form_date_parse(text, &d))
		snprintf(out, 256, "%s「%.60s」不是日期，请按 2025-11-20 的样子填写。", fd->label,
			 text);
	else if (fd->kind == FIELD_AMOUNT && !form_is_number(text))
		snprintf(out, 256, "%s「%.60s」不是数字，请只填数字和小数点。", fd->label, text);
	else if (fd->kind == FIELD_CHOICE && !is_chosen(fd, text))
		snprintf(out, 256, "%s「%.60s」不在可选的范围内，请重新选择。", fd->label, text);
	else
		return NULL;
	return out;
}

void form_validate(struct form *f, int i)
{
	const struct field *fd = &f->fields[i];
	char out[256] = "";
	const char *fault;

	if (fd->kind == FIELD_DATE)
		form_date_settle(&f->lines[i]);
	fault = kind_fault(fd, f->lines[i].text, out);
	if (!fault && fd->check)
		fault = fd->check(f, fd, f->lines[i].text, out);
	text_copy(f->errors[i], sizeof(f->errors[i]), fault);
}

const char *form_check(struct form *f)
{
	int i, first = -1;

	for (i = 0; i < f->count; i++) {
		if (!form_can_edit(f, i))
			continue;
		form_validate(f, i);
		if (f->errors[i][0] && first < 0)
			first = i;
	}
	if (first < 0)
		return NULL;
	form_match_close(f);
	f->focus = first;
	return f->errors[first];
}

void form_fail(struct form *f, int id, const char *sentence)
{
	int i = form_index(f, id);

	if (i < 0)
		return;
	text_copy(f->errors[i], sizeof(f->errors[i]), sentence);
	form_focus(f, id);
}

const char *form_error(const struct form *f)
{
	return f->focus < 0 ? "" : f->errors[f->focus];
}

const char *form_help(const struct form *f)
{
	return f->focus < 0 ? NULL : f->fields[f->focus].help;
}

/* ---- focus ---- */

void form_focus(struct form *f, int id)
{
	int i = form_index(f, id);

	if (i < 0 || !form_can_edit(f, i))
		return;
	if (i != f->focus)
		line_end(&f->lines[i]);
	form_match_close(f);
	f->focus = i;
}

int form_focused(const struct form *f)
{
	return f->focus < 0 ? 0 : f->fields[f->focus].id;
}

const char *const *form_sections(const struct form *f)
{
	static const char *const TEXT[] = {"form-text", "form", NULL};
	static const char *const CHOICE[] = {"form-choice", "form", NULL};
	enum field_kind kind = f->focus < 0 ? FIELD_TEXT : f->fields[f->focus].kind;

	return kind == FIELD_CHOICE || kind == FIELD_FLAG ? CHOICE : TEXT;
}

/* ---- drafts ---- */

static bool is_saved(const struct field *fd)
{
	return fd->kind != FIELD_SHOW && fd->kind != FIELD_SECRET && !fd->apart;
}

char *form_save(const struct form *f)
{
	struct json_out o;
	struct buf b;
	char key[16];
	int i;

	buf_init(&b, SIZE_MAX / 8);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	for (i = 0; i < f->count; i++) {
		if (!is_saved(&f->fields[i]))
			continue;
		snprintf(key, sizeof(key), "%d", f->fields[i].id);
		json_put(&o, key, f->lines[i].text);
	}
	json_close(&o, '}');
	return b.failed ? mem_strdup("{}") : buf_detach(&b);
}

void form_load(struct form *f, const cJSON *object)
{
	const char *text;
	char key[16];
	int i;

	for (i = 0; i < f->count; i++) {
		snprintf(key, sizeof(key), "%d", f->fields[i].id);
		text = json_text(json_get(object, key));
		if (text && is_saved(&f->fields[i]))
			form_set(f, f->fields[i].id, text);
	}
	form_match_close(f);
}
