/* What a file is, and how to save it when it is not a workbook this program reads. */
#include "sheet/kind_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

enum { HEAD = 4096, PIECE = 64 << 10, LOOK_MAX = 64 << 20 };

#define SAVE_AS "请用 Excel 或 WPS 打开，另存为“Excel 工作簿 (*.xlsx)”后再导入"
#define UNPACK  "请先解压，再导入其中的 .xlsx 或 CSV 文件"
#define EXPORT  "请取得 .xlsx 或 CSV 格式的文件"

#define OLD_WORKBOOK "这是旧版工作簿（.xls 或 .et），不能直接读取"

struct kind {
	const char *why, *hint;
};
static const struct kind ENCRYPTED = {"工作簿加了密码，不能读取",
				      "请用 Excel 或 WPS 打开，去掉密码后另存为 .xlsx"};

/* By the bytes a file begins with. */
static const struct {
	const char *bytes;
	unsigned char count;
	struct kind kind;
} MAGIC[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, {OLD_WORKBOOK, SAVE_AS}},
    {"\x09\x00\x04\x00", 4, {OLD_WORKBOOK, SAVE_AS}},
    {"\x09\x02\x06\x00", 4, {OLD_WORKBOOK, SAVE_AS}},
    {"\x09\x04\x06\x00", 4, {OLD_WORKBOOK, SAVE_AS}},
    {"\x09\x08", 2, {OLD_WORKBOOK, SAVE_AS}},
    {"%PDF-", 5, {"这是 PDF 文件，不是工作簿", EXPORT}},
    {"{\\rtf", 5, {"这是 RTF 文档，不是工作簿", EXPORT}},
    {"\xFF\xD8\xFF", 3, {"这是图片，不是工作簿", EXPORT}},
    {"\x89PNG", 4, {"这是图片，不是工作簿", EXPORT}},
    {"GIF8", 4, {"这是图片，不是工作簿", EXPORT}},
    {"Rar!", 4, {"这是压缩包，不是工作簿", UNPACK}},
    {"7z\xBC\xAF", 4, {"这是压缩包，不是工作簿", UNPACK}},
    {"\x1F\x8B", 2, {"这是压缩包，不是工作簿", UNPACK}},
    {"MIME-Version:", 13, {"这是存成 .xls 的网页，不是工作簿", SAVE_AS}},
};

/* By a word near the beginning, when the first character is '<'. */
static const struct {
	const char *word;
	struct kind kind;
} MARKUP[] = {
    {"urn:schemas-microsoft-com:office:spreadsheet", {"这是 XML 表格 2003，不能直接读取", SAVE_AS}},
    {"<html", {"这是存成 .xls 的网页，不是工作簿", SAVE_AS}},
    {"<!doctype html", {"这是存成 .xls 的网页，不是工作簿", SAVE_AS}},
    {"<?xml", {"这是 XML 文件，不是工作簿", EXPORT}},
    {"<table", {"这是存成 .xls 的网页，不是工作簿", SAVE_AS}},
    {"<meta", {"这是存成 .xls 的网页，不是工作簿", SAVE_AS}},
};

/* By a part of an archive. */
static const struct {
	const char *part;
	struct kind kind;
} PACKAGES[] = {
    {"xl/workbook.bin", {"这是二进制工作簿（.xlsb），不能直接读取", SAVE_AS}},
    {"mimetype", {"这是 OpenDocument 文件（.ods），不能直接读取", SAVE_AS}},
    {"word/document.xml", {"这是 Word 文档，不是工作簿", EXPORT}},
    {"ppt/presentation.xml", {"这是演示文稿，不是工作簿", EXPORT}},
    {"index/document.iwa", {"这是 Numbers 表格，不能直接读取", "请在 Numbers 中导出为 .xlsx"}},
    {"encryptedpackage", {"工作簿加了密码，不能读取", "请去掉密码后另存为 .xlsx"}},
};

static enum err refuse(struct err_info *e, const char *what, const struct kind *k)
{
	err_fail(e, ERR_INVALID, "sheet.kind", what, "%s", k->why);
	err_hint(e, "%s", k->hint);
	return ERR_INVALID;
}

/* Encrypted workbooks lie in the same container as the old ones, under this name (UTF-16). */
static bool is_encrypted(int fd, int64_t size)
{
	static const char NAME[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	char *piece = mem_alloc(PIECE);
	bool found = false;
	ssize_t n;
	int64_t at;

	for (at = 0; at < size && at < LOOK_MAX && !found; at += PIECE - (int64_t)sizeof(NAME)) {
		n = file_read_at(fd, piece, PIECE, at);
		if (n <= 0)
			break;
		found = memmem(piece, (size_t)n, NAME, sizeof(NAME)) != NULL;
	}
	free(piece);
	return found;
}

/* A copy in small letters, without a byte order mark and blanks in front. */
static void look_at_markup(const char *head, size_t n, char *out)
{
	size_t i = n >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3) ? 3 : 0;

	while (i < n && strchr(" \t\r\n", head[i]) && head[i])
		i++;
	for (; i < n && head[i]; i++)
		*out++ = head[i] >= 'A' && head[i] <= 'Z' ? (char)(head[i] | 0x20) : head[i];
	*out = 0;
}

static const struct kind *markup_kind(const char *head, size_t n)
{
	char small[HEAD + 1];
	size_t i;

	look_at_markup(head, n, small);
	for (i = 0; small[0] == '<' && i < sizeof(MARKUP) / sizeof(MARKUP[0]); i++) {
		if (strstr(small, MARKUP[i].word))
			return &MARKUP[i].kind;
	}
	return NULL;
}

/* An object or an array, by its first two marks: no table begins so. */
static const struct kind *json_kind(const char *head, size_t n)
{
	static const struct kind JSON = {
	    "这是 JSON 文件，不是工作簿或 CSV",
	    "发票数据的 JSON 请在批量开票里导入，或用 kaipiao blue draft"
	    " 存成草稿；这里请用 .xlsx 或 CSV"};
	char small[HEAD + 1];
	const char *next;

	look_at_markup(head, n, small);
	next = small + (*small != 0);
	next += strspn(next, " \t\r\n");
	if (!*next || (*small == '{' && !strchr("\"}", *next)) ||
	    (*small == '[' && !strchr("{[\"]", *next)))
		return NULL;
	return *small == '{' || *small == '[' ? &JSON : NULL;
}

static bool has_utf16_mark(const char *head, size_t n)
{
	return n >= 2 && (!memcmp(head, "\xFF\xFE", 2) || !memcmp(head, "\xFE\xFF", 2));
}

enum err sheet_kind(int fd, int64_t size, const char *what, bool *is_zip, struct err_info *e)
{
	static const struct kind EMPTY = {"文件是空的", "请检查文件是否传输完整"},
				 UNKNOWN = {"认不出的文件格式", EXPORT};
	char head[HEAD];
	ssize_t got = file_read_at(fd, head, sizeof(head), 0);
	size_t n = got > 0 ? (size_t)got : 0, i;
	const struct kind *k;

	if (!n)
		return refuse(e, what, &EMPTY);
	*is_zip = n >= 4 && (!memcmp(head, "PK\3\4", 4) || !memcmp(head, "PK\5\6", 4));
	if (*is_zip)
		return ERR_OK;
	for (i = 0; i < sizeof(MAGIC) / sizeof(MAGIC[0]); i++) {
		if (n < MAGIC[i].count || memcmp(head, MAGIC[i].bytes, MAGIC[i].count) != 0)
			continue;
		k = !i && is_encrypted(fd, size) ? &ENCRYPTED : &MAGIC[i].kind;
		return refuse(e, what, k);
	}
	k = markup_kind(head, n);
	if (!k)
		k = json_kind(head, n);
	if (k)
		return refuse(e, what, k);
	if (!has_utf16_mark(head, n) && memchr(head, 0, n))
		return refuse(e, what, &UNKNOWN);
	return ERR_OK;
}

enum err sheet_kind_package(struct sheet_zip *z, struct err_info *e)
{
	static const struct kind ARCHIVE = {"压缩包里没有工作簿", UNPACK};
	size_t i;

	for (i = 0; i < sizeof(PACKAGES) / sizeof(PACKAGES[0]); i++) {
		if (sheet_zip_find(z, PACKAGES[i].part) >= 0)
			return refuse(e, sheet_zip_what(z), &PACKAGES[i].kind);
	}
	if (sheet_zip_find(z, "[content_types].xml") < 0 &&
	    sheet_zip_find(z, "xl/workbook.xml") < 0)
		return refuse(e, sheet_zip_what(z), &ARCHIVE);
	return ERR_OK;
}
