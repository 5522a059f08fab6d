/* The scp line, and whose directories are removed.  What sz and rz do is in tests/term/rz.py. */
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

#include "base/file.h"
#include "ui/transfer.h"

enum { LINE = 2000, PATH = 300 };

static void the_path_is_one_word_of_the_shell(void **state)
{
	char line[LINE];

	(void)state;
	transfer_scp_line("/srv/a b/客户.xlsx", true, line, sizeof(line));
	assert_ptr_equal(strstr(line, "scp '"), line);
	assert_non_null(strstr(line, ":/srv/a b/客户.xlsx' ."));
	transfer_scp_line("/srv/files", false, line, sizeof(line));
	assert_ptr_equal(strstr(line, "scp 文件 '"), line);
	assert_non_null(strstr(line, ":/srv/files'"));
	transfer_scp_line("/srv/it's", true, line, sizeof(line));
	assert_non_null(strstr(line, ":/srv/it'\\''s' ."));
	/* Cut rather than run over. */
	transfer_scp_line("/srv/files", true, line, 12);
	assert_int_equal(strlen(line), 11);
}

static void without_a_terminal_nothing_is_sent(void **state)
{
	const char *path = "/etc/hosts";
	struct err_info e = {0};
	char out[PATH];

	(void)state;
	assert_non_null(freopen("/dev/null", "r", stdin));
	assert_string_equal(transfer_why_not_send(), "不是终端");
	assert_string_equal(transfer_why_not_receive(), "不是终端");
	assert_int_equal(transfer_send(&path, 1, &e), ERR_INVALID);
	assert_string_equal(e.code, "transfer.closed");
	assert_int_equal(transfer_receive(out, sizeof(out), &e), ERR_INVALID);
}

static void make(char path[PATH], const char *folder)
{
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_true(file_join(path, PATH, folder, "a.csv"));
	assert_int_equal(file_write(path, "x", 1, 0600, NULL), ERR_OK);
}

static void only_our_own_directories_are_removed(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char top[PATH / 2], ours[PATH], other[PATH], path[PATH];

	(void)state;
	snprintf(top, sizeof(top), "%.100s/transfer-XXXXXX", tmp ? tmp : P_tmpdir);
	assert_non_null(mkdtemp(top));
	snprintf(ours, sizeof(ours), "%s/rz-abc", top);
	snprintf(other, sizeof(other), "%s/mine", top);
	make(path, ours);
	transfer_received_remove(path);
	assert_false(file_exists(ours));
	make(path, other);
	transfer_received_remove(path);
	assert_true(file_exists(path));
	transfer_received_remove("a.csv");
	unlink(path);
	rmdir(other);
	assert_int_equal(rmdir(top), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_path_is_one_word_of_the_shell),
	    cmocka_unit_test(without_a_terminal_nothing_is_sent),
	    cmocka_unit_test(only_our_own_directories_are_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
