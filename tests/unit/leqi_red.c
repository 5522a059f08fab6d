/* leqi_red - red letters on the wire: whole requests written by hand, answers of every shape. */
#include "tax_help.h"

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"
#include "tax/red.h"

static void put_line(struct red_letter *l, const char *name, unsigned row, const char *quantity,
		     const char *price, int64_t net, int64_t tax)
{
	struct red_line *r = red_add_line(l);

	mem_set(&r->tax_code, "1090511030000000000");
	mem_set(&r->name, name);
	mem_set(&r->short_name, "计算机外部设备");
	mem_set(&r->spec, "K1");
	mem_set(&r->unit, "台");
	r->rate_ppm = 130000;
	r->blue_row = row;
	r->net_fen = net;
	r->tax_fen = tax;
	if (quantity) {
		r->has_quantity = true;
		assert_true(dec_parse(quantity, &r->quantity) && dec_parse(price, &r->price));
	}
}

/* 300.00 of 500.00 comes back: three at 66.67, and 100.00 without quantity. */
static void letter_of(struct red_letter *l)
{
	red_letter_init(l);
	l->reason = RED_RETURN;
	mem_set(&l->seller_tax_no, "91440000TEST00001X");
	mem_set(&l->seller_name, "甲\"公司\\");
	mem_set(&l->buyer_tax_no, "91440000TEST00002X");
	mem_set(&l->buyer_name, "乙公司");
	mem_set(&l->blue_number, "26447000000000000001");
	mem_set(&l->blue_kind, "01");
	text_copy(l->blue_issued_at, sizeof(l->blue_issued_at), "2026-03-05 09:30:00");
	l->blue_net_fen = 50000;
	l->blue_tax_fen = 6500;
	l->net_fen = -30000;
	l->tax_fen = -3900;
	put_line(l, "打印机", 1, "-3", "66.6666666666667", -20000, -2600);
	put_line(l, "硒鼓", 3, NULL, NULL, -10000, -1300);
}

static char *body_of(const struct red_letter *l)
{
	struct err_info e = {0};
	struct buf out;

	buf_init(&out, 1 << 20);
	if (leqi_red_body(l, &out, &e) != ERR_OK)
		fail_msg("%s: %s", e.what, e.why);
	return buf_detach(&out);
}

static void application(void **state)
{
	static const char WANT[] =
	    "{\"lrfsf\":\"0\",\"xsfnsrsbh\":\"91440000TEST00001X\",\"xsfmc\":\"甲\\\"公司\\\\\","
	    "\"gmfnsrsbh\":\"91440000TEST00002X\",\"gmfmc\":\"乙公司\",\"lzfpdm\":\"\","
	    "\"lzfphm\":\"26447000000000000001\",\"sfzzfpbz\":\"N\","
	    "\"lzkprq\":\"2026-03-05 09:30:00\",\"lzhjje\":\"500.00\",\"lzhjse\":\"65.00\","
	    "\"lzfppzDm\":\"01\",\"lzfpTdyslxDm\":\"\",\"hzcxje\":\"-300.00\","
	    "\"hzcxse\":\"-39.00\",\"chyyDm\":\"02\",\"hzqrdmxList\":["
	    "{\"lzmxxh\":\"1\",\"xh\":\"1\",\"sphfwssflhbbm\":\"1090511030000000000\","
	    "\"hwhyslwfwmc\":\"*计算机外部设备*打印机\",\"spfwjc\":\"计算机外部设备\","
	    "\"xmmc\":\"打印机\",\"ggxh\":\"K1\",\"dw\":\"台\",\"fpspdj\":\"66.6666666666667\","
	    "\"fpspsl\":\"-3\",\"je\":\"-200.00\",\"sl1\":\"0.13\",\"se\":\"-26.00\"},"
	    "{\"lzmxxh\":\"3\",\"xh\":\"2\",\"sphfwssflhbbm\":\"1090511030000000000\","
	    "\"hwhyslwfwmc\":\"*计算机外部设备*硒鼓\",\"spfwjc\":\"计算机外部设备\","
	    "\"xmmc\":\"硒鼓\",\"ggxh\":\"K1\",\"dw\":\"台\",\"fpspdj\":\"\",\"fpspsl\":\"\","
	    "\"je\":\"-100.00\",\"sl1\":\"0.13\",\"se\":\"-13.00\"}]}";
	struct red_letter l;
	char *body;

	(void)state;
	letter_of(&l);
	body = body_of(&l);
	assert_string_equal(body, WANT);
	free(body);
	/* An old one of paper, applied for by the buyer; 20 is the tax side's own mark. */
	l.entered_by = RED_BUYER;
	l.blue_paper = true;
	mem_set(&l.blue_code, "044002100111");
	mem_set(&l.blue_number, "12345678");
	mem_set(&l.element, "20");
	body = body_of(&l);
	assert_non_null(strstr(body, "{\"lrfsf\":\"1\","));
	assert_non_null(strstr(body, "\"lzfpdm\":\"044002100111\",\"lzfphm\":\"12345678\","
				     "\"sfzzfpbz\":\"Y\""));
	assert_non_null(strstr(body, "\"lzfpTdyslxDm\":\"\""));
	free(body);
	mem_set(&l.element, "03");
	body = body_of(&l);
	assert_non_null(strstr(body, "\"lzfpTdyslxDm\":\"03\""));
	free(body);
	red_letter_free(&l);
}

static void refused(const struct red_letter *l, const char *what, const char *field)
{
	struct err_info e = {0};
	struct buf out;

	buf_init(&out, 1 << 20);
	assert_int_equal(leqi_red_body(l, &out, &e), ERR_INVALID);
	if (!strstr(e.what, what))
		fail_msg("%s not in %s", what, e.what);
	if (field)
		assert_string_equal(e.field, field);
	buf_free(&out);
}

static void incomplete_applications(void **state)
{
	struct red_letter l;

	(void)state;
	letter_of(&l);
	mem_set(&l.lines[1].tax_code, "109051103000000000");
	refused(&l, "第 2 行税收分类编码", "lines[1].tax_code");
	mem_set(&l.lines[1].tax_code, "1090511030000000000");
	l.lines[0].blue_row = 0;
	refused(&l, "第 1 行对应蓝字发票明细序号", NULL);
	l.lines[0].blue_row = 1;
	l.lines[0].rate_ppm = -1;
	refused(&l, "第 1 行税率", NULL);
	l.lines[0].rate_ppm = 130000;
	l.reason = 0;
	refused(&l, "冲红原因", NULL);
	l.reason = RED_RETURN;
	l.blue_issued_at[0] = 0;
	refused(&l, "蓝字发票开票日期", NULL);
	text_copy(l.blue_issued_at, sizeof(l.blue_issued_at), "2026-03-05 09:30:00");
	mem_set(&l.buyer_name, "");
	refused(&l, "购买方名称", "buyer.name");
	mem_set(&l.buyer_name, "乙公司");
	red_clear_lines(&l);
	refused(&l, "红字明细", NULL);
	red_letter_free(&l);
}

/* ---- requests as they would leave, caught before they do ---- */

static char sent[8192];

static enum err catch_request(void *arg, const char *service, const struct leqi_reply *rep)
{
	(void)arg;
	snprintf(sent, sizeof(sent), "%s %s", service, rep->request);
	return ERR_BUSY;
}

static struct leqi *catcher(void)
{
	struct leqi *l = NULL;
	struct err_info e = {0};

	assert_int_equal(leqi_open(&l, &e), ERR_OK);
	leqi_set_trace(l, catch_request, NULL);
	return l;
}

static const struct leqi_unit UNIT = {.base_url = "https://tax.example/invoke",
				      .direct_id = "aaaaaaaaaaaaaaaaaaaa",
				      .using_id = "bbbbbbbbbbbbbbbbbbbb"};

static enum err no_letter(void *arg, const struct red_letter *l)
{
	(void)arg;
	(void)l;
	fail_msg("no letter is expected");
	return ERR_OK;
}

static void requests(void **state)
{
	struct leqi *q = catcher();
	struct leqi_red_query query = {.tax_no = "91440000TEST00001X",
				       .name = "甲公司",
				       .from = "2026-03-01",
				       .to = "2026-03-31",
				       .page = 2,
				       .size = 100};
	struct leqi_red_page page;
	struct leqi_red_answer answer;
	struct leqi_reply rep;
	struct red_letter l, got;
	char at[DATETIME_TEXT];
	bool found;

	(void)state;
	assert_int_equal(leqi_red_list(q, &UNIT, &query, no_letter, NULL, &page, &rep), LEQI_LATER);
	assert_string_equal(
	    sent,
	    "CXQDHZQRDLB {\"yhjslx\":\"0\",\"xsfnsrsbh\":\"91440000TEST00001X\","
	    "\"xsfmc\":\"甲公司\",\"gmfnsrsbh\":\"\",\"gmfmc\":\"\",\"lrfsf\":\"\","
	    "\"lrrqq\":\"2026-03-01\",\"lrrqz\":\"2026-03-31\",\"lzfpdm\":\"\",\"lzfphm\":\"\","
	    "\"hzfpxxqrdbh\":\"\",\"hzqrxxztDm\":\"\",\"fppzDm\":\"\",\"pageNumber\":\"2\","
	    "\"pageSize\":\"100\"}");
	leqi_reply_free(&rep);
	query.side = RED_BUYER;
	query.entered_by = "1";
	query.blue_number = "26447000000000000001";
	leqi_red_list(q, &UNIT, &query, no_letter, NULL, &page, &rep);
	assert_non_null(strstr(sent, "{\"yhjslx\":\"1\",\"xsfnsrsbh\":\"\",\"xsfmc\":\"\","
				     "\"gmfnsrsbh\":\"91440000TEST00001X\",\"gmfmc\":\"甲公司\","
				     "\"lrfsf\":\"1\""));
	assert_non_null(strstr(sent, "\"lzfphm\":\"26447000000000000001\""));
	leqi_reply_free(&rep);

	letter_of(&l);
	mem_set(&l.uuid, "fedcba9876543210fedcba9876543210");
	mem_set(&l.number, "44000026030000000001");
	assert_int_equal(leqi_red_act(q, &UNIT, &l, RED_DENY, at, &rep), LEQI_LATER);
	assert_string_equal(sent, "QDHZQRDQR {\"xsfnsrsbh\":\"91440000TEST00001X\","
				  "\"uuid\":\"fedcba9876543210fedcba9876543210\","
				  "\"hzqrdbh\":\"44000026030000000001\",\"qrlx\":\"N\"}");
	leqi_reply_free(&rep);
	leqi_red_act(q, &UNIT, &l, RED_CONFIRM, at, &rep);
	assert_non_null(strstr(sent, "\"qrlx\":\"Y\""));
	leqi_reply_free(&rep);
	leqi_red_act(q, &UNIT, &l, RED_REVOKE, at, &rep);
	assert_non_null(strstr(sent, "\"qrlx\":\"C\""));
	leqi_reply_free(&rep);
	/* Issuing is an upload, no answer to a letter. */
	sent[0] = 0;
	assert_int_equal(leqi_red_act(q, &UNIT, &l, RED_ISSUE, at, &rep), LEQI_MISCONFIGURED);
	assert_string_equal(sent, "");
	leqi_reply_free(&rep);

	leqi_red_detail(q, &UNIT, l.uuid, l.seller_tax_no, &got, &found, &rep);
	assert_string_equal(sent, "CXQDHZQRDMX {\"uuid\":\"fedcba9876543210fedcba9876543210\","
				  "\"xsfnsrsbh\":\"91440000TEST00001X\"}");
	assert_false(found);
	red_letter_free(&got);
	leqi_reply_free(&rep);

	/* A person's number is starred in what is kept of the request. */
	mem_set(&l.buyer_tax_no, "11010519491231002X");
	assert_int_equal(leqi_red_apply(q, &UNIT, &l, &answer, &rep), LEQI_LATER);
	assert_null(strstr(sent, "11010519491231002X"));
	assert_non_null(strstr(sent, "\"gmfnsrsbh\":\"110*************2X\""));
	leqi_reply_free(&rep);
	/* What cannot be sent is our own refusal: nothing leaves. */
	red_clear_lines(&l);
	sent[0] = 0;
	assert_int_equal(leqi_red_apply(q, &UNIT, &l, &answer, &rep), LEQI_MISCONFIGURED);
	assert_int_equal(rep.http_status, 0);
	assert_string_equal(sent, "");
	leqi_reply_free(&rep);
	red_letter_free(&l);
	leqi_close(&q);
}

/* ---- answers ---- */

#define SHORT   "计算机外部设备"
#define PRINTER "打印机"
#define DRUM    "硒鼓"
#define SELLER  "甲公司"
#define BUYER   "乙公司"
#define PIECE   "台"

#define HEAD                                                                                       \
	"\"uuid\":\"fedcba9876543210fedcba9876543210\",\"hzfpxxqrdbh\":\"44000026030000000001\","  \
	"\"xsfnsrsbh\":\"91440000TEST00001X\",\"xsfmc\":\"" SELLER "\","                           \
	"\"gmfnsrsbh\":\"91440000TEST00002X\",\"gmfmc\":\"" BUYER "\",\"lzfpdm\":\"\","            \
	"\"lzfphm\":\"26447000000000000001\",\"sfzzfpbz\":\"N\",\"lzkprq\":\"2026-03-05 "          \
	"09:30:00\",\"qrrq\":\"\",\"ykjhzfpbz\":\"N\",\"hzfphm\":\"\",\"hzkprq\":\"\","            \
	"\"lrrq\":\"2026-03-06 10:00:00\","
#define TEXTS                                                                                      \
	"\"lrfsf\":\"1\",\"lzhjje\":\"500.00\",\"lzhjse\":\"65.00\",\"lzfppzDm\":\"01\","          \
	"\"lzfpTdyslxDm\":\"\",\"hzcxje\":\"-300.00\",\"hzcxse\":\"-39.00\","                      \
	"\"hzqrdmxsl\":\"2\",\"chyyDm\":\"02\",\"hzqrxxztDm\":\"03\",\"yxbz\":\"Y\""
#define NUMBERS                                                                                    \
	"\"lrfsf\":1,\"lzhjje\":500,\"lzhjse\":65.0,\"lzfppzDm\":1,\"lzfpTdyslxDm\":null,"         \
	"\"hzcxje\":-300.0,\"hzcxse\":-39,\"hzqrdmxsl\":2,\"chyyDm\":2,\"hzqrxxztDm\":3"

static enum err keep_letter(void *arg, const struct red_letter *l)
{
	struct red_letter *out = arg;

	red_letter_free(out);
	red_letter_copy(out, l);
	return ERR_OK;
}

static enum leqi_class page_of(const char *text, struct red_letter *last,
			       struct leqi_red_page *page)
{
	struct leqi_reply rep = {0};
	cJSON *data = NULL;
	enum leqi_class class;

	assert_int_equal(json_parse(text, strlen(text), 1 << 20, &data, NULL), ERR_OK);
	*page = (struct leqi_red_page) {.total = -1};
	class = red_read_page(data, keep_letter, last, page, &rep);
	json_free(&data);
	leqi_reply_free(&rep);
	return class;
}

static void assert_letter(const struct red_letter *l)
{
	assert_string_equal(l->uuid, "fedcba9876543210fedcba9876543210");
	assert_string_equal(l->number, "44000026030000000001");
	assert_int_equal(l->entered_by, RED_BUYER);
	assert_int_equal(l->state, RED_WAITS_SELLER);
	assert_int_equal(l->reason, RED_RETURN);
	assert_string_equal(l->blue_number, "26447000000000000001");
	assert_string_equal(l->blue_kind, "01");
	assert_string_equal(l->element, "");
	assert_string_equal(l->blue_issued_at, "2026-03-05 09:30:00");
	assert_string_equal(l->entered_at, "2026-03-06 10:00:00");
	assert_string_equal(l->confirmed_at, "");
	assert_int_equal(l->blue_net_fen, 50000);
	assert_int_equal(l->blue_tax_fen, 6500);
	assert_int_equal(l->net_fen, -30000);
	assert_int_equal(l->tax_fen, -3900);
	assert_int_equal(l->declared_lines, 2);
	assert_true(l->valid);
	assert_false(l->issued || l->blue_paper);
}

static void pages(void **state)
{
	static const char *const GOOD[] = {
	    "{\"hzqrxxList\":{\"pageNumber\":1,\"pageSize\":10,\"total\":1,\"list\":[{" HEAD TEXTS
	    "}]}}",
	    "{\"hzqrxxList\":{\"total\":\"1\",\"list\":[{" HEAD NUMBERS "}]}}",
	    /* another name of the array, blanks in keys, the rows bare, the total beside them */
	    "{\"hzqrxxList\":{\"total\":1,\"rows\":[{\"qrrq \":\"\"," HEAD TEXTS "}]}}",
	    "{\"hzqrxxList\":[{" HEAD NUMBERS "}],\"total\":1}",
	};
	struct leqi_red_page page;
	struct red_letter l;

	(void)state;
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
		red_letter_init(&l);
		assert_int_equal(page_of(GOOD[i], &l, &page), LEQI_OK);
		assert_int_equal(page.rows, 1);
		assert_int_equal(page.unread, 0);
		assert_int_equal(page.total, 1);
		assert_letter(&l);
		red_letter_free(&l);
	}
	red_letter_init(&l);
	assert_int_equal(page_of("{\"hzqrxxList\":{\"total\":0}}", &l, &page), LEQI_OK);
	assert_int_equal(page.total, 0);
	assert_int_equal(page_of("{\"hzqrxxList\":{\"total\":0,\"list\":[]}}", &l, &page), LEQI_OK);
	/* No total: the caller goes by the rows. */
	assert_int_equal(page_of("{\"hzqrxxList\":{\"list\":[{" HEAD TEXTS "}]}}", &l, &page),
			 LEQI_OK);
	assert_int_equal(page.total, -1);
	/* Nothing that could be a list: asked again, never taken for "none". */
	assert_int_equal(page_of("{\"hzqrxxList\":{\"total\":3}}", &l, &page), LEQI_LOST);
	assert_int_equal(page_of("{\"a\":1}", &l, &page), LEQI_LOST);
	assert_int_equal(page_of("{\"hzqrxxList\":null}", &l, &page), LEQI_LOST);
	red_letter_free(&l);
}

/* One row nobody can read does not hide the others. */
static void bad_rows(void **state)
{
	static const char *const BAD[] = {
	    "1",
	    "null",
	    "{}",
	    "{" HEAD "\"lrfsf\":\"2\",\"hzcxje\":\"-1.00\",\"hzcxse\":\"0.00\",\"chyyDm\":\"01\","
	    "\"hzqrxxztDm\":\"01\"}",
	    "{" HEAD "\"lrfsf\":\"0\",\"hzcxje\":\"-1.00\",\"hzcxse\":\"0.00\",\"chyyDm\":\"01\","
	    "\"hzqrxxztDm\":\"\"}",
	    /* an identity that would have to be cut */
	    "{\"uuid\":\"fedcba9876543210fedcba98765432100\",\"lrfsf\":\"0\",\"hzcxje\":\"-1.00\","
	    "\"hzcxse\":\"0.00\",\"chyyDm\":\"01\",\"hzqrxxztDm\":\"01\"}",
	    "{" HEAD "\"lrfsf\":\"0\",\"hzcxje\":\"-1.00\",\"hzcxse\":\"0.00\",\"chyyDm\":\"\","
	    "\"hzqrxxztDm\":\"01\"}",
	    "{" HEAD "\"lrfsf\":\"0\",\"hzcxje\":\"1.00\",\"hzcxse\":\"0.00\",\"chyyDm\":\"01\","
	    "\"hzqrxxztDm\":\"01\"}",
	    "{" HEAD "\"lrfsf\":\"0\",\"hzcxje\":\"-1e3\",\"hzcxse\":\"0.00\",\"chyyDm\":\"01\","
	    "\"hzqrxxztDm\":\"01\"}",
	    "{" HEAD "\"lrfsf\":\"0\",\"hzcxse\":\"0.00\",\"chyyDm\":\"01\","
	    "\"hzqrxxztDm\":\"01\"}",
	};
	struct leqi_red_page page;
	struct red_letter l;
	char text[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		red_letter_init(&l);
		snprintf(text, sizeof(text),
			 "{\"hzqrxxList\":{\"total\":2,\"list\":[%s,{" HEAD TEXTS "}]}}", BAD[i]);
		assert_int_equal(page_of(text, &l, &page), LEQI_OK);
		assert_int_equal(page.rows, 2);
		assert_int_equal(page.unread, 1);
		assert_letter(&l);
		red_letter_free(&l);
	}
}

static bool letter_from(const char *text, struct red_letter *l)
{
	cJSON *data = NULL;
	bool ok;

	red_letter_init(l);
	assert_int_equal(json_parse(text, strlen(text), 1 << 20, &data, NULL), ERR_OK);
	ok = red_read_letter(data, l);
	json_free(&data);
	return ok;
}

/* A state of tomorrow is none of ours, and keeps its code. */
static void strange_states(void **state)
{
	struct red_letter l;

	(void)state;
	assert_true(letter_from("{" HEAD "\"lrfsf\":\"0\",\"hzcxje\":\"-1.00\",\"hzcxse\":\"0.00\","
				"\"chyyDm\":\"01\",\"hzqrxxztDm\":\"14\"}",
				&l));
	assert_int_equal(l.state, RED_UNKNOWN);
	assert_string_equal(l.strange, "14");
	assert_false(l.valid);
	red_letter_free(&l);
}

#define LINE1                                                                                      \
	"{\"xh\":\"1\",\"lzmxxh\":\"1\",\"sphfwssflhbbm\":\"1090511030000000000\","                \
	"\"hwhyslwfwmc\":\"*" SHORT "*" PRINTER "\",\"spfwjc\":\"" SHORT "\","                     \
	"\"xmmc\":\"" PRINTER "\",\"ggxh\":\"K1\",\"dw\":\"" PIECE                                 \
	"\",\"fpspdj\":\"66.6666666666667\","                                                      \
	"\"fpspsl\":\"-3\",\"je\":\"-200.00\",\"sl1\":\"0.13\",\"se\":\"-26.00\","                 \
	"\"kce\":\"\",\"yhzcbs\":\"\"}"
#define LINE2                                                                                      \
	"{\"xh\":2,\"lzmxxh\":3,\"sphfwssflhbbm\":1090511030000000000,"                            \
	"\"hwhyslwfwmc\":\"*" SHORT "*" DRUM "\",\"fpspdj\":null,\"je\":-100,\"sl1\":0.13,"        \
	"\"se\":-13.0,\"kce\":-5.5,\"yhzcbs\":1}"

static void details(void **state)
{
	struct red_letter l;

	(void)state;
	/* In the order of their own numbers, whatever that of the answer. */
	assert_true(letter_from(
	    "{" HEAD TEXTS ",\"cezslxDm\":2,\"hzqrxxmxList\":[" LINE2 "," LINE1 "]}", &l));
	assert_letter(&l);
	assert_string_equal(l.differential, "02");
	assert_int_equal(l.line_count, 2);
	assert_int_equal(l.lines[0].blue_row, 1);
	assert_true(l.lines[0].has_quantity);
	assert_int_equal(dec_cmp(l.lines[0].quantity, dec_from_int(-3)), 0);
	assert_int_equal(l.lines[0].net_fen, -20000);
	assert_int_equal(l.lines[0].rate_ppm, 130000);
	assert_string_equal(l.lines[0].unit, "台");
	assert_int_equal(l.lines[1].blue_row, 3);
	assert_false(l.lines[1].has_quantity);
	assert_int_equal(l.lines[1].tax_fen, -1300);
	assert_int_equal(l.lines[1].deduction_fen, -550);
	assert_string_equal(l.lines[1].preference, "01");
	/* The two parts of a name that is only told whole. */
	assert_string_equal(l.lines[1].short_name, "计算机外部设备");
	assert_string_equal(l.lines[1].name, "硒鼓");
	red_letter_free(&l);
	/* The name the list has in requests. */
	assert_true(letter_from("{" HEAD TEXTS ",\"hzqrdmxList\":[" LINE1 "," LINE2 "]}", &l));
	assert_int_equal(l.line_count, 2);
	red_letter_free(&l);
}

static void bad_details(void **state)
{
	static const char *const BAD[] = {
	    "",
	    ",\"hzqrxxmxList\":[]",
	    ",\"hzqrxxmxList\":{}",
	    ",\"hzqrxxmxList\":[1]",
	    ",\"hzqrxxmxList\":[{\"xh\":1}]",
	    /* no row of the blue one; a rate, a quantity alone, an amount nobody can read */
	    ",\"hzqrxxmxList\":[{\"xh\":1,\"je\":\"-1.00\",\"se\":\"0.00\",\"sl1\":\"0\"}]",
	    ",\"hzqrxxmxList\":[{\"xh\":1,\"lzmxxh\":1,\"je\":\"-1.00\",\"se\":\"0.00\","
	    "\"sl1\":\"13\"}]",
	    ",\"hzqrxxmxList\":[{\"xh\":1,\"lzmxxh\":1,\"je\":\"-1.00\",\"se\":\"0.00\","
	    "\"sl1\":\"0\",\"fpspsl\":\"-1\"}]",
	    ",\"hzqrxxmxList\":[{\"xh\":1,\"lzmxxh\":1,\"je\":\"-1.005\",\"se\":\"0.00\","
	    "\"sl1\":\"0\"}]",
	    /* a part of the sum, and a line that gives back */
	    ",\"hzqrxxmxList\":[" LINE1 "]",
	    ",\"hzqrxxmxList\":[" LINE1 "," LINE2 ",{\"xh\":3,\"lzmxxh\":4,\"je\":\"-9.00\","
	    "\"se\":\"0.00\",\"sl1\":\"0\"},{\"xh\":4,\"lzmxxh\":4,\"je\":\"9.00\",\"se\":\"0.00\","
	    "\"sl1\":\"0\"}]",
	};
	char text[4096];
	struct red_letter l;

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		snprintf(text, sizeof(text), "{" HEAD TEXTS "%s}", BAD[i]);
		/* The head is taken for its state, none of the lines. */
		assert_true(letter_from(text, &l));
		if (l.line_count)
			fail_msg("taken: %s", BAD[i]);
		red_letter_free(&l);
	}
}

/* Control characters, bidi marks and endless texts do not get in. */
static void hostile_texts(void **state)
{
	struct red_letter l;
	struct buf b;
	cJSON *data = NULL;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_addf(&b, "{" HEAD TEXTS ",\"cezslxDm\":\"xx\",\"hzqrxxmxList\":[{\"xh\":1,\"lzmxxh\":1,"
		     "\"xmmc\":\"a\\u001b[31m\\u202eb\\n");
	for (int i = 0; i < 3000; i++)
		buf_addf(&b, "长");
	buf_addf(&b, "\",\"je\":\"-300.00\",\"se\":\"-39.00\",\"sl1\":\"0.13\"}]}");
	assert_int_equal(json_parse(buf_str(&b), b.len, 1 << 20, &data, NULL), ERR_OK);
	red_letter_init(&l);
	assert_true(red_read_letter(data, &l));
	assert_int_equal(text_chars(l.lines[0].name), 600);
	assert_memory_equal(l.lines[0].name, "a[31mb长", 9);
	red_letter_free(&l);
	json_free(&data);
	buf_free(&b);
}

static void refusals(void **state)
{
	static const struct {
		const char *code, *message;
		bool unknown, exists;
	} ROWS[] = {
	    {"21", "x", true, false},
	    {"01", "红字确认单对应蓝字发票不存在，请稍后再试，或联系主管税务机关", true, false},
	    {"RI1000", "蓝字发票被锁定", false, true},
	    {"01", "[RI1000] 蓝字发票已锁定", false, true},
	    {"01", "该蓝字发票存在未完成的红字确认单", false, true},
	    {"01", "红字确认单数量大于蓝字发票", false, false},
	    {"01", "第1条明细单价与原蓝字发票不符", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		struct leqi_reply rep = {.class = LEQI_REFUSED};

		text_copy(rep.return_code, sizeof(rep.return_code), ROWS[i].code);
		text_copy(rep.message, sizeof(rep.message), ROWS[i].message);
		assert_int_equal(leqi_red_says_unknown_blue(&rep), ROWS[i].unknown);
		assert_int_equal(leqi_red_says_exists(&rep), ROWS[i].exists);
		/* What was lost says nothing. */
		rep.class = LEQI_LOST;
		assert_false(leqi_red_says_unknown_blue(&rep) || leqi_red_says_exists(&rep));
	}
}

static void documented(void **state)
{
	static const char *const SERVICES[] = {"QDHZQRDSQ", "QDHZQRDQR", "CXQDHZQRDLB",
					       "CXQDHZQRDMX"};
	static const size_t ROWS[] = {17 + 13, 4, 15, 2};
	struct leqi_field_doc doc;

	(void)state;
	for (size_t i = 0; i < sizeof(SERVICES) / sizeof(SERVICES[0]); i++) {
		size_t n = 0;

		while (leqi_field(SERVICES[i], n, &doc))
			n++;
		assert_int_equal(n, ROWS[i]);
	}
}

/* ---- the red invoice ---- */

static void red_invoice(struct invoice *inv)
{
	struct red_letter l;
	struct err_info e = {0};

	letter_of(&l);
	mem_set(&l.uuid, "fedcba9876543210fedcba9876543210");
	mem_set(&l.number, "44000026030000000001");
	l.state = RED_AGREED;
	l.valid = true;
	if (tax_red_invoice(&l, NULL, inv, &e) != ERR_OK)
		fail_msg("%s: %s", e.what, e.why);
	text_copy(inv->number, sizeof(inv->number), "26447000000000000099");
	text_copy(inv->issued_at, sizeof(inv->issued_at), "2026-03-07 09:30:00");
	mem_set(&inv->drawer, "张某");
	red_letter_free(&l);
}

static enum err put_invoice(const struct invoice *inv, char **body, struct err_info *e)
{
	const struct leqi_invoice in = {.invoice = inv,
					.direct_id = "aaaaaaaaaaaaaaaaaaaa",
					.region = "14400000000",
					.ip = "192.0.2.10",
					.mac = "00-00-5E-00-53-01"};
	struct buf out;
	enum err r;

	buf_init(&out, 1 << 20);
	r = leqi_invoice_body(&in, &out, e);
	*body = buf_detach(&out);
	return r;
}

static void has(const char *body, const char *part)
{
	if (!strstr(body, part))
		fail_msg("%s\nnot in\n%s", part, body);
}

static void upload_body(void **state)
{
	struct invoice inv;
	struct err_info e = {0};
	char *body;

	(void)state;
	red_invoice(&inv);
	assert_int_equal(put_invoice(&inv, &body, &e), ERR_OK);
	has(body, "{\"fphm\":\"26447000000000000099\",\"lzfpbz\":\"1\",");
	has(body, "\"fppz\":\"01\"");
	has(body, "\"hjje\":\"-300.00\",\"hjse\":\"-39.00\",\"jshj\":\"-339.00\"");
	has(body, "\"dylzfphm\":\"26447000000000000001\",\"hzqrxxdbh\":\"44000026030000000001\","
		  "\"hzqrduuid\":\"fedcba9876543210fedcba9876543210\"");
	has(body,
	    "{\"mxxh\":\"1\",\"dylzfpmxxh\":\"1\",\"hwhyslwfwmc\":\"*计算机外部设备*打印机\"");
	has(body, "\"sl\":\"-3\",\"dj\":\"66.6666666666667\",\"je\":\"-200.00\",\"slv\":\"0.13\","
		  "\"se\":\"-26.00\",\"hsje\":\"-226.00\",\"kce\":\"\"");
	has(body, "{\"mxxh\":\"2\",\"dylzfpmxxh\":\"3\"");
	has(body, "\"sl\":\"\",\"dj\":\"\",\"je\":\"-100.00\"");
	assert_null(strstr(body, "cekcList"));
	free(body);
	invoice_free(&inv);
}

static void upload_refusals(void **state)
{
	struct invoice inv;
	struct err_info e = {0};
	char *body;

	(void)state;
	red_invoice(&inv);
	mem_set(&inv.red_letter_uuid, "");
	assert_int_equal(put_invoice(&inv, &body, &e), ERR_INVALID);
	free(body);
	mem_set(&inv.red_letter_uuid, "fedcba9876543210fedcba9876543210");
	inv.lines[1].blue_row = 0;
	assert_int_equal(put_invoice(&inv, &body, &e), ERR_INVALID);
	assert_non_null(strstr(e.why, "第 2 行"));
	free(body);
	inv.lines[1].blue_row = 3;
	free(inv.remark);
	inv.remark = mem_alloc(RED_REMARK_CHARS + 2);
	memset(inv.remark, 'x', RED_REMARK_CHARS + 1);
	inv.remark[RED_REMARK_CHARS + 1] = 0;
	assert_int_equal(put_invoice(&inv, &body, &e), ERR_INVALID);
	assert_string_equal(e.field, "remark");
	free(body);
	inv.remark[RED_REMARK_CHARS] = 0;
	assert_int_equal(put_invoice(&inv, &body, &e), ERR_OK);
	free(body);
	/* A blue one that names a letter is refused here, too. */
	inv.red = false;
	assert_int_equal(put_invoice(&inv, &body, &e), ERR_INVALID);
	assert_string_equal(e.code, "wire.red");
	free(body);
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(application),     cmocka_unit_test(incomplete_applications),
	    cmocka_unit_test(requests),        cmocka_unit_test(pages),
	    cmocka_unit_test(bad_rows),        cmocka_unit_test(strange_states),
	    cmocka_unit_test(details),         cmocka_unit_test(bad_details),
	    cmocka_unit_test(hostile_texts),   cmocka_unit_test(refusals),
	    cmocka_unit_test(documented),      cmocka_unit_test(upload_body),
	    cmocka_unit_test(upload_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
