/* templates.c - 发票模板. */
#include "desk/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/phrases.h"
#include "store/forms.h"

void desk_invoice_bare(struct invoice *inv)
{
	size_t i;

	inv->number[0] = inv->issued_at[0] = 0;
	mem_set(&inv->order_no, "");
	/* A payment and a deduction are of that invoice alone. */
	invoice_clear_payments(inv);
	invoice_clear_vouchers(inv);
	inv->deduction_fen = 0;
	for (i = 0; i < inv->line_count; i++)
		inv->lines[i].tax_adjust_fen = inv->lines[i].discount.tax_adjust_fen = 0;
}

/* ---- finding ---- */

enum err desk_template_list(struct session *s, const char *text, int64_t cursor, int limit,
			    template_each f, void *arg, int64_t *next, int64_t *total,
			    struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_ISSUE, &unit, e);

	return r ? r
		 : store_template_page(s->db, unit, s->user.id, text, cursor, limit, f, arg, next,
				       total, e);
}

static enum err unknown(const char *no, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "template.unknown", "发票模板", "没有“%.80s”", no);
	err_hint(e, "用 kaipiao templates list 查看");
	return ERR_INVALID;
}

/* Puts its unit into *unit, too. */
static enum err find(struct session *s, const char *no, int64_t *unit, struct invoice_template *out,
		     struct err_info *e)
{
	bool found = false;
	int64_t id = 0;
	enum err r = desk_own_unit(s, DESK_ISSUE, unit, e);

	if (r)
		return r;
	if (no[0] == '#' && text_all_digits(no + 1))
		id = strtoll(no + 1, NULL, 10);
	else
		r = store_template_by_name(s->db, *unit, s->user.id, no, &id, e);
	if (!r && id)
		r = store_template_get(s->db, *unit, s->user.id, id, out, &found, e);
	return r || found ? r : unknown(no, e);
}

enum err desk_template_get(struct session *s, const char *no, struct invoice_template *out,
			   struct err_info *e)
{
	int64_t unit;

	return find(s, no, &unit, out, e);
}

/* ---- changing ---- */

static enum err wrong_name(struct err_info *e, const char *why, const char *hint)
{
	err_fail(e, ERR_INVALID, "template.name", "模板名称", "%s", why);
	err_field(e, "name");
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

static enum err take_name(struct invoice_template *t, const char *name, struct err_info *e)
{
	char *trimmed = text_trim(name ? name : "");
	size_t at;
	uint32_t cp;
	enum err r = ERR_OK;

	if (!*trimmed)
		r = wrong_name(e, "没有填写", "请填写模板名称，例如 每月服务费");
	else if (text_chars(trimmed) > TEMPLATE_NAME_CHARS)
		r = wrong_name(e, "超过 40 个字", "请缩短名称");
	else if (*trimmed == '#')
		r = wrong_name(e, "不能以 # 开头", "# 用来指编号，请换一个名称");
	else if (text_find_forbidden(trimmed, false, &at, &cp))
		r = wrong_name(e, "含有不能显示的字符", "请重新输入名称");
	else
		text_copy(t->name, sizeof(t->name), trimmed);
	free(trimmed);
	return r;
}

static enum err take_content(struct invoice_template *t, const struct invoice *from,
			     struct err_info *e)
{
	struct invoice inv;
	struct json_out o;
	struct buf b;

	invoice_copy(&inv, from);
	desk_invoice_bare(&inv);
	t->kind = inv.kind;
	t->line_count = (int64_t)inv.line_count;
	t->gross = tax_invoice_compute(&inv, NULL) ? 0 : inv.gross_fen;
	text_copy(t->buyer_name, sizeof(t->buyer_name), inv.buyer.name);
	buf_init(&b, FORM_BODY_MAX);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	invoice_put_sparse(&o, &inv);
	json_close(&o, '}');
	t->body = buf_detach(&b);
	invoice_free(&inv);
	return t->body ? ERR_OK
		       : err_fail(e, ERR_INVALID, "form.size", "发票模板", "太大，没有保存");
}

static enum err check_texts(const struct invoice *inv, struct err_info *e)
{
	enum err r = phrase_check("备注", inv->remark ? inv->remark : "", e);

	for (size_t i = 0; i < inv->line_count && !r; i++) {
		const struct tax_line *l = &inv->lines[i];

		if (!(r = phrase_check("项目名称", l->name ? l->name : "", e)))
			r = phrase_check("规格型号", l->spec ? l->spec : "", e);
	}
	return r;
}

static enum err put(struct session *s, struct invoice_template *t, const char *action,
		    struct err_info *e)
{
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if ((r = store_template_put(s->db, t, e)) ||
	    (r = desk_audit(s, t->unit_id, action, t->name, "", t->owner_id ? "" : "shared", e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_template_add(struct session *s, const char *name, bool shared,
			   const struct invoice *inv, int64_t *id, struct err_info *e)
{
	struct invoice_template t = {.owner_id = shared ? 0 : s->user.id, .created_by = s->user.id};
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = take_name(&t, name, e)) ||
	    (r = check_texts(inv, e)) || (r = desk_unit(s, &u, e)))
		return r;
	t.unit_id = u.id;
	unit_free(&u);
	if (!(r = take_content(&t, inv, e)) && !(r = put(s, &t, "template.add", e)))
		*id = t.id;
	invoice_template_free(&t);
	return r;
}

/* What another clerk shares is his. */
static enum err may_change(struct session *s, const struct invoice_template *t, struct err_info *e)
{
	if (t->created_by == s->user.id || !desk_allow(s, DESK_DRAFTS, NULL))
		return ERR_OK;
	err_fail(e, ERR_DENIED, "template.foreign", "发票模板", "“%s”是别人共享的", t->name);
	err_hint(e, "请建它的人或财务主管修改");
	return ERR_DENIED;
}

enum err desk_template_edit(struct session *s, const char *no, const char *name, bool shared,
			    struct err_info *e)
{
	struct invoice_template t;
	int64_t unit;
	enum err r = find(s, no, &unit, &t, e);

	if (r)
		return r;
	t.owner_id = shared ? 0 : t.created_by;
	if (!(r = may_change(s, &t, e)) && !(name && (r = take_name(&t, name, e))))
		r = put(s, &t, "template.edit", e);
	invoice_template_free(&t);
	return r;
}

enum err desk_template_remove(struct session *s, const char *no, struct err_info *e)
{
	struct invoice_template t;
	int64_t unit;
	enum err r = find(s, no, &unit, &t, e);

	if (r)
		return r;
	if (!(r = may_change(s, &t, e)) && !(r = db_begin(s->db, e))) {
		if ((r = store_template_delete(s->db, t.id, e)) ||
		    (r = desk_audit(s, unit, "template.remove", t.name, "", "", e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	invoice_template_free(&t);
	return r;
}

/* ---- using ---- */

static void fill_text(char **slot, int64_t now)
{
	char *text = strchr(*slot, '{') ? phrase_fill(*slot, now, NULL) : NULL;

	if (!text)
		return;
	free(*slot);
	*slot = text;
}

enum err desk_template_fill(const struct invoice_template *t, struct invoice *out,
			    struct err_info *e)
{
	int64_t now = clock_now();
	cJSON *tree = NULL;
	size_t i;
	enum err r = json_parse(t->body, strlen(t->body), FORM_BODY_MAX, &tree, e);

	if (r)
		return r;
	r = invoice_from_json(tree, "", out, e);
	json_free(&tree);
	if (r)
		return r;
	out->buyer_person_said = false;
	fill_text(&out->remark, now);
	for (i = 0; i < out->line_count; i++) {
		fill_text(&out->lines[i].name, now);
		fill_text(&out->lines[i].spec, now);
	}
	return ERR_OK;
}

enum err desk_template_used(struct session *s, int64_t id, struct err_info *e)
{
	bool before = desk_hurry(s, true);
	enum err r = db_begin(s->db, e);

	desk_hurry(s, before);
	if (r)
		return err_not_busy(r, e);
	if ((r = store_template_used(s->db, id, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}
