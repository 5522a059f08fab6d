/* tax/service.h - interfaces of the tax side that are called: codes and names. */
#ifndef KP_TAX_SERVICE_H
#define KP_TAX_SERVICE_H

#include <stddef.h>

struct tax_service {
	const char *code;
	const char *name;  /* short: a column */
	const char *title; /* as the tax side's documents have it */
};
/* The i-th, NULL past the end. */
const struct tax_service *tax_service(size_t i);
/* Name and title of a code; another one as it is. */
const char *tax_service_name(const char *code);
const char *tax_service_title(const char *code);

#endif
