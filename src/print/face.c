/* The pages of a face: frame, parties, remark, tail.  The head is in face_head.c, items and
 * totals are in face_items.c. */
#include "print/face_p.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "print/remark_p.h"
#include "tax/validate.h"

#define BAND_X         205.58
#define BAND_WIDTH     0.54
#define TAX_NO_PT      12.0
#define DRAWER_LABEL_X 19.0
#define DRAWER_X       32.0
#define DRAWER_BOTTOM  7.5 /* above the page bottom */

const struct pen face_label = {FONT_KAI, INK_LABEL, LABEL_PT, FIELD_NONE};

struct pen face_value(enum face_field field)
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

/* One character per row, centred in a side column. */
static void draw_side(struct sheets *s, double x, double first, double pitch, const char *text)
{
	size_t n = strlen(text), len, skip;

	for (; n; text += len, n -= len, first += pitch) {
		len = text_row(FONT_KAI, text, n, 1, &skip);
		sheets_cell(s, face_label, ALIGN_CENTRE, x, x + SIDE_WIDTH,
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

	sheets_run(s, face_label, x + 0.5, baseline, 0.87, 0, label, sizeof(label) - 1);
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
	sheets_text(s, face_label, x + SIDE_WIDTH + 0.5, 33.5, "名称：");
	sheets_box(s, face_value(name_field), x + 15.5, 33.5, 84.5, 8.6, 1.12, name);
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
	struct pen pen = face_value(FIELD_REMARK);
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

	sheets_cell(s, face_label, ALIGN_LEFT, DRAWER_LABEL_X, DRAWER_X, middle, label,
		    sizeof(label) - 1);
	sheets_cell(s, face_value(FIELD_DRAWER), ALIGN_LEFT, DRAWER_X, FRAME_RIGHT, middle,
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
