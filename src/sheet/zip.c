/* The parts of a package; libzip finds them, everything it is told is checked before and after. */
#include "sheet/zip_p.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/buf.h"
#include "base/file.h"
#include "sheet/inflate_p.h"

enum {
	PARTS_MAX = 2000,
	NAME_MAX_BYTES = 255,
	DIRECTORY_MAX = 4 << 20, /* bytes of the central directory */
	TAIL = 22,               /* end of central directory record */
	COMMENT_MAX = 65535,
	TAIL64 = 56,
	LOCATOR = 20,
	RATIO_FREE = 256 << 20, /* below that any ratio is the writer's affair */
	RATIO_MAX = 200,
	PACKED = 64 << 10, /* bytes taken from the file at once */
};
#define WHOLE_MAX (INT64_C(4) << 30)

struct part {
	char *name; /* lower case, slashes */
	zip_uint64_t index;
	int64_t size, packed;
	uint32_t sum;
	bool encrypted;
	bool deflated; /* and its checksum is told: unpacked here, not by libzip */
};
struct sheet_zip {
	zip_t *zip;
	pthread_mutex_t mutex; /* over it: its streams share one place in the file */
	atomic_bool stopped;
	const atomic_bool *watched; /* as if it were that; NULL: none */
	const char *what;
	struct part *parts; /* by name */
	size_t count;
};
struct sheet_stream {
	struct sheet_zip *zip;
	zip_file_t *file;
	struct sheet_inflate *inflate; /* NULL: libzip gives what the part is */
	unsigned char *packed;
	uint32_t sum;
	int64_t size, done;
};

enum err sheet_fail_hostile(struct err_info *e, const char *what, const char *why)
{
	err_fail(e, ERR_INVALID, "sheet.hostile", what, "文件内容异常，已拒绝读取：%s", why);
	err_hint(e, "请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再导入");
	return ERR_INVALID;
}

enum err sheet_fail_broken(struct err_info *e, const char *what, const char *why)
{
	err_fail(e, ERR_INVALID, "sheet.broken", what, "文件已损坏或不完整：%s", why);
	err_hint(e, "请重新取得文件，或用 Excel、WPS 打开后另存为 .xlsx");
	return ERR_INVALID;
}

/* ---- the end of the archive ---- */

static uint64_t little(const unsigned char *p, int bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

/* The numbers of one end record. */
struct end {
	uint64_t disk, start_disk, here, total, size, offset;
};

static bool end_is_sane(const struct end *n, uint64_t before)
{
	return !n->disk && !n->start_disk && n->here == n->total && n->total <= PARTS_MAX &&
	       n->size <= DIRECTORY_MAX && n->size >= n->total * 46 && n->offset <= before &&
	       n->size <= before - n->offset;
}

/* The end record of 64 bit that a locator before `at` names, when there is one. */
static bool end64_is_sane(int fd, int64_t at, bool *present)
{
	unsigned char locator[LOCATOR], tail[TAIL64];
	uint64_t where;
	struct end n;

	*present = false;
	if (at < LOCATOR || file_read_at(fd, locator, LOCATOR, at - LOCATOR) != LOCATOR ||
	    memcmp(locator, "PK\6\7", 4) != 0)
		return true;
	*present = true;
	where = little(locator + 8, 8);
	if (little(locator + 4, 4) || where > (uint64_t)at - LOCATOR)
		return false;
	if (file_read_at(fd, tail, TAIL64, (int64_t)where) != TAIL64 ||
	    memcmp(tail, "PK\6\6", 4) != 0)
		return false;
	n = (struct end) {.disk = little(tail + 16, 4),
			  .start_disk = little(tail + 20, 4),
			  .here = little(tail + 24, 8),
			  .total = little(tail + 32, 8),
			  .size = little(tail + 40, 8),
			  .offset = little(tail + 48, 8)};
	return end_is_sane(&n, where);
}

static bool record_is_sane(int fd, const unsigned char *p, int64_t at)
{
	struct end n = {.disk = little(p + 4, 2),
			.start_disk = little(p + 6, 2),
			.here = little(p + 8, 2),
			.total = little(p + 10, 2),
			.size = little(p + 12, 4),
			.offset = little(p + 16, 4)};
	bool has_wide, saturated = n.here == 0xFFFF || n.total == 0xFFFF || n.size == 0xFFFFFFFF ||
				   n.offset == 0xFFFFFFFF;

	if (!end64_is_sane(fd, at, &has_wide))
		return false;
	return saturated ? has_wide : end_is_sane(&n, (uint64_t)at);
}

/* Every record that could be taken for the end must be sane, whichever a reader chooses. */
static enum err check_end(int fd, int64_t size, const char *what, struct err_info *e)
{
	size_t n = size < TAIL + COMMENT_MAX ? (size_t)size : TAIL + COMMENT_MAX, i, found = 0;
	unsigned char *tail = mem_alloc(n);
	bool sane = true;
	int64_t at;

	if (file_read_at(fd, tail, n, size - (int64_t)n) != (ssize_t)n)
		n = 0;
	for (i = 0; i + TAIL <= n && sane; i++) {
		if (memcmp(tail + i, "PK\5\6", 4) != 0)
			continue;
		at = size - (int64_t)n + (int64_t)i;
		found++;
		sane = record_is_sane(fd, tail + i, at);
	}
	free(tail);
	if (!sane)
		return sheet_fail_hostile(e, what, "压缩包的目录有矛盾，或文件数过多");
	return found ? ERR_OK : sheet_fail_broken(e, what, "找不到压缩包的目录");
}

/* ---- the parts ---- */

static bool name_has_tricks(const char *name)
{
	const char *p;

	if (!*name || *name == '/' || strlen(name) > NAME_MAX_BYTES || name[1] == ':')
		return true;
	for (p = name; *p; p++) {
		bool starts = p == name || p[-1] == '/';

		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return true;
		if (starts && p[0] == '.' &&
		    (!p[1] || p[1] == '/' || (p[1] == '.' && (!p[2] || p[2] == '/'))))
			return true;
	}
	return false;
}

/* Lower case of ASCII, slashes. */
static char *plain_name(const char *name)
{
	char *copy = mem_strdup(name), *p;

	for (p = copy; *p; p++) {
		if (*p == '\\')
			*p = '/';
		else if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	}
	return copy;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct part *)a)->name, ((const struct part *)b)->name);
}

static bool size_is_sane(const struct part *p)
{
	return p->size >= 0 && p->packed >= 0 && p->size <= WHOLE_MAX &&
	       (p->size <= RATIO_FREE || p->size / RATIO_MAX <= p->packed);
}

static enum err read_part(struct sheet_zip *z, zip_uint64_t i, int64_t file_size,
			  struct err_info *e)
{
	struct part *p = &z->parts[z->count];
	const char *name = zip_get_name(z->zip, i, ZIP_FL_ENC_RAW);
	zip_stat_t st;

	if (!name || zip_stat_index(z->zip, i, 0, &st) != 0 || !(st.valid & ZIP_STAT_SIZE) ||
	    !(st.valid & ZIP_STAT_COMP_SIZE))
		return sheet_fail_broken(e, z->what, "压缩包的目录读不出来");
	*p = (struct part) {.name = plain_name(name),
			    .index = i,
			    .size = (int64_t)st.size,
			    .packed = (int64_t)st.comp_size,
			    .sum = st.crc,
			    .deflated = (st.valid & ZIP_STAT_CRC) &&
					(st.valid & ZIP_STAT_COMP_METHOD) &&
					st.comp_method == ZIP_CM_DEFLATE,
			    .encrypted = (st.valid & ZIP_STAT_ENCRYPTION_METHOD) &&
					 st.encryption_method != ZIP_EM_NONE};
	z->count++;
	if (p->packed > file_size)
		p->packed = file_size;
	if (name_has_tricks(p->name))
		return sheet_fail_hostile(e, z->what, "压缩包里有带路径的文件名");
	if (!size_is_sane(p))
		return sheet_fail_hostile(e, z->what, "解压后的内容过大");
	return ERR_OK;
}

static enum err read_parts(struct sheet_zip *z, int64_t file_size, struct err_info *e)
{
	zip_int64_t n = zip_get_num_entries(z->zip, 0), i;
	int64_t whole = 0;
	enum err rc;

	if (n < 0 || n > PARTS_MAX)
		return sheet_fail_hostile(e, z->what, "压缩包里的文件过多");
	z->parts = mem_zalloc((size_t)n * sizeof(*z->parts));
	for (i = 0; i < n; i++) {
		rc = read_part(z, (zip_uint64_t)i, file_size, e);
		if (rc)
			return rc;
		whole += z->parts[i].size;
	}
	if (whole > WHOLE_MAX)
		return sheet_fail_hostile(e, z->what, "解压后的内容过大");
	qsort(z->parts, z->count, sizeof(*z->parts), by_name);
	for (i = 1; i < n; i++) {
		if (!strcmp(z->parts[i - 1].name, z->parts[i].name))
			return sheet_fail_hostile(e, z->what, "压缩包里有同名的文件");
	}
	return ERR_OK;
}

enum err sheet_zip_open(int fd, int64_t size, const char *what, struct sheet_zip **out,
			struct err_info *e)
{
	struct sheet_zip *z;
	int copy, fault;
	enum err rc = check_end(fd, size, what, e);

	if (rc)
		return rc;
	copy = dup(fd);
	if (copy < 0)
		return sheet_fail_broken(e, what, "打不开");
	z = mem_zalloc(sizeof(*z));
	z->what = what;
	pthread_mutex_init(&z->mutex, NULL);
	z->zip = zip_fdopen(copy, ZIP_RDONLY, &fault);
	if (!z->zip) {
		close(copy);
		pthread_mutex_destroy(&z->mutex);
		free(z);
		sheet_fail_broken(e, what, "压缩包的目录读不出来");
		err_detail(e, "zip error %d", fault);
		return ERR_INVALID;
	}
	rc = read_parts(z, size, e);
	if (rc) {
		sheet_zip_close(&z);
		return rc;
	}
	*out = z;
	return ERR_OK;
}

void sheet_zip_close(struct sheet_zip **z)
{
	size_t i;

	if (!*z)
		return;
	for (i = 0; i < (*z)->count; i++)
		free((*z)->parts[i].name);
	free((*z)->parts);
	zip_discard((*z)->zip);
	pthread_mutex_destroy(&(*z)->mutex);
	free(*z);
	*z = NULL;
}

void sheet_zip_stop(struct sheet_zip *z)
{
	atomic_store(&z->stopped, true);
}

void sheet_zip_watch(struct sheet_zip *z, const atomic_bool *stop)
{
	z->watched = stop;
}

static bool is_stopped(const struct sheet_zip *z)
{
	return atomic_load(&z->stopped) || (z->watched && atomic_load(z->watched));
}

const char *sheet_zip_what(const struct sheet_zip *z)
{
	return z->what;
}

int64_t sheet_zip_find(const struct sheet_zip *z, const char *name)
{
	struct part key = {.name = plain_name(name)};
	const struct part *p = bsearch(&key, z->parts, z->count, sizeof(key), by_name);

	free(key.name);
	return p ? p - z->parts : -1;
}

int64_t sheet_zip_size(const struct sheet_zip *z, int64_t part)
{
	return z->parts[part].size;
}

/* ---- streams ---- */

static enum err fail_encrypted(const struct sheet_zip *z, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "sheet.kind", z->what, "工作簿加了密码，不能读取");
	err_hint(e, "请用 Excel 或 WPS 打开，去掉密码后另存为 .xlsx");
	return ERR_INVALID;
}

enum err sheet_stream_open(struct sheet_zip *z, int64_t part, struct sheet_stream **out,
			   struct err_info *e)
{
	const struct part *p = &z->parts[part];
	struct sheet_stream *s;
	zip_file_t *f;

	if (p->encrypted)
		return fail_encrypted(z, e);
	pthread_mutex_lock(&z->mutex);
	f = zip_fopen_index(z->zip, p->index, p->deflated ? ZIP_FL_COMPRESSED : 0);
	if (!f) {
		sheet_fail_broken(e, z->what, "压缩包里的文件打不开");
		err_detail(e, "%s: %s", p->name, zip_strerror(z->zip));
	}
	pthread_mutex_unlock(&z->mutex);
	if (!f)
		return ERR_INVALID;
	s = mem_zalloc(sizeof(*s));
	*s = (struct sheet_stream) {.zip = z, .file = f, .size = p->size, .sum = p->sum};
	if (p->deflated) {
		s->inflate = sheet_inflate_new();
		s->packed = mem_alloc(PACKED);
	}
	*out = s;
	return ERR_OK;
}

static enum err fail_unpacking(const struct sheet_stream *s, const char *detail, struct err_info *e)
{
	sheet_fail_broken(e, s->zip->what, "解压不出来");
	err_detail(e, "%s", detail);
	return ERR_INVALID;
}

static enum err from_file(struct sheet_stream *s, void *out, size_t n, size_t *got,
			  struct err_info *e)
{
	zip_int64_t r;
	enum err rc = ERR_OK;

	pthread_mutex_lock(&s->zip->mutex);
	r = zip_fread(s->file, out, n);
	if (r < 0)
		rc = fail_unpacking(s, zip_error_strerror(zip_file_get_error(s->file)), e);
	pthread_mutex_unlock(&s->zip->mutex);
	*got = rc ? 0 : (size_t)r;
	return rc;
}

/* The lock is held while packed bytes are fetched, not while they are unpacked. */
static enum err unpack(struct sheet_stream *s, void *out, size_t n, size_t *got, struct err_info *e)
{
	enum sheet_inflate_verdict v;
	size_t packed = 1;
	enum err rc;

	while ((v = sheet_inflate_give(s->inflate, out, n, got)) == INFLATE_WANTS && packed) {
		if ((rc = from_file(s, s->packed, PACKED, &packed, e)))
			return rc;
		sheet_inflate_feed(s->inflate, s->packed, packed);
	}
	if (v == INFLATE_BROKEN)
		return fail_unpacking(s, "not deflated", e);
	if (v == INFLATE_WANTS) /* the checksum is asked for at the end only */
		return fail_unpacking(s, "no end", e);
	if (v == INFLATE_ENDED && s->done == s->size && sheet_inflate_sum(s->inflate) != s->sum)
		return fail_unpacking(s, "checksum", e);
	return ERR_OK;
}

enum err sheet_stream_read(struct sheet_stream *s, void *out, size_t n, size_t *got,
			   struct err_info *e)
{
	enum err rc;

	if (is_stopped(s->zip))
		return err_fail(e, ERR_INVALID, "sheet.stopped", s->zip->what, "读取已中止");
	rc = s->inflate ? unpack(s, out, n, got, e) : from_file(s, out, n, got, e);
	if (rc)
		return rc;
	s->done += (int64_t)*got;
	if (s->done > s->size)
		return sheet_fail_hostile(e, s->zip->what, "解压后的大小与目录不符");
	if (!*got && s->done < s->size)
		return sheet_fail_broken(e, s->zip->what, "解压后的内容不完整");
	return ERR_OK;
}

int64_t sheet_stream_done(const struct sheet_stream *s)
{
	return s->done;
}

void sheet_stream_close(struct sheet_stream **s)
{
	if (!*s)
		return;
	pthread_mutex_lock(&(*s)->zip->mutex);
	zip_fclose((*s)->file);
	pthread_mutex_unlock(&(*s)->zip->mutex);
	sheet_inflate_free(&(*s)->inflate);
	free((*s)->packed);
	free(*s);
	*s = NULL;
}
