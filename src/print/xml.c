/* The EInvoice document, version 0.36 (layout edition V5.002, section 6). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "print/face_p.h"
#include "print/files_p.h"
#include "print/remark_p.h"
#include "print/xml_p.h"
#include "tax/validate.h"
#include "tax/words.h"

#define XML_VERSION "0.36"

static void put_code_and_name(struct markup *m, const char *element, const char *code,
			      const char *name)
{
	markup_open(m, element, "");
	markup_leaf(m, "LabelCode", code);
	markup_leaf(m, "LabelName", name);
	markup_close(m, element);
}

static void put_fen(struct markup *m, const char *element, int64_t fen)
{
	char text[FEN_TEXT];

	markup_leaf(m, element, fen_format(fen, text));
}

static void put_header(struct markup *m, const struct print_face *face)
{
	const struct invoice *inv = face->invoice;
	char tag[16];

	/* 1 44 03 000000 -> SWEI4403 */
	snprintf(tag, sizeof(tag), "SWEI%.4s", face->region_code + 1);
	markup_open(m, "Header", "");
	markup_leaf(m, "EIid", inv->number);
	markup_leaf(m, "EInvoiceTag", tag);
	markup_leaf(m, "Version", XML_VERSION);
	markup_open(m, "InherentLabel", "");
	put_code_and_name(m, "InIssuType", inv->red ? "N" : "Y", "是否蓝字发票标志");
	put_code_and_name(m, "EInvoiceType", "01", "电子发票");
	if (inv->kind == INVOICE_SPECIAL)
		put_code_and_name(m, "GeneralOrSpecialVAT", "01", "增值税专用发票");
	else
		put_code_and_name(m, "GeneralOrSpecialVAT", "02", "普通发票");
	xml_put_taxpayer_type(m, face->seller);
	markup_close(m, "InherentLabel");
	xml_put_labels(m, face);
	markup_close(m, "Header");
}

static void put_parties(struct markup *m, const struct invoice *inv)
{
	char *buyer = tax_buyer_name(inv);

	markup_open(m, "SellerInformation", "");
	markup_leaf(m, "SellerIdNum", inv->seller.tax_no);
	markup_leaf(m, "SellerName", inv->seller.name);
	markup_leaf(m, "SellerAddr", inv->seller.address);
	markup_leaf(m, "SellerTelNum", inv->seller.phone);
	markup_leaf(m, "SellerBankName", inv->seller.bank);
	markup_leaf(m, "SellerBankAccNum", inv->seller.account);
	markup_close(m, "SellerInformation");
	markup_open(m, "BuyerInformation", "");
	markup_leaf(m, "BuyerIdNum", inv->buyer.tax_no);
	markup_leaf(m, "BuyerName", buyer);
	markup_leaf(m, "BuyerTelNum", inv->buyer.phone);
	markup_leaf(m, "BuyerAddr", inv->buyer.address);
	markup_leaf(m, "BuyerBankName", inv->buyer.bank);
	markup_leaf(m, "BuyerBankAccNum", inv->buyer.account);
	markup_leaf(m, "BuyerHandlingName", inv->handler_name);
	markup_close(m, "BuyerInformation");
	free(buyer);
}

static void put_totals(struct markup *m, const struct invoice *inv)
{
	char words[WORDS_TEXT];

	markup_open(m, "BasicInformation", "");
	put_fen(m, "TotalAmWithoutTax", inv->net_fen);
	put_fen(m, "TotalTaxAm", inv->tax_fen);
	put_fen(m, "TotalTax-includedAmount", inv->gross_fen);
	markup_leaf(m, "TotalTax-includedAmountInChinese", tax_words(inv->gross_fen, words));
	markup_leaf(m, "Drawer", inv->drawer);
	markup_leaf(m, "RequestTime", inv->issued_at);
	markup_close(m, "BasicInformation");
}

static void put_row(struct markup *m, const struct tax_row *r)
{
	bool discount = r->nature == ROW_DISCOUNT;
	char *name = tax_line_full_name(r->line), text[DEC_TEXT + FEN_TEXT];

	markup_open(m, "IssuItemInformation", "");
	markup_leaf(m, "ItemName", name);
	markup_leaf(m, "SpecMod", discount ? "" : r->line->spec);
	markup_leaf(m, "MeaUnits", discount ? "" : r->line->unit);
	markup_leaf(m, "Quantity", r->has_quantity ? cell_decimal(r->quantity, text) : "");
	markup_leaf(m, "UnPrice", r->has_quantity ? cell_decimal(r->net_price, text) : "");
	put_fen(m, "Amount", r->net_fen);
	cell_rate_xml(r, text);
	markup_leaf(m, "TaxRate", text);
	cell_tax_xml(r, text);
	markup_leaf(m, "ComTaxAm", text);
	put_fen(m, "TotaltaxIncludedAmount", r->gross_fen);
	markup_leaf(m, "TaxClassificationCode", r->line->tax_code);
	markup_close(m, "IssuItemInformation");
	free(name);
}

static void put_specific(struct markup *m, const struct invoice *inv)
{
	bool differential = !text_empty(inv->differential);

	if (!differential && !inv->red) {
		markup_leaf(m, "SpecificInformation", "");
		return;
	}
	markup_open(m, "SpecificInformation", "");
	if (differential) {
		markup_open(m, "DifferentialTaxation", "");
		put_fen(m, "Deduction", inv->deduction_fen);
		put_fen(m, "SalesIncludingTax", inv->gross_fen);
		markup_close(m, "DifferentialTaxation");
	}
	if (inv->red) {
		markup_open(m, "RedEInvoice", "");
		markup_leaf(m, "OriginalInvoiceCode", inv->blue_number);
		markup_leaf(m, "CreditNoteNumber", inv->red_letter_no);
		markup_close(m, "RedEInvoice");
	}
	markup_close(m, "SpecificInformation");
}

/* That of a red invoice begins with what it takes back. */
static void put_remark(struct markup *m, const struct invoice *inv)
{
	char reference[RED_REFERENCE_TEXT];
	struct buf text;

	buf_init(&text, REMARK_MAX);
	buf_adds(&text, tax_red_reference(inv, reference));
	buf_adds(&text, text.len && !text_empty(inv->remark) ? " " : "");
	buf_adds(&text, inv->remark);
	markup_leaf(m, "Remark", buf_str(&text));
	buf_free(&text);
}

static void put_additional(struct markup *m, const struct invoice *inv)
{
	size_t i;

	markup_open(m, "AdditionalInformation", "");
	put_remark(m, inv);
	for (i = 0; i < inv->extra_count; i++) {
		markup_open(m, "Additional", "");
		markup_leaf(m, "Information", inv->extras[i].name);
		markup_leaf(m, "InformationType", inv->extras[i].type);
		markup_leaf(m, "InformationValue", inv->extras[i].value);
		markup_close(m, "Additional");
	}
	if (inv->payment_count) {
		markup_open(m, "Transaction", "");
		for (i = 0; i < inv->payment_count; i++) {
			markup_open(m, "TransactionRecord", "");
			markup_leaf(m, "PaymentChannel", inv->payments[i].channel);
			markup_leaf(m, "TransactionNumber", inv->payments[i].number);
			markup_close(m, "TransactionRecord");
		}
		markup_close(m, "Transaction");
	}
	markup_close(m, "AdditionalInformation");
}

static void put_supervision(struct markup *m, const struct print_face *face, const char *region)
{
	char date[DATE_TEXT], bureau[96];

	snprintf(date, sizeof(date), "%.10s", face->invoice->issued_at);
	snprintf(bureau, sizeof(bureau), "国家税务总局%s税务局", region);
	markup_open(m, "TaxSupervisionInfo", "");
	markup_leaf(m, "InvoiceNumber", face->invoice->number);
	markup_leaf(m, "IssueTime", date);
	markup_leaf(m, "TaxBureauCode", face->region_code);
	markup_leaf(m, "TaxBureauName", bureau);
	markup_close(m, "TaxSupervisionInfo");
}

enum err xml_write(const struct print_face *face, struct buf *out, struct err_info *e)
{
	const struct code_row *region = face_region(face);
	struct tax_row row;
	struct markup m;
	size_t cursor = 0;

	if (!region)
		return err_fail(e, ERR_INVALID, "print.region", "版式文件",
				"没有销售方主管税务机关的地区代码");
	markup_init(&m, out);
	markup_open(&m, "EInvoice", "");
	put_header(&m, face);
	markup_open(&m, "EInvoiceData", "");
	put_parties(&m, face->invoice);
	put_totals(&m, face->invoice);
	while (tax_row_next(face->invoice, &cursor, &row))
		put_row(&m, &row);
	put_specific(&m, face->invoice);
	put_additional(&m, face->invoice);
	markup_close(&m, "EInvoiceData");
	markup_leaf(&m, "SellerAuthentication", "");
	put_supervision(&m, face, region->name);
	markup_leaf(&m, "ptbh", face->platform_no);
	markup_close(&m, "EInvoice");
	return ERR_OK;
}
