/* scan - arbitrary bytes as XML: the scanner and expat say the same.  The first byte is the size of
 * the pieces. */
#include <stdint.h>

#include "lib/scan_twin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1)
		twin_compare((const char *)data + 1, size - 1, (size_t)*data + 1);
	return 0;
}
