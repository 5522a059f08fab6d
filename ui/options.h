/* ui/options.h - options as rows: name, type, limits, default, help; read by conf_load. */
#ifndef KP_UI_OPTIONS_H
#define KP_UI_OPTIONS_H

#include <stdbool.h>

#include "ui/conf.h"

enum borders { BORDERS_ACS, BORDERS_ASCII, BORDERS_UNICODE };
struct options {
	char theme[32];       /* default dark light */
	enum borders borders; /* acs ascii unicode */
	int ambiguous_width;  /* 1 or 2 */
	bool mouse;
	int escape_delay_ms; /* 25 */
	int page_rows;       /* 0: what fits */
};
const struct options *options_get(void);
enum err options_line(const struct conf_line *line, struct err_info *e);
void options_reset(void);
/* Documentation row i: false past the end. */
struct option_doc {
	const char *name, *values, *fallback, *help;
};
bool options_doc(int i, struct option_doc *out);

#endif
