/* sandbox/rates.c - CXKYSL: the rates that may be used (protocol 4.1, 7.14). */
#include <stdio.h>
#include <string.h>

#include "sandbox/faults.h"
#include "sandbox/sandbox_p.h"

static const struct {
	const char *kind; /* 1 税率, 2 征收率 */
	int64_t ppm;
	const char *old, *old_rates, *state, *from, *stopped;
} presets[] = {
    {"1", 130000, "N", "17%,16%", "0", "2019-04-01", ""},
    {"1", 90000, "N", "11%,10%", "0", "2019-04-01", ""},
    {"1", 60000, "N", "", "0", "2012-01-01", ""},
    {"1", 0, "N", "", "0", "1994-01-01", ""},
    {"1", 170000, "Y", "", "1", "1994-01-01", "2018-05-01"},
    {"1", 160000, "Y", "", "1", "2018-05-01", "2019-04-01"},
    {"1", 110000, "Y", "", "1", "2012-01-01", "2018-05-01"},
    {"1", 100000, "Y", "", "1", "2018-05-01", "2019-04-01"},
    {"2", 50000, "N", "", "0", "2016-05-01", ""},
    {"2", 30000, "N", "", "0", "2009-01-01", ""},
    {"2", 15000, "N", "", "0", "2016-05-01", ""},
    {"2", 10000, "N", "", "0", "2020-03-01", ""},
    {"2", 5000, "N", "", "0", "2020-05-01", ""},
};

void rates_preset(struct sb *sb)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		db_run(sb,
		       "INSERT INTO rate VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
		       "tittttt", presets[i].kind, presets[i].ppm, presets[i].old,
		       presets[i].old_rates, presets[i].state, presets[i].from, presets[i].stopped);
}

bool rates_enabled(struct sb *sb, long ppm, const char *day)
{
	return db_value(sb, 0,
			"SELECT count(*) FROM rate WHERE ppm=?1 AND state='0' AND day_from<=?2 AND"
			" (stopped='' OR stopped>?2)",
			"it", (int64_t)ppm, day) > 0;
}

static void rate_text(int64_t ppm, char out[16])
{
	snprintf(out, 16, "0.%06d", (int)(ppm % 1000000));
	for (size_t n = strlen(out); n > 4 && out[n - 1] == '0'; n--)
		out[n - 1] = 0;
}

void rates_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	(void)rq;
	struct fault f;
	struct json_out o;
	answer_open(&o, data);
	answer_int(&o, "count", db_value(sb, 0, "SELECT count(*) FROM rate", ""));
	json_open(&o, fault_take(FAULT_LIST_NAME, "CXKYSL", &f) && f.text[0] ? f.text : "slzslList",
		  '[');
	sqlite3_stmt *q = db_query(sb,
				   "SELECT kind, ppm, old, old_rates, state, day_from, stopped"
				   " FROM rate ORDER BY kind, ppm DESC",
				   "");
	while (db_next(sb, q)) {
		char rate[16];
		rate_text(db_int(q, 1), rate);
		json_open(&o, NULL, '{');
		json_put(&o, "csxz", db_text(q, 0));
		if (fault_on(FAULT_JSON_NUMBERS, NULL))
			json_put_raw(&o, "slzsl", rate);
		else
			json_put(&o, "slzsl", rate);
		json_put(&o, "yslbz", db_text(q, 2));
		json_put(&o, "dyysl", db_text(q, 3));
		json_put(&o, "cszt", db_text(q, 4));
		json_put(&o, "yxqq", db_text(q, 5));
		json_put(&o, "yxqz", db_text(q, 6));
		json_put(&o, "tyrq", db_text(q, 6));
		json_close(&o, '}');
	}
	json_close(&o, ']');
	json_close(&o, '}');
}
