/* report_table.c - sums by dimension, period and key: a table with open addressing. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/report_p.h"

enum { SLOTS_FIRST = 256, ENTRIES_FIRST = 128 };

void report_table_free(struct report_table *t)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		free(t->at[i].key);
		free(t->at[i].label);
	}
	free(t->at);
	free(t->slots);
	*t = (struct report_table) {.count = 0};
}

static uint64_t mix(uint64_t h)
{
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 27;
}

static uint64_t hash_of(int dim, int period, const char *key, int64_t id)
{
	uint64_t h = (uint64_t)dim << 32 ^ (uint64_t)(uint32_t)period ^ (uint64_t)id << 20;

	for (; key && *key; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return mix(h);
}

static void grow_slots(struct report_table *t)
{
	size_t n = t->slot_count ? 2 * t->slot_count : SLOTS_FIRST, i, at;

	free(t->slots);
	t->slots = mem_zalloc(n * sizeof(*t->slots));
	t->slot_count = n;
	for (i = 0; i < t->count; i++) {
		for (at = t->at[i].hash & (n - 1); t->slots[at];)
			at = (at + 1) & (n - 1);
		t->slots[at] = (uint32_t)i + 1;
	}
}

static bool is_it(const struct report_entry *en, int dim, int period, const char *key, int64_t id)
{
	if (en->dim != dim || en->period != period || !en->key != !key)
		return false;
	return key ? !strcmp(en->key, key) : en->id == id;
}

static struct report_entry *append(struct report_table *t)
{
	if (t->count == t->cap) {
		t->cap = t->cap ? 2 * t->cap : ENTRIES_FIRST;
		t->at = mem_realloc(t->at, t->cap * sizeof(*t->at));
	}
	t->at[t->count] = (struct report_entry) {.hash = 0};
	return &t->at[t->count++];
}

static struct report_entry *get(struct report_table *t, int dim, int period, const char *key,
				int64_t id)
{
	uint64_t h = hash_of(dim, period, key, id);
	struct report_entry *en;
	size_t at;

	if (2 * (t->count + 1) > t->slot_count)
		grow_slots(t);
	for (at = h & (t->slot_count - 1); t->slots[at]; at = (at + 1) & (t->slot_count - 1)) {
		en = &t->at[t->slots[at] - 1];
		if (en->hash == h && is_it(en, dim, period, key, id))
			return en;
	}
	en = append(t);
	t->slots[at] = (uint32_t)t->count;
	en->hash = h;
	en->dim = dim;
	en->period = period;
	en->key = key ? mem_strdup(key) : NULL;
	en->id = id;
	return en;
}

struct report_entry *report_table_get(struct report_table *t, int dim, int period, const char *key)
{
	return get(t, dim, period, key, 0);
}

struct report_entry *report_table_by_id(struct report_table *t, int dim, int period, int64_t id)
{
	return get(t, dim, period, NULL, id);
}

bool report_sum_add(struct report_sum *to, const struct report_sum *s)
{
	to->count += s->count;
	to->red_count += s->red_count;
	return fen_add(to->red_net, s->red_net, &to->red_net) &&
	       fen_add(to->red_tax, s->red_tax, &to->red_tax) &&
	       fen_add(to->net, s->net, &to->net) && fen_add(to->tax, s->tax, &to->tax) &&
	       fen_add(to->gross, s->gross, &to->gross);
}

void report_entry_call(struct report_entry *en, const char *label, const char *at)
{
	if (en->label && strcmp(at, en->label_at) < 0)
		return;
	if (!en->label || strcmp(en->label, label) != 0)
		mem_set(&en->label, label);
	text_copy(en->label_at, sizeof(en->label_at), at);
}

enum err report_too_large(struct err_info *e)
{
	return err_fail(e, ERR_INVALID, "report.large", "统计报表",
			"金额合计超过 18 位，请缩短日期范围");
}
