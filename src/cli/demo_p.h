/* cli/demo_p.h - the private practice platform of `demo`. */
#ifndef KP_CLI_DEMO_P_H
#define KP_CLI_DEMO_P_H

#include <sys/types.h>

#include "cli/cli_p.h"

enum { PLATFORM_TEXT = 512 };

struct platform {
	pid_t pid;
	int stdin_fd; /* closing it ends the platform */
	char url[PLATFORM_TEXT], connect_to[PLATFORM_TEXT], ca_file[PLATFORM_TEXT],
	    control[PLATFORM_TEXT];
	struct platform_unit {
		char tax_no[32], name[400], leqi_id[32], key[40], region[16];
		char address[400], phone[80], bank[160], account[80], direct_tax_no[32];
	} direct, using;
};

struct demo {
	struct cli *c;
	struct platform p;
	char files[HOME_PATH];
	int64_t gross;
	bool screen; /* the workstation follows */
	size_t issued, total;
};

/* Starts leqi-sandbox on free loopback ports with its state in dir; waits for its first line.
 * play: other companies begin a few red letters by themselves. */
enum err platform_start(struct platform *p, const char *dir, bool play, struct err_info *e);
/* Ends it and waits for it; harmless when it does not run. */
void platform_stop(struct platform *p);

/* ---- demo_setup.c: each step is harmless when it was done before ---- */

/* Makes or opens the practice home; refuses one that holds other units. */
enum err demo_prepare_home(struct demo *d);
/* Practice is quick: results are asked for at once. */
enum err demo_quick_params(struct demo *d);
/* Connects and verifies the platform's direct and using unit; chooses the latter. */
enum err demo_prepare_units(struct demo *d);
enum err demo_fill_stock(struct demo *d);
enum err demo_fill_quota(struct demo *d);

#endif
