#include "print/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "print/face_p.h"
#include "print/files_p.h"
#include "tax/validate.h"

static enum err render_pdf(const struct print_face *face, struct buf *out, struct err_info *e);
static enum err render_ofd(const struct print_face *face, struct buf *out, struct err_info *e);

static const struct {
	const char *word;
	enum err (*render)(const struct print_face *face, struct buf *out, struct err_info *e);
} FORMATS[PRINT_FORMATS] = {
    [PRINT_PDF] = {"pdf", render_pdf},
    [PRINT_OFD] = {"ofd", render_ofd},
    [PRINT_XML] = {"xml", xml_write},
    [PRINT_TEXT] = {"txt", text_write},
};

static enum err render_sheets(const struct print_face *face, struct buf *out, struct err_info *e,
			      enum err (*write)(const struct print_face *, const struct sheets *,
						struct buf *, struct err_info *))
{
	struct sheets s;
	enum err r;

	sheets_init(&s);
	r = face_sheets(face, &s, e);
	if (r == ERR_OK)
		r = write(face, &s, out, e);
	sheets_free(&s);
	return r;
}

static enum err render_pdf(const struct print_face *face, struct buf *out, struct err_info *e)
{
	return render_sheets(face, out, e, pdf_write);
}

static enum err render_ofd(const struct print_face *face, struct buf *out, struct err_info *e)
{
	return render_sheets(face, out, e, ofd_write);
}

enum err print_render(enum print_format f, const struct print_face *face, struct buf *out,
		      struct err_info *e)
{
	char qr[PRINT_QR_TEXT];
	enum err r = ERR_OK;

	/* A draft may be looked at on the terminal; a file needs number and date. */
	if (f != PRINT_TEXT)
		r = print_qr_text(face->invoice, qr, e);
	if (r == ERR_OK)
		r = FORMATS[f].render(face, out, e);
	if (r == ERR_OK && out->failed)
		r = err_fail(e, ERR_INTERNAL, "print.too_large", "版式文件", "内容过大");
	return r;
}

const char *print_file_name(enum print_format f, const struct invoice *inv,
			    char out[PRINT_NAME_TEXT])
{
	char buyer[128], when[DATETIME_TEXT], *name = tax_buyer_name(inv);
	const char *p = inv->issued_at;
	size_t n = 0;

	file_safe_name(buyer, sizeof(buyer), name);
	free(name);
	for (; *p; p++)
		if (*p >= '0' && *p <= '9')
			when[n++] = *p;
	when[n] = 0;
	snprintf(out, PRINT_NAME_TEXT, "dzfp_%s_%s_%s.%s", inv->number, buyer, when,
		 print_format_word(f));
	return out;
}

const char *print_format_word(enum print_format f)
{
	return FORMATS[f].word;
}

bool print_format_parse(const char *word, enum print_format *out)
{
	int f;

	for (f = 0; f < PRINT_FORMATS; f++) {
		if (text_eq(word, FORMATS[f].word)) {
			*out = (enum print_format)f;
			return true;
		}
	}
	return false;
}
