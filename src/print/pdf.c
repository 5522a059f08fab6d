/* PDF of the sheets, by cairo: outlines embedded as subsets, text kept searchable. */
#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "print/files_p.h"
#include "print/fonts_p.h"

#define PT_PER_MM (72.0 / 25.4)

enum { RUN_GLYPHS = 256 };

struct pdf {
	cairo_t *cr;
	struct fonts *fonts;
	const struct sheets *sheets;
};

/* Glyphs of one face, shown together. */
struct batch {
	cairo_font_face_t *face;
	cairo_glyph_t glyphs[RUN_GLYPHS];
	cairo_text_cluster_t clusters[RUN_GLYPHS];
	int count;
	const char *text;
	int bytes;
};

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int n)
{
	struct buf *out = closure;

	buf_add(out, data, n);
	return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void set_ink(cairo_t *cr, enum face_ink ink)
{
	const struct face_rgb *c = &face_rgb[ink];

	cairo_set_source_rgb(cr, c->r / 255.0, c->g / 255.0, c->b / 255.0);
}

static void show(cairo_t *cr, struct batch *b)
{
	if (b->count) {
		cairo_set_font_face(cr, b->face);
		cairo_show_text_glyphs(cr, b->text, b->bytes, b->glyphs, b->count, b->clusters,
				       b->count, 0);
	}
	b->text += b->bytes;
	b->bytes = 0;
	b->count = 0;
}

/* The run at the origin: every glyph in its cell, split where the face changes. */
static void show_run(const struct pdf *p, const struct mark *m)
{
	struct batch b = {.text = p->sheets->text.data + m->text};
	const char *s = b.text;
	cairo_font_face_t *face;
	unsigned long glyph;
	size_t i, step;
	double x = 0;
	uint32_t cp;

	for (i = 0; i < m->len; i += step) {
		step = text_next(s + i, m->len - i, &cp);
		face = fonts_glyph(p->fonts, m->font, cp, &glyph);
		if (face != b.face || b.count == RUN_GLYPHS)
			show(p->cr, &b);
		b.face = face;
		b.glyphs[b.count] = (cairo_glyph_t) {glyph, x, 0};
		b.clusters[b.count++] = (cairo_text_cluster_t) {(int)step, 1};
		b.bytes += (int)step;
		x += glyph_em(m->font, cp) * m->size;
	}
	show(p->cr, &b);
}

static void draw_text(const struct pdf *p, const struct mark *m)
{
	cairo_save(p->cr);
	cairo_translate(p->cr, m->x, m->y);
	if (m->angle != 0)
		cairo_rotate(p->cr, m->angle);
	if (m->stretch != 1)
		cairo_scale(p->cr, m->stretch, 1);
	cairo_set_font_size(p->cr, m->size);
	show_run(p, m);
	cairo_restore(p->cr);
}

static void draw_line(const struct pdf *p, const struct mark *m)
{
	cairo_set_line_width(p->cr, m->width);
	cairo_move_to(p->cr, m->x, m->y);
	cairo_line_to(p->cr, m->x2, m->y2);
	cairo_stroke(p->cr);
}

static void draw_rects(const struct pdf *p, const struct mark *m)
{
	size_t i;

	for (i = 0; i < m->rects; i++) {
		const struct rect *r = &p->sheets->rects[m->first_rect + i];

		cairo_rectangle(p->cr, r->x, r->y, r->w, r->h);
	}
	cairo_fill(p->cr);
}

static void draw_ellipse(const struct pdf *p, const struct mark *m)
{
	cairo_save(p->cr);
	cairo_translate(p->cr, m->x, m->y);
	cairo_scale(p->cr, m->x2, m->y2);
	cairo_new_sub_path(p->cr);
	cairo_arc(p->cr, 0, 0, 1, 0, 2 * M_PI);
	cairo_close_path(p->cr);
	cairo_restore(p->cr); /* the pen stays round */
	cairo_set_line_width(p->cr, m->width);
	cairo_stroke(p->cr);
}

static void (*const DRAW[])(const struct pdf *p, const struct mark *m) = {
    [MARK_TEXT] = draw_text,
    [MARK_LINE] = draw_line,
    [MARK_RECTS] = draw_rects,
    [MARK_ELLIPSE] = draw_ellipse,
};

static void draw_page(const struct pdf *p, const struct sheet *page)
{
	size_t i;

	cairo_scale(p->cr, PT_PER_MM, PT_PER_MM);
	for (i = page->first; i < page->first + page->count; i++) {
		const struct mark *m = &p->sheets->marks[i];

		set_ink(p->cr, m->ink);
		DRAW[m->kind](p, m);
	}
	cairo_identity_matrix(p->cr);
	cairo_show_page(p->cr);
}

static void set_metadata(cairo_surface_t *surface, const struct invoice *inv)
{
	char text[64];

	snprintf(text, sizeof(text), "电子发票 %s", inv->number);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, text);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "kaipiao");
	/* The moment of the invoice, not of the rendering: equal input, equal bytes. */
	snprintf(text, sizeof(text), "%.10sT%.8s+08:00", inv->issued_at, inv->issued_at + 11);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, text);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, text);
}

static cairo_status_t draw_pages(struct pdf *p, cairo_surface_t *surface)
{
	cairo_status_t status;
	size_t i;

	p->cr = cairo_create(surface);
	for (i = 0; i < p->sheets->page_count; i++) {
		const struct sheet *page = &p->sheets->pages[i];

		cairo_pdf_surface_set_size(surface, page->width * PT_PER_MM,
					   page->height * PT_PER_MM);
		draw_page(p, page);
	}
	status = cairo_status(p->cr);
	cairo_destroy(p->cr);
	return status;
}

enum err pdf_write(const struct print_face *face, const struct sheets *s, struct buf *out,
		   struct err_info *e)
{
	struct pdf p = {.sheets = s};
	cairo_status_t drawn, finished;
	cairo_surface_t *surface;
	enum err r;

	r = fonts_lock(&p.fonts, e);
	if (r != ERR_OK)
		return r;
	surface = cairo_pdf_surface_create_for_stream(write_bytes, out, 1, 1);
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	set_metadata(surface, face->invoice);
	drawn = draw_pages(&p, surface);
	cairo_surface_finish(surface);
	finished = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	fonts_unlock(p.fonts);
	if (drawn == CAIRO_STATUS_SUCCESS)
		drawn = finished;
	if (drawn != CAIRO_STATUS_SUCCESS)
		return err_fail(e, ERR_INTERNAL, "print.pdf", "PDF 文件", "%s",
				cairo_status_to_string(drawn));
	return ERR_OK;
}
