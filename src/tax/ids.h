/* tax/ids.h - identifiers: tax numbers, identity cards, 乐企ID, invoice numbers. */
#ifndef KP_TAX_IDS_H
#define KP_TAX_IDS_H

#include <stdbool.h>
#include <stddef.h>

enum taxno_state {
	TAXNO_OK,        /* form right; check digits right where the form has any */
	TAXNO_BAD_CHECK, /* 18 characters whose check digit is wrong: a warning only */
	TAXNO_BAD_FORM,  /* not 15-20 digits and capitals */
};
/* *at gets the 0-based character where the form is wrong (features B29). */
enum taxno_state taxno_check(const char *s, size_t *at);
/* The sentence about a number whose form is wrong at `at`: too short, too long, or which character
 * cannot be. */
enum { TAXNO_FAULT = 160 };
const char *taxno_fault(const char *s, size_t at, char out[TAXNO_FAULT]);
/* GB 32100 check character of the first 17 characters, or 0. */
char uscc_check_char(const char *s17);
/* GB 11643 identity card, 18 characters. */
bool id_card_ok(const char *s);
/* 20 lower-case hex characters. */
bool leqi_id_ok(const char *s);
/* 20 digits. */
bool invoice_number_ok(const char *s);
/* number + n (n >= 0) as 20 digits into out[21]; false when the last 14 digits overflow. */
bool invoice_number_add(const char *number, unsigned long long n, char out[21]);
/* b - a for numbers that share their first 6 digits; false otherwise. */
bool invoice_number_diff(const char *a, const char *b, long long *out);

#endif
