/* Files read piece by piece, and files without a name. */
#include <errno.h>
#include <fcntl.h>
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

enum { MANY = 300000 };

static char path[64];

static int make_file(void **state)
{
	int fd;

	(void)state;
	text_copy(path, sizeof(path), P_tmpdir "/kp-open-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

/* Byte i of what the tests write. */
static char byte_of(size_t i)
{
	return (char)('a' + i % 23);
}

static void fill(char *data, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		data[i] = byte_of(i);
}

static void assert_many(int fd, int64_t size)
{
	static char data[MANY + 10];
	size_t i;

	assert_int_equal(size, MANY);
	assert_int_equal(file_read_at(fd, data, sizeof(data), 0), MANY);
	for (i = 0; i < MANY; i++)
		assert_int_equal(data[i], byte_of(i));
	assert_int_equal(file_read_at(fd, data, 5, MANY - 2), 2);
	assert_int_equal(data[0], byte_of(MANY - 2));
	assert_int_equal(file_read_at(fd, data, 5, MANY), 0);
}

static void opens_files(void **state)
{
	static char data[MANY];
	struct err_info e;
	int64_t size = -1;
	int fd = -1;

	(void)state;
	fill(data, MANY);
	assert_int_equal(file_write(path, data, MANY, 0600, NULL), ERR_OK);
	assert_int_equal(file_open(path, MANY, &fd, &size, &e), ERR_OK);
	assert_many(fd, size);
	close(fd);
	fd = -1;
	assert_int_equal(file_open(path, MANY - 1, &fd, &size, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.large");
	assert_int_equal(file_open("no/such/file", MANY, &fd, &size, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.missing");
	assert_int_equal(file_open(".", MANY, &fd, &size, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.is_dir");
	assert_int_equal(fd, -1);
}

/* A child writes n bytes into the pipe. */
static pid_t feed(int ends[2], size_t n)
{
	static char data[MANY];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child) {
		close(ends[1]);
		return child;
	}
	fill(data, n);
	signal(SIGPIPE, SIG_IGN);
	close(ends[0]);
	while (n) {
		ssize_t done = write(ends[1], data + (MANY - n), n);

		if (done <= 0)
			break;
		n -= (size_t)done;
	}
	_exit(0);
}

/* Standard input that is a pipe has its bytes in a file that can seek. */
static void copies_standard_input(void **state)
{
	int ends[2], fd = -1, keep = dup(STDIN_FILENO);
	struct err_info e;
	int64_t size = -1;
	char name[32];
	pid_t child;

	(void)state;
	child = feed(ends, MANY);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(file_open("-", MANY, &fd, &size, &e), ERR_OK);
	assert_many(fd, size);
	close(fd);
	assert_int_equal(waitpid(child, NULL, 0), child);

	child = feed(ends, MANY);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(file_open("-", 100000, &fd, &size, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.large");
	assert_string_equal(e.what, "标准输入");
	dup2(keep, STDIN_FILENO);
	close(keep);
	assert_int_equal(waitpid(child, NULL, 0), child);

	/* The same with a pipe that has a name. */
	child = feed(ends, MANY);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", ends[0]);
	assert_int_equal(file_open(name, MANY, &fd, &size, &e), ERR_OK);
	assert_many(fd, size);
	close(fd);
	close(ends[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void scratch_files_have_no_name(void **state)
{
	static char data[MANY];
	struct err_info e;
	struct stat st;
	int fd = -1;

	(void)state;
	assert_int_equal(file_scratch(&fd, &e), ERR_OK);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	fill(data, MANY);
	assert_int_equal(file_scratch_add(fd, data, 100000, &e), ERR_OK);
	assert_int_equal(file_scratch_add(fd, data + 100000, MANY - 100000, &e), ERR_OK);
	assert_many(fd, MANY);
	close(fd);
	/* A place that is not there is not the end. */
	assert_int_equal(setenv("TMPDIR", "no/such/place", 1), 0);
	assert_int_equal(file_scratch(&fd, &e), ERR_OK);
	close(fd);
	unsetenv("TMPDIR");
}

static void says_that_there_is_no_room(void **state)
{
	static char data[MANY];
	struct rlimit usual, small;
	struct err_info e;
	enum err rc;
	int fd;

	(void)state;
	assert_int_equal(file_scratch(&fd, &e), ERR_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
	small = (struct rlimit) {.rlim_cur = 65536, .rlim_max = usual.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	rc = file_scratch_add(fd, data, MANY, &e);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
	assert_int_equal(rc, ERR_DAMAGED);
	assert_string_equal(e.what, "临时文件");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(opens_files),
	    cmocka_unit_test(copies_standard_input),
	    cmocka_unit_test(scratch_files_have_no_name),
	    cmocka_unit_test(says_that_there_is_no_room),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
