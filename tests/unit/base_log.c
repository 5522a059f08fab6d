/* The log: one safe line per event, levels, rotation, many threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

static char dir[64], path[128], rotated[sizeof(path) + 2];

static int make_room(void **state)
{
	(void)state;
	text_copy(dir, sizeof(dir), P_tmpdir "/kp-log-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	file_join(path, sizeof(path), dir, "kaipiao.log");
	snprintf(rotated, sizeof(rotated), "%s.1", path);
	return 0;
}

static int clear_room(void **state)
{
	(void)state;
	log_close();
	unlink(path);
	unlink(rotated);
	return rmdir(dir);
}

static char *content(void)
{
	char *data;
	size_t n;

	assert_int_equal(file_read(path, 64 << 20, &data, &n, NULL), ERR_OK);
	return data;
}

static void lines_are_whole_and_safe(void **state)
{
	struct err_info e;
	struct stat st;
	char *text, *line, *rest;

	(void)state;
	log_write(LOG_ERROR, "base", "before the log is open: nothing happens");
	unsetenv("KAIPIAO_LOG");
	clock_start("2026-01-31T23:59:58+08:00");
	assert_int_equal(log_open(path, &e), ERR_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	log_write(LOG_DEBUG, "leqi", "too low");
	log_write(LOG_INFO, "leqi", "调用 %s\n\x1B[31m\x80 %d", "QDFPSC", 5);
	err_fail(&e, ERR_BUSY, "net.timeout", "上传", "超时");
	err_field(&e, "f");
	err_detail(&e, "a\nb");
	log_err(LOG_WARN, "sync", &e);
	log_err(LOG_WARN, "sync", NULL);
	log_close();
	text = rest = content();
	line = strsep(&rest, "\n");
	assert_memory_equal(line, "2026-01-31 23:59:5", 18);
	assert_non_null(strstr(line, "info  leqi["));
	assert_non_null(strstr(line, "] 调用 QDFPSC??[31m? 5"));
	line = strsep(&rest, "\n");
	assert_non_null(strstr(line, "warn  sync["));
	assert_non_null(strstr(line, "[busy net.timeout] 上传：超时 field=f detail=a?b"));
	assert_string_equal(rest, "");
	free(text);
	clock_start(NULL);
}

static void level_comes_from_the_environment(void **state)
{
	char *text;

	(void)state;
	unlink(path);
	setenv("KAIPIAO_LOG", "warn", 1);
	assert_int_equal(log_open(path, NULL), ERR_OK);
	log_write(LOG_INFO, "x", "hidden");
	log_write(LOG_WARN, "x", "seen");
	setenv("KAIPIAO_LOG", "debug", 1);
	assert_int_equal(log_open(path, NULL), ERR_OK);
	log_write(LOG_DEBUG, "x", "low");
	unsetenv("KAIPIAO_LOG");
	text = content();
	assert_null(strstr(text, "hidden"));
	assert_non_null(strstr(text, "seen"));
	assert_non_null(strstr(text, "low"));
	free(text);
}

static void long_lines_are_cut(void **state)
{
	char big[20000];
	char *text;

	(void)state;
	unlink(path);
	assert_int_equal(log_open(path, NULL), ERR_OK);
	for (size_t i = 0; i < sizeof(big); i += 3)
		memcpy(big + i, "税", sizeof(big) - i < 3 ? 0 : 3);
	big[sizeof(big) - 2] = 0;
	log_write(LOG_INFO, "x", "%s", big);
	text = content();
	assert_in_range(strlen(text), 4000, 4300);
	assert_true(text_valid(text, strlen(text)));
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_null(strchr(text, '?'));
	free(text);
}

static void *many_lines(void *arg)
{
	char pad[901];

	memset(pad, 'p', 900);
	pad[900] = 0;
	for (int i = 0; i < 3000; i++)
		log_write(LOG_INFO, "room", "%s end", pad);
	return arg;
}

/* 4 threads write 11 MB: one rotation, and every line of both files is whole. */
static void rotates_under_threads(void **state)
{
	pthread_t thread[4];
	struct stat old, now;
	char *text, *rest, *line;
	int lines = 0;

	(void)state;
	unlink(path);
	assert_int_equal(log_open(path, NULL), ERR_OK);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, many_lines, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	log_close();
	assert_int_equal(stat(rotated, &old), 0);
	assert_int_equal(stat(path, &now), 0);
	assert_in_range(old.st_size, 8 << 20, (8 << 20) + 2000);
	text = rest = content();
	while ((line = strsep(&rest, "\n")) && rest) {
		assert_string_equal(line + strlen(line) - 4, " end");
		lines++;
	}
	assert_true(lines > 0);
	assert_int_equal((old.st_size + now.st_size) % 12000, 0); /* all lines have one length */
	free(text);
}

static void unwritable_place_is_an_error(void **state)
{
	struct err_info e;

	(void)state;
	assert_int_not_equal(log_open("/nonexistent/x.log", &e), ERR_OK);
	assert_string_equal(e.what, "/nonexistent/x.log");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_whole_and_safe),
	    cmocka_unit_test(level_comes_from_the_environment),
	    cmocka_unit_test(long_lines_are_cut),
	    cmocka_unit_test(rotates_under_threads),
	    cmocka_unit_test(unwritable_place_is_an_error),
	};

	return cmocka_run_group_tests(tests, make_room, clear_room);
}
