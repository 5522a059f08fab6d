/* archive.c - the format of zip (PKWARE APPNOTE 6.3), with all sizes known beforehand. */
#include "sheet/archive.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/text.h"
#include "sheet/write_p.h"

enum {
	LOCAL_MARK = 0x04034b50,
	ENTRY_MARK = 0x02014b50,
	END_MARK = 0x06054b50,
	END64_MARK = 0x06064b50,
	PLACE64_MARK = 0x07064b50,
	LOCAL_SIZE = 30,
	ENTRY_SIZE = 46,
	END_SIZE = 22,
	END64_SIZE = 56,
	PLACE64_SIZE = 20,
	EXTRA64_SIZE = 12, /* the offset alone */
	EXTRA64 = 1,
	VERSION = 20,
	VERSION64 = 45,
	MADE_ON_UNIX = 3 << 8,
	NAME_UTF8 = 1 << 11,
	STORED = 0,
	DEFLATED = 8,
	NAME_MAX_BYTES = 1024,
	LEVEL = 6,
	SPOOL = 64 << 10,
};
#define MODE_0644       (0100644u << 16)
#define ENTRY_BYTES_MAX UINT32_C(0xfffffffe)

struct sheet_archive {
	struct target target;
	uint64_t at, count;
	int spool; /* the entries of the end, -1: none yet */
	uint64_t spooled;
	unsigned char held[SPOOL];
	size_t held_size;
	unsigned char *packed; /* of the entry in hand, kept between them */
	size_t packed_size;
};

/* ---- numbers, low bytes first ---- */

static unsigned char *put16(unsigned char *p, unsigned v)
{
	*p++ = (unsigned char)v;
	*p++ = (unsigned char)(v >> 8);
	return p;
}

static unsigned char *put32(unsigned char *p, uint32_t v)
{
	return put16(put16(p, v & 0xffff), v >> 16);
}

static unsigned char *put64(unsigned char *p, uint64_t v)
{
	return put32(put32(p, (uint32_t)v), (uint32_t)(v >> 32));
}

/* ---- writing ---- */

static enum err put_out(struct sheet_archive *a, const void *data, size_t n, struct err_info *e)
{
	int fault = file_put_all(a->target.fd, data, n);

	if (fault)
		return sheet_target_fail(e, fault,
					 strcmp(a->target.path, "-") ? a->target.path : "标准输出");
	a->at += n;
	return ERR_OK;
}

static enum err flush_spool(struct sheet_archive *a, struct err_info *e)
{
	enum err r = a->spool < 0 ? file_scratch(&a->spool, e) : ERR_OK;

	if (!r)
		r = file_scratch_add(a->spool, a->held, a->held_size, e);
	a->spooled += a->held_size;
	a->held_size = 0;
	return r;
}

static enum err spool(struct sheet_archive *a, const void *data, size_t n, struct err_info *e)
{
	enum err r = n > SPOOL - a->held_size ? flush_spool(a, e) : ERR_OK;

	memcpy(a->held + a->held_size, data, n);
	a->held_size += n;
	return r;
}

/* ---- entries ---- */

struct entry {
	const char *name;
	size_t name_len;
	unsigned method, day, time;
	uint32_t crc, packed, size;
};

/* Years 1980 to 2107, two seconds to a step. */
static void set_time(struct entry *n, int64_t at)
{
	struct datetime d = date_of(at);
	int year = d.date.year < 1980 ? 1980 : d.date.year > 2107 ? 2107 : d.date.year;

	n->day = (unsigned)((year - 1980) << 9 | d.date.month << 5 | d.date.day);
	n->time = (unsigned)(d.hour << 11 | d.minute << 5 | d.second / 2);
}

/* What local header and entry of the end have in common, from the flags on. */
static unsigned char *put_common(unsigned char *p, const struct entry *n, size_t extra)
{
	p = put16(p, NAME_UTF8);
	p = put16(p, n->method);
	p = put16(p, n->time);
	p = put16(p, n->day);
	p = put32(p, n->crc);
	p = put32(p, n->packed);
	p = put32(p, n->size);
	p = put16(p, (unsigned)n->name_len);
	return put16(p, (unsigned)extra);
}

static enum err put_local(struct sheet_archive *a, const struct entry *n, struct err_info *e)
{
	unsigned char head[LOCAL_SIZE], *p = put32(head, LOCAL_MARK);
	enum err r;

	put_common(put16(p, VERSION), n, 0);
	r = put_out(a, head, sizeof(head), e);
	return r ? r : put_out(a, n->name, n->name_len, e);
}

static enum err spool_entry(struct sheet_archive *a, const struct entry *n, uint64_t offset,
			    struct err_info *e)
{
	bool wide = offset >= UINT32_MAX;
	unsigned char head[ENTRY_SIZE], extra[EXTRA64_SIZE], *p = put32(head, ENTRY_MARK);
	enum err r;

	p = put16(p, MADE_ON_UNIX | (wide ? VERSION64 : VERSION));
	p = put16(p, wide ? VERSION64 : VERSION);
	p = put_common(p, n, wide ? EXTRA64_SIZE : 0);
	p = put16(p, 0); /* comment */
	p = put16(p, 0); /* disk */
	p = put16(p, 0);
	p = put32(p, MODE_0644);
	put32(p, wide ? UINT32_MAX : (uint32_t)offset);
	put64(put16(put16(extra, EXTRA64), EXTRA64_SIZE - 4), offset);
	if (!(r = spool(a, head, sizeof(head), e)) && !(r = spool(a, n->name, n->name_len, e)) &&
	    wide)
		r = spool(a, extra, sizeof(extra), e);
	return r;
}

/* Makes it smaller; false when it does not get smaller. */
static bool deflate_all(struct sheet_archive *a, const void *data, size_t n, struct entry *out)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)n};
	uLong most;
	bool done;

	if (!n || deflateInit2(&z, LEVEL, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	most = deflateBound(&z, (uLong)n);
	if (most > a->packed_size) {
		a->packed = mem_realloc(a->packed, most);
		a->packed_size = most;
	}
	z.next_out = a->packed;
	z.avail_out = (uInt)most;
	done = deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out < n;
	out->packed = (uint32_t)z.total_out;
	deflateEnd(&z);
	return done;
}

/* Nothing that leads out of the folder it is unpacked in. */
static bool name_is_safe(const char *name)
{
	const char *p = name;

	if (!*name || *name == '/' || strlen(name) > NAME_MAX_BYTES || strchr(name, '\\') ||
	    !text_valid(name, strlen(name)))
		return false;
	while (*p) {
		size_t n = strcspn(p, "/");

		if (!n || (n == 1 && *p == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n + (p[n] == '/');
	}
	return true;
}

enum err sheet_archive_add(struct sheet_archive *a, const char *name, const void *data, size_t n,
			   bool pack, int64_t at, struct err_info *e)
{
	struct entry one = {.name = name, .name_len = strlen(name)};
	uint64_t offset = a->at;
	enum err r;

	if (!name_is_safe(name))
		return err_fail(e, ERR_INTERNAL, "archive.name", "压缩包", "文件名“%.200s”不能用",
				name);
	if (n > ENTRY_BYTES_MAX)
		return err_fail(e, ERR_INVALID, "archive.size", "压缩包", "%.200s 太大", name);
	one.size = one.packed = (uint32_t)n;
	one.crc = (uint32_t)crc32_z(0, data, n);
	set_time(&one, at);
	if (pack && deflate_all(a, data, n, &one))
		one.method = DEFLATED;
	else
		one.packed = one.size;
	if ((r = put_local(a, &one, e)) ||
	    (r = put_out(a, one.method == DEFLATED ? a->packed : data, one.packed, e)))
		return r;
	a->count++;
	return spool_entry(a, &one, offset, e);
}

/* ---- beginning and end ---- */

static void free_archive(struct sheet_archive **slot)
{
	struct sheet_archive *a = *slot;

	*slot = NULL;
	if (!a)
		return;
	sheet_target_drop(&a->target);
	if (a->spool >= 0)
		close(a->spool);
	free(a->packed);
	free(a);
}

enum err sheet_archive_begin(const char *path, bool replace, struct sheet_archive **out,
			     struct err_info *e)
{
	struct sheet_archive *a = mem_zalloc(sizeof(*a));
	enum err r = sheet_target_begin(&a->target, path, replace, e);

	a->spool = -1;
	if (r)
		free_archive(&a);
	*out = a;
	return r;
}

int64_t sheet_archive_size(const struct sheet_archive *a)
{
	return (int64_t)a->at;
}

static enum err copy_spool(struct sheet_archive *a, struct err_info *e)
{
	uint64_t from = 0, spooled = a->spooled;
	size_t held = a->held_size;
	enum err r = put_out(a, a->held, a->spooled ? 0 : held, e);

	if (!spooled)
		return r;
	/* What is held comes last, and its memory is needed. */
	if ((r = flush_spool(a, e)))
		return r;
	for (spooled += held; from < spooled && !r;) {
		ssize_t n = file_read_at(a->spool, a->held, SPOOL, (int64_t)from);

		if (n <= 0)
			return err_fail(e, ERR_INTERNAL, "archive.spool", "压缩包",
					"临时文件内容不对");
		from += (uint64_t)n;
		r = put_out(a, a->held, (size_t)n, e);
	}
	return r;
}

static enum err put_end64(struct sheet_archive *a, uint64_t size, uint64_t offset,
			  struct err_info *e)
{
	unsigned char end[END64_SIZE + PLACE64_SIZE], *p = put32(end, END64_MARK);
	uint64_t here = a->at;

	p = put64(p, END64_SIZE - 12);
	p = put16(p, MADE_ON_UNIX | VERSION64);
	p = put16(p, VERSION64);
	p = put64(p, 0); /* disks */
	p = put64(p, a->count);
	p = put64(p, a->count);
	p = put64(p, size);
	p = put64(p, offset);
	p = put32(p, PLACE64_MARK);
	p = put32(p, 0);
	p = put64(p, here);
	put32(p, 1);
	return put_out(a, end, sizeof(end), e);
}

static enum err put_end(struct sheet_archive *a, struct err_info *e)
{
	uint64_t offset = a->at, size;
	unsigned char end[END_SIZE], *p = put32(end, END_MARK);
	unsigned count = a->count < UINT16_MAX ? (unsigned)a->count : UINT16_MAX;
	enum err r = copy_spool(a, e);

	size = a->at - offset;
	if (!r && (a->count >= UINT16_MAX || offset >= UINT32_MAX || size >= UINT32_MAX))
		r = put_end64(a, size, offset, e);
	p = put32(p, 0); /* disks */
	p = put16(p, count);
	p = put16(p, count);
	p = put32(p, size < UINT32_MAX ? (uint32_t)size : UINT32_MAX);
	p = put32(p, offset < UINT32_MAX ? (uint32_t)offset : UINT32_MAX);
	put16(p, 0); /* comment */
	return r ? r : put_out(a, end, sizeof(end), e);
}

enum err sheet_archive_end(struct sheet_archive **slot, struct err_info *e)
{
	enum err r = put_end(*slot, e);

	if (!r)
		r = sheet_target_end(&(*slot)->target, e);
	free_archive(slot);
	return r;
}

void sheet_archive_drop(struct sheet_archive **slot)
{
	free_archive(slot);
}
