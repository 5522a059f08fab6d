/* orders - rows of the sheets of 批量开票 in any order, joined to orders.
 *
 * The first byte chooses: bit 0 one table as separated text instead of the tax bureau's four
 * sheets, bit 1 with a workbook of failures.  Each further line is a row, its cells parted by tabs.
 * Of the four sheets the first character tells which one: L lines, E extras, S 特定业务, anything
 * else heads.
 *
 * Nothing crashes; the counts agree with each other; and it makes no difference whether the records
 * stay in memory or go to the scratch file at once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zlib.h>

#include "base/base.h"
#include "desk/batch_p.h"
#include "desk/desk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_MAX = 1 << 24, CELLS = 12 };

#define SELLER "91440300MAKP0A011Y"
#define REL    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static struct session *session;
static char top[64];

static void must(bool good)
{
	if (!good)
		abort();
}

/* ---- a home with a unit ---- */

static void begin(void)
{
	struct unit_form direct = {.role = "direct",
				   .env = "演练",
				   .name = "集团",
				   .tax_no = SELLER,
				   .leqi_id = "00000000000000000000",
				   .url = "https://localhost:8443/access/v2/invoke"};
	struct unit_form using = {.role = "using",
				  .direct = SELLER,
				  .name = "公司",
				  .tax_no = SELLER,
				  .leqi_id = "00000000000000000001"};
	const char *scratch = getenv("TMPDIR");
	char home[128], key[128], warning[UNIT_WARNING];
	static const char KEY[] = "00112233445566778899AABBCCDDEEFF\n";
	bool created = false;

	must(clock_start("=2025-11-20T10:00:00+08:00"));
	snprintf(top, sizeof(top), "%s/orders-XXXXXX", scratch ? scratch : P_tmpdir);
	must(mkdtemp(top) != NULL);
	snprintf(home, sizeof(home), "%s/home", top);
	snprintf(key, sizeof(key), "%s/key", top);
	must(!file_write(key, KEY, strlen(KEY), 0600, NULL));
	direct.key_file = key;
	must(!desk_home_init(home, &created, NULL) && !desk_open(home, NULL, NULL, &session, NULL));
	must(!desk_unit_add(session, &direct, warning, NULL));
	must(!desk_unit_add(session, &using, warning, NULL));
}

/* ---- the rows of the input ---- */

struct rows {
	const char *at, *end;
};
struct cells {
	const char *text[CELLS];
	size_t n[CELLS];
	int count;
};

static bool next_row(struct rows *r, struct cells *c)
{
	const char *stop, *tab;

	if (r->at >= r->end)
		return false;
	stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
	stop = stop ? stop : r->end;
	c->count = 0;
	for (; r->at <= stop && c->count < CELLS; r->at = tab + 1) {
		tab = memchr(r->at, '\t', (size_t)(stop - r->at));
		tab = tab ? tab : stop;
		c->text[c->count] = r->at;
		c->n[c->count++] = (size_t)(tab - r->at);
	}
	r->at = stop + 1;
	return true;
}

/* ---- as a workbook ---- */

static const struct {
	const char *name;
	char sign; /* 0: whatever is left */
	const char *heads[CELLS];
} SHEETS[] = {
    {"1-发票基本信息",
     0,
     {"发票流水号", "发票类型", "是否含税", "购买方名称", "购买方纳税人识别号", "备注",
      "受票方自然人标识", "购买方邮箱", "特定业务类型", "导入失败原因"}},
    {"2-发票明细信息",
     'L',
     {"发票流水号", "项目名称", "商品和服务税收编码", "规格型号", "单位", "数量", "单价", "金额",
      "税率", "折扣金额", "优惠政策类型"}},
    {"3-特定业务信息", 'S', {"发票流水号", "起运地", "到达地"}},
    {"4-附加要素信息", 'E', {"发票流水号", "附加要素名称", "附加要素内容"}},
};
enum { SHEET_COUNT = sizeof(SHEETS) / sizeof(SHEETS[0]) };

static void put_cell(struct buf *b, const char *text, size_t n)
{
	buf_adds(b, "<c t=\"inlineStr\"><is><t>");
	for (; n; n--, text++) {
		if (*text == '<')
			buf_adds(b, "&lt;");
		else if (*text == '&')
			buf_adds(b, "&amp;");
		else
			buf_addc(b, *text);
	}
	buf_adds(b, "</t></is></c>");
}

static int sheet_of(const struct cells *c)
{
	int i;

	for (i = 1; i < SHEET_COUNT; i++) {
		if (c->n[0] && c->text[0][0] == SHEETS[i].sign)
			return i;
	}
	return 0;
}

static void put_sheet(struct buf *b, int sheet, const char *data, size_t size)
{
	struct rows rows = {data, data + size};
	struct cells c;
	int i;

	buf_adds(b, "<worksheet><sheetData><row>");
	for (i = 0; i < CELLS && SHEETS[sheet].heads[i]; i++)
		put_cell(b, SHEETS[sheet].heads[i], strlen(SHEETS[sheet].heads[i]));
	buf_adds(b, "</row>");
	while (next_row(&rows, &c)) {
		size_t skip = sheet ? 1 : 0;

		if (sheet_of(&c) != sheet)
			continue;
		buf_adds(b, "<row>");
		put_cell(b, c.text[0] + skip, c.n[0] - skip);
		for (i = 1; i < c.count; i++)
			put_cell(b, c.text[i], c.n[i]);
		buf_adds(b, "</row>");
	}
	buf_adds(b, "</sheetData></worksheet>");
}

static void little(struct buf *b, uint64_t v, int bytes)
{
	for (; bytes; bytes--, v >>= 8)
		buf_addc(b, (char)(v & 0xFF));
}

static void header(struct buf *b, const char *name, const struct buf *data)
{
	little(b, 20, 2);
	little(b, 0, 8);
	little(b, crc32(0, (const Bytef *)data->data, (uInt)data->len), 4);
	little(b, data->len, 4);
	little(b, data->len, 4);
	little(b, strlen(name), 2);
	little(b, 0, 2);
}

static void add_part(struct buf *file, struct buf *directory, const char *name,
		     const struct buf *data)
{
	size_t at = file->len;

	buf_add(file, "PK\3\4", 4);
	header(file, name, data);
	buf_adds(file, name);
	buf_add(file, data->data, data->len);
	buf_add(directory, "PK\1\2\24\0", 6);
	header(directory, name, data);
	little(directory, 0, 10);
	little(directory, at, 4);
	buf_adds(directory, name);
}

static void make_workbook(struct buf *file, const char *data, size_t size)
{
	struct buf directory, part, book, relations;
	char name[64];
	size_t at;
	int i;

	buf_init(&directory, 1 << 16);
	buf_init(&book, 1 << 16);
	buf_init(&relations, 1 << 16);
	buf_adds(&book, "<workbook xmlns:r=\"" REL "\"><sheets>");
	buf_adds(&relations, "<Relationships>");
	for (i = 0; i < SHEET_COUNT; i++) {
		buf_init(&part, FILE_MAX);
		put_sheet(&part, i, data, size);
		snprintf(name, sizeof(name), "xl/worksheets/sheet%d.xml", i + 1);
		add_part(file, &directory, name, &part);
		buf_free(&part);
		buf_addf(&book, "<sheet name=\"%s\" r:id=\"r%d\"/>", SHEETS[i].name, i + 1);
		buf_addf(&relations,
			 "<Relationship Id=\"r%d\" Type=\"" REL
			 "worksheet\" Target=\"worksheets/sheet%d.xml\"/>",
			 i + 1, i + 1);
	}
	buf_adds(&book, "</sheets></workbook>");
	buf_adds(&relations, "</Relationships>");
	add_part(file, &directory, "xl/workbook.xml", &book);
	add_part(file, &directory, "xl/_rels/workbook.xml.rels", &relations);
	at = file->len;
	buf_add(file, directory.data, directory.len);
	buf_add(file, "PK\5\6\0\0\0\0", 8);
	little(file, SHEET_COUNT + 2, 2);
	little(file, SHEET_COUNT + 2, 2);
	little(file, directory.len, 4);
	little(file, at, 4);
	little(file, 0, 2);
	buf_free(&directory);
	buf_free(&book);
	buf_free(&relations);
}

/* ---- as one table ---- */

static void make_table(struct buf *file, const char *data, size_t size)
{
	buf_adds(file, "发票流水号\t发票类型\t是否含税\t购买方名称\t备注\t项目名称\t"
		       "商品和服务税收编码\t数量\t单价\t金额\t税率\t折扣金额\n");
	buf_add(file, data, size);
}

/* ---- reading ---- */

static void check(const struct batch_report *r)
{
	size_t i;

	must(r->ready + r->bad + r->repeats == r->orders && !r->repeats);
	must((r->bad > 0) == (r->fault_total > 0));
	must(r->fault_total + r->warned >= (int64_t)r->fault_count);
	must(r->gross == r->net + r->tax);
	for (i = 0; i < r->fault_count; i++) {
		const struct batch_fault *f = &r->faults[i];
		must(f->seq >= 0 && f->seq <= r->orders && f->row >= 0 && *f->text);
		must(text_valid(f->text, strlen(f->text)));
		must(text_valid(f->value, strlen(f->value)));
		must(text_valid(f->order_no, strlen(f->order_no)));
	}
}

static enum err read_with(const struct buf *file, size_t limit, bool failures,
			  struct batch_report *out, struct err_info *e)
{
	char path[128];
	struct batch_options o = {
	    .file = "orders", .failures = failures ? path : "", .dry_run = true};
	enum err r;

	snprintf(path, sizeof(path), "%s/failures.xlsx", top);
	o.fd = memfd_create("orders", MFD_CLOEXEC);
	must(o.fd > 0 && write(o.fd, file->data, file->len) == (ssize_t)file->len);
	spool_limit = limit;
	*e = (struct err_info) {0};
	r = desk_batch_read(session, &o, NULL, out, e);
	must(r == ERR_OK || r == ERR_INVALID);
	must(!r || (e->why[0] && e->code[0]));
	if (!r)
		check(out);
	unlink(path);
	return r;
}

static bool same(const struct batch_report *a, const struct batch_report *b)
{
	size_t i;

	if (a->orders != b->orders || a->bad != b->bad || a->lines != b->lines ||
	    a->gross != b->gross || a->fault_total != b->fault_total || a->warned != b->warned ||
	    a->fault_count != b->fault_count)
		return false;
	for (i = 0; i < a->fault_count; i++) {
		if (a->faults[i].seq != b->faults[i].seq || a->faults[i].row != b->faults[i].row ||
		    strcmp(a->faults[i].text, b->faults[i].text) != 0)
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct batch_report one, two;
	struct err_info why, again;
	struct buf file;
	enum err r;

	if (!session)
		begin();
	if (!size)
		return 0;
	buf_init(&file, FILE_MAX);
	(data[0] & 1 ? make_table : make_workbook)(&file, (const char *)data + 1, size - 1);
	if (!file.failed) {
		r = read_with(&file, 1 << 20, data[0] & 2, &one, &why);
		must(read_with(&file, 1, data[0] & 2, &two, &again) == r);
		must(r || same(&one, &two));
		must(!r || !strcmp(why.code, again.code));
		batch_report_free(&one);
		batch_report_free(&two);
	}
	buf_free(&file);
	return 0;
}
