/* v_doctor.c - is everything in order, and if not, what mends it. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/cli_p.h"

enum {
	DISK_LOW_MB = 200,
	DISK_OUT_MB = 20,
	SKEW_WARN_S = 120,
	SKEW_BAD_S = 3600,
	UNITS_PROBED = 20,
	STOCK_LOW = 10,
	QUOTA_LOW = 100000 /* fen: 1,000.00 */
};
enum level { LEVEL_OK, LEVEL_WARN, LEVEL_BAD };

static const struct column DOCTOR[] = {
    {"check", "检查", COLUMN_TEXT, 0},
    {"state", "结果", COLUMN_TEXT, FOR_JSON},
    {"state_text", "结果", COLUMN_TEXT, FOR_BOTH},
    {"detail", "情况", COLUMN_TEXT, 0},
    {"mend", "处理", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_doctor = {"doctor", DOCTOR};

struct visit {
	struct cli *c;
	struct grid g;
	enum err worst;
	size_t bad;
};

static void note(struct visit *v, const char *check, enum level level, const char *detail,
		 const char *mend)
{
	static const char *const WORDS[] = {"ok", "warning", "error"}, *const TEXTS[] = {
									   "ok", "注意", "错误"};

	cli_grid_text(&v->g, check);
	cli_grid_text(&v->g, WORDS[level]);
	cli_grid_text(&v->g, TEXTS[level]);
	cli_grid_text(&v->g, detail);
	cli_grid_text(&v->g, level == LEVEL_OK ? "" : mend);
	v->bad += level == LEVEL_BAD;
}

/* A failed step: its class decides the exit code. */
static void fault(struct visit *v, const char *check, const struct err_info *e)
{
	char text[900];

	snprintf(text, sizeof(text), "%.150s：%.600s", e->what, e->why);
	text[text_whole(text, strlen(text))] = 0;
	note(v, check, LEVEL_BAD, text, e->hint);
	v->worst = desk_worse(v->worst, e->class);
}

/* ---- the machine ---- */

static void check_locale(struct visit *v)
{
	const char *name = setlocale(LC_CTYPE, "");
	bool utf8 = name && (strstr(name, "UTF-8") || strstr(name, "utf8") || strstr(name, "UTF8"));

	note(v, "区域设置", utf8 ? LEVEL_OK : LEVEL_WARN, name ? name : "无法识别",
	     "请设置 UTF-8 的区域，例如 export LANG=C.UTF-8");
}

static void check_terminal(struct visit *v)
{
	struct winsize w;
	char text[120];

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0) {
		note(v, "终端", LEVEL_OK, "输出不是终端", "");
		return;
	}
	snprintf(text, sizeof(text), "%u 列 %u 行，TERM=%.40s", w.ws_col, w.ws_row,
		 getenv("TERM") ? getenv("TERM") : "");
	note(v, "终端", w.ws_col >= 80 && w.ws_row >= 24 ? LEVEL_OK : LEVEL_WARN, text,
	     "请把窗口放大到 80 列 24 行以上");
}

static void check_font(struct visit *v)
{
	struct err_info e = {0};

	if (desk_fonts(&e))
		fault(v, "中文字体", &e);
	else
		note(v, "中文字体", LEVEL_OK, "版式文件可以生成", "");
}

/* ---- the home ---- */

static void check_disk(struct visit *v)
{
	struct statvfs fs;
	char text[120];
	unsigned long long mb;

	if (statvfs(v->c->home, &fs) != 0)
		return;
	mb = (unsigned long long)fs.f_bavail * fs.f_frsize >> 20;
	snprintf(text, sizeof(text), "剩余 %llu MB", mb);
	note(v, "磁盘空间",
	     mb < DISK_OUT_MB   ? LEVEL_BAD
	     : mb < DISK_LOW_MB ? LEVEL_WARN
				: LEVEL_OK,
	     text, "请清理磁盘");
	if (mb < DISK_OUT_MB)
		v->worst = desk_worse(v->worst, ERR_DAMAGED);
}

static void check_mode(struct visit *v, const char *check, const char *path, mode_t allowed)
{
	struct stat st;
	char text[120], mend[HOME_PATH + 32];
	bool open;

	if (stat(path, &st) != 0)
		return;
	open = (st.st_mode & 0777 & ~allowed) != 0;
	snprintf(text, sizeof(text), "权限 %03o，属主%s", (unsigned)st.st_mode & 0777,
		 st.st_uid == geteuid() ? "是当前用户" : "不是当前用户");
	snprintf(mend, sizeof(mend), "请执行 chmod %03o %s", (unsigned)allowed, path);
	note(v, check,
	     open                     ? LEVEL_BAD
	     : st.st_uid == geteuid() ? LEVEL_OK
				      : LEVEL_WARN,
	     text, open ? mend : "请用属主运行");
	if (open)
		v->worst = desk_worse(v->worst, ERR_DENIED);
}

static void check_home(struct visit *v)
{
	char path[HOME_PATH];
	unsigned char key[SECRET_KEY];
	struct err_info e = {0};

	check_mode(v, "主目录", v->c->home, 0700);
	if (home_path(v->c->home, HOME_SECRET, path, NULL))
		return;
	if (secret_load(path, 0, key, &e))
		fault(v, "密钥文件", &e);
	else
		check_mode(v, "密钥文件", path, 0600);
	secret_wipe(key, sizeof(key));
	check_disk(v);
}

static void check_database(struct visit *v)
{
	struct err_info e = {0};

	if (desk_health(v->c->s, &e))
		fault(v, "数据库", &e);
	else
		note(v, "数据库", LEVEL_OK, "完整，额度账平", "");
}

/* ---- the tax side ---- */

struct direct_ids {
	int64_t id[UNITS_PROBED];
	char name[UNITS_PROBED][128];
	size_t n;
};

static enum err collect(void *arg, const struct unit_view *u)
{
	struct direct_ids *d = arg;

	if (d->n < UNITS_PROBED) {
		d->id[d->n] = u->unit->id;
		snprintf(d->name[d->n], sizeof(d->name[0]), "%.40s（%s）", u->unit->name,
			 unit_env_label(u->unit->env));
		d->n++;
	}
	return ERR_OK;
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

static void check_skew(struct visit *v, int64_t server)
{
	int64_t skew = clock_now() - server, size = skew < 0 ? -skew : skew;
	char text[120], span[60];

	if (!server)
		return;
	snprintf(text, sizeof(text), "本机比税局%s %s", skew < 0 ? "慢" : "快",
		 span_text(size, span));
	note(v, "时钟",
	     size > SKEW_BAD_S    ? LEVEL_BAD
	     : size > SKEW_WARN_S ? LEVEL_WARN
				  : LEVEL_OK,
	     text, "请校准系统时间（例如启用 NTP）");
	if (size > SKEW_BAD_S)
		v->worst = desk_worse(v->worst, ERR_INVALID);
}

static void check_unit(struct visit *v, int64_t id, const char *name)
{
	struct leqi_probe p = {0};
	struct err_info e = {0};
	char check[200], text[500];

	snprintf(check, sizeof(check), "连接 %.150s", name);
	if (sync_probe(v->c->home, id, &p, &e)) {
		fault(v, check, &e);
		return;
	}
	if (!p.verified) {
		snprintf(text, sizeof(text), "%s%.64s：%.300s",
			 !p.resolved    ? "域名解析失败 "
			 : !p.connected ? "连接失败 "
					: "证书验证失败 ",
			 p.address, p.message);
		note(v, check, LEVEL_BAD, text,
		     p.connected ? "请核对接入地址的域名和 --ca-file，不能关闭验证"
				 : "请检查网络、防火墙和 --connect-to");
		v->worst = desk_worse(v->worst, p.connected ? ERR_INVALID : ERR_BUSY);
		return;
	}
	snprintf(text, sizeof(text), "%.64s，证书验证通过，%ld 毫秒", p.address, p.took_ms);
	note(v, check, LEVEL_OK, text, "");
	check_skew(v, p.server_time);
}

/* ---- what the units have ---- */

static void check_stock(struct visit *v, const struct unit *u, const char *name)
{
	struct quota_month q;
	int64_t stock = 0, now = clock_now();
	char check[200], text[120], month[MONTH_TEXT], money[FEN_TEXT + 8], mend[200];
	struct err_info e = {0};

	if (store_number_stock(v->c->s->db, u->id, date_of(now).date.year, &stock, &e) ||
	    store_quota_get(v->c->s->db, u->id, month_text(now, month), &q, &e)) {
		fault(v, "号码和额度", &e);
		return;
	}
	snprintf(check, sizeof(check), "号码 %.150s", name);
	snprintf(text, sizeof(text), "剩余 %lld 份", (long long)stock);
	snprintf(mend, sizeof(mend), "请运行 kaipiao --unit %s@%s numbers claim 份数", u->tax_no,
		 unit_env_label(u->env));
	note(v, check, stock < STOCK_LOW ? LEVEL_WARN : LEVEL_OK, text, mend);
	snprintf(check, sizeof(check), "额度 %.150s", name);
	snprintf(text, sizeof(text), "%s 可开票额度 %s 元", month,
		 fen_format_grouped(q.unused - q.reserved, money));
	snprintf(mend, sizeof(mend), "请运行 kaipiao --unit %s@%s quota download 金额", u->tax_no,
		 unit_env_label(u->env));
	note(v, check, q.unused - q.reserved < QUOTA_LOW ? LEVEL_WARN : LEVEL_OK, text, mend);
}

static enum err look_at(void *arg, const struct unit_view *u)
{
	struct visit *v = arg;
	const struct unit *unit = u->unit;
	char name[160], check[200], mend[200];

	snprintf(name, sizeof(name), "%.120s（%s）", unit->name, unit_env_label(unit->env));
	snprintf(mend, sizeof(mend), "请运行 kaipiao unit verify %s --role %s --env %s",
		 unit->tax_no, unit->direct ? "direct" : "using", unit_env_label(unit->env));
	if (!unit->verified) {
		snprintf(check, sizeof(check), "%s %.150s", unit->direct ? "直连单位" : "使用单位",
			 name);
		note(v, check, LEVEL_WARN, "还没有验证通过", mend);
	} else if (!unit->direct) {
		check_stock(v, unit, name);
	}
	return ERR_OK;
}

static void check_units(struct visit *v)
{
	struct err_info e = {0};

	if (desk_unit_list(v->c->s, NULL, look_at, v, &e))
		fault(v, "单位", &e);
}

static void check_tax_side(struct visit *v)
{
	struct direct_ids d = {.n = 0};
	struct err_info e = {0};
	size_t i;

	if (desk_unit_list(v->c->s, "direct", collect, &d, &e)) {
		fault(v, "接入配置", &e);
		return;
	}
	if (!d.n)
		note(v, "接入配置", LEVEL_WARN, "还没有直连单位",
		     "请运行 kaipiao unit add --role direct");
	for (i = 0; i < d.n; i++)
		check_unit(v, d.id[i], d.name[i]);
}

static void print(struct visit *v)
{
	struct cli *c = v->c;
	struct json_out o;

	if (!c->json) {
		cli_grid_table(c, &v->g);
		return;
	}
	cli_document(c, &o);
	json_put_int(&o, "total", (int64_t)cli_grid_rows(&v->g));
	cli_grid_put_rows(&o, "rows", &v->g);
	json_put(&o, "next", NULL);
	cli_document_end(c, &o);
}

enum err verb_doctor(struct cli *c)
{
	struct visit v = {.c = c};

	cli_grid_init(&v.g, &shape_doctor);
	check_locale(&v);
	check_terminal(&v);
	check_font(&v);
	if (cli_session(c)) {
		fault(&v, "主目录", &c->e);
		err_clear(&c->e);
	} else {
		check_home(&v);
		check_database(&v);
		check_tax_side(&v);
		check_units(&v);
	}
	if (v.bad) {
		if (!v.worst)
			v.worst = ERR_INVALID;
		err_fail(&c->e, v.worst, "doctor.bad", "体检", "有 %zu 项错误", v.bad);
		err_hint(&c->e, "请按每项的处理办法改正后再次运行 kaipiao doctor");
	}
	print(&v);
	cli_grid_free(&v.g);
	return v.bad ? v.worst : ERR_OK;
}
