/* write_csv.c - CSV for spreadsheet programs and for pipes. */
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "sheet/write_p.h"

enum { FLUSH = 64 << 10, ROW_MAX = 64 << 20, LONG_ID = 11 };

struct csv_out {
	int fd;
	enum sheet_format format;
	struct buf text;
	iconv_t conv; /* to GB18030; (iconv_t)-1: none */
	char *out;
	size_t out_size;
};

struct csv_out *sheet_csv_out_begin(int fd, enum sheet_format f)
{
	struct csv_out *c = mem_zalloc(sizeof(*c));

	c->fd = fd;
	c->format = f;
	c->conv = f == SHEET_CSV_GBK ? iconv_open("GB18030", "UTF-8") : (iconv_t)-1;
	buf_init(&c->text, ROW_MAX);
	if (f == SHEET_CSV_BOM)
		buf_adds(&c->text, "\xEF\xBB\xBF");
	return c;
}

void sheet_csv_out_drop(struct csv_out **slot)
{
	struct csv_out *c = *slot;

	if (!c)
		return;
	if (c->conv != (iconv_t)-1)
		iconv_close(c->conv);
	buf_free(&c->text);
	free(c->out);
	free(c);
	*slot = NULL;
}

/* ---- cells ---- */

/* -12.5: begins like a formula and is none. */
static bool is_number(const char *s)
{
	size_t digits;

	s += *s == '-';
	digits = strspn(s, "0123456789");
	if (!digits)
		return false;
	s += digits;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789");
	return !*s;
}

/* Would a spreadsheet program run it?  A ' before such a sign counts, too: taking one ' off gives
 * the text back. */
static bool is_formula(const char *s)
{
	static const char *const SIGNS[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
	const char *at = s + strspn(s, "'");
	size_t i;

	for (i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++) {
		if (!strncmp(at, SIGNS[i], strlen(SIGNS[i])))
			return at > s || !is_number(at);
	}
	return false;
}

/* A spreadsheet program would take it for a number and lose digits of it. */
static bool is_long_id(const char *s)
{
	size_t digits = strspn(s, "0123456789"), rest;

	if ((s[digits] == 'E' || s[digits] == 'e') && digits) {
		rest = strspn(s + digits + 1, "0123456789");
		return rest && !s[digits + 1 + rest];
	}
	return digits > LONG_ID && !s[digits];
}

static void put_quoted(struct buf *b, const char *s, const char *guard, const char *end)
{
	size_t n;

	buf_addc(b, '"');
	buf_adds(b, guard);
	for (; *s; s += n) {
		n = strcspn(s, "\"");
		buf_add(b, s, n);
		if (s[n] == '"') {
			buf_adds(b, "\"\"");
			n++;
		}
	}
	buf_adds(b, end);
	buf_addc(b, '"');
}

static void put_cell(struct csv_out *c, const char *s, bool id)
{
	const char *guard = is_formula(s) ? "'" : "";
	const char *end = id && c->format != SHEET_CSV && is_long_id(s) ? "\t" : "";
	size_t n = strlen(s);

	/* A tab behind a number stands in quotes, or it might be taken for a separator. */
	if (n && (*end || s[strcspn(s, ",;\"\r\n\t")] || s[0] == ' ' || s[n - 1] == ' ')) {
		put_quoted(&c->text, s, guard, end);
		return;
	}
	buf_adds(&c->text, guard);
	buf_add(&c->text, s, n);
	buf_adds(&c->text, end);
}

/* ---- bytes ---- */

/* GB18030 has a code for nearly everything; the rest becomes '?'. */
static size_t convert(struct csv_out *c)
{
	char *in = c->text.data, *out;
	size_t left = c->text.len, room = 2 * left + 16;

	if (room > c->out_size) {
		free(c->out);
		c->out = mem_alloc(room);
		c->out_size = room;
	}
	out = c->out;
	while (left && iconv(c->conv, &in, &left, &out, &room) == (size_t)-1) {
		uint32_t cp;
		size_t len;

		if (errno == E2BIG || !left)
			break;
		len = text_next(in, left, &cp);
		in += len;
		left -= len;
		*out++ = '?';
		room--;
	}
	return (size_t)(out - c->out);
}

static enum err flush(struct csv_out *c, const struct target *t, struct err_info *e)
{
	const char *data = buf_str(&c->text);
	size_t n = c->text.len;
	int fault;

	if (c->text.failed)
		return err_fail(e, ERR_INVALID, "sheet.long", t->path, "一行的内容太长");
	if (!n)
		return ERR_OK;
	if (c->conv != (iconv_t)-1) {
		n = convert(c);
		data = c->out;
	}
	fault = file_put_all(c->fd, data, n);
	buf_reset(&c->text);
	return fault ? sheet_target_fail(e, fault, strcmp(t->path, "-") ? t->path : "标准输出")
		     : ERR_OK;
}

enum err sheet_csv_out_row(struct csv_out *c, const struct target *t, const char *const *cells,
			   size_t count, const bool *ids, struct err_info *e)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (i)
			buf_addc(&c->text, ',');
		if (cells[i])
			put_cell(c, cells[i], ids[i]);
	}
	buf_adds(&c->text, "\r\n");
	return c->text.len >= FLUSH || c->text.failed ? flush(c, t, e) : ERR_OK;
}

enum err sheet_csv_out_end(struct csv_out **slot, const struct target *t, struct err_info *e)
{
	enum err r = flush(*slot, t, e);

	sheet_csv_out_drop(slot);
	return r;
}
