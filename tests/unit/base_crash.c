/* Crash points: the n-th step ends the process, others only count. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crash.h"
#include "base/file.h"

/* Runs five steps in a child with KAIPIAO_CRASH_AT; returns its exit code, stderr in text. */
static int run(const char *crash_at, const char *trace, char *text, size_t size)
{
	int pipes[2], status;
	ssize_t got, n = 0;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		crash_at ? setenv("KAIPIAO_CRASH_AT", crash_at, 1) : unsetenv("KAIPIAO_CRASH_AT");
		trace ? setenv("KAIPIAO_CRASH_TRACE", trace, 1) : unsetenv("KAIPIAO_CRASH_TRACE");
		crash_init();
		for (int i = 0; i < 5; i++)
			crash_step("test.step");
		_exit(crash_steps() == 5 ? 0 : 1);
	}
	close(pipes[1]);
	while ((got = read(pipes[0], text + n, size - 1 - (size_t)n)) > 0)
		n += got;
	text[n] = 0;
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void dies_at_the_step(void **state)
{
	char text[256];

	(void)state;
	assert_int_equal(run("1", NULL, text, sizeof(text)), CRASH_EXIT);
	assert_string_equal(text, "");
	assert_int_equal(run("5", NULL, text, sizeof(text)), CRASH_EXIT);
	assert_int_equal(run("6", NULL, text, sizeof(text)), 0);
	assert_int_equal(run(NULL, NULL, text, sizeof(text)), 0);
	assert_int_equal(run("", NULL, text, sizeof(text)), 0);
	assert_int_equal(run("0", NULL, text, sizeof(text)), 0);
	assert_int_equal(run("-1", NULL, text, sizeof(text)), 0);
	assert_int_equal(run("x", NULL, text, sizeof(text)), 0);
	assert_int_equal(run("2", "1", text, sizeof(text)), CRASH_EXIT);
	assert_string_equal(text, "step 1 test.step\nstep 2 test.step\n");
}

/* The rename of a file is a durable step: dying there leaves the new content. */
static void file_write_is_a_step(void **state)
{
	char dir[] = P_tmpdir "/kp-crash-XXXXXX", path[64], *data;
	int status;
	size_t n;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(dir));
	file_join(path, sizeof(path), dir, "f");
	pid = fork();
	if (pid == 0) {
		setenv("KAIPIAO_CRASH_AT", "1", 1);
		crash_init();
		file_write(path, "new", 3, 0600, NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), CRASH_EXIT);
	assert_int_equal(file_read(path, 10, &data, &n, NULL), ERR_OK);
	assert_string_equal(data, "new");
	free(data);
	unlink(path);
	assert_int_equal(rmdir(dir), 0); /* no temp file stayed behind */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dies_at_the_step),
	    cmocka_unit_test(file_write_is_a_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
