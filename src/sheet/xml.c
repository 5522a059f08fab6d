/* One part of a package run through expat or the scanner. */
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

static void stop(struct sheet_xml *x)
{
	if (x->scan)
		sheet_scan_stop(x->scan);
	else
		XML_StopParser(x->parser, XML_FALSE);
}

static void doctype(void *user, const XML_Char *name, const XML_Char *system,
		    const XML_Char *public, int has_subset)
{
	struct sheet_xml *x = user;

	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	x->has_type = true;
	stop(x);
}

void sheet_xml_enough(struct sheet_xml *x)
{
	x->enough = true;
	stop(x);
}

void sheet_xml_refuse(struct sheet_xml *x, enum err rc)
{
	if (!x->fault)
		x->fault = rc;
	stop(x);
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
	*x = (struct sheet_xml) {.ops = ops, .zip = z, .user = user};
	return sheet_stream_open(z, part, &x->stream, e);
}

static enum err too_large(struct sheet_xml *x, struct err_info *e)
{
	return sheet_fail_hostile(e, sheet_zip_what(x->zip), "含有过长或过深的标记");
}

static enum err broken(struct sheet_xml *x, const char *detail, struct err_info *e)
{
	sheet_fail_broken(e, sheet_zip_what(x->zip), "内容不是完整的 XML");
	err_detail(e, "%s", detail);
	return ERR_INVALID;
}

static enum err has_type(struct sheet_xml *x, struct err_info *e)
{
	return sheet_fail_hostile(e, sheet_zip_what(x->zip), "含有文档类型声明");
}

/* ---- expat ---- */

static enum err open_parser(struct sheet_xml *x, struct err_info *e)
{
	at_work = x;
	x->parser = XML_ParserCreate_MM(NULL, &MEMORY, NULL);
	if (!x->parser)
		return sheet_fail_broken(e, sheet_zip_what(x->zip), "内存不足");
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, x->ops->start, x->ops->end);
	XML_SetCharacterDataHandler(x->parser, x->ops->text);
	XML_SetStartDoctypeDeclHandler(x->parser, doctype);
	XML_SetParamEntityParsing(x->parser, XML_PARAM_ENTITY_PARSING_NEVER);
	return ERR_OK;
}

/* What the parser's refusal means. */
static enum err parser_failed(struct sheet_xml *x, struct err_info *e)
{
	enum XML_Error code = XML_GetErrorCode(x->parser);

	if (x->fault)
		return x->fault;
	if (x->has_type)
		return has_type(x, e);
	if (code == XML_ERROR_NO_MEMORY)
		return too_large(x, e);
	return broken(x, XML_ErrorString(code), e);
}

/* The first piece is there already when `first` is given. */
static enum err parser_step(struct sheet_xml *x, const char *first, size_t got, bool *end,
			    struct err_info *e)
{
	enum XML_Status status;
	void *piece;
	enum err rc = ERR_OK;

	at_work = x;
	piece = XML_GetBuffer(x->parser, PIECE);
	if (!piece)
		return parser_failed(x, e);
	if (first)
		memcpy(piece, first, got);
	else
		rc = sheet_stream_read(x->stream, piece, PIECE, &got, e);
	if (rc)
		return rc;
	status = XML_ParseBuffer(x->parser, (int)got, got == 0);
	*end = got == 0;
	return status == XML_STATUS_ERROR && !x->enough ? parser_failed(x, e) : ERR_OK;
}

/* ---- the scanner ---- */

static enum err scan_verdict(struct sheet_xml *x, enum sheet_scan_verdict v, struct err_info *e)
{
	switch (v) {
	case SCAN_GOOD:
		return ERR_OK;
	case SCAN_STOPPED:
		return x->fault;
	case SCAN_TYPE:
		return has_type(x, e);
	case SCAN_LARGE:
		return too_large(x, e);
	case SCAN_BROKEN:
		break;
	}
	return broken(x, "not well-formed", e);
}

static enum err scan_step(struct sheet_xml *x, bool *end, struct err_info *e)
{
	char *piece = sheet_scan_room(x->scan, PIECE);
	size_t got;
	enum err rc = sheet_stream_read(x->stream, piece, PIECE, &got, e);

	if (rc)
		return rc;
	*end = got == 0;
	return scan_verdict(x, sheet_scan_piece(x->scan, got), e);
}

/* ---- steps ---- */

/* From what the part begins with: whose it is. */
static enum err first_step(struct sheet_xml *x, bool *end, struct err_info *e)
{
	const struct sheet_scan_ops ops = {x->ops->start, x->ops->end, x->ops->text};
	char *first = mem_alloc(PIECE);
	size_t got;
	int head;
	enum err rc = sheet_stream_read(x->stream, first, PIECE, &got, e);

	head = !rc && x->ops->large ? sheet_scan_head(first, got) : -1;
	if (!rc && head < 0) {
		rc = open_parser(x, e);
		rc = rc ? rc : parser_step(x, first, got, end, e);
	} else if (!rc) {
		got -= (size_t)head;
		x->scan = sheet_scan_new(&ops, x);
		memcpy(sheet_scan_room(x->scan, got), first + head, got);
		rc = got ? scan_verdict(x, sheet_scan_piece(x->scan, got), e) : ERR_OK;
	}
	free(first);
	return rc;
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
	enum err rc;

	x->e = e;
	if (!x->parser && !x->scan)
		rc = first_step(x, end, e);
	else
		rc = x->scan ? scan_step(x, end, e) : parser_step(x, NULL, 0, end, e);
	if (rc || !x->enough)
		return rc;
	*end = true;
	return drain(x, e);
}

void sheet_xml_close(struct sheet_xml *x)
{
	if (x->parser) {
		at_work = x;
		XML_ParserFree(x->parser);
	}
	x->parser = NULL;
	sheet_scan_free(&x->scan);
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
