/* taxcodes_news.c - what the tax side changed in the classification, in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/engine.h"
#include "desk/taxcodes_p.h"

enum { RESULT_MAX = 4096, CHANGE_MAX = 16 * 1024 };

/* ---- the result of a sync ---- */

static void read_result(const char *text, struct taxcode_synced *out)
{
	const struct {
		const char *key;
		int64_t *to;
	} NUMBERS[] = {
	    {"count", &out->count},
	    {"added", &out->news.added},
	    {"changed", &out->news.changed},
	    {"stopped", &out->news.stopped},
	};
	cJSON *tree = NULL;
	size_t i;

	if (!json_parse(text, strlen(text), RESULT_MAX, &tree, NULL)) {
		for (i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++) {
			long long n = 0;

			if (json_member_int(tree, NUMBERS[i].key, 0, INT32_MAX, &n))
				*NUMBERS[i].to = n;
		}
		out->news.first = cJSON_IsTrue(json_get(tree, "first"));
	}
	json_free(&tree);
}

enum err desk_taxcode_synced(struct session *s, const struct desk_wait *w,
			     struct taxcode_synced *out, struct err_info *e)
{
	struct job j;
	char id[24];
	enum err r;

	*out = (struct taxcode_synced) {.count = 0};
	if (!w->job_count)
		return ERR_OK;
	snprintf(id, sizeof(id), "%lld", (long long)w->jobs[0]);
	if ((r = desk_job_get(s, id, &j, e)))
		return r;
	read_result(j.result, out);
	job_free(&j);
	return ERR_OK;
}

const char *taxcode_synced_text(const struct taxcode_synced *s, char out[TAXCODE_SYNCED])
{
	const struct taxcode_news *n = &s->news;

	if (n->first)
		snprintf(out, TAXCODE_SYNCED, "取得 %lld 个编码", (long long)s->count);
	else if (!s->count)
		snprintf(out, TAXCODE_SYNCED, "编码没有变化");
	else if (!n->added && !n->changed && !n->stopped)
		snprintf(out, TAXCODE_SYNCED, "税局更新了 %lld 个编码，名称、税率都没有变",
			 (long long)s->count);
	else
		snprintf(out, TAXCODE_SYNCED, "新增 %lld 个，变更 %lld 个，停用 %lld 个",
			 (long long)n->added, (long long)n->changed, (long long)n->stopped);
	return out;
}

/* ---- the difference ---- */

static const struct {
	const char *word, *label;
} KINDS[] = {
    [TAXCODE_ADDED] = {"added", "新增"},
    [TAXCODE_CHANGED] = {"changed", "变更"},
    [TAXCODE_ENDED] = {"stopped", "停用"},
};

const char *taxcode_kind_word(enum taxcode_kind k)
{
	return KINDS[k].word;
}

const char *taxcode_kind_label(enum taxcode_kind k)
{
	return KINDS[k].label;
}

static const char *or_none(const char *s)
{
	return *s ? s : "无";
}

static const char *part(const struct buf *b)
{
	return b->len ? "；" : "";
}

static void say_text(struct buf *b, const char *label, const char *before, const char *now)
{
	if (strcmp(before, now) != 0)
		buf_addf(b, "%s%s %s → %s", part(b), label, or_none(before), or_none(now));
}

static void say_added(struct buf *b, const struct taxcode_texts *t)
{
	buf_addf(b, "简称 %s", or_none(t->short_name));
	if (*t->vat_rates)
		buf_addf(b, "；税率 %s", t->vat_rates);
	if (*t->levy_rates)
		buf_addf(b, "；征收率 %s", t->levy_rates);
	if (t->summary)
		buf_adds(b, "；汇总项");
	if (*t->stop)
		buf_addf(b, "；%s 起停用", t->stop);
}

static void say_stop(struct buf *b, const char *before, const char *now)
{
	if (!strcmp(before, now))
		return;
	if (!*now)
		buf_addf(b, "%s不再停用", part(b));
	else
		buf_addf(b, "%s%s 起停用", part(b), now);
}

char *taxcode_change_text(const struct taxcode_change *c)
{
	const struct taxcode_texts *was = &c->before, *now = &c->now;
	struct buf b;

	buf_init(&b, CHANGE_MAX);
	if (c->kind == TAXCODE_ADDED) {
		say_added(&b, now);
	} else {
		say_stop(&b, was->stop, now->stop);
		say_text(&b, "名称", was->name, now->name);
		say_text(&b, "简称", was->short_name, now->short_name);
		say_text(&b, "税率", was->vat_rates, now->vat_rates);
		say_text(&b, "征收率", was->levy_rates, now->levy_rates);
		if (was->summary != now->summary)
			buf_addf(&b, "%s%s", part(&b),
				 now->summary ? "成为汇总项" : "不再是汇总项");
	}
	char *text = mem_strdup(buf_str(&b));
	buf_free(&b);
	return text;
}

enum err desk_taxcode_changes(struct session *s, const char *code, int64_t cursor, int limit,
			      taxcode_change_each f, void *arg, int64_t *next, int64_t *total,
			      struct err_info *e)
{
	const char *env;
	enum err r;

	*next = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = taxcode_env(s, &env, e)))
		return r;
	return store_taxcode_changes(s->db, env, code, cursor, limit, f, arg, next, total, e);
}

enum err desk_taxcode_stopped_goods(struct session *s, int64_t *out, struct err_info *e)
{
	char today[DATE_TEXT];
	struct unit u;
	enum err r;

	*out = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_taxcode_stopped_goods(s->db, unit_env_word(u.env), u.id,
					date_text(clock_now(), today), DESK_COUNT_CAP, out, e);
	unit_free(&u);
	return r;
}
