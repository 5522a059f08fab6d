/* deliver_set.c - the dialogs of 交付与推送: settings of pushes, tests, pushes of a month. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/screen/deliver_p.h"

int deliver_field_of(const char *name, const char *const names[], const int ids[], int otherwise)
{
	for (size_t i = 0; names[i]; i++) {
		if (!strcmp(names[i], name))
			return ids[i];
	}
	return otherwise;
}

const char *deliver_given(const struct form *f, int id)
{
	const char *text = form_get(f, id);

	return *text ? text : NULL;
}

/* ---- push ---- */

enum { URL = 1, KEY_ID, KEY, KINDS, TOGETHER, DAYS, PUSH_CA, PUSH_AUTOMATIC, PLAIN };

static const char *const KIND_CHOICES[] = {"全部", "数电普票", "数电专票", NULL};
static const char *const KIND_WORDS[] = {"all", "ordinary", "special"};

static const struct field PUSH[] = {
    {.id = URL,
     .kind = FIELD_TEXT,
     .label = "推送地址",
     .col = 13,
     .width = 50,
     .max_chars = 300,
     .required = true,
     .help = "业务系统接收开票结果的地址，https://主机:端口/路径。"},
    {.id = KEY_ID,
     .kind = FIELD_TEXT,
     .label = "密钥编号",
     .row = 1,
     .col = 13,
     .width = 24,
     .max_chars = 63,
     .required = true,
     .help = "放在请求头里，让接收方知道用哪把密钥验证签名。"},
    {.id = KEY,
     .kind = FIELD_SECRET,
     .label = "签名密钥",
     .row = 2,
     .col = 13,
     .width = 40,
     .max_chars = 256,
     .help = "与接收方约定的密钥，至少 16 个字符。加密保存；空着不改变已保存的。"},
    {.id = KINDS,
     .kind = FIELD_CHOICE,
     .label = "推送哪些",
     .row = 3,
     .col = 13,
     .width = 8,
     .choices = KIND_CHOICES,
     .help = "自动推送哪些发票，空格选择。"},
    {.id = TOGETHER,
     .kind = FIELD_DIGITS,
     .label = "一次几张",
     .row = 3,
     .col = 36,
     .width = 3,
     .offered = true,
     .max_chars = 3,
     .help = "0：一次一张；1 至 100：一次最多几张，内容是数组。"},
    {.id = DAYS,
     .kind = FIELD_DIGITS,
     .label = "重试天数",
     .row = 3,
     .col = 54,
     .width = 2,
     .offered = true,
     .max_chars = 2,
     .help = "推送不成，重试几天，之后需人工。"},
    {.id = PUSH_CA,
     .kind = FIELD_TEXT,
     .label = "CA 证书文件",
     .row = 4,
     .col = 13,
     .width = 50,
     .help = "接收方用自己的证书时，它的 CA（PEM）；空着不改变。"},
    {.id = PUSH_AUTOMATIC,
     .kind = FIELD_FLAG,
     .label = "自动推送",
     .row = 5,
     .col = 13,
     .width = 3,
     .help = "空格勾选：开票成功就推送；不勾选只在要求时推送。"},
    {.id = PLAIN,
     .kind = FIELD_FLAG,
     .label = "允许明文",
     .row = 5,
     .col = 36,
     .width = 3,
     .help = "空格勾选：允许 http。只在自己的内网里、确实没有证书时才勾选。"},
    {.id = 0},
};

static void fill_push(struct form *f, void *arg)
{
	struct push_target t;
	enum invoice_kind k;
	char text[16], url[URL_TEXT];
	bool found = false;

	(void)arg;
	form_set(f, KINDS, KIND_CHOICES[0]);
	form_set(f, TOGETHER, "0");
	form_set(f, DAYS, "3");
	if (desk_push_target(ui_session(), &t, url, &found, NULL))
		return;
	if (found) {
		form_set(f, URL, url);
		form_set(f, KEY_ID, t.key_id);
		if (invoice_kind_parse(t.kinds, &k))
			form_set(f, KINDS, invoice_kind_label(k));
		snprintf(text, sizeof(text), "%d", t.together);
		form_set(f, TOGETHER, text);
		snprintf(text, sizeof(text), "%d", t.days);
		form_set(f, DAYS, text);
		form_set(f, PUSH_AUTOMATIC, t.automatic ? "1" : "");
		form_set(f, PLAIN, t.plain ? "1" : "");
	}
	push_target_free(&t);
}

static bool submit_push(struct form *f, void *arg)
{
	static const char *const NAMES[] = {"url",      "key-id", "secret",  "kinds",
					    "together", "days",   "ca-file", NULL};
	static const int IDS[] = {URL, KEY_ID, KEY, KINDS, TOGETHER, DAYS, PUSH_CA};
	int kinds = form_choice(f, KINDS);
	const struct push_form p = {
	    .url = form_get(f, URL),
	    .key_id = form_get(f, KEY_ID),
	    .secret = deliver_given(f, KEY),
	    .kinds = KIND_WORDS[kinds < 0 ? 0 : kinds],
	    .together = deliver_given(f, TOGETHER),
	    .days = deliver_given(f, DAYS),
	    .ca_file = deliver_given(f, PUSH_CA),
	    .automatic = form_flag(f, PUSH_AUTOMATIC) ? "yes" : "no",
	    .plain = form_flag(f, PLAIN) ? "yes" : "no",
	};
	struct err_info e = {0};
	char sentence[1200];

	(void)arg;
	if (desk_push_set(ui_session(), &p, &e)) {
		form_fail(f, deliver_field_of(e.field, NAMES, IDS, URL),
			  ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	ui_wake_engine();
	ui_message(MESSAGE_GOOD, "推送设置已保存，可以按 T 推送一条测试事件");
	return true;
}

bool deliver_ask_push_set(void)
{
	return view_push(&view_form_ops,
			 &(struct ask_form_arg) {.title = "推送设置",
						 .fields = PUSH,
						 .fill = fill_push,
						 .note = "密钥和 CA 空着：已保存的不变。",
						 .submit = submit_push,
						 .saves = true});
}

/* ---- tests ---- */

enum { TEST_TO = 1 };

static const struct field TEST[] = {
    {.id = TEST_TO,
     .kind = FIELD_TEXT,
     .label = "收件人",
     .col = 9,
     .width = 40,
     .required = true,
     .help = "测试邮件发到哪里，填自己的邮箱。"},
    {.id = 0},
};

static void fill_test(struct form *f, void *arg)
{
	struct mail_server m;
	bool found = false;

	(void)arg;
	if (desk_mail_server(ui_session(), &m, &found, NULL))
		return;
	form_set(f, TEST_TO, m.sender);
	mail_server_free(&m);
}

static bool submit_test(struct form *f, void *arg)
{
	struct deliver *s = arg;
	struct err_info e = {0};
	char sentence[1200];
	enum err r =
	    desk_mail_test(ui_session(), form_get(f, TEST_TO), errand_wait(&s->errand), &e);

	if (r) {
		form_fail(f, TEST_TO, ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	errand_begin(&s->errand, "测试邮件", r, &e);
	return true;
}

bool deliver_ask_test(struct deliver *s)
{
	struct err_info e = {0};
	enum err r;

	if (deliver_shows_mail(s))
		return view_push(&view_form_ops,
				 &(struct ask_form_arg) {.title = "测试邮件",
							 .fields = TEST,
							 .fill = fill_test,
							 .arg = s,
							 .note = "不带发票，只看能不能送达。",
							 .submit = submit_test});
	r = desk_push_test(ui_session(), errand_wait(&s->errand), &e);
	errand_begin(&s->errand, "测试推送", r, &e);
	return true;
}

/* ---- pushes of a month ---- */

enum { MONTH = 1, MONTH_KIND };

static const struct field MONTH_FIELDS[] = {
    {.id = MONTH,
     .kind = FIELD_TEXT,
     .label = "开具月份",
     .col = 11,
     .width = 8,
     .offered = true,
     .max_chars = 7,
     .required = true,
     .help = "开票日期所在的月份，yyyy-MM。"},
    {.id = MONTH_KIND,
     .kind = FIELD_CHOICE,
     .label = "发票种类",
     .row = 1,
     .col = 11,
     .width = 8,
     .choices = KIND_CHOICES,
     .help = "空格选择。"},
    {.id = 0},
};

static void fill_month(struct form *f, void *arg)
{
	char month[MONTH_TEXT];

	(void)arg;
	form_set(f, MONTH, month_text(clock_now(), month));
	form_set(f, MONTH_KIND, KIND_CHOICES[0]);
}

static bool submit_month(struct form *f, void *arg)
{
	struct desk_wait w = {0};
	struct err_info e = {0};
	int kind = form_choice(f, MONTH_KIND);
	int64_t count = 0;
	char sentence[1200];
	enum err r = desk_push_queue(ui_session(), NULL, KIND_WORDS[kind < 0 ? 0 : kind],
				     form_get(f, MONTH), &count, &w, &e);

	(void)arg;
	desk_wait_free(&w);
	if (r) {
		form_fail(f, MONTH, ui_sentence(&e, sentence, sizeof(sentence)));
		return false;
	}
	ui_wake_engine();
	ui_message(MESSAGE_GOOD, "%lld 张开票成功的发票已登记推送", (long long)count);
	return true;
}

bool deliver_ask_month(void)
{
	return view_push(
	    &view_form_ops,
	    &(struct ask_form_arg) {
		.title = "推送开票结果",
		.fields = MONTH_FIELDS,
		.fill = fill_month,
		.note = "推送这个月开票成功的发票；推送过的再推一次，接收方按事件编号去重。",
		.submit = submit_month});
}
