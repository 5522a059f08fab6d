/* sheet - arbitrary bytes as a workbook or as separated text.
 *
 * The first byte chooses: even, the rest is the file; odd, the rest are the parts of a workbook,
 * each ended by a byte FE, which a package is made of: the sheet, the shared strings, the styles,
 * the workbook, its relations.  Bit 1: shared strings leave memory at once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "sheet/read.h"
#include "sheet/strings_p.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 20000, PART_END = 0xFE };

#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static const struct part {
	const char *name, *usual;
} PARTS[] = {
    {"xl/worksheets/sheet1.xml", ""},
    {"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"},
    {"xl/styles.xml", "<s><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></s>"},
    {"xl/workbook.xml", "<w xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"1\"/></sheets></w>"},
    {"xl/_rels/workbook.xml.rels",
     "<Relationships><Relationship Id=\"1\" Type=\"" REL
     "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"2\" Type=\"" REL
     "sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"3\" Type=\"" REL
     "styles\" Target=\"styles.xml\"/></Relationships>"},
};
enum { COUNT = sizeof(PARTS) / sizeof(PARTS[0]) };

static void must(bool good)
{
	if (!good)
		abort();
}

static void look_at_cell(const struct sheet_cell *c)
{
	must(strlen(c->text) == c->len);
	must((c->kind == CELL_EMPTY) == (c->len == 0));
	must(text_valid(c->text, c->len));
	must(!text_find_forbidden(c->text, true, NULL, NULL));
	must(text_chars(c->text) <= SHEET_TEXT_MAX);
	must(c->kind != CELL_NUMBER || strspn(c->text, "-.0123456789") == c->len);
	must(c->kind != CELL_DATE || strspn(c->text, "-: 0123456789") == c->len);
	must(c->kind != CELL_BOOL || c->len == 1);
	must(!c->rounded || c->kind == CELL_NUMBER);
}

static void look_at_rows(struct sheet_reader *r)
{
	int64_t done, total, before = 0;
	struct sheet_row row;
	struct err_info e;
	bool end = false;
	int i, k;

	for (i = 0; i < ROWS; i++) {
		if (sheet_next(r, &row, &end, &e)) {
			must(e.why[0] && e.code[0]);
			return;
		}
		if (end)
			return;
		must(row.count > 0 && row.count <= SHEET_WIDTH && row.number > 0);
		must(row.cells[row.count - 1].kind != CELL_EMPTY);
		for (k = 0; k < row.count; k++)
			look_at_cell(&row.cells[k]);
		sheet_progress(r, &done, &total);
		must(total > 0 && done >= before && done <= total);
		before = done;
	}
}

static void look(const void *file, size_t size)
{
	int fd = memfd_create("sheet", MFD_CLOEXEC);
	char path[32];
	struct sheet_reader *r;
	struct err_info e;
	size_t i;

	must(fd >= 0 && write(fd, file, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (sheet_open(path, &r, &e) == ERR_OK) {
		look_at_rows(r);
		for (i = 0; i < sheet_count(r) && i < 4; i++) {
			must(text_valid(sheet_name(r, i), strlen(sheet_name(r, i))));
			if (sheet_select(r, i, &e) == ERR_OK)
				look_at_rows(r);
		}
		sheet_close(&r);
	} else {
		must(e.why[0] && e.hint[0] && e.code[0]);
	}
	close(fd);
}

/* ---- a package without compression ---- */

static void little(struct buf *b, uint64_t v, int bytes)
{
	for (; bytes; bytes--, v >>= 8)
		buf_addc(b, (char)(v & 0xFF));
}

/* What local header and directory entry have in common. */
static void header(struct buf *b, const char *name, const uint8_t *data, size_t n)
{
	little(b, 20, 2);
	little(b, 0, 8);
	little(b, crc32(0, data, (uInt)n), 4);
	little(b, n, 4);
	little(b, n, 4);
	little(b, strlen(name), 2);
	little(b, 0, 2);
}

static void add_part(struct buf *file, struct buf *directory, const char *name, const uint8_t *data,
		     size_t n)
{
	size_t at = file->len;

	buf_add(file, "PK\3\4", 4);
	header(file, name, data, n);
	buf_adds(file, name);
	buf_add(file, data, n);
	buf_add(directory, "PK\1\2\24\0", 6);
	header(directory, name, data, n);
	little(directory, 0, 10);
	little(directory, at, 4);
	buf_adds(directory, name);
}

static void look_at_parts(const uint8_t *data, size_t size)
{
	struct buf file, directory;
	size_t i, n, at;

	buf_init(&file, 1 << 26);
	buf_init(&directory, 1 << 16);
	for (i = 0; i < COUNT; i++) {
		const uint8_t *end = size ? memchr(data, PART_END, size) : NULL;

		n = end ? (size_t)(end - data) : size;
		if (n)
			add_part(&file, &directory, PARTS[i].name, data, n);
		else
			add_part(&file, &directory, PARTS[i].name, (const uint8_t *)PARTS[i].usual,
				 strlen(PARTS[i].usual));
		data += n + (end != NULL);
		size -= n + (end != NULL);
	}
	at = file.len;
	buf_add(&file, directory.data, directory.len);
	buf_add(&file, "PK\5\6\0\0\0\0", 8);
	little(&file, COUNT, 2);
	little(&file, COUNT, 2);
	little(&file, directory.len, 4);
	little(&file, at, 4);
	little(&file, 0, 2);
	if (!file.failed)
		look(file.data, file.len);
	buf_free(&file);
	buf_free(&directory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	sheet_strings_limit = data[0] & 2 ? 1 : 32 << 20;
	if (data[0] & 1)
		look_at_parts(data + 1, size - 1);
	else
		look(data + 1, size - 1);
	return 0;
}
