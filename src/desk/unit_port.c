/* unit_port.c - units in a workbook or CSV, all columns or those that are wanted (features B21). */
#include <string.h>

#include "base/base.h"
#include "desk/unit_p.h"
#include "sheet/sheet.h"

enum { CELLS = 20, FIELD = 100 };

/* One unit, by the keys of the table. */
static const char *cell_of(const struct unit_view *v, const char *key)
{
	const struct unit *u = v->unit;
	const struct code_row *region = code_find(CODES_REGIONS, u->region ? u->region : "");
	const struct {
		const char *key, *text;
	} cells[] = {
	    {"name", u->name},
	    {"tax_no", u->tax_no},
	    {"leqi_id", u->leqi_id},
	    {"role", u->direct ? "直连单位" : "使用单位"},
	    {"direct", v->direct},
	    {"env", unit_env_label(u->env)},
	    {"relation", u->direct  ? ""
			 : u->joint ? "联用"
				    : "自用"},
	    {"issue_channel", v->issue_channel},
	    {"collect_channel", v->collect_channel},
	    {"region", region ? region->name : u->region},
	    {"address", u->address},
	    {"phone", u->phone},
	    {"bank", u->bank},
	    {"account", u->account},
	    {"project", u->project},
	    {"filing_region", u->filing_region},
	    {"handler", v->handler},
	    {"granted", v->granted},
	};
	size_t i;

	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (!strcmp(cells[i].key, key))
			return cells[i].text;
	return "";
}

struct out {
	const struct sheet_table *table;
	struct sheet_writer *writer;
	int columns[CELLS]; /* of the table, in the order that is wanted */
	size_t count;
	int64_t rows;
	struct err_info *e;
};

static enum err put(void *arg, const struct unit_view *v)
{
	struct out *o = arg;
	const char *cells[CELLS];
	size_t i;

	for (i = 0; i < o->count; i++)
		cells[i] = cell_of(v, o->table->columns[o->columns[i]].key);
	o->rows++;
	return sheet_write_row(o->writer, cells, o->e);
}

static enum err add_column(struct out *o, const char *name, struct err_info *e)
{
	int at = sheet_heading(o->table, name);

	if (at < 0 || (size_t)at >= o->table->count)
		return err_fail(e, ERR_INVALID, "unit.fields", "列", "没有“%.40s”这一列", name);
	if (o->count == CELLS)
		return err_fail(e, ERR_INVALID, "unit.fields", "列", "最多 %d 列", CELLS);
	o->columns[o->count++] = at;
	return ERR_OK;
}

/* "乐企ID,税号,企业名称", also with ， or 、 between. */
static enum err take_columns(struct out *o, const char *fields, struct err_info *e)
{
	static const char *const MARKS[] = {",", "，", "、"};
	char name[FIELD];
	size_t i;

	if (!fields) {
		for (i = 0; i < o->table->count && i < CELLS; i++)
			o->columns[o->count++] = (int)i;
		return ERR_OK;
	}
	while (*fields) {
		const char *end = fields + strlen(fields);
		size_t skip = 0;
		enum err r;

		for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
			const char *p = strstr(fields, MARKS[i]);

			if (p && p < end) {
				end = p;
				skip = strlen(MARKS[i]);
			}
		}
		if ((size_t)(end - fields) >= sizeof(name))
			return err_fail(e, ERR_INVALID, "unit.fields", "列", "列名太长");
		memcpy(name, fields, (size_t)(end - fields));
		name[end - fields] = 0;
		if ((r = add_column(o, name, e)))
			return r;
		fields = end + skip;
	}
	return o->count ? ERR_OK : err_fail(e, ERR_INVALID, "unit.fields", "列", "没有写出列名");
}

enum err desk_unit_export(struct session *s, const struct unit_export *x, int64_t *rows,
			  struct err_info *e)
{
	struct out o = {.table = sheet_table("unit"), .e = e};
	struct sheet_head all[SHEET_COLUMNS], heads[CELLS];
	size_t i;
	enum err r;

	*rows = 0;
	if ((r = desk_allow(s, DESK_UNITS_VIEW, e)) || (r = take_columns(&o, x->fields, e)))
		return r;
	sheet_table_heads(o.table, all);
	for (i = 0; i < o.count; i++)
		heads[i] = all[o.columns[i]];
	if ((r = sheet_write_begin(x->path, x->format, x->replace, o.table->title, heads, o.count,
				   &o.writer, e)))
		return r;
	if ((r = desk_unit_query(s, x->query, put, &o, e))) {
		sheet_write_drop(&o.writer);
		return r;
	}
	*rows = o.rows;
	return sheet_write_end(&o.writer, e);
}
