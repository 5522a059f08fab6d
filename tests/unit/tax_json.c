/* The JSON form: what it reads, what it refuses and where, and that writing reads back. */
#include "tax_help.h"

#include "base/json.h"
#include "base/text.h"

static const char whole[] =
    "{\"order_no\":\"SO-1\",\"kind\":\"special\",\"prices_include_tax\":false,"
    "\"buyer\":{\"name\":\"某某公司\",\"tax_no\":\"91440300708461136T\",\"address\":\"路 1 号\","
    "\"phone\":\"0755-1\",\"bank\":\"某行\",\"account\":\"6222\",\"is_person\":false,"
    "\"email\":\"a@b.cn\",\"mobile\":\"138\",\"id_type\":\"\",\"id_no\":\"\",\"country\":\"\"},"
    "\"handler\":{\"name\":\"李四\",\"id_type\":\"201\",\"id_no\":\"11010519491231002X\","
    "\"country\":\"156\",\"tax_no\":\"\",\"phone\":\"1\"},"
    "\"payments\":[{\"channel\":\"009\",\"number\":\"N1\"}],"
    "\"extras\":[{\"name\":\"合同号\",\"type\":\"文本\",\"value\":\"HT-1\"}],"
    "\"lines\":[{\"goods\":\"G1\",\"name\":\"项目\",\"tax_code\":\"3040201010000000000\","
    "\"short_name\":\"信息技术服务\",\"spec\":\"S\",\"unit\":\"套\",\"quantity\":\"2\","
    "\"price\":113.50,\"amount\":\"227.00\",\"tax_rate\":\"0.13\",\"preference\":\"\","
    "\"coal_kind\":\"\",\"discount\":{\"rate\":\"0.10\"}},"
    "{\"name\":\"乙\",\"tax_code\":\"3040201010000000000\",\"amount\":100,\"tax_rate\":\"6%\","
    "\"discount\":{\"amount\":\"3.30\"},\"quantity\":\"\"}],"
    "\"remark\":\"一\\n二\",\"payee\":\"甲\",\"reviewer\":\"乙\",\"drawer\":\"丙\","
    "\"business_type\":\"销售\",\"coal_quality\":\"\",\"settlement\":\"01\","
    "\"show_buyer_bank\":true,\"show_seller_bank\":false}";

static enum err read_invoice(const char *text, const char *path, struct invoice *inv,
			     struct err_info *e)
{
	cJSON *tree = NULL;
	enum err rc;

	if (json_parse(text, strlen(text), 1 << 24, &tree, e))
		fail_msg("not JSON: %s (%s)", text, e->why);
	rc = invoice_from_json(tree, path, inv, e);
	json_free(&tree);
	return rc;
}

static void every_member_is_read(void **state)
{
	(void)state;
	struct invoice inv;
	struct err_info e = {0};
	if (read_invoice(whole, "", &inv, &e))
		fail_msg("%s: %s %s", e.field, e.what, e.why);
	assert_int_equal(inv.kind, INVOICE_SPECIAL);
	assert_false(inv.prices_include_tax);
	assert_true(inv.show_buyer_bank);
	assert_string_equal(inv.order_no, "SO-1");
	assert_string_equal(inv.buyer.account, "6222");
	assert_string_equal(inv.handler_id_no, "11010519491231002X");
	assert_string_equal(inv.remark, "一\n二");
	assert_string_equal(inv.payments[0].number, "N1");
	assert_string_equal(inv.extras[0].value, "HT-1");
	assert_int_equal(inv.line_count, 2);
	const struct tax_line *l = &inv.lines[0];
	assert_string_equal(l->goods, "G1");
	assert_dec(l->price, "113.50");
	assert_int_equal(l->amount_fen, 22700);
	assert_int_equal(l->rate_ppm, 130000);
	assert_int_equal(l->discount.by, DISCOUNT_BY_RATE);
	assert_dec(l->discount.rate, "0.10");
	l = &inv.lines[1];
	assert_false(l->has_quantity || l->has_price);
	assert_true(l->has_amount);
	assert_int_equal(l->rate_ppm, 60000);
	assert_int_equal(l->discount.by, DISCOUNT_BY_AMOUNT);
	assert_int_equal(l->discount.amount_fen, 330);
	invoice_free(&inv);
}

static void defaults(void **state)
{
	(void)state;
	struct invoice inv;
	assert_int_equal(read_invoice("{\"kind\":\"ordinary\",\"lines\":[{}]}", "", &inv, NULL),
			 ERR_OK);
	assert_true(inv.prices_include_tax);
	assert_int_equal(inv.lines[0].rate_ppm, -1);
	assert_int_equal(inv.lines[0].discount.by, DISCOUNT_NONE);
	invoice_free(&inv);
}

/* ---- refusals ---- */

struct refusal {
	const char *text, *code, *field;
};

#define WITH(members) "{\"kind\":\"special\"," members "}"
#define LINE(members) WITH("\"lines\":[{},{" members "}]")

static const struct refusal refusals[] = {
    {"[]", "json.type", "[3]"},
    {"\"x\"", "json.type", "[3]"},
    {"{}", "json.kind", "[3].kind"},
    {"{\"kind\":\"Special\"}", "json.kind", "[3].kind"},
    {"{\"kind\":1}", "json.type", "[3].kind"},
    {"{\"kind\":null}", "json.type", "[3].kind"},
    {WITH("\"Buyer\":{}"), "json.unknown_key", "[3].Buyer"},
    {WITH("\"seller\":{}"), "json.unknown_key", "[3].seller"},
    {WITH("\"number\":\"26440000000000000001\""), "json.unknown_key", "[3].number"},
    {WITH("\"gross_amount\":\"1.00\""), "json.unknown_key", "[3].gross_amount"},
    {WITH("\"buyer.name\":\"x\""), "json.unknown_key", "[3].buyer.name"},
    {WITH("\"\":\"x\""), "json.unknown_key", "[3]"},
    {WITH("\"buyer\":{\"nmae\":\"x\"}"), "json.unknown_key", "[3].buyer.nmae"},
    {WITH("\"buyer\":{\"buyer\":{}}"), "json.unknown_key", "[3].buyer.buyer"},
    {WITH("\"buyer\":[]"), "json.type", "[3].buyer"},
    {WITH("\"buyer\":{\"name\":7}"), "json.type", "[3].buyer.name"},
    {WITH("\"buyer\":{\"name\":null}"), "json.type", "[3].buyer.name"},
    {WITH("\"buyer\":{\"is_person\":\"Y\"}"), "json.type", "[3].buyer.is_person"},
    {WITH("\"prices_include_tax\":1"), "json.type", "[3].prices_include_tax"},
    {WITH("\"lines\":{}"), "json.type", "[3].lines"},
    {WITH("\"lines\":[1]"), "json.type", "[3].lines[0]"},
    {WITH("\"payments\":[{\"kind\":\"\"}]"), "json.unknown_key", "[3].payments[0].kind"},
    {WITH("\"extras\":[{\"name\":true}]"), "json.type", "[3].extras[0].name"},
    {WITH("\"remark\":\"a\\u202eb\""), "text.forbidden", "[3].remark"},
    {WITH("\"remark\":\"a\\u0007b\""), "text.forbidden", "[3].remark"},
    {WITH("\"drawer\":\"a\\nb\""), "text.forbidden", "[3].drawer"},
    {WITH("\"settlement\":\"001\""), "text.too_long", "[3].settlement"},
    {LINE("\"unit_price\":\"1\""), "json.unknown_key", "[3].lines[1].unit_price"},
    {LINE("\"net_amount\":\"1\""), "json.unknown_key", "[3].lines[1].net_amount"},
    {LINE("\"name\":\"a\\u0000b\""), "json.syntax", ""},
    {LINE("\"tax_code\":3040201010000000000"), "json.type", "[3].lines[1].tax_code"},
    {LINE("\"tax_code\":\"30402010100000000001\""), "text.too_long", "[3].lines[1].tax_code"},
    {LINE("\"quantity\":\"1,000\""), "number.decimal", "[3].lines[1].quantity"},
    {LINE("\"quantity\":1e3"), "number.decimal", "[3].lines[1].quantity"},
    {LINE("\"quantity\":true"), "json.type", "[3].lines[1].quantity"},
    {LINE("\"quantity\":[1]"), "json.type", "[3].lines[1].quantity"},
    {LINE("\"price\":\"12345678901234567890.12345\""), "number.decimal", "[3].lines[1].price"},
    {LINE("\"amount\":\"1.005\""), "number.amount", "[3].lines[1].amount"},
    {LINE("\"amount\":\"10000000000000000\""), "number.amount", "[3].lines[1].amount"},
    {LINE("\"tax_rate\":\"13\""), "number.rate", "[3].lines[1].tax_rate"},
    {LINE("\"tax_rate\":\"-0.13\""), "number.rate", "[3].lines[1].tax_rate"},
    {LINE("\"discount\":\"0.1\""), "json.type", "[3].lines[1].discount"},
    {LINE("\"discount\":{}"), "json.discount", "[3].lines[1].discount"},
    {LINE("\"discount\":{\"rate\":\"0.1\",\"amount\":\"1\"}"), "json.discount",
     "[3].lines[1].discount"},
    {LINE("\"discount\":{\"percent\":\"1\"}"), "json.unknown_key", "[3].lines[1].discount.percent"},
    {LINE("\"discount\":{\"rate\":\"10%\"}"), "number.decimal", "[3].lines[1].discount.rate"},
    {LINE("\"discount\":{\"amount\":false}"), "json.type", "[3].lines[1].discount.amount"},
};

static void refusals_name_the_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		struct invoice inv;
		struct err_info e = {0};
		cJSON *tree = NULL;
		if (!strcmp(r->code, "json.syntax")) { /* the reader of JSON itself refuses */
			assert_int_equal(json_parse(r->text, strlen(r->text), 1 << 20, &tree, &e),
					 ERR_INVALID);
			continue;
		}
		if (read_invoice(r->text, "[3].", &inv, &e) != ERR_INVALID)
			fail_msg("accepted: %s", r->text);
		if (strcmp(e.code, r->code) != 0 || strcmp(e.field, r->field) != 0)
			fail_msg("%s: %s %s, wanted %s %s", r->text, e.code, e.field, r->code,
				 r->field);
		assert_true(*e.what && *e.why && *e.hint);
		assert_int_equal(inv.line_count, 0); /* stays empty */
		assert_string_equal(inv.order_no, "");
		invoice_free(&inv);
	}
}

static void words_name_the_row(void **state)
{
	(void)state;
	struct invoice inv;
	struct err_info e = {0};
	assert_int_equal(read_invoice(LINE("\"quantity\":\"x\""), "", &inv, &e), ERR_INVALID);
	assert_string_equal(e.what, "第 2 行数量");
	invoice_free(&inv);
	assert_int_equal(read_invoice(WITH("\"remark\":\"ab\\u202ec\""), "", &inv, &e),
			 ERR_INVALID);
	assert_non_null(strstr(e.why, "第 3 个字符"));
	assert_non_null(strstr(e.why, "U+202E"));
	invoice_free(&inv);
	assert_int_equal(read_invoice(WITH("\"settlement\":\"0123\""), "", &inv, &e), ERR_INVALID);
	assert_non_null(strstr(e.why, "4"));
	assert_non_null(strstr(e.why, "2"));
	invoice_free(&inv);
}

/* A hostile key or value never comes back raw. */
static void hostile_text_is_quoted_clean(void **state)
{
	(void)state;
	struct invoice inv;
	struct err_info e = {0};
	uint32_t cp;
	size_t at;
	assert_int_equal(read_invoice(WITH("\"a\\u001b[31m\\u202e\":1"), "", &inv, &e),
			 ERR_INVALID);
	assert_false(text_find_forbidden(e.what, false, &at, &cp));
	assert_false(text_find_forbidden(e.field, false, &at, &cp));
	invoice_free(&inv);
	assert_int_equal(read_invoice(LINE("\"amount\":\"\\u001b[2J\""), "", &inv, &e),
			 ERR_INVALID);
	assert_false(text_find_forbidden(e.why, false, &at, &cp));
	invoice_free(&inv);
}

/* ---- limits: each text at its limit is read, one more is refused ---- */

static void put_text(struct buf *b, const struct text_field *f, const char *open, const char *close,
		     unsigned chars)
{
	const char *key = strchr(f->key, '.') ? strchr(f->key, '.') + 1 : f->key;

	buf_adds(b, "{\"kind\":\"ordinary\",");
	buf_adds(b, open);
	buf_addf(b, "\"%s\":\"", key);
	for (unsigned i = 0; i < chars; i++)
		buf_adds(b, "字");
	buf_addf(b, "\"%s}", close);
}

static void try_limits(const struct text_field *fields, const char *open, const char *close)
{
	for (const struct text_field *f = fields; f->key; f++) {
		char group[64] = "";
		size_t n = strcspn(f->key, ".");
		if (!f->entered)
			continue;
		if (f->key[n])
			snprintf(group, sizeof(group), "\"%.*s\":{", (int)n, f->key);
		for (unsigned over = 0; over < 2; over++) {
			struct buf b;
			struct invoice inv;
			struct err_info e = {0};
			buf_init(&b, 1 << 16);
			put_text(&b, f, *group ? group : open, *group ? "}" : close,
				 f->max_chars + over);
			assert_int_equal(read_invoice(buf_str(&b), "", &inv, &e),
					 over ? ERR_INVALID : ERR_OK);
			assert_string_equal(e.code, over ? "text.too_long" : "");
			invoice_free(&inv);
			buf_free(&b);
		}
	}
}

static void limits_are_exact(void **state)
{
	(void)state;
	try_limits(invoice_texts, "", "");
	try_limits(line_texts, "\"lines\":[{", "}]");
	try_limits(payment_texts, "\"payments\":[{", "}]");
	try_limits(extra_texts, "\"extras\":[{", "}]");
}

/* ---- writing ---- */

static char *write_invoice(const struct invoice *inv, bool computed)
{
	struct buf b;
	struct json_out o;

	buf_init(&b, 1 << 20);
	json_out_init(&o, &b, computed ? 2 : 0);
	json_open(&o, NULL, '{');
	invoice_put_json(&o, inv, computed);
	json_close(&o, '}');
	return buf_detach(&b);
}

static void writing_reads_back(void **state)
{
	(void)state;
	struct invoice a, b;
	assert_int_equal(read_invoice(whole, "", &a, NULL), ERR_OK);
	char *first = write_invoice(&a, false);
	assert_int_equal(read_invoice(first, "", &b, NULL), ERR_OK);
	char *second = write_invoice(&b, false);
	assert_string_equal(first, second);
	assert_int_equal(tax_invoice_compute(&a, NULL), ERR_OK);
	assert_int_equal(tax_invoice_compute(&b, NULL), ERR_OK);
	assert_int_equal(a.gross_fen, b.gross_fen);
	for (const struct text_field *f = invoice_texts; f->key; f++)
		if (f->entered)
			assert_string_equal(text_value(&a, f), text_value(&b, f));
	free(first);
	free(second);
	invoice_free(&a);
	invoice_free(&b);
}

static void computed_form_has_results(void **state)
{
	(void)state;
	struct invoice inv;
	cJSON *tree = NULL;
	assert_int_equal(read_invoice(whole, "", &inv, NULL), ERR_OK);
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	mem_set(&inv.seller.name, "销方");
	char *text = write_invoice(&inv, true);
	assert_int_equal(json_parse(text, strlen(text), 1 << 20, &tree, NULL), ERR_OK);
	const cJSON *line = json_get(tree, "lines")->child;
	assert_string_equal(json_member(json_get(tree, "seller"), "name"), "销方");
	assert_string_equal(json_member(tree, "net_amount"), "301.00");
	assert_string_equal(json_member(tree, "tax_amount"), "32.36");
	assert_string_equal(json_member(tree, "gross_amount"), "333.36");
	assert_string_equal(json_member(line, "net_amount"), "227.00");
	assert_string_equal(json_member(line, "tax_amount"), "29.51");
	assert_string_equal(json_member(line, "discount_net_amount"), "-22.70");
	assert_string_equal(json_member(line, "tax_rate"), "0.13");
	json_free(&tree);
	free(text);
	invoice_free(&inv);
}

/* ---- documentation ---- */

static const struct json_key_doc *doc_of(const char *path)
{
	const struct json_key_doc *d;

	for (size_t i = 0; (d = invoice_json_key(i)); i++)
		if (!strcmp(d->path, path))
			return d;
	return NULL;
}

/* Every leaf that is written is documented. */
static void check_documented(const cJSON *item, const char *path)
{
	char below[128];
	const cJSON *child;

	if (!cJSON_IsObject(item) && !cJSON_IsArray(item)) {
		if (!doc_of(path))
			fail_msg("undocumented: %s", path);
		return;
	}
	cJSON_ArrayForEach(child, item)
	{
		if (cJSON_IsArray(item))
			snprintf(below, sizeof(below), "%s[]", path);
		else
			snprintf(below, sizeof(below), "%s%s%s", path, *path ? "." : "",
				 child->string);
		check_documented(child, below);
	}
}

static void every_key_is_documented(void **state)
{
	(void)state;
	struct invoice inv;
	cJSON *tree = NULL;
	const struct json_key_doc *d;
	assert_int_equal(read_invoice(whole, "", &inv, NULL), ERR_OK);
	char *text = write_invoice(&inv, true);
	assert_int_equal(json_parse(text, strlen(text), 1 << 20, &tree, NULL), ERR_OK);
	check_documented(tree, "");
	for (size_t i = 0; (d = invoice_json_key(i)); i++) {
		assert_true(*d->path && *d->type && *d->label);
		assert_ptr_equal(doc_of(d->path), d); /* once */
	}
	assert_true(doc_of("lines[].discount.rate")->input);
	assert_false(doc_of("gross_amount")->input);
	assert_int_equal(doc_of("remark")->max_chars, 450);
	json_free(&tree);
	free(text);
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_member_is_read),
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(refusals_name_the_field),
	    cmocka_unit_test(words_name_the_row),
	    cmocka_unit_test(hostile_text_is_quoted_clean),
	    cmocka_unit_test(limits_are_exact),
	    cmocka_unit_test(writing_reads_back),
	    cmocka_unit_test(computed_form_has_results),
	    cmocka_unit_test(every_key_is_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
