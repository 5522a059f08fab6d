/* The pages of a face: frame, head, parties, tail.  Items and totals are in face_items.c. */
#include "print/face_p.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "print/qr_p.h"
#include "print/remark_p.h"
#include "tax/validate.h"

#define CENTRE_X       105.0
#define TITLE_TOP      8.0
#define TITLE_PT       20.0
#define RULE_Y         18.0 /* upper of the two lines under the title */
#define RULE_GAP       1.0
#define RULE_LENGTH    73.0
#define QR_X           7.0
#define QR_Y           6.0
#define QR_SIZE        20.0
#define HEAD_LABEL_X   154.0
#define HEAD_VALUE_X   170.0
#define NUMBER_TOP     13.15 /* the block of two ends 7.5 above the frame, rows 3 apart */
#define DATE_TOP       19.325
#define PAGE_NOTE_TOP  25.8
#define BAND_X         205.58
#define BAND_WIDTH     0.54
#define TAX_NO_PT      12.0
#define DRAWER_LABEL_X 19.0
#define DRAWER_X       32.0
#define DRAWER_BOTTOM  7.5 /* above the page bottom */
#define WATERMARK_TILT (-0.5)

static const struct pen LABEL = {FONT_KAI, INK_LABEL, LABEL_PT, FIELD_NONE};

static struct pen value_pen(enum face_field field)
{
	return (struct pen) {FONT_SONG, INK_VALUE, VALUE_PT, field};
}

bool face_sealed(const struct print_face *face)
{
	return face->production && face->accepted;
}

const struct code_row *face_region(const struct print_face *face)
{
	return face->region_code ? code_find(CODES_REGIONS, face->region_code) : NULL;
}

static void draw_watermark(struct sheets *s, const struct face_page *p)
{
	const char *text = p->watermark;
	struct pen pen = {FONT_KAI, INK_WATERMARK, 0, FIELD_NONE};
	double em, size;

	if (text_empty(text))
		return;
	em = text_em(pen.font, text, strlen(text));
	if (em <= 0)
		return;
	size = fmin(45, 150 / em);
	pen.pt = size / MM_PER_PT;
	/* The start of the baseline such that the middle of the run is the middle of the page. */
	sheets_run(
	    s, pen,
	    CENTRE_X - em * size / 2 * cos(WATERMARK_TILT) - 0.36 * size * sin(WATERMARK_TILT),
	    p->height / 2 - em * size / 2 * sin(WATERMARK_TILT) + 0.36 * size * cos(WATERMARK_TILT),
	    1, WATERMARK_TILT, text, strlen(text));
}

static enum err draw_qr(struct sheets *s, const struct invoice *inv, struct err_info *e)
{
	const struct pen icon = {FONT_SONG, INK_ICON, 9, FIELD_NONE};
	const double side = QR_SIZE / QR_MODULES;
	bool module[QR_MODULES][QR_MODULES];
	char text[PRINT_QR_TEXT];
	enum err r;
	int x, y, run;

	r = print_qr_text(inv, text, e);
	if (r == ERR_OK)
		r = qr_make(text, module, e);
	if (r != ERR_OK)
		return r;
	sheets_rects(s, INK_VALUE);
	for (y = 0; y < QR_MODULES; y++) {
		for (x = 0; x < QR_MODULES; x += run) {
			for (run = 0; x + run < QR_MODULES && module[y][x + run]; run++)
				;
			if (run)
				sheets_rect(s, QR_X + x * side, QR_Y + y * side, run * side, side);
			else
				run = 1;
		}
	}
	sheets_cell(s, icon, ALIGN_CENTRE, QR_X, QR_X + QR_SIZE, QR_Y + QR_SIZE / 2, "税",
		    strlen("税"));
	return ERR_OK;
}

static void draw_number_and_date(struct sheets *s, const struct face_page *p)
{
	const char *d = p->inv->issued_at;
	char text[64];

	sheets_text(s, LABEL, HEAD_LABEL_X, NUMBER_TOP, "发票号码：");
	sheets_text(s, value_pen(FIELD_NUMBER), HEAD_VALUE_X, NUMBER_TOP, p->inv->number);
	sheets_text(s, LABEL, HEAD_LABEL_X, DATE_TOP, "开票日期：");
	snprintf(text, sizeof(text), "%.4s年%.2s月%.2s日", d, d + 5, d + 8);
	sheets_text(s, value_pen(FIELD_DATE), HEAD_VALUE_X, DATE_TOP, text);
	if (p->count == 1)
		return;
	snprintf(text, sizeof(text), "共%zu页 第%zu页", p->count, p->number);
	sheets_cell(s, LABEL, ALIGN_RIGHT, HEAD_VALUE_X, FRAME_RIGHT - PAD,
		    PAGE_NOTE_TOP + LABEL_PT * MM_PER_PT / 2, text, strlen(text));
}

enum err face_head(struct sheets *s, const struct face_page *p, struct err_info *e)
{
	const struct pen title = {FONT_KAI, INK_LABEL, TITLE_PT, FIELD_NONE};
	const char *name =
	    p->inv->kind == INVOICE_SPECIAL ? "电子发票（增值税专用发票）" : "电子发票（普通发票）";
	char office[64];
	enum err r;
	int i;

	/* Lowest first: the seal lies under the title it overlaps. */
	draw_watermark(s, p);
	if (p->seal_region) {
		snprintf(office, sizeof(office), "%s税务局", p->seal_region->name);
		face_seal(s, office);
	}
	r = draw_qr(s, p->inv, e);
	if (r != ERR_OK)
		return r;
	sheets_cell(s, title, ALIGN_CENTRE, 0, PAGE_WIDTH, TITLE_TOP + TITLE_PT * MM_PER_PT / 2,
		    name, strlen(name));
	for (i = 0; i < 2; i++)
		sheets_line(s, CENTRE_X - RULE_LENGTH / 2, RULE_Y + i * RULE_GAP,
			    CENTRE_X + RULE_LENGTH / 2, RULE_Y + i * RULE_GAP, LINE_WIDTH,
			    INK_LABEL);
	draw_number_and_date(s, p);
	return ERR_OK;
}

/* One character per row, centred in a side column. */
static void draw_side(struct sheets *s, double x, double first, double pitch, const char *text)
{
	size_t n = strlen(text), len, skip;

	for (; n; text += len, n -= len, first += pitch) {
		len = text_row(FONT_KAI, text, n, 1, &skip);
		sheets_cell(s, LABEL, ALIGN_CENTRE, x, x + SIDE_WIDTH,
			    first + LABEL_PT * MM_PER_PT / 2, text, len);
	}
}

/* The fixed label is longer than the room left of a 20-character number: set narrower. */
static void draw_tax_no(struct sheets *s, double x, const char *no, enum face_field field)
{
	static const char label[] = "统一社会信用代码/纳税人识别号：";
	const struct pen pen = {FONT_COURIER, INK_VALUE, TAX_NO_PT, field};
	const double baseline = 45.4 - (1 - ASCENT_EM) * LABEL_PT * MM_PER_PT, value_x = x + 43.4;
	double em = text_em(pen.font, no, strlen(no)), w = x + 94 - value_x,
	       size = TAX_NO_PT * MM_PER_PT;

	sheets_run(s, LABEL, x + 0.5, baseline, 0.87, 0, label, sizeof(label) - 1);
	/* The cell centres on its middle; the baseline is the label's. */
	if (em * size > w)
		size = w / em;
	sheets_cell(s, pen, ALIGN_LEFT, value_x, value_x + w, baseline - (ASCENT_EM - 0.5) * size,
		    no, strlen(no));
}

static void draw_party(struct sheets *s, double x, const char *side, const char *name,
		       const char *tax_no, enum face_field name_field)
{
	draw_side(s, x, 32.5, 3.5, side);
	sheets_text(s, LABEL, x + SIDE_WIDTH + 0.5, 33.5, "名称：");
	sheets_box(s, value_pen(name_field), x + 15.5, 33.5, 84.5, 8.6, 1.12, name);
	draw_tax_no(s, x + SIDE_WIDTH, tax_no, name_field + 1);
}

void face_parties(struct sheets *s, const struct face_page *p)
{
	_Static_assert(FIELD_BUYER_ID == FIELD_BUYER_NAME + 1, "draw_party derives the field");
	_Static_assert(FIELD_SELLER_ID == FIELD_SELLER_NAME + 1, "draw_party derives the field");

	draw_party(s, FRAME_LEFT, "购买方信息", p->buyer_name, p->inv->buyer.tax_no,
		   FIELD_BUYER_NAME);
	draw_party(s, CENTRE_X, "销售方信息", p->inv->seller.name, p->inv->seller.tax_no,
		   FIELD_SELLER_NAME);
}

static void draw_frame(struct sheets *s, const struct face_page *p)
{
	const double left = FRAME_LEFT, right = FRAME_RIGHT, bottom = p->frame_bottom;
	const double side[] = {left + SIDE_WIDTH, CENTRE_X, CENTRE_X + SIDE_WIDTH};
	const double half = (bottom - FRAME_TOP) / 2;
	size_t i;

	sheets_line(s, left, FRAME_TOP, right, FRAME_TOP, LINE_WIDTH, INK_LABEL);
	sheets_line(s, left, ITEMS_TOP, right, ITEMS_TOP, LINE_WIDTH, INK_LABEL);
	sheets_line(s, left, bottom, right, bottom, LINE_WIDTH, INK_LABEL);
	sheets_line(s, left, FRAME_TOP, left, bottom, LINE_WIDTH, INK_LABEL);
	sheets_line(s, right, FRAME_TOP, right, bottom, LINE_WIDTH, INK_LABEL);
	for (i = 0; i < sizeof(side) / sizeof(side[0]); i++)
		sheets_line(s, side[i], FRAME_TOP, side[i], ITEMS_TOP, LINE_WIDTH, INK_LABEL);
	if (p->plan.last) {
		sheets_line(s, left, p->totals_top, right, p->totals_top, LINE_WIDTH, INK_LABEL);
		sheets_line(s, left, p->remark_top, right, p->remark_top, LINE_WIDTH, INK_LABEL);
		sheets_line(s, left + SIDE_WIDTH, p->remark_top, left + SIDE_WIDTH, bottom,
			    LINE_WIDTH, INK_LABEL);
	}
	sheets_rects(s, INK_BAND_LIGHT);
	sheets_rect(s, BAND_X, FRAME_TOP, BAND_WIDTH, half);
	sheets_rects(s, INK_BAND_DARK);
	sheets_rect(s, BAND_X, FRAME_TOP + half, BAND_WIDTH, half);
}

#define REMARK_LEADING 1.04
#define REMARK_WIDTH   193.0

void face_fit_remark(const char *remark, double *pt, double *zone)
{
	const double smallest = 5, room = REMARK_SIZE - 0.6;
	size_t n = strlen(remark);
	double size, need;

	for (*pt = VALUE_PT;; *pt -= 1) {
		size = *pt * MM_PER_PT;
		need = (double)text_rows(FONT_SONG, remark, n, REMARK_WIDTH / size) * size *
		       REMARK_LEADING;
		if (need <= room || *pt <= smallest)
			break;
	}
	/* Type smaller than that cannot be read: the zone grows instead. */
	*zone = need <= room ? REMARK_SIZE : ceil(need + 0.6);
}

void face_remark(struct sheets *s, const struct face_page *p)
{
	struct pen pen = value_pen(FIELD_REMARK);
	double middle = p->remark_top + p->remark_size / 2;

	draw_side(s, FRAME_LEFT, middle - 5, 6, "备注");
	pen.pt = p->remark_pt;
	sheets_box(s, pen, FRAME_LEFT + SIDE_WIDTH + 0.6, p->remark_top + 0.5, REMARK_WIDTH,
		   p->remark_size, REMARK_LEADING, p->remark);
}

void face_tail(struct sheets *s, const struct face_page *p)
{
	double middle = p->height - DRAWER_BOTTOM - LABEL_PT * MM_PER_PT / 2;
	static const char label[] = "开票人：";

	sheets_cell(s, LABEL, ALIGN_LEFT, DRAWER_LABEL_X, DRAWER_X, middle, label,
		    sizeof(label) - 1);
	sheets_cell(s, value_pen(FIELD_DRAWER), ALIGN_LEFT, DRAWER_X, FRAME_RIGHT, middle,
		    p->inv->drawer, strlen(p->inv->drawer));
}

static enum err draw_page(struct sheets *s, struct face_page *p, struct err_info *e)
{
	enum err r;

	p->height = p->plan.height;
	if (p->plan.last)
		p->height += p->remark_size - REMARK_SIZE;
	p->frame_bottom = p->height - TAIL_SIZE;
	p->remark_top = p->frame_bottom - (p->plan.last ? p->remark_size : 0);
	p->totals_top = p->remark_top - (p->plan.last ? TOTALS_SIZE : 0);
	sheets_page(s, PAGE_WIDTH, p->height);
	r = face_head(s, p, e);
	if (r != ERR_OK)
		return r;
	draw_frame(s, p);
	face_parties(s, p);
	face_items(s, p);
	if (p->plan.last) {
		face_totals(s, p);
		face_remark(s, p);
	}
	face_tail(s, p);
	return ERR_OK;
}

static enum err draw_pages(struct sheets *s, struct face_page *p, struct err_info *e)
{
	enum err r = ERR_OK;

	face_fit_remark(p->remark, &p->remark_pt, &p->remark_size);
	p->count = plan_pages(p->items->count);
	for (p->number = 1; r == ERR_OK && p->number <= p->count; p->number++) {
		p->plan = plan_page(p->items->count, p->number - 1);
		r = draw_page(s, p, e);
	}
	return r;
}

enum err face_sheets(const struct print_face *face, struct sheets *s, struct err_info *e)
{
	struct face_page p = {.inv = face->invoice};
	struct item_rows items;
	struct buf remark;
	char *buyer;
	enum err r;

	p.watermark = face->watermark;
	if (face_sealed(face)) {
		p.seal_region = face_region(face);
		if (!p.seal_region)
			return err_fail(e, ERR_INVALID, "print.region", "版式文件",
					"没有销售方主管税务机关的地区代码");
	}
	buf_init(&remark, REMARK_MAX);
	remark_make(face->invoice, &remark);
	p.remark = buf_str(&remark);
	p.buyer_name = buyer = tax_buyer_name(face->invoice);
	face_wrap_items(face->invoice, &items);
	p.items = &items;
	r = draw_pages(s, &p, e);
	if (r == ERR_OK && (s->text.failed || remark.failed))
		r = err_fail(e, ERR_INTERNAL, "print.too_large", "版式文件", "内容过大");
	item_rows_free(&items);
	free(buyer);
	buf_free(&remark);
	return r;
}
