/* CustomTag.xml: the map from fields of the invoice to the objects that show them. */
#include "base/buf.h"
#include "print/ofd_p.h"

static const struct tag {
	const char *group, *name;
	enum face_field field;
} TAGS[] = {
    {NULL, "InvoiceNo", FIELD_NUMBER},
    {NULL, "IssueDate", FIELD_DATE},
    {"Buyer", "BuyerName", FIELD_BUYER_NAME},
    {"Buyer", "BuyerTaxID", FIELD_BUYER_ID},
    {"Seller", "SellerName", FIELD_SELLER_NAME},
    {"Seller", "SellerTaxID", FIELD_SELLER_ID},
    {NULL, "TaxExclusiveTotalAmount", FIELD_NET_TOTAL},
    {NULL, "TaxTotalAmount", FIELD_TAX_TOTAL},
    {NULL, "TaxInclusiveTotalAmount", FIELD_GROSS_TOTAL},
    {NULL, "InvoiceClerk", FIELD_DRAWER},
    {NULL, "Item", FIELD_ITEM},
    {NULL, "Specification", FIELD_SPEC},
    {NULL, "MeasurementDimension", FIELD_UNIT},
    {NULL, "Quantity", FIELD_QUANTITY},
    {NULL, "Price", FIELD_PRICE},
    {NULL, "Amount", FIELD_AMOUNT},
    {NULL, "TaxScheme", FIELD_RATE},
    {NULL, "TaxAmount", FIELD_TAX},
    {NULL, "Note", FIELD_REMARK},
};

enum { TAG_COUNT = sizeof(TAGS) / sizeof(TAGS[0]) };

static void put_tag(const struct ofd *o, struct markup *m, const struct tag *t)
{
	size_t i;

	markup_indent(m);
	buf_addf(m->buf, "<ofd:%s>", t->name);
	for (i = 0; i < o->ref_count; i++)
		if (o->refs[i].field == t->field)
			buf_addf(m->buf, "<ofd:ObjectRef PageRef=\"%u\">%u</ofd:ObjectRef>",
				 o->refs[i].page, o->refs[i].object);
	buf_addf(m->buf, "</ofd:%s>\n", t->name);
}

static void put_group_edge(struct markup *m, const char *group, bool open)
{
	if (!group)
		return;
	if (!open)
		m->depth--;
	markup_indent(m);
	buf_addf(m->buf, "<%sofd:%s>\n", open ? "" : "/", group);
	if (open)
		m->depth++;
}

void ofd_put_tags(const struct ofd *o, struct buf *out)
{
	const char *group = NULL;
	struct markup m;
	size_t i;

	markup_init(&m, out);
	markup_open(&m, "ofd:root", OFD_NAMESPACE);
	for (i = 0; i < TAG_COUNT; i++) {
		if (TAGS[i].group != group) {
			put_group_edge(&m, group, false);
			group = TAGS[i].group;
			put_group_edge(&m, group, true);
		}
		put_tag(o, &m, &TAGS[i]);
	}
	markup_close(&m, "ofd:root");
}
