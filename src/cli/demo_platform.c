/* demo_platform.c - a private leqi-sandbox as a child that ends with us. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/demo_p.h"

enum { START_MS = 15000, STOP_MS = 3000, LINE_MAX_BYTES = 1 << 20 };

static const char PROGRAM[] = "leqi-sandbox";

/* Beside the running binary, else wherever PATH leads. */
static void find_program(char *out, size_t size)
{
	char self[HOME_PATH];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	text_copy(out, size, PROGRAM);
	if (n <= 0)
		return;
	self[n] = 0;
	slash = strrchr(self, '/');
	if (!slash)
		return;
	*slash = 0;
	if (!file_join(out, size, self, PROGRAM) || access(out, X_OK) != 0)
		text_copy(out, size, PROGRAM);
}

static void become(const char *program, const char *dir, bool play, int in, int out)
{
	char copy[HOME_PATH], state[] = "--state", stdin_flag[] = "--exit-with-stdin",
			      delay[] = "--result-delay", ms[] = "200", name[] = "leqi-sandbox",
			      others[] = "--play";
	char *argv[] = {name, state, copy, stdin_flag, delay, ms, play ? others : NULL, NULL};

	text_copy(copy, sizeof(copy), dir);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	/* Ctrl-C is ours to answer; the platform ends when its input closes. */
	setpgid(0, 0);
	execvp(program, argv);
	_exit(127);
}

/* The first line of the child's output; NULL when it ends or dallies. */
static char *first_line(int fd)
{
	int64_t deadline = clock_mono_ms() + START_MS;
	struct buf b;
	char chunk[4096];
	bool whole = false;

	buf_init(&b, LINE_MAX_BYTES);
	while (!whole) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = deadline - clock_mono_ms();
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		n = read(fd, chunk, sizeof(chunk));
		if (n <= 0)
			break;
		buf_add(&b, chunk, (size_t)n);
		whole = memchr(chunk, '\n', (size_t)n) != NULL;
	}
	if (!whole) {
		buf_free(&b);
		return NULL;
	}
	return buf_detach(&b);
}

/* ---- the start line ---- */

static void read_unit(const cJSON *u, struct platform_unit *out)
{
	const struct {
		const char *key;
		char *slot;
		size_t size;
	} FIELDS[] = {
	    {"tax_no", out->tax_no, sizeof(out->tax_no)},
	    {"name", out->name, sizeof(out->name)},
	    {"leqi_id", out->leqi_id, sizeof(out->leqi_id)},
	    {"province", out->region, sizeof(out->region)},
	    {"address", out->address, sizeof(out->address)},
	    {"phone", out->phone, sizeof(out->phone)},
	    {"bank", out->bank, sizeof(out->bank)},
	    {"account", out->account, sizeof(out->account)},
	    {"direct", out->direct_tax_no, sizeof(out->direct_tax_no)},
	};
	const cJSON *keys = json_get(u, "keys");
	size_t i;

	for (i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++)
		text_copy(FIELDS[i].slot, FIELDS[i].size, json_member(u, FIELDS[i].key));
	if (keys)
		text_copy(out->key, sizeof(out->key), json_member(keys, "正式"));
}

/* The first direct unit, and the first other company that works for itself under it. */
static bool pick_units(struct platform *p, const cJSON *units)
{
	const cJSON *u;

	for (u = units ? units->child : NULL; u; u = u->next) {
		if (!strcmp(json_member(u, "role"), "direct") && !*p->direct.tax_no)
			read_unit(u, &p->direct);
		else if (!strcmp(json_member(u, "role"), "using") && !*p->using.tax_no &&
			 !strcmp(json_member(u, "relation"), "self") &&
			 strcmp(json_member(u, "tax_no"), p->direct.tax_no) != 0)
			read_unit(u, &p->using);
	}
	return *p->direct.tax_no && *p->direct.key && *p->using.tax_no;
}

/* "https://127.0.0.1:PORT/path" becomes the official host behind a forwarding address. */
static bool forward(struct platform *p, const char *url, const char *server)
{
	const char *host = strstr(url, "://"), *colon, *path;

	if (!host || !*server)
		return false;
	host += 3;
	colon = strchr(host, ':');
	path = strchr(host, '/');
	if (!colon || !path || colon > path || (size_t)(path - host) >= sizeof(p->connect_to))
		return false;
	snprintf(p->connect_to, sizeof(p->connect_to), "%.*s", (int)(path - host), host);
	snprintf(p->url, sizeof(p->url), "https://%.200s:8443%.200s", server, path);
	return true;
}

static bool read_start(struct platform *p, const char *line)
{
	cJSON *tree = NULL;
	bool ok = false;

	if (!json_parse(line, strlen(line), LINE_MAX_BYTES, &tree, NULL)) {
		text_copy(p->ca_file, sizeof(p->ca_file), json_member(tree, "ca_file"));
		text_copy(p->control, sizeof(p->control), json_member(tree, "control"));
		ok = forward(p, json_member(tree, "url_prod"), json_member(tree, "server_name")) &&
		     pick_units(p, json_get(tree, "units"));
	}
	json_free(&tree);
	return ok;
}

/* ---- start and stop ---- */

static enum err not_started(struct err_info *e, const char *why)
{
	err_fail(e, ERR_BUSY, "demo.platform", "练习平台", "%s", why);
	err_hint(e, "请确认 leqi-sandbox 与 kaipiao 在同一目录，且没有另一个练习正在运行");
	return ERR_BUSY;
}

static enum err spawn(struct platform *p, const char *program, const char *dir, bool play, int *out,
		      struct err_info *e)
{
	int in[2], from[2];

	if (pipe2(in, O_CLOEXEC) != 0)
		return err_errno(e, errno, "练习平台");
	if (pipe2(from, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return err_errno(e, errno, "练习平台");
	}
	p->pid = fork();
	if (p->pid == 0)
		become(program, dir, play, in[0], from[1]);
	close(in[0]);
	close(from[1]);
	p->stdin_fd = in[1];
	*out = from[0];
	if (p->pid > 0)
		return ERR_OK;
	close(in[1]);
	close(from[0]);
	p->stdin_fd = -1;
	return err_errno(e, errno, "练习平台");
}

enum err platform_start(struct platform *p, const char *dir, bool play, struct err_info *e)
{
	char program[HOME_PATH], *line;
	int out = -1;
	enum err r;

	memset(p, 0, sizeof(*p));
	p->stdin_fd = -1;
	if ((r = file_mkdirs(dir, 0700, e)))
		return r;
	find_program(program, sizeof(program));
	if ((r = spawn(p, program, dir, play, &out, e)))
		return r;
	line = first_line(out);
	close(out);
	if (!line)
		r = not_started(e, "没有启动");
	else if (!read_start(p, line))
		r = not_started(e, "启动信息无法理解");
	free(line);
	if (r)
		platform_stop(p);
	return r;
}

void platform_stop(struct platform *p)
{
	int64_t deadline = clock_mono_ms() + STOP_MS;
	struct timespec nap = {.tv_nsec = 10 * 1000 * 1000};

	if (p->pid <= 0)
		return;
	if (p->stdin_fd >= 0)
		close(p->stdin_fd);
	p->stdin_fd = -1;
	while (waitpid(p->pid, NULL, WNOHANG) == 0) {
		if (clock_mono_ms() > deadline)
			kill(p->pid, SIGKILL);
		nanosleep(&nap, NULL);
	}
	p->pid = 0;
}
