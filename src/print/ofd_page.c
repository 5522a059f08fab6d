/* Pages of the OFD package: the marks of a sheet as text and path objects. */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "print/ofd_p.h"

struct box {
	double x, y, w, h;
};

static void put_numbers(struct buf *b, const double *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ' ');
		markup_number(b, v[i]);
	}
}

static void put_list(struct buf *b, const char *attribute, const double *v, size_t n)
{
	buf_addf(b, " %s=\"", attribute);
	put_numbers(b, v, n);
	buf_addc(b, '"');
}

static unsigned begin_object(struct ofd *o, struct markup *m, const char *element, struct box at)
{
	const double v[] = {at.x, at.y, at.w, at.h};

	markup_indent(m);
	buf_addf(m->buf, "<ofd:%s ID=\"%u\"", element, ++o->last_id);
	put_list(m->buf, "Boundary", v, 4);
	return o->last_id;
}

static void put_color(struct buf *b, const char *element, enum face_ink ink)
{
	const struct face_rgb *c = &face_rgb[ink];

	buf_addf(b, "<ofd:%s Value=\"%d %d %d\"/>", element, c->r, c->g, c->b);
}

/* Distances between glyphs; three and more equal ones are written as "g count distance". */
static void put_distances(struct buf *b, const struct mark *m, const char *s)
{
	double pending = -1, d;
	size_t i, run = 0, step;
	bool begun = false;
	uint32_t cp;

	for (i = 0;; i += step) {
		step = i < m->len ? text_next(s + i, m->len - i, &cp) : 0;
		/* The last glyph has no distance after it. */
		d = step && i + step < m->len ? glyph_em(m->font, cp) * m->size : -1;
		if (run && d != pending) {
			buf_adds(b, begun ? " " : " DeltaX=\"");
			begun = true;
			if (run > 2)
				buf_addf(b, "g %zu ", run);
			markup_number(b, pending);
			if (run == 2) {
				buf_addc(b, ' ');
				markup_number(b, pending);
			}
			run = 0;
		}
		if (d < 0)
			break;
		pending = d;
		run++;
	}
	if (begun)
		buf_addc(b, '"');
}

static void note_field(struct ofd *o, enum face_field field, unsigned page, unsigned object)
{
	bool item = field >= FIELD_ITEM && field <= FIELD_TAX;

	if (field == FIELD_NONE)
		return;
	/* What is repeated on every page is referred to once. */
	if (!o->field_page[field])
		o->field_page[field] = page;
	if (!item && o->field_page[field] != page)
		return;
	if (o->ref_count == o->ref_cap) {
		o->ref_cap = o->ref_cap ? o->ref_cap * 2 : 64;
		o->refs = mem_realloc(o->refs, o->ref_cap * sizeof(*o->refs));
	}
	o->refs[o->ref_count++] = (struct ofd_ref) {field, page, object};
}

static void put_text(struct ofd *o, struct markup *m, const struct sheet *page, unsigned page_id,
		     const struct mark *k)
{
	const char *s = o->sheets->text.data + k->text;
	double width = text_em(k->font, s, k->len) * k->size * k->stretch,
	       rise = ASCENT_EM * k->size;
	struct box at = {k->x, k->y - rise, width, k->size};
	double ctm[] = {k->stretch * cos(k->angle),
			k->stretch * sin(k->angle),
			-sin(k->angle),
			cos(k->angle),
			0,
			0};
	struct buf *b = m->buf;
	unsigned id;

	if (k->len == 0)
		return;
	/* A turned run is placed by its matrix on the whole page. */
	if (k->angle != 0) {
		at = (struct box) {0, 0, page->width, page->height};
		ctm[4] = k->x;
		ctm[5] = k->y;
		rise = 0;
	}
	id = begin_object(o, m, "TextObject", at);
	note_field(o, k->field, page_id, id);
	if (k->angle != 0 || k->stretch != 1)
		put_list(b, "CTM", ctm, 6);
	buf_addf(b, " Font=\"%d\"", OFD_FONT_ID + (int)k->font);
	put_list(b, "Size", &k->size, 1);
	buf_addc(b, '>');
	put_color(b, "FillColor", k->ink);
	buf_adds(b, "<ofd:TextCode X=\"0\"");
	put_list(b, "Y", &rise, 1);
	put_distances(b, k, s);
	buf_addc(b, '>');
	markup_escape(b, s, k->len);
	buf_adds(b, "</ofd:TextCode></ofd:TextObject>\n");
}

static void begin_stroke(struct ofd *o, struct markup *m, const struct mark *k, struct box at)
{
	begin_object(o, m, "PathObject", at);
	put_list(m->buf, "LineWidth", &k->width, 1);
	buf_adds(m->buf, " Stroke=\"true\" Fill=\"false\">");
	put_color(m->buf, "StrokeColor", k->ink);
	buf_adds(m->buf, "<ofd:AbbreviatedData>");
}

static void end_path(struct markup *m)
{
	buf_adds(m->buf, "</ofd:AbbreviatedData></ofd:PathObject>\n");
}

static void put_point(struct buf *b, const char *operator, double x, double y)
{
	const double v[] = {x, y};

	buf_adds(b, operator);
	put_numbers(b, v, 2);
}

static void put_line(struct ofd *o, struct markup *m, const struct mark *k)
{
	/* The boundary holds the pen as well. */
	double half = k->width / 2, x = fmin(k->x, k->x2) - half, y = fmin(k->y, k->y2) - half;
	struct box at = {x, y, fabs(k->x2 - k->x) + k->width, fabs(k->y2 - k->y) + k->width};

	begin_stroke(o, m, k, at);
	put_point(m->buf, "M ", k->x - x, k->y - y);
	put_point(m->buf, " L ", k->x2 - x, k->y2 - y);
	end_path(m);
}

static void put_ellipse(struct ofd *o, struct markup *m, const struct mark *k)
{
	double half = k->width / 2, rx = k->x2, ry = k->y2;
	struct box at = {k->x - rx - half, k->y - ry - half, 2 * rx + k->width, 2 * ry + k->width};
	const double right[] = {rx, ry, 0, 1, 1, 2 * rx + half, ry + half};
	const double left[] = {rx, ry, 0, 1, 1, half, ry + half};

	begin_stroke(o, m, k, at);
	put_point(m->buf, "M ", half, ry + half);
	buf_adds(m->buf, " A ");
	put_numbers(m->buf, right, 7);
	buf_adds(m->buf, " A ");
	put_numbers(m->buf, left, 7);
	buf_adds(m->buf, " C");
	end_path(m);
}

static void put_rects(struct ofd *o, struct markup *m, const struct mark *k)
{
	const struct rect *r = &o->sheets->rects[k->first_rect];
	double x1 = INFINITY, y1 = INFINITY, x2 = 0, y2 = 0;
	size_t i;

	for (i = 0; i < k->rects; i++) {
		x1 = fmin(x1, r[i].x);
		y1 = fmin(y1, r[i].y);
		x2 = fmax(x2, r[i].x + r[i].w);
		y2 = fmax(y2, r[i].y + r[i].h);
	}
	begin_object(o, m, "PathObject", (struct box) {x1, y1, x2 - x1, y2 - y1});
	buf_adds(m->buf, " Stroke=\"false\" Fill=\"true\">");
	put_color(m->buf, "FillColor", k->ink);
	buf_adds(m->buf, "<ofd:AbbreviatedData>");
	for (i = 0; i < k->rects; i++) {
		double x = r[i].x - x1, y = r[i].y - y1;

		put_point(m->buf, i ? " M " : "M ", x, y);
		put_point(m->buf, " L ", x + r[i].w, y);
		put_point(m->buf, " L ", x + r[i].w, y + r[i].h);
		put_point(m->buf, " L ", x, y + r[i].h);
		buf_adds(m->buf, " C");
	}
	end_path(m);
}

static void put_mark(struct ofd *o, struct markup *m, const struct sheet *page, unsigned page_id,
		     const struct mark *k)
{
	switch (k->kind) {
	case MARK_TEXT:
		put_text(o, m, page, page_id, k);
		break;
	case MARK_LINE:
		put_line(o, m, k);
		break;
	case MARK_ELLIPSE:
		put_ellipse(o, m, k);
		break;
	case MARK_RECTS:
		put_rects(o, m, k);
		break;
	}
}

void ofd_put_page(struct ofd *o, size_t i, struct buf *out)
{
	const struct sheet *page = &o->sheets->pages[i];
	const double box[] = {0, 0, page->width, page->height};
	unsigned page_id = ++o->last_id;
	struct markup m;
	size_t k;

	o->page_ids[i] = page_id;
	markup_init(&m, out);
	markup_open(&m, "ofd:Page", OFD_NAMESPACE);
	markup_open(&m, "ofd:Area", "");
	markup_indent(&m);
	buf_adds(out, "<ofd:PhysicalBox>");
	put_numbers(out, box, 4);
	buf_adds(out, "</ofd:PhysicalBox>\n");
	markup_close(&m, "ofd:Area");
	markup_open(&m, "ofd:Content", "");
	markup_indent(&m);
	buf_addf(out, "<ofd:Layer ID=\"%u\" Type=\"Body\">\n", ++o->last_id);
	m.depth++;
	for (k = page->first; k < page->first + page->count; k++)
		put_mark(o, &m, page, page_id, &o->sheets->marks[k]);
	markup_close(&m, "ofd:Layer");
	markup_close(&m, "ofd:Content");
	markup_close(&m, "ofd:Page");
}
