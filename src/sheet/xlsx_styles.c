/* Which cell formats of a workbook show a date. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "sheet/xlsx_p.h"
#include "sheet/xml_p.h"

enum { FORMATS_MAX = 1 << 16, CUSTOM_MAX = 1 << 12 };

struct sheet_styles {
	bool *is_date; /* by cell format */
	size_t count, room;
};
struct loader {
	struct sheet_styles *styles;
	uint32_t *custom; /* numbers of custom formats that are dates */
	size_t custom_count, custom_room;
	bool in_formats;
};

/* Numbers of the formats every program knows. */
static bool is_builtin_date(uint32_t id)
{
	static const struct {
		uint32_t first, last;
	} DATES[] = {{14, 22}, {27, 36}, {45, 47}, {50, 58}};
	size_t i;

	for (i = 0; i < sizeof(DATES) / sizeof(DATES[0]); i++) {
		if (id >= DATES[i].first && id <= DATES[i].last)
			return true;
	}
	return false;
}

/* In brackets: an elapsed time, [h] [mm] [ss]?  Others are colours, conditions, locales. */
static bool is_elapsed(const char *s, const char *end)
{
	const char *p;

	for (p = s; p < end; p++) {
		if (!strchr("hHmMsS", *p))
			return false;
	}
	return end > s;
}

/* Past what stands for itself at s (quoted, escaped, padding), or s. */
static const char *skip_literal(const char *s)
{
	const char *end;

	if (*s == '"') {
		end = strchr(s + 1, '"');
		return end ? end + 1 : s + strlen(s);
	}
	if (*s == '\\' || *s == '_' || *s == '*')
		return s + 1 + (s[1] != 0);
	return s;
}

bool sheet_format_is_date(const char *code)
{
	const char *past, *end;

	if (!strncasecmp(code, "general", 7))
		return false;
	while (*code && *code != ';') {
		past = skip_literal(code);
		if (past != code) {
			code = past;
		} else if (*code == '[') {
			end = strchr(code, ']');
			if (!end)
				return false;
			if (is_elapsed(code + 1, end))
				return true;
			code = end + 1;
		} else if (strchr("yYmMdDhHsS", *code)) {
			return true;
		} else {
			code++;
		}
	}
	return false;
}

static uint32_t number_of(const char *s)
{
	return s ? (uint32_t)strtoul(s, NULL, 10) : 0;
}

static void add_custom(struct loader *l, uint32_t id)
{
	if (l->custom_count == CUSTOM_MAX)
		return;
	if (l->custom_count == l->custom_room) {
		l->custom_room = l->custom_room ? l->custom_room * 2 : 64;
		l->custom = mem_realloc(l->custom, l->custom_room * sizeof(*l->custom));
	}
	l->custom[l->custom_count++] = id;
}

static bool is_date(const struct loader *l, uint32_t id)
{
	size_t i;

	if (is_builtin_date(id))
		return true;
	for (i = 0; i < l->custom_count; i++) {
		if (l->custom[i] == id)
			return true;
	}
	return false;
}

static void add_format(struct sheet_styles *s, bool date)
{
	if (s->count == FORMATS_MAX)
		return;
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->is_date = mem_realloc(s->is_date, s->room * sizeof(*s->is_date));
	}
	s->is_date[s->count++] = date;
}

static void on_start(void *user, const char *name, const char **attributes)
{
	struct loader *l = ((struct sheet_xml *)user)->user;
	const char *code;

	name = sheet_xml_local(name);
	if (!strcmp(name, "cellXfs")) {
		l->in_formats = true;
	} else if (!strcmp(name, "xf") && l->in_formats) {
		add_format(l->styles,
			   is_date(l, number_of(sheet_xml_attribute(attributes, "numFmtId"))));
	} else if (!strcmp(name, "numFmt")) {
		code = sheet_xml_attribute(attributes, "formatCode");
		if (code && sheet_format_is_date(code))
			add_custom(l, number_of(sheet_xml_attribute(attributes, "numFmtId")));
	}
}

static void on_end(void *user, const char *name)
{
	struct sheet_xml *x = user;
	struct loader *l = x->user;

	if (!strcmp(sheet_xml_local(name), "cellXfs")) {
		l->in_formats = false;
		sheet_xml_enough(x);
	}
}

static const struct sheet_xml_ops OPS = {.start = on_start, .end = on_end};

enum err sheet_styles_load(struct sheet_zip *z, int64_t part, struct sheet_styles **out,
			   struct err_info *e)
{
	struct sheet_styles *s = mem_zalloc(sizeof(*s));
	struct loader l = {.styles = s};
	enum err rc = part < 0 ? ERR_OK : sheet_xml_whole(z, part, &OPS, &l, e);

	free(l.custom);
	if (rc) {
		sheet_styles_free(&s);
		return rc;
	}
	*out = s;
	return ERR_OK;
}

void sheet_styles_free(struct sheet_styles **s)
{
	if (!*s)
		return;
	free((*s)->is_date);
	free(*s);
	*s = NULL;
}

bool sheet_styles_is_date(const struct sheet_styles *s, uint32_t format)
{
	return format < s->count && s->is_date[format];
}
