/* print/face_p.h - the layout: an invoice becomes sheets (layout edition V5.002, basic face).
 *
 * Geometry is written once, in the tables of face.c, face_items.c and seal.c, in millimetres as the
 * edition gives it; everything below the items moves down with the page height.
 */
#ifndef KP_PRINT_FACE_P_H
#define KP_PRINT_FACE_P_H

#include "base/err.h"
#include "print/plan_p.h"
#include "print/print.h"
#include "print/rows_p.h"
#include "print/sheet_p.h"
#include "tax/code.h"

#define PAGE_WIDTH  210.0
#define CENTRE_X    105.0
#define FRAME_LEFT  4.5
#define FRAME_RIGHT 205.5
#define FRAME_TOP   30.0
#define PARTIES_TOP 30.0
#define ITEMS_TOP   52.0
#define TOTALS_SIZE 8.0 /* 价税合计 */
#define REMARK_SIZE 20.0
#define TAIL_SIZE   16.0
#define LINE_WIDTH  0.25
#define PAD         0.5 /* between a column's edge and its text */
#define SIDE_WIDTH  6.0 /* columns of the side captions */
#define LABEL_PT    9.0
#define VALUE_PT    9.0

/* What one page needs to be drawn. */
struct face_page {
	const struct invoice *inv;
	const struct code_row *seal_region; /* NULL: no seal */
	const char *watermark;              /* NULL or "": none */
	const struct item_rows *items;
	const char *remark;
	const char *buyer_name; /* as printed */
	struct page_plan plan;
	size_t number, count;          /* 1-based; of how many */
	double remark_pt, remark_size; /* type size, height of the zone */
	double totals_top, remark_top, frame_bottom, height;
};

/* The pen of fixed labels, and that of a field's value. */
extern const struct pen face_label;
struct pen face_value(enum face_field field);

/* Fills s with the pages of the face. */
enum err face_sheets(const struct print_face *face, struct sheets *s, struct err_info *e);

/* The parts, each on the newest page of s. */
enum err face_head(struct sheets *s, const struct face_page *p, struct err_info *e);
void face_parties(struct sheets *s, const struct face_page *p);
void face_items(struct sheets *s, const struct face_page *p);
void face_totals(struct sheets *s, const struct face_page *p);
void face_remark(struct sheets *s, const struct face_page *p);
void face_tail(struct sheets *s, const struct face_page *p);

/* The supervision seal with the office's name ("深圳市税务局") on the lower arc. */
void face_seal(struct sheets *s, const char *office);
/* The seal stands on the page only when this is true. */
bool face_sealed(const struct print_face *face);
/* Region of the seller's tax office, or NULL. */
const struct code_row *face_region(const struct print_face *face);

/* Type size and zone height that hold the remark. */
void face_fit_remark(const char *remark, double *pt, double *zone);
/* Wraps the items for the columns of the face. */
void face_wrap_items(const struct invoice *inv, struct item_rows *t);

#endif
