/* red_given.c - a blue invoice that was issued elsewhere, from its JSON form. */
#include <stdlib.h>
#include <string.h>

#include "desk/red_p.h"
#include "print/xml_read.h"

/* Takes a text member out of the object, so that what is left is an invoice as `blue issue` reads
 * it. */
static char *take_text(cJSON *o, const char *key)
{
	cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(o, key);
	char *text = mem_strdup(item && json_text(item) ? json_text(item) : "");

	cJSON_Delete(item);
	return text;
}

void red_given_free(struct red_given_blue *g)
{
	invoice_free(&g->invoice);
	free(g->code);
	g->code = NULL;
}

static enum err bad(const char *key, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.blue", "蓝字发票", "%s %s", key, why);
	err_field(e, "%s", key);
	return ERR_INVALID;
}

static enum err take_head(struct invoice *inv, const cJSON *seller, const char *number,
			  const char *at, struct err_info *e)
{
	int64_t t;

	mem_set(&inv->seller.name, json_member(seller, "name"));
	mem_set(&inv->seller.tax_no, json_member(seller, "tax_no"));
	if (!text_copy(inv->number, sizeof(inv->number), number))
		return bad("number", "太长", e);
	if (!datetime_parse(at, &t))
		return bad("issued_at", "应为开票日期 YYYY-MM-DD HH:MM:SS", e);
	text_copy(inv->issued_at, sizeof(inv->issued_at), at);
	return ERR_OK;
}

static enum err read_object(cJSON *o, struct red_given_blue *out, struct err_info *e)
{
	cJSON *seller = cJSON_DetachItemFromObjectCaseSensitive(o, "seller");
	char *number = take_text(o, "number"), *at = take_text(o, "issued_at");
	cJSON *paper = cJSON_DetachItemFromObjectCaseSensitive(o, "paper");
	enum err r;

	out->code = take_text(o, "code");
	out->paper = cJSON_IsTrue(paper);
	invoice_free(&out->invoice); /* which is initialised once more */
	if (!(r = invoice_from_json(o, "", &out->invoice, e)))
		r = take_head(&out->invoice, seller, number, at, e);
	cJSON_Delete(seller);
	cJSON_Delete(paper);
	free(number);
	free(at);
	return r ? r : tax_invoice_compute(&out->invoice, e);
}

static enum err read_xml(const char *text, size_t size, struct red_given_blue *out,
			 struct err_info *e)
{
	int64_t t;
	enum err r = print_xml_read(text, size, &out->invoice, e);

	out->code = mem_strdup("");
	out->paper = false;
	if (!r && !datetime_parse(out->invoice.issued_at, &t))
		r = bad("IssueTime", "应为开票日期 YYYY-MM-DD HH:MM:SS", e);
	return r ? r : tax_invoice_compute(&out->invoice, e);
}

/* An XML document, behind a byte order mark perhaps. */
static bool is_xml(const char *text, size_t size)
{
	size_t i = size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	while (i < size && strchr(" \t\r\n", text[i]))
		i++;
	return i < size && text[i] == '<';
}

enum err red_given_read(const char *text, size_t size, struct red_given_blue *out,
			struct err_info *e)
{
	cJSON *tree = NULL;
	enum err r;

	invoice_init(&out->invoice);
	out->code = NULL;
	if (is_xml(text, size)) {
		if ((r = read_xml(text, size, out, e)))
			red_given_free(out);
		return r;
	}
	if (!(r = json_parse(text, size, RED_GIVEN_MAX, &tree, e)))
		r = cJSON_IsObject(tree) ? read_object(tree, out, e)
					 : bad("文件", "应为一张蓝字发票（对象）", e);
	json_free(&tree);
	if (r)
		red_given_free(out);
	return r;
}
