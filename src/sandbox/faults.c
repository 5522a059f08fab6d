/* sandbox/faults.c - the set of fault switches. */
#include "sandbox/faults.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"

enum { FAULT_MAX = 64 };

static const struct {
	const char *name, *meaning;
} kinds[FAULT_N] = {
#define X(id, name, text) [id] = {name, text},
    FAULT_KINDS(X)
#undef X
};

static struct fault active[FAULT_MAX];
static size_t active_n;
static pthread_mutex_t fault_lock = PTHREAD_MUTEX_INITIALIZER;

static bool matches(const struct fault *f, enum fault_kind kind, const char *service)
{
	return f->kind == kind && f->times != 0 &&
	       (!f->service[0] || (service && strcmp(f->service, service) == 0));
}

/* after: 0 or 1 as the switch was set, -1 either. */
static bool take(enum fault_kind kind, const char *service, int after, struct fault *out)
{
	bool hit = false;
	pthread_mutex_lock(&fault_lock);
	for (size_t i = 0; i < active_n && !hit; i++) {
		struct fault *f = &active[i];
		if (!matches(f, kind, service) || (after >= 0 && f->after != (after == 1)) ||
		    (f->percent < 100 && random_below(100) >= f->percent))
			continue;
		if (f->skip > 0) {
			f->skip--;
			continue;
		}
		if (f->times > 0)
			f->times--;
		if (out)
			*out = *f;
		hit = true;
	}
	pthread_mutex_unlock(&fault_lock);
	return hit;
}

bool fault_take(enum fault_kind kind, const char *service, struct fault *out)
{
	return take(kind, service, -1, out);
}

bool fault_take_when(enum fault_kind kind, const char *service, bool after, struct fault *out)
{
	return take(kind, service, after, out);
}

bool fault_on(enum fault_kind kind, const char *service)
{
	bool hit = false;
	pthread_mutex_lock(&fault_lock);
	for (size_t i = 0; i < active_n && !hit; i++)
		hit = matches(&active[i], kind, service) && !active[i].skip;
	pthread_mutex_unlock(&fault_lock);
	return hit;
}

void fault_clear(void)
{
	pthread_mutex_lock(&fault_lock);
	active_n = 0;
	pthread_mutex_unlock(&fault_lock);
}

/* Removes the switch of that kind and service, so that a later setting replaces it. */
static void remove_fault(enum fault_kind kind, const char *service)
{
	for (size_t i = 0; i < active_n; i++) {
		if (active[i].kind == kind && strcmp(active[i].service, service) == 0) {
			memmove(&active[i], &active[i + 1], (active_n - i - 1) * sizeof(active[0]));
			active_n--;
			return;
		}
	}
}

static bool set_one(enum fault_kind kind, const cJSON *v, char error[256])
{
	struct fault f = {.kind = kind, .times = -1, .percent = 100};
	long long n;
	bool off = cJSON_IsFalse(v) || cJSON_IsNull(v);
	if (cJSON_IsObject(v)) {
		text_copy(f.service, sizeof(f.service), json_member(v, "service"));
		text_copy(f.text, sizeof(f.text), json_member(v, "text"));
		text_copy(f.message, sizeof(f.message), json_member(v, "message"));
		if (json_member(v, "code")[0])
			text_copy(f.text, sizeof(f.text), json_member(v, "code"));
		f.after = cJSON_IsTrue(json_get(v, "after"));
		off = cJSON_IsFalse(json_get(v, "on"));
		if (json_member_int(v, "value", INT64_MIN, INT64_MAX, &n))
			f.value = n;
		if (json_member_int(v, "times", -1, INT32_MAX, &n))
			f.times = n;
		if (json_member_int(v, "skip", 0, INT32_MAX, &n))
			f.skip = n;
		if (json_member_int(v, "percent", 0, 100, &n))
			f.percent = (uint32_t)n;
	} else if (cJSON_IsNumber(v)) {
		if (sscanf(json_text(v), "%lld", &n) == 1)
			f.value = n;
	} else if (cJSON_IsString(v)) {
		text_copy(f.text, sizeof(f.text), json_text(v));
	} else if (!cJSON_IsTrue(v) && !off) {
		snprintf(error, 256, "开关 %s 的值不认识", kinds[kind].name);
		return false;
	}
	remove_fault(kind, f.service);
	if (off)
		return true;
	if (active_n == FAULT_MAX) {
		snprintf(error, 256, "开关太多");
		return false;
	}
	active[active_n++] = f;
	return true;
}

static bool set_named(const cJSON *item, char error[256])
{
	for (int k = 0; k < FAULT_N; k++) {
		if (strcmp(kinds[k].name, item->string) != 0)
			continue;
		if (!cJSON_IsArray(item))
			return set_one((enum fault_kind)k, item, error);
		const cJSON *each;
		cJSON_ArrayForEach(each, item)
		{
			if (!set_one((enum fault_kind)k, each, error))
				return false;
		}
		return true;
	}
	snprintf(error, 256, "没有名为 %.100s 的开关", item->string);
	return false;
}

bool fault_post(const cJSON *body, char error[256])
{
	if (!cJSON_IsObject(body)) {
		snprintf(error, 256, "应为对象");
		return false;
	}
	bool ok = true;
	pthread_mutex_lock(&fault_lock);
	if (cJSON_IsTrue(json_get(body, "replace")))
		active_n = 0;
	const cJSON *item;
	cJSON_ArrayForEach(item, body)
	{
		if (ok && strcmp(item->string, "replace") != 0)
			ok = set_named(item, error);
	}
	pthread_mutex_unlock(&fault_lock);
	return ok;
}

void fault_write(struct json_out *o, const char *key)
{
	json_open(o, key, '[');
	pthread_mutex_lock(&fault_lock);
	for (size_t i = 0; i < active_n; i++) {
		const struct fault *f = &active[i];
		json_open(o, NULL, '{');
		json_put(o, "switch", kinds[f->kind].name);
		json_put(o, "service", f->service);
		json_put_int(o, "skip", f->skip);
		json_put_int(o, "times", f->times);
		json_put_int(o, "percent", f->percent);
		json_put_int(o, "value", f->value);
		json_put(o, "text", f->text);
		json_close(o, '}');
	}
	pthread_mutex_unlock(&fault_lock);
	json_close(o, ']');
}

void fault_help(struct buf *b)
{
	for (int k = 0; k < FAULT_N; k++)
		buf_addf(b, "  %-26s %s\n", kinds[k].name, kinds[k].meaning);
}
