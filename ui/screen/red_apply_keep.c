/* red_apply_keep.c - what was entered of a red letter and not submitted: kept while typing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_apply_p.h"

enum { VERSION = 1, BODY_MAX = 8 * 1024 * 1024, NAME = 64 };

/* Of each unit one. */
static const char *name_of(char out[NAME])
{
	snprintf(out, NAME, "red-apply:%s@%s", ui_facts()->unit_tax_no, ui_facts()->env);
	return out;
}

bool apply_entered(const struct apply *s)
{
	return s->step != APPLY_SENT && (s->given || (s->has_grid && (s->entered || s->worked)));
}

static void put_lines(const struct apply *s, struct json_out *o, bool lines)
{
	json_put_int(o, "reason", lines ? s->reason : 0);
	json_open(o, "lines", '[');
	if (lines)
		apply_lines_put(s, o);
	json_close(o, ']');
}

static void store(const struct apply *s, const char *given, bool file, bool lines)
{
	struct err_info e = {0};
	struct json_out o;
	struct buf out;
	char name[NAME];

	buf_init(&out, BODY_MAX);
	json_out_init(&o, &out, 0);
	json_open(&o, NULL, '{');
	json_put_int(&o, "v", VERSION);
	json_put_int(&o, "side", s->side);
	json_put(&o, "number", given ? "" : s->number);
	json_put(&o, "given", given ? given : "");
	json_put_bool(&o, "file", file);
	put_lines(s, &o, lines);
	json_close(&o, '}');
	if (desk_choice_save(ui_session(), name_of(name), buf_str(&out), &e))
		ui_error(&e);
	buf_free(&out);
}

void apply_keep(const struct apply *s)
{
	if (apply_entered(s))
		store(s, s->given, s->given_file, s->has_grid);
}

void apply_keep_given(const struct apply *s, const char *text)
{
	store(s, text, false, false);
}

static char *load(cJSON **tree)
{
	char name[NAME], *body = NULL;

	*tree = NULL;
	if (desk_choice_load(ui_session(), name_of(name), &body, NULL) || !body)
		return NULL;
	if (!json_parse(body, strlen(body), BODY_MAX, tree, NULL))
		return body;
	free(body);
	return NULL;
}

void apply_forget(void)
{
	char name[NAME], *body = NULL;

	if (desk_choice_load(ui_session(), name_of(name), &body, NULL) || !body)
		return;
	free(body);
	desk_choice_save(ui_session(), name, NULL, NULL);
}

bool apply_restore(struct apply *s)
{
	long long side = 0, reason = 0;
	cJSON *tree;
	char *body = load(&tree);

	if (!body)
		return false;
	json_member_int(tree, "side", RED_SELLER, RED_BUYER, &side);
	json_member_int(tree, "reason", 0, RED_REASONS - 1, &reason);
	s->side = (enum red_side)side;
	s->reason = (enum red_reason)reason;
	text_copy(s->number, sizeof(s->number), json_member(tree, "number"));
	if (*json_member(tree, "given"))
		s->given = mem_strdup(json_member(tree, "given"));
	s->given_file = cJSON_IsTrue(json_get(tree, "file"));
	json_free(&tree);
	free(body);
	return *s->number || s->given;
}

void apply_restore_lines(struct apply *s)
{
	enum red_reason reason = s->reason;
	cJSON *tree;
	char *body;

	if (!apply_read_source(s)) { /* its sentence says why */
		if (!s->given)
			apply_forget();
		s->reason = (enum red_reason)0;
		return;
	}
	if (tax_red_reason(&s->source.blue, reason, NULL)) {
		s->next = NEXT_REASON;
		return;
	}
	s->worked = true;
	apply_lines_fill(s);
	if ((body = load(&tree))) {
		apply_lines_take(s, json_get(tree, "lines"));
		json_free(&tree);
		free(body);
	}
	apply_go(s, APPLY_LINES);
	ui_message(MESSAGE_WARNING, "接着上次没有提交的录入；Esc 退到第一步可以放弃它");
}
