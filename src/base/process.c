#include "base/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void process_close_up(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose search for leaks traces the process */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}
