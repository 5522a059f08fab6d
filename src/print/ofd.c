/* The OFD package: fixed parts, pages, tags.  Fonts are named, not embedded: readers of OFD bring
 * 楷体, 宋体 and Courier New, and whole fonts would add more than 10 MB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "print/files_p.h"
#include "print/ofd_p.h"

enum { PART_ENTRY, PART_DOCUMENT, PART_PUBLIC, PART_LOCAL, PART_TAG_LIST, PART_TAGS, FIXED_PARTS };

static const char *const PART_NAMES[FIXED_PARTS] = {
    [PART_ENTRY] = "OFD.xml",
    [PART_DOCUMENT] = "Doc_0/Document.xml",
    [PART_PUBLIC] = "Doc_0/PublicRes.xml",
    [PART_LOCAL] = "Doc_0/DocumentRes.xml",
    [PART_TAG_LIST] = "Doc_0/Tags/CustomTags.xml",
    [PART_TAGS] = "Doc_0/Tags/CustomTag.xml",
};
static const char *const FONT_NAMES[FONTS] = {
    [FONT_KAI] = "楷体",
    [FONT_SONG] = "宋体",
    [FONT_COURIER] = "Courier New",
};

static void put_custom(struct markup *m, const char *name, const char *value)
{
	markup_indent(m);
	buf_addf(m->buf, "<ofd:CustomData Name=\"%s\">", name);
	markup_escape(m->buf, value, strlen(value));
	buf_adds(m->buf, "</ofd:CustomData>\n");
}

static void put_custom_datas(struct markup *m, const struct invoice *inv)
{
	const char *d = inv->issued_at;
	char text[64];

	markup_open(m, "ofd:CustomDatas", "");
	put_custom(m, "发票号码", inv->number);
	snprintf(text, sizeof(text), "%.4s年%.2s月%.2s日", d, d + 5, d + 8);
	put_custom(m, "开票日期", text);
	put_custom(m, "销售方纳税人识别号", inv->seller.tax_no);
	put_custom(m, "购买方纳税人识别号", inv->buyer.tax_no);
	put_custom(m, "合计金额", fen_format(inv->net_fen, text));
	put_custom(m, "合计税额", fen_format(inv->tax_fen, text));
	put_custom(m, "native-producer", "kaipiao");
	markup_close(m, "ofd:CustomDatas");
}

static void put_entry(const struct ofd *o, struct buf *out)
{
	const struct invoice *inv = o->face->invoice;
	char hash[HASH_TEXT], id[33], date[16];
	struct markup m;

	/* The identifier follows from the number, so that the same invoice is the same document. */
	hash_sha256(inv->number, strlen(inv->number), hash);
	snprintf(id, sizeof(id), "%.32s", hash);
	snprintf(date, sizeof(date), "%.10s", inv->issued_at);
	markup_init(&m, out);
	markup_open(&m, "ofd:OFD", OFD_NAMESPACE " Version=\"1.0\" DocType=\"OFD\"");
	markup_open(&m, "ofd:DocBody", "");
	markup_open(&m, "ofd:DocInfo", "");
	markup_leaf(&m, "ofd:DocID", id);
	markup_leaf(&m, "ofd:Title", "电子发票");
	markup_leaf(&m, "ofd:Author", inv->seller.name);
	markup_leaf(&m, "ofd:CreationDate", date);
	markup_leaf(&m, "ofd:Creator", "kaipiao");
	put_custom_datas(&m, inv);
	markup_close(&m, "ofd:DocInfo");
	markup_leaf(&m, "ofd:DocRoot", PART_NAMES[PART_DOCUMENT]);
	markup_close(&m, "ofd:DocBody");
	markup_close(&m, "ofd:OFD");
}

static void put_document(const struct ofd *o, struct buf *out)
{
	char number[32];
	struct markup m;
	size_t i;

	markup_init(&m, out);
	markup_open(&m, "ofd:Document", OFD_NAMESPACE);
	markup_open(&m, "ofd:CommonData", "");
	snprintf(number, sizeof(number), "%u", o->last_id);
	markup_leaf(&m, "ofd:MaxUnitID", number);
	markup_open(&m, "ofd:PageArea", "");
	markup_indent(&m);
	buf_adds(out, "<ofd:PhysicalBox>0 0 ");
	markup_number(out, o->sheets->pages[0].width);
	buf_addc(out, ' ');
	markup_number(out, o->sheets->pages[0].height);
	buf_adds(out, "</ofd:PhysicalBox>\n");
	markup_close(&m, "ofd:PageArea");
	markup_leaf(&m, "ofd:PublicRes", "PublicRes.xml");
	markup_leaf(&m, "ofd:DocumentRes", "DocumentRes.xml");
	snprintf(number, sizeof(number), "%d", OFD_COLOR_ID);
	markup_leaf(&m, "ofd:DefaultCS", number);
	markup_close(&m, "ofd:CommonData");
	markup_open(&m, "ofd:Pages", "");
	for (i = 0; i < o->sheets->page_count; i++) {
		markup_indent(&m);
		buf_addf(out, "<ofd:Page ID=\"%u\" BaseLoc=\"Pages/Page_%zu/Content.xml\"/>\n",
			 o->page_ids[i], i);
	}
	markup_close(&m, "ofd:Pages");
	markup_leaf(&m, "ofd:CustomTags", "Tags/CustomTags.xml");
	markup_close(&m, "ofd:Document");
}

static void put_resources(struct buf *fonts, struct buf *colors)
{
	struct markup m;
	int i;

	markup_init(&m, fonts);
	markup_open(&m, "ofd:Res", OFD_NAMESPACE " BaseLoc=\"Res\"");
	markup_open(&m, "ofd:Fonts", "");
	for (i = 0; i < FONTS; i++) {
		markup_indent(&m);
		buf_addf(fonts, "<ofd:Font ID=\"%d\" FontName=\"%s\" FamilyName=\"%s\"/>\n",
			 OFD_FONT_ID + i, FONT_NAMES[i], FONT_NAMES[i]);
	}
	markup_close(&m, "ofd:Fonts");
	markup_close(&m, "ofd:Res");

	markup_init(&m, colors);
	markup_open(&m, "ofd:Res", OFD_NAMESPACE " BaseLoc=\"Res\"");
	markup_open(&m, "ofd:ColorSpaces", "");
	markup_indent(&m);
	buf_addf(colors, "<ofd:ColorSpace ID=\"%d\" Type=\"RGB\" BitsPerComponent=\"8\"/>\n",
		 OFD_COLOR_ID);
	markup_close(&m, "ofd:ColorSpaces");
	markup_close(&m, "ofd:Res");
}

static void put_tag_list(struct buf *out)
{
	struct markup m;

	markup_init(&m, out);
	markup_open(&m, "ofd:CustomTags", OFD_NAMESPACE);
	markup_open(&m, "ofd:CustomTag", "NameSpace=\"http://www.ofdspec.org/2016\"");
	markup_leaf(&m, "ofd:FileLoc", "CustomTag.xml");
	markup_close(&m, "ofd:CustomTag");
	markup_close(&m, "ofd:CustomTags");
}

static void put_parts(struct ofd *o, struct ofd_part *parts)
{
	size_t pages = o->sheets->page_count, i;

	for (i = 0; i < FIXED_PARTS; i++)
		snprintf(parts[i].name, sizeof(parts[i].name), "%s", PART_NAMES[i]);
	for (i = 0; i < FIXED_PARTS + pages; i++)
		buf_init(&parts[i].data, PRINT_SIZE_MAX);
	/* Pages first: they give out the identifiers the other parts name. */
	for (i = 0; i < pages; i++) {
		struct ofd_part *part = &parts[FIXED_PARTS + i];

		snprintf(part->name, sizeof(part->name), "Doc_0/Pages/Page_%zu/Content.xml", i);
		ofd_put_page(o, i, &part->data);
	}
	put_entry(o, &parts[PART_ENTRY].data);
	put_document(o, &parts[PART_DOCUMENT].data);
	put_resources(&parts[PART_PUBLIC].data, &parts[PART_LOCAL].data);
	put_tag_list(&parts[PART_TAG_LIST].data);
	ofd_put_tags(o, &parts[PART_TAGS].data);
}

enum err ofd_write(const struct print_face *face, const struct sheets *s, struct buf *out,
		   struct err_info *e)
{
	struct ofd o = {.face = face, .sheets = s, .last_id = OFD_FIRST_ID - 1};
	size_t n = FIXED_PARTS + s->page_count, i;
	struct ofd_part *parts = mem_zalloc(n * sizeof(*parts));
	enum err r;

	o.page_ids = mem_zalloc(s->page_count * sizeof(*o.page_ids));
	put_parts(&o, parts);
	for (i = 0; i < n && !parts[i].data.failed; i++)
		;
	if (i < n)
		r = err_fail(e, ERR_INTERNAL, "print.too_large", "OFD 文件", "内容过大");
	else
		r = ofd_zip(parts, n, out, e);
	for (i = 0; i < n; i++)
		buf_free(&parts[i].data);
	free(parts);
	free(o.page_ids);
	free(o.refs);
	return r;
}
