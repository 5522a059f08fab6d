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

enum { DISK_LOW_MB = 200, DISK_OUT_MB = 20 };

static const struct column DOCTOR[] = {
    {"item", "项目", COLUMN_TEXT, FOR_JSON},
    {"unit", "单位税号", COLUMN_TEXT, FOR_JSON},
    {"env_text", "环境", COLUMN_TEXT, FOR_JSON},
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

static void put_row(struct visit *v, const struct doctor_row *row)
{
	cli_grid_text(&v->g, row->item);
	cli_grid_text(&v->g, row->tax_no);
	cli_grid_text(&v->g, row->env);
	if (*row->unit_name)
		cli_grid_textf(&v->g, "%s %s（%s）", row->label, row->unit_name, row->env);
	else
		cli_grid_text(&v->g, row->label);
	cli_grid_text(&v->g, doctor_level_word(row->level));
	cli_grid_text(&v->g, doctor_level_label(row->level));
	cli_grid_text(&v->g, row->detail);
	cli_grid_text(&v->g,
		      row->level == DOCTOR_WARN || row->level == DOCTOR_BAD ? row->mend : "");
	if (row->level != DOCTOR_BAD)
		return;
	v->bad++;
	v->worst = desk_worse(v->worst, row->class);
}

/* What concerns the machine or the home. */
static void note(struct visit *v, const char *item, const char *check, enum doctor_level level,
		 const char *detail, const char *mend)
{
	struct doctor_row row = {.item = item,
				 .label = check,
				 .unit_name = "",
				 .tax_no = "",
				 .env = "",
				 .level = level,
				 .detail = detail,
				 .mend = mend};

	put_row(v, &row);
}

/* A failed step: its class decides the exit code. */
static void fault(struct visit *v, const char *item, const char *check, const struct err_info *e)
{
	char text[900];

	snprintf(text, sizeof(text), "%.150s：%.600s", e->what, e->why);
	text[text_whole(text, strlen(text))] = 0;
	note(v, item, check, DOCTOR_BAD, text, e->hint);
	v->worst = desk_worse(v->worst, e->class);
}

/* ---- the machine ---- */

static void check_locale(struct visit *v)
{
	const char *name = setlocale(LC_CTYPE, "");
	bool utf8 = name && (strstr(name, "UTF-8") || strstr(name, "utf8") || strstr(name, "UTF8"));

	note(v, "locale", "区域设置", utf8 ? DOCTOR_OK : DOCTOR_WARN, name ? name : "无法识别",
	     "请设置 UTF-8 的区域，例如 export LANG=C.UTF-8");
}

static void check_terminal(struct visit *v)
{
	struct winsize w;
	char text[120];

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0) {
		note(v, "terminal", "终端", DOCTOR_OK, "输出不是终端", "");
		return;
	}
	snprintf(text, sizeof(text), "%u 列 %u 行，TERM=%.40s", w.ws_col, w.ws_row,
		 getenv("TERM") ? getenv("TERM") : "");
	note(v, "terminal", "终端", w.ws_col >= 80 && w.ws_row >= 24 ? DOCTOR_OK : DOCTOR_WARN,
	     text, "请把窗口放大到 80 列 24 行以上");
}

static void check_font(struct visit *v)
{
	struct err_info e = {0};

	if (desk_fonts(&e))
		fault(v, "fonts", "中文字体", &e);
	else
		note(v, "fonts", "中文字体", DOCTOR_OK, "版式文件可以生成", "");
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
	note(v, "disk", "磁盘空间",
	     mb < DISK_OUT_MB   ? DOCTOR_BAD
	     : mb < DISK_LOW_MB ? DOCTOR_WARN
				: DOCTOR_OK,
	     text, "请清理磁盘");
	if (mb < DISK_OUT_MB)
		v->worst = desk_worse(v->worst, ERR_DAMAGED);
}

static void check_mode(struct visit *v, const char *item, const char *check, const char *path,
		       mode_t allowed)
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
	note(v, item, check,
	     open                     ? DOCTOR_BAD
	     : st.st_uid == geteuid() ? DOCTOR_OK
				      : DOCTOR_WARN,
	     text, open ? mend : "请用属主运行");
	if (open)
		v->worst = desk_worse(v->worst, ERR_DENIED);
}

/* The key is elsewhere than where whoever takes care of its file looks for it. */
static void check_beside(struct visit *v, const char *path)
{
	char next[SECRET_PATH], text[SECRET_PATH + 64], mend[2 * SECRET_PATH + 64];
	struct err_info e = {0};

	if (desk_key_beside(v->c->s, next, &e)) {
		fault(v, "key_file", "密钥文件", &e);
	} else if (*next) {
		snprintf(text, sizeof(text), "正在使用的密钥还在 %s", next);
		snprintf(mend, sizeof(mend), "请不要删除它；停止程序，用它代替 %s", path);
		note(v, "key_file", "密钥文件", DOCTOR_BAD, text, mend);
	}
}

static void check_home(struct visit *v)
{
	char own[HOME_PATH], path[SECRET_PATH];
	unsigned char key[SECRET_KEY];
	struct err_info e = {0};

	check_mode(v, "home", "主目录", v->c->home, 0700);
	if (home_path(v->c->home, HOME_SECRET, own, NULL))
		return;
	if (secret_load(own, 0, key, &e)) {
		fault(v, "key_file", "密钥文件", &e);
	} else if (secret_place(own, path) == SECRET_CREDENTIAL) {
		note(v, "key_file", "密钥文件", DOCTOR_OK, "systemd 凭据 kaipiao-key", "");
	} else {
		check_mode(v, "key_file", "密钥文件", path, 0600);
		check_beside(v, path);
	}
	secret_wipe(key, sizeof(key));
	check_disk(v);
}

static void check_database(struct visit *v)
{
	struct err_info e = {0};

	if (desk_health(v->c->s, &e))
		fault(v, "database", "数据库", &e);
	else
		note(v, "database", "数据库", DOCTOR_OK, "完整，额度账平", "");
}

/* ---- the tax side ---- */

static enum err tell(void *arg, const struct doctor_row *row)
{
	put_row(arg, row);
	return ERR_OK;
}

static void check_units(struct visit *v)
{
	struct cli *c = v->c;
	struct desk_wait w = {0};
	struct doctor *d = NULL;
	struct err_info e = {0};

	if (desk_doctor_begin(c->s, cli_flag(c, "offline"), &w, &d, &e)) {
		fault(v, "units", "接入配置", &e);
	} else {
		/* Who cannot work on it himself says why; what was found is told all the same. */
		if (cli_wait(c, &w)) {
			fault(v, "engine", "引擎", &c->e);
			err_clear(&c->e);
		}
		if (desk_doctor_report(c->s, d, tell, v, &e))
			fault(v, "units", "单位", &e);
	}
	desk_doctor_free(&d);
	desk_wait_free(&w);
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
		fault(&v, "home", "主目录", &c->e);
		err_clear(&c->e);
	} else {
		check_home(&v);
		check_database(&v);
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
