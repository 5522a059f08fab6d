/* read.c - members of an answer: forgiving where the protocol says so, clean where it matters. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/leqi_p.h"

/* Printed samples carry blanks inside keys ("qrrq "). */
static bool same_key(const char *have, const char *want)
{
	size_t n = strlen(want);

	while (isspace((unsigned char)*have))
		have++;
	if (strncasecmp(have, want, n) != 0)
		return false;
	for (have += n; isspace((unsigned char)*have); have++)
		;
	return !*have;
}

const cJSON *wire_get(const cJSON *object, const char *key)
{
	const cJSON *item;

	if (!cJSON_IsObject(object))
		return NULL;
	item = json_get(object, key);
	if (item)
		return item;
	for (item = object->child; item; item = item->next)
		if (item->string && same_key(item->string, key))
			return item;
	return NULL;
}

const char *wire_text(const cJSON *object, const char *key)
{
	const char *s = json_text(wire_get(object, key));

	return s ? s : "";
}

char *wire_dup(const cJSON *object, const char *key, size_t max)
{
	char *clean = text_clean(wire_text(object, key), max, false);
	char *trimmed = text_trim(clean);

	free(clean);
	return trimmed;
}

void wire_copy(const cJSON *object, const char *key, char *out, size_t size)
{
	char *clean = wire_dup(object, key, size);

	text_copy(out, size, clean);
	free(clean);
}

void wire_pair(const cJSON *object, const char *key, char *out, size_t size)
{
	wire_copy(object, key, out, size);
	if (size > 2 && isdigit((unsigned char)out[0]) && !out[1]) {
		out[1] = out[0];
		out[0] = '0';
		out[2] = 0;
	}
}

bool wire_yes(const cJSON *object, const char *key)
{
	char flag[4];

	wire_copy(object, key, flag, sizeof(flag));
	return strcasecmp(flag, "Y") == 0;
}

bool wire_fen(const cJSON *object, const char *key, int64_t *fen)
{
	char text[48];

	wire_copy(object, key, text, sizeof(text));
	return fen_parse(text, fen);
}

void wire_date(const cJSON *object, const char *key, char out[DATE_TEXT])
{
	char text[32];
	struct date d;

	out[0] = 0;
	wire_copy(object, key, text, sizeof(text));
	if (strlen(text) > 10 && text[10] == ' ')
		text[10] = 0; /* a date with a time */
	if (date_parse(text, &d))
		snprintf(out, DATE_TEXT, "%04u-%02u-%02u", (unsigned)d.year % 10000u,
			 (unsigned)d.month % 100u, (unsigned)d.day % 100u);
}

void wire_datetime(const cJSON *object, const char *key, char out[DATETIME_TEXT])
{
	char text[32], day[DATE_TEXT];
	int64_t t;

	out[0] = 0;
	wire_copy(object, key, text, sizeof(text));
	if (strlen(text) > 10 && text[10] == 'T')
		text[10] = ' ';
	if (strlen(text) > 19 && text[19] == '.') /* fractions of a second */
		text[19] = 0;
	if (datetime_parse(text, &t)) {
		datetime_text(t, out);
		return;
	}
	wire_date(object, key, day);
	if (day[0] && strlen(text) <= 10)
		snprintf(out, DATETIME_TEXT, "%s 00:00:00", day);
}

void wire_month(const cJSON *object, const char *key, char out[MONTH_TEXT])
{
	char text[32];
	int year, month;

	out[0] = 0;
	wire_copy(object, key, text, sizeof(text));
	if (month_parse(text, &year, &month))
		snprintf(out, MONTH_TEXT, "%04u-%02u", (unsigned)year % 10000u,
			 (unsigned)month % 100u);
}

const cJSON *wire_list(const cJSON *object, const char *key)
{
	const cJSON *item = wire_get(object, key);

	return cJSON_IsArray(item) ? item : json_only_array(object);
}
