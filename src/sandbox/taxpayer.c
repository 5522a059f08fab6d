/* sandbox/taxpayer.c - CXNSRFXXX (risk) and CXNSRJBXX (basic data). */
#include <stdio.h>

#include "sandbox/sandbox_p.h"
#include "sandbox/units.h"

void risk_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	(void)sb;
	const struct unit *u = rq->unit;
	if (!answer_same_taxpayer(rq, "nsrsbh", data))
		return;
	struct json_out o;
	answer_open(&o, data);
	json_put(&o, "nsrsbh", u->v[U_TAX_NO]);
	json_put(&o, "fxnsrlx", u->v[U_FXNSRLX]);
	json_put(&o, "nsrxydj", u->v[U_NSRXYDJ]);
	json_put(&o, "nsryjjb", u->v[U_NSRYJJB]);
	json_put(&o, "fxnsrbz", u->v[U_FXNSRBZ]);
	json_close(&o, '}');
}

static void write_basics(struct json_out *o, const struct unit *u)
{
	char district[12];
	snprintf(district, sizeof(district), "1%.6s0000", u->v[U_TAX_NO] + 2);
	const struct {
		const char *key, *value;
	} rows[] = {
	    {"nsrsbh", u->v[U_TAX_NO]},
	    {"djxh", ""},
	    {"ssdabh", ""},
	    {"nsrmc", u->v[U_NAME]},
	    {"nsrlx", u->v[U_NSRLX]},
	    {"scjydz", u->v[U_ADDRESS]},
	    {"zcdyzbm", "518000"},
	    {"zcdlxdh", u->v[U_PHONE]},
	    {"fddbrxm", "练习人甲"},
	    {"djzclxdm", "173"},
	    {"hydm", u->v[U_HYDM]},
	    {"qxjswjgdm", district},
	    {"zgswskfjdm", district},
	    {"zgswskfjmc", "国家税务总局练习区税务局"},
	    {"cwfzrxm", "练习人乙"},
	    {"khhmc", u->v[U_BANK]},
	    {"yhzh", u->v[U_ACCOUNT]},
	    {"bsrxm", "练习人丙"},
	    {"xdpsdqybz", u->v[U_XDPSDQYBZ]},
	    {"ckqyfldm", ""},
	    {"zfjglxdm", u->v[U_ZFJGLXDM]},
	    {"yhyywddm", ""},
	    {"nsrztdm", u->v[U_NSRZTDM]},
	    {"yxqq", "2020-01-01"},
	    {"yxqz", "9999-12-31"},
	};
	json_open(o, "jcxx", '{');
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		json_put(o, rows[i].key, rows[i].value);
	json_close(o, '}');
}

static void write_grid(struct json_out *o, const char *grid, const char *key)
{
	json_open(o, grid, '[');
	json_open(o, NULL, '{');
	json_put(o, key, "");
	json_put(o, "yxqq", "");
	json_put(o, "yxqz", "");
	json_close(o, '}');
	json_close(o, ']');
}

void taxpayer_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	(void)sb;
	if (!answer_same_taxpayer(rq, "nsrsbh", data))
		return;
	struct json_out o;
	answer_open(&o, data);
	write_basics(&o, rq->unit);
	write_grid(&o, "qyhyxzGrid", "qyhyxzdm");
	write_grid(&o, "xfsnsrlxGrid", "xfsnsrlxdm");
	json_close(&o, '}');
}
