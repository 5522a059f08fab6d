/* list_kept.c - what stays of a list when its screen is left: rows a page, conditions. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "ui/list_p.h"

enum { KEPT_MAX = 40, KEPT_TITLE = 64, JSON_MAX = 1 << 16 };

static struct kept {
	char title[KEPT_TITLE];
	int rows;
	char *filter; /* owned */
} kept[KEPT_MAX];
static int count;

static struct kept *find(const char *title)
{
	int i;

	for (i = 0; i < count; i++) {
		if (!strcmp(kept[i].title, title))
			return &kept[i];
	}
	return NULL;
}

static struct kept *find_or_add(const char *title)
{
	struct kept *k = find(title);

	if (k || count == KEPT_MAX)
		return k;
	k = &kept[count++];
	text_copy(k->title, sizeof(k->title), title);
	return k;
}

int list_page_rows(const char *title)
{
	const struct kept *k = find(title);

	return k ? k->rows : 0;
}

void list_set_page_rows(const char *title, int rows)
{
	struct kept *k = find_or_add(title);

	if (k)
		k->rows = rows;
}

void list_keep_filter(const char *title, char *values)
{
	struct kept *k = find_or_add(title);

	if (!k) {
		free(values);
		return;
	}
	free(k->filter);
	k->filter = values;
}

const char *list_kept_filter(const char *title)
{
	const struct kept *k = find(title);

	return k ? k->filter : NULL;
}

char *list_rows_save(void)
{
	struct json_out o;
	struct buf b;
	int i;

	buf_init(&b, JSON_MAX);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	for (i = 0; i < count; i++) {
		if (kept[i].rows)
			json_put_int(&o, kept[i].title, kept[i].rows);
	}
	json_close(&o, '}');
	return buf_detach(&b);
}

void list_rows_load(const char *json)
{
	const cJSON *item;
	cJSON *all = NULL;
	long long rows;

	if (json_parse(json, strlen(json), JSON_MAX, &all, NULL))
		return;
	cJSON_ArrayForEach(item, all)
	{
		if (json_member_int(all, item->string, 1, LIST_ROWS, &rows))
			list_set_page_rows(item->string, (int)rows);
	}
	json_free(&all);
}
