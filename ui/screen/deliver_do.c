/* deliver_do.c - mailing and pushing invoices from wherever they are shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/screen/deliver.h"

enum { FIELD_TO = 1, MOST = 1000 };

/* What the open dialog is for: there is one at a time. */
static struct {
	int64_t ids[MOST];
	size_t n;
	char known[MAIL_TO_TEXT], note[400];
} asked;

static const struct field MAIL[] = {
    {.id = FIELD_TO,
     .kind = FIELD_TEXT,
     .label = "收件人",
     .col = 9,
     .width = 56,
     .wide_width = 80,
     .max_chars = 600,
     .help = "邮箱地址，几个用逗号隔开；空着用发票上的，其次购方信息里的。"},
    {.id = 0},
};

static void fill(struct form *f, void *arg)
{
	(void)arg;
	form_set(f, FIELD_TO, asked.known);
}

static void no_of(int64_t id, char out[24])
{
	snprintf(out, 24, "#%lld", (long long)id);
}

/* Each for itself: one that cannot be sent does not keep the others. */
static size_t send_all(const char *to, struct err_info *last)
{
	struct desk_wait w = {0};
	struct err_info e;
	size_t i, done = 0;
	int64_t id;
	char no[24];

	for (i = 0; i < asked.n; i++) {
		no_of(asked.ids[i], no);
		err_clear(&e);
		if (desk_mail_send(ui_session(), no, to, &id, &w, &e))
			*last = e;
		else
			done++;
	}
	desk_wait_free(&w);
	return done;
}

static bool submit(struct form *f, void *arg)
{
	struct err_info e = {0};
	char sentence[1200];
	size_t done = send_all(form_get(f, FIELD_TO), &e);

	(void)arg;
	if (done)
		ui_wake_engine();
	if (!done) {
		form_fail(f, FIELD_TO, ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	if (done < asked.n)
		ui_message(MESSAGE_WARNING, "%zu 封已排队，%zu 封没有：%s", done, asked.n - done,
			   ui_sentence(&e, sentence, sizeof(sentence)));
	else
		ui_message(MESSAGE_GOOD, "%zu 封邮件已排队，发送结果见交付与推送", done);
	return true;
}

static void describe(void)
{
	struct invoice_record r;
	char no[24];

	asked.known[0] = 0;
	if (asked.n > 1) {
		snprintf(asked.note, sizeof(asked.note),
			 "%zu 张发票各发一封。空着：发到每张发票自己的邮箱；填写：全部发到这里。",
			 asked.n);
		return;
	}
	no_of(asked.ids[0], no);
	desk_mail_address(ui_session(), no, asked.known, sizeof(asked.known), NULL);
	text_copy(asked.note, sizeof(asked.note), "附件和文字按邮件设置。");
	if (!desk_invoice_head(ui_session(), asked.ids[0], &r, NULL)) {
		snprintf(asked.note, sizeof(asked.note), "%.200s，号码 %s。附件和文字按邮件设置。",
			 r.invoice.buyer.name, r.invoice.number);
		asked.note[text_whole(asked.note, strlen(asked.note))] = 0;
		invoice_record_free(&r);
	}
}

void deliver_mail(const int64_t *ids, size_t n)
{
	if (!n)
		return;
	asked.n = n < MOST ? n : MOST;
	memcpy(asked.ids, ids, asked.n * sizeof(*ids));
	describe();
	view_push(&view_form_ops, &(struct ask_form_arg) {.title = "发送邮件",
							  .fields = MAIL,
							  .fill = fill,
							  .note = asked.note,
							  .submit = submit});
}

void deliver_push(const int64_t *ids, size_t n)
{
	struct desk_wait w = {0};
	struct err_info e = {0}, last = {0};
	size_t i, done = 0;
	int64_t count;
	char no[24], sentence[1200];

	for (i = 0; i < n; i++) {
		no_of(ids[i], no);
		err_clear(&e);
		if (desk_push_queue(ui_session(), no, NULL, NULL, &count, &w, &e))
			last = e;
		else
			done++;
	}
	desk_wait_free(&w);
	if (done)
		ui_wake_engine();
	if (last.class && n == 1)
		ui_error(&last);
	else if (last.class)
		ui_message(MESSAGE_WARNING, "%zu 张已登记推送，%zu 张没有：%s", done, n - done,
			   ui_sentence(&last, sentence, sizeof(sentence)));
	else
		ui_message(MESSAGE_GOOD, "%zu 张已登记推送，结果见交付与推送", done);
}
