/* inflate.c - the least that reading a workbook costs: inflating its parts and running expat over
 * them.  inflate FILE; prints {"ns":…,"chars":…}. */
#include <expat.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <zip.h>

enum { CHUNK = 65536 };

static int64_t elements, chars;

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	(void)arg;
	(void)name;
	(void)attributes;
	elements++;
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
	(void)arg;
	(void)name;
}

static void XMLCALL on_text(void *arg, const XML_Char *text, int n)
{
	(void)arg;
	(void)text;
	chars += n;
}

static int run_part(zip_t *z, const char *name)
{
	static char bytes[CHUNK];
	zip_file_t *f = zip_fopen(z, name, 0);
	XML_Parser p;
	zip_int64_t n;
	int bad = 0;

	if (!f)
		return 0;
	p = XML_ParserCreate(NULL);
	XML_SetElementHandler(p, on_start, on_end);
	XML_SetCharacterDataHandler(p, on_text);
	while (!bad && (n = zip_fread(f, bytes, sizeof(bytes))) > 0)
		bad = XML_Parse(p, bytes, (int)n, 0) != XML_STATUS_OK;
	XML_ParserFree(p);
	zip_fclose(f);
	return bad;
}

static int run_sheets(zip_t *z)
{
	char name[64];
	int i, bad = 0;

	for (i = 1; !bad; i++) {
		snprintf(name, sizeof(name), "xl/worksheets/sheet%d.xml", i);
		if (zip_name_locate(z, name, 0) < 0)
			break;
		bad = run_part(z, name);
	}
	return bad;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv)
{
	int64_t start = now_ns();
	zip_t *z = argc == 2 ? zip_open(argv[1], ZIP_RDONLY, NULL) : NULL;

	if (!z || run_part(z, "xl/sharedStrings.xml") || run_sheets(z)) {
		fprintf(stderr, "inflate: not a workbook\n");
		return 1;
	}
	zip_close(z);
	printf("{\"ns\":%" PRId64 ",\"elements\":%" PRId64 ",\"chars\":%" PRId64 "}\n",
	       now_ns() - start, elements, chars);
	return 0;
}
