/* xml_read.c - a blue invoice that was issued elsewhere, from its EInvoice document (the XML that
 * every digital invoice can be had as). */
#include "print/xml_read.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "tax/calc.h"

enum { LEAF_MAX = 64 * 1024 };

struct reader {
	XML_Parser parser;
	struct invoice *inv;
	struct buf text; /* of the element that is open */
	bool in_row, in_blue, in_kind;
	int64_t net_fen, tax_fen; /* of the row */
	bool red, bad_row, taxed;
};

/* ---- rows ---- */

static void begin_row(struct reader *r)
{
	struct tax_line *l = invoice_add_line(r->inv);

	r->in_row = true;
	r->net_fen = r->tax_fen = 0;
	r->taxed = false;
	l->rate_ppm = 0;
}

static struct tax_line *row_of(struct reader *r)
{
	return &r->inv->lines[r->inv->line_count - 1];
}

/* "*简称*名称" */
static void set_name(struct tax_line *l, const char *text)
{
	const char *end = *text == '*' ? strchr(text + 1, '*') : NULL;
	char *part;

	if (!end) {
		mem_set(&l->name, text);
		return;
	}
	part = mem_strndup(text + 1, (size_t)(end - text - 1));
	mem_set(&l->short_name, part);
	free(part);
	mem_set(&l->name, end + 1);
}

static void set_rate(struct tax_line *l, const char *text)
{
	if (rate_parse(text, &l->rate_ppm))
		return;
	l->rate_ppm = 0;
	mem_set(&l->preference, !strcmp(text, "不征税") ? "04" : "03");
}

static void set_text(struct tax_line *l, const char *element, const char *text)
{
	if (!strcmp(element, "ItemName"))
		set_name(l, text);
	else if (!strcmp(element, "SpecMod"))
		mem_set(&l->spec, text);
	else if (!strcmp(element, "MeaUnits"))
		mem_set(&l->unit, text);
	else if (!strcmp(element, "TaxClassificationCode"))
		mem_set(&l->tax_code, text);
	else if (!strcmp(element, "TaxRate"))
		set_rate(l, text);
}

static void row_leaf(struct reader *r, const char *element, const char *text)
{
	struct tax_line *l = row_of(r);

	if (!*text)
		return;
	if (!strcmp(element, "Quantity"))
		l->has_quantity = dec_parse(text, &l->quantity);
	else if (!strcmp(element, "UnPrice"))
		l->has_price = dec_parse(text, &l->price);
	else if (!strcmp(element, "Amount"))
		l->has_amount = fen_parse(text, &r->net_fen);
	else if (!strcmp(element, "ComTaxAm"))
		r->taxed = fen_parse(text, &r->tax_fen);
	else
		set_text(l, element, text);
}

/* What the tax on the paper is off its rate. */
static int64_t off_rate(const struct reader *r, int64_t net, int32_t ppm)
{
	int64_t n, tax, gross;

	if (!r->taxed)
		return 0;
	tax_split(net, ppm, false, &n, &tax, &gross);
	return r->tax_fen - tax;
}

/* A discount goes into the line above. */
static void end_row(struct reader *r)
{
	struct tax_line *l = row_of(r), *above;
	int64_t net = r->net_fen;

	r->in_row = false;
	if (!l->has_amount || (net < 0 && r->inv->line_count < 2)) {
		r->bad_row = true;
		return;
	}
	if (net >= 0) {
		l->amount_fen = net;
		l->tax_adjust_fen = off_rate(r, net, l->rate_ppm);
		return;
	}
	above = l - 1;
	above->discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT,
					     .amount_fen = -net,
					     .tax_adjust_fen = off_rate(r, net, above->rate_ppm)};
	invoice_remove_line(r->inv, r->inv->line_count - 1);
}

/* ---- the rest ---- */

/* A day alone is its first second. */
static void set_day(struct invoice *inv, const char *text)
{
	struct date d;

	if (strlen(text) < DATE_TEXT && date_parse(text, &d))
		datetime_text(date_unix((struct datetime) {.date = d}), inv->issued_at);
	else
		text_copy(inv->issued_at, sizeof(inv->issued_at), text);
}

static void set_head(struct reader *r, const char *element, const char *text)
{
	struct invoice *inv = r->inv;

	if (!strcmp(element, "EIid"))
		text_copy(inv->number, sizeof(inv->number), text);
	else if (!strcmp(element, "RequestTime"))
		text_copy(inv->issued_at, sizeof(inv->issued_at), text);
	else if (!strcmp(element, "IssueTime") && !*inv->issued_at)
		set_day(inv, text);
	else if (!strcmp(element, "SellerIdNum"))
		mem_set(&inv->seller.tax_no, text);
	else if (!strcmp(element, "SellerName"))
		mem_set(&inv->seller.name, text);
	else if (!strcmp(element, "BuyerIdNum"))
		mem_set(&inv->buyer.tax_no, text);
	else if (!strcmp(element, "BuyerName"))
		mem_set(&inv->buyer.name, text);
	else if (!strcmp(element, "LabelCode") && r->in_blue)
		r->red = !strcmp(text, "N");
	else if (!strcmp(element, "LabelCode") && r->in_kind)
		inv->kind = !strcmp(text, "01") ? INVOICE_SPECIAL : INVOICE_ORDINARY;
}

static void mark(struct reader *r, const char *element, bool open)
{
	if (!strcmp(element, "InIssuType"))
		r->in_blue = open;
	else if (!strcmp(element, "GeneralOrSpecialVAT"))
		r->in_kind = open;
}

static void XMLCALL on_start(void *arg, const XML_Char *element, const XML_Char **attributes)
{
	struct reader *r = arg;

	(void)attributes;
	buf_reset(&r->text);
	mark(r, element, true);
	if (!strcmp(element, "IssuItemInformation"))
		begin_row(r);
	if (r->inv->line_count > TAX_LINES_MAX)
		XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_end(void *arg, const XML_Char *element)
{
	struct reader *r = arg;
	char *text = text_trim(buf_str(&r->text));

	if (r->in_row && !strcmp(element, "IssuItemInformation"))
		end_row(r);
	else if (r->in_row)
		row_leaf(r, element, text);
	else
		set_head(r, element, text);
	mark(r, element, false);
	buf_reset(&r->text);
	free(text);
}

static void XMLCALL on_text(void *arg, const XML_Char *text, int n)
{
	struct reader *r = arg;

	buf_add(&r->text, text, (size_t)n);
}

/* Nobody needs entities of his own in an invoice. */
static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *system,
			       const XML_Char *public, int internal)
{
	struct reader *r = arg;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	XML_StopParser(r->parser, XML_FALSE);
}

static enum err bad(const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.blue", "蓝字发票", "XML 文件%s", why);
	err_hint(e, "应为数电发票的 XML 版式文件");
	return ERR_INVALID;
}

static enum err check(const struct reader *r, struct err_info *e)
{
	if (!*r->inv->number || !r->inv->line_count)
		return bad("里没有发票号码或明细", e);
	if (r->red)
		return bad("是红字发票", e);
	return r->bad_row ? bad("有一行没有金额", e) : ERR_OK;
}

enum err print_xml_read(const char *text, size_t size, struct invoice *out, struct err_info *e)
{
	struct reader r = {.parser = XML_ParserCreate(NULL), .inv = out};
	enum err rc;

	if (!r.parser)
		return err_fail(e, ERR_INTERNAL, "xml.parser", "蓝字发票", "没有内存");
	out->prices_include_tax = false;
	buf_init(&r.text, LEAF_MAX);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	rc = XML_Parse(r.parser, text, (int)size, XML_TRUE) == XML_STATUS_OK ? check(&r, e)
									     : bad("不能读", e);
	XML_ParserFree(r.parser);
	buf_free(&r.text);
	return rc;
}
