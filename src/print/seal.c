/* The supervision seal (layout section 4): an ellipse with three texts.  Radii and letter spacing
 * are ours, the edition gives the outer size, the thickness of the ring and the type only. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "print/face_p.h"

#define SEAL_X    105.0
#define SEAL_Y    18.0
#define SEAL_RX   15.0
#define SEAL_RY   10.0
#define RING      1.0
#define THIN_RX   13.5
#define THIN_RY   8.5
#define THIN      0.2
#define TEXT_RX   11.7 /* middle of the letters on the arcs */
#define TEXT_RY   6.7
#define SEAL_PT   7.0
#define PITCH_MAX 3.3

enum { ARC_STEPS = 720 };

/* Length of the arc from angle a to b in small steps. */
static double arc_length(double a, double b)
{
	double len = 0, step = (b - a) / ARC_STEPS, t;
	int i;

	for (i = 0; i < ARC_STEPS; i++) {
		t = a + (i + 0.5) * step;
		len += fabs(step) * hypot(TEXT_RX * sin(t), TEXT_RY * cos(t));
	}
	return len;
}

/* The angle at which the arc from a towards b has that length. */
static double angle_at(double a, double b, double length)
{
	double step = (b - a) / ARC_STEPS, t = a, len = 0;
	int i;

	for (i = 0; i < ARC_STEPS && len < length; i++) {
		len += fabs(step) * hypot(TEXT_RX * sin(t + step / 2), TEXT_RY * cos(t + step / 2));
		t += step;
	}
	return t;
}

/* One letter, its middle at the angle t of the ellipse; upright outwards (top) or inwards. */
static void arc_letter(struct sheets *s, double t, double pt, bool top, const char *c, size_t n)
{
	const struct pen pen = {FONT_KAI, INK_SEAL, pt, FIELD_NONE};
	double x = SEAL_X + TEXT_RX * cos(t), y = SEAL_Y + TEXT_RY * sin(t), size = pt * MM_PER_PT;
	/* The letter stands along the tangent, read from left to right. */
	double turn = top ? atan2(TEXT_RY * cos(t), -TEXT_RX * sin(t))
			  : atan2(-TEXT_RY * cos(t), TEXT_RX * sin(t));
	double dx = -size / 2, dy = (ASCENT_EM - 0.5) * size;

	sheets_run(s, pen, x + dx * cos(turn) - dy * sin(turn), y + dx * sin(turn) + dy * cos(turn),
		   1, turn, c, n);
}

/* Letters spread evenly around the middle of the arc from angle a to b. */
static void arc_text(struct sheets *s, double a, double b, bool top, const char *text)
{
	double length = arc_length(a, b), n = (double)text_chars(text), pt = SEAL_PT;
	double pitch = fmin(length / n, PITCH_MAX), at = (length - (n - 1) * pitch) / 2;
	size_t left = strlen(text), len;
	uint32_t cp;

	pt = fmin(pt, pitch / MM_PER_PT);
	for (; left; text += len, left -= len, at += pitch) {
		len = text_next(text, left, &cp);
		arc_letter(s, angle_at(a, b, at), pt, top, text, len);
	}
}

void face_seal(struct sheets *s, const char *office)
{
	const struct pen pen = {FONT_KAI, INK_SEAL, SEAL_PT, FIELD_NONE};
	static const char middle[] = "国家税务总局";

	sheets_ellipse(s, SEAL_X, SEAL_Y, SEAL_RX - RING / 2, SEAL_RY - RING / 2, RING, INK_SEAL);
	sheets_ellipse(s, SEAL_X, SEAL_Y, THIN_RX, THIN_RY, THIN, INK_SEAL);
	/* Angles run clockwise from the right: the upper half is pi to 2 pi. */
	arc_text(s, M_PI * 1.0, M_PI * 2.0, true, "全国统一发票监制章");
	arc_text(s, M_PI * 0.95, M_PI * 0.05, false, office);
	sheets_cell(s, pen, ALIGN_CENTRE, SEAL_X - THIN_RX, SEAL_X + THIN_RX, SEAL_Y, middle,
		    sizeof(middle) - 1);
}
