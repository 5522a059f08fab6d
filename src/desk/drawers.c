/* drawers.c - 开票员: rules, audit. */
#include "desk/drawers.h"

#include <ctype.h>
#include <string.h>

#include "base/base.h"
#include "tax/code.h"
#include "tax/ids.h"

enum { NAME_CHARS = 300, PLATFORM_CHARS = 60, NUMBER_MAX = 30, LONG = 15 };

const char *desk_drawer_mask(const struct drawer *d, char out[DRAWER_MASKED])
{
	size_t n, i, shown;

	text_copy(out, DRAWER_MASKED, d->id_no);
	n = strlen(out);
	shown = n >= LONG ? 4 : n > 4 ? 2 : 0;
	for (i = shown; i + shown < n; i++)
		out[i] = '*';
	return out;
}

const char *desk_drawer_document(const struct drawer *d)
{
	const struct code_row *row = code_find(CODES_ID_TYPES, d->id_type);

	return row ? row->name : d->id_type;
}

/* ---- reading ---- */

enum err desk_drawer_list(struct session *s, drawer_each f, void *arg, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_drawer_list(s->db, unit, f, arg, e);
}

static enum err find(struct session *s, int64_t unit, const char *name, struct drawer *out,
		     struct err_info *e)
{
	bool found = false;
	enum err r = store_drawer_find(s->db, unit, name, out, &found, e);

	if (r || found)
		return r;
	err_fail(e, ERR_INVALID, "drawer.unknown", "开票员", "没有登记“%.60s”", name);
	err_hint(e, "用 kaipiao drawers list 查看，用 kaipiao drawers add 登记");
	return ERR_INVALID;
}

enum err desk_drawer_get(struct session *s, const char *name, struct drawer *out,
			 struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : find(s, unit, name, out, e);
}

/* ---- rules ---- */

static enum err refuse(const char *field, const char *label, const char *why, const char *hint,
		       struct err_info *e)
{
	err_fail(e, ERR_INVALID, "drawer.field", label, "%s", why);
	err_field(e, "%s", field);
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

static enum err check_text(const char *s, const char *field, const char *label, size_t max,
			   struct err_info *e)
{
	size_t at;
	uint32_t cp;

	if (text_empty(s))
		return refuse(field, label, "不能为空", "请填写", e);
	if (text_chars(s) > max)
		return refuse(field, label, "太长", "请缩短", e);
	if (text_find_forbidden(s, false, &at, &cp) || *s == ' ' || s[strlen(s) - 1] == ' ')
		return refuse(field, label, "有不允许的字符，或前后有空格", "请去掉后再试", e);
	return ERR_OK;
}

/* By code or name, a kind the platform takes of who issues (protocol 6.7); NULL: as it is. */
static enum err take_type(struct drawer *d, const char *given, struct err_info *e)
{
	const char *wanted = given ? given : d->id_type;
	const struct code_row *row = code_find(CODES_ID_TYPES, wanted);

	if (!row)
		row = code_find_name(CODES_ID_TYPES, wanted);
	if (row && row->extra && *row->extra == 'Y') {
		text_copy(d->id_type, sizeof(d->id_type), row->code);
		return ERR_OK;
	}
	return refuse("id_type", "证件类型", row ? "开票员不能用这种证件" : "没有这种证件类型",
		      "如 201 居民身份证、208 外国护照、210 港澳居民来往内地通行证", e);
}

static enum err check_number(struct drawer *d, char *warning, struct err_info *e)
{
	size_t i, n = strlen(d->id_no);

	for (i = 0; i < n; i++) {
		if (!isalnum((unsigned char)d->id_no[i]))
			return refuse("id_no", "证件号码", "只能有字母和数字", "请核对号码", e);
		d->id_no[i] = (char)toupper((unsigned char)d->id_no[i]);
	}
	if (!n || n > NUMBER_MAX)
		return refuse("id_no", "证件号码", n ? "太长，最多 30 位" : "不能为空",
			      "请核对号码", e);
	if (!strcmp(d->id_type, "201") && !id_card_ok(d->id_no))
		text_copy(warning, DRAWER_WARNING,
			  "身份证号码的位数或校验码不对，税局会拒绝，请核对");
	return ERR_OK;
}

static enum err take_text(char *slot, size_t size, const char *given, const char *field,
			  const char *label, struct err_info *e)
{
	if (!given || text_copy(slot, size, given))
		return ERR_OK;
	return refuse(field, label, "太长", "请缩短", e);
}

/* What a person entered, over what is there. */
static enum err take(struct drawer *d, const struct drawer_form *f, char *warning,
		     struct err_info *e)
{
	enum err r;

	*warning = 0;
	if ((r = take_text(d->name, sizeof(d->name), f->name, "name", "姓名", e)) ||
	    (r = take_text(d->id_no, sizeof(d->id_no), f->id_no, "id_no", "证件号码", e)) ||
	    (r = take_text(d->platform, sizeof(d->platform), f->platform, "platform", "绑定平台",
			   e)) ||
	    (r = check_text(d->name, "name", "姓名", NAME_CHARS, e)) ||
	    (r = take_type(d, f->id_type, e)) || (r = check_number(d, warning, e)) ||
	    (r = check_text(d->platform, "platform", "绑定平台", PLATFORM_CHARS, e)))
		return r;
	if (f->state && !drawer_state_parse(f->state, &d->state))
		return refuse("state", "状态", "没有这种状态",
			      "应为 bound 已绑定、waiting 待绑定 或 stopped 已停用", e);
	return ERR_OK;
}

/* ---- changing ---- */

static enum err store(struct session *s, struct drawer *d, const char *action, const char *before,
		      struct err_info *e)
{
	char masked[DRAWER_MASKED];
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if (!(r = store_drawer_put(s->db, d, e)))
		r = desk_audit(s, d->unit_id, action, d->name, before, desk_drawer_mask(d, masked),
			       e);
	return desk_end(s, r, e);
}

enum err desk_drawer_add(struct session *s, const struct drawer_form *f, char *warning,
			 struct err_info *e)
{
	struct drawer d = {.state = DRAWER_BOUND, .id_type = "201", .platform = "乐企平台"};
	enum err r;

	*warning = 0;
	if ((r = desk_own_unit(s, DESK_UNITS, &d.unit_id, e)) || (r = take(&d, f, warning, e)))
		return r;
	return store(s, &d, "drawer.add", "", e);
}

enum err desk_drawer_edit(struct session *s, const char *name, const struct drawer_form *f,
			  char *warning, struct err_info *e)
{
	char before[DRAWER_MASKED];
	struct drawer d;
	int64_t unit;
	enum err r;

	*warning = 0;
	if ((r = desk_own_unit(s, DESK_UNITS, &unit, e)) || (r = find(s, unit, name, &d, e)))
		return r;
	desk_drawer_mask(&d, before);
	if ((r = take(&d, f, warning, e)))
		return r;
	return store(s, &d, "drawer.edit", before, e);
}

enum err desk_drawer_remove(struct session *s, const char *name, struct err_info *e)
{
	char before[DRAWER_MASKED];
	struct drawer d;
	int64_t unit;
	enum err r;

	if ((r = desk_own_unit(s, DESK_UNITS, &unit, e)) || (r = find(s, unit, name, &d, e)) ||
	    (r = db_begin(s->db, e)))
		return r;
	if (!(r = store_drawer_remove(s->db, d.id, e)))
		r = desk_audit(s, unit, "drawer.remove", d.name, desk_drawer_mask(&d, before), "",
			       e);
	return desk_end(s, r, e);
}

/* ---- export ---- */

struct drawers_out {
	struct sheet_writer *writer;
	int64_t rows;
	struct err_info *e;
};

static enum err write_drawer(void *arg, const struct drawer *d)
{
	struct drawers_out *o = arg;
	const char *cells[] = {d->name, desk_drawer_document(d), d->id_no,
			       drawer_state_label(d->state), d->platform};

	o->rows++;
	return sheet_write_row(o->writer, cells, o->e);
}

static enum err write_drawers(struct session *s, int64_t unit, struct drawers_out *o,
			      struct err_info *e)
{
	enum err r = store_drawer_list(s->db, unit, write_drawer, o, e);

	if (r) {
		sheet_write_drop(&o->writer);
		return r;
	}
	return sheet_write_end(&o->writer, e);
}

enum err desk_drawer_export(struct session *s, const char *path, enum sheet_format format,
			    bool replace, int64_t *rows, struct err_info *e)
{
	static const struct sheet_head HEADS[] = {{"姓名", 16, CELLS_TEXT},
						  {"证件类型", 16, CELLS_TEXT},
						  {"证件号码", 24, CELLS_ID},
						  {"状态", 10, CELLS_TEXT},
						  {"绑定平台", 16, CELLS_TEXT}};
	struct drawers_out o = {.e = e};
	int64_t unit;
	enum err r;

	*rows = 0;
	if ((r = desk_own_unit(s, DESK_UNITS, &unit, e)) ||
	    (r = sheet_write_begin(path, format, replace, "开票员", HEADS,
				   sizeof(HEADS) / sizeof(HEADS[0]), &o.writer, e)) ||
	    (r = write_drawers(s, unit, &o, e)) || (r = db_begin(s->db, e)))
		return r;
	*rows = o.rows;
	return desk_end(s, desk_audit(s, unit, "drawer.export", "", "", path, e), e);
}
