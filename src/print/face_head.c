/* The head of a page: watermark, seal, QR code, title, number and date. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "print/face_p.h"
#include "print/qr_p.h"

#define TITLE_TOP      8.0
#define TITLE_PT       20.0
#define RULE_Y         18.0 /* upper of the two lines under the title */
#define RULE_GAP       1.0
#define RULE_LENGTH    73.0
#define QR_X           7.0
#define QR_Y           6.0
#define QR_SIZE        20.0
#define LABEL_X        29.0
#define LABEL_SIZE     28.0
#define LABEL_MIDDLE   16.0
#define HEAD_LABEL_X   154.0
#define HEAD_VALUE_X   170.0
#define NUMBER_TOP     13.15 /* the block of two ends 7.5 above the frame, rows 3 apart */
#define DATE_TOP       19.325
#define PAGE_NOTE_TOP  25.8
#define WATERMARK_TILT (-0.5)

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

/* The text of the label field (29, 6, 28 x 20); how it is set is not told: one row each of the two
 * halves, in the middle of it. */
static void draw_label(struct sheets *s, const struct invoice *inv)
{
	const char *text = differential_label(inv), *dash = strchr(text, '-');

	if (!dash)
		return;
	sheets_cell(s, face_label, ALIGN_CENTRE, LABEL_X, LABEL_X + LABEL_SIZE, LABEL_MIDDLE - 2,
		    text, (size_t)(dash - text));
	sheets_cell(s, face_label, ALIGN_CENTRE, LABEL_X, LABEL_X + LABEL_SIZE, LABEL_MIDDLE + 2,
		    dash + 1, strlen(dash + 1));
}

static void draw_number_and_date(struct sheets *s, const struct face_page *p)
{
	const char *d = p->inv->issued_at;
	char text[64];

	sheets_text(s, face_label, HEAD_LABEL_X, NUMBER_TOP, "发票号码：");
	sheets_text(s, face_value(FIELD_NUMBER), HEAD_VALUE_X, NUMBER_TOP, p->inv->number);
	sheets_text(s, face_label, HEAD_LABEL_X, DATE_TOP, "开票日期：");
	snprintf(text, sizeof(text), "%.4s年%.2s月%.2s日", d, d + 5, d + 8);
	sheets_text(s, face_value(FIELD_DATE), HEAD_VALUE_X, DATE_TOP, text);
	if (p->count == 1)
		return;
	snprintf(text, sizeof(text), "共%zu页 第%zu页", p->count, p->number);
	sheets_cell(s, face_label, ALIGN_RIGHT, HEAD_VALUE_X, FRAME_RIGHT - PAD,
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
	draw_label(s, p->inv);
	draw_number_and_date(s, p);
	return ERR_OK;
}
