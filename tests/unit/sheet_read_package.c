/* Packages: where a workbook keeps its sheets, and what is refused with which words. */
#include "sheet_lab.h"

#define ONE_ROW "<row><c><v>1</v></c></row>"
#define SHEET(rows)                                                                                \
	LAB_XML "<worksheet xmlns=\"" LAB_MAIN "\"><sheetData>" rows "</sheetData></worksheet>"
#define RELATION(id, type, target)                                                                 \
	"<Relationship Id=\"" id "\" Type=\"" LAB_REL "/" type "\" Target=\"" target "\"/>"
#define RELATIONS(all) LAB_XML LAB_RELS all "</Relationships>"
#define WORKBOOK(sheets)                                                                           \
	LAB_XML "<workbook xmlns=\"" LAB_MAIN "\" xmlns:r=\"" LAB_REL "\"><sheets>" sheets         \
		"</sheets></workbook>"
#define SHEET_OF(name, id) "<sheet name=\"" name "\" sheetId=\"1\" r:id=\"" id "\"/>"
#define COUNT(a)           (sizeof(a) / sizeof((a)[0]))

static const struct lab_part one_row[] = {
    {.name = "[Content_Types].xml", .data = LAB_TYPES},
    {.name = "_rels/.rels", .data = LAB_PACKAGE_RELS},
    {.name = "xl/workbook.xml", .data = WORKBOOK(SHEET_OF("a", "rId1"))},
    {.name = "xl/_rels/workbook.xml.rels",
     .data = RELATIONS(RELATION("rId1", "worksheet", "worksheets/sheet1.xml"))},
    {.name = "xl/worksheets/sheet1.xml", .data = SHEET(ONE_ROW)},
};
enum { PART_RELS, PART_PACKAGE, PART_BOOK, PART_BOOK_RELS, PART_SHEET, PARTS };

/* The small workbook with some of its parts in another form. */
static void other_parts(const struct lab_part *others, const unsigned *places, size_t n)
{
	struct lab_part parts[PARTS];
	size_t i;

	memcpy(parts, one_row, sizeof(one_row));
	for (i = 0; i < n; i++)
		parts[places[i]] = others[i];
	lab_zip(parts, PARTS);
}

static void other_part(unsigned place, const char *name, const char *data)
{
	struct lab_part part = {.name = name ? name : one_row[place].name, .data = data};

	other_parts(&part, &place, 1);
}

/* ---- sheets ---- */

static void lists_sheets(void **state)
{
	static const struct lab_part parts[] = {
	    {.name = "_rels/.rels", .data = LAB_PACKAGE_RELS},
	    {.name = "xl/workbook.xml",
	     .data = WORKBOOK("<sheet name=\"藏\" sheetId=\"1\" state=\"hidden\" r:id=\"a\"/>"
			      "<sheet name=\"很\xE2\x80\x8B藏\" sheetId=\"2\" state=\"veryHidden\" "
			      "r:id=\"b\"/>" SHEET_OF("图", "c") SHEET_OF("客户 &amp; 信息", "d")
				  SHEET_OF("缺", "none") SHEET_OF("没有", "e"))},
	    {.name = "xl/_rels/workbook.xml.rels",
	     .data = RELATIONS(RELATION("a", "worksheet", "worksheets/a.xml")
				   RELATION("b", "worksheet", "worksheets/b.xml")
				       RELATION("c", "chartsheet", "chartsheets/c.xml")
					   RELATION("d", "worksheet", "worksheets/d.xml")
					       RELATION("e", "worksheet", "worksheets/e.xml"))},
	    {.name = "xl/worksheets/a.xml", .data = SHEET("<row><c><v>1</v></c></row>")},
	    {.name = "xl/worksheets/b.xml", .data = SHEET("<row><c><v>2</v></c></row>")},
	    {.name = "xl/chartsheets/c.xml", .data = "<chartsheet/>"},
	    {.name = "xl/worksheets/d.xml", .data = SHEET("<row><c><v>4</v></c></row>")},
	};
	struct sheet_reader *r;
	struct err_info e;
	struct buf b;
	int64_t done, total;
	size_t i;

	(void)state;
	lab_zip(parts, COUNT(parts));
	assert_reads("1 n:4\n");
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	assert_int_equal(sheet_count(r), 3);
	assert_string_equal(sheet_name(r, 0), "藏");
	assert_string_equal(sheet_name(r, 1), "很藏");
	assert_string_equal(sheet_name(r, 2), "客户 & 信息");
	assert_true(sheet_hidden(r, 0) && sheet_hidden(r, 1) && !sheet_hidden(r, 2));
	buf_init(&b, 1 << 10);
	for (i = 3; i-- > 0;) {
		assert_int_equal(sheet_select(r, i, &e), ERR_OK);
		assert_int_equal(lab_rows(r, &b, &e), ERR_OK);
	}
	assert_int_equal(sheet_select(r, 0, &e), ERR_OK);
	assert_int_equal(lab_rows(r, &b, &e), ERR_OK);
	assert_string_equal(buf_str(&b), "1 n:4\n1 n:2\n1 n:1\n1 n:1\n");
	sheet_progress(r, &done, &total);
	assert_true(done == total && total > 0);
	assert_int_equal(sheet_select(r, 3, &e), ERR_INVALID);
	buf_free(&b);
	sheet_close(&r);
	assert_null(r);
}

static void shows_a_hidden_sheet_when_all_are(void **state)
{
	(void)state;
	other_part(PART_BOOK, NULL,
		   WORKBOOK("<sheet name=\"a\" state=\"hidden\" sheetId=\"1\" r:id=\"rId1\"/>"));
	assert_reads("1 n:1\n");
}

static void finds_parts_however_they_are_named(void **state)
{
	static const char *const TARGETS[] = {
	    "/xl/worksheets/sheet1.xml",    "worksheets\\sheet1.xml",
	    "\\xl\\worksheets\\sheet1.xml", "./worksheets/./sheet1.xml",
	    "../xl/worksheets/sheet1.xml",  "Worksheets/Sheet1.XML",
	    "worksheets//sheet1.xml",
	};
	static const char *const NAMES[] = {"xl\\worksheets\\sheet1.xml",
					    "XL/WorkSheets/Sheet1.xml"};
	char rels[1024];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(TARGETS); i++) {
		snprintf(rels, sizeof(rels), RELATIONS(RELATION("rId1", "worksheet", "%s")),
			 TARGETS[i]);
		other_part(PART_BOOK_RELS, NULL, rels);
		assert_reads("1 n:1\n");
	}
	for (i = 0; i < COUNT(NAMES); i++) {
		other_part(PART_SHEET, NAMES[i], SHEET(ONE_ROW));
		assert_reads("1 n:1\n");
	}
	/* A workbook elsewhere, which only the relations of the package tell. */
	other_parts(
	    (const struct lab_part[]) {
		{.name = "_rels/.rels",
		 .data = RELATIONS(RELATION("x", "officeDocument", "/book/main.xml"))},
		{.name = "book/main.xml", .data = WORKBOOK(SHEET_OF("a", "rId1"))},
		{.name = "book/_rels/main.xml.rels",
		 .data = RELATIONS(RELATION("rId1", "worksheet", "../xl/worksheets/sheet1.xml"))}},
	    (const unsigned[]) {PART_PACKAGE, PART_BOOK, PART_BOOK_RELS}, 3);
	assert_reads("1 n:1\n");
	/* No relations of the package at all. */
	other_part(PART_PACKAGE, "docProps/app.xml", "<Properties/>");
	assert_reads("1 n:1\n");
}

static void takes_the_strict_relations(void **state)
{
	(void)state;
	other_parts(
	    (const struct lab_part[]) {
		{.name = "xl/workbook.xml",
		 .data = "<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
			 "xmlns:q=\"http://purl.oclc.org/ooxml/officeDocument/relationships\" "
			 "conformance=\"strict\"><x:sheets><x:sheet name=\"a\" sheetId=\"1\" "
			 "q:id=\"rId1\"/></x:sheets></x:workbook>"},
		{.name = "xl/_rels/workbook.xml.rels",
		 .data = RELATIONS("<Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\" "
				   "Type=\"http://purl.oclc.org/ooxml/officeDocument/"
				   "relationships/worksheet\"/>")}},
	    (const unsigned[]) {PART_BOOK, PART_BOOK_RELS}, 2);
	assert_reads("1 n:1\n");
}

static void opens_no_path_of_a_workbook(void **state)
{
	static const char *const TARGETS[] = {"../../../../../etc/passwd", "/etc/passwd",
					      "file:///etc/passwd", "C:\\\\windows\\\\win.ini",
					      "../../xl/worksheets/sheet1.xml"};
	char rels[1024];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(TARGETS); i++) {
		snprintf(rels, sizeof(rels), RELATIONS(RELATION("rId1", "worksheet", "%s")),
			 TARGETS[i]);
		other_part(PART_BOOK_RELS, NULL, rels);
		assert_refused("sheet.broken", "没有工作表");
	}
	other_part(PART_BOOK_RELS, NULL,
		   RELATIONS("<Relationship Id=\"rId1\" TargetMode=\"External\" Type=\"" LAB_REL
			     "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"));
	assert_refused("sheet.broken", "没有工作表");
}

/* ---- other kinds of files ---- */

static void refuses_other_kinds(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *word;
	} KINDS[] = {
	    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 W\0o\0r\0k\0b\0o\0o\0k\0", 26, ".xls"},
	    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1    "
	     "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
	     44, "密码"},
	    {"\x09\x08\x10\x00", 4, ".xls"},
	    {"%PDF-1.7\n%\xE2\xE3", 11, "PDF"},
	    {"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">", 40, "网页"},
	    {"\xEF\xBB\xBF\r\n <HTML><table>", 19, "网页"},
	    {"<table><tr><td>1</td></tr></table>", 34, "网页"},
	    {"<?xml version=\"1.0\"?><Workbook "
	     "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
	     85, "XML"},
	    {"<?xml version=\"1.0\"?><a/>", 25, "XML"},
	    {"<?xml version=\"1.0\"?><o><meta/></o>", 36, "XML 文件"},
	    {"MIME-Version: 1.0\r\n", 19, "网页"},
	    {"\xFF\xD8\xFF\xE0", 4, "图片"},
	    {"Rar!\x1A\x07", 6, "压缩包"},
	    {"\x1F\x8B\x08\x00", 4, "压缩包"},
	    {"\x7F"
	     "ELF\2\1\1\0\0\0",
	     10, "认不出"},
	    {"", 0, "空的"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(KINDS); i++) {
		lab_write(KINDS[i].bytes, KINDS[i].n);
		assert_refused("sheet.kind", KINDS[i].word);
	}
}

static void refuses_other_packages(void **state)
{
	static const struct {
		const char *part, *word;
	} KINDS[] = {
	    {"xl/workbook.bin", ".xlsb"},      {"mimetype", ".ods"},
	    {"word/document.xml", "Word"},     {"ppt/presentation.xml", "演示"},
	    {"Index/Document.iwa", "Numbers"}, {"a.txt", "没有工作簿"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(KINDS); i++) {
		lab_zip(&(struct lab_part) {.name = KINDS[i].part, .data = "x"}, 1);
		assert_refused("sheet.kind", KINDS[i].word);
	}
	lab_zip(&(struct lab_part) {.name = "[Content_Types].xml", .data = LAB_TYPES}, 1);
	assert_refused("sheet.broken", "目录");
}

static void refuses_what_is_not_a_file(void **state)
{
	struct sheet_reader *r = NULL;
	struct err_info e;

	(void)state;
	assert_int_equal(sheet_open("no/such/file.xlsx", &r, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.missing");
	assert_int_equal(sheet_open(".", &r, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.is_dir");
	assert_null(r);
}

static void refuses_encrypted_parts(void **state)
{
	struct lab_part part = {
	    .name = one_row[PART_SHEET].name, .data = SHEET(ONE_ROW), .encrypted = true};

	(void)state;
	other_parts(&part, &(unsigned) {PART_SHEET}, 1);
	assert_refused("sheet.kind", "密码");
}

/* ---- hostile packages ---- */

static void refuses_path_tricks(void **state)
{
	static const char *const NAMES[] = {"../x.xml",  "xl/../../x", "/xl/x.xml", "..\\x.xml",
					    "C:\\x.xml", "xl/..",      "./x.xml",   "xl/\x01.xml",
					    "\\x.xml",   "."};
	char name[300];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(NAMES); i++) {
		other_part(PART_RELS, NAMES[i], "x");
		assert_refused("sheet.hostile", "文件名");
	}
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	other_part(PART_RELS, name, "x");
	assert_refused("sheet.hostile", "文件名");
	other_part(PART_RELS, "xl/media/..a...b/x.y..", "x");
	assert_reads("1 n:1\n");
}

/* Replaces every place of `from` in the file by `to` of the same length. */
static void patch(const char *from, const char *to)
{
	size_t n, len = strlen(from);
	char *data = lab_bytes(&n), *at = data;

	assert_int_equal(len, strlen(to));
	while ((at = memmem(at, n - (size_t)(at - data), from, len)))
		memcpy(at, to, len);
	lab_write(data, n);
	free(data);
}

static void refuses_duplicates(void **state)
{
	(void)state;
	other_part(PART_RELS, "XL/Worksheets/SHEET1.xml", "x");
	assert_refused("sheet.hostile", "同名");
	other_part(PART_RELS, "xl\\worksheets\\sheet1.xml", "x");
	assert_refused("sheet.hostile", "同名");
	other_part(PART_RELS, "xl/worksheets/sheet2.xml", "x");
	patch("sheet2.xml", "sheet1.xml");
	assert_refused("sheet.hostile", "同名");
}

static void put(char *at, uint64_t v, int bytes)
{
	for (; bytes; bytes--, v >>= 8)
		*at++ = (char)(v & 0xFF);
}

/* The end record of a file of n bytes that has no comment. */
enum { END = 22, END_HERE = 8, END_TOTAL = 10, END_SIZE = 12, END_OFFSET = 16 };

static void change_end(size_t field, uint64_t v, int bytes)
{
	size_t n;
	char *data;

	lab_zip(one_row, PARTS);
	data = lab_bytes(&n);
	put(data + n - END + field, v, bytes);
	lab_write(data, n);
	free(data);
}

static void refuses_directories_that_lie(void **state)
{
	(void)state;
	change_end(END_TOTAL, 4, 2);
	assert_refused("sheet.hostile", "目录");
	change_end(END_HERE, 3000, 2);
	assert_refused("sheet.hostile", "目录");
	change_end(END_TOTAL, 0xFFFF, 2);
	assert_refused("sheet.hostile", "目录");
	change_end(END_SIZE, 0x40000000, 4);
	assert_refused("sheet.hostile", "目录");
	change_end(END_OFFSET, 0x7FFFFFFF, 4);
	assert_refused("sheet.hostile", "目录");
	change_end(4, 1, 2);
	assert_refused("sheet.hostile", "目录");
	change_end(END_SIZE, 10, 4);
	assert_refused("sheet.hostile", "目录");
}

/* The small workbook with the end record of 64 bit, as some writers always put it. */
static void widen(uint64_t entries, uint64_t claimed)
{
	size_t n;
	char *data, *wide, *end;

	lab_zip(one_row, PARTS);
	data = lab_bytes(&n);
	wide = mem_zalloc(n + 76);
	memcpy(wide, data, n - END);
	end = wide + n - END;
	memcpy(end, "PK\6\6", 4);
	put(end + 4, 44, 8);
	put(end + 12, 45, 2);
	put(end + 14, 45, 2);
	put(end + 24, entries, 8);
	put(end + 32, entries, 8);
	memcpy(end + 40, data + n - END + END_SIZE, 4);
	memcpy(end + 48, data + n - END + END_OFFSET, 4);
	memcpy(end + 56, "PK\6\7", 4);
	put(end + 64, (uint64_t)(end - wide), 8);
	put(end + 72, 1, 4);
	memcpy(end + 76, data + n - END, END);
	put(end + 76 + END_HERE, claimed, 2);
	put(end + 76 + END_TOTAL, claimed, 2);
	lab_write(wide, n + 76);
	free(wide);
	free(data);
}

static void knows_the_wide_directory(void **state)
{
	(void)state;
	widen(PARTS, 0xFFFF);
	assert_reads("1 n:1\n");
	widen(PARTS, PARTS);
	assert_reads("1 n:1\n");
	widen(UINT64_C(1) << 40, 0xFFFF);
	assert_refused("sheet.hostile", "目录");
	widen(2001, PARTS);
	assert_refused("sheet.hostile", "目录");
}

static void refuses_many_parts(void **state)
{
	struct lab_part *parts = mem_zalloc(2001 * sizeof(*parts));
	char(*names)[16] = mem_zalloc(2001 * sizeof(*names));
	size_t i;

	(void)state;
	for (i = 0; i < 2001; i++) {
		snprintf(names[i], sizeof(names[i]), "p%zu", i);
		parts[i] = (struct lab_part) {.name = names[i], .data = "x"};
	}
	memcpy(parts, one_row, sizeof(one_row));
	lab_zip(parts, 2000);
	assert_reads("1 n:1\n");
	lab_zip(parts, 2001);
	assert_refused("sheet.hostile", "目录");
	free(parts);
	free(names);
}

/* Declares other sizes of the sheet's part than it has. */
static void declare_size(uint32_t size)
{
	size_t n;
	char *data, *name;

	lab_zip(one_row, PARTS);
	data = lab_bytes(&n);
	name = memmem(data, n, "PK\1\2", 4);
	name = memmem(name, n - (size_t)(name - data), one_row[PART_SHEET].name,
		      strlen(one_row[PART_SHEET].name));
	assert_non_null(name);
	put(name - 46 + 24, size, 4);
	lab_write(data, n);
	free(data);
}

static void refuses_sizes_that_lie(void **state)
{
	struct err_info e;
	enum err rc;

	(void)state;
	declare_size(20);
	free(lab_read(&rc, &e));
	assert_int_equal(rc, ERR_INVALID);
	declare_size(100000);
	assert_refused("sheet.broken", "");
	declare_size(0xFFFFFFF0);
	assert_refused("sheet.hostile", "过大");
}

static void refuses_bombs(void **state)
{
	size_t n = 300U << 20;
	char *blanks = mem_alloc(n);
	static const char head[] = "<worksheet><sheetData>";

	(void)state;
	memset(blanks, ' ', n);
	memcpy(blanks, head, sizeof(head) - 1);
	lab_zip(
	    (const struct lab_part[]) {one_row[0],
				       one_row[1],
				       one_row[2],
				       one_row[3],
				       {.name = one_row[PART_SHEET].name, .data = blanks, .n = n}},
	    PARTS);
	free(blanks);
	assert_refused("sheet.hostile", "过大");
}

/* ---- hostile XML ---- */

static void refuses_document_types(void **state)
{
	static const char *const SHEETS[] = {
	    "<!DOCTYPE worksheet><worksheet><sheetData>" ONE_ROW "</sheetData></worksheet>",
	    "<!DOCTYPE w [<!ENTITY a \"1\"><!ENTITY b \"&a;&a;\">]>"
	    "<w><sheetData><row><c><v>&b;</v></c></row></sheetData></w>",
	    "<!DOCTYPE w [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
	    "<w><sheetData><row><c t=\"str\"><v>&a;</v></c></row></sheetData></w>",
	    "<!DOCTYPE w SYSTEM \"http://localhost/x.dtd\"><w/>",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(SHEETS); i++) {
		other_part(PART_SHEET, NULL, SHEETS[i]);
		assert_refused("sheet.hostile", "文档类型");
		other_part(PART_BOOK, NULL, SHEETS[i]);
		assert_refused("sheet.hostile", "文档类型");
	}
}

/* A sheet of `head`, `piece` so often and `tail`. */
static void long_sheet(const char *head, const char *piece, size_t times, const char *tail)
{
	struct buf b;

	buf_init(&b, 1 << 28);
	buf_adds(&b, head);
	while (times--)
		buf_adds(&b, piece);
	buf_adds(&b, tail);
	assert_false(b.failed);
	other_part(PART_SHEET, NULL, b.data);
	buf_free(&b);
}

static void refuses_endless_tokens(void **state)
{
	struct buf b;
	int i;

	(void)state;
	long_sheet("<worksheet><sheetData><row a=\"", "0123456789abcdef", 1 << 20, "\"/>");
	assert_refused("sheet.hostile", "标记");
	long_sheet("<worksheet><", "nnnnnnnnnnnnnnnn", 1 << 20, "/>");
	assert_refused("sheet.hostile", "标记");
	long_sheet("<worksheet><!--", "0123456789abcdef", 1 << 20, "-->");
	assert_refused("sheet.hostile", "标记");
	long_sheet("<worksheet>", "<a>", 1 << 20, "");
	assert_refused("sheet.hostile", "标记");
	/* Names that never come again: only expat keeps them. */
	buf_init(&b, 1 << 26);
	buf_adds(&b, "<worksheet>");
	for (i = 0; i < 400000; i++)
		buf_addf(&b, "<name%d/>", i);
	buf_adds(&b, "</worksheet>");
	other_part(PART_SHEET, NULL, b.data);
	assert_reads("");
	other_part(PART_BOOK, NULL, b.data);
	buf_free(&b);
	assert_refused("sheet.hostile", "标记");
}

static void refuses_broken_xml(void **state)
{
	static const char *const SHEETS[] = {
	    "",
	    "no markup",
	    "<worksheet><sheetData><row><c><v>1</c></row></sheetData></worksheet>",
	    "<worksheet><sheetData><row>",
	    "<worksheet><sheetData><row><c t=\"str\"><v>\x01</v></c></row>",
	    "<worksheet><sheetData><row><c t=\"str\"><v>\xFF\xFE</v></c></row>",
	    "<worksheet><sheetData><row><c t=\"str\"><v>&none;</v></c></row>",
	    "<worksheet><sheetData><row><c t=\"str\"><v>&#0;</v></c></row>",
	    "<?xml version=\"1.0\" encoding=\"no-such\"?><worksheet/>",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(SHEETS); i++) {
		other_part(PART_SHEET, NULL, SHEETS[i]);
		assert_refused("sheet.broken", "");
	}
	other_part(PART_BOOK, NULL, "<workbook><sheets>");
	assert_refused("sheet.broken", "XML");
	other_part(PART_BOOK_RELS, NULL, "<Relationships>");
	assert_refused("sheet.broken", "XML");
	other_part(PART_BOOK, NULL, WORKBOOK(""));
	assert_refused("sheet.broken", "没有工作表");
}

static void refuses_many_sheets(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_adds(&b, "<workbook xmlns:r=\"r\"><sheets>");
	for (i = 0; i < 1025; i++)
		buf_adds(&b, SHEET_OF("a", "rId1"));
	buf_adds(&b, "</sheets></workbook>");
	other_part(PART_BOOK, NULL, b.data);
	buf_free(&b);
	assert_refused("sheet.hostile", "工作表过多");
}

/* ---- damage ---- */

/* A workbook with strings and styles. */
static void usual_book(void)
{
	lab_book(&(struct lab_book) {
	    .strings = "<si><t>甲</t></si><si><t>乙</t></si>",
	    .xfs = "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>",
	    .rows =
		"<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>46053</v></c>"
		"</row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c></row>"});
}

static void refuses_truncated_files(void **state)
{
	struct err_info e;
	size_t n, i;
	char *data;
	enum err rc;

	(void)state;
	usual_book();
	assert_reads("1 t:甲|d:2026-01-31\n2 t:乙\n");
	data = lab_bytes(&n);
	for (i = 0; i < 50; i++) {
		lab_write(data, n * i / 50);
		free(lab_read(&rc, &e));
		assert_int_equal(rc, ERR_INVALID);
		assert_string_equal(e.code, i ? "sheet.broken" : "sheet.kind");
	}
	free(data);
}

/* Whatever byte is wrong: an error or rows, and nothing else. */
static void survives_every_wrong_byte(void **state)
{
	struct err_info e;
	size_t n, i;
	char *data;
	enum err rc;

	(void)state;
	usual_book();
	data = lab_bytes(&n);
	for (i = 0; i < n; i += 3) {
		data[i] ^= (char)0xA5;
		lab_write(data, n);
		free(lab_read(&rc, &e));
		assert_true(rc == ERR_OK || rc == ERR_INVALID);
		data[i] ^= (char)0xA5;
	}
	free(data);
}

static void minds_the_checksum(void **state)
{
	struct lab_part parts[PARTS];

	(void)state;
	memcpy(parts, one_row, sizeof(one_row));
	parts[PART_SHEET].stored = true;
	lab_zip(parts, PARTS);
	assert_reads("1 n:1\n");
	patch("<v>1</v>", "<v>7</v>");
	assert_refused("sheet.broken", "解压");
}

/* Takes the mark of its last block from the sheet's part, which has one block: the bytes are all
 * there, but the checksum behind the end would not be asked for. */
static void take_end(void)
{
	const char *name = one_row[PART_SHEET].name;
	size_t n;
	char *data = lab_bytes(&n), *at = memmem(data, n, name, strlen(name));

	assert_non_null(at);
	at += strlen(name);
	assert_int_equal(*at & 1, 1);
	*at &= ~1;
	lab_write(data, n);
	free(data);
}

static void refuses_parts_without_an_end(void **state)
{
	char *rows, *all;

	(void)state;
	rows = mem_zalloc(400 * sizeof(ONE_ROW));
	for (size_t i = 0; i < 100; i++)
		memcpy(rows + strlen(rows), ONE_ROW, sizeof(ONE_ROW));
	all = mem_zalloc(strlen(rows) + 200);
	snprintf(all, strlen(rows) + 200, "<worksheet><sheetData>%s</sheetData></worksheet>", rows);
	other_part(PART_SHEET, NULL, all);
	take_end();
	assert_refused("sheet.broken", "解压");
	free(rows);
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_sheets),
	    cmocka_unit_test(shows_a_hidden_sheet_when_all_are),
	    cmocka_unit_test(finds_parts_however_they_are_named),
	    cmocka_unit_test(takes_the_strict_relations),
	    cmocka_unit_test(opens_no_path_of_a_workbook),
	    cmocka_unit_test(refuses_other_kinds),
	    cmocka_unit_test(refuses_other_packages),
	    cmocka_unit_test(refuses_what_is_not_a_file),
	    cmocka_unit_test(refuses_encrypted_parts),
	    cmocka_unit_test(refuses_path_tricks),
	    cmocka_unit_test(refuses_duplicates),
	    cmocka_unit_test(refuses_directories_that_lie),
	    cmocka_unit_test(knows_the_wide_directory),
	    cmocka_unit_test(refuses_many_parts),
	    cmocka_unit_test(refuses_sizes_that_lie),
	    cmocka_unit_test(refuses_bombs),
	    cmocka_unit_test(refuses_document_types),
	    cmocka_unit_test(refuses_endless_tokens),
	    cmocka_unit_test(refuses_broken_xml),
	    cmocka_unit_test(refuses_many_sheets),
	    cmocka_unit_test(refuses_truncated_files),
	    cmocka_unit_test(survives_every_wrong_byte),
	    cmocka_unit_test(minds_the_checksum),
	    cmocka_unit_test(refuses_parts_without_an_end),
	};

	return cmocka_run_group_tests(tests, lab_begin, lab_end);
}
