/* The parts of a package as a zip archive. */
#include <stdio.h>
#include <zip.h>

#include "print/ofd_p.h"

enum {
	/* 2000-01-01 00:00:00 in the archive's own form, which knows no time zone. */
	FIXED_DATE = (2000 - 1980) << 9 | 1 << 5 | 1,
	FIXED_TIME = 0,
};

static enum err zip_failed(struct err_info *e, const char *why)
{
	return err_fail(e, ERR_INTERNAL, "print.ofd", "OFD 文件", "%s", why);
}

static bool add_part(zip_t *archive, const struct ofd_part *part)
{
	zip_source_t *source = zip_source_buffer(archive, part->data.data, part->data.len, 0);
	zip_int64_t index;

	if (!source)
		return false;
	index = zip_file_add(archive, part->name, source, ZIP_FL_ENC_UTF_8);
	if (index < 0) {
		zip_source_free(source);
		return false;
	}
	return zip_file_set_dostime(archive, (zip_uint64_t)index, FIXED_TIME, FIXED_DATE, 0) == 0 &&
	       zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_DEFLATE, 6) == 0;
}

static enum err read_archive(zip_source_t *memory, struct buf *out, struct err_info *e)
{
	char chunk[16384];
	zip_int64_t n;

	if (zip_source_open(memory) != 0)
		return zip_failed(e, zip_error_strerror(zip_source_error(memory)));
	while ((n = zip_source_read(memory, chunk, sizeof(chunk))) > 0)
		buf_add(out, chunk, (size_t)n);
	zip_source_close(memory);
	return n < 0 ? zip_failed(e, "无法读出压缩包") : ERR_OK;
}

enum err ofd_zip(const struct ofd_part *parts, size_t n, struct buf *out, struct err_info *e)
{
	zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *archive;
	enum err r;
	size_t i;

	if (!memory)
		return zip_failed(e, "内存不足");
	zip_source_keep(memory); /* the archive lets go of its own hold when it closes */
	archive = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	if (!archive) {
		zip_source_free(memory);
		zip_source_free(memory);
		return zip_failed(e, "无法建立压缩包");
	}
	for (i = 0; i < n && add_part(archive, &parts[i]); i++)
		;
	if (i < n || zip_close(archive) != 0) {
		r = zip_failed(e, zip_strerror(archive));
		zip_discard(archive);
	} else {
		r = read_archive(memory, out, e);
	}
	zip_source_free(memory);
	return r;
}
