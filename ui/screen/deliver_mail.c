/* deliver_mail.c - the settings of mail: server, sender, subject, and the text line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/grid.h"
#include "ui/loop.h"
#include "ui/screen/deliver_p.h"
#include "ui/screen/entry.h"

enum { ROWS = 8, LINES_MAX = 400, LINE_CHARS = 1000, BODY_MAX = 1 << 20 };
enum { LINE = 1 };

struct mail_set {
	struct entry entry;
	struct grid text;
};

enum {
	HOST = 1,
	PORT,
	SECURITY,
	LOGIN,
	PASSWORD,
	SENDER,
	SENDER_NAME,
	SUBJECT,
	FORMATS,
	CA_FILE,
	AUTOMATIC,
	DAYS
};

static const char *const SECURITIES[] = {"TLS", "STARTTLS", "不加密", NULL};
static const char *const SECURITY_WORDS[] = {"tls", "starttls", "plain"};
static const char *const FORMAT_CHOICES[] = {"pdf,ofd,xml", "pdf,ofd", "pdf,xml", "pdf",
					     "ofd,xml",     "ofd",     "xml",     NULL};

static const struct field MAIL[] = {
    {.id = HOST,
     .kind = FIELD_TEXT,
     .label = "邮件服务器",
     .col = 13,
     .width = 30,
     .required = true,
     .help = "SMTP 主机名，例如 smtp.exmail.qq.com、smtp.163.com。"},
    {.id = PORT,
     .kind = FIELD_DIGITS,
     .label = "端口",
     .col = 53,
     .width = 5,
     .offered = true,
     .max_chars = 5,
     .help = "空着按加密方式：TLS 465，STARTTLS 587。"},
    {.id = SECURITY,
     .kind = FIELD_CHOICE,
     .label = "加密方式",
     .row = 1,
     .col = 13,
     .width = 8,
     .choices = SECURITIES,
     .help = "空格选择；不加密只能用于本机的邮件服务器。证书总是要验证。"},
    {.id = FORMATS,
     .kind = FIELD_CHOICE,
     .label = "附件",
     .row = 1,
     .col = 32,
     .width = 12,
     .choices = FORMAT_CHOICES,
     .help = "附上哪些版式文件；文件名按文件命名规则。"},
    {.id = AUTOMATIC,
     .kind = FIELD_FLAG,
     .label = "自动发送",
     .row = 1,
     .col = 59,
     .width = 3,
     .help = "空格勾选：开票成功就发到发票上的邮箱，没有邮箱的不发。"},
    {.id = LOGIN,
     .kind = FIELD_TEXT,
     .label = "用户名",
     .row = 2,
     .col = 13,
     .width = 24,
     .help = "登录名，通常就是邮箱地址；服务器不要求登录的空着。"},
    {.id = PASSWORD,
     .kind = FIELD_SECRET,
     .label = "密码",
     .row = 2,
     .col = 46,
     .width = 24,
     .max_chars = 200,
     .help = "多数邮箱要在网页上取得“授权码”。加密保存；空着不改变已保存的。"},
    {.id = SENDER,
     .kind = FIELD_TEXT,
     .label = "发件人",
     .row = 3,
     .col = 13,
     .width = 24,
     .required = true,
     .help = "发件人的邮箱地址，多数服务器要求与用户名相同。"},
    {.id = SENDER_NAME,
     .kind = FIELD_TEXT,
     .label = "发件人名称",
     .row = 3,
     .col = 52,
     .width = 18,
     .max_chars = 40,
     .help = "收件人看到的名称，空着用单位名称。"},
    {.id = SUBJECT,
     .kind = FIELD_TEXT,
     .label = "主题",
     .row = 4,
     .col = 13,
     .width = 57,
     .max_chars = 100,
     .help = "可用 {号码} {购方} {税号} {日期} {价税合计} {订单号} {票种}。"},
    {.id = CA_FILE,
     .kind = FIELD_TEXT,
     .label = "CA 证书文件",
     .row = 5,
     .col = 13,
     .width = 34,
     .help = "服务器用自己的证书时，它的 CA（PEM）；空着不改变已保存的。"},
    {.id = DAYS,
     .kind = FIELD_DIGITS,
     .label = "重试天数",
     .row = 5,
     .col = 59,
     .width = 2,
     .offered = true,
     .max_chars = 2,
     .help = "暂时送不出去，重试几天（1 至 30），之后算失败。"},
    {.id = 0},
};

static const struct grid_column TEXT[] = {
    {.id = LINE,
     .label = "正文（一行一行填；空行用插行）",
     .width = 68,
     .wide_width = 98,
     .max_chars = LINE_CHARS,
     .help =
	 "邮件正文，可用 {号码} {购方} {税号} {日期} {价税合计} {订单号} {票种}；全部删去就用原来的。"},
    {.id = 0},
};

/* Nothing follows from the text. */
static void text_changed(struct grid *g, int first, int last)
{
	(void)g;
	(void)first;
	(void)last;
}

static const struct grid_hooks HOOKS = {.changed = text_changed};

static const char *security_choice(const char *word)
{
	for (size_t i = 0; i < 3; i++) {
		if (!strcmp(SECURITY_WORDS[i], word))
			return SECURITIES[i];
	}
	return SECURITIES[0];
}

/* ---- the text ---- */

static void fill_body(struct grid *g, const char *body)
{
	const char *end;
	int row = 0;

	for (; *body; body = *end ? end + 1 : end) {
		char *line;

		end = strchrnul(body, '\n');
		line = mem_strndup(body, (size_t)(end - body));
		grid_set(g, row++, LINE, line);
		free(line);
	}
	grid_focus(g, 0, LINE);
}

/* The lines down to the last one that holds something; malloc'd. */
static char *read_body(const struct grid *g)
{
	struct buf b;
	int row, last = g->count - 1;

	while (last >= 0 && !*grid_get(g, last, LINE))
		last--;
	buf_init(&b, BODY_MAX);
	for (row = 0; row <= last; row++)
		buf_addf(&b, "%s\n", grid_get(g, row, LINE));
	return buf_detach(&b);
}

/* ---- filling in and saving ---- */

static void fill_server(struct form *f, const struct mail_server *m)
{
	char port[16] = "";

	snprintf(port, sizeof(port), "%d", m->port);
	form_set(f, HOST, m->host);
	form_set(f, PORT, port);
	form_set(f, SECURITY, security_choice(m->security));
	form_set(f, LOGIN, m->user);
	form_set(f, SENDER, m->sender);
	form_set(f, SENDER_NAME, m->sender_name);
	form_set(f, SUBJECT, m->subject);
	form_set(f, FORMATS, m->formats);
	form_set(f, AUTOMATIC, m->automatic ? "1" : "");
	snprintf(port, sizeof(port), "%d", m->days);
	form_set(f, DAYS, port);
}

static void fill(struct mail_set *s)
{
	struct form *f = &s->entry.form;
	struct mail_server m;
	bool found = false;

	form_set(f, SECURITY, SECURITIES[0]);
	form_set(f, FORMATS, FORMAT_CHOICES[0]);
	form_set(f, DAYS, "3");
	form_set(f, SUBJECT, mail_subject_default);
	if (desk_mail_server(ui_session(), &m, &found, NULL))
		found = false;
	else if (found)
		fill_server(f, &m);
	fill_body(&s->text, found && m.body ? m.body : mail_body_default);
	mail_server_free(&m);
}

static bool save(struct mail_set *s)
{
	static const char *const NAMES[] = {"host",     "port",    "security",    "user",
					    "password", "sender",  "sender-name", "subject",
					    "formats",  "ca-file", "days",        NULL};
	static const int IDS[] = {HOST,        PORT,    SECURITY, LOGIN,   PASSWORD, SENDER,
				  SENDER_NAME, SUBJECT, FORMATS,  CA_FILE, DAYS};
	struct form *f = &s->entry.form;
	int security = form_choice(f, SECURITY);
	/* What was not touched stays as it is, whoever wrote it. */
	char *body = s->text.dirty ? read_body(&s->text) : NULL;
	const struct mail_form m = {
	    .host = form_get(f, HOST),
	    .port = deliver_given(f, PORT),
	    .security = SECURITY_WORDS[security < 0 ? 0 : security],
	    .user = form_get(f, LOGIN),
	    .password = deliver_given(f, PASSWORD),
	    .ca_file = deliver_given(f, CA_FILE),
	    .sender = form_get(f, SENDER),
	    .sender_name = deliver_given(f, SENDER_NAME),
	    .subject = form_get(f, SUBJECT),
	    .body = body,
	    .formats = form_get(f, FORMATS),
	    .days = deliver_given(f, DAYS),
	    .automatic = form_flag(f, AUTOMATIC) ? "yes" : "no",
	};
	struct err_info e = {0};
	char sentence[1200];
	enum err r = desk_mail_set(ui_session(), &m, &e);

	free(body);
	if (r) {
		ui_sentence(&e, sentence, sizeof(sentence));
		if (!strcmp(e.field, "body")) {
			s->entry.part = ENTRY_MORE;
			ui_message(MESSAGE_ERROR, "%s", sentence);
		} else {
			entry_fail(&s->entry, deliver_field_of(e.field, NAMES, IDS, HOST),
				   sentence);
		}
		return false;
	}
	ui_wake_engine();
	ui_message(MESSAGE_GOOD, "邮件设置已保存，可以按 T 发一封测试邮件");
	return true;
}

static void submit(struct mail_set *s)
{
	const char *sentence = form_check(&s->entry.form);

	if (sentence) {
		s->entry.part = ENTRY_FORM;
		ui_message(MESSAGE_ERROR, "%s", sentence);
	} else if (save(s)) {
		view_pop(true, NULL);
	}
}

/* ---- the view ---- */

static enum err mail_open(struct view *v, const void *arg, struct err_info *e)
{
	struct mail_set *s = v->state;

	(void)arg;
	(void)e;
	entry_init(&s->entry, "邮件设置（密码、CA 空着：已保存的不变）", MAIL, s);
	grid_init(&s->text, TEXT, &HOOKS, s, LINES_MAX);
	s->entry.has_more = true;
	fill(s);
	s->entry.form.dirty = s->text.dirty = false;
	return ERR_OK;
}

static void mail_close(struct view *v)
{
	struct mail_set *s = v->state;

	grid_free(&s->text);
	entry_free(&s->entry);
}

static struct rect mail_place(struct view *v, struct rect area)
{
	struct mail_set *s = v->state;

	return entry_place(&s->entry, area, ROWS);
}

static void mail_layout(struct view *v)
{
	struct mail_set *s = v->state;

	entry_layout(&s->entry, v->area, ROWS);
	grid_layout(&s->text, s->entry.more);
}

static void mail_paint(struct view *v)
{
	struct mail_set *s = v->state;

	draw_box(v->area, s->entry.title);
	text_copy(s->entry.note, sizeof(s->entry.note),
		  s->entry.part == ENTRY_MORE ? grid_help(&s->text) : "");
	s->entry.note_face = FACE_DIM;
	entry_paint(&s->entry, v->area);
	grid_paint(&s->text, s->entry.part == ENTRY_MORE);
}

static bool mail_act(struct view *v, enum action a)
{
	struct mail_set *s = v->state;
	enum entry_result r;

	if (entry_grid_act(&s->entry, &s->text, a))
		return true;
	r = entry_act(&s->entry, a);
	if (r == ENTRY_SUBMIT)
		submit(s);
	return entry_take(r);
}

static bool mail_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct mail_set *s = v->state;

	return entry_grid_key(&s->entry, &s->text, k, paste, n);
}

static const char *const *mail_sections(const struct view *v)
{
	static const char *const GRID[] = {"grid", "form", NULL};
	const struct mail_set *s = v->state;

	return s->entry.part == ENTRY_MORE ? GRID : entry_sections(&s->entry);
}

static const enum action *mail_hints(const struct view *v)
{
	static const enum action FORM[] = {ACT_SAVE,     ACT_ENTER, ACT_NEXT,
					   ACT_PREVIOUS, ACT_BACK,  ACT_NONE};
	static const enum action GRID[] = {ACT_SAVE, ACT_ENTER, ACT_ROW_INSERT, ACT_ROW_DELETE,
					   ACT_UNDO, ACT_BACK,  ACT_NONE};
	const struct mail_set *s = v->state;

	return s->entry.part == ENTRY_MORE ? GRID : FORM;
}

static const char *mail_help(const struct view *v)
{
	const struct mail_set *s = v->state;

	if (s->entry.part == ENTRY_MORE)
		return grid_help(&s->text);
	return s->entry.part == ENTRY_FORM ? form_help(&s->entry.form)
					   : "回车确定或取消；上键回到正文。";
}

static bool mail_leave(struct view *v, bool forced)
{
	struct mail_set *s = v->state;

	return entry_leave(&s->entry, forced);
}

const struct view_ops view_mail_set_ops = {
    .name = "mail-set",
    .modal = true,
    .size = sizeof(struct mail_set),
    .open = mail_open,
    .place = mail_place,
    .layout = mail_layout,
    .paint = mail_paint,
    .sections = mail_sections,
    .key = mail_key,
    .act = mail_act,
    .hints = mail_hints,
    .help = mail_help,
    .leave = mail_leave,
    .close = mail_close,
};

bool deliver_ask_mail_set(void)
{
	return view_push(&view_mail_set_ops, NULL);
}
