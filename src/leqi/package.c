/* package.c - the invoices of a package: base64(gzip(JSON)), unpacked piece by piece.
 *
 * Neither the inflated text nor its tree is ever whole in memory: each object is cut out as it
 * comes and handed on.  What inflates beyond the bounds is refused while it does.
 */
#include <ctype.h>
#include <string.h>
#include <zlib.h>

#include "leqi/leqi_p.h"

enum { PIECE = 64 * 1024, PACKED = 48 * 1024 };

/* Cuts objects out of "[{...},{...}]" or "{...}". */
struct cutter {
	package_each f;
	void *arg;
	struct buf object;
	int depth;
	bool in_string, escaped, opened, closed, any;
	enum unpack how;
};

static void end_object(struct cutter *c)
{
	if (c->object.failed)
		c->how = UNPACK_TOO_LARGE;
	else if (!c->f(c->arg, buf_str(&c->object), c->object.len))
		c->how = UNPACK_REFUSED;
	buf_reset(&c->object);
	c->any = true;
}

/* Between objects: one array around them all, or none. */
static void outside(struct cutter *c, char ch)
{
	if (ch == '[' && !c->opened && !c->any && !c->closed)
		c->opened = true;
	else if (ch == ']' && c->opened && !c->closed)
		c->closed = true;
	else if (ch == '{' && !c->closed && (c->opened || !c->any))
		c->depth = 1;
	else if (!isspace((unsigned char)ch) && !(ch == ',' && c->opened && c->any && !c->closed))
		c->how = UNPACK_NOT_JSON;
}

static void inside(struct cutter *c, char ch)
{
	if (c->in_string) {
		if (c->escaped)
			c->escaped = false;
		else if (ch == '\\')
			c->escaped = true;
		else if (ch == '"')
			c->in_string = false;
	} else if (ch == '"') {
		c->in_string = true;
	} else if (ch == '{' || ch == '[') {
		c->depth++;
	} else if (ch == '}' || ch == ']') {
		c->depth--;
	}
}

static void cut(struct cutter *c, const char *text, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n && c->how == UNPACK_OK; i++) {
		bool was = c->depth > 0;

		if (!was) {
			outside(c, text[i]);
			from = i;
			continue;
		}
		inside(c, text[i]);
		if (c->depth == 0) {
			buf_add(&c->object, text + from, i + 1 - from);
			end_object(c);
		}
	}
	if (c->how == UNPACK_OK && c->depth > 0) {
		buf_add(&c->object, text + from, n - from);
		if (c->object.failed)
			c->how = UNPACK_TOO_LARGE;
	}
}

static void inflate_piece(z_stream *z, struct cutter *c, const char *bytes, size_t n, size_t *total,
			  bool *ended)
{
	unsigned char text[PIECE];

	z->next_in = (unsigned char *)(uintptr_t)bytes;
	z->avail_in = (uInt)n;
	while (c->how == UNPACK_OK && !*ended) {
		size_t got;
		int rc;

		z->next_out = text;
		z->avail_out = sizeof(text);
		rc = inflate(z, Z_NO_FLUSH);
		got = sizeof(text) - z->avail_out;
		*ended = rc == Z_STREAM_END;
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
			c->how = UNPACK_DAMAGED;
			return;
		}
		*total += got;
		if (*total > UNPACK_TOTAL) {
			c->how = UNPACK_TOO_LARGE;
			return;
		}
		cut(c, (const char *)text, got);
		if (rc == Z_BUF_ERROR || (z->avail_in == 0 && z->avail_out > 0))
			return;
	}
}

/* Whole groups of four letters, blanks dropped: where base64 may be cut. */
static size_t next_letters(const char **text, const char *end, char out[PACKED / 3 * 4])
{
	size_t n = 0;

	for (; *text < end && n < PACKED / 3 * 4; ++*text)
		if (!isspace((unsigned char)**text))
			out[n++] = **text;
	return n;
}

enum unpack package_unpack(const char *text, size_t n, package_each f, void *arg)
{
	struct cutter c = {.f = f, .arg = arg, .how = UNPACK_OK};
	char letters[PACKED / 3 * 4];
	const char *end = text + n;
	size_t total = 0, got;
	bool ended = false;
	z_stream z = {0};

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return UNPACK_DAMAGED;
	buf_init(&c.object, UNPACK_OBJECT);
	while (c.how == UNPACK_OK && !ended && (got = next_letters(&text, end, letters)) > 0) {
		struct buf packed;

		buf_init(&packed, PACKED + 8);
		if (!base64_read(letters, got, &packed))
			c.how = UNPACK_NOT_BASE64;
		else
			inflate_piece(&z, &c, buf_str(&packed), packed.len, &total, &ended);
		buf_free(&packed);
	}
	inflateEnd(&z);
	buf_free(&c.object);
	if (c.how == UNPACK_OK && !ended)
		return UNPACK_DAMAGED;
	if (c.how == UNPACK_OK && (c.depth > 0 || (c.opened && !c.closed)))
		return UNPACK_NOT_JSON;
	return c.how;
}
