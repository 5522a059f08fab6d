/* doctor.c - the hops of a call, one behind the other. */
#include "desk/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/doctor_p.h"
#include "desk/intent_p.h"
#include "desk/unit_p.h"

enum { SKEW_WARN_S = 120, SKEW_BAD_S = 3600, RESULT_MAX = 16384 };

const char *doctor_level_word(enum doctor_level l)
{
	static const char *const WORDS[] = {"ok", "warning", "error", "unchecked", "asking"};

	return WORDS[l];
}

const char *doctor_level_label(enum doctor_level l)
{
	static const char *const LABELS[] = {"ok", "注意", "错误", "未查", "在查"};

	return LABELS[l];
}

/* ---- rows ---- */

static void tell(struct doctor_visit *v, const struct unit *u, struct doctor_row *row)
{
	row->unit_name = u ? u->name : "";
	row->tax_no = u ? u->tax_no : "";
	row->env = u ? unit_env_label(u->env) : "";
	if (!v->stop)
		v->stop = v->f(v->arg, row);
}

void doctor_tell(struct doctor_visit *v, const struct unit *u, const char *item, const char *label,
		 enum doctor_level level, const char *detail, const char *mend)
{
	struct doctor_row row = {
	    .item = item, .label = label, .level = level, .detail = detail, .mend = mend};

	tell(v, u, &row);
}

void doctor_fault(struct doctor_visit *v, const struct unit *u, const char *item, const char *label,
		  enum err class, const char *detail, const char *mend)
{
	struct doctor_row row = {.item = item,
				 .label = label,
				 .level = DOCTOR_BAD,
				 .detail = detail,
				 .mend = mend,
				 .class = class ? class : ERR_INVALID};

	tell(v, u, &row);
}

/* ---- whom to ask about ---- */

static void add_target(struct doctor *d, const struct unit *unit, const struct unit *direct)
{
	struct doctor_target *t;

	d->targets = mem_realloc(d->targets, (d->n + 1) * sizeof(*d->targets));
	t = &d->targets[d->n++];
	*t = (struct doctor_target) {.job = 0};
	unit_copy(unit, &t->unit);
	unit_copy(direct, &t->direct);
}

/* Every using unit below its direct one; a direct unit without any stands for itself. */
static enum err all_targets(struct session *s, struct doctor *d, struct err_info *e)
{
	struct unit_set directs = {0}, usings = {0};
	enum err r = unit_set_all(s, "direct", &directs, e);
	size_t i, k, before;

	if (!r)
		r = unit_set_all(s, "using", &usings, e);
	for (i = 0; !r && i < directs.n; i++) {
		before = d->n;
		for (k = 0; k < usings.n; k++)
			if (usings.items[k].direct_id == directs.items[i].id)
				add_target(d, &usings.items[k], &directs.items[i]);
		if (d->n == before)
			add_target(d, &directs.items[i], &directs.items[i]);
	}
	unit_set_free(&directs);
	unit_set_free(&usings);
	return r;
}

static enum err one_target(struct session *s, struct doctor *d, struct err_info *e)
{
	struct unit unit, direct;
	enum err r = unit_pick_using(s, s->unit_choice, s->user.last_unit_id, &unit, e);

	if (r)
		return r;
	if (!(r = store_unit_get(s->db, unit.direct_id, &direct, e))) {
		add_target(d, &unit, &direct);
		unit_free(&direct);
	}
	unit_free(&unit);
	return r;
}

static enum err put_jobs(struct session *s, struct doctor *d, struct desk_wait *w,
			 struct err_info *e)
{
	enum err r = db_begin(s->db, e);
	size_t i;

	if (r)
		return r;
	for (i = 0; i < d->n && !r; i++) {
		size_t before = w->job_count;

		r = desk_intent_join(s, d->targets[i].unit.id, JOB_PROBE, w, e);
		if (!r && w->job_count > before)
			d->targets[i].job = w->jobs[before];
	}
	if (r) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_doctor_begin(struct session *s, bool offline, struct desk_wait *w,
			   struct doctor **out, struct err_info *e)
{
	struct doctor *d = mem_zalloc(sizeof(*d));
	enum err r = *s->unit_choice ? one_target(s, d, e) : all_targets(s, d, e);

	d->offline = offline;
	d->denied = desk_allow(s, DESK_REFRESH, NULL) != ERR_OK;
	if (!r && !d->offline && !d->denied && d->n)
		r = put_jobs(s, d, w, e);
	if (r)
		desk_doctor_free(&d);
	*out = d;
	return r;
}

void desk_doctor_waits(struct doctor *d, bool waits)
{
	d->waits = waits;
}

void desk_doctor_free(struct doctor **d)
{
	size_t i;

	if (!*d)
		return;
	for (i = 0; i < (*d)->n; i++) {
		unit_free(&(*d)->targets[i].unit);
		unit_free(&(*d)->targets[i].direct);
	}
	free((*d)->targets);
	free(*d);
	*d = NULL;
}

/* ---- hops ---- */

/* The words of src/leqi/leqi.h, in its order. */
static const struct hop {
	const char *word, *label;
	enum { TO_SERVER, AT_PLATFORM } part;
} HOPS[] = {
    {"name", "名称解析", TO_SERVER},
    {"tcp", "TCP 连接", TO_SERVER},
    {"proxy", "代理", TO_SERVER},
    {"tls", "TLS 证书", TO_SERVER},
    {"clock", "时钟", TO_SERVER},
    {"path", "平台地址", AT_PLATFORM},
    {"direct", "直连单位乐企ID", AT_PLATFORM},
    {"using", "使用单位乐企ID", AT_PLATFORM},
    {"key", "密钥", AT_PLATFORM},
    {"address", "出口 IP", AT_PLATFORM},
    {"ability", "能力", AT_PLATFORM},
    {"region", "税务机关", AT_PLATFORM},
};
enum { HOP_COUNT = sizeof(HOPS) / sizeof(HOPS[0]), HOP_CLOCK = 4, HOP_USING = 7, HOP_KEY = 8 };

/* What the job found, read. */
struct found {
	const cJSON *json; /* NULL: no result */
	size_t fault;      /* HOP_COUNT: none */
	bool good, reached, called;
	enum err class;
	char text[DOCTOR_TEXT];
};

static void read_found(const cJSON *json, struct found *out)
{
	const char *word = json_member(json, "fault");
	long long class = 0;
	size_t i;

	*out = (struct found) {.json = json, .fault = HOP_COUNT};
	for (i = 0; i < HOP_COUNT; i++)
		if (!strcmp(HOPS[i].word, word))
			out->fault = i;
	out->good = cJSON_IsTrue(json_get(json, "good"));
	out->reached = cJSON_IsTrue(json_get(json, "reached"));
	out->called = cJSON_IsTrue(json_get(json, "called"));
	if (json_member_int(json, "class", 0, ERR_DAMAGED, &class))
		out->class = (enum err) class;
	snprintf(out->text, sizeof(out->text), "%.900s", json_member(json, "why"));
	out->text[text_whole(out->text, strlen(out->text))] = 0;
}

/* "81 天 9 小时", "3 分 5 秒": the two largest parts. */
static const char *span_text(int64_t seconds, char out[60])
{
	static const struct {
		int64_t seconds, part;
		const char *name, *part_name;
	} UNITS[] = {{86400, 3600, "天", "小时"}, {3600, 60, "小时", "分"}, {60, 1, "分", "秒"}};
	size_t i;

	for (i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
		if (seconds < UNITS[i].seconds)
			continue;
		snprintf(out, 60, "%lld %s %lld %s", (long long)(seconds / UNITS[i].seconds),
			 UNITS[i].name, (long long)(seconds % UNITS[i].seconds / UNITS[i].part),
			 UNITS[i].part_name);
		return out;
	}
	snprintf(out, 60, "%lld 秒", (long long)seconds);
	return out;
}

static void tell_clock(struct doctor_visit *v, const struct unit *u, const struct found *f)
{
	static const char MEND[] = "请校准系统时间（例如启用 NTP）";
	const struct hop *h = &HOPS[HOP_CLOCK];
	char text[120], span[60];
	long long skew, size;

	if (!json_member_int(f->json, "skew", INT64_MIN, INT64_MAX, &skew)) {
		doctor_tell(v, u, h->word, h->label, DOCTOR_UNSEEN, "对方没有告诉时间", "");
		return;
	}
	size = skew < 0 ? -skew : skew;
	snprintf(text, sizeof(text), "本机比税局%s %s", skew < 0 ? "慢" : "快",
		 span_text(size, span));
	if (size > SKEW_BAD_S)
		doctor_fault(v, u, h->word, h->label, ERR_INVALID, text, MEND);
	else
		doctor_tell(v, u, h->word, h->label, size > SKEW_WARN_S ? DOCTOR_WARN : DOCTOR_OK,
			    text, MEND);
}

/* What a hop that was passed has to show. */
static void tell_passed(struct doctor_visit *v, const struct doctor_target *t,
			const struct found *f, size_t hop)
{
	const struct unit *u = HOPS[hop].part == TO_SERVER ? &t->direct : &t->unit;
	const char *detail = "通过";
	char text[200];

	if (!strcmp(HOPS[hop].word, "tcp"))
		detail = json_member(f->json, "address");
	else if (!strcmp(HOPS[hop].word, "proxy"))
		detail = t->direct.proxy;
	else if (!strcmp(HOPS[hop].word, "tls")) {
		snprintf(text, sizeof(text), "证书验证通过，%.20s 毫秒",
			 json_member(f->json, "took_ms"));
		detail = text;
	}
	doctor_tell(v, u, HOPS[hop].word, HOPS[hop].label, DOCTOR_OK, detail, "");
}

/* Was a hop before the fault passed?  The platform looks at the key last. */
static bool passed(const struct found *f, size_t hop)
{
	if (HOPS[hop].part == TO_SERVER)
		return f->reached || (f->fault < HOP_COUNT && hop < f->fault);
	if (!f->called)
		return false;
	return f->good || (f->fault < HOP_COUNT && hop < f->fault && hop != HOP_KEY);
}

static void tell_hop(struct doctor_visit *v, const struct doctor_target *t, const struct found *f,
		     size_t hop)
{
	const struct unit *u = HOPS[hop].part == TO_SERVER ? &t->direct : &t->unit;

	if (!strcmp(HOPS[hop].word, "proxy") && text_empty(t->direct.proxy))
		return;
	if (hop == f->fault)
		doctor_fault(v, u, HOPS[hop].word, HOPS[hop].label, f->class, f->text,
			     json_member(f->json, "hint"));
	else if (!passed(f, hop))
		doctor_tell(v, u, HOPS[hop].word, HOPS[hop].label, DOCTOR_UNSEEN, "", "");
	else if (hop == HOP_CLOCK)
		tell_clock(v, u, f);
	else
		tell_passed(v, t, f, hop);
}

/* The answer is of another taxpayer: the 乐企ID is somebody else's. */
static bool tell_stranger(struct doctor_visit *v, const struct doctor_target *t,
			  const struct found *f)
{
	const char *told = json_member(f->json, "tax_no");
	char text[200];

	if (!f->good || !*told || !strcmp(told, t->unit.tax_no))
		return false;
	snprintf(text, sizeof(text), "税局返回的纳税人识别号是 %.40s，与填写的 %.40s 不一致", told,
		 t->unit.tax_no);
	doctor_fault(v, &t->unit, HOPS[HOP_USING].word, HOPS[HOP_USING].label, ERR_REFUSED, text,
		     "请核对使用单位乐企ID与税号");
	return true;
}

static void tell_hops(struct doctor_visit *v, const struct doctor_target *t, const struct found *f,
		      bool line)
{
	size_t i;

	for (i = 0; i < HOP_COUNT; i++) {
		if (HOPS[i].part == TO_SERVER && !line)
			continue;
		if (i != HOP_USING || !tell_stranger(v, t, f))
			tell_hop(v, t, f, i);
	}
	if (f->called && !f->good && f->fault == HOP_COUNT)
		doctor_fault(v, &t->unit, "answer", "平台应答", f->class, f->text,
			     json_member(f->json, "hint"));
	else if (!f->reached && f->fault == HOP_COUNT && *f->text)
		doctor_fault(v, &t->unit, "answer", "接入配置", f->class, f->text,
			     json_member(f->json, "hint"));
}

/* ---- the report ---- */

static void tell_unseen(struct doctor_visit *v, const struct doctor_target *t, bool line)
{
	const bool asking = t->job && v->d->waits;
	const enum doctor_level level = asking ? DOCTOR_ASKING : DOCTOR_UNSEEN;
	const char *why = v->d->offline  ? "--offline 不联网"
			  : v->d->denied ? "当前用户不能向税局查询"
			  : asking       ? "正在查"
					 : "没有等到结果";
	size_t i;

	for (i = 0; i < HOP_COUNT; i++)
		if ((HOPS[i].part == AT_PLATFORM || line) &&
		    (strcmp(HOPS[i].word, "proxy") != 0 || !text_empty(t->direct.proxy)))
			doctor_tell(v, HOPS[i].part == TO_SERVER ? &t->direct : &t->unit,
				    HOPS[i].word, HOPS[i].label, level, why, "");
	if (t->job && !asking)
		doctor_tell(v, &t->unit, "answer", "检查连接", DOCTOR_WARN,
			    "引擎还没有查完，可能正忙于别的任务",
			    "请稍后再试，或加大 --timeout；kaipiao jobs list 可看任务");
}

static enum err report_target(struct doctor_visit *v, const struct doctor_target *t, bool line,
			      struct err_info *e)
{
	struct job job = {0};
	struct found f = {.json = NULL};
	cJSON *json = NULL;
	enum err r = t->job ? store_job_get(v->s->db, t->job, &job, e) : ERR_OK;

	if (r)
		return r;
	if (t->job && job.state == JOB_DONE &&
	    !json_parse(job.result, strlen(job.result), RESULT_MAX, &json, NULL)) {
		read_found(json, &f);
		tell_hops(v, t, &f, line);
	} else {
		tell_unseen(v, t, line);
	}
	if (line)
		doctor_tell(v, &t->direct, "edition", "接口版本", DOCTOR_OK, t->direct.edition, "");
	r = doctor_facts(v, t, f.good ? json : NULL, e);
	json_free(&json);
	if (t->job)
		job_free(&job);
	return r;
}

enum err desk_doctor_report(struct session *s, struct doctor *d, doctor_each f, void *arg,
			    struct err_info *e)
{
	struct doctor_visit v = {.s = s, .d = d, .f = f, .arg = arg};
	enum err r = ERR_OK;
	size_t i;

	if (!d->n)
		doctor_tell(&v, NULL, "units", "接入配置", DOCTOR_WARN, "还没有直连单位",
			    "请运行 kaipiao unit add --role direct");
	for (i = 0; i < d->n && !r && !v.stop; i++)
		r = report_target(&v, &d->targets[i],
				  !i || d->targets[i].direct.id != d->targets[i - 1].direct.id, e);
	return r ? r : v.stop;
}
