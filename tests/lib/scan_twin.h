/* scan_twin.h - the scanner beside expat: the same events, or both refuse. */
#ifndef KP_TESTS_SCAN_TWIN_H
#define KP_TESTS_SCAN_TWIN_H

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sheet/scan_p.h"

enum { TWIN_MAX = 64 << 20 };

/* Events as a text; neighbouring texts are one. */
struct twin {
	struct buf out;
	bool in_text, wide; /* wide: a name goes beyond ASCII */
	bool type;
	XML_Parser parser;
};

static void twin_name(struct twin *t, char mark, const char *name)
{
	t->in_text = false;
	for (const char *p = name; *p; p++)
		t->wide |= (unsigned char)*p >= 0x80;
	buf_addc(&t->out, '\n');
	buf_addc(&t->out, mark);
	buf_adds(&t->out, name);
}

static void twin_start(void *user, const char *name, const char **attributes)
{
	struct twin *t = user;

	twin_name(t, '<', name);
	for (; *attributes; attributes += 2) {
		twin_name(t, '@', attributes[0]);
		buf_addf(&t->out, "=%zu:", strlen(attributes[1]));
		buf_adds(&t->out, attributes[1]);
	}
}

static void twin_end(void *user, const char *name)
{
	twin_name(user, '>', name);
}

static void twin_text(void *user, const char *s, int n)
{
	struct twin *t = user;

	if (!t->in_text)
		buf_adds(&t->out, "\n=");
	t->in_text = true;
	buf_add(&t->out, s, (size_t)n);
}

static void twin_type(void *user, const XML_Char *name, const XML_Char *system,
		      const XML_Char *public, int subset)
{
	struct twin *t = user;

	(void)name, (void)system, (void)public, (void)subset;
	t->type = true;
	XML_StopParser(t->parser, XML_FALSE);
}

static bool twin_expat(struct twin *t, const char *s, size_t n)
{
	bool good;

	*t = (struct twin) {.parser = XML_ParserCreate(NULL)};
	buf_init(&t->out, TWIN_MAX);
	XML_SetUserData(t->parser, t);
	XML_SetElementHandler(t->parser, twin_start, twin_end);
	XML_SetCharacterDataHandler(t->parser, twin_text);
	XML_SetStartDoctypeDeclHandler(t->parser, twin_type);
	good = XML_Parse(t->parser, s, (int)n, 1) == XML_STATUS_OK;
	XML_ParserFree(t->parser);
	return good;
}

/* In pieces of so many bytes. */
static enum sheet_scan_verdict twin_scan(struct twin *t, const char *s, size_t n, size_t piece)
{
	static const struct sheet_scan_ops OPS = {twin_start, twin_end, twin_text};
	enum sheet_scan_verdict v = SCAN_GOOD;
	struct sheet_scan *scan;
	size_t now;

	*t = (struct twin) {0};
	buf_init(&t->out, TWIN_MAX);
	scan = sheet_scan_new(&OPS, t);
	for (; n && !v; s += now, n -= now) {
		now = n < piece ? n : piece;
		memcpy(sheet_scan_room(scan, now), s, now);
		v = sheet_scan_piece(scan, now);
	}
	sheet_scan_room(scan, 0);
	v = v ? v : sheet_scan_piece(scan, 0);
	sheet_scan_free(&scan);
	return v;
}

static void twin_stop(const char *what, const char *s, size_t n, const struct twin *a,
		      const struct twin *b)
{
	fprintf(stderr, "%s\n--- %.*s\n--- expat%s\n--- scanner%s\n", what, (int)n, s,
		buf_str(&a->out), buf_str(&b->out));
	abort();
}

/* Aborts where they differ; where both refuse they may have got differently far. */
static void twin_compare(const char *s, size_t n, size_t piece)
{
	int head = sheet_scan_head(s, n);
	enum sheet_scan_verdict v;
	struct twin a, b;
	bool good;

	if (head < 0)
		return;
	good = twin_expat(&a, s, n);
	v = twin_scan(&b, s + head, n - (size_t)head, piece);
	if (good && (v != SCAN_GOOD || strcmp(buf_str(&a.out), buf_str(&b.out)) != 0))
		twin_stop("expat takes it", s, n, &a, &b);
	if (!good && v == SCAN_GOOD && !b.wide)
		twin_stop("the scanner takes it", s, n, &a, &b);
	if (a.type && v == SCAN_GOOD)
		twin_stop("a document type", s, n, &a, &b);
	buf_free(&a.out);
	buf_free(&b.out);
}

#endif
