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

/* Starts leqi-sandbox on free loopback ports with its state in dir; waits for its first line. */
enum err platform_start(struct platform *p, const char *dir, struct err_info *e);
/* Ends it and waits for it; harmless when it does not run. */
void platform_stop(struct platform *p);

#endif
