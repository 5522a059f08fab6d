/* tax/invoice.h - the invoice as struct.
 *
 * Lines hold what was entered (quantity, price, amount, discount, all in the invoice's price
 * mode) and, beside it, what tax_invoice_compute() derived (net, tax, gross, net price, and the
 * same for the discount).  A line with a discount becomes two wire rows (protocol 7.7);
 * tax_rows_* enumerates them.
 */
#ifndef KP_TAX_INVOICE_H
#define KP_TAX_INVOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/decimal.h"

enum invoice_kind { INVOICE_ORDINARY, INVOICE_SPECIAL }; /* 数电普票, 数电专票 */

/* Architecture: invoice states. */
enum invoice_state {
	INVOICE_DRAFT,
	INVOICE_NUMBERED, /* 预开具成功 */
	INVOICE_SENDING,
	INVOICE_ACCEPTED, /* receipt in hand */
	INVOICE_ISSUED,   /* 开票成功 */
	INVOICE_FAILED,
	INVOICE_UNKNOWN,
	INVOICE_VOID,
	INVOICE_STATES
};

enum { TAX_LINES_MAX = 5000, TAX_LINES_ADVISED = 2000, TAX_BATCH_MAX = 100, NUMBER_TEXT = 21 };

struct party {
	char *name, *tax_no, *address, *phone, *bank, *account;
};

enum discount_by { DISCOUNT_NONE, DISCOUNT_BY_RATE, DISCOUNT_BY_AMOUNT };

struct discount {
	enum discount_by by;
	struct dec rate;    /* the part taken off, 0 < rate < 1 ("0.10" = 10 %) */
	int64_t amount_fen; /* positive, in the invoice's price mode */
	/* As tax_adjust_fen of a line, for the tax of the discount row, which is negative. */
	int64_t tax_adjust_fen;
};

/* The tax side allows a row's tax to be off its rate by 0.06 (N22): so far may it be adjusted. */
enum { TAX_ADJUST_MAX = 6 };

struct tax_line {
	/* entered */
	char *goods; /* catalogue reference of the JSON form; resolved by desk, never sent */
	char *name, *tax_code, *short_name, *spec, *unit, *preference, *coal_kind;
	int32_t rate_ppm; /* -1: not given */
	/* Put here from the invoice before computing: what 差额开票 leaves out of the tax; else 0. */
	int64_t deduction_fen;
	bool has_quantity, has_price, has_amount;
	struct dec quantity, price;
	int64_t amount_fen;
	unsigned blue_row; /* of a red invoice: the row of the blue one it takes back (tax/red.h) */
	/* Added to the computed tax (尾差).  The entered amount stands: with tax the net amount
	 * gives way, without tax the gross. */
	int64_t tax_adjust_fen;
	struct discount discount;
	/* computed by tax_line_compute() */
	/* the completed triple in the price mode; zero: none */
	struct dec full_quantity, full_price;
	int64_t full_amount_fen;
	struct dec net_price; /* without tax, at most 13 decimals; zero when there is no quantity */
	int64_t net_fen, tax_fen, gross_fen;
	struct dec discount_rate; /* as shown; at most 6 decimals */
	int64_t discount_fen;     /* positive, price mode; 0: none */
	int64_t discount_net_fen, discount_tax_fen, discount_gross_fen; /* negative or 0 */
};

/* 支付渠道 code, 交易单号 */
struct payment {
	char *channel, *number;
};

/* 差额扣除凭证 (protocol 7.8).  The number is that of the invoice or of the document, as the type
 * has it; an amount of 0 is one that was not given. */
struct voucher {
	char *type, *code, *number, *date, *note; /* 01..09, 发票代码, 号码, 开具日期, 备注 */
	int64_t total_fen, amount_fen;            /* 凭证合计金额, 本次扣除金额 */
};

/* 差额征税类型, as written and sent. */
#define DIFFERENTIAL_FULL "01" /* 全额开票 */
#define DIFFERENTIAL_PART "02" /* 差额开票: the tax is that of what remains */

/* 附加要素 */
struct extra_element {
	char *name, *type, *value;
};

/* A red invoice (红字发票) has quantities and amounts below zero, as its red letter has them: they
 * are never computed anew. */
struct invoice {
	enum invoice_kind kind;
	bool red;
	char *blue_number, *red_letter_no, *red_letter_uuid; /* of a red invoice, else "" */
	bool prices_include_tax;
	bool show_buyer_bank, show_seller_bank;
	bool show_buyer_address, show_seller_address;
	char number[NUMBER_TEXT];      /* 20 digits, or "" */
	char issued_at[DATETIME_TEXT]; /* 开票日期 yyyy-MM-dd HH:mm:ss, or "" */
	char *order_no, *business_type;
	struct party seller, buyer;
	bool buyer_is_person;
	bool buyer_person_said; /* the input said whether: not asked again; not stored */
	char *buyer_id_type, *buyer_id_no, *buyer_country, *buyer_email, *buyer_mobile;
	char *handler_name, *handler_id_type, *handler_id_no, *handler_country, *handler_tax_no,
	    *handler_phone;
	char *remark, *payee, *reviewer, *drawer, *coal_quality, *settlement;
	struct tax_line *lines;
	size_t line_count;
	struct payment *payments;
	size_t payment_count;
	struct extra_element *extras;
	size_t extra_count;
	char *differential; /* DIFFERENTIAL_*, or "" */
	int64_t deduction_fen;
	struct voucher *vouchers;
	size_t voucher_count;
	/* computed by tax_invoice_compute(): sums of all rows, discounts included */
	int64_t net_fen, tax_fen, gross_fen;
};

/* One text member of an invoice, a line, a payment or an extra element: the single list used to
 * free, copy, compare, read and write JSON, check lengths and store. */
struct text_field {
	const char *key;   /* JSON key; "buyer.name" is key name of object buyer */
	const char *label; /* the tax bureau's term */
	size_t offset;     /* of the char * in the struct */
	unsigned max_chars;
	bool multiline, entered; /* entered: allowed in the JSON input */
};
extern const struct text_field invoice_texts[]; /* ends with key NULL */
extern const struct text_field line_texts[];
extern const struct text_field payment_texts[];
extern const struct text_field extra_texts[];
extern const struct text_field voucher_texts[];
/* The member a field names. */
char **text_slot(void *base, const struct text_field *f);
const char *text_value(const void *base, const struct text_field *f);

void invoice_init(struct invoice *inv);
void invoice_free(struct invoice *inv);
/* Deep copy; *out is initialised by the function. */
void invoice_copy(struct invoice *out, const struct invoice *in);
/* Appends an initialised line, payment ... and returns it; the pointer is valid until the next
 * append.  Lines beyond TAX_LINES_MAX are not refused here (validation does). */
struct tax_line *invoice_add_line(struct invoice *inv);
struct payment *invoice_add_payment(struct invoice *inv);
struct extra_element *invoice_add_extra(struct invoice *inv);
struct voucher *invoice_add_voucher(struct invoice *inv);
void invoice_clear_payments(struct invoice *inv);
void invoice_clear_extras(struct invoice *inv);
void invoice_clear_vouchers(struct invoice *inv);
void invoice_remove_line(struct invoice *inv, size_t index);

/* Words: "ordinary"/"special", "draft".."void", and the Chinese terms 数电普票/数电专票, 草稿, 预开具成功,
 * 上传中, 已受理, 开票成功, 开票失败, 结果未知, 已作废.  *_parse take either and return false otherwise. */
const char *invoice_kind_word(enum invoice_kind k);
const char *invoice_kind_label(enum invoice_kind k);
bool invoice_kind_parse(const char *s, enum invoice_kind *out);
const char *invoice_state_word(enum invoice_state s);
const char *invoice_state_label(enum invoice_state s);

/* What red invoices took back of a blue one: "" "partial" "whole"; "" 部分红冲 已红冲. */
enum invoice_reversal { REVERSED_NOT, REVERSED_PART, REVERSED_WHOLE, REVERSALS };
const char *invoice_reversal_word(enum invoice_reversal r);
const char *invoice_reversal_label(enum invoice_reversal r);
bool invoice_state_parse(const char *s, enum invoice_state *out);

#endif
