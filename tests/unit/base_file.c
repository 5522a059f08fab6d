/* Files: whole or absent, full disks, limits, names, and the lock between two processes. */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"

static char dir[64];

static const char *in_dir(const char *name)
{
	static char path[4][512];
	static int turn;
	char *out = path[turn++ % 4];

	assert_true(file_join(out, sizeof(path[0]), dir, name));
	return out;
}

static int make_room(void **state)
{
	(void)state;
	text_copy(dir, sizeof(dir), P_tmpdir "/kp-file-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int clear_room(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void assert_content(const char *path, const char *want)
{
	char *data;
	size_t n;

	assert_int_equal(file_read(path, 1 << 20, &data, &n, NULL), ERR_OK);
	assert_int_equal(n, strlen(want));
	assert_string_equal(data, want);
	free(data);
}

/* Number of names in the directory: temp files must not stay behind. */
static int count_names(void)
{
	DIR *d = opendir(dir);
	int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void writes_and_replaces(void **state)
{
	const char *path = in_dir("a.txt");
	struct stat st;
	int before = count_names();

	(void)state;
	assert_false(file_exists(path));
	assert_int_equal(file_write(path, "one", 3, 0600, NULL), ERR_OK);
	assert_true(file_exists(path));
	assert_content(path, "one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_write(path, "", 0, 0640, NULL), ERR_OK);
	assert_content(path, "");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(count_names(), before + 1);
}

static void failed_write_leaves_the_old(void **state)
{
	const char *path = in_dir("limit.bin");
	struct rlimit old, small = {.rlim_cur = 1000};
	char *big = calloc(1, 100000);
	struct err_info e;
	int before;

	(void)state;
	assert_int_equal(file_write(path, "old", 3, 0600, NULL), ERR_OK);
	before = count_names();
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(file_write(path, big, 100000, 0600, &e), ERR_DAMAGED);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_content(path, "old");
	assert_int_equal(count_names(), before);
	assert_true(e.why[0] && e.hint[0]);
	free(big);
}

static void full_disk_is_named(void **state)
{
	struct err_info e;

	(void)state;
	assert_int_equal(file_write("/dev/full", "x", 1, 0600, &e), ERR_DAMAGED);
	assert_string_equal(e.code, "disk.full");
	assert_string_equal(e.what, "/dev/full");
	assert_int_equal(file_write("/dev/null", "x", 1, 0600, &e), ERR_OK);
}

static void paths_that_cannot_be(void **state)
{
	char longest[6000];
	struct err_info e;
	char *data = (char *)1;
	size_t n = 5;

	(void)state;
	assert_int_equal(file_read(in_dir("none"), 10, &data, &n, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.missing");
	assert_int_equal(file_read(dir, 10, &data, &n, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.is_dir");
	assert_int_equal(file_write(dir, "x", 1, 0600, &e), ERR_INVALID);
	assert_int_equal(file_write(in_dir("none/x"), "x", 1, 0600, &e), ERR_INVALID);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	assert_int_equal(file_write(longest, "x", 1, 0600, &e), ERR_INVALID);
	memset(longest, '/', sizeof(longest) - 2);
	assert_int_equal(file_write(longest, "x", 1, 0600, &e), ERR_INVALID);
	assert_true(data == (char *)1 && n == 5);
}

static void reading_has_a_maximum(void **state)
{
	const char *path = in_dir("ten");
	struct err_info e;
	char *data;
	size_t n;

	(void)state;
	assert_int_equal(file_write(path,
				    "0123\0"
				    "56789",
				    10, 0600, NULL),
			 ERR_OK);
	assert_int_equal(file_read(path, 10, &data, &n, &e), ERR_OK);
	assert_int_equal(n, 10);
	assert_memory_equal(data,
			    "0123\0"
			    "56789",
			    11);
	free(data);
	assert_int_equal(file_read(path, 9, &data, &n, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.too_large");
	assert_int_equal(file_read("/dev/zero", 1 << 20, &data, &n, &e), ERR_INVALID);
}

static void dash_is_standard_input(void **state)
{
	int pipes[2], saved = dup(STDIN_FILENO);
	char *data;
	size_t n;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "hello", 5), 5);
	close(pipes[1]);
	dup2(pipes[0], STDIN_FILENO);
	close(pipes[0]);
	assert_int_equal(file_read("-", 100, &data, &n, NULL), ERR_OK);
	assert_int_equal(n, 5);
	assert_string_equal(data, "hello");
	free(data);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void directories_are_made(void **state)
{
	struct err_info e;
	struct stat st;

	(void)state;
	assert_int_equal(file_mkdirs(in_dir("d/e//f/"), 0700, &e), ERR_OK);
	assert_int_equal(stat(in_dir("d/e/f"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(file_mkdirs(in_dir("d/e/f"), 0755, &e), ERR_OK);
	assert_int_equal(file_write(in_dir("plain"), "x", 1, 0600, &e), ERR_OK);
	assert_int_equal(file_mkdirs(in_dir("plain"), 0700, &e), ERR_INVALID);
	assert_int_equal(file_mkdirs(in_dir("plain/x"), 0700, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.not_dir");
	assert_int_equal(file_mkdirs("", 0700, &e), ERR_INVALID);
	assert_int_equal(file_mkdirs("/", 0700, &e), ERR_OK);
}

static void joins(void **state)
{
	char out[8];

	(void)state;
	assert_true(file_join(out, sizeof(out), "abc", "def"));
	assert_string_equal(out, "abc/def");
	assert_true(file_join(out, sizeof(out), "abc/", "def"));
	assert_string_equal(out, "abc/def");
	assert_true(file_join(out, sizeof(out), "", "def"));
	assert_string_equal(out, "def");
	assert_false(file_join(out, sizeof(out), "abcd", "def"));
}

static void names_are_made_safe(void **state)
{
	static const char *const CASES[][2] = {
	    {"发票 1.pdf", "发票 1.pdf"},
	    {"../../etc/passwd", "___.._etc_passwd"},
	    {"a\\b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i"},
	    {".hidden", "_hidden"},
	    {"...", "___"},
	    {"", "_"},
	    {"a\n\x7F\x80z", "a___z"},
	    {"name.", "name_"},
	    {"name .", "name__"},
	    {"a\xE2\x80\xAE"
	     "fdp.exe",
	     "a_fdp.exe"},
	};
	char out[200], longest[1000], tiny[6];

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		file_safe_name(out, sizeof(out), CASES[i][0]);
		assert_string_equal(out, CASES[i][1]);
	}
	for (size_t i = 0; i < sizeof(longest) - 1; i += 3)
		memcpy(longest + i, "税", 3);
	longest[999] = 0;
	file_safe_name(out, sizeof(out), longest);
	assert_int_equal(strlen(out), 120);
	assert_true(text_valid(out, 120));
	file_safe_name(tiny, sizeof(tiny), longest);
	assert_string_equal(tiny, "税");
	file_safe_name(tiny, 1, "abc");
	assert_string_equal(tiny, "");
}

/* A child that holds the lock until its pipe closes. */
static pid_t hold_lock(const char *path, int *release)
{
	int ready[2], go[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		int fd = -1;
		enum err rc = file_lock(path, &fd, NULL);

		close(go[1]);
		c = rc == ERR_OK ? 'y' : 'n';
		if (write(ready[1], &c, 1) != 1 || read(go[0], &c, 1) < 0)
			_exit(2);
		_exit(0);
	}
	close(ready[1]);
	close(go[0]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	close(ready[0]);
	*release = go[1];
	return pid;
}

static void lock_between_processes(void **state)
{
	const char *path = in_dir("sync.lock");
	char want[64];
	struct err_info e;
	int release, fd = -1, other = -1;
	pid_t pid = hold_lock(path, &release);

	(void)state;
	assert_int_equal(file_lock(path, &fd, &e), ERR_BUSY);
	assert_int_equal(fd, -1);
	snprintf(want, sizeof(want), "由进程 %ld（主机 ", (long)pid);
	assert_non_null(strstr(e.why, want));
	assert_non_null(strstr(e.why, "起）占用"));
	assert_true(e.hint[0]);

	kill(pid, SIGKILL); /* the kernel drops the lock of the dead */
	waitpid(pid, NULL, 0);
	close(release);
	assert_int_equal(file_lock(path, &fd, &e), ERR_OK);
	assert_true(fd >= 0);
	/* OFD locks also exclude a second opening within one process. */
	assert_int_equal(file_lock(path, &other, &e), ERR_BUSY);
	snprintf(want, sizeof(want), "由进程 %ld（", (long)getpid());
	assert_non_null(strstr(e.why, want));
	file_unlock(&fd);
	assert_int_equal(fd, -1);
	file_unlock(&fd);
	assert_int_equal(file_lock(path, &other, &e), ERR_OK);
	file_unlock(&other);
}

static void lock_note_is_not_trusted(void **state)
{
	const char *path = in_dir("odd.lock");
	struct err_info e;
	int release, fd = -1, raw;
	pid_t pid = hold_lock(path, &release);

	(void)state;
	raw = open(path, O_WRONLY | O_TRUNC);
	assert_true(raw >= 0);
	assert_int_equal(write(raw, "\x1B[31m\nx\n", 8), 8);
	assert_int_equal(file_lock(path, &fd, &e), ERR_BUSY);
	assert_string_equal(e.why, "由另一进程占用");
	assert_int_equal(pwrite(raw, "12\n\x1B[31mhost\nnow\n", 17, 0), 17);
	assert_int_equal(file_lock(path, &fd, &e), ERR_BUSY);
	assert_string_equal(e.why, "由进程 12（主机 [31mhost，自 now 起）占用");
	close(raw);
	close(release);
	waitpid(pid, NULL, 0);
	assert_int_equal(file_lock(in_dir("none/x.lock"), &fd, &e), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_and_replaces),
	    cmocka_unit_test(failed_write_leaves_the_old),
	    cmocka_unit_test(full_disk_is_named),
	    cmocka_unit_test(paths_that_cannot_be),
	    cmocka_unit_test(reading_has_a_maximum),
	    cmocka_unit_test(dash_is_standard_input),
	    cmocka_unit_test(directories_are_made),
	    cmocka_unit_test(joins),
	    cmocka_unit_test(names_are_made_safe),
	    cmocka_unit_test(lock_between_processes),
	    cmocka_unit_test(lock_note_is_not_trusted),
	};

	return cmocka_run_group_tests(tests, make_room, clear_room);
}
