/* sandbox/main.c - arguments, start, waiting for the end. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/text.h"
#include "sandbox/differential.h"
#include "sandbox/faults.h"
#include "sandbox/http.h"
#include "sandbox/sandbox.h"
#include "sandbox/taxcodes.h"
#include "sandbox/units.h"

#ifndef KP_VERSION
#define KP_VERSION "0"
#endif

struct options {
	const char *state, *taxcodes, *now, *host, *faults;
	int64_t port, control_port, result_delay, receipt_life, parent;
	bool exit_with_stdin, play, help, version;
};

static const struct option_row {
	const char *name, *argument, *meaning;
	enum { OPT_TEXT, OPT_NUMBER, OPT_FLAG } kind;
	size_t offset;
	int64_t max;
} option_rows[] = {
    {"--state", "DIR", "状态目录（必填）", OPT_TEXT, offsetof(struct options, state), 0},
    {"--port", "N", "接口端口；0 或不写：沿用上次的，否则任选", OPT_NUMBER,
     offsetof(struct options, port), 65535},
    {"--control-port", "N", "控制端口，规则同上", OPT_NUMBER,
     offsetof(struct options, control_port), 65535},
    {"--host", "ADDR", "监听地址，只能是 127.x.x.x", OPT_TEXT, offsetof(struct options, host), 0},
    {"--taxcodes", "FILE", "税收分类编码表（TSV），不写用自带的", OPT_TEXT,
     offsetof(struct options, taxcodes), 0},
    {"--now", "TIME", "时钟从此刻走起，如 2026-01-31T23:59:58+08:00；不写看 KAIPIAO_NOW", OPT_TEXT,
     offsetof(struct options, now), 0},
    {"--result-delay", "MS", "上传后多久有结果，默认 10000", OPT_NUMBER,
     offsetof(struct options, result_delay), INT32_MAX},
    {"--receipt-life", "S", "受理流水号可查询的秒数，默认 43200", OPT_NUMBER,
     offsetof(struct options, receipt_life), INT32_MAX},
    {"--faults", "JSON", "启动时的开关，形式同 POST /faults", OPT_TEXT,
     offsetof(struct options, faults), 0},
    {"--play", "", "其他公司自己发起几张红字确认单，供练习", OPT_FLAG,
     offsetof(struct options, play), 0},
    {"--exit-with-stdin", "", "标准输入关闭时退出", OPT_FLAG,
     offsetof(struct options, exit_with_stdin), 0},
    {"--parent-pid", "PID", "该进程不在时退出", OPT_NUMBER, offsetof(struct options, parent),
     INT32_MAX},
    {"--help", "", "本说明", OPT_FLAG, offsetof(struct options, help), 0},
    {"--version", "", "版本", OPT_FLAG, offsetof(struct options, version), 0},
};

enum { OPTION_COUNT = sizeof(option_rows) / sizeof(option_rows[0]) };

static int print_help(void)
{
	struct buf b;
	buf_init(&b, 65536);
	buf_adds(&b, "leqi-sandbox - 乐企练习平台：只在本机，数据全为虚构\n\n"
		     "用法：leqi-sandbox --state DIR [选项]\n\n");
	for (size_t i = 0; i < OPTION_COUNT; i++)
		buf_addf(&b, "  %-17s %-5s %s\n", option_rows[i].name, option_rows[i].argument,
			 option_rows[i].meaning);
	buf_adds(
	    &b,
	    "\n启动后在标准输出写一行 JSON：url_prod、url_sandbox、ca_file、control、server_name、"
	    "units。\n\n控制端口（HTTP，JSON）：\n"
	    "  GET  /state /invoices?env=&seller=&number=&since= /contents?number=\n"
	    "       /requests?since=&service=&limit=&bodies=0 /quota /segments /units /faults\n"
	    "       /red?tax_no=&blue=&state=&number=\n"
	    "  POST /units {\"tax_no\":…}  /quota {\"tax_no\",\"env\",\"month\",\"total\","
	    "\"paused\","
	    "\"deadline\"}\n"
	    "       /filed /locked {\"tax_no\",\"env\",\"month\"}  /summary {…,\"state\"}\n"
	    "       /clock {\"shift\":秒}|"
	    "{\"now\":…}\n"
	    "       /taxcodes {\"codes\":[…]}  /rates {\"rate\":\"0.13\",\"state\":\"1\"}\n"
	    "       /differential {\"code\",\"part\",\"part_special\",\"full_special\",…}\n"
	    "       /invoice {\"number\",\"env\",\"do\":\"remove|change|state|add\",…}"
	    "  /fill {\"tax_no\",\"count\",\"prefix\",…}\n"
	    "       /red/blue /red/mark /red/apply /red/act /red/issue /red/state /red/auto "
	    "/red/fill\n"
	    "       {\"blue\"|\"uuid\",\"role\":\"buyer|seller\",\"do\":\"confirm|deny|revoke\","
	    "…}\n"
	    "       /faults {开关:值,…}  /faults/clear（或 DELETE /faults）\n\n"
	    "开关的值：true、false、数字（value）、文字（text），或对象 {\"service\",\"skip\",\"times\","
	    "\"percent\",\n\"after\",\"value\",\"text\",\"message\"}；after 表示先处理并提交：\n");
	fault_help(&b);
	fputs(buf_str(&b), stdout);
	buf_free(&b);
	return 0;
}

static int usage(const char *what, const char *why)
{
	fprintf(stderr, "leqi-sandbox: %s：%s（看 leqi-sandbox --help）\n", what, why);
	return ERR_USAGE;
}

static bool set_option(struct options *o, const struct option_row *row, const char *value)
{
	char *slot = (char *)o + row->offset, *end;
	if (row->kind == OPT_FLAG) {
		*(bool *)slot = true;
	} else if (!value) {
		return false;
	} else if (row->kind == OPT_TEXT) {
		*(const char **)slot = value;
	} else {
		long long v = strtoll(value, &end, 10);
		if (!*value || *end || v < 0 || v > row->max)
			return false;
		*(int64_t *)slot = v;
	}
	return true;
}

/* 0, or the exit code of a wrong usage. */
static int read_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		const struct option_row *row = NULL;
		size_t n = strcspn(argv[i], "=");
		for (size_t k = 0; k < OPTION_COUNT; k++) {
			if (strncmp(option_rows[k].name, argv[i], n) == 0 &&
			    !option_rows[k].name[n])
				row = &option_rows[k];
		}
		if (!row)
			return usage(argv[i], "没有这个选项");
		const char *value = argv[i][n] == '=' ? argv[i] + n + 1 : NULL;
		if (!value && row->kind != OPT_FLAG)
			value = ++i < argc ? argv[i] : NULL;
		if (!set_option(o, row, value))
			return usage(row->name, value ? "值不正确" : "缺少值");
	}
	if (!o->help && !o->version && !o->state)
		return usage("--state", "必须给出状态目录");
	return 0;
}

/* ---- ports: the ones of the last start are tried first ---- */

static void read_ports(const struct sb *sb, int *port, int *control)
{
	char path[SB_PATH], *text;
	size_t n;
	if (!file_join(path, sizeof(path), sb->dir, "ports") ||
	    file_read(path, 100, &text, &n, NULL) != ERR_OK)
		return;
	if (sscanf(text, "%d %d", port, control) != 2)
		*port = *control = 0;
	free(text);
}

static enum err listen_on(struct http_server *s, const char *host, int64_t wanted, int remembered,
			  const struct tls_files *tls, struct err_info *e)
{
	const char *key = tls ? tls->key : NULL, *chain = tls ? tls->chain : NULL;
	if (wanted)
		return http_start(s, host, (int)wanted, key, chain, e);
	if (remembered && http_start(s, host, remembered, key, chain, e) == ERR_OK)
		return ERR_OK;
	return http_start(s, host, 0, key, chain, e);
}

static bool accept_connection(void)
{
	return !fault_take(FAULT_REFUSE, NULL, NULL);
}

static void announce(struct sb *sb, const char *host, int port, int control,
		     const struct tls_files *tls)
{
	struct buf b;
	struct json_out o;
	char url[128];
	buf_init(&b, 1 << 20);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	snprintf(url, sizeof(url), "https://%s:%d/access/v2/invoke/", host, port);
	json_put(&o, "url_prod", url);
	snprintf(url, sizeof(url), "https://%s:%d/access/sandbox/v2/invoke/", host, port);
	json_put(&o, "url_sandbox", url);
	json_put(&o, "ca_file", tls->ca_file);
	snprintf(url, sizeof(url), "http://%s:%d", host, control);
	json_put(&o, "control", url);
	json_put(&o, "server_name", SANDBOX_SERVER_NAME);
	json_put_int(&o, "pid", getpid());
	pthread_mutex_lock(&sb->lock);
	unit_write_all(sb, &o, "units");
	pthread_mutex_unlock(&sb->lock);
	json_close(&o, '}');
	printf("%s\n", buf_str(&b));
	fflush(stdout);
	buf_free(&b);
}

/* ---- the end ---- */

static void wait_for_end(const struct options *o, int signals)
{
	struct pollfd fds[2] = {{.fd = signals, .events = POLLIN},
				{.fd = o->exit_with_stdin ? 0 : -1, .events = POLLIN}};
	for (;;) {
		int n = poll(fds, 2, o->parent ? 300 : -1);
		if (n > 0 && fds[0].revents)
			return;
		if (n > 0 && fds[1].revents) {
			char drop[256];
			if (read(0, drop, sizeof(drop)) <= 0)
				return;
		}
		if (o->parent && kill((pid_t)o->parent, 0) != 0 && errno == ESRCH)
			return;
	}
}

static enum err serve(struct sb *sb, const struct options *o, int signals, struct err_info *e)
{
	struct tls_files tls = {0};
	struct http_server api = {.app = sb,
				  .handle = leqi_handle,
				  .admit = leqi_admit,
				  .accept = accept_connection},
			   control = {.app = sb, .handle = control_handle};
	int port = 0, control_port = 0;
	char path[SB_PATH], text[64];
	read_ports(sb, &port, &control_port);
	enum err rc = tls_prepare(sb->dir, &tls, e);
	if (!rc)
		rc = listen_on(&api, o->host, o->port, port, &tls, e);
	if (!rc)
		rc = listen_on(&control, o->host, o->control_port, control_port, NULL, e);
	if (!rc && file_join(path, sizeof(path), sb->dir, "ports")) {
		int n = snprintf(text, sizeof(text), "%d %d\n", api.port, control.port);
		rc = file_write(path, text, (size_t)n, 0644, e);
	}
	if (!rc) {
		announce(sb, o->host, api.port, control.port, &tls);
		wait_for_end(o, signals);
	}
	http_stop(&api);
	http_stop(&control);
	tls_free(&tls);
	return rc;
}

static enum err prepare(struct sb *sb, const struct options *o, struct err_info *e)
{
	const char *now = o->now ? o->now : getenv("KAIPIAO_NOW");
	if (!clock_start(now))
		return err_fail(e, ERR_USAGE, "now", "--now", "不是时间：%s", now);
	enum err rc = db_open(sb, e);
	if (rc)
		return rc;
	db_begin(sb);
	unit_presets(sb);
	rates_preset(sb);
	differential_preset(sb);
	rc = taxcodes_load(sb, o->taxcodes, e);
	if (!db_commit(sb) && !rc)
		rc = err_fail(e, ERR_DAMAGED, "state.write", sb->dir, "状态文件不能写");
	if (!rc && o->faults) {
		char error[256] = "";
		cJSON *json = NULL;
		rc = json_parse(o->faults, strlen(o->faults), 65536, &json, e);
		if (!rc && !fault_post(json, error))
			rc = err_fail(e, ERR_USAGE, "faults", "--faults", "%s", error);
		json_free(&json);
	}
	return rc;
}

int sandbox_main(int argc, char **argv)
{
	struct options o = {.host = "127.0.0.1", .result_delay = 10000, .receipt_life = 12 * 3600};
	static struct sb sb;
	struct err_info e;
	int wrong = read_options(argc, argv, &o), lock = -1;
	if (wrong)
		return wrong;
	if (o.help)
		return print_help();
	if (o.version) {
		printf("leqi-sandbox %s\n", KP_VERSION);
		return 0;
	}
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL); /* before any thread */
	signal(SIGPIPE, SIG_IGN);
	int signals = signalfd(-1, &set, SFD_CLOEXEC);
	pthread_mutex_init(&sb.lock, NULL);
	sb.result_delay_ms = o.result_delay;
	sb.receipt_life_ms = o.receipt_life * 1000;
	sb.play = o.play;
	char path[SB_PATH];
	enum err rc = file_mkdirs(o.state, 0700, &e);
	char *full = rc ? NULL : realpath(o.state, NULL); /* ca_file is told as an absolute path */
	if (!rc && (!full || !text_copy(sb.dir, sizeof(sb.dir), full)))
		rc = err_fail(&e, ERR_USAGE, "state.path", o.state, "路径太长");
	free(full);
	if (!rc && file_join(path, sizeof(path), sb.dir, "lock"))
		rc = file_lock(path, &lock, &e);
	if (!rc)
		rc = prepare(&sb, &o, &e);
	if (!rc)
		rc = serve(&sb, &o, signals, &e);
	if (rc) {
		char text[1024];
		fprintf(stderr, "leqi-sandbox: %s\n", err_sentence(&e, text, sizeof(text)));
	}
	taxcodes_free(&sb);
	if (sb.db)
		db_close(&sb);
	if (lock >= 0)
		file_unlock(&lock);
	close(signals);
	return (int)rc;
}

int main(int argc, char **argv)
{
	return sandbox_main(argc, argv);
}
