/* Units, taxpayer data, users, parameters, audit, jobs, request log. */
#include "unit/store_fixture.h"

/* ---- units ----------------------------------------------------------------------------------- */

static char **unit_texts(struct unit *u, size_t i)
{
	char **all[] = {&u->tax_no,   &u->name,    &u->leqi_id,     &u->region,
			&u->address,  &u->phone,   &u->bank,        &u->account,
			&u->url,      &u->ca_pem,  &u->connect_to,  &u->sealed_key,
			&u->key_hint, &u->edition, &u->verify_error};
	return i < sizeof(all) / sizeof(all[0]) ? all[i] : NULL;
}

static enum err count_unit(void *arg, const struct unit *u)
{
	assert_true(u->id > 0 && u->tax_no[0]);
	++*(int *)arg;
	return ERR_OK;
}

static void test_unit_round_trip(void **state)
{
	struct fixture *f = *state;
	struct unit u = {.direct = false,
			 .direct_id = f->direct,
			 .env = ENV_PRACTICE,
			 .joint = true},
		    back;
	for (size_t i = 0; unit_texts(&u, i); i++) {
		char text[32];
		snprintf(text, sizeof(text), "值-%d", (int)i);
		mem_set(unit_texts(&u, i), text);
	}
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_put(f->db, &u, &f->e));
	for (int round = 0; round < 2; round++) {
		must(f, store_unit_get(f->db, u.id, &back, &f->e));
		for (size_t i = 0; unit_texts(&u, i); i++)
			assert_string_equal(*unit_texts(&back, i), *unit_texts(&u, i));
		assert_true(back.joint && !back.direct && !back.verified && back.created_at > 0);
		assert_int_equal(back.direct_id, f->direct);
		assert_int_equal(back.env, ENV_PRACTICE);
		mem_set(&back.name, "改名");
		mem_set(&u.name, "改名");
		must(f, store_unit_put(f->db, &back, &f->e));
		unit_free(&back);
	}
	must(f, store_unit_set_state(f->db, u.id, true, NULL, &f->e));
	must(f, store_unit_get(f->db, u.id, &back, &f->e));
	assert_true(back.verified && back.verified_at > 0);
	assert_string_equal(back.verify_error, "");
	unit_free(&back);
	must(f, store_unit_set_state(f->db, u.id, false, "证书错误", &f->e));
	must(f, store_unit_get(f->db, u.id, &back, &f->e));
	assert_true(!back.verified && back.verified_at > 0);
	assert_string_equal(back.verify_error, "证书错误");
	unit_free(&back);
	must_fail(f, ERR_INVALID, "unit.unknown", store_unit_get(f->db, 99, &back, &f->e));
	must(f, db_commit(f->db, &f->e));
	unit_free(&u);
}

static void test_unit_keys(void **state)
{
	struct fixture *f = *state;
	struct unit u = {.direct = true,
			 .env = ENV_PRACTICE,
			 .tax_no = mem_strdup("91440300DIRECT0001")},
		    back;
	enum unit_env env = ENV_PRODUCTION;
	int n = 0;
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "unit.exists", store_unit_put(f->db, &u, &f->e));
	u.env = ENV_SANDBOX;
	must(f, store_unit_put(f->db, &u, &f->e));
	struct unit other = {
	    .direct_id = u.id, .env = ENV_PRACTICE, .tax_no = mem_strdup("91440300USING00009")};
	must_fail(f, ERR_INVALID, "unit.direct", store_unit_put(f->db, &other, &f->e));
	must(f, store_unit_find(f->db, "91440300DIRECT0001", NULL, NULL, &back, &f->e));
	assert_int_equal(back.id, u.id); /* the newest */
	unit_free(&back);
	env = ENV_PRACTICE;
	must(f, store_unit_find(f->db, "91440300DIRECT0001", "direct", &env, &back, &f->e));
	assert_int_equal(back.id, f->direct);
	unit_free(&back);
	must_fail(f, ERR_INVALID, "unit.unknown",
		  store_unit_find(f->db, "91440300DIRECT0001", "using", NULL, &back, &f->e));
	/* A using unit first when both roles have the tax number. */
	int64_t same = fixture_using(f, ENV_PRACTICE, "91440300DIRECT0001", f->direct);
	must(f, store_unit_find(f->db, "91440300DIRECT0001", NULL, NULL, &back, &f->e));
	assert_int_equal(back.id, same);
	unit_free(&back);
	must_fail(f, ERR_INVALID, "unit.choose", store_unit_only(f->db, &back, &f->e));
	must(f, store_unit_remove(f->db, same, &f->e));
	must(f, store_unit_only(f->db, &back, &f->e));
	assert_int_equal(back.id, f->unit);
	unit_free(&back);
	must(f, store_unit_list(f->db, NULL, count_unit, &n, &f->e));
	assert_int_equal(n, 3);
	must(f, store_unit_list(f->db, "direct", count_unit, &n, &f->e));
	assert_int_equal(n, 5);
	must(f, db_commit(f->db, &f->e));
	unit_free(&u);
	unit_free(&other);
}

static void fill_catalogue(struct fixture *f, int64_t unit)
{
	struct buyer b = {.unit_id = unit, .source = SOURCE_ENTERED};
	struct goods g = {.unit_id = unit, .source = SOURCE_ENTERED};
	struct business_type t = {.unit_id = unit, .name = "零售"};
	mem_set(&b.party.name, "甲");
	mem_set(&g.name, "乙");
	must(f, store_buyer_insert(f->db, &b, &f->e));
	must(f, store_goods_insert(f->db, &g, &f->e));
	must(f, store_type_insert(f->db, &t, &f->e));
	buyer_free(&b);
	goods_free(&g);
}

/* Types, tallies, lists of the index and, without one, postings. */
static int64_t left_of(struct fixture *f, int64_t unit)
{
	static const char *const parts[] = {
	    "SELECT COUNT(*) FROM business_type WHERE unit_id = ?",
	    "SELECT COUNT(*) FROM catalogue_tally WHERE unit_id = ?",
	    "SELECT COUNT(*) FROM find_list WHERE scope = ?",
	    "SELECT COUNT(*) FROM find_post WHERE ? > 0 AND NOT EXISTS (SELECT 1 FROM find_list)",
	};
	int64_t sum = 0, one = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++, sum += one)
		must(f, db_get_int(f->db, &f->e, &one, NULL, parts[i], "l", unit));
	return sum;
}

static void test_unit_remove(void **state)
{
	struct fixture *f = *state;
	struct invoice_record r;
	struct job j = {.kind = "taxpayer", .unit_id = f->unit};
	struct unit_catalogue c;
	int64_t last = 0;
	bool any = true;
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "unit.used", store_unit_remove(f->db, f->direct, &f->e));
	fixture_invoice(f, &r, "买方");
	must(f, store_invoice_insert(f->db, &r, &f->e));
	must(f, store_unit_has_invoices(f->db, f->unit, &any, &f->e));
	assert_true(any);
	must_fail(f, ERR_INVALID, "unit.used", store_unit_remove(f->db, f->unit, &f->e));
	assert_non_null(strstr(f->e.why, "发票"));
	must(f, store_invoice_delete_draft(f->db, r.id, &f->e));
	must(f, store_quota_set_interval(f->db, f->unit, "2025-11", "2025-11-01", NULL, &f->e));
	must(f, store_user_set_last_unit(f->db, f->user, f->unit, &f->e));
	must(f, store_job_add(f->db, &j, &f->e));
	fill_catalogue(f, f->unit);
	must(f, store_unit_catalogue(f->db, f->unit, &c, &f->e));
	assert_true(c.buyers == 1 && c.goods == 1 && c.types == 1);
	assert_int_equal(left_of(f, f->unit), 1 + 2 + 2);
	must(f, store_unit_remove(f->db, f->unit, &f->e));
	assert_int_equal(left_of(f, f->unit), 0);
	/* The lists of the index are free for others. */
	fill_catalogue(f, f->direct);
	must(f, db_get_int(f->db, &f->e, &last, NULL, "SELECT MAX(id) FROM find_list", ""));
	assert_int_equal(last, 2);
	must(f, store_unit_remove(f->db, f->direct, &f->e));
	assert_int_equal(left_of(f, f->direct), 0);
	struct unit back;
	must_fail(f, ERR_INVALID, "unit.none", store_unit_only(f->db, &back, &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, db_check(f->db, &f->e));
	invoice_record_free(&r);
}

static void test_env_words(void **state)
{
	(void)state;
	enum unit_env env;
	for (int i = ENV_PRODUCTION; i <= ENV_PRACTICE; i++) {
		assert_true(unit_env_parse(unit_env_word((enum unit_env)i), &env) && (int)env == i);
		assert_true(unit_env_parse(unit_env_label((enum unit_env)i), &env) &&
			    (int)env == i);
	}
	assert_false(unit_env_parse("test", &env));
}

static void test_taxpayer(void **state)
{
	struct fixture *f = *state;
	struct taxpayer t = {.basic_at = 11, .risk_at = 22}, back;
	struct tax_rate rates[] =
	    {
		{.ppm = 130000, .enabled = true, .start = "2019-04-01", .stop = ""},
		{.ppm = 30000,
		 .levy = true,
		 .enabled = true,
		 .start = "2020-01-01",
		 .stop = "2030-12-31"},
	    },
			*got = NULL;
	size_t n = 9;
	bool found = true;
	must(f, store_taxpayer_get(f->db, f->unit, &back, &found, &f->e));
	assert_false(found);
	assert_int_equal(back.basic_at, 0);
	text_copy(t.name, sizeof(t.name), "测试\"有限\"公司");
	text_copy(t.risk_class, sizeof(t.risk_class), "02");
	text_copy(t.export_class, sizeof(t.export_class), "x");
	must(f, db_begin(f->db, &f->e));
	must(f, store_taxpayer_put(f->db, f->unit, &t, &f->e));
	text_copy(t.state, sizeof(t.state), "03");
	must(f, store_taxpayer_put(f->db, f->unit, &t, &f->e));
	must(f, store_taxpayer_get(f->db, f->unit, &back, &found, &f->e));
	assert_true(found);
	assert_memory_equal(&back, &t, sizeof(t));
	must(f, store_rates_put(f->db, f->unit, rates, 2, &f->e));
	must(f, store_rates_put(f->db, f->unit, rates, 2, &f->e));
	must(f, store_rates_get(f->db, f->unit, &got, &n, &f->e));
	assert_int_equal(n, 2);
	assert_memory_equal(&got[0], &rates[0], sizeof(rates[0]));
	assert_memory_equal(&got[1], &rates[1], sizeof(rates[1]));
	free(got);
	must(f, store_rates_put(f->db, f->unit, NULL, 0, &f->e));
	must(f, store_rates_get(f->db, f->unit, &got, &n, &f->e));
	assert_int_equal(n, 0);
	free(got);
	must(f, db_commit(f->db, &f->e));
}

/* ---- users, parameters, audit ---------------------------------------------------------------- */

static enum err join_setting(void *arg, const char *type, const char *key, const char *value)
{
	char *text = arg;
	snprintf(text + strlen(text), 200 - strlen(text), "%s/%s=%s;", type, key, value);
	return ERR_OK;
}

static void test_users_and_settings(void **state)
{
	struct fixture *f = *state;
	struct app_user u, second = {.name = "clerk", .role = "viewer"};
	char value[8], all[200] = "";
	must(f, store_user_find(f->db, "clerk", &u, &f->e));
	assert_string_equal(u.display_name, "开票员");
	assert_string_equal(u.role, "admin");
	must(f, store_user_by_os(f->db, "os", &u, &f->e));
	assert_int_equal(u.id, f->user);
	must_fail(f, ERR_DENIED, "user.unknown", store_user_find(f->db, "nobody", &u, &f->e));
	must_fail(f, ERR_DENIED, "user.unknown", store_user_by_os(f->db, "nobody", &u, &f->e));
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "user.exists", store_user_add(f->db, &second, &f->e));
	text_copy(second.name, sizeof(second.name), "off");
	must(f, store_user_add(f->db, &second, &f->e));
	must_fail(f, ERR_DENIED, "user.unknown", store_user_find(f->db, "off", &u, &f->e));
	assert_non_null(strstr(f->e.why, "停用"));
	must(f, store_user_set_last_unit(f->db, f->user, f->unit, &f->e));
	must(f, store_user_find(f->db, "clerk", &u, &f->e));
	assert_int_equal(u.last_unit_id, f->unit);

	must(f,
	     store_setting_get(f->db, "bdm_lqpt", "baseurl", "none", value, sizeof(value), &f->e));
	assert_string_equal(value, "none");
	must(f, store_setting_set(f->db, "bdm_lqpt", "baseurl", "a", &f->e));
	must(f, store_setting_set(f->db, "bdm_lqpt", "baseurl", "b", &f->e));
	must(f, store_setting_set(f->db, "a_type", "k", "too long to fit", &f->e));
	must(f, store_setting_get(f->db, "bdm_lqpt", "baseurl", NULL, value, sizeof(value), &f->e));
	assert_string_equal(value, "b");
	must_fail(f, ERR_INVALID, "setting.long",
		  store_setting_get(f->db, "a_type", "k", NULL, value, sizeof(value), &f->e));
	must(f, store_setting_list(f->db, NULL, join_setting, all, &f->e));
	assert_string_equal(all, "a_type/k=too long to fit;bdm_lqpt/baseurl=b;");
	must(f, store_setting_set(f->db, "a_type", "k", NULL, &f->e));
	all[0] = '\0';
	must(f, store_setting_list(f->db, "a_type", join_setting, all, &f->e));
	assert_string_equal(all, "");

	struct audit_entry a = {.user_id = f->user, .action = "unit.add", .subject = "914403"};
	must(f, store_audit_add(f->db, &a, &f->e));
	assert_int_equal(
	    scalar(f, "SELECT COUNT(*) FROM audit WHERE action = 'unit.add' AND unit_id IS NULL"),
	    1);
	must(f, db_commit(f->db, &f->e));
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static int64_t add_job(struct fixture *f, const char *kind, int64_t subject, int64_t due,
		       const char *group)
{
	struct job j = {
	    .unit_id = f->unit, .subject_id = subject, .due_ms = due, .created_by = f->user};
	text_copy(j.kind, sizeof(j.kind), kind);
	text_copy(j.group_key, sizeof(j.group_key), group);
	text_copy(j.request_key, sizeof(j.request_key), "key");
	j.payload = mem_strdup("{\"a\":1}");
	must(f, store_job_add(f->db, &j, &f->e));
	int64_t id = j.id;
	job_free(&j);
	return id;
}

static enum err sum_jobs(void *arg, const struct job *j)
{
	int64_t *seen = arg;
	assert_true(j->id > 0 && j->unit_id > 0);
	seen[0]++;
	seen[1] = j->id;
	return ERR_OK;
}

/* Newest first whatever their states; of one unit, of both, of a kind, page by page. */
static void by_unit(struct fixture *f)
{
	const int64_t both[] = {f->unit, f->direct}, strange = 99;
	struct job_filter of = {.units = both, .unit_count = 1};
	int64_t all[2] = {0}, seen[2] = {0};
	enum job_state done = JOB_DONE;

	must(f, store_job_list(f->db, &(struct job_filter) {0}, 0, 10, sum_jobs, all, &f->e));
	must(f, store_job_list(f->db, &of, 0, 10, sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], all[0]);
	assert_int_equal(seen[1], all[1]); /* the oldest comes last */
	of.unit_count = 2;
	of.kind = "poll";
	memset(seen, 0, sizeof(seen));
	must(f, store_job_list(f->db, &of, 0, 10, sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], 1);
	of.kind = NULL;
	of.state = &done;
	must(f, store_job_list(f->db, &of, 0, 10, sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], 2);
	of.state = NULL;
	of.units = &strange;
	of.unit_count = 1;
	must(f, store_job_list(f->db, &of, 0, 10, sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], 2);
	of.units = both;
	memset(seen, 0, sizeof(seen));
	must(f, store_job_list(f->db, &of, 0, 1, sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], 1);
	assert_true(seen[1] > all[1]); /* the newest */
}

static void test_jobs(void **state)
{
	struct fixture *f = *state;
	struct job j;
	bool found = true;
	int64_t next = -1, id = 0, seen[2] = {0}, ids[10], subjects[10], count = 0;
	size_t n = 0;
	struct err_info why;
	must(f, db_begin(f->db, &f->e));
	must(f, store_job_due(f->db, LANE_TAX, 1000, &j, &found, &next, &f->e));
	assert_false(found);
	assert_int_equal(next, 0);
	int64_t late = add_job(f, "upload", 1, 3000, "g");
	int64_t soon = add_job(f, "upload", 2, 1000, "g");
	int64_t other = add_job(f, "upload", 3, 500, "h");
	int64_t poll = add_job(f, "poll", 4, 2000, "");
	must(f, store_job_due(f->db, LANE_TAX, 400, &j, &found, &next, &f->e));
	assert_false(found);
	assert_int_equal(next, 500);
	must(f, store_job_due(f->db, LANE_TAX, 5000, &j, &found, &next, &f->e));
	assert_true(found);
	assert_int_equal(j.id, other);
	assert_string_equal(j.payload, "{\"a\":1}");
	assert_string_equal(j.request_key, "key");
	assert_int_equal(j.created_by, f->user);
	job_free(&j);
	must(f, store_job_group(f->db, "upload", f->unit, "g", 2000, ids, subjects, 10, &n, &f->e));
	assert_int_equal(n, 1);
	must(f, store_job_group(f->db, "upload", f->unit, "g", 3000, ids, subjects, 10, &n, &f->e));
	assert_int_equal(n, 2);
	assert_int_equal(ids[0], soon);
	assert_int_equal(subjects[1], 1);

	must(f, store_job_running(f->db, soon, &f->e));
	must_fail(f, ERR_INTERNAL, "job.state", store_job_running(f->db, soon, &f->e));
	must_fail(f, ERR_INVALID, "job.state", store_job_cancel(f->db, soon, &f->e));
	must(f, store_job_open(f->db, "upload", f->unit, 2, &id, &f->e));
	assert_int_equal(id, soon);
	must(f, store_job_open(f->db, "upload", f->direct, 0, &id, &f->e));
	assert_int_equal(id, 0);
	must(f, store_job_list_running(f->db, sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], 1);
	err_fail(&why, ERR_BUSY, "net.down", "乐企", "连接不上");
	must(f, store_job_again(f->db, soon, 9000, "single", &why, &f->e));
	must(f, store_job_get(f->db, soon, &j, &f->e));
	assert_int_equal(j.state, JOB_READY);
	assert_int_equal(j.attempts, 1);
	assert_int_equal(j.due_ms, 9000);
	assert_int_equal(j.error_class, ERR_BUSY);
	assert_string_equal(j.group_key, "single");
	assert_non_null(strstr(j.error_text, "连接不上"));
	job_free(&j);
	must(f, store_job_again(f->db, soon, 9001, NULL, NULL, &f->e));
	must(f, store_job_get(f->db, soon, &j, &f->e));
	assert_string_equal(j.group_key, "single");
	assert_string_equal(j.error_text, "");
	job_free(&j);
	must(f, store_job_running(f->db, late, &f->e));
	must(f, store_job_done(f->db, late, "ok", &f->e));
	must(f, store_job_fail(f->db, poll, &why, &f->e));
	must_fail(f, ERR_INTERNAL, "job.state", store_job_done(f->db, poll, "ok", &f->e));
	must(f, store_job_cancel(f->db, other, &f->e));
	must_fail(f, ERR_INVALID, "job.unknown", store_job_cancel(f->db, 99, &f->e));
	must(f, store_job_open(f->db, "poll", f->unit, 0, &id, &f->e));
	assert_int_equal(id, 0);
	must(f, store_job_count(f->db, JOB_READY, &count, &f->e));
	assert_int_equal(count, 1);

	enum job_state done = JOB_DONE;
	memset(seen, 0, sizeof(seen));
	must(f, store_job_list(f->db, &(struct job_filter) {0}, 0, 10, sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], 4);
	must(f, store_job_list(f->db, &(struct job_filter) {.kind = "upload"}, soon, 10, sum_jobs,
			       seen, &f->e));
	assert_int_equal(seen[0], 5);
	must(f, store_job_list(f->db, &(struct job_filter) {.state = &done}, 0, 10, sum_jobs, seen,
			       &f->e));
	assert_int_equal(seen[1], late);
	must(f, store_job_list(f->db, &(struct job_filter) {.state = &done, .kind = "poll"}, 0, 10,
			       sum_jobs, seen, &f->e));
	assert_int_equal(seen[0], 6);
	by_unit(f);
	must(f, db_commit(f->db, &f->e));
}

/* ---- request log ----------------------------------------------------------------------------- */

struct seen_request {
	int count;
	int64_t last;
	char result[32], answer[32], request[32];
};

static enum err see_request(void *arg, const struct request_row *r)
{
	struct seen_request *s = arg;
	s->count++;
	s->last = r->id;
	text_copy(s->result, sizeof(s->result), r->result);
	text_copy(s->answer, sizeof(s->answer), r->answer);
	text_copy(s->request, sizeof(s->request), r->request);
	return ERR_OK;
}

static void test_request_log(void **state)
{
	struct fixture *f = *state;
	struct seen_request s = {0};
	const struct request_filter all = {.failed = false}, failed = {.failed = true},
				    uploads = {.services = {"QDFPSC"}, .service_count = 1},
				    both = {
					.services = {"QDFPSC"}, .service_count = 1, .failed = true};
	int dropped = -1;
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 10; i++) {
		struct request_row r = {.at_ms = 1000 + i,
					.unit_id = f->unit,
					.url = "https://x/invoke",
					.request = "{}"};
		r.service = i % 2 ? "QDFPSC" : "CXSXED";
		r.trace_id = "t";
		must(f, store_request_begin(f->db, &r, &f->e));
		if (i == 9)
			break; /* died before the answer */
		r.answer = "答";
		r.http_status = 200;
		r.result = i % 3 ? "ok" : "refused";
		r.took_ms = 7;
		must(f, store_request_end(f->db, &r, &f->e));
	}
	struct request_row none = {.id = 99, .result = "ok"};
	must_fail(f, ERR_INTERNAL, "log.unknown", store_request_end(f->db, &none, &f->e));
	must(f, store_request_list(f->db, &all, 0, 4, see_request, &s, NULL, &f->e));
	assert_int_equal(s.count, 4);
	assert_string_equal(s.request, "");
	must(f, store_request_list(f->db, &all, s.last, 100, see_request, &s, NULL, &f->e));
	assert_int_equal(s.count, 10);
	s.count = 0;
	must(f, store_request_list(f->db, &uploads, 0, 100, see_request, &s, NULL, &f->e));
	assert_int_equal(s.count, 5);
	s.count = 0;
	must(f, store_request_list(f->db, &failed, 0, 100, see_request, &s, NULL, &f->e));
	assert_int_equal(s.count, 4); /* 0 3 6 refused, 9 never answered */
	s.count = 0;
	must(f, store_request_list(f->db, &both, 0, 100, see_request, &s, NULL, &f->e));
	assert_int_equal(s.count, 2);
	must(f, store_request_get(f->db, s.last, see_request, &s, &f->e));
	assert_string_equal(s.answer, "答");
	assert_string_equal(s.request, "{}");
	must_fail(f, ERR_INVALID, "log.unknown",
		  store_request_get(f->db, 99, see_request, &s, &f->e));
	must(f, store_request_prune(f->db, 1005, 3, &dropped, &f->e));
	assert_int_equal(dropped, 3);
	must(f, store_request_prune(f->db, 1005, 100, &dropped, &f->e));
	assert_int_equal(dropped, 2);
	must(f, db_commit(f->db, &f->e));
}

/* ---- plans of the lists ---------------------------------------------------------------------- */

static void test_plans(void **state)
{
	struct fixture *f = *state;
	static const char *const queries[] = {
	    "SELECT * FROM job WHERE state = 'ready' AND lane = ? ORDER BY due_ms, id LIMIT 1",
	    "SELECT 1 FROM job WHERE state = 'ready' AND lane IN (0, 1) AND due_ms > ? LIMIT 1",
	    "SELECT * FROM push_event WHERE unit_id = ? AND state = 'waiting' ORDER BY id LIMIT ?",
	    "SELECT * FROM push_event WHERE unit_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "SELECT * FROM mail WHERE unit_id = ? AND state = ? AND id < ?"
	    " ORDER BY id DESC LIMIT ?",
	    "SELECT * FROM mail WHERE unit_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "SELECT id FROM job WHERE state = 'ready' AND kind = ? AND unit_id = ? AND"
	    " group_key = ? AND due_ms <= ?"
	    " ORDER BY due_ms, id LIMIT ?",
	    "SELECT * FROM job WHERE kind = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "SELECT * FROM job WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "SELECT * FROM job WHERE kind = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "SELECT * FROM request_log WHERE result <> 'ok' AND service = ? AND id < ?"
	    " ORDER BY id DESC LIMIT ?",
	    "SELECT * FROM request_log WHERE service = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "SELECT * FROM segment WHERE unit_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "SELECT id FROM segment WHERE unit_id = ? AND state = 'open' AND year = ?"
	    " ORDER BY id LIMIT 1",
	    "SELECT * FROM quota_entry WHERE unit_id = ? AND month = ? AND id < ? ORDER"
	    " BY id DESC LIMIT ?",
	};
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct rows *q;
		struct bind binds[6] = {
		    {.type = 's'}, {.type = 's'}, {.type = 's'}, {.type = 's'}, {.type = 's'}};
		size_t values = 0;
		char sql[400];
		for (const char *p = queries[i]; *p; p++)
			values += *p == '?';
		snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", queries[i]);
		must(f, db_query_built(f->db, &q, &f->e, sql, binds, values));
		while (rows_next(q)) {
			const char *detail = rows_text(q, 3);
			if (strstr(detail, "TEMP B-TREE") ||
			    (strstr(detail, "SCAN") && !strstr(detail, "job_due")))
				fail_msg("%s\n  %s", queries[i], detail);
		}
		assert_int_equal(rows_end(&q, ERR_OK, &f->e), ERR_OK);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_unit_round_trip),
	    T(test_unit_keys),
	    T(test_unit_remove),
	    T(test_env_words),
	    T(test_taxpayer),
	    T(test_users_and_settings),
	    T(test_jobs),
	    T(test_request_log),
	    T(test_plans),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
