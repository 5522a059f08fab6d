/* tax/code.c - tax codes, and the small code tables embedded in the program. */
#include "tax/code.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/embed.h"

void tax_code_free(struct tax_code *c)
{
	char **const texts[] = {&c->code,      &c->parent,     &c->name, &c->short_name,
				&c->vat_rates, &c->levy_rates, &c->note, &c->keywords,
				&c->special,   &c->start,      &c->stop};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(*texts[i]);
	*c = (struct tax_code) {.code = NULL};
}

/* Is it one of the words of the text: the name or the code of a preference? */
static bool names_preference(const char *text, const struct code_row *row)
{
	static const char *const MARKS[] = {"、", "，", "；", ",", ";", "/", " "};
	size_t n = 0, i, mark;

	for (; *text; text += n + mark) {
		for (n = mark = 0; text[n] && !mark; n += !mark) {
			for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]) && !mark; i++) {
				if (!strncmp(text + n, MARKS[i], strlen(MARKS[i])))
					mark = strlen(MARKS[i]);
			}
		}
		if ((n == strlen(row->name) && !strncmp(text, row->name, n)) ||
		    (n == strlen(row->code) && !strncmp(text, row->code, n)))
			return true;
	}
	return false;
}

bool tax_code_bears(const struct tax_code *c, const char *preference)
{
	const char *text = c->special ? c->special : "";
	const struct code_row *row;
	bool any = c->untaxed && !strcmp(preference, "04");
	size_t i;

	for (i = 0; !any && (row = code_at(CODES_PREFERENCES, i)); i++) {
		if (!names_preference(text, row))
			continue;
		any = true;
		row = code_find(CODES_PREFERENCES, preference);
		return row && names_preference(text, row);
	}
	return true;
}

void differential_code_free(struct differential_code *d)
{
	char **const texts[] = {&d->name, &d->short_name, &d->general_rates, &d->general_levy,
				&d->small_levy};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(*texts[i]);
	*d = (struct differential_code) {.name = NULL};
}

unsigned interface_edition(const char *text)
{
	unsigned long major, minor = 0;
	char *end;

	if (!text || !*text)
		return EDITION_NEWEST;
	if (*text == 'V' || *text == 'v')
		text++;
	major = strtoul(text, &end, 10);
	if (end == text || major == 0 || major > 99)
		return EDITION_NEWEST;
	if (*end == '.')
		minor = strtoul(end + 1, NULL, 10);
	return (unsigned)major * 1000 + (unsigned)(minor > 999 ? 999 : minor);
}

/* The tax side joins with 、 (and with a comma in one table). */
static size_t separator(const char *s)
{
	static const char *const marks[] = {"、", "，", ",", ";", " "};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (!strncmp(s, marks[i], strlen(marks[i])))
			return strlen(marks[i]);
	return 0;
}

bool tax_rates_list(const char *rates, int32_t ppm, bool empty)
{
	bool any = false;

	while (rates && *rates) {
		char token[RATE_TEXT];
		size_t n = 0, skip;
		int32_t listed;
		while (rates[n] && !separator(rates + n))
			n++;
		if (n && n < sizeof(token)) {
			memcpy(token, rates, n);
			token[n] = 0;
			any = true;
			if (rate_parse(token, &listed) && listed == ppm)
				return true;
		}
		rates += n;
		while ((skip = separator(rates)))
			rates += skip;
	}
	return any ? false : empty;
}

/* A code is one digit and nine pairs: 1 01 01 01 02 00 00 00 00 00. */
const char *tax_code_parent(const char *code, char out[20])
{
	out[0] = 0;
	if (strlen(code) != 19)
		return out;
	for (int i = 17; i >= 1; i -= 2) {
		if (code[i] == '0' && code[i + 1] == '0')
			continue;
		memcpy(out, code, 20);
		out[i] = out[i + 1] = '0';
		break;
	}
	return out;
}

static const char *const files[CODES_TABLES] = {
    [CODES_REGIONS] = "data/regions.tsv",
    [CODES_COUNTRIES] = "data/countries.tsv",
    [CODES_PREFERENCES] = "data/preferences.tsv",
    [CODES_ID_TYPES] = "data/id-types.tsv",
    [CODES_PAYMENT_CHANNELS] = "data/payment-channels.tsv",
    [CODES_TAXPAYER_TYPES] = "data/taxpayer-types.tsv",
    [CODES_TAXPAYER_STATES] = "data/taxpayer-states.tsv",
    [CODES_INDUSTRIES] = "data/industries.tsv",
    [CODES_SECTORS] = "data/sectors.tsv",
    [CODES_CONSUMPTION] = "data/consumption.tsv",
    [CODES_RESERVE] = "data/reserve-codes.tsv",
    [CODES_WORDS] = "data/taxcode-words.tsv",
    [CODES_VOUCHERS] = "data/voucher-types.tsv",
    [CODES_SETTLEMENTS] = "data/settlements.tsv",
    [CODES_COAL] = "data/coal-kinds.tsv",
};

static struct {
	char *text; /* the file; rows point into it */
	struct code_row *rows;
	size_t count;
} tables[CODES_TABLES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Ends the current cell in place and returns the next one ("" past the last). */
static char *next_cell(char *cell)
{
	char *tab = strchr(cell, '\t');

	if (!tab)
		return cell + strlen(cell);
	*tab = 0;
	return tab + 1;
}

static struct code_row parse_row(char *line)
{
	char *code = line, *name = next_cell(code), *extra = next_cell(name),
	     *extra2 = next_cell(extra);

	next_cell(extra2);
	return (struct code_row) {code, name, extra, extra2};
}

/* Allocated for ever: lookups hand out pointers into it. */
static void load_table(enum code_table t)
{
	const struct embedded *file = embed_find(files[t]);
	bool header = true;

	if (!file)
		return;
	tables[t].text = mem_strndup(file->data, file->size);
	char *line = tables[t].text;
	while (*line) {
		char *end = strchrnul(line, '\n'), *next = *end ? end + 1 : end;
		*end = 0;
		if (!header && *line && *line != '#') {
			size_t n = tables[t].count++;
			tables[t].rows =
			    mem_realloc(tables[t].rows, (n + 1) * sizeof(tables[t].rows[0]));
			tables[t].rows[n] = parse_row(line);
		}
		header = header && *line == '#';
		line = next;
	}
}

static void load_tables(void)
{
	for (int t = 0; t < CODES_TABLES; t++)
		load_table((enum code_table)t);
}

const struct code_row *code_at(enum code_table t, size_t i)
{
	pthread_once(&once, load_tables);
	return i < tables[t].count ? &tables[t].rows[i] : NULL;
}

const struct code_row *code_find(enum code_table t, const char *code)
{
	const struct code_row *row;

	for (size_t i = 0; (row = code_at(t, i)); i++)
		if (!strcmp(row->code, code))
			return row;
	return NULL;
}

const struct code_row *code_find_name(enum code_table t, const char *name)
{
	const struct code_row *row;

	for (size_t i = 0; (row = code_at(t, i)); i++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}
