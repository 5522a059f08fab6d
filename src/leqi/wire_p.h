/* wire_p.h - the tables that map our structs to the wire's keys, and what works on them.
 *
 * One row per key: building, checking and documenting read the same row.  A row says where its
 * value is: a fixed text, a char * member of the struct (`slot`), or a function.
 */
#ifndef KP_LEQI_WIRE_P_H
#define KP_LEQI_WIRE_P_H

#include "base/json.h"
#include "leqi/leqi_p.h"
#include "tax/summary.h"

enum { WIRE_SCRATCH = 64, WIRE_NEWEST = EDITION_NEWEST };

enum wire_type {
	WIRE_TEXT,     /* at most `length` characters */
	WIRE_DIGITS,   /* exactly `length` digits */
	WIRE_CODE,     /* a code of at most `length` characters */
	WIRE_FLAG,     /* Y or N, or a digit */
	WIRE_AMOUNT,   /* 18 digits, 2 of them decimals */
	WIRE_RATE,     /* fraction, 16,6 */
	WIRE_DECIMAL,  /* at most 25 characters */
	WIRE_COUNT,    /* whole number of at most `length` digits */
	WIRE_DATETIME, /* yyyy-MM-dd HH:mm:ss */
	WIRE_MONTH,    /* yyyy-MM */
	WIRE_STAMP,    /* yyyyMMddHHmmss */
	WIRE_LIST,     /* rows of another table */
};

struct wire_field;
struct wire_context {
	unsigned edition;               /* 4000 is edition 4.000 */
	const void *slots;              /* the struct that `slot` points into */
	const void *view;               /* what `get` and `list` are given */
	const char *where;              /* "第 3 行" or "" */
	const char *path;               /* "lines[2]." or "" */
	const struct text_field *names; /* our names of the slots, or NULL */
};
typedef enum err (*wire_rows)(struct json_out *o, const struct wire_field *f,
			      const struct wire_context *c, struct err_info *e);

struct wire_field {
	const char *key, *label;
	enum wire_type type;
	unsigned length;
	bool required;
	bool person;           /* number of a person's document: masked in traces */
	const char *person_if; /* it is one when this flag of the same object is Y */
	bool ours;             /* a mark of our own: older editions go without it in silence */
	unsigned since, until; /* editions that have the key, both inclusive; 0: no limit */
	const char *note;
	const char *fixed;
	size_t slot; /* 1 + offset of the char *, 0: none */
	const char *(*get)(const void *view, char scratch[WIRE_SCRATCH]);
	wire_rows list;
	const struct wire_field *rows;
};

/* "4.000" or "V4.000" as 4000; NULL, "" and what cannot be read: the newest. */
unsigned wire_edition(const char *text);
/* Writes every row the edition has; ERR_INVALID names the first field that is missing, too
 * long, of the wrong form, or given although the edition has no place for it. */
enum err wire_put(struct json_out *o, const struct wire_field *fields, const struct wire_context *c,
		  struct err_info *e);
/* Stars in place of document numbers in a JSON text, ours or an answer, whatever its blanks and the
 * order of members; it may be cut off. */
void wire_mask(char *json);

extern const struct wire_field wire_invoice[];                     /* invoice.c */
extern const struct wire_field wire_red_apply[], wire_red_act[];   /* red.c */
extern const struct wire_field wire_red_list[], wire_red_detail[]; /* red_list.c */

/* What the small requests carry. */
struct wire_request {
	const char *tax_no, *direct_id, *region, *serial, *count, *kind, *amount, *month, *stamp,
	    *receipt, *number, *first, *last, *direction, *figures[SUMMARY_FIGURES];
};
/* What a call of a service is for. */
enum wire_aim {
	WIRE_ASKS,
	WIRE_ACTS,
	WIRE_ISSUES, /* an invoice that has its number, or asks what became of it */
};
enum wire_aim wire_aim(const char *service);
/* The request of a service as JSON object, of a struct wire_request or what else its table points
 * into; MISCONFIGURED in rep when a value cannot be sent. */
bool wire_request_put(const char *service, const void *request, struct buf *out,
		      struct leqi_reply *rep);
/* Builds the request of a service and makes the call; *data is NULL unless OK or REFUSED. */
enum leqi_class wire_ask(struct leqi *l, const struct leqi_unit *u, const char *service,
			 const void *request, struct leqi_reply *rep, cJSON **data);
/* Does a refusal only say that there is nothing, by code or in words (protocol 5.2)? */
bool wire_says_nothing(const struct leqi_reply *rep, const cJSON *data);

#endif
