/* write_check.c - is a package whole? */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/buf.h"
#include "sheet/write_p.h"

enum { CHUNK = 64 << 10, NAME = 64 };

/* The name of the first element of a part into out. */
static bool root_name(const char *s, size_t n, char out[NAME])
{
	size_t len;

	while (n > 1 && (*s != '<' || s[1] == '?')) {
		s++;
		n--;
	}
	for (len = 0; len + 1 < n && len + 1 < NAME && !strchr(" \r\n\t/>", s[len + 1]); len++)
		out[len] = s[len + 1];
	out[len] = 0;
	return len > 0;
}

/* Does the part end with the end of the element it began with?  A part without content ends with
 * the same "/>" it began with. */
static bool ends_well(const char *tail, size_t n, const char *root)
{
	size_t len = strlen(root);

	while (n && strchr("\r\n", tail[n - 1]))
		n--;
	if (n >= 2 && !memcmp(tail + n - 2, "/>", 2))
		return n > len + 2 && memmem(tail, n, root, len);
	return n >= len + 3 && tail[n - 1] == '>' && !memcmp(tail + n - 1 - len, root, len) &&
	       !memcmp(tail + n - 3 - len, "</", 2);
}

/* libzip compares length and checksum at the end of a part. */
static bool part_whole(zip_t *z, zip_uint64_t i, char *chunk)
{
	char root[NAME] = "";
	size_t kept = 0;
	zip_file_t *f = zip_fopen_index(z, i, 0);
	zip_int64_t got = 0;
	bool first = true, good;

	if (!f)
		return false;
	while ((got = zip_fread(f, chunk + kept, CHUNK)) > 0) {
		size_t n = kept + (size_t)got;

		if (first && !root_name(chunk, n, root))
			break;
		first = false;
		kept = n < NAME * 2 ? n : NAME * 2;
		memmove(chunk, chunk + n - kept, kept);
	}
	good = got == 0 && !first && ends_well(chunk, kept, root);
	zip_fclose(f);
	return good;
}

bool sheet_package_whole(const char *path)
{
	int fault;
	zip_t *z = zip_open(path, ZIP_RDONLY, &fault);
	zip_int64_t n = z ? zip_get_num_entries(z, 0) : 0, i;
	char *chunk;
	bool good = n > 0;

	if (!z)
		return false;
	chunk = mem_alloc(CHUNK + NAME * 2);
	for (i = 0; good && i < n; i++)
		good = part_whole(z, (zip_uint64_t)i, chunk);
	free(chunk);
	zip_discard(z);
	return good;
}
