/* letter.c - what a mail carries: subject and text with the invoice's facts, the layout files. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sync/mail_p.h"

enum {
	SUBJECT_CHARS = 200,
	TEXT_MAX = 64 * 1024,
	FILES_MAX = 25 * 1024 * 1024, /* what mail servers commonly take, base64 not counted */
};

void letter_init(struct letter *l)
{
	memset(l, 0, sizeof(*l));
	buf_init(&l->subject, TEXT_MAX);
	buf_init(&l->text, TEXT_MAX);
	for (size_t i = 0; i < PRINT_FORMATS; i++)
		buf_init(&l->content[i], FILES_MAX);
}

void letter_free(struct letter *l)
{
	buf_free(&l->subject);
	buf_free(&l->text);
	for (size_t i = 0; i < PRINT_FORMATS; i++)
		buf_free(&l->content[i]);
}

static const char *media_type(enum print_format f)
{
	static const char *const TYPES[PRINT_FORMATS] = {[PRINT_PDF] = "application/pdf",
							 [PRINT_OFD] = "application/ofd",
							 [PRINT_XML] = "application/xml",
							 [PRINT_TEXT] = "text/plain"};

	return TYPES[f];
}

static enum err render(enum print_format f, const struct print_face *face, const char *rule,
		       struct letter *l, struct err_info *e)
{
	struct buf *b = &l->content[l->count];
	char suffix[8] = ".";
	size_t total = 0;
	enum err r = print_render(f, face, b, e);

	for (size_t i = 0; i <= l->count; i++)
		total += l->content[i].len;
	if (b->failed || total > FILES_MAX)
		return err_fail(e, ERR_INVALID, "mail.size", "发送邮件",
				"附件超过 %d 兆字节，邮件服务器不会收", FILES_MAX >> 20);
	if (r)
		return r;
	text_copy(suffix + 1, sizeof(suffix) - 1, print_format_word(f));
	print_naming_make(rule, face->invoice, suffix, l->names[l->count]);
	l->files[l->count] = (struct mail_file) {
	    .name = l->names[l->count], .type = media_type(f), .data = buf_str(b), .size = b->len};
	l->count++;
	return ERR_OK;
}

static enum err add_files(struct engine *en, const struct unit *u, const char *formats,
			  const struct invoice *inv, struct letter *l, struct err_info *e)
{
	static const enum print_format ALL[] = {PRINT_PDF, PRINT_OFD, PRINT_XML};
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	struct unit direct = {0};
	char rule[NAMING_RULE + 1];
	bool found = false;
	enum err r;

	if (!(r = store_unit_get(en->db, u->direct_id, &direct, e)) &&
	    !(r = store_taxpayer_get(en->db, u->id, t, &found, e)) &&
	    !(r = store_setting_get(en->db, "files", "naming", print_naming_default, rule,
				    sizeof(rule), e))) {
		struct print_face face = {
		    .invoice = inv,
		    .seller = found ? t : NULL,
		    .region_code = u->region,
		    .platform_no = direct.leqi_id,
		    .issue_mode = u->joint ? PRINT_MODE_THIRD_PARTY : PRINT_MODE_OWN,
		    .accepted = true,
		    .production = u->env == ENV_PRODUCTION,
		    .watermark = u->env == ENV_PRODUCTION ? "" : "演练",
		};

		for (size_t i = 0; !r && i < sizeof(ALL) / sizeof(ALL[0]); i++)
			if (strstr(formats, print_format_word(ALL[i])))
				r = render(ALL[i], &face, rule, l, e);
	}
	unit_free(&direct);
	free(t);
	return r;
}

/* A subject is one line of at most SUBJECT_CHARS. */
static void clean_subject(struct letter *l)
{
	char *clean = text_clean(buf_str(&l->subject), SUBJECT_CHARS, false);

	buf_reset(&l->subject);
	buf_adds(&l->subject, clean);
	free(clean);
}

enum err letter_write(struct engine *en, const struct unit *u, const struct mail_server *server,
		      int64_t invoice, struct letter *l, struct err_info *e)
{
	struct invoice_record rec;
	enum err r = store_invoice_get(en->db, invoice, &rec, e);

	if (r)
		return r;
	if (rec.state != INVOICE_ISSUED) {
		r = err_fail(e, ERR_INVALID, "mail.state", "发送邮件",
			     "发票的状态是“%s”，开票成功的才能发送",
			     invoice_state_label(rec.state));
	} else {
		print_naming_fill(server->subject, &rec.invoice, &l->subject);
		print_naming_fill(server->body, &rec.invoice, &l->text);
		clean_subject(l);
		r = add_files(en, u, server->formats, &rec.invoice, l, e);
	}
	invoice_record_free(&rec);
	return r;
}

void letter_test(const struct unit *u, struct letter *l)
{
	char at[DATETIME_TEXT];

	buf_adds(&l->subject, "开票工作站测试邮件");
	buf_addf(&l->text,
		 "这是“%s”的开票工作站发出的测试邮件，时间 %s。\n"
		 "收到它，说明邮件设置是对的；正式邮件会带上发票的版式文件。\n",
		 u->name, datetime_text(clock_now(), at));
}
