/* The text of a CSV file as UTF-8, whatever it is encoded in. */
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "sheet/csv_p.h"

enum { PIECE = 64 << 10, CONVERTED = 3 * PIECE, CHARACTER = 4 };

struct sheet_text {
	int fd;
	const char *what;
	int64_t size, start, done; /* bytes; start is past the byte order mark */
	const char *encoding;      /* NULL: UTF-8 */
	iconv_t conversion;
	char *raw, *converted;
	size_t left; /* bytes of raw that begin a character */
	atomic_bool stopped;
	const atomic_bool *watched; /* as if it were that; NULL: none */
};

static const struct mark {
	const char *bytes;
	unsigned char count;
	const char *encoding;
} MARKS[] = {{"\xEF\xBB\xBF", 3, NULL}, {"\xFF\xFE", 2, "UTF-16LE"}, {"\xFE\xFF", 2, "UTF-16BE"}};

/* Bytes of s that are well-formed UTF-8, ASCII and common ideographs quickly. */
static size_t well_formed(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t at = 0, len;
	uint32_t cp;

	while (at < n) {
		if (u[at] < 0x80) {
			at++;
		} else if (u[at] >= 0xE1 && u[at] <= 0xEC && n - at >= 3 &&
			   (u[at + 1] & 0xC0) == 0x80 && (u[at + 2] & 0xC0) == 0x80) {
			at += 3;
		} else {
			len = text_next(s + at, n - at, &cp);
			if (len == 1)
				return at;
			at += len;
		}
	}
	return n;
}

static bool is_stopped(const struct sheet_text *t)
{
	return atomic_load(&t->stopped) || (t->watched && atomic_load(t->watched));
}

/* Is the file from start on UTF-8?  A character that the end of the file cuts does not count. */
static bool is_utf8(const struct sheet_text *t)
{
	int64_t at = t->start;
	size_t got, good;
	ssize_t n;

	for (;;) {
		n = file_read_at(t->fd, t->raw, PIECE, at);
		if (n <= 0 || is_stopped(t))
			return true;
		got = (size_t)n;
		good = well_formed(t->raw, got);
		if (got - good >= CHARACTER)
			return false;
		if (good < got && text_whole(t->raw, got) > good)
			return false;
		if (!good)
			return at + n >= t->size;
		at += (int64_t)good;
	}
}

static enum err refuse_bytes(const struct sheet_text *t, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "sheet.encoding", t->what,
		 "第 %lld 字节附近的文字既不是 UTF-8 也不是 GB18030",
		 (long long)(t->done - (int64_t)t->left));
	err_hint(e, "请用 Excel 或 WPS 打开，另存为 .xlsx 或 UTF-8 的 CSV");
	return ERR_INVALID;
}

static void find_encoding(struct sheet_text *t)
{
	char head[3] = {0};
	size_t i;

	if (file_read_at(t->fd, head, sizeof(head), 0) < 2)
		return;
	for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
		if (memcmp(head, MARKS[i].bytes, MARKS[i].count) != 0)
			continue;
		t->start = MARKS[i].count;
		t->encoding = MARKS[i].encoding;
		return;
	}
	if (!is_utf8(t))
		t->encoding = "GB18030";
}

enum err sheet_text_open(int fd, int64_t size, const char *what, const atomic_bool *stop,
			 struct sheet_text **out, struct err_info *e)
{
	struct sheet_text *t = mem_zalloc(sizeof(*t));

	*t = (struct sheet_text) {.fd = fd, .size = size, .what = what, .watched = stop};
	t->raw = mem_alloc(PIECE);
	t->conversion = (iconv_t)-1;
	find_encoding(t);
	if (t->encoding) {
		t->converted = mem_alloc(CONVERTED);
		t->conversion = iconv_open("UTF-8", t->encoding);
		if (t->conversion == (iconv_t)-1) {
			sheet_text_close(&t);
			err_fail(e, ERR_INTERNAL, "sheet.iconv", what, "系统不能转换 GB18030");
			err_hint(e, "请安装 C 库的字符转换模块，或把文件另存为 UTF-8 的 CSV");
			return ERR_INTERNAL;
		}
	}
	sheet_text_rewind(t);
	*out = t;
	return ERR_OK;
}

void sheet_text_close(struct sheet_text **t)
{
	if (!*t)
		return;
	if ((*t)->conversion != (iconv_t)-1)
		iconv_close((*t)->conversion);
	free((*t)->raw);
	free((*t)->converted);
	free(*t);
	*t = NULL;
}

void sheet_text_stop(struct sheet_text *t)
{
	atomic_store(&t->stopped, true);
}

const char *sheet_text_what(const struct sheet_text *t)
{
	return t->what;
}

void sheet_text_rewind(struct sheet_text *t)
{
	t->done = t->start;
	t->left = 0;
	if (t->conversion != (iconv_t)-1)
		iconv(t->conversion, NULL, NULL, NULL, NULL);
}

int64_t sheet_text_done(const struct sheet_text *t)
{
	return t->done;
}

/* Converts n bytes of raw; what begins a character stays in front. */
static enum err convert(struct sheet_text *t, size_t n, size_t *made, struct err_info *e)
{
	char *in = t->raw, *out = t->converted;
	size_t in_left = n, out_left = CONVERTED;

	if (iconv(t->conversion, &in, &in_left, &out, &out_left) == (size_t)-1 &&
	    (errno != EINVAL || in_left >= CHARACTER)) {
		t->left = in_left;
		return refuse_bytes(t, e);
	}
	memmove(t->raw, in, in_left);
	t->left = in_left;
	*made = (size_t)(out - t->converted);
	return ERR_OK;
}

/* Cuts what begins a character off the end; the next piece reads it again. */
static enum err take_utf8(struct sheet_text *t, size_t n, size_t *made, struct err_info *e)
{
	size_t good = well_formed(t->raw, n);

	t->done -= (int64_t)(n - good);
	*made = good;
	/* A mark promised UTF-8, and the whole was not looked at. */
	if (n - good >= CHARACTER || (good < n && text_whole(t->raw, n) > good))
		return refuse_bytes(t, e);
	return ERR_OK;
}

enum err sheet_text_next(struct sheet_text *t, const char **piece, size_t *n, struct err_info *e)
{
	size_t made = 0;
	enum err rc;

	if (is_stopped(t))
		return err_fail(e, ERR_INVALID, "sheet.stopped", t->what, "读取已中止");
	do {
		ssize_t got = file_read_at(t->fd, t->raw + t->left, PIECE - t->left, t->done);

		if (got < 0)
			return err_errno(e, errno, t->what);
		if (!got)
			break;
		t->done += got;
		rc = t->encoding ? convert(t, (size_t)got + t->left, &made, e)
				 : take_utf8(t, (size_t)got, &made, e);
		if (rc)
			return rc;
	} while (!made && t->encoding);
	*piece = t->encoding ? t->converted : t->raw;
	*n = made;
	return ERR_OK;
}
