/* sandbox/passage.h - one call on its way from the request to the answer.
 *
 * leqi.c reads and runs it, reply.c turns the outcome into an envelope, bends it by the fault
 * switches and logs it.
 */
#ifndef KP_SANDBOX_PASSAGE_H
#define KP_SANDBOX_PASSAGE_H

#include "sandbox/faults.h"
#include "sandbox/http.h"
#include "sandbox/units.h"

struct service {
	const char *name;
	service_fn *run;
	bool gzip;
	/* Who serves it: the ability the unit invoices under, 归集, or either. */
	enum { SERVED_BY_BASE, SERVED_BY_COLLECT, SERVED_BY_BOTH } by;
};

struct passage {
	struct sb *sb;
	struct http_call *call;
	struct request rq;
	struct unit direct, unit;
	const struct service *service;
	struct buf plain, data;   /* decrypted request and answer */
	char code[16];            /* httpStatusCode */
	char message[FAULT_TEXT]; /* platform error, "" = none */
	const char *fault;        /* switch that shaped the answer */
};

/* The platform refuses: an Error with the code's own text when text is NULL or "". */
void passage_error(struct passage *p, const char *code, const char *text);
/* Lets a switch answer instead of the service; `after`: those that act once it has run. */
bool passage_fault(struct passage *p, bool after);
/* Writes the envelope into the reply. */
void passage_envelope(struct passage *p);
/* Compresses, damages, slows or drops the reply as the switches say. */
void passage_shape(struct passage *p);
/* One row of the request log. */
void passage_log(struct passage *p);

#endif
