/* value_p.h - one value on its way to its canonical form. */
#ifndef KP_SHEET_VALUE_P_H
#define KP_SHEET_VALUE_P_H

#include "sheet/import.h"

enum { VALUE_WORD = 96 };

struct value {
	const struct sheet_column *column;
	const char *title; /* of the column in sentences */
	const char *s;     /* trimmed, n bytes */
	size_t n;
	char *out;
	size_t size;
	char *reason;
};

/* As sheet_value; the reason calls the column by this title. */
bool sheet_value_as(const struct sheet_column *c, const char *title, const struct sheet_cell *cell,
		    char *out, size_t size, char *reason);
/* Fills reason with the column's name in front; false. */
bool sheet_value_fault(const struct value *v, const char *fmt, ...) ERR_PRINTF(2, 3);
bool sheet_value_put(const struct value *v, const char *text);

bool sheet_value_is_blank(uint32_t cp);
/* Full-width ASCII narrow, every blank ' '. */
uint32_t sheet_value_fold(uint32_t cp);
/* 6.22E+18: what a spreadsheet program makes of a long number. */
bool sheet_value_is_exponent(const char *s, size_t n);

/* "￥1,234.50" -> "1234.5"; false: no number, or more than 25 digits. */
bool sheet_value_decimal(const char *s, size_t n, char out[VALUE_WORD]);
/* In place: "1234.5" -> "1234.50"; false: more than two decimals, or too large. */
bool sheet_value_money(char number[VALUE_WORD]);
/* In place: "13%" -> "0.13". */
bool sheet_value_rate(char word[VALUE_WORD]);
/* "2026/1/5 08:00:00" -> "2026-01-05". */
bool sheet_value_date(const char *s, size_t n, char out[VALUE_WORD]);

#endif
