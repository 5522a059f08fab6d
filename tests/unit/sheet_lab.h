/* sheet_lab.h - makes odd workbooks and reads them back as one text, for the tests of the reader.
 *
 *     lab_book(&(struct lab_book){.rows = "<row><c><v>1</v></c></row>"});
 *     assert_reads("1 n:1\n");
 *
 * One file at a time lies at lab_path; it is gone with the process that lab_begin started.
 */
#ifndef KP_TEST_SHEET_LAB_H
#define KP_TEST_SHEET_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zip.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "sheet/read.h"

static char lab_path[64];

static inline int lab_begin(void **state)
{
	int fd;

	(void)state;
	text_copy(lab_path, sizeof(lab_path), P_tmpdir "/kp-sheet-XXXXXX");
	fd = mkstemp(lab_path);
	return fd < 0 ? -1 : close(fd);
}

static inline int lab_end(void **state)
{
	(void)state;
	return unlink(lab_path);
}

/* ---- files ---- */

static inline void lab_write(const void *data, size_t n)
{
	FILE *f = fopen(lab_path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* The bytes at lab_path, for one more look or a change; free(). */
static inline char *lab_bytes(size_t *n)
{
	char *data;

	assert_int_equal(file_read(lab_path, 1 << 28, &data, n, NULL), ERR_OK);
	return data;
}

struct lab_part {
	const char *name, *data;
	size_t n; /* 0: as a string */
	bool encrypted, stored;
};

static inline void lab_zip(const struct lab_part *parts, size_t count)
{
	zip_t *z = zip_open(lab_path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	zip_int64_t at;
	size_t i, n;

	assert_non_null(z);
	for (i = 0; i < count; i++) {
		n = parts[i].n ? parts[i].n : strlen(parts[i].data);
		at = zip_file_add(z, parts[i].name, zip_source_buffer(z, parts[i].data, n, 0), 0);
		assert_true(at >= 0);
		if (parts[i].stored)
			zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0);
		if (parts[i].encrypted)
			assert_int_equal(
			    zip_file_set_encryption(z, (zip_uint64_t)at, ZIP_EM_AES_256, "secret"),
			    0);
	}
	assert_int_equal(zip_close(z), 0);
}

/* A workbook of one sheet; what is NULL has an ordinary form. */
struct lab_book {
	const char *rows;     /* inside <sheetData> */
	const char *sheet;    /* the whole part instead */
	const char *strings;  /* inside <sst> */
	const char *formats;  /* <numFmt .../> ... */
	const char *xfs;      /* <xf .../> ... */
	const char *workbook; /* attributes of <workbookPr> */
	const struct lab_part *extra;
	size_t extra_count;
	size_t sheet_n; /* bytes of sheet, 0: as a string */
};

#define LAB_MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define LAB_REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define LAB_RELS                                                                                   \
	"<Relationships "                                                                          \
	"xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define LAB_XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define LAB_TYPES                                                                                  \
	LAB_XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"                   \
		"content-types\"/>"
#define LAB_PACKAGE_RELS                                                                           \
	LAB_XML LAB_RELS "<Relationship Id=\"rId1\" Type=\"" LAB_REL "/officeDocument\" "          \
			 "Target=\"xl/workbook.xml\"/></Relationships>"
#define LAB_BOOK_RELS                                                                              \
	LAB_XML LAB_RELS "<Relationship Id=\"rId1\" Type=\"" LAB_REL "/worksheet\" "               \
			 "Target=\"worksheets/sheet1.xml\"/>"                                      \
			 "<Relationship Id=\"rId2\" Type=\"" LAB_REL "/sharedStrings\" "           \
			 "Target=\"sharedStrings.xml\"/>"                                          \
			 "<Relationship Id=\"rId3\" Type=\"" LAB_REL "/styles\" "                  \
			 "Target=\"styles.xml\"/></Relationships>"

static inline const char *lab_or(const char *s, const char *other)
{
	return s ? s : other;
}

static inline void lab_book(const struct lab_book *b)
{
	struct lab_part parts[32] = {{.name = "[Content_Types].xml", .data = LAB_TYPES},
				     {.name = "_rels/.rels", .data = LAB_PACKAGE_RELS},
				     {.name = "xl/_rels/workbook.xml.rels", .data = LAB_BOOK_RELS}};
	struct buf sheet, strings, styles, book;
	size_t n = 3, i;

	buf_init(&sheet, SIZE_MAX / 2);
	buf_init(&strings, SIZE_MAX / 2);
	buf_init(&styles, SIZE_MAX / 2);
	buf_init(&book, SIZE_MAX / 2);
	buf_addf(&book,
		 LAB_XML "<workbook xmlns=\"" LAB_MAIN "\" xmlns:r=\"" LAB_REL "\"><workbookPr %s/>"
			 "<sheets><sheet name=\"客户\" sheetId=\"1\" r:id=\"rId1\"/></sheets>"
			 "</workbook>",
		 lab_or(b->workbook, ""));
	parts[n++] = (struct lab_part) {.name = "xl/workbook.xml", .data = book.data};
	if (b->sheet)
		buf_add(&sheet, b->sheet, b->sheet_n ? b->sheet_n : strlen(b->sheet));
	else
		buf_adds(&sheet, LAB_XML "<worksheet xmlns=\"" LAB_MAIN "\"><sheetData>");
	if (!b->sheet) {
		buf_adds(&sheet, lab_or(b->rows, ""));
		buf_adds(&sheet, "</sheetData></worksheet>");
	}
	parts[n++] = (struct lab_part) {
	    .name = "xl/worksheets/sheet1.xml", .data = sheet.data, .n = sheet.len};
	if (b->strings) {
		buf_adds(&strings, LAB_XML "<sst xmlns=\"" LAB_MAIN "\">");
		buf_adds(&strings, b->strings);
		buf_adds(&strings, "</sst>");
		parts[n++] = (struct lab_part) {
		    .name = "xl/sharedStrings.xml", .data = strings.data, .n = strings.len};
	}
	if (b->xfs) {
		buf_adds(&styles, LAB_XML "<styleSheet xmlns=\"" LAB_MAIN "\"><numFmts>");
		buf_adds(&styles, lab_or(b->formats, ""));
		buf_adds(&styles, "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
				  "<cellXfs>");
		buf_adds(&styles, b->xfs);
		buf_adds(&styles, "</cellXfs><cellStyles/></styleSheet>");
		parts[n++] = (struct lab_part) {.name = "xl/styles.xml", .data = styles.data};
	}
	for (i = 0; i < b->extra_count; i++)
		parts[n++] = b->extra[i];
	lab_zip(parts, n);
	buf_free(&sheet);
	buf_free(&strings);
	buf_free(&styles);
	buf_free(&book);
}

/* ---- reading ---- */

/* "3 t:a|e:|n!:5\n" for every row; the letters are those of enum cell_kind. */
static inline enum err lab_rows(struct sheet_reader *r, struct buf *out, struct err_info *e)
{
	struct sheet_row row;
	bool end = false;
	enum err rc;
	int i;

	for (;;) {
		rc = sheet_next(r, &row, &end, e);
		if (rc || end)
			return rc;
		assert_in_range(row.count, 1, SHEET_WIDTH);
		buf_addf(out, "%lld ", (long long)row.number);
		for (i = 0; i < row.count; i++) {
			const struct sheet_cell *c = &row.cells[i];

			assert_int_equal(strlen(c->text), c->len);
			assert_true(text_valid(c->text, c->len));
			assert_false(text_find_forbidden(c->text, true, NULL, NULL));
			assert_int_equal(c->kind == CELL_EMPTY, c->len == 0);
			buf_addf(out, "%s%c%s:%s", i ? "|" : "", "etndbf"[c->kind],
				 c -> rounded ? "!" : "", c->text);
		}
		assert_int_not_equal(row.cells[row.count - 1].kind, CELL_EMPTY);
		buf_addc(out, '\n');
	}
}

/* The first visible sheet of the file; what went wrong is "code" in the text. */
static inline char *lab_read(enum err *rc, struct err_info *e)
{
	struct sheet_reader *r = NULL;
	struct buf out;

	buf_init(&out, SIZE_MAX / 2);
	err_clear(e);
	*rc = sheet_open(lab_path, &r, e);
	if (!*rc)
		*rc = lab_rows(r, &out, e);
	sheet_close(&r);
	return buf_detach(&out);
}

static inline void assert_reads(const char *want)
{
	struct err_info e;
	enum err rc;
	char *got = lab_read(&rc, &e);

	if (rc)
		print_error("%s: %s %s\n", e.code, e.why, e.detail);
	assert_int_equal(rc, ERR_OK);
	assert_string_equal(got, want);
	free(got);
}

static inline void assert_rows(const char *rows, const char *want)
{
	lab_book(&(struct lab_book) {.rows = rows});
	assert_reads(want);
}

/* The file is refused with that code, by a sentence with a mend, which says `word`. */
static inline void assert_refused(const char *code, const char *word)
{
	struct err_info e;
	enum err rc;
	char *got = lab_read(&rc, &e);

	assert_int_equal(rc, ERR_INVALID);
	assert_string_equal(e.code, code);
	assert_string_equal(e.what, lab_path);
	assert_non_null(strstr(e.why, word));
	assert_true(e.hint[0] != 0);
	free(got);
}

#endif
