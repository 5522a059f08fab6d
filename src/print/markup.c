#include "print/markup_p.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "print/sheet_p.h"

void markup_init(struct markup *m, struct buf *b)
{
	m->buf = b;
	m->depth = 0;
	buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void markup_indent(struct markup *m)
{
	int i;

	for (i = 0; i < m->depth; i++)
		buf_adds(m->buf, "  ");
}

void markup_open(struct markup *m, const char *name, const char *attributes)
{
	markup_indent(m);
	buf_addf(m->buf, "<%s%s%s>\n", name, *attributes ? " " : "", attributes);
	m->depth++;
}

void markup_close(struct markup *m, const char *name)
{
	m->depth--;
	markup_indent(m);
	buf_addf(m->buf, "</%s>\n", name);
}

void markup_leaf(struct markup *m, const char *name, const char *text)
{
	markup_indent(m);
	if (text_empty(text)) {
		buf_addf(m->buf, "<%s/>\n", name);
		return;
	}
	buf_addf(m->buf, "<%s>", name);
	markup_escape(m->buf, text, strlen(text));
	buf_addf(m->buf, "</%s>\n", name);
}

static const char *entity(uint32_t cp)
{
	switch (cp) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

static bool allowed(uint32_t cp)
{
	return cp == '\n' || cp == '\t' || glyph_allowed(cp);
}

void markup_escape(struct buf *b, const char *s, size_t n)
{
	const char *e;
	uint32_t cp;
	size_t step;

	for (; n; s += step, n -= step) {
		step = text_next(s, n, &cp);
		e = entity(cp);
		if (e)
			buf_adds(b, e);
		else if (allowed(cp))
			buf_add(b, s, step);
	}
}

void markup_number(struct buf *b, double v)
{
	enum { UNIT = 10000 };
	long long n = llround(v * UNIT), fraction;
	int digits = 4;

	if (n < 0)
		buf_addc(b, '-');
	n = n < 0 ? -n : n;
	fraction = n % UNIT;
	buf_addf(b, "%lld", n / UNIT);
	for (; digits && fraction % 10 == 0; digits--)
		fraction /= 10;
	if (digits)
		buf_addf(b, ".%0*lld", digits, fraction);
}
