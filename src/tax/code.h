/* tax/code.h - code tables: tax codes, rates, preferences, regions.
 *
 * Constant tables come from the embedded data/ files and are parsed once on first use (thread
 * safe); pointers returned by lookups live for ever.
 */
#ifndef KP_TAX_CODE_H
#define KP_TAX_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row of the national classification, from the tax side or the starter list. */
struct tax_code {
	char *code;   /* 19 digits */
	char *parent; /* 19 digits or "" */
	char *name, *short_name;
	char *vat_rates, *levy_rates; /* "13%" or "3%、5%"; may be empty: any enabled rate */
	char *note, *keywords;
	char *special; /* 增值税特殊管理: names of preferences, "简易征收、免税"; may be empty */
	char *start, *stop; /* yyyy-MM-dd or "" */
	bool summary;       /* 汇总项: not on a line, telecom excepted */
	bool differential, untaxed;
};
void tax_code_free(struct tax_code *c);
/* May goods of the code have the preference (01..18), as far as the code says?  One that names none
 * says nothing of them. */
bool tax_code_bears(const struct tax_code *c, const char *preference);
/* True when "3%、5%" lists the rate; an empty list answers `empty`. */
bool tax_rates_list(const char *rates, int32_t ppm, bool empty);
/* Parent by the code's own structure (last non-zero pair zeroed), "" at the top; out[20]. */
const char *tax_code_parent(const char *code, char out[20]);

/* What the tax side allows of 差额征税 for a tax code (CXCEZSBM); every such code may be issued as
 * 普票 of type 全额.  Rates as in struct tax_code. */
struct differential_code {
	char code[20];
	char *name, *short_name;
	bool part;                          /* 差额开票 at all */
	bool part_special, full_special;    /* 专票 of either type */
	char *general_rates, *general_levy; /* of general taxpayers */
	char *small_levy;                   /* of small-scale taxpayers */
};
void differential_code_free(struct differential_code *d);

/* A rate the tax side has enabled (CXKYSL). */
struct tax_rate {
	int32_t ppm;
	bool levy;
	char start[11], stop[11];
	bool enabled;
};

/* "4.000" or "V4.000" of the interface as 4000; NULL, "" and what cannot be read: the newest. */
enum { EDITION_NEWEST = 5001, EDITION_ADDRESSES = 5001 /* 展示地址电话 came with it */ };
unsigned interface_edition(const char *text);

/* A row of a small two- to four-column table. */
struct code_row {
	const char *code, *name, *extra, *extra2;
};
enum code_table {
	CODES_REGIONS, /* code 11 digits, name 深圳市, extra tag 4403, extra2 number area 95 */
	CODES_COUNTRIES,
	CODES_PREFERENCES, /* extra: allowed rates "3%、5%" or "" */
	CODES_ID_TYPES,    /* extra: Y may identify an issuer, extra2: Y a buyer or handler */
	CODES_PAYMENT_CHANNELS,
	CODES_TAXPAYER_TYPES,
	CODES_TAXPAYER_STATES, /* extra: Y may issue */
	CODES_INDUSTRIES,      /* 企业行业性质 of the wire, not the sectors of GB/T 4754 */
	CODES_SECTORS, /* 行业大类 of GB/T 4754: the first two digits of a 行业代码 */
	CODES_CONSUMPTION,
	CODES_RESERVE, /* six-prefixed codes that touch the quota */
	CODES_WORDS, /* code: what people call it, 电脑; name: part of a tax code's name, 计算机 */
	CODES_VOUCHERS, /* 差额扣除凭证; extra: of code, number, date and note, R required, o optional,
			 * - empty; extra2: most characters of the number */
	CODES_SETTLEMENTS, /* 结算方式 */
	CODES_COAL,        /* 煤炭种类 */
	CODES_TABLES
};
/* The row of a code, or NULL. */
const struct code_row *code_find(enum code_table t, const char *code);
/* The row whose name is `name`, or NULL. */
const struct code_row *code_find_name(enum code_table t, const char *name);
/* The i-th row, or NULL past the end. */
const struct code_row *code_at(enum code_table t, size_t i);

#endif
