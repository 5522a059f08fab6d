/* transfer.c - sz and rz of lrzsz on our terminal, and the scp line for where they cannot be. */
#include "ui/transfer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/base.h"
#include "desk/desk.h"
#include "ui/loop.h"
#include "ui/script.h"
#include "ui/term.h"
#include "ui/term_p.h"

enum { PATH_SIZE = HOME_PATH + 256, HOST_NAME = 256, QUIET_MS = 300, LINE_SIZE = 16 * HOME_PATH };
enum { FILE_MAX = 256 << 20 };          /* bytes of a file that is received */
enum { LOOK_MS = 100, KILL_MS = 2000 }; /* a program that is asked to end has so long */

/* ---- may it be done? ---- */

/* Some systems call them lsz and lrz. */
static const char *const SEND[] = {"sz", "lsz", NULL}, *const RECEIVE[] = {"rz", "lrz", NULL};

static bool find_in_path(const char *name, char out[HOME_PATH])
{
	const char *path = getenv("PATH");
	char dir[HOME_PATH];

	while (path && *path) {
		size_t n = strcspn(path, ":");

		snprintf(dir, sizeof(dir), "%.*s", (int)(n < sizeof(dir) ? n : 0), path);
		if (*dir == '/' && file_join(out, HOME_PATH, dir, name) && !access(out, X_OK))
			return true;
		path += n + (path[n] == ':');
	}
	return false;
}

static bool find_program(const char *const *names, char out[HOME_PATH])
{
	for (; *names; names++) {
		if (find_in_path(*names, out))
			return true;
	}
	return false;
}

static const char *why_not(const char *const *names)
{
	char program[HOME_PATH];

	if (script_active() || !isatty(TERM_IN) || !isatty(TERM_OUT))
		return "不是终端";
	if (term_in_multiplexer())
		return "在 tmux、screen 里";
	return find_program(names, program) ? NULL : "没有安装 lrzsz";
}

const char *transfer_why_not_send(void)
{
	return why_not(SEND);
}

const char *transfer_why_not_receive(void)
{
	return why_not(RECEIVE);
}

/* ---- the program on our terminal ---- */

/* In the child: calls that are safe after fork alone. */
static void become(const char *program, char *const *argv, const char *folder)
{
	static const int PLAIN[] = {SIGINT,  SIGQUIT,  SIGPIPE, SIGHUP, SIGTERM,
				    SIGCONT, SIGWINCH, SIGSEGV, SIGBUS, SIGABRT};
	const struct rlimit most = {FILE_MAX, FILE_MAX};
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(PLAIN) / sizeof(PLAIN[0]); i++)
		signal(PLAIN[i], SIG_DFL);
	signal(SIGTSTP, SIG_IGN); /* nobody would bring it back */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (folder && (chdir(folder) || setrlimit(RLIMIT_FSIZE, &most)))
		_exit(127);
	umask(077);
	execv(program, argv);
	_exit(127);
}

/* The other end may still be sending: a transfer that has failed, or the last word of one that went
 * well, once more.  Tells the first to stop, and drops what came: nothing of it is a key. */
static void calm_line(bool failed)
{
	static const char CANCEL[] = "\030\030\030\030\030\030\030\030\b\b\b\b\b\b\b\b";

	if (failed && write(TERM_OUT, CANCEL, sizeof(CANCEL) - 1) < 0 && errno == EIO)
		return;
	usleep(QUIET_MS * 1000);
	tcflush(TERM_IN, TCIFLUSH);
}

/* Its wait status.  When we are to end, so is it: a program that waits for its other end would keep
 * us for as long as it likes. */
static int wait_for(pid_t pid)
{
	int64_t kill_at = 0;
	int status = -1;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (!kill_at && term_ending(LOOK_MS)) {
			kill(pid, SIGTERM);
			kill_at = clock_mono_ms() + KILL_MS;
		} else if (kill_at && clock_mono_ms() >= kill_at) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			break;
		} else if (kill_at) {
			usleep(LOOK_MS * 1000);
		}
	}
	if (kill_at) /* nobody may be reading there any more */
		tcflush(TERM_OUT, TCOFLUSH);
	return status;
}

/* The terminal belongs to the program until it ends; its wait status, -1: it did not start. */
static int run(const char *program, char *const *argv, const char *folder)
{
	/* Ctrl-C is the program's: it must not end us. */
	static const int OURS[] = {SIGINT, SIGQUIT, SIGTSTP};
	enum { COUNT = sizeof(OURS) / sizeof(OURS[0]) };
	struct sigaction before[COUNT], ignore = {.sa_handler = SIG_IGN};
	int i, status = -1;
	pid_t pid;

	term_suspend();
	for (i = 0; i < COUNT; i++)
		sigaction(OURS[i], &ignore, &before[i]);
	pid = fork();
	if (!pid)
		become(program, argv, folder);
	if (pid > 0) {
		status = wait_for(pid);
		calm_line(status != 0);
	}
	for (i = 0; i < COUNT; i++)
		sigaction(OURS[i], &before[i], NULL);
	term_resume();
	return status;
}

/* ---- sending ---- */

enum err transfer_send(const char *const *paths, size_t n, struct err_info *e)
{
	static char options[] = "-be";
	char program[HOME_PATH], **argv;
	size_t i;
	int status;

	if (why_not(SEND))
		return err_fail(e, ERR_INVALID, "transfer.closed", "sz", "%s", why_not(SEND));
	find_program(SEND, program);
	argv = mem_zalloc((n + 3) * sizeof(*argv));
	argv[0] = program;
	argv[1] = options;
	for (i = 0; i < n; i++)
		argv[i + 2] = mem_strdup(paths[i]);
	status = run(program, argv, NULL);
	for (i = 0; i < n; i++)
		free(argv[i + 2]);
	free(argv);
	if (!status)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "transfer.sz", "sz 没有完成", "文件还在服务器上");
	err_hint(e, "请确认终端软件支持 ZMODEM，或用 scp 命令");
	return ERR_INVALID;
}

/* ---- receiving ---- */

/* Removes a directory of ours with the files in it. */
static void remove_folder(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	if (d)
		closedir(d);
	rmdir(folder);
}

static enum err make_folder(char out[HOME_PATH], struct err_info *e)
{
	const char *tmp = getenv("TMPDIR");
	char base[HOME_PATH];
	enum err r = ERR_OK;

	if (tmp && *tmp == '/')
		text_copy(base, sizeof(base), tmp);
	else if (!file_join(base, sizeof(base), ui_home(), "tmp"))
		r = err_fail(e, ERR_INVALID, "folder.path", "上传", "目录的路径太长");
	if (!r)
		r = file_mkdirs(base, 0700, e);
	if (!r && !file_join(out, HOME_PATH, base, "rz-XXXXXX"))
		r = err_fail(e, ERR_INVALID, "folder.path", "上传", "目录的路径太长");
	if (!r && !mkdtemp(out)) /* 0700 */
		r = err_errno(e, errno, base);
	return r;
}

/* The only file in the directory, under a name that is safe. */
static enum err take_file(const char *folder, char *path, size_t size, struct err_info *e)
{
	char name[256] = "", safe[256];
	struct dirent *entry;
	struct stat st;
	int count = 0;
	DIR *d = opendir(folder);

	while (d && (entry = readdir(d))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode))
			continue;
		text_copy(name, sizeof(name), entry->d_name);
		count++;
	}
	if (d && count == 1) {
		file_safe_name(safe, sizeof(safe), name);
		if (strcmp(safe, name) != 0 && renameat(dirfd(d), name, dirfd(d), safe))
			count = 0;
	}
	if (d)
		closedir(d);
	if (count > 1)
		return err_fail(e, ERR_INVALID, "transfer.several", "上传",
				"一次传一个文件，收到了 %d 个", count);
	if (!count || !file_join(path, size, folder, safe))
		return err_fail(e, ERR_INVALID, "transfer.none", "上传", "没有收到文件");
	return ERR_OK;
}

static enum err tell_failure(int status, struct err_info *e)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) {
		err_fail(e, ERR_INVALID, "transfer.size", "上传", "文件超过 %d MiB",
			 FILE_MAX >> 20);
		err_hint(e, "请用 scp 传到服务器，再填写它的路径");
		return ERR_INVALID;
	}
	err_fail(e, ERR_INVALID, "transfer.rz", "rz 没有完成", "没有留下文件");
	err_hint(e, "请确认终端软件支持 ZMODEM，或用 scp 命令传到服务器");
	return ERR_INVALID;
}

enum err transfer_receive(char *path, size_t size, struct err_info *e)
{
	static char options[] = "-be";
	char program[HOME_PATH], folder[HOME_PATH];
	char *argv[] = {program, options, NULL};
	enum err r;
	int status;

	if (why_not(RECEIVE))
		return err_fail(e, ERR_INVALID, "transfer.closed", "rz", "%s", why_not(RECEIVE));
	find_program(RECEIVE, program);
	r = make_folder(folder, e);
	if (r)
		return r;
	status = run(program, argv, folder);
	r = status ? tell_failure(status, e) : take_file(folder, path, size, e);
	if (r)
		remove_folder(folder);
	return r;
}

void transfer_received_remove(const char *path)
{
	char folder[PATH_SIZE];
	char *slash;

	text_copy(folder, sizeof(folder), path);
	slash = strrchr(folder, '/');
	/* Only what make_folder has made. */
	if (!slash)
		return;
	*slash = 0;
	slash = strrchr(folder, '/');
	if (slash && !strncmp(slash, "/rz-", 4))
		remove_folder(folder);
}

/* ---- the other way ---- */

/* A path inside single quotes of a shell. */
static void add_quoted(struct buf *b, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_adds(b, "'\\''");
		else
			buf_add(b, text, 1);
	}
}

void transfer_scp_line(const char *path, bool fetch, char *out, size_t size)
{
	char user[64], host[HOST_NAME] = "";
	struct buf b;

	desk_os_user(user, sizeof(user));
	if (gethostname(host, sizeof(host) - 1) || !*host)
		text_copy(host, sizeof(host), "服务器");
	buf_init(&b, LINE_SIZE);
	buf_addf(&b, "scp %s'%s@%s:", fetch ? "" : "文件 ", user, host);
	add_quoted(&b, path);
	buf_adds(&b, fetch ? "' ." : "'");
	text_copy(out, size, buf_str(&b));
	buf_free(&b);
}
