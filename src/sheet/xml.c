/* One part of a package run through expat. */
#include "sheet/xml_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { PIECE = 64 << 10, DRAIN = 16 << 10, MEMORY_MAX = 12 << 20, HEADER = 16 };

/* ---- memory of the parser: counted, with a limit ---- */

/* expat hands no pointer to its allocator; the part at work is the thread's. */
static _Thread_local struct sheet_xml *at_work;

static void *counted_realloc(void *old, size_t n)
{
	char *block = old ? (char *)old - HEADER : NULL;
	size_t had = 0;

	if (block)
		memcpy(&had, block, sizeof(had));
	if (n > MEMORY_MAX || at_work->memory - had + n > MEMORY_MAX)
		return NULL;
	block = realloc(block, n + HEADER);
	if (!block)
		return NULL;
	at_work->memory += n - had;
	memcpy(block, &n, sizeof(n));
	return block + HEADER;
}

static void *counted_malloc(size_t n)
{
	return counted_realloc(NULL, n);
}

static void counted_free(void *p)
{
	char *block = p ? (char *)p - HEADER : NULL;
	size_t had;

	if (!block)
		return;
	memcpy(&had, block, sizeof(had));
	at_work->memory -= had;
	free(block);
}

static const XML_Memory_Handling_Suite MEMORY = {
    .malloc_fcn = counted_malloc, .realloc_fcn = counted_realloc, .free_fcn = counted_free};

/* ---- handlers ---- */

static void doctype(void *user, const XML_Char *name, const XML_Char *system,
		    const XML_Char *public, int has_subset)
{
	struct sheet_xml *x = user;

	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	x->has_type = true;
	XML_StopParser(x->parser, XML_FALSE);
}

void sheet_xml_enough(struct sheet_xml *x)
{
	x->enough = true;
	XML_StopParser(x->parser, XML_FALSE);
}

void sheet_xml_refuse(struct sheet_xml *x, enum err rc)
{
	if (!x->fault)
		x->fault = rc;
	XML_StopParser(x->parser, XML_FALSE);
}

const char *sheet_xml_attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2) {
		if (!strcmp(sheet_xml_local(attributes[0]), name))
			return attributes[1];
	}
	return NULL;
}

bool sheet_xml_true(const char *value)
{
	return value && (!strcmp(value, "1") || !strcmp(value, "true"));
}

/* ---- steps ---- */

enum err sheet_xml_open(struct sheet_xml *x, struct sheet_zip *z, int64_t part,
			const struct sheet_xml_ops *ops, void *user, struct err_info *e)
{
	enum err rc;

	*x = (struct sheet_xml) {.zip = z, .user = user};
	rc = sheet_stream_open(z, part, &x->stream, e);
	if (rc)
		return rc;
	at_work = x;
	x->parser = XML_ParserCreate_MM(NULL, &MEMORY, NULL);
	if (!x->parser) {
		sheet_xml_close(x);
		return sheet_fail_broken(e, sheet_zip_what(z), "内存不足");
	}
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, ops->start, ops->end);
	XML_SetCharacterDataHandler(x->parser, ops->text);
	XML_SetStartDoctypeDeclHandler(x->parser, doctype);
	XML_SetParamEntityParsing(x->parser, XML_PARAM_ENTITY_PARSING_NEVER);
	return ERR_OK;
}

/* What the parser's refusal means. */
static enum err parser_failed(struct sheet_xml *x, struct err_info *e)
{
	enum XML_Error code = XML_GetErrorCode(x->parser);
	const char *what = sheet_zip_what(x->zip);

	if (x->fault)
		return x->fault;
	if (x->has_type)
		return sheet_fail_hostile(e, what, "含有文档类型声明");
	if (code == XML_ERROR_NO_MEMORY)
		return sheet_fail_hostile(e, what, "含有过长或过深的标记");
	sheet_fail_broken(e, what, "内容不是完整的 XML");
	err_detail(e, "%s, line %lu", XML_ErrorString(code), XML_GetCurrentLineNumber(x->parser));
	return ERR_INVALID;
}

/* Reads the rest, for its checksum. */
static enum err drain(struct sheet_xml *x, struct err_info *e)
{
	char rest[DRAIN];
	size_t got;
	enum err rc;

	do {
		rc = sheet_stream_read(x->stream, rest, sizeof(rest), &got, e);
	} while (!rc && got);
	return rc;
}

enum err sheet_xml_step(struct sheet_xml *x, bool *end, struct err_info *e)
{
	enum XML_Status status = XML_STATUS_ERROR;
	size_t got = 0;
	void *piece;
	enum err rc;

	at_work = x;
	x->e = e;
	piece = XML_GetBuffer(x->parser, PIECE);
	if (!piece)
		return parser_failed(x, e);
	rc = sheet_stream_read(x->stream, piece, PIECE, &got, e);
	if (rc)
		return rc;
	status = XML_ParseBuffer(x->parser, (int)got, got == 0);
	if (x->enough) {
		*end = true;
		return drain(x, e);
	}
	*end = got == 0;
	return status == XML_STATUS_ERROR ? parser_failed(x, e) : ERR_OK;
}

void sheet_xml_close(struct sheet_xml *x)
{
	if (x->parser) {
		at_work = x;
		XML_ParserFree(x->parser);
	}
	x->parser = NULL;
	sheet_stream_close(&x->stream);
}

enum err sheet_xml_whole(struct sheet_zip *z, int64_t part, const struct sheet_xml_ops *ops,
			 void *user, struct err_info *e)
{
	struct sheet_xml x;
	bool end = false;
	enum err rc = sheet_xml_open(&x, z, part, ops, user, e);

	while (!rc && !end)
		rc = sheet_xml_step(&x, &end, e);
	sheet_xml_close(&x);
	return rc;
}
