#include "print/fonts_p.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	BMP = 0x10000,
	EXTRA_FACES = 24, /* other fonts opened for characters the three lack */
	FACES = FONTS + EXTRA_FACES,
	NOT_ASKED = -1,
};

/* Families in order of preference; the first installed one is taken. */
static const struct {
	const char *families[4];
	uint32_t must_have; /* what the font has to contain to be taken at all */
	const char *package;
} WANTED[FONTS] = {
    [FONT_KAI] = {{"AR PL UKai CN", "KaiTi", "STKaiti", NULL}, 0x53D1, "fonts-arphic-ukai"},
    [FONT_SONG] = {{"AR PL UMing CN", "SimSun", "STSong", NULL}, 0x53D1, "fonts-arphic-uming"},
    [FONT_COURIER] = {{"Liberation Mono", "Courier New", NULL}, 0xA5, "fonts-liberation"},
};

struct loaded {
	cairo_font_face_t *face;
	cairo_scaled_font_t *scaled; /* for asking glyph numbers only */
	char *file;
	int index;
	int32_t *glyphs; /* of the BMP; NOT_ASKED, or the number, 0: it has none */
};

struct fonts {
	pthread_mutex_t lock;
	bool opened;
	struct loaded faces[FACES];
	size_t count;
	uint8_t *fallback; /* BMP: 1 + the face that has the character, 0: not asked */
};

static struct fonts context = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void load(struct loaded *l, FcPattern *match, const char *file, int index)
{
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_matrix_t unit;
	size_t i;

	cairo_matrix_init_identity(&unit);
	l->face = cairo_ft_font_face_create_for_pattern(match);
	l->scaled = cairo_scaled_font_create(l->face, &unit, &unit, options);
	cairo_font_options_destroy(options);
	l->file = mem_strdup(file);
	l->index = index;
	l->glyphs = mem_alloc(BMP * sizeof(*l->glyphs));
	for (i = 0; i < BMP; i++)
		l->glyphs[i] = NOT_ASKED;
}

/* The loaded face of the pattern's file, opening it when there is room; -1 when there is not. */
static int load_match(struct fonts *f, FcPattern *match)
{
	FcChar8 *file;
	int index = 0;
	size_t i;

	if (FcPatternGetString(match, FC_FILE, 0, &file) != FcResultMatch)
		return -1;
	FcPatternGetInteger(match, FC_INDEX, 0, &index);
	for (i = 0; i < f->count; i++)
		if (f->faces[i].index == index && !strcmp(f->faces[i].file, (char *)file))
			return (int)i;
	if (f->count == FACES)
		return -1;
	load(&f->faces[f->count], match, (char *)file, index);
	return (int)f->count++;
}

static FcPattern *match_pattern(FcPattern *p)
{
	FcPattern *match;
	FcResult result;

	FcConfigSubstitute(NULL, p, FcMatchPattern);
	FcDefaultSubstitute(p);
	match = FcFontMatch(NULL, p, &result);
	FcPatternDestroy(p);
	return match;
}

static bool has_char(FcPattern *match, uint32_t cp)
{
	FcCharSet *set;

	return FcPatternGetCharSet(match, FC_CHARSET, 0, &set) == FcResultMatch &&
	       FcCharSetHasChar(set, cp);
}

static enum err load_wanted(struct fonts *f, enum face_font font, struct err_info *e)
{
	FcPattern *p = FcPatternCreate(), *match;
	const char *const *family;
	enum err r = ERR_OK;

	for (family = WANTED[font].families; *family; family++)
		FcPatternAddString(p, FC_FAMILY, (const FcChar8 *)*family);
	match = match_pattern(p);
	if (!match || !has_char(match, WANTED[font].must_have) ||
	    load_match(f, match) != (int)font) {
		r = err_fail(e, ERR_INVALID, "print.font", "版式文件", "没有安装字体 %s",
			     WANTED[font].families[0]);
		err_hint(e, "请安装软件包 %s", WANTED[font].package);
	}
	if (match)
		FcPatternDestroy(match);
	return r;
}

/* Gives everything back when the process ends, so that leak checkers see only real leaks:
 * fontconfig and cairo hide their caches from them.  A thread that still renders keeps what it
 * uses. */
static void close_all(void)
{
	size_t i;

	if (pthread_mutex_trylock(&context.lock) != 0)
		return;
	for (i = 0; i < context.count; i++) {
		cairo_scaled_font_destroy(context.faces[i].scaled);
		cairo_font_face_destroy(context.faces[i].face);
		free(context.faces[i].glyphs);
		free(context.faces[i].file);
	}
	context.count = 0;
	free(context.fallback);
	context.fallback = NULL;
	cairo_debug_reset_static_data();
	FcFini();
}

/* A face that failed to load leaves the context as it was before, so that a later call, after the
 * package was installed, tries again. */
static enum err load_all(struct fonts *f, struct err_info *e)
{
	enum err r = ERR_OK;

	if (!f->opened) {
		if (!FcInit() || atexit(close_all) != 0)
			return err_fail(e, ERR_INTERNAL, "print.font", "版式文件",
					"无法读取字体配置");
		f->opened = true;
	}
	while (r == ERR_OK && f->count < FONTS)
		r = load_wanted(f, (enum face_font)f->count, e);
	if (r == ERR_OK && !f->fallback)
		f->fallback = mem_zalloc(BMP);
	return r;
}

enum err fonts_lock(struct fonts **out, struct err_info *e)
{
	enum err r;

	pthread_mutex_lock(&context.lock);
	r = load_all(&context, e);
	if (r != ERR_OK) {
		pthread_mutex_unlock(&context.lock);
		return r;
	}
	*out = &context;
	return ERR_OK;
}

void fonts_unlock(struct fonts *f)
{
	pthread_mutex_unlock(&f->lock);
}

static unsigned long ask_glyph(struct loaded *l, uint32_t cp)
{
	cairo_glyph_t room[4], *glyphs = room;
	unsigned long found = 0;
	int count = 4;
	char utf8[4];

	if (cairo_scaled_font_text_to_glyphs(l->scaled, 0, 0, utf8, (int)text_put(cp, utf8),
					     &glyphs, &count, NULL, NULL,
					     NULL) == CAIRO_STATUS_SUCCESS) {
		found = count == 1 ? glyphs[0].index : 0;
		if (glyphs != room)
			cairo_glyph_free(glyphs);
	}
	return found;
}

static unsigned long glyph_of(struct loaded *l, uint32_t cp)
{
	if (cp >= BMP)
		return ask_glyph(l, cp);
	if (l->glyphs[cp] == NOT_ASKED)
		l->glyphs[cp] = (int32_t)ask_glyph(l, cp);
	return (unsigned long)l->glyphs[cp];
}

/* Any installed outline font that has the character; -1: none. */
static int search(struct fonts *f, uint32_t cp)
{
	FcPattern *p = FcPatternCreate(), *match;
	FcCharSet *set = FcCharSetCreate();
	int found = -1;

	FcCharSetAddChar(set, cp);
	FcPatternAddCharSet(p, FC_CHARSET, set);
	FcPatternAddBool(p, FC_OUTLINE, FcTrue);
	FcPatternAddBool(p, FC_COLOR, FcFalse);
	FcPatternAddString(p, FC_LANG, (const FcChar8 *)"zh-cn");
	match = match_pattern(p);
	FcCharSetDestroy(set);
	if (match) {
		FcBool color = FcFalse, outline = FcTrue;

		FcPatternGetBool(match, FC_COLOR, 0, &color);
		FcPatternGetBool(match, FC_OUTLINE, 0, &outline);
		if (!color && outline && has_char(match, cp))
			found = load_match(f, match);
		FcPatternDestroy(match);
	}
	return found;
}

static const enum face_font SECOND[FONTS][2] = {
    [FONT_KAI] = {FONT_SONG, FONT_COURIER},
    [FONT_SONG] = {FONT_KAI, FONT_COURIER},
    [FONT_COURIER] = {FONT_SONG, FONT_KAI},
};

/* The face for a character that `font` does not have. */
static int fall_back(struct fonts *f, enum face_font font, uint32_t cp)
{
	int found;
	size_t i;

	for (i = 0; i < 2; i++)
		if (glyph_of(&f->faces[SECOND[font][i]], cp))
			return (int)SECOND[font][i];
	if (cp < BMP && f->fallback[cp])
		return f->fallback[cp] - 1;
	found = search(f, cp);
	if (found < 0 || !glyph_of(&f->faces[found], cp))
		found = (int)font;
	if (cp < BMP)
		f->fallback[cp] = (uint8_t)(found + 1);
	return found;
}

#define REPLACEMENT 0x25A1

cairo_font_face_t *fonts_glyph(struct fonts *f, enum face_font font, uint32_t cp,
			       unsigned long *glyph)
{
	int face = (int)font;

	*glyph = glyph_of(&f->faces[face], cp);
	if (*glyph == 0) {
		face = fall_back(f, font, cp);
		*glyph = glyph_of(&f->faces[face], cp);
	}
	if (*glyph == 0) {
		face = FONT_SONG;
		*glyph = glyph_of(&f->faces[face], REPLACEMENT);
	}
	return f->faces[face].face;
}
