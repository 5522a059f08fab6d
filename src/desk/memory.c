/* memory.c - habits of a person, rates of the unit, what issuing leaves behind. */
#include "desk/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/forms.h"

enum err desk_habit(struct session *s, struct issue_habit *out, struct err_info *e)
{
	struct business_type type;
	int64_t unit;
	bool found;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	if (r)
		return r;
	*out = (struct issue_habit) {.inclusive = true};
	text_copy(out->drawer, sizeof(out->drawer),
		  text_empty(s->user.display_name) ? s->user.name : s->user.display_name);
	if ((r = store_habit_get(s->db, unit, s->user.id, out, &found, e)) ||
	    (r = store_type_by_name(s->db, unit, out->business_type, &type, &found, e)))
		return r;
	text_copy(out->business_type, sizeof(out->business_type), found ? type.name : "");
	return ERR_OK;
}

static int highest_first(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x < y) - (x > y);
}

enum err desk_rates(struct session *s, int32_t **out, size_t *n, struct err_info *e)
{
	struct tax_rate *rates = NULL;
	size_t count = 0, i, kept = 0;
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	if (r || (r = store_rates_get(s->db, unit, &rates, &count, e)))
		return r;
	*out = mem_zalloc((count + 1) * sizeof(**out));
	*n = 0;
	for (i = 0; i < count; i++) {
		if (rates[i].enabled)
			(*out)[(*n)++] = rates[i].ppm;
	}
	free(rates);
	qsort(*out, *n, sizeof(**out), highest_first);
	for (i = 0; i < *n; i++) {
		if (!kept || (*out)[kept - 1] != (*out)[i])
			(*out)[kept++] = (*out)[i];
	}
	*n = kept;
	return ERR_OK;
}

enum err desk_remember(struct session *s, int64_t unit, const struct invoice *inv,
		       struct err_info *e)
{
	enum err r = store_buyer_issued(s->db, unit, inv, e);
	size_t i;

	for (i = 0; i < inv->line_count && !r; i++)
		r = store_goods_issued(s->db, unit, &inv->lines[i], inv->prices_include_tax, e);
	if (!r)
		r = store_habit_put(s->db, unit, s->user.id, inv, e);
	return r ? r : desk_form_used(s, unit, inv->number, e);
}
