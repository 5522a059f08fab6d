/* Labels in the header of the XML: what the tax side says of the seller, and the way of taxing. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "print/rows_p.h"
#include "print/xml_p.h"
#include "tax/code.h"

enum { LABEL_LIST = 2048 };

static const struct code_row TAXPAYER_TYPES[] = {
    {"1", "一般纳税人", "", ""},
    {"2", "小规模纳税人", "", ""},
    {"3", "转登记小规模纳税人", "", ""},
    {"4", "辅导期一般纳税人", "", ""},
    {"5", "自然人", "", ""},
    {NULL, NULL, NULL, NULL},
};
static const struct code_row ISSUE_MODES[] = {
    {"4", "第三方平台开票(乐企联用、他用开票)", "", ""},
    {"5", "自建平台开票(乐企自用开票)", "", ""},
    {NULL, NULL, NULL, NULL},
};
static const struct code_row EXPORT_CLASSES[] = {
    {"01", "一类出口企业", "", ""}, {"02", "二类出口企业", "", ""}, {"03", "三类出口企业", "", ""},
    {"04", "四类出口企业", "", ""}, {NULL, NULL, NULL, NULL},
};

static const char *row_name(const struct code_row *rows, const char *code)
{
	for (; rows->code; rows++)
		if (text_eq(rows->code, code))
			return rows->name;
	return "";
}

/* 特定征税方式: each is derived from the lines (layout 6.3). */
static bool any_preference(const struct invoice *inv, const char *codes)
{
	size_t i;

	for (i = 0; i < inv->line_count; i++)
		if (!text_empty(inv->lines[i].preference) &&
		    strstr(codes, inv->lines[i].preference))
			return true;
	return false;
}

static bool any_zero_rate(const struct invoice *inv, const char *codes)
{
	size_t i;

	for (i = 0; i < inv->line_count; i++) {
		const char *p = inv->lines[i].preference;

		if (inv->lines[i].rate_ppm == 0 && (text_empty(p) || !strstr(codes, p)))
			return true;
	}
	return false;
}

static bool is_differential(const struct invoice *inv, const char *codes)
{
	(void)codes;
	return !text_empty(inv->differential);
}

static const struct taxing {
	const char *code, *name;
	bool (*applies)(const struct invoice *inv, const char *codes);
	const char *codes; /* 优惠政策 concerned */
} TAXINGS[] = {
    {"01", "不征税", any_preference, "04"},         {"02", "零税率", any_zero_rate, "03 04"},
    {"03", "差额开票", is_differential, ""},        {"04", "免税", any_preference, "03"},
    {"05", "简易计税", any_preference, "01 08 09"}, {"06", "减按", any_preference, "10"},
};

static void append(char *list, size_t size, const char *text)
{
	size_t n = strlen(list);

	snprintf(list + n, size - n, "%s%s", n ? "," : "", text);
}

static void put_label(struct markup *m, const char *type, const char *code, const char *name)
{
	if (text_empty(code))
		return;
	markup_open(m, "Label", "");
	markup_leaf(m, "LabelType", type);
	markup_leaf(m, "LabelCode", code);
	markup_leaf(m, "LabelName", name);
	markup_close(m, "Label");
}

/* "01,20" with the names of a code table, each followed by `suffix`. */
static void put_codes(struct markup *m, const char *type, enum code_table table, const char *codes,
		      const char *suffix)
{
	char names[LABEL_LIST] = "", one[160], code[16];
	const struct code_row *row;
	const char *p = codes;
	size_t n;

	for (; *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		snprintf(code, sizeof(code), "%.*s", (int)n, p);
		row = code_find(table, code);
		if (!row)
			continue;
		snprintf(one, sizeof(one), "%s%s", row->name, suffix);
		append(names, sizeof(names), one);
	}
	put_label(m, type, codes, names);
}

static void put_taxing(struct markup *m, const struct invoice *inv)
{
	char codes[64] = "", names[256] = "";
	size_t i;

	for (i = 0; i < sizeof(TAXINGS) / sizeof(TAXINGS[0]); i++) {
		if (!TAXINGS[i].applies(inv, TAXINGS[i].codes))
			continue;
		append(codes, sizeof(codes), TAXINGS[i].code);
		append(names, sizeof(names), TAXINGS[i].name);
	}
	put_label(m, "特定征税方式标签", codes, names);
}

void xml_put_taxpayer_type(struct markup *m, const struct taxpayer *seller)
{
	if (!seller || text_empty(seller->type))
		return;
	markup_open(m, "TaxpayerType", "");
	markup_leaf(m, "LabelCode", seller->type);
	markup_leaf(m, "LabelName", row_name(TAXPAYER_TYPES, seller->type));
	markup_close(m, "TaxpayerType");
}

void xml_put_labels(struct markup *m, const struct print_face *face)
{
	const struct taxpayer *t = face->seller;
	char mode[16];

	snprintf(mode, sizeof(mode), "%d", face->issue_mode);
	markup_open(m, "UndefinedLabel", "");
	if (t)
		put_codes(m, "企业行业性质类标签", CODES_INDUSTRIES, t->industry_kinds, "");
	put_label(m, "发票开具方式标签", mode, row_name(ISSUE_MODES, mode));
	if (t) {
		put_codes(m, "消费税纳税人标签", CODES_CONSUMPTION, t->consumption_kinds,
			  "消费税纳税人");
		put_label(m, "出口企业分类管理标签", t->export_class,
			  row_name(EXPORT_CLASSES, t->export_class));
	}
	put_taxing(m, face->invoice);
	put_label(m, "差额征税标签", face->invoice->differential,
		  differential_label(face->invoice));
	if (t)
		put_label(m, "纳税人信用等级标签", t->credit_grade, t->credit_grade);
	markup_close(m, "UndefinedLabel");
}
